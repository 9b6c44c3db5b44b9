//! Statements that define or run code of the server.

use super::super::lexer::TokenKind;
use super::super::tokens::TokenRange;
use super::super::tree::Path;
use super::{Code, Kind, Reader, refused};

impl Reader<'_> {
    /// `CREATE [OR REPLACE] FUNCTION …`; `at`: the word that says what. `None`: no code.
    pub(super) fn create_code(&self, at: usize) -> Option<Kind> {
        let (tag, code) = match (self.word(at), self.word(at + 1)) {
            ("function", _) => ("CREATE FUNCTION", Code::Function),
            ("procedure", _) => ("CREATE PROCEDURE", Code::Other),
            ("trigger", _) | ("constraint", "trigger") => {
                let code = self.runs().map_or(Code::Other, |runs| Code::Trigger { runs });
                ("CREATE TRIGGER", code)
            }
            ("rule", _) => ("CREATE RULE", Code::Other),
            ("policy", _) => ("CREATE POLICY", Code::Other),
            ("aggregate", _) => ("CREATE AGGREGATE", Code::Other),
            ("operator", _) => ("CREATE OPERATOR", Code::Other),
            ("cast", _) => ("CREATE CAST", Code::Other),
            ("event", "trigger") => ("CREATE EVENT TRIGGER", Code::Other),
            _ => return None,
        };
        Some(Kind::Code { tag, code })
    }

    /// `ALTER FUNCTION …`. `None`: no code.
    pub(super) fn alter_code(&self, at: usize) -> Option<Kind> {
        let tag = match self.word(at) {
            "function" => "ALTER FUNCTION",
            "procedure" | "routine" => "ALTER PROCEDURE",
            "trigger" => "ALTER TRIGGER",
            "rule" => "ALTER RULE",
            "policy" => "ALTER POLICY",
            "aggregate" => "ALTER AGGREGATE",
            "operator" => "ALTER OPERATOR",
            "event" => "ALTER EVENT TRIGGER",
            _ => return None,
        };
        Some(Kind::Code { tag, code: Code::Other })
    }

    /// The function behind `EXECUTE FUNCTION | PROCEDURE`.
    fn runs(&self) -> Option<Path> {
        let execute = |at: &usize| {
            self.word(*at) == "execute" && matches!(self.word(at + 1), "function" | "procedure")
        };
        let at = (self.range.start..self.range.end).rfind(execute)?;
        self.dotted(at + 2).map(|(path, _)| path)
    }

    /// `DO [LANGUAGE name] 'code' [LANGUAGE name]`
    pub(super) fn block(&self) -> Kind {
        let (at, end) = (self.range.start + 1, self.range.end);
        let text = |at: usize| at < end && matches!(self.tokens.kind(at), Some(TokenKind::Text(_)));
        let known = |at: usize| {
            let named = match self.tokens.kind(at + 1) {
                Some(TokenKind::Text(name)) => name == "plpgsql",
                _ => self.name(at + 1).is_some_and(|name| name.as_str() == "plpgsql"),
            };
            self.word(at) == "language" && named
        };
        let code = if text(at) && (end == at + 1 || (end == at + 3 && known(at + 1))) {
            Code::Block { body: at }
        } else if end == at + 3 && known(at) && text(at + 2) {
            Code::Block { body: at + 2 }
        } else {
            Code::Other
        };
        Kind::Code { tag: "DO", code }
    }

    pub(super) fn call(&self) -> Kind {
        match self.dotted(self.range.start + 1) {
            Some((path, at))
                if self.tokens.after_group(at, self.range.end) == Some(self.range.end) =>
            {
                let args = TokenRange::new(at, self.range.end);
                Kind::Code { tag: "CALL", code: Code::Call { path, args } }
            }
            _ => refused("CALL", "Its arguments are missing"),
        }
    }

    fn dotted(&self, at: usize) -> Option<(Path, usize)> {
        self.name(at)?;
        let (mut path, mut next) = (vec![at], at + 1);
        while self.tokens.is_punctuation(next, '.') {
            self.name(next + 1)?;
            path.push(next + 1);
            next += 2;
        }
        Some((path, next))
    }
}
