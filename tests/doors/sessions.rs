//! What a session brings along or makes: variables of the role, names, prepared statements, time
//! limits.

use super::{POLICY, Town, failed};
use crate::harness::{Client, Message, Outgoing};

/// Variables that the database or the role sets are known like those a client sets.
#[test]
fn what_a_role_sets_is_read_at_login() {
    let Some(town) = Town::start("doors_variables", "") else { return };
    let policy =
        POLICY.replace("serve: { consent: none,", "serve: { needs: [ticket], consent: none,");
    town.proxy.write_rules("policy.yaml", &policy);
    town.proxy.signal("HUP");
    let asks = "SELECT name FROM person WHERE id = 1";
    let mut plain = town.client("serve");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while failed(&plain.query(asks)).is_none() {
        assert!(std::time::Instant::now() < until, "no ticket, and no refusal");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let mut beside = town.beside();
    for (scope, reset) in [
        ("ROLE town", "ROLE town RESET ALL"),
        ("DATABASE doors_variables", "DATABASE doors_variables RESET ALL"),
        (
            "ROLE town IN DATABASE doors_variables",
            "ROLE town IN DATABASE doors_variables RESET ALL",
        ),
    ] {
        beside.query(&format!("ALTER {scope} SET pgpurpose.ticket = 'T-1'"));
        let mut own = town.client("serve");
        assert_eq!(failed(&own.query(asks)), None, "{scope}");
        own.query("SET pgpurpose.ticket = ''");
        assert!(failed(&own.query(asks)).is_some(), "{scope}");
        own.query("RESET pgpurpose.ticket");
        assert_eq!(failed(&own.query(asks)), None, "{scope}");
        beside.query(&format!("ALTER {reset}"));
    }
    assert!(failed(&town.client("serve").query(asks)).is_some());
}

/// Names that the client's encoding has otherwise, or not at all.
#[test]
fn names_of_any_encoding_are_read() {
    let Some(town) = Town::start("doors_encoding", "") else { return };
    for encoding in ["LATIN1", "UTF8", "SQL_ASCII"] {
        let login = town.proxy.login("town", town.database).for_purpose("serve");
        let mut client = Client::connect(&login.with("client_encoding", encoding)).expect("login");
        for name in ["U&\"caf\\00e9\"", "U&\"\\4e2d\\6587\""] {
            let made = format!("CREATE TEMP TABLE {name} AS SELECT 1 AS a");
            assert_eq!(failed(&client.query(&made)), None, "{encoding} {name}");
            let read = client.query("SELECT text FROM note WHERE id = 3");
            assert_eq!(failed(&read), None, "{encoding} {name}");
        }
    }
}

/// A question of the proxy's own that is cut short answers with the server's own error.
#[test]
fn a_limit_that_meets_a_hidden_question_is_told_as_the_server_tells_it() {
    let Some(town) = Town::start("doors_limits", "CREATE VIEW held AS SELECT id FROM person")
    else {
        return;
    };
    let mut beside = town.beside();
    let mut client = town.client("serve");
    client.query("CREATE TEMP TABLE own (a int)");
    client.query("SET statement_timeout = '400ms'");
    beside.query("BEGIN; LOCK TABLE person IN ACCESS EXCLUSIVE MODE");
    client.query("CREATE TEMP TABLE more (a int)");
    let reply = client.query("SELECT a FROM more");
    let error = reply.iter().find(|m| m.tag == b'E').expect("an error");
    assert_eq!(error.field(b'C').as_deref(), Some("57014"), "{}", error.error_text());
    assert_eq!(reply.last().map(|m| m.tag), Some(b'Z'));
    beside.query("ROLLBACK");
    assert_eq!(failed(&client.query("SELECT a FROM more")), None);
}

fn sqlstate(reply: &[Message]) -> Option<String> {
    reply.iter().find(|m| m.tag == b'E').and_then(|m| m.field(b'C'))
}

/// A statement prepared before its tables changed answers as the server's own would.
#[test]
fn a_result_of_another_shape_is_an_error() {
    let Some(town) = Town::start("doors_shape", "") else { return };
    let mut beside = town.beside();
    for (purpose, table) in
        [("serve", "note"), ("serve", "person"), ("ads", "person"), ("masked", "person")]
    {
        let mut client = town.client(purpose);
        let looks_again = "CREATE TEMP TABLE here (a int); DROP TABLE here";
        client.query(looks_again);
        let star = format!("SELECT * FROM {table} WHERE id = 5");
        let run = Outgoing::new().bind("s", &[]).execute("", 0).sync();
        client.send(&Outgoing::new().parse("s", &star).sync());
        assert_eq!(sqlstate(&client.receive_through(b'Z')), None, "{purpose} {table}");
        client.send(&run);
        assert_eq!(sqlstate(&client.receive_through(b'Z')), None, "{purpose} {table}");
        let column = if table == "note" { "more" } else { "left_us" };
        beside.query(&format!("ALTER TABLE {table} DROP COLUMN IF EXISTS {column}"));
        beside.query(&format!(
            "ALTER TABLE {table} ADD COLUMN {column} boolean NOT NULL DEFAULT false"
        ));
        let other = if table == "note" { "text" } else { "balance" };
        beside.query(&format!("ALTER TABLE {table} ALTER {other} TYPE text"));
        client.query(looks_again);
        for _ in 0..2 {
            client.send(&run);
            let reply = client.receive_through(b'Z');
            let error = reply
                .iter()
                .find(|m| m.tag == b'E')
                .unwrap_or_else(|| panic!("{purpose} {table}: {reply:?}"));
            let error = error.error_text();
            assert!(error.contains("cached plan must not change result type"), "{table}: {error}");
            assert_eq!(sqlstate(&reply).as_deref(), Some("0A000"));
        }
        client.send(&Outgoing::new().close(b'S', "s").parse("s", &star).sync());
        assert_eq!(sqlstate(&client.receive_through(b'Z')), None, "{purpose} {table}");
        beside.query(&format!("ALTER TABLE {table} ALTER {other} TYPE varchar(50)"));
    }
}

/// A client that was told the types of parameters sends them as such ever after.
#[test]
fn told_types_of_parameters_stay() {
    let Some(town) = Town::start("doors_told", "ALTER TABLE person ALTER email TYPE varchar(60)")
    else {
        return;
    };
    let mut client = town.client("serve");
    let sql = "SELECT id FROM person WHERE balance < $1 AND (email = $2 OR left_us = $3) LIMIT 1";
    client.send(&Outgoing::new().parse("s", sql).describe(b'S', "s").sync());
    let told = client.receive_through(b'Z');
    let types = told.iter().find(|m| m.tag == b't').expect("types").body.clone();
    for purpose in ["ads", "masked", "serve"] {
        client.query(&format!("SET pgpurpose.purpose = {purpose}"));
        let values: [Option<&[u8]>; 3] = [Some(&[0, 0, 0x7f, 0xff]), Some(b"SECRET@1"), Some(&[1])];
        let bound = Outgoing::new().bind_with("", "s", &values, [1, 0]);
        client.send(&bound.describe(b'S', "s").execute("", 0).sync());
        let reply = client.receive_through(b'Z');
        assert_eq!(sqlstate(&reply), None, "{purpose}: {:?}", failed(&reply));
        let again = reply.iter().find(|m| m.tag == b't').expect("types");
        assert_eq!(again.body, types, "{purpose}");
    }
}
