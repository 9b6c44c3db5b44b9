//! The answer of the catalog query → `Catalog`.
//!
//! The server sends each name once and numbers elsewhere; domains are followed to their base type
//! and types are spelt here, by the same code that spells those of a schema file.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::super::labels::{self, LabelRow};
use super::beside::{CascadeRow, CheckRow, CodeRows, DefaultRow, RuleRow, TriggerRow};
use super::code::{CastRow, FunctionRow, OperatorRow};
use crate::catalog::{
    Catalog, Column, ForeignKey, Relation, RelationKind, TypeKind, TypeName, UserType,
};
use crate::model::names::{Name, QualifiedName, RelationId};

/// Reads the JSON text of the catalog query. Errors say what does not fit, in words.
pub fn catalog(text: &str, epoch: u64) -> Result<Catalog, String> {
    let answer: Answer = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let words = Words::new(&answer)?;
    let mut relations: BTreeMap<RelationId, Relation> = BTreeMap::new();
    let mut types = Vec::new();
    for row in answer.relations.unwrap_or_default() {
        types.push((row.id, row.types.clone().unwrap_or_default()));
        let relation = words.relation(row)?;
        relations.insert(relation.id, relation);
    }
    attach_keys(&mut relations, answer.keys, answer.foreign_keys);
    for (relation, number) in answer.conflicting.unwrap_or_default() {
        if let Some(relation) = relations.get_mut(&RelationId(relation)) {
            relation.conflicting.push(number);
        }
    }
    attach_parents(&mut relations, answer.parents);
    for GeneratedRow(relation, number, expression) in answer.generated.unwrap_or_default() {
        let columns = relations.get_mut(&RelationId(relation)).map(|r| &mut r.columns);
        if let Some(column) = columns.and_then(|c| c.iter_mut().find(|c| c.number == number)) {
            column.generated = expression;
        }
    }
    let (code, domain_checks) = words.code(CodeRows {
        triggers: answer.triggers,
        rules: answer.rules,
        defaults: answer.defaults,
        checks: answer.checks,
        cascades: answer.cascades,
        types,
    })?;
    let functions = words.functions(answer.functions)?;
    let mut catalog = Catalog::new(
        answer.version / 10_000,
        epoch,
        relations.into_values().collect(),
        functions,
        words.schemas.values().cloned().collect(),
    );
    catalog.add_operators(words.operators(answer.operators)?);
    catalog.add_types(words.user_types()?);
    catalog.add_code(code, domain_checks);
    catalog.add_casts(words.casts(answer.casts)?);
    catalog.add_derived(labels::derived(answer.labels.unwrap_or_default())?);
    Ok(catalog)
}

#[derive(Deserialize)]
struct Answer {
    version: u32,
    schemas: Option<Vec<(u32, String)>>,
    types: Option<Vec<TypeRow>>,
    modifiers: Option<Vec<(u32, i32, Option<String>)>>,
    relations: Option<Vec<RelationRow>>,
    generated: Option<Vec<GeneratedRow>>,
    defaults: Option<Vec<DefaultRow>>,
    triggers: Option<Vec<TriggerRow>>,
    rules: Option<Vec<RuleRow>>,
    checks: Option<Vec<CheckRow>>,
    cascades: Option<Vec<CascadeRow>>,
    keys: Option<Vec<KeyRow>>,
    conflicting: Option<Vec<(u32, i16)>>,
    foreign_keys: Option<Vec<ForeignKeyRow>>,
    parents: Option<Vec<(u32, u32, i32)>>,
    functions: Option<Vec<FunctionRow>>,
    operators: Option<Vec<OperatorRow>>,
    casts: Option<Vec<CastRow>>,
    labels: Option<Vec<LabelRow>>,
}

// The server sends each row as an array; its fields stand in the order of the query.
#[derive(Clone, Deserialize)]
pub(super) struct TypeRow {
    pub(super) id: u32,
    pub(super) schema: u32,
    pub(super) name: String,
    kind: char,
    category: char,
    /// 0: not an array.
    element: u32,
    /// Of a domain.
    pub(super) base: u32,
    base_modifier: i32,
    extension: Option<String>,
}

impl TypeRow {
    pub(super) fn is_domain(&self) -> bool {
        self.kind == 'd'
    }
}

#[derive(Deserialize)]
struct RelationRow {
    id: u32,
    schema: u32,
    name: String,
    kind: char,
    persistence: char,
    definition: Option<String>,
    numbers: Option<Vec<i16>>,
    names: Option<Vec<String>>,
    types: Option<Vec<u32>>,
    modifiers: Option<Vec<i32>>,
    not_null: Option<Vec<bool>>,
}

#[derive(Deserialize)]
struct GeneratedRow(u32, i16, Option<String>);

#[derive(Deserialize)]
struct KeyRow(u32, bool, i16, Vec<i16>);

#[derive(Deserialize)]
struct ForeignKeyRow(u32, Vec<i16>, u32, Vec<i16>);

/// Names by number.
pub(super) struct Words {
    schemas: BTreeMap<u32, Name>,
    types: HashMap<u32, TypeRow>,
    modifiers: HashMap<(u32, i32), String>,
}

/// What a column's type comes to.
struct Meaning {
    sql: String,
    base: Name,
    category: char,
    is_domain: bool,
}

impl Words {
    fn new(answer: &Answer) -> Result<Words, String> {
        let schemas = answer.schemas.iter().flatten();
        let types = answer.types.iter().flatten();
        let modifiers = answer.modifiers.iter().flatten();
        Ok(Words {
            schemas: schemas.map(|(id, name)| (*id, Name::new(name))).collect(),
            types: types.map(|t| (t.id, t.clone())).collect(),
            modifiers: modifiers
                .filter_map(|(id, modifier, text)| Some(((*id, *modifier), text.clone()?)))
                .collect(),
        })
    }

    pub(super) fn qualified(&self, schema: u32, name: &str) -> Result<QualifiedName, String> {
        let schema = self.schemas.get(&schema).ok_or("a schema is missing")?;
        Ok(QualifiedName { schema: schema.clone(), name: Name::new(name) })
    }

    pub(super) fn type_row(&self, id: u32) -> Result<&TypeRow, String> {
        self.types.get(&id).ok_or_else(|| format!("type {id} is missing"))
    }

    pub(super) fn all_types(&self) -> impl Iterator<Item = &TypeRow> {
        self.types.values()
    }

    /// The type itself or its element, if that is a domain.
    pub(super) fn domain_of(&self, id: u32) -> Option<u32> {
        let row = self.types.get(&id)?;
        let element = self.types.get(&row.element);
        [Some(row), element].into_iter().flatten().find(|row| row.is_domain()).map(|row| row.id)
    }

    /// Follows domains to their base type and spells it.
    fn meaning(&self, id: u32, modifier: i32) -> Result<Meaning, String> {
        let (mut row, mut modifier, mut is_domain) = (self.type_row(id)?, modifier, false);
        for _ in 0..MAX_DOMAIN_DEPTH {
            if row.kind != 'd' {
                break;
            }
            (row, modifier, is_domain) = (self.type_row(row.base)?, row.base_modifier, true);
        }
        let element = match row.element {
            0 => None,
            element => Some(self.type_row(element)?),
        };
        let named = element.unwrap_or(row);
        let name = TypeName {
            name: self.qualified(named.schema, &named.name)?,
            modifier: self.modifier(named, modifier)?,
            is_array: element.is_some(),
        };
        Ok(Meaning {
            sql: name.to_sql(),
            base: Name::new(&row.name),
            category: row.category,
            is_domain,
        })
    }

    fn modifier(&self, named: &TypeRow, modifier: i32) -> Result<Option<String>, String> {
        if modifier < 0 {
            return Ok(None);
        }
        let built_in = self.schemas.get(&named.schema).is_some_and(|s| s.as_str() == "pg_catalog");
        if built_in && named.name == "interval" {
            return Ok(Some(crate::catalog::interval_modifier(modifier)));
        }
        let text = self.modifiers.get(&(named.id, modifier));
        text.map(|t| Some(t.clone()))
            .ok_or_else(|| format!("a modifier of {} is missing", named.id))
    }

    fn relation(&self, row: RelationRow) -> Result<Relation, String> {
        let mut columns = Vec::new();
        for (at, number) in row.numbers.iter().flatten().enumerate() {
            columns.push(self.column(&row, at, *number)?);
        }
        columns.sort_by_key(|c| c.number);
        Ok(Relation {
            id: RelationId(row.id),
            name: self.qualified(row.schema, &row.name)?,
            kind: relation_kind(row.kind)?,
            temporary: row.persistence == 't',
            columns,
            primary_key: Vec::new(),
            unique: Vec::new(),
            conflicting: Vec::new(),
            foreign_keys: Vec::new(),
            parents: Vec::new(),
            definition: row.definition,
        })
    }

    fn column(&self, row: &RelationRow, at: usize, number: i16) -> Result<Column, String> {
        let parts = (|| {
            let name = row.names.as_ref()?.get(at)?;
            let type_id = *row.types.as_ref()?.get(at)?;
            let modifier = *row.modifiers.as_ref()?.get(at)?;
            Some((name, type_id, modifier, *row.not_null.as_ref()?.get(at)?))
        })();
        let (name, type_id, modifier, not_null) =
            parts.ok_or_else(|| format!("columns of relation {} are uneven", row.id))?;
        let meaning = self.meaning(type_id, modifier)?;
        Ok(Column {
            number,
            name: Name::new(name),
            type_sql: meaning.sql,
            base_type: meaning.base,
            type_category: meaning.category,
            not_null,
            is_domain: meaning.is_domain,
            generated: None,
        })
    }

    /// Types that are not built in, arrays and composite types (which are relations) apart.
    fn user_types(&self) -> Result<Vec<UserType>, String> {
        let mut found = Vec::new();
        for row in self.types.values() {
            let name = self.qualified(row.schema, &row.name)?;
            let system = matches!(name.schema.as_str(), "pg_catalog" | "information_schema");
            let Some(kind) = type_kind(row.kind) else { continue };
            if row.element != 0 || (system && row.id < FIRST_USER_OID) {
                continue;
            }
            let extension = row.extension.as_deref().map(Name::new);
            found.push(UserType { name, kind, extension });
        }
        Ok(found)
    }
}

fn attach_keys(
    relations: &mut BTreeMap<RelationId, Relation>,
    keys: Option<Vec<KeyRow>>,
    foreign_keys: Option<Vec<ForeignKeyRow>>,
) {
    for KeyRow(relation, primary, width, mut columns) in keys.unwrap_or_default() {
        columns.truncate(usize::try_from(width).unwrap_or(0));
        let Some(relation) = relations.get_mut(&RelationId(relation)) else { continue };
        if primary {
            relation.primary_key = columns;
        } else {
            relation.unique.push(columns);
        }
    }
    for ForeignKeyRow(relation, columns, references, referenced) in foreign_keys.unwrap_or_default()
    {
        let Some(relation) = relations.get_mut(&RelationId(relation)) else { continue };
        let references = RelationId(references);
        relation.foreign_keys.push(ForeignKey { columns, references, referenced });
    }
    for relation in relations.values_mut() {
        relation.unique.sort();
        relation.unique.dedup();
        relation.foreign_keys.sort_by(|a, b| {
            (&a.columns, a.references, &a.referenced).cmp(&(
                &b.columns,
                b.references,
                &b.referenced,
            ))
        });
    }
}

fn attach_parents(
    relations: &mut BTreeMap<RelationId, Relation>,
    parents: Option<Vec<(u32, u32, i32)>>,
) {
    let mut parents = parents.unwrap_or_default();
    parents.sort_by_key(|(child, _, order)| (*child, *order));
    for (child, parent, _) in parents {
        if let Some(relation) = relations.get_mut(&RelationId(child)) {
            relation.parents.push(RelationId(parent));
        }
    }
}

fn relation_kind(kind: char) -> Result<RelationKind, String> {
    Ok(match kind {
        'r' => RelationKind::Table,
        'p' => RelationKind::PartitionedTable,
        'v' => RelationKind::View,
        'm' => RelationKind::MaterializedView,
        'f' => RelationKind::ForeignTable,
        'S' => RelationKind::Sequence,
        'c' => RelationKind::CompositeType,
        'i' | 'I' => RelationKind::Index,
        't' => RelationKind::Toast,
        other => return Err(format!("unknown kind of relation {other:?}")),
    })
}

fn type_kind(kind: char) -> Option<TypeKind> {
    match kind {
        'b' => Some(TypeKind::Base),
        'd' => Some(TypeKind::Domain),
        'e' => Some(TypeKind::Enum),
        'r' => Some(TypeKind::Range),
        'm' => Some(TypeKind::Multirange),
        _ => None,
    }
}

/// Domains over domains followed at most so far.
pub(super) const MAX_DOMAIN_DEPTH: usize = 64;

/// The first object number that is not the server's own (`FirstNormalObjectId`).
const FIRST_USER_OID: u32 = 16_384;
