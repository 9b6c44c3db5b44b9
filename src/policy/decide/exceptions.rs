//! Which rules of `rules:` apply, and what they add. They can only make things stricter.

use std::collections::BTreeSet;

use super::agreements::{self, Asked};
use super::site::SiteDraft;
use super::statement::Question;
use super::{texts, versions};
use crate::model::privacy::Consent;
use crate::model::refusal::Refusal;
use crate::model::ruling::{Action, Agreement, CategoryScope, Condition, Decision, PersonOutcome};
use crate::policy::bind::{BoundColumn, BoundRelation};
use crate::policy::ruleset::{Recipient, Rule, Rules};
use crate::policy::shape::{LiftingConsent, MaskMeaning, SubjectKind, Then};

/// The rules that apply to this role and purpose.
pub struct Exceptions<'e>(Vec<&'e Rule>);

/// What a rule of services means for roles outside: sharing has purposes of its own.
fn other_service(q: &Question<'_>, relation: &BoundRelation) -> bool {
    match &q.role.service {
        Some(service) => *service != relation.service_name,
        None => q.role.recipient == Recipient::Ours,
    }
}

impl<'e> Exceptions<'e> {
    pub fn new(q: &Question<'e>) -> Exceptions<'e> {
        let applies = |rule: &&Rule| {
            // INVARIANT: `purposes` has one entry for each purpose.
            rule.purposes[q.claimed.purpose]
                && rule.roles.as_ref().is_none_or(|roles| roles.contains(&q.access.role))
        };
        Exceptions(q.rules.rules.iter().filter(applies).collect())
    }

    /// Adds what the rules ask for at one site.
    pub fn apply(&self, q: &Question<'_>, draft: &mut SiteDraft<'e>) {
        for &rule in &self.0 {
            if rule.observe || rule.rows_over.is_some() || !hits(q, rule, draft) {
                continue;
            }
            match (condition(&Asked::at(q, draft.relation), rule, None), rule.until) {
                (Some(_), _) => person(q, rule, draft),
                (None, until) if rule.then.contains(&Then::Mask) => {
                    mask(q.rules, rule, until, draft);
                }
                // What was refused is not seen of whom was not told.
                (None, Some(_)) => person(q, rule, draft),
                (None, None) => {}
            }
        }
    }

    /// What the rules say about the statement as a whole.
    pub fn statement(
        &self,
        q: &Question<'_>,
        drafts: &[Option<SiteDraft<'_>>],
        decision: &mut Decision,
        refusals: &mut Vec<Refusal>,
    ) {
        for rule in &self.0 {
            if !drafts.iter().flatten().any(|draft| hits(q, rule, draft)) {
                continue;
            }
            decision.because.push(rule.rule.clone());
            if rule.observe {
                decision.log = true;
                if rule.subject == Some(SubjectKind::Minor) {
                    decision.advice.insert(MINOR_WITHOUT_GUARDIAN);
                }
                continue;
            }
            decision.log |= rule.then.contains(&Then::Log);
            if !rule.then.contains(&Then::Block) || rule.until.is_some() {
                continue;
            }
            match rule.rows_over {
                Some(rows) => {
                    let most = decision.max_rows.map_or(rows, |most| most.min(rows));
                    decision.max_rows = Some(most);
                }
                None => refusals.push(texts::rule(q, &rule.rule)),
            }
        }
    }
}

/// Whether the rule speaks of the data of a relation's service: the service's own rule does, a
/// general one where the service has none of its name.
fn of_service(q: &Question<'_>, rule: &Rule, relation: &BoundRelation) -> bool {
    let service = relation.service.checked_sub(1).and_then(|at| q.rules.services.get(at));
    match (&rule.service, service) {
        (Some(own), service) => service.is_some_and(|service| service.name == *own),
        (None, Some(service)) => !rule.not_services.contains(&service.name),
        (None, None) => true,
    }
}

/// Whether the rule's questions about the query are answered yes at this site.
fn hits(q: &Question<'_>, rule: &Rule, draft: &SiteDraft<'_>) -> bool {
    if !of_service(q, rule, draft.relation) {
        return false;
    }
    if rule.other_service && !other_service(q, draft.relation) {
        return false;
    }
    let read = |(number, column): (&i16, &super::site::ColumnDraft<'_>)| {
        let looked_at = draft.use_.read.contains(number) || draft.use_.lookup.contains(number);
        looked_at && reads(rule, column.bound)
    };
    rule.reads.is_none() || draft.columns.iter().any(read)
}

fn reads(rule: &Rule, column: &BoundColumn) -> bool {
    match &rule.reads {
        None => true,
        // INVARIANT: `reads` has one entry for each category.
        Some(reads) => column.categories.iter().any(|category| reads[*category]),
    }
}

/// What must hold of a person for the rule not to apply to them, where choices speak of these
/// categories. `None`: it asks no such thing.
fn condition(asked: &Asked<'_>, rule: &Rule, scope: Option<CategoryScope>) -> Option<Condition> {
    let mut any = Vec::new();
    match rule.subject {
        Some(SubjectKind::Minor) => any.push(Condition::Adult),
        Some(SubjectKind::Cancelled) => any.push(Condition::NotCancelled),
        Some(SubjectKind::Locked) => any.push(Condition::NotLocked),
        None => {}
    }
    let agreed = |purposes, guardian| {
        let agreement = asked.agreement(Consent::Explicit, purposes, scope.clone());
        Condition::Consent(Agreement { guardian, ..agreement })
    };
    match rule.except_consent {
        Some(LiftingConsent::Guardian) => any.push(agreed(asked.purposes(), true)),
        Some(LiftingConsent::CrossService) => any.push(agreed(asked.cross_service(), false)),
        None => {}
    }
    match any.len() {
        0 => None,
        1 => any.pop(),
        _ => Some(Condition::Any(any)),
    }
}

/// What the rule asks of a person, those who have been told of its end left alone.
fn person<'e>(q: &Question<'_>, rule: &'e Rule, draft: &mut SiteDraft<'e>) {
    let block = rule.then.contains(&Then::Block);
    let mut outcomes = Vec::new();
    if rule.then.contains(&Then::HideRows) || (block && rule.reads.is_none()) {
        outcomes.push(PersonOutcome::HideRows);
    }
    if rule.then.contains(&Then::Mask) || (block && rule.reads.is_some()) {
        outcomes.push(PersonOutcome::Mask);
    }
    for outcome in outcomes {
        let all = outcome == PersonOutcome::HideRows;
        let which = |column: &BoundColumn| all || reads(rule, column);
        let asked = Asked::at(q, draft.relation);
        let make = |scope| match (condition(&asked, rule, scope), rule.until) {
            (Some(condition), until) => versions::unless_told(condition, until),
            (None, until) => Condition::SeenVersion(until.unwrap_or(u32::MAX)),
        };
        if rule.except_consent.is_none() {
            draft.require(make(None), outcome, which);
        } else {
            agreements::spread(q, draft, (Consent::Explicit, outcome), which, make);
        }
    }
    draft.because.insert(&rule.rule);
}

/// What `mask` means for the categories of a column.
pub fn masks_of(rules: &Rules, column: &BoundColumn) -> BTreeSet<Action> {
    // INVARIANT: `leaves` and `masks` have one entry for each category.
    let leaves = column.categories.iter().flat_map(|category| &rules.categories.leaves[*category]);
    leaves
        .map(|leaf| match rules.categories.masks[*leaf] {
            Some(MaskMeaning::Mask(mask)) => Action::Mask(mask),
            Some(MaskMeaning::Hide) => Action::Hide,
            Some(MaskMeaning::Block) | None => Action::Block,
        })
        .collect()
}

/// `then: mask` on a question about the query: the columns get what `mask` means for them.
fn mask<'e>(rules: &Rules, rule: &'e Rule, until: Option<u32>, draft: &mut SiteDraft<'e>) {
    for column in draft.columns.values_mut().filter(|column| reads(rule, column.bound)) {
        for action in masks_of(rules, column.bound) {
            match until {
                None => column.restrict(action),
                Some(version) => versions::restrict_untold(column, version, action),
            }
        }
        column.because.insert(&rule.rule);
    }
    draft.because.insert(&rule.rule);
}

/// Minors may be among the people used, whom the rules ask to bring a guardian's consent.
const MINOR_WITHOUT_GUARDIAN: &str = "minor_without_guardian";
