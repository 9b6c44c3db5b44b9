//! SQL-level EXECUTE: its arguments are expressions, which read no table. What it runs was judged
//! when it was prepared; its plan is shown where that of the statement alone would be.

use std::sync::Arc;

use super::closed;
use super::data::account;
use super::people::Argument;
use super::text::{Context, Step};
use crate::model::access::SessionEffect;
use crate::model::names::Name;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::sql::lexer::TokenKind;
use crate::sql::parse::parse_list;
use crate::sql::resolve::{Reader, Refused, resolve};
use crate::sql::statement::Wrap;
use crate::sql::tokens::{TokenRange, Tokens};

pub fn judge(context: &Context<'_>, name: Name, args: TokenRange, explains: bool) -> Refused<Step> {
    if args.start < args.end {
        check(context, args)?;
    }
    let effect = Some(SessionEffect::Execute(name));
    let tag = if explains { "EXPLAIN" } else { "EXECUTE" };
    let mut step = Step { relies: true, ..Step::harmless(tag, effect) };
    step.judged.explains = explains;
    step.judged.arguments = arguments(context.tokens, args);
    Ok(step)
}

/// The arguments that are literals, for the record of whose rows are touched.
fn arguments(tokens: &Tokens<'_>, args: TokenRange) -> Arc<[Argument]> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, args.start + 1);
    for place in args.start..args.end {
        let ends = match tokens.kind(place) {
            Some(TokenKind::Punctuation('(' | '[')) => {
                depth += 1;
                false
            }
            Some(TokenKind::Punctuation(')' | ']')) => {
                depth = depth.saturating_sub(1);
                depth == 0
            }
            Some(TokenKind::Punctuation(',')) => depth == 1,
            _ => false,
        };
        if ends {
            found.push(match (place - start, tokens.kind(start)) {
                (1, Some(TokenKind::Text(text))) => Argument::Text(text.as_str().into()),
                (1, Some(TokenKind::Number)) => Argument::Text(tokens.source(start).into()),
                _ => Argument::Unknown,
            });
            start = place + 1;
        }
    }
    found.into()
}

fn check(context: &Context<'_>, args: TokenRange) -> Refused<()> {
    let Context { world, access, tokens } = context;
    let list = parse_list(tokens, args)?;
    let resolution = resolve(&list, tokens, &world.catalog, Reader::new(&access.search_path))?;
    account(context, args, &Wrap::Nothing, &resolution)?;
    if !resolution.sites.is_empty() {
        let refusal = Refusal::new(
            Reason::Unsupported,
            SqlState::FEATURE_NOT_SUPPORTED,
            "cannot use subquery in EXECUTE parameter",
        );
        return Err(Box::new(refusal.at(tokens.position(args.start))));
    }
    match closed::code(context, args, &resolution, true) {
        Some(refusal) => Err(refusal),
        None => Ok(()),
    }
}
