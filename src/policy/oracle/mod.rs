//! A second decision, written naively from `rules/README.md`, compared with the real one on random
//! rules and random statements.
//!
//! | file | owns |
//! |---|---|
//! | `small` | random small rulesets, as text and as data; random uses |
//! | `naive` | the second decision |
//! | `compare` | the property |

mod compare;
mod naive;
mod small;
