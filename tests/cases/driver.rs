//! The rules of the shop, and files of cases.

#[path = "bless.rs"]
mod bless;

use std::fs;
use std::path::{Path, PathBuf};

pub use bless::bless;
pub use pgpurpose::cli::cases::{Case, Outcome, Who, World, on_deep_stack, read};
use pgpurpose::policy::SourceFile;

/// Every file of cases below a directory.
pub fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub fn shop(root: &Path) -> World {
    let directory = root.join("rules");
    let rules = files(&directory).into_iter().filter(|p| !p.starts_with(directory.join("tests")));
    let rules = rules.map(|path| SourceFile {
        path: path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned(),
        text: fs::read_to_string(&path).expect("a rule file"),
    });
    let schema = fs::read_to_string(directory.join("schema.sql")).expect("the schema");
    World::new(rules.collect(), schema).expect("the rules of the shop")
}

/// Judges one case on a thread that has the stack for it.
pub fn judge(world: &World, who: &Who, case: &Case) -> Outcome {
    let outcome = on_deep_stack(|| world.judge(who, case)).expect("judging never panics");
    outcome.unwrap_or_else(|error| panic!("{}: {error}", case.name))
}
