//! Aggregates over people: what the proxy answers is what `naive` works out; no answer, and no
//! difference of two answers, rests on fewer people than the rules say; and what is in no answer
//! can be anything.

#[path = "../harness/mod.rs"]
mod harness;

mod naive;

use std::collections::{BTreeMap, BTreeSet};

use harness::{Client, Cluster, Message, Proxy};
use naive::{Asked, Filter, MIN_GROUP, Row, places};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const SCHEMA: &str = include_str!("schema.sql");
const POLICY: &str = include_str!("policy.yaml");

/// Datasets that are made up.
const DATASETS: u64 = 5;

struct World {
    proxied: Client,
    direct: Client,
    _proxy: Proxy,
}

fn world(database: &str) -> Option<World> {
    let cluster = Cluster::shared()?;
    static ROLE: std::sync::Once = std::sync::Once::new();
    ROLE.call_once(|| cluster.create_role("analyst"));
    cluster.create_database(database, "template0");
    cluster.execute(database, SCHEMA);
    let proxy = Proxy::start(cluster, database, &[("policy.yaml", POLICY)]);
    let proxied = Client::connect(&proxy.login("analyst", database)).expect("login");
    let direct = Client::connect(&cluster.superuser(database)).expect("superuser");
    Some(World { proxied, direct, _proxy: proxy })
}

/// Fills the tables with people; gives the payments of those who may be used.
fn people(direct: &mut Client, seed: u64) -> Vec<Row> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut sql = String::from("TRUNCATE person, bill, payment, wallet, choice;");
    let mut rows = Vec::new();
    let mut id = 0;
    for person in 1..=random.random_range(30..70) {
        let regions = [Some("north"), Some("south"), Some("islet"), None];
        // Some are rare.
        let region = regions[[0, 0, 0, 0, 1, 1, 1, 2, 3, 3][random.random_range(0..10)]];
        let year =
            [Some(1980), Some(1980), Some(1990), Some(1991), None][random.random_range(0..5)];
        let gone = random.random_range(0..12) == 0;
        let agreed = [None, None, None, Some(true), Some(false)][random.random_range(0..5)];
        let quoted = |text: Option<&str>| text.map_or("NULL".to_owned(), |t| format!("'{t}'"));
        let born = year.map(|y| format!("{y}-{:02}-15", random.random_range(1..13)));
        sql += &format!(
            "INSERT INTO person VALUES ({person}, {}, {}, {gone});",
            quoted(region),
            quoted(born.as_deref())
        );
        if let Some(agreed) = agreed {
            sql += &format!("INSERT INTO choice VALUES ({person}, 'study', {agreed});");
        }
        sql += &format!("INSERT INTO bill VALUES ({person}, {person}, '2026-01-01');");
        for _ in 0..random.random_range(0..4) {
            id += 1;
            let amount = (random.random_range(0..4) > 0).then(|| random.random_range(1..1000));
            let text = amount.map_or("NULL".to_owned(), |a| a.to_string());
            sql += &format!("INSERT INTO payment VALUES ({id}, {person}, {text}, 'x');");
            if !gone && agreed != Some(false) {
                let region = region.map(str::to_owned);
                rows.push(Row { id, person, region, year, amount });
            }
        }
    }
    sql +=
        "INSERT INTO bill VALUES (1000, NULL, NULL); INSERT INTO payment VALUES (1000, 1000, 7);";
    done(direct, &sql);
    rows
}

fn done(client: &mut Client, sql: &str) {
    let reply = client.query(sql);
    let error = reply.iter().find(|m| m.tag == b'E').map(Message::error_text);
    assert!(error.is_none(), "{error:?}");
}

fn questions() -> Vec<Asked> {
    let filters = [
        Filter::None,
        Filter::In("north"),
        Filter::In("islet"),
        Filter::NotIn("islet"),
        Filter::Nowhere,
        Filter::Since(1990),
        Filter::InSince("north", 1985),
    ];
    let mut all = Vec::new();
    for filter in filters {
        for (by_region, by_year) in [(false, false), (true, false), (false, true), (true, true)] {
            for in_aggregate in [false, true] {
                all.push(Asked { by_region, by_year, filter, in_aggregate });
            }
        }
    }
    all
}

fn sorted(mut rows: Vec<Vec<Option<String>>>) -> Vec<Vec<Option<String>>> {
    rows.sort();
    rows
}

#[test]
fn answers_are_what_the_page_says() {
    let Some(mut world) = world("aggregates") else { return };
    let questions = questions();
    let (mut suppressed, mut told) = (0, 0);
    for seed in 0..DATASETS {
        let rows = people(&mut world.direct, seed);
        let mut before = Vec::new();
        for asked in &questions {
            let sql = asked.sql();
            let answer = world.proxied.query(&sql);
            let found = sorted(harness::client::rows_of(&answer).expect(&sql));
            assert_eq!(found, asked.answer(&rows), "dataset {seed}: {sql}");
            let direct = sorted(world.direct.rows(&sql));
            suppressed += usize::from(direct != found);
            told += usize::from(asked.made_of(&rows).iter().any(|seen| !seen.is_empty()));
            before.push((answer, direct));
        }
        differences(&questions, &rows, seed);
        // What is in no answer can be anything.
        let placed = places(&rows);
        let seen: Vec<String> = placed.keys().map(ToString::to_string).collect();
        done(
            &mut world.direct,
            &format!(
                "UPDATE payment SET amount = amount * 3 + 1 WHERE id <> ALL ('{{{}}}'::int[])",
                seen.join(",")
            ),
        );
        let mut changed = 0;
        for (asked, (answer, direct)) in questions.iter().zip(before) {
            let sql = asked.sql();
            assert_eq!(
                sorted(harness::client::rows_of(&world.proxied.query(&sql)).unwrap()),
                sorted(harness::client::rows_of(&answer).unwrap()),
                "dataset {seed}: {sql}"
            );
            changed += usize::from(sorted(world.direct.rows(&sql)) != direct);
        }
        assert!(changed > 0, "dataset {seed} hides nothing");
    }
    assert!(suppressed > 0 && told > questions.len(), "{suppressed} {told}");
}

/// No answer, and no difference of two, rests on fewer people than the rules say.
fn differences(questions: &[Asked], rows: &[Row], seed: u64) {
    let person: BTreeMap<i32, i32> = rows.iter().map(|row| (row.id, row.person)).collect();
    let answers: BTreeSet<BTreeSet<i32>> =
        questions.iter().flat_map(|asked| asked.made_of(rows)).collect();
    for one in &answers {
        for other in answers.iter().chain([&BTreeSet::new()]) {
            for left in [one - other, other - one] {
                let people: BTreeSet<i32> = left.iter().map(|id| person[id]).collect();
                assert!(
                    people.is_empty() || people.len() >= MIN_GROUP,
                    "dataset {seed}: {people:?} are told by a difference"
                );
            }
        }
    }
}

/// A total less its large groups is the small one. Where only small groups are dropped, it is told.
#[test]
fn a_total_does_not_tell_the_group_that_is_not_shown() {
    let Some(mut world) = world("aggregates_total") else { return };
    let mut sql = String::new();
    for person in 1..=11 {
        let region = if person <= 6 { "north" } else { "south" };
        sql += &format!("INSERT INTO person VALUES ({person}, '{region}', NULL, false);");
    }
    sql += "INSERT INTO person VALUES (12, 'islet', NULL, false);
        INSERT INTO wallet SELECT id, id * 100 FROM person;";
    done(&mut world.direct, &sql);
    const TOTAL: &str = "SELECT sum(balance) FROM wallet";
    const GROUPS: &str = "SELECT q.region, sum(w.balance) FROM wallet w JOIN person q \
        ON q.id = w.person_id GROUP BY q.region";
    let number = |text: Option<String>| text.map_or(0, |text| text.parse::<i64>().unwrap());
    let rest = |client: &mut Client, large: &str| {
        let groups: i64 = client.rows(large).into_iter().map(|row| number(row[1].clone())).sum();
        number(client.value(TOTAL)) - groups
    };
    let naively = format!("{GROUPS} HAVING count(DISTINCT w.person_id) >= {MIN_GROUP}");
    assert_eq!(rest(&mut world.direct, &naively), 1200, "the islander's wallet");
    assert_eq!(rest(&mut world.proxied, GROUPS), 0);
    let groups = sorted(world.proxied.rows(GROUPS));
    let shown =
        |region: &str, sum: Option<&str>| vec![Some(region.to_owned()), sum.map(str::to_owned)];
    let expected = [("islet", None), ("north", Some("2100")), ("south", Some("4500"))];
    assert_eq!(groups, expected.map(|(region, sum)| shown(region, sum)));
}

/// Statements that each single out one person, and are refused before they run.
#[test]
fn trackers_are_refused() {
    let Some(mut world) = world("aggregates_trackers") else { return };
    done(
        &mut world.direct,
        "INSERT INTO person SELECT g, 'north', '1980-01-01', false FROM generate_series(1, 9) g;
         INSERT INTO wallet SELECT id, id * 100, 'k' FROM person",
    );
    const TOTAL: &str = "SELECT sum(balance) FROM wallet";
    assert_eq!(world.proxied.value(TOTAL).as_deref(), Some("4500"));
    for tracker in [
        "SELECT sum(balance) FROM wallet WHERE person_id <> 5",
        "SELECT sum(balance) FILTER (WHERE person_id <> 5) FROM wallet",
        "SELECT sum(balance) FROM wallet GROUP BY person_id = 5",
        "SELECT sum(balance) FROM wallet w WHERE EXISTS (SELECT 1 FROM person p \
         WHERE p.id = w.person_id AND p.id <> 5)",
        "SELECT sum(w.balance) FROM wallet w JOIN person p ON p.id = w.person_id AND p.id <> 5",
        "SELECT sum(w.balance) FROM wallet w JOIN person p ON p.id = w.person_id WHERE p.id <> 5",
        "SELECT sum(w.balance) FROM wallet w JOIN (SELECT id FROM person WHERE id <> 5) p \
         ON p.id = w.person_id",
        "SELECT sum(w.balance) FROM wallet w NATURAL JOIN (SELECT 5 AS person_id) x",
        "SELECT sum(w.balance) FROM wallet w JOIN wallet v USING (person_id) WHERE person_id = 5",
        "SELECT sum(balance) FROM wallet WHERE ctid <> (SELECT min(ctid) FROM wallet)",
        "SELECT sum(balance) FROM wallet WHERE random() < 0.9",
        "SELECT sum(balance * (person_id <> 5)::int) FROM wallet",
    ] {
        let told = world.direct.query(tracker);
        assert!(told.iter().any(|m| m.tag == b'D'), "no tracker: {tracker}");
        let error = world.proxied.error(tracker);
        assert_eq!(error.field(b'C').as_deref(), Some("42501"), "{tracker}");
    }
}

const QUOTAS: &str = "
quotas:
  - { id: calls, role: caller, purpose: call, people: 3, per: 1000 weeks, then: block }
  - { id: lines, role: analyst, purpose: study, rows: 5, statements: 3, per: 1000 weeks }
";

/// The policy, and a role that calls people.
static WITH_CALLER: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    let purpose = "purposes:\n  call: { consent: none, data: { place: allow } }\n";
    let role = "roles:\n  caller: { may: [call], default: call }\n";
    POLICY.replace("purposes:\n", purpose).replace("roles:\n", role)
});

/// Distinct people, rows and statements are counted exactly, by either protocol and in portions.
#[test]
fn quotas_are_exact() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = "quotas";
    cluster.create_role("caller");
    cluster.create_database(database, "template0");
    cluster.execute(database, SCHEMA);
    cluster.execute(
        database,
        "INSERT INTO person SELECT g, 'north', NULL, false FROM generate_series(1, 9) g;
         GRANT SELECT ON person TO caller;
         DO $$ BEGIN CREATE ROLE analyst; EXCEPTION WHEN OTHERS THEN NULL; END $$;
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO analyst;",
    );
    let rules = [("policy.yaml", WITH_CALLER.as_str()), ("quotas.yaml", QUOTAS)];
    let proxy = Proxy::start(cluster, database, &rules);
    let mut client = Client::connect(&proxy.login("caller", database)).expect("login");
    let by_key = "SELECT region FROM person WHERE id = $1";
    let refused =
        |reply: &[Message]| reply.iter().find(|m| m.tag == b'E').and_then(|m| m.field(b'C'));
    for _ in 0..2 {
        assert_eq!(
            client.value("SELECT region FROM person WHERE id = 1").as_deref(),
            Some("north")
        );
        assert_eq!(refused(&client.query_with(by_key, &["2"])), None);
        assert_eq!(refused(&client.query("SELECT id FROM person WHERE id IN (1, 2, 3)")), None);
    }
    // A fourth person, by whatever way; and whoever is not named.
    for fourth in [
        "SELECT region FROM person WHERE id = 4",
        "SELECT id FROM person WHERE id IN (1, 4)",
        "PREPARE p AS SELECT id FROM person WHERE id = $1; EXECUTE p (4)",
        "SELECT region FROM person",
        "SELECT count(*) FROM person WHERE id < 3",
        "COPY person (id, region) TO STDOUT",
        "DECLARE c CURSOR WITH HOLD FOR SELECT region FROM person; FETCH ALL FROM c",
    ] {
        assert_eq!(refused(&client.query(fourth)).as_deref(), Some("53400"), "{fourth}");
    }
    assert_eq!(refused(&client.query_with(by_key, &["4"])).as_deref(), Some("53400"));
    assert_eq!(refused(&client.query("SELECT 1")), None);
    // Another connection counts on the same account.
    let mut other = Client::connect(&proxy.login("caller", database)).expect("login");
    assert_eq!(
        refused(&other.query("SELECT region FROM person WHERE id = 5")).as_deref(),
        Some("53400")
    );
    assert_eq!(refused(&other.query("SELECT region FROM person WHERE id = 3")), None);
    // Rows: three, then the two that are left and not one more.
    let mut analyst = Client::connect(&proxy.login("analyst", database)).expect("login");
    assert_eq!(analyst.rows("SELECT id FROM person WHERE id <= 3").len(), 3);
    analyst.send(&harness::Outgoing::new().query("SELECT id FROM person"));
    let mut rows = 0;
    let end = loop {
        let message = analyst.receive().expect("an answer");
        match message.tag {
            b'D' => rows += 1,
            b'E' => break message.field(b'C'),
            _ => {}
        }
    };
    assert_eq!((rows, end.as_deref()), (2, Some("53400")));
    let mut again = Client::connect(&proxy.login("analyst", database)).expect("login");
    assert_eq!(refused(&again.query("SELECT count(*) FROM person")).as_deref(), Some("53400"));
}
