//! The command line: one verb, one file.
//!
//! | file | owns |
//! |---|---|
//! | `arguments` | every verb with its flags; the way to its file |
//! | `exit` | 0 yes, 1 no, 2 cannot tell |
//! | `layers` | flags and environment → `Config` |
//! | `rules` | a rule directory → text → `Ruleset` |
//! | `keys` | a file of public keys → what tokens are checked with |
//! | `run` | the proxy |
//! | `check` | are the rules valid, and do they fit a database |
//! | `cases` | cases for rules, and running them |
//! | `grants` | part of `check`: who may not read what conditions read |
//! | `explain` | what would happen to a statement |
//! | `versions` | versions of the policy: a copy of this one, what changed since another |
//! | `token` | key pairs and purpose tokens |
//! | `install` | what is kept in the database |
//! | `consent` | the consent store |
//! | `subject` | one person: who read their data, erasing, exporting |
//! | `masks`, `ready`, `show` | the list of masks; the health probe; the configuration |

mod arguments;
pub mod cases;
mod check;
mod consent;
mod exit;
mod explain;
mod grants;
mod install;
mod keys;
mod layers;
mod masks;
mod ready;
mod rules;
mod run;
mod show;
mod subject;
mod token;
mod versions;

pub use arguments::Arguments;
pub use exit::Exit;
