//! What may be written, and where values may flow.
//!
//! A purpose writes only categories it names under `write` and sees in clear: a masked value
//! must not be written back over the real one, nor the NULL that stands for somebody's. A clear
//! value may flow only into a column of at least the same categories, or it would lose its label.
//! Where a key can be taken, success itself tells that somebody has it.

use std::collections::BTreeSet;

use super::exceptions::Exceptions;
use super::site::SiteDraft;
use super::statement::Question;
use super::{persons, texts};
use crate::model::refusal::Refusal;
use crate::model::ruling::{Action, RelationClass};
use crate::model::usage::{SiteAccess, SiteColumn, SiteUse};

type Drafts<'d> = [Option<SiteDraft<'d>>];

pub fn check(
    q: &Question<'_>,
    drafts: &Drafts<'_>,
    (classes, exceptions): (&[Option<RelationClass>], &Exceptions<'_>),
    refusals: &mut Vec<Refusal>,
) {
    for draft in drafts.iter().flatten() {
        if draft.use_.access != SiteAccess::Read {
            refusals.extend(site(q, draft).or_else(|| tells_taken(q, draft)));
        }
    }
    for use_ in &q.uses.sites {
        refusals.extend(tells_referenced(q, use_, exceptions));
    }
    for flow in &q.uses.flows {
        if let Some(refusal) = carries_away(q, drafts, classes, (flow.from, flow.to)) {
            refusals.push(refusal);
        }
    }
    refusals.extend(shares(q, drafts, classes));
}

fn all(listed: &[bool], categories: &BTreeSet<usize>) -> bool {
    // INVARIANT: lists by category have one entry for each category.
    !categories.is_empty() && categories.iter().all(|category| listed[*category])
}

/// Whether a purpose may write some categories without seeing them.
pub fn is_write_only(draft: &SiteDraft<'_>, categories: &BTreeSet<usize>) -> bool {
    all(&draft.meant.write_only, categories)
}

fn site(q: &Question<'_>, draft: &SiteDraft<'_>) -> Option<Refusal> {
    let listed = draft.meant.write.iter().zip(&draft.meant.write_only);
    let writes: Vec<bool> = listed.map(|(write, only)| *write || *only).collect();
    if !writes.contains(&true) {
        return Some(texts::may_not_write(q, draft.relation));
    }
    if draft.relation.view.as_ref().is_some_and(|view| !view.is_stored) {
        return Some(texts::write_to_view(draft.relation));
    }
    let covered = |categories: &BTreeSet<usize>| all(&writes, categories);
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
            Some(column)
                if column.action() != Action::Allow
                    && !is_write_only(draft, &column.bound.categories) =>
            {
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

/// A unique column that the purpose does not see in clear for everyone: a conflict tells that
/// somebody has the value.
fn tells_taken(q: &Question<'_>, draft: &SiteDraft<'_>) -> Option<Refusal> {
    let relation = q.catalog.relation(draft.use_.relation)?;
    let told = |number: &&i16| {
        draft.columns.get(number).is_some_and(|column| {
            let hidden = !draft.row_conditions.is_empty() || !column.is_open();
            hidden && !all(&draft.meant.tells_taken, &column.bound.categories)
        })
    };
    let mut written = draft.use_.written.iter().filter(|number| relation.can_conflict(**number));
    written.find(told).map(|number| texts::tells_taken(q, draft, *number))
}

/// A foreign key to a column that the purpose does not see in clear for everyone.
fn tells_referenced(
    q: &Question<'_>,
    use_: &SiteUse,
    exceptions: &Exceptions<'_>,
) -> Option<Refusal> {
    let relation = q.catalog.relation(use_.relation)?;
    for key in &relation.foreign_keys {
        if !key.columns.iter().any(|number| use_.written.contains(number)) {
            continue;
        }
        let Some(bound) = q.bound.relations.get(&key.references) else { continue };
        if bound.class != Some(RelationClass::Governed) {
            continue;
        }
        let read = SiteUse {
            relation: key.references,
            access: SiteAccess::Read,
            read: key.referenced.iter().copied().collect(),
            written: BTreeSet::new(),
            lookup: BTreeSet::new(),
        };
        let mut draft = SiteDraft::new(q, &read, bound);
        exceptions.apply(q, &mut draft);
        let rows = !draft.row_conditions.is_empty();
        let hidden = draft.columns.iter().find(|(_, column)| {
            let hidden = rows || !column.is_open();
            hidden && !all(&draft.meant.tells_taken, &column.bound.categories)
        });
        if let Some((number, _)) = hidden {
            return Some(texts::tells_taken(q, &draft, *number));
        }
    }
    None
}

/// Whether some purpose may do more with the categories in the target's service than in that of
/// the source.
fn is_milder(
    q: &Question<'_>,
    source: &SiteDraft<'_>,
    target: &SiteDraft<'_>,
    number: i16,
) -> bool {
    let (from, to) = (source.relation.service, target.relation.service);
    let Some(column) = source.columns.get(&number).filter(|_| from != to) else { return false };
    q.rules.purposes.iter().any(|purpose| {
        // INVARIANT: `services` has one entry for each slot, `words` for each category.
        let (before, after) = (&purpose.services[from], &purpose.services[to]);
        let word = |category: &usize| {
            let (before, after) = (before.words[*category].action, after.words[*category].action);
            let masked = |action| matches!(action, Action::Mask(_));
            after < before || (masked(after) && masked(before) && after != before)
        };
        after.consent < before.consent
            || (before.forbidden && !after.forbidden)
            || column.bound.categories.iter().any(word)
    })
}

/// Whatever of people decides what is put into a table of others is shared with them: also what is
/// masked or counted, and which rows there are.
fn shares(
    q: &Question<'_>,
    drafts: &Drafts<'_>,
    classes: &[Option<RelationClass>],
) -> Option<Refusal> {
    let theirs = |(use_, class): (&SiteUse, &Option<RelationClass>)| {
        *class == Some(RelationClass::NotCovered) && use_.access != SiteAccess::Read
    };
    let at = q.uses.sites.iter().zip(classes).position(theirs)?;
    let source = drafts.iter().flatten().next()?;
    (!q.purpose.outside).then(|| texts::is_sharing(q, source, at))
}

fn carries_away(
    q: &Question<'_>,
    drafts: &Drafts<'_>,
    classes: &[Option<RelationClass>],
    (from, to): (SiteColumn, SiteColumn),
) -> Option<Refusal> {
    let source = drafts.get(from.site.0)?.as_ref()?;
    let class = classes.get(to.site.0).copied().flatten();
    // What goes over to other companies is shared, masked or not, and so is whose row it was.
    if class == Some(RelationClass::NotCovered) {
        let refusal = || texts::carries_away(q, source, from.number, (to, class));
        return (!q.purpose.outside).then(refusal);
    }
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
        let read = source.use_.access == SiteAccess::Read;
        let elsewhere = read && !persons::stays(q, drafts, from, to);
        let milder = target.is_some_and(|target| is_milder(q, source, target, from.number));
        return match (elsewhere, milder) {
            (true, _) => Some(texts::leaves_person(q, source, from.number, to)),
            (false, true) => Some(texts::leaves_service(q, source, from.number, to)),
            (false, false) => None,
        };
    }
    Some(texts::carries_away(q, source, from.number, (to, class)))
}
