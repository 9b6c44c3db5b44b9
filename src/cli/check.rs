//! `pgpurpose check`: are the rule files valid, and do the tables and columns exist?
//!
//! Everything that is wrong is told at once, each with its line. No server is reached unless one
//! is named.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::Args;

use super::exit::Exit;
use super::grants::lacking;
use super::rules::{RulesFault, read_rules};
use super::versions::following;
use crate::catalog::Catalog;
use crate::policy::{Diagnostic, Ruleset, Severity};
use crate::snapshot::Snapshot;
use crate::sql::schema::parse_schema;
use crate::upstream::catalog::load_blocking;

#[derive(Args, Debug)]
pub struct Check {
    /// Directory of the rule files
    #[arg(long, env = "PGPURPOSE_RULES", default_value = "rules", value_name = "DIR")]
    rules: PathBuf,
    /// Hold the rules against a script of CREATE statements
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Hold the rules against the catalog of a server
    #[arg(long, conflicts_with = "schema", value_name = "URL")]
    upstream: Option<String>,
    /// One line for each finding
    #[arg(long)]
    short: bool,
    /// Warnings too make the answer "no"
    #[arg(long)]
    strict: bool,
    /// A service whose own rules are milder than the general ones makes the answer "no"
    #[arg(long)]
    deny_loosening: bool,
}

impl Check {
    /// Exit 0: valid. 1: something is wrong. 2: files or server cannot be read.
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let files = read_rules(&self.rules)?;
        let catalog = self.catalog()?;
        let found = match Ruleset::load(&files).map(|rules| following(&self.rules, rules)) {
            Err(found) | Ok(Err(RulesFault::Mistakes(found))) => found,
            Ok(Err(fault)) => return Err(fault.into()),
            Ok(Ok(ruleset)) => {
                let mut found = ruleset.warnings().to_vec();
                if let Some(catalog) = catalog {
                    let (snapshot, unfit) = Snapshot::build(Arc::new(ruleset), Arc::new(catalog));
                    found.extend(unfit);
                    if let Some(url) = &self.upstream {
                        found.extend(lacking(url, &snapshot)?);
                    }
                }
                found
            }
        };
        let color = std::io::IsTerminal::is_terminal(&std::io::stdout());
        let mut text = String::new();
        for diagnostic in &found {
            if self.short {
                text.push_str(&diagnostic.one_line());
            } else {
                text.push_str(&diagnostic.render(color));
                text.push('\n');
            }
            text.push('\n');
        }
        text.push_str(&summary(files.len(), &found));
        text.push('\n');
        // Whoever reads may have seen enough; the exit code answers all the same.
        let _ = std::io::stdout().write_all(text.as_bytes());
        let bad = |d: &Diagnostic| {
            d.is_error()
                || (self.strict && d.severity == Severity::Warning)
                || (self.deny_loosening && d.code == LOOSENING)
        };
        Ok(if found.iter().any(bad) { Exit::No } else { Exit::Yes })
    }

    /// The tables to hold the rules against; `None`: none were named.
    fn catalog(&self) -> anyhow::Result<Option<Catalog>> {
        if let Some(url) = &self.upstream {
            return Ok(Some(load_blocking(url)?));
        }
        let Some(path) = &self.schema else { return Ok(None) };
        let shown = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
        parse_schema(&text).map(Some).map_err(|mistake| anyhow!("{shown}: {mistake}"))
    }
}

/// Code of the diagnostic on a service that allows what the general rules do not; one each.
const LOOSENING: &str = "PP054";

/// `7 files: 2 errors, 1 warning, 3 notes`
fn summary(files: usize, found: &[Diagnostic]) -> String {
    let count = |severity: Severity| found.iter().filter(|d| d.severity == severity).count();
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter(|severity| count(*severity) > 0)
        .map(|severity| plural(count(severity), severity.as_str()))
        .collect();
    let told = if parts.is_empty() { "nothing to tell".to_owned() } else { parts.join(", ") };
    format!("{}: {told}", plural(files, "file"))
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_by_severity() {
        assert_eq!(summary(1, &[]), "1 file: nothing to tell");
        let found = [
            Diagnostic::error("PP001", "a"),
            Diagnostic::error("PP001", "b"),
            Diagnostic::warning("PP041", "c"),
        ];
        assert_eq!(summary(7, &found), "7 files: 2 errors, 1 warning");
    }
}
