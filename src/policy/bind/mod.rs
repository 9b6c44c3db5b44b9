//! `Ruleset` × `Catalog` × view lineage → `BoundRuleset`: names are ids of one database now.
//!
//! | file | owns |
//! |---|---|
//! | `bound` | `BoundRuleset` and what it says about a relation |
//! | `relations` | the class and labels of every table |
//! | `derived` | tables made from governed data, by the labels kept in the database |
//! | `follows` | generated columns, and keys to a personal column |
//! | `views` | what views inherit from the tables they read |
//! | `seen` | where it is kept what people have been told |
//! | `subjects` | from a row to its person; where facts about people are kept |
//! | `choices` | where choices of people are kept |
//! | `erasure` | what stays of a person who is erased |
//! | `lists` | tables that list the people a purpose may be about |
//! | `fit` | which mask fits which type |

mod bound;
mod choices;
mod derived;
mod erasure;
mod fit;
mod follows;
mod lists;
mod relations;
mod rename;
mod seen;
mod subjects;
#[cfg(test)]
mod tests;
mod views;

pub use bound::{BindInput, BoundColumn, BoundRelation, BoundRuleset};
pub use erasure::Stay;
pub use fit::fits;
