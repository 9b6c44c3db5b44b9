//! PostgreSQL's lexical rules (`scan.l`, manual 4.1), read with `standard_conforming_strings = on`.
//!
//! Our own and not the parser's, because what is forwarded is spelt from these tokens: wherever
//! another lexer reads a quote, a backslash or an operator differently, a text could mean one
//! thing to us and another to the server. What PostgreSQL reads differently from release to
//! release (junk after a number, `0x` literals) is refused.

mod quoted;

use crate::model::names::Name;

/// One token with the bytes of the client's text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    /// An identifier or keyword without quotes, folded.
    Word(Name),
    /// `"x"` or `U&"x"`, undone.
    Quoted(Name),
    /// Any character string constant, undone.
    Text(String),
    /// `B'…'` or `X'…'`, with its prefix letter.
    Bits(char, String),
    Number,
    /// `$n`
    Parameter(u16),
    Operator(String),
    /// `, ( ) [ ] ; : .`
    Punctuation(char),
    /// `::`
    Cast,
    /// `:=`
    ColonEquals,
    /// `..`
    DotDot,
}

/// A comment, with its place: it may declare a purpose, and is never forwarded.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    pub start: usize,
    pub end: usize,
}

/// A text that breaks the lexical rules, or uses one we do not follow.
#[derive(Clone, Debug, PartialEq)]
pub struct LexError {
    pub at: usize,
    pub message: &'static str,
}

/// All tokens of a text, and its comments.
#[derive(Clone, Debug, Default)]
pub struct Lexed {
    pub tokens: Vec<Token>,
    pub comments: Vec<Comment>,
}

/// Reads a whole text.
pub fn lex(text: &str) -> Result<Lexed, LexError> {
    let mut lexer = Lexer { text, bytes: text.as_bytes(), at: 0, out: Lexed::default() };
    // The server would read no further.
    if let Some(at) = text.find('\0') {
        return lexer.fail(at, "a zero byte");
    }
    while lexer.step()? {}
    Ok(lexer.out)
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    out: Lexed,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn fail<T>(&self, at: usize, message: &'static str) -> Result<T, LexError> {
        Err(LexError { at, message })
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.out.tokens.push(Token { kind, start, end: self.at });
    }

    /// Reads one token, blank or comment; false at the end.
    fn step(&mut self) -> Result<bool, LexError> {
        let start = self.at;
        let Some(&byte) = self.bytes.get(self.at) else { return Ok(false) };
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' => self.at += 1,
            b'-' if self.peek(1) == b'-' => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment()?,
            b'\'' => self.quoted_text(start, start)?,
            b'"' => self.quoted_name(start)?,
            b'$' => self.dollar(start)?,
            b'0'..=b'9' => self.number(start)?,
            b'.' if self.peek(1).is_ascii_digit() => self.number(start)?,
            b'.' if self.peek(1) == b'.' => self.fixed(start, 2, TokenKind::DotDot),
            b':' if self.peek(1) == b':' => self.fixed(start, 2, TokenKind::Cast),
            b':' if self.peek(1) == b'=' => self.fixed(start, 2, TokenKind::ColonEquals),
            b',' | b'(' | b')' | b'[' | b']' | b';' | b':' | b'.' => {
                self.fixed(start, 1, TokenKind::Punctuation(char::from(byte)))
            }
            _ if is_operator(byte) => self.operator(start),
            _ if starts_word(byte) => self.word(start)?,
            _ => return self.fail(start, "unexpected character"),
        }
        Ok(true)
    }

    /// White space and comments.
    fn blank(&mut self) -> Result<(), LexError> {
        loop {
            match (self.peek(0), self.peek(1)) {
                (b' ' | b'\t' | b'\n' | b'\r' | b'\x0c', _) => self.at += 1,
                (b'-', b'-') => self.line_comment(),
                (b'/', b'*') => self.block_comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn fixed(&mut self, start: usize, length: usize, kind: TokenKind) {
        self.at += length;
        self.push(kind, start);
    }

    fn line_comment(&mut self) {
        let start = self.at;
        while self.at < self.bytes.len() && !matches!(self.peek(0), b'\n' | b'\r') {
            self.at += 1;
        }
        self.out.comments.push(Comment { start, end: self.at });
    }

    fn block_comment(&mut self) -> Result<(), LexError> {
        let start = self.at;
        let mut depth = 0usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        break;
                    }
                }
                _ if self.at >= self.bytes.len() => {
                    return self.fail(start, "unterminated /* comment");
                }
                _ => self.at += 1,
            }
        }
        self.out.comments.push(Comment { start, end: self.at });
        Ok(())
    }

    fn word(&mut self, start: usize) -> Result<(), LexError> {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (b'e' | b'E', b'\'', _) => {
                self.at += 1;
                return self.escaped_text(start);
            }
            (b'b' | b'B' | b'x' | b'X', b'\'', _) => return self.bits(start),
            (b'n' | b'N', b'\'', _) => {
                return self.fail(start, "national character strings are not supported");
            }
            (b'u' | b'U', b'&', b'\'' | b'"') => return self.unicode(start),
            _ => {}
        }
        while starts_word(self.peek(0)) || self.peek(0).is_ascii_digit() || self.peek(0) == b'$' {
            self.at += 1;
        }
        let name = Name::unquoted(&self.text[start..self.at]);
        // Behind a Unicode string it says how that was meant, which was read already.
        if name.as_str() == "uescape" && self.follows_unicode() {
            return self.fail(start, "UESCAPE is not supported");
        }
        self.push(TokenKind::Word(name), start);
        Ok(())
    }

    fn follows_unicode(&self) -> bool {
        let bytes = self.out.tokens.last().map(|last| &self.bytes[last.start..last.end]);
        matches!(bytes, Some([b'u' | b'U', b'&', ..]))
    }

    fn dollar(&mut self, start: usize) -> Result<(), LexError> {
        if self.peek(1).is_ascii_digit() {
            self.at += 1;
            while self.peek(0).is_ascii_digit() {
                self.at += 1;
            }
            if starts_word(self.peek(0)) {
                return self.fail(start, "trailing junk after parameter");
            }
            return match self.text[start + 1..self.at].parse() {
                Ok(n) => {
                    self.push(TokenKind::Parameter(n), start);
                    Ok(())
                }
                Err(_) => self.fail(start, "parameter number too large"),
            };
        }
        let mut end = self.at + 1;
        while self.bytes.get(end).is_some_and(|b| starts_word(*b) || b.is_ascii_digit()) {
            end += 1;
        }
        if self.bytes.get(end) != Some(&b'$') {
            return self.fail(start, "unexpected character");
        }
        let tag = &self.text[start..=end];
        match self.text[end + 1..].find(tag) {
            None => self.fail(start, "unterminated dollar-quoted string"),
            Some(length) => {
                let body = self.text[end + 1..end + 1 + length].to_owned();
                self.at = end + 1 + length + tag.len();
                self.push(TokenKind::Text(body), start);
                Ok(())
            }
        }
    }

    fn number(&mut self, start: usize) -> Result<(), LexError> {
        let digits = |lexer: &mut Self| {
            while lexer.peek(0).is_ascii_digit() {
                lexer.at += 1;
            }
        };
        digits(self);
        // `1..10` is a number and two dots.
        if self.peek(0) == b'.' && self.peek(1) != b'.' {
            self.at += 1;
            digits(self);
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + sign).is_ascii_digit() {
                self.at += 1 + sign;
                digits(self);
            }
        }
        if starts_word(self.peek(0)) || self.peek(0) == b'$' {
            return self.fail(start, "trailing junk after numeric literal");
        }
        self.push(TokenKind::Number, start);
        Ok(())
    }

    fn operator(&mut self, start: usize) {
        let mut end = start;
        while self.bytes.get(end).is_some_and(|b| is_operator(*b)) {
            let two = (self.bytes[end], self.bytes.get(end + 1).copied().unwrap_or(0));
            if end > start && matches!(two, (b'-', b'-') | (b'/', b'*')) {
                break;
            }
            end += 1;
        }
        // A run that ends in + or - keeps it only if it has a character SQL operators lack.
        let special = |run: &[u8]| run.iter().any(|b| b"~!@#^&|`?%".contains(b));
        while end > start + 1
            && matches!(self.bytes[end - 1], b'+' | b'-')
            && !special(&self.bytes[start..end])
        {
            end -= 1;
        }
        self.at = end;
        let operator = self.text[start..end].to_owned();
        self.push(TokenKind::Operator(operator), start);
    }
}

fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_operator(byte: u8) -> bool {
    b"~!@#^&|`?+-*/%<>=".contains(&byte)
}
