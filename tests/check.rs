//! `pgpurpose check` as a process: the shop's rules fit the shop's tables, and every mistake is
//! told at once, with its line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn check(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgpurpose"));
    command.arg("check").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.output().expect("the program starts")
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// A rule directory of its own for each test.
struct Rules(PathBuf);

impl Rules {
    fn new(name: &str, files: &[(&str, &str)]) -> Rules {
        let directory =
            std::env::temp_dir().join(format!("pgpurpose-check-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).expect("a directory");
        for (name, text) in files {
            std::fs::write(directory.join(name), text).expect("a file");
        }
        Rules(directory)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for Rules {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_shop_is_right() {
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/schema.sql").exists());
    let output = check(&["--schema", "rules/schema.sql", "--short"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).ends_with("7 files: 3 notes\n"), "{}", told(&output));
    assert_eq!(check(&["--strict"]).status.code(), Some(0));
    let rules = Rules::new("strict", &[("a.yaml", "defaults: { mode: observe }\n")]);
    let code = |more: &[&str]| check(&[&["--rules", rules.path()], more].concat()).status.code();
    assert_eq!((code(&[]), code(&["--strict"])), (Some(0), Some(1)));
}

#[test]
fn every_mistake_of_every_file_is_told_with_its_line() {
    let rules = Rules::new(
        "mistakes",
        &[
            (
                "a.yaml",
                "categories: { basic: { email: email } }\npurposes:\n  survey: { data: { basic.emial: allow } }\n",
            ),
            (
                "b.yaml",
                "tables:\n  shop.users: { subjekt: id, plain: [id] }\nroles:\n  r: { may: [surwey] }\n",
            ),
        ],
    );
    let output = check(&["--rules", rules.path()]);
    assert_eq!(output.status.code(), Some(1));
    let told = told(&output);
    for part in [
        "error[PP012]: unknown category `basic.emial`",
        "a.yaml:3:21\n",
        "3 |   survey: { data: { basic.emial: allow } }\n",
        "^^^^^^^^^^^ no such field in `basic`",
        "help: did you mean `basic.email`?",
        "error[PP013]: unknown purpose `surwey`",
        "error[PP012]: unknown category `id`",
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
    assert!(!told.contains('\u{1b}'), "colours in a pipe");
}

#[test]
fn a_database_that_does_not_fit_is_told() {
    let rules = Rules::new(
        "fit",
        &[(
            "a.yaml",
            "categories: { basic: { age: email } }\n\
             tables:\n  shop.users: { subject: id, plain: [id], adress: basic.age, age: basic.age }\n\
             purposes: { ads: { data: { basic: mask } } }\n",
        )],
    );
    let schema = rules.0.join("tables.sql");
    let script = "CREATE SCHEMA shop;\n\
                  CREATE TABLE shop.users (id int PRIMARY KEY, address text, age int);\n";
    std::fs::write(&schema, script).expect("a file");
    let schema = schema.to_str().expect("UTF-8");
    let output = check(&["--rules", rules.path(), "--schema", schema, "--short"]);
    assert_eq!(output.status.code(), Some(1));
    let told = told(&output);
    for part in ["error[PP021]", "error[PP022]", "warning[PP023]: column shop.users.address"] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
}

#[test]
fn what_cannot_be_read_is_no_answer() {
    assert_eq!(check(&["--rules", "no-such-directory"]).status.code(), Some(2));
    assert_eq!(check(&["--schema", "no-such-file.sql"]).status.code(), Some(2));
}
