//! Classification follows the data, whatever it is called and wherever it lies: what is made of
//! a governed table, or changed about it, through the proxy or beside it.

use std::time::{Duration, Instant};

use super::{Town, failed, leaks, told};
use crate::harness::Client;

/// The bound within which DDL beside the proxy counts, with `catalog.poll` at its default.
const SEEN_WITHIN: Duration = Duration::from_secs(7);

fn blocked(client: &mut Client, sql: &str) {
    let reply = client.query(sql);
    assert!(failed(&reply).is_some(), "not refused: {sql}: {}", told(&reply));
}

/// Until a statement answers in a way, within the bound.
fn within(bound: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + bound;
    while Instant::now() < deadline {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    holds()
}

const RELATIVES: &str = "
CREATE TABLE heir (extra text) INHERITS (person);
INSERT INTO heir VALUES (9, 'sesame3', 'sesame3@heir.example.org', '1985-03-03', 73911, 'x');
CREATE TABLE visit (id integer, person_id integer, item text) PARTITION BY LIST (id);
CREATE TABLE visit_1 PARTITION OF visit FOR VALUES IN (1);
INSERT INTO visit VALUES (1, 3, 'sesame13');
CREATE TABLE loose (id integer, person_id integer, item text);
INSERT INTO loose VALUES (2, 3, 'sesame13');
ALTER TABLE person ADD COLUMN loud text GENERATED ALWAYS AS (upper(name) || name) STORED;
CREATE TABLE nick (id integer, person_id integer, name text,
    twice text GENERATED ALWAYS AS (name || name) STORED, size integer
    GENERATED ALWAYS AS (length(name)) STORED);
INSERT INTO nick VALUES (1, 3, 'sesame3');
ALTER TABLE person ADD UNIQUE (email);
CREATE TABLE friend (id integer, of_email text REFERENCES person (email), note text);
INSERT INTO friend VALUES (1, 'sesame3@example.org', 'x');
CREATE DOMAIN mail AS text CHECK (VALUE LIKE '%@%');
ALTER TABLE person ADD COLUMN second mail;
UPDATE person SET second = 'sesame3@example.org' WHERE id = 3;
CREATE UNIQUE INDEX one_name ON person (lower(name)) WHERE balance > 0;
GRANT ALL ON ALL TABLES IN SCHEMA public TO town;
";

const MORE_RULES: &str = "
tables:
  public.nick: { subject: person_id, plain: [id, person_id, twice, size], name: basic.name }
  public.visit: { subject: person_id, plain: [id, person_id], item: property.purchase }
";

fn town(database: &'static str) -> Option<Town> {
    Town::start_with(database, RELATIVES, MORE_RULES)
}

#[test]
fn children_generated_columns_and_keys_are_governed() {
    let Some(town) = town("follow_kin") else { return };
    for purpose in ["masked", "ads", "study"] {
        let mut client = town.client(purpose);
        for copy in ["heir", "visit", "visit_1", "person", "friend", "nick"] {
            let found = leaks(&mut client, purpose, copy);
            assert!(found.is_empty(), "{found:?}");
        }
    }
    let mut masked = town.client("masked");
    let name = masked.value("SELECT name FROM heir");
    assert_eq!(name.as_deref(), Some("s."), "a child is masked like its parent");
    let mail = masked.value("SELECT of_email FROM friend");
    assert_eq!(mail.as_deref(), Some("s***@example.org"), "a key is what it references");
    let note = masked.value("SELECT note FROM friend");
    assert_eq!(note.as_deref(), Some("x"));
    let rows = masked.rows("SELECT twice, size FROM nick");
    assert_eq!(rows[0], [Some("s.".to_owned()), None], "listed as plain, and yet a name");
    blocked(&mut masked, "SELECT loud FROM person");
    // A column nobody classified.
    blocked(&mut masked, "SELECT second FROM person");
    blocked(&mut masked, "SELECT extra FROM heir");
    let mut ads = town.client("ads");
    assert_eq!(ads.value("SELECT count(*) FROM friend").as_deref(), Some("0"), "of who refused");
    // Whether a key is taken, by an expression too.
    for sql in [
        "INSERT INTO person (id, email) VALUES (50, 'sesame3@example.org')",
        "INSERT INTO person (id, name) VALUES (50, 'SESAME3')",
        "UPDATE person SET name = 'x' WHERE id = 1",
        "INSERT INTO friend (id, of_email) VALUES (1, 'sesame3@example.org')",
    ] {
        let error = ads.error(sql);
        assert!(error.error_text().contains("tells_taken"), "{}", error.error_text());
    }
    let mut serve = town.client("serve");
    serve.rows("INSERT INTO person (id, name, email) VALUES (50, 'x', 'x@example.org')");
}

#[test]
fn ddl_through_the_proxy_counts_from_the_next_statement() {
    let Some(town) = town("follow_ddl") else { return };
    town.cluster.execute(
        town.database,
        "ALTER TABLE loose OWNER TO town; ALTER TABLE visit OWNER TO town;
        ALTER TABLE person OWNER TO town; ALTER TABLE heir OWNER TO town",
    );
    let mut client = town.client("masked");
    // Before, nobody listed it, and such tables are open here.
    assert!(failed(&client.query("SELECT item FROM loose")).is_none());
    let attach = client.query("ALTER TABLE visit ATTACH PARTITION loose FOR VALUES IN (2)");
    if failed(&attach).is_none() {
        assert!(leaks(&mut client, "masked", "loose").is_empty());
    }
    client.query("SET pgpurpose.purpose = 'masked'");
    for sql in [
        "ALTER TABLE person RENAME COLUMN name TO id2",
        "ALTER TABLE person DROP COLUMN name",
        "ALTER TABLE person RENAME TO elsewhere",
        "ALTER TABLE person SET SCHEMA scratch",
        "ALTER TABLE loose INHERIT person",
        "CREATE TABLE heir2 () INHERITS (person)",
        "CREATE TABLE visit_3 PARTITION OF visit FOR VALUES IN (3)",
        "ALTER TABLE visit DETACH PARTITION visit_1",
    ] {
        blocked(&mut client, sql);
    }
    // A new column is closed until it is classified, at once and for everybody.
    client.rows("ALTER TABLE person ADD COLUMN fresh text DEFAULT 'sesame3'");
    blocked(&mut client, "SELECT fresh FROM person");
    blocked(&mut town.client("masked"), "SELECT fresh FROM person");
    blocked(&mut town.client("masked"), "SELECT to_json(person) FROM person");
}

/// Other clients learn of it at once, not at the next look at the catalog.
#[test]
fn ddl_through_the_proxy_counts_for_the_others() {
    let Some(town) = town("follow_others") else { return };
    let (mut maker, mut reader) = (town.client("serve"), town.client("masked"));
    for n in 1..4 {
        maker.rows(&format!("CREATE VIEW v{n} AS SELECT 'x'::text AS x"));
        let error = failed(&reader.query(&format!("SELECT x FROM v{n}")));
        assert!(error.is_none(), "{error:?}");
        maker.rows(&format!("CREATE OR REPLACE VIEW v{n} AS SELECT name AS x FROM person"));
        let governed = || {
            let text = told(&reader.query(&format!("SELECT x FROM v{n}")));
            !text.contains("sesame3")
        };
        assert!(within(Duration::from_millis(1_500), governed), "view {n}");
    }
}

#[test]
fn ddl_beside_the_proxy_counts_within_the_bound() {
    let Some(town) = town("follow_beside") else { return };
    let mut client = town.client("masked");
    client.rows("SELECT name, email FROM person");
    let beside = |sql: &str| town.cluster.execute(town.database, sql);
    // A column that appears, one that is renamed, a table that takes a listed one's name.
    beside("ALTER TABLE person ADD COLUMN late text DEFAULT 'sesame3'");
    assert!(within(SEEN_WITHIN, || {
        failed(&client.query("SELECT late FROM person")).is_some_and(|e| e.contains("42501"))
    }));
    beside("ALTER TABLE person RENAME COLUMN email TO contact");
    assert!(within(SEEN_WITHIN, || {
        failed(&client.query("SELECT contact FROM person")).is_some_and(|e| e.contains("42501"))
    }));
    beside("ALTER TABLE visit ATTACH PARTITION loose FOR VALUES IN (2)");
    assert!(within(SEEN_WITHIN, || {
        !told(&client.query("SELECT * FROM loose")).contains("sesame13")
    }));
    beside(
        "CREATE OR REPLACE VIEW plain_v AS SELECT 'x'::text AS x; GRANT SELECT ON plain_v TO town",
    );
    assert!(failed(&client.query("SELECT x FROM plain_v")).is_none());
    beside("CREATE OR REPLACE VIEW plain_v AS SELECT name AS x FROM person");
    assert!(within(SEEN_WITHIN, || {
        !told(&client.query("SELECT x FROM plain_v")).contains("sesame3")
    }));
}
