//! Masks as SQL: an expression of the column's own type that never raises and gives NULL for NULL.
//!
//! Only functions of `pg_catalog`, and no construct that looks an operator up by search path
//! (`IN`, `NULLIF`, `IS DISTINCT FROM`, simple CASE): no client can shadow what we put in. What a
//! mask keeps is never the whole of a short value. The table is in `rules/README.md`.

use super::tokens::spell_text;
use crate::catalog::Column;
use crate::model::ruling::Mask;

/// NULL of a column's own type and modifier.
pub fn null(column: &Column) -> String {
    format!("NULL::{}", column.type_sql)
}

/// The mask of a value given as SQL.
pub fn masked(mask: Mask, value: &str, column: &Column) -> String {
    let body = match mask {
        Mask::Initial if is_text(column) => initial(value),
        Mask::City if is_text(column) => city(value),
        Mask::Last4 if is_text(column) => last4(value),
        Mask::Email if is_text(column) => email(value),
        Mask::Fixed if is_text(column) => Some(non_null(value, "'***'::pg_catalog.text")),
        Mask::Year => year(value, column),
        Mask::Subnet => subnet(value, column),
        Mask::Bucket => bucket(value, column),
        Mask::Initial | Mask::City | Mask::Last4 | Mask::Email | Mask::Fixed => None,
    };
    match body {
        Some(body) => format!("({body})::{}", column.type_sql),
        None => null(column),
    }
}

/// Whether a mask has something else than NULL to give for a column's type.
pub fn fits(mask: Mask, column: &Column) -> bool {
    masked(mask, "x", column) != null(column)
}

fn is_text(column: &Column) -> bool {
    column.type_category == 'S' && column.base_type.as_str() != "char"
}

fn text(value: &str) -> String {
    format!("({value})::pg_catalog.text")
}

fn non_null(value: &str, then: &str) -> String {
    format!("CASE WHEN {value} IS NOT NULL THEN {then} END")
}

fn greater(function: &str, than: usize) -> String {
    format!("pg_catalog.{function} OPERATOR(pg_catalog.>) {than}")
}

/// `Wang Li` → `W. L.`; a name in CJK letters → its first and `*`.
fn initial(value: &str) -> Option<String> {
    let x = text(value);
    let cjk = format!("pg_catalog.ascii({x}) OPERATOR(pg_catalog.>=) 11904");
    let two = spell_text(r"\S\S");
    let word = spell_text(r"(\S)\S*");
    let first = spell_text(r"\1.");
    Some(non_null(
        value,
        &format!(
            "CASE WHEN {cjk} AND {} THEN pg_catalog.textcat(pg_catalog.\"left\"({x}, 1), '*') \
             WHEN {cjk} THEN '***' \
             WHEN pg_catalog.textregexeq({x}, {two}) \
             THEN pg_catalog.regexp_replace({x}, {word}, {first}, 'g') ELSE '***' END",
            greater(&format!("char_length({x})"), 1),
        ),
    ))
}

/// The last part between commas that has no digit.
fn city(value: &str) -> Option<String> {
    let x = text(value);
    let pattern = spell_text(r"^(?:.*,)?\s*([^,0-9]*[^,0-9\s])\s*(?:,[^,]*[0-9][^,]*)*$");
    let found = format!("COALESCE(pg_catalog.\"substring\"({x}, {pattern}), '***')");
    let comma = greater(&format!("strpos({x}, ',')"), 0);
    Some(non_null(value, &format!("CASE WHEN {comma} THEN {found} ELSE '***' END")))
}

fn last4(value: &str) -> Option<String> {
    let x = text(value);
    let long = greater(&format!("char_length({x})"), 4);
    let kept = format!("pg_catalog.textcat('***', pg_catalog.\"right\"({x}, 4))");
    Some(non_null(value, &format!("CASE WHEN {long} THEN {kept} ELSE '***' END")))
}

fn email(value: &str) -> Option<String> {
    let x = text(value);
    let at = format!("strpos({x}, '@')");
    // A quoted local part may hold an @ of its own: the domain begins at the last one.
    let domain = format!("pg_catalog.\"substring\"({x}, '@[^@]*$')");
    let starred = format!("pg_catalog.textcat('***', {domain})");
    let full = format!("pg_catalog.textcat(pg_catalog.\"left\"({x}, 1), {starred})");
    Some(non_null(
        value,
        &format!(
            "CASE WHEN {} THEN {full} WHEN {} THEN {starred} ELSE '***' END",
            greater(&at, 2),
            greater(&at, 1),
        ),
    ))
}

/// 1 January of the year; what lies outside the years 1 to 9999 is NULL.
fn year(value: &str, column: &Column) -> Option<String> {
    let base = column.base_type.as_str();
    let (local, back) = match base {
        "date" => (format!("({value})::pg_catalog.\"timestamp\""), "::pg_catalog.date"),
        "timestamp" => (format!("({value})"), ""),
        "timestamptz" => (format!("pg_catalog.timezone('UTC', {value})"), ""),
        _ => return None,
    };
    let cut = format!("pg_catalog.date_trunc('year', {local}){back}");
    let cut =
        if base == "timestamptz" { format!("pg_catalog.timezone('UTC', {cut})") } else { cut };
    Some(format!(
        "CASE WHEN {value} OPERATOR(pg_catalog.>=) '0001-01-02'::pg_catalog.{base} \
         AND {value} OPERATOR(pg_catalog.<) '9999-12-31'::pg_catalog.{base} THEN {cut} END",
        base = quoted_type(base),
    ))
}

fn quoted_type(base: &str) -> String {
    format!("\"{base}\"")
}

/// The network of an address: /24 of IPv4, /48 of IPv6.
fn subnet(value: &str, column: &Column) -> Option<String> {
    let base = column.base_type.as_str();
    if is_text(column) {
        let x = text(value);
        let address = spell_text(r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$");
        let last = spell_text("[0-9]+$");
        return Some(non_null(
            value,
            &format!(
                "CASE WHEN pg_catalog.textregexeq({x}, {address}) \
                 THEN pg_catalog.regexp_replace({x}, {last}, '0/24') ELSE '***' END"
            ),
        ));
    }
    if base != "inet" && base != "cidr" {
        return None;
    }
    let network = |bits: u8| {
        format!("pg_catalog.network(pg_catalog.set_masklen(({value})::pg_catalog.inet, {bits}))")
    };
    Some(format!(
        "CASE WHEN pg_catalog.family({value}) OPERATOR(pg_catalog.=) 4 THEN {} \
         WHEN {value} IS NOT NULL THEN {} END",
        network(24),
        network(48),
    ))
}

/// A number cut down to its leading digit; below ten it is 0, what is not finite is NULL.
///
/// The digits are counted as text: several times faster than a logarithm.
fn bucket(value: &str, column: &Column) -> Option<String> {
    let base = column.base_type.as_str();
    let number = match base {
        "int2" | "int4" | "int8" => format!("({value})"),
        "numeric" => format!("pg_catalog.trunc({value})"),
        "float4" | "float8" | "money" => {
            format!("pg_catalog.trunc(({value})::pg_catalog.\"numeric\")")
        }
        _ => return None,
    };
    let than = |operator: &str, limit: &str| {
        let limit =
            if base == "money" { format!("'{limit}'::pg_catalog.money") } else { limit.to_owned() };
        format!("{value} OPERATOR(pg_catalog.{operator}) {limit}")
    };
    let whole = base.starts_with("int");
    let digits = format!("({number})::pg_catalog.text");
    let kept = |count: u8| {
        format!(
            "pg_catalog.rpad(pg_catalog.\"left\"({digits}, {count}), \
             pg_catalog.length({digits}), '0')"
        )
    };
    let cut = |sign: &str, limit: &str, count: u8| {
        let finite = if whole || base == "money" { String::new() } else { format!(" AND {limit}") };
        let side = than(sign, if sign == ">=" { "10" } else { "-10" });
        format!("WHEN {side}{finite} THEN {} ", kept(count))
    };
    Some(format!(
        "CASE WHEN {} AND {} THEN '0' {}{}END::pg_catalog.\"numeric\"",
        than(">", "-10"),
        than("<", "10"),
        cut(">=", &than("<", "1e100"), 1),
        cut("<=", &than(">", "-1e100"), 2),
    ))
}
