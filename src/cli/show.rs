//! `pgpurpose config`: the effective configuration, or the reference of all keys.

use clap::Args;

use super::exit::{Exit, say};
use super::layers::ConfigArguments;
use crate::config;

#[derive(Args, Debug)]
pub struct Show {
    #[command(flatten)]
    sources: ConfigArguments,
    /// List every key with its default, variable and meaning, as Markdown
    #[arg(long)]
    reference: bool,
}

impl Show {
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        match self.reference {
            true => say(&config::reference()),
            false => say(&config::show(&self.sources.load()?)),
        }
        Ok(Exit::Yes)
    }
}
