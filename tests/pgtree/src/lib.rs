//! What is forwarded and what the client sent, compared as PostgreSQL's own grammar reads them.
//!
//! The judge reads a text with its own lexer and another grammar. Here PostgreSQL's scanner and
//! grammar (`pg_query`) are the witness: a text that is forwarded has the tree of the text that
//! came in, but for the places where a restricted relation was replaced.
//!
//! | file | owns |
//! |---|---|
//! | `oracle` | text → PostgreSQL's tree or tokens |
//! | `compare` | two trees: equal but for what may be put in |
//! | `ours` | what may be put in |
//! | `blocks` | the text of a DO block |
//! | `references` | governed tables that stand bare |
//! | `targets` | what is tried on arbitrary bytes, by the fuzzer and by a test |
//! | `worlds` | rules and tables to judge under |
//! | `corpus` | statements |
//! | `mutate` | texts made from statements by playing with their lexical forms |

mod blocks;
pub mod compare;
pub mod corpus;
pub mod mutate;
pub mod oracle;
mod ours;
pub mod references;
pub mod targets;
pub mod worlds;
