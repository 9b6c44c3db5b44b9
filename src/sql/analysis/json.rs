//! SQL/JSON calls (manual 9.16): their words become commas, or are left out.
//!
//! What is left out is constant: labels, types, and what is done where a path finds nothing. An
//! expression after DEFAULT stays an argument.

use super::super::lexer::TokenKind;
use super::text::Writer;

const CALLS: [&str; 11] = [
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
];

impl Writer<'_> {
    pub(super) fn json_call(&mut self, at: usize, close: usize) -> Option<usize> {
        if !CALLS.contains(&self.word(at)) {
            return None;
        }
        self.put(at, &format!("\"q{at}\""));
        if matches!(self.word(at + 2), "select" | "values" | "with") {
            self.insert(at + 2, "(");
            self.insert(close, ")");
        } else {
            self.json_arguments(at + 2, close);
        }
        Some(at + 1)
    }

    fn json_arguments(&mut self, from: usize, close: usize) {
        // An operand must stand before a word that parts operands.
        let (mut at, mut operand) = (from, false);
        while at < close {
            let next = if operand { self.json_clause(at, close) } else { None };
            match next {
                Some((next, comma)) if next > at => {
                    self.claim_labels(at, next);
                    let texts = if comma { vec![(at, ",".to_owned())] } else { Vec::new() };
                    self.replace(at, next, texts);
                    operand = !comma;
                    at = next;
                }
                Some(_) | None => {
                    operand = !self.is(at, ',');
                    at = self.close(at).unwrap_or(at) + 1;
                }
            }
        }
    }

    fn claim_labels(&mut self, from: usize, to: usize) {
        self.claim(from, to);
    }

    /// A clause that begins here: where it ends, and whether a comma stands for it.
    fn json_clause(&self, at: usize, close: usize) -> Option<(usize, bool)> {
        let word = |ahead: usize| if at + ahead < close { self.word(at + ahead) } else { "" };
        let happens = |ahead: usize| {
            word(ahead) == "on" && matches!(word(ahead + 1), "empty" | "error" | "null")
        };
        match word(0) {
            _ if self.is(at, ':') => Some((at + 1, true)),
            "value" if at + 1 < close && !self.is(at + 1, ',') => Some((at + 1, true)),
            "passing" => Some((at + 1, true)),
            "as" if self.is_name(at + 1) => Some((at + 2, false)),
            "returning" => Some((self.end_of_returning(at + 1, close), false)),
            "format" if word(1) == "json" => {
                Some((at + if word(2) == "encoding" { 4 } else { 2 }, false))
            }
            "absent" | "null" | "error" | "true" | "false" | "unknown" if happens(1) => {
                Some((at + 3, false))
            }
            "empty" if happens(1) => Some((at + 3, false)),
            "empty" if happens(2) => Some((at + 4, false)),
            "default" => Some((at + 1, true)),
            "on" if happens(0) => Some((at + 2, false)),
            "with" | "without" => self.end_of_wrapper(at, close).map(|end| (end, false)),
            "keep" | "omit" if word(1) == "quotes" => {
                let scalar = (word(2), word(3), word(4)) == ("on", "scalar", "string");
                Some((at + if scalar { 5 } else { 2 }, false))
            }
            "columns" => self.columns(at + 1, close).map(|end| (end, false)),
            _ => None,
        }
    }

    /// `WITH [CONDITIONAL] [ARRAY] WRAPPER`, `WITH UNIQUE [KEYS]`
    fn end_of_wrapper(&self, at: usize, close: usize) -> Option<usize> {
        let mut end = at + 1;
        if self.word(end) == "unique" {
            return Some(end + 1 + usize::from(self.word(end + 1) == "keys"));
        }
        while matches!(self.word(end), "conditional" | "unconditional" | "array") {
            end += 1;
        }
        (end < close && self.word(end) == "wrapper").then_some(end + 1)
    }

    /// The end of a type.
    fn end_of_returning(&self, from: usize, close: usize) -> usize {
        const BEHIND: [&str; 12] = [
            "format", "null", "absent", "keep", "omit", "error", "true", "false", "unknown",
            "empty", "default", "columns",
        ];
        let mut at = from;
        while at < close {
            let word = self.word(at);
            let zone = matches!(word, "with" | "without");
            if (zone && self.word(at + 1) != "time") || BEHIND.contains(&word) {
                break;
            }
            at = self.close(at).unwrap_or(at) + 1;
        }
        if self.is_type(from, at) { at } else { from }
    }

    /// `COLUMNS (…)`, if its columns hold nothing but names, types, paths and constants.
    fn columns(&self, open: usize, close: usize) -> Option<usize> {
        let end = self.close(open).filter(|_| self.is(open, '('))?;
        let plain = self.elements(open + 1, end).into_iter().all(|c| self.is_plain_column(c));
        (plain && end < close).then_some(end + 1)
    }

    /// A column of JSON_TABLE or XMLTABLE without an expression.
    pub(super) fn is_plain_column(&self, (from, to): (usize, usize)) -> bool {
        if self.word(from) == "nested" {
            let columns = (from..to).find(|i| self.word(*i) == "columns" && self.is(i + 1, '('));
            let Some(columns) = columns else { return false };
            return self.columns(columns + 1, self.range.end).is_some();
        }
        const BEHIND: [&str; 13] = [
            "for", "format", "path", "exists", "default", "not", "null", "keep", "omit", "error",
            "empty", "with", "without",
        ];
        let ends = |i: usize| {
            let zone = matches!(self.word(i), "with" | "without") && self.word(i + 1) == "time";
            BEHIND.contains(&self.word(i)) && !zone
        };
        let end = (from + 1..to).find(|i| ends(*i)).unwrap_or(to);
        let typed = end == from + 1 || self.is_type(from + 1, end);
        self.is_name(from) && typed && (end..to).all(|i| self.is_plain_word(i))
    }

    fn is_plain_word(&self, at: usize) -> bool {
        const WORDS: [&str; 31] = [
            "for",
            "ordinality",
            "path",
            "default",
            "not",
            "null",
            "exists",
            "format",
            "json",
            "encoding",
            "utf8",
            "with",
            "without",
            "conditional",
            "unconditional",
            "array",
            "wrapper",
            "keep",
            "omit",
            "quotes",
            "on",
            "scalar",
            "string",
            "error",
            "empty",
            "true",
            "false",
            "unknown",
            "object",
            "time",
            "zone",
        ];
        match self.tokens.kind(at) {
            Some(TokenKind::Word(word)) => WORDS.contains(&word.as_str()),
            Some(TokenKind::Text(_) | TokenKind::Number | TokenKind::Bits(_, _)) => true,
            Some(TokenKind::Operator(operator)) => operator == "-",
            Some(
                TokenKind::Quoted(_)
                | TokenKind::Parameter(_)
                | TokenKind::Punctuation(_)
                | TokenKind::Cast
                | TokenKind::ColonEquals
                | TokenKind::DotDot,
            )
            | None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::lexer::lex;
    use super::super::super::tokens::{TokenRange, Tokens};
    use super::super::Analysis;

    fn analysis(text: &str) -> String {
        let tokens = Tokens::new(text, lex(text).unwrap());
        let text = Analysis::of(&tokens, TokenRange::new(0, tokens.count())).text;
        text.chars().filter(|c| !c.is_ascii_digit()).collect()
    }

    #[test]
    fn words_become_commas_and_every_expression_stays() {
        assert_eq!(
            analysis("json_object('a' VALUE value, 'b' : c ABSENT ON NULL RETURNING text)"),
            "\"q\" ( 's' , value , 's' , c )"
        );
        assert_eq!(
            analysis("json_value(a, 'p' PASSING b AS x DEFAULT f(c) ON EMPTY ERROR ON ERROR)"),
            "\"q\" ( a , 's' , b , \"q\" ( c ) )"
        );
        assert_eq!(analysis("json_array(SELECT a FROM t)"), "\"q\" ( ( SELECT a FROM t ) )");
        let table = "json_table(a, 'p' AS n COLUMNS (i FOR ORDINALITY, b numeric(5,2) PATH 'x' \
            DEFAULT -1 ON EMPTY, NESTED 'y' COLUMNS (c text EXISTS PATH 'z')) NULL ON ERROR)";
        assert_eq!(analysis(table), "\"q\" ( a , 's' )");
    }

    #[test]
    fn a_column_that_calls_is_not_left_out() {
        let kept = analysis("json_table(a, 'p' COLUMNS (b text DEFAULT steal('x') ON EMPTY))");
        assert!(kept.contains("COLUMNS"), "{kept}");
    }
}
