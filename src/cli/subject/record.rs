//! What an operator did is on record as what applications do: who, which verb, about whom (by
//! keyed hash), how much. Written before anything is done, and again when it is done.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde::Serialize;

use crate::audit::{AuditFault, AuditFile, IdSource, Medium};

/// How long it is waited for another operator's record.
const PATIENCE: Duration = Duration::from_secs(10);
/// The record grows by a few lines a day; no file of it is set aside.
const NEVER_ROTATE: u64 = u64::MAX;

/// One line.
#[derive(Serialize)]
struct Line<'a> {
    time: String,
    event: &'static str,
    id: &'a str,
    verb: &'static str,
    /// `begun`, `done`, `failed`
    state: &'static str,
    os_user: &'a str,
    role: &'a str,
    database: &'a str,
    subjects: [&'a str; 1],
    rules: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tables: &'a BTreeMap<String, BTreeMap<&'static str, u64>>,
}

/// The record of one run of a verb.
pub struct OperatorLog {
    file: AuditFile,
    id: String,
    verb: &'static str,
    pub os_user: String,
    pub role: String,
    pub database: String,
    pub subject: String,
    rules: String,
    ended: bool,
}

/// Rows by table and what became of them.
pub type Counts = BTreeMap<String, BTreeMap<&'static str, u64>>;

impl OperatorLog {
    /// Writes that the verb is about to be carried out.
    pub fn open(
        path: &Path,
        verb: &'static str,
        (role, database): (String, String),
        (subject, rules): (String, String),
    ) -> anyhow::Result<OperatorLog> {
        let file = open(path)?;
        let id = IdSource::default().next();
        let mut log = OperatorLog {
            file,
            id,
            verb,
            os_user: os_user(),
            role,
            database,
            subject,
            rules,
            ended: false,
        };
        log.write("begun", &Counts::new())?;
        Ok(log)
    }

    pub fn done(&mut self, counts: &Counts) -> anyhow::Result<()> {
        self.ended = true;
        self.write("done", counts)
    }

    fn write(&mut self, state: &'static str, tables: &Counts) -> anyhow::Result<()> {
        let line = Line {
            time: format!("{:.6}", jiff::Timestamp::now()),
            event: "operator",
            id: &self.id,
            verb: self.verb,
            state,
            os_user: &self.os_user,
            role: &self.role,
            database: &self.database,
            subjects: [&self.subject],
            rules: &self.rules,
            tables,
        };
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        self.file.append(&bytes).context("what is done cannot be recorded")?;
        self.file.flush()().context("what is done cannot be recorded")
    }
}

/// An end that nobody told is a failure.
impl Drop for OperatorLog {
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.write("failed", &Counts::new());
        }
    }
}

fn open(path: &Path) -> Result<AuditFile, AuditFault> {
    let begun = Instant::now();
    loop {
        match AuditFile::open(path, NEVER_ROTATE) {
            Err(AuditFault::Locked { .. }) if begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(100));
            }
            other => return other,
        }
    }
}

/// The user of this process, by the name it is logged in under, else by number.
fn os_user() -> String {
    use std::os::unix::fs::MetadataExt;
    let number = std::fs::metadata("/proc/self").map(|about| about.uid()).ok();
    let names = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = names.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse().ok() == number).then(|| name.to_owned())
    });
    named.or(number.map(|number| number.to_string())).unwrap_or_else(|| "unknown".to_owned())
}
