//! What a derived table is not by itself: a row of the table's type, a sample.

use super::super::emit::Edit;
use super::super::resolve::Refused;
use super::super::tokens::TokenRange;
use super::{Part, Rewrite, Rewriting, quoted};
use crate::sql::lexer::TokenKind;

impl Rewriting<'_> {
    /// A whole row is of the table's type, as it would be without us.
    pub(super) fn type_rows(&self, part: &Part<'_>, out: &mut Rewrite) {
        let row = quoted(&part.site.name);
        let typed = format!("{row}::{}", part.relation.name.to_quoted());
        for reference in self.resolution.rows.iter().filter(|r| r.site == part.id) {
            let (Some(first), Some(last)) = (reference.path.first(), reference.path.last()) else {
                continue;
            };
            let value = match reference.nullable {
                true => format!("(CASE WHEN {row} IS DISTINCT FROM NULL THEN {typed} END)"),
                false => format!("({typed})"),
            };
            let name = match reference.bare_item {
                true => format!(" AS {row}"),
                false => String::new(),
            };
            let range = TokenRange::new(*first, *last + 1);
            out.edits.push(Edit::replace(range, format!("{value}{name}")));
        }
    }

    /// `TABLESAMPLE method (n) [REPEATABLE (n)]`, which moves to the table. A method that counts
    /// the rows it gives would count hidden ones; those of the server choose each row, or page,
    /// whatever the others hold.
    pub(super) fn sample(&self, part: &Part<'_>) -> Refused<TokenRange> {
        let (tokens, site) = (self.tokens, part.site);
        let refuse = || Box::new(self.unsupported("this TABLESAMPLE of masked or filtered data"));
        let mut start = site.range.end;
        if site.aliased {
            start += 1 + usize::from(tokens.is_word(start, "as"));
        }
        if tokens.is_punctuation(start, '(') {
            start = tokens.after_group(start, self.statement.end).ok_or_else(refuse)?;
        }
        let mut method = start + 1;
        if tokens.is_word(method, "pg_catalog") {
            method += 2;
        }
        let own = tokens.is_word(start, "tablesample")
            && matches!(tokens.word(method), Some("bernoulli" | "system"));
        let mut end = tokens.after_group(method + 1, self.statement.end).filter(|_| own);
        if let Some(behind) = end.filter(|end| tokens.is_word(*end, "repeatable")) {
            end = tokens.after_group(behind + 1, self.statement.end);
        }
        let end = end.ok_or_else(refuse)?;
        let constant = |i: usize| match tokens.kind(i) {
            Some(TokenKind::Word(word)) => matches!(
                word.as_str(),
                "tablesample" | "pg_catalog" | "bernoulli" | "system" | "repeatable"
            ),
            Some(
                TokenKind::Number
                | TokenKind::Parameter(_)
                | TokenKind::Operator(_)
                | TokenKind::Punctuation('(' | ')' | '.'),
            ) => true,
            _ => false,
        };
        if (start..end).all(constant) { Ok(TokenRange::new(start, end)) } else { Err(refuse()) }
    }
}
