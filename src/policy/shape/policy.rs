//! Reads `policy`: its version, from when it counts, and how people are told of it.

use super::general::required;
use super::reader::Reader;
use super::types::{ActiveShape, At, PolicyShape, SeenShape};
use crate::model::names::{Name, QualifiedName};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::yaml::{Node, Value};

pub fn policy(reader: &mut Reader<'_>, node: &Node) -> PolicyShape {
    const KEYS: &[&str] = &["name", "version", "effective", "notice", "time_zone"];
    let fields = reader.fields(node, "`policy`", KEYS);
    let text = |reader: &mut Reader<'_>, key: &str| {
        let node = fields.get(key)?;
        reader.text(node, &format!("`policy.{key}`"))
    };
    // For the reader of the file: nothing is decided by it.
    text(reader, "name");
    let mut shape = PolicyShape {
        version: fields
            .get("version")
            .and_then(|node| reader.small_number(node, "`policy.version`")),
        effective: fields.get("effective").and_then(|n| date(reader, n, "`policy.effective`")),
        time_zone: text(reader, "time_zone").map(|text| text.value),
        ..PolicyShape::default()
    };
    if let Some(node) = fields.get("notice") {
        notice(reader, node, &mut shape);
    }
    shape
}

fn notice(reader: &mut Reader<'_>, node: &Node, shape: &mut PolicyShape) {
    const KEYS: &[&str] = &["required", "published", "channel", "seen", "active", "until_seen"];
    let fields = reader.fields(node, "`policy.notice`", KEYS);
    shape.notice_required = match fields.get("required") {
        Some(node) => reader.boolean(node, "`notice.required`").unwrap_or(true),
        None => true,
    };
    shape.published = fields.get("published").and_then(|n| date(reader, n, "`notice.published`"));
    if let Some(node) = fields.get("channel") {
        // For the reader of the file, and of what `diff` prints.
        reader.text(node, "`notice.channel`");
    }
    if let Some(node) = fields.get("until_seen") {
        // The only meaning there is; the key says it aloud.
        reader.word(node, "`notice.until_seen`", &[("previous", ())]);
    }
    if let Some(node) = fields.get("seen") {
        let columns = person_columns(reader, node, "`notice.seen`", ("version", "policy_seen"));
        shape.seen = columns.map(|(table, subject, version)| SeenShape { table, subject, version });
    }
    if let Some(node) = fields.get("active") {
        let columns = person_columns(reader, node, "`notice.active`", ("at", "last_active"));
        shape.active = columns.map(|(table, subject, at)| ActiveShape { table, subject, at });
    }
}

/// `{ table, subject, <key> }`, or `store`: a column of what `pgpurpose` itself keeps of people.
fn person_columns(
    reader: &mut Reader<'_>,
    node: &Node,
    owner: &str,
    (key, kept): (&str, &str),
) -> Option<(At<QualifiedName>, At<Name>, At<Name>)> {
    if !matches!(node.value, Value::Map(_)) {
        let place = reader.word(node, owner, &[("store", ())])?.place;
        let name = |text: &str| At { value: Name::new(text), place: place.clone() };
        let table = QualifiedName::new(STORE.0, STORE.1);
        return Some((At { value: table, place: place.clone() }, name("subject"), name(kept)));
    }
    let fields = reader.fields(node, owner, &["table", "subject", key]);
    let table = required(reader, node, fields.get("table"), "table")
        .and_then(|n| reader.table(n, &format!("{owner}, `table`")));
    let name = |reader: &mut Reader<'_>, key: &str| {
        let found = required(reader, node, fields.get(key), key)?;
        reader.name(found, &format!("{owner}, `{key}`"))
    };
    let (subject, column) = (name(reader, "subject"), name(reader, key));
    Some((table?, subject?, column?))
}

/// `YYYY-MM-DD`
fn date(reader: &mut Reader<'_>, node: &Node, owner: &str) -> Option<At<String>> {
    let text = reader.text(node, owner)?;
    if is_date(&text.value) {
        return Some(text);
    }
    reader.report(
        Diagnostic::error("PP009", format!("`{}` is not a day", text.value))
            .at(&text.place)
            .label("write it as \"2026-11-01\""),
    );
    None
}

/// Dates of this form are in the order of their texts.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |part: &str, length: usize| -> Option<u32> {
        let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| digits)
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    year > 0 && (1..=days).contains(&day)
}

/// The view of people in the database's own schema of `pgpurpose`.
const STORE: (&str, &str) = ("pgpurpose", "people");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_days_of_the_calendar() {
        for right in ["2026-11-01", "2024-02-29", "2000-02-29", "0001-01-31"] {
            assert!(is_date(right), "{right}");
        }
        for wrong in [
            "2026-11-31",
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-1-1",
            "tomorrow",
            "2026-11-01T00:00",
            "0000-01-01",
            "+026-11-01",
        ] {
            assert!(!is_date(wrong), "{wrong}");
        }
    }
}
