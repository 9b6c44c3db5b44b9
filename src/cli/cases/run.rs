//! `pgpurpose test`: runs the cases of a rule directory, and tells what they leave untested.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};

use super::case::{File, read};
use super::world::{World, on_deep_stack};
use crate::cli::exit::{Exit, say};
use crate::cli::rules::read_rules;
use crate::policy::mutants;

#[derive(Args, Debug)]
pub struct Test {
    /// Directory of the cases [default: tests in the rule directory]
    cases: Option<PathBuf>,
    /// Directory of the rule files
    #[arg(long, env = "PGPURPOSE_RULES", default_value = "rules", value_name = "DIR")]
    rules: PathBuf,
    /// Tables as a script of CREATE statements [default: schema.sql in the rule directory]
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// List the lines and the purpose × category cells that no case touches
    #[arg(long)]
    coverage: bool,
    /// Drop or loosen every line of the rules: some case must fail. List those that none notices
    #[arg(long)]
    mutate: bool,
    #[arg(long, value_enum, default_value_t = Output::Table)]
    output: Output,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    Table,
    Json,
    Junit,
}

/// A case that was run.
struct Ran {
    file: String,
    name: String,
    wrong: Vec<String>,
    /// Says something about rows or people that is seen on a server only.
    skipped: bool,
}

type Suite = Vec<(String, File)>;

impl Test {
    /// Exit 0: all pass. 1: one does not, or a mutant survives. 2: files cannot be read.
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let schema = self.schema.clone().unwrap_or_else(|| self.rules.join("schema.sql"));
        let text = std::fs::read_to_string(&schema)
            .with_context(|| format!("cannot read {}", schema.display()))?;
        let world = World::new(read_rules(&self.rules)?, text).map_err(|told| anyhow!(told))?;
        let directory = self.cases.clone().unwrap_or_else(|| self.rules.join("tests"));
        let suite = suite(&directory)?;
        let (ran, touched) = on_deep_stack(|| run(&world, &suite))?;
        let failed = ran.iter().any(|case| !case.wrong.is_empty());
        let mut text = match self.output {
            Output::Table => table(&ran),
            Output::Json => json(&ran)?,
            Output::Junit => junit(&ran),
        };
        if self.coverage {
            text.push_str(&untouched(&world, &touched));
        }
        let mut survived = false;
        if self.mutate && !failed {
            let (told, any) = on_deep_stack(|| mutate(&world, &suite))?;
            text.push_str(&told);
            survived = any;
        }
        say(&text);
        Ok(if failed || survived { Exit::No } else { Exit::Yes })
    }
}

/// Every `*.test.yaml` of a directory.
fn suite(directory: &Path) -> anyhow::Result<Suite> {
    let shown = directory.display();
    let entries = std::fs::read_dir(directory).with_context(|| format!("cannot read {shown}"))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.yaml") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() || paths.len() > MAX_FILES {
        bail!("{shown} holds {} files of cases (*.test.yaml)", paths.len());
    }
    let read = |path: PathBuf| {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
        let file = read(&text).map_err(|error| anyhow!("{name}: {error}"))?;
        Ok((name, file))
    };
    paths.into_iter().map(read).collect()
}

/// Lines that had a say in some case, and cells.
#[derive(Default)]
struct Touched {
    lines: BTreeSet<String>,
    cells: BTreeSet<(String, String)>,
}

fn run(world: &World, suite: &Suite) -> (Vec<Ran>, Touched) {
    let (mut ran, mut touched) = (Vec::new(), Touched::default());
    for (name, file) in suite {
        let own = file.world(world);
        for case in &file.tests {
            let world = match &own {
                Ok(own) => own.as_ref().unwrap_or(world),
                Err(_) => world,
            };
            let wrong = match (&own, world.judge(&file.who, case)) {
                (Err(error), _) => vec![error.clone()],
                (Ok(_), Err(error)) => vec![error],
                (Ok(_), Ok(outcome)) => {
                    touch(world, &outcome, &mut touched);
                    outcome.differences(case)
                }
            };
            let (file, skipped) = (name.clone(), case.needs_server() > 0);
            ran.push(Ran { file, name: case.name.clone(), wrong, skipped });
        }
    }
    (ran, touched)
}

fn touch(world: &World, outcome: &super::Outcome, touched: &mut Touched) {
    for record in outcome.judgement.statements.iter().filter_map(|s| s.record.as_ref()) {
        touched.lines.extend(record.rules.iter().cloned());
        let decided = record.refusal.as_ref().and_then(|refusal| refusal.rule.clone());
        touched.lines.extend(decided);
        let Some(purpose) = world.snapshot().ruleset.purpose_of(&record.purpose) else { continue };
        let categories = record.categories.keys();
        touched.cells.extend(categories.map(|category| (purpose.clone(), category.clone())));
    }
}

fn untouched(world: &World, touched: &Touched) -> String {
    let ruleset = &world.snapshot().ruleset;
    let (lines, cells) = (ruleset.lines(), ruleset.cells());
    let missed: Vec<&String> = lines.difference(&touched.lines).collect();
    let mut text = format!(
        "\nlines that had a say in some case: {} of {}\n",
        lines.len() - missed.len(),
        lines.len()
    );
    for line in missed {
        let _ = writeln!(text, "  not: {line}");
    }
    let missed: Vec<&(String, String)> = cells.difference(&touched.cells).collect();
    let _ = writeln!(
        text,
        "purpose × category cells asked for in some case: {} of {}",
        cells.len() - missed.len(),
        cells.len()
    );
    let mut by_purpose: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (purpose, category) in missed {
        by_purpose.entry(purpose).or_default().push(category);
    }
    for (purpose, categories) in by_purpose {
        let _ = writeln!(text, "  not: {purpose} × {}", categories.join(", "));
    }
    text
}

/// What no case notices, and whether there is any.
fn mutate(world: &World, suite: &Suite) -> (String, bool) {
    let (mut invalid, mut killed, mut idle) = (0, 0, 0);
    let mut survivors = String::new();
    for mutant in mutants(world.rules()) {
        let Ok(changed) = world.under(mutant.files) else {
            invalid += 1;
            continue;
        };
        let (before, now) = (&world.snapshot().ruleset, &changed.snapshot().ruleset);
        if notices(&changed, suite) {
            killed += 1;
        } else if now.changes_since(before).is_empty() {
            idle += 1;
        } else {
            let _ = writeln!(survivors, "  {}: {}", mutant.place, mutant.what);
        }
    }
    let mut text = format!(
        "\nrules with one line dropped or loosened: {invalid} not valid, {killed} noticed, \
         {idle} of the same meaning, {} not noticed\n",
        survivors.lines().count()
    );
    text.push_str(&survivors);
    (text, !survivors.is_empty())
}

fn notices(world: &World, suite: &Suite) -> bool {
    // A file with rules of its own says nothing about these.
    let own = |file: &File| !file.brings_rules();
    suite.iter().filter(|(_, file)| own(file)).any(|(_, file)| {
        file.tests.iter().any(|case| {
            let outcome = world.judge(&file.who, case);
            outcome.is_ok_and(|outcome| !outcome.differences(case).is_empty())
        })
    })
}

fn table(ran: &[Ran]) -> String {
    let mut text = String::new();
    for case in ran.iter().filter(|case| !case.wrong.is_empty()) {
        let _ = writeln!(text, "failed: {}: {}", case.file, case.name);
        for wrong in &case.wrong {
            let _ = writeln!(text, "    {wrong}");
        }
    }
    let failed = ran.iter().filter(|case| !case.wrong.is_empty()).count();
    let skipped = ran.iter().filter(|case| case.skipped).count();
    let _ = writeln!(text, "{} cases: {} passed, {failed} failed", ran.len(), ran.len() - failed);
    if skipped > 0 {
        let _ = writeln!(text, "{skipped} say what rows or people remain: that is not looked at");
    }
    text
}

fn json(ran: &[Ran]) -> anyhow::Result<String> {
    let case = |case: &Ran| {
        serde_json::json!({
            "file": case.file,
            "name": case.name,
            "passed": case.wrong.is_empty(),
            "wrong": case.wrong,
            "rows_skipped": case.skipped,
        })
    };
    let cases: Vec<serde_json::Value> = ran.iter().map(case).collect();
    Ok(serde_json::to_string_pretty(&cases)? + "\n")
}

fn junit(ran: &[Ran]) -> String {
    let escape = |text: &str| {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        text.replace('>', "&gt;").replace('"', "&quot;")
    };
    let failed = ran.iter().filter(|case| !case.wrong.is_empty()).count();
    let mut text =
        format!("<testsuite name=\"rules\" tests=\"{}\" failures=\"{failed}\">\n", ran.len());
    for case in ran {
        let (file, name) = (escape(&case.file), escape(&case.name));
        let _ = write!(text, "  <testcase classname=\"{file}\" name=\"{name}\"");
        if case.wrong.is_empty() {
            text.push_str("/>\n");
        } else {
            let wrong = escape(&case.wrong.join("\n"));
            let _ = writeln!(text, "><failure>{wrong}</failure></testcase>");
        }
    }
    text + "</testsuite>\n"
}

/// Files of cases in a directory.
const MAX_FILES: usize = 1_000;
