//! From text to what it does, and back to text.
//!
//! | file | owns |
//! |---|---|
//! | `lexer`, `tokens` | PostgreSQL's tokens, and how each is spelt when it leaves |
//! | `analysis` | the text the grammar reads, and the way back from its places |
//! | `parse`, `lower` | the grammar's tree → `tree`, or a refusal |
//! | `resolve`, `scope` | names → sites, reads, writes, lineage |
//! | `schema` | a script of CREATE statements → `Catalog` |
//! | `tree` | what is left of a statement: names, sites, sub-selects |

pub mod analysis;
pub mod emit;
mod guard;
pub mod lexer;
mod lower;
pub mod mask;
pub mod parse;
pub mod resolve;
pub mod rewrite;
pub mod schema;
mod scope;
pub mod tokens;
pub mod tree;

use std::sync::Arc;

/// A text that may go to the server.
#[derive(Clone, Debug)]
pub struct Rewritten {
    text: Arc<str>,
    /// `(character in our text, character in the client's text)`, both from 0, ascending: from
    /// here on the two run in step. Empty: they are in step everywhere.
    positions: Vec<(usize, usize)>,
}

impl Rewritten {
    /// The client's own text, for `observe` mode and texts without any token to re-spell.
    pub fn unchanged(text: &str) -> Rewritten {
        Rewritten { text: Arc::from(text), positions: Vec::new() }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The client's position (character, from 1) for a position the server reported.
    pub fn client_position(&self, server: usize) -> usize {
        let at = server.saturating_sub(1);
        match self.positions.iter().rev().find(|(ours, _)| *ours <= at) {
            None => server,
            Some((ours, theirs)) => theirs + (at - ours) + 1,
        }
    }
}
