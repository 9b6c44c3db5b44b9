//! The text that the grammar reads, made from tokens, and the way back from its places.
//!
//! Quoted names and strings become place-holders, exotic operators become one operator the
//! grammar knows, and a handful of forms it does not know are replaced by one that provably reads
//! the same data or more. What is forwarded is never this text: only what is *read* is decided
//! here, and each rule below keeps every name and every sub-select of the original.

use super::account::is_keyword;
use super::lexer::TokenKind;
use super::statement::into_clause;
use super::tokens::{TokenRange, Tokens};

/// The analysis text of one statement.
#[derive(Debug, Default)]
pub struct Analysis {
    pub text: String,
    /// `(column, token)`: the column (characters, from 1) where the spelling of a token begins.
    places: Vec<(u64, usize)>,
    columns: u64,
}

impl Analysis {
    /// Writes the analysis text of a range of tokens.
    pub fn of(tokens: &Tokens<'_>, range: TokenRange) -> Analysis {
        let mut out = Analysis::default();
        let mut at = range.start;
        while at < range.end {
            at = out.normalize(tokens, at, range.end);
        }
        out
    }

    /// The token whose spelling begins at a column.
    pub fn token_at(&self, column: u64) -> Option<usize> {
        let index = self.places.binary_search_by_key(&column, |(c, _)| *c).ok()?;
        self.places.get(index).map(|(_, token)| *token)
    }

    fn put(&mut self, token: usize, text: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
            self.columns += 1;
        }
        self.places.push((self.columns + 1, token));
        self.text.push_str(text);
        self.columns += text.chars().count() as u64;
    }

    /// Applies the first rule that fits, else writes one token; returns the next place.
    fn normalize(&mut self, tokens: &Tokens<'_>, at: usize, end: usize) -> usize {
        let word = |ahead: usize| {
            if at + ahead < end { tokens.word(at + ahead).unwrap_or("") } else { "" }
        };
        match (word(0), word(1), word(2)) {
            // Lock strengths lock, they do not read.
            ("for", "no", "key") if word(3) == "update" => self.words(at, &["FOR", "UPDATE"], 4),
            ("for", "key", "share") => self.words(at, &["FOR", "SHARE"], 3),
            // A whole table is a select of all its columns. TABLE is reserved: nothing else.
            ("table", _, _) => self.words(at, &["SELECT", "*", "FROM"], 1),
            ("between", "symmetric" | "asymmetric", _) => self.words(at, &["BETWEEN"], 2),
            ("isnull", _, _) => self.words(at, &["IS", "NULL"], 1),
            ("notnull", _, _) => self.words(at, &["IS", "NOT", "NULL"], 1),
            ("variadic", _, _) => at + 1,
            // Where a result goes is the statement's own business.
            ("into", _, _) => match into_clause(tokens, at, end) {
                Some(into) => into.end,
                None => self.plain(tokens, at),
            },
            // Frame exclusion drops rows that were read all the same.
            ("exclude", "current", "row") | ("exclude", "no", "others")
                if ends_frame(tokens, at) =>
            {
                at + 3
            }
            ("exclude", "group" | "ties", _) if ends_frame(tokens, at) => at + 2,
            ("operator", _, _) => match qualified_operator(tokens, at, end) {
                Some(next) => {
                    self.put(at, "~");
                    next
                }
                None => self.plain(tokens, at),
            },
            _ if self.is_composite_star(tokens, at, end) => at + 2,
            _ => self.plain(tokens, at),
        }
    }

    fn words(&mut self, at: usize, words: &[&str], length: usize) -> usize {
        for word in words {
            self.put(at, word);
        }
        at + length
    }

    /// `(expr).*`: all fields of what was read already.
    fn is_composite_star(&self, tokens: &Tokens<'_>, at: usize, end: usize) -> bool {
        at > 0
            && at + 1 < end
            && tokens.is_punctuation(at - 1, ')')
            && tokens.is_punctuation(at, '.')
            && tokens.is_operator(at + 1, "*")
    }

    fn plain(&mut self, tokens: &Tokens<'_>, at: usize) -> usize {
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

/// Whether a window frame has just ended here.
fn ends_frame(tokens: &Tokens<'_>, at: usize) -> bool {
    at > 0 && matches!(tokens.word(at - 1), Some("row" | "preceding" | "following"))
}

/// The place after `OPERATOR(schema.op)`, and nothing but that: a function could bear the name.
fn qualified_operator(tokens: &Tokens<'_>, at: usize, end: usize) -> Option<usize> {
    let next = tokens.after_group(at + 1, end)?;
    let (inner, operator) = (at + 2, next.checked_sub(2)?);
    let named = (inner..operator).all(|i| match (i - inner) % 2 {
        0 => tokens.name(i).is_some(),
        _ => tokens.is_punctuation(i, '.'),
    });
    let is_operator = matches!(tokens.kind(operator), Some(TokenKind::Operator(_)));
    (tokens.is_punctuation(at + 1, '(')
        && operator >= inner
        && (operator - inner) % 2 == 0
        && named
        && is_operator)
        .then_some(next)
}

/// Whether an operator stands where an operand is still to come.
fn is_prefix_position(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    match tokens.kind(before) {
        None | Some(TokenKind::Operator(_) | TokenKind::ColonEquals | TokenKind::DotDot) => true,
        Some(TokenKind::Punctuation(c)) => matches!(c, '(' | '[' | ',' | ':' | ';'),
        Some(TokenKind::Word(word)) => matches!(
            word.as_str(),
            "select"
                | "distinct"
                | "all"
                | "where"
                | "and"
                | "or"
                | "not"
                | "when"
                | "then"
                | "else"
                | "case"
                | "on"
                | "by"
                | "having"
                | "returning"
                | "like"
                | "ilike"
                | "between"
                | "in"
                | "is"
                | "limit"
                | "offset"
                | "from"
                | "values"
                | "to"
                | "similar"
                | "escape"
                | "set"
                | "using"
                | "for"
                | "default"
                | "any"
                | "some"
        ),
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

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;

    fn analysis(text: &str) -> String {
        let tokens = Tokens::new(text, lex(text).unwrap());
        Analysis::of(&tokens, TokenRange::new(0, tokens.count())).text
    }

    #[test]
    fn quoting_never_reaches_the_grammar() {
        assert_eq!(analysis(r#"SELECT "a""b", 'x\' FROM t"#), r#"SELECT "q1" , 's3' FROM t"#);
    }

    #[test]
    fn unknown_forms_become_known_ones_that_read_the_same() {
        assert_eq!(analysis("TABLE t"), "SELECT * FROM t");
        assert_eq!(analysis("SELECT 1 FOR NO KEY UPDATE"), "SELECT 1 FOR UPDATE");
        assert_eq!(analysis("SELECT a @@@ b, @-@ c"), "SELECT a ~ b , - c");
        assert_eq!(analysis("SELECT a OPERATOR(pg_catalog.=) b"), "SELECT a ~ b");
        assert_eq!(analysis("SELECT operator(ssn)"), "SELECT operator ( ssn )");
        assert_eq!(analysis("SELECT (f(x)).*"), "SELECT ( \"q2\" ( x ) )");
        assert_eq!(analysis("SELECT f(VARIADIC a)"), "SELECT \"q1\" ( a )");
    }

    #[test]
    fn a_call_is_a_call_unless_postgresql_says_otherwise() {
        assert_eq!(analysis("SELECT substr(a, 1)"), "SELECT \"q1\" ( a , 1 )");
        assert_eq!(analysis("SELECT trim(a)"), "SELECT trim ( a )");
        assert_eq!(analysis("SELECT floor, a::point"), "SELECT floor , a :: point");
        let sampled = "SELECT a FROM t TABLESAMPLE bernoulli ( 1 )";
        assert_eq!(analysis(sampled), sampled);
    }

    #[test]
    fn places_lead_back_to_tokens() {
        let text = "SELECT \"ä\" , é FROM t";
        let tokens = Tokens::new(text, lex(text).unwrap());
        let analysis = Analysis::of(&tokens, TokenRange::new(0, tokens.count()));
        let column = analysis.text.chars().position(|c| c == 'é').unwrap() as u64 + 1;
        assert_eq!(analysis.token_at(column), Some(3));
    }
}
