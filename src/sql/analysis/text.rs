//! The text, its places, and what is written for single tokens.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::super::account::is_keyword;
use super::super::lexer::TokenKind;
use super::super::tokens::{TokenRange, Tokens};

/// The analysis text of one statement.
#[derive(Debug, Default)]
pub struct Analysis {
    pub text: String,
    /// Names that a rule has given their role: labels and types of forms it has replaced.
    pub claimed: Vec<usize>,
    /// More was looked at ahead than a statement may ask for: the text is not to be believed.
    pub exhausted: bool,
    /// Columns that SEARCH and CYCLE add to the expression whose `)` is the key.
    pub added: BTreeMap<usize, Vec<Added>>,
    /// `(column, token)`: the column (characters, from 1) where the spelling of a token begins.
    places: Vec<(u64, usize)>,
    columns: u64,
}

/// A column that SEARCH or CYCLE adds, and the columns it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    pub name: usize,
    pub of: Vec<usize>,
}

impl Analysis {
    /// Writes the analysis text of a range of tokens.
    pub fn of(tokens: &Tokens<'_>, range: TokenRange) -> Analysis {
        Analysis::behind("", tokens, range)
    }

    /// The same behind a word of ours.
    pub fn behind(word: &str, tokens: &Tokens<'_>, range: TokenRange) -> Analysis {
        let mut writer = Writer::new(tokens, range);
        if !word.is_empty() {
            writer.put(range.start, word);
        }
        writer.write(range.start, range.end);
        writer.out.exhausted = writer.steps.get() == 0;
        writer.out
    }

    /// The token whose spelling begins at a column.
    pub fn token_at(&self, column: u64) -> Option<usize> {
        let index = self.places.binary_search_by_key(&column, |(c, _)| *c).ok()?;
        self.places.get(index).map(|(_, token)| *token)
    }
}

/// A word of the text and the token it stands for.
pub(super) type Spelt = (usize, String);

/// Writes an analysis text, looking ahead where a form begins.
pub(super) struct Writer<'a> {
    pub tokens: &'a Tokens<'a>,
    pub range: TokenRange,
    pub out: Analysis,
    /// Tokens, from the key on, for which something else is written, and where it goes on.
    instead: BTreeMap<usize, (usize, Vec<Spelt>)>,
    /// What is written before a token.
    before: BTreeMap<usize, Vec<Spelt>>,
    /// How many more tokens may be looked at ahead of time: a long text of openings stays cheap.
    steps: Cell<usize>,
}

/// Tokens that are looked at ahead for each token of a statement, and for the statement.
const STEPS: (usize, usize) = (8, 10_000);

impl<'a> Writer<'a> {
    fn new(tokens: &'a Tokens<'a>, range: TokenRange) -> Writer<'a> {
        Writer {
            tokens,
            range,
            out: Analysis::default(),
            instead: BTreeMap::new(),
            before: BTreeMap::new(),
            steps: Cell::new((range.end - range.start) * STEPS.0 + STEPS.1),
        }
    }

    pub fn write(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            for (token, text) in self.before.remove(&at).unwrap_or_default() {
                self.put(token, &text);
            }
            at = match self.instead.remove(&at) {
                Some((next, texts)) => {
                    for (token, text) in texts {
                        self.put(token, &text);
                    }
                    next.max(at + 1)
                }
                None => self.normalize(at).max(at + 1),
            };
        }
    }

    pub fn put(&mut self, token: usize, text: &str) {
        let out = &mut self.out;
        if !out.text.is_empty() {
            out.text.push(' ');
            out.columns += 1;
        }
        out.places.push((out.columns + 1, token));
        out.text.push_str(text);
        out.columns += text.chars().count() as u64;
    }

    /// The folded word at a place of the statement; nothing behind its end.
    pub fn word(&self, at: usize) -> &'a str {
        if at < self.range.end { self.tokens.word(at).unwrap_or("") } else { "" }
    }

    pub fn before_word(&self, at: usize) -> &'a str {
        if at > self.range.start { self.word(at - 1) } else { "" }
    }

    pub fn is(&self, at: usize, c: char) -> bool {
        at < self.range.end && self.tokens.is_punctuation(at, c)
    }

    pub fn is_name(&self, at: usize) -> bool {
        at < self.range.end && self.tokens.name(at).is_some()
    }

    /// Takes one step ahead; false once there have been too many.
    pub fn step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    /// The place of the parenthesis that closes the one at `open`.
    pub fn close(&self, open: usize) -> Option<usize> {
        if !(self.is(open, '(') || self.is(open, '[')) {
            return None;
        }
        self.tokens.after_group(open, self.range.end).map(|after| after - 1)
    }

    /// The words `text`, for the tokens from `at` on, as many as `length`.
    pub fn words(&mut self, at: usize, words: &[&str], length: usize) -> usize {
        for word in words {
            self.put(at, word);
        }
        at + length
    }

    /// Names within a run have a role that is told by their place.
    pub fn claim(&mut self, from: usize, to: usize) {
        let names = (from..to).filter(|i| self.tokens.name(*i).is_some());
        let names: Vec<usize> = names.collect();
        self.out.claimed.extend(names);
    }

    /// Leaves a run out, whose names have a role that is told by their place.
    pub fn leave_out(&mut self, from: usize, to: usize) {
        self.claim(from, to);
        self.replace(from, to, Vec::new());
    }

    pub fn replace(&mut self, from: usize, to: usize, texts: Vec<Spelt>) {
        if from < to {
            self.instead.insert(from, (to, texts));
        }
    }

    pub fn insert(&mut self, at: usize, text: &str) {
        self.before.entry(at).or_default().push((at, text.to_owned()));
    }

    /// The starts and ends of what commas part, between two places of one level.
    pub fn elements(&self, from: usize, to: usize) -> Vec<(usize, usize)> {
        let (mut out, mut start, mut at) = (Vec::new(), from, from);
        while at < to && self.step() {
            match self.close(at) {
                Some(close) => at = close,
                None if self.is(at, ',') => {
                    out.push((start, at));
                    start = at + 1;
                }
                None => {}
            }
            at += 1;
        }
        if start < to {
            out.push((start, to));
        }
        out
    }

    /// The spelling of one token; the next place.
    pub fn plain(&mut self, at: usize) -> usize {
        let tokens = self.tokens;
        match tokens.kind(at) {
            None => {}
            Some(TokenKind::Quoted(_)) => self.put(at, &format!("\"q{at}\"")),
            // Other databases' grammars make forms of their own of `substr(…)` or `floor(…)`.
            Some(TokenKind::Word(word)) if !is_keyword(word.as_str()) && is_called(tokens, at) => {
                self.put(at, &format!("\"q{at}\""));
            }
            Some(TokenKind::Text(_)) => self.put(at, &format!("'s{at}'")),
            Some(TokenKind::Bits(_, _)) => self.put(at, "B'0'"),
            Some(TokenKind::Operator(operator)) => {
                let spelt = match operator.as_str() {
                    "=" | "<>" | "!=" | "<" | ">" | "<=" | ">=" | "+" | "-" | "*" | "/" | "%"
                    | "||" | "=>" => operator.as_str(),
                    _ if is_prefix_position(tokens, at) => "-",
                    _ => "~",
                };
                self.put(at, spelt);
            }
            Some(
                TokenKind::Word(_)
                | TokenKind::Number
                | TokenKind::Parameter(_)
                | TokenKind::Punctuation(_)
                | TokenKind::Cast
                | TokenKind::ColonEquals
                | TokenKind::DotDot,
            ) => self.put(at, tokens.source(at)),
        }
        at + 1
    }
}

/// Whether a parenthesis follows that is not the share of a sample.
fn is_called(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is_punctuation(at + 1, '(')
        && !at.checked_sub(1).is_some_and(|before| tokens.is_word(before, "tablesample"))
}

/// Whether an operator stands where an operand is still to come.
fn is_prefix_position(tokens: &Tokens<'_>, at: usize) -> bool {
    const WORDS: [&str; 32] = [
        "select",
        "distinct",
        "all",
        "where",
        "and",
        "or",
        "not",
        "when",
        "then",
        "else",
        "case",
        "on",
        "by",
        "having",
        "returning",
        "like",
        "ilike",
        "between",
        "in",
        "is",
        "limit",
        "offset",
        "from",
        "values",
        "to",
        "similar",
        "escape",
        "set",
        "using",
        "for",
        "default",
        "any",
    ];
    let Some(before) = at.checked_sub(1) else { return true };
    match tokens.kind(before) {
        None | Some(TokenKind::Operator(_) | TokenKind::ColonEquals | TokenKind::DotDot) => true,
        Some(TokenKind::Punctuation(c)) => matches!(c, '(' | '[' | ',' | ':' | ';'),
        Some(TokenKind::Word(word)) => word.as_str() == "some" || WORDS.contains(&word.as_str()),
        Some(
            TokenKind::Quoted(_)
            | TokenKind::Text(_)
            | TokenKind::Bits(_, _)
            | TokenKind::Number
            | TokenKind::Parameter(_)
            | TokenKind::Cast,
        ) => false,
    }
}
