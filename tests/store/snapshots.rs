//! Whoever reads by an older snapshot (a transaction that keeps its first one, a cursor, a portal
//! executed in portions) is stopped where consent was withdrawn since, and only there.

use super::harness::client::rows_of;
use super::harness::{Client, Cluster, Message, Outgoing, Proxy};
use super::{consent, database, lines, login};

const SCHEMA: &str = "
CREATE TABLE person (id bigint PRIMARY KEY, name text NOT NULL, gone boolean NOT NULL DEFAULT false);
CREATE TABLE said (person_id bigint, purpose text, agreed boolean);
CREATE TABLE plain (n integer);
INSERT INTO person SELECT n, 'name ' || n FROM generate_series(1, 40) AS n;
INSERT INTO plain SELECT n FROM generate_series(1, 40) AS n;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO reader;
";

/// `ads`: whoever has not refused. `serve`: everybody.
const RULES: &str = "
pgpurpose: 1
policy: { name: Snapshots, version: 1 }
categories: { basic: { name: fixed } }
subjects:
  table: public.person
  id: id
  cancelled: gone
  choices: CHOICES
tables:
  public.person: { subject: id, plain: [id, gone], name: basic.name }
  public.plain: plain
  public.said: internal
purposes:
  ads: { consent: implied, data: { basic: allow }, write: [basic] }
  survey: { consent: implied, data: { basic: allow } }
  serve: { consent: none, data: { basic: allow } }
roles:
  reader: { may: [ads, survey, serve], default: ads }
  postgres: { may: [serve], default: serve }
rules:
  - { id: gone, when: { subject: cancelled }, except: { purpose: [serve] }, then: hide_rows }
";

pub const OWN: &str =
    "{ table: public.said, subject: person_id, purpose: purpose, choice: agreed }";
pub const STORE: &str = "store";

/// A town whose people's choices are kept in the store, or in a table of its own.
pub struct Town {
    pub cluster: &'static Cluster,
    pub proxy: Proxy,
    database: &'static str,
    own: bool,
}

impl Town {
    pub fn start(database_name: &'static str, choices: &str) -> Option<Town> {
        let town = Town::unwatched(database_name, choices)?;
        town.install();
        Some(town)
    }

    /// Where nobody has installed anything, unless the rules ask for the store.
    fn unwatched(database_name: &'static str, choices: &str) -> Option<Town> {
        let cluster = database(database_name)?;
        cluster.execute(database_name, SCHEMA);
        let own = choices == OWN;
        if !own {
            let output = consent(cluster, database_name, "install", &[]);
            assert!(output.status.success(), "{output:?}");
        }
        let rules = RULES.replace("CHOICES", choices);
        let proxy = Proxy::start(cluster, database_name, &[("policy.yaml", &rules)]);
        Some(Town { cluster, proxy, database: database_name, own })
    }

    fn install(&self) {
        let directory = self.proxy.rules_directory();
        let rules = ["--rules", directory.to_str().expect("a path"), "--writers", "keeper"];
        let output = consent(self.cluster, self.database, "install", &rules);
        assert!(output.status.success(), "{output:?}");
    }

    pub fn client(&self) -> Client {
        let login = self.proxy.login("reader", self.database);
        Client::connect(&login).expect("login")
    }

    pub fn with(&self, name: &str, value: &str) -> Client {
        let login = self.proxy.login("reader", self.database).with(name, value);
        Client::connect(&login).expect("login")
    }

    pub fn past_the_proxy(&self) -> Client {
        login(self.cluster, "postgres", self.database)
    }

    /// Somebody says something, past the proxy.
    pub fn says(&self, person: u32, purpose: &str, agrees: bool) {
        let sql = match (self.own, agrees) {
            (true, _) => format!("INSERT INTO said VALUES ({person}, '{purpose}', {agrees})"),
            (false, true) => format!("SELECT pgpurpose.grant({person}, '{purpose}')"),
            (false, false) => format!("SELECT pgpurpose.withdraw({person}, '{purpose}')"),
        };
        self.cluster.execute(self.database, &sql);
    }

    pub fn runs(&self, sql: &str) {
        self.cluster.execute(self.database, sql);
    }
}

/// SQLSTATE of a reply, or how many rows it has.
fn outcome(reply: &[Message]) -> String {
    match reply.iter().find(|m| m.tag == b'E') {
        Some(error) => error.field(b'C').unwrap_or_default(),
        None => rows_of(reply).expect("no error").len().to_string(),
    }
}

fn run(client: &mut Client, sql: &str) -> String {
    outcome(&client.query(sql))
}

const NAMES: &str = "SELECT name FROM person ORDER BY id";

#[test]
fn a_transaction_that_keeps_its_snapshot_is_stopped() {
    for (name, choices) in [("keeps_store", STORE), ("keeps_own", OWN)] {
        let Some(town) = Town::start(name, choices) else { return };
        let mut client = town.client();
        for begin in [
            "BEGIN ISOLATION LEVEL REPEATABLE READ",
            "START TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY",
            "BEGIN; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        ] {
            let mut left = run(&mut client, NAMES).parse::<u32>().expect("a number");
            run(&mut client, begin);
            assert_eq!(run(&mut client, NAMES), left.to_string(), "{begin}");
            town.says(100, "survey", false);
            town.says(101, "ads", true);
            assert_eq!(run(&mut client, NAMES), left.to_string(), "not of this purpose");
            town.says(left, "ads", false);
            assert_eq!(run(&mut client, "SELECT n FROM plain"), "40", "not about people");
            let error = client.error(NAMES);
            assert_eq!(error.field(b'C').as_deref(), Some("40001"), "{begin}");
            let message = error.field(b'M').unwrap_or_default();
            assert!(message.ends_with("because consent was withdrawn"), "{message}");
            assert_eq!(run(&mut client, NAMES), "25P02", "the transaction has failed");
            run(&mut client, "ROLLBACK");
            left -= 1;
            assert_eq!(run(&mut client, NAMES), left.to_string(), "retried");
        }
        let mut by_default = town.with("default_transaction_isolation", "repeatable read");
        let left = run(&mut by_default, NAMES);
        assert_eq!(run(&mut by_default, "BEGIN"), "0");
        assert_eq!(outcome(&by_default.query_with(NAMES, &[])), left);
        town.says(1, "ads", false);
        assert_eq!(outcome(&by_default.query_with(NAMES, &[])), "40001");
        run(&mut by_default, "ROLLBACK");
        let fewer = (left.parse::<u32>().expect("a number") - 1).to_string();
        assert_eq!(outcome(&by_default.query_with(NAMES, &[])), fewer, "each its own transaction");
    }
}

#[test]
fn a_transaction_that_takes_a_snapshot_for_each_statement_is_not() {
    let Some(town) = Town::start("each", STORE) else { return };
    let mut client = town.client();
    run(&mut client, "BEGIN");
    assert_eq!(run(&mut client, NAMES), "40");
    town.says(1, "ads", false);
    assert_eq!(run(&mut client, NAMES), "39");
    town.runs("SELECT pgpurpose.lock(2)");
    run(&mut client, "COMMIT");
    // Who has asked for one snapshot once is asked about the next transactions, and let go on.
    run(&mut client, "BEGIN ISOLATION LEVEL READ COMMITTED");
    assert_eq!(run(&mut client, NAMES), "39");
    town.says(3, "ads", false);
    assert_eq!(run(&mut client, NAMES), "38");
    run(&mut client, "ROLLBACK");
}

#[test]
fn a_cursor_is_stopped() {
    for (name, choices) in [("cursor_store", STORE), ("cursor_own", OWN)] {
        let Some(town) = Town::start(name, choices) else { return };
        let mut client = town.client();
        run(&mut client, "BEGIN");
        run(&mut client, &format!("DECLARE c CURSOR FOR {NAMES}"));
        assert_eq!(run(&mut client, "FETCH 5 FROM c"), "5");
        town.says(40, "survey", false);
        assert_eq!(run(&mut client, "FETCH 5 FROM c"), "5");
        town.says(40, "ads", false);
        assert_eq!(run(&mut client, NAMES), "39", "a statement of its own");
        run(&mut client, "SAVEPOINT s");
        assert_eq!(run(&mut client, "FETCH 5 FROM c"), "40001");
        run(&mut client, "ROLLBACK TO s");
        assert_eq!(outcome(&client.query_with("FETCH 5 FROM c", &[])), "40001", "still");
        run(&mut client, "ROLLBACK TO s");
        assert_eq!(run(&mut client, "MOVE 5 IN c"), "40001", "where it stands tells, too");
        run(&mut client, "ROLLBACK");
        // One that outlives its transaction holds what it read then.
        run(&mut client, "BEGIN");
        run(&mut client, &format!("DECLARE h CURSOR WITH HOLD FOR {NAMES}"));
        run(&mut client, "COMMIT");
        assert_eq!(run(&mut client, "FETCH 5 FROM h"), "5");
        town.says(39, "ads", false);
        assert_eq!(run(&mut client, "FETCH 5 FROM h"), "40001");
        assert_eq!(run(&mut client, "CLOSE h"), "0");
        // Declared and read in one message is one statement.
        let text = format!("BEGIN; DECLARE d CURSOR FOR {NAMES}; FETCH ALL FROM d; COMMIT");
        assert_eq!(run(&mut client, &text), "38");
        // Declared by the extended protocol.
        run(&mut client, "BEGIN");
        client.query_with(&format!("DECLARE e CURSOR FOR {NAMES}"), &[]);
        assert_eq!(outcome(&client.query_with("FETCH 1 FROM e", &[])), "1");
        town.says(38, "ads", false);
        assert_eq!(outcome(&client.query_with("FETCH 1 FROM e", &[])), "40001");
        run(&mut client, "ROLLBACK");
    }
}

#[test]
fn a_portal_executed_in_portions_is_stopped() {
    for (name, choices) in [("portal_store", STORE), ("portal_own", OWN)] {
        let Some(town) = Town::start(name, choices) else { return };
        let mut client = town.client();
        let new = Outgoing::new;
        let reply = |client: &mut Client, messages: Outgoing| {
            client.send(&messages.sync());
            outcome(&client.receive_through(b'Z'))
        };
        run(&mut client, "BEGIN");
        let open = new().parse("", NAMES).bind_with("p", "", &[], [0, 0]).execute("p", 10);
        assert_eq!(reply(&mut client, open), "10");
        assert_eq!(reply(&mut client, new().execute("p", 10)), "10");
        town.says(40, "ads", false);
        assert_eq!(reply(&mut client, new().execute("p", 10)), "40001");
        run(&mut client, "ROLLBACK");
        // Bound, and executed only later.
        run(&mut client, "BEGIN");
        let bind = || new().parse("", NAMES).bind_with("q", "", &[], [0, 0]);
        assert_eq!(reply(&mut client, bind()), "0");
        assert_eq!(reply(&mut client, new().execute("q", 0)), "39", "nobody has said anything");
        run(&mut client, "ROLLBACK");
        run(&mut client, "BEGIN");
        assert_eq!(reply(&mut client, bind()), "0");
        town.says(39, "ads", false);
        assert_eq!(reply(&mut client, new().execute("q", 0)), "40001");
        run(&mut client, "ROLLBACK");
        // The same within one stretch: the server has bound before it is asked for rows.
        client.send(&bind().flush());
        client.receive_through(b'2');
        town.says(38, "ads", false);
        assert_eq!(reply(&mut client, new().execute("q", 0)), "40001");
        // Sent as a whole.
        assert_eq!(reply(&mut client, bind().describe(b'P', "q").execute("q", 0)), "37");
    }
}

#[test]
fn what_becomes_of_people_stops_as_well() {
    let Some(town) = Town::start("others", OWN) else { return };
    for (sql, stops) in [
        ("UPDATE person SET name = 'other' WHERE id = 1", false),
        ("INSERT INTO person VALUES (50, 'new')", false),
        ("UPDATE person SET gone = true WHERE id = 2", true),
        ("UPDATE person SET gone = true WHERE id = 2", false),
        ("DELETE FROM person WHERE id = 3", true),
        ("INSERT INTO said VALUES (4, 'ads', true)", false),
        ("UPDATE said SET agreed = NULL", true),
        ("UPDATE said SET agreed = true", false),
        ("DELETE FROM said", true),
        ("INSERT INTO said VALUES (4, 'ads', NULL)", true),
    ] {
        let mut client = town.client();
        run(&mut client, "BEGIN ISOLATION LEVEL REPEATABLE READ");
        run(&mut client, NAMES);
        town.runs(sql);
        let stopped = run(&mut client, NAMES) == "40001";
        assert_eq!(stopped, stops, "{sql}");
    }
    let Some(town) = Town::start("others_store", STORE) else { return };
    for (sql, stops) in [
        ("SELECT pgpurpose.grant(1, 'ads', valid_until => now() + interval '1 hour')", false),
        ("SELECT pgpurpose.grant(1, 'ads', valid_until => now() + interval '2 hours')", false),
        ("SELECT pgpurpose.grant(1, 'ads', valid_until => now() + interval '1 hour')", true),
        ("SELECT pgpurpose.seen(1), pgpurpose.notify(1, 2), pgpurpose.agree(1, 2)", false),
        ("SELECT pgpurpose.lock(1)", true),
        ("SELECT pgpurpose.unlock(1)", false),
        ("SELECT pgpurpose.cancel_account(1)", true),
        ("SELECT pgpurpose.reopen_account(1)", false),
        ("SELECT pgpurpose.refuse(2, category => 'basic.name')", true),
        ("SELECT pgpurpose.refuse(2, service => 'live')", true),
        ("SELECT pgpurpose.guardian(4, 5)", false),
        ("SELECT pgpurpose.grant(4, 'ads', guardian => 5)", false),
        ("SELECT pgpurpose.guardian_ended(4, 5)", true),
        ("BEGIN; SELECT pgpurpose.withdraw(6, 'ads'); ROLLBACK", false),
        ("SELECT pgpurpose.erased(1)", true),
    ] {
        let mut client = town.client();
        run(&mut client, "BEGIN ISOLATION LEVEL REPEATABLE READ");
        run(&mut client, NAMES);
        town.runs(sql);
        let stopped = run(&mut client, NAMES) == "40001";
        assert_eq!(stopped, stops, "{sql}");
    }
}

#[test]
fn consent_that_ends_by_itself_ends_for_readers_too() {
    let Some(town) = Town::start("ends", STORE) else { return };
    town.runs(
        "SELECT pgpurpose.grant(1, 'ads', valid_until => clock_timestamp() + interval '700 ms')",
    );
    let mut client = town.client();
    run(&mut client, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    assert_eq!(run(&mut client, NAMES), "40");
    std::thread::sleep(std::time::Duration::from_millis(900));
    assert_eq!(run(&mut client, NAMES), "40001");
}

#[test]
fn forgotten_changes_are_not_taken_for_none() {
    let Some(town) = Town::start("forgotten", STORE) else { return };
    let mut client = town.client();
    run(&mut client, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    assert_eq!(run(&mut client, NAMES), "40");
    town.says(1, "ads", false);
    town.runs("UPDATE pgpurpose.consent_change SET at = at - interval '2 days'");
    town.runs("CALL pgpurpose.tidy()");
    let mut truth = login(town.cluster, "postgres", "forgotten");
    assert_eq!(lines(&mut truth, "SELECT count(*) FROM pgpurpose.consent_change"), ["0"]);
    assert_eq!(run(&mut client, NAMES), "40001");
    run(&mut client, "ROLLBACK");
    run(&mut client, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    assert_eq!(run(&mut client, NAMES), "39");
    assert_eq!(run(&mut client, NAMES), "39");
    run(&mut client, "ROLLBACK");
}

#[test]
fn where_nobody_tells_of_changes_snapshots_are_read_by_for_a_while() {
    let Some(town) = Town::unwatched("unwatched", OWN) else { return };
    let mut client = town.client();
    run(&mut client, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    assert_eq!(run(&mut client, NAMES), "40");
    town.says(1, "ads", false);
    assert_eq!(run(&mut client, NAMES), "40", "within the bound");
    run(&mut client, "ROLLBACK");
    // From the installation on it is told.
    town.install();
    run(&mut client, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    assert_eq!(run(&mut client, NAMES), "39");
    town.says(2, "ads", false);
    assert_eq!(run(&mut client, NAMES), "40001");
    // Not any more, if somebody takes the triggers away.
    run(&mut client, "ROLLBACK");
    town.runs("ALTER TABLE said DISABLE TRIGGER USER");
    run(&mut client, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    assert_eq!(run(&mut client, NAMES), "38");
    town.says(3, "ads", false);
    assert_eq!(run(&mut client, NAMES), "38", "within the bound");
}
