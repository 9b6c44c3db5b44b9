//! Categories that identify a person only together: what happens where one statement sees them all.
//!
//! Whether the columns are of the same person is not asked: a client would join them. A column
//! counts that is seen in clear, or even masked, or that a look-up compares; a hidden one does not.

use std::collections::BTreeSet;

use super::site::{ColumnDraft, SiteDraft};
use super::statement::Question;
use super::{exceptions, texts};
use crate::model::refusal::Refusal;
use crate::model::ruling::{Action, RuleRef};
use crate::policy::ruleset::Combination;
use crate::policy::shape::Together;

/// Applies the combinations of this role and purpose.
pub fn apply<'d>(
    q: &Question<'d>,
    drafts: &mut [Option<SiteDraft<'d>>],
    because: &mut Vec<RuleRef>,
    refusals: &mut Vec<Refusal>,
) {
    // INVARIANT: `purposes` has one entry for each purpose.
    let applies = |combination: &&Combination| {
        combination.purposes[q.claimed.purpose]
            && combination.roles.as_ref().is_none_or(|roles| roles.contains(&q.access.role))
    };
    let rules: Vec<&'d Combination> = q.rules.combinations.iter().filter(applies).collect();
    // One may hide what another counts: each is asked of what was there before any.
    let hit: Vec<&'d Combination> =
        rules.into_iter().filter(|combination| is_whole(combination, drafts)).collect();
    for combination in hit {
        because.push(combination.rule.clone());
        if combination.then == Together::Block {
            refusals.push(texts::together(q, &combination.rule));
            continue;
        }
        for column in drafts.iter_mut().flatten().flat_map(|draft| draft.columns.values_mut()) {
            if combination.of.iter().any(|one| holds(column, one)) {
                let said = match combination.then {
                    Together::Mask => exceptions::masks_of(q.rules, column.bound),
                    Together::Hide | Together::Block => BTreeSet::from([Action::Hide]),
                };
                said.into_iter().for_each(|action| column.restrict(action));
                column.because.insert(&combination.rule);
            }
        }
    }
}

/// Whether all categories of a combination are seen.
fn is_whole(combination: &Combination, drafts: &[Option<SiteDraft<'_>>]) -> bool {
    combination.of.iter().all(|one| {
        drafts.iter().flatten().any(|draft| {
            let mut columns = draft.columns.iter();
            columns.any(|(number, column)| {
                holds(column, one) && is_seen(draft, (*number, column), combination.even_masked)
            })
        })
    })
}

fn is_seen(
    draft: &SiteDraft<'_>,
    (number, column): (i16, &ColumnDraft<'_>),
    even_masked: bool,
) -> bool {
    let shown = match column.action() {
        Action::Allow => true,
        Action::Mask(_) => even_masked,
        Action::Aggregate | Action::Hide | Action::Block => false,
    };
    (shown && draft.use_.read.contains(&number))
        || ((shown || column.lookup) && draft.use_.lookup.contains(&number))
}

fn holds(column: &ColumnDraft<'_>, one: &[bool]) -> bool {
    // INVARIANT: lists by category have one entry for each category.
    column.bound.categories.iter().any(|category| one[*category])
}
