//! Erasing one person: everything that is theirs goes or is masked, nothing of anybody else's
//! changes, and it happens whole or not at all.

use std::fs;
use std::time::{Duration, Instant};

use super::harness::Client;
use super::verb::{Desk, all, err, out, verify};
use super::{POLICY, Town};

/// Invoices stay ten years with their number; everything else goes.
fn retaining() -> String {
    POLICY.replace(
        "  public.invoice: { subject: purchase_id -> public.purchase,",
        "  public.invoice: { erase: { keep: [basic.number], retain: 10 years, from: issued, \
         because: tax law }, subject: purchase_id -> public.purchase,",
    )
}

impl Town {
    /// Everything in the database, past the proxy, without what is this person's.
    fn others(&self) -> Vec<Vec<Vec<Option<String>>>> {
        let others = [
            "SELECT id, name, email, born, status, home FROM person WHERE id <> 7",
            "SELECT * FROM address WHERE person_id <> 7",
            "SELECT * FROM purchase WHERE person_id <> 7",
            "SELECT l.* FROM line l JOIN purchase p ON p.id = purchase_id WHERE person_id <> 7",
            "SELECT l.* FROM line_note l JOIN purchase p ON p.id = purchase_id WHERE person_id <> 7",
            "SELECT i.* FROM invoice i JOIN purchase p ON p.id = purchase_id WHERE person_id <> 7",
            "SELECT id, sender_id, body FROM message WHERE sender_id <> 7",
            "SELECT * FROM visit WHERE person_id <> 7",
            "SELECT * FROM choice WHERE person_id <> 7",
            "SELECT * FROM product",
        ];
        let mut client = self.past();
        others.iter().map(|sql| client.rows(&format!("{sql} ORDER BY 1, 2"))).collect()
    }

    fn past(&self) -> Client {
        Client::connect(&self.cluster.superuser(self.database)).expect("login")
    }

    fn counts(&self) -> Vec<String> {
        let mut client = self.past();
        let sql = "SELECT (SELECT count(*) FROM person WHERE id = 7),
            (SELECT count(*) FROM address WHERE person_id = 7),
            (SELECT count(*) FROM purchase WHERE person_id = 7),
            (SELECT count(*) FROM line WHERE purchase_id IN (6, 56, 106, 156)),
            (SELECT count(*) FROM line_note WHERE purchase_id IN (6, 56, 106, 156)),
            (SELECT count(*) FROM invoice WHERE purchase_id IN (6, 56, 106, 156)),
            (SELECT count(*) FROM message WHERE sender_id = 7),
            (SELECT count(*) FROM visit WHERE person_id = 7),
            (SELECT count(*) FROM choice WHERE person_id = 7),
            (SELECT count(*) FROM person WHERE referred_by = 7)";
        client.rows(sql).remove(0).into_iter().flatten().collect()
    }
}

const WHOLE: [&str; 10] = ["1", "1", "4", "8", "8", "2", "2", "2", "1", "2"];
const GONE: [&str; 10] = ["0"; 10];

#[test]
fn everything_of_a_person_goes_and_nothing_of_others() {
    let Some(town) = Town::make("subjects_erase") else { return };
    let desk = Desk::new(&town);
    let others = town.others();
    assert_eq!(town.counts(), WHOLE);
    let planned = desk.run("erase", "7", &["--dry-run"]);
    assert_eq!(planned.status.code(), Some(0), "{}", all(&planned));
    assert_eq!(town.counts(), WHOLE, "a dry run changed something");
    let receipt = desk.directory.join("receipt.json");
    let done = desk.run("erase", " 07", &["--receipt", receipt.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(0), "{}", all(&done));
    // What was planned is what was done.
    assert_eq!(out(&planned), out(&done));
    assert_eq!(town.counts(), GONE);
    assert_eq!(town.others(), others);
    let replies = town.past().rows("SELECT reply_to FROM message WHERE id = 2");
    assert_eq!(replies, [[None]]);
    // Nobody is told who it was.
    let said = [fs::read_to_string(&receipt).unwrap(), fs::read_to_string(desk.record()).unwrap()];
    for text in &said {
        assert!(!text.contains("Name7") && !text.contains("mail7") && !text.contains("\"7\""));
    }
    let lines = desk.lines();
    let last = lines.last().unwrap();
    assert_eq!((&last["state"], &last["role"]), (&"done".into(), &"postgres".into()));
    assert_eq!(last["tables"]["public.line"]["deleted"], 8);
    assert_eq!(last["tables"]["public.person"]["detached"], 2);
    assert_eq!(last["subjects"][0].as_str().map(str::len), Some(32));
    // The second time there is nothing to do.
    let again = desk.run("erase", "7", &[]);
    assert!(out(&again).ends_with("there is nothing to do\n"), "{}", all(&again));
    assert_eq!(again.status.code(), Some(0));
}

#[test]
fn what_has_to_stay_stays_without_the_rest() {
    let Some(town) = Town::make("subjects_retain") else { return };
    let desk = Desk::with(&town, &retaining());
    let others = town.others();
    let done = desk.run("erase", "7", &[]);
    assert_eq!(done.status.code(), Some(0), "{}", all(&done));
    assert!(out(&done).contains("tax law (10 years from issued)"), "{}", all(&done));
    assert_eq!(town.others(), others);
    let mut client = town.past();
    let invoices = client.rows("SELECT id, total, recipient, remark FROM invoice WHERE id < 3");
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(invoices, [[text("1"), text("6"), text("***"), None]]);
    // Its purchase and the person are there for its sake, and say nothing.
    let purchases = client.rows("SELECT id, item, amount FROM purchase WHERE person_id = 7");
    assert_eq!(purchases, [[text("6"), text("***"), text("0")]]);
    let person = client.rows("SELECT name, email, born FROM person WHERE id = 7");
    assert_eq!(person, [[text("***"), None, None]]);
    assert_eq!(client.rows("SELECT street FROM address WHERE person_id = 7"), [[None]]);
    assert_eq!(client.rows("SELECT * FROM line WHERE purchase_id = 6").len(), 0);
    let again = desk.run("erase", "7", &[]);
    assert!(out(&again).ends_with("there is nothing to do\n"), "{}", all(&again));
}

#[test]
fn what_no_rule_speaks_of_stops_it() {
    let Some(town) = Town::make("subjects_stop") else { return };
    town.cluster.execute(town.database, "CREATE TABLE extra (id bigint REFERENCES person)");
    let desk = Desk::new(&town);
    let stopped = desk.run("erase", "7", &[]);
    assert_eq!(stopped.status.code(), Some(1), "{}", all(&stopped));
    assert!(out(&stopped).contains("table public.extra refers to public.person"));
    // A row of somebody else that cannot do without one of this person's.
    town.cluster.execute(
        town.database,
        "DROP TABLE extra;
         ALTER TABLE message ADD COLUMN thread bigint REFERENCES message;
         UPDATE message SET thread = 1; ALTER TABLE message ALTER thread SET NOT NULL",
    );
    let policy = POLICY
        .replace("plain: [id, sender_id, reply_to]", "plain: [id, sender_id, reply_to, thread]");
    let desk = Desk::with(&town, &policy);
    let stopped = desk.run("erase", "7", &[]);
    assert_eq!(stopped.status.code(), Some(1), "{}", all(&stopped));
    assert!(out(&stopped).contains("1 rows of others in public.message"), "{}", all(&stopped));
    assert_eq!(town.counts(), WHOLE);
    assert_eq!(desk.lines().last().unwrap()["state"], "failed");
}

#[test]
fn a_failure_changes_nothing_and_tells_no_value() {
    let Some(town) = Town::make("subjects_fail") else { return };
    town.cluster.execute(
        town.database,
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'not %', OLD.body; END $$;
         CREATE TRIGGER no BEFORE DELETE ON message FOR EACH ROW EXECUTE FUNCTION no()",
    );
    let desk = Desk::new(&town);
    let receipt = desk.directory.join("receipt.json");
    let failed = desk.run("erase", "7", &["--receipt", receipt.to_str().unwrap()]);
    assert_eq!(failed.status.code(), Some(2));
    assert!(!err(&failed).contains("hello") && err(&failed).contains("P0001"), "{}", all(&failed));
    assert_eq!(town.counts(), WHOLE);
    assert!(!receipt.exists() && fs::read_dir(&desk.directory).unwrap().count() == 3);
    // A trigger that keeps a row is noticed.
    town.cluster.execute(
        town.database,
        "CREATE OR REPLACE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    );
    let failed = desk.run("erase", "7", &[]);
    assert_eq!(failed.status.code(), Some(2), "{}", all(&failed));
    assert_eq!(town.counts(), WHOLE);
    let wrong = desk.run("erase", "seven", &[]);
    assert!(wrong.status.code() == Some(2) && !err(&wrong).contains("seven"), "{}", all(&wrong));
}

#[test]
fn killed_in_the_middle_it_has_changed_nothing() {
    let Some(town) = Town::make("subjects_kill") else { return };
    let desk = Desk::new(&town);
    // Somebody holds the last row it needs.
    let mut holder = town.past();
    holder.query("BEGIN; SELECT 1 FROM choice WHERE person_id = 7 FOR UPDATE");
    let mut running = desk.command("erase", "7").spawn().expect("the program");
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
                   AND application_name = 'pgpurpose' AND datname = current_database()";
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut watcher = town.past();
    while watcher.value(waiting).as_deref() != Some("1") {
        assert!(Instant::now() < deadline, "it never came to wait");
        std::thread::sleep(Duration::from_millis(20));
    }
    running.kill().expect("SIGKILL");
    running.wait().expect("its end");
    holder.query("COMMIT");
    let gone = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgpurpose'
                AND datname = current_database() AND state <> 'idle'";
    while watcher.value(gone).as_deref() != Some("0") {
        assert!(Instant::now() < deadline, "its session never ended");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(town.counts(), WHOLE);
    assert_eq!(desk.lines().last().unwrap()["state"], "begun");
    assert_eq!(desk.run("erase", "7", &[]).status.code(), Some(0));
    assert_eq!(town.counts(), GONE);
}

#[test]
fn receipts_verify_and_tampering_shows() {
    let Some(town) = Town::make("subjects_receipt") else { return };
    let desk = Desk::new(&town);
    let receipt = desk.directory.join("receipt.json");
    let done = desk.run("erase", "7", &["--receipt", receipt.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(0), "{}", all(&done));
    let key = desk.directory.join("audit.key");
    assert_eq!(verify(&receipt, &key), Some(0));
    let text = fs::read_to_string(&receipt).unwrap();
    let other = desk.directory.join("other.json");
    for (from, to) in
        [("\"deleted\": 8", "\"deleted\": 9"), ("erasure", "nothing"), ("{", "{\"x\": 1, ")]
    {
        assert!(text.contains(from));
        fs::write(&other, text.replacen(from, to, 1)).unwrap();
        assert_eq!(verify(&other, &key), Some(1), "{from}");
    }
    let other_key = desk.directory.join("other.key");
    fs::write(&other_key, "another key of another installation").unwrap();
    assert_eq!(verify(&receipt, &other_key), Some(1));
    // A key that followed it is put before it.
    fs::write(&other_key, format!("a newer key of this installation\n{}\n", super::verb::KEY))
        .unwrap();
    assert_eq!(verify(&receipt, &other_key), Some(0));
}

#[test]
fn ids_may_be_uuids_and_texts_and_copies_are_found() {
    let Some(town) = Town::make("subjects_kinds") else { return };
    for (kind, id, written) in [
        ("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "A0EEBC999C0B4EF8BB6D6BB9BD380A11"),
        ("text", "o'neill \\ \"x\"", "o'neill \\ \"x\""),
        ("varchar(30)", "näme", "näme"),
    ] {
        town.cluster.execute(
            town.database,
            &format!(
                "DROP SCHEMA public CASCADE; CREATE SCHEMA public;
                 CREATE TABLE person (id {kind} PRIMARY KEY, name text);
                 CREATE TABLE purchase (id int, person_id {kind} REFERENCES person, item text);
                 INSERT INTO person VALUES ('{0}', 'x'); INSERT INTO purchase VALUES (1, '{0}', 'y')",
                id.replace('\'', "''")
            ),
        );
        let policy = "
categories: { basic: { name: fixed } }
subjects: { table: public.person, id: id }
tables:
  public.person: { subject: id, plain: [id], name: basic.name }
  public.purchase: { subject: person_id, plain: [id, person_id], item: basic.name }
purposes: { serve: { consent: none, data: { basic: allow } } }
roles: { clerk: { may: [serve] } }
";
        let desk = Desk::with(&town, policy);
        let done = desk.run("erase", written, &[]);
        assert_eq!(done.status.code(), Some(0), "{kind}: {}", all(&done));
        let left = town
            .past()
            .value("SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM purchase)");
        assert_eq!(left.as_deref(), Some("0"), "{kind}");
    }
}
