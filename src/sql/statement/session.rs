//! Transactions and session variables.

use super::super::lexer::TokenKind;
use super::{Kind, Reader, harmless, plain, refused};
use crate::model::access::{SessionEffect, Setting, SettingValue};
use crate::model::names::Name;

impl Reader<'_> {
    fn chain(&self) -> bool {
        self.word(self.last()) == "chain" && self.word(self.last().saturating_sub(1)) != "no"
    }

    pub(super) fn commit(&self) -> Kind {
        if self.word(self.range.start + 1) == "prepared" {
            return plain("COMMIT PREPARED");
        }
        harmless("COMMIT", SessionEffect::Commit { chain: self.chain() })
    }

    pub(super) fn rollback(&self) -> Kind {
        let mut at = self.range.start + 1;
        if self.word(at) == "prepared" {
            return plain("ROLLBACK PREPARED");
        }
        if matches!(self.word(at), "work" | "transaction") {
            at += 1;
        }
        if self.word(at) != "to" {
            return harmless("ROLLBACK", SessionEffect::Rollback { chain: self.chain() });
        }
        at += 1;
        if self.word(at) == "savepoint" && at < self.last() {
            at += 1;
        }
        self.named("ROLLBACK", at, SessionEffect::RollbackTo)
    }

    pub(super) fn release(&self) -> Kind {
        let mut at = self.range.start + 1;
        if self.word(at) == "savepoint" && at < self.last() {
            at += 1;
        }
        self.named("RELEASE", at, SessionEffect::Release)
    }

    pub(super) fn set(&self) -> Kind {
        let mut at = self.range.start + 1;
        let local = self.word(at) == "local";
        if local || (self.word(at) == "session" && self.word(at + 1) != "authorization") {
            at += 1;
        }
        match (self.word(at), self.word(at + 1)) {
            ("transaction" | "constraints" | "characteristics", _) => plain("SET"),
            ("time", "zone") => self.setting("timezone", at + 2, local),
            ("names", _) => self.setting("client_encoding", at + 1, local),
            ("schema", _) => self.setting("search_path", at + 1, local),
            ("role", next) if !matches!(next, "to") && !self.tokens.is_operator(at + 1, "=") => {
                self.setting("role", at + 1, local)
            }
            ("session", "authorization") => self.setting("session_authorization", at + 2, local),
            ("seed" | "catalog" | "xml", _) => plain("SET"),
            _ => self.set_name(at, local),
        }
    }

    /// `name [. name …] TO | = value`
    fn set_name(&self, at: usize, local: bool) -> Kind {
        let Some((name, next)) = self.variable(at) else {
            return refused("SET", "The name of a variable is missing");
        };
        let assigns = self.word(next) == "to" || self.tokens.is_operator(next, "=");
        if !assigns {
            return refused("SET", "It does not set a variable");
        }
        self.setting(&name, next + 1, local)
    }

    pub(super) fn variable(&self, at: usize) -> Option<(String, usize)> {
        let mut name = self.name(at)?.as_str().to_ascii_lowercase();
        let mut next = at + 1;
        while next + 1 < self.range.end && self.tokens.is_punctuation(next, '.') {
            name.push('.');
            name.push_str(&self.name(next + 1)?.as_str().to_ascii_lowercase());
            next += 2;
        }
        Some((name, next))
    }

    fn setting(&self, name: &str, at: usize, local: bool) -> Kind {
        let value = if at < self.range.end && self.word(at) == "default" {
            SettingValue::Default
        } else {
            match self.value(name, at) {
                Some(text) => SettingValue::Text(text),
                None => return refused("SET", "The value of a variable is missing"),
            }
        };
        let setting = Setting { name: name.to_owned(), value, local };
        harmless("SET", SessionEffect::Set(vec![setting]))
    }

    /// A list of names stays a list of quoted names; anything else is its text.
    fn value(&self, name: &str, at: usize) -> Option<String> {
        let list = name == "search_path";
        let mut text = String::new();
        for i in at..self.range.end {
            match self.tokens.kind(i)? {
                TokenKind::Word(name) | TokenKind::Quoted(name) if list => {
                    text.push_str(&name.to_quoted());
                }
                TokenKind::Text(value) if list => text.push_str(&Name::quoted(value).to_quoted()),
                TokenKind::Word(name) | TokenKind::Quoted(name) => text.push_str(name.as_str()),
                TokenKind::Text(value) => text.push_str(value),
                TokenKind::Number | TokenKind::Operator(_) | TokenKind::Punctuation(_) => {
                    text.push_str(self.tokens.source(i));
                }
                TokenKind::Bits(_, _)
                | TokenKind::Parameter(_)
                | TokenKind::Cast
                | TokenKind::ColonEquals
                | TokenKind::DotDot => return None,
            }
        }
        (at < self.range.end).then_some(text)
    }

    pub(super) fn reset(&self) -> Kind {
        let at = self.range.start + 1;
        let name = match (self.word(at), self.word(at + 1)) {
            ("all", "") => return harmless("RESET", SessionEffect::ResetAll),
            ("time", "zone") => "timezone".to_owned(),
            ("session", "authorization") => "session_authorization".to_owned(),
            _ => match self.variable(at) {
                Some((name, _)) => name,
                None => return refused("RESET", "The name of a variable is missing"),
            },
        };
        harmless("RESET", SessionEffect::Reset(name))
    }

    pub(super) fn discard(&self) -> Kind {
        match self.word(self.range.start + 1) {
            "all" => harmless("DISCARD ALL", SessionEffect::DiscardAll),
            "temp" | "temporary" => harmless("DISCARD TEMP", SessionEffect::ChangesCatalog),
            _ => plain("DISCARD"),
        }
    }
}
