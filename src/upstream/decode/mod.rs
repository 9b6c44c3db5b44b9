//! The answer of the catalog query → `Catalog`.
//!
//! | file | owns |
//! |---|---|
//! | `answer` | names, relations, columns, keys, types |
//! | `code` | functions, operators, casts |

mod answer;
mod code;

pub use answer::catalog;
