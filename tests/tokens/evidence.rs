//! What a purpose needs to be shown, whom it may then be about, and what is written down of it.

use serde_json::{Value, json};

use super::harness::Client;
use super::harness::client::rows_of;
use super::{World, now_s, refused, set};

fn desk(world: &World, purpose: &str, over: Value) -> Client {
    let mut claims = json!({
        "role": "tok_desk", "purposes": [purpose], "recipient": "District court", "sub": "clerk",
    });
    claims.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
    let mut client = world.connect("tok_desk");
    set(&mut client, "purpose", purpose);
    set(&mut client, "token", &world.token(claims));
    client
}

/// Ids of the people that are there, or why not.
fn people(client: &mut Client) -> String {
    match rows_of(&client.query("SELECT id, name FROM person ORDER BY id")) {
        Ok(rows) => rows.iter().map(|row| row[0].clone().unwrap()).collect::<Vec<_>>().join(" "),
        Err(error) => error,
    }
}

const ALL: &str = "1 2 3 4 5 6 7 8 9";

#[test]
fn evidence_is_asked_for_and_written_down() {
    let Some(world) = World::start("tok_needs") else { return };
    let good = json!({"order": {"id": "A-1234", "until": now_s() + 600}});
    let mut client = desk(&world, "share.order", good.clone());
    assert!(people(&mut client).contains("needs \"clerk\""), "{}", people(&mut client));
    set(&mut client, "clerk", "Wang");
    assert_eq!(people(&mut client), ALL);
    let lines = world.proxy.audit_lines();
    let last = lines.iter().rev().find(|line| line["decision"] == "allow").unwrap();
    let evidence = &last["evidence"];
    assert_eq!(evidence["order.id"], "A-1234");
    assert_eq!(
        (&evidence["clerk"], &evidence["recipient"]),
        (&json!("Wang"), &json!("District court"))
    );
    assert!(evidence.get("sub").is_none() && evidence["jti"].as_str().unwrap().starts_with("t-"));
    for (over, why) in [
        (json!({"order": {"id": "A-1234"}}), "needs \"order.until\""),
        (json!({"order": {"until": now_s() + 600}}), "needs \"order.id\""),
        (json!({"order": {"id": "B-1234", "until": now_s() + 600}}), "not the form"),
        (json!({"order": {"id": "A-1234", "until": "one day"}}), "not a time"),
        (json!({"order": {"id": "A-1234", "until": now_s() - 1}}), "does not hold now"),
        (json!({"order.id": "A-1234", "order.until": "2020-01-01"}), "does not hold now"),
    ] {
        let mut client = desk(&world, "share.order", over);
        set(&mut client, "clerk", "Wang");
        // What the client says itself is not signed.
        client.rows("SELECT set_config('pgpurpose.order.id', 'A-1234', false)");
        let told = people(&mut client);
        assert!(told.starts_with("42501") && told.contains(why), "{why}: {told}");
    }
}

#[test]
fn evidence_runs_out_in_the_middle_of_a_session() {
    let Some(world) = World::start("tok_runs_out") else { return };
    let until = json!({"order": {"id": "A-1234", "until": now_s() + 3}});
    let mut client = desk(&world, "share.order", until);
    set(&mut client, "clerk", "Wang");
    assert_eq!(people(&mut client), ALL);
    client.rows("PREPARE p AS SELECT id, name FROM person");
    assert_eq!(client.rows("EXECUTE p").len(), 9);
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert!(people(&mut client).contains("does not hold now"), "{}", people(&mut client));
    assert!(refused(&client.query("EXECUTE p")).contains("does not hold now"));
    let prepared = client.query_with("SELECT id, name FROM person", &[]);
    assert!(refused(&prepared).contains("does not hold now"));
}

#[test]
fn a_list_says_whom_a_purpose_is_about() {
    let Some(world) = World::start("tok_listed") else { return };
    let mut client = desk(&world, "share.dispute", json!({"case": 7, "approver": "chief"}));
    assert_eq!(people(&mut client), "2 3");
    assert_eq!(client.value("SELECT count(*) FROM person").as_deref(), Some("2"));
    let bought = "SELECT DISTINCT person_id, item IS NULL FROM purchase ORDER BY 1";
    let of = |client: &mut Client| client.rows(bought).into_iter().map(|row| row[0].clone());
    assert_eq!(of(&mut client).flatten().collect::<Vec<_>>(), ["2", "3"]);
    let done = client.query("UPDATE person SET name = 'x'");
    assert!(done.iter().any(|m| m.tag == b'C' && m.body == b"UPDATE 2\0"), "{done:?}");
    for text in [
        "INSERT INTO purchase (id, person_id, item) VALUES (99, 2, 'x')",
        "UPDATE purchase SET person_id = 2, item = 'x' WHERE id = 1",
    ] {
        assert!(refused(&client.query(text)).starts_with("42501"), "{text}");
    }
    for (over, seen) in [
        (json!({"case": 8, "approver": "chief"}), "5"),
        (json!({"case": 99, "approver": "chief"}), ""),
        (json!({"case": "7 or true", "approver": "chief"}), ""),
        (json!({"case": "99999999999", "approver": "chief"}), ""),
        (json!({"case": 7, "approver": "chief", "subjects": [3, 5]}), "3"),
    ] {
        let mut client = desk(&world, "share.dispute", over.clone());
        assert_eq!(people(&mut client), seen, "{over}");
    }
    for approver in ["clerk", "Clerk ", ""] {
        let mut client = desk(&world, "share.dispute", json!({"case": 7, "approver": approver}));
        assert!(people(&mut client).contains("needs \"approver\""), "{approver}");
    }
}

#[test]
fn a_token_about_some_people_finds_no_others() {
    let Some(world) = World::start("tok_subjects") else { return };
    for (subjects, seen) in [
        (json!([2, "3"]), "2 3"),
        (json!("4"), "4"),
        (json!([]), ""),
        (json!(["x", "1 OR true", "'", "\\", "{}", "99999999999999", ""]), ""),
        (json!(["2}", "2,3", "\"2\""]), ""),
    ] {
        let over = json!({"subjects": subjects});
        let mut client = world.connect("tok_app");
        set(&mut client, "purpose", "tend");
        set(&mut client, "token", &world.token(over.clone()));
        assert_eq!(people(&mut client), seen, "{over}");
    }
    let mut client = world.connect("tok_app");
    set(&mut client, "purpose", "tend");
    set(&mut client, "token", &world.token(json!({"subjects": [2]})));
    for (text, seen) in [
        ("SELECT count(*) FROM person", "1"),
        ("SELECT count(*) FROM purchase", "4"),
        ("SELECT max(name) FROM person", "Name2"),
        ("SELECT count(*) FROM person p JOIN purchase b ON b.person_id = p.id", "4"),
        ("SELECT EXISTS (SELECT FROM person WHERE name = 'Name3')", "f"),
        (
            "SELECT count(*) FROM person p WHERE EXISTS (SELECT FROM purchase b WHERE b.item = 'Item9')",
            "0",
        ),
        ("SELECT coalesce((SELECT name FROM person WHERE id = 3), 'none')", "none"),
    ] {
        assert_eq!(client.value(text).as_deref(), Some(seen), "{text}");
    }
    // No error, and no write, comes from the rows of others.
    assert_eq!(refused(&client.query("SELECT 1 / (id - 3), name FROM person")), "");
    let done = client.query("UPDATE person SET name = 'y' WHERE 1 / (id - 3) < 9");
    assert!(done.iter().any(|m| m.tag == b'C' && m.body == b"UPDATE 1\0"), "{done:?}");
    let told = refused(&client.query("INSERT INTO person (id, name) VALUES (10, 'z')"));
    assert!(told.contains("certain people only"), "{told}");
}

#[test]
fn consent_is_to_a_recipient() {
    let Some(world) = World::start("tok_consent") else { return };
    let agreed = |role: &str, recipient: &str| {
        let mut client = world.connect(role);
        set(&mut client, "purpose", "share.agreed");
        let claims = json!({"role": role, "purposes": ["share.agreed"], "recipient": recipient});
        set(&mut client, "token", &world.token(claims));
        client
    };
    assert_eq!(people(&mut agreed("tok_acme", "Acme Ltd")), "1");
    assert_eq!(people(&mut agreed("tok_desk", "Bravo Ltd")), "2");
    assert_eq!(people(&mut agreed("tok_desk", "Nobody Ltd")), "");
}

#[test]
fn putting_data_of_people_where_others_read_it_is_sharing() {
    let Some(world) = World::start("tok_theirs") else { return };
    let mut app = world.connect("tok_app");
    set(&mut app, "token", &world.token(json!({"purposes": ["look", "tend"]})));
    for purpose in ["look", "tend"] {
        set(&mut app, "purpose", purpose);
        for text in [
            "INSERT INTO theirs SELECT id, name FROM person",
            "INSERT INTO theirs SELECT 1, 'many' WHERE EXISTS (SELECT FROM person WHERE name > 'M')",
            "INSERT INTO theirs SELECT count(*), 'of them' FROM person",
            "UPDATE theirs SET note = p.name FROM person p WHERE p.id = theirs.id",
            "DELETE FROM theirs WHERE id IN (SELECT id FROM person WHERE name > 'M')",
            "WITH p AS (SELECT id, name FROM person) INSERT INTO theirs SELECT id, name FROM p",
        ] {
            assert!(refused(&app.query(text)).starts_with("42501"), "{purpose}: {text}");
        }
    }
    let mut desk = desk(&world, "share.law", json!({"subjects": [2, 3]}));
    let done = desk.query("INSERT INTO theirs SELECT id, name FROM person");
    assert!(done.iter().any(|m| m.tag == b'C' && m.body == b"INSERT 0 2\0"), "{done:?}");
    let lines = world.proxy.audit_lines();
    let last = lines.iter().rev().find(|line| line["event"] == "decision").unwrap();
    assert_eq!(last["evidence"]["recipient"], "District court");
    assert_eq!(app.value("SELECT note FROM theirs WHERE id = 2").as_deref(), Some("Name2"));
}
