//! Every name of a statement must have been given a meaning.
//!
//! The grammar may read a text otherwise than PostgreSQL does, or swallow a part of it. What it
//! swallowed shows here: a token that is a name and that no role accounts for.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::analysis::Analysis;
use super::lexer::TokenKind;
use super::tokens::{TokenRange, Tokens};

/// PostgreSQL's keywords (manual, appendix C): words that can stand for themselves.
static KEYWORDS: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("keywords.txt").split_ascii_whitespace().collect());

/// Whether PostgreSQL's own grammar gives a bare word a meaning.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(word)
}

/// The first token that is a name without a role.
pub fn unaccounted(
    tokens: &Tokens<'_>,
    range: TokenRange,
    claimed: &BTreeSet<usize>,
) -> Option<usize> {
    let without = |i: &usize| match tokens.kind(*i) {
        Some(TokenKind::Word(word)) => {
            !claimed.contains(i)
                && !KEYWORDS.contains(word.as_str())
                && !has_role(tokens, *i, range, claimed)
        }
        Some(TokenKind::Quoted(_)) => !claimed.contains(i) && !has_role(tokens, *i, range, claimed),
        _ => false,
    };
    let mut found = (range.start..range.end).filter(without).peekable();
    found.peek()?;
    // Labels and types of forms that were read as others.
    let by_rule: BTreeSet<usize> = Analysis::of(tokens, range).claimed.into_iter().collect();
    found.find(|i| !by_rule.contains(i))
}

/// Roles that are told by position: types, collations, operators' schemas, fields of EXTRACT,
/// argument names, sampling methods.
fn has_role(tokens: &Tokens<'_>, at: usize, range: TokenRange, claimed: &BTreeSet<usize>) -> bool {
    let (mut first, mut last) = (at, at);
    while first >= range.start + 2 && tokens.is_punctuation(first - 1, '.') {
        first -= 2;
    }
    while last + 2 < range.end && tokens.is_punctuation(last + 1, '.') {
        last += 2;
    }
    let names_argument = tokens.is_operator(last + 1, "=>")
        || matches!(tokens.kind(last + 1), Some(TokenKind::ColonEquals));
    // `type 'literal'`, `type(modifier) 'literal'`
    let types_literal = matches!(tokens.kind(last + 1), Some(TokenKind::Text(_)));
    let Some(before) = first.checked_sub(1) else { return types_literal };
    let follows = match tokens.kind(before) {
        Some(TokenKind::Cast) => true,
        Some(TokenKind::Word(word)) => match word.as_str() {
            "as" | "collate" | "tablesample" | "returning" | "array" | "setof" => true,
            // A column definition: `AS t(name type, …)`.
            _ => claimed.contains(&before) && ends_definition(tokens, last + 1),
        },
        Some(TokenKind::Quoted(_)) => {
            claimed.contains(&before) && ends_definition(tokens, last + 1)
        }
        Some(TokenKind::Punctuation('(')) => {
            before > range.start
                && matches!(tokens.word(before - 1), Some("extract" | "operator" | "normalize"))
        }
        _ => false,
    };
    follows || names_argument || types_literal
}

fn ends_definition(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is_punctuation(at, ',')
        || tokens.is_punctuation(at, ')')
        || tokens.is_punctuation(at, '[')
        || tokens.is_punctuation(at, '(')
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;

    fn first_unaccounted(text: &str, claimed: &[usize]) -> Option<usize> {
        let tokens = Tokens::new(text, lex(text).unwrap());
        let claimed = claimed.iter().copied().collect();
        unaccounted(&tokens, TokenRange::new(0, tokens.count()), &claimed)
    }

    #[test]
    fn a_name_nobody_claims_is_found() {
        assert_eq!(first_unaccounted("SELECT a FROM t", &[1, 3]), None);
        assert_eq!(first_unaccounted("SELECT a FROM t", &[1]), Some(3));
        assert_eq!(first_unaccounted("SELECT \"a\"", &[]), Some(1));
    }

    #[test]
    fn types_and_collations_have_a_role() {
        assert_eq!(first_unaccounted("SELECT a::pg_catalog.macaddr", &[1]), None);
        assert_eq!(first_unaccounted("SELECT CAST(a AS \"Kind\")", &[3]), None);
        assert_eq!(first_unaccounted("SELECT a COLLATE \"C\"", &[1]), None);
        assert_eq!(first_unaccounted("SELECT EXTRACT(epoch FROM a)", &[5]), None);
        assert_eq!(first_unaccounted("SELECT f(x => 1)", &[1]), None);
    }
}
