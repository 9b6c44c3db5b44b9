//! A statement's tokens → our tree, by way of the grammar; limits on length and depth.

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserOptions};
use sqlparser::tokenizer::{Token, Tokenizer};

use super::analysis::Analysis;
use super::lexer::TokenKind;
use super::lower::{self, Unsupported};
use super::resolve::Refused;
use super::tokens::{TokenRange, Tokens};
use super::tree::Statement;
use crate::model::refusal::{Reason, Refusal, SqlState};

/// Longest text that is judged, in bytes.
pub const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;
/// Deepest nesting of parentheses, brackets and CASE.
pub const MAX_NESTING: usize = 128;
/// Longest chain of operators, set operations or casts at one level. The tree of such a chain is
/// as deep as it is long; judging threads have the stack for it.
pub const MAX_CHAIN: usize = 4_000;
/// Stack that judging needs at these limits, in bytes. Threads that judge are given it.
pub const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Parses one statement of SELECT, VALUES, INSERT, UPDATE, DELETE or MERGE.
pub fn parse(tokens: &Tokens<'_>, range: TokenRange) -> Refused<Statement> {
    check_depth(tokens, range)?;
    parse_analysis(tokens, range, &Analysis::of(tokens, range))
}

/// Parses a list of expressions in parentheses.
pub fn parse_list(tokens: &Tokens<'_>, range: TokenRange) -> Refused<Statement> {
    check_depth(tokens, range)?;
    parse_analysis(tokens, range, &Analysis::behind("VALUES", tokens, range))
}

fn parse_analysis(
    tokens: &Tokens<'_>,
    range: TokenRange,
    analysis: &Analysis,
) -> Refused<Statement> {
    if analysis.exhausted {
        let refusal = Refusal::new(
            Reason::Limit,
            SqlState::STATEMENT_TOO_COMPLEX,
            "statement is too involved to be checked",
        );
        return Err(Box::new(refusal.at(tokens.position(range.start))));
    }
    let dialect = PostgreSqlDialect {};
    let unparsable = |message: String| {
        Refusal::new(Reason::Unparsable, SqlState::SYNTAX_ERROR, "syntax error or unknown syntax")
            .detail(message)
            .at(tokens.position(range.start))
    };
    let mut spans = Tokenizer::new(&dialect, &analysis.text)
        .with_unescape(false)
        .tokenize_with_location()
        .map_err(|_| unparsable("The statement could not be split into tokens.".into()))?;
    // To the grammar `unnest` in FROM has no name; to PostgreSQL it is a function like any other.
    // With a parenthesis behind it, it stands for ROWS FROM.
    let mut called = false;
    for span in spans.iter_mut().rev() {
        match &mut span.token {
            Token::Word(word) if word.keyword == Keyword::UNNEST && !called => {
                word.keyword = Keyword::NoKeyword;
            }
            Token::Whitespace(_) => continue,
            _ => {}
        }
        called = span.token == Token::LParen;
    }
    let mut parser = Parser::new(&dialect)
        .with_options(ParserOptions::new().with_unescape(false))
        .with_recursion_limit(MAX_NESTING * 4)
        .with_tokens_with_locations(spans);
    let statements = parser.parse_statements().map_err(|error| {
        let (message, place) = explain(&error.to_string(), analysis);
        match place {
            Some(place) => unparsable(message).at(tokens.position(place)),
            None => unparsable(message),
        }
    })?;
    let [statement] = statements.as_slice() else {
        return Err(Box::new(unparsable("The text does not hold exactly one statement.".into())));
    };
    lower::lower(statement, analysis, tokens)
        .map_err(|unsupported| Box::new(refuse_unsupported(tokens, range, unsupported)))
}

fn refuse_unsupported(tokens: &Tokens<'_>, range: TokenRange, why: Unsupported) -> Refusal {
    Refusal::new(
        Reason::Unsupported,
        SqlState::FEATURE_NOT_SUPPORTED,
        "this statement cannot be checked",
    )
    .detail(format!("It uses {}, whose columns cannot be told.", why.what))
    .hint("Write it in another way, or ask for a rule that lets this role pass unchecked.")
    .at(tokens.position(why.at.unwrap_or(range.start)))
}

/// The parser's message without anything of the client's values, and the place it names.
fn explain(message: &str, analysis: &Analysis) -> (String, Option<usize>) {
    let column = message
        .rsplit_once("Column: ")
        .and_then(|(_, rest)| rest.trim_end_matches(')').trim().parse::<u64>().ok());
    let place = column.and_then(|column| analysis.token_at(column));
    let text = if message.contains("recursion limit") {
        "The statement is nested too deeply."
    } else {
        "It is not in the part of PostgreSQL's grammar that can be checked."
    };
    (text.to_owned(), place)
}

/// Refuses what would need more stack than judging has. Counts nesting and chains, not operators:
/// a thousand rows of casts are ordinary.
fn check_depth(tokens: &Tokens<'_>, range: TokenRange) -> Refused<()> {
    let mut chains = vec![0usize];
    for i in range.start..range.end {
        let (mut link, mut cut) = (false, false);
        match tokens.kind(i) {
            None => break,
            Some(TokenKind::Punctuation('(' | '[')) => chains.push(0),
            Some(TokenKind::Punctuation(')' | ']')) => {
                if chains.len() > 1 {
                    chains.pop();
                }
            }
            Some(TokenKind::Punctuation(',')) => cut = true,
            Some(TokenKind::Operator(_) | TokenKind::Cast) => link = true,
            Some(TokenKind::Word(word)) => match word.as_str() {
                "and" | "or" | "not" | "union" | "intersect" | "except" | "is" | "collate"
                | "at" | "like" | "ilike" | "in" | "join" => link = true,
                "case" => chains.push(0),
                "end" if chains.len() > 1 => {
                    chains.pop();
                }
                _ => {}
            },
            Some(_) => {}
        }
        if let Some(chain) = chains.last_mut() {
            *chain = if cut { 0 } else { *chain + usize::from(link) };
            if *chain > MAX_CHAIN || chains.len() > MAX_NESTING {
                return Err(Box::new(
                    Refusal::new(
                        Reason::Limit,
                        SqlState::STATEMENT_TOO_COMPLEX,
                        "statement is nested too deeply to be checked",
                    )
                    .detail(format!(
                        "At most {MAX_NESTING} levels and {MAX_CHAIN} operators in one expression."
                    ))
                    .at(tokens.position(i)),
                ));
            }
        }
    }
    Ok(())
}
