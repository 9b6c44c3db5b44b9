//! The closed sets of label values, from the rules.

use crate::policy::Ruleset;
use crate::telemetry::Labels;

pub fn labels_of(ruleset: &Ruleset) -> Labels {
    Labels {
        purposes: ruleset.purposes().map(ToString::to_string).collect(),
        categories: ruleset.categories().map(ToString::to_string).collect(),
        roles: ruleset.roles().map(ToString::to_string).collect(),
        rules: ruleset.rule_ids().map(str::to_owned).collect(),
    }
}
