//! What a function that is not built in does, as far as the catalog tells.

use std::sync::Arc;

use crate::model::names::{Name, QualifiedName};

/// What a function runs.
#[derive(Clone, Debug, Default)]
pub enum Source {
    /// Compiled, or in a language that is not followed.
    #[default]
    Unknown,
    /// Statements in SQL.
    Sql(Arc<SqlBody>),
    /// Statements in PL/pgSQL.
    Procedural(Arc<SqlBody>),
    /// An aggregate runs these functions.
    Aggregate(Vec<QualifiedName>),
}

/// The text of a function in SQL or PL/pgSQL.
#[derive(Clone, Debug, Default)]
pub struct SqlBody {
    /// Statements, as a string or as the server prints them (`BEGIN ATOMIC …`, `RETURN …`).
    pub text: String,
    /// Names of what it takes; without a name: empty.
    pub arguments: Vec<Name>,
    /// Expressions of its defaults, separated by commas.
    pub defaults: Option<String>,
    /// Settings of its own: `search_path=shop, pg_temp`.
    pub settings: Vec<String>,
}
