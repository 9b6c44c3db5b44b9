//! Primary, unique and foreign keys, and what partitions have of them.

use super::cursor::Cursor;
use super::script::Script;
use super::table::{change, find};
use crate::catalog::{ForeignKey, Relation, RelationKind};
use crate::model::names::{Name, RelationId};

/// `UNIQUE INDEX … ON table … (columns) …`: a key, unless it is partial or over expressions.
pub fn unique_index(script: &mut Script, mut cursor: Cursor<'_>) -> Result<(), String> {
    let Some(on) = find(&cursor, &["on"]) else {
        return cursor.error("expected ON");
    };
    let partial = find(&cursor, &["where"]).is_some();
    cursor.at = on + 1;
    cursor.eat(&["only"]);
    let id = script.named(&mut cursor)?;
    if cursor.eat(&["using"]) {
        cursor.name()?;
    }
    let start = cursor.clone();
    if let (Some(names), false) = (cursor.columns()?, partial) {
        let numbers = numbers(script, id, &names, &start)?;
        if let Some(relation) = script.relations.get_mut(&id) {
            relation.unique.push(numbers);
        }
    }
    Ok(())
}

/// A constraint of a whole table.
pub fn constraint(
    script: &mut Script,
    id: RelationId,
    mut cursor: Cursor<'_>,
) -> Result<(), String> {
    let primary = cursor.eat(&["primary", "key"]);
    if primary || cursor.eat(&["unique"]) {
        cursor.eat(&["nulls", "not", "distinct"]);
        cursor.eat(&["nulls", "distinct"]);
        if cursor.eat(&["using", "index"]) {
            return cursor.error("USING INDEX cannot be followed");
        }
        let start = cursor.clone();
        let deferrable = find(&cursor, &["deferrable"])
            .is_some_and(|at| !cursor.tokens.is_word(at.saturating_sub(1), "not"));
        return match cursor.columns()? {
            Some(names) if primary || !deferrable => key(script, id, &names, primary, &start),
            _ => Ok(()),
        };
    }
    if cursor.eat(&["foreign", "key"]) {
        let names = cursor.columns()?.unwrap_or_default();
        cursor.require(&["references"])?;
        return references(script, id, &names, &mut cursor);
    }
    if cursor.eat(&["not", "null"]) {
        let name = cursor.name()?;
        change(script, id, &name, |column| column.not_null = true);
    }
    Ok(())
}

pub fn key(
    script: &mut Script,
    id: RelationId,
    names: &[Name],
    primary: bool,
    at: &Cursor<'_>,
) -> Result<(), String> {
    let numbers = numbers(script, id, names, at)?;
    let Some(relation) = script.relations.get_mut(&id) else { return Ok(()) };
    if primary {
        for column in &mut relation.columns {
            column.not_null |= numbers.contains(&column.number);
        }
        relation.primary_key = numbers;
    } else {
        relation.unique.push(numbers);
    }
    Ok(())
}

/// `table [(columns)]`, the primary key where no columns are named.
pub fn references(
    script: &mut Script,
    id: RelationId,
    names: &[Name],
    cursor: &mut Cursor<'_>,
) -> Result<(), String> {
    let start = cursor.clone();
    let references = script.named(cursor)?;
    let referenced = if cursor.is('(') {
        let names = cursor.columns()?.unwrap_or_default();
        numbers(script, references, &names, &start)?
    } else {
        script.relations.get(&references).map(|r| r.primary_key.clone()).unwrap_or_default()
    };
    let columns = numbers(script, id, names, &start)?;
    if columns.len() != referenced.len() {
        return start.error("the foreign key and the key it names differ in length");
    }
    if let Some(relation) = script.relations.get_mut(&id) {
        relation.foreign_keys.push(ForeignKey { columns, references, referenced });
    }
    Ok(())
}

/// Partitions have the keys of what they are part of; keys and foreign keys are put in order.
pub fn inherit_keys(script: &mut Script) {
    let parents: Vec<Relation> = script.relations.values().cloned().collect();
    for relation in script.relations.values_mut() {
        let parents = parents.iter().filter(|p| relation.parents.contains(&p.id));
        for parent in parents.filter(|p| p.kind == RelationKind::PartitionedTable) {
            // Partitions made apart may number their columns in another order.
            let own = |numbers: &[i16]| -> Option<Vec<i16>> {
                let name = |n: &i16| parent.column_number(*n).map(|c| c.name.clone());
                numbers.iter().map(|n| relation.column(&name(n)?).map(|c| c.number)).collect()
            };
            let primary = own(&parent.primary_key);
            let unique: Vec<_> = parent.unique.iter().filter_map(|u| own(u)).collect();
            let foreign: Vec<_> = parent
                .foreign_keys
                .iter()
                .filter_map(|f| Some(ForeignKey { columns: own(&f.columns)?, ..f.clone() }))
                .collect();
            if let (Some(primary), true) = (primary, relation.primary_key.is_empty()) {
                relation.primary_key = primary;
            }
            relation.unique.extend(unique);
            relation.foreign_keys.extend(foreign);
        }
        relation.unique.sort();
        relation.unique.dedup();
        relation.foreign_keys.sort_by(|a, b| {
            (&a.columns, a.references, &a.referenced).cmp(&(
                &b.columns,
                b.references,
                &b.referenced,
            ))
        });
        relation.foreign_keys.dedup_by(|a, b| {
            a.columns == b.columns && a.references == b.references && a.referenced == b.referenced
        });
    }
}

fn numbers(
    script: &Script,
    id: RelationId,
    names: &[Name],
    at: &Cursor<'_>,
) -> Result<Vec<i16>, String> {
    let relation = script.relations.get(&id);
    let numbers = names.iter().map(|name| match relation.and_then(|r| r.column(name)) {
        Some(column) => Ok(column.number),
        None => at.error(format!("column \"{name}\" does not exist")),
    });
    numbers.collect()
}
