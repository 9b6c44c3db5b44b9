//! Reads `combinations` and `quotas`: what may not be had together, and how much in a span of time.

use super::general::valid_word;
use super::reader::{Fields, Reader};
use super::types::{At, CombinationShape, QuotaShape, Together};
use crate::policy::diagnostic::Diagnostic;
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

const QUOTA_KEYS: &[&str] =
    &["id", "role", "purpose", "people", "rows", "statements", "per", "then"];

pub fn quotas(reader: &mut Reader<'_>, node: &Node) -> Vec<QuotaShape> {
    let items = list(reader, node, "`quotas`");
    items.iter().filter_map(|item| quota(reader, item)).collect()
}

fn quota(reader: &mut Reader<'_>, node: &Node) -> Option<QuotaShape> {
    let fields = reader.fields(node, "the quota", QUOTA_KEYS);
    let id = id(reader, node, (&fields, "the quota"))?;
    let owner = format!("quota `{}`", id.value);
    if fields.get("per").is_none() {
        reader.missing(node.span, &owner, "per");
    }
    if let Some(node) = fields.get("then") {
        // The only meaning there is; the key says it aloud.
        reader.word(node, "`then`", &[("block", ())]);
    }
    let number = |reader: &mut Reader<'_>, key: &str| {
        let node = fields.get(key)?;
        reader.number(node, &format!("`{key}`"))
    };
    let shape = QuotaShape {
        roles: texts(reader, &fields, "role"),
        purposes: texts(reader, &fields, "purpose"),
        people: number(reader, "people"),
        rows: number(reader, "rows"),
        statements: number(reader, "statements"),
        per: fields.get("per").and_then(|node| span_of_time(reader, node)),
        id,
    };
    if ["people", "rows", "statements"].iter().all(|key| fields.get(key).is_none()) {
        reader.missing(node.span, &owner, "people");
    }
    Some(shape)
}

/// `1 day`, `15 minutes`: seconds.
fn span_of_time(reader: &mut Reader<'_>, node: &Node) -> Option<u64> {
    const UNITS: [(&str, u64); 4] =
        [("minute", 60), ("hour", 3_600), ("day", 86_400), ("week", 604_800)];
    let text = reader.text(node, "`per`")?;
    let (number, unit) = text.value.split_once(' ').unwrap_or(("", ""));
    let unit = UNITS.iter().find(|(name, _)| unit == *name || unit.strip_suffix('s') == Some(name));
    let number = number.parse::<u64>().ok().filter(|number| (1..=MAX_UNITS).contains(number));
    match (number, unit) {
        (Some(number), Some((_, seconds))) => Some(number * seconds),
        _ => {
            reader.report(
                Diagnostic::error("PP004", "`per` is not a span of time")
                    .at(&text.place)
                    .help("write `15 minutes`, `1 hour`, `1 day`, `2 weeks`"),
            );
            None
        }
    }
}

/// The most minutes, hours, days or weeks of a span of time.
const MAX_UNITS: u64 = 1_000;

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
