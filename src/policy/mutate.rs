//! Rules with one line dropped or loosened: what the tests of a policy must notice.
//!
//! Works on what is written, whatever it says, so that no key of the language is left out. A
//! mutant is spelt as JSON, which is YAML as well.

use super::diagnostic::SourceFile;
use super::yaml::{self, Node, Value};

/// The rule files with one entry changed.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// `rules/purposes.yaml:24:31`
    pub place: String,
    pub what: String,
    pub files: Vec<SourceFile>,
}

/// Every rule file with every entry dropped, and every word loosened, one at a time.
pub fn mutants(files: &[SourceFile]) -> Vec<Mutant> {
    let mut found = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let Ok(Some(root)) = yaml::parse(&file.text) else { continue };
        let mut edits = Vec::new();
        walk(&root, &mut Vec::new(), "", &mut edits);
        for edit in edits {
            let mut files = files.to_vec();
            let Some(changed) = files.get_mut(at) else { continue };
            let mut tree = root.clone();
            apply(&mut tree, &edit.path, edit.to.as_deref());
            changed.text = spelt(&tree).to_string();
            let place = format!("{}:{}:{}", file.path, edit.line, edit.column);
            found.push(Mutant { place, what: edit.what, files });
        }
    }
    found
}

struct Edit {
    path: Vec<usize>,
    line: usize,
    column: usize,
    what: String,
    /// `None`: the entry is dropped.
    to: Option<String>,
}

fn walk(node: &Node, path: &mut Vec<usize>, name: &str, edits: &mut Vec<Edit>) {
    let children: Vec<(String, &Node, yaml::Span)> = match &node.value {
        Value::Map(map) => map.iter().map(|(k, n)| (k.text.clone(), n, k.span)).collect(),
        Value::List(list) => list.iter().map(|n| (String::new(), n, n.span)).collect(),
        Value::Text(text) => {
            if let Some(to) = looser(text) {
                edits.push(Edit {
                    path: path.clone(),
                    line: node.span.line,
                    column: node.span.column,
                    what: format!("{name}: {text} → {to}"),
                    to: Some(to.to_owned()),
                });
            }
            return;
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::OddNumber => return,
    };
    for (at, (key, child, span)) in children.into_iter().enumerate() {
        path.push(at);
        let name = match (name.is_empty(), key.is_empty()) {
            (true, _) => key,
            (false, true) => format!("{name}[{at}]"),
            (false, false) => format!("{name}.{key}"),
        };
        let (line, column) = (span.line, span.column);
        let what = format!("without {name}");
        edits.push(Edit { path: path.clone(), line, column, what, to: None });
        walk(child, path, &name, edits);
        path.pop();
    }
}

/// A milder word in place of one.
fn looser(word: &str) -> Option<&'static str> {
    match word {
        "block" | "hide" | "aggregate" | "mask" => Some("allow"),
        "explicit" => Some("implied"),
        "implied" => Some("none"),
        "internal" => Some("plain"),
        "required" => Some("optional"),
        "hide_rows" => Some("log"),
        _ if word.starts_with("mask.") => Some("allow"),
        _ => None,
    }
}

fn apply(node: &mut Node, path: &[usize], to: Option<&str>) {
    let Some((first, rest)) = path.split_first() else {
        if let Some(to) = to {
            node.value = Value::Text(to.to_owned());
        }
        return;
    };
    if rest.is_empty() && to.is_none() {
        match &mut node.value {
            Value::Map(map) if *first < map.len() => drop(map.remove(*first)),
            Value::List(list) if *first < list.len() => drop(list.remove(*first)),
            _ => {}
        }
        return;
    }
    let child = match &mut node.value {
        Value::Map(map) => map.get_mut(*first).map(|(_, child)| child),
        Value::List(list) => list.get_mut(*first),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::OddNumber | Value::Text(_) => None,
    };
    if let Some(child) = child {
        apply(child, rest, to);
    }
}

fn spelt(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null | Value::OddNumber => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::List(list) => list.iter().map(spelt).collect::<Vec<_>>().into(),
        Value::Map(map) => {
            let entries = map.iter().map(|(key, child)| (key.text.clone(), spelt(child)));
            serde_json::Value::Object(entries.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_dropped_and_every_word_loosened_once() {
        let text = "a: { b: [x, y], c: explicit }\nd: 3\n".to_owned();
        let files = [SourceFile { path: "r.yaml".to_owned(), text }];
        let told: Vec<String> = mutants(&files)
            .into_iter()
            .map(|m| format!("{} {} {}", m.place, m.what, m.files[0].text))
            .collect();
        assert_eq!(
            told,
            [
                r#"r.yaml:1:1 without a {"d":3}"#,
                r#"r.yaml:1:6 without a.b {"a":{"c":"explicit"},"d":3}"#,
                r#"r.yaml:1:10 without a.b[0] {"a":{"b":["y"],"c":"explicit"},"d":3}"#,
                r#"r.yaml:1:13 without a.b[1] {"a":{"b":["x"],"c":"explicit"},"d":3}"#,
                r#"r.yaml:1:17 without a.c {"a":{"b":["x","y"]},"d":3}"#,
                r#"r.yaml:1:20 a.c: explicit → implied {"a":{"b":["x","y"],"c":"implied"},"d":3}"#,
                r#"r.yaml:2:1 without d {"a":{"b":["x","y"],"c":"explicit"}}"#,
            ]
        );
    }
}
