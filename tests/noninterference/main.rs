//! What a purpose may not see has no influence on what it gets: two databases that differ only in
//! forbidden values answer every statement with the same bytes.

#[path = "../generator/mod.rs"]
mod generator;
#[path = "../harness/mod.rs"]
mod harness;
mod smith;

use generator::{KIN_ROWS, generated, is_ordered, seed, shrink};
use harness::{Client, Cluster, Message, Outgoing, Proxy};

const SCHEMA: &str = include_str!("../people/schema.sql");
const POLICY: &str = include_str!("../people/policy.yaml");
const KIN: &str = include_str!("../people/kin.sql");
const KIN_POLICY: &str = include_str!("../people/kin.yaml");
const RULES: [(&str, &str); 2] = [("policy.yaml", POLICY), ("kin.yaml", KIN_POLICY)];

/// One statement a line; tried under every purpose.
const STATEMENTS: &str = include_str!("statements.sql");

/// What purpose `ads` may see is the same in both worlds: people 1, 2 and 5. The others differ in
/// everything, even in whether they exist.
const HIDDEN: [&str; 2] = [
    "INSERT INTO person (id, name, email, born, balance, left_us) VALUES
         (3, 'Flo One', '3',               '1985-03-03', 3,    false),
         (4, 'Di One',  'x@y',             current_date - 4000, 0, false),
         (6, 'Flo One', NULL,              '1970-06-06', 600,  true);
     INSERT INTO purchase VALUES (13, 3, 'tea', 0), (14, 4, 'hat', 7), (16, 6, 'tea', 1000000);",
    "INSERT INTO person (id, name, email, born, balance, left_us) VALUES
         (3, 'Zoltán Other with a long name', 'zoltan@example.org', '1925-12-31', NULL, false),
         (4, 'A',       '0',               current_date - 10, 2147483647, false),
         (7, 'Nobody',  '1',               NULL,         -1,   false);
     INSERT INTO purchase VALUES (13, 3, '0', 30), (17, 7, 'ships', -4);",
];
const VISIBLE: &str = "
INSERT INTO person (id, name, email, born, balance, left_us) VALUES
    (1, 'Ada Plain',  'ada@example.org', '1980-01-01', 100, false),
    (2, 'Ben Plain',  'ben@example.org', '1990-02-02', 250, false),
    (5, 'Ed Guarded', 'ed@example.org',  '2020-01-01', 999, false);
INSERT INTO purchase VALUES (11, 1, 'tea', 10), (12, 2, 'tea', 20), (15, 5, 'cup', 50);
INSERT INTO note VALUES (1, 'x'), (3, 'y');
INSERT INTO choice VALUES (3, 'ads', false, false), (5, 'ads', true, true);
";

/// What purpose `masked` may see of these is the same: initials, years, domains, powers of ten.
const MASKED: [&str; 2] = [
    "INSERT INTO person (id, name, email, born, balance) VALUES
         (1, 'Ada Plain',  'anna@example.org', '1980-01-01', 100),
         (2, 'Ben Quick',  'bea@example.org',  '1990-12-31', 250),
         (3, 'Cyd Rue',    NULL,               NULL,         NULL);
     INSERT INTO purchase VALUES (11, 1, 'tea', 10), (12, 2, 'tea', 20);
     INSERT INTO note VALUES (1, 'x'), (3, 'y');",
    "INSERT INTO person (id, name, email, born, balance) VALUES
         (1, 'Alma Prior', 'ayo@example.org',  '1980-11-30', 199),
         (2, 'Bo Quinn',   'bert@example.org', '1990-01-02', 299),
         (3, 'Cleo Reyes', NULL,               NULL,         NULL);
     INSERT INTO purchase VALUES (11, 1, 'cup', 99), (12, 2, 'hat', 21);
     INSERT INTO note VALUES (1, 'x'), (3, 'y');",
];

#[test]
fn hidden_people_have_no_influence() {
    compare("hidden", "ads", HIDDEN.map(|hidden| format!("{VISIBLE}{hidden}")), &statements());
}

#[test]
fn masked_values_have_no_influence() {
    compare("masked", "masked", MASKED.map(str::to_owned), &statements());
}

#[test]
fn the_worlds_are_told_apart_without_the_proxy() {
    let Some(cluster) = Cluster::shared() else { return };
    for (name, contents) in [
        ("bare_hidden", HIDDEN.map(|hidden| format!("{VISIBLE}{hidden}"))),
        ("bare_masked", MASKED.map(str::to_owned)),
    ] {
        let mut clients = worlds(cluster, name, &contents)
            .map(|database| Client::connect(&cluster.login("town", &database)).expect("login"));
        let telling = statements().into_iter().filter(|sql| {
            let [one, other] = clients.each_mut().map(|client| reply(client, sql));
            one != other
        });
        let count = telling.count();
        assert!(count > 40, "only {count} statements of {name} could have told anything");
    }
}

#[test]
fn hidden_people_have_no_influence_on_statements_nobody_wrote_down() {
    let contents = HIDDEN.map(|hidden| format!("{VISIBLE}{hidden}"));
    compare_generated("generated_hidden", "ads", contents, &generated());
}

#[test]
fn masked_values_have_no_influence_on_statements_nobody_wrote_down() {
    compare_generated("generated_masked", "masked", MASKED.map(str::to_owned), &generated());
}

#[test]
fn hidden_people_have_no_influence_on_what_sqlsmith_asks() {
    let Some(cluster) = Cluster::shared() else { return };
    let contents = HIDDEN.map(|hidden| format!("{VISIBLE}{hidden}"));
    let Some(statements) = smith::statements(cluster, "smith_hidden", &[SCHEMA, KIN]) else {
        return;
    };
    let counts = compare_statements("sqlsmith_hidden", "ads", contents, &statements);
    assert!(10 * counts.answered > statements.len(), "{counts:?}: little is proved");
}

#[test]
fn masked_values_have_no_influence_on_what_sqlsmith_asks() {
    let Some(cluster) = Cluster::shared() else { return };
    let Some(statements) = smith::statements(cluster, "smith_masked", &[SCHEMA, KIN]) else {
        return;
    };
    let contents = MASKED.map(str::to_owned);
    let counts = compare_statements("sqlsmith_masked", "masked", contents, &statements);
    assert!(10 * counts.answered > statements.len(), "{counts:?}: little is proved");
}

fn compare_generated(name: &str, purpose: &str, contents: [String; 2], statements: &[String]) {
    if Cluster::shared().is_none() {
        return;
    }
    let Counts { answered, telling } = compare_statements(name, purpose, contents, statements);
    let count = statements.len();
    assert!(3 * answered > count, "only {answered} of {count} were answered: little is proved");
    assert!(10 * telling > count, "only {telling} of {count} could have told anything");
}

/// How many statements were answered through the proxy, and how many tell the worlds apart without.
#[derive(Debug, Default)]
struct Counts {
    answered: usize,
    telling: usize,
}

fn compare_statements(
    name: &str,
    purpose: &str,
    contents: [String; 2],
    statements: &[String],
) -> Counts {
    let Some(cluster) = Cluster::shared() else { return Counts::default() };
    let databases = worlds(cluster, name, &contents);
    let proxies = databases.each_ref().map(|database| Proxy::start(cluster, database, &RULES));
    let mut clients = [0, 1].map(|i| {
        let login = proxies[i].login("town", &databases[i]).for_purpose(purpose);
        Client::connect(&login).expect("login")
    });
    let mut bare = databases
        .each_ref()
        .map(|database| Client::connect(&cluster.login("town", database)).expect("login"));
    let (mut answered, mut telling) = (0, 0);
    let mut differences = Vec::new();
    for (number, sql) in statements.iter().enumerate() {
        let way = WAYS[number % WAYS.len()];
        let comparable = if is_ordered(sql) { as_list } else { as_set };
        let mut answers = |sql: &str| {
            clients.each_mut().map(|client| comparable(in_transaction(client, sql, way)))
        };
        let [one, other] = answers(sql);
        answered += usize::from(one.iter().all(|m| m.tag != b'E'));
        if one != other {
            let shrunk = shrink(sql, |smaller| {
                let [one, other] = answers(smaller);
                one != other
            });
            let [one, other] = answers(&shrunk);
            let first = one.iter().zip(&other).find(|(a, b)| a != b);
            differences.push(format!("{shrunk}\n    {way:?} {first:?}\n    shrunk from {sql}"));
        }
        let [one, other] = bare.each_mut().map(|client| as_set(in_transaction(client, sql, way)));
        telling += usize::from(one != other);
    }
    let count = statements.len();
    eprintln!("{name}: {count} statements, {answered} answered, {telling} telling without a proxy");
    assert!(
        differences.is_empty(),
        "with seed {} {} told apart by:\n{}",
        seed(),
        differences.len(),
        differences.join("\n")
    );
    Counts { answered, telling }
}

/// How a statement is sent.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Simple,
    /// By the extended protocol, results in binary.
    Binary,
    /// The first string and what it stands for apart.
    Parameter,
    /// A row at a time, out of a portal.
    Portions,
}

const WAYS: [Way; 5] = [Way::Simple, Way::Binary, Way::Simple, Way::Parameter, Way::Portions];

fn in_transaction(client: &mut Client, sql: &str, way: Way) -> Vec<Message> {
    client.query("BEGIN");
    let mut messages = sent(client, sql, way);
    if sql.starts_with("DECLARE") {
        messages.extend(client.query("FETCH ALL FROM c"));
    }
    client.query("ROLLBACK");
    messages
}

fn sent(client: &mut Client, sql: &str, way: Way) -> Vec<Message> {
    let extended = Outgoing::new();
    let extended = match way {
        // A text of several statements goes by the simple protocol only, COPY is the same by both.
        _ if sql.starts_with("PREPARE") || sql.starts_with("COPY") => extended.query(sql),
        Way::Simple => extended.query(sql),
        Way::Binary => extended
            .parse("", sql)
            .bind_with("", "", &[], [0, 1])
            .describe(b'P', "")
            .execute("", 0)
            .sync(),
        Way::Parameter => {
            let mut parts = sql.splitn(3, '\'');
            let (head, value, tail) = (parts.next(), parts.next(), parts.next());
            match (head, value, tail) {
                (Some(head), Some(value), Some(tail)) => {
                    // What was written as a typed literal needs its type said another way.
                    let head = head.strip_suffix("date ").unwrap_or(head);
                    let text = format!("{head}$1{tail}");
                    extended.extended(&text, &[Some(value.as_bytes())])
                }
                _ => extended.extended(sql, &[]),
            }
        }
        Way::Portions => extended
            .parse("", sql)
            .describe(b'S', "")
            .bind("", &[])
            .execute("", 1)
            .execute("", 2)
            .execute("", 0)
            .sync(),
    };
    client.send(&extended);
    client.receive_through(b'Z')
}

/// As it came, errors without what names the decision.
fn as_list(mut messages: Vec<Message>) -> Vec<Message> {
    forget_decision(&mut messages);
    messages
}

/// Rows as a set, errors without what names the decision.
fn as_set(mut messages: Vec<Message>) -> Vec<Message> {
    forget_decision(&mut messages);
    messages.sort_by(|a, b| {
        (a.tag == b'D').cmp(&(b.tag == b'D')).then_with(|| match a.tag {
            b'D' if b.tag == b'D' => a.body.cmp(&b.body),
            _ => std::cmp::Ordering::Equal,
        })
    });
    messages
}

/// A function that the rules trust is not called on hidden rows: it could tell how many there are.
#[test]
fn a_trusted_function_cannot_count_hidden_rows() {
    let contents = HIDDEN.map(|hidden| format!("{VISIBLE}{hidden}"));
    let statements = [
        "SELECT id FROM purchase WHERE tell(item) ORDER BY id",
        "DELETE FROM purchase WHERE tell(item)",
    ];
    compare("counting", "ads", contents, &statements);
}

fn statements() -> Vec<&'static str> {
    let said = |line: &&str| !line.is_empty() && !line.starts_with("--");
    STATEMENTS.lines().filter(said).collect()
}

/// Two databases with the same tables and different contents.
fn worlds(cluster: &Cluster, name: &str, contents: &[String; 2]) -> [String; 2] {
    cluster.create_role("town");
    let plant = format!("{name}_plant");
    cluster.create_database(&plant, "template0");
    cluster.execute(&plant, SCHEMA);
    cluster.execute(&plant, KIN);
    // Whoever owns the tables may do more, and shall learn no more.
    cluster.execute(&plant, "ALTER TABLE person OWNER TO town; ALTER TABLE purchase OWNER TO town;
                             GRANT CREATE ON SCHEMA public TO town; GRANT CREATE ON DATABASE {plant} TO town".replace("{plant}", &plant).as_str());
    [0, 1].map(|number| {
        let database = format!("{name}_{number}");
        cluster.create_database(&database, &plant);
        cluster.execute(&database, &contents[number]);
        cluster.execute(&database, KIN_ROWS);
        database
    })
}

fn compare(name: &str, purpose: &str, contents: [String; 2], statements: &[&str]) {
    let Some(cluster) = Cluster::shared() else { return };
    let worlds = worlds(cluster, name, &contents).map(|database| {
        let proxy = Proxy::start(cluster, &database, &RULES);
        (database, proxy)
    });
    let mut clients = worlds.each_ref().map(|(database, proxy)| {
        let login = proxy.login("town", database).for_purpose(purpose);
        Client::connect(&login).expect("login")
    });
    let mut answered = 0;
    let mut differences = Vec::new();
    for sql in statements {
        let [one, other] = clients.each_mut().map(|client| reply(client, sql));
        answered += usize::from(one.iter().all(|m| m.tag != b'E'));
        if one != other {
            let first = one.iter().zip(&other).find(|(a, b)| a != b);
            differences.push(format!("{sql}\n    {first:?}"));
        }
    }
    assert!(differences.is_empty(), "told apart by:\n{}", differences.join("\n"));
    assert!(
        2 * answered > statements.len(),
        "only {answered} statements were answered: little is proved"
    );
}

/// The statement by both protocols, undone again; what names the decision is taken out.
fn reply(client: &mut Client, sql: &str) -> Vec<Message> {
    let mut messages = client.query(&format!("BEGIN; {sql}"));
    messages.extend(client.query("ROLLBACK"));
    messages.extend(client.query("BEGIN"));
    let extended = Outgoing::new().parse("", sql).bind_with("", "", &[], [0, 1]);
    client.send(&extended.describe(b'P', "").execute("", 0).sync());
    messages.extend(client.receive_through(b'Z'));
    messages.extend(client.query("ROLLBACK"));
    forget_decision(&mut messages);
    messages
}

fn forget_decision(messages: &mut [Message]) {
    for message in messages.iter_mut().filter(|m| m.tag == b'E') {
        let kept = [b'C', b'M', b'D', b'H', b'P', b'c', b't', b'n', b's'];
        let fields = kept.map(|code| message.field(code).unwrap_or_default());
        message.body = fields.join("\n").into_bytes();
    }
}
