//! Golden judgements: what becomes of a statement, in files that read like a list of promises.
//!
//! Runs `tests/cases/**/*.yaml` and `rules/tests/*.test.yaml` without a server; what needs one
//! (`rows`, `people`) is counted and said. `BLESS=1` writes `rewritten:` anew where it differs.
//! The format is told in `tests/README.md`.

#[path = "cases/driver.rs"]
mod driver;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use driver::{Case, Outcome, bless, files, judge, shop};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs every case of a directory; strict ones must say why whatever is refused is refused.
fn run(directory: &str, strict: bool) -> (usize, usize) {
    let shop = shop(root());
    let (mut cases, mut skipped) = (0, 0);
    let mut failures = String::new();
    for path in files(&root().join(directory)) {
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        let text = fs::read_to_string(&path).expect("a file of cases");
        let file = driver::read(&text).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let own = file.world(&shop).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let mut blessed: Vec<(String, String)> = Vec::new();
        for case in &file.tests {
            cases += 1;
            skipped += case.needs_server();
            let outcome = judge(own.as_ref().unwrap_or(&shop), &file.who, case);
            let mut wrong = check(case, &outcome, strict);
            if let Some(sent) = outcome.to_bless(case) {
                if std::env::var_os("BLESS").is_some() {
                    blessed.push((case.name.clone(), sent));
                } else {
                    let asked = case.rewritten.as_deref().unwrap_or_default();
                    wrong.push(format!("rewritten:\n      said {asked}\n      sent {sent}"));
                }
            }
            for what in wrong {
                let _ = writeln!(failures, "{shown}: {}\n    {}\n    {what}", case.name, case.sql);
            }
        }
        if !blessed.is_empty() {
            write_anew(&path, &text, &blessed);
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    (cases, skipped)
}

fn write_anew(path: &PathBuf, text: &str, blessed: &[(String, String)]) {
    let new = blessed.iter().fold(text.to_owned(), |text, (name, sent)| bless(&text, name, sent));
    fs::write(path, new).expect("the file of cases can be written");
}

fn check(case: &Case, outcome: &Outcome, strict: bool) -> Vec<String> {
    let mut wrong = outcome.differences(case);
    if strict && outcome.is_refused() && case.because.is_none() && case.error.is_none() {
        wrong.push("a refusal must say `because:` or `error:`".to_owned());
    }
    wrong
}

#[test]
fn judgements_are_as_written() {
    let (cases, _) = run("tests/cases", true);
    println!("{cases} cases");
    assert!(cases >= 400, "only {cases} cases were found");
}

#[test]
fn the_rules_of_the_shop_pass_their_own_tests() {
    let (cases, skipped) = run("rules/tests", false);
    println!("{cases} cases; {skipped} statements about rows or people need a server: skipped");
    assert!(cases > 20, "only {cases} cases were found");
}

/// The driver itself: a case that says the wrong thing is told from one that says the right one.
#[test]
fn a_wrong_case_fails() {
    let shop = shop(root());
    let text = "
as: { role: ads_engine, purpose: ads }
tests:
  - { name: right, sql: SELECT gender FROM shop.users, expect: { gender: allow } }
  - { name: wrong treatment, sql: SELECT gender FROM shop.users, expect: { gender: hide } }
  - { name: column left out, sql: 'SELECT id, gender FROM shop.users', expect: { gender: allow } }
  - { name: not refused, sql: SELECT gender FROM shop.users, expect: block, because: basic.gender }
  - { name: refused, sql: SELECT email FROM shop.users, expect: { email: allow } }
  - { name: other reason, sql: SELECT email FROM shop.users, expect: block, because: basic.phone }
  - { name: not all open, sql: SELECT address FROM shop.users, expect: allow }
  - { name: other people, sql: SELECT id FROM shop.users, expect: { id: allow }, conditions: [minor] }
  - { name: other tables, sql: SELECT id FROM shop.users, expect: { id: allow }, tables: [shop.orders] }
  - { name: no error, sql: SELECT id FROM shop.users, expect: { id: allow }, error: { sqlstate: '0A000' } }
  - { name: unchanged, sql: SELECT id FROM shop.users, expect: { id: allow }, unchanged: true }
";
    let file = driver::read(text).expect("cases");
    let failing = |case: &&Case| !check(case, &judge(&shop, &file.who, case), true).is_empty();
    let names: Vec<&str> = file.tests.iter().filter(failing).map(|c| c.name.as_str()).collect();
    assert_eq!(names.len(), file.tests.len() - 1, "{names:?}");
    assert!(!names.contains(&"right"));
}
