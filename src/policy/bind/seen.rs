//! Where it is kept which version of the policy people have been told of, and from when the version
//! in force counts for them.

use super::subjects::{has, table};
use crate::catalog::Catalog;
use crate::model::ruling::{InForce, LastActive, SeenVersion};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::Rules;
use crate::policy::shape::{ActiveShape, SeenShape};

/// `None`, and a report: nobody can be known to have been told.
pub fn seen_version(
    rules: &Rules,
    shape: &SeenShape,
    catalog: &Catalog,
    found: &mut Vec<Diagnostic>,
) -> Option<SeenVersion> {
    let relation = table(&shape.table, catalog, found)?;
    let (subject, version) =
        (has(relation, &shape.subject, found), has(relation, &shape.version, found));
    if !subject || !version {
        return None;
    }
    let column = relation.column(&shape.version.value)?;
    if column.type_category != 'N' {
        found.push(
            Diagnostic::error("PP025", format!("column `{}` is not a number", column.name))
                .at(&shape.version.place),
        );
        return None;
    }
    let policy = &rules.policy;
    let active = match &policy.active {
        None => None,
        Some(shape) => Some(last_active(shape, catalog, found)?),
    };
    let in_force = policy.version.zip(policy.effective.clone());
    Some(SeenVersion {
        table: relation.name.clone(),
        subject: shape.subject.value.clone(),
        version: shape.version.value.clone(),
        in_force: in_force.map(|(version, effective)| InForce {
            version,
            effective,
            time_zone: policy.time_zone.clone(),
            active,
        }),
    })
}

fn last_active(
    shape: &ActiveShape,
    catalog: &Catalog,
    found: &mut Vec<Diagnostic>,
) -> Option<LastActive> {
    let relation = table(&shape.table, catalog, found)?;
    let (subject, at) = (has(relation, &shape.subject, found), has(relation, &shape.at, found));
    if !subject || !at {
        return None;
    }
    let column = relation.column(&shape.at.value)?;
    if !matches!(column.base_type.as_str(), "date" | "timestamp" | "timestamptz") {
        found.push(
            Diagnostic::error("PP025", format!("column `{}` is not a date or a time", column.name))
                .at(&shape.at.place)
                .label(format!("it is of type {}", column.base_type)),
        );
        return None;
    }
    Some(LastActive {
        table: relation.name.clone(),
        subject: shape.subject.value.clone(),
        at: shape.at.value.clone(),
        with_time_zone: column.base_type.as_str() == "timestamptz",
    })
}
