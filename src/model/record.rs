//! The audit record: what is written down about a statement that touched personal data.
//! Data only; never a value of the database, of a literal or of a parameter.

use std::collections::BTreeMap;

use serde::Serialize;

/// What the judge knows about a statement that must be recorded. The session adds who and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct JudgedPart {
    /// `allow`, `mask`, `block`; the strictest treatment of any column.
    pub decision: &'static str,
    /// `SELECT`, `INSERT`, …
    pub statement: String,
    /// The statement as it may be recorded: literals replaced by `?`.
    pub normalized: String,
    pub purpose: String,
    pub declared: &'static str,
    /// `schema.table`
    pub tables: Vec<String>,
    /// `schema.table.column` → `allow`, `mask.last4`, `hide`, `block`
    pub columns: BTreeMap<String, String>,
    /// Conditions on people that apply: `consent`, `minor`, `cancelled`, `version`, `listed`.
    pub filters: Vec<&'static str>,
    #[serde(flatten)]
    pub people: PeoplePart,
    /// What rules advise of without enforcing it: `minor_without_guardian`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<&'static str>,
    /// Category → treatment, for the metrics.
    pub categories: BTreeMap<String, String>,
    /// Lines that decided: id and place.
    pub rules: Vec<String>,
    /// Session variables a rule asked for (`ticket`).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusedPart>,
    /// The rules observe: the client's own bytes were forwarded whatever was decided.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub observed: bool,
}

/// Whose rows a statement touched.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PeoplePart {
    /// Keyed hashes of the people it names, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// Tables of which it may have touched anybody's rows → the conditions that chose among them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub bulk: BTreeMap<String, Vec<&'static str>>,
}

/// Why a statement was refused.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RefusedPart {
    pub reason: &'static str,
    pub sqlstate: &'static str,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// First line: written before the first row is relayed.
#[derive(Clone, Debug, Serialize)]
pub struct DecisionRecord {
    /// Sortable; shared with the outcome and shown to a refused client.
    pub id: String,
    pub session: String,
    pub role: String,
    pub database: String,
    pub application: String,
    pub address: String,
    /// Ruleset hash and catalog epoch.
    pub stamp: String,
    #[serde(flatten)]
    pub judged: JudgedPart,
}

/// Second line: written when the statement has ended.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeRecord {
    pub id: String,
    pub rows: u64,
    pub duration_us: u64,
    /// `00000` on success.
    pub sqlstate: String,
}
