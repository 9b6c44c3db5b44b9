//! SQL-level EXECUTE: its arguments are expressions, which read no table.

use super::closed;
use super::data::account;
use super::text::{Context, Step};
use crate::model::access::SessionEffect;
use crate::model::names::Name;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::sql::parse::parse_list;
use crate::sql::resolve::{Reader, Refused, resolve};
use crate::sql::statement::Wrap;
use crate::sql::tokens::TokenRange;

pub fn judge(context: &Context<'_>, name: Name, args: TokenRange) -> Refused<Step> {
    if args.start < args.end {
        check(context, args)?;
    }
    let effect = Some(SessionEffect::Execute(name));
    Ok(Step { relies: true, ..Step::harmless("EXECUTE", effect) })
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
