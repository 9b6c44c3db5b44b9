//! What a file of cases says: who asks what, and what must become of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::policy::read_yaml;

/// Keys of `as:`; null takes one away.
pub type Who = BTreeMap<String, Option<String>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default, rename = "as")]
    pub who: Who,
    /// Tables instead of those of the shop.
    pub(super) schema: Option<String>,
    /// One rule file instead of those of the shop.
    pub(super) rules: Option<String>,
    /// Files of services beside it.
    #[serde(default)]
    pub(super) services: Vec<String>,
    /// Invented people, for a run with a server.
    #[serde(default)]
    pub people: Vec<BTreeMap<String, serde_json::Value>>,
    pub tests: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    #[serde(default, rename = "as")]
    pub(super) who: Who,
    pub sql: String,
    pub(super) expect: Option<Expectation>,
    pub because: Option<String>,
    pub error: Option<ErrorCase>,
    /// Exactly these questions about a person apply.
    pub(super) conditions: Option<BTreeSet<String>>,
    /// Exactly these tables are recorded as touched.
    pub(super) tables: Option<BTreeSet<String>>,
    /// Exactly these treatments of governed columns are recorded, shown or not.
    pub(super) columns: Option<BTreeMap<String, String>>,
    /// Tags of the statements the text holds.
    pub(super) statements: Option<Vec<String>>,
    pub(super) max_rows: Option<u64>,
    /// What is sent to the server, in the short spelling of `shown`.
    pub rewritten: Option<String>,
    /// The client's own text is sent.
    #[serde(default)]
    pub(super) unchanged: bool,
    pub(super) rows: Option<Vec<Vec<serde_json::Value>>>,
    pub(super) people: Option<Vec<serde_json::Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Expectation {
    /// `allow`: sent, everything governed in clear. `mask`: sent, something is not. `block`.
    Word(String),
    /// Every column of the result → its treatment. `none`: made of no column of a table.
    Columns(BTreeMap<String, String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCase {
    pub(super) sqlstate: Option<String>,
    pub(super) message: Option<String>,
    /// Parts of the text.
    pub(super) detail: Option<String>,
    pub(super) hint: Option<String>,
    /// What stands at the reported place.
    pub(super) at: Option<String>,
}

impl File {
    /// Whether it is about other rules than those of the directory.
    pub fn brings_rules(&self) -> bool {
        self.rules.is_some() || !self.services.is_empty()
    }
}

/// Reads a file of cases.
///
/// # Errors
/// What does not fit, in words.
pub fn read(text: &str) -> Result<File, String> {
    read_yaml(text)
}

impl Case {
    pub fn needs_server(&self) -> usize {
        usize::from(self.rows.is_some()) + usize::from(self.people.is_some())
    }
}
