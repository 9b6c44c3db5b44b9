//! Tables: what holds personal data, of which categories, and whose it is.

use std::collections::{BTreeMap, BTreeSet};

use super::Both;
use super::cells::milder;
use super::change::{Change, Effect};
use crate::model::names::Name;
use crate::model::ruling::Action;
use crate::policy::ruleset::{ColumnLabel, GovernedRule, Rules, TableRule, TableRuleBody};
use crate::policy::shape::ErasureWord;

pub fn compare(both: &Both<'_>, changes: &mut Vec<Change>) {
    let (old, new) = (listed(both.old), listed(both.new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let what = format!("table {name}");
        match (old.get(name), new.get(name)) {
            (None, None) => {}
            (Some(old), None) => {
                let effect = match both.new.unlisted_table {
                    true => Effect::Reduction,
                    false => Effect::Narrowing,
                };
                let change = Change::new(effect, what).values(class(old), "not listed");
                changes.push(change.at(Some(&old.rule.place), None));
            }
            (None, Some(new)) => {
                let change = Change::new(Effect::Neutral, what).values("not listed", class(new));
                changes.push(change.at(None, Some(&new.rule.place)));
            }
            (Some(old), Some(new)) => table(both, &what, (old, new), changes),
        }
    }
    services(both, changes);
}

fn listed(rules: &Rules) -> BTreeMap<String, &TableRule> {
    let exact = rules.tables.iter().map(|(name, rule)| (name.to_string(), rule));
    let patterns = rules.patterns.iter();
    let patterns = patterns.map(|(p, rule)| (format!("{}.{}", p.schema, p.table), rule));
    exact.chain(patterns).collect()
}

fn class(table: &TableRule) -> &'static str {
    match table.body {
        TableRuleBody::Plain => "plain",
        TableRuleBody::Internal => "internal",
        TableRuleBody::NotCovered => "not_covered",
        TableRuleBody::Governed(_) => "personal",
    }
}

/// How much of a table is open: nothing, what the purpose may see, all.
fn openness(table: &TableRule) -> u8 {
    match table.body {
        TableRuleBody::Internal => 0,
        TableRuleBody::Governed(_) => 1,
        TableRuleBody::Plain | TableRuleBody::NotCovered => 2,
    }
}

fn table(
    both: &Both<'_>,
    what: &str,
    (old, new): (&TableRule, &TableRule),
    changes: &mut Vec<Change>,
) {
    if class(old) != class(new) {
        let effect = match openness(new).cmp(&openness(old)) {
            std::cmp::Ordering::Greater => Effect::Reduction,
            std::cmp::Ordering::Less => Effect::Narrowing,
            std::cmp::Ordering::Equal => Effect::Neutral,
        };
        let change = Change::new(effect, what).values(class(old), class(new));
        changes.push(change.at(Some(&old.rule.place), Some(&new.rule.place)));
    }
    let (TableRuleBody::Governed(before), TableRuleBody::Governed(now)) = (&old.body, &new.body)
    else {
        return;
    };
    subject(what, (before, now), changes);
    erasure(what, (old, before), (new, now), changes);
    let names = before.columns.keys().chain(before.plain.keys());
    let names: BTreeSet<&Name> = names.chain(now.columns.keys()).chain(now.plain.keys()).collect();
    for name in names {
        column(
            both,
            &format!("column {}.{name}", &what["table ".len()..]),
            name,
            (before, now),
            changes,
        );
    }
    if before.rest.is_some() || now.rest.is_some() {
        let star = Name::new("*");
        column(
            both,
            &format!("column {}.*", &what["table ".len()..]),
            &star,
            (before, now),
            changes,
        );
    }
}

fn subject(what: &str, (old, new): (&GovernedRule, &GovernedRule), changes: &mut Vec<Change>) {
    let of = |rule: &GovernedRule| match &rule.subject {
        Some((shape, _)) => shape.to_string(),
        None => "nobody".to_owned(),
    };
    let place = |rule: &GovernedRule| rule.subject.as_ref().map(|(_, place)| place.line_ref());
    if of(old) == of(new) {
        return;
    }
    // Without a way to the person, whatever asks a person is refused.
    let effect = if new.subject.is_none() { Effect::Narrowing } else { Effect::Reduction };
    let change = Change::new(effect, format!("{what}, subject")).values(of(old), of(new));
    changes.push(change.at(place(old).as_deref(), place(new).as_deref()));
}

/// What stays of a person who is erased. Whatever is not clearly less is more.
fn erasure(
    what: &str,
    (old, before): (&TableRule, &GovernedRule),
    (new, now): (&TableRule, &GovernedRule),
    changes: &mut Vec<Change>,
) {
    let (before, now) = (before.erase.clone(), now.erase.clone());
    let (before, now) = (before.unwrap_or_default(), now.unwrap_or_default());
    if before.stays_as(&now) {
        return;
    }
    let effect = match now.word {
        ErasureWord::Delete => Effect::Narrowing,
        ErasureWord::Mask | ErasureWord::Keep => Effect::Reduction,
    };
    let change = Change::new(effect, format!("{what}, erase"));
    let change = change.values(before.word.as_str(), now.word.as_str());
    changes.push(change.at(Some(&old.rule.place), Some(&new.rule.place)));
}

/// The categories of a column by name. `None`: it is plain. Empty: nobody said.
fn label<'r>(rule: &'r GovernedRule, name: &Name) -> Option<Option<&'r ColumnLabel>> {
    match rule.plain.contains_key(name) {
        true => None,
        false => Some(rule.columns.get(name).or(rule.rest.as_ref())),
    }
}

fn column(
    both: &Both<'_>,
    what: &str,
    name: &Name,
    (old, new): (&GovernedRule, &GovernedRule),
    changes: &mut Vec<Change>,
) {
    let (before, now) = (label(old, name), label(new, name));
    let (from, to) = (told(both.old, before), told(both.new, now));
    if from == to {
        return;
    }
    let effect = match (before, now) {
        // Nobody had looked; now somebody has.
        (Some(None), _) => Effect::Neutral,
        (Some(Some(_)), None) => Effect::Reduction,
        (None, Some(_)) | (Some(Some(_)), Some(None)) => Effect::Narrowing,
        (Some(Some(before)), Some(Some(now))) => relabelled(both, before, now),
        (None, None) => return,
    };
    let place = |label: Option<Option<&ColumnLabel>>, rule: &GovernedRule| {
        let label = label.flatten().map(|label| label.place.line_ref());
        label.or_else(|| rule.plain.get(name).map(|place| place.line_ref()))
    };
    let change = Change::new(effect, what).values(from, to);
    changes.push(change.at(place(before, old).as_deref(), place(now, new).as_deref()));
}

fn told(rules: &Rules, label: Option<Option<&ColumnLabel>>) -> String {
    match label {
        None => "plain".to_owned(),
        Some(None) => "not classified".to_owned(),
        Some(Some(label)) => {
            let names = label.categories.iter().filter_map(|at| rules.categories.names.get(*at));
            names.map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
    }
}

/// What other categories do: what some purpose may then see more of is less for people.
fn relabelled(both: &Both<'_>, before: &ColumnLabel, now: &ColumnLabel) -> Effect {
    let action = |rules: &Rules, path: &str, label: &ColumnLabel| {
        let meant = Both::purpose(rules, path).and_then(|purpose| purpose.services.first());
        let words = meant.map_or(&[][..], |meant| &meant.words);
        let actions = label.categories.iter().filter_map(|at| words.get(*at));
        Action::strictest(actions.map(|word| word.action))
    };
    let effects = both
        .new
        .purpose_index
        .keys()
        .filter_map(|path| milder(action(both.old, path, before), action(both.new, path, now)));
    effects.min().unwrap_or(Effect::Neutral)
}

fn services(both: &Both<'_>, changes: &mut Vec<Change>) {
    for new in &both.new.services {
        let Some(old) = both.old.services.iter().find(|old| old.name == new.name) else { continue };
        if (&old.schemas, &old.tables) == (&new.schemas, &new.tables) {
            continue;
        }
        let of = |service: &crate::policy::ruleset::ServiceRule| {
            let tables = service.tables.iter().map(|t| format!("{}.{}", t.schema, t.table));
            service.schemas.iter().cloned().chain(tables).collect::<Vec<_>>().join(", ")
        };
        let change = Change::new(Effect::Reduction, format!("service {}, data", new.name));
        changes.push(change.values(of(old), of(new)));
    }
}
