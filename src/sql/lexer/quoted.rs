//! Quoted tokens: strings in all their forms, delimited identifiers, their escapes.

use super::{LexError, Lexed, Lexer, TokenKind, starts_word};
use crate::model::names::Name;

impl Lexer<'_> {
    /// The body of a quoted run from the opening quote on, doubled quotes undone.
    fn quoted_body(&mut self, quote: u8, start: usize) -> Result<String, LexError> {
        self.at += 1;
        let mut body = String::new();
        let mut from = self.at;
        loop {
            if self.at >= self.bytes.len() {
                return self.fail(start, "unterminated quoted string");
            }
            if self.peek(0) != quote {
                self.at += 1;
                continue;
            }
            body.push_str(&self.text[from..self.at]);
            self.at += 1;
            if self.peek(0) != quote {
                return Ok(body);
            }
            from = self.at;
            self.at += 1;
        }
    }

    /// Whether the string goes on in a further quoted run after white space with a line break;
    /// a comment to the end of a line is white space on either side of the break.
    fn continues(&mut self) -> bool {
        let before = self.at;
        let mut broken = false;
        loop {
            match self.peek(0) {
                b'\n' | b'\r' => broken = true,
                b' ' | b'\t' | b'\x0c' => {}
                b'-' if self.peek(1) == b'-' => {
                    while self.at < self.bytes.len() && !matches!(self.peek(0), b'\n' | b'\r') {
                        self.at += 1;
                    }
                    continue;
                }
                b'\'' if broken => return true,
                _ => {
                    self.at = before;
                    return false;
                }
            }
            self.at += 1;
        }
    }

    pub(super) fn quoted_text(&mut self, start: usize, opened: usize) -> Result<(), LexError> {
        let mut body = self.quoted_body(b'\'', opened)?;
        while self.continues() {
            body.push_str(&self.quoted_body(b'\'', opened)?);
        }
        self.push(TokenKind::Text(body), start);
        Ok(())
    }

    pub(super) fn quoted_name(&mut self, start: usize) -> Result<(), LexError> {
        let body = self.quoted_body(b'"', start)?;
        if body.is_empty() {
            return self.fail(start, "zero-length delimited identifier");
        }
        self.push(TokenKind::Quoted(Name::quoted(&body)), start);
        Ok(())
    }

    pub(super) fn bits(&mut self, start: usize) -> Result<(), LexError> {
        let prefix = char::from(self.peek(0).to_ascii_lowercase());
        self.at += 1;
        let mut body = self.quoted_body(b'\'', start)?;
        while self.continues() {
            body.push_str(&self.quoted_body(b'\'', start)?);
        }
        let allowed =
            |c: char| if prefix == 'b' { "01".contains(c) } else { c.is_ascii_hexdigit() };
        if !body.chars().all(allowed) {
            return self.fail(start, "malformed bit string");
        }
        self.push(TokenKind::Bits(prefix, body), start);
        Ok(())
    }

    pub(super) fn escaped_text(&mut self, start: usize) -> Result<(), LexError> {
        let mut bytes = Vec::new();
        loop {
            self.at += 1;
            self.escaped_body(&mut bytes, start)?;
            if !self.continues() {
                break;
            }
        }
        match String::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => {
                self.push(TokenKind::Text(text), start);
                Ok(())
            }
            _ => self.fail(start, "invalid byte sequence in an escape string"),
        }
    }

    fn escaped_body(&mut self, out: &mut Vec<u8>, start: usize) -> Result<(), LexError> {
        loop {
            if self.at >= self.bytes.len() {
                return self.fail(start, "unterminated quoted string");
            }
            match (self.peek(0), self.peek(1)) {
                (b'\'', b'\'') => {
                    out.push(b'\'');
                    self.at += 2;
                }
                (b'\'', _) => {
                    self.at += 1;
                    return Ok(());
                }
                (b'\\', _) => {
                    self.at += 1;
                    self.escape(out, start)?;
                }
                (byte, _) => {
                    out.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>, start: usize) -> Result<(), LexError> {
        let byte = self.peek(0);
        self.at += 1;
        match byte {
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    if let digit @ b'0'..=b'7' = self.peek(0) {
                        value = value * 8 + u32::from(digit - b'0');
                        self.at += 1;
                    }
                }
                out.push((value & 0xff) as u8);
            }
            b'x' if self.peek(0).is_ascii_hexdigit() => {
                let mut value = 0;
                for _ in 0..2 {
                    if let Some(digit) = char::from(self.peek(0)).to_digit(16) {
                        value = value * 16 + digit;
                        self.at += 1;
                    }
                }
                out.push((value & 0xff) as u8);
            }
            b'u' => self.unicode_escape(4, out, start)?,
            b'U' => self.unicode_escape(8, out, start)?,
            0 => return self.fail(start, "unterminated quoted string"),
            other => out.push(other),
        }
        Ok(())
    }

    fn unicode_escape(
        &mut self,
        n: usize,
        out: &mut Vec<u8>,
        start: usize,
    ) -> Result<(), LexError> {
        match self.code_point(n).and_then(char::from_u32) {
            Some(c) => {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                Ok(())
            }
            None => self.fail(start, "invalid Unicode escape"),
        }
    }

    fn code_point(&mut self, digits: usize) -> Option<u32> {
        let hex = self.text.get(self.at..self.at + digits)?;
        self.at += digits;
        hex.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(hex, 16).ok())?
    }

    /// `U&'…'` and `U&"…"`, with or without `UESCAPE`.
    pub(super) fn unicode(&mut self, start: usize) -> Result<(), LexError> {
        self.at += 2;
        let quote = self.peek(0);
        let mut raw = self.quoted_body(quote, start)?;
        while quote == b'\'' && self.continues() {
            raw.push_str(&self.quoted_body(quote, start)?);
        }
        let escape = self.unicode_escape_character(start)?;
        let text = decoded(&raw, escape, start)?;
        if quote == b'\'' {
            self.push(TokenKind::Text(text), start);
        } else if text.is_empty() {
            return self.fail(start, "zero-length delimited identifier");
        } else {
            self.push(TokenKind::Quoted(Name::quoted(&text)), start);
        }
        Ok(())
    }

    /// The character of `UESCAPE '…'`, if that follows.
    fn unicode_escape_character(&mut self, start: usize) -> Result<u8, LexError> {
        const WORD: &[u8] = b"uescape";
        let (before, comments) = (self.at, self.out.comments.len());
        self.blank()?;
        let word = self.bytes.get(self.at..self.at + WORD.len());
        let follows = word.is_some_and(|word| word.eq_ignore_ascii_case(WORD));
        let ends = !(starts_word(self.peek(WORD.len()))
            || self.peek(WORD.len()).is_ascii_digit()
            || self.peek(WORD.len()) == b'$');
        if !(follows && ends) {
            self.at = before;
            self.out.comments.truncate(comments);
            return Ok(b'\\');
        }
        self.at += WORD.len();
        self.blank()?;
        let body =
            if self.peek(0) == b'\'' { self.quoted_body(b'\'', start)? } else { String::new() };
        match body.as_bytes() {
            [escape]
                if !escape.is_ascii_hexdigit()
                    && !escape.is_ascii_whitespace()
                    && !matches!(escape, b'+' | b'\'' | b'"')
                    && escape.is_ascii() =>
            {
                Ok(*escape)
            }
            _ => self.fail(start, "invalid Unicode escape character"),
        }
    }
}

/// The text behind Unicode escapes.
fn decoded(raw: &str, escape: u8, start: usize) -> Result<String, LexError> {
    let mut inner = Lexer { text: raw, bytes: raw.as_bytes(), at: 0, out: Lexed::default() };
    let mut bytes = Vec::new();
    while inner.at < inner.bytes.len() {
        match (inner.peek(0), inner.peek(1)) {
            (first, second) if first == escape && second == escape => {
                bytes.push(escape);
                inner.at += 2;
            }
            (first, b'+') if first == escape => {
                inner.at += 2;
                inner.unicode_escape(6, &mut bytes, start)?;
            }
            (first, _) if first == escape => {
                inner.at += 1;
                inner.unicode_escape(4, &mut bytes, start)?;
            }
            (byte, _) => {
                bytes.push(byte);
                inner.at += 1;
            }
        }
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => inner.fail(start, "invalid Unicode escape"),
    }
}
