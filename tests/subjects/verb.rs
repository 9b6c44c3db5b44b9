//! Runs `pgpurpose subject …` as an operator would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::harness::cluster::{PASSWORD, SUPERUSER};
use super::harness::process::fresh_directory;
use super::{POLICY, Town};

/// An operator's desk: rules, a key, the record of what was done.
pub struct Desk {
    pub directory: PathBuf,
    pub url: String,
}

pub const KEY: &str = "0123456789abcdef0123456789abcdef";

impl Desk {
    pub fn new(town: &Town) -> Desk {
        Desk::with(town, POLICY)
    }

    pub fn with(town: &Town, policy: &str) -> Desk {
        let directory = fresh_directory("desk");
        fs::create_dir_all(directory.join("rules")).unwrap();
        fs::write(directory.join("rules/policy.yaml"), policy).unwrap();
        fs::write(directory.join("audit.key"), KEY).unwrap();
        let (port, database) = (town.cluster.port, town.database);
        let url = format!("postgres://{SUPERUSER}:{PASSWORD}@127.0.0.1:{port}/{database}");
        Desk { directory, url }
    }

    pub fn command(&self, verb: &str, id: &str) -> Command {
        let mut command = pgpurpose();
        command.args(["subject", verb, id, "--upstream", &self.url]);
        command.arg("--rules").arg(self.directory.join("rules"));
        command.arg("--record").arg(self.record());
        command
    }

    pub fn run(&self, verb: &str, id: &str, more: &[&str]) -> Output {
        self.command(verb, id).args(more).output().expect("the program")
    }

    pub fn record(&self) -> PathBuf {
        self.directory.join("audit-operators.jsonl")
    }

    pub fn lines(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(self.record()).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

pub fn pgpurpose() -> Command {
    let program = std::env::var("PGPURPOSE_BIN");
    let program = program.unwrap_or(env!("CARGO_BIN_EXE_pgpurpose").to_owned());
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

pub fn verify(receipt: &Path, key: &Path) -> Option<i32> {
    let mut command = pgpurpose();
    command.args(["subject", "verify"]).arg(receipt).arg("--key").arg(key);
    command.output().expect("the program").status.code()
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Both, and the code, for a failing test.
pub fn all(output: &Output) -> String {
    format!("{:?}\n{}\n{}", output.status.code(), out(output), err(output))
}
