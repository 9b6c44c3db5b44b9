//! Combinations: categories that identify a person only together. Quotas: how much in a span of
//! time.

use std::collections::{BTreeMap, BTreeSet};

use super::{categories, rules};
use crate::model::names::Name;
use crate::model::ruling::RuleRef;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::{Categories, Combination, QuotaRule};
use crate::policy::shape::{At, Together, Written};

pub fn combinations(
    written: &Written,
    tree: &Categories,
    purposes: &BTreeMap<String, usize>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Combination> {
    let mut built = Vec::new();
    for shape in &written.combinations {
        rules::known_roles(shape.roles.iter(), written, found);
        if shape.of.len() < 2 {
            let message = format!("combination `{}` is of fewer than two", shape.id.value);
            found.push(
                Diagnostic::error("PP038", message)
                    .at(&shape.id.place)
                    .help("what is stricter for one category is said under `purposes`"),
            );
        }
        let mut of = Vec::new();
        for name in &shape.of {
            let Some(one) = categories::find(tree, name, found) else { continue };
            // A column of a whole group may hold any of its fields, so the match goes both ways.
            let touches = |c| tree.covers(one, c) || tree.covers(c, one);
            of.push((0..tree.count()).map(touches).collect());
        }
        built.push(Combination {
            rule: RuleRef {
                id: format!("combinations.{}", shape.id.value),
                place: shape.id.place.line_ref(),
            },
            roles: roles(&shape.roles),
            purposes: matching(&shape.purposes, purposes, found),
            of,
            even_masked: shape.even_masked,
            then: shape.then.unwrap_or(Together::Block),
        });
    }
    built.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    built
}

pub fn quotas(
    written: &Written,
    purposes: &BTreeMap<String, usize>,
    found: &mut Vec<Diagnostic>,
) -> Vec<QuotaRule> {
    let mut built = Vec::new();
    for shape in &written.quotas {
        rules::known_roles(shape.roles.iter(), written, found);
        built.push(QuotaRule {
            rule: RuleRef {
                id: format!("quotas.{}", shape.id.value),
                place: shape.id.place.line_ref(),
            },
            roles: roles(&shape.roles),
            purposes: matching(&shape.purposes, purposes, found),
            people: shape.people,
            rows: shape.rows,
            statements: shape.statements,
            window_s: shape.per.unwrap_or(u64::MAX),
        });
    }
    built.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    built
}

/// `None`: any.
fn roles(list: &[At<String>]) -> Option<BTreeSet<Name>> {
    let names = list.iter().map(|at| Name::new(&at.value)).collect();
    (!list.is_empty()).then_some(names)
}

/// By purpose; none named: all.
fn matching(
    list: &[At<String>],
    purposes: &BTreeMap<String, usize>,
    found: &mut Vec<Diagnostic>,
) -> Vec<bool> {
    match list.is_empty() {
        true => vec![true; purposes.len()],
        false => rules::matching(list, purposes, found),
    }
}
