//! What may not be had together, and how much may be used in a span of time, every name resolved.

use std::collections::BTreeSet;

use super::shape::Together;
use crate::model::names::Name;
use crate::model::ruling::RuleRef;

/// Categories that identify a person only together. It can only make things stricter.
#[derive(Clone, Debug)]
pub struct Combination {
    pub rule: RuleRef,
    /// `None`: any.
    pub roles: Option<BTreeSet<Name>>,
    /// By purpose.
    pub purposes: Vec<bool>,
    /// For each of its categories, the categories that a column may hold it under.
    pub of: Vec<Vec<bool>>,
    pub then: Together,
    /// A masked column counts as well.
    pub even_masked: bool,
}

/// How much may be used in a span of time.
#[derive(Clone, Debug)]
pub struct QuotaRule {
    pub rule: RuleRef,
    /// `None`: any.
    pub roles: Option<BTreeSet<Name>>,
    /// By purpose.
    pub purposes: Vec<bool>,
    pub people: Option<u64>,
    pub rows: Option<u64>,
    pub statements: Option<u64>,
    pub window_s: u64,
}
