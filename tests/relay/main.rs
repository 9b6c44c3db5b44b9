//! Through the proxy, where everything is allowed, a client sees the bytes it would see without.
//!
//! Twins of one database, one behind the proxy: the same dialogue is held with both and every
//! byte of the replies compared. Only process ids and the ids of tables made on the way may
//! differ; that nothing else does without a proxy is the control test's claim.

mod cases;
#[path = "../harness/mod.rs"]
mod harness;

use cases::{Case, Likeness, Step};
use harness::{Client, Cluster, Login, Message, Proxy};

const USER: &str = "relay_user";

/// What a world under test is made from.
const PLANT: &str = include_str!("plant.sql");

const NOTHING_GOVERNED: &str = include_str!("nothing_governed.yaml");
const ALL_ALLOWED: &str = include_str!("all_allowed.yaml");
const EVERYONE_CONSENTS: &str = include_str!("everyone_consents.yaml");
/// Texts whose results are described otherwise behind guards.
const DESCRIBED_OTHERWISE: &[&str] = &[
    // What stands in the table's place has rows of its own type.
    "SELECT p, p.* FROM person p WHERE id IN (1, 7) ORDER BY p.id",
    // A field of such a row is no column of a table to the server.
    "SELECT (SELECT p.name), (p).email, p.email::varchar(60) FROM person p",
];
/// More texts whose columns are, or are not quite, columns of a table.
const NEARLY_COLUMNS: &[&str] = &[
    "SELECT (SELECT name FROM person WHERE id = 1), (name), upper(name), name || '' FROM person",
    "SELECT name FROM person UNION SELECT place FROM visit",
    "SELECT name FROM person UNION ALL SELECT name FROM person",
    "SELECT (SELECT p.name), (p).email, p.email::varchar(60) FROM person p",
    "SELECT name AS a, email b, count(*) FROM person GROUP BY name, email",
    "SELECT DISTINCT ON (name) born, name FROM person ORDER BY name",
    "WITH a AS (SELECT name, born FROM person) SELECT a.name, b.born FROM a, a b LIMIT 3",
    "SELECT x.name FROM (SELECT name FROM (SELECT * FROM person) y) x",
    "SELECT l.place FROM person p, LATERAL (SELECT * FROM visit v WHERE v.person_id = p.id) l",
    "SELECT balance, code, email, zip, pause, mood, tags, profile, photo, ratio FROM person",
    "SELECT max(balance), min(code), coalesce(email, ''), nullif(code, '') FROM person",
    "SELECT balance, sum(balance) OVER (ORDER BY id) FROM person",
    "SELECT CASE WHEN active THEN email END, ARRAY[email], ROW(email, code) FROM person",
    "UPDATE person SET name = name WHERE id = 3 RETURNING name, email, upper(name)",
    "DELETE FROM visit WHERE id < 0 RETURNING *",
    "WITH u AS (UPDATE person SET name = name WHERE id = 3 RETURNING email) SELECT email FROM u",
    "VALUES (1, 'a')",
    "TABLE person",
    "SELECT name, born FROM recent",
    "SELECT tableoid, ctid, xmin, name FROM person WHERE id = 1",
];

#[test]
fn without_a_proxy_the_twins_answer_alike() {
    let Some(cluster) = Cluster::shared() else { return };
    make_twins(cluster, ["control_left", "control_right"]);
    let left = cluster.login(USER, "control_left");
    hold_dialogues(cluster, &left, &cluster.login(USER, "control_right"));
}

#[test]
fn where_nothing_is_governed_the_bytes_are_the_same() {
    compare_under("plain", NOTHING_GOVERNED);
}

#[test]
fn where_everything_is_allowed_the_bytes_are_the_same() {
    compare_under("allowed", ALL_ALLOWED);
}

#[test]
fn where_everyone_consents_results_are_described_alike() {
    let Some(cluster) = Cluster::shared() else { return };
    let [direct, relayed] = ["consenting_direct", "consenting_relayed"];
    cluster.create_role(USER);
    cluster.create_database("consenting_plant", "template0");
    cluster.execute("consenting_plant", PLANT);
    cluster.execute(
        "consenting_plant",
        "CREATE TABLE choice (person_id integer, purpose text, agreed boolean);
         GRANT SELECT ON choice TO relay_user",
    );
    for name in [direct, relayed] {
        cluster.create_database(name, "consenting_plant");
    }
    let proxy = Proxy::start(cluster, relayed, &[("policy.yaml", EVERYONE_CONSENTS)]);
    let logins = [cluster.login(USER, direct), proxy.login(USER, relayed)];
    let newest = newest_relation(cluster, &logins[0]);
    let (mut alike, mut differences, mut refused) = (0, Vec::new(), Vec::new());
    let more = NEARLY_COLUMNS.iter().map(|text| (*text).to_owned());
    for text in cases::texts().into_iter().chain(more) {
        let [one, other] = logins.each_ref().map(|login| {
            let heard = Client::connect(login).expect("login").query(&text);
            let heard = comparable(heard, newest, Likeness::SqlState);
            heard.into_iter().filter(|m| matches!(m.tag, b'T' | b'E')).collect::<Vec<_>>()
        });
        let fails = |heard: &[Message]| heard.iter().any(|m| m.tag == b'E');
        match (fails(&one), fails(&other)) {
            (true, _) => {}
            (false, true) => refused.push(format!("{text}\n    {other:?}")),
            _ if one == other => alike += 1,
            _ if DESCRIBED_OTHERWISE.contains(&text.as_str()) => {}
            _ => differences.push(format!("{text}: {}", first_difference(&one, &other))),
        }
    }
    eprintln!("{alike} alike; refused:\n{}", refused.join("\n"));
    let count = differences.len();
    assert!(count == 0, "{count} are described otherwise:\n\n{}", differences.join("\n\n"));
    assert!(alike > 50, "only {alike} results were compared");
}

#[test]
fn a_word_that_begins_no_statement_is_a_syntax_error() {
    let Some(cluster) = Cluster::shared() else { return };
    make_twins(cluster, ["words", "words_too"]);
    let proxy = Proxy::start(cluster, "words", &[("policy.yaml", NOTHING_GOVERNED)]);
    let mut client = Client::connect(&proxy.login(USER, "words")).expect("login");
    assert_eq!(client.error("SELEC 1").field(b'C').as_deref(), Some("42601"));
}

#[test]
fn a_client_that_vanishes_takes_its_server_connection_along() {
    let Some(cluster) = Cluster::shared() else { return };
    make_twins(cluster, ["vanishing", "vanishing_too"]);
    let proxy = Proxy::start(cluster, "vanishing", &[("policy.yaml", NOTHING_GOVERNED)]);
    for _ in 0..5 {
        let mut client = Client::connect(&proxy.login(USER, "vanishing")).expect("login");
        client.query("BEGIN");
    }
    let mut watcher = Client::connect(&cluster.superuser("vanishing")).expect("login");
    let left = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = '{USER}' AND datname = 'vanishing'"
    );
    let gone = (0..50).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        watcher.value(&left).as_deref() == Some("0")
    });
    assert!(gone, "connections of clients that are gone: {:?}", watcher.value(&left));
}

fn compare_under(world: &str, rules: &str) {
    let Some(cluster) = Cluster::shared() else { return };
    let [direct, relayed] = [format!("{world}_direct"), format!("{world}_relayed")];
    make_twins(cluster, [&direct, &relayed]);
    let proxy = Proxy::start(cluster, &relayed, &[("policy.yaml", rules)]);
    hold_dialogues(cluster, &cluster.login(USER, &direct), &proxy.login(USER, &relayed));
}

/// Two databases with the same contents and the same ids of their tables.
fn make_twins(cluster: &Cluster, names: [&str; 2]) {
    cluster.create_role(USER);
    let plant = format!("{}_plant", names[0]);
    cluster.create_database(&plant, "template0");
    cluster.execute(&plant, PLANT);
    for name in names {
        cluster.create_database(name, &plant);
    }
}

fn hold_dialogues(cluster: &Cluster, left: &Login, right: &Login) {
    let newest = newest_relation(cluster, left);
    let mut differences = Vec::new();
    for case in cases::all() {
        let [one, other] = [left, right].map(|login| {
            let heard = std::panic::catch_unwind(|| hold(login, &case));
            heard.map(|messages| comparable(messages, newest, case.likeness))
        });
        match (one, other) {
            (Ok(one), Ok(other)) if one == other => {}
            (Ok(one), Ok(other)) => {
                differences.push(format!("{}: {}", case.name, first_difference(&one, &other)));
            }
            _ => differences.push(format!("{}: the connection broke", case.name)),
        }
    }
    let [one, other] = [left, right].map(|login| contents(cluster, login));
    if one != other {
        differences.push("the databases do not hold the same rows afterwards".to_owned());
    }
    let count = differences.len();
    assert!(count == 0, "{count} dialogues differ:\n\n{}", differences.join("\n\n"));
}

/// All that the server says in one dialogue on a connection of its own.
fn hold(login: &Login, case: &Case) -> Vec<Message> {
    let mut client = Client::connect(login).expect("login");
    let mut heard = client.greeting.clone();
    for step in &case.steps {
        match step {
            Step::Send(messages) => client.send(messages),
            Step::Until(tag) => heard.extend(client.receive_through(*tag)),
            Step::Cancel => {
                // The statement must have begun, or the request comes to nothing.
                std::thread::sleep(std::time::Duration::from_millis(300));
                client.cancel().expect("cancel");
            }
        }
    }
    heard
}

/// Replies with what may differ taken out.
fn comparable(messages: Vec<Message>, newest: u32, likeness: Likeness) -> Vec<Message> {
    let mut made: Vec<u32> = Vec::new();
    let mut kept = Vec::new();
    for mut message in messages {
        match message.tag {
            b'K' => message.body.fill(0),
            b'A' => message.body[..4].fill(0),
            b'T' => number_new_relations(&mut message.body, newest, &mut made),
            b'E' if likeness == Likeness::SqlState => {
                message.body = message.field(b'C').unwrap_or_default().into_bytes();
            }
            _ => {}
        }
        kept.push(message);
    }
    kept
}

/// Replaces the ids of relations younger than `newest` by their order of appearance.
fn number_new_relations(body: &mut [u8], newest: u32, made: &mut Vec<u32>) {
    let mut at = 2;
    while let Some(end) = body[at..].iter().position(|b| *b == 0) {
        let field = &mut body[at + end + 1..][..4];
        let id = u32::from_be_bytes((&*field).try_into().unwrap());
        if id > newest {
            let known = made.iter().position(|seen| *seen == id).unwrap_or_else(|| {
                made.push(id);
                made.len() - 1
            });
            field.copy_from_slice(&(newest + 1 + u32::try_from(known).unwrap()).to_be_bytes());
        }
        at += end + 1 + 18;
    }
}

fn newest_relation(cluster: &Cluster, login: &Login) -> u32 {
    let mut client = superuser(cluster, login);
    client.value("SELECT max(oid)::int FROM pg_class").expect("a number").parse().expect("an id")
}

/// The rows of every table, in one text.
fn contents(cluster: &Cluster, login: &Login) -> Option<String> {
    superuser(cluster, login).value(
        "SELECT string_agg(query_to_xml(format('SELECT * FROM %s t ORDER BY t::text', c.oid::regclass),
                true, false, '')::text, '' ORDER BY c.oid::regclass::text)
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'r' AND n.nspname = 'public'",
    )
}

fn superuser(cluster: &Cluster, login: &Login) -> Client {
    let database = &login.parameters[0].1;
    Client::connect(&cluster.superuser(database)).expect("superuser login")
}

fn first_difference(one: &[Message], other: &[Message]) -> String {
    let at = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let show = |messages: &[Message]| {
        let shown: Vec<String> = messages[at.saturating_sub(1).min(messages.len())..]
            .iter()
            .take(4)
            .map(|m| format!("{m:?}").chars().take(400).collect())
            .collect();
        shown.join("\n    ")
    };
    format!("message {at}\n  directly\n    {}\n  proxied\n    {}", show(one), show(other))
}
