//! Two versions of a policy in one result: people who were told of the new one and went on using
//! the service live under it, everybody else under the one before.

#[path = "../harness/mod.rs"]
mod harness;

use std::time::{Duration, Instant};

use harness::{Client, Cluster, Proxy};

const FIRST: &str = include_str!("policy.yaml");

const TOWN: &str = "
CREATE TABLE person (id int PRIMARY KEY, name text, mail text, born date, note text, last_seen timestamptz);
CREATE TABLE choice (person int, purpose text, given boolean);
CREATE TABLE told (person int, version int);
GRANT SELECT, UPDATE ON person TO clerk;
GRANT SELECT ON choice, told TO clerk;
INSERT INTO person SELECT id, 'Name ' || id, 'mail' || id || '@x.org', date '1980-05-05' + id, 'note' || id,
    CASE WHEN id = 3 THEN timestamptz '2024-06-01' ELSE timestamptz '2025-06-02' END
FROM generate_series(1, 6) AS id;
-- 1 told and active; 2 never told; 3 told and not seen since; 4 told of an older one; 5 told, and
-- refuses; 6 told of a later one.
INSERT INTO told VALUES (1, 2), (3, 2), (4, 1), (5, 2), (6, 7), (NULL, 2);
INSERT INTO choice VALUES (5, 'ads', false), (2, 'ads', true);
";

/// Version 2: mails and births in clear, less agreement, no rule about notes, a purpose more.
fn second(effective: &str, published: &str) -> String {
    FIRST
        .replace("version: 1\n", "version: 2\n")
        .replace("2024-01-01", effective)
        .replace("2023-12-01", published)
        .replace("c.mail: mask, c.born: block", "c.mail: allow, c.born: mask")
        .replace("ads: { consent: explicit, data", "ads: { consent: implied, data")
        .replace("rules:\n  - { id: notes, when: { reads: c.note }, then: mask }\n", "")
        .replace("roles:\n", "  games: { consent: none, data: { c.name: allow } }\nroles:\n")
        .replace("may: [list, ads]", "may: [list, ads, games]")
}

const TIMELY: (&str, &str) = ("2025-06-01", "2025-05-01");

struct Town {
    proxy: Proxy,
    database: &'static str,
}

impl Town {
    fn start(database: &'static str, rules: &[(&str, &str)]) -> Option<Town> {
        let cluster = Cluster::shared()?;
        cluster.create_role("clerk");
        cluster.create_database(database, "template0");
        cluster.execute(database, TOWN);
        Some(Town { proxy: Proxy::start(cluster, database, rules), database })
    }

    fn ask(&self, purpose: &str, sql: &str) -> Vec<String> {
        let login = self.proxy.login("clerk", self.database).for_purpose(purpose);
        let rows = Client::connect(&login).expect("login").rows(sql);
        let shown = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_owned());
        rows.into_iter()
            .map(|row| row.into_iter().map(shown).collect::<Vec<_>>().join(" "))
            .collect()
    }
}

const ALL: &str = "SELECT id, mail, born, note FROM person ORDER BY id";

/// What becomes of them all under both versions, 1 and 6 being the ones under the second; 5 refuses
/// only advertising.
fn expected() -> Vec<String> {
    let old = |id: u32| format!("{id} m***@x.org - ***");
    let new = |id: u32| format!("{id} mail{id}@x.org 1980-01-01 note{id}");
    vec![new(1), old(2), old(3), old(4), new(5), new(6)]
}

#[test]
fn who_was_told_and_stayed_lives_under_the_new_version() {
    let rules = second(TIMELY.0, TIMELY.1);
    let Some(town) =
        Town::start("kept", &[("policy.yaml", &rules), (".versions/1/policy.yaml", FIRST)])
    else {
        return;
    };
    assert_eq!(town.ask("list", ALL), expected());
    // Filters, groups and joins see what is shown.
    let count =
        |filter: &str| town.ask("list", &format!("SELECT count(*) FROM person WHERE {filter}"));
    assert_eq!(count("mail = 'mail2@x.org'"), ["0"]);
    assert_eq!(count("mail = 'mail1@x.org'"), ["1"]);
    assert_eq!(count("mail = 'm***@x.org'"), ["3"]);
    assert_eq!(count("born IS NULL"), ["3"]);
    let groups = "SELECT mail, count(*) FROM person GROUP BY mail HAVING count(*) > 1";
    assert_eq!(town.ask("list", groups), ["m***@x.org 3"]);
    let pairs = "SELECT a.id, b.id FROM person a JOIN person b ON a.note = b.note AND a.id < b.id ORDER BY 1, 2";
    assert_eq!(town.ask("list", pairs), ["2 3", "2 4", "3 4"]);
    // Less agreement: implied for who was told; 2 agreed before, 5 refuses under both.
    assert_eq!(town.ask("ads", "SELECT id FROM person ORDER BY id"), ["1", "2", "6"]);
    // A purpose, and a claim, that came with the second.
    assert_eq!(town.ask("games", "SELECT id FROM person ORDER BY id"), ["1", "5", "6"]);
}

#[test]
fn marks_in_the_file_say_the_same() {
    let rules = FIRST
        .replace("version: 1\n", "version: 2\n")
        .replace("2024-01-01", TIMELY.0)
        .replace("2023-12-01", TIMELY.1)
        .replace(
            "c.mail: mask, c.born: block",
            "c.mail: { use: allow, since: 2, before: mask }, c.born: { use: mask, since: 2, before: block }",
        )
        .replace("consent: explicit", "consent: { kind: implied, since: 2, before: explicit }")
        .replace("id: notes, when", "id: notes, until: 2, when")
        .replace("roles:\n", "  games: { since: 2, consent: none, data: { c.name: allow } }\nroles:\n")
        .replace("may: [list, ads]", "may: [list, ads, games]");
    let Some(town) = Town::start("marked", &[("policy.yaml", &rules)]) else { return };
    assert_eq!(town.ask("list", ALL), expected());
    assert_eq!(town.ask("ads", "SELECT id FROM person ORDER BY id"), ["1", "2", "6"]);
    assert_eq!(town.ask("games", "SELECT id FROM person ORDER BY id"), ["1", "5", "6"]);
    // A note that is shown masked is not written back over the note.
    let append = "UPDATE person SET note = note || '!' RETURNING id";
    let mut changed = town.ask("list", append);
    changed.sort();
    assert_eq!(changed, ["1", "5", "6"]);
}

#[test]
fn before_its_day_a_version_counts_for_nobody() {
    let rules = second("2999-01-01", "2025-05-01");
    let Some(town) =
        Town::start("future", &[("policy.yaml", &rules), (".versions/1/policy.yaml", FIRST)])
    else {
        return;
    };
    let shown = town.ask("list", ALL);
    assert!(shown.iter().all(|row| row.ends_with("m***@x.org - ***")), "{shown:?}");
    assert_eq!(town.ask("ads", "SELECT id FROM person"), ["2"]);
    assert!(town.ask("games", "SELECT id FROM person").is_empty());
}

/// Told, or told of by the day's turn: what the client is told does not change with who was told.
#[test]
fn nobody_s_version_is_told_by_an_error() {
    let rules = second(TIMELY.0, TIMELY.1);
    let Some(town) =
        Town::start("quiet", &[("policy.yaml", &rules), (".versions/1/policy.yaml", FIRST)])
    else {
        return;
    };
    let divide = "SELECT count(1 / (extract(day FROM born) - 7)) FROM person";
    // Person 2 was born on a seventh; masked to its year, or not shown, that raises nothing.
    assert_eq!(town.ask("list", divide), ["3"]);
}

#[test]
fn a_reduction_without_notice_is_not_loaded() {
    let Some(mut town) =
        Town::start("refused", &[("policy.yaml", FIRST), (".versions/1/policy.yaml", FIRST)])
    else {
        return;
    };
    let old = "SELECT id, mail, note FROM person ORDER BY id";
    let before = town.ask("list", old);
    let same_version = FIRST.replace("c.mail: mask", "c.mail: allow");
    let late = second("2025-05-01", "2025-06-01");
    for rules in [same_version.as_str(), &late] {
        reload(&mut town, rules, "error");
        assert_eq!(town.ask("list", old), before);
    }
    reload(&mut town, &second(TIMELY.0, TIMELY.1), "ok");
    assert_eq!(town.ask("list", ALL), expected());
}

/// Replaces the rules, and waits until the proxy has made up its mind.
fn reload(town: &mut Town, rules: &str, result: &str) {
    let line = format!("pgpurpose_rules_reload_total{{result=\"{result}\"}}");
    let count = |town: &Town| {
        let metrics = town.proxy.admin("/metrics");
        metrics.lines().find(|l| l.starts_with(&line)).map(str::to_owned).unwrap_or_default()
    };
    let before = count(town);
    town.proxy.write_rules("policy.yaml", rules);
    town.proxy.signal("HUP");
    let deadline = Instant::now() + Duration::from_secs(10);
    while count(town) == before {
        assert!(Instant::now() < deadline, "no reload: {}", town.proxy.output());
        std::thread::sleep(Duration::from_millis(20));
    }
}
