//! A place in one statement of a script, and the small steps forward from it.

use crate::model::names::{Name, QualifiedName};
use crate::sql::tokens::{TokenRange, Tokens};

/// A place in a statement.
#[derive(Clone)]
pub struct Cursor<'a> {
    pub tokens: &'a Tokens<'a>,
    pub at: usize,
    pub end: usize,
}

/// A name as written, perhaps with a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub schema: Option<Name>,
    pub name: Name,
}

impl Written {
    /// As it stands, or in the schema in which an unqualified name is made.
    pub fn within(self, schema: &Name) -> QualifiedName {
        QualifiedName { schema: self.schema.unwrap_or_else(|| schema.clone()), name: self.name }
    }
}

impl<'a> Cursor<'a> {
    pub fn new(tokens: &'a Tokens<'a>, range: TokenRange) -> Cursor<'a> {
        Cursor { tokens, at: range.start, end: range.end }
    }

    pub fn is_done(&self) -> bool {
        self.at >= self.end
    }

    /// `line 12: …`
    pub fn error<T>(&self, message: impl std::fmt::Display) -> Result<T, String> {
        let text = self.tokens.text;
        let token = self.tokens.lexed.tokens.get(self.at.min(self.end.saturating_sub(1)));
        let start = token.map_or(text.len(), |t| t.start);
        Err(format!("line {}: {message}", line(text, start)))
    }

    pub fn word(&self) -> Option<&'a str> {
        if self.is_done() { None } else { self.tokens.word(self.at) }
    }

    pub fn word_ahead(&self, ahead: usize) -> Option<&'a str> {
        let at = self.at + ahead;
        if at >= self.end { None } else { self.tokens.word(at) }
    }

    pub fn is(&self, c: char) -> bool {
        !self.is_done() && self.tokens.is_punctuation(self.at, c)
    }

    /// Steps over these bare words if all stand here.
    pub fn eat(&mut self, words: &[&str]) -> bool {
        let here = words.iter().enumerate().all(|(i, w)| self.word_ahead(i) == Some(*w));
        if here {
            self.at += words.len();
        }
        here
    }

    pub fn eat_mark(&mut self, c: char) -> bool {
        let here = self.is(c);
        self.at += usize::from(here);
        here
    }

    pub fn require(&mut self, words: &[&str]) -> Result<(), String> {
        if self.eat(words) {
            Ok(())
        } else {
            self.error(format!("expected {}", words.join(" ").to_uppercase()))
        }
    }

    pub fn name(&mut self) -> Result<Name, String> {
        match self.tokens.name(self.at) {
            Some(name) if !self.is_done() => {
                self.at += 1;
                Ok(name.clone())
            }
            _ => self.error("expected a name"),
        }
    }

    pub fn written(&mut self) -> Result<Written, String> {
        let first = self.name()?;
        if !self.eat_mark('.') {
            return Ok(Written { schema: None, name: first });
        }
        Ok(Written { schema: Some(first), name: self.name()? })
    }

    /// The inside of the parentheses that open here, and a step behind them.
    pub fn group(&mut self) -> Result<Cursor<'a>, String> {
        if !self.is('(') {
            return self.error("expected \"(\"");
        }
        match self.tokens.after_group(self.at, self.end) {
            None => self.error("\"(\" is never closed"),
            Some(after) => {
                let inside = Cursor { tokens: self.tokens, at: self.at + 1, end: after - 1 };
                self.at = after;
                Ok(inside)
            }
        }
    }

    /// Cuts the rest at commas outside parentheses.
    pub fn parts(&self) -> Vec<Cursor<'a>> {
        let mut parts = Vec::new();
        let (mut start, mut depth) = (self.at, 0i32);
        for at in self.at..self.end {
            let mark = |c| self.tokens.is_punctuation(at, c);
            if mark('(') || mark('[') {
                depth += 1;
            } else if mark(')') || mark(']') {
                depth -= 1;
            } else if mark(',') && depth == 0 {
                parts.push(Cursor { tokens: self.tokens, at: start, end: at });
                start = at + 1;
            }
        }
        if start < self.end {
            parts.push(Cursor { tokens: self.tokens, at: start, end: self.end });
        }
        parts
    }

    /// The names of a list `(a, b DESC)`; `None` where a part is not a plain column.
    pub fn columns(&mut self) -> Result<Option<Vec<Name>>, String> {
        let mut names = Vec::new();
        for mut part in self.group()?.parts() {
            let Ok(name) = part.name() else { return Ok(None) };
            if part.is('(') || part.is('.') {
                return Ok(None);
            }
            names.push(name);
        }
        Ok(Some(names))
    }

    /// Source text from here to the end.
    pub fn text(&self) -> &'a str {
        let tokens = &self.tokens.lexed.tokens;
        let last = self.end.checked_sub(1).and_then(|i| tokens.get(i));
        match (tokens.get(self.at), last) {
            (Some(first), Some(last)) => {
                self.tokens.text.get(first.start..last.end).unwrap_or_default()
            }
            _ => "",
        }
    }
}

/// Line of a byte, from 1.
pub fn line(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
}
