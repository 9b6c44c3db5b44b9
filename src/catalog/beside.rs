//! Code of the database that a write sets off without naming it: triggers, rules, defaults,
//! checks, domains.

use std::collections::BTreeMap;

use crate::model::names::{Name, QualifiedName, RelationId};

/// What changes a row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WriteKind {
    Insert,
    Update,
    Delete,
}

impl WriteKind {
    pub const ALL: [WriteKind; 3] = [WriteKind::Insert, WriteKind::Update, WriteKind::Delete];
}

/// What runs when rows of one table are written.
#[derive(Clone, Debug, Default)]
pub struct TableCode {
    pub triggers: Vec<Trigger>,
    pub rules: Vec<RewriteRule>,
    /// By `attnum`, as the server prints them; generated columns apart.
    pub defaults: BTreeMap<i16, String>,
    /// Expressions that every row written goes through: checks, index expressions and predicates.
    pub checks: Vec<String>,
    /// Domains that columns are of, or arrays of.
    pub domains: Vec<QualifiedName>,
    /// Keys that point here and act on their own rows.
    pub cascades: Vec<Cascade>,
}

/// An enabled trigger (`pg_trigger`), those of foreign keys apart.
#[derive(Clone, Debug)]
pub struct Trigger {
    pub function: QualifiedName,
    pub on: Vec<WriteKind>,
    /// BEFORE or INSTEAD OF, for each row: it makes the row that is stored and given back.
    pub makes_row: bool,
    /// `CREATE TRIGGER …`, where it has a WHEN.
    pub definition: Option<String>,
}

/// What ON DELETE or ON UPDATE of a foreign key does.
#[derive(Clone, Copy, Debug)]
pub struct Cascade {
    pub on: WriteKind,
    /// The table that has the key.
    pub relation: RelationId,
    pub does: WriteKind,
}

/// A rule that is no view (`pg_rewrite`).
#[derive(Clone, Debug)]
pub struct RewriteRule {
    pub name: Name,
    pub on: WriteKind,
    /// `CREATE RULE …`
    pub definition: String,
}
