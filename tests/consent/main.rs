//! People who said no, are under age without a guardian's word, or have left, are not there: no
//! row, no count, no error and no message comes from them.

#[path = "../harness/mod.rs"]
mod harness;
mod messages;

use harness::client::rows_of;
use harness::{Client, Cluster, Message, Outgoing, Proxy};

const SCHEMA: &str = include_str!("../people/schema.sql");
const POLICY: &str = include_str!("../people/policy.yaml");

const PEOPLE: &str = "
INSERT INTO person (id, name, email, born, balance, left_us) VALUES
    (1, 'Ada Plain',   'ada@example.org',   '1980-01-01', 100, false),
    (2, 'Ben Plain',   'ben@example.org',   '1990-02-02', 200, false),
    (3, 'Cy Refused',  'SECRET3',           '1985-03-03', 300, false),
    (4, 'Di Minor',    'SECRET4',           current_date - 4000, 400, false),
    (5, 'Ed Guarded',  'ed@example.org',    current_date - 4000, 500, false),
    (6, 'Flo Gone',    'SECRET6',           '1970-06-06', 600, true),
    (7, 'Gus Unborn',  'SECRET7',           NULL,         700, false),
    (8, 'Hal Unclear', 'SECRET8',           '1975-08-08', 800, false);
INSERT INTO purchase VALUES
    (11, 1, 'tea', 10), (12, 2, 'tea', 20), (13, 3, 'SECRET13', 30), (14, 4, 'SECRET14', 40),
    (15, 5, 'cup', 50), (16, 6, 'SECRET16', 60), (17, NULL, 'SECRET17', 70), (18, 99, 'SECRET18', 80);
INSERT INTO choice VALUES
    (3, 'ads', false, false), (5, 'ads', true, true), (8, 'ads', NULL, false),
    (1, 'study', true, false), (2, 'study', false, false), (6, 'study', true, false);
INSERT INTO note VALUES (1, 'x');
";

struct Town {
    cluster: &'static Cluster,
    proxy: Proxy,
    database: &'static str,
}

impl Town {
    fn start(database: &'static str) -> Option<Town> {
        let cluster = make_town(database)?;
        let proxy = Proxy::start(cluster, database, &[("policy.yaml", POLICY)]);
        Some(Town { cluster, proxy, database })
    }
    fn client(&self, purpose: &str) -> Client {
        let login = self.proxy.login("town", self.database).for_purpose(purpose);
        Client::connect(&login).expect("login")
    }

    /// The first column of a statement's rows, past the proxy.
    fn truth(&self, sql: &str) -> Vec<String> {
        let login = self.cluster.superuser(self.database);
        first_column(&mut Client::connect(&login).expect("login"), sql)
    }
}

fn make_town(database: &str) -> Option<&'static Cluster> {
    let cluster = Cluster::shared()?;
    cluster.create_role("town");
    cluster.create_database(database, "template0");
    cluster.execute(database, SCHEMA);
    // A purchase of nobody known must be possible.
    cluster.execute(database, "ALTER TABLE purchase DROP CONSTRAINT purchase_person_id_fkey");
    cluster.execute(database, PEOPLE);
    Some(cluster)
}

fn first_column(client: &mut Client, sql: &str) -> Vec<String> {
    client.rows(sql).into_iter().map(|mut row| row.swap_remove(0).unwrap_or_default()).collect()
}

#[test]
fn only_those_who_may_be_used_are_there() {
    let Some(town) = Town::start("who") else { return };
    let everyone = ["1", "2", "3", "4", "5", "6", "7", "8"];
    for (purpose, expected) in
        [("serve", &everyone[..]), ("ads", &["1", "2", "5"]), ("study", &["1"])]
    {
        let mut client = town.client(purpose);
        let seen = first_column(&mut client, "SELECT id FROM person ORDER BY id");
        assert_eq!(seen, expected, "{purpose}");
        let named = first_column(&mut client, "SELECT id FROM person WHERE name <> '' ORDER BY id");
        assert_eq!(named, expected, "{purpose}");
        let count = client.value("SELECT count(*) FROM person").expect("a number");
        assert_eq!(count, expected.len().to_string(), "{purpose}");
    }
    let bought = first_column(&mut town.client("ads"), "SELECT id FROM purchase ORDER BY id");
    assert_eq!(bought, ["11", "12", "15"], "nobody's and unknown people's purchases are closed");
}

/// Statements that would raise an error, or say something, on rows of people who are not there.
const PROBES: &[&str] = &[
    "SELECT 1 / (id - 3) FROM person",
    "SELECT id FROM person WHERE 1 / (id - 3) < 5",
    "SELECT id FROM person ORDER BY 1 / (id - 3)",
    "SELECT count(*) FROM person GROUP BY 1 / (id - 3)",
    "SELECT sum(1 / (id - 3)) FROM person",
    "SELECT 1 / (balance - 300) FROM person",
    "SELECT id FROM person WHERE 1 / (balance - 300) < 5 AND id > 0",
    "SELECT id FROM person WHERE 100 / (balance - 400) < 5 OR id = 1",
    "SELECT email::integer FROM person WHERE email LIKE 'SECRET%'",
    "SELECT id FROM person WHERE email LIKE 'SECRET%' AND substr(email, 7)::integer / 0 = 1",
    "SELECT CASE WHEN name LIKE 'Cy%' THEN 1 / (id - id) ELSE 0 END FROM person",
    "SELECT max(email) FROM person WHERE email LIKE 'S%'",
    "SELECT string_agg(name, ',') FROM person WHERE id IN (3, 4, 6, 7, 8)",
    "SELECT p FROM person p WHERE id IN (3, 4, 6, 7, 8)",
    "SELECT to_json(p) FROM person p WHERE p.id IN (3, 4, 6, 7, 8)",
    "SELECT * FROM person WHERE id IN (3, 4, 6, 7, 8)",
    "SELECT (SELECT email FROM person WHERE id = 3)",
    "SELECT id FROM note WHERE EXISTS (SELECT 1 FROM person WHERE id = 3)",
    "SELECT n.id FROM note n JOIN person p ON 1 / (p.id - 3) < 5 AND p.email LIKE 'SECRET%'",
    "SELECT n.id, p.email FROM note n LEFT JOIN person p ON p.id = 3",
    "SELECT u.item FROM person p JOIN purchase u ON u.person_id = p.id WHERE p.id = 3",
    "SELECT item FROM purchase WHERE 1 / (price - 30) < 5 AND item LIKE 'SECRET%'",
    "SELECT tell(email) FROM person",
    "SELECT id FROM person WHERE tell(name)",
    "SELECT id FROM person WHERE tell(email) AND id > 0",
    "SELECT n.id FROM note n, person p WHERE tell(p.email)",
    "SELECT id FROM person WHERE tell(person)",
    "WITH p AS NOT MATERIALIZED (SELECT * FROM person) SELECT id FROM p WHERE tell(email)",
    "SELECT id FROM (SELECT * FROM person OFFSET 0) p WHERE tell(email)",
    "SELECT l.email FROM note n, LATERAL (SELECT email FROM person WHERE tell(email)) l",
    "SELECT name FROM person WHERE id = 3 UNION ALL SELECT item FROM purchase WHERE person_id = 3",
    "SELECT DISTINCT ON (left_us) email FROM person ORDER BY left_us DESC, id",
    "SELECT first_value(email) OVER (ORDER BY id DESC) FROM person",
    "COPY (SELECT * FROM person WHERE tell(email)) TO STDOUT",
    "COPY person TO STDOUT",
    "COPY person (email) TO STDOUT",
    "UPDATE person SET balance = balance WHERE 1 / (balance - 300) < 5",
    "UPDATE person SET balance = balance WHERE tell(email)",
    "UPDATE person SET balance = balance WHERE email LIKE 'SECRET%' RETURNING email",
    "DELETE FROM person WHERE 1 / (id - 3) > 5 OR tell(email) AND id = 3",
    "DELETE FROM purchase USING person p WHERE p.id = person_id AND p.email LIKE 'SECRET%'",
    "EXPLAIN ANALYZE SELECT id FROM person WHERE tell(email)",
];

#[test]
fn hidden_people_raise_no_error_and_say_nothing() {
    let Some(town) = Town::start("probes") else { return };
    let before = town.truth("SELECT p::text FROM person p ORDER BY id");
    let mut found = Vec::new();
    for purpose in ["ads", "study"] {
        let mut client = town.client(purpose);
        for sql in PROBES {
            let mut replies = client.query(&format!("BEGIN; {sql}"));
            replies.extend(client.query("ROLLBACK"));
            replies.extend(client.query("BEGIN"));
            replies.extend(client.query_with(sql, &[]));
            replies.extend(client.query("ROLLBACK"));
            found.extend(
                replies.iter().filter(|m| tells(m)).map(|m| format!("{purpose}: {sql}: {m:?}")),
            );
        }
    }
    assert!(found.is_empty(), "{} messages tell:\n{}", found.len(), found.join("\n"));
    assert_eq!(town.truth("SELECT p::text FROM person p ORDER BY id"), before);
}

/// Whether a message carries something of a hidden person, or is an error their row raised. What
/// the proxy refuses before the server has read a row tells nothing.
fn tells(message: &Message) -> bool {
    let body = String::from_utf8_lossy(&message.body);
    let secret = ["SECRET", "Cy ", "Di ", "Flo", "Gus", "Hal"].iter().any(|s| body.contains(s));
    match message.tag {
        b'E' => secret || !matches!(message.field(b'C').as_deref(), Some("42501" | "0A000")),
        b'D' | b'd' | b'N' | b'S' => secret,
        _ => false,
    }
}

#[test]
fn the_probes_do_tell_without_the_proxy() {
    let Some(cluster) = make_town("control") else { return };
    let mut client = Client::connect(&cluster.login("town", "control")).expect("login");
    let quiet: Vec<_> = PROBES
        .iter()
        .filter(|sql| {
            let mut replies = client.query(&format!("BEGIN; {sql}"));
            replies.extend(client.query("ROLLBACK"));
            !replies.iter().any(tells) && !rows_of(&replies).is_ok_and(|rows| !rows.is_empty())
        })
        .collect();
    assert!(quiet.len() <= 4, "these prove nothing: {quiet:#?}");
}

#[test]
fn writes_do_not_reach_hidden_people() {
    let Some(town) = Town::start("writes") else { return };
    let mut client = town.client("ads");
    client.rows("UPDATE person SET balance = balance + 1");
    let touched = town.truth("SELECT id FROM person WHERE balance % 100 = 1 ORDER BY id");
    assert_eq!(touched, ["1", "2", "5"]);
    client.rows("DELETE FROM purchase");
    let left = town.truth("SELECT id FROM purchase ORDER BY id");
    assert_eq!(left, ["13", "14", "16", "17", "18"]);
}

#[test]
fn a_choice_counts_from_the_next_statement_on() {
    let Some(town) = Town::start("change") else { return };
    let mut client = town.client("ads");
    let by_name = "SELECT name FROM person WHERE id = $1";
    client.send(&Outgoing::new().parse("s", by_name).sync());
    client.receive_through(b'Z');
    let seen = |client: &mut Client| {
        client.send(&Outgoing::new().bind("s", &[Some(b"1")]).execute("", 0).sync());
        rows_of(&client.receive_through(b'Z')).expect("no error").len()
    };
    assert_eq!(seen(&mut client), 1);
    town.cluster.execute(town.database, "INSERT INTO choice VALUES (1, 'ads', false, false)");
    assert_eq!(seen(&mut client), 0, "refused since");
    town.cluster
        .execute(town.database, "DELETE FROM choice WHERE person_id = 1 AND purpose = 'ads'");
    assert_eq!(seen(&mut client), 1, "taken back");
    // Two records that disagree: the refusal counts.
    let both = "INSERT INTO choice VALUES (1, 'ads', true, false), (1, 'ads', false, false)";
    town.cluster.execute(town.database, both);
    assert_eq!(seen(&mut client), 0, "one yes, one no");
}

#[test]
fn choices_are_read_by_the_proxy_and_never_through_it() {
    let Some(town) = Town::start("internal") else { return };
    let mut client = town.client("serve");
    for sql in [
        "SELECT * FROM choice",
        "SELECT count(*) FROM choice",
        "UPDATE choice SET agreed = true",
        "DELETE FROM choice",
        "INSERT INTO choice VALUES (3, 'ads', true, true)",
        "COPY choice TO STDOUT",
        "TABLE choice",
    ] {
        assert_eq!(client.error(sql).field(b'C').as_deref(), Some("42501"), "{sql}");
    }
}
