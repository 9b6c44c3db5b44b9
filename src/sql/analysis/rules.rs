//! The table of rules: a form the grammar does not know → one that reads the same or more.

use super::super::lexer::TokenKind;
use super::super::statement::into_clause;
use super::super::tokens::Tokens;
use super::text::Writer;

impl Writer<'_> {
    /// Applies the first rule that fits, else writes one token; returns the next place.
    pub(super) fn normalize(&mut self, at: usize) -> usize {
        if let Some(next) = self.row_cast(at) {
            return next;
        }
        if self.tokens.word(at).is_none() {
            return self.normalize_other(at);
        }
        self.normalize_clause(at)
            .or_else(|| self.normalize_expression(at))
            .or_else(|| self.normalize_call(at))
            .unwrap_or_else(|| self.plain(at))
    }

    /// Forms of clauses.
    fn normalize_clause(&mut self, at: usize) -> Option<usize> {
        let (tokens, start, end) = (self.tokens, self.range.start, self.range.end);
        match (self.word(at), self.word(at + 1), self.word(at + 2)) {
            // Lock strengths lock, they do not read.
            ("for", "no", "key") if self.word(at + 3) == "update" => Some(self.lock(at, 4)),
            ("for", "key", "share") => Some(self.lock(at, 3)),
            ("for", "update" | "share", _) => Some(self.lock(at, 2)),
            // A whole table is a select of all its columns. TABLE is reserved: nothing else, but
            // a label or a field.
            ("table", _, _) if is_whole_table(tokens, start, at) => {
                Some(self.words(at, &["SELECT", "*", "FROM"], 1))
            }
            ("table", _, _) => Some(self.words(at, &[&format!("\"q{at}\"")], 1)),
            // Where a result goes is the statement's own business.
            ("into", _, _) => into_clause(tokens, at, end).map(|into| into.end),
            ("where", "current", "of") => self.current_of(at),
            ("order", "by", _) | ("with", "ordinality", _) => None,
            ("using", _, _) => self.sort_operator(at),
            ("fetch", "first" | "next", _) => self.fetch(at),
            ("group", "by", "distinct" | "all") => Some(self.words(at, &["GROUP", "BY"], 3)),
            ("grouping", "sets", _) => self.grouping_sets(at),
            ("rows", "from", _) => self.rows_from(at),
            ("overriding", "system" | "user", "value") => Some(at + 3),
            ("on", "conflict", _) => self.conflict(at),
            ("insert", "into", _) => {
                self.insert_columns(at + 2);
                None
            }
            ("insert", "default", "values") => {
                Some(self.words(at, &["INSERT", "VALUES", "(", "NULL", ")"], 3))
            }
            ("merge", "into", _) => {
                self.merge_source(at);
                None
            }
            ("matched", "by", "source" | "target") => {
                self.claim(at, at + 3);
                None
            }
            ("set", _, _) => {
                self.assignments(at + 1);
                None
            }
            ("as", _, _) if self.is(at + 1, '(') => self.nameless_definition(at),
            // Frame exclusion drops rows that were read all the same.
            ("exclude", "current", "row") | ("exclude", "no", "others") if self.ends_frame(at) => {
                Some(at + 3)
            }
            ("exclude", "group" | "ties", _) if self.ends_frame(at) => Some(at + 2),
            _ => None,
        }
    }

    /// Forms of expressions.
    fn normalize_expression(&mut self, at: usize) -> Option<usize> {
        match (self.word(at), self.word(at + 1), self.word(at + 2)) {
            ("between", "symmetric" | "asymmetric", _) => Some(self.words(at, &["BETWEEN"], 2)),
            ("like", "all" | "some", _) => Some(self.words(at, &["LIKE", "ANY"], 2)),
            ("ilike", "all" | "some", _) => Some(self.words(at, &["ILIKE", "ANY"], 2)),
            ("isnull", _, _) => Some(self.words(at, &["IS", "NULL"], 1)),
            ("notnull", _, _) => Some(self.words(at, &["IS", "NOT", "NULL"], 1)),
            ("is", "document", _) => Some(self.words(at, &["IS", "NULL"], 2)),
            ("is", "not", "document") => Some(self.words(at, &["IS", "NULL"], 3)),
            ("is", "json", _) => Some(self.is_json(at, 1)),
            ("is", "not", "json") => Some(self.is_json(at, 2)),
            ("at", "local", _) => Some(self.words(at, &["AT", "TIME", "ZONE", "'s'"], 2)),
            ("variadic", _, _) => Some(at + 1),
            // The name of a collation is read off its operand.
            ("collation", "for", _) if self.is(at + 2, '(') => Some(at + 2),
            ("operator", _, _) => {
                let next = qualified_operator(self.tokens, at, self.range.end)?;
                self.put(at, "~");
                Some(next)
            }
            _ => None,
        }
    }

    /// Calls with a syntax of their own. A schema before the name makes it a call like others.
    fn normalize_call(&mut self, at: usize) -> Option<usize> {
        let qualified = at > self.range.start && self.is(at - 1, '.');
        let word = self.word(at);
        let special = matches!(word, "normalize" | "substring")
            || word.starts_with("json")
            || word.starts_with("xml");
        if qualified || !special || !self.is(at + 1, '(') {
            return None;
        }
        let close = self.close(at + 1)?;
        match word {
            "normalize" => {
                let form = close.checked_sub(1)?;
                let named = matches!(self.word(form), "nfc" | "nfd" | "nfkc" | "nfkd");
                if named && self.is(form - 1, ',') {
                    self.replace(form - 1, close, Vec::new());
                }
                None
            }
            "substring" => {
                self.similar_parts(at + 1, close);
                None
            }
            name if name.starts_with("json") => self.json_call(at, close),
            name if name.starts_with("xml") => self.xml_call(at, close),
            _ => None,
        }
    }

    /// `t.*::type`: the whole row, which the grammar knows in parentheses.
    fn row_cast(&mut self, at: usize) -> Option<usize> {
        if !self.is_name(at) || (at > self.range.start && self.is(at - 1, '.')) {
            return None;
        }
        let mut last = at;
        while self.is(last + 1, '.') && self.is_name(last + 2) {
            last += 2;
        }
        let star = last + 2;
        let cast = self.is(last + 1, '.')
            && self.tokens.is_operator(star, "*")
            && star + 1 < self.range.end
            && matches!(self.tokens.kind(star + 1), Some(TokenKind::Cast));
        if !cast {
            return None;
        }
        self.put(at, "(");
        for token in at..=star {
            self.plain(token);
        }
        self.put(star, ")");
        Some(star + 1)
    }

    /// Rules that begin with no word.
    fn normalize_other(&mut self, at: usize) -> usize {
        // `(expr).*`: all fields of what was read already.
        let composite_star = at > 0
            && at + 1 < self.range.end
            && self.tokens.is_punctuation(at - 1, ')')
            && self.is(at, '.')
            && self.tokens.is_operator(at + 1, "*");
        if composite_star {
            return at + 2;
        }
        if self.is(at, ')') && self.search_or_cycle(at) {
            return self.plain(at);
        }
        // The grammar reads a string there as an interval.
        if matches!(self.tokens.kind(at), Some(TokenKind::Text(_))) && self.bounds_frame(at) {
            self.put(at, "(");
            self.plain(at);
            self.put(at, ")");
            return at + 1;
        }
        self.plain(at)
    }

    /// Whether a window frame has just ended here.
    fn ends_frame(&self, at: usize) -> bool {
        matches!(self.before_word(at), "row" | "preceding" | "following")
    }

    /// Whether a bound of a window frame may begin here.
    fn bounds_frame(&self, at: usize) -> bool {
        let unit = |word: &str| matches!(word, "range" | "rows" | "groups");
        let first = match self.before_word(at) {
            "between" => self.before_word(at - 1),
            word => word,
        };
        if unit(first) {
            return true;
        }
        // `… PRECEDING AND '…'`
        let frame = |word: &str| matches!(word, "preceding" | "following" | "row");
        self.before_word(at) == "and" && frame(self.before_word(at - 1))
    }

    /// `IS JSON OBJECT WITH UNIQUE KEYS`
    fn is_json(&mut self, at: usize, json: usize) -> usize {
        let mut next = at + json + 1;
        if matches!(self.word(next), "value" | "array" | "object" | "scalar") {
            next += 1;
        }
        if matches!(self.word(next), "with" | "without") && self.word(next + 1) == "unique" {
            next += 2 + usize::from(self.word(next + 2) == "keys");
        }
        self.claim(at, next);
        self.words(at, &["IS", "JSON"], next - at)
    }

    /// `SUBSTRING(x SIMILAR pattern ESCAPE e)`
    fn similar_parts(&mut self, open: usize, close: usize) {
        let mut at = open + 1;
        let mut similar = false;
        while at < close {
            if let Some(inner) = self.close(at) {
                at = inner;
            } else if self.word(at) == "similar" && self.word(at + 1) != "to" {
                similar = true;
                self.replace(at, at + 1, vec![(at, ",".to_owned())]);
            } else if similar && self.word(at) == "escape" {
                self.replace(at, at + 1, vec![(at, ",".to_owned())]);
            }
            at += 1;
        }
    }

    /// `ORDER BY x USING >`: the same key is sorted by. Its operator is judged like every other.
    fn sort_operator(&self, at: usize) -> Option<usize> {
        if matches!(self.tokens.kind(at + 1), Some(TokenKind::Operator(_))) {
            return Some(at + 2);
        }
        let named = self.word(at + 1) == "operator";
        named.then(|| qualified_operator(self.tokens, at + 1, self.range.end))?
    }

    /// `WHERE CURRENT OF cursor`: one row, the one the cursor stands on.
    fn current_of(&mut self, at: usize) -> Option<usize> {
        if !self.is_name(at + 3) {
            return None;
        }
        self.claim(at + 3, at + 4);
        self.put(at, "WHERE");
        self.put(at + 1, "TRUE");
        Some(at + 4)
    }
}

/// Whether TABLE at a place is the command, in a statement that starts at `start`, and not a label
/// or a field.
pub fn is_whole_table(tokens: &Tokens<'_>, start: usize, at: usize) -> bool {
    let before = at.checked_sub(1).filter(|before| *before >= start);
    !before.is_some_and(|before| tokens.is_word(before, "as") || tokens.is_punctuation(before, '.'))
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

#[cfg(test)]
mod tests {
    use super::super::super::lexer::lex;
    use super::super::super::tokens::{TokenRange, Tokens};
    use super::super::Analysis;

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
