//! From text to what it does, and back to text.
//!
//! | file | owns |
//! |---|---|
//! | `lexer`, `tokens` | PostgreSQL's tokens, and how each is spelt when it leaves |
//! | `statement` | which kind of statement a run of tokens is |
//! | `analysis` | the text the grammar reads, and the way back from its places |
//! | `parse`, `lower` | the grammar's tree → `tree`, or a refusal |
//! | `resolve`, `scope` | names → sites, reads, writes, lineage |
//! | `block` | the statements that a DO block puts in order |
//! | `bodies` | functions of users, trusted by what they do |
//! | `beside` | code that a statement sets off without naming it |
//! | `account`, `calls` | names without a role, functions without trust |
//! | `rewrite`, `mask`, `emit` | a decision → edits → the text that is forwarded |
//! | `guard`, `agreement` | conditions on people as SQL |
//! | `verify` | the product, judged again |
//! | `lineage`, `fragment`, `age` | views and SQL of rule files, worked out ahead |
//! | `schema` | a script of CREATE statements → `Catalog` |
//! | `tree` | what is left of a statement: names, sites, sub-selects |

pub mod account;
pub mod age;
mod agreement;
pub mod analysis;
pub mod beside;
pub mod block;
mod bodies;
pub mod calls;
pub mod emit;
pub mod fragment;
mod guard;
pub mod lexer;
pub mod lineage;
mod lower;
pub mod mask;
pub mod parse;
pub mod resolve;
pub mod rewrite;
pub mod schema;
pub mod scope;
pub mod statement;
pub mod tokens;
pub mod tree;
pub mod verify;

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
