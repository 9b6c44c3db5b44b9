//! What a database holds of one person, and what becomes of it when the person is erased.
//!
//! Pure: rules and catalog in, SQL text out. The statements take the person's id as `$1`, so that
//! no value is ever spliced in.
//!
//! | file | owns |
//! |---|---|
//! | `holdings` | the tables with data of people, their keys to each other; obstacles |
//! | `neutral` | what stands in the place of a value |
//! | `predicate` | whose row it is, whether it stays: as SQL |
//! | `statements` | counting, erasing, looking whether anything is left, exporting |

mod holdings;
mod neutral;
mod predicate;
mod statements;

pub use holdings::{Held, Holding, Holdings, Reference};
pub use statements::{Erasing, MAX_KEYS};
