//! The answer of the catalog query → `Catalog`.
//!
//! | file | owns |
//! |---|---|
//! | `answer` | names, relations, columns, keys, types |
//! | `code` | functions, operators, casts |
//! | `beside` | what writes set off: triggers, rules, defaults, checks |

mod answer;
mod beside;
mod code;

pub use answer::catalog;
