//! Keeps the house as it is drawn in `src/lib.rs`: floors, cycles, foreign crates, sizes, headers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const MAX_LINES: usize = 400;
const MAX_FUNCTION_LINES: usize = 70;
const MAX_COLUMNS: usize = 100;
const MAX_HEADER_LINES: usize = 20;

/// Floor of each module; `audit` spreads over two: its chain is pure, its log is not.
const FLOORS: &[(&str, u8)] = &[
    ("model", 0),
    ("catalog", 1),
    ("policy", 1),
    ("sql", 1),
    ("token", 1),
    ("snapshot", 2),
    ("judge", 2),
    ("wire", 3),
    ("subject", 3),
    ("telemetry", 4),
    ("config", 4),
    ("upstream", 5),
    ("audit", 5),
    ("admin", 5),
    ("server", 5),
    ("cli", 6),
    ("main", 6),
];

/// Edges inside a floor that are allowed beyond lower floors.
const SIDEWAYS: &[(&str, &str)] = &[
    ("policy", "catalog"),
    ("sql", "catalog"),
    ("judge", "snapshot"),
    ("server", "audit"),
    ("server", "upstream"),
    ("admin", "audit"),
    ("telemetry", "config"),
];

/// Foreign crates that may be named only in some places (prefixes of paths under `src/`).
const FENCES: &[(&str, &[&str])] = &[
    ("sqlparser", &["sql/"]),
    ("serde_yaml", &["policy/yaml.rs", "policy/shape/", "config/"]),
    ("pgwire", &["wire/"]),
    ("tokio", &["upstream/", "audit/", "admin/", "server/", "cli/", "main.rs"]),
    ("tokio_postgres", &["upstream/"]),
    ("axum", &["admin/"]),
    ("jsonwebtoken", &["token/"]),
    (
        "tracing",
        &["telemetry/", "config/", "upstream/", "audit/", "admin/", "server/", "cli/", "main.rs"],
    ),
    ("metrics", &["telemetry/"]),
    ("clap", &["cli/", "main.rs"]),
    ("anyhow", &["cli/", "main.rs"]),
];

/// Words that speak of unfinished work or of nothing.
const BANNED: &[&str] =
    &[concat!("TO", "DO"), concat!("FIX", "ME"), "unimplemented!", "todo!(", "dbg!("];

struct Source {
    /// Under `src/`, with `/`.
    path: String,
    text: String,
    /// Without the tests below the code.
    code: String,
}

impl Source {
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or("");
        first.strip_suffix(".rs").unwrap_or(first)
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            let path = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let code = match text.find("\n#[cfg(test)]\nmod ") {
                Some(end) => text[..end].to_owned(),
                None => text.clone(),
            };
            Source { path, text, code }
        })
        .collect()
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// Files that hold nothing but tests.
fn is_test_file(source: &Source) -> bool {
    source.path.ends_with("/tests.rs")
        || source.path.contains("/tests/")
        || source.path.ends_with("/testing.rs")
}

/// Modules that a file names with `crate::…`, in code or braces.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => group[..group.find('}').unwrap_or(0)].split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            let name: String =
                name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.insert(name);
        }
    }
    found
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

fn report(what: &str, faults: Vec<String>) {
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}

#[test]
fn every_module_has_a_floor_and_imports_lower_ones_only() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|s| s.path != "lib.rs") {
        let module = source.module();
        let Some(own) = floor(module) else {
            faults.push(format!("{}: no floor for module {module}", source.path));
            continue;
        };
        for import in imports(&source.code) {
            let allowed = import == module
                || SIDEWAYS.contains(&(module, import.as_str()))
                || floor(&import).is_none_or(|floor| floor < own);
            if !allowed {
                faults.push(format!("{} imports {import}", source.path));
            }
        }
    }
    report("imports that go up or sideways", faults);
}

#[test]
fn top_level_modules_have_no_cycle() {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources().iter().filter(|s| s.path != "lib.rs") {
        let module = source.module().to_owned();
        let known = imports(&source.code).into_iter().filter(|m| floor(m).is_some());
        edges.entry(module.clone()).or_default().extend(known.filter(|m| *m != module));
    }
    let mut left = edges;
    loop {
        let free: Vec<String> = left
            .iter()
            .filter(|(_, to)| to.iter().all(|m| !left.contains_key(m)))
            .map(|(m, _)| m.clone())
            .collect();
        if free.is_empty() {
            break;
        }
        for module in free {
            left.remove(&module);
        }
    }
    report("modules in a cycle", left.into_keys().collect());
}

#[test]
fn foreign_crates_stay_behind_their_fences() {
    let mut faults = Vec::new();
    for source in sources() {
        for (name, places) in FENCES {
            let named = source.code.lines().any(|line| {
                let line = line.trim_start();
                !line.starts_with("//")
                    && (line.contains(&format!("{name}::")) || line == format!("use {name};"))
                    && !line.contains(&format!("_{name}::"))
                    && !line.contains(&format!("::{name}::"))
            });
            if named && !places.iter().any(|place| source.path.starts_with(place)) {
                faults.push(format!("{} names {name}", source.path));
            }
        }
    }
    report("crates where they do not belong", faults);
}

#[test]
fn the_core_is_pure_and_synchronous() {
    const IMPURE: &[&str] = &[
        "async ",
        ".await",
        "std::fs",
        "std::env",
        "std::thread",
        "std::process",
        "std::io",
        "std::net::Tcp",
        "SystemTime::now",
        "Instant::now",
        "println!",
        "eprintln!",
        "rand::",
    ];
    let mut faults = Vec::new();
    let core = sources().into_iter().filter(|s| floor(s.module()).is_some_and(|f| f <= 3));
    for source in core.filter(|s| !is_test_file(s)) {
        for line in source.code.lines().filter(|l| !l.trim_start().starts_with("//")) {
            if let Some(word) = IMPURE.iter().find(|word| line.contains(**word)) {
                faults.push(format!("{}: {word}", source.path));
            }
        }
    }
    report("the core reaches outside", faults);
}

#[test]
fn files_and_lines_keep_their_size() {
    let mut faults = Vec::new();
    for source in sources() {
        let lines = source.code.lines().count();
        if lines > MAX_LINES && !is_test_file(&source) {
            faults.push(format!("{}: {lines} lines", source.path));
        }
        for (i, line) in source.text.lines().enumerate() {
            if line.chars().count() > MAX_COLUMNS {
                faults.push(format!("{}:{}: too wide", source.path, i + 1));
            }
        }
    }
    report("too large", faults);
}

#[test]
fn functions_fit_a_screen() {
    let mut faults = Vec::new();
    for source in sources() {
        let lines: Vec<&str> = source.code.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let body = line.trim_start();
            let indent = line.len() - body.len();
            let begins = [
                "fn ",
                "pub fn ",
                "pub(super) fn ",
                "pub(crate) fn ",
                "async fn ",
                "pub async fn ",
            ]
            .iter()
            .any(|word| body.starts_with(word));
            if !begins {
                continue;
            }
            let closing = format!("{}}}", " ".repeat(indent));
            let end = lines[start..].iter().position(|l| *l == closing).unwrap_or(0);
            if end + 1 > MAX_FUNCTION_LINES {
                faults.push(format!("{}:{}: {} lines", source.path, start + 1, end + 1));
            }
        }
    }
    report("functions too long", faults);
}

#[test]
fn every_file_says_what_it_is() {
    let mut faults = Vec::new();
    for source in sources() {
        let header = source.text.lines().take_while(|line| line.starts_with("//!")).count();
        if header == 0 {
            faults.push(format!("{}: no header", source.path));
        } else if header > MAX_HEADER_LINES && source.path != "lib.rs" {
            faults.push(format!("{}: header of {header} lines", source.path));
        }
        for word in BANNED.iter().filter(|word| source.text.contains(**word)) {
            faults.push(format!("{}: {word}", source.path));
        }
    }
    report("headers and words", faults);
}

/// A file nobody declares is not compiled: it only looks as if it were there.
#[test]
fn no_file_is_dead() {
    let all = sources();
    let mut faults = Vec::new();
    for source in all.iter().filter(|s| !matches!(s.path.as_str(), "lib.rs" | "main.rs")) {
        let path = Path::new(&source.path);
        let stem = path.file_stem().unwrap().to_string_lossy().to_string();
        let (name, dir) = if stem == "mod" {
            let dir = path.parent().unwrap();
            (dir.file_name().unwrap().to_string_lossy().to_string(), dir.parent().unwrap())
        } else {
            (stem, path.parent().unwrap())
        };
        let owners = [dir.join("mod.rs"), dir.with_extension("rs"), PathBuf::from("lib.rs")];
        let declared = all.iter().any(|owner| {
            owners.contains(&PathBuf::from(&owner.path))
                && owner.text.lines().any(|line| {
                    let line = line.trim();
                    line.ends_with(&format!("mod {name};"))
                })
        });
        if !declared {
            faults.push(format!("{}: declared nowhere", source.path));
        }
    }
    report("dead files", faults);
}
