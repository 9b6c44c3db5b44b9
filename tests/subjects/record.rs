//! The audit line of a statement names the people it pins, by a keyed hash, however their ids are
//! sent; and says of which tables it may have read anybody.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Town;
use super::harness::client::rows_of;
use super::harness::{Client, Outgoing, Proxy};

/// Decision lines, newest last, once there are as many as expected.
fn decisions(proxy: &Proxy) -> Vec<Value> {
    proxy.audit_lines().into_iter().filter(|line| line["event"] == "decision").collect()
}

fn last(proxy: &Proxy) -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let line = decisions(proxy).pop().expect("a decision");
    let subjects = line.get("subjects").cloned().unwrap_or(Value::Array(Vec::new()));
    let bulk = line.get("bulk").cloned().unwrap_or(Value::Object(Default::default()));
    (serde_json::from_value(subjects).unwrap(), serde_json::from_value(bulk).unwrap())
}

/// What a text leaves in the record.
fn noted(proxy: &Proxy, client: &mut Client, sql: &str) -> (Vec<String>, Vec<String>) {
    let before = decisions(proxy).len();
    let reply = client.query(sql);
    assert!(!reply.iter().any(|m| m.tag == b'E'), "{sql}: {reply:?}");
    assert_eq!(decisions(proxy).len(), before + 1, "{sql}");
    let (subjects, bulk) = last(proxy);
    (subjects, bulk.into_keys().collect())
}

#[test]
fn a_text_that_pins_people_names_them() {
    let Some(town) = Town::make("subjects_text") else { return };
    let proxy = town.proxy();
    let mut client = town.through(&proxy, "serve");
    let (seven, bulk) = noted(&proxy, &mut client, "SELECT name FROM person WHERE id = 7");
    assert_eq!((seven.len(), bulk.len()), (1, 0));
    assert_eq!(seven[0].len(), 32);
    // Another literal in a text of the same shape; the shape is kept.
    let (eight, _) = noted(&proxy, &mut client, "SELECT name FROM person WHERE id = 8");
    assert_ne!(seven, eight);
    for same in [
        "SELECT name FROM person WHERE id = 7",
        "SELECT name FROM person WHERE '7' = id AND name <> 'x'",
        "SELECT name FROM person AS p WHERE p.id = 07::bigint",
        "SELECT item FROM purchase WHERE person_id = 7",
        "SELECT item FROM purchase WHERE person_id = ' 7'::int",
        "SELECT name FROM person WHERE id IN (7)",
        "SELECT name FROM person WHERE id = ANY ('{7, 7}')",
        "SELECT name FROM person WHERE id = ANY (ARRAY[7])",
        "SELECT p.name, b.item FROM person p JOIN purchase b ON b.person_id = p.id WHERE p.id = 7",
        "SELECT (SELECT count(*) FROM purchase b WHERE b.person_id = p.id) FROM person p WHERE id = 7",
        "SELECT l.text FROM line l JOIN purchase b ON b.id = l.purchase_id WHERE b.person_id = 7",
        "SELECT count(*) FROM visit WHERE person_id = 7",
        "UPDATE person SET name = 'Name7' WHERE id = 7",
        "COPY (SELECT name FROM person WHERE id = 7) TO STDOUT",
        "SELECT name FROM person WHERE id = 7 UNION SELECT item FROM purchase WHERE person_id = 7",
    ] {
        assert_eq!(noted(&proxy, &mut client, same), (seven.clone(), vec![]), "{same}");
    }
    let mut both = [seven[0].clone(), eight[0].clone()];
    both.sort();
    for two in [
        "SELECT name FROM person WHERE id IN (7, 8)",
        "SELECT name FROM person WHERE id = ANY ('{7,8,NULL}'::bigint[])",
        "SELECT name FROM person WHERE id = 7 UNION ALL SELECT name FROM person WHERE id = 8",
    ] {
        assert_eq!(noted(&proxy, &mut client, two), (both.to_vec(), vec![]), "{two}");
    }
    assert!(!std::fs::read_to_string(proxy.audit_path()).unwrap().contains("\"7\""));
}

#[test]
fn a_text_that_does_not_says_of_which_tables_it_read_anybody() {
    let Some(town) = Town::make("subjects_bulk") else { return };
    let proxy = town.proxy();
    let mut client = town.through(&proxy, "serve");
    for sql in [
        "SELECT name FROM person",
        "SELECT name FROM person WHERE id = 7 OR id = 8",
        "SELECT name FROM person WHERE id BETWEEN 7 AND 7",
        "SELECT name FROM person WHERE id <> 7",
        "SELECT name FROM person WHERE id NOT IN (7, 8)",
        "SELECT name FROM person WHERE NOT id = 7",
        "SELECT name FROM person WHERE id = 7 + 0",
        "SELECT name FROM person WHERE id = -7",
        "SELECT name FROM person WHERE id = 7.0",
        "SELECT name FROM person WHERE id = ALL ('{7}')",
        "SELECT name FROM person WHERE email = 'mail7@example.org'",
        "SELECT count(*) FROM person",
        "COPY person TO STDOUT",
    ] {
        let expected = (vec![], vec!["public.person".to_owned()]);
        assert_eq!(noted(&proxy, &mut client, sql), expected, "{sql}");
    }
    let many: Vec<String> = (1..=65).map(|n| n.to_string()).collect();
    let many = format!("SELECT name FROM person WHERE id IN ({})", many.join(", "));
    assert_eq!(noted(&proxy, &mut client, &many).0.len(), 0);
    // An outer join does not drop whom it does not pin.
    let outer =
        "SELECT p.name FROM person p LEFT JOIN purchase b ON b.person_id = p.id AND p.id = 7";
    assert!(noted(&proxy, &mut client, outer).1.contains(&"public.person".to_owned()));
    // A line of one purchase is of one person, but the text does not say of whom.
    let (subjects, bulk) =
        noted(&proxy, &mut client, "SELECT text FROM line WHERE purchase_id = 6");
    assert_eq!((subjects.len(), bulk), (0, vec!["public.line".to_owned()]));
    // Of one table the person is known, of the other not.
    let mixed = "SELECT (SELECT name FROM person WHERE id = 7), count(*) FROM visit";
    let (subjects, bulk) = noted(&proxy, &mut client, mixed);
    assert_eq!((subjects.len(), bulk), (1, vec!["public.visit".to_owned()]));
    // The guard that chose among all is told.
    let mut ads = town.through(&proxy, "ads");
    ads.rows("SELECT name FROM person");
    assert_eq!(last(&proxy).1["public.person"], ["consent"]);
}

#[test]
fn new_rows_are_of_whom_they_are_written_for() {
    let Some(town) = Town::make("subjects_insert") else { return };
    let proxy = town.proxy();
    let mut client = town.through(&proxy, "serve");
    let (seven, _) = noted(&proxy, &mut client, "SELECT name FROM person WHERE id = 7");
    let one = "INSERT INTO purchase (id, person_id, item, amount) VALUES (901, 7, 'x', 1), (902, 7, 'y', 1)";
    assert_eq!(noted(&proxy, &mut client, one), (seven, vec![]));
    let (subjects, bulk) = noted(
        &proxy,
        &mut client,
        "INSERT INTO person (id, name) VALUES (77, 'New') ON CONFLICT (id) DO UPDATE SET name = 'Old'",
    );
    assert_eq!((subjects.len(), bulk), (0, vec!["public.person".to_owned()]));
    noted(
        &proxy,
        &mut client,
        "INSERT INTO visit (person_id, day) SELECT id, '2026-02-02' FROM person",
    );
    assert_eq!(last(&proxy).1["public.visit"], ["inserted"]);
}

#[test]
fn parameters_name_the_same_people_in_every_format() {
    let Some(town) = Town::make("subjects_bound") else { return };
    let proxy = town.proxy();
    let mut client = town.through(&proxy, "serve");
    let (seven, _) = noted(&proxy, &mut client, "SELECT name FROM person WHERE id = 7");
    let by_id = "SELECT name FROM person WHERE id = $1";
    let (int2, int4, int8) = (7_i16.to_be_bytes(), 7_i32.to_be_bytes(), 7_i64.to_be_bytes());
    let array = [1_i32, 0, 20, 1, 1, 8, 0, 7].map(i32::to_be_bytes).concat();
    let any = "SELECT name FROM person WHERE id = ANY ($1)";
    let cases: &[(&str, u32, i16, &[u8])] = &[
        (by_id, 0, 0, b"7"),
        (by_id, 0, 0, b" 07"),
        (by_id, 0, 1, &int8),
        (by_id, 21, 1, &int2),
        (by_id, 23, 1, &int4),
        (by_id, 20, 1, &int8),
        (by_id, 23, 0, b"7"),
        ("SELECT item FROM purchase WHERE person_id = $1", 0, 1, &int4),
        ("SELECT name FROM person WHERE id = $1::int", 0, 1, &int4),
        ("SELECT name FROM person WHERE id = CAST($1 AS bigint)", 0, 1, &int8),
        (any, 0, 0, b"{7}"),
        (any, 0, 1, &array),
        (any, 1016, 1, &array),
        ("SELECT name FROM person WHERE id = ANY ($1::bigint[])", 0, 0, b"{7,7}"),
        ("INSERT INTO visit (person_id, day) VALUES ($1, '2026-03-03')", 0, 1, &int8),
        ("DELETE FROM message WHERE sender_id = $1 AND id = 999", 0, 0, b"7"),
    ];
    for (sql, declared, format, value) in cases {
        let types: &[u32] = if *declared == 0 { &[] } else { &[*declared] };
        let sent = Outgoing::new()
            .parse_typed("", sql, types)
            .bind_with("", "", &[Some(value)], [*format, 0])
            .execute("", 0)
            .sync();
        client.send(&sent);
        let reply = client.receive_through(b'Z');
        rows_of(&reply).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let (subjects, bulk) = last(&proxy);
        assert_eq!((subjects, bulk.len()), (seven.clone(), 0), "{sql} {declared} {format}");
    }
    // A value whose type may be another is nobody's in particular.
    let sent = Outgoing::new()
        .parse_typed("", "SELECT name FROM person WHERE id = $1", &[701])
        .bind_with("", "", &[Some(&7_f64.to_be_bytes())], [1, 0])
        .execute("", 0)
        .sync();
    client.send(&sent);
    rows_of(&client.receive_through(b'Z')).expect("a row");
    assert_eq!(last(&proxy).1.len(), 1);
}

#[test]
fn what_is_prepared_or_opened_names_people_when_it_is_used() {
    let Some(town) = Town::make("subjects_later") else { return };
    let proxy = town.proxy();
    let mut client = town.through(&proxy, "serve");
    let (seven, _) = noted(&proxy, &mut client, "SELECT name FROM person WHERE id = 7");
    client.query("PREPARE p (bigint) AS SELECT name FROM person WHERE id = $1");
    assert_eq!(noted(&proxy, &mut client, "EXECUTE p (7)"), (seven.clone(), vec![]));
    assert_eq!(noted(&proxy, &mut client, "EXECUTE p ('7')"), (seven.clone(), vec![]));
    assert_eq!(noted(&proxy, &mut client, "EXECUTE p (6 + 1)").1.len(), 1);
    client.query("BEGIN; DECLARE c CURSOR FOR SELECT name FROM person WHERE id = 7");
    assert_eq!(noted(&proxy, &mut client, "FETCH 1 FROM c"), (seven.clone(), vec![]));
    client.query("COMMIT");
    // One statement, bound for one person after the other.
    let (_, eight) = (0, noted(&proxy, &mut client, "SELECT name FROM person WHERE id = 8").0);
    client.send(&Outgoing::new().parse("s", "SELECT name FROM person WHERE id = $1").sync());
    client.receive_through(b'Z');
    for (value, expected) in [("7", &seven), ("8", &eight), ("7", &seven)] {
        client.send(&Outgoing::new().bind("s", &[Some(value.as_bytes())]).execute("", 0).sync());
        client.receive_through(b'Z');
        assert_eq!(&last(&proxy).0, expected);
    }
}
