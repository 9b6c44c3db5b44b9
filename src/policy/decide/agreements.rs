//! The agreement of a person that a purpose, or an exception, asks for, as conditions.
//!
//! Where choices speak of categories, whoever refuses one loses its cells, not the row: the row
//! asks about the purpose as a whole, each cell about its categories.

use std::collections::BTreeSet;

use super::site::SiteDraft;
use super::{statement::Question, versions};
use crate::model::privacy::Consent;
use crate::model::ruling::{Agreement, CategoryScope, Condition, PersonOutcome};
use crate::policy::bind::{BoundColumn, BoundRelation};
use crate::policy::ruleset::Rules;

/// Which choices a condition looks at. Made once for each site.
pub struct Asked<'q> {
    q: &'q Question<'q>,
    relation: &'q BoundRelation,
}

impl<'q> Asked<'q> {
    pub fn at(q: &'q Question<'q>, relation: &'q BoundRelation) -> Asked<'q> {
        Asked { q, relation }
    }

    /// Consent to the declared purpose, or to one above it.
    pub fn purposes(&self) -> Vec<String> {
        self.q.access.purpose.lineage().map(str::to_owned).collect()
    }

    /// Consent to data of one service being used in another. Where choices speak of services, it
    /// may be to this one alone.
    pub fn cross_service(&self) -> Vec<String> {
        let target = self.q.role.service.as_ref().filter(|_| self.speaks().service);
        let pair = target.map(|service| format!("{CROSS_SERVICE}.{service}"));
        pair.into_iter().chain([CROSS_SERVICE.to_owned()]).collect()
    }

    pub fn agreement(
        &self,
        kind: Consent,
        purposes: Vec<String>,
        categories: Option<CategoryScope>,
    ) -> Agreement {
        let speaks = self.speaks();
        let recipient = self.q.role.recipient(self.q.access);
        Agreement {
            categories,
            service: speaks.service.then(|| self.relation.service_name.clone()),
            recipient: recipient.map(str::to_owned).filter(|_| speaks.recipient),
            ..Agreement::to(kind, purposes)
        }
    }

    fn speaks(&self) -> Speaks {
        speaks(self.q.rules)
    }
}

/// What choices are kept about, beside purposes.
#[derive(Clone, Copy, Debug, Default)]
struct Speaks {
    category: bool,
    service: bool,
    recipient: bool,
}

fn speaks(rules: &Rules) -> Speaks {
    let choices = rules.subjects.as_ref().and_then(|subjects| subjects.choices.as_ref());
    choices.map_or(Speaks::default(), |choices| Speaks {
        category: choices.category.is_some(),
        service: choices.service.is_some(),
        recipient: choices.recipient.is_some(),
    })
}

/// The agreement the purpose needs, and what it needed before of who has not been told.
pub fn of_purpose(q: &Question<'_>, draft: &mut SiteDraft<'_>) {
    let kept = q.rules.subjects.as_ref().is_some_and(|s| s.choices.is_some());
    let meant = draft.meant;
    let needed = |kind| match kind {
        Consent::None => speaks(q.rules).category && !meant.overrides_refusal,
        // No record means yes, and there is no place for a record.
        Consent::Implied => kept && !meant.overrides_refusal,
        Consent::Explicit => true,
    };
    if let Some((version, kind)) = meant.consent_before.filter(|_| q.rules.policy.notice_required)
        && needed(kind)
    {
        ask(q, draft, kind, Some(version));
    }
    if needed(meant.consent) {
        ask(q, draft, meant.consent, None);
    }
}

/// One kind of agreement, of everybody or of who has not been told of a version.
fn ask(q: &Question<'_>, draft: &mut SiteDraft<'_>, kind: Consent, untold: Option<u32>) {
    draft.because.insert(&draft.meant.consent_rule);
    let asked = Asked::at(q, draft.relation);
    if kind == Consent::None {
        return collected(&asked, draft);
    }
    // Agreed to under this very label; refused under it or altogether.
    let exactly = kind == Consent::Explicit && q.claimed.label.is_some();
    let make = |categories| {
        let agreement =
            Agreement { exactly, ..asked.agreement(kind, asked.purposes(), categories) };
        versions::unless_told(Condition::Consent(agreement), untold)
    };
    spread(q, draft, (kind, q.rules.refused), |_| true, make);
}

/// Puts a condition on choices on the rows and the cells that it closes.
pub fn spread(
    q: &Question<'_>,
    draft: &mut SiteDraft<'_>,
    (kind, outcome): (Consent, PersonOutcome),
    which: impl Fn(&BoundColumn) -> bool,
    make: impl Fn(Option<CategoryScope>) -> Condition,
) {
    if !speaks(q.rules).category {
        draft.require(make(None), outcome, which);
        return;
    }
    let whole = outcome == PersonOutcome::Mask;
    if outcome == PersonOutcome::HideRows {
        // Whoever gave a part is there with that part.
        let given = if kind == Consent::Explicit { held(q.rules, draft.relation) } else { vec![] };
        let scope = CategoryScope { whole: true, refused: Vec::new(), given };
        draft.row_conditions.insert(make(Some(scope)));
    }
    for column in draft.columns.values_mut().filter(|column| which(column.bound)) {
        for category in &column.bound.categories {
            column.conditions.insert(make(Some(of_category(q.rules, *category, whole))));
        }
    }
}

/// "Refuse to collect": a category that somebody refuses, whatever for.
fn collected(asked: &Asked<'_>, draft: &mut SiteDraft<'_>) {
    for column in draft.columns.values_mut() {
        column.conditions.extend(not_refused(asked, column.bound));
    }
}

fn not_refused<'a>(
    asked: &'a Asked<'_>,
    column: &'a BoundColumn,
) -> impl Iterator<Item = Condition> + 'a {
    column.categories.iter().map(|category| {
        let scope = of_category(asked.q.rules, *category, false);
        Condition::Consent(asked.agreement(Consent::None, Vec::new(), Some(scope)))
    })
}

/// Whether a condition asks what somebody chose about a category, and nothing of the person's row.
pub fn is_by_category(condition: &Condition) -> bool {
    match condition {
        Condition::Consent(agreement) => agreement.categories.is_some(),
        Condition::Any(any) => {
            let told = |one: &Condition| matches!(one, Condition::SeenVersion(_));
            any.iter().all(|one| told(one) || is_by_category(one)) && !any.iter().all(told)
        }
        Condition::Adult
        | Condition::NotCancelled
        | Condition::NotLocked
        | Condition::SeenVersion(_)
        | Condition::OneOf(_)
        | Condition::Listed(_) => false,
    }
}

/// A refusal of the category, of one above it, or of a part of it; consent to it, or above.
fn of_category(rules: &Rules, category: usize, whole: bool) -> CategoryScope {
    let names = &rules.categories.names;
    // INVARIANT: categories are indices of the tree.
    let given: Vec<String> = names[category].lineage().map(str::to_owned).collect();
    let below =
        (0..names.len()).filter(|of| *of != category && rules.categories.covers(category, *of));
    let refused = given.iter().cloned().chain(below.map(|of| names[of].to_string())).collect();
    CategoryScope { whole, refused, given }
}

/// Categories of all columns of a relation, and those above them.
fn held(rules: &Rules, relation: &BoundRelation) -> Vec<String> {
    let categories: BTreeSet<usize> =
        relation.columns.values().flat_map(|column| column.categories.iter().copied()).collect();
    // INVARIANT: categories are indices of the tree.
    let names =
        categories.into_iter().flat_map(|category| rules.categories.names[category].lineage());
    names.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The purpose under which people agree that data of one service is used in another.
const CROSS_SERVICE: &str = "cross_service";
