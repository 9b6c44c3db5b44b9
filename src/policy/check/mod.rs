//! Shapes → `Ruleset`, or every `Diagnostic` at once.
//!
//! | file | owns |
//! |---|---|
//! | `load` | the order of the checks; the hash |
//! | `categories` | the tree of categories; looking one up |
//! | `tables` | classes, labels, subjects of tables; services |
//! | `purposes` | layers of service, part and purpose → one word for each category |
//! | `roles` | who may claim what |
//! | `rules` | exceptions, and whether they can be kept |
//! | `versions` | marks of versions of the policy |
//! | `limits` | combinations, quotas |
//! | `lints` | what is legal but probably not meant |

mod categories;
mod limits;
mod lints;
mod load;
mod purposes;
mod roles;
mod rules;
mod tables;
#[cfg(test)]
mod tests;
mod versions;
