//! However a purpose is declared, what the server shows is what the proxy enforces, step by step,
//! through transactions, savepoints and errors.
//!
//! Two purposes see each a different column in clear, so that a look at one row tells which of
//! them the proxy enforces.

mod changes;
#[path = "../harness/mod.rs"]
mod harness;

use std::sync::OnceLock;

use harness::client::rows_of;
use harness::{Client, Cluster, Message, Outgoing, Proxy};

const PLANT: &str = "
CREATE TABLE person (id integer PRIMARY KEY, name text, town text);
INSERT INTO person VALUES (1, 'Ada Lovelace', 'London');
CREATE TABLE plain (id integer PRIMARY KEY);
GRANT ALL ON ALL TABLES IN SCHEMA public TO chosen, unchosen, commenter, preset;
";

const POLICY: &str = "
pgpurpose: 1
policy: { name: Two colours, version: 1 }
categories:
  basic: { name: fixed, town: fixed }
tables:
  public.person: { plain: [id], name: basic.name, town: basic.town }
  public.plain: plain
purposes:
  red: { consent: none, data: { basic.name: allow, basic.town: mask } }
  blue: { consent: none, data: { basic.name: mask, basic.town: allow } }
  grey: { consent: none, data: { basic: mask } }
roles:
  chosen: { may: [red, blue], default: red }
  unchosen: { may: [red, blue] }
  commenter: { may: [red, blue], default: red, comments: true }
  preset: { may: [red, blue] }
  postgres: { may: [red], default: red }
";

/// Steps, each with the purpose that must be in force after it; `-`: none, `!`: inside a failed
/// transaction, where nothing can be asked.
type Steps = &'static [(&'static str, &'static str)];

/// For a role whose default is red.
const FROM_RED: &[(&str, Steps)] = &[
    ("the default", &[("SELECT 1", "red")]),
    (
        "set and reset",
        &[("SET pgpurpose.purpose = 'blue'", "blue"), ("RESET pgpurpose.purpose", "red")],
    ),
    (
        "set to default",
        &[("SET pgpurpose.purpose TO blue", "blue"), ("SET pgpurpose.purpose TO DEFAULT", "red")],
    ),
    (
        "spellings",
        &[
            ("set SESSION PgPurpose.Purpose to 'blue';", "blue"),
            ("SET \"pgpurpose\".\"purpose\" = red", "red"),
            ("SET \"pgpurpose.purpose\" = blue", "blue"),
            ("/* a */ SET -- b\n pgpurpose . purpose = 'red'", "red"),
        ],
    ),
    ("reset all", &[("SET pgpurpose.purpose = 'blue'", "blue"), ("RESET ALL", "red")]),
    ("discard all", &[("SET pgpurpose.purpose = 'blue'", "blue"), ("DISCARD ALL", "red")]),
    (
        "set_config",
        &[
            ("SELECT set_config('pgpurpose.purpose', 'blue', false)", "blue"),
            ("SELECT pg_catalog.set_config('pgpurpose.purpose', 'red', true)", "blue"),
            ("SELECT set_config('PGPURPOSE.purpose', 'red', false) AS purpose", "red"),
        ],
    ),
    ("local outside a transaction", &[("SET LOCAL pgpurpose.purpose = 'blue'", "red")]),
    (
        "local inside",
        &[("BEGIN", "red"), ("SET LOCAL pgpurpose.purpose = 'blue'", "blue"), ("COMMIT", "red")],
    ),
    (
        "local and chain",
        &[
            ("BEGIN", "red"),
            ("SET LOCAL pgpurpose.purpose = 'blue'", "blue"),
            ("COMMIT AND CHAIN", "red"),
            ("END", "red"),
        ],
    ),
    (
        "local over session",
        &[
            ("SET pgpurpose.purpose = 'blue'", "blue"),
            ("BEGIN", "blue"),
            ("SET LOCAL pgpurpose.purpose = 'red'", "red"),
            ("ROLLBACK", "blue"),
        ],
    ),
    (
        "session after local",
        &[
            ("BEGIN", "red"),
            ("SET LOCAL pgpurpose.purpose = 'red'", "red"),
            ("SET pgpurpose.purpose = 'blue'", "blue"),
            ("COMMIT", "blue"),
        ],
    ),
    (
        "local after session",
        &[
            ("BEGIN", "red"),
            ("SET pgpurpose.purpose = 'blue'", "blue"),
            ("SET LOCAL pgpurpose.purpose = 'red'", "red"),
            ("COMMIT", "blue"),
        ],
    ),
    (
        "committed",
        &[("BEGIN", "red"), ("SET pgpurpose.purpose = 'blue'", "blue"), ("COMMIT", "blue")],
    ),
    (
        "rolled back",
        &[("BEGIN", "red"), ("SET pgpurpose.purpose = 'blue'", "blue"), ("ROLLBACK", "red")],
    ),
    (
        "a failed transaction",
        &[
            ("START TRANSACTION", "red"),
            ("SET pgpurpose.purpose = 'blue'", "blue"),
            ("SELECT 1/0", "!"),
            ("COMMIT", "red"),
        ],
    ),
    (
        "a refused statement fails the transaction",
        &[
            ("BEGIN", "red"),
            ("SET pgpurpose.purpose = 'blue'", "blue"),
            ("SELECT nothing FROM nowhere", "!"),
            ("SELECT 1", "!"),
            ("COMMIT", "red"),
        ],
    ),
    (
        "back to a savepoint",
        &[
            ("BEGIN", "red"),
            ("SET LOCAL pgpurpose.purpose = 'blue'", "blue"),
            ("SAVEPOINT a", "blue"),
            ("SET LOCAL pgpurpose.purpose = 'red'", "red"),
            ("ROLLBACK TO a", "blue"),
            ("COMMIT", "red"),
        ],
    ),
    (
        "savepoints of one name",
        &[
            ("BEGIN", "red"),
            ("SAVEPOINT a", "red"),
            ("SET pgpurpose.purpose = 'blue'", "blue"),
            ("SAVEPOINT a", "blue"),
            ("SET pgpurpose.purpose = 'red'", "red"),
            ("ROLLBACK TO SAVEPOINT a", "blue"),
            ("RELEASE a", "blue"),
            ("ROLLBACK TO a", "red"),
            ("COMMIT", "red"),
        ],
    ),
    (
        "released, then rolled back",
        &[
            ("BEGIN", "red"),
            ("SAVEPOINT \"A\"", "red"),
            ("SET pgpurpose.purpose = 'blue'", "blue"),
            ("RELEASE SAVEPOINT \"A\"", "blue"),
            ("ROLLBACK", "red"),
        ],
    ),
    (
        "an error up to a savepoint",
        &[
            ("BEGIN", "red"),
            ("SET pgpurpose.purpose = 'blue'", "blue"),
            ("SAVEPOINT a", "blue"),
            ("SET LOCAL pgpurpose.purpose = 'red'", "red"),
            ("SELECT 1/0", "!"),
            ("ROLLBACK TO a", "blue"),
            ("COMMIT", "blue"),
        ],
    ),
    (
        "several in one text",
        &[
            ("SET pgpurpose.purpose = 'blue'; SELECT 1", "blue"),
            ("SELECT 1; RESET pgpurpose.purpose; SELECT 2", "red"),
        ],
    ),
    ("several, the last fails", &[("SET pgpurpose.purpose = 'blue'; SELECT 1/0", "red")]),
    (
        "several with a transaction",
        &[("BEGIN; SET pgpurpose.purpose = 'blue'; COMMIT; SELECT 1/0", "blue")],
    ),
    ("several, local", &[("SET LOCAL pgpurpose.purpose = 'blue'; SELECT 1", "red")]),
    (
        "not open to the role",
        &[
            ("SET pgpurpose.purpose = 'grey'", "red"),
            ("SELECT set_config('pgpurpose.purpose', 'grey', false)", "red"),
        ],
    ),
    (
        "unknown",
        &[
            ("SET pgpurpose.purpose = 'puce'", "red"),
            ("BEGIN", "red"),
            ("SET pgpurpose.purpose = 'puce'", "!"),
            ("ROLLBACK", "red"),
        ],
    ),
    (
        "hidden in a query",
        &[
            ("SELECT set_config('pgpurpose.purpose', 'blue', false) FROM plain", "red"),
            ("SELECT 1, set_config('pgpurpose.purpose', 'blue', false)", "red"),
            ("SELECT set_config('pgpurpose.' || 'purpose', 'blue', false)", "red"),
            (
                "SELECT 1 UNION ALL SELECT length(set_config('pgpurpose.purpose', 'blue', false))",
                "red",
            ),
            ("UPDATE pg_settings SET setting = 'blue' WHERE name = 'pgpurpose.purpose'", "red"),
            ("DO $$ BEGIN PERFORM set_config('pgpurpose.purpose', 'blue', false); END $$", "red"),
            (
                "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql SET pgpurpose.purpose = blue AS 'SELECT 1'",
                "red",
            ),
            ("ALTER ROLE chosen SET pgpurpose.purpose = 'blue'", "red"),
        ],
    ),
    (
        "other settings",
        &[
            ("SET pgpurpose.ticket = 'T-1'", "red"),
            ("SET application_name = 'blue'", "red"),
            ("SET TIME ZONE 'UTC'", "red"),
        ],
    ),
    (
        "another role",
        &[
            ("SET SESSION AUTHORIZATION DEFAULT", "red"),
            ("SET ROLE NONE", "red"),
            ("RESET ROLE", "red"),
        ],
    ),
    ("in a comment, not permitted", &[("/*purpose='blue'*/ SELECT 1", "red")]),
];

/// For a role without a default.
const FROM_NOTHING: &[(&str, Steps)] = &[
    ("none", &[("SELECT 1", "-"), ("SELECT count(*) FROM plain", "-")]),
    (
        "set and reset",
        &[("SET pgpurpose.purpose = 'blue'", "blue"), ("RESET pgpurpose.purpose", "-")],
    ),
    ("local", &[("BEGIN", "-"), ("SET LOCAL pgpurpose.purpose = 'blue'", "blue"), ("COMMIT", "-")]),
    (
        "rolled back",
        &[("BEGIN", "-"), ("SET pgpurpose.purpose = 'blue'", "blue"), ("ROLLBACK", "-")],
    ),
    ("emptied", &[("SET pgpurpose.purpose = 'blue'", "blue"), ("SET pgpurpose.purpose = ''", "-")]),
];

struct World {
    cluster: &'static Cluster,
    proxy: Proxy,
    database: &'static str,
}

impl World {
    fn shared() -> Option<&'static World> {
        static WORLD: OnceLock<Option<World>> = OnceLock::new();
        WORLD.get_or_init(|| World::start("colours")).as_ref()
    }

    fn start(database: &'static str) -> Option<World> {
        let cluster = Cluster::shared()?;
        ["chosen", "unchosen", "commenter", "preset"]
            .iter()
            .for_each(|role| cluster.create_role(role));
        cluster.create_database(database, "template0");
        cluster.execute(database, PLANT);
        let proxy = Proxy::start(cluster, database, &[("policy.yaml", POLICY)]);
        Some(World { cluster, proxy, database })
    }

    fn client(&self, role: &str) -> Client {
        Client::connect(&self.proxy.login(role, self.database)).expect("login")
    }
}

/// What the proxy enforces, seen from what it shows.
fn enforced(client: &mut Client) -> &'static str {
    let reply = client.query("SELECT name, town FROM person WHERE id = 1");
    match rows_of(&reply) {
        // 25P02: SHOW of what was never set has failed the transaction.
        Err(error) if ["42501", "22023", "25P02"].iter().any(|c| error.starts_with(c)) => "-",
        Err(error) => panic!("{error}"),
        Ok(rows) => {
            let clear = |value: &Option<String>, whole| value.as_deref() == Some(whole);
            match (clear(&rows[0][0], "Ada Lovelace"), clear(&rows[0][1], "London")) {
                (true, false) => "red",
                (false, true) => "blue",
                (false, false) => "grey",
                (true, true) => panic!("everything in clear: nothing is enforced"),
            }
        }
    }
}

/// What the server shows.
fn declared(client: &mut Client) -> String {
    let shown = client.query("SELECT current_setting('pgpurpose.purpose', true)");
    let value = rows_of(&shown).expect("current_setting").remove(0).remove(0).unwrap_or_default();
    let reply = rows_of(&client.query("SHOW pgpurpose.purpose"));
    let show = reply.map_or_else(
        |error| error.starts_with("42704").then(String::new).expect("an unknown setting"),
        |mut rows| rows.remove(0).remove(0).unwrap_or_default(),
    );
    assert_eq!(value, show, "current_setting and SHOW");
    if show.is_empty() { "-".to_owned() } else { show }
}

fn in_failed_transaction(reply: &[Message]) -> bool {
    reply.last().is_some_and(|m| m.tag == b'Z' && m.body == b"E")
}

/// Walks through all steps, each text sent by `send`.
fn walk(role: &str, dialogues: &[(&str, Steps)], send: fn(&mut Client, &str) -> Vec<Message>) {
    let Some(world) = World::shared() else { return };
    let mut wrong = Vec::new();
    for (name, steps) in dialogues {
        let mut client = world.client(role);
        for (number, (text, expected)) in steps.iter().enumerate() {
            let reply = send(&mut client, text);
            let failed = in_failed_transaction(&reply);
            let seen = if failed {
                ["!".to_owned(), "!".to_owned()]
            } else {
                // The look at the row must not end a failed transaction's savepoint, hence twice.
                [declared(&mut client), enforced(&mut client).to_owned()]
            };
            if seen != [expected.to_owned(), expected.to_owned()] {
                let state = client.query("SELECT 1").pop();
                wrong.push(format!(
                    "{name}, step {}: after {text}\n    expected {expected}, the server shows {}, \
                     the proxy enforces {}  ({state:?})",
                    number + 1,
                    seen[0],
                    seen[1]
                ));
                break;
            }
            let in_transaction = reply.last().is_some_and(|m| m.body == b"T");
            if in_transaction && *expected == "-" {
                // The refused look has failed the transaction.
                client.query("ROLLBACK");
                client.query("BEGIN");
            }
        }
    }
    assert!(wrong.is_empty(), "{} dialogues go wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn simple_protocol() {
    walk("chosen", FROM_RED, |client, text| client.query(text));
}

#[test]
fn simple_protocol_without_a_default() {
    walk("unchosen", FROM_NOTHING, |client, text| client.query(text));
}

#[test]
fn extended_protocol() {
    let single: Vec<_> = FROM_RED
        .iter()
        .filter(|(_, steps)| steps.iter().all(|(text, _)| !text.contains("; ")))
        .copied()
        .collect();
    walk("chosen", &single, |client, text| client.query_with(text, &[]));
}

#[test]
fn start_up_option_wins_over_the_default_and_is_what_reset_returns_to() {
    let Some(world) = World::shared() else { return };
    let login = world.proxy.login("chosen", "colours");
    for login in [login.clone().for_purpose("blue"), login.with("pgpurpose.purpose", "blue")] {
        let mut client = Client::connect(&login).expect("login");
        for step in ["SELECT 1", "SET pgpurpose.purpose = red", "RESET ALL", "DISCARD ALL"] {
            client.query(step);
            let expected = if step.starts_with("SET") { "red" } else { "blue" };
            assert_eq!(
                (declared(&mut client).as_str(), enforced(&mut client)),
                (expected, expected)
            );
        }
    }
}

#[test]
fn a_purpose_not_open_to_the_role_cannot_be_declared_at_start_up() {
    let Some(world) = World::shared() else { return };
    let login = world.proxy.login("chosen", "colours");
    for purpose in ["grey", "puce"] {
        match Client::connect(&login.clone().for_purpose(purpose)) {
            Err(error) => {
                assert!(["42501", "22023"].iter().any(|c| error.to_string().contains(c)), "{error}")
            }
            Ok(mut client) => assert_eq!(enforced(&mut client), "-", "{purpose}"),
        }
    }
}

#[test]
fn set_config_with_parameters_counts_when_it_is_executed() {
    let Some(world) = World::shared() else { return };
    let mut client = world.client("chosen");
    let text = "SELECT set_config('pgpurpose.purpose', $1, false)";
    client.send(&Outgoing::new().parse("set", text).sync());
    client.receive_through(b'Z');
    client.send(&Outgoing::new().bind_with("p", "set", &[Some(b"blue")], [0, 0]).sync());
    client.receive_through(b'Z');
    assert_eq!(enforced(&mut client), "red", "bound only");
    for (value, formats) in [("blue", [0, 0]), ("red", [1, 1]), ("blue", [1, 0])] {
        let bind = Outgoing::new().bind_with("", "set", &[Some(value.as_bytes())], formats);
        client.send(&bind.execute("", 0).sync());
        client.receive_through(b'Z');
        assert_eq!((declared(&mut client).as_str(), enforced(&mut client)), (value, value));
    }
    for value in [Some(&b"grey"[..]), Some(b"puce"), None] {
        client.send(&Outgoing::new().bind("set", &[value]).execute("", 0).sync());
        client.receive_through(b'Z');
        let [shown, kept] = [declared(&mut client), enforced(&mut client).to_owned()];
        assert_eq!(shown, kept, "after {value:?}");
        assert_ne!(kept, "grey");
    }
    let both = "SELECT set_config($1, $2, true)";
    client.query("SET pgpurpose.purpose = red");
    let parameters: &[Option<&[u8]>] = &[Some(b"pgpurpose.purpose"), Some(b"blue")];
    client.send(&Outgoing::new().query("BEGIN").extended(both, parameters));
    client.receive_through(b'Z');
    let reply = client.receive_through(b'Z');
    if !in_failed_transaction(&reply) {
        assert_eq!(declared(&mut client), enforced(&mut client), "the name as a parameter");
    }
    client.query("ROLLBACK");
}

#[test]
fn inside_one_batch_each_statement_sees_the_one_before() {
    let Some(world) = World::shared() else { return };
    let mut client = world.client("chosen");
    let look = "SELECT name FROM person WHERE id = 1";
    let run = |m: Outgoing, sql: &str| m.parse("", sql).bind("", &[]).execute("", 0);
    let mut batch = run(Outgoing::new(), look);
    for sql in ["SET pgpurpose.purpose = 'blue'", look, "SET pgpurpose.purpose = 'red'", look] {
        batch = run(batch, sql);
    }
    client.send(&batch.sync());
    let rows = rows_of(&client.receive_through(b'Z')).expect("no error").concat();
    let clear: Vec<_> = rows.iter().map(|v| v.as_deref() == Some("Ada Lovelace")).collect();
    assert_eq!(clear, [true, false, true]);
    // A batch that fails takes its declaration back.
    client.send(&run(run(Outgoing::new(), "SET pgpurpose.purpose = 'blue'"), "SELECT 1/0").sync());
    client.receive_through(b'Z');
    assert_eq!((declared(&mut client).as_str(), enforced(&mut client)), ("red", "red"));
}

#[test]
fn a_statement_prepared_under_one_purpose_is_run_under_the_other() {
    let Some(world) = World::shared() else { return };
    let mut client = world.client("chosen");
    let look = "SELECT name, town FROM person WHERE id = 1";
    client.send(&Outgoing::new().parse("look", look).describe(b'S', "look").sync());
    client.receive_through(b'Z');
    client.query(&format!("PREPARE look_sql AS {look}"));
    for purpose in ["red", "blue", "red"] {
        client.query(&format!("SET pgpurpose.purpose = {purpose}"));
        client.send(&Outgoing::new().bind("look", &[]).execute("", 0).sync());
        let bound = rows_of(&client.receive_through(b'Z')).expect("no error");
        assert_eq!(bound[0][0].as_deref() == Some("Ada Lovelace"), purpose == "red");
        assert_eq!(bound[0][1].as_deref() == Some("London"), purpose == "blue");
        // What SQL has prepared may be refused under another purpose, never answered for it.
        if let Ok(rows) = rows_of(&client.query("EXECUTE look_sql")) {
            assert_eq!(rows, bound, "{purpose}");
        }
    }
}

#[test]
fn a_comment_chooses_for_one_statement_where_the_role_may() {
    let Some(world) = World::shared() else { return };
    let mut client = world.client("commenter");
    let look = "SELECT name, town FROM person WHERE id = 1";
    for text in [
        format!("/*purpose='blue'*/ {look}"),
        format!("{look} /*purpose='blue'*/"),
        format!("{look} /*route='x',purpose='blue'*/;"),
    ] {
        let town = client.rows(&text)[0][1].clone();
        assert_eq!(town.as_deref(), Some("London"), "{text}");
        assert_eq!(enforced(&mut client), "red", "one statement only");
    }
    for text in [
        format!("/*purpose='grey'*/ {look}"),
        format!("/*purpose='blue'*/ /*purpose='red'*/ {look}"),
        "SELECT name, town /*purpose='blue'*/ FROM person WHERE id = 1".to_owned(),
        "SELECT name, town, '/*purpose=''blue''*/' FROM person WHERE id = 1".to_owned(),
    ] {
        if let Ok(rows) = rows_of(&client.query(&text)) {
            assert_ne!(rows[0][1].as_deref(), Some("London"), "{text}");
        }
    }
}

#[test]
fn no_purpose_no_personal_data() {
    let Some(world) = World::shared() else { return };
    let mut client = world.client("unchosen");
    for sql in [
        "SELECT id FROM person",
        "SELECT count(*) FROM person",
        "DELETE FROM person",
        "TABLE person",
    ] {
        let error = client.error(sql);
        assert_eq!(error.field(b'C').as_deref(), Some("42501"), "{sql}");
        assert!(error.field(b'H').is_some_and(|h| h.contains("pgpurpose.purpose")), "{error:?}");
    }
    assert!(client.rows("SELECT * FROM plain").is_empty());
    assert_eq!(client.value("SELECT 1").as_deref(), Some("1"));
}

#[test]
fn the_server_s_own_defaults_declare_nothing() {
    let Some(world) = World::shared() else { return };
    world.cluster.execute("colours", "ALTER ROLE preset SET pgpurpose.purpose = 'blue'");
    let mut client = world.client("preset");
    let [shown, kept] = [declared(&mut client), enforced(&mut client).to_owned()];
    assert_eq!(shown, kept);
}
