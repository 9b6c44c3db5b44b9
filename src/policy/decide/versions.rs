//! Versions of the policy side by side: who has not been told of one keeps what was before it.
//!
//! What became stricter counts for everybody at once; only what became milder waits for a person
//! to be told. So a condition of before is met by whoever was told, and the word of before stands
//! beside that of now in the same cell.

use super::site::{ColumnDraft, SiteDraft};
use super::statement::Question;
use crate::model::ruling::{Action, Before, Condition, PersonOutcome};
use crate::policy::ruleset::{Effective, Word};

/// The words of a column's categories for people who have not been told of the version they came
/// with.
pub fn words(q: &Question<'_>, meant: &Effective, draft: &mut ColumnDraft<'_>) {
    if !q.rules.policy.notice_required {
        return;
    }
    // INVARIANT: `words` has one entry for each category.
    let words: Vec<&Word> = draft.bound.categories.iter().map(|at| &meant.words[*at]).collect();
    for version in words.iter().flat_map(|word| word.before.keys()) {
        let untold = words.iter().map(|word| word.untold(*version)).collect();
        draft.before.insert(*version, untold);
    }
    hide(draft);
}

/// One more say, for people who have not been told of a version.
pub fn restrict_untold(draft: &mut ColumnDraft<'_>, version: u32, action: Action) {
    let said = draft.before.range(version..).next().map_or(&draft.actions, |(_, said)| said);
    let said = said.clone();
    draft.before.entry(version).or_insert(said);
    for (_, said) in draft.before.range_mut(..=version) {
        said.insert(action);
    }
    hide(draft);
}

/// Where people who have not been told see nothing, one question about them is enough.
fn hide(draft: &mut ColumnDraft<'_>) {
    let hidden = draft.before.iter().filter(|(_, actions)| {
        let action = draft.strictest(actions);
        !matches!(action, Action::Allow | Action::Mask(_))
    });
    let Some(version) = hidden.map(|(version, _)| *version).max() else { return };
    draft.before.retain(|other, _| *other > version);
    draft.conditions.insert(Condition::SeenVersion(version));
}

/// What is left to be told apart in a cell, lowest version first.
pub fn before(draft: &ColumnDraft<'_>) -> Vec<Before> {
    let before = draft.before.iter();
    before
        .map(|(version, said)| Before { version: *version, action: draft.strictest(said) })
        .collect()
}

/// A purpose that came with a version, or that a role may claim since then, is none for people who
/// have not been told of it.
pub fn purpose<'d>(q: &Question<'d>, draft: &mut SiteDraft<'d>) {
    let since = [(draft.meant.since, &draft.meant.rule), (q.claimed.since, &q.role.rule)];
    let known = since.into_iter().filter_map(|(since, rule)| Some((since?, rule)));
    for (version, rule) in known.filter(|_| q.rules.policy.notice_required) {
        draft.require(Condition::SeenVersion(version), PersonOutcome::HideRows, |_| true);
        draft.because.insert(rule);
    }
}

/// A condition that whoever was told of `version` need not meet. `None`: everybody must.
pub fn unless_told(condition: Condition, version: Option<u32>) -> Condition {
    let Some(version) = version else { return condition };
    let mut any = match condition {
        Condition::Any(any) => any,
        one => vec![one],
    };
    any.push(Condition::SeenVersion(version));
    Condition::Any(any)
}
