//! `decide`: the questions about one statement, in their order.
//!
//! Questions about the query (role, purpose, columns, size) may refuse it. Questions about a
//! person never do: they become conditions on rows or cells, so that no error can tell what
//! somebody chose. The first refusal wins; the decision stays total.

use std::collections::BTreeSet;

use super::exceptions::Exceptions;
use super::site::{self, SiteDraft};
use super::{aggregates, combinations, evidence, persons, texts, writes};
use crate::catalog::{Catalog, RelationKind};
use crate::model::access::Access;
use crate::model::claims::Times;
use crate::model::limits::Quota;
use crate::model::names::RelationId;
use crate::model::refusal::Refusal;
use crate::model::ruling::{Decision, RelationClass, RuleRef, SiteRuling};
use crate::model::usage::{SiteUse, Uses};
use crate::policy::bind::{BoundRelation, BoundRuleset};
use crate::policy::claim::Claimed;
use crate::policy::ruleset::{Effective, PurposeRule, QuotaRule, RoleEntry, Rules};
use crate::policy::tokens;

/// Who asks for what, resolved.
pub struct Question<'q> {
    pub bound: &'q BoundRuleset,
    pub rules: &'q Rules,
    pub access: &'q Access,
    pub catalog: &'q Catalog,
    pub uses: &'q Uses,
    pub role: &'q RoleEntry,
    pub purpose: &'q PurposeRule,
    pub claimed: Claimed<'q>,
}

impl<'q> Question<'q> {
    pub fn relation(&self, use_: &SiteUse) -> Option<&'q BoundRelation> {
        self.bound.relations.get(&use_.relation)
    }

    /// What the purpose means for the data of a relation.
    pub fn meant(&self, relation: &BoundRelation) -> &'q Effective {
        // INVARIANT: `services` has one entry for each slot that `bind` hands out.
        &self.purpose.services[relation.service]
    }
}

impl BoundRuleset {
    /// The ruling on one statement: one `SiteRuling` for each site of `uses`.
    pub fn decide(&self, uses: &Uses, access: &Access, catalog: &Catalog) -> Decision {
        let classes: Vec<Option<RelationClass>> =
            uses.sites.iter().map(|use_| self.class_with(use_.relation, catalog)).collect();
        let entry = self.rules.roles.get(&access.role);
        let mut decision = Decision {
            sites: uses.sites.iter().zip(&classes).map(|(u, c)| bare(u, *c)).collect(),
            refusal: None,
            log: classes.contains(&Some(RelationClass::NotCovered)),
            observe: entry.map_or(self.rules.observe, |entry| entry.observe),
            max_rows: None,
            advice: BTreeSet::new(),
            times: Times::default(),
            quotas: Vec::new(),
            because: Vec::new(),
        };
        let of = |class| classes.iter().position(|c| *c == class);
        if let Some(at) = of(Some(RelationClass::Internal)) {
            decision.refusal = Some(texts::internal(self.relation_of(uses, at)));
            return decision;
        }
        let touched =
            |c: &Option<RelationClass>| c.is_none() || *c == Some(RelationClass::Governed);
        let Some(first) = classes.iter().position(touched) else {
            return self.untouched(uses, decision);
        };
        if access.purpose.is_undeclared() {
            let relation = self.relation_of(uses, first);
            decision.refusal = Some(texts::no_purpose(&self.rules, access, relation));
            return decision;
        }
        let claimed = self.rules.claim(access, &access.purpose).and_then(|(role, claimed)| {
            // INVARIANT: `claim` gives indices of `purposes`.
            tokens::stands(role, &self.rules.purposes[claimed.purpose], access)?;
            Ok((role, claimed))
        });
        match claimed {
            Err(refusal) => decision.refusal = Some(*refusal),
            Ok((role, claimed)) => {
                let question = Question {
                    bound: self,
                    rules: &self.rules,
                    access,
                    catalog,
                    uses,
                    role,
                    // INVARIANT: `claim` gives indices of `purposes`.
                    purpose: &self.rules.purposes[claimed.purpose],
                    claimed,
                };
                answer(&question, &classes, &mut decision);
            }
        }
        decision
    }

    pub(super) fn relation_of(&self, uses: &Uses, site: usize) -> Option<&BoundRelation> {
        uses.sites.get(site).and_then(|use_| self.relations.get(&use_.relation))
    }

    /// The class, for relations too that only this session's catalog knows.
    fn class_with(&self, id: RelationId, catalog: &Catalog) -> Option<RelationClass> {
        if let Some(bound) = self.relations.get(&id) {
            return bound.class;
        }
        let own = catalog.relation(id)?;
        let table = matches!(own.kind, RelationKind::Table | RelationKind::Sequence);
        (own.temporary && table).then_some(RelationClass::Plain)
    }

    /// Nothing personal: only the flow of nothing is to be said, and what is recorded.
    fn untouched(&self, uses: &Uses, mut decision: Decision) -> Decision {
        let rules = uses.sites.iter().filter_map(|use_| {
            let bound = self.relations.get(&use_.relation)?;
            let covered = bound.class == Some(RelationClass::NotCovered);
            bound.rule.clone().filter(|_| covered)
        });
        decision.because = rules.collect::<BTreeSet<RuleRef>>().into_iter().collect();
        decision
    }
}

/// What is said of a site before anything is decided: nothing is open.
fn bare(use_: &SiteUse, class: Option<RelationClass>) -> SiteRuling {
    SiteRuling {
        relation: use_.relation,
        class: class.unwrap_or(RelationClass::Governed),
        columns: std::collections::BTreeMap::new(),
        row_conditions: Vec::new(),
        new_row_conditions: Vec::new(),
        subject: None,
        cells: None,
    }
}

/// The statement touches personal data and the purpose may be claimed.
fn answer(q: &Question<'_>, classes: &[Option<RelationClass>], decision: &mut Decision) {
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut because: BTreeSet<&RuleRef> = BTreeSet::new();
    if let Some(at) = classes.iter().position(Option::is_none) {
        refusals.push(texts::unlisted(q.bound.relation_of(q.uses, at)));
    }
    match evidence::check(q) {
        Ok(times) => decision.times = times,
        Err(refusal) => refusals.push(*refusal),
    }
    let exceptions = Exceptions::new(q);
    let mut drafts: Vec<Option<SiteDraft<'_>>> = Vec::with_capacity(q.uses.sites.len());
    for (use_, class) in q.uses.sites.iter().zip(classes) {
        let governed = q.relation(use_).filter(|_| *class == Some(RelationClass::Governed));
        drafts.push(governed.map(|relation| {
            let mut draft = SiteDraft::new(q, use_, relation);
            exceptions.apply(q, &mut draft);
            draft.spare_unseen_cells();
            draft
        }));
    }
    combinations::apply(q, &mut drafts, &mut decision.because, &mut refusals);
    aggregates::check(q, &exceptions, &mut drafts, &mut refusals);
    for draft in drafts.iter().flatten() {
        site::settle(q, draft, &mut refusals);
    }
    exceptions.statement(q, &drafts, decision, &mut refusals);
    writes::check(q, &drafts, (classes, &exceptions), &mut refusals);
    persons::check(q, &drafts, &mut refusals);
    refusals.extend(drafts.iter().flatten().find_map(|draft| evidence::writes(q, draft)));
    for (ruling, draft) in decision.sites.iter_mut().zip(drafts) {
        if let Some(draft) = draft {
            draft.finish(q.rules, ruling, &mut because);
        }
    }
    if !decision.observe {
        decision.quotas = quotas(q);
    }
    because.insert(&q.role.rule);
    decision.refusal = refusals.into_iter().next();
    let decided = decision.refusal.as_ref().and_then(|refusal| refusal.rule.as_ref());
    because.extend(decided);
    let by_rules = std::mem::take(&mut decision.because);
    because.extend(&by_rules);
    decision.because = because.into_iter().cloned().collect();
}

/// What is counted for this role and purpose.
fn quotas(q: &Question<'_>) -> Vec<Quota> {
    // INVARIANT: `purposes` has one entry for each purpose.
    let applies = |quota: &&QuotaRule| {
        quota.purposes[q.claimed.purpose]
            && quota.roles.as_ref().is_none_or(|roles| roles.contains(&q.access.role))
    };
    let counted = |quota: &QuotaRule| Quota {
        rule: quota.rule.clone(),
        account: format!("{} {} {}", quota.rule.id, q.access.purpose, q.access.role),
        people: quota.people,
        rows: quota.rows,
        statements: quota.statements,
        window_s: quota.window_s,
    };
    q.rules.quotas.iter().filter(applies).map(counted).collect()
}
