//! Decision-support queries over governed tables: where everything is allowed the bytes are those
//! of the server; where names are masked and people hidden, the rows are those of a database that
//! never held more.

use std::path::Path;

use super::harness::client::rows_of;
use super::harness::{Client, Cluster, Proxy};

const SCHEMA: &str = include_str!("analytics/schema.sql");
const SHADOW: &str = include_str!("analytics/shadow.sql");
const QUERIES: &str = include_str!("analytics/queries.sql");
const POLICY: &str = include_str!("analytics/policy.yaml");

const USER: &str = "app";

/// `-- name`, then the text up to an empty line.
fn queries() -> Vec<(&'static str, &'static str)> {
    let parts = QUERIES.split("\n\n").skip(1);
    parts
        .map(|part| {
            let (name, text) = part.trim().split_once('\n').expect("a name and a text");
            (name.trim_start_matches("-- "), text)
        })
        .collect()
}

#[test]
fn decision_support_sees_what_the_purpose_may_see() {
    let Some(cluster) = Cluster::shared() else { return };
    cluster.create_role(USER);
    cluster.create_database("wholesale_plant", "template0");
    cluster.execute("wholesale_plant", SCHEMA);
    for name in ["wholesale", "wholesale_shadow"] {
        cluster.create_database(name, "wholesale_plant");
        cluster.execute(name, &format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {USER}"));
    }
    cluster.execute("wholesale_shadow", SHADOW);
    let proxy = Proxy::start(cluster, "wholesale", &[("policy.yaml", POLICY)]);
    let connect = |login: &super::harness::Login| Client::connect(login).expect("login");
    let mut direct = connect(&cluster.login(USER, "wholesale"));
    let mut shadow = connect(&cluster.login(USER, "wholesale_shadow"));
    let mut open = connect(&proxy.login(USER, "wholesale"));
    let mut masked = connect(&proxy.login(USER, "wholesale").for_purpose("study"));
    let mut wrong = Vec::new();
    let mut told = 0;
    for (name, text) in queries() {
        let plain = direct.query(text);
        if plain != open.query(text) {
            wrong.push(format!("{name}: other bytes where everything is allowed"));
        }
        let [everything, left, seen] =
            [plain, shadow.query(text), masked.query(text)].map(|reply| {
                rows_of(&reply).map(|mut rows| {
                    rows.sort();
                    rows
                })
            });
        told += usize::from(everything != left);
        match (left, seen) {
            (Ok(left), Ok(seen)) if left == seen => {}
            (Ok(_), Ok(_)) => wrong.push(format!("{name}: not the rows of the shadow")),
            (left, seen) => wrong.push(format!("{name}: {:?} / {:?}", left.err(), seen.err())),
        }
    }
    assert!(told > 30, "only {told} queries tell the shadow from what is there");
    assert!(wrong.is_empty(), "{} of the queries:\n{}", wrong.len(), wrong.join("\n"));
}

/// Governs names of people, and what is told about them.
const FILMS: &str = include_str!("analytics/films.yaml");

/// The Join Order Benchmark is kept outside; where it is not there nothing is tried.
#[test]
fn the_join_order_benchmark_passes() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/job");
    let Ok(schema) = std::fs::read_to_string(place.join("schema.sql")) else { return };
    let Some(cluster) = Cluster::shared() else { return };
    cluster.create_role(USER);
    cluster.create_database("films", "template0");
    cluster.execute("films", &schema);
    cluster
        .execute("films", "CREATE TABLE choices (person_id integer, purpose text, choice boolean)");
    cluster.execute("films", &format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {USER}"));
    let proxy = Proxy::start(cluster, "films", &[("policy.yaml", FILMS)]);
    let mut direct = Client::connect(&cluster.login(USER, "films")).expect("login");
    let mut open = Client::connect(&proxy.login(USER, "films")).expect("login");
    let [mut masked, mut agreed] = ["masked", "agreed"].map(|purpose| {
        let login = proxy.login(USER, "films").for_purpose(purpose);
        Client::connect(&login).expect("login")
    });
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(&place).expect("a directory") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !name.ends_with(".sql") || !name.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        count += 1;
        let text = std::fs::read_to_string(&path).expect("a query");
        if direct.query(&text) != open.query(&text) {
            wrong.push(format!("{name}: other bytes where everything is allowed"));
        }
        // Whose agreement a character would need nobody can say.
        let asks_people = !text.contains("char_name");
        let purposes = [Some(&mut masked), asks_people.then_some(&mut agreed)];
        for client in purposes.into_iter().flatten() {
            if let Err(error) = rows_of(&client.query(&text)) {
                wrong.push(format!("{name}: {error}"));
            }
        }
    }
    assert_eq!(count, 113, "queries of the benchmark");
    assert!(wrong.is_empty(), "{} of the queries:\n{}", wrong.len(), wrong.join("\n"));
}
