//! Roles: who may claim which purpose, from where, and who receives the data.

use std::collections::BTreeSet;

use super::Both;
use super::change::{Change, Effect};
use super::conditions::sets;
use crate::catalog::store::StoreCall;
use crate::policy::ruleset::{Recipient, RoleEntry, Rules};

pub fn compare(both: &Both<'_>, changes: &mut Vec<Change>) {
    let names: BTreeSet<_> = both.old.roles.keys().chain(both.new.roles.keys()).collect();
    for name in names {
        let what = format!("role {name}");
        match (both.old.roles.get(name), both.new.roles.get(name)) {
            (None, None) => {}
            (Some(old), None) => {
                let change =
                    Change::new(Effect::Narrowing, what).values(may(both.old, old), "gone");
                changes.push(change.at(Some(&old.rule.place), None));
            }
            (None, Some(new)) => {
                let effect = match new.may.is_empty() {
                    true => Effect::Neutral,
                    false => Effect::Reduction,
                };
                let since = new.may.iter().map(|grant| grant.since).min().flatten();
                let change = Change::new(effect, what).values("not there", may(both.new, new));
                changes.push(change.at(None, Some(&new.rule.place)).since(since));
            }
            (Some(old), Some(new)) => role(both, &what, (old, new), changes),
        }
    }
}

fn may(rules: &Rules, role: &RoleEntry) -> String {
    match rules.open_purposes(role).as_slice() {
        [] => "nothing".to_owned(),
        open => open.join(", "),
    }
}

fn role(
    both: &Both<'_>,
    what: &str,
    (old, new): (&RoleEntry, &RoleEntry),
    changes: &mut Vec<Change>,
) {
    let since = new.may.iter().filter_map(|grant| grant.since).max();
    let mut tell = |effect, about: &str, from: String, to: String| {
        let since = since.filter(|_| about == "may" && effect == Effect::Reduction);
        let change = Change::new(effect, format!("{what}, {about}")).values(from, to).since(since);
        changes.push(change.at(Some(&old.rule.place), Some(&new.rule.place)));
    };
    let open = |rules: &Rules, role| rules.open_purposes(role).into_iter().collect();
    let (before, now): (BTreeSet<String>, BTreeSet<String>) =
        (open(both.old, old), open(both.new, new));
    for (effect, (from, to)) in sets(&before, &now) {
        tell(effect, "may", from, to);
    }
    let settings = [
        ("outside", recipient(old), recipient(new)),
        ("service", said(old.service.as_ref()), said(new.service.as_ref())),
    ];
    for (about, from, to) in settings {
        if from != to {
            tell(Effect::Reduction, about, from, to);
        }
    }
    if let Some(effect) = addresses(old, new) {
        let list = |role: &RoleEntry| match role.from.is_empty() {
            true => "anywhere".to_owned(),
            false => {
                let ranges = role.from.iter().map(|r| format!("{}/{}", r.network, r.bits));
                ranges.collect::<Vec<_>>().join(", ")
            }
        };
        tell(effect, "from", list(old), list(new));
    }
    let flags = [
        ("token", !old.token_required, !new.token_required),
        ("code", old.unchecked_code, new.unchecked_code),
        ("mode", old.observe, new.observe),
    ];
    for (about, was, is) in flags {
        if let Some(effect) = Effect::of_permission(was, is) {
            let word = |open| match (about, open) {
                ("token", true) => "optional",
                ("token", false) => "required",
                ("code", true) => "unchecked",
                ("code", false) => "checked",
                (_, true) => "observe",
                (_, false) => "enforce",
            };
            tell(effect, about, word(was).to_owned(), word(is).to_owned());
        }
    }
    if let Some(effect) = of_store(old.consent, new.consent) {
        tell(effect, "consent", calls(old.consent).to_owned(), calls(new.consent).to_owned());
    }
    let neutral = [
        ("default", said(old.default.as_ref()), said(new.default.as_ref())),
        ("comments", old.comments.to_string(), new.comments.to_string()),
    ];
    for (about, from, to) in neutral {
        if from != to {
            tell(Effect::Neutral, about, from, to);
        }
    }
}

/// What it means that a role may call other functions of the consent store.
fn of_store(old: Option<StoreCall>, new: Option<StoreCall>) -> Option<Effect> {
    match new.cmp(&old) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Less => Some(Effect::Narrowing),
        std::cmp::Ordering::Greater => Some(Effect::Reduction),
    }
}

fn calls(of_store: Option<StoreCall>) -> &'static str {
    match of_store {
        None => "none",
        Some(StoreCall::Reads) => "read",
        Some(StoreCall::Writes) => "write",
    }
}

fn said<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(|| "none".to_owned(), ToString::to_string)
}

/// Who receives the data.
fn recipient(role: &RoleEntry) -> String {
    match &role.recipient {
        Recipient::Ours => "nobody".to_owned(),
        Recipient::Named(name) => name.clone(),
        Recipient::OfToken => "whoever a token names".to_owned(),
    }
}

/// What the networks that a role is bound to do. None means anywhere.
fn addresses(old: &RoleEntry, new: &RoleEntry) -> Option<Effect> {
    if old.from == new.from {
        return None;
    }
    let within = |inner: &[crate::policy::shape::Cidr], outer: &[crate::policy::shape::Cidr]| {
        outer.is_empty()
            || (!inner.is_empty()
                && inner.iter().all(|range| {
                    outer.iter().any(|wide| wide.bits <= range.bits && wide.contains(range.network))
                }))
    };
    match within(&new.from, &old.from) {
        true if within(&old.from, &new.from) => Some(Effect::Neutral),
        true => Some(Effect::Narrowing),
        false => Some(Effect::Reduction),
    }
}
