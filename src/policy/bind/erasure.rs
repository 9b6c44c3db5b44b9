//! What stays of a person who is erased: the rule of the table, else of its categories, else
//! nothing.

use std::collections::BTreeSet;

use super::bound::BoundRuleset;
use super::relations::{listed, missing_column};
use crate::catalog::Relation;
use crate::model::names::Name;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::{Erasure, GovernedRule, TableRuleBody};
use crate::policy::shape::{ErasureWord, MaskMeaning, Span};

/// What becomes of the rows of one table.
#[derive(Clone, Debug, Default)]
pub struct Stay {
    pub word: ErasureWord,
    /// Columns whose values stay in rows that stay.
    pub columns: BTreeSet<i16>,
    pub retain: Option<Span>,
    /// The column that `retain` counts from; without one the rows stay.
    pub from: Option<Name>,
    pub because: Option<String>,
}

/// `from` must be a moment.
pub fn check(relation: &Relation, governed: &GovernedRule, found: &mut Vec<Diagnostic>) {
    let Some((name, place)) = governed.erase.as_ref().and_then(|erase| erase.from.as_ref()) else {
        return;
    };
    if missing_column(relation, name, place, found) {
        return;
    }
    let column = relation.column(name);
    if let Some(column) = column.filter(|column| column.type_category != 'D') {
        let message = format!("column `{name}` is no date or time");
        let label = format!("it is of type {}", column.base_type);
        found.push(Diagnostic::error("PP025", message).at(place).label(label));
    }
}

impl BoundRuleset {
    /// What becomes of the rows that one table holds of a person who is erased.
    pub fn stay(&self, relation: &Relation) -> Stay {
        let rule = listed(&self.rules, &relation.name).map(|rule| &rule.body);
        if let Some(TableRuleBody::Governed(governed)) = rule
            && let Some(erase) = &governed.erase
        {
            return self.of_rule(relation, erase);
        }
        let Some(bound) = self.relation(relation.id) else { return Stay::default() };
        let mut stay = Stay::default();
        for (category, erasure) in &self.rules.stays {
            let covers = |of: &usize| self.rules.categories.covers(*category, *of);
            if bound.columns.values().any(|column| column.categories.iter().any(covers)) {
                let one = self.of_rule(relation, erasure);
                stay.columns.extend(one.columns);
                stay.word = one.word;
                // The longest is not looked for: the receipt names one reason for all of them.
                stay.retain = stay.retain.or(one.retain);
                stay.because = stay.because.or(one.because);
            }
        }
        stay
    }

    fn of_rule(&self, relation: &Relation, erasure: &Erasure) -> Stay {
        let kept = |label: &BTreeSet<usize>| {
            let covered = |of: &usize| {
                erasure.keep.iter().any(|general| self.rules.categories.covers(*general, *of))
            };
            !label.is_empty() && label.iter().all(covered)
        };
        let labels = self.relation(relation.id).into_iter().flat_map(|bound| &bound.columns);
        let columns = labels
            .filter(|(_, column)| erasure.word == ErasureWord::Keep || kept(&column.categories));
        Stay {
            word: erasure.word,
            columns: columns.map(|(number, _)| *number).collect(),
            retain: erasure.retain,
            from: erasure.from.as_ref().map(|(name, _)| name.clone()),
            because: erasure.because.clone(),
        }
    }

    /// Categories of a column that are shown to nobody, whatever the purpose (`block`): secrets
    /// such as a password. An export leaves them out.
    pub fn is_secret(&self, relation: &Relation, number: i16) -> bool {
        let label = self.relation(relation.id).and_then(|bound| bound.columns.get(&number));
        let masks = &self.rules.categories.masks;
        let blocked = |category: &usize| masks.get(*category) == Some(&Some(MaskMeaning::Block));
        label.is_some_and(|label| label.categories.iter().any(blocked))
    }
}
