//! What may be written, and where values may flow.
//!
//! A purpose writes only categories it names under `write` and sees in clear: a masked value
//! must not be written back over the real one. A clear value may flow only into a column of at
//! least the same categories, or it would lose its label.

use std::collections::BTreeSet;

use super::site::SiteDraft;
use super::statement::Question;
use super::texts;
use crate::model::refusal::Refusal;
use crate::model::ruling::{Action, RelationClass};
use crate::model::usage::{SiteAccess, SiteColumn};

type Drafts<'d> = [Option<SiteDraft<'d>>];

pub fn check(
    q: &Question<'_>,
    drafts: &Drafts<'_>,
    classes: &[Option<RelationClass>],
    refusals: &mut Vec<Refusal>,
) {
    for draft in drafts.iter().flatten() {
        if draft.use_.access != SiteAccess::Read {
            refusals.extend(site(q, draft));
        }
    }
    for flow in &q.uses.flows {
        if let Some(refusal) = carries_away(q, drafts, classes, (flow.from, flow.to)) {
            refusals.push(refusal);
        }
    }
}

fn site(q: &Question<'_>, draft: &SiteDraft<'_>) -> Option<Refusal> {
    let writes = &draft.meant.write;
    if !writes.contains(&true) {
        return Some(texts::may_not_write(q, draft.relation));
    }
    if draft.relation.view.as_ref().is_some_and(|view| !view.is_stored) {
        return Some(texts::write_to_view(draft.relation));
    }
    // INVARIANT: `write` has one entry for each category.
    let covered = |categories: &BTreeSet<usize>| {
        !categories.is_empty() && categories.iter().all(|category| writes[*category])
    };
    for number in &draft.use_.written {
        match draft.columns.get(number) {
            None => {
                let columns = &draft.relation.columns;
                // INVARIANT: categories are indices of the tree and of every list by category.
                let some = columns.values().any(|c| c.categories.iter().any(|one| writes[*one]));
                if !some && !columns.is_empty() {
                    return Some(texts::may_not_write(q, draft.relation));
                }
            }
            Some(column) if !covered(&column.bound.categories) => {
                return Some(texts::may_not_write_column(q, draft, *number));
            }
            Some(column) if column.action() != Action::Allow => {
                return Some(texts::writes_unseen(q, draft, *number));
            }
            Some(_) => {}
        }
    }
    let whole_rows = match draft.use_.access {
        SiteAccess::Delete => true,
        // Where MERGE deletes, it writes every column.
        SiteAccess::Read | SiteAccess::Insert | SiteAccess::Update | SiteAccess::Merge => false,
    };
    if whole_rows {
        for (number, column) in &draft.relation.columns {
            if !covered(&column.categories) {
                return Some(texts::may_not_write_column(q, draft, *number));
            }
        }
    }
    None
}

fn carries_away(
    q: &Question<'_>,
    drafts: &Drafts<'_>,
    classes: &[Option<RelationClass>],
    (from, to): (SiteColumn, SiteColumn),
) -> Option<Refusal> {
    let source = drafts.get(from.site.0)?.as_ref()?;
    let column = source.columns.get(&from.number)?;
    // A target is changed in place: its own columns are read as they are.
    let raw = column.action() == Action::Allow || source.use_.access != SiteAccess::Read;
    if !raw {
        return None;
    }
    let target = drafts.get(to.site.0).and_then(Option::as_ref);
    let keeps = match target {
        Some(target) => q.bound.label(target.relation, to.number).is_some_and(|into| {
            column.bound.categories.iter().all(|category| {
                into.categories.iter().any(|general| q.rules.categories.covers(*general, *category))
            })
        }),
        None => false,
    };
    if keeps {
        return None;
    }
    let class = classes.get(to.site.0).copied().flatten();
    Some(texts::carries_away(q, source, from.number, (to, class)))
}
