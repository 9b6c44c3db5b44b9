//! What a purpose asks to be shown before it is used: a ticket, a legal order, a second person; and
//! whom it may then be about.
//!
//! What is shown is a question about the query and may refuse it. Whom it is about is one about
//! people: rows of others are not there.

use std::collections::{BTreeMap, BTreeSet};

use super::site::SiteDraft;
use super::statement::Question;
use super::texts::{about, denied};
use crate::model::access::Access;
use crate::model::claims::Times;
use crate::model::listed::Listed;
use crate::model::names::{Name, QualifiedName};
use crate::model::refusal::{Reason, Refusal};
use crate::model::ruling::{Condition, PersonOutcome, RuleRef};
use crate::model::usage::SiteAccess;
use crate::policy::bind::BoundRelation;
use crate::policy::ruleset::{Effective, ListRule, Need};

/// When everything holds that the purpose needs, or why it does not.
pub fn check(q: &Question<'_>) -> Result<Times, Box<Refusal>> {
    let services: BTreeSet<usize> =
        q.uses.sites.iter().filter_map(|use_| q.relation(use_)).map(|r| r.service).collect();
    let meant = services.into_iter().filter_map(|service| q.purpose.services.get(service));
    let mut times = Times::default();
    for meant in meant {
        if meant.only_people.as_ref().is_some_and(|list| !q.bound.lists.contains_key(list)) {
            return Err(Box::new(list_missing(q, meant)));
        }
        for need in &meant.needs {
            times = times.and(holds(q, meant, need)?);
        }
    }
    Ok(times)
}

fn holds(q: &Question<'_>, meant: &Effective, need: &Need) -> Result<Times, Box<Refusal>> {
    let wrong = |why: &str| Box::new(needs(q, meant, (need, why)));
    if need.name == SUBJECTS {
        let named = q.access.token.claims().is_some_and(|claims| claims.subjects.is_some());
        return if named { Ok(Times::default()) } else { Err(wrong(NOT_SIGNED)) };
    }
    let Some(value) = said(q.access, need) else {
        return Err(wrong(if need.signed { NOT_SIGNED } else { "" }));
    };
    if need.one_of.as_ref().is_some_and(|known| !known.contains(value)) {
        return Err(wrong("It is not one of those that the rules name."));
    }
    if need.like.as_ref().is_some_and(|pattern| !is_like(value, pattern)) {
        return Err(wrong("It has not the form that the rules ask for."));
    }
    if need.second_person && !is_second(q.access, value) {
        return Err(wrong("It must be a second person, not the one the token was made for."));
    }
    let mut times = Times::default();
    if need.future || need.within_s.is_some() {
        let at = moment(value).ok_or_else(|| wrong("It is not a time."))?;
        if need.future {
            times.until_s = at;
        }
        if let Some(within_s) = need.within_s {
            let until_s = at.saturating_add(within_s);
            times = times.and(Times { from_s: at, until_s });
        }
    }
    Ok(times)
}

/// A need of this name is met by a token that names people.
const SUBJECTS: &str = "subjects";
const NOT_SIGNED: &str = "A purpose token must say it.";

/// What is said of a need: by the token if it says anything, else by the session.
pub fn said<'a>(access: &'a Access, need: &Need) -> Option<&'a str> {
    let signed = access.token.claims().and_then(|claims| claims.said.get(&need.name));
    let session = || access.variables.get(&need.name).filter(|_| !need.signed);
    signed.or_else(session).map(String::as_str).filter(|value| !value.trim().is_empty())
}

/// Whoever approves must not be whom the token was made for.
fn is_second(access: &Access, value: &str) -> bool {
    let first = access.token.claims().and_then(|claims| claims.said.get("sub"));
    let plain = |name: &str| name.trim().to_lowercase();
    first.is_some_and(|first| !plain(first).is_empty() && plain(first) != plain(value))
}

/// `*` stands for any characters, `#` for one digit.
fn is_like(value: &str, pattern: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => value.is_empty(),
        Some('*') => {
            let rest = rest.as_str();
            let ends = value.char_indices().map(|(at, _)| at).chain([value.len()]);
            ends.into_iter().any(|at| is_like(value.get(at..).unwrap_or_default(), rest))
        }
        Some(wanted) => {
            let mut given = value.chars();
            let fits = given.next().is_some_and(|c| match wanted {
                '#' => c.is_ascii_digit(),
                _ => c == wanted,
            });
            fits && is_like(given.as_str(), rest.as_str())
        }
    }
}

/// A time in seconds since 1970: a number of them, or RFC 3339. A date is over when its day is, in
/// UTC.
fn moment(value: &str) -> Option<i64> {
    if let Ok(seconds) = value.parse::<i64>() {
        return Some(seconds);
    }
    let second = |text: &str| text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second);
    match value.len() {
        DATE_BYTES => second(&format!("{value}T00:00:00Z"))?.checked_add(DAY_S),
        _ => second(value),
    }
}

/// `2026-11-25`
const DATE_BYTES: usize = 10;
const DAY_S: i64 = 86_400;

/// Leaves the rows of those people that the token and the lists of the purpose name.
pub fn narrow(q: &Question<'_>, draft: &mut SiteDraft<'_>) {
    if let Some(condition) = q.access.token.claims().and_then(|claims| {
        let ids = claims.subjects.as_ref()?;
        let fitting = ids.iter().filter(|id| people_are_known_by(q, id));
        Some(Condition::OneOf(fitting.cloned().collect()))
    }) {
        draft.require(condition, PersonOutcome::HideRows, |_| true);
    }
    if let Some(list) = &draft.meant.only_people {
        let listed = listed(q, draft.meant, list);
        let nobody = || Condition::OneOf(BTreeSet::new());
        let condition = listed.map_or_else(nobody, Condition::Listed);
        draft.require(condition, PersonOutcome::HideRows, |_| true);
        draft.because.insert(&draft.meant.rule);
    }
}

/// Refuses to write where the people that a statement may be about cannot be told apart any more.
pub fn writes(q: &Question<'_>, draft: &SiteDraft<'_>) -> Option<Refusal> {
    let bound = q.access.token.claims().is_some_and(|claims| claims.subjects.is_some());
    if !bound && draft.meant.only_people.is_none() {
        return None;
    }
    let moves = draft.relation.subject_column.is_some_and(|at| draft.use_.written.contains(&at));
    match draft.use_.access {
        SiteAccess::Insert | SiteAccess::Merge => Some(not_about(q, draft.relation)),
        SiteAccess::Update if moves => Some(not_about(q, draft.relation)),
        SiteAccess::Read | SiteAccess::Update | SiteAccess::Delete => None,
    }
}

/// The question a list asks of a person. `None`: with what is said, nobody can be on it.
fn listed(q: &Question<'_>, meant: &Effective, list: &ListRule) -> Option<Listed> {
    let mut holds: BTreeMap<Name, String> = BTreeMap::new();
    for (column, evidence) in &list.holds {
        let need = meant.needs.iter().find(|need| need.name == *evidence)?;
        let value = said(q.access, need)?;
        if !fits(q, (&list.table, column), value) {
            return None;
        }
        holds.insert(column.clone(), value.to_owned());
    }
    let (table, subject) = (list.table.clone(), list.subject.clone());
    Some(Listed { table, subject, holds, filter: q.bound.lists.get(list)?.clone() })
}

fn people_are_known_by(q: &Question<'_>, id: &str) -> bool {
    let people = q.bound.people();
    match (&people.table, &people.id) {
        (Some(table), Some(column)) => fits(q, (table, column), id),
        _ => false,
    }
}

/// Whether a text can be a value of a column, so that comparing them raises no error.
fn fits(q: &Question<'_>, (table, column): (&QualifiedName, &Name), value: &str) -> bool {
    let found = q.catalog.by_name(table).and_then(|relation| relation.column(column));
    let Some(column) = found else { return false };
    match column.base_type.as_str() {
        "int2" => value.parse::<i16>().is_ok(),
        "int4" => value.parse::<i32>().is_ok(),
        "int8" => value.parse::<i64>().is_ok(),
        "text" | "varchar" | "bpchar" => !value.contains('\0'),
        "uuid" => {
            let plain = value.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
            plain && value.len() == UUID_BYTES && value.matches('-').count() == 4
        }
        _ => false,
    }
}

/// With its four dashes.
const UUID_BYTES: usize = 36;

/// `why` is empty where nobody said anything.
fn needs(q: &Question<'_>, meant: &Effective, (need, why): (&Need, &str)) -> Refusal {
    let missing = &need.name;
    let message = format!("purpose \"{}\" needs \"{missing}\"", q.access.purpose);
    let rule = RuleRef { id: format!("needs.{missing}"), place: meant.rule.place.clone() };
    if !why.is_empty() {
        return denied(Reason::Needs, message).detail(why).rule(rule);
    }
    denied(Reason::Needs, message)
        .detail(format!("The session variable pgpurpose.{missing} is not set."))
        .hint(format!("SET pgpurpose.{missing} = '...'"))
        .rule(rule)
}

fn list_missing(q: &Question<'_>, meant: &Effective) -> Refusal {
    let message = format!("purpose \"{}\" is closed", q.access.purpose);
    denied(Reason::Rule, message)
        .detail("The list of people it may be about cannot be read in this database.")
        .hint("Run \"pgpurpose check\" against this database.")
        .rule(meant.rule.clone())
}

fn not_about(q: &Question<'_>, relation: &BoundRelation) -> Refusal {
    let purpose = &q.access.purpose;
    about(Some(relation), Reason::Write, |name| {
        format!("purpose \"{purpose}\" may not put rows into {name}")
    })
    .detail("It is about certain people only, and a new row cannot show that it is theirs.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_and_times_are_read() {
        for (value, pattern, fine) in [
            ("T-1001", "T-####", true),
            ("T-10011", "T-####", false),
            ("T-x001", "T-####", false),
            ("LG 12/2026", "LG*/####", true),
            ("", "*", true),
            ("", "#", false),
            ("\u{661}", "#", false),
        ] {
            assert_eq!(is_like(value, pattern), fine, "{value} {pattern}");
        }
        for (value, at) in [
            ("1700000000", Some(1_700_000_000)),
            ("1970-01-01", Some(86_400)),
            ("1970-01-01T00:01:00Z", Some(60)),
            ("1970-01-01T01:00:00+01:00", Some(0)),
            ("tomorrow", None),
            ("2026-02-30", None),
            ("2026-11-25T10:00:00", None),
            ("", None),
        ] {
            assert_eq!(moment(value), at, "{value}");
        }
    }
}
