//! How a type is spelt so that it means the same under every search path.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::model::names::QualifiedName;

/// A type with its modifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// Of the element, if it is an array.
    pub name: QualifiedName,
    /// With its parentheses: `(20)`, `(10,2)`.
    pub modifier: Option<String>,
    pub is_array: bool,
}

impl TypeName {
    /// `pg_catalog.varchar(20)`, `pg_catalog."char"`, `"shop"."Kind"[]`: safe to splice into SQL.
    ///
    /// A built-in name stands unquoted behind its schema, where the grammar takes any keyword
    /// (manual, appendix C: ColLabel); `"char"` keeps its quotes as the manual writes it.
    pub fn to_sql(&self) -> String {
        let (schema, name) = (self.name.schema.as_str(), self.name.name.as_str());
        let built_in = schema == "pg_catalog" && name != "char" && is_plain(name);
        let mut sql = if built_in {
            format!("{schema}.{name}")
        } else if schema == "pg_catalog" {
            format!("{schema}.{}", self.name.name.to_quoted())
        } else {
            self.name.to_quoted()
        };
        sql.push_str(self.modifier.as_deref().unwrap_or(""));
        if self.is_array {
            sql.push_str("[]");
        }
        sql
    }
}

fn is_plain(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The modifier of `pg_catalog.interval` for a catalog number: `(range,precision)` or `(range)`,
/// the numbers `intervaltypmodin` takes, since `interval day to second` has no qualified spelling.
pub fn interval_modifier(number: i32) -> String {
    let (range, precision) = ((number >> 16) & INTERVAL_FULL_RANGE, number & 0xFFFF);
    match precision {
        INTERVAL_FULL_PRECISION => format!("({range})"),
        _ => format!("({range},{precision})"),
    }
}

/// Of the server's `timestamp.h`: no field is left out.
pub const INTERVAL_FULL_RANGE: i32 = 0x7FFF;

/// Of the server's `timestamp.h`: no precision is given.
const INTERVAL_FULL_PRECISION: i32 = 0xFFFF;

/// `typcategory` of a built-in type that is not an array: `S` for `varchar`.
pub fn built_in_type_category(name: &str) -> Option<char> {
    static CATEGORIES: LazyLock<HashMap<&str, char>> = LazyLock::new(|| {
        let lines = include_str!("types.txt").lines().filter(|l| !l.starts_with('#'));
        lines
            .filter_map(|l| l.split_once(' '))
            .filter_map(|(n, c)| Some((n, c.chars().next()?)))
            .collect()
    });
    CATEGORIES.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(schema: &str, name: &str, modifier: Option<&str>, is_array: bool) -> String {
        let name = QualifiedName::new(schema, name);
        TypeName { name, modifier: modifier.map(str::to_owned), is_array }.to_sql()
    }

    #[test]
    fn built_in_names_stay_bare_and_others_are_quoted() {
        assert_eq!(spelt("pg_catalog", "varchar", Some("(20)"), true), "pg_catalog.varchar(20)[]");
        assert_eq!(spelt("pg_catalog", "char", None, false), "pg_catalog.\"char\"");
        assert_eq!(spelt("shop", "Ki\"nd", None, true), "\"shop\".\"Ki\"\"nd\"[]");
    }

    #[test]
    fn interval_modifiers_are_numbers() {
        assert_eq!(interval_modifier((0x7FFF << 16) | 2), "(32767,2)");
        assert_eq!(interval_modifier((4 << 16) | 0xFFFF), "(4)");
    }
}
