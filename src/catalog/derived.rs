//! Labels of tables that were made from governed data, as the database keeps them.
//!
//! No rule lists such a table: what its columns hold was known when it was made, and is written
//! into `pgpurpose.derived` in the transaction that made it (`upstream/install.sql`). Relations
//! are known by their object ids: a label can never come to lie on another table of the name.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::names::QualifiedName;
use crate::model::privacy::DataCategory;
use crate::model::ruling::SubjectStep;

/// The schema of what is installed in a database.
pub const SCHEMA: &str = "pgpurpose";

/// The table that labels are kept in.
pub fn label_table() -> QualifiedName {
    QualifiedName::new(SCHEMA, "derived")
}

/// What is known of one derived table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Derived {
    /// By column number. A column that is not here came later and is not classified.
    pub columns: BTreeMap<i16, DerivedColumn>,
    /// Categories of values that decided which rows there are.
    pub tells: BTreeSet<DataCategory>,
    /// The service whose data it is; empty: of several.
    pub service: String,
    /// The column that leads to the person of a row, and how it goes on from there.
    pub subject: Option<(i16, Vec<SubjectStep>)>,
}

/// What one column of a derived table holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DerivedColumn {
    /// Empty: nothing personal.
    pub categories: BTreeSet<DataCategory>,
    /// It is a column of its source, not computed from several values or rows.
    pub is_direct: bool,
}
