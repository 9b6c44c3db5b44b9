//! What a ruleset holds of roles and of lists of people, names resolved.

use std::collections::BTreeMap;

use super::shape::Cidr;
use crate::catalog::store::StoreCall;
use crate::model::access::Access;
use crate::model::names::{Name, QualifiedName};
use crate::model::privacy::Purpose;
use crate::model::ruling::RuleRef;

#[derive(Clone, Debug)]
pub struct RoleEntry {
    pub rule: RuleRef,
    pub service: Option<String>,
    pub recipient: Recipient,
    pub may: Vec<Grant>,
    pub default: Option<Purpose>,
    pub from: Vec<Cidr>,
    pub token_required: bool,
    pub comments: bool,
    pub unchecked_code: bool,
    pub consent: Option<StoreCall>,
    pub observe: bool,
}

/// Who receives what a role reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The company itself.
    Ours,
    /// Somebody outside.
    Named(String),
    /// Somebody outside, whom the purpose token names.
    OfToken,
}

impl RoleEntry {
    /// Who receives the data outside the company, where that is known.
    pub fn recipient<'r>(&'r self, access: &'r Access) -> Option<&'r str> {
        match &self.recipient {
            Recipient::Named(name) => Some(name),
            Recipient::Ours | Recipient::OfToken => access.token.claims()?.recipient.as_deref(),
        }
    }
}

/// A purpose a role may claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub purpose: usize,
    /// Only under this label, where the purpose takes any.
    pub label: Option<String>,
    /// Only for people who have been told of this version of the policy.
    pub since: Option<u32>,
}

/// A list of people: a table with rows of those whom a purpose may be about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListRule {
    pub table: QualifiedName,
    pub subject: Name,
    /// Column → the evidence that its value must be.
    pub holds: BTreeMap<Name, String>,
    /// SQL over its row.
    pub filter: Option<String>,
}
