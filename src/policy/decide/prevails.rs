//! The general lines over which those of a service prevail, for whoever asks why.

use std::collections::BTreeSet;

use crate::model::access::Access;
use crate::model::names::ColumnId;
use crate::model::ruling::RuleRef;
use crate::policy::bind::BoundRuleset;

impl BoundRuleset {
    /// General lines about a column that do not count for it: its service says something else for
    /// the declared purpose.
    pub fn overridden(&self, access: &Access, column: ColumnId) -> BTreeSet<RuleRef> {
        let mut lost = BTreeSet::new();
        let Some(relation) = self.relations.get(&column.relation) else { return lost };
        let Some(claimed) = self.rules.find_purpose(&access.purpose) else { return lost };
        let purpose = self.rules.purposes.get(claimed.purpose);
        let meant = purpose.and_then(|purpose| purpose.services.get(relation.service));
        let (Some(meant), Some(label)) = (meant, self.label(relation, column.number)) else {
            return lost;
        };
        lost.extend(meant.consent_instead_of.clone());
        let words = label.categories.iter().filter_map(|category| meant.words.get(*category));
        lost.extend(words.flat_map(|word| word.instead_of.iter().cloned()));
        let services = &self.rules.services;
        let service = relation.service.checked_sub(1).and_then(|at| services.get(at));
        let rules = self.rules.rules.iter().filter(|rule| {
            let applies = rule.purposes.get(claimed.purpose).copied().unwrap_or(false);
            applies && service.is_some_and(|service| rule.not_services.contains(&service.name))
        });
        lost.extend(rules.map(|rule| rule.rule.clone()));
        lost
    }
}
