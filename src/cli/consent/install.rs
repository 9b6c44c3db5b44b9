//! `pgpurpose consent install`: puts the consent store into the application's database.
//!
//! The rules, where they are named, say by which type people are known and which roles read their
//! data; those roles get to read the two views that conditions on people read. Tables of the
//! application's own that conditions read get triggers, so that withdrawals are seen at once.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::watched::watched;
use crate::catalog::Catalog;
use crate::cli::exit::{Exit, say};
use crate::cli::rules::load_rules;
use crate::policy::Ruleset;
use crate::snapshot::Snapshot;
use crate::upstream::catalog::load_blocking;
use crate::upstream::consent::{Installation, Installed, install_blocking, script};

#[derive(Args, Debug)]
pub struct Install {
    /// The database, under a role that may create a schema (and a role) in it
    #[arg(long, value_name = "URL", required_unless_present = "print")]
    upstream: Option<String>,
    /// Type of people's keys [default: bigint, or what the rules' table of people has]
    #[arg(long, value_name = "TYPE")]
    subject_type: Option<String>,
    /// Rule files: for the type of people's keys, and for who reads
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Roles that read people's data, "PUBLIC" for all [default: those of the rules]
    #[arg(long, value_name = "ROLES", value_delimiter = ',')]
    readers: Vec<String>,
    /// Roles that may record what people say [default: a new role "pgpurpose_consent"]
    #[arg(long, value_name = "ROLES", value_delimiter = ',')]
    writers: Vec<String>,
    /// Print the SQL and do nothing
    #[arg(long)]
    print: bool,
}

impl Install {
    /// Exit 0: it is installed now. 2: the server refused, or cannot be reached.
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let ruleset = self.rules.as_deref().map(load_rules).transpose()?;
        let mut installation = Installation {
            subject_type: self.subject_type.clone(),
            readers: self.readers.clone(),
            rule_roles: Vec::new(),
            watched: Vec::new(),
            writers: self.writers.clone(),
        };
        if let (Some(ruleset), true) = (&ruleset, self.readers.is_empty()) {
            installation.rule_roles =
                ruleset.roles().map(|role| role.as_str().to_owned()).collect();
        }
        let Some(url) = self.upstream.as_deref().filter(|_| !self.print) else {
            say(&script(&installation));
            return Ok(Exit::Yes);
        };
        if let Some(ruleset) = ruleset {
            complete(&mut installation, ruleset, load_blocking(url)?);
        }
        say(&told(&install_blocking(url, &installation)?));
        Ok(Exit::Yes)
    }
}

/// What the rules say once they are held against the database.
fn complete(installation: &mut Installation, ruleset: Ruleset, catalog: Catalog) {
    if installation.subject_type.is_none() {
        installation.subject_type = key_type(&ruleset, &catalog);
    }
    let (snapshot, _) = Snapshot::build(Arc::new(ruleset), Arc::new(catalog));
    installation.watched = watched(snapshot.rules.people());
}

/// The type of people's keys in the rules' own table.
fn key_type(ruleset: &Ruleset, catalog: &Catalog) -> Option<String> {
    let (table, id) = ruleset.subject_key()?;
    Some(catalog.by_name(table)?.column(id)?.base_type.to_string())
}

fn told(installed: &Installed) -> String {
    let mut told = match installed.before {
        0 => "the consent store is installed".to_owned(),
        _ => "the consent store is up to date".to_owned(),
    };
    match installed.readers.as_slice() {
        [] => told.push_str("; nobody may read it yet: name --readers, or --rules"),
        readers => told.push_str(&format!("; its views are read by {}", readers.join(", "))),
    }
    if !installed.missing.is_empty() {
        told.push_str(&format!("; no such role: {}", installed.missing.join(", ")));
    }
    told.push('\n');
    told
}
