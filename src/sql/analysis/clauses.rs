//! Locks, FETCH, conflicts, lists of targets, definitions of columns.

use super::super::account::is_keyword;
use super::super::lexer::TokenKind;
use super::text::Writer;

impl Writer<'_> {
    /// `FOR … [OF a, b]`, `length` words long: one lock a table.
    pub(super) fn lock(&mut self, at: usize, length: usize) -> usize {
        let strength = if self.word(at + length - 1) == "share" { "SHARE" } else { "UPDATE" };
        self.words(at, &["FOR", strength], length);
        let mut next = at + length;
        if self.word(next) != "of" || !self.is_name(next + 1) {
            return next;
        }
        self.put(next, "OF");
        self.plain(next + 1);
        next += 2;
        while self.is(next, ',') && self.is_name(next + 1) {
            self.words(next, &["FOR", strength, "OF"], 1);
            self.plain(next + 1);
            next += 2;
        }
        next
    }

    /// `FETCH FIRST [n] ROWS ONLY | WITH TIES` is a LIMIT: what it counts is read either way.
    pub(super) fn fetch(&mut self, at: usize) -> Option<usize> {
        let ends = |i: usize| match (self.word(i), self.word(i + 1), self.word(i + 2)) {
            ("row" | "rows", "only", _) => Some(i + 2),
            ("row" | "rows", "with", "ties") => Some(i + 3),
            _ => None,
        };
        if let Some(next) = ends(at + 2) {
            self.words(at, &["LIMIT", "1"], 2);
            return Some(next);
        }
        let mut last = at + 2;
        while last < self.range.end && self.step() {
            match (self.close(last), ends(last)) {
                (Some(close), _) => last = close,
                (None, Some(next)) => {
                    self.replace(last, next, Vec::new());
                    self.put(at, "LIMIT");
                    return Some(at + 2);
                }
                (None, None) => {}
            }
            last += 1;
        }
        None
    }

    /// `ON CONFLICT (elements) WHERE …`: expressions among the elements are only compared with
    /// those of an index. They are read in the WHERE, their operator classes and collations not.
    pub(super) fn conflict(&mut self, at: usize) -> Option<usize> {
        if self.selects_without_from(at) {
            self.words(at, &["LIMIT", "ALL"], 0);
        }
        let close = self.close(at + 2)?;
        let (mut columns, mut exprs) = (Vec::new(), Vec::new());
        for (from, to) in self.elements(at + 3, close) {
            let called = self.is(from + 1, '(') || self.is(from + 1, '.');
            if self.is_name(from) && !called {
                columns.push(from);
                self.claim(from + 1, to);
                continue;
            }
            let end = self.end_of_call(from)?;
            columns.push(self.first_column(from, end)?);
            exprs.push((from, end));
            self.claim(end, to);
        }
        self.words(at, &["ON", "CONFLICT"], 2);
        for (i, column) in columns.into_iter().enumerate() {
            self.put(at + 2, if i == 0 { "(" } else { "," });
            self.put(column, &format!("\"q{column}\""));
        }
        self.put(close, ")");
        if exprs.is_empty() {
            return Some(close + 1);
        }
        self.put(close, "WHERE");
        for (from, to) in exprs {
            self.put(from, "(");
            self.write(from, to);
            self.words(to, &[")", "IS", "NULL", "AND"], 0);
        }
        if self.word(close + 1) == "where" {
            return Some(close + 2);
        }
        self.put(close, "TRUE");
        Some(close + 1)
    }

    /// The place behind `name.name(…)` or `(…)`.
    fn end_of_call(&self, from: usize) -> Option<usize> {
        let mut at = from;
        while self.is_name(at) {
            at += if self.is(at + 1, '.') { 2 } else { 1 };
        }
        Some(self.close(at).filter(|_| self.is(at, '('))? + 1)
    }

    /// The first name that can only be a column.
    fn first_column(&self, from: usize, to: usize) -> Option<usize> {
        let column = |i: &usize| {
            let part = self.is(i + 1, '(') || self.is(i + 1, '.') || self.is(i - 1, '.');
            let cast = matches!(self.tokens.kind(i - 1), Some(TokenKind::Cast));
            self.is_name(*i) && !part && !cast
        };
        let keyword = |i: &usize| self.tokens.word(*i).is_some_and(is_keyword);
        let mut columns = (from..to).filter(column);
        columns.clone().find(|i| !keyword(i)).or_else(|| columns.next())
    }

    /// Whether ON follows a select list: to the grammar it would be a label.
    fn selects_without_from(&self, on: usize) -> bool {
        const WORDS: [&str; 13] = [
            "from", "where", "group", "having", "window", "order", "limit", "offset", "fetch",
            "for", "values", "into", "insert",
        ];
        let mut depth = 0i32;
        for i in (self.range.start..on).rev().take_while(|_| self.step()) {
            match self.tokens.kind(i) {
                Some(TokenKind::Punctuation(')' | ']')) => depth += 1,
                Some(TokenKind::Punctuation('(' | '[')) => depth -= 1,
                Some(TokenKind::Word(word)) if depth == 0 => match word.as_str() {
                    "select" => return true,
                    word if WORDS.contains(&word) => return false,
                    _ => {}
                },
                Some(_) | None => {}
            }
            if depth < 0 {
                return false;
            }
        }
        false
    }

    /// `INSERT INTO t (a[1], b.c)`: an element or field is written with its column.
    pub(super) fn insert_columns(&mut self, table: usize) {
        let mut at = table;
        while self.is_name(at) && self.is(at + 1, '.') {
            at += 2;
        }
        at += 1;
        if self.word(at) == "as" {
            at += 2;
        }
        let Some(close) = self.close(at).filter(|_| self.is(at, '(')) else { return };
        if matches!(self.word(at + 1), "select" | "values" | "with" | "table") {
            return;
        }
        for (from, to) in self.elements(at + 1, close) {
            self.target(from, to);
        }
    }

    /// `SET a[1] = …, (b.c, d) = …`, from behind SET.
    pub(super) fn assignments(&mut self, mut at: usize) {
        loop {
            let equals = match self.close(at).filter(|_| self.is(at, '(')) {
                Some(close) => {
                    for (from, to) in self.elements(at + 1, close) {
                        self.target(from, to);
                    }
                    close + 1
                }
                None => {
                    let end = self.end_of_target(at);
                    self.target(at, end);
                    end
                }
            };
            if !self.tokens.is_operator(equals, "=") {
                return;
            }
            match self.next_assignment(equals + 1) {
                Some(next) => at = next,
                None => return,
            }
        }
    }

    fn next_assignment(&self, from: usize) -> Option<usize> {
        let mut at = from;
        while at < self.range.end && self.step() {
            match self.close(at) {
                Some(close) => at = close,
                None if self.is(at, ',') => return Some(at + 1),
                None if self.is(at, ')') => return None,
                None => match self.word(at) {
                    "where" | "returning" => return None,
                    "from" if self.before_word(at) != "distinct" => return None,
                    _ => {}
                },
            }
            at += 1;
        }
        None
    }

    fn end_of_target(&self, from: usize) -> usize {
        let mut at = from + 1;
        loop {
            match self.close(at).filter(|_| self.is(at, '[')) {
                Some(close) => at = close + 1,
                None if self.is(at, '.') && self.is_name(at + 1) => at += 2,
                None => return at,
            }
        }
    }

    /// A column with fields and constant subscripts: they are left out. Others stay, and the
    /// grammar refuses them.
    fn target(&mut self, from: usize, to: usize) {
        if !self.is_name(from) || self.end_of_target(from) != to {
            return;
        }
        let constant = |i: usize| {
            let is_field = i > from && self.is(i - 1, '.') && self.is_name(i);
            let sign = self.tokens.is_operator(i, "-") || self.tokens.is_operator(i, "+");
            let number =
                matches!(self.tokens.kind(i), Some(TokenKind::Number | TokenKind::Parameter(_)));
            let mark =
                matches!(self.tokens.kind(i), Some(TokenKind::Punctuation('[' | ']' | ':' | '.')));
            is_field || sign || number || mark
        };
        if (from + 1..to).all(constant) {
            self.leave_out(from + 1, to);
        }
    }

    /// `f(…) AS (a int, b text)`: as if the function were its own alias; types are not read.
    pub(super) fn nameless_definition(&mut self, at: usize) -> Option<usize> {
        let close = self.close(at + 1)?;
        let name = self.called(at.checked_sub(1)?)?;
        let elements = self.elements(at + 2, close);
        let defines = |(from, to): &(usize, usize)| {
            let query = matches!(
                self.word(*from),
                "select" | "values" | "with" | "table" | "insert" | "update" | "delete" | "merge"
            );
            self.is_name(*from) && from + 1 < *to && self.is_type(from + 1, *to) && !query
        };
        if elements.is_empty() || !elements.iter().all(defines) {
            return None;
        }
        self.words(name, &["AS", &format!("\"q{name}\"")], 0);
        for (i, (from, to)) in elements.into_iter().enumerate() {
            self.put(at + 1, if i == 0 { "(" } else { "," });
            self.put(from, &format!("\"q{from}\""));
            self.claim(from + 1, to);
        }
        self.put(close, ")");
        Some(close + 1)
    }

    /// The name of the function whose call ends with the parenthesis at `close`.
    fn called(&self, close: usize) -> Option<usize> {
        let mut depth = 0i32;
        for i in (self.range.start..=close).rev().take_while(|_| self.step()) {
            match self.tokens.kind(i) {
                Some(TokenKind::Punctuation(')' | ']')) => depth += 1,
                Some(TokenKind::Punctuation('(' | '[')) => depth -= 1,
                Some(_) | None => {}
            }
            if depth == 0 {
                return i.checked_sub(1).filter(|name| self.is_name(*name) && self.is(i, '('));
            }
        }
        None
    }

    /// Whether a run can be nothing but the name of a type, its modifiers and a collation.
    pub(super) fn is_type(&self, from: usize, to: usize) -> bool {
        let mut at = from;
        while at < to {
            match (self.tokens.kind(at), self.close(at)) {
                (_, Some(close)) => {
                    let modifier = |i: usize| {
                        self.is(i, ',') || matches!(self.tokens.kind(i), Some(TokenKind::Number))
                    };
                    if !(at + 1..close).all(modifier) {
                        return false;
                    }
                    at = close;
                }
                (Some(TokenKind::Word(_) | TokenKind::Quoted(_)), None) => {}
                (Some(TokenKind::Punctuation('.')), None) => {}
                _ => return false,
            }
            at += 1;
        }
        from < to
    }
}
