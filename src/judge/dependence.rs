//! What a statement's conditions on people depend on. Who reads by an older snapshot must know
//! whether that has changed since.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::derived;
use crate::model::names::{QualifiedName, RelationId};
use crate::model::ruling::{Condition, Decision};
use crate::snapshot::Snapshot;

/// What conditions on people depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependence {
    /// Purposes whose choices are asked for.
    pub purposes: BTreeSet<String>,
    /// Tables and views that are asked.
    pub relations: BTreeSet<RelationId>,
}

/// `None`: nothing is asked about people.
pub fn of(world: &Snapshot, decision: &Decision) -> Option<Arc<Dependence>> {
    let mut found = Dependence::default();
    let mut any = false;
    for site in decision.sites.iter().filter(|_| !decision.observe) {
        let of_columns = site.columns.values().flat_map(|column| &column.conditions);
        for condition in site.row_conditions.iter().chain(of_columns) {
            any = true;
            add(world, condition, &mut found);
        }
    }
    any.then(|| Arc::new(found))
}

fn add(world: &Snapshot, condition: &Condition, found: &mut Dependence) {
    let people = world.rules.people();
    let mut table = |name: Option<&QualifiedName>| {
        let relation = name.and_then(|name| world.catalog.by_name(name));
        found.relations.extend(relation.map(|relation| relation.id));
    };
    match condition {
        Condition::Consent(agreement) => {
            table(people.choices.as_ref().map(|choices| &choices.table));
            found.purposes.extend(agreement.purposes.iter().cloned());
        }
        Condition::Adult => table(people.table.as_ref()),
        Condition::NotCancelled | Condition::NotLocked => {
            table(people.table.as_ref());
            if world.rules.has_stored_status() {
                table(Some(&QualifiedName::new(derived::SCHEMA, "people")));
            }
        }
        // Who has been told of a version stays told.
        // Whom a token names is in the statement.
        Condition::SeenVersion(_) | Condition::OneOf(_) => {}
        Condition::Listed(listed) => table(Some(&listed.table)),
        Condition::Any(any) => any.iter().for_each(|condition| add(world, condition, found)),
    }
}
