//! `pgpurpose consent`: the consent store in the application's database.
//!
//! | file | verb |
//! |---|---|
//! | `install` | `install` |
//! | `people` | `grant`, `refuse`, `withdraw`, `show`, `history` |
//! | `watched` | its part about the application's own tables |

mod install;
mod people;
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
    /// Record that a person agrees
    Grant(people::Say),
    /// Record that a person says no
    Refuse(people::Say),
    /// Record that a person takes consent back
    Withdraw(people::Say),
    /// Show what holds for a person now
    Show(people::Tell),
    /// Show everything that a person said and that was done
    History(people::Tell),
}

impl Consent {
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        match &self.verb {
            Verb::Install(install) => install.carry_out(),
            Verb::Grant(say) => say.carry_out("grant"),
            Verb::Refuse(say) => say.carry_out("refuse"),
            Verb::Withdraw(say) => say.carry_out("withdraw"),
            Verb::Show(tell) => tell.carry_out("show"),
            Verb::History(tell) => tell.carry_out("history"),
        }
    }
}
