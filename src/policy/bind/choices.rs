//! Where choices of people are kept, as far as the database has it.

use std::collections::BTreeSet;

use super::subjects::{has, table};
use crate::catalog::{Catalog, Relation, RelationKind};
use crate::model::names::Name;
use crate::model::ruling::{ChoiceValues, Choices, Moment};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::shape::{At, ChoicesShape};

/// What is missing or of the wrong type is reported; conditions on choices are then refused.
/// `zone`: the policy's, for moments that name none.
pub fn bind(
    shape: &ChoicesShape,
    catalog: &Catalog,
    zone: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<Choices> {
    let relation = table(&shape.table, catalog, found)?;
    let texts = [&shape.category, &shape.service, &shape.recipient];
    let moments = [&shape.from, &shape.until];
    let all = [&shape.subject, &shape.purpose, &shape.choice].into_iter().chain(&shape.guardian);
    let all = all.chain(texts.into_iter().chain(moments).flatten());
    let missing = all.filter(|name| !has(relation, name, found)).count();
    if missing > 0 {
        return None;
    }
    let before = found.len();
    match &shape.given {
        None => {
            demand(relation, &shape.choice, 'B', "a boolean; say which `values` mean yes", found)
        }
        Some(_) => demand(relation, &shape.choice, 'S', "text, as `values` need it to be", found),
    }
    for name in [&shape.purpose].into_iter().chain(texts.into_iter().flatten()) {
        demand(relation, name, 'S', "text", found);
    }
    if let Some(guardian) = &shape.guardian {
        demand(relation, guardian, 'B', "a boolean", found);
    }
    let from = shape.from.as_ref().and_then(|name| moment(relation, name, zone, found));
    let until = shape.until.as_ref().and_then(|name| moment(relation, name, zone, found));
    let plain = |name: &Option<At<Name>>| name.as_ref().map(|at| at.value.clone());
    (found.len() == before).then(|| Choices {
        one_each: is_one_each(relation, shape, catalog),
        table: relation.name.clone(),
        subject: shape.subject.value.clone(),
        purpose: shape.purpose.value.clone(),
        choice: shape.choice.value.clone(),
        values: shape.given.clone().map(|given| ChoiceValues { given }),
        guardian: plain(&shape.guardian),
        guardian_apart: !replaces(relation, shape),
        category: plain(&shape.category),
        service: plain(&shape.service),
        recipient: plain(&shape.recipient),
        from,
        until,
    })
}

/// Whether a key leaves no place for two records that only differ in who made the choice.
fn replaces(relation: &Relation, shape: &ChoicesShape) -> bool {
    let about = [&shape.category, &shape.service, &shape.recipient].into_iter().flatten();
    let about: BTreeSet<i16> = [&shape.subject, &shape.purpose]
        .into_iter()
        .chain(about)
        .filter_map(|name| relation.column(&name.value))
        // Two rows with NULL in a key are not the same to it.
        .filter(|column| column.not_null)
        .map(|column| column.number)
        .collect();
    let keys = relation.unique.iter().chain([&relation.primary_key]);
    keys.filter(|key| !key.is_empty()).any(|key| key.iter().all(|number| about.contains(number)))
}

/// Whether a key of the table leaves a person one record for each purpose.
fn is_one_each(relation: &Relation, shape: &ChoicesShape, catalog: &Catalog) -> bool {
    let own: Vec<i16> = [&shape.subject, &shape.purpose]
        .into_iter()
        .filter_map(|name| relation.column(&name.value))
        .map(|column| column.number)
        .collect();
    let holds = |key: &Vec<i16>| !key.is_empty() && key.iter().all(|n| own.contains(n));
    let inherited = || catalog.relations().any(|other| other.parents.contains(&relation.id));
    relation.kind == RelationKind::Table
        && relation.unique.iter().chain([&relation.primary_key]).any(holds)
        && !inherited()
}

fn demand(
    relation: &Relation,
    name: &At<Name>,
    wanted: char,
    what: &str,
    found: &mut Vec<Diagnostic>,
) {
    let Some(column) = relation.column(&name.value) else { return };
    if column.type_category != wanted {
        found.push(
            Diagnostic::error("PP025", format!("column `{}` is not {what}", name.value))
                .at(&name.place)
                .label(format!("it is of type {}", column.base_type)),
        );
    }
}

/// A date is its first moment, where the policy applies.
fn moment(
    relation: &Relation,
    name: &At<Name>,
    zone: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<Moment> {
    let column = relation.column(&name.value)?;
    let zone = match column.base_type.as_str() {
        "timestamptz" => None,
        "timestamp" | "date" => Some(zone.to_owned()),
        other => {
            found.push(
                Diagnostic::error("PP025", format!("column `{}` is no date", name.value))
                    .at(&name.place)
                    .label(format!("it is of type {other}")),
            );
            return None;
        }
    };
    Some(Moment { column: name.value.clone(), zone })
}
