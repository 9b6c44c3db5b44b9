//! The rule directory, read as text for the rule language to make sense of.

use std::path::{Path, PathBuf};

use super::versions;
use crate::policy::{Diagnostic, Ruleset, SourceFile};

/// Files of a rule directory.
const MAX_FILES: usize = 1_000;
/// Characters of one rule file.
const MAX_FILE_BYTES: u64 = 4 << 20;
/// Directories within directories.
const MAX_DEPTH: usize = 8;
/// The directory whose files are cases for the rules and not rules.
const TESTS: &str = "tests";

/// Why there are no rules.
#[derive(Debug, thiserror::Error)]
pub enum RulesFault {
    #[error("cannot read \"{}\": {reason}", path.display())]
    Read { path: PathBuf, reason: String },
    #[error("\"{}\" holds no rule files (*.yaml)", .0.display())]
    Empty(PathBuf),
    #[error("{}", told(.0))]
    Mistakes(Vec<Diagnostic>),
}

/// Warnings are for `check`.
fn told(diagnostics: &[Diagnostic]) -> String {
    let each: Vec<String> =
        diagnostics.iter().filter(|d| d.is_error()).map(|d| d.render(false)).collect();
    format!("the rules are not valid\n{}", each.join("\n\n"))
}

/// Reads the directory and makes rules of it, as they count after the versions kept there.
pub fn load_rules(directory: &Path) -> Result<Ruleset, RulesFault> {
    versions::following(directory, load_alone(directory)?)
}

/// Reads the directory and makes rules of it, whatever was before them. Places begin with the
/// directory's own name
/// (`rules/purposes.yaml:29`), wherever it stands: they end up in answers and audit records.
pub fn load_alone(directory: &Path) -> Result<Ruleset, RulesFault> {
    let name = directory.canonicalize().ok().and_then(|full| full.file_name().map(PathBuf::from));
    load_as(directory, name.as_deref().unwrap_or(directory))
}

/// Reads a directory whose places begin with `name`.
pub fn load_as(directory: &Path, name: &Path) -> Result<Ruleset, RulesFault> {
    let mut files = read_rules(directory)?;
    for file in &mut files {
        if let Ok(below) = Path::new(&file.path).strip_prefix(directory) {
            file.path = name.join(below).to_string_lossy().into_owned();
        }
    }
    Ruleset::load(&files).map_err(RulesFault::Mistakes)
}

/// Every `*.yaml` of the directory and those below, in the order of their paths, except hidden
/// ones and those under `tests`.
pub fn read_rules(directory: &Path) -> Result<Vec<SourceFile>, RulesFault> {
    let mut paths = Vec::new();
    collect(directory, MAX_DEPTH, &mut paths)?;
    paths.sort();
    if paths.is_empty() {
        return Err(RulesFault::Empty(directory.to_owned()));
    }
    paths.into_iter().map(|path| read(&path)).collect()
}

fn collect(directory: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<(), RulesFault> {
    let failed = |error: std::io::Error| fault(directory, &error.to_string());
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // A file mounted from a Kubernetes ConfigMap is a link through a hidden directory.
        let about = std::fs::metadata(&path).map_err(|error| fault(&path, &error.to_string()))?;
        if name.starts_with('.') || (about.is_dir() && name == TESTS) {
            continue;
        }
        if about.is_dir() {
            match depth.checked_sub(1) {
                Some(depth) => collect(&path, depth, paths)?,
                None => return Err(fault(&path, "directories are nested too deep")),
            }
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            if about.len() > MAX_FILE_BYTES || paths.len() >= MAX_FILES {
                return Err(fault(&path, "the file is too large, or there are too many"));
            }
            paths.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<SourceFile, RulesFault> {
    let text = std::fs::read_to_string(path).map_err(|error| fault(path, &error.to_string()))?;
    Ok(SourceFile { path: path.to_string_lossy().into_owned(), text })
}

fn fault(path: &Path, reason: &str) -> RulesFault {
    RulesFault::Read { path: path.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_files_are_found_in_order_and_cases_are_not_rules() {
        let directory =
            std::env::temp_dir().join(format!("pgpurpose-rules-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        assert!(matches!(read_rules(&directory), Err(RulesFault::Read { .. })));
        for below in ["services", "tests", ".hidden"] {
            std::fs::create_dir_all(directory.join(below)).unwrap();
        }
        assert!(matches!(read_rules(&directory), Err(RulesFault::Empty(_))));
        for name in
            ["b.yaml", "a.yaml", "services/c.yaml", "tests/t.yaml", ".hidden/h.yaml", "x.sql"]
        {
            std::fs::write(directory.join(name), name).unwrap();
        }
        let texts: Vec<_> = read_rules(&directory).unwrap().into_iter().map(|f| f.text).collect();
        std::fs::remove_dir_all(&directory).unwrap();
        assert_eq!(texts, ["a.yaml", "b.yaml", "services/c.yaml"]);
    }
}
