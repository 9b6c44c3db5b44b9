//! `Uses` × `Access` × `BoundRuleset` → `Decision`.
//!
//! | file | owns |
//! |---|---|
//! | `statement` | `decide`: the order of the questions |
//! | `site` | the ruling for one reference to a relation |
//! | `agreements` | the consent that a purpose or an exception asks for |
//! | `aggregates` | columns that may be used only inside aggregates, and over whom |
//! | `combinations` | what is not seen together |
//! | `exceptions` | which rules of `rules:` apply, and what they add |
//! | `versions` | who has not been told of a version keeps what was before it |
//! | `evidence` | what a purpose needs to be shown, and whom it may then be about |
//! | `writes` | what may be written, and where values may flow |
//! | `prevails` | general lines that a service says otherwise |
//! | `persons` | `only_one_person` |
//! | `whose` | whose rows are touched, for the record |
//! | `texts`, `aggregate_texts` | what a refused client reads |

mod aggregate_texts;
mod aggregates;
mod agreements;
mod combinations;
mod evidence;
mod exceptions;
mod persons;
mod prevails;
mod site;
mod statement;
#[cfg(test)]
mod tests;
mod texts;
mod versions;
mod whose;
mod writes;

pub use evidence::said;
pub use whose::Whose;
