//! From a row to its person, and where facts about people are kept.

use crate::catalog::derived;
use crate::catalog::{Catalog, Relation};
use crate::model::names::{Name, QualifiedName};
use crate::model::ruling::{Fragment, People, SubjectPath, SubjectStep};
use crate::policy::diagnostic::{Diagnostic, Place};
use crate::policy::ruleset::{GovernedRule, Rules, TableRuleBody};
use crate::policy::shape::{At, SubjectShape, SubjectsShape};

use super::bound::BindInput;
use super::choices;
use super::relations::{listed, missing_column};
use super::seen;

/// A governed relation whose subject is looked for.
pub struct Row<'r> {
    pub rules: &'r Rules,
    pub catalog: &'r Catalog,
    pub relation: &'r Relation,
    pub governed: &'r GovernedRule,
}

/// The path to the person and the number of its first column. `Ok(None)`: none is named.
pub fn subject(row: &Row<'_>) -> Result<Option<(SubjectPath, i16)>, Box<Diagnostic>> {
    let Some((shape, place)) = &row.governed.subject else { return Ok(None) };
    let name = match shape {
        SubjectShape::Column(column) | SubjectShape::Path { column, .. } => column,
    };
    let mut missing = Vec::new();
    if missing_column(row.relation, name, place, &mut missing) {
        return Err(Box::new(missing.remove(0)));
    }
    let Some(column) = row.relation.column(name) else { return Ok(None) };
    let mut steps = Vec::new();
    let mut from = row.relation;
    let mut at = shape;
    while let SubjectShape::Path { column, table } = at {
        if steps.len() >= STEPS_MAX {
            return Err(unfollowable(place, "the path is too long"));
        }
        let (next, shape) = next_table(row, from, table)
            .ok_or_else(|| unfollowable(place, &format!("`{table}` leads to no person")))?;
        let key = step_key(from, column, next)
            .ok_or_else(|| unfollowable(place, &format!("no key of `{table}` is referenced")))?;
        let name = match shape {
            SubjectShape::Column(column) | SubjectShape::Path { column, .. } => column,
        };
        if next.column(name).is_none() {
            return Err(unfollowable(place, &format!("`{table}` has no column `{name}`")));
        }
        steps.push(SubjectStep { table: next.name.clone(), key, next: name.clone() });
        (from, at) = (next, shape);
    }
    let people = row.rules.subjects.as_ref();
    let is_people = steps.is_empty()
        && people.is_some_and(|p| p.table.value == row.relation.name && p.id.value == *name);
    let last = match steps.last() {
        None => Some(column),
        Some(step) => from.column(&step.next),
    };
    let id = people.and_then(|p| row.catalog.by_name(&p.table.value)?.column(&p.id.value));
    if let (Some(last), Some(id)) = (last, id)
        && last.type_category != id.type_category
    {
        let message = format!("it holds {}, people are known by {}", last.base_type, id.base_type);
        return Err(unfollowable(place, &message));
    }
    Ok(Some((SubjectPath { column: name.clone(), steps, is_people }, column.number)))
}

fn unfollowable(place: &Place, why: &str) -> Box<Diagnostic> {
    let message = "the way to the person cannot be followed";
    Box::new(Diagnostic::error("PP026", message).at(place).label(why))
}

fn next_table<'r>(
    row: &Row<'r>,
    from: &Relation,
    table: &QualifiedName,
) -> Option<(&'r Relation, &'r SubjectShape)> {
    let next = row.catalog.by_name(table).filter(|next| next.id != from.id)?;
    match &listed(row.rules, table)?.body {
        TableRuleBody::Governed(governed) => Some((next, &governed.subject.as_ref()?.0)),
        TableRuleBody::Plain | TableRuleBody::Internal | TableRuleBody::NotCovered => None,
    }
}

/// The column a foreign key refers to, else the primary key of the table.
fn step_key(from: &Relation, column: &Name, to: &Relation) -> Option<Name> {
    let number = from.column(column)?.number;
    let by_key = from.foreign_keys.iter().find(|key| {
        key.references == to.id && key.columns == [number] && key.referenced.len() == 1
    });
    let key = match by_key {
        Some(key) => *key.referenced.first()?,
        None if to.primary_key.len() == 1 => *to.primary_key.first()?,
        None => return None,
    };
    to.column_number(key).map(|column| column.name.clone())
}

/// Where facts about people are kept, as far as the database has them. What is missing is
/// reported and left out; conditions that need it are refused.
pub fn people(
    rules: &Rules,
    catalog: &Catalog,
    input: &BindInput,
    found: &mut Vec<Diagnostic>,
) -> People {
    let mut people = People::default();
    if let Some(seen) = &rules.policy.seen {
        people.seen = seen::seen_version(rules, seen, catalog, found);
    }
    let Some(subjects) = &rules.subjects else { return people };
    if let Some(choices) = &subjects.choices {
        people.choices = choices::bind(choices, catalog, &rules.policy.time_zone, found);
    }
    let Some(table) = table(&subjects.table, catalog, found) else { return people };
    if !has(table, &subjects.id, found) {
        return people;
    }
    check_id(table, subjects, found);
    people.table = Some(table.name.clone());
    people.id = Some(subjects.id.value.clone());
    people.minor = fragment(subjects.minor.as_ref(), input.minor.as_ref(), found);
    people.cancelled = fragment(subjects.cancelled.as_ref(), input.cancelled.as_ref(), found);
    people.locked = fragment(subjects.locked.as_ref(), input.locked.as_ref(), found);
    if let Some(place) = &subjects.status_stored {
        let name = QualifiedName::new(derived::SCHEMA, "people");
        let view = At { value: name, place: place.clone() };
        let there = self::table(&view, catalog, found).is_some();
        let stored = |own: Option<Fragment>, which: &str| {
            there.then(|| stored_status(own, &subjects.id.value, which))
        };
        people.cancelled = stored(people.cancelled, "'cancelled', 'erased'");
        people.locked = stored(people.locked, "'locked'");
    }
    people
}

pub fn table<'c>(
    name: &At<QualifiedName>,
    catalog: &'c Catalog,
    found: &mut Vec<Diagnostic>,
) -> Option<&'c Relation> {
    let relation = catalog.by_name(&name.value);
    if relation.is_none() {
        let names: Vec<String> = catalog.relations().map(|r| r.name.to_string()).collect();
        found.push(
            Diagnostic::error("PP020", format!("there is no table {}", name.value))
                .at(&name.place)
                .label("not in the database")
                .suggest(&name.value.to_string(), names.iter().map(String::as_str)),
        );
    }
    relation
}

pub fn has(relation: &Relation, name: &At<Name>, found: &mut Vec<Diagnostic>) -> bool {
    !missing_column(relation, &name.value, &name.place, found)
}

/// A person must be one row: the id has to be a key by itself.
fn check_id(table: &Relation, subjects: &SubjectsShape, found: &mut Vec<Diagnostic>) {
    let Some(id) = table.column(&subjects.id.value) else { return };
    let own = [id.number];
    if table.primary_key != own && !table.unique.iter().any(|key| key == &own) {
        let message = format!("{}.{} is not unique", table.name, id.name);
        found.push(
            Diagnostic::warning("PP029", message)
                .at(&subjects.id.place)
                .label("one person would be several rows"),
        );
    }
}

/// How a person stands in the consent store, besides what the table of people says.
fn stored_status(own: Option<Fragment>, id: &Name, which: &str) -> Fragment {
    let row = Fragment::ALIAS;
    let store = format!(
        "EXISTS (SELECT 1 FROM pgpurpose.people AS z WHERE z.subject OPERATOR(pg_catalog.=) \
         {row}.{} AND z.status IN ({which}))",
        id.to_quoted()
    );
    Fragment::from_template(match own {
        Some(own) => format!("({}) OR {store}", own.with_alias(&row.to_string())),
        None => store,
    })
}

fn fragment<T>(
    written: Option<&At<T>>,
    compiled: Option<&Result<Fragment, String>>,
    found: &mut Vec<Diagnostic>,
) -> Option<Fragment> {
    let written = written?;
    match compiled {
        Some(Ok(fragment)) => Some(fragment.clone()),
        Some(Err(why)) => {
            found.push(
                Diagnostic::error("PP024", "this condition on people cannot be used")
                    .at(&written.place)
                    .label(why.as_str()),
            );
            None
        }
        None => None,
    }
}

/// Steps of a path to a person.
const STEPS_MAX: usize = 8;
