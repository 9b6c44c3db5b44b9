//! `pgpurpose subject access`: who read a person's data, from the audit trail.
//!
//! Lines that name the person are told one by one as they are found. Reads in bulk, of which
//! nobody can say whether this person was among the rows, are told together: by whom, for what, of
//! which tables, under which conditions, how often.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::session::keys;
use crate::audit::trail::Trail;
use crate::cli::exit::{Exit, say};
use crate::model::person::IdKind;

/// Kinds of bulk reads that are told apart; those beyond are only counted.
const MAX_KINDS: usize = 10_000;
/// Only rows that the statement had itself put there.
const INSERTED: &str = "inserted";

#[derive(Args, Debug)]
pub struct Access {
    /// The person's id, as it stands in the key of the table of people
    id: String,
    /// Audit files; those set aside beside them are read as well
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    audit: Vec<PathBuf>,
    /// Key of the audit trail [default: beside the first file]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// table, or json: one object a line
    #[arg(long, value_enum, default_value = "table")]
    output: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Form {
    Table,
    Json,
}

/// A line of the trail that let somebody see, or may have.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Reading {
    pub time: String,
    #[serde(skip_serializing)]
    pub event: String,
    pub id: String,
    pub role: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub application: String,
    pub purpose: String,
    pub statement: String,
    pub decision: String,
    #[serde(skip_serializing_if = "is_false")]
    pub observed: bool,
    #[serde(deserialize_with = "names")]
    pub tables: Vec<String>,
    /// `schema.table.column` → `allow`, `mask.last4`, …
    pub columns: BTreeMap<String, String>,
    #[serde(skip_serializing)]
    pub subjects: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub bulk: BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, String>,
    /// An operator's verb.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub verb: String,
    #[serde(skip_serializing)]
    pub state: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub os_user: String,
    /// The line names the person; else they may have been among its rows.
    #[serde(skip_deserializing)]
    pub named: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Names of tables: a list, or the keys of what an operator's line counts.
fn names<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Tables {
        Names(Vec<String>),
        Counted(BTreeMap<String, serde_json::Value>),
    }
    Ok(match Tables::deserialize(from)? {
        Tables::Names(names) => names,
        Tables::Counted(counted) => counted.into_keys().collect(),
    })
}

/// Bulk reads of one kind.
#[derive(Clone, Debug, Default, Serialize)]
struct Often {
    times: u64,
    first: String,
    last: String,
}

/// Recipients outside, and how often data went to them.
#[derive(Debug, Default, Serialize)]
pub struct Recipients {
    received: BTreeMap<String, Often>,
    may_have_received: BTreeMap<String, Often>,
}

impl Recipients {
    pub fn note(&mut self, recipient: &str, reading: &Reading) {
        let all = if reading.named { &mut self.received } else { &mut self.may_have_received };
        all.entry(recipient.to_owned()).or_default().note(&reading.time);
    }
}

impl Often {
    fn note(&mut self, time: &str) {
        self.times += 1;
        if self.first.is_empty() || time < self.first.as_str() {
            time.clone_into(&mut self.first);
        }
        if time > self.last.as_str() {
            time.clone_into(&mut self.last);
        }
    }
}

/// What a bulk read is told by: role, application, purpose, treatment, tables, conditions.
type Kind = (String, String, String, &'static str, Vec<String>, Vec<String>);

impl Access {
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let keys = keys(self.key.as_deref(), &self.audit)?;
        let ids = IdKind::readings(&self.id);
        let hashes: Vec<String> =
            keys.iter().flat_map(|key| ids.iter().map(|id| key.subject(id))).collect();
        let mut kinds: BTreeMap<Kind, Often> = BTreeMap::new();
        let (mut read, mut beyond) = (0_u64, 0_u64);
        if self.output == Form::Table {
            say("read by\n");
        }
        let unread = readings(&self.audit, &hashes, &mut |reading| {
            if reading.named {
                read += 1;
                say(&self.told(reading)?);
                return Ok(());
            }
            let kind = kind(reading);
            if kinds.len() < MAX_KINDS || kinds.contains_key(&kind) {
                kinds.entry(kind).or_default().note(&reading.time);
            } else {
                beyond += 1;
            }
            Ok(())
        })?;
        say(&self.told_kinds(read, &kinds)?);
        if beyond > 0 {
            eprintln!("pgpurpose: {beyond} more reads in bulk, of too many kinds to list");
        }
        if unread > 0 {
            eprintln!("pgpurpose: {unread} lines could not be read");
        }
        Ok(Exit::Yes)
    }

    fn told(&self, reading: &Reading) -> anyhow::Result<String> {
        if self.output == Form::Json {
            return Ok(format!("{}\n", serde_json::to_string(reading)?));
        }
        let mut text = format!("{}  {}", reading.time, reading.role);
        if reading.verb.is_empty() {
            let _ = write!(text, "  {}  {}", reading.purpose, reading.statement);
            let _ = write!(text, "  {}  {}", treatment(reading), reading.id);
        } else {
            let _ = write!(text, "  {} ({})  {}", reading.verb, reading.os_user, reading.id);
        }
        if !reading.application.is_empty() {
            let _ = write!(text, "  {}", reading.application);
        }
        text.push('\n');
        match reading.columns.is_empty() {
            true => drop(writeln!(text, "    {}", reading.tables.join(", "))),
            false => {
                for (column, treatment) in &reading.columns {
                    let _ = writeln!(text, "    {column}  {treatment}");
                }
            }
        }
        Ok(text)
    }

    fn told_kinds(&self, read: u64, kinds: &BTreeMap<Kind, Often>) -> anyhow::Result<String> {
        let mut text = String::new();
        if self.output == Form::Table {
            if read == 0 {
                text.push_str("    nobody, by what the trail names\n");
            }
            text.push_str("may have been read by, among others\n");
            if kinds.is_empty() {
                text.push_str("    nobody\n");
            }
        }
        for (kind, often) in kinds {
            let (role, application, purpose, treatment, tables, conditions) = kind;
            if self.output == Form::Json {
                let line = serde_json::json!({
                    "may_have": true, "role": role, "application": application,
                    "purpose": purpose, "treatment": treatment, "tables": tables,
                    "conditions": conditions, "times": often.times,
                    "first": often.first, "last": often.last,
                });
                let _ = writeln!(text, "{line}");
                continue;
            }
            let conditions = match conditions.is_empty() {
                true => "all".to_owned(),
                false => format!("only by {}", conditions.join(", ")),
            };
            let tables = tables.join(", ");
            let _ = write!(text, "{} times, {} to {}", often.times, often.first, often.last);
            let _ = write!(text, "  {role}  {purpose}  {treatment}  {tables}  {conditions}");
            let _ = writeln!(text, "  {application}");
        }
        Ok(text)
    }
}

fn kind(reading: &Reading) -> Kind {
    let tables = reading.bulk.keys().cloned().collect();
    let mut conditions: Vec<String> = reading.bulk.values().flatten().cloned().collect();
    conditions.sort();
    conditions.dedup();
    let (role, application) = (reading.role.clone(), reading.application.clone());
    (role, application, reading.purpose.clone(), treatment(reading), tables, conditions)
}

fn treatment(reading: &Reading) -> &'static str {
    match (reading.observed, reading.decision.as_str()) {
        (true, _) => "clear (observed only)",
        (false, "mask") => "masked",
        (false, _) => "clear",
    }
}

/// Goes over a trail; how many lines could not be read. What was refused, and what only wrote new
/// rows of people it does not name, has shown nobody anything.
pub fn readings(
    files: &[PathBuf],
    hashes: &[String],
    each: &mut dyn FnMut(&Reading) -> anyhow::Result<()>,
) -> anyhow::Result<u64> {
    let mut unread = 0;
    let mut trail = Trail::over(files)?;
    while let Some(line) = trail.next_line()? {
        let mentioned = hashes.iter().any(|hash| holds(line, hash.as_bytes()));
        if !mentioned && !holds(line, b"\"bulk\":{") {
            unread += u64::from(!line.ends_with(b"}"));
            continue;
        }
        let Ok(mut reading) = serde_json::from_slice::<Reading>(line) else {
            unread += 1;
            continue;
        };
        let begun = reading.event == "operator" && reading.state == "begun";
        let refused = reading.decision == "block" && !reading.observed;
        if begun || refused || !["decision", "operator"].contains(&reading.event.as_str()) {
            continue;
        }
        reading.named = reading.subjects.iter().any(|subject| hashes.contains(subject));
        reading.bulk.retain(|_, guards| !guards.iter().any(|guard| guard == INSERTED));
        if reading.named || !reading.bulk.is_empty() {
            each(&reading)?;
        }
    }
    Ok(unread + trail.skipped())
}

fn holds(line: &[u8], text: &[u8]) -> bool {
    line.windows(text.len()).any(|window| window == text)
}
