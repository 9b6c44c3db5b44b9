//! CREATE TABLE with its columns, ALTER TABLE.

use super::cursor::Cursor;
use super::keys::{constraint, key, references};
use super::script::Script;
use super::types;
use crate::catalog::{Column, Relation, RelationKind};
use crate::model::names::{Name, QualifiedName, RelationId};
use crate::sql::tokens::TokenRange;

/// `TABLE [IF NOT EXISTS] name …`
pub fn create(
    script: &mut Script,
    mut cursor: Cursor<'_>,
    kind: RelationKind,
    temporary: bool,
) -> Result<(), String> {
    cursor.require(&["table"])?;
    let tolerant = cursor.eat(&["if", "not", "exists"]);
    let start = cursor.clone();
    let name = script.made(&mut cursor)?;
    if tolerant && script.find(&start.clone().written()?).is_some() {
        return Ok(());
    }
    let mut relation = Relation { temporary, ..Script::relation(name, kind) };
    let parents = if cursor.eat(&["partition", "of"]) {
        vec![script.named(&mut cursor)?]
    } else {
        inherited(script, &cursor)?
    };
    for parent in &parents {
        inherit(script, &mut relation, *parent);
    }
    relation.parents = parents;
    let elements = if cursor.is('(') { cursor.group()?.parts() } else { Vec::new() };
    if elements.is_empty() && relation.parents.is_empty() && !after_list(&cursor) {
        return cursor.error("the columns of this table cannot be told from its text");
    }
    if find(&cursor, &["partition"]).is_some_and(|at| cursor.tokens.is_word(at + 1, "by")) {
        relation.kind = RelationKind::PartitionedTable;
    }
    let id = script.add(&start, relation)?;
    for element in elements {
        self::element(script, id, element)?;
    }
    Ok(())
}

/// `CREATE TYPE name AS (…)`
pub fn composite(
    script: &mut Script,
    mut cursor: Cursor<'_>,
    name: QualifiedName,
) -> Result<(), String> {
    let relation = Script::relation(name, RelationKind::CompositeType);
    let id = script.add(&cursor, relation)?;
    for mut part in cursor.group()?.parts() {
        column(script, id, &mut part)?;
    }
    Ok(())
}

/// `ALTER TABLE …`
pub fn alter(script: &mut Script, mut cursor: Cursor<'_>) -> Result<(), String> {
    cursor.eat(&["if", "exists"]);
    cursor.eat(&["only"]);
    let id = script.named(&mut cursor)?;
    for mut action in cursor.parts() {
        if action.eat(&["add"]) {
            action.eat(&["column"]);
            action.eat(&["if", "not", "exists"]);
            element(script, id, action)?;
        } else if action.eat(&["attach", "partition"]) {
            let child = script.named(&mut action)?;
            if let Some(child) = script.relations.get_mut(&child) {
                child.parents.push(id);
            }
        } else if action.eat(&["inherit"]) {
            let parent = script.named(&mut action)?;
            if let Some(relation) = script.relations.get_mut(&id) {
                relation.parents.push(parent);
            }
        } else if action.eat(&["alter"]) {
            action.eat(&["column"]);
            alter_column(script, id, action)?;
        } else if !action.word().is_some_and(|w| HARMLESS_ACTIONS.contains(&w)) {
            return action.error("this change of a table cannot be followed");
        }
    }
    Ok(())
}

fn alter_column(script: &mut Script, id: RelationId, mut action: Cursor<'_>) -> Result<(), String> {
    let start = action.clone();
    let name = action.name()?;
    let retype = action.eat(&["type"]) || action.eat(&["set", "data", "type"]);
    let column_type = if retype { Some(types::read(&mut action, script)?) } else { None };
    let Some(column) = column_named(script, id, &name) else {
        return start.error(format!("column \"{name}\" does not exist"));
    };
    if let Some(column_type) = column_type {
        column.type_sql = column_type.sql;
        column.base_type = column_type.base;
        column.type_category = column_type.category;
        column.is_domain = column_type.is_domain;
    } else if action.eat(&["set", "not", "null"]) {
        column.not_null = true;
    } else if action.eat(&["drop", "not", "null"]) {
        column.not_null = false;
    } else if action.eat(&["drop", "expression"]) {
        column.generated = None;
    } else if action.eat(&["add", "generated"]) {
        column.not_null = true;
    }
    Ok(())
}

/// A column, a constraint or LIKE.
fn element(script: &mut Script, id: RelationId, mut cursor: Cursor<'_>) -> Result<(), String> {
    if cursor.eat(&["constraint"]) {
        cursor.name()?;
        return constraint(script, id, cursor);
    }
    match cursor.word() {
        Some("primary" | "unique" | "foreign" | "check" | "exclude" | "not") => {
            constraint(script, id, cursor)
        }
        Some("like") => {
            cursor.at += 1;
            let source = script.named(&mut cursor)?;
            let columns = script.relations.get(&source).map(|r| r.columns.clone());
            for mut copied in columns.unwrap_or_default() {
                copied.generated = None;
                push(script, id, copied);
            }
            match cursor.is_done() {
                true => Ok(()),
                false => cursor.error("INCLUDING and EXCLUDING cannot be followed"),
            }
        }
        _ if is_partition_column(script, id, &cursor) => {
            let name = cursor.name()?;
            cursor.eat(&["with", "options"]);
            column_constraints(script, id, &name, cursor)
        }
        _ => column(script, id, &mut cursor),
    }
}

/// In `PARTITION OF … (column NOT NULL)` a column stands without its type.
fn is_partition_column(script: &Script, id: RelationId, cursor: &Cursor<'_>) -> bool {
    let next = cursor.word_ahead(1);
    let bare = cursor.at + 1 >= cursor.end
        || matches!(next, Some("with" | "not" | "null" | "default" | "constraint" | "check"));
    let known = cursor
        .tokens
        .name(cursor.at)
        .is_some_and(|name| script.relations.get(&id).is_some_and(|r| r.column(name).is_some()));
    bare && known
}

/// `name type constraints`
fn column(script: &mut Script, id: RelationId, cursor: &mut Cursor<'_>) -> Result<(), String> {
    let start = cursor.clone();
    let name = cursor.name()?;
    let column_type = types::read(cursor, script)?;
    let existing = script.relations.get(&id).and_then(|r| r.column(&name)).is_some();
    let has_parents = script.relations.get(&id).is_some_and(|r| !r.parents.is_empty());
    if existing && !has_parents {
        return start.error(format!("column \"{name}\" is given twice"));
    }
    if !existing {
        push(
            script,
            id,
            Column {
                number: 0,
                name: name.clone(),
                type_sql: column_type.sql,
                base_type: column_type.base,
                type_category: column_type.category,
                not_null: column_type.is_serial,
                is_domain: column_type.is_domain,
                generated: None,
            },
        );
    }
    column_constraints(script, id, &name, cursor.clone())
}

fn column_constraints(
    script: &mut Script,
    id: RelationId,
    name: &Name,
    mut cursor: Cursor<'_>,
) -> Result<(), String> {
    while !cursor.is_done() {
        let start = cursor.clone();
        if cursor.eat(&["not", "null"]) {
            change(script, id, name, |column| column.not_null = true);
        } else if cursor.eat(&["primary", "key"]) {
            key(script, id, std::slice::from_ref(name), true, &start)?;
        } else if cursor.eat(&["unique"]) {
            key(script, id, std::slice::from_ref(name), false, &start)?;
        } else if cursor.eat(&["references"]) {
            references(script, id, std::slice::from_ref(name), &mut cursor)?;
        } else if cursor.eat(&["generated", "always", "as", "identity"])
            || cursor.eat(&["generated", "by", "default", "as", "identity"])
        {
            change(script, id, name, |column| column.not_null = true);
        } else if cursor.eat(&["generated", "always", "as"]) {
            let expression = cursor.group()?.text().to_owned();
            change(script, id, name, |column| column.generated = Some(expression));
        } else if cursor.is('(') {
            cursor.group()?;
        } else {
            cursor.at += 1;
        }
    }
    Ok(())
}

/// Parents named by `INHERITS (…)`.
fn inherited(script: &Script, cursor: &Cursor<'_>) -> Result<Vec<RelationId>, String> {
    let Some(at) = find(cursor, &["inherits"]) else { return Ok(Vec::new()) };
    let mut list = Cursor { at: at + 1, ..cursor.clone() };
    let parts = list.group()?.parts();
    parts.into_iter().map(|mut part| script.named(&mut part)).collect()
}

fn inherit(script: &Script, relation: &mut Relation, parent: RelationId) {
    let Some(parent) = script.relations.get(&parent) else { return };
    for column in &parent.columns {
        match relation.columns.iter_mut().find(|c| c.name == column.name) {
            Some(merged) => merged.not_null |= column.not_null,
            None => {
                let number = next_number(relation);
                relation.columns.push(Column { number, ..column.clone() });
            }
        }
    }
}

fn push(script: &mut Script, id: RelationId, column: Column) {
    if let Some(relation) = script.relations.get_mut(&id) {
        let number = next_number(relation);
        relation.columns.push(Column { number, ..column });
    }
}

fn next_number(relation: &Relation) -> i16 {
    relation.columns.last().map_or(1, |c| c.number.saturating_add(1))
}

fn column_named<'a>(script: &'a mut Script, id: RelationId, name: &Name) -> Option<&'a mut Column> {
    script.relations.get_mut(&id)?.columns.iter_mut().find(|c| c.name == *name)
}

pub fn change(script: &mut Script, id: RelationId, name: &Name, change: impl FnOnce(&mut Column)) {
    if let Some(column) = column_named(script, id, name) {
        change(column);
    }
}

pub fn find(cursor: &Cursor<'_>, words: &[&str]) -> Option<usize> {
    cursor.tokens.find_word(TokenRange::new(cursor.at, cursor.end), words)
}

/// An empty column list, `()`, has been read.
fn after_list(cursor: &Cursor<'_>) -> bool {
    cursor.at >= 1 && cursor.tokens.is_punctuation(cursor.at - 1, ')')
}

/// First words of ALTER TABLE actions that change no name, column or key.
const HARMLESS_ACTIONS: [&str; 9] =
    ["owner", "enable", "disable", "force", "replica", "cluster", "set", "validate", "no"];
