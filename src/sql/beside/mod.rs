//! Code of the database that a statement sets off without naming it.
//!
//! | file | owns |
//! |---|---|
//! | `text` | what one text of code does by itself |
//! | `deeds` | what comes of it for every table, through functions, triggers and keys |

mod deeds;
mod text;

pub use deeds::{Deed, Deeds};
pub use text::CodeReader;
