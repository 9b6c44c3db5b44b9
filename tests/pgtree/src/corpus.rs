//! Statements: those of the other tests, and one at least for every construct.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::worlds::{files, project};

/// Every statement of the corpus, each once.
pub fn statements() -> Vec<String> {
    let mut found = BTreeSet::new();
    found.extend(lines(include_str!("../constructs.sql")));
    let tests = project().join("tests");
    for name in ["noninterference/statements.sql", "relay/queries.txt"] {
        found.extend(lines(&fs::read_to_string(tests.join(name)).unwrap_or_default()));
    }
    for directory in ["tests/cases", "rules/tests", "tests/corpus", "tests/ordinary"] {
        for path in files(&project().join(directory), &["yaml"]) {
            let text = fs::read_to_string(&path).expect("a file of cases");
            let Ok(value) = serde_yaml::from_str::<Value>(&text) else { continue };
            collect(&value, &mut found);
        }
        for path in files(&project().join(directory), &["sql"]) {
            let text = fs::read_to_string(&path).expect("a file of statements");
            found.extend(split(&text));
        }
    }
    found.into_iter().collect()
}

/// Statements written one to a line, without those that say what the lines are.
fn lines(text: &str) -> impl Iterator<Item = String> + '_ {
    let written = text.lines().map(str::trim);
    written
        .filter(|l| !l.is_empty() && !l.starts_with("--") && !l.starts_with('#'))
        .map(str::to_owned)
}

/// Statements of a script, cut where PostgreSQL's scanner sees them end.
fn split(text: &str) -> Vec<String> {
    match pg_query::split_with_scanner(text) {
        Ok(parts) => parts.into_iter().map(|part| part.trim().to_owned()).collect(),
        Err(_) => vec![text.to_owned()],
    }
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("sql").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|inner| collect(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect(inner, found)),
        _ => {}
    }
}
