//! `only_one_person`: the statement must pin one person wherever it touches people. And whose a
//! value is that is copied.

use std::collections::{BTreeMap, BTreeSet};

use super::site::{ColumnDraft, SiteDraft};
use super::statement::Question;
use super::texts;
use crate::model::refusal::Refusal;
use crate::model::usage::{SiteAccess, SiteColumn, SiteId};

/// A site is about one person if its subject's column is pinned to a constant, or a column that
/// the purpose may look up is, or either is equated with a column that is pinned, here or in the
/// query that this one stands in.
pub fn check(q: &Question<'_>, drafts: &[Option<SiteDraft<'_>>], refusals: &mut Vec<Refusal>) {
    let demanded = |draft: &SiteDraft<'_>| draft.meant.only_one_person;
    if !drafts.iter().flatten().any(demanded) {
        return;
    }
    let Pins { groups, pinned } = pins(q, drafts);
    for (at, draft) in drafts.iter().enumerate() {
        let Some(draft) = draft.as_ref().filter(|draft| demanded(draft)) else { continue };
        // A new row is about whom it is written for.
        if draft.use_.access == SiteAccess::Insert && draft.use_.read.is_empty() {
            continue;
        }
        let one = draft.relation.subject_column.is_some_and(|number| {
            pinned.contains(&groups.root(SiteColumn { site: SiteId(at), number }))
        });
        if !one {
            refusals.push(texts::one_person(q, draft));
            return;
        }
    }
}

/// Whether a value stays with its person: the person's key goes with it, or is equated with the
/// key of the row it is written to, or one person is pinned.
pub fn stays(
    q: &Question<'_>,
    drafts: &[Option<SiteDraft<'_>>],
    from: SiteColumn,
    to: SiteColumn,
) -> bool {
    let with = |column: SiteColumn| {
        let draft = drafts.get(column.site.0).and_then(Option::as_ref)?;
        let number = draft.relation.subject_column?;
        Some(SiteColumn { site: column.site, number })
    };
    // Without a way to the person, only purposes that ask no person anything can use the data.
    let (Some(from), Some(to)) = (with(from), with(to)) else { return true };
    let carried =
        q.uses.flows.iter().any(|flow| flow.is_direct && flow.from == from && flow.to == to);
    let Pins { groups, pinned } = pins(q, drafts);
    carried || groups.root(from) == groups.root(to) || pinned.contains(&groups.root(from))
}

/// Columns that are one value in the whole statement.
struct Pins {
    groups: Groups,
    /// Roots of groups.
    pinned: BTreeSet<SiteColumn>,
}

fn pins(q: &Question<'_>, drafts: &[Option<SiteDraft<'_>>]) -> Pins {
    let mut groups = Groups::default();
    for (left, right) in &q.uses.equated {
        if clear(drafts, *left) && clear(drafts, *right) {
            groups.join(*left, *right);
        }
    }
    let known = q.uses.pinned.iter().filter(|column| clear(drafts, **column));
    let mut pinned: BTreeSet<SiteColumn> = known.map(|column| groups.root(*column)).collect();
    // A site pinned by a look-up pins its subject, which may pin further sites, as does a query
    // further out.
    loop {
        let before = pinned.len();
        for (at, draft) in drafts.iter().enumerate() {
            let Some(draft) = draft else { continue };
            let site = SiteId(at);
            let opens = |number: &i16| {
                let column = SiteColumn { site, number: *number };
                draft.columns.get(number).is_some_and(|c| c.lookup)
                    && draft.use_.lookup.contains(number)
                    && q.uses.pinned.contains(&column)
            };
            if let Some(number) = draft.relation.subject_column
                && draft.columns.keys().any(opens)
            {
                pinned.insert(groups.root(SiteColumn { site, number }));
            }
        }
        for (inner, outer) in &q.uses.follows {
            if clear(drafts, *inner)
                && clear(drafts, *outer)
                && pinned.contains(&groups.root(*outer))
            {
                pinned.insert(groups.root(*inner));
            }
        }
        if pinned.len() == before {
            break;
        }
    }
    Pins { groups, pinned }
}

/// Whether comparisons see the value itself: many people share one masked value.
fn clear(drafts: &[Option<SiteDraft<'_>>], column: SiteColumn) -> bool {
    match drafts.get(column.site.0) {
        None => false,
        // Not governed: nothing is masked there.
        Some(None) => true,
        Some(Some(draft)) => {
            let governed = draft.columns.get(&column.number);
            governed.is_none_or(ColumnDraft::shows_value)
        }
    }
}

/// Columns that are equal to each other in every row of the result.
#[derive(Default)]
pub struct Groups(BTreeMap<SiteColumn, SiteColumn>);

impl Groups {
    pub fn root(&self, column: SiteColumn) -> SiteColumn {
        let mut at = column;
        while let Some(above) = self.0.get(&at) {
            at = *above;
        }
        at
    }

    pub fn join(&mut self, left: SiteColumn, right: SiteColumn) {
        let (left, right) = (self.root(left), self.root(right));
        if left != right {
            self.0.insert(left.max(right), left.min(right));
        }
    }
}
