//! Each function of the store: what it records, what holds afterwards, what it refuses.

use super::{error, lines, login, store};

const CHOICES: &str = "SELECT coalesce(purpose, '*'), coalesce(category, '*'),
    coalesce(service, '*'), coalesce(recipient, '*'), choice, guardian, valid_until::date
    FROM pgpurpose.choices WHERE subject = 1 ORDER BY 1, 2, 3, 4, 6";

#[test]
fn a_choice_takes_the_place_of_the_one_before() {
    let Some(cluster) = store("choices") else { return };
    let mut keeper = login(cluster, "keeper", "choices");
    let mut reader = login(cluster, "reader", "choices");
    for sql in [
        "SELECT pgpurpose.grant(1, 'ads')",
        "SELECT pgpurpose.refuse(1, 'survey')",
        "SELECT pgpurpose.grant(1, 'share', recipient => 'Acme Courier Ltd')",
        "SELECT pgpurpose.refuse(1, category => 'basic.phone')",
        "SELECT pgpurpose.grant(1, service => 'live')",
        "SELECT pgpurpose.grant(1, 'study', valid_until => '2099-01-01 00:00Z')",
        "SELECT pgpurpose.grant(2, 'ads')",
    ] {
        keeper.rows(sql);
    }
    let before = [
        "* * live * t f -",
        "* basic.phone * * f f -",
        "ads * * * t f -",
        "share * * Acme Courier Ltd t f -",
        "study * * * t f 2099-01-01",
        "survey * * * f f -",
    ];
    assert_eq!(lines(&mut reader, CHOICES), before);
    keeper.rows("SELECT pgpurpose.withdraw(1, 'ads')");
    keeper.rows("SELECT pgpurpose.grant(1, 'survey')");
    keeper.rows("SELECT pgpurpose.grant(1, 'study')");
    let after = lines(&mut reader, CHOICES);
    let expected = ["ads * * * f f -", "study * * * t f -", "survey * * * t f -"];
    assert!(expected.iter().all(|line| after.contains(&(*line).to_owned())), "{after:?}");
    assert_eq!(after.len(), before.len());
    let history = "SELECT kind, purpose, category, service, recipient, recorded_by
        FROM pgpurpose.history(1)";
    let history = lines(&mut keeper, history);
    assert_eq!(history.len(), 9, "nothing is forgotten: {history:?}");
    assert_eq!(history[0], "given ads - - - keeper");
    assert_eq!(history[6], "withdrawn ads - - - keeper");
    assert_eq!(lines(&mut keeper, "SELECT purpose, choice FROM pgpurpose.show(2)"), ["ads t"]);
}

#[test]
fn a_no_takes_back_every_yes_that_is_narrower() {
    let Some(cluster) = store("narrower") else { return };
    let mut keeper = login(cluster, "keeper", "narrower");
    let given = [
        "1, 'share'",
        "1, 'share.partners'",
        "1, 'share', recipient => 'Acme'",
        "1, 'share', 'basic.name'",
        "1, 'shared'",
        "1, 'ads'",
        "2, 'share'",
    ];
    for arguments in given {
        keeper.rows(&format!("SELECT pgpurpose.grant({arguments})"));
    }
    keeper.rows("SELECT pgpurpose.withdraw(1, 'share', 'basic')");
    let yes = "SELECT purpose, coalesce(category, '*'), coalesce(recipient, '*') FROM
        pgpurpose.show(1) WHERE choice ORDER BY 1, 2, 3";
    let left = ["ads * *", "share * *", "share * Acme", "share.partners * *", "shared * *"];
    assert_eq!(lines(&mut keeper, yes), left, "only what is under basic");
    keeper.rows("SELECT pgpurpose.withdraw(1, 'share')");
    assert_eq!(lines(&mut keeper, yes), ["ads * *", "shared * *"]);
    keeper.rows("SELECT pgpurpose.grant(1, 'share')");
    assert_eq!(lines(&mut keeper, yes), ["ads * *", "share * *", "shared * *"]);
    keeper.rows("SELECT pgpurpose.refuse(1, service => 'live')");
    assert_eq!(lines(&mut keeper, yes).len(), 3, "another service's choices stay");
    assert_eq!(lines(&mut keeper, "SELECT choice FROM pgpurpose.show(2)"), ["t"]);
}

#[test]
fn accounts_go_the_ways_that_there_are() {
    let Some(cluster) = store("accounts") else { return };
    let mut keeper = login(cluster, "keeper", "accounts");
    let mut status = |sql: &str| {
        let reply = keeper.query(sql);
        match reply.iter().find(|m| m.tag == b'E') {
            Some(error) => error.field(b'C').unwrap_or_default(),
            None => lines(&mut keeper, "SELECT status FROM pgpurpose.status(1)").concat(),
        }
    };
    for (sql, expected) in [
        ("SELECT pgpurpose.unlock(1)", "active"),
        ("SELECT pgpurpose.lock(1, 'leak-17')", "locked"),
        ("SELECT pgpurpose.lock(1)", "locked"),
        ("SELECT pgpurpose.unlock(1)", "active"),
        ("SELECT pgpurpose.grant(1, 'ads')", "active"),
        ("SELECT pgpurpose.lock(1)", "locked"),
        ("SELECT pgpurpose.cancel_account(1)", "cancelled"),
        ("SELECT pgpurpose.cancel_account(1)", "cancelled"),
        ("SELECT pgpurpose.lock(1)", "55000"),
        ("SELECT pgpurpose.unlock(1)", "55000"),
        ("SELECT pgpurpose.grant(1, 'ads')", "55000"),
        ("SELECT pgpurpose.withdraw(1, 'ads')", "cancelled"),
        ("SELECT pgpurpose.reopen_account(1)", "active"),
        ("SELECT pgpurpose.reopen_account(1)", "active"),
        ("SELECT pgpurpose.cancel_account(1)", "cancelled"),
        ("SELECT pgpurpose.erased(1, 'receipt-4')", "erased"),
        ("SELECT pgpurpose.erased(1)", "55000"),
        ("SELECT pgpurpose.reopen_account(1)", "55000"),
        ("SELECT pgpurpose.refuse(1, 'ads')", "55000"),
        ("SELECT pgpurpose.seen(1)", "55000"),
    ] {
        assert_eq!(status(sql), expected, "{sql}");
    }
    let kinds = lines(&mut keeper, "SELECT kind FROM pgpurpose.history(1)").join(" ");
    assert_eq!(
        kinds, "locked unlocked given locked cancelled withdrawn reopened cancelled erased",
        "what changes nothing is no event"
    );
    let left = lines(&mut keeper, "SELECT purpose, category, choice FROM pgpurpose.show(1)");
    assert_eq!(left, ["- - f"], "no to everything");
}

#[test]
fn people_are_told_and_then_go_on() {
    let Some(cluster) = store("told") else { return };
    let mut keeper = login(cluster, "keeper", "told");
    let mut after = |sql: &str| {
        keeper.rows(sql);
        let facts = "SELECT policy_seen, policy_agreed, notified_at IS NOT NULL,
            last_active IS NOT NULL FROM pgpurpose.status(1)";
        lines(&mut keeper, facts).concat()
    };
    assert_eq!(after("SELECT pgpurpose.seen(1)"), "- - f t");
    assert_eq!(after("SELECT pgpurpose.notify(1, 3, 'mail-2026-11')"), "3 - t t");
    assert_eq!(after("SELECT pgpurpose.notify(1, 2)"), "3 - t t", "an older one tells nothing");
    assert_eq!(after("SELECT pgpurpose.seen(1)"), "3 3 t t", "told, and gone on, within the hour");
    assert_eq!(after("SELECT pgpurpose.notify(1, 4)"), "4 3 t t");
    assert_eq!(after("SELECT pgpurpose.agree(1, 5)"), "5 5 t t");
    let before = lines(&mut keeper, "SELECT last_active FROM pgpurpose.status(1)");
    keeper.rows("SELECT pgpurpose.seen(1)");
    assert_eq!(lines(&mut keeper, "SELECT last_active FROM pgpurpose.status(1)"), before);
    assert_eq!(
        lines(&mut keeper, "SELECT kind, version FROM pgpurpose.history(1)"),
        ["notified 3", "notified 4", "agreed 5"]
    );
}

#[test]
fn guardians_choose_for_as_long_as_they_are() {
    let Some(cluster) = store("guardians") else { return };
    let mut keeper = login(cluster, "keeper", "guardians");
    let choices = "SELECT purpose, choice, guardian, valid_until > now() FROM pgpurpose.show(1)";
    let (state, _) = error(&mut keeper, "SELECT pgpurpose.grant(1, 'ads', guardian => 7)");
    assert_eq!(state, "55000", "nobody has said so");
    keeper.rows("SELECT pgpurpose.guardian(1, 7, now() + interval '2 years')");
    keeper.rows("SELECT pgpurpose.guardian(1, 8, now() + interval '1 year')");
    keeper.rows("SELECT pgpurpose.grant(1, 'ads', guardian => 7)");
    keeper.rows("SELECT pgpurpose.refuse(1, 'ads')");
    assert_eq!(lines(&mut keeper, choices), ["ads f f -", "ads t t t"], "both voices are kept");
    let ends = "SELECT round(extract(epoch FROM guardian_until - now()) / 31557600)
        FROM pgpurpose.status(1)";
    assert_eq!(lines(&mut keeper, ends), ["2"]);
    keeper.rows("SELECT pgpurpose.guardian_ended(1, 7)");
    assert_eq!(lines(&mut keeper, ends), ["1"]);
    assert_eq!(lines(&mut keeper, choices), ["ads f f -", "ads t t t"], "one is left");
    keeper.rows("SELECT pgpurpose.guardian_ended(1, 8)");
    assert_eq!(lines(&mut keeper, ends), ["-"]);
    assert_eq!(lines(&mut keeper, choices), ["ads f f -", "ads t t f"], "nobody is");
    let again = lines(&mut keeper, "SELECT pgpurpose.guardian_ended(1, 8)");
    assert_eq!(again, ["-"], "it has ended");
    let (state, _) = error(&mut keeper, "SELECT pgpurpose.guardian(1, 1)");
    assert_eq!(state, "22023");
}

#[test]
fn arguments_are_looked_at_and_never_quoted() {
    let Some(cluster) = store("arguments") else { return };
    let mut keeper = login(cluster, "keeper", "arguments");
    let long = "x".repeat(201);
    for call in [
        "grant(NULL, 'ads')".to_owned(),
        "grant(4711)".to_owned(),
        "grant(4711, '')".to_owned(),
        "grant(4711, 'SECRET ')".to_owned(),
        format!("grant(4711, '{long}')"),
        "grant(4711, 'ads', 'SECRET;')".to_owned(),
        "grant(4711, 'ads', service => E'SECRET\\n')".to_owned(),
        "grant(4711, 'ads', recipient => E'SECRET\\n')".to_owned(),
        "grant(4711, 'ads', valid_until => '2001-01-01')".to_owned(),
        "grant(4711, 'ads', evidence => E'SECRET\\x07')".to_owned(),
        "withdraw(4711)".to_owned(),
        "refuse(NULL, 'ads')".to_owned(),
        "notify(4711, 0)".to_owned(),
        "notify(4711, NULL)".to_owned(),
        "agree(4711, -1)".to_owned(),
        "lock(NULL)".to_owned(),
        "cancel_account(NULL)".to_owned(),
        "seen(NULL)".to_owned(),
        "guardian(4711, NULL)".to_owned(),
        "guardian(NULL, 4711)".to_owned(),
        "guardian(4711, 4712, '2001-01-01')".to_owned(),
        "guardian_ended(NULL, 1)".to_owned(),
    ] {
        let error = keeper.error(&format!("SELECT pgpurpose.{call}"));
        assert_eq!(error.field(b'C').as_deref(), Some("22023"), "{call}");
        let text = String::from_utf8_lossy(&error.body).into_owned();
        assert!(!["SECRET", "4711", "xxx"].iter().any(|s| text.contains(s)), "{call}: {text}");
    }
    assert!(lines(&mut keeper, "SELECT kind FROM pgpurpose.history(4711)").is_empty());
}

#[test]
fn nobody_but_the_named_gets_in() {
    let Some(cluster) = store("grants") else { return };
    for (role, sql, state) in [
        ("reader", "SELECT * FROM pgpurpose.choices", None),
        ("reader", "SELECT * FROM pgpurpose.people", None),
        ("keeper", "SELECT * FROM pgpurpose.choices", Some("42501")),
        ("reader", "SELECT pgpurpose.grant(1, 'ads')", Some("42501")),
        ("reader", "SELECT * FROM pgpurpose.show(1)", Some("42501")),
        ("reader", "SELECT * FROM pgpurpose.choice", Some("42501")),
        ("reader", "SELECT * FROM pgpurpose.event", Some("42501")),
        (
            "reader",
            "INSERT INTO pgpurpose.choices (subject, choice) VALUES (1, true)",
            Some("42501"),
        ),
        ("nobody", "SELECT * FROM pgpurpose.choices", Some("42501")),
        ("nobody", "SELECT pgpurpose.refuse(1, 'ads')", Some("42501")),
        (
            "keeper",
            "INSERT INTO pgpurpose.event (subject, kind) VALUES (1, 'given')",
            Some("42501"),
        ),
        ("keeper", "UPDATE pgpurpose.choice SET choice = true", Some("42501")),
        ("keeper", "DELETE FROM pgpurpose.event", Some("42501")),
        ("keeper", "TRUNCATE pgpurpose.event", Some("42501")),
        (
            "keeper",
            "SELECT pgpurpose.chosen('given', 1, ARRAY['a'], NULL, NULL, NULL)",
            Some("42501"),
        ),
        ("keeper", "SELECT pgpurpose.narrowed('')", Some("42501")),
        ("keeper", "SELECT pgpurpose.taken(1)", Some("42501")),
        ("postgres", "UPDATE pgpurpose.event SET kind = 'given'", Some("55000")),
        ("postgres", "DELETE FROM pgpurpose.event WHERE false", Some("55000")),
        ("postgres", "TRUNCATE pgpurpose.event CASCADE", Some("55000")),
    ] {
        let reply = login(cluster, role, "grants").query(sql);
        let found = reply.iter().find(|m| m.tag == b'E').and_then(|m| m.field(b'C'));
        assert_eq!(found.as_deref(), state, "{role}: {sql}");
    }
}

#[test]
fn writers_on_one_person_come_one_after_the_other() {
    const WRITERS: usize = 6;
    const CHOICES: usize = 25;
    let Some(cluster) = store("crowd") else { return };
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            std::thread::spawn(move || {
                let mut keeper = login(cluster, "keeper", "crowd");
                for n in 0..CHOICES {
                    let said = ["grant", "withdraw", "refuse"][(writer + n) % 3];
                    let subject = n % 2;
                    keeper.rows(&format!("SELECT pgpurpose.{said}({subject}, 'ads')"));
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().expect("a writer that ends well");
    }
    let mut truth = login(cluster, "postgres", "crowd");
    let events = "SELECT count(*) FROM pgpurpose.event";
    assert_eq!(lines(&mut truth, events), [(WRITERS * CHOICES).to_string()]);
    // What holds is what was said last, and it was said last by the order of events.
    let differing = "SELECT c.subject FROM pgpurpose.choice c JOIN LATERAL (
            SELECT e.id, e.kind FROM pgpurpose.event e WHERE e.subject = c.subject
            ORDER BY e.at DESC LIMIT 1) e ON true
        WHERE c.event <> e.id OR c.choice <> (e.kind = 'given')
           OR e.id <> (SELECT max(id) FROM pgpurpose.event x WHERE x.subject = c.subject)";
    assert!(lines(&mut truth, differing).is_empty());
}
