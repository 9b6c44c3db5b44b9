//! Tokens and edits → the text that is forwarded.
//!
//! Each token is re-spelt, white space is kept, comments become blanks: outside our pieces the
//! server reads token for token what the client wrote, at the client's own line and column.

use std::sync::Arc;

use super::Rewritten;
use super::lexer::TokenKind;
use super::tokens::{TokenRange, Tokens};

/// A piece of text we put in: ours, or one of the client's tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    Token(usize),
}

/// A run of tokens replaced by pieces; an empty run is an insertion before its start.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub range: TokenRange,
    pub pieces: Vec<Piece>,
}

impl Edit {
    pub fn replace(range: TokenRange, text: impl Into<String>) -> Edit {
        Edit { range, pieces: vec![Piece::Text(text.into())] }
    }

    pub fn insert(at: usize, text: impl Into<String>) -> Edit {
        Edit::replace(TokenRange::new(at, at), text)
    }
}

/// Spells a text with its edits, which must not overlap.
pub fn emit(tokens: &Tokens<'_>, edits: &[Edit]) -> Rewritten {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = Emitter {
        tokens,
        text: String::with_capacity(tokens.text.len() + 64),
        chars: 0,
        positions: Vec::new(),
        separate: false,
    };
    let mut source = Source { byte: 0, chars: 0 };
    let mut at = 0;
    let mut next = sorted.into_iter().peekable();
    loop {
        out.gap(at, &mut source);
        let mut jumped = false;
        while let Some(edit) = next.next_if(|edit| edit.range.start <= at) {
            out.pieces(&edit.pieces);
            if edit.range.end > at {
                at = edit.range.end;
                jumped = true;
                break;
            }
        }
        if jumped {
            out.skip(at, &mut source);
            continue;
        }
        if at >= tokens.count() {
            break;
        }
        out.token(at, &mut source);
        at += 1;
    }
    Rewritten { text: Arc::from(out.text), positions: out.positions }
}

/// How far the client's text has been read.
struct Source {
    byte: usize,
    chars: usize,
}

struct Emitter<'a> {
    tokens: &'a Tokens<'a>,
    text: String,
    chars: usize,
    positions: Vec<(usize, usize)>,
    /// The next spelling must not run into what is there.
    separate: bool,
}

impl Emitter<'_> {
    fn push(&mut self, text: &str) {
        if std::mem::take(&mut self.separate)
            && !self.text.is_empty()
            && !self.text.ends_with([' ', '\n', '\r', '\t'])
        {
            self.text.push(' ');
            self.chars += 1;
        }
        self.text.push_str(text);
        self.chars += text.chars().count();
    }

    /// White space before a token, comments blanked out.
    fn gap(&mut self, token: usize, source: &mut Source) {
        let lexed = &self.tokens.lexed;
        let end = lexed.tokens.get(token).map_or(self.tokens.text.len(), |t| t.start);
        let gap = self.tokens.text.get(source.byte..end).unwrap_or("");
        // Two strings parted by a line break are one, once they are spelt alike.
        let is_string =
            |at| matches!(self.tokens.kind(at), Some(TokenKind::Text(_) | TokenKind::Bits(_, _)));
        let joins = token.checked_sub(1).is_some_and(is_string) && is_string(token);
        for c in gap.chars() {
            let kept = matches!(c, '\n' | '\r' | '\t') && !joins;
            self.text.push(if kept { c } else { ' ' });
            self.chars += 1;
            source.chars += 1;
        }
        source.byte = source.byte.max(end);
    }

    fn token(&mut self, token: usize, source: &mut Source) {
        let written = self.tokens.source(token);
        let spelling = self.tokens.spelling(token);
        self.separate |= spelling != written;
        self.push("");
        self.synchronize(source);
        self.push(&spelling);
        source.byte += written.len();
        source.chars += written.chars().count();
        self.separate = spelling != written;
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            self.separate = true;
            match piece {
                Piece::Text(text) => self.push(text),
                Piece::Token(token) => {
                    let spelling = self.tokens.spelling(*token);
                    self.push(&spelling);
                }
            }
        }
        self.separate = true;
    }

    /// Passes over tokens that were replaced.
    fn skip(&mut self, to: usize, source: &mut Source) {
        let lexed = &self.tokens.lexed;
        let end = to.checked_sub(1).and_then(|last| lexed.tokens.get(last)).map_or(0, |t| t.end);
        let passed = self.tokens.text.get(source.byte..end).unwrap_or("");
        source.chars += passed.chars().count();
        source.byte = source.byte.max(end);
    }

    /// Notes where the two texts fall out of step.
    fn synchronize(&mut self, source: &Source) {
        let step = self.positions.last().map_or(0, |(ours, theirs)| {
            i64::try_from(*theirs).unwrap_or(0) - i64::try_from(*ours).unwrap_or(0)
        });
        let now = i64::try_from(source.chars).unwrap_or(0) - i64::try_from(self.chars).unwrap_or(0);
        if step != now {
            self.positions.push((self.chars, source.chars));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;

    fn emitted(text: &str, edits: &[Edit]) -> Rewritten {
        emit(&Tokens::new(text, lex(text).unwrap()), edits)
    }

    #[test]
    fn layout_is_kept_and_comments_are_not() {
        let out = emitted("SELECT /* é */ a,\n b -- x\nFROM t", &[]);
        assert_eq!(out.text(), "SELECT         a,\n b     \nFROM t");
        assert_eq!(out.client_position(30), 30);
    }

    #[test]
    fn positions_lead_back() {
        let edit = Edit::replace(TokenRange::new(3, 4), "( long text )");
        let out = emitted("SELECT a FROM t WHERE b", &[edit]);
        assert_eq!(out.text(), "SELECT a FROM ( long text ) WHERE b");
        let ours = out.text().find("WHERE").unwrap() + 1;
        assert_eq!(out.client_position(ours), 17);
        assert_eq!(out.client_position(8), 8);
    }

    #[test]
    fn respelt_tokens_never_run_together() {
        assert_eq!(emitted(r"SELECT'a\'", &[]).text(), r"SELECT E'a\\'");
        assert_eq!(emitted("SELECT $$a$$AS b", &[]).text(), "SELECT 'a' AS b");
    }
}
