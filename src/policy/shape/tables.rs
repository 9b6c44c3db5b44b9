//! Reads `tables`: which column holds which category, and whose row it is.

use super::erasure;
use super::reader::Reader;
use super::types::{At, GovernedShape, SubjectShape, TableBody, TableShape};
use crate::model::names::Name;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::yaml::{Key, Node, Value};

pub fn tables(reader: &mut Reader<'_>, node: &Node) -> Vec<TableShape> {
    let mut found = Vec::new();
    for (key, value) in reader.entries(node, "`tables`") {
        let text = reader.at(key.text.clone(), key.span);
        let Some(pattern) = reader.pattern(text) else { continue };
        if let Some(body) = body(reader, value, &key.text) {
            found.push(TableShape { pattern, body });
        }
    }
    found
}

fn body(reader: &mut Reader<'_>, node: &Node, table: &str) -> Option<TableBody> {
    if matches!(node.value, Value::Map(_)) {
        return Some(TableBody::Governed(Box::new(governed(reader, node, table))));
    }
    let words = [("plain", 0), ("internal", 1), ("not_covered", 2)];
    let owner = format!("`{table}` (a mapping of columns, or one word)");
    let word = reader.word(node, &owner, &words)?;
    Some(match word.value {
        0 => TableBody::Plain,
        1 => TableBody::Internal,
        _ => TableBody::NotCovered,
    })
}

fn governed(reader: &mut Reader<'_>, node: &Node, table: &str) -> GovernedShape {
    let mut shape = GovernedShape::default();
    for (key, value) in reader.entries(node, table) {
        match key.text.as_str() {
            "subject" => shape.subject = subject(reader, value),
            "erase" => shape.erase = erasure::of_table(reader, value),
            "plain" => {
                let names = reader.texts(value, "`plain`").into_iter();
                shape.plain =
                    names.map(|t| At { value: Name::new(&t.value), place: t.place }).collect();
            }
            // Columns whose names are words of this mapping can be listed one level down.
            "columns" if matches!(value.value, Value::Map(_)) => {
                for (key, value) in reader.entries(value, "`columns`") {
                    column(reader, key, value, &mut shape);
                }
            }
            "*" => {
                let place = reader.place(key.span);
                shape.rest = Some((place, labels(reader, value, "`*`")));
            }
            _ => column(reader, key, value, &mut shape),
        }
    }
    shape
}

fn column(reader: &mut Reader<'_>, key: &Key, value: &Node, shape: &mut GovernedShape) {
    let labels = labels(reader, value, &format!("column `{}`", key.text));
    let name = reader.at(Name::new(&key.text), key.span);
    if let Some((first, _)) = shape.columns.iter().find(|(n, _)| n.value == name.value) {
        let message = format!("column `{}` is classified twice", key.text);
        let label = format!("also at {}", first.place);
        reader.report(Diagnostic::error("PP002", message).at(&name.place).label(label));
        return;
    }
    shape.columns.push((name, labels));
}

/// The categories of a column: one, several, or `{ category: … }`.
fn labels(reader: &mut Reader<'_>, node: &Node, owner: &str) -> Vec<At<String>> {
    let Value::Map(entries) = &node.value else {
        let found = reader.texts(node, owner);
        if found.is_empty() && matches!(node.value, Value::Null | Value::List(_)) {
            reader.wrong_kind(node, owner, "a category or a list of categories");
        }
        return found;
    };
    if entries.iter().any(|(key, _)| key.text.starts_with('$')) {
        let place = reader.place(node.span);
        let message = format!("{owner}: categories inside JSON documents are not enforced yet");
        reader.report(
            Diagnostic::error("PP060", message)
                .at(&place)
                .help("give the whole column the strictest category it can hold"),
        );
        return Vec::new();
    }
    let fields = reader.fields(node, owner, &["category", "subject"]);
    if let Some(node) = fields.get("subject") {
        let place = reader.place(node.span);
        let message = format!("{owner}: a subject of its own is not enforced yet");
        reader.report(Diagnostic::error("PP060", message).at(&place));
    }
    match fields.get("category") {
        Some(node) => reader.texts(node, owner),
        None => {
            reader.missing(node.span, owner, "category");
            Vec::new()
        }
    }
}

fn subject(reader: &mut Reader<'_>, node: &Node) -> Option<At<SubjectShape>> {
    if matches!(node.value, Value::List(_)) {
        let place = reader.place(node.span);
        reader.report(
            Diagnostic::error("PP060", "several people in one row are not enforced yet")
                .at(&place)
                .help("name the column of the person whose agreement is needed"),
        );
        return None;
    }
    let text = reader.text(node, "`subject`")?;
    let Some((column, table)) = text.value.split_once("->") else {
        let column = Name::new(&text.value);
        return Some(At { value: SubjectShape::Column(column), place: text.place });
    };
    let column = Name::new(column.trim());
    let table = At { value: table.trim().to_owned(), place: text.place };
    let At { value: table, place } = reader.qualified(table)?;
    Some(At { value: SubjectShape::Path { column, table }, place })
}
