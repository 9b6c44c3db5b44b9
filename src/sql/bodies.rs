//! Whether a function outside `pg_catalog` can be trusted: by its body, or by a rule.
//!
//! A body cannot be rewritten, so it is trusted only if it needs no rewriting: queries alone, over
//! relations open to everybody, calling what is trusted itself. Its names are read where the
//! function will read them: under its own search path, else its caller's. What it takes is put
//! under it as a row, since columns go before arguments of the same name.

use super::calls::{Trust, untrusted, untrusted_cast, untrusted_operator};
use super::lexer::lex;
use super::parse::parse;
use super::resolve::{Reader, resolve};
use super::statement::{Kind, Wrap, recognize};
use super::tokens::{TokenRange, Tokens};
use crate::catalog::system::{FunctionClass, function_class, trusted_extension_function};
use crate::catalog::{Function, Source, SqlBody};
use crate::model::access::SearchPath;
use crate::model::names::{Name, QualifiedName};
use crate::model::usage::SiteAccess;

/// Functions that call functions are followed at most so far.
const MAX_DEPTH: usize = 8;

impl Trust<'_> {
    /// Why a function cannot be trusted. `None`: it can.
    pub(super) fn doubt(&self, function: &Function) -> Option<String> {
        if trusted_extension_function(function) || (self.named)(&function.name) {
            return None;
        }
        if function.extension.is_some() {
            return Some("Its extension is not known to read only its arguments".to_owned());
        }
        match &function.source {
            Source::Unknown | Source::Procedural(_) => {
                Some("Its body is not known to read only its arguments".to_owned())
            }
            _ if self.depth >= MAX_DEPTH => {
                Some("It calls functions that call functions too deep to be followed".to_owned())
            }
            Source::Aggregate(runs) => {
                let doubted = runs.iter().find(|name| !self.trusts_name(name))?;
                Some(format!("It runs {doubted}, which is not trusted"))
            }
            Source::Sql(body) => self.doubt_body(&function.name.name, body),
        }
    }

    /// Whether every function of a qualified name can be trusted.
    pub(super) fn trusts_name(&self, name: &QualifiedName) -> bool {
        if (self.named)(name) {
            return true;
        }
        if name.schema.as_str() == "pg_catalog" {
            return function_class(self.catalog.major, name.name.as_str()) == FunctionClass::Pure;
        }
        let inner = Trust { depth: self.depth + 1, ..*self };
        let all = self.catalog.functions_named(&name.name);
        let mut own = all.iter().filter(|f| f.name.schema == name.schema).peekable();
        own.peek().is_some() && own.all(|function| inner.doubt(function).is_none())
    }

    /// Why a body in SQL cannot be trusted.
    pub fn doubt_body(&self, name: &Name, body: &SqlBody) -> Option<String> {
        let Some(path) = self.path_within(body) else {
            return Some("It changes settings while it runs".to_owned());
        };
        let statements = match statements(&body.text) {
            Some(statements) if !statements.is_empty() => statements,
            _ => return Some("Its body cannot be read".to_owned()),
        };
        let inner = Trust { path: &path, depth: self.depth + 1, ..*self };
        statements.iter().find_map(|statement| inner.doubt_query(&asked(name, body, statement)))
    }

    fn doubt_query(&self, text: &str) -> Option<String> {
        let unreadable = || Some("Its body cannot be followed".to_owned());
        let Ok(lexed) = lex(text) else { return unreadable() };
        let tokens = Tokens::new(text, lexed);
        let range = TokenRange::new(0, tokens.count());
        let Ok(tree) = parse(&tokens, range) else { return unreadable() };
        let Ok(resolution) = resolve(&tree, &tokens, self.catalog, Reader::new(self.path)) else {
            return unreadable();
        };
        let mut closed = None;
        for (site, uses) in resolution.sites.iter().zip(&resolution.uses.sites) {
            let name = self.catalog.relation(site.relation).map(|r| r.name.to_string());
            let name = name.unwrap_or_default();
            if uses.access != SiteAccess::Read {
                return Some(format!("It writes {name}"));
            }
            if !(self.open)(site.relation) {
                closed = closed.or(Some(name));
            }
        }
        if let Some(name) = &closed
            && !(self.personal)(&resolution.uses)
        {
            return Some(format!("It reads {name}, which is not open to everybody"));
        }
        let refusal = untrusted(&resolution, &tokens, self, true)
            .or_else(|| untrusted_operator(&tokens, range, self))
            .or_else(|| untrusted_cast(&tokens, range, self, closed.is_some()))?;
        Some(format!("In its body: {}", refusal.message))
    }

    /// The search path a body runs under. `None`: it has other settings of its own.
    fn path_within(&self, body: &SqlBody) -> Option<SearchPath> {
        let mut path = self.path.clone();
        for setting in &body.settings {
            path = self.parsed_path(setting.strip_prefix("search_path=")?)?;
        }
        Some(path)
    }

    /// As PostgreSQL reads it: `pg_catalog` first and the temporary schema before it, where they
    /// are not named.
    fn parsed_path(&self, value: &str) -> Option<SearchPath> {
        let temporary = self.path.0.iter().find(|name| name.as_str().starts_with("pg_temp_"));
        let mut names: Vec<Name> = Vec::new();
        let mut has_temporary = false;
        for word in value.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let quoted = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
            let name = match quoted {
                Some("") => continue,
                Some(inner) if inner.contains('"') => return None,
                Some(inner) => Name::quoted(inner),
                None => Name::unquoted(word),
            };
            match name.as_str() {
                "$user" => return None,
                "pg_temp" => {
                    has_temporary = true;
                    names.extend(temporary.cloned());
                }
                _ => names.push(name),
            }
        }
        if !names.iter().any(|name| name.as_str() == "pg_catalog") {
            names.insert(0, Name::new("pg_catalog"));
        }
        if let (false, Some(temporary)) = (has_temporary, temporary) {
            names.insert(0, temporary.clone());
        }
        Some(SearchPath(names))
    }
}

/// The queries of a body, as text. `None`: it holds something else.
fn statements(text: &str) -> Option<Vec<String>> {
    let lexed = lex(text).ok()?;
    let tokens = Tokens::new(text, lexed);
    let (mut start, mut end) = (0, tokens.count());
    if tokens.is_word(0, "begin") && tokens.is_word(1, "atomic") {
        (start, end) = (2, end.checked_sub(1)?);
    }
    let returns = tokens.is_word(0, "return");
    if returns {
        start = 1;
    }
    let mut found = Vec::new();
    for statement in tokens.statements() {
        let range = TokenRange::new(statement.start.max(start), statement.end.min(end));
        if range.start >= range.end {
            continue;
        }
        let query =
            |kind: Kind| matches!(kind, Kind::Data { tag: "SELECT", wrap: Wrap::Nothing, .. });
        if !returns && !query(recognize(&tokens, range)) {
            return None;
        }
        let first = tokens.lexed.tokens.get(range.start)?.start;
        let last = tokens.lexed.tokens.get(range.end - 1)?.end;
        let slice = tokens.text.get(first..last)?;
        found.push(if returns { format!("SELECT {slice}") } else { slice.to_owned() });
    }
    Some(found)
}

/// A query of a body over the row of what the function takes.
fn asked(name: &Name, body: &SqlBody, query: &str) -> String {
    let mut text = format!("SELECT ({query}\n)");
    if let Some(defaults) = &body.defaults {
        text.push_str(&format!(", ({defaults})"));
    }
    let named = body.arguments.iter().enumerate().filter(|(_, name)| !name.as_str().is_empty());
    let row: Vec<String> =
        named.map(|(i, argument)| format!("${} AS {}", i + 1, argument.to_quoted())).collect();
    if !row.is_empty() {
        text.push_str(&format!(" FROM (SELECT {}) AS {}", row.join(", "), name.to_quoted()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_cut_into_queries() {
        let cut = |text: &str| statements(text);
        assert_eq!(cut("SELECT 1; SELECT 2;"), Some(vec!["SELECT 1".into(), "SELECT 2".into()]));
        assert_eq!(cut("RETURN a + 1"), Some(vec!["SELECT a + 1".into()]));
        let atomic = "BEGIN ATOMIC\n SELECT 1 -- x\n;\nEND";
        assert_eq!(cut(atomic), Some(vec!["SELECT 1".into()]));
        assert_eq!(cut("SELECT 1; DELETE FROM t"), None);
        assert_eq!(cut("SELECT 1 INTO t"), None);
    }

    #[test]
    fn what_a_function_takes_is_a_row_below_it() {
        let arguments = vec![Name::new("a"), Name::new(""), Name::new("C")];
        let body = SqlBody { arguments, defaults: Some("1".into()), ..SqlBody::default() };
        assert_eq!(
            asked(&Name::new("f"), &body, "SELECT a"),
            "SELECT (SELECT a\n), (1) FROM (SELECT $1 AS \"a\", $3 AS \"C\") AS \"f\""
        );
    }
}
