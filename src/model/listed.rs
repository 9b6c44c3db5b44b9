//! Lists of people: whom a purpose may be about.

use std::collections::BTreeMap;

use super::names::{Name, QualifiedName};
use super::ruling::Fragment;

/// A row of a table that must be there for a person: who is a party of a case, has accepted an
/// agreement, has an order under way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    pub table: QualifiedName,
    /// Column with the person's id.
    pub subject: Name,
    /// Columns and what they must hold, as texts that fit their types.
    pub holds: BTreeMap<Name, String>,
    /// Boolean SQL over the row.
    pub filter: Option<Fragment>,
}
