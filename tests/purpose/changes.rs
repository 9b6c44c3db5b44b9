//! What was judged under a purpose, rules or names that no longer hold.

use crate::World;
use crate::harness::client::rows_of;
use crate::harness::{Client, Message, Outgoing};

/// Parse, Bind, Execute: no Describe.
fn undescribed(text: &str) -> Outgoing {
    Outgoing::new().parse("", text).bind("", &[]).execute("", 0).sync()
}

/// A table that has taken the name of another beside the proxy is not shown in its place.
#[test]
fn what_the_catalog_does_not_know_yet_is_stopped_by_the_second_line() {
    let Some(mut world) = World::start("swapped") else { return };
    world.proxy.expects_alarm = true;
    let look = "SELECT * FROM plain";
    for batch in [Outgoing::new().query(look), undescribed(look)] {
        let mut client = world.client("chosen");
        client.expects_alarm = true;
        let rename = |a: &str, b: &str| format!("ALTER TABLE {a} RENAME TO {b}");
        let swap = [rename("plain", "other"), rename("person", "plain")].join("; ");
        let back = [rename("plain", "person"), rename("other", "plain")].join("; ");
        world.cluster.execute("swapped", &swap);
        client.send(&batch);
        let mut heard: Vec<Message> = Vec::new();
        while let Ok(message) = client.receive() {
            heard.push(message);
        }
        world.cluster.execute("swapped", &back);
        assert!(heard.iter().all(|m| !matches!(m.tag, b'T' | b'D')), "{heard:?}");
        let last = heard.last().expect("an error");
        assert_eq!(last.field(b'C').as_deref(), Some("42501"), "{heard:?}");
        assert_eq!(last.field(b'S').as_deref(), Some("FATAL"));
    }
    let counted = world.proxy.admin("/metrics");
    assert!(counted.contains("pgpurpose_second_line_alarms_total 2"), "{counted}");
    let told = world.proxy.audit_lines();
    let told = told.iter().filter(|line| line.to_string().contains("second_line"));
    assert_eq!(told.count(), 2);
}

/// What the proxy asks on the client's connection can run into the client's own time limit.
#[test]
fn a_question_of_the_proxy_s_that_takes_too_long_fails_the_statement_alone() {
    let Some(world) = World::start("slow") else { return };
    let mut client = world.client("chosen");
    client.query("SET statement_timeout = '500ms'");
    let mut other = Client::connect(&world.cluster.superuser("slow")).expect("login");
    for extended in [false, true] {
        let mut ask = |text: &str| match extended {
            false => client.query(text),
            true => client.query_with(text, &[]),
        };
        let made = ask(&format!("CREATE TEMP TABLE own_{extended} (id integer)"));
        assert!(made.iter().all(|m| m.tag != b'E'), "{made:?}");
        other.query("BEGIN; LOCK TABLE pg_attribute IN ACCESS EXCLUSIVE MODE");
        let heard = ask("SELECT 1");
        other.query("ROLLBACK");
        let states: Vec<_> =
            heard.iter().filter(|m| m.tag == b'E').map(|m| m.field(b'C').unwrap()).collect();
        assert_eq!(states, ["57014"], "{heard:?}");
        assert_eq!(heard.last().map(|m| (m.tag, &m.body[..])), Some((b'Z', &b"I"[..])));
        assert_eq!(rows_of(&ask("SELECT 1")).expect("no error").len(), 1);
    }
}

/// What SQL prepared or declared is judged again when names or rules have changed: it goes on where
/// the same would be sent for it now.
#[test]
fn what_sql_prepared_and_declared_outlives_changes_that_do_not_concern_it() {
    let Some(world) = World::start("outlived") else { return };
    let mut client = world.client("chosen");
    client.query("PREPARE p AS SELECT count(*) FROM person;");
    client.query("DECLARE c CURSOR WITH HOLD FOR SELECT id FROM person");
    let answered = |client: &mut Client, text: &str| rows_of(&client.query(text)).is_ok();
    for change in ["CREATE TEMP TABLE own (id integer)", "ALTER TABLE own ADD more text"] {
        let made = client.query(change);
        assert!(made.iter().all(|m| m.tag != b'E'), "{made:?}");
        for text in ["EXECUTE p", "FETCH 1 FROM c"] {
            assert!(answered(&mut client, text), "{text} after {change}");
        }
    }
    client.query("SET pgpurpose.purpose = ''");
    for text in ["EXECUTE p", "FETCH 1 FROM c"] {
        let refused = client.query(text);
        let state = refused.iter().find(|m| m.tag == b'E').and_then(|m| m.field(b'C'));
        assert_eq!(state.as_deref(), Some("0A000"), "{text}: {refused:?}");
    }
}
