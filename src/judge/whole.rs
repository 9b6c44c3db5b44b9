//! `TABLE t`, spelt as the select it is, so that a derived table can stand there.

use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::sql::analysis::is_whole_table;
use crate::sql::emit::Edit;
use crate::sql::resolve::Refused;
use crate::sql::tokens::{TokenRange, Tokens};

/// The edits for every TABLE of a query. What a select could go on with and TABLE cannot stays an
/// error.
pub fn whole_tables(tokens: &Tokens<'_>, query: TokenRange) -> Refused<Vec<Edit>> {
    // `INTO TABLE t` names what is made.
    const MADE: [&str; 6] = ["into", "temp", "temporary", "local", "global", "unlogged"];
    let made =
        |at: usize| at > query.start && tokens.word(at - 1).is_some_and(|w| MADE.contains(&w));
    let places = (query.start..query.end).filter(|i| {
        tokens.is_word(*i, "table") && !made(*i) && is_whole_table(tokens, query.start, *i)
    });
    places.map(|at| whole_table(tokens, query, at)).collect()
}

fn whole_table(tokens: &Tokens<'_>, query: TokenRange, at: usize) -> Refused<Edit> {
    const AFTER: [&str; 10] = [
        "union",
        "intersect",
        "except",
        "order",
        "limit",
        "offset",
        "fetch",
        "for",
        "returning",
        "on",
    ];
    let mut next = at + 1 + usize::from(tokens.is_word(at + 1, "only"));
    next = match tokens.is_punctuation(next, '(') {
        true => tokens.after_group(next, query.end).unwrap_or(query.end),
        false => next + 1,
    };
    while tokens.is_punctuation(next, '.') {
        next += 2;
    }
    next += usize::from(tokens.is_operator(next, "*"));
    let ends = next >= query.end
        || tokens.is_punctuation(next, ')')
        || tokens.word(next).is_some_and(|word| AFTER.contains(&word));
    if ends {
        return Ok(Edit::replace(TokenRange::new(at, at + 1), "SELECT * FROM"));
    }
    let message = format!("syntax error at or near \"{}\"", tokens.source(next));
    let refusal = Refusal::new(Reason::Unparsable, SqlState::SYNTAX_ERROR, message);
    Err(Box::new(refusal.at(tokens.position(next))))
}
