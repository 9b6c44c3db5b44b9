//! How few people may be told of at once, and how much may be used in a span of time.

use super::names::QualifiedName;
use super::ruling::{Action, Before, Condition, RuleRef};

/// The smallest groups of people that aggregates can tell apart: those who share the values of all
/// dimensions. Fixed for a table and a purpose, whatever a statement asks: so no two statements
/// differ by less than a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Distinct people whose values a cell must hold. What is in smaller ones goes together, one
    /// level up.
    pub min_people: u32,
    /// Coarsest first; the dimensions of one level are looked at together.
    pub levels: Vec<Vec<Dimension>>,
    /// How many levels the statement tells apart: what is only in coarser cells is not seen.
    pub told: usize,
}

/// A column that cells are made by, as the purpose sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// Steps from the site towards the person; 0 is the site itself.
    pub steps: usize,
    pub table: QualifiedName,
    pub column: i16,
    /// Allow or a mask, of whom has been told of all versions of `before`.
    pub action: Action,
    pub before: Vec<Before>,
    /// Where these do not hold of the person, the value is NULL.
    pub conditions: Vec<Condition>,
}

/// How much a role may use for a purpose in a span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    pub rule: RuleRef,
    /// What is counted together: the rule, the role, the purpose.
    pub account: String,
    /// Distinct people.
    pub people: Option<u64>,
    /// Rows of results.
    pub rows: Option<u64>,
    pub statements: Option<u64>,
    pub window_s: u64,
}
