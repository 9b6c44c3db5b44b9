//! Versions of the policy that have been published: `pgpurpose keep` puts a copy of the rules
//! beside them, and `pgpurpose diff` tells what changed since.
//!
//! The copies stand in `.versions/3/` of the rule directory, under the number of the policy. The
//! proxy holds the rules against the newest of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::exit::{Exit, say};
use super::rules::{RulesFault, load_alone, load_as, read_rules};
use crate::policy::{Change, Diagnostic, Ruleset};

/// Directory of kept versions, in the rule directory. Hidden: its files are no rules.
const KEPT: &str = ".versions";

/// The rules of a directory as they count after the versions kept there.
pub fn following(directory: &Path, rules: Ruleset) -> Result<Ruleset, RulesFault> {
    let Some(version) = rules.version() else { return Ok(rules) };
    let mut rules = rules;
    let numbers = kept(directory)?;
    let load = |number: u32| {
        let below = Path::new(KEPT).join(number.to_string());
        load_as(&directory.join(&below), &below)
    };
    if let Some(before) = numbers.iter().copied().filter(|number| *number < version).max() {
        let older = load(before)?;
        rules = rules.following(&older).map_err(RulesFault::Mistakes)?;
    }
    if numbers.contains(&version) {
        let published = load(version)?;
        rules = rules.still(&published).map_err(RulesFault::Mistakes)?;
    }
    Ok(rules)
}

/// Numbers of the versions kept in a rule directory.
fn kept(directory: &Path) -> Result<Vec<u32>, RulesFault> {
    let path = directory.join(KEPT);
    let fault =
        |error: std::io::Error| RulesFault::Read { path: path.clone(), reason: error.to_string() };
    if !path.try_exists().map_err(fault)? {
        return Ok(Vec::new());
    }
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(&path).map_err(fault)? {
        let name = entry.map_err(fault)?.file_name();
        numbers.extend(name.to_str().and_then(|name| name.parse::<u32>().ok()));
    }
    Ok(numbers)
}

#[derive(Args, Debug)]
pub struct Keep {
    /// Directory of the rule files
    #[arg(long, env = "PGPURPOSE_RULES", default_value = "rules", value_name = "DIR")]
    rules: PathBuf,
    /// Replace a copy that is there
    #[arg(long)]
    force: bool,
}

impl Keep {
    /// Copies the rule files to `.versions/N/`.
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let rules = load_alone(&self.rules)?;
        let Some(version) = rules.version() else {
            bail!("the rules have no `policy.version`");
        };
        let into = self.rules.join(KEPT).join(version.to_string());
        if into.try_exists()? {
            if !self.force {
                bail!("version {version} is kept already; --force replaces it");
            }
            std::fs::remove_dir_all(&into)?;
        }
        for file in read_rules(&self.rules)? {
            let below = Path::new(&file.path).strip_prefix(&self.rules)?;
            let copy = into.join(below);
            let shown = copy.display().to_string();
            std::fs::create_dir_all(copy.parent().unwrap_or(&into))
                .and_then(|()| std::fs::write(&copy, &file.text))
                .with_context(|| format!("cannot write {shown}"))?;
        }
        say(&format!("version {version} is kept in {}\n", into.display()));
        Ok(Exit::Yes)
    }
}

#[derive(Args, Debug)]
pub struct Diff {
    /// Rule directory before, or a directory that holds one called "rules"
    old: PathBuf,
    /// Rule directory after
    new: PathBuf,
    #[arg(long, value_enum, default_value_t = Output::Table)]
    output: Output,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    Table,
    Json,
    Markdown,
}

impl Diff {
    /// Exit 1: something takes rights from people. 2: rules cannot be read.
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let (old, new) = (load(&self.old)?, load(&self.new)?);
        // As it will count, people not told yet included.
        let (new, notice) = match new.version() > old.version() {
            true => match new.clone().following(&old) {
                Ok(rules) => (rules, Vec::new()),
                Err(found) => (new, found),
            },
            false => (new, Vec::new()),
        };
        let changes = new.changes_since(&old);
        say(&match self.output {
            Output::Table => table(&changes, &notice),
            Output::Json => json(&changes)?,
            Output::Markdown => markdown(&changes),
        });
        let reduced = changes.iter().any(Change::is_reduction);
        Ok(if reduced { Exit::No } else { Exit::Yes })
    }
}

fn load(directory: &Path) -> Result<Ruleset, RulesFault> {
    match load_alone(directory) {
        Err(RulesFault::Empty(_)) => load_alone(&directory.join("rules")),
        Err(RulesFault::Mistakes(_)) if directory.join("rules").is_dir() => {
            load_alone(&directory.join("rules"))
        }
        loaded => loaded,
    }
}

fn places(change: &Change) -> String {
    let shown = |place: &Option<String>| place.clone().unwrap_or_else(|| "-".to_owned());
    format!("{} → {}", shown(&change.old_place), shown(&change.new_place))
}

/// For whom a reduction counts.
fn whom(change: &Change) -> String {
    match change.since {
        Some(version) => format!("told of version {version}"),
        None if change.is_reduction() => "everybody".to_owned(),
        None => String::new(),
    }
}

fn table(changes: &[Change], notice: &[Diagnostic]) -> String {
    let mut text = String::new();
    let rows: Vec<[String; 5]> = changes
        .iter()
        .map(|change| {
            let values = format!("{} → {}", change.from, change.to);
            let effect = change.effect.as_str().to_owned();
            [effect, change.what.clone(), values, whom(change), places(change)]
        })
        .collect();
    let width = |at: usize| {
        rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..5).map(|at| width(at).unwrap_or(0)).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    if rows.is_empty() {
        text.push_str("nothing changed in meaning\n");
    }
    for diagnostic in notice {
        let _ = writeln!(text, "\n{}", diagnostic.render(false));
    }
    text
}

fn json(changes: &[Change]) -> anyhow::Result<String> {
    let rows: Vec<serde_json::Value> = changes
        .iter()
        .map(|change| {
            serde_json::json!({
                "effect": change.effect.as_str(),
                "what": change.what,
                "from": change.from,
                "to": change.to,
                "old_place": change.old_place,
                "new_place": change.new_place,
                "since": change.since,
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&rows)? + "\n")
}

fn markdown(changes: &[Change]) -> String {
    let mut text = "| effect | what | from | to | counts for | before | now |\n\
                    |---|---|---|---|---|---|---|\n"
        .to_owned();
    // A bar would end the cell.
    let cell = |text: &str| text.replace('|', "\\|");
    let place = |place: &Option<String>| place.clone().unwrap_or_default();
    for change in changes {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            change.effect.as_str(),
            cell(&change.what),
            cell(&change.from),
            cell(&change.to),
            whom(change),
            place(&change.old_place),
            place(&change.new_place),
        );
    }
    text
}
