//! Reads what a client sends: its sessions, their statements, the parameters of each.

use std::fs;
use std::path::Path;

use super::harness::Client;

/// One client program.
pub struct Program {
    pub name: String,
    /// It finds the shop's tables, else an empty database.
    pub finds_the_shop: bool,
    pub sessions: Vec<Vec<Statement>>,
}

pub struct Statement {
    pub text: String,
    /// Sent by the extended protocol, with these parameters.
    pub parameters: Option<Vec<Option<String>>>,
}

/// Every program of a directory.
pub fn read(directory: &Path) -> Vec<Program> {
    let entries = fs::read_dir(directory).expect("a directory");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| program(path)).collect()
}

fn program(path: &Path) -> Program {
    let text = fs::read_to_string(path).expect("a corpus file");
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    let mut lines = text.lines();
    let base = lines.by_ref().find_map(|line| line.strip_prefix("-- base: "));
    let mut program = Program { name, finds_the_shop: base == Some("shop"), sessions: Vec::new() };
    let mut statement: Vec<&str> = Vec::new();
    for line in lines {
        if line == "== session" {
            program.sessions.push(Vec::new());
            statement.clear();
        } else if let Some(parameters) = line.strip_prefix(";;") {
            let parameters = (!parameters.is_empty())
                .then(|| serde_json::from_str(parameters).expect("parameters"));
            let text = statement.join("\n");
            statement.clear();
            let session = program.sessions.last_mut().expect("a session");
            session.push(Statement { text, parameters });
        } else {
            statement.push(line);
        }
    }
    program
}

/// The statement in one line, as the lists of expectations have it.
pub fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(SHORT_CHARS).collect()
}

const SHORT_CHARS: usize = 150;

/// Ids of what the program had found: `@{class public.users}`.
const FIRST_MARK: &str = "@{";

/// A text with the ids of this database in it.
pub fn with_ids(text: &str, client: &mut Client) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some((before, marked)) = rest.split_once(FIRST_MARK) {
        let (mark, after) = marked.split_once('}').expect("a mark");
        out.push_str(before);
        out.push_str(&id(mark, client));
        rest = after;
    }
    out + rest
}

fn id(mark: &str, client: &mut Client) -> String {
    let (kind, name) = mark.split_once(' ').expect("a kind");
    let name = name.replace('\'', "''");
    let sql = match kind {
        "class" => format!("SELECT to_regclass('{name}')::oid"),
        "type" => format!("SELECT to_regtype('{name}')::oid"),
        "proc" => format!("SELECT to_regprocedure('{name}')::oid"),
        "namespace" => format!("SELECT to_regnamespace('{name}')::oid"),
        "constraint" => format!("SELECT min(oid::int) FROM pg_constraint WHERE conname = '{name}'"),
        "database" => "SELECT oid FROM pg_database WHERE datname = current_database()".to_owned(),
        other => panic!("no kind of id: {other}"),
    };
    client.value(&sql).unwrap_or_else(|| "0".to_owned())
}
