//! What the rule files say, as written: every name still text, every value with its place.
//!
//! | file | owns |
//! |---|---|
//! | `types` | the shapes, one struct for each kind of entry |
//! | `reader` | typed access to nodes; reports unknown keys, keys given twice, wrong kinds |
//! | `files` | all files → `Written`; ids given in two places |
//! | `policy` | `policy`: version, effective date, notice |
//! | `general` | `defaults`, `categories`, `subjects` |
//! | `tables`, `erasure` | `tables`; what stays of a person |
//! | `purposes` | `purposes` and their parts |
//! | `needs` | `needs` and `only_people` of a purpose |
//! | `people` | `roles`, `rules` |
//! | `limits` | `combinations`, `quotas` |

mod erasure;
mod files;
mod general;
mod limits;
mod needs;
mod people;
mod policy;
mod purposes;
mod reader;
mod tables;
mod types;

pub use files::read_all;
pub use needs::{ListShape, Need};
pub use types::*;
