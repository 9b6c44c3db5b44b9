//! `pgpurpose consent`: the consent store in the application's database.
//!
//! | file | verb |
//! |---|---|
//! | `install` | `install` |
//! | `watched` | its part about the application's own tables |

mod install;
mod watched;

use clap::{Args, Subcommand};

use super::exit::Exit;

#[derive(Args, Debug)]
pub struct Consent {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Put the consent store into a database, or bring it up to date
    Install(install::Install),
}

impl Consent {
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        match &self.verb {
            Verb::Install(install) => install.carry_out(),
        }
    }
}
