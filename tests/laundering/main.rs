//! Attempts to carry personal data away from its labels: each is made through the proxy for a
//! purpose that sees everything, and what it made is then read for purposes that may not, by the
//! connection that made it, by another one, and after the proxy was started anew.

#[path = "../harness/mod.rs"]
mod harness;

mod attempts;
mod follow;

use std::process::Command;

use attempts::{ATTEMPTS, Attempt, Held};
use harness::client::rows_of;
use harness::cluster::{PASSWORD, SUPERUSER};
use harness::{Client, Cluster, Message, Proxy};

const SCHEMA: &str = include_str!("schema.sql");
const POLICY: &str = include_str!("policy.yaml");

/// What no purpose but `serve` may ever be told.
const SECRETS: [&str; 5] = ["sesame3", "sesame13", "73911", "73912", "1985-03-03"];

struct Town {
    cluster: &'static Cluster,
    proxy: Proxy,
    database: &'static str,
}

impl Town {
    fn start(database: &'static str, installed: bool) -> Option<Town> {
        let cluster = Cluster::shared()?;
        cluster.create_role("town");
        cluster.create_database(database, "template0");
        cluster.execute(database, SCHEMA);
        if installed {
            // Once more changes nothing.
            install(cluster, database);
            install(cluster, database);
        }
        let proxy = Proxy::start(cluster, database, &[("policy.yaml", POLICY)]);
        Some(Town { cluster, proxy, database })
    }

    /// With more tables and rules.
    fn start_with(database: &'static str, script: &str, rules: &'static str) -> Option<Town> {
        let cluster = Cluster::shared()?;
        cluster.create_role("town");
        cluster.create_database(database, "template0");
        cluster.execute(database, SCHEMA);
        cluster.execute(database, script);
        install(cluster, database);
        let files = [("policy.yaml", POLICY), ("more.yaml", rules)];
        let proxy = Proxy::start(cluster, database, &files);
        Some(Town { cluster, proxy, database })
    }

    fn restart(&mut self) {
        self.proxy = Proxy::start(self.cluster, self.database, &[("policy.yaml", POLICY)]);
    }

    fn client(&self, purpose: &str) -> Client {
        let login = self.proxy.login("town", self.database).for_purpose(purpose);
        Client::connect(&login).expect("login")
    }

    fn truth(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let login = self.cluster.superuser(self.database);
        Client::connect(&login).expect("login").rows(sql)
    }
}

fn install(cluster: &Cluster, database: &str) {
    let port = cluster.port;
    let url = format!("postgres://{SUPERUSER}:{PASSWORD}@127.0.0.1:{port}/{database}");
    let program = env!("CARGO_BIN_EXE_pgpurpose");
    let output = Command::new(program).args(["install", "--upstream", &url]).output();
    let output = output.expect("pgpurpose install");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn failed(reply: &[Message]) -> Option<String> {
    reply.iter().find(|m| m.tag == b'E').map(Message::error_text)
}

/// Every byte of a reply as text.
fn told(reply: &[Message]) -> String {
    reply.iter().map(|m| String::from_utf8_lossy(&m.to_bytes()).into_owned()).collect()
}

const READERS: [&str; 4] = ["ads", "study", "masked", "stock"];

/// Reads a copy in every way; gives what a purpose was told that it may not know.
fn leaks(client: &mut Client, purpose: &str, copy: &str) -> Vec<String> {
    let mut leaks = Vec::new();
    client.query(&format!("SET pgpurpose.purpose = '{purpose}'"));
    for sql in [
        format!("SELECT * FROM {copy}"),
        format!("SELECT t::text FROM {copy} t"),
        format!("SELECT to_json(t) FROM {copy} t"),
        format!("TABLE {copy}"),
        format!("COPY {copy} TO STDOUT"),
        format!("SELECT count(*) FROM {copy} t WHERE t::text LIKE '%sesame%'"),
        format!("SELECT max(t::text) FROM {copy} t"),
    ] {
        let reply = client.query(&sql);
        let text = told(&reply);
        // `stock` may see what was bought, and only that.
        let allowed: &[&str] = if purpose == "stock" { &["sesame13", "73912"] } else { &[] };
        let found = SECRETS.iter().find(|s| text.contains(**s) && !allowed.contains(s));
        if let Some(secret) = found {
            leaks.push(format!("{purpose} is told {secret} by {sql}"));
        }
        if sql.starts_with("SELECT count")
            && purpose != "stock"
            && rows_of(&reply).is_ok_and(|rows| rows[0][0].as_deref() != Some("0"))
        {
            leaks.push(format!("{purpose} can count by {sql}"));
        }
    }
    client.query("SET pgpurpose.purpose = 'serve'");
    leaks
}

fn make(client: &mut Client, attempt: &Attempt) -> Option<String> {
    attempt.steps.iter().find_map(|step| failed(&client.query(step)))
}

#[test]
fn no_copy_tells_more_than_its_source() {
    let Some(mut town) = Town::start("launder", true) else { return };
    let mut found: Vec<String> = Vec::new();
    let mut maker = town.client("serve");
    for attempt in ATTEMPTS {
        let refusal = make(&mut maker, attempt);
        match (&attempt.held, &refusal) {
            (Held::Refused(part), Some(said)) if said.contains(part) => continue,
            (Held::Refused(part), said) => {
                found.push(format!("{}: {said:?} instead of {part:?}", attempt.name));
            }
            (Held::Labelled(_), Some(said)) => {
                found.push(format!("{}: refused: {said}", attempt.name));
                continue;
            }
            (Held::Labelled(_), None) => {}
        }
        let Held::Labelled(copy) = attempt.held else { continue };
        // Whoever made it can use it.
        let own = maker.query(&format!("SELECT * FROM {copy}"));
        if failed(&own).is_some() {
            found.push(format!("{}: serve cannot read {copy}: {:?}", attempt.name, failed(&own)));
        }
        for purpose in READERS {
            found.extend(leaks(&mut maker, purpose, copy).iter().map(|l| attempt.tells(l)));
        }
    }
    for start in ["before", "after"] {
        if start == "after" {
            drop(maker);
            town.restart();
            maker = town.client("serve");
        }
        for attempt in ATTEMPTS.iter().filter(|attempt| !attempt.is_temporary()) {
            let Held::Labelled(copy) = attempt.held else { continue };
            for purpose in READERS {
                let told = leaks(&mut town.client("serve"), purpose, copy);
                found.extend(told.iter().map(|l| attempt.tells(&format!("{start} restart: {l}"))));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    let kept = town.truth("SELECT DISTINCT relation FROM pgpurpose.derived");
    assert!(kept.len() > 15, "labels were kept: {kept:?}");
}

/// What is kept as rows needs labels; a view needs none.
#[test]
fn without_a_place_for_labels_nothing_is_kept() {
    let Some(town) = Town::start("launder_bare", false) else { return };
    let mut client = town.client("serve");
    for sql in [
        "CREATE TABLE copy AS SELECT * FROM person",
        "CREATE TEMP TABLE copy AS SELECT name FROM person",
        "SELECT id, name INTO copy FROM person",
    ] {
        let error = client.error(sql);
        assert_eq!(error.field(b'C').as_deref(), Some("0A000"), "{error:?}");
        let hint = error.field(b'H').unwrap_or_default();
        assert!(hint.contains("pgpurpose install --upstream"), "{hint}");
    }
    client.rows("CREATE VIEW people AS SELECT id, name FROM person");
    client.rows("CREATE TABLE plain AS SELECT * FROM note");
    assert_eq!(client.rows("SELECT id FROM people").len(), 3);
    let none = town.truth("SELECT to_regclass('copy') IS NULL");
    assert_eq!(none[0][0].as_deref(), Some("t"));
}

/// Labels and table are written by one transaction, in either protocol.
#[test]
fn a_table_and_its_labels_stand_or_fall_together() {
    let Some(town) = Town::start("launder_atomic", true) else { return };
    let mut client = town.client("serve");
    let labels = || {
        let rows = town.truth("SELECT count(*) FROM pgpurpose.derived");
        rows[0][0].clone().unwrap_or_default()
    };
    client.rows("BEGIN");
    client.rows("CREATE TABLE gone AS SELECT id, name FROM person");
    assert_eq!(client.rows("SELECT name FROM gone").len(), 3, "it can be read where it was made");
    assert!(leaks(&mut client, "masked", "gone").is_empty());
    client.query("ROLLBACK");
    assert_eq!(labels(), "0");
    // A name that is taken later has nothing to do with it.
    client.rows("CREATE TABLE gone AS SELECT id, text FROM note");
    assert_eq!(labels(), "0");
    client.rows("BEGIN");
    client.rows("SAVEPOINT s");
    client.rows("CREATE TABLE half AS SELECT id, name FROM person");
    client.rows("ROLLBACK TO s");
    client.rows("CREATE TABLE half AS SELECT id, email FROM person");
    client.rows("COMMIT");
    assert_eq!(labels(), "3");
    // The extended protocol, with a parameter.
    let reply = client
        .query_with("CREATE TABLE bound AS SELECT id, name FROM person WHERE id > $1", &["1"]);
    assert!(failed(&reply).is_none(), "{:?}", failed(&reply));
    assert!(reply.iter().any(|m| m.tag == b'C' && m.body.starts_with(b"SELECT 2")), "{reply:?}");
    assert_eq!(reply.iter().filter(|m| m.tag == b'C').count(), 1, "one tag: {reply:?}");
    assert_eq!(labels(), "6");
    let reply = client.query("CREATE TABLE simple AS SELECT id, name FROM person;");
    let tags: Vec<char> = reply.iter().map(|m| char::from(m.tag)).collect();
    assert_eq!(tags, ['C', 'Z']);
    // Where the labels cannot be written, there is no table.
    town.cluster.execute(town.database, "REVOKE USAGE ON SCHEMA pgpurpose FROM PUBLIC");
    assert!(failed(&client.query("CREATE TABLE lost AS SELECT name FROM person")).is_some());
    let none = town.truth("SELECT to_regclass('lost') IS NULL");
    assert_eq!(none[0][0].as_deref(), Some("t"));
}

/// IF NOT EXISTS that does nothing labels nothing.
#[test]
fn a_table_that_was_there_keeps_what_it_was() {
    let Some(town) = Town::start("launder_there", true) else { return };
    let mut client = town.client("serve");
    client.rows("CREATE TABLE IF NOT EXISTS note AS SELECT id, name AS text FROM person");
    let mut other = town.client("masked");
    assert!(rows_of(&other.query("SELECT * FROM note")).is_ok());
    assert_eq!(town.truth("SELECT * FROM pgpurpose.derived").len(), 0);
    client.rows("CREATE TABLE IF NOT EXISTS fresh AS SELECT id, name FROM person");
    assert!(leaks(&mut client, "masked", "fresh").is_empty());
}

/// What was made can be used, renamed and dropped by whoever made it.
#[test]
fn a_copy_can_be_used_and_dropped() {
    let Some(town) = Town::start("launder_use", true) else { return };
    let mut client = town.client("serve");
    client.rows("CREATE TABLE copy AS SELECT p.id AS who, p.name, u.item FROM person p JOIN purchase u ON u.person_id = p.id");
    client.rows("INSERT INTO copy SELECT id, name, 'none' FROM person WHERE id = 1");
    client.rows("UPDATE copy SET name = 'Ada' WHERE who = 1");
    client.rows("DELETE FROM copy WHERE who = 2");
    client.rows("ALTER TABLE copy RENAME TO pad2");
    client.rows("ALTER TABLE pad2 RENAME COLUMN name TO id");
    assert!(leaks(&mut client, "masked", "pad2").is_empty());
    assert!(leaks(&mut client, "ads", "pad2").is_empty());
    let mut ads = town.client("ads");
    assert_eq!(ads.rows("SELECT who FROM pad2").len(), 2, "only who has not refused");
    client.rows("TRUNCATE pad2");
    client.rows("DROP TABLE pad2");
    client.rows("CREATE TEMP TABLE t AS SELECT id, name FROM person");
    client.rows("DROP TABLE t");
    client.rows("CREATE VIEW v AS SELECT name FROM person");
    client.rows("DROP VIEW v");
}
