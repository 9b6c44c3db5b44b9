//! The short spelling of what is sent, so that a case shows what was put in and not how a mask
//! is computed: `<last4 of t."phone" as pg_catalog.text>`, `{=}` for `OPERATOR(pg_catalog.=)`.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::model::ruling::Mask;
use crate::sql::mask::{masked, null};

const MASKS: [(&str, Mask); 8] = [
    ("initial", Mask::Initial),
    ("year", Mask::Year),
    ("city", Mask::City),
    ("last4", Mask::Last4),
    ("email", Mask::Email),
    ("subnet", Mask::Subnet),
    ("bucket", Mask::Bucket),
    ("fixed", Mask::Fixed),
];
/// Stands for the value in a pattern.
const VALUE: char = '\u{1}';
const LONGEST_VALUE_BYTES: usize = 140;

/// Runs of white space as one blank.
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is sent, in the short spelling.
pub fn shown(sent: &str, catalog: &Catalog) -> String {
    let mut patterns = BTreeMap::new();
    for column in catalog.relations().flat_map(|relation| &relation.columns) {
        for (name, mask) in MASKS {
            let pattern = masked(mask, &VALUE.to_string(), column);
            if pattern != null(column) {
                patterns.insert(pattern, (name, column.type_sql.clone()));
            }
        }
    }
    let mut text = sent.to_owned();
    for (pattern, (name, type_sql)) in &patterns {
        while let Some((at, length, value)) = find(&text, pattern) {
            text.replace_range(at..at + length, &format!("<{name} of {value} as {type_sql}>"));
        }
    }
    let text = text.replace("OPERATOR(pg_catalog.", "\u{2}");
    let pieces =
        text.split('\u{2}').enumerate().map(|(i, piece)| match (i, piece.split_once(')')) {
            (1.., Some((operator, rest))) => format!("{{{operator}}}{rest}"),
            _ => piece.to_owned(),
        });
    folded(&pieces.collect::<String>())
}

/// Where a mask's pattern stands, and over which value.
fn find(text: &str, pattern: &str) -> Option<(usize, usize, String)> {
    let mut parts = pattern.split(VALUE);
    let (first, second) = (parts.next()?, parts.next()?);
    text.match_indices(first).find_map(|(at, _)| {
        let from = at + first.len();
        let length = text[from..].find(second).filter(|length| *length <= LONGEST_VALUE_BYTES)?;
        let value = &text[from..from + length];
        let whole = pattern.replace(VALUE, value);
        text[at..].starts_with(&whole).then(|| (at, whole.len(), value.to_owned()))
    })
}
