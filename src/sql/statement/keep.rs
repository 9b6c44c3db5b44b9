//! Statements that keep the result of a query: CREATE TABLE AS, SELECT INTO, CREATE VIEW, CREATE
//! MATERIALIZED VIEW.
//!
//! What is made, under which name, and which tokens are the query: the judge decides from these
//! whether the text of the query is kept, which is followed later, or its rows, which need labels.

use super::super::tokens::{TokenRange, Tokens};
use super::super::tree::Path;
use super::{Kind, Reader, Wrap, refused};

/// What a statement makes of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Keep {
    pub what: Kept,
    /// Its name.
    pub path: Path,
    pub temporary: bool,
    /// OR REPLACE
    pub replaces: bool,
    /// IF NOT EXISTS
    pub unless_there: bool,
    /// Rows are computed now.
    pub with_data: bool,
}

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Table,
    View,
    MaterializedView,
}

/// `INTO [TEMPORARY | UNLOGGED] [TABLE] name` of a SELECT.
pub struct IntoClause {
    pub path: Path,
    pub temporary: bool,
    /// The place after it.
    pub end: usize,
}

/// Reads an INTO clause that begins at a place. INTO of INSERT and MERGE is none.
pub fn into_clause(tokens: &Tokens<'_>, at: usize, end: usize) -> Option<IntoClause> {
    let before = at.checked_sub(1).and_then(|before| tokens.word(before));
    if !tokens.is_word(at, "into") || matches!(before, Some("insert" | "merge")) {
        return None;
    }
    let mut from = at + 1;
    let mut temporary = false;
    let names_next = |at: usize| at + 1 < end && tokens.name(at + 1).is_some();
    loop {
        match tokens.word(from) {
            Some("temp" | "temporary") if names_next(from) => temporary = true,
            Some("local" | "global" | "unlogged" | "table") if names_next(from) => {}
            _ => break,
        }
        from += 1;
    }
    let (path, end) = path(tokens, from, end)?;
    Some(IntoClause { path, temporary, end })
}

/// A dotted name and the place after it.
fn path(tokens: &Tokens<'_>, at: usize, end: usize) -> Option<(Path, usize)> {
    let mut path = vec![at];
    tokens.name(at).filter(|_| at < end)?;
    let mut next = at + 1;
    while next + 1 < end && tokens.is_punctuation(next, '.') && tokens.name(next + 1).is_some() {
        path.push(next + 1);
        next += 2;
    }
    Some((path, next))
}

impl Reader<'_> {
    /// A query, or a query whose result goes into a new table.
    pub(super) fn query(&self, tag: &'static str, inner: TokenRange) -> Kind {
        let clauses: Vec<usize> = self.clauses_of_into(inner);
        let [at] = clauses.as_slice() else {
            return match clauses.is_empty() {
                true => Kind::Data { tag, inner, wrap: Wrap::Nothing },
                false => refused(tag, "A result goes into several tables"),
            };
        };
        match into_clause(self.tokens, *at, inner.end) {
            Some(into) if tag == "SELECT" => {
                let keep = Keep {
                    what: Kept::Table,
                    path: into.path,
                    temporary: into.temporary,
                    replaces: false,
                    unless_there: false,
                    with_data: true,
                };
                Kind::Data { tag: "SELECT INTO", inner, wrap: Wrap::Keep(keep) }
            }
            _ => refused(tag, "INTO stands where no table can be made"),
        }
    }

    /// Places of INTO that belong to a SELECT.
    pub(super) fn clauses_of_into(&self, inner: TokenRange) -> Vec<usize> {
        let of_select = |at: &usize| {
            let before = at.checked_sub(1).and_then(|before| self.tokens.word(before));
            self.tokens.is_word(*at, "into") && !matches!(before, Some("insert" | "merge"))
        };
        (inner.start..inner.end).filter(of_select).collect()
    }

    /// `… AS query [WITH [NO] DATA | WITH … CHECK OPTION]`; `at`: where TABLE or VIEW stands.
    pub(super) fn keep(&self, tag: &'static str, what: Kept, at: usize) -> Kind {
        let level = TokenRange::new(at, self.range.end);
        let Some(body) = self.tokens.find_word(level, &["as"]) else {
            return refused(tag, "Its query is missing");
        };
        let mut name = if self.word(at) == "materialized" { at + 2 } else { at + 1 };
        let unless_there = self.word(name) == "if" && self.word(name + 1) == "not";
        if unless_there {
            name += 3;
        }
        let Some((path, _)) = path(self.tokens, name, body) else {
            return refused(tag, "A name is missing");
        };
        let before = || (self.range.start..at).map(|i| self.word(i));
        if before().any(|word| word == "recursive") {
            return refused(tag, "Write it as CREATE VIEW ... AS WITH RECURSIVE");
        }
        let mut end = self.range.end;
        let words = |n: usize| end.checked_sub(n).map_or("", |i| self.word(i));
        let (tail, with_data) = match (words(1), words(2), words(3)) {
            ("data", "no", "with") => (3, false),
            ("option", "check", "with") => (3, true),
            ("data", "with", _) => (2, true),
            ("option", "check", "local" | "cascaded") => (4, true),
            _ => (0, true),
        };
        end -= tail;
        let keep = Keep {
            what,
            path,
            temporary: before().any(|word| matches!(word, "temp" | "temporary")),
            replaces: before().any(|word| word == "replace"),
            unless_there,
            with_data,
        };
        match self.inner(tag, body + 1, Wrap::Keep(keep)) {
            Kind::Data { tag, inner, wrap } if inner.start < end => {
                Kind::Data { tag, inner: TokenRange::new(inner.start, end), wrap }
            }
            Kind::Data { .. } => refused(tag, "Its query is missing"),
            other => other,
        }
    }
}
