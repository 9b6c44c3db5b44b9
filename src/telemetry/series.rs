//! The series whose labels come from the rules, made ahead at 0 so that a first event is seen as
//! an increase. A reload makes what is new; what the rules no longer name stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use metrics::{Counter, counter};

use super::labels::{DECISIONS, FILTERS, Labels, OTHER, TREATMENTS, UNDECLARED, UNKNOWN, group};
use crate::model::privacy::Purpose;
use crate::model::refusal::Reason;

type Counters = BTreeMap<&'static str, Counter>;

/// All series of one set of rules.
pub struct Series {
    purposes: BTreeMap<String, PurposeSeries>,
    roles: BTreeMap<String, Counter>,
    rules: BTreeMap<String, Counter>,
    pub filters: Counters,
}

/// All series of one purpose.
pub struct PurposeSeries {
    pub decisions: Counters,
    pub observed: Counters,
    pub blocks: BTreeMap<Reason, Counter>,
    /// Group of categories → treatment.
    pub categories: BTreeMap<String, Counters>,
}

impl Series {
    /// Makes every series. To be called under the recorder they belong to.
    pub fn register(labels: &Labels) -> Series {
        let groups: BTreeSet<&str> = labels.categories.iter().map(|path| group(path)).collect();
        let named = labels.purposes.iter().map(String::as_str).chain([UNKNOWN, UNDECLARED]);
        let purposes =
            named.map(|name| (name.to_owned(), PurposeSeries::register(name, &groups))).collect();
        let with_other = |names: &BTreeSet<String>| -> Vec<String> {
            names.iter().cloned().chain([OTHER.to_owned()]).collect()
        };
        let role = |role: String| {
            let counter = counter!("pgpurpose_undeclared_total", "role" => role.clone());
            (role, counter)
        };
        let rule = |rule: String| {
            let counter = counter!("pgpurpose_rule_hits_total", "rule" => rule.clone());
            (rule, counter)
        };
        let filter = |filter: &&'static str| {
            (*filter, counter!("pgpurpose_person_filters_total", "reason" => *filter))
        };
        Series {
            purposes,
            roles: with_other(&labels.roles).into_iter().map(role).collect(),
            rules: with_other(&labels.rules).into_iter().map(rule).collect(),
            filters: FILTERS.iter().map(filter).collect(),
        }
    }

    /// The nearest purpose the rules name: `other.study` counts as `other` where `other` takes any
    /// label.
    pub fn purpose(&self, declared: &Purpose) -> Option<&PurposeSeries> {
        if declared.is_undeclared() {
            return self.purposes.get(UNDECLARED);
        }
        let named = declared.lineage().find_map(|path| self.purposes.get(path));
        named.or_else(|| self.purposes.get(UNKNOWN))
    }

    pub fn role(&self, role: &str) -> Option<&Counter> {
        self.roles.get(role).or_else(|| self.roles.get(OTHER))
    }

    pub fn rule(&self, rule: &str) -> Option<&Counter> {
        self.rules.get(rule).or_else(|| self.rules.get(OTHER))
    }
}

impl PurposeSeries {
    fn register(purpose: &str, groups: &BTreeSet<&str>) -> PurposeSeries {
        let name = || purpose.to_owned();
        let decision = |d: &&'static str| {
            (*d, counter!("pgpurpose_statements_total", "decision" => *d, "purpose" => name()))
        };
        let observed = |d: &&'static str| {
            (*d, counter!("pgpurpose_observed_total", "decision" => *d, "purpose" => name()))
        };
        let block = |reason: &Reason| {
            let word = reason.as_str();
            let counter =
                counter!("pgpurpose_block_reasons_total", "reason" => word, "purpose" => name());
            (*reason, counter)
        };
        let category = |group: &&str| {
            let treatment = |t: &&'static str| {
                let counter = counter!(
                    "pgpurpose_category_access_total",
                    "category" => (*group).to_owned(),
                    "treatment" => *t,
                    "purpose" => name()
                );
                (*t, counter)
            };
            ((*group).to_owned(), TREATMENTS.iter().map(treatment).collect())
        };
        PurposeSeries {
            decisions: DECISIONS.iter().map(decision).collect(),
            observed: DECISIONS.iter().map(observed).collect(),
            blocks: Reason::ALL.iter().map(block).collect(),
            categories: groups.iter().map(category).collect(),
        }
    }
}
