//! `pgpurpose subject`: what is known of one person, and making it go away.
//!
//! | file | owns |
//! |---|---|
//! | `access` | `access`: who read their data, from the audit trail |
//! | `erase` | `erase`: the plan, the deletion, the receipt |
//! | `export` | `export`: everything that is held about them |
//! | `status` | `lock`, `unlock`, `cancel` |
//! | `receipt` | `verify`; receipts and their signature |
//! | `session` | what these verbs share: the login, the rules, the key |
//! | `record` | what an operator did is on record too |

mod access;
mod erase;
mod export;
mod receipt;
mod record;
mod session;
mod status;

use clap::{Args, Subcommand};

use super::exit::Exit;

#[derive(Args, Debug)]
pub struct Subject {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List who read a person's data, from the audit trail
    Access(access::Access),
    /// Delete or mask what is held of a person, with a signed receipt
    Erase(erase::Erase),
    /// Print everything that is held of a person
    Export(export::Export),
    /// Keep a person from use, because a leak was reported
    Lock(status::Change),
    /// Let a locked person be used again
    Unlock(status::Change),
    /// Cancel a person's account: from now on used for nothing but what the rules except
    Cancel(status::Change),
    /// Check the signature of a receipt
    Verify(receipt::Verify),
}

impl Subject {
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        match &self.verb {
            Verb::Access(access) => access.carry_out(),
            Verb::Erase(erase) => erase.carry_out(),
            Verb::Export(export) => export.carry_out(),
            Verb::Lock(change) => change.carry_out("lock"),
            Verb::Unlock(change) => change.carry_out("unlock"),
            Verb::Cancel(change) => change.carry_out("cancel_account"),
            Verb::Verify(verify) => verify.carry_out(),
        }
    }
}
