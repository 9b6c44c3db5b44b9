//! The grammar's tree → ours. The gate of the closed world: each variant of the grammar is either
//! understood here or refused by name, and no arm is a wildcard, so that a variant or field the
//! grammar gains is a compile error, not a hole.
//!
//! | file | owns |
//! |---|---|
//! | `query` | queries, select lists |
//! | `from` | FROM and joins |
//! | `expr`, `operator`, `call` | expressions, calls, windows |
//! | `dml` | INSERT, UPDATE, DELETE, MERGE |

mod call;
mod dml;
mod expr;
mod from;
mod operator;
mod query;

use sqlparser::ast::{self, Ident, ObjectName, ObjectNamePart};

use super::analysis::Analysis;
use super::tokens::Tokens;
use super::tree::{Path, Place, Statement};

/// Why a tree could not be taken over: in words, and where if known.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsupported {
    pub what: String,
    pub at: Option<Place>,
}

type Lowered<T> = Result<T, Unsupported>;

fn unsupported<T>(what: &str) -> Lowered<T> {
    Err(Unsupported { what: what.to_owned(), at: None })
}

/// Takes over one statement of SELECT, VALUES, INSERT, UPDATE, DELETE or MERGE.
pub fn lower(
    statement: &ast::Statement,
    analysis: &Analysis,
    tokens: &Tokens<'_>,
) -> Lowered<Statement> {
    Lowering { analysis, tokens }.statement(statement)
}

struct Lowering<'a> {
    analysis: &'a Analysis,
    tokens: &'a Tokens<'a>,
}

impl Lowering<'_> {
    fn statement(&self, statement: &ast::Statement) -> Lowered<Statement> {
        if let ast::Statement::Query(query) = statement {
            return Ok(Statement::Query(self.query(query)?));
        }
        Ok(Statement::Dml(Box::new(self.dml(statement)?)))
    }

    /// The token of an identifier. Only identifier places are trusted.
    fn place(&self, ident: &Ident) -> Lowered<Place> {
        let column = ident.span.start.column;
        match self.analysis.token_at(column) {
            Some(place) if self.tokens.name(place).is_some() => Ok(place),
            _ => unsupported("an identifier whose place is not known"),
        }
    }

    fn places<'i>(&self, idents: impl IntoIterator<Item = &'i Ident>) -> Lowered<Vec<Place>> {
        idents.into_iter().map(|ident| self.place(ident)).collect()
    }

    fn path(&self, name: &ObjectName) -> Lowered<Path> {
        name.0
            .iter()
            .map(|part| match part {
                ObjectNamePart::Identifier(ident) => self.place(ident),
                ObjectNamePart::Function(_) => unsupported("a name computed by a function"),
            })
            .collect()
    }

    /// The single identifier of a name that may not be qualified.
    fn single(&self, name: &ObjectName) -> Lowered<Place> {
        match self.path(name)?.as_slice() {
            [place] => Ok(*place),
            _ => unsupported("a qualified name where a column is expected"),
        }
    }

    fn token(&self, column: u64, what: &str) -> Lowered<Place> {
        match self.analysis.token_at(column) {
            Some(place) => Ok(place),
            None => unsupported(what),
        }
    }
}

/// Refuses a field that PostgreSQL's grammar does not have.
fn absent(present: bool, what: &str) -> Lowered<()> {
    if present { unsupported(what) } else { Ok(()) }
}
