//! Catalog × Ruleset, frozen and classified ahead. Replaced whole, never changed.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::policy::{BoundRuleset, Diagnostic, Ruleset};

/// What every judgement looks things up in.
#[derive(Debug)]
pub struct Snapshot {
    pub catalog: Arc<Catalog>,
    pub ruleset: Arc<Ruleset>,
    pub rules: BoundRuleset,
    /// Ruleset hash and catalog epoch in one number, for stamps.
    pub stamp: u64,
}

impl Snapshot {
    /// Binds the rules to the catalog. Diagnostics of severity error mean that the rules do not
    /// fit this database; the snapshot then refuses what they concern.
    pub fn build(ruleset: Arc<Ruleset>, catalog: Arc<Catalog>) -> (Snapshot, Vec<Diagnostic>) {
        let _ = (ruleset, catalog);
        unimplemented!()
    }
}
