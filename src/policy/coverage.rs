//! What there is to be tested: the lines that may decide, and purpose × category.

use std::collections::BTreeSet;

use super::ruleset::{GovernedRule, Ruleset, TableRuleBody};
use crate::model::privacy::Purpose;
use crate::model::ruling::RuleRef;

impl Ruleset {
    /// Lines that may have a say in a decision, as records name them: id and place.
    pub fn lines(&self) -> BTreeSet<String> {
        let rules = &self.rules;
        let mut lines: BTreeSet<&RuleRef> = BTreeSet::new();
        for purpose in rules.purposes.iter().filter(|purpose| !purpose.has_parts) {
            for meant in &purpose.services {
                let named = meant.words.iter().filter(|word| !word.unnamed);
                lines.extend(named.flat_map(|word| &word.because));
            }
        }
        lines.extend(rules.roles.values().map(|role| &role.rule));
        lines.extend(rules.rules.iter().map(|rule| &rule.rule));
        let patterns = rules.patterns.iter().map(|(_, table)| table);
        lines.extend(rules.tables.values().chain(patterns).map(|table| &table.rule));
        lines.into_iter().map(|rule| format!("{} ({})", rule.id, rule.place)).collect()
    }

    /// Every purpose with every category that a column of a listed table holds.
    pub fn cells(&self) -> BTreeSet<(String, String)> {
        let rules = &self.rules;
        let of = |governed: &GovernedRule| -> BTreeSet<usize> {
            let labels = governed.columns.values().chain(&governed.rest);
            labels.flat_map(|label| label.categories.iter().copied()).collect()
        };
        let patterns = rules.patterns.iter().map(|(_, table)| table);
        let held: BTreeSet<usize> = rules
            .tables
            .values()
            .chain(patterns)
            .filter_map(|table| match &table.body {
                TableRuleBody::Governed(governed) => Some(of(governed)),
                TableRuleBody::Plain | TableRuleBody::Internal | TableRuleBody::NotCovered => None,
            })
            .flatten()
            .collect();
        let names: Vec<String> = held
            .into_iter()
            .filter_map(|at| rules.categories.names.get(at))
            .map(ToString::to_string)
            .collect();
        let purposes = rules.purposes.iter().filter(|purpose| !purpose.has_parts);
        purposes
            .flat_map(|purpose| names.iter().map(|name| (purpose.path.to_string(), name.clone())))
            .collect()
    }

    /// The purpose a declared one is, without the label it was declared under.
    pub fn purpose_of(&self, declared: &str) -> Option<String> {
        let found = self.rules.find_purpose(&Purpose::new(declared))?.purpose;
        self.rules.purposes.get(found).map(|purpose| purpose.path.to_string())
    }
}
