//! What a purpose asks before it opens anything: agreement, evidence, one person; and what it may
//! do besides reading.

use std::collections::BTreeSet;

use super::cells::Sides;
use super::change::{Change, Effect};
use crate::model::privacy::Consent;
use crate::policy::ruleset::{ListRule, Need, Rules};

pub fn compare(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    sides.consent(changes);
    sides.flags(changes);
    sides.lists(changes);
    sides.needs(changes);
}

impl Sides<'_> {
    fn change(&self, effect: Effect, what: &str) -> Change {
        let (old, new) = (self.old.rule.place.as_str(), self.new.rule.place.as_str());
        Change::new(effect, format!("{}, {what}", self.purpose)).at(Some(old), Some(new))
    }

    fn consent(&self, changes: &mut Vec<Change>) {
        let (old, new) = (self.old.consent, self.new.consent);
        if old != new {
            let effect = if new < old { Effect::Reduction } else { Effect::Narrowing };
            let version = self.both.new.policy.version;
            let held = self.new.consent_before.filter(|(_, before)| *before >= old);
            let held = held.map(|(since, _)| since).filter(|since| Some(*since) >= version);
            changes.push(
                self.change(effect, "consent")
                    .values(consent(old), consent(new))
                    .at(Some(&self.old.consent_rule.place), Some(&self.new.consent_rule.place))
                    .since(held.filter(|_| effect == Effect::Reduction)),
            );
        }
        if self.old.basis != self.new.basis {
            let basis = |basis| format!("{basis:?}").to_lowercase();
            let of = |b: Option<_>| b.map_or_else(|| "none".to_owned(), basis);
            changes.push(
                self.change(Effect::Neutral, "basis")
                    .values(of(self.old.basis), of(self.new.basis)),
            );
        }
    }

    fn flags(&self, changes: &mut Vec<Change>) {
        let (old, new) = (self.old, self.new);
        let flags = [
            ("only_one_person", !old.only_one_person, !new.only_one_person, true),
            ("overrides_refusal", old.overrides_refusal, new.overrides_refusal, false),
            ("forbidden", !old.forbidden, !new.forbidden, true),
        ];
        if old.min_group != new.min_group {
            let people = |group: Option<u32>| group.map_or("none".to_owned(), |n| n.to_string());
            // None: nothing of an aggregate is seen.
            let size = |group: Option<u32>| group.unwrap_or(u32::MAX);
            let effect = match size(new.min_group) < size(old.min_group) {
                true => Effect::Reduction,
                false => Effect::Narrowing,
            };
            let change = self.change(effect, "min_group");
            changes.push(change.values(people(old.min_group), people(new.min_group)));
        }
        let groups = |rules: &Rules, groups: &[usize]| -> BTreeSet<String> {
            let names = groups.iter().filter_map(|at| rules.categories.names.get(*at));
            names.map(ToString::to_string).collect()
        };
        let (was, is) = (groups(self.both.old, &old.groups), groups(self.both.new, &new.groups));
        for (effect, (from, to)) in sets(&was, &is) {
            changes.push(self.change(effect, "groups").values(from, to));
        }
        for (what, was, is, negated) in flags {
            let Some(effect) = Effect::of_permission(was, is) else { continue };
            let word = |open: bool| (open != negated).to_string();
            changes.push(self.change(effect, what).values(word(was), word(is)));
        }
    }

    fn lists(&self, changes: &mut Vec<Change>) {
        let lists = [
            ("write", &self.old.write, &self.new.write),
            ("write_only", &self.old.write_only, &self.new.write_only),
            ("lookup", &self.old.lookup, &self.new.lookup),
            ("tells_taken", &self.old.tells_taken, &self.new.tells_taken),
        ];
        for (what, old, new) in lists {
            let (old, new) = (named(self.both.old, old), named(self.both.new, new));
            for (effect, more) in sets(&old, &new) {
                changes.push(self.change(effect, what).values(more.0, more.1));
            }
        }
    }

    fn needs(&self, changes: &mut Vec<Change>) {
        let of = |needs: &Vec<Need>| needs.iter().map(Need::spelt).collect::<BTreeSet<String>>();
        for (effect, more) in sets(&of(&self.old.needs), &of(&self.new.needs)) {
            // The other way round: who has to say more may do less.
            let effect = match effect {
                Effect::Reduction => Effect::Narrowing,
                Effect::Narrowing => Effect::Reduction,
                Effect::Neutral => Effect::Neutral,
            };
            changes.push(self.change(effect, "needs").values(more.0, more.1));
        }
        let (old, new) = (&self.old.only_people, &self.new.only_people);
        if old != new {
            // Another list names others: nobody can tell that they are fewer.
            let effect = if old.is_none() { Effect::Narrowing } else { Effect::Reduction };
            let of = |list: &Option<ListRule>| match list {
                Some(list) => format!("those of {}", list.table),
                None => "all".to_owned(),
            };
            changes.push(self.change(effect, "only_people").values(of(old), of(new)));
        }
    }
}

fn consent(consent: Consent) -> &'static str {
    match consent {
        Consent::None => "none",
        Consent::Implied => "implied",
        Consent::Explicit => "explicit",
    }
}

/// Names of the leaves of a list by category.
fn named(rules: &Rules, listed: &[bool]) -> BTreeSet<String> {
    let tree = &rules.categories;
    let leaf = |at: &usize| tree.masks.get(*at).is_some_and(Option::is_some);
    let listed = listed.iter().enumerate().filter(|(_, listed)| **listed).map(|(at, _)| at);
    listed.filter(leaf).filter_map(|at| tree.names.get(at)).map(ToString::to_string).collect()
}

/// What a set gained is a reduction, what it lost a narrowing.
pub fn sets(old: &BTreeSet<String>, new: &BTreeSet<String>) -> Vec<(Effect, (String, String))> {
    let but = |set: &BTreeSet<String>, other: &BTreeSet<String>| {
        set.difference(other).map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    let (more, less) = (but(new, old), but(old, new));
    let mut found = Vec::new();
    if !more.is_empty() {
        found.push((Effect::Reduction, ("not named".to_owned(), more)));
    }
    if !less.is_empty() {
        found.push((Effect::Narrowing, (less, "not named".to_owned())));
    }
    found
}
