//! Functions in SQL over personal data: called where the purpose sees all that their bodies read,
//! as it is and of everybody.
//!
//! A body cannot be rewritten, so it needs no rewriting or is not called. What a function gives
//! has no lineage: it is read, never written anywhere. Of whom it reads depends on its arguments,
//! for each row anew, so nothing is taken to be pinned in it. What it reads is recorded as read by
//! the statement, and decided with it: two sites may not be told apart by a rule.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::text::Context;
use super::{closed, data};
use crate::model::refusal::Refusal;
use crate::model::ruling::{Action, Decision, RelationClass, SiteRuling};
use crate::model::usage::{SiteUse, Uses};
use crate::sql::resolve::Resolution;
use crate::sql::tokens::TokenRange;

/// A statement together with what the functions read that it calls.
pub struct Bodies {
    pub uses: Uses,
    pub decision: Decision,
}

/// Why a statement that only reads may not run its code, and what that code reads of people.
pub fn judge(
    context: &Context<'_>,
    range: TokenRange,
    (resolution, alone): (&Resolution, &Decision),
) -> (Option<Box<Refusal>>, Option<Bodies>) {
    let governed = data::touches(alone, RelationClass::Governed);
    let found: RefCell<Vec<SiteUse>> = RefCell::default();
    let personal = |uses: &Uses| {
        let sees = sees_all(context, uses);
        if sees {
            found.borrow_mut().extend(uses.sites.iter().cloned());
        }
        sees
    };
    let doubt = |governed| closed::code_over(context, range, resolution, (governed, &personal));
    let refusal = doubt(governed);
    let read = found.take();
    if refusal.is_some() || read.is_empty() {
        return (refusal, None);
    }
    let mut uses = resolution.uses.clone();
    uses.sites.extend(read);
    let decision = context.world.rules.decide(&uses, context.access, &context.world.catalog);
    let refusal = decision.refusal.clone().map(Box::new).or_else(|| doubt(true));
    let (own, others) = decision.sites.split_at(alone.sites.len().min(decision.sites.len()));
    if refusal.is_none() && *own == *alone.sites && others.iter().all(is_clear) {
        return (None, Some(Bodies { uses, decision }));
    }
    // As it would be if nothing personal could be read by a function.
    (refusal.or_else(|| closed::code(context, range, resolution, governed)), None)
}

fn sees_all(context: &Context<'_>, uses: &Uses) -> bool {
    let uses = Uses { pinned: BTreeSet::new(), ..uses.clone() };
    let decision = context.world.rules.decide(&uses, context.access, &context.world.catalog);
    let open = |site: &SiteRuling| {
        closed::is_open(context, site.relation)
            || (site.class == RelationClass::Governed && is_clear(site))
    };
    decision.refusal.is_none()
        && !decision.observe
        && decision.max_rows.is_none()
        && decision.sites.iter().all(open)
}

fn is_clear(site: &SiteRuling) -> bool {
    let mut columns = site.columns.values();
    site.row_conditions.is_empty()
        && columns.all(|column| column.action == Action::Allow && column.conditions.is_empty())
}
