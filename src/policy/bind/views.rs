//! What views inherit from the tables they read.
//!
//! A view that is listed is trusted as listed. One that is not carries the categories of the
//! columns its own are made of, and is closed where its text could not be followed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::bound::{BoundColumn, BoundRelation, BoundView};
use crate::catalog::display::display;
use crate::catalog::system::closed_relation;
use crate::catalog::{Catalog, Relation, RelationKind};
use crate::model::names::{ColumnId, RelationId};
use crate::model::ruling::{RelationClass, SubjectPath};
use crate::model::usage::ViewLineage;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::Rules;

type Bound = HashMap<RelationId, BoundRelation>;

pub fn bind(
    rules: &Rules,
    catalog: &Catalog,
    lineages: &BTreeMap<RelationId, ViewLineage>,
    bound: &mut Bound,
    found: &mut Vec<Diagnostic>,
) {
    let mut views = Vec::new();
    for relation in catalog.relations() {
        let is_view = matches!(relation.kind, RelationKind::View | RelationKind::MaterializedView);
        let Some(entry) = bound.get(&relation.id).filter(|entry| is_view && !decided(entry)) else {
            continue;
        };
        let mut entry = entry.clone();
        match lineages.get(&relation.id) {
            Some(lineage) if lineage.opaque.is_none() => {
                classify(rules, (catalog, relation), lineage, bound, &mut entry);
            }
            lineage => {
                let why = lineage.and_then(|l| l.opaque.clone());
                close(&mut entry, why.unwrap_or_else(|| "its text is not known".to_owned()));
            }
        }
        if let Some(why) = &entry.closed {
            let message = format!("view {} cannot be followed and is closed", relation.name);
            found.push(
                Diagnostic::warning("PP027", message)
                    .note(why.as_str())
                    .help(format!("list it: `tables: {{ {}: … }}`", relation.name)),
            );
        }
        views.push((relation.id, entry));
    }
    bound.extend(views);
}

/// Listed, or of a class no rule changes.
fn decided(entry: &BoundRelation) -> bool {
    entry.rule.is_some() || entry.class == Some(RelationClass::System)
}

fn close(entry: &mut BoundRelation, why: String) {
    entry.class = Some(RelationClass::Governed);
    entry.closed = Some(why);
}

/// Whether a view shows more of a relation of the server than the proxy does.
fn shows_more(catalog: &Catalog, lineage: &ViewLineage, id: RelationId) -> bool {
    let Some(relation) = catalog.relation(id) else { return false };
    let read = lineage.columns.values().flatten().chain(&lineage.conditions);
    let names = read.filter(|column| column.relation == id).filter_map(|column| {
        relation.column_number(column.number).map(|column| column.name.as_str())
    });
    display(relation).is_some_and(|display| display.limits(names))
}

fn classify(
    rules: &Rules,
    (catalog, view): (&Catalog, &Relation),
    lineage: &ViewLineage,
    bound: &Bound,
    entry: &mut BoundRelation,
) {
    let class_of = |id: &RelationId| bound.get(id).and_then(|base| base.class);
    let shut = |id: &RelationId| {
        bound.get(id).is_some_and(|base| closed_relation(&base.name).is_some())
            || shows_more(catalog, lineage, *id)
    };
    let classes: BTreeSet<ClassOrder> = lineage
        .reads
        .iter()
        .map(|id| if shut(id) { ClassOrder::Internal } else { order(class_of(id)) })
        .collect();
    entry.class = match classes.last() {
        None | Some(ClassOrder::Open) => Some(RelationClass::Plain),
        Some(ClassOrder::NotCovered) => Some(RelationClass::NotCovered),
        Some(ClassOrder::Governed) => Some(RelationClass::Governed),
        Some(ClassOrder::Unlisted) => None,
        Some(ClassOrder::Internal) => Some(RelationClass::Internal),
    };
    if entry.class != Some(RelationClass::Governed) {
        return;
    }
    let bases: Vec<RelationId> = lineage
        .reads
        .iter()
        .copied()
        .filter(|id| class_of(id) == Some(RelationClass::Governed))
        .collect();
    if let Some(why) = bases.iter().find_map(|id| bound.get(id)?.closed.clone()) {
        close(entry, why);
        return;
    }
    for column in &view.columns {
        let categories = match lineage.columns.get(&column.number) {
            None => Some(BTreeSet::new()),
            Some(made_of) => inherited(made_of, bound),
        };
        let Some(categories) = categories else {
            entry.plain.insert(column.number);
            continue;
        };
        entry.columns.insert(
            column.number,
            BoundColumn {
                categories,
                base_type: column.base_type.clone(),
                type_category: column.type_category,
            },
        );
    }
    service(rules, &bases, bound, entry);
    exposed_subject(view, lineage, &bases, bound, entry);
    let stored = |column: &ColumnId| {
        let view = bound.get(&column.relation).and_then(|base| base.view.as_ref());
        view.is_none_or(|view| !view.is_stored || view.direct.contains(&column.number))
    };
    let told = bases.iter().filter_map(|id| bound.get(id)?.view.as_ref());
    entry.view = Some(BoundView {
        is_stored: false,
        tells: told.flat_map(|view| view.tells.iter().copied()).collect(),
        conditions: lineage.conditions.iter().copied().collect(),
        direct: lineage.direct.iter().filter(|(_, c)| stored(c)).map(|(n, _)| *n).collect(),
        bases,
    });
}

/// Classes, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ClassOrder {
    Open,
    NotCovered,
    Governed,
    Unlisted,
    Internal,
}

fn order(class: Option<RelationClass>) -> ClassOrder {
    match class {
        Some(RelationClass::Plain | RelationClass::System) => ClassOrder::Open,
        Some(RelationClass::NotCovered) => ClassOrder::NotCovered,
        Some(RelationClass::Governed) => ClassOrder::Governed,
        Some(RelationClass::Internal) => ClassOrder::Internal,
        None => ClassOrder::Unlisted,
    }
}

/// The categories of the columns a value is made of. `None`: all of them are plain.
/// `Some` and empty: one of them is not classified.
fn inherited(made_of: &BTreeSet<ColumnId>, bound: &Bound) -> Option<BTreeSet<usize>> {
    let mut categories = BTreeSet::new();
    let mut plain = true;
    for column in made_of {
        let Some(base) = bound.get(&column.relation) else { return Some(BTreeSet::new()) };
        let Some(label) = base.columns.get(&column.number) else {
            let known = base.class != Some(RelationClass::Governed)
                || column.number < 0
                || base.plain.contains(&column.number);
            if known {
                continue;
            }
            return Some(BTreeSet::new());
        };
        if label.categories.is_empty() {
            return Some(BTreeSet::new());
        }
        plain = false;
        categories.extend(&label.categories);
    }
    (!plain).then_some(categories)
}

/// Data of one service stays that of the service, whatever schema the view lies in.
fn service(rules: &Rules, bases: &[RelationId], bound: &Bound, entry: &mut BoundRelation) {
    let services: BTreeMap<usize, &str> = bases
        .iter()
        .filter_map(|id| bound.get(id))
        .map(|base| (base.service, base.service_name.as_str()))
        .collect();
    let names: BTreeSet<&str> = bases
        .iter()
        .filter_map(|id| bound.get(id).map(|base| base.service_name.as_str()))
        .collect();
    match (services.iter().next(), names.len()) {
        (Some((slot, name)), 1) => {
            entry.service = *slot;
            entry.service_name = (*name).to_owned();
        }
        // No service has this name, so for every role it is data of another one.
        _ if rules.services.is_empty() => entry.service_name = String::new(),
        _ => close(entry, "it mixes data of several services".to_owned()),
    }
}

/// One governed table, read once, whose subject's column is a column of the view: rows of the
/// view have that person. With more tables, whose person a row is cannot be told.
fn exposed_subject(
    view: &Relation,
    lineage: &ViewLineage,
    bases: &[RelationId],
    bound: &Bound,
    entry: &mut BoundRelation,
) {
    let [only] = bases else { return };
    if lineage.repeated.contains(only) {
        return;
    }
    let Some(base) = bound.get(only) else { return };
    let (Some(path), Some(number)) = (&base.subject, base.subject_column) else { return };
    let wanted = ColumnId { relation: *only, number };
    let exposed = lineage.direct.iter().find(|(_, column)| **column == wanted);
    let Some(column) = exposed.and_then(|(number, _)| view.column_number(*number)) else { return };
    entry.subject_column = Some(column.number);
    entry.subject = Some(SubjectPath {
        column: column.name.clone(),
        steps: path.steps.clone(),
        is_people: false,
    });
}
