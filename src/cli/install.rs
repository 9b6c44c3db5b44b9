//! `pgpurpose install`: puts into a database what the proxy keeps there.
//!
//! Labels of tables that are made from personal data must outlive the proxy and be written in the
//! transaction that makes the table, so they live in the database. The SQL is
//! `src/upstream/install.sql`, to be read before it is run: `pgpurpose install --print`.

use clap::Args;

use super::exit::{Exit, say};
use crate::upstream::install::{INSTALL_SQL, install_blocking};

#[derive(Args, Debug)]
pub struct Install {
    /// The database, under a role that may create a schema in it
    #[arg(long, value_name = "URL", required_unless_present = "print")]
    upstream: Option<String>,
    /// Print the SQL and do nothing
    #[arg(long)]
    print: bool,
}

impl Install {
    /// Exit 0: it is installed now. 2: the server refused, or cannot be reached.
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        match &self.upstream {
            Some(url) if !self.print => {
                install_blocking(url)?;
                say("schema pgpurpose is installed");
            }
            _ => say(INSTALL_SQL.trim_end()),
        }
        Ok(Exit::Yes)
    }
}
