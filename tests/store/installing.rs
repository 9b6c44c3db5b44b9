//! Installing: once or again, over an older version, for each type of keys, by the rules.

use super::{consent, database, error, lines, login, store};

#[test]
fn installing_again_changes_nothing() {
    let Some(cluster) = store("again") else { return };
    let mut keeper = login(cluster, "keeper", "again");
    keeper.rows("SELECT pgpurpose.grant(1, 'ads'), pgpurpose.lock(2)");
    let picture = "SELECT 'c', c.relname, c.relkind::text, c.relacl::text FROM pg_class c
            WHERE c.relnamespace = 'pgpurpose'::regnamespace
        UNION ALL SELECT 'p', p.oid::regprocedure::text, md5(p.prosrc), p.proacl::text
            FROM pg_proc p WHERE p.pronamespace = 'pgpurpose'::regnamespace
        UNION ALL SELECT 'i', part, version::text, installed::text FROM pgpurpose.installed
        UNION ALL SELECT 'e', e::text, '', '' FROM pgpurpose.event e
        UNION ALL SELECT 's', c::text, '', '' FROM pgpurpose.choice c ORDER BY 1, 2";
    let mut truth = login(cluster, "postgres", "again");
    let before = lines(&mut truth, picture);
    for _ in 0..2 {
        let output = consent(cluster, "again", "install", &["--writers", "keeper"]);
        assert!(output.status.success(), "{output:?}");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(told.starts_with("the consent store is up to date"), "{told}");
    }
    assert_eq!(lines(&mut truth, picture), before);
    let other = consent(cluster, "again", "install", &["--subject-type", "uuid"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&other.stderr).contains("by bigint, not by uuid"));
    assert_eq!(lines(&mut truth, picture), before);
}

#[test]
fn an_older_store_keeps_what_it_holds() {
    let Some(cluster) = database("older") else { return };
    // What the version before this one had put there.
    let first = include_str!("../../src/upstream/consent/001_choices.sql");
    cluster.execute("older", include_str!("../../src/upstream/install.sql"));
    cluster.execute("older", &first.replace("{subject}", "uuid"));
    let person = "00000000-0000-0000-0000-000000000001";
    cluster.execute(
        "older",
        &format!(
            "INSERT INTO pgpurpose.installed (part, version) VALUES ('consent', 1);
             INSERT INTO pgpurpose.event (subject, kind, purpose) VALUES ('{person}', 'given', 'ads');
             INSERT INTO pgpurpose.person (subject) VALUES ('{person}');
             INSERT INTO pgpurpose.choice (subject, purpose, guardian, choice, event)
             VALUES ('{person}', 'ads', false, true, 1)"
        ),
    );
    let output = consent(cluster, "older", "install", &["--writers", "keeper"]);
    assert!(output.status.success(), "{output:?}");
    let mut truth = login(cluster, "postgres", "older");
    let installed = "SELECT version FROM pgpurpose.installed WHERE part = 'consent'";
    assert_eq!(lines(&mut truth, installed), ["2"]);
    let mut keeper = login(cluster, "keeper", "older");
    let shown = format!("SELECT purpose, choice FROM pgpurpose.show('{person}')");
    assert_eq!(lines(&mut keeper, &shown), ["ads t"]);
    keeper.rows(&format!("SELECT pgpurpose.withdraw('{person}', 'ads')"));
    assert_eq!(lines(&mut keeper, &shown), ["ads f"]);
    assert_eq!(lines(&mut truth, "SELECT purpose FROM pgpurpose.consent_change"), ["ads"]);
    // One of a later version is not touched.
    cluster.execute("older", "UPDATE pgpurpose.installed SET version = 99 WHERE part = 'consent'");
    let output = consent(cluster, "older", "install", &[]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn people_are_known_by_any_type_of_key() {
    let uuid = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    for (database_name, kind, key) in [
        ("by_text", "text", "'ada@example'"),
        ("by_int", "integer", "7"),
        ("by_uuid", "uuid", uuid),
    ] {
        let Some(cluster) = database(database_name) else { return };
        let arguments = ["--writers", "keeper", "--subject-type", kind];
        let output = consent(cluster, database_name, "install", &arguments);
        assert!(output.status.success(), "{output:?}");
        let key = if kind == "uuid" { format!("'{key}'") } else { key.to_owned() };
        let mut keeper = login(cluster, "keeper", database_name);
        keeper.rows(&format!("SELECT pgpurpose.grant({key}, 'ads')"));
        let shown = lines(&mut keeper, &format!("SELECT choice FROM pgpurpose.show({key})"));
        assert_eq!(shown, ["t"], "{kind}");
        let typed = "SELECT format_type(atttypid, NULL) FROM pg_attribute
            WHERE attrelid = 'pgpurpose.choices'::regclass AND attname = 'subject'";
        assert_eq!(lines(&mut login(cluster, "postgres", database_name), typed), [kind]);
    }
    let Some(cluster) = database("by_nothing") else { return };
    for kind in ["nonesuch", "anyelement", "int; DROP SCHEMA pgpurpose", ""] {
        let output = consent(cluster, "by_nothing", "install", &["--subject-type", kind]);
        assert_eq!(output.status.code(), Some(2), "{kind}");
    }
    let mut truth = login(cluster, "postgres", "by_nothing");
    assert_eq!(error(&mut truth, "TABLE pgpurpose.installed").0, "42P01", "all or nothing");
}

#[test]
fn the_rules_say_who_reads() {
    let Some(cluster) = database("by_rules") else { return };
    for role in ["ads_engine", "analyst"] {
        cluster.create_role(role);
    }
    cluster.execute("by_rules", include_str!("../../rules/schema.sql"));
    let output = consent(cluster, "by_rules", "install", &["--rules", "rules"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && told.contains("read by ads_engine, analyst"), "{told}");
    assert!(told.contains("no such role: acme_courier"), "{told}");
    let counted = lines(
        &mut login(cluster, "ads_engine", "by_rules"),
        "SELECT count(*) FROM pgpurpose.choices",
    );
    assert_eq!(counted, ["0"]);
    let called =
        error(&mut login(cluster, "ads_engine", "by_rules"), "SELECT pgpurpose.grant(1, 'ads')");
    assert_eq!(called.0, "42501");
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_pgpurpose"));
    check.args(["check", "--short", "--rules", "rules", "--upstream"]);
    check.arg(super::url(cluster, "by_rules")).current_dir(env!("CARGO_MANIFEST_DIR"));
    let told = check.output().expect("the program starts").stdout;
    let told = String::from_utf8_lossy(&told).into_owned();
    let lacks = "PP066";
    let of_role = |role: &str| told.lines().any(|l| l.contains(lacks) && l.contains(role));
    assert!(of_role("role analyst may not read"), "{told}");
    assert!(!of_role("acme_courier"), "a role that is not there: {told}");
    cluster.execute("by_rules", "GRANT pgpurpose_consent TO analyst");
    login(cluster, "analyst", "by_rules").rows("SELECT pgpurpose.grant(1, 'ads')");
}

#[test]
fn the_command_line_says_and_shows_what_the_functions_do() {
    let Some(cluster) = store("by_hand") else { return };
    let run = |verb: &str, arguments: &[&str]| {
        let output = consent(cluster, "by_hand", verb, arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), text, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(run("grant", &["7", "ads", "--until", "2099-01-01 00:00Z"]).0, Some(0));
    assert_eq!(
        run("refuse", &["7", "--category", "basic.phone", "--evidence", "o'form"]).0,
        Some(0)
    );
    assert_eq!(run("withdraw", &["7", "ads"]).1, "event\n3\n");
    let shown = run("show", &["7"]).1;
    assert!(shown.contains("basic.phone") && shown.contains("ads"), "{shown}");
    let history = run("history", &["7", "--output", "json"]).1;
    let lines: Vec<serde_json::Value> =
        history.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1]["evidence"], "o'form");
    assert_eq!(lines[2]["kind"], "withdrawn");
    let (code, _, error) = run("grant", &["SECRET", "ads"]);
    assert_eq!(code, Some(2), "no key of that type");
    let (code, _, too_much) = run("grant", &["8"]);
    assert_eq!(code, Some(2));
    assert!(too_much.contains("\"purpose\"") && error.contains("22P02"), "{error} {too_much}");
}
