//! Purpose × category × service: the word before and the word now.

use std::collections::BTreeSet;

use super::change::{Change, Effect};
use super::{Both, conditions};
use crate::model::ruling::{Action, Mask, RuleRef};
use crate::policy::ruleset::{Effective, PurposeRule, Rules, Word};

pub fn compare(both: &Both<'_>, changes: &mut Vec<Change>) {
    let paths: BTreeSet<&String> =
        both.old.purpose_index.keys().chain(both.new.purpose_index.keys()).collect();
    for path in paths {
        let old = Both::purpose(both.old, path).filter(|purpose| !purpose.has_parts);
        let new = Both::purpose(both.new, path).filter(|purpose| !purpose.has_parts);
        match (old, new) {
            (None, None) => {}
            (Some(old), None) => {
                let place = old.place.line_ref();
                let change = Change::new(Effect::Narrowing, format!("purpose {path}"));
                changes.push(change.values("declared", "gone").at(Some(&place), None));
            }
            (None, Some(new)) => changes.push(added(path, new)),
            (Some(old), Some(new)) => purpose(both, (old, new), changes),
        }
    }
}

fn added(path: &str, new: &PurposeRule) -> Change {
    let opens = new.services.iter().any(|meant| !meant.forbidden && opens(meant));
    let effect = if opens { Effect::Reduction } else { Effect::Neutral };
    let since = new.services.first().and_then(|meant| meant.since);
    Change::new(effect, format!("purpose {path}"))
        .values("not there", "new")
        .at(None, Some(&new.place.line_ref()))
        .since(since)
}

/// Whether anything can be done for a purpose.
pub fn opens(meant: &Effective) -> bool {
    meant.words.iter().any(|word| word.action != Action::Block)
        || meant.write.iter().chain(&meant.write_only).any(|write| *write)
}

fn purpose(both: &Both<'_>, (old, new): (&PurposeRule, &PurposeRule), changes: &mut Vec<Change>) {
    let names = both.old.services.iter().chain(&both.new.services).map(|s| s.name.as_str());
    let services: BTreeSet<Option<&str>> = names.map(Some).chain([None]).collect();
    if let Some(effect) = Effect::of_permission(!old.token_required, !new.token_required) {
        let word = |required: bool| if required { "required" } else { "optional" };
        let change = Change::new(effect, format!("{}, token", new.path))
            .values(word(old.token_required), word(new.token_required));
        changes.push(change.at(Some(&old.place.line_ref()), Some(&new.place.line_ref())));
    }
    let mut general: Vec<Change> = Vec::new();
    // `None`, the data of no service, comes first.
    for service in services {
        let (Some(before), Some(now)) =
            (Both::meaning(both.old, old, service), Both::meaning(both.new, new, service))
        else {
            continue;
        };
        let mut found = Vec::new();
        let sides = Sides { both, old: before, new: now, purpose: new.path.as_str() };
        if before.forbidden && now.forbidden {
            continue;
        }
        sides.words(&mut found);
        conditions::compare(&sides, &mut found);
        match service {
            None => general.clone_from(&found),
            Some(name) => {
                // What falls back to the general rules has been told there.
                found.retain(|change| !general.iter().any(|told| same(told, change)));
                for change in &mut found {
                    change.what = format!("{} (service {name})", change.what);
                }
            }
        }
        changes.append(&mut found);
    }
}

/// The data of no service against that of one.
pub fn service(both: &Both<'_>, purpose: &PurposeRule, name: &str, changes: &mut Vec<Change>) {
    let general = purpose.services.first();
    let own = Both::meaning(both.new, purpose, Some(name));
    let (Some(old), Some(new)) = (general, own) else { return };
    if old.forbidden && new.forbidden {
        return;
    }
    let sides = Sides { both, old, new, purpose: purpose.path.as_str() };
    sides.words(changes);
    conditions::compare(&sides, changes);
}

fn same(told: &Change, change: &Change) -> bool {
    (&told.what, &told.from, &told.to) == (&change.what, &change.from, &change.to)
}

/// One purpose for the data of one service, before and now.
pub struct Sides<'s> {
    pub both: &'s Both<'s>,
    pub old: &'s Effective,
    pub new: &'s Effective,
    pub purpose: &'s str,
}

impl Sides<'_> {
    fn words(&self, changes: &mut Vec<Change>) {
        for leaf in leaves(self.both) {
            let old = found(self.both.old, self.old, &leaf);
            let new = found(self.both.new, self.new, &leaf);
            let (before, now) = (shown(self.old, old, None), shown(self.new, new, None));
            // Whoever has not been told counts as well: their word may have become milder.
            let untold: Vec<(u32, Action, Action)> = self
                .versions(old)
                .into_iter()
                .map(|at| (at, shown(self.old, old, Some(at)), shown(self.new, new, Some(at))))
                .collect();
            let widened = untold.iter().find(|(_, b, n)| milder(*b, *n) == Some(Effect::Reduction));
            let (effect, from, to) = match (milder(before, now), widened) {
                (Some(effect), _) => (effect, before.word(), now.word()),
                (None, Some((at, before, now))) => {
                    let word = |action: Action| format!("{} before {at}", action.word());
                    (Effect::Reduction, word(*before), word(*now))
                }
                (None, None) => continue,
            };
            let version = self.both.new.policy.version;
            let since = self.new.since.filter(|since| Some(*since) >= version);
            let newest = version.filter(|version| Some(*version) > self.both.old.policy.version);
            let held = since.or(newest.filter(|_| widened.is_none()));
            changes.push(
                Change::new(effect, format!("{} × {leaf}", self.purpose))
                    .values(from, to)
                    .at(place(self.old, old).as_deref(), place(self.new, new).as_deref())
                    .since(held.filter(|_| effect == Effect::Reduction)),
            );
        }
    }

    /// Versions of which people may not have been told: those that the old word speaks of, and the
    /// one that is new.
    fn versions(&self, old: Option<&Word>) -> BTreeSet<u32> {
        let (was, is) = (self.both.old.policy.version, self.both.new.policy.version);
        let known = old.into_iter().flat_map(|word| word.before.keys().copied());
        known.chain(is.filter(|_| is > was)).collect()
    }
}

/// Names of the categories that have no others below them, of both versions.
fn leaves(both: &Both<'_>) -> BTreeSet<String> {
    let of = |rules: &Rules| -> Vec<String> {
        let tree = &rules.categories;
        let leaf = |at: &usize| tree.masks.get(*at).is_some_and(Option::is_some);
        let leaves = (0..tree.count()).filter(leaf);
        leaves.filter_map(|at| tree.names.get(at)).map(ToString::to_string).collect()
    };
    of(both.old).into_iter().chain(of(both.new)).collect()
}

fn found<'e>(rules: &Rules, meant: &'e Effective, leaf: &str) -> Option<&'e Word> {
    meant.words.get(*rules.categories.index.get(leaf)?)
}

/// To people who have been told of everything, or not of a version.
fn shown(meant: &Effective, word: Option<&Word>, untold: Option<u32>) -> Action {
    match word {
        Some(word) if !meant.forbidden => untold.map_or(word.action, |at| word.untold(at)),
        Some(_) | None => Action::Block,
    }
}

fn place(meant: &Effective, word: Option<&Word>) -> Option<String> {
    if meant.forbidden {
        return Some(meant.rule.place.clone());
    }
    let because: Option<&RuleRef> = word.and_then(|word| word.because.first());
    because.map(|rule| rule.place.clone())
}

/// What going from one action to another does. `None`: nothing.
pub fn milder(before: Action, now: Action) -> Option<Effect> {
    match (before, now) {
        _ if before == now => None,
        // Another mask shows another part; only `fixed` shows none.
        (Action::Mask(_), Action::Mask(Mask::Fixed)) => Some(Effect::Narrowing),
        (Action::Mask(_), Action::Mask(_)) => Some(Effect::Reduction),
        _ if now < before => Some(Effect::Reduction),
        _ => Some(Effect::Narrowing),
    }
}
