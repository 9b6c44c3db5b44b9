//! Everything held of a person comes out, and nothing of others; how a person stands is changed
//! where it is kept.

use std::process::Command;

use super::verb::{Desk, all, out, pgpurpose};
use super::{POLICY, Town};

fn exported(desk: &Desk, id: &str) -> serde_json::Value {
    let output = desk.run("export", id, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", all(&output));
    serde_json::from_str(&out(&output)).unwrap_or_else(|error| panic!("{error}: {}", out(&output)))
}

#[test]
fn everything_held_of_a_person_is_exported() {
    let Some(town) = Town::make("subjects_export") else { return };
    let desk = Desk::new(&town);
    let document = exported(&desk, "7");
    let rows = |table: &str| document["tables"][table]["rows"].as_array().unwrap().len();
    for (table, expected) in [
        ("person", 1),
        ("address", 1),
        ("purchase", 4),
        ("line", 8),
        ("line_note", 8),
        ("invoice", 2),
        ("message", 2),
        ("visit", 2),
        ("choice", 1),
    ] {
        assert_eq!(rows(&format!("public.{table}")), expected, "{table}");
    }
    let person = &document["tables"]["public.person"];
    assert_eq!(person["rows"][0]["id"], 7);
    assert_eq!(person["rows"][0]["born"], "1980-01-08");
    assert_eq!(person["categories"]["email"][0], "basic.email");
    assert!(!document.to_string().contains("Name8\"") || document.to_string().contains("Name7"));
    // Whom nobody knows has nothing.
    assert_eq!(exported(&desk, "4711")["tables"]["public.person"]["rows"], serde_json::json!([]));
    let lines = desk.lines();
    assert_eq!(lines[1]["tables"]["public.line"]["exported"], 8);
    // What nobody is shown is not exported either.
    let secret = POLICY.replace("email: email,", "email: block,");
    let document = exported(&Desk::with(&town, &secret), "7");
    let person = &document["tables"]["public.person"];
    assert_eq!(person["withheld"][0], "email");
    assert!(person["rows"][0].get("email").is_none(), "{person}");
}

#[test]
fn who_outside_received_data_is_told_from_the_trail() {
    let Some(town) = Town::make("subjects_received") else { return };
    let policy = POLICY.replace("roles:\n", "  send: { consent: none, outside: true, data: { basic: allow } }\nroles:\n  courier: { outside: Acme Courier Ltd, may: [send] }\n");
    let desk = Desk::with(&town, &policy);
    exported(&desk, "7");
    let hash = desk.lines()[0]["subjects"][0].as_str().unwrap().to_owned();
    let line = |id: &str, role: &str, whose: &str| {
        format!(
            "{{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"decision\",\"id\":\"{id}\",\
             \"role\":\"{role}\",\"purpose\":\"send\",\"decision\":\"allow\",{whose}}}\n"
        )
    };
    let (named, bulk) = (format!("\"subjects\":[\"{hash}\"]"), "\"bulk\":{\"public.person\":[]}");
    let trail = desk.directory.join("audit.jsonl");
    let other = named.replace(&hash, &"0".repeat(32));
    let lines = [
        line("1", "courier", &named),
        line("2", "clerk", &named),
        line("3", "courier", bulk),
        line("4", "courier", &other),
    ];
    std::fs::write(&trail, lines.concat()).unwrap();
    let output = desk.run("export", "7", &["--audit", trail.to_str().unwrap()]);
    let document: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    let received = &document["received_outside"];
    assert_eq!(received["received"]["Acme Courier Ltd"]["times"], 1, "{received}");
    assert_eq!(received["may_have_received"]["Acme Courier Ltd"]["times"], 1, "{received}");
}

fn install(town: &Town) {
    let url =
        format!("postgres://postgres:invented@127.0.0.1:{}/{}", town.cluster.port, town.database);
    let mut command: Command = pgpurpose();
    command.args(["consent", "install", "--upstream", &url]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", all(&output));
}

#[test]
fn how_a_person_stands_is_changed_in_the_store() {
    let Some(town) = Town::make("subjects_store") else { return };
    let desk = Desk::new(&town);
    let none = desk.run("lock", "7", &[]);
    assert_eq!(none.status.code(), Some(2), "{}", all(&none));
    install(&town);
    for (verb, code, status) in [
        ("lock", 0, "is now locked"),
        ("lock", 1, "was already locked"),
        ("unlock", 0, "is now active"),
        ("cancel", 0, "is now cancelled"),
        ("cancel", 1, "was already cancelled"),
    ] {
        let output = desk.run(verb, "7", &["--evidence", "case 11"]);
        assert_eq!(output.status.code(), Some(code), "{verb}: {}", all(&output));
        assert!(out(&output).contains(status), "{verb}: {}", all(&output));
    }
    let document = exported(&desk, "7");
    assert_eq!(document["consent"]["status"][0]["status"], "cancelled");
    assert_eq!(document["consent"]["history"].as_array().unwrap().len(), 3);
    // Erased, the store says so, and a second time there is nothing to do.
    let done = desk.run("erase", "7", &[]);
    assert_eq!(done.status.code(), Some(0), "{}", all(&done));
    assert!(out(&done).contains("\"store\": \"erased\""), "{}", all(&done));
    let again = desk.run("erase", "7", &[]);
    assert!(out(&again).ends_with("there is nothing to do\n"), "{}", all(&again));
}
