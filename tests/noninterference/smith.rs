//! Statements of `sqlsmith`, a second source that knows nothing of this project: it reads the
//! tables, functions and operators out of the server's catalog.

use std::process::Command;

use crate::generator::seed;
use crate::harness::client::rows_of;
use crate::harness::cluster::{PASSWORD, SUPERUSER, skip};
use crate::harness::{Client, Cluster};

/// How many are asked for; `$PGPURPOSE_SMITH` says otherwise.
const COUNT: &str = "400";

/// What tells of the server, the session or the moment, and so differs between any two databases.
const UNSETTLED: [&str; 28] = [
    "pg_backend_pid",
    "pg_current",
    "pg_stat",
    "pg_postmaster",
    "pg_conf",
    "pg_last",
    "pg_control",
    "pg_export",
    "pg_snapshot",
    "random",
    "clock_timestamp",
    "timeofday",
    "now()",
    "statement_timestamp",
    "transaction_timestamp",
    "current_time",
    "current_database",
    "current_query",
    "localtime",
    "txid_",
    "inet_",
    "gen_random",
    "currval",
    "lastval",
    "lo_",
    "nextval",
    "setval",
    "to_xml",
];

/// Statements over the tables that may be named; `None`, said aloud, without the program.
pub fn statements(cluster: &Cluster, database: &str, schema: &[&str]) -> Option<Vec<String>> {
    if Command::new("sqlsmith").arg("--version").output().is_err() {
        skip("no sqlsmith found");
        return None;
    }
    // Made of a database without what the purpose may not name at all: it would be named often.
    cluster.create_role("town");
    cluster.create_database(database, "template0");
    for part in schema {
        cluster.execute(database, part);
    }
    cluster.execute(database, "DROP TABLE choice, vip_abroad; DROP FUNCTION tell");
    let target = format!(
        "host=127.0.0.1 port={} user={SUPERUSER} password={PASSWORD} dbname={database}",
        cluster.port
    );
    let count = std::env::var("PGPURPOSE_SMITH").unwrap_or(COUNT.to_owned());
    let output = Command::new("sqlsmith")
        .args(["--dry-run", "--exclude-catalog"])
        .args([format!("--target={target}"), format!("--max-queries={count}")])
        .arg(format!("--seed={}", seed()))
        .output()
        .expect("sqlsmith");
    let text = String::from_utf8(output.stdout).expect("text");
    let all: Vec<String> = text.split(";\n").map(settled).filter(|sql| !sql.is_empty()).collect();
    assert!(!all.is_empty(), "sqlsmith: {}", String::from_utf8_lossy(&output.stderr));
    // What the server would not take needs no proxy.
    let mut client = Client::connect(&cluster.superuser(database)).expect("login");
    let taken = |sql: &String| {
        client.query("BEGIN");
        let answer = client.query(&format!("PREPARE smith AS {sql}"));
        client.query("ROLLBACK");
        client.query("DEALLOCATE ALL");
        let settled = !UNSETTLED.iter().any(|word| sql.contains(word));
        settled && rows_of(&answer).is_ok()
    };
    Some(all.into_iter().filter(taken).collect())
}

/// On one line, and without what takes rows by chance.
fn settled(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let mut out = Vec::new();
    let mut rest = words.as_slice();
    while let Some((word, tail)) = rest.split_first() {
        let skipped = match *word == "tablesample" {
            true => 2.min(tail.len()),
            false => 0,
        };
        if skipped == 0 {
            out.push(*word);
        } else if let Some(after) = tail.get(1).and_then(|word| word.split_once(')')) {
            out.push(after.1);
        }
        rest = &tail[skipped..];
    }
    without_calls(&out.join(" "))
}

/// Functions without arguments tell of the server or the moment: NULL stands for each.
fn without_calls(sql: &str) -> String {
    let mut parts = sql.split("pg_catalog.");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let name = part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len());
        match part[name..].strip_prefix("()") {
            Some(rest) => out += &format!("NULL{rest}"),
            None => out += &format!("pg_catalog.{part}"),
        }
    }
    out
}
