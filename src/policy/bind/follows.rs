//! Columns that hold a personal value because of what they are made of: generated columns, and
//! keys to a personal column.
//!
//! A value that is worked out from personal values, or that must be one of them, is as personal,
//! whatever a rule says of its column. What follows from that is followed on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::bound::{BoundColumn, BoundRelation};
use crate::catalog::{Catalog, ForeignKey, Relation};
use crate::model::names::{ColumnId, RelationId};
use crate::model::ruling::{RelationClass, SubjectPath, SubjectStep};
use crate::policy::diagnostic::Diagnostic;

/// Longest chain of columns that follow one another.
const STEPS_MAX: usize = 32;

type Bound = HashMap<RelationId, BoundRelation>;

/// What a column turned out to hold.
struct Finding {
    relation: RelationId,
    number: i16,
    /// Empty: what nobody has classified.
    categories: BTreeSet<usize>,
    /// Of a key: how the person is reached by it.
    subject: Option<SubjectPath>,
    why: String,
}

/// `generated`: for each generated column, the columns of its row that it is made of.
pub fn bind(
    catalog: &Catalog,
    generated: &BTreeMap<ColumnId, BTreeSet<i16>>,
    bound: &mut Bound,
    found: &mut Vec<Diagnostic>,
) {
    for _ in 0..STEPS_MAX {
        let mut news = Vec::new();
        for relation in catalog.relations() {
            news.extend(from_generated(relation, generated, bound));
            for key in &relation.foreign_keys {
                news.extend(from_key(catalog, relation, key, bound));
            }
        }
        if news.is_empty() {
            return;
        }
        for finding in news {
            apply(catalog, finding, bound, found);
        }
    }
}

/// The label of a column. `None`: it is not personal.
fn label(entry: &BoundRelation, number: i16) -> Option<BTreeSet<usize>> {
    if entry.class != Some(RelationClass::Governed) {
        return None;
    }
    match entry.columns.get(&number) {
        Some(column) => Some(column.categories.clone()),
        None if number > 0 && !entry.plain.contains(&number) => Some(BTreeSet::new()),
        None => None,
    }
}

/// Whether a column is labelled with less than some categories.
fn lacks(entry: &BoundRelation, number: i16, categories: &BTreeSet<usize>) -> bool {
    let open = matches!(
        entry.class,
        Some(RelationClass::Plain | RelationClass::NotCovered | RelationClass::Governed)
    );
    open && match label(entry, number) {
        None => true,
        // Unclassified is closed, which is as strict as can be.
        Some(own) => !own.is_empty() && !categories.is_subset(&own),
    }
}

fn from_generated(
    relation: &Relation,
    generated: &BTreeMap<ColumnId, BTreeSet<i16>>,
    bound: &Bound,
) -> Vec<Finding> {
    let Some(entry) = bound.get(&relation.id) else { return Vec::new() };
    let made = relation.columns.iter().filter_map(|column| {
        let at = ColumnId { relation: relation.id, number: column.number };
        let sources = generated.get(&at)?;
        let labels: Vec<BTreeSet<usize>> =
            sources.iter().filter_map(|source| label(entry, *source)).collect();
        if labels.is_empty() {
            return None;
        }
        let closed = labels.iter().any(BTreeSet::is_empty);
        let all: BTreeSet<usize> = labels.into_iter().flatten().collect();
        let categories = if closed { BTreeSet::new() } else { all };
        lacks(entry, column.number, &categories).then(|| Finding {
            relation: relation.id,
            number: column.number,
            categories,
            subject: None,
            why: "it is generated from personal columns".to_owned(),
        })
    });
    made.collect()
}

fn from_key(
    catalog: &Catalog,
    relation: &Relation,
    key: &ForeignKey,
    bound: &Bound,
) -> Vec<Finding> {
    let (Some(entry), Some(referenced)) = (bound.get(&relation.id), bound.get(&key.references))
    else {
        return Vec::new();
    };
    let pairs = key.columns.iter().zip(&key.referenced);
    let made = pairs.filter_map(|(own, other)| {
        let categories = label(referenced, *other)?;
        lacks(entry, *own, &categories).then(|| Finding {
            relation: relation.id,
            number: *own,
            categories,
            subject: by_key(catalog, relation, (*own, *other), (key, referenced)),
            why: format!("it references a personal column of {}", referenced.name),
        })
    });
    made.collect()
}

/// The person behind a key of one column.
fn by_key(
    catalog: &Catalog,
    relation: &Relation,
    (own, other): (i16, i16),
    (key, referenced): (&ForeignKey, &BoundRelation),
) -> Option<SubjectPath> {
    let beyond = referenced.subject.as_ref().filter(|_| key.columns.len() == 1)?;
    let name = catalog.relation(key.references)?.column_number(other)?.name.clone();
    let step =
        SubjectStep { table: referenced.name.clone(), key: name, next: beyond.column.clone() };
    Some(SubjectPath {
        column: relation.column_number(own)?.name.clone(),
        steps: std::iter::once(step).chain(beyond.steps.iter().cloned()).collect(),
        is_people: false,
    })
}

fn apply(catalog: &Catalog, finding: Finding, bound: &mut Bound, found: &mut Vec<Diagnostic>) {
    let Finding { relation, number, categories, subject, why } = finding;
    let (Some(relation), Some(entry)) = (catalog.relation(relation), bound.get_mut(&relation))
    else {
        return;
    };
    let Some(column) = relation.column_number(number) else { return };
    if entry.class != Some(RelationClass::Governed) {
        entry.class = Some(RelationClass::Governed);
        entry.plain = relation.columns.iter().map(|column| column.number).collect();
        entry.subject_column = subject.is_some().then_some(number);
        entry.subject = subject;
    }
    if entry.plain.remove(&number) && entry.rule.is_some() {
        let message = format!("column {}.{} is personal", relation.name, column.name);
        found.push(
            Diagnostic::warning("PP044", message)
                .note(why)
                .help("list it under the categories of what it is made of"),
        );
    }
    let mut all = entry.columns.get(&number).map_or_else(BTreeSet::new, |c| c.categories.clone());
    if categories.is_empty() {
        all.clear();
    }
    all.extend(categories);
    let (base_type, type_category) = (column.base_type.clone(), column.type_category);
    entry.columns.insert(number, BoundColumn { categories: all, base_type, type_category });
}
