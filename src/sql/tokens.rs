//! The token stream of one text, and how it is spelt when it leaves.
//!
//! Two spellings come from the same tokens. The *analysis* text is what the grammar reads: quoted
//! names and strings are replaced by place-holders that carry their token number, so no quoting
//! rule of the parser can matter and every identifier of the tree leads back to its token. The
//! *forwarded* text re-spells each token so that it reads the same under any setting, keeps the
//! client's line breaks and columns, and drops comments.

use super::lexer::{Lexed, Token, TokenKind};
use crate::model::names::Name;

/// A half-open range of token numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenRange {
    pub start: usize,
    pub end: usize,
}

impl TokenRange {
    pub fn new(start: usize, end: usize) -> TokenRange {
        TokenRange { start, end }
    }

    pub fn contains(&self, token: usize) -> bool {
        self.start <= token && token < self.end
    }
}

/// What may follow the GROUP BY of a query, or stand in its place.
pub const AFTER_GROUPING: [&str; 13] = [
    "having",
    "window",
    "order",
    "limit",
    "offset",
    "fetch",
    "for",
    "union",
    "intersect",
    "except",
    "returning",
    "on",
    "into",
];

/// A text with its tokens.
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    pub text: &'a str,
    pub lexed: Lexed,
}

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str, lexed: Lexed) -> Tokens<'a> {
        Tokens { text, lexed }
    }

    pub fn count(&self) -> usize {
        self.lexed.tokens.len()
    }

    pub fn kind(&self, token: usize) -> Option<&TokenKind> {
        self.lexed.tokens.get(token).map(|t| &t.kind)
    }

    /// The folded word at a place, if a bare word stands there.
    pub fn word(&self, token: usize) -> Option<&str> {
        match self.kind(token) {
            Some(TokenKind::Word(name)) => Some(name.as_str()),
            _ => None,
        }
    }

    pub fn is_word(&self, token: usize, word: &str) -> bool {
        self.word(token) == Some(word)
    }

    pub fn is_punctuation(&self, token: usize, c: char) -> bool {
        matches!(self.kind(token), Some(TokenKind::Punctuation(p)) if *p == c)
    }

    pub fn is_operator(&self, token: usize, operator: &str) -> bool {
        matches!(self.kind(token), Some(TokenKind::Operator(o)) if o == operator)
    }

    /// The name a token stands for, bare or quoted.
    pub fn name(&self, token: usize) -> Option<&Name> {
        match self.kind(token) {
            Some(TokenKind::Word(name) | TokenKind::Quoted(name)) => Some(name),
            _ => None,
        }
    }

    /// Character position of a token in the client's text, from 1, as PostgreSQL counts.
    pub fn position(&self, token: usize) -> usize {
        let byte = self.lexed.tokens.get(token).map_or(self.text.len(), |t| t.start);
        self.text[..byte].chars().count() + 1
    }

    /// The client's text from the first to the last token of a range.
    pub fn text_of(&self, range: TokenRange) -> &'a str {
        let tokens = self.lexed.tokens.get(range.start..range.end).unwrap_or_default();
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => self.text.get(first.start..last.end).unwrap_or_default(),
            _ => "",
        }
    }

    /// The source text of a token.
    pub fn source(&self, token: usize) -> &'a str {
        self.lexed.tokens.get(token).map_or("", |t| &self.text[t.start..t.end])
    }

    /// Ranges of the statements of a text: cut at `;` outside parentheses, empty ones dropped.
    pub fn statements(&self) -> Vec<TokenRange> {
        let mut statements = Vec::new();
        let (mut start, mut depth) = (0, 0i32);
        for (i, token) in self.lexed.tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Punctuation('(') => depth += 1,
                TokenKind::Punctuation(')') => depth -= 1,
                TokenKind::Punctuation(';') if depth <= 0 => {
                    if i > start {
                        statements.push(TokenRange::new(start, i));
                    }
                    start = i + 1;
                }
                _ => {}
            }
        }
        if self.count() > start {
            statements.push(TokenRange::new(start, self.count()));
        }
        statements
    }

    /// The place after the parenthesis or bracket that closes the one at `open`.
    pub fn after_group(&self, open: usize, end: usize) -> Option<usize> {
        let mut depth = 0i32;
        for i in open..end {
            match self.kind(i)? {
                TokenKind::Punctuation('(' | '[') => depth += 1,
                TokenKind::Punctuation(')' | ']') => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(i + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The first of some words at the depth where the range starts, before a closing parenthesis.
    pub fn find_word(&self, range: TokenRange, words: &[&str]) -> Option<usize> {
        let mut depth = 0i32;
        for i in range.start..range.end {
            match self.kind(i)? {
                TokenKind::Punctuation('(' | '[') => depth += 1,
                TokenKind::Punctuation(')' | ']') => {
                    depth -= 1;
                    if depth < 0 {
                        return None;
                    }
                }
                TokenKind::Word(word) if depth == 0 && words.contains(&word.as_str()) => {
                    return Some(i);
                }
                _ => {}
            }
        }
        None
    }

    /// The conjunct of WHERE or ON that begins with a name, as far as AND does not part it.
    /// `None`: it does not begin there, or where it ends is not plain to see.
    pub fn conjunct(&self, name: TokenRange) -> Option<TokenRange> {
        const BEFORE: [&str; 3] = ["where", "on", "and"];
        const JOINS: [&str; 6] = ["join", "inner", "left", "right", "full", "cross"];
        let ends = |word: &str| {
            BEFORE.contains(&word)
                || word == "group"
                || JOINS.contains(&word)
                || AFTER_GROUPING.contains(&word)
        };
        const UNPLAIN: [&str; 3] = ["or", "case", "natural"];
        let before = name.start.checked_sub(1)?;
        if !self.word(before).is_some_and(|word| BEFORE.contains(&word)) {
            return None;
        }
        let (mut depth, mut between) = (0i32, 0);
        for i in name.end..self.count() {
            match self.kind(i)? {
                TokenKind::Punctuation('(' | '[') => depth += 1,
                TokenKind::Punctuation(')' | ']') if depth > 0 => depth -= 1,
                TokenKind::Punctuation(')' | ']' | ';') => {
                    return Some(TokenRange::new(name.start, i));
                }
                TokenKind::Word(word) if depth == 0 => match word.as_str() {
                    "between" => between += 1,
                    "and" if between > 0 => between -= 1,
                    word if UNPLAIN.contains(&word) => return None,
                    word if ends(word) => return Some(TokenRange::new(name.start, i)),
                    _ => {}
                },
                _ => {}
            }
        }
        Some(TokenRange::new(name.start, self.count()))
    }

    /// Where the parenthesised run that contains `from` ends: at its `)`, or at `end`.
    pub fn end_of_level(&self, from: usize, end: usize) -> usize {
        let mut depth = 0i32;
        for i in from..end {
            match self.kind(i) {
                Some(TokenKind::Punctuation('(' | '[')) => depth += 1,
                Some(TokenKind::Punctuation(')' | ']')) => {
                    depth -= 1;
                    if depth < 0 {
                        return i;
                    }
                }
                _ => {}
            }
        }
        end
    }

    /// The canonical spelling of one token.
    pub fn spelling(&self, token: usize) -> String {
        let Some(Token { kind, start, end }) = self.lexed.tokens.get(token) else {
            return String::new();
        };
        match kind {
            TokenKind::Quoted(name) => name.to_quoted(),
            TokenKind::Text(text) => spell_text(text),
            TokenKind::Bits(prefix, body) => format!("{prefix}'{body}'"),
            TokenKind::Word(_)
            | TokenKind::Number
            | TokenKind::Parameter(_)
            | TokenKind::Operator(_)
            | TokenKind::Punctuation(_)
            | TokenKind::Cast
            | TokenKind::ColonEquals
            | TokenKind::DotDot => self.text[*start..*end].to_owned(),
        }
    }
}

/// A string constant that reads the same whatever `standard_conforming_strings` says.
pub fn spell_text(text: &str) -> String {
    let quotes = text.replace('\'', "''");
    if text.contains('\\') {
        format!("E'{}'", quotes.replace('\\', "\\\\"))
    } else {
        format!("'{quotes}'")
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;

    fn spelt(text: &str) -> Vec<String> {
        let tokens = Tokens::new(text, lex(text).unwrap());
        (0..tokens.count()).map(|i| tokens.spelling(i)).collect()
    }

    #[test]
    fn strings_are_undone_and_respelt() {
        assert_eq!(spelt(r"'a\'"), [r"E'a\\'"]);
        assert_eq!(spelt(r"E'a\'b\x41\n'"), ["'a''bA\n'"]);
        assert_eq!(spelt("$x$it's$x$"), ["'it''s'"]);
        assert_eq!(spelt("'a'\n  'b'"), ["'ab'"]);
        assert_eq!(spelt("'a'--x\n'b' -- y\n -- 'z\n'c'"), ["'abc'"]);
        assert_eq!(spelt("'a'--x"), ["'a'"]);
        assert_eq!(spelt("'a' 'b'"), ["'a'", "'b'"]);
        assert_eq!(spelt(r"U&'\0061'"), ["'a'"]);
        assert_eq!(spelt(r#"U&"\0061b""#), [r#""ab""#]);
        assert_eq!(spelt("U&'!0061' /**/ uescape '!' x"), ["'a'", "x"]);
        assert_eq!(spelt("U&'a'\n'\\0062' b"), ["'ab'", "b"]);
        assert_eq!(spelt(r#""a""b""#), [r#""a""b""#]);
    }

    #[test]
    fn operators_follow_the_longest_match() {
        assert_eq!(spelt("a@@@b"), ["a", "@@@", "b"]);
        assert_eq!(spelt("1<-2"), ["1", "<", "-", "2"]);
        assert_eq!(spelt("a ->> 'x'"), ["a", "->>", "'x'"]);
        assert_eq!(spelt("a=-1"), ["a", "=", "-", "1"]);
        assert_eq!(spelt("a@-1"), ["a", "@-", "1"]);
        assert_eq!(spelt("a+/*x*/b"), ["a", "+", "b"]);
        assert_eq!(spelt("a<--x\nb"), ["a", "<", "b"]);
    }

    #[test]
    fn numbers_and_parameters() {
        assert_eq!(spelt("1.5e3 .5 1. $12"), ["1.5e3", ".5", "1.", "$12"]);
        for junk in [
            "1a",
            "$1a",
            "0x1F",
            "1_000",
            "'open",
            "\"open",
            "/* open",
            "$a$ x",
            "n'x'",
            "U&'x' /**/ UESCAPE '+'",
        ] {
            assert!(lex(junk).is_err(), "{junk}");
        }
    }

    #[test]
    fn comments_nest_and_statements_are_cut() {
        let text = "/* a /* b */ c */ SELECT (1;2) ; ; BEGIN";
        let tokens = Tokens::new(text, lex(text).unwrap());
        assert_eq!(tokens.lexed.comments.len(), 1);
        assert_eq!(tokens.statements().len(), 2);
    }
}
