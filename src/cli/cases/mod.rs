//! Cases for rules: who asks what, and what must become of it (`pgpurpose test`).
//!
//! | file | owns |
//! |---|---|
//! | `case` | what a file of cases says |
//! | `world` | rules bound to tables; judging a case |
//! | `outcome` | where a judgement differs from what a case says |
//! | `run` | `pgpurpose test`: all cases; what they leave untested |
//! | `shown` | the short spelling of what is sent |

mod case;
mod outcome;
mod run;
mod shown;
mod world;

pub use case::{Case, File, Who, read};
pub use outcome::Outcome;
pub use run::Test;
pub use world::{World, on_deep_stack};
