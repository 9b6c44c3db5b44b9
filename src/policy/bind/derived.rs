//! Tables that were made from governed data, classified by the labels kept in the database.
//!
//! A label only adds: where a rule lists the table as well, both count. A category that the rules
//! no longer know closes its column, as does a column that came after the table was made.

use std::collections::{BTreeSet, HashMap};

use super::bound::{BoundColumn, BoundRelation, BoundView};
use crate::catalog::{Catalog, Column, Derived, DerivedColumn, Relation};
use crate::model::names::RelationId;
use crate::model::privacy::DataCategory;
use crate::model::ruling::{RelationClass, SubjectPath};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::Rules;

pub fn bind(
    rules: &Rules,
    catalog: &Catalog,
    bound: &mut HashMap<RelationId, BoundRelation>,
    found: &mut Vec<Diagnostic>,
) {
    for relation in catalog.relations() {
        let Some(derived) = catalog.derived(relation.id) else { continue };
        let Some(entry) = bound.get_mut(&relation.id) else { continue };
        if entry.class == Some(RelationClass::Internal) {
            continue;
        }
        let lost = classify(rules, relation, derived, entry);
        if !lost.is_empty() {
            let message = format!("{} holds data of categories no rule knows", relation.name);
            let names: Vec<&str> = lost.iter().map(DataCategory::as_str).collect();
            found.push(Diagnostic::warning("PP030", message).note(names.join(", ")));
        }
    }
}

/// Gives the categories that the rules do not know.
fn classify(
    rules: &Rules,
    relation: &Relation,
    derived: &Derived,
    entry: &mut BoundRelation,
) -> BTreeSet<DataCategory> {
    let mut lost: BTreeSet<DataCategory> = BTreeSet::new();
    entry.class = Some(RelationClass::Governed);
    for column in &relation.columns {
        let known = derived.columns.get(&column.number);
        lost.extend(known.into_iter().flat_map(|label| indices(rules, &label.categories).1));
        classify_column(rules, column, known, entry);
    }
    let slot = rules.services.iter().position(|service| service.name == derived.service);
    entry.service = slot.map_or(0, |at| at + 1);
    entry.service_name.clone_from(&derived.service);
    if entry.subject.is_none() {
        subject(relation, derived, entry);
    }
    let (tells, unknown) = indices(rules, &derived.tells);
    if !unknown.is_empty() {
        lost.extend(unknown);
        entry.closed = Some("what decided its rows is no longer classified".to_owned());
    }
    let direct = derived.columns.iter().filter(|(_, label)| label.is_direct);
    entry.view = Some(BoundView {
        is_stored: true,
        tells,
        direct: direct.map(|(number, _)| *number).collect(),
        ..BoundView::default()
    });
    lost
}

/// Categories as the rules number them, and those they do not know.
fn indices(
    rules: &Rules,
    categories: &BTreeSet<DataCategory>,
) -> (BTreeSet<usize>, BTreeSet<DataCategory>) {
    let index = |category: &DataCategory| rules.categories.index.get(category.as_str()).copied();
    let known = categories.iter().filter_map(index).collect();
    let unknown = categories.iter().filter(|category| index(category).is_none()).cloned();
    (known, unknown.collect())
}

fn classify_column(
    rules: &Rules,
    column: &Column,
    label: Option<&DerivedColumn>,
    entry: &mut BoundRelation,
) {
    let number = column.number;
    let listed = entry.columns.get(&number).map(|listed| listed.categories.clone());
    let mut categories = BTreeSet::new();
    match label {
        // A rule may know better.
        Some(label) if label.categories.is_empty() => {
            if listed.is_none() {
                entry.plain.insert(number);
            }
            return;
        }
        // It came after the table was made.
        None if listed.is_some() || entry.plain.contains(&number) => return,
        None => {}
        Some(label) => {
            let (known, unknown) = indices(rules, &label.categories);
            if unknown.is_empty() {
                categories.extend(known);
                categories.extend(listed.unwrap_or_default());
            }
        }
    }
    entry.plain.remove(&number);
    let (base_type, type_category) = (column.base_type.clone(), column.type_category);
    entry.columns.insert(number, BoundColumn { categories, base_type, type_category });
}

fn subject(relation: &Relation, derived: &Derived, entry: &mut BoundRelation) {
    let Some((number, steps)) = &derived.subject else { return };
    let Some(column) = relation.column_number(*number) else { return };
    entry.subject_column = Some(*number);
    entry.subject =
        Some(SubjectPath { column: column.name.clone(), steps: steps.clone(), is_people: false });
}
