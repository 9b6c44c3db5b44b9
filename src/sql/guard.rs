//! Conditions on a person as SQL over the row of a site.
//!
//! A condition opens only where it is known to be TRUE; a missing person, a NULL subject or an
//! unknown value closes it. Built from names of the catalog alone, operators of `pg_catalog` only.

use std::collections::BTreeSet;

use super::agreement;
use super::tokens::spell_text;
use crate::catalog::{Catalog, RelationKind};
use crate::model::listed::Listed;
use crate::model::names::QualifiedName;
use crate::model::privacy::Consent;
use crate::model::ruling::{Condition, InForce, People, SubjectPath, SubjectStep};

/// The conjunction of conditions for a row known as `row`. `None`: there are none.
pub fn conjunction(
    conditions: &[Condition],
    subject: Option<&SubjectPath>,
    (people, catalog): (&People, &Catalog),
    row: &str,
) -> Option<String> {
    if conditions.is_empty() {
        return None;
    }
    // Conditions without a way to the person can never be known to hold.
    let Some(path) = subject else { return Some("FALSE".to_owned()) };
    let guard = Guard { people, catalog, path, row };
    let Some(last) = path.steps.last() else { return Some(guard.all(conditions.iter())) };
    // One way to the person for all that is asked; the planner joins along it, where it would walk
    // it for each row of a scalar sub-select. Where nobody's row is nobody's refusal it must walk.
    let (walked, joined): (Vec<_>, Vec<_>) = conditions.iter().partition(|c| holds_of_nobody(c));
    let mut parts = Vec::new();
    if !joined.is_empty() {
        parts.push(guard.along(last, joined));
    }
    if !walked.is_empty() {
        parts.push(guard.all(walked));
    }
    Some(parts.join(" AND "))
}

/// A value of a table on the way from a row known as `row` to its person: `value` writes it for a
/// row of that table. 0 steps: the row itself; as many as the path has, and one: the person's own.
pub fn on_the_way(
    steps: usize,
    path: &SubjectPath,
    (people, catalog): (&People, &Catalog),
    (row, value): (&str, &dyn Fn(&str) -> String),
) -> Option<String> {
    let Some(before) = steps.checked_sub(1) else { return Some(value(row)) };
    let guard = Guard { people, catalog, path, row };
    let (table, key) = match path.steps.get(before) {
        Some(step) => (&step.table, &step.key),
        None => (people.table.as_ref()?, people.id.as_ref()?),
    };
    let alias = guard.alias("w");
    Some(format!(
        "(SELECT {} FROM {} AS {alias} WHERE {alias}.{} OPERATOR(pg_catalog.=) {})",
        value(&alias),
        guard.spelt(table),
        key.to_quoted(),
        guard.reached(before),
    ))
}

/// Whether a row that leads to nobody may meet a condition.
fn holds_of_nobody(condition: &Condition) -> bool {
    match condition {
        Condition::Consent(agreement) => agreement.kind == Consent::None,
        Condition::Any(any) => any.iter().any(holds_of_nobody),
        Condition::Adult
        | Condition::NotCancelled
        | Condition::NotLocked
        | Condition::SeenVersion(_)
        | Condition::OneOf(_)
        | Condition::Listed(_) => false,
    }
}

/// Asked of the person's own row.
fn is_of_the_person(condition: &Condition) -> bool {
    matches!(condition, Condition::Adult | Condition::NotCancelled | Condition::NotLocked)
}

struct Guard<'a> {
    people: &'a People,
    catalog: &'a Catalog,
    path: &'a SubjectPath,
    row: &'a str,
}

impl Guard<'_> {
    fn all<'c>(&self, conditions: impl IntoIterator<Item = &'c Condition>) -> String {
        // What is asked of the person's own row is asked in one probe.
        let (own, other): (Vec<_>, Vec<_>) =
            conditions.into_iter().partition(|c| is_of_the_person(c));
        let mut parts: Vec<String> = other.into_iter().map(|c| self.condition(c)).collect();
        if !own.is_empty() {
            parts.insert(0, self.person(&own));
        }
        parts.join(" AND ")
    }

    /// The conditions, asked of the row at the end of the way to the person.
    fn along(&self, last: &SubjectStep, conditions: Vec<&Condition>) -> String {
        let mut from = Vec::new();
        let mut tests = Vec::new();
        let mut value = format!("{}.{}", self.row, self.path.column.to_quoted());
        let mut row = String::new();
        for (i, step) in self.path.steps.iter().enumerate() {
            row = self.alias(&format!("s{i}"));
            from.push(format!("{} AS {row}", self.spelt(&step.table)));
            tests.push(format!("{row}.{} OPERATOR(pg_catalog.=) {value}", step.key.to_quoted()));
            value = format!("{row}.{}", step.next.to_quoted());
        }
        let is_people = self.people.table.as_ref() == Some(&last.table)
            && self.people.id.as_ref() == Some(&last.next);
        let path = SubjectPath { column: last.next.clone(), steps: Vec::new(), is_people };
        let end = Guard { people: self.people, catalog: self.catalog, path: &path, row: &row };
        tests.push(end.all(conditions));
        format!("EXISTS (SELECT 1 FROM {} WHERE {})", from.join(", "), tests.join(" AND "))
    }

    /// A foreign key names a row of the table itself, never one of a table that inherits.
    fn spelt(&self, table: &QualifiedName) -> String {
        let relation = self.catalog.by_name(table);
        let only = relation.is_some_and(|relation| relation.kind == RelationKind::Table);
        format!("{}{}", if only { "ONLY " } else { "" }, table.to_quoted())
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Adult | Condition::NotCancelled | Condition::NotLocked => {
                self.person(&[condition])
            }
            Condition::Consent(asked) => {
                agreement::condition(asked, self.people, &self.subject(), self.row)
            }
            Condition::SeenVersion(version) => self.seen(*version),
            Condition::OneOf(ids) => one_of_ids(&self.subject(), ids),
            Condition::Listed(listed) => self.listed(listed),
            Condition::Any(any) => {
                let any: Vec<String> = any.iter().map(|c| self.condition(c)).collect();
                if any.is_empty() { "FALSE".to_owned() } else { format!("({})", any.join(" OR ")) }
            }
        }
    }

    /// An alias of ours that does not hide the row, which the client may have named like it.
    fn alias(&self, own: &str) -> String {
        let taken = self.row.trim_matches('"') == own;
        if taken { format!("{own}_") } else { own.to_owned() }
    }

    /// The person's id, from the row of the site.
    fn subject(&self) -> String {
        self.reached(self.path.steps.len())
    }

    /// The id that some steps of the way lead to.
    fn reached(&self, steps: usize) -> String {
        let mut value = format!("{}.{}", self.row, self.path.column.to_quoted());
        for (i, step) in self.path.steps.iter().take(steps).enumerate() {
            let alias = self.alias(&format!("s{i}"));
            value = format!(
                "(SELECT {alias}.{} FROM {} AS {alias} WHERE {alias}.{} OPERATOR(pg_catalog.=) \
                 {value})",
                step.next.to_quoted(),
                self.spelt(&step.table),
                step.key.to_quoted(),
            );
        }
        value
    }

    fn person(&self, conditions: &[&Condition]) -> String {
        let (Some(table), Some(id)) = (&self.people.table, &self.people.id) else {
            return "FALSE".to_owned();
        };
        let on = |row: &str| {
            let facts = conditions.iter().map(|condition| {
                let fragment = match condition {
                    Condition::Adult => &self.people.minor,
                    Condition::NotCancelled => &self.people.cancelled,
                    Condition::NotLocked => &self.people.locked,
                    Condition::Consent(_)
                    | Condition::SeenVersion(_)
                    | Condition::OneOf(_)
                    | Condition::Listed(_)
                    | Condition::Any(_) => &None,
                };
                match fragment {
                    Some(fragment) => format!("({}) IS FALSE", fragment.with_alias(row)),
                    None => "FALSE".to_owned(),
                }
            });
            facts.collect::<Vec<_>>().join(" AND ")
        };
        if self.path.is_people {
            return on(self.row);
        }
        let p = self.alias("p");
        format!(
            "EXISTS (SELECT 1 FROM {} AS {p} WHERE {p}.{} OPERATOR(pg_catalog.=) {} AND {})",
            table.to_quoted(),
            id.to_quoted(),
            self.subject(),
            on(&p),
        )
    }

    fn listed(&self, listed: &Listed) -> String {
        let l = self.alias("l");
        let mut tests = vec![format!(
            "{l}.{} OPERATOR(pg_catalog.=) {}",
            listed.subject.to_quoted(),
            self.subject()
        )];
        tests.extend(listed.holds.iter().map(|(column, value)| {
            format!("{l}.{} OPERATOR(pg_catalog.=) {}", column.to_quoted(), spell_text(value))
        }));
        tests.extend(listed.filter.iter().map(|f| format!("({}) IS TRUE", f.with_alias(&l))));
        let table = listed.table.to_quoted();
        format!("EXISTS (SELECT 1 FROM {table} AS {l} WHERE {})", tests.join(" AND "))
    }

    fn seen(&self, version: u32) -> String {
        let Some(seen) = &self.people.seen else { return "FALSE".to_owned() };
        let (subject, v) = (self.subject(), self.alias("v"));
        let told = format!(
            "EXISTS (SELECT 1 FROM {} AS {v} WHERE {v}.{} OPERATOR(pg_catalog.=) {subject} \
             AND {v}.{} OPERATOR(pg_catalog.>=) {version})",
            seen.table.to_quoted(),
            seen.subject.to_quoted(),
            seen.version.to_quoted(),
        );
        match &seen.in_force {
            Some(in_force) if in_force.version <= version => {
                format!("{told} AND {}", self.counts(in_force, &subject))
            }
            Some(_) | None => told,
        }
    }

    /// Whether the version in force counts already, and for this person.
    fn counts(&self, in_force: &InForce, subject: &str) -> String {
        let zone = spell_text(&in_force.time_zone);
        let date = spell_text(&in_force.effective);
        let effective = format!(
            "(pg_catalog.timezone({zone}, pg_catalog.now()))::pg_catalog.date \
             OPERATOR(pg_catalog.>=) {date}::pg_catalog.date"
        );
        let Some(active) = &in_force.active else { return effective };
        let w = self.alias("w");
        let begin = match active.with_time_zone {
            true => format!("pg_catalog.timezone({zone}, {date}::pg_catalog.\"timestamp\")"),
            false => format!("{date}::pg_catalog.\"timestamp\""),
        };
        format!(
            "{effective} AND EXISTS (SELECT 1 FROM {} AS {w} WHERE {w}.{} \
             OPERATOR(pg_catalog.=) {subject} AND {w}.{} OPERATOR(pg_catalog.>=) {begin})",
            active.table.to_quoted(),
            active.subject.to_quoted(),
            active.at.to_quoted(),
        )
    }
}

/// The ids were held against the type of the key: reading the array raises no error.
fn one_of_ids(value: &str, ids: &BTreeSet<String>) -> String {
    if ids.is_empty() {
        return "FALSE".to_owned();
    }
    let quoted = |id: &String| format!("\"{}\"", id.replace('\\', "\\\\").replace('"', "\\\""));
    let array = format!("{{{}}}", ids.iter().map(quoted).collect::<Vec<_>>().join(","));
    format!("{value} OPERATOR(pg_catalog.=) ANY ({})", spell_text(&array))
}
