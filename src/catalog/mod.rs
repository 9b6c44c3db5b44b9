//! An immutable picture of the names in one database.
//!
//! | file | owns |
//! |---|---|
//! | `relations` | `Catalog`, `Relation`, `Column`, `Function`; look-up by name and path |
//! | `source` | what a function that is not built in does |
//! | `beside` | code that a write sets off without naming it |
//! | `types` | the spelling of a type that means the same under every search path |
//! | `derived` | labels of tables made from governed data |
//! | `store` | the functions of the consent store |
//! | `system` | what is built in: which relations and functions of the server are open |
//! | `settings` | which settings a client may not change |
//! | `display` | relations of the server that are shown with less than they hold |

mod beside;
pub mod derived;
pub mod display;
mod relations;
pub mod settings;
mod source;
pub mod store;
pub mod system;
mod types;

pub use beside::{Cascade, RewriteRule, TableCode, Trigger, WriteKind};
pub use derived::{Derived, DerivedColumn};
pub use relations::{
    Catalog, Column, ForeignKey, Function, Relation, RelationKind, TypeKind, UserCast,
    UserOperator, UserType, Volatility,
};
pub use source::{Source, SqlBody};
pub use types::{INTERVAL_FULL_RANGE, TypeName, built_in_type_category, interval_modifier};
