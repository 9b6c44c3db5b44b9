//! Reads `combinations`: what may not be had together.

use super::general::valid_word;
use super::reader::{Fields, Reader};
use super::types::{At, CombinationShape, Together};
use crate::policy::yaml::{Key, Node, Value};

const COMBINATION_KEYS: &[&str] = &["id", "of", "role", "purpose", "even_masked", "then"];

pub fn combinations(reader: &mut Reader<'_>, node: &Node) -> Vec<CombinationShape> {
    let items = list(reader, node, "`combinations`");
    items.iter().filter_map(|item| combination(reader, item)).collect()
}

fn combination(reader: &mut Reader<'_>, node: &Node) -> Option<CombinationShape> {
    let fields = reader.fields(node, "the combination", COMBINATION_KEYS);
    let id = id(reader, node, (&fields, "the combination"))?;
    let owner = format!("combination `{}`", id.value);
    for key in ["of", "then"] {
        if fields.get(key).is_none() {
            reader.missing(node.span, &owner, key);
        }
    }
    let words = [("mask", Together::Mask), ("hide", Together::Hide), ("block", Together::Block)];
    let even_masked = fields.get("even_masked").and_then(|n| reader.boolean(n, "`even_masked`"));
    Some(CombinationShape {
        // What cannot be read is the stricter.
        even_masked: even_masked.unwrap_or(fields.get("even_masked").is_some()),
        of: texts(reader, &fields, "of"),
        roles: texts(reader, &fields, "role"),
        purposes: texts(reader, &fields, "purpose"),
        then: fields.get("then").and_then(|n| reader.word(n, "`then`", &words)).map(|at| at.value),
        id,
    })
}

fn list<'n>(reader: &mut Reader<'_>, node: &'n Node, owner: &str) -> &'n [Node] {
    match &node.value {
        Value::List(items) => items,
        Value::Null => &[],
        _ => {
            reader.wrong_kind(node, owner, "a list");
            &[]
        }
    }
}

fn id(
    reader: &mut Reader<'_>,
    node: &Node,
    (fields, owner): (&Fields<'_>, &str),
) -> Option<At<String>> {
    let Some(id_node) = fields.get("id") else {
        reader.missing(node.span, owner, "id");
        return None;
    };
    let id = reader.text(id_node, "`id`")?;
    let key = Key { text: id.value.clone(), span: id_node.span };
    valid_word(reader, &key, owner).then_some(id)
}

fn texts(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Vec<At<String>> {
    fields.get(key).map_or_else(Vec::new, |node| reader.texts(node, &format!("`{key}`")))
}
