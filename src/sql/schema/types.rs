//! A type as a script writes it → the same type as the live catalog names it.

use super::cursor::Cursor;
use super::script::Script;
use crate::catalog::{INTERVAL_FULL_RANGE, TypeName, built_in_type_category};
use crate::model::names::{Name, QualifiedName};

/// What a column's type comes to, domains followed.
#[derive(Clone, Debug)]
pub struct ColumnType {
    pub sql: String,
    pub base: Name,
    pub category: char,
    pub is_domain: bool,
    /// `serial` and kin.
    pub is_serial: bool,
}

impl ColumnType {
    fn new(name: TypeName, category: char) -> ColumnType {
        let base = if name.is_array {
            Name::quoted(&format!("_{}", name.name.name))
        } else {
            name.name.name.clone()
        };
        let category = if name.is_array { 'A' } else { category };
        ColumnType { sql: name.to_sql(), base, category, is_domain: false, is_serial: false }
    }

    pub fn built_in(name: &str) -> ColumnType {
        let category = built_in_type_category(name).unwrap_or('U');
        let name = QualifiedName::new("pg_catalog", name);
        ColumnType::new(TypeName { name, modifier: None, is_array: false }, category)
    }
}

/// Reads a type (manual, 8; gram.y `Typename`).
pub fn read(cursor: &mut Cursor<'_>, script: &Script) -> Result<ColumnType, String> {
    let start = cursor.clone();
    cursor.eat(&["setof"]);
    let built_in = match cursor.word() {
        Some(word) if !followed_by_dot(cursor) => phrase(cursor, word)?,
        _ => None,
    };
    let (name, modifier) = match built_in {
        Some((name, modifier)) => (QualifiedName::new("pg_catalog", name), modifier),
        None => {
            let written = cursor.written()?;
            let modifier = modifier(cursor)?;
            match script.type_named(&written) {
                Some(name) => (name, modifier),
                None => return start.error(format!("type \"{}\" is not known", written.name)),
            }
        }
    };
    let is_array = array_bounds(cursor)?;
    let serial = match name.name.as_str() {
        "serial" | "serial4" => Some("int4"),
        "bigserial" | "serial8" => Some("int8"),
        "smallserial" | "serial2" => Some("int2"),
        _ => None,
    };
    if let Some(base) = serial {
        return Ok(ColumnType { is_serial: true, ..ColumnType::built_in(base) });
    }
    if let (Some(domain), false) = (script.domain(&name), is_array) {
        return Ok(ColumnType { is_domain: true, ..domain.clone() });
    }
    let category = script.category(&name);
    let modifier = modifier.map(|m| normal(&name, m));
    Ok(ColumnType::new(TypeName { name, modifier, is_array }, category))
}

/// Built-in types that the grammar itself knows, some of several words, with their modifier.
fn phrase(
    cursor: &mut Cursor<'_>,
    word: &str,
) -> Result<Option<(&'static str, Option<String>)>, String> {
    let name = match word {
        "int" | "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "real" => "float4",
        "boolean" => "bool",
        "decimal" | "dec" | "numeric" => "numeric",
        "varchar" => "varchar",
        "float" => {
            cursor.at += 1;
            let digits = modifier(cursor)?.and_then(|m| numbers(&m).first().copied());
            return Ok(Some((
                if digits.is_some_and(|d| d < 25) { "float4" } else { "float8" },
                None,
            )));
        }
        "double" => {
            cursor.require(&["double", "precision"])?;
            return Ok(Some(("float8", None)));
        }
        "character" | "char" | "nchar" | "national" => {
            cursor.eat(&["national"]);
            cursor.at += 1;
            if cursor.eat(&["varying"]) {
                return Ok(Some(("varchar", modifier(cursor)?)));
            }
            return Ok(Some(("bpchar", modifier(cursor)?.or(Some("(1)".to_owned())))));
        }
        "bit" => {
            cursor.at += 1;
            if cursor.eat(&["varying"]) {
                return Ok(Some(("varbit", modifier(cursor)?)));
            }
            return Ok(Some(("bit", modifier(cursor)?.or(Some("(1)".to_owned())))));
        }
        "time" | "timestamp" => return time(cursor, word).map(Some),
        "interval" => {
            cursor.at += 1;
            return interval(cursor).map(|m| Some(("interval", m)));
        }
        _ => return Ok(None),
    };
    cursor.at += 1;
    Ok(Some((name, modifier(cursor)?)))
}

fn time(cursor: &mut Cursor<'_>, word: &str) -> Result<(&'static str, Option<String>), String> {
    cursor.at += 1;
    let modifier = modifier(cursor)?;
    let zoned = cursor.eat(&["with", "time", "zone"]);
    if !zoned {
        cursor.eat(&["without", "time", "zone"]);
    }
    let name = match (word, zoned) {
        ("time", false) => "time",
        ("time", true) => "timetz",
        (_, false) => "timestamp",
        (_, true) => "timestamptz",
    };
    Ok((name, modifier))
}

/// Fields of an interval are bits of its range (`INTERVAL_MASK` of the server's `timestamp.h`).
fn interval(cursor: &mut Cursor<'_>) -> Result<Option<String>, String> {
    const FIELDS: [(&str, i32); 6] =
        [("year", 2), ("month", 1), ("day", 3), ("hour", 10), ("minute", 11), ("second", 12)];
    let bit = |word: Option<&str>| FIELDS.iter().position(|(name, _)| Some(*name) == word);
    let mut range = INTERVAL_FULL_RANGE;
    if let Some(first) = bit(cursor.word()) {
        cursor.at += 1;
        let last = if cursor.word() == Some("to") { bit(cursor.word_ahead(1)) } else { None };
        if last.is_some() {
            cursor.at += 2;
        }
        let fields = FIELDS.iter().take(last.unwrap_or(first) + 1).skip(first);
        range = fields.fold(0, |range, (_, bit)| range | 1 << bit);
    }
    let precision = modifier(cursor)?.and_then(|m| numbers(&m).first().copied());
    Ok(match (range, precision) {
        (INTERVAL_FULL_RANGE, None) => None,
        (range, None) => Some(format!("({range})")),
        (range, Some(precision)) => Some(format!("({range},{precision})")),
    })
}

/// `(10, 2)` without its blanks.
fn modifier(cursor: &mut Cursor<'_>) -> Result<Option<String>, String> {
    if !cursor.is('(') {
        return Ok(None);
    }
    let inside = cursor.group()?;
    let tokens = (inside.at..inside.end).map(|at| inside.tokens.source(at));
    Ok(Some(format!("({})", tokens.collect::<String>())))
}

/// The modifier as the catalog keeps it: `numeric(5)` is `numeric(5,0)`.
fn normal(name: &QualifiedName, modifier: String) -> String {
    match (name.schema.as_str(), name.name.as_str(), numbers(&modifier).as_slice()) {
        ("pg_catalog", "numeric", [precision]) => format!("({precision},0)"),
        _ => modifier,
    }
}

fn numbers(modifier: &str) -> Vec<i32> {
    let inside = modifier.trim_start_matches('(').trim_end_matches(')');
    inside.split(',').filter_map(|n| n.trim().parse().ok()).collect()
}

fn array_bounds(cursor: &mut Cursor<'_>) -> Result<bool, String> {
    let mut is_array = cursor.eat(&["array"]);
    while cursor.is('[') {
        is_array = true;
        match cursor.tokens.after_group(cursor.at, cursor.end) {
            Some(after) => cursor.at = after,
            None => return cursor.error("\"[\" is never closed"),
        }
    }
    Ok(is_array)
}

fn followed_by_dot(cursor: &Cursor<'_>) -> bool {
    cursor.at + 1 < cursor.end && cursor.tokens.is_punctuation(cursor.at + 1, '.')
}
