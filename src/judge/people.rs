//! Whose rows a statement touches, as far as its text says, for the record (`subjects`, `bulk`).
//!
//! The judge finds where the ids stand; what they are is read for each text, and hashed only where
//! a record is made. An id is never kept in a record: who reads the audit trail learns who was
//! read only with the key.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::record::guards;
use super::text::Context;
use crate::model::person::{IdKind, PersonId};
use crate::model::record::PeoplePart;
use crate::model::ruling::Decision;
use crate::model::usage::{SiteAccess, Uses};
use crate::sql::lexer::TokenKind;
use crate::sql::resolve::{MAX_PINNED, Pin, Pinned, Resolution};
use crate::sql::tokens::Tokens;

/// The people of one statement.
#[derive(Clone, Debug, Default)]
pub struct Persons {
    named: Vec<Named>,
    bulk: BTreeMap<String, Vec<&'static str>>,
}

/// A table of which the statement touches rows of people it names.
#[derive(Clone, Debug)]
struct Named {
    table: String,
    guards: Vec<&'static str>,
    values: Vec<Value>,
}

#[derive(Clone, Debug)]
struct Value {
    place: usize,
    asked: Asked,
    literal: Literal,
}

#[derive(Clone, Debug)]
enum Literal {
    /// What the text says; `None`: it cannot be read.
    Known(Option<Vec<PersonId>>),
    Parameter(u16),
}

/// What is asked of a parameter.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub kind: IdKind,
    /// It is an array of ids.
    pub list: bool,
}

/// An argument of an EXECUTE. Personal: never printed.
#[derive(Clone)]
pub enum Argument {
    Text(Arc<str>),
    /// A parameter of the EXECUTE itself, or an expression.
    Unknown,
}

impl std::fmt::Debug for Argument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Asked {
    /// Reads a literal, or a parameter in text.
    pub fn read(self, text: &str) -> Option<Vec<PersonId>> {
        match self.list {
            true => self.kind.list(text.as_bytes(), false),
            false => Some(vec![self.kind.from_text(text)?]),
        }
    }
}

/// What stands for people in a judged statement; `None`: it touches no data of people.
pub fn of(
    context: &Context<'_>,
    resolution: &Resolution,
    (uses, decision): (&Uses, &Decision),
) -> Option<Arc<Persons>> {
    let (rules, catalog) = (&context.world.rules, &context.world.catalog);
    let kind = rules.id_kind(catalog);
    let mut persons = Persons::default();
    for whose in rules.whose(uses, decision, catalog) {
        let (Some(site), Some(used)) =
            (decision.sites.get(whose.site.0), uses.sites.get(whose.site.0))
        else {
            continue;
        };
        let table = catalog.relation(site.relation).map(|r| r.name.to_string());
        let mut guards = guards(site);
        if used.access == SiteAccess::Insert && used.read.is_empty() {
            guards.insert(INSERTED);
        }
        let named = kind.and_then(|kind| {
            let pins = resolution.pins.iter().filter(|pin| whose.columns.contains(&pin.column));
            pins.filter_map(|pin| values(context, resolution, pin, kind)).next()
        });
        let (table, guards) = (table.unwrap_or_default(), guards.into_iter().collect());
        match named {
            Some(values) => persons.named.push(Named { table, guards, values }),
            None => note_bulk(&mut persons.bulk, &table, guards),
        }
    }
    let any = !persons.named.is_empty() || !persons.bulk.is_empty();
    any.then(|| Arc::new(persons.read_literals(context.tokens)))
}

/// Only rows that the statement itself has put there.
pub const INSERTED: &str = "inserted";

fn note_bulk(
    bulk: &mut BTreeMap<String, Vec<&'static str>>,
    table: &str,
    guards: Vec<&'static str>,
) {
    match bulk.get_mut(table) {
        None => drop(bulk.insert(table.to_owned(), guards)),
        // Several sites: only what holds at each of them chooses.
        Some(before) => before.retain(|guard| guards.contains(guard)),
    }
}

fn values(
    context: &Context<'_>,
    resolution: &Resolution,
    pin: &Pin,
    kind: IdKind,
) -> Option<Vec<Value>> {
    let site = resolution.sites.get(pin.column.site.0)?;
    let column = context.world.catalog.relation(site.relation)?.column_number(pin.column.number)?;
    if IdKind::of(&column.base_type) != Some(kind) {
        return None;
    }
    let value = |pinned: &Pinned| {
        let kept = pinned.cast.as_ref().is_none_or(|cast| kind.keeps_cast(cast.as_str()));
        let asked = Asked { kind, list: pinned.list };
        let literal = match context.tokens.kind(pinned.place)? {
            TokenKind::Parameter(number) => Literal::Parameter(*number),
            _ => Literal::Known(None),
        };
        kept.then_some(Value { place: pinned.place, asked, literal })
    };
    pin.values.iter().map(value).collect()
}

impl Persons {
    /// With the literals of a text of the same shape.
    pub fn read_literals(&self, tokens: &Tokens<'_>) -> Persons {
        let mut persons = self.clone();
        for value in persons.named.iter_mut().flat_map(|named| &mut named.values) {
            let Literal::Known(ids) = &mut value.literal else { continue };
            *ids = match tokens.kind(value.place) {
                Some(TokenKind::Text(text)) => value.asked.read(text),
                Some(TokenKind::Number) => value.asked.read(tokens.source(value.place)),
                _ => None,
            };
        }
        persons
    }

    /// Whether it names people by parameters.
    pub fn has_parameters(&self) -> bool {
        let mut values = self.named.iter().flat_map(|named| &named.values);
        values.any(|value| matches!(value.literal, Literal::Parameter(_)))
    }

    /// The people as a record has them. What cannot be read, or is too many, is bulk.
    pub fn read(
        &self,
        parameter: &dyn Fn(u16, Asked) -> Option<Vec<PersonId>>,
        hash: &dyn Fn(&PersonId) -> Option<String>,
    ) -> PeoplePart {
        let mut found: BTreeSet<String> = BTreeSet::new();
        let mut bulk = self.bulk.clone();
        for named in &self.named {
            let hashes = named.hashes(parameter, hash);
            match hashes.filter(|more| found.union(more).count() <= MAX_PINNED) {
                Some(more) => found.extend(more),
                None => note_bulk(&mut bulk, &named.table, named.guards.clone()),
            }
        }
        PeoplePart { subjects: found.into_iter().collect(), bulk }
    }
}

impl Named {
    fn hashes(
        &self,
        parameter: &dyn Fn(u16, Asked) -> Option<Vec<PersonId>>,
        hash: &dyn Fn(&PersonId) -> Option<String>,
    ) -> Option<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        for value in &self.values {
            let ids = match &value.literal {
                Literal::Known(ids) => ids.clone()?,
                Literal::Parameter(number) => parameter(*number, value.asked)?,
            };
            if found.len() + ids.len() > MAX_PINNED {
                return None;
            }
            for id in &ids {
                found.insert(hash(id)?);
            }
        }
        Some(found)
    }
}
