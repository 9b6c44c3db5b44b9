//! What may be put in: a closed piece that reads the relation it stands for, tables about people,
//! and nothing of the client's but constants.

use std::collections::BTreeSet;

use pgpurpose::catalog::Catalog;
use pgpurpose::model::names::{Name, QualifiedName};
use pgpurpose::model::ruling::RelationClass;
use pgpurpose::snapshot::Snapshot;
use serde_json::Value;

/// Every node of a type below a value.
pub fn nodes<'v>(value: &'v Value, kind: &str, out: &mut Vec<&'v Value>) {
    match value {
        Value::Object(fields) => {
            if let (1, Some(node)) = (fields.len(), fields.get(kind)) {
                out.push(node);
            }
            fields.values().for_each(|inner| nodes(inner, kind, out));
        }
        Value::Array(items) => items.iter().for_each(|inner| nodes(inner, kind, out)),
        _ => {}
    }
}

pub fn all<'v>(value: &'v Value, kind: &str) -> Vec<&'v Value> {
    let mut found = Vec::new();
    nodes(value, kind, &mut found);
    found
}

pub fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or("")
}

/// The strings of a list of names; `*` for a star.
pub fn names(value: &Value, field: &str) -> Vec<String> {
    let items = value.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
    let name = |item: &Value| match item.get("String") {
        Some(string) => text(string, "sval").to_owned(),
        None if item.get("AStar").is_some() => "*".to_owned(),
        None => "?".to_owned(),
    };
    items.iter().map(name).collect()
}

/// Names that a piece defines for its own rows.
pub fn aliases(piece: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for kind in ["RangeVar", "RangeSubselect", "RangeFunction"] {
        for node in all(piece, kind) {
            let alias = node.get("alias").map_or("", |alias| text(alias, "aliasname"));
            found.insert(if alias.is_empty() { text(node, "relname") } else { alias }.to_owned());
        }
    }
    found
}

/// Checks that a piece reads no name of the client's and calls nothing that could be shadowed.
/// `row`: the target of a write that the piece may look at; `calls`: the client's own, which may be
/// asked once more.
pub fn closed(piece: &Value, row: Option<&str>, calls: &[Value]) -> Result<(), String> {
    let own = aliases(piece);
    for column in all(piece, "ColumnRef") {
        let path = names(column, "fields");
        let known = path.len() == 2 && (own.contains(&path[0]) || row == Some(path[0].as_str()));
        if !known {
            return Err(format!("a piece of ours reads {path:?}"));
        }
    }
    for call in all(piece, "FuncCall") {
        let path = names(call, "funcname");
        if path.len() != 2 && !calls.contains(&condition(call)) {
            return Err(format!("a piece of ours calls {path:?}"));
        }
    }
    Ok(())
}

/// Relations a piece may read besides the one it stands for: those that guards ask.
fn asked_by_guards(world: &Snapshot, name: &QualifiedName, alias: &str) -> bool {
    let Some(relation) = world.catalog.by_name(name) else { return false };
    let people = world.rules.people().table.as_ref() == Some(name);
    // On the way to the person: `s0`, `s1`, …
    let step = alias.strip_prefix('s').is_some_and(|n| n.parse::<u8>().is_ok());
    people || step || world.rules.class(relation.id) == Some(RelationClass::Internal)
}

pub fn qualified(range: &Value) -> QualifiedName {
    QualifiedName::new(text(range, "schemaname"), text(range, "relname"))
}

/// Checks what stands in place of a relation; gives the conditions on its rows.
pub fn stands_for(
    world: &Snapshot,
    relation: &QualifiedName,
    (inherit, calls): (bool, &[Value]),
    query: &Value,
) -> Result<Vec<Value>, String> {
    closed(query, None, calls)?;
    let mut read = 0;
    for range in all(query, "RangeVar") {
        let (name, alias) = (qualified(range), range.get("alias").unwrap_or(&Value::Null));
        let alias = text(alias, "aliasname");
        if name == *relation && alias == "t" {
            read += 1;
            if range.get("inh").and_then(Value::as_bool) != Some(inherit) {
                return Err(format!("{name} is read with other children"));
            }
        } else if !asked_by_guards(world, &name, alias) {
            return Err(format!("in place of {relation} stands {name} as {alias:?}"));
        }
    }
    if read != 1 {
        return Err(format!("{relation} is read {read} times in its own place"));
    }
    shown_columns(&world.catalog, relation, query)?;
    Ok(conditions(query))
}

/// Every column of a derived table shows the column whose name it has, or nothing.
fn shown_columns(catalog: &Catalog, relation: &QualifiedName, query: &Value) -> Result<(), String> {
    let Some(relation) = catalog.by_name(relation) else { return Err("no relation".into()) };
    let select = query.get("SelectStmt").unwrap_or(query);
    let targets = select.get("target_list").and_then(Value::as_array);
    for target in targets.into_iter().flatten().filter_map(|t| t.get("ResTarget")) {
        let name = text(target, "name");
        const SYSTEM: [&str; 6] = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];
        if relation.column(&Name::new(name)).is_none() && !SYSTEM.contains(&name) {
            return Err(format!("{} has no column {name}", relation.name));
        }
        let read = all(target, "ColumnRef");
        let own = |column: &&&Value| names(column, "fields").last().is_some_and(|l| l == name);
        if !read.is_empty() && !read.iter().any(|column| own(&column)) {
            return Err(format!("column {name} of {} shows another", relation.name));
        }
    }
    Ok(())
}

/// A condition as it reads wherever its columns stand: their last names, operators' own names, IN
/// of one value as the comparison it is.
pub fn condition(expr: &Value) -> Value {
    const OPERATOR: i64 = 1;
    const IN: i64 = 7;
    match expr {
        Value::Object(fields)
            if fields.get("kind").and_then(Value::as_i64) == Some(IN)
                && expr["rexpr"]["List"]["items"].as_array().map(Vec::len) == Some(1) =>
        {
            let mut compared = fields.clone();
            compared.insert("kind".to_owned(), Value::from(OPERATOR));
            compared.insert("rexpr".to_owned(), expr["rexpr"]["List"]["items"][0].clone());
            condition(&Value::Object(compared))
        }
        Value::Object(fields) => {
            let last = |name: &str| matches!(name, "fields" | "name");
            let kept = fields.iter().map(|(name, inner)| {
                let inner = match inner.as_array() {
                    Some(path) if last(name) && path.len() > 1 => {
                        Value::Array(path.last().cloned().into_iter().collect())
                    }
                    _ => condition(inner),
                };
                (name.clone(), inner)
            });
            Value::Object(kept.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(condition).collect()),
        scalar => scalar.clone(),
    }
}

/// What a derived table asks of its rows, one by one.
fn conditions(query: &Value) -> Vec<Value> {
    let select = query.get("SelectStmt").unwrap_or(query);
    let filter = select.get("where_clause").unwrap_or(&Value::Null);
    let both = filter.get("BoolExpr").filter(|both| both["boolop"] == 1);
    match both.and_then(|both| both["args"].as_array()) {
        Some(parts) => parts.iter().map(condition).collect(),
        None => vec![condition(filter)],
    }
}
