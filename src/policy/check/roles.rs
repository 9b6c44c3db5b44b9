//! Who may claim which purpose.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::names::Name;
use crate::model::privacy::Purpose;
use crate::model::ruling::RuleRef;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::{Grant, PurposeRule, Recipient, RoleEntry};
use crate::policy::shape::{At, Outside, RoleShape, Written};

/// What roles refer to.
pub struct Known<'k> {
    pub purposes: &'k [PurposeRule],
    pub index: &'k BTreeMap<String, usize>,
    /// Services and schemas: what a role's `service` may name.
    pub services: BTreeSet<String>,
}

pub fn build(
    written: &Written,
    known: &Known<'_>,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<Name, RoleEntry> {
    let observe = written.defaults.observe.as_ref().is_some_and(|at| at.value);
    let entry =
        |shape: &RoleShape| (Name::new(&shape.name.value), role(shape, known, observe, found));
    written.roles.iter().map(entry).collect()
}

fn role(
    shape: &RoleShape,
    known: &Known<'_>,
    observe: bool,
    found: &mut Vec<Diagnostic>,
) -> RoleEntry {
    let name = &shape.name.value;
    let mut may = Vec::new();
    for written in &shape.may {
        for grant in grants(written, known, found) {
            // INVARIANT: the index of a purpose is one that the ruleset gave out.
            let purpose = &known.purposes[grant.purpose];
            if shape.outside.is_some() && !purpose.outside {
                let message = format!(
                    "role `{name}` is outside, but purpose `{}` is not for sharing",
                    purpose.path
                );
                found.push(
                    Diagnostic::error("PP034", message)
                        .at(&written.place)
                        .help("only purposes with `outside: true` may leave the company"),
                );
            }
            if !may.contains(&grant) {
                may.push(grant);
            }
        }
    }
    check_default(shape, known, &may, found);
    if let Some(service) = &shape.service
        && !known.services.contains(&service.value)
    {
        let message = format!("no schema or service is called `{}`", service.value);
        found.push(
            Diagnostic::warning("PP016", message)
                .at(&service.place)
                .label("all data counts as that of another service")
                .suggest(&service.value, known.services.iter().map(String::as_str)),
        );
    }
    RoleEntry {
        rule: RuleRef { id: format!("roles.{name}"), place: shape.name.place.line_ref() },
        service: shape.service.as_ref().map(|at| at.value.clone()),
        recipient: match &shape.outside {
            None => Recipient::Ours,
            Some(Outside::Named(name)) => Recipient::Named(name.clone()),
            Some(Outside::OfToken) => Recipient::OfToken,
        },
        may,
        default: shape.default.as_ref().map(|at| Purpose::new(&at.value)),
        from: shape.from.clone(),
        token_required: shape.token.is_some(),
        comments: shape.comments,
        unchecked_code: shape.unchecked_code.is_some(),
        consent: shape.consent,
        observe: shape.observe.as_ref().map_or(observe, |at| at.value),
    }
}

/// `provide`, `protect.fraud`, `protect.*`, `other` (any label), `other.health_study`.
fn grants(written: &At<String>, known: &Known<'_>, found: &mut Vec<Diagnostic>) -> Vec<Grant> {
    let text = written.value.as_str();
    if let Some(&purpose) = known.index.get(text) {
        // INVARIANT: the index of a purpose is one that the ruleset gave out.
        if known.purposes[purpose].has_parts {
            let message = format!("purpose `{text}` has parts and is declared by one of them");
            // INVARIANT: the index of a purpose is one that the ruleset gave out.
            let parts = parts_of(text, known).map(|at| known.purposes[at].path.to_string());
            found.push(
                Diagnostic::error("PP032", message)
                    .at(&written.place)
                    .note(format!("its parts: {}", parts.collect::<Vec<_>>().join(", ")))
                    .help(format!("name the parts, or `{text}.*` for all of them")),
            );
            return Vec::new();
        }
        return vec![Grant { purpose, label: None, since: None }];
    }
    if let Some(above) = text.strip_suffix(".*")
        && let Some(&purpose) = known.index.get(above)
    {
        // INVARIANT: the index of a purpose is one that the ruleset gave out.
        if known.purposes[purpose].any_label {
            return vec![Grant { purpose, label: None, since: None }];
        }
        if !known.purposes[purpose].has_parts {
            let message = format!("purpose `{above}` has no parts");
            let help = format!("write `{above}`");
            found.push(Diagnostic::error("PP032", message).at(&written.place).help(help));
        }
        return parts_of(above, known)
            .map(|purpose| Grant { purpose, label: None, since: None })
            .collect();
    }
    // INVARIANT: the index of a purpose is one that the ruleset gave out.
    if let Some((above, label)) = text.rsplit_once('.')
        && let Some(&purpose) = known.index.get(above)
        && known.purposes[purpose].any_label
    {
        return vec![Grant { purpose, label: Some(label.to_owned()), since: None }];
    }
    super::purposes::find(known.index, written, found);
    Vec::new()
}

fn parts_of<'k>(above: &str, known: &Known<'k>) -> impl Iterator<Item = usize> + use<'k> {
    let start = format!("{above}.");
    let index = known.index;
    index.range(start.clone()..).take_while(move |(p, _)| p.starts_with(&start)).map(|(_, i)| *i)
}

fn check_default(shape: &RoleShape, known: &Known<'_>, may: &[Grant], found: &mut Vec<Diagnostic>) {
    let Some(default) = &shape.default else { return };
    let covers = |grant: &Grant| {
        // INVARIANT: the index of a purpose is one that the ruleset gave out.
        let rule = &known.purposes[grant.purpose];
        let path = rule.path.as_str();
        match &grant.label {
            Some(label) => default.value == format!("{path}.{label}"),
            None if rule.any_label => {
                default.value.rsplit_once('.').is_some_and(|(above, _)| above == path)
            }
            None => default.value == path,
        }
    };
    if !may.iter().any(covers) {
        let message = format!("role `{}` has a default purpose it may not claim", shape.name.value);
        found.push(
            Diagnostic::error("PP033", message)
                .at(&default.place)
                .help(format!("add `{}` to `may`", default.value)),
        );
    }
}
