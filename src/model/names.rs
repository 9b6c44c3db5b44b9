//! Identifiers as the server's catalog stores them, and the ids it gives to what they name.
//!
//! Folding follows PostgreSQL (manual, 4.1.1): unquoted identifiers fold ASCII letters to lower
//! case; every identifier is cut to 63 bytes at a character boundary.

use std::fmt;
use std::sync::Arc;

/// The longest identifier PostgreSQL keeps, in bytes (`NAMEDATALEN - 1`).
pub const MAX_IDENTIFIER_BYTES: usize = 63;

/// An identifier after folding and truncation: what `pg_class.relname` would hold.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Arc<str>);

impl Name {
    /// A name that is already in catalog form.
    pub fn new(text: &str) -> Name {
        Name(Arc::from(text))
    }

    /// A name written without quotes: ASCII letters fold to lower case.
    pub fn unquoted(text: &str) -> Name {
        Name(Arc::from(truncate(&text.to_ascii_lowercase())))
    }

    /// A name written in quotes, doubled quotes already undone.
    pub fn quoted(text: &str) -> Name {
        Name(Arc::from(truncate(text)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name between double quotes, inner quotes doubled: safe to splice into SQL.
    pub fn to_quoted(&self) -> String {
        format!("\"{}\"", self.0.replace('"', "\"\""))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}

fn truncate(text: &str) -> &str {
    let mut end = text.len().min(MAX_IDENTIFIER_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A name with the schema it was found in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QualifiedName {
    pub schema: Name,
    pub name: Name,
}

impl QualifiedName {
    pub fn new(schema: &str, name: &str) -> QualifiedName {
        QualifiedName { schema: Name::new(schema), name: Name::new(name) }
    }

    /// `"schema"."name"`, safe to splice into SQL.
    pub fn to_quoted(&self) -> String {
        format!("{}.{}", self.schema.to_quoted(), self.name.to_quoted())
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

/// `pg_class.oid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelationId(pub u32);

/// `pg_attribute.attnum` within a relation; negative for system columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnId {
    pub relation: RelationId,
    pub number: i16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_is_ascii_only_and_cuts_at_a_character() {
        assert_eq!(Name::unquoted("UsErÄ").as_str(), "userÄ");
        assert_eq!(Name::quoted("UsEr").as_str(), "UsEr");
        let long = "a".repeat(62) + "ä";
        assert_eq!(Name::quoted(&long).as_str().len(), 62);
    }
}
