//! What changed from one version of the rules to the next, and for whom it counts.
//!
//! Compared is what the files mean after everything is resolved, not their text: a word for each
//! purpose, category and service, the conditions of each purpose, what each role may claim, what
//! each rule does. In doubt a change counts as a reduction of people's rights.
//!
//! | file | owns |
//! |---|---|
//! | `change` | `Change` and what it does to people's rights |
//! | `cells` | purpose × category × service |
//! | `conditions` | what a purpose asks before it opens anything |
//! | `claims` | roles |
//! | `exceptions` | rules |
//! | `tables` | what holds personal data, and whose |
//! | `general` | defaults, facts about people, notice |
//! | `held` | people not told of the new version keep the one before it |

mod cells;
mod change;
mod claims;
mod conditions;
mod exceptions;
mod general;
mod held;
mod tables;
#[cfg(test)]
mod tests;

pub use change::{Change, Effect};

use super::ruleset::{Effective, PurposeRule, Rules, Ruleset};

impl Ruleset {
    /// Everything that differs in meaning from an older version, reductions first.
    pub fn changes_since(&self, older: &Ruleset) -> Vec<Change> {
        let both = Both { old: &older.rules, new: &self.rules };
        let mut changes = Vec::new();
        cells::compare(&both, &mut changes);
        claims::compare(&both, &mut changes);
        exceptions::compare(&both, &mut changes);
        exceptions::compare_limits(&both, &mut changes);
        tables::compare(&both, &mut changes);
        general::compare(&both, &mut changes);
        changes.sort();
        changes.dedup();
        changes
    }
}

/// In what the rules of services are milder than the general ones, by service.
pub fn loosenings(rules: &Rules) -> Vec<(&str, Change)> {
    let both = Both { old: rules, new: rules };
    let mut found = Vec::new();
    for service in &rules.services {
        let mut changes = Vec::new();
        for purpose in rules.purposes.iter().filter(|purpose| !purpose.has_parts) {
            cells::service(&both, purpose, &service.name, &mut changes);
        }
        changes.extend(exceptions::loosened(rules, &service.name));
        let milder = changes.into_iter().filter(Change::is_reduction);
        found.extend(milder.map(|change| (service.name.as_str(), change)));
    }
    found
}

/// The versions that are compared.
struct Both<'b> {
    old: &'b Rules,
    new: &'b Rules,
}

impl Both<'_> {
    fn purpose<'r>(rules: &'r Rules, path: &str) -> Option<&'r PurposeRule> {
        let at = rules.purpose_index.get(path)?;
        rules.purposes.get(*at)
    }

    /// What a purpose means for the data of a service; where the service has no rules of its own,
    /// what it means for all data.
    fn meaning<'r>(
        rules: &Rules,
        purpose: &'r PurposeRule,
        service: Option<&str>,
    ) -> Option<&'r Effective> {
        let slot = service
            .and_then(|name| rules.services.iter().position(|service| service.name == name))
            .map_or(0, |at| at + 1);
        purpose.services.get(slot)
    }
}
