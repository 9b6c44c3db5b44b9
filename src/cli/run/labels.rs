//! The closed sets of label values, from the rules.

use crate::policy::Ruleset;
use crate::telemetry::Labels;

pub fn labels_of(_ruleset: &Ruleset) -> Labels {
    Labels::default()
}
