//! Exceptions, and whether they can be kept.
//!
//! A rule that asks about a person (minor, cancelled, an agreement) may remove rows or blank
//! values but never raise an error, since an error would tell what somebody chose. A rule that
//! asks about the query may block, mask or log, but has no rows to hide.

use std::collections::{BTreeMap, BTreeSet};

use super::categories;
use crate::model::names::Name;
use crate::model::ruling::RuleRef;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::{Categories, Rule};
use crate::policy::shape::SubjectsShape;
use crate::policy::shape::{
    At, LiftingConsent, RuleShape, ServiceShape, SubjectKind, Then, Written,
};

pub fn build(
    written: &Written,
    tree: &Categories,
    purposes: &BTreeMap<String, usize>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let general = written.rules.iter().map(|shape| (None, shape));
    let services = written.services.iter().flat_map(|service| {
        service.rules.iter().map(|shape| (Some(service.name.value.as_str()), shape))
    });
    for (service, shape) in general.chain(services) {
        check_service(service, shape, written, found);
        check_question(shape, found);
        check_facts(shape, written, found);
        known_roles(shape.roles.iter().chain(&shape.except_roles), written, found);
        let mut rule = rule(shape, written, tree, purposes, found);
        match service {
            None => rule.not_services = elsewhere(&shape.id.value, written),
            Some(name) => {
                rule.rule.id = format!("services/{name}.{}", shape.id.value);
                rule.service = Some(name.to_owned());
            }
        }
        rules.push(rule);
    }
    rules.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    rules
}

/// Reports roles that are named and not listed.
pub(super) fn known_roles<'s>(
    named: impl Iterator<Item = &'s At<String>>,
    written: &Written,
    found: &mut Vec<Diagnostic>,
) {
    let roles: BTreeSet<&str> = written.roles.iter().map(|r| r.name.value.as_str()).collect();
    for role in named.filter(|role| !roles.contains(role.value.as_str())) {
        found.push(
            Diagnostic::error("PP015", format!("unknown role `{}`", role.value))
                .at(&role.place)
                .suggest(&role.value, roles.iter().copied()),
        );
    }
}

/// Services that have a rule of this name of their own.
fn elsewhere(id: &str, written: &Written) -> BTreeSet<String> {
    let own = |service: &&ServiceShape| service.rules.iter().any(|rule| rule.id.value == id);
    written.services.iter().filter(own).map(|service| service.name.value.clone()).collect()
}

/// A rule that does nothing says that a service does not have a general one.
fn check_service(
    service: Option<&str>,
    shape: &RuleShape,
    written: &Written,
    found: &mut Vec<Diagnostic>,
) {
    let known = || written.rules.iter().map(|rule| rule.id.value.as_str());
    let general = known().any(|id| id == shape.id.value);
    if shape.then.is_empty() && !(service.is_some() && general) {
        let message = format!("rule `{}` does nothing", shape.id.value);
        found.push(
            Diagnostic::error("PP038", message)
                .at(&shape.id.place)
                .label("`then: none` is for a service that does not have a general rule")
                .suggest(&shape.id.value, known()),
        );
    }
    if let Some(rows) = shape.rows_over.as_ref().filter(|_| service.is_some()) {
        found.push(
            Diagnostic::error("PP038", "rows are counted of whole results, not of a service")
                .at(&rows.place),
        );
    }
}

fn rule(
    shape: &RuleShape,
    written: &Written,
    tree: &Categories,
    purposes: &BTreeMap<String, usize>,
    found: &mut Vec<Diagnostic>,
) -> Rule {
    // Where nobody has to be told of anything, what went stays.
    let told = written.policy.as_ref().is_some_and(|policy| policy.notice_required);
    let when = matching(&shape.purposes, purposes, found);
    let except = matching(&shape.except_purposes, purposes, found);
    let any_purpose = shape.purposes.is_empty();
    let applies = when.iter().zip(&except).map(|(when, except)| (any_purpose || *when) && !except);
    let names = |list: &[At<String>]| -> BTreeSet<Name> {
        list.iter().map(|at| Name::new(&at.value)).collect()
    };
    let (only, except_roles) = (names(&shape.roles), names(&shape.except_roles));
    let roles = if only.is_empty() && except_roles.is_empty() {
        None
    } else if only.is_empty() {
        let all = written.roles.iter().map(|r| Name::new(&r.name.value));
        Some(all.filter(|role| !except_roles.contains(role)).collect())
    } else {
        Some(only.difference(&except_roles).cloned().collect())
    };
    let reads = categories::find_all(tree, &shape.reads, found);
    // A column of a whole group may hold any of its fields, so the match goes both ways.
    let touches = |category| {
        reads.iter().any(|read| tree.covers(*read, category) || tree.covers(category, *read))
    };
    let of_minors = shape.subject.as_ref().is_some_and(|at| at.value == SubjectKind::Minor);
    let set = |at: &Option<At<bool>>| at.as_ref().is_some_and(|at| at.value);
    Rule {
        rule: RuleRef { id: format!("rules.{}", shape.id.value), place: shape.id.place.line_ref() },
        roles,
        purposes: applies.collect(),
        reads: (!shape.reads.is_empty()).then(|| (0..tree.count()).map(touches).collect()),
        subject: shape.subject.as_ref().map(|at| at.value),
        other_service: shape.other_service,
        rows_over: shape.rows_over.as_ref().map(|at| at.value),
        except_consent: shape.except_consent.as_ref().map(|at| at.value),
        then: shape.then.iter().map(|at| at.value).collect(),
        until: shape.until.as_ref().map(|at| at.value).filter(|_| told),
        observe: set(&shape.observe) || (of_minors && set(&written.defaults.minors_advised)),
        service: None,
        not_services: BTreeSet::new(),
    }
}

/// By purpose: named itself, or by a purpose above it.
pub(super) fn matching(
    list: &[At<String>],
    purposes: &BTreeMap<String, usize>,
    found: &mut Vec<Diagnostic>,
) -> Vec<bool> {
    let mut matched = vec![false; purposes.len()];
    for written in list {
        let name = written.value.strip_suffix(".*").unwrap_or(&written.value);
        let name = At { value: name.to_owned(), place: written.place.clone() };
        if super::purposes::find(purposes, &name, found).is_none() {
            continue;
        }
        let below = format!("{}.", name.value);
        for (path, index) in purposes {
            if *path == name.value || path.starts_with(&below) {
                // INVARIANT: the index of a purpose is one that the ruleset gave out.
                matched[*index] = true;
            }
        }
    }
    matched
}

/// Whether what the rule does can be done on what it asks.
fn check_question(shape: &RuleShape, found: &mut Vec<Diagnostic>) {
    let id = &shape.id.value;
    let about_person = shape.subject.is_some() || shape.except_consent.is_some();
    for then in &shape.then {
        let problem = match then.value {
            Then::Block if about_person => {
                Some("a question about a person cannot block: the error would tell what they chose")
            }
            Then::HideRows if !about_person => {
                Some("`hide_rows` needs a question about a person: `subject:` or `except: consent`")
            }
            Then::Mask | Then::HideRows if shape.rows_over.is_some() => {
                Some("the number of rows is known only at the end; it can only `block`")
            }
            _ => None,
        };
        if let Some(problem) = problem {
            found.push(
                Diagnostic::error("PP038", format!("rule `{id}` cannot be kept"))
                    .at(&then.place)
                    .label(problem),
            );
        }
    }
    if let Some(until) = &shape.until
        && (shape.rows_over.is_some() || shape.then.iter().any(|then| then.value == Then::Log))
    {
        let message = format!("rule `{id}` cannot be kept for some people only");
        found.push(
            Diagnostic::error("PP038", message)
                .at(&until.place)
                .label("what counts rows or records speaks of the statement, not of a person"),
        );
    }
    if let Some(rows) = &shape.rows_over
        && (about_person || shape.other_service || !shape.reads.is_empty())
    {
        let message = format!("rule `{id}`: `rows_over` counts whole results only");
        found.push(
            Diagnostic::error("PP038", message)
                .at(&rows.place)
                .help("it goes with `role` and `purpose`, and with nothing else"),
        );
    }
}

/// Whether the facts the rule asks for are there.
fn check_facts(shape: &RuleShape, written: &Written, found: &mut Vec<Diagnostic>) {
    let subjects = written.subjects.as_ref();
    let choices = subjects.and_then(|s| s.choices.as_ref());
    let mut missing = |place, what: &str| {
        let message = format!("rule `{}` asks for what `subjects` does not say", shape.id.value);
        found.push(Diagnostic::error("PP007", message).at(place).label(what.to_owned()));
    };
    let says = |fact: fn(&SubjectsShape) -> Option<&At<String>>| {
        subjects.is_some_and(|s| s.status_stored.is_some() || fact(s).is_some())
    };
    if let Some(subject) = &shape.subject {
        match subject.value {
            SubjectKind::Minor if subjects.is_none_or(|s| s.minor.is_none()) => {
                missing(&subject.place, "`subjects.minor` is missing");
            }
            SubjectKind::Cancelled if !says(|s| s.cancelled.as_ref()) => {
                missing(&subject.place, "`subjects.cancelled` is missing");
            }
            SubjectKind::Locked if !says(|s| s.locked.as_ref()) => {
                missing(&subject.place, "`subjects.locked` is missing");
            }
            SubjectKind::Minor | SubjectKind::Cancelled | SubjectKind::Locked => {}
        }
    }
    let of_minors = shape.subject.as_ref().is_some_and(|at| at.value == SubjectKind::Minor);
    if let Some(consent) = &shape.except_consent {
        let guardian = choices.and_then(|c| c.guardian.as_ref());
        match consent.value {
            LiftingConsent::Guardian if guardian.is_none() => {
                missing(&consent.place, "`subjects.choices.guardian` is missing");
            }
            LiftingConsent::Guardian if !of_minors => {
                missing(&consent.place, "a guardian speaks for minors: `subject: minor`");
            }
            LiftingConsent::CrossService if choices.is_none() => {
                missing(&consent.place, "`subjects.choices` is missing");
            }
            LiftingConsent::Guardian | LiftingConsent::CrossService => {}
        }
    }
}
