//! Defaults, facts about people, and notice.

use std::collections::BTreeSet;

use super::Both;
use super::change::{Change, Effect};
use super::conditions::sets;
use crate::model::ruling::PersonOutcome;
use crate::policy::ruleset::Rules;
use crate::policy::shape::{At, ChoicesShape, MinorSql, SubjectsShape};

pub fn compare(both: &Both<'_>, changes: &mut Vec<Change>) {
    defaults(both, changes);
    notice(both, changes);
    people(both, changes);
}

fn defaults(both: &Both<'_>, changes: &mut Vec<Change>) {
    let (old, new) = (both.old, both.new);
    let masks = |rules: &Rules| rules.refused == PersonOutcome::Mask;
    let settings = [
        ("defaults.mode", ("enforce", "observe"), old.observe, new.observe),
        ("defaults.refused", ("hide_rows", "mask"), masks(old), masks(new)),
        ("unlisted.table", ("block", "allow"), old.unlisted_table, new.unlisted_table),
        ("unlisted.function", ("block", "allow"), old.unlisted_function, new.unlisted_function),
        ("unparsable_sql", ("block", "allow"), old.unparsable_sql, new.unparsable_sql),
    ];
    for (what, (closed, open), was, is) in settings {
        if let Some(effect) = Effect::of_permission(was, is) {
            let word = |on| if on { open } else { closed };
            changes.push(Change::new(effect, what).values(word(was), word(is)));
        }
    }
    let functions = |rules: &Rules| -> BTreeSet<String> {
        let names = rules.trusted_functions.iter();
        names.map(|(name, _)| format!("{}.{}", name.schema, name.table)).collect()
    };
    for (effect, (from, to)) in sets(&functions(old), &functions(new)) {
        changes.push(Change::new(effect, "trusted_functions").values(from, to));
    }
}

fn notice(both: &Both<'_>, changes: &mut Vec<Change>) {
    let (old, new) = (&both.old.policy, &both.new.policy);
    let settings = [
        ("notice.required", !old.notice_required, !new.notice_required),
        ("notice.active", old.active.is_none(), new.active.is_none()),
    ];
    for (what, was, is) in settings {
        if let Some(effect) = Effect::of_permission(was, is) {
            let word = |off: bool| if off { "no" } else { "yes" };
            changes.push(Change::new(effect, what).values(word(was), word(is)));
        }
    }
    if old.time_zone != new.time_zone {
        let change = Change::new(Effect::Neutral, "policy.time_zone");
        changes.push(change.values(&old.time_zone, &new.time_zone));
    }
}

fn people(both: &Both<'_>, changes: &mut Vec<Change>) {
    let (Some(old), Some(new)) = (&both.old.subjects, &both.new.subjects) else {
        if both.old.subjects.is_some() {
            let change = Change::new(Effect::Reduction, "subjects");
            changes.push(change.values("said", "not said"));
        }
        return;
    };
    type Sql = fn(&SubjectsShape) -> Option<At<String>>;
    let stored: Sql = |s| {
        let place = s.status_stored.clone()?;
        Some(At { value: "store".to_owned(), place })
    };
    let facts: [(&str, Sql); 4] = [
        (MINOR, minor),
        ("subjects.cancelled", |s| s.cancelled.clone()),
        ("subjects.locked", |s| s.locked.clone()),
        ("subjects.status", stored),
    ];
    for (what, of) in facts {
        let (before, now) = (of(old), of(new));
        let (before, now) = (before.as_ref(), now.as_ref());
        let text = |sql: Option<&At<String>>| match sql {
            Some(sql) => sql.value.clone(),
            None => "not said".to_owned(),
        };
        if text(before) == text(now) {
            continue;
        }
        let place = |sql: Option<&At<String>>| sql.map(|sql| sql.place.line_ref());
        let change = Change::new(fact(what, before, now), what).values(text(before), text(now));
        changes.push(change.at(place(before).as_deref(), place(now).as_deref()));
    }
    let kept = |subjects: &SubjectsShape| subjects.choices.is_some();
    if let Some(effect) = Effect::of_permission(!kept(old), !kept(new)) {
        let word = |kept| if kept { "kept" } else { "not kept" };
        let change = Change::new(effect, "subjects.choices");
        changes.push(change.values(word(kept(old)), word(kept(new))));
    }
    for (what, of) in SPOKEN_OF {
        let told = |subjects: &SubjectsShape| subjects.choices.as_ref().is_some_and(of);
        if let Some(effect) = Effect::of_permission(!told(old), !told(new)) {
            let word = |told| if told { "told apart" } else { "not told apart" };
            changes.push(Change::new(effect, what).values(word(told(old)), word(told(new))));
        }
    }
    let given = |subjects: &SubjectsShape| -> BTreeSet<String> {
        let choices = subjects.choices.as_ref().and_then(|choices| choices.given.as_ref());
        choices.into_iter().flatten().cloned().collect()
    };
    for (effect, (from, to)) in sets(&given(old), &given(new)) {
        changes.push(Change::new(effect, "subjects.choices, given").values(from, to));
    }
}

/// What a choice may say beside its purpose. What is not told apart cannot be refused apart.
type SpokenOf = fn(&ChoicesShape) -> bool;
const SPOKEN_OF: [(&str, SpokenOf); 5] = [
    ("subjects.choices, category", |choices| choices.category.is_some()),
    ("subjects.choices, service", |choices| choices.service.is_some()),
    ("subjects.choices, recipient", |choices| choices.recipient.is_some()),
    ("subjects.choices, from", |choices| choices.from.is_some()),
    ("subjects.choices, until", |choices| choices.until.is_some()),
];

fn minor(subjects: &SubjectsShape) -> Option<At<String>> {
    let minor = subjects.minor.as_ref()?;
    let value = match &minor.value {
        MinorSql::Text(text) => text.clone(),
        MinorSql::Age(limit) => {
            let unknown = if limit.unknown_is_adult { "adult" } else { "minor" };
            format!("{}: under {} years, unknown: {unknown}", limit.birth_date, limit.years)
        }
    };
    Some(At { value, place: minor.place.clone() })
}

/// Other SQL about a person. Only where it differs in one number of years can it be told what the
/// change does.
fn fact(what: &str, before: Option<&At<String>>, now: Option<&At<String>>) -> Effect {
    let (Some(before), Some(now)) = (before, now) else {
        return if now.is_some() { Effect::Narrowing } else { Effect::Reduction };
    };
    match (years(&before.value), years(&now.value)) {
        (Some((before, rest)), Some((now, same)))
            if rest == same && now > before && what == MINOR =>
        {
            Effect::Narrowing
        }
        _ => Effect::Reduction,
    }
}

/// The number in front of `years`, and the text without it.
fn years(sql: &str) -> Option<(u32, String)> {
    let end = sql.find(" year")?;
    let head = &sql[..end];
    let digits = head.len() - head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let start = end - digits;
    let number = head.get(start..)?.parse().ok()?;
    Some((number, format!("{}{}", &head[..start], &sql[end..])))
}

const MINOR: &str = "subjects.minor";
