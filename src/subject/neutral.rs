//! What stands in the place of a value where the row has to stay: NULL where the column takes it.

use crate::catalog::{Column, Relation};

/// How texts begin that stand for a value which had to be unique.
pub const ERASED: &str = "erased-";

/// SQL of the value that is put in place of a column of the row `alias`; `None`: there is none
/// that the column would take.
pub fn neutral(relation: &Relation, column: &Column, alias: &str) -> Option<String> {
    let must_be = column.not_null || relation.primary_key.contains(&column.number);
    if !must_be && !column.is_domain {
        return Some("NULL".to_owned());
    }
    let unique = relation.can_conflict(column.number);
    let own = format!("{alias}.{}", column.name.to_quoted());
    if column.type_category == 'S' && unique {
        // What already stands for a value is left, so that a second run changes nothing.
        let random = "pg_catalog.left(pg_catalog.gen_random_uuid()::text, 13)";
        return Some(format!(
            "CASE WHEN {own}::text LIKE '{ERASED}%' THEN {own} \
             ELSE CAST('{ERASED}' || {random} AS {}) END",
            column.type_sql
        ));
    }
    if unique {
        return None;
    }
    let literal = match (column.type_category, column.base_type.as_str()) {
        ('S', _) => "***",
        ('N', _) => "0",
        ('B', _) => "false",
        ('D', _) => "1970-01-01 00:00:00+00",
        ('I', _) => "0.0.0.0",
        ('A', _) => "{}",
        (_, "json" | "jsonb") => "{}",
        (_, "bytea") => "",
        (_, "uuid") => "00000000-0000-0000-0000-000000000000",
        _ => return None,
    };
    Some(format!("CAST('{literal}' AS {})", column.type_sql))
}
