//! The text that the grammar reads, made from tokens, and the way back from its places.
//!
//! Quoted names and strings become place-holders, exotic operators become one operator the
//! grammar knows, and forms it does not know are replaced by one that provably reads the same data
//! or more. What is forwarded is never this text: only what is *read* is decided here, and each
//! rule keeps every name, call and sub-select of the original, but labels and types.
//!
//! | file | owns |
//! |---|---|
//! | `text` | the text, its places, single tokens |
//! | `rules` | the table of rules, one a form |
//! | `clauses` | locks, FETCH, conflicts, lists of targets, definitions of columns |
//! | `queries` | grouping sets, SEARCH and CYCLE, sources of MERGE, ROWS FROM |
//! | `json`, `xml` | calls with a syntax of their own |

mod clauses;
mod json;
mod queries;
mod rules;
mod text;
mod xml;

pub use rules::is_whole_table;
pub use text::{Added, Analysis};
