//! Who read a person's data: exactly the statements that name the person, and apart from them
//! those that may have read anybody.

use std::fs;
use std::io::Write;

use super::Town;
use super::harness::{Outgoing, Proxy};
use super::verb::{all, out, pgpurpose};

fn access(proxy: &Proxy, id: &str) -> Vec<serde_json::Value> {
    let mut command = pgpurpose();
    command.args(["subject", "access", id, "--output", "json", "--audit"]).arg(proxy.audit_path());
    let output = command.output().expect("the program");
    assert_eq!(output.status.code(), Some(0), "{}", all(&output));
    out(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn exactly_the_statements_that_name_a_person_are_listed() {
    let Some(town) = Town::make("subjects_access") else { return };
    let proxy = town.proxy();
    let mut client = town.through(&proxy, "serve");
    client.rows("SELECT name, born FROM person WHERE id = 7");
    client.rows("SELECT name FROM person WHERE id = 8");
    client.rows("SELECT item FROM purchase WHERE person_id IN (7, 8)");
    let by_id = "SELECT email FROM person WHERE id = $1";
    for (format, value) in [(0, &b"7"[..]), (1, &7_i64.to_be_bytes()[..]), (0, b"8")] {
        let sent = Outgoing::new().parse("", by_id).bind_with("", "", &[Some(value)], [format, 0]);
        client.send(&sent.execute("", 0).sync());
        client.receive_through(b'Z');
    }
    client.rows("SELECT count(*) FROM visit");
    client.error("UPDATE choice SET choice = true WHERE person_id = 7");
    let mut ads = town.through(&proxy, "ads");
    ads.rows("SELECT name FROM person WHERE id = 8");
    ads.rows("SELECT name FROM person");
    ads.rows("SELECT name FROM person WHERE born > '1980-01-01'");
    let lines = access(&proxy, "7");
    let named: Vec<_> = lines.iter().filter(|line| line["named"] == true).collect();
    let statements: Vec<_> = named
        .iter()
        .map(|line| (line["purpose"].as_str().unwrap(), line["tables"][0].as_str().unwrap()))
        .collect();
    let (person, purchase) = (("serve", "public.person"), ("serve", "public.purchase"));
    assert_eq!(statements, [person, purchase, person, person]);
    assert_eq!(named[0]["columns"]["public.person.born"], "allow");
    assert_eq!(named[0]["role"], "clerk");
    assert_eq!(named[0]["id"].as_str().map(str::len), Some(26));
    let bulk: Vec<_> = lines.iter().filter(|line| line["may_have"] == true).collect();
    assert_eq!(bulk.len(), 2, "{lines:?}");
    let ads = bulk.iter().find(|line| line["purpose"] == "ads").unwrap();
    assert_eq!((&ads["times"], &ads["treatment"]), (&2.into(), &"masked".into()));
    assert_eq!(ads["conditions"], serde_json::json!(["consent"]));
    // Eight was read by others; nobody is not listed.
    assert_eq!(access(&proxy, "8").iter().filter(|line| line["named"] == true).count(), 4);
    assert_eq!(access(&proxy, "49").iter().filter(|line| line["named"] == true).count(), 0);
    // A torn line and a file set aside change nothing.
    let trail = fs::read_to_string(proxy.audit_path()).unwrap();
    let aside = proxy.audit_path().with_file_name("audit-20260101T000000Z.jsonl");
    let (first, rest) = trail.split_at(trail.len() / 2);
    let cut = first.rfind('\n').unwrap() + 1;
    fs::write(&aside, &trail[..cut]).unwrap();
    let copy = proxy.audit_path().with_file_name("copy");
    fs::create_dir(&copy).unwrap();
    fs::rename(&aside, copy.join("audit-20260101T000000Z.jsonl")).unwrap();
    fs::write(copy.join("audit.jsonl"), format!("{}{rest}{{\"torn\":\"sub", &first[cut..]))
        .unwrap();
    fs::copy(proxy.audit_path().with_extension("key"), copy.join("audit.key")).unwrap();
    let mut command = pgpurpose();
    command
        .args(["subject", "access", "7", "--output", "json", "--audit"])
        .arg(copy.join("audit.jsonl"));
    let again = command.output().unwrap();
    assert_eq!(out(&again).lines().count(), lines.len(), "{}", all(&again));
    // As a table.
    let mut command = pgpurpose();
    command.args(["subject", "access", "7", "--audit"]).arg(proxy.audit_path());
    let table = out(&command.output().unwrap());
    assert!(
        table.contains("may have been read by") && table.contains("public.person.born  allow"),
        "{table}"
    );
}

#[test]
fn a_long_trail_is_read_in_little_memory() {
    let directory = super::harness::process::fresh_directory("trail");
    let path = directory.join("audit.jsonl");
    let mut file = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    for n in 0..200_000 {
        writeln!(
            file,
            "{{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"decision\",\"id\":\"{n}\",\"role\":\"r\",\
             \"purpose\":\"p\",\"decision\":\"allow\",\"tables\":[\"a.b\"],\"columns\":{{}},\
             \"bulk\":{{\"a.b\":[]}}}}"
        )
        .unwrap();
    }
    drop(file);
    fs::write(directory.join("audit.key"), super::verb::KEY).unwrap();
    let limited = "ulimit -v 400000; exec \"$0\" subject access 7 --output json --audit \"$1\"";
    let program = env!("CARGO_BIN_EXE_pgpurpose");
    let output = std::process::Command::new("sh")
        .args(["-c", limited, program])
        .arg(&path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", all(&output));
    assert!(out(&output).contains("\"times\":200000"), "{}", all(&output));
    fs::remove_dir_all(&directory).unwrap();
}
