//! The share of PostgreSQL's own regression statements that pass where nothing is governed.
//!
//! Each file is run directly, statement by statement, in a database of its own in which nothing
//! is dropped, and then judged against the names that are there. A statement that the server does
//! not accept does not count, nor one about a table that is gone again afterwards. `scripts/regress-share` fetches the suite and runs this.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use pgpurpose::judge::{Verdict, judge};
use pgpurpose::model::access::{Access, DeclaredBy, SearchPath};
use pgpurpose::model::names::Name;
use pgpurpose::model::privacy::Purpose;
use pgpurpose::policy::{Ruleset, SourceFile};
use pgpurpose::snapshot::Snapshot;
use pgpurpose::sql::parse::STACK_BYTES;
use pgpurpose::upstream::catalog::load_blocking;

use super::harness::cluster::PASSWORD;
use super::harness::{Client, Cluster};

const RULES: &str = include_str!("policies/nothing_governed.yaml");

#[derive(Default)]
struct Count {
    accepted: usize,
    passed: usize,
    /// Refusals by what they say, with one statement each.
    refused: BTreeMap<String, (usize, String)>,
}

#[test]
#[ignore = "needs PostgreSQL's regression suite: scripts/regress-share"]
fn regress_share() {
    let suite = std::env::var("REGRESS_SUITE").expect("scripts/regress-share says where it is");
    let suite = Path::new(&suite);
    let cluster = Cluster::shared().expect("a server");
    cluster.create_database("regress_plant", "template0");
    run(cluster, "regress_plant", &suite.join("test_setup.sql"));
    let mut counts: BTreeMap<&'static str, Count> = BTreeMap::new();
    let mut paths: Vec<_> = std::fs::read_dir(suite)
        .expect("a directory")
        .map(|e| e.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "sql")) {
        cluster.create_database("regress", "regress_plant");
        let accepted = run(cluster, "regress", path);
        let snapshot = snapshot(cluster, "regress");
        let judged = std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn(move || {
                accepted
                    .into_iter()
                    .map(|text| (refusal(&snapshot, &text), text))
                    .collect::<Vec<_>>()
            })
            .expect("a thread")
            .join()
            .expect("judging never panics");
        for (refusal, text) in judged {
            // Temporary, rolled back, or in a schema that the file had on its path.
            if refusal.as_ref().is_some_and(|why| why.starts_with("[unknown_name] relation")) {
                continue;
            }
            let count = counts.entry(kind(&text)).or_default();
            count.accepted += 1;
            match refusal {
                None => count.passed += 1,
                Some(why) => {
                    count.refused.entry(why).or_insert_with(|| (0, text)).0 += 1;
                }
            }
        }
    }
    print(&counts);
}

#[allow(clippy::cast_precision_loss, reason = "thousands")]
fn print(counts: &BTreeMap<&'static str, Count>) {
    let line = |kind: &str, accepted: usize, passed: usize| {
        let share = 100.0 * passed as f64 / accepted.max(1) as f64;
        println!("| {kind} | {accepted} | {passed} | {share:.1} % |");
    };
    println!("| kind | accepted by the server | pass | share |\n|---|--:|--:|--:|");
    for (kind, count) in counts {
        line(kind, count.accepted, count.passed);
    }
    let sum = |of: fn(&Count) -> usize| counts.values().map(of).sum();
    line("all", sum(|c| c.accepted), sum(|c| c.passed));
    for (kind, count) in counts {
        let mut refused: Vec<_> = count.refused.iter().collect();
        refused.sort_by_key(|(_, (n, _))| std::cmp::Reverse(*n));
        for (why, (n, text)) in refused {
            println!("{kind}: {n} x {why}\n      {}", super::corpus::shortened(text));
        }
    }
}

/// Runs a file's statements; those that the server accepts come back. Nothing is dropped.
fn run(cluster: &Cluster, database: &str, path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).expect("a file of the suite");
    let text = String::from_utf8_lossy(&bytes);
    let login = cluster.superuser(database).with("options", "-c statement_timeout=5s");
    let mut client = Client::connect(&login).expect("login");
    let mut accepted = Vec::new();
    for statement in statements(&text) {
        let word = first_word(&statement);
        let lower = statement.to_lowercase();
        let drops = matches!(word.as_str(), "drop" | "reassign")
            || ["terminate_backend", "subscription"].iter().any(|w| lower.contains(w));
        let known = drops
            || super::replay::answer(&mut client, &statement, None).iter().all(|m| m.tag != b'E');
        if known {
            accepted.push(statement);
        }
    }
    accepted
}

fn snapshot(cluster: &Cluster, database: &str) -> Snapshot {
    let url = format!("postgres://postgres:{PASSWORD}@127.0.0.1:{}/{database}", cluster.port);
    let catalog = load_blocking(&url).expect("a catalog");
    let file = SourceFile { path: "rules.yaml".into(), text: RULES.to_owned() };
    let ruleset = Ruleset::load(&[file]).map_err(|_| "rules").expect("the rules");
    Snapshot::build(Arc::new(ruleset), Arc::new(catalog)).0
}

fn refusal(snapshot: &Snapshot, text: &str) -> Option<String> {
    let access = Access {
        role: Name::new("app"),
        address: None,
        purpose: Purpose::new("work"),
        declared: DeclaredBy::Startup,
        search_path: SearchPath(vec![Name::new("pg_catalog"), Name::new("public")]),
        variables: Arc::new(BTreeMap::new()),
        client_encoding: Arc::from("UTF8"),
        token: Default::default(),
        types_declared: false,
    };
    match judge(snapshot, &access, text).verdict {
        Verdict::Forward(_) => None,
        Verdict::Refuse(refusal) => {
            let quoted = refusal.message.split('"').step_by(2).collect::<Vec<_>>().join("…");
            let why = refusal.detail.unwrap_or_default();
            Some(format!("[{}] {quoted} ({why})", refusal.reason.as_str()))
        }
    }
}

fn first_word(text: &str) -> String {
    let start = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let end = start.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(start.len());
    start[..end].to_lowercase()
}

fn kind(text: &str) -> &'static str {
    match first_word(text).as_str() {
        "select" | "with" | "values" | "table" => "SELECT",
        "insert" | "update" | "delete" | "merge" => "INSERT, UPDATE, DELETE, MERGE",
        "explain" | "prepare" | "execute" | "declare" | "fetch" | "move" | "close" | "copy"
        | "deallocate" => "EXPLAIN, PREPARE, cursors, COPY",
        "create" | "alter" | "drop" | "comment" | "grant" | "revoke" | "truncate" | "reindex"
        | "cluster" | "refresh" | "security" | "reassign" | "import" => "DDL",
        "do" | "call" => "DO, CALL",
        _ => "session",
    }
}

/// The statements of a psql script, without psql's own commands and the rows of COPY.
fn statements(script: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = script;
    while let Some((statement, after)) = next_statement(rest) {
        rest = after;
        let lower = statement.to_lowercase();
        if lower.starts_with("copy") && lower.contains("from stdin") {
            let end = rest.find("\n\\.").map_or(rest.len(), |at| at + 3);
            rest = &rest[end..];
        }
        // Variables of psql.
        let variable = [":'", ":\"", ":abs", ":reg"].iter().any(|mark| lower.contains(mark));
        if !statement.is_empty() && !variable {
            found.push(statement);
        }
    }
    found
}

/// The next statement, and what follows it.
fn next_statement(text: &str) -> Option<(String, &str)> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut atomic) = (0, 0, 0);
    let mut out = String::new();
    let mut from = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let skip = |end: &str, width: usize| {
            rest[width..].find(end).map_or(rest.len(), |found| width + found + end.len())
        };
        let word_before =
            at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        match bytes[at] {
            b'-' | b'/' if rest.starts_with("--") || rest.starts_with("/*") => {
                out.push_str(&text[from..at]);
                out.push(' ');
                at += if rest.starts_with("--") { skip("\n", 0) } else { skip("*/", 2) };
                from = at;
            }
            b'\'' => {
                let escapes = at > 0 && matches!(bytes[at - 1], b'e' | b'E');
                at += 1;
                while at < bytes.len() && bytes[at] != b'\'' {
                    at += if escapes && bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'"' => at += skip("\"", 1),
            b'$' if !word_before => {
                let tag = rest[1..].find('$').map(|end| &rest[..end + 2]);
                let tag = tag.filter(|t| {
                    t[1..t.len() - 1].chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                        && !t[1..].starts_with(|c: char| c.is_ascii_digit())
                });
                at += tag.map_or(1, |tag| skip(tag, tag.len()));
            }
            b'\\' => {
                // A command of psql ends what was written before, if anything.
                let line = rest.find('\n').unwrap_or(rest.len());
                if rest.starts_with("\\;") {
                    at += 2;
                    continue;
                }
                out.push_str(&text[from..at]);
                let statement = out.trim().to_owned();
                return Some((
                    if rest.starts_with("\\g") { statement } else { String::new() },
                    &rest[line..],
                ));
            }
            b'(' => {
                depth += 1;
                at += 1;
            }
            b')' => {
                depth -= 1;
                at += 1;
            }
            b'b' | b'B' if !word_before && rest.len() > 12 && starts(rest, "begin atomic") => {
                atomic = 1;
                at += 12;
            }
            b'e' | b'E' if atomic > 0 && !word_before && starts(rest, "end") => {
                atomic -= 1;
                at += 3;
            }
            b'c' | b'C' if atomic > 0 && !word_before && starts(rest, "case") => {
                atomic += 1;
                at += 4;
            }
            b';' if depth <= 0 && atomic == 0 => {
                out.push_str(&text[from..at]);
                return Some((out.trim().to_owned(), &text[at + 1..]));
            }
            _ => {
                at += 1;
                while !text.is_char_boundary(at) {
                    at += 1;
                }
                continue;
            }
        }
        at = at.min(bytes.len());
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    None
}

fn starts(text: &str, word: &str) -> bool {
    let head = text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    head && !text[word.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}
