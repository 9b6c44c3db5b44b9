//! Renaming a column of a listed table: rules go by names, so the new name must be one under which
//! they say at least as much as under the old.

use super::bound::BoundRuleset;
use super::relations::listed;
use crate::catalog::{Catalog, Relation, RelationKind};
use crate::model::names::Name;
use crate::policy::ruleset::TableRuleBody;

impl BoundRuleset {
    /// Whether a column may change its name: a table listed by itself or by a pattern, without kin,
    /// and no column by which people are found or asked about.
    pub fn keeps_label(
        &self,
        catalog: &Catalog,
        relation: &Relation,
        (from, to): (&Name, &Name),
    ) -> bool {
        let Some(column) = relation.column(from) else { return false };
        let Some(TableRuleBody::Governed(rule)) =
            listed(&self.rules, &relation.name).map(|rule| &rule.body)
        else {
            return false;
        };
        let kin = !relation.parents.is_empty()
            || catalog.relations().any(|other| other.parents.contains(&relation.id));
        let key = relation.primary_key.contains(&column.number)
            || relation.foreign_keys.iter().any(|key| key.columns.contains(&column.number));
        let stays = match (rule.plain.contains_key(from), rule.plain.contains_key(to)) {
            (true, true) => true,
            (false, true) => false,
            (true, false) => rule.columns.contains_key(to) || rule.rest.is_some(),
            (false, false) => {
                let label = |name| rule.columns.get(name).or(rule.rest.as_ref());
                let (before, after) = (label(from), label(to));
                before.zip(after).is_some_and(|(b, a)| a.categories.is_superset(&b.categories))
            }
        };
        relation.kind == RelationKind::Table
            && !kin
            && !key
            && self.bound_by_rules_alone(catalog, relation)
            && !self.asks_about(relation, from)
            && stays
    }

    /// No label of the database says more of it than the rules.
    fn bound_by_rules_alone(&self, catalog: &Catalog, relation: &Relation) -> bool {
        let bound = self.relation(relation.id);
        catalog.derived(relation.id).is_none() && bound.is_some_and(|bound| bound.view.is_none())
    }

    /// Whether the rules name a column where they say who people are.
    fn asks_about(&self, relation: &Relation, name: &Name) -> bool {
        let bound = self.relation(relation.id);
        let number = relation.column(name).map(|column| column.number);
        let subject = bound.is_some_and(|bound| bound.subject_column == number);
        let people = self.people();
        let is_people = people.table.as_ref() == Some(&relation.name);
        let mut facts = people.minor.iter().chain(&people.cancelled).chain(&people.locked);
        let asked = facts.any(|fact| fact.with_alias("").contains(name.as_str()));
        let choices = people.choices.as_ref().map(|choices| &choices.table);
        let kept = choices.into_iter().chain(people.seen.as_ref().map(|seen| &seen.table));
        subject
            || (is_people && (people.id.as_ref() == Some(name) || asked))
            || kept.into_iter().any(|table| *table == relation.name)
    }
}
