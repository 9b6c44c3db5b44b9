//! A statement through the proxy gives what the statement as it was written gives on tables that
//! hold only what the purpose may see; and where everything may be seen, what it gives directly.
//!
//! The tables of comparison are filled by hand: who is there and how a value looks is written here
//! once more, not worked out by the code under test.

#[path = "../generator/mod.rs"]
mod generator;
#[path = "../harness/mod.rs"]
mod harness;

use std::collections::BTreeMap;

use generator::{KIN_ROWS, generated, is_ordered, seed, shrink};
use harness::{Client, Cluster, Message, Proxy};

const SCHEMA: &str = include_str!("../people/schema.sql");
const POLICY: &str = include_str!("../people/policy.yaml");
const KIN: &str = include_str!("../people/kin.sql");
const KIN_POLICY: &str = include_str!("../people/kin.yaml");
const STATEMENTS: &str =
    concat!(include_str!("../noninterference/statements.sql"), "\n", include_str!("reports.sql"));

/// Whom purpose `ads` may use: adults who have not refused, a minor whose guardian agreed.
const MAY_BE_USED: &str = "
INSERT INTO person (id, name, email, born, balance, left_us) VALUES
    (1, 'Ada Plain',  'ada@example.org', '1980-01-01', 100, false),
    (2, 'Ben Plain',  NULL,              '1990-02-02', 250, false),
    (5, 'Ed Guarded', 'ed@example.org',  '2020-01-01', NULL, false),
    (8, 'Flo One',    'x@y',             '1985-03-03', 3, false);
INSERT INTO purchase VALUES (11, 1, 'tea', 10), (12, 2, 'tea', 20), (15, 5, 'cup', 50),
    (18, 8, '0', 3);
INSERT INTO note VALUES (1, 'x'), (3, 'y'), (5, NULL);
INSERT INTO choice VALUES (3, 'ads', false, false), (5, 'ads', true, true), (8, 'ads', true, false),
    (9, 'ads', NULL, false);
";
/// Whom it may not: one refused, a minor, one who left, one whose answer is not known.
const MAY_NOT: &str = "
INSERT INTO person (id, name, email, born, balance, left_us) VALUES
    (3, 'Flo One', '3',    '1985-03-03', 3, false),
    (4, 'Di One',  'x@y',  current_date - 4000, 0, false),
    (6, 'Flo One', NULL,   '1970-06-06', 600, true),
    (7, 'Gus Two', 'g@y',  NULL, 7, false),
    (9, 'Hal Two', 'h@y',  '1977-07-07', 199, false);
INSERT INTO purchase VALUES (13, 3, 'tea', 0), (14, 4, 'hat', 7), (16, 6, 'tea', 1000000),
    (17, NULL, 'tea', 5), (19, 9, 'cup', 199);
";

/// People, and the same as purpose `masked` sees them.
const CLEAR: &str = "
INSERT INTO person (id, name, email, born, balance) VALUES
    (1, 'Ada Plain', 'anna@example.org', '1980-05-17', 123),
    (2, 'Ben Quick', 'bea@example.org',  '1990-12-31', 7),
    (3, 'Cyd Rue',   NULL,               NULL,         NULL);
INSERT INTO purchase VALUES (11, 1, 'tea', 10), (12, 2, 'cup', 20);
INSERT INTO note VALUES (1, 'x'), (3, 'y');
";
const SEEN: &str = "
INSERT INTO person (id, name, email, born, balance) VALUES
    (1, 'A. P.', 'a***@example.org', '1980-01-01', 100),
    (2, 'B. Q.', 'b***@example.org', '1990-01-01', 0),
    (3, 'C. R.', NULL,               NULL,         NULL);
ALTER TABLE purchase ALTER price DROP NOT NULL;
INSERT INTO purchase VALUES (11, 1, '***', NULL), (12, 2, '***', NULL);
INSERT INTO note VALUES (1, 'x'), (3, 'y');
";

/// What `masked` sees of the tables that are filled from `person`.
const KIN_SEEN: &str = "UPDATE vip SET gift = '***'; UPDATE visit SET page = '***'";

const REPORTS: &str = include_str!("reports.sql");

#[test]
fn hidden_people_are_not_there() {
    compare("ads", [&format!("{MAY_BE_USED}{MAY_NOT}"), MAY_BE_USED], Side::Shadow);
}

#[test]
fn masked_values_are_the_values() {
    compare("masked", [CLEAR, SEEN], Side::Shadow);
}

#[test]
fn what_may_be_seen_is_what_is_there() {
    let contents = format!("{MAY_BE_USED}{MAY_NOT}");
    compare("serve", [&contents, &contents], Side::Same);
}

/// What the answer is compared with.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    /// Other tables: what is known of them by number is left out.
    Shadow,
    /// The same tables: every byte counts.
    Same,
}

fn compare(purpose: &str, contents: [&str; 2], side: Side) {
    let kin_seen = if purpose == "masked" { KIN_SEEN } else { "" };
    let Some(cluster) = Cluster::shared() else { return };
    cluster.create_role("town");
    let databases = [0, 1].map(|number| {
        let name = format!("differential_{purpose}_{number}");
        cluster.create_database(&name, "template0");
        cluster.execute(&name, SCHEMA);
        cluster.execute(&name, KIN);
        cluster.execute(&name, contents[number]);
        cluster.execute(&name, KIN_ROWS);
        if number == 1 {
            cluster.execute(&name, kin_seen);
        }
        name
    });
    let proxy =
        Proxy::start(cluster, &databases[0], &[("policy.yaml", POLICY), ("kin.yaml", KIN_POLICY)]);
    let login = proxy.login("town", &databases[0]).for_purpose(purpose);
    let mut through = Client::connect(&login).expect("login");
    let beside = &databases[usize::from(side == Side::Shadow)];
    let mut direct = Client::connect(&cluster.login("town", beside)).expect("login");
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differences = Vec::new();
    let written =
        statements().count() - generated().into_iter().filter(|sql| is_settled(sql)).count();
    for (number, sql) in statements().enumerate() {
        let report = REPORTS.contains(sql.as_str());
        let ordered = report && sql.contains(" ORDER BY ") || number >= written && is_ordered(&sql);
        let ours = in_transaction(&mut through, &sql);
        let theirs = in_transaction(&mut direct, &sql);
        let kind = match (error(&ours), error(&theirs)) {
            (None, None) if shown(&ours, side, ordered) == shown(&theirs, side, ordered) => "same",
            (None, None) => {
                let mut both = |sql: &str| {
                    [&mut through, &mut direct].map(|client| in_transaction(client, sql))
                };
                let shrunk = shrink(&sql, |smaller| {
                    let [ours, theirs] = both(smaller);
                    error(&ours).is_none()
                        && error(&theirs).is_none()
                        && shown(&ours, side, ordered) != shown(&theirs, side, ordered)
                });
                let [ours, theirs] = both(&shrunk).map(|answer| shown(&answer, side, ordered));
                let first = ours.iter().zip(&theirs).find(|(a, b)| a != b);
                differences.push(format!("{shrunk}\n    {first:?}\n    shrunk from {sql}"));
                "different"
            }
            // Which rows an error is met in depends on the plan, unless nothing was rewritten.
            (Some(ours), theirs) if !is_refusal(&ours) => {
                if side == Side::Same && theirs.as_ref().map(code) != Some(code(&ours)) {
                    differences.push(format!("{sql}\n    {ours:?} beside {theirs:?}"));
                }
                match theirs {
                    Some(_) => "error",
                    None => {
                        eprintln!("an error only here: {sql}\n    {}", ours.error_text());
                        "error only here"
                    }
                }
            }
            (Some(ours), _) => {
                // What was written down tries what is to be refused; what was generated is ordinary.
                let text = ours.error_text();
                let known = KNOWN.iter().any(|words| text.contains(words));
                let ordinary = number >= written || report;
                if side == Side::Same && ordinary && !known {
                    differences.push(format!("{sql}\n    refused: {text}"));
                }
                "refused"
            }
            (None, Some(theirs)) => {
                if side == Side::Same {
                    differences.push(format!("{sql}\n    no error beside {theirs:?}"));
                }
                "error beside"
            }
        };
        *tally.entry(kind).or_default() += 1;
    }
    eprintln!("{purpose}: {tally:?}");
    let all: usize = tally.values().sum();
    let same = tally.get("same").copied().unwrap_or(0);
    let told = differences.join("\n");
    assert!(differences.is_empty(), "with seed {}:\n{told}", seed());
    let early = tally.get("error only here").copied().unwrap_or(0);
    assert!(50 * early < all, "{early} of {all} statements raised an error only through the proxy");
    assert!(2 * same > all, "only {same} of {all} statements gave anything to compare");
}

/// What tells of the disk, the plan or the server's own books, meets a key that is taken, or is of
/// a table's own row type, which has another number in another database.
const UNSETTLED: [&str; 9] = [
    "pg_",
    "ctid",
    "xmin",
    "tell(",
    "EXPLAIN",
    "CONFLICT",
    "tableoid",
    "SELECT person FROM",
    "array_agg(p)",
];

/// What is refused even where everything may be seen: a copy that would lose its category, and the
/// alias of merged columns.
const KNOWN: [&str; 2] = ["may not be copied to", "an alias of USING"];

fn statements() -> impl Iterator<Item = String> {
    let written = STATEMENTS.lines().filter(|line| !line.is_empty() && !line.starts_with("--"));
    written.map(str::to_owned).chain(generated()).filter(|sql| is_settled(sql))
}

fn is_settled(sql: &str) -> bool {
    !UNSETTLED.iter().any(|word| sql.contains(word))
}

fn in_transaction(client: &mut Client, sql: &str) -> Vec<Message> {
    client.query("BEGIN");
    let mut messages = client.query(sql);
    if sql.starts_with("DECLARE") {
        messages.extend(client.query("FETCH ALL FROM c"));
    }
    client.query("ROLLBACK");
    messages
}

fn error(messages: &[Message]) -> Option<Message> {
    messages.iter().find(|message| message.tag == b'E').cloned()
}

fn code(message: &Message) -> Option<String> {
    message.field(b'C')
}

/// The proxy's own refusals name the decision.
fn is_refusal(message: &Message) -> bool {
    let detail = message.field(b'D').unwrap_or_default();
    detail.contains("decision")
        || code(message).as_deref() == Some("42501")
        || code(message).as_deref() == Some("0A000")
}

/// Rows as a set where their order is not `ordered`; beside tables made by hand without notices, which may be held back.
fn shown(messages: &[Message], side: Side, ordered: bool) -> Vec<(u8, Vec<u8>)> {
    let mut shown: Vec<(u8, Vec<u8>)> = messages
        .iter()
        .filter(|message| side == Side::Same || message.tag != b'N')
        .map(|message| match (message.tag, side) {
            (b'T', Side::Shadow) => (b'T', types(&message.body)),
            (tag, _) => (tag, message.body.clone()),
        })
        .collect();
    if ordered {
        return shown;
    }
    shown.sort_by(|a, b| {
        let rows = (a.0 == b'D' || a.0 == b'd', b.0 == b'D' || b.0 == b'd');
        rows.0.cmp(&rows.1).then_with(|| match rows {
            (true, true) => a.1.cmp(&b.1),
            _ => std::cmp::Ordering::Equal,
        })
    });
    shown
}

/// From here on types are numbered as they are made (`FirstNormalObjectId`).
const FIRST_OWN_TYPE: u32 = 16384;

/// Names, types and modifiers of a row description, without the table a column is from.
fn types(body: &[u8]) -> Vec<u8> {
    let mut out = body[..2].to_vec();
    let mut rest = &body[2..];
    while let Some(end) = rest.iter().position(|b| *b == 0) {
        out.extend_from_slice(&rest[..=end]);
        let (fields, tail) = rest[end + 1..].split_at(18);
        // The row type of a table has another number in another database.
        let kind = u32::from_be_bytes(fields[6..10].try_into().unwrap()).min(FIRST_OWN_TYPE);
        out.extend(kind.to_be_bytes());
        out.extend_from_slice(&fields[10..]);
        rest = tail;
    }
    out
}
