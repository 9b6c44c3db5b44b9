//! The short spelling of what is sent, so that a case shows what was put in and not how a mask
//! is computed: `<last4 of t."phone" as pg_catalog.text>`, `{=}` for `OPERATOR(pg_catalog.=)`.

use std::collections::BTreeMap;

use pgpurpose::catalog::Catalog;
use pgpurpose::model::ruling::Mask;
use pgpurpose::sql::mask::{masked, null};

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
/// Width of a blessed line.
const COLUMNS: usize = 98;

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

/// Puts what is sent in place of `rewritten:` of one case of a file.
pub fn bless(text: &str, name: &str, sent: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let is_name = |line: &&str| {
        let said = line.trim_start().strip_prefix("- name: ");
        said.is_some_and(|said| said.trim_matches(['"', '\'']) == name)
    };
    let start = lines.iter().position(is_name).expect("a case has its own line `- name:`");
    let indent = lines[start].len() - lines[start].trim_start().len() + 2;
    let end = lines[start + 1..]
        .iter()
        .position(|line| line.trim_start().starts_with("- name: "))
        .map_or(lines.len(), |length| start + 1 + length);
    let key = (start..end)
        .find(|i| lines[*i].trim_start().starts_with("rewritten:"))
        .expect("a case to be blessed has a line `rewritten:`");
    let deeper = |line: &&&str| line.len() - line.trim_start().len() > indent;
    let old = lines[key + 1..end].iter().take_while(deeper).count();
    let mut new = vec![format!("{}rewritten: >-", " ".repeat(indent))];
    let mut line = " ".repeat(indent + 2);
    for word in sent.split(' ') {
        if line.trim().is_empty() {
            line.push_str(word);
        } else if line.len() + word.len() < COLUMNS {
            line.push(' ');
            line.push_str(word);
        } else {
            new.push(std::mem::replace(&mut line, format!("{}{word}", " ".repeat(indent + 2))));
        }
    }
    new.push(line);
    lines.splice(key..=key + old, new.iter().map(String::as_str));
    lines.join("\n") + "\n"
}
