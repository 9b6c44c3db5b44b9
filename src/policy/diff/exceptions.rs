//! Rules: whether what a rule did is still done by one.
//!
//! Rules are told apart by what they do, not by their ids: a rule that does all another did stands
//! for it, whatever it is called.

use std::collections::{BTreeMap, BTreeSet};

use super::Both;
use super::change::{Change, Effect};
use crate::model::names::Name;
use crate::policy::ruleset::{Rule, Rules};
use crate::policy::shape::Then;

pub fn compare(both: &Both<'_>, changes: &mut Vec<Change>) {
    for old in &both.old.rules {
        let names = |new: &&Rule| covers((both.new, new), (both.old, old));
        let kept = both.new.rules.iter().filter(|new| names(new));
        let until: Vec<Option<u32>> = kept.map(|new| new.until).collect();
        if until.contains(&None) || (old.until.is_some() && until.contains(&old.until)) {
            continue;
        }
        let same = both.new.rules.iter().find(|new| new.rule.id == old.rule.id);
        let to = match (same, until.first()) {
            (_, Some(_)) => "for people not told",
            (Some(_), None) => "loosened",
            (None, None) => "gone",
        };
        let held = until.into_iter().flatten().max();
        changes.push(
            Change::new(Effect::Reduction, old.rule.id.clone())
                .values("for everybody", to)
                .at(Some(&old.rule.place), same.map(|new| new.rule.place.as_str()))
                .since(held),
        );
    }
    for new in &both.new.rules {
        let held = |old: &Rule| covers((both.old, old), (both.new, new));
        if both.old.rules.iter().any(held) || new.until.is_some() {
            continue;
        }
        let old = both.old.rules.iter().find(|old| old.rule.id == new.rule.id);
        let from = if old.is_some() { "less" } else { "not there" };
        let log_only = new.then.iter().all(|then| *then == Then::Log) || new.observe;
        let effect = if log_only { Effect::Neutral } else { Effect::Narrowing };
        changes.push(
            Change::new(effect, new.rule.id.clone())
                .values(from, if old.is_some() { "more" } else { "new" })
                .at(old.map(|old| old.rule.place.as_str()), Some(&new.rule.place)),
        );
    }
}

/// Combinations and quotas: one that says the same under the same id is kept; of any other change
/// nobody can tell that it is not a reduction.
pub fn compare_limits(both: &Both<'_>, changes: &mut Vec<Change>) {
    let (old, new) = (limits(both.old), limits(both.new));
    for (id, (said, place)) in &old {
        match new.get(id) {
            Some((now, _)) if now == said => {}
            other => {
                let to = if other.is_some() { "changed" } else { "gone" };
                let at = other.map(|(_, place)| *place);
                changes.push(
                    Change::new(Effect::Reduction, *id).values("as it was", to).at(Some(place), at),
                );
            }
        }
    }
    for (id, (_, place)) in new.iter().filter(|(id, _)| !old.contains_key(*id)) {
        let change = Change::new(Effect::Narrowing, *id).values("not there", "new");
        changes.push(change.at(None, Some(place)));
    }
}

/// By id: what is said, in names, and where.
fn limits(rules: &Rules) -> BTreeMap<&str, (String, &str)> {
    let listed = |list: &[bool]| -> Vec<&str> {
        let names = rules.categories.names.iter().map(|name| name.as_str());
        names.zip(list).filter(|(_, on)| **on).map(|(name, _)| name).collect()
    };
    let purposes = |list: &[bool]| -> Vec<&str> {
        let on = |at: &usize| list.get(*at).copied().unwrap_or(false);
        let index = rules.purpose_index.iter().filter(|(_, at)| on(at));
        index.map(|(path, _)| path.as_str()).collect()
    };
    let combinations = rules.combinations.iter().map(|c| {
        let of: BTreeSet<Vec<&str>> = c.of.iter().map(|one| listed(one)).collect();
        let said = (of, purposes(&c.purposes), &c.roles, c.then, c.even_masked);
        (c.rule.id.as_str(), (format!("{said:?}"), c.rule.place.as_str()))
    });
    let quotas = rules.quotas.iter().map(|q| {
        let most = (q.people, q.rows, q.statements, q.window_s);
        let said = (most, purposes(&q.purposes), &q.roles);
        (q.rule.id.as_str(), (format!("{said:?}"), q.rule.place.as_str()))
    });
    combinations.chain(quotas).collect()
}

/// Whether one rule does at least what another does, in a version of the rules each.
pub fn covers((wider, by): (&Rules, &Rule), (rules, rule): (&Rules, &Rule)) -> bool {
    purposes((wider, by), (rules, rule))
        && (by.roles.is_none() || roles(wider, by).is_superset(&roles(rules, rule)))
        && reads((wider, by), (rules, rule))
        && by.subject == rule.subject
        && (!by.other_service || rule.other_service)
        && (by.except_consent.is_none() || by.except_consent == rule.except_consent)
        && asks_person(by) == asks_person(rule)
        && match (by.rows_over, rule.rows_over) {
            (None, None) => true,
            (Some(by), Some(rule)) => by <= rule,
            (Some(_), None) | (None, Some(_)) => false,
        }
        && rule.then.iter().all(|then| by.then.iter().any(|by| stands_for(*by, *then)))
        && (!by.observe || rule.observe)
        && (by.service.is_none() || by.service == rule.service)
        && by.not_services.is_subset(&rule.not_services)
}

/// General rules of which a service has its own that does less.
pub fn loosened(rules: &Rules, service: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for general in rules.rules.iter().filter(|rule| rule.not_services.contains(service)) {
        let own = rules.rules.iter().filter(|rule| rule.service.as_deref() == Some(service));
        let alike = |rule: &&Rule| {
            let unbound = Rule { service: None, ..(*rule).clone() };
            let everywhere = Rule { not_services: BTreeSet::new(), ..general.clone() };
            covers((rules, &unbound), (rules, &everywhere))
        };
        if own.clone().any(|rule| alike(&rule)) {
            continue;
        }
        let id = general.rule.id.trim_start_matches("rules.");
        let instead = own.clone().find(|rule| rule.rule.id.ends_with(&format!(".{id}")));
        changes.push(
            Change::new(Effect::Reduction, general.rule.id.clone())
                .values("for everybody", "less")
                .at(Some(&general.rule.place), instead.map(|rule| rule.rule.place.as_str())),
        );
    }
    changes
}

fn asks_person(rule: &Rule) -> bool {
    rule.subject.is_some() || rule.except_consent.is_some()
}

fn stands_for(by: Then, then: Then) -> bool {
    by == then || (by == Then::HideRows && then == Then::Mask)
}

/// Purposes that are no more need no rule.
fn purposes((wider, by): (&Rules, &Rule), (rules, rule): (&Rules, &Rule)) -> bool {
    rules.purpose_index.iter().all(|(path, at)| {
        let asked = rule.purposes.get(*at).copied().unwrap_or(false);
        let Some(same) = wider.purpose_index.get(path) else { return true };
        !asked || by.purposes.get(*same).copied().unwrap_or(false)
    })
}

fn roles(rules: &Rules, rule: &Rule) -> BTreeSet<Name> {
    match &rule.roles {
        Some(roles) => roles.clone(),
        None => rules.roles.keys().cloned().collect(),
    }
}

fn reads((wider, by): (&Rules, &Rule), (rules, rule): (&Rules, &Rule)) -> bool {
    let (Some(by), Some(rule)) = (&by.reads, &rule.reads) else { return by.reads.is_none() };
    rules.categories.index.iter().all(|(name, at)| {
        let asked = rule.get(*at).copied().unwrap_or(false);
        let Some(same) = wider.categories.index.get(name) else { return true };
        !asked || by.get(*same).copied().unwrap_or(false)
    })
}
