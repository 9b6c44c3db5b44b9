//! The closed sets that label values are taken from.

use std::collections::BTreeSet;

/// Label of a purpose that is not in the rules.
pub const UNKNOWN: &str = "unknown";
/// Label of a statement for which nobody declared a purpose.
pub const UNDECLARED: &str = "undeclared";
/// Label of a role or rule that is not in the rules.
pub const OTHER: &str = "other";

/// `JudgedPart::decision`, mildest first.
pub const DECISIONS: [&str; 3] = ["allow", "mask", "block"];
/// Treatment of a category: `mask.last4` counts as `mask`.
pub const TREATMENTS: [&str; 5] = ["allow", "mask", "aggregate", "hide", "block"];
/// Conditions on people a statement was given.
pub const FILTERS: [&str; 4] = ["consent", "minor", "cancelled", "version"];

/// What the rules in force name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pub purposes: BTreeSet<String>,
    /// Any depth; counted by their first part.
    pub categories: BTreeSet<String>,
    pub roles: BTreeSet<String>,
    /// Ids of rules.
    pub rules: BTreeSet<String>,
}

/// The group of a category or treatment: its first part.
pub fn group(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}
