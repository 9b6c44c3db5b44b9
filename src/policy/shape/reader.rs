//! Typed access to the nodes of one file; what does not fit is reported and left out.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::types::{At, TablePattern};
use crate::model::names::{Name, QualifiedName};
use crate::policy::diagnostic::{Diagnostic, Place, SourceFile};
use crate::policy::yaml::{Key, Node, Span, Value};

/// One file being read, and what was found wrong in it.
pub struct Reader<'d> {
    file: Arc<SourceFile>,
    found: &'d mut Vec<Diagnostic>,
}

/// The entries of a mapping whose keys are fixed words.
pub struct Fields<'n>(BTreeMap<&'n str, &'n Node>);

impl<'n> Fields<'n> {
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.0.get(key).copied()
    }
}

impl<'d> Reader<'d> {
    pub fn new(file: Arc<SourceFile>, found: &'d mut Vec<Diagnostic>) -> Reader<'d> {
        Reader { file, found }
    }

    pub fn place(&self, span: Span) -> Place {
        let start = span.start.min(self.file.text.len());
        let rest = self.file.text.get(start..).unwrap_or("");
        // The parser's length of a block scalar or a collection may end anywhere.
        let len = rest.get(..span.len).map_or(0, |text| text.trim_end().len());
        let first_line = rest.lines().next().map_or(0, str::len);
        Place {
            file: Arc::clone(&self.file),
            line: span.line,
            column: span.column,
            bytes: start..start + len.clamp(1.min(first_line), first_line),
        }
    }

    pub fn at<T>(&self, value: T, span: Span) -> At<T> {
        At { value, place: self.place(span) }
    }

    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    pub fn wrong_kind(&mut self, node: &Node, owner: &str, wanted: &str) {
        let place = self.place(node.span);
        let message = format!("{owner} must be {wanted}, not {}", node.value.kind());
        self.report(Diagnostic::error("PP004", message).at(&place));
    }

    pub fn missing(&mut self, span: Span, owner: &str, key: &str) {
        let place = self.place(span);
        let message = format!("{owner} has no `{key}`");
        self.report(Diagnostic::error("PP007", message).at(&place).label("needed here"));
    }

    /// The entries of a mapping, each key once; a key given twice is reported.
    pub fn entries<'n>(&mut self, node: &'n Node, owner: &str) -> Vec<(&'n Key, &'n Node)> {
        let Value::Map(map) = &node.value else {
            if !matches!(node.value, Value::Null) {
                self.wrong_kind(node, owner, "a mapping");
            }
            return Vec::new();
        };
        let mut seen: BTreeMap<&str, &Key> = BTreeMap::new();
        let mut entries = Vec::new();
        for (key, value) in map {
            match seen.insert(key.text.as_str(), key) {
                None => entries.push((key, value)),
                Some(first) => {
                    let (here, there) = (self.place(key.span), self.place(first.span));
                    let message = format!("`{}` is given twice in {owner}", key.text);
                    self.report(
                        Diagnostic::error("PP002", message)
                            .at(&here)
                            .label(format!("first given at {there}")),
                    );
                }
            }
        }
        entries
    }

    /// A mapping whose keys are the words in `known`; others are reported.
    pub fn fields<'n>(&mut self, node: &'n Node, owner: &str, known: &[&str]) -> Fields<'n> {
        let mut fields = BTreeMap::new();
        for (key, value) in self.entries(node, owner) {
            if known.contains(&key.text.as_str()) {
                fields.insert(key.text.as_str(), value);
            } else {
                self.unknown_key(key, owner, known);
            }
        }
        Fields(fields)
    }

    pub fn unknown_key(&mut self, key: &Key, owner: &str, known: &[&str]) {
        let place = self.place(key.span);
        let diagnostic = match NOT_YET.iter().find(|(word, _)| *word == key.text) {
            Some((word, what)) => {
                Diagnostic::error("PP060", format!("`{word}` ({what}) is not enforced yet"))
                    .help("take it out; a rule that does nothing must not look as if it did")
            }
            None => Diagnostic::error("PP003", format!("unknown key `{}` in {owner}", key.text))
                .note(format!("known here: {}", known.join(", ")))
                .suggest(&key.text, known.iter().copied()),
        };
        self.report(diagnostic.at(&place));
    }

    pub fn text(&mut self, node: &Node, owner: &str) -> Option<At<String>> {
        match &node.value {
            Value::Text(text) => Some(self.at(text.clone(), node.span)),
            Value::Number(number) => Some(self.at(number.to_string(), node.span)),
            _ => {
                self.wrong_kind(node, owner, "text");
                None
            }
        }
    }

    pub fn name(&mut self, node: &Node, owner: &str) -> Option<At<Name>> {
        self.text(node, owner).map(|t| At { value: Name::new(&t.value), place: t.place })
    }

    pub fn boolean(&mut self, node: &Node, owner: &str) -> Option<bool> {
        match node.value {
            Value::Bool(value) => Some(value),
            _ => {
                self.wrong_kind(node, owner, "true or false");
                None
            }
        }
    }

    pub fn number(&mut self, node: &Node, owner: &str) -> Option<u64> {
        match node.value {
            Value::Number(value) => Some(value),
            _ => {
                self.wrong_kind(node, owner, "a whole number, 0 or more");
                None
            }
        }
    }

    pub fn small_number(&mut self, node: &Node, owner: &str) -> Option<u32> {
        let number = self.number(node, owner)?;
        let small = u32::try_from(number).ok();
        if small.is_none() {
            self.wrong_kind(node, owner, "a number below 4294967296");
        }
        small
    }

    /// A version of the policy.
    pub fn version(&mut self, node: &Node, owner: &str) -> Option<At<u32>> {
        let number = self.small_number(node, owner)?;
        Some(self.at(number, node.span))
    }

    /// A list; a single value counts as a list of one.
    pub fn list<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        match &node.value {
            Value::List(items) => items,
            Value::Null => &[],
            _ => std::slice::from_ref(node),
        }
    }

    pub fn texts(&mut self, node: &Node, owner: &str) -> Vec<At<String>> {
        self.list(node).iter().filter_map(|item| self.text(item, owner)).collect()
    }

    /// One word out of a closed set.
    pub fn word<T: Copy>(
        &mut self,
        node: &Node,
        owner: &str,
        words: &[(&str, T)],
    ) -> Option<At<T>> {
        let text = self.text(node, owner)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(At { value: *value, place: text.place });
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("{owner} cannot be `{}`", text.value);
        self.report(
            Diagnostic::error("PP005", message)
                .at(&text.place)
                .note(format!("one of: {}", known.join(", ")))
                .suggest(&text.value, known.iter().copied()),
        );
        None
    }

    /// `schema.table`
    pub fn table(&mut self, node: &Node, owner: &str) -> Option<At<QualifiedName>> {
        let text = self.text(node, owner)?;
        self.qualified(text)
    }

    pub fn qualified(&mut self, text: At<String>) -> Option<At<QualifiedName>> {
        match split_table(&text.value) {
            Some((schema, table)) => {
                Some(At { value: QualifiedName::new(&schema, &table), place: text.place })
            }
            None => {
                self.not_a_table(&text);
                None
            }
        }
    }

    pub fn pattern(&mut self, text: At<String>) -> Option<At<TablePattern>> {
        match split_table(&text.value) {
            Some((schema, table)) => {
                Some(At { value: TablePattern { schema, table }, place: text.place })
            }
            None => {
                self.not_a_table(&text);
                None
            }
        }
    }

    /// `schema.function`, or `schema.*`; what it takes is not said.
    pub fn function(&mut self, text: At<String>) -> Option<At<TablePattern>> {
        if let Some((schema, table)) = split_table(&text.value) {
            return Some(At { value: TablePattern { schema, table }, place: text.place });
        }
        self.report(
            Diagnostic::error("PP009", format!("`{}` is not the name of a function", text.value))
                .at(&text.place)
                .label("write `schema.function`, without its arguments"),
        );
        None
    }

    fn not_a_table(&mut self, text: &At<String>) {
        self.report(
            Diagnostic::error("PP009", format!("`{}` is not the name of a table", text.value))
                .at(&text.place)
                .label("write `schema.table`")
                .help("a name with a dot in it goes into double quotes: '\"my.schema\".\"t\"'"),
        );
    }
}

/// Words that other versions of the language may know and this one cannot enforce.
const NOT_YET: &[(&str, &str)] = &[
    ("verify_only", "credentials usable only in a comparison"),
    ("category", "a category or a choice by category"),
    ("recipient", "choices by recipient"),
    ("until", "choices that expire"),
    ("retention", "how long data is kept"),
    ("bind", "rows of the session's own person"),
];

/// Splits `schema.table`; either part may stand in double quotes.
fn split_table(text: &str) -> Option<(String, String)> {
    let (schema, rest) = identifier(text)?;
    let (table, rest) = identifier(rest.strip_prefix('.')?)?;
    rest.is_empty().then_some((schema, table))
}

fn identifier(text: &str) -> Option<(String, &str)> {
    if let Some(mut rest) = text.strip_prefix('"') {
        let mut name = String::new();
        loop {
            let (part, after) = rest.split_once('"')?;
            name.push_str(part);
            match after.strip_prefix('"') {
                Some(more) => {
                    name.push('"');
                    rest = more;
                }
                None => return (!name.is_empty()).then_some((name, after)),
            }
        }
    }
    let end = text.find(['.', '"', ' ']).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].to_owned(), &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tables() {
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(split_table("shop.users"), pair("shop", "users"));
        assert_eq!(split_table("partner.*"), pair("partner", "*"));
        assert_eq!(split_table("\"my.schema\".\"a\"\"b\""), pair("my.schema", "a\"b"));
        for wrong in ["users", "a.b.c", ".users", "shop.", "\"a.b", "shop .users"] {
            assert_eq!(split_table(wrong), None, "{wrong}");
        }
    }
}
