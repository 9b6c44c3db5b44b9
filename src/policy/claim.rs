//! Who may claim which purpose, and what is said to those who may not.

use super::ruleset::{Grant, RoleEntry, Rules, Ruleset};
use super::tokens;
use crate::model::access::Access;
use crate::model::names::Name;
use crate::model::privacy::Purpose;
use crate::model::refusal::{Reason, Refusal, SqlState};

impl Ruleset {
    /// Whether a client may declare a purpose: 22023 for one the rules do not know, 42501 for one
    /// that is not open to the role, or not from this address, or not under the token in force. A
    /// token that is still missing may follow.
    pub fn may_claim(&self, access: &Access, purpose: &Purpose) -> Result<(), Box<Refusal>> {
        let (entry, _) = self.rules.claim(access, purpose)?;
        tokens::narrows(entry, access, purpose)
    }
}

/// A purpose as declared: the rule for it, and its label where it takes any.
#[derive(Clone, Copy, Debug)]
pub struct Claimed<'r> {
    pub purpose: usize,
    pub label: Option<&'r str>,
    /// The role may claim it only for people who have been told of this version of the policy.
    pub since: Option<u32>,
}

impl Rules {
    /// The rule for a declared purpose.
    pub fn find_purpose<'p>(&self, declared: &'p Purpose) -> Option<Claimed<'p>> {
        let path = declared.as_str();
        if let Some(&purpose) = self.purpose_index.get(path) {
            // INVARIANT: the index of a purpose is one that the ruleset gave out.
            let rule = &self.purposes[purpose];
            return (!rule.has_parts && !rule.any_label).then_some(Claimed {
                purpose,
                label: None,
                since: None,
            });
        }
        let (above, label) = path.rsplit_once('.')?;
        let &purpose = self.purpose_index.get(above)?;
        // INVARIANT: the index of a purpose is one that the ruleset gave out.
        let fine = self.purposes[purpose].any_label && is_label(label);
        fine.then_some(Claimed { purpose, label: Some(label), since: None })
    }

    /// The role's entry and the purpose, if the role may claim it from this address. What a token
    /// has to say about it is asked apart.
    pub fn claim<'r>(
        &'r self,
        access: &Access,
        declared: &'r Purpose,
    ) -> Result<(&'r RoleEntry, Claimed<'r>), Box<Refusal>> {
        let (role, address) = (&access.role, access.address);
        let Some(claimed) = self.find_purpose(declared) else {
            return Err(Box::new(self.unknown_purpose(role, declared)));
        };
        let Some(entry) = self.roles.get(role) else {
            let detail = format!("Role \"{role}\" is not listed in the rules.");
            let mut refusal = not_open(declared, &detail);
            refusal.constraint = Some(format!("roles.{role}"));
            return Err(Box::new(refusal));
        };
        let inside =
            |address: std::net::IpAddr| entry.from.iter().any(|range| range.contains(address));
        if !entry.from.is_empty() && !address.is_some_and(inside) {
            let detail = "The role may claim purposes from the networks it is bound to only.";
            return Err(Box::new(not_open(declared, detail).rule(entry.rule.clone())));
        }
        let open = entry.may.iter().filter(|grant| {
            grant.purpose == claimed.purpose
                && grant.label.as_deref().is_none_or(|label| Some(label) == claimed.label)
        });
        let Some(since) = open.map(|grant| grant.since).min() else {
            let detail = format!("Role \"{role}\" may not claim it.");
            let refusal =
                not_open(declared, &detail).hint(self.open_to(entry)).rule(entry.rule.clone());
            return Err(Box::new(refusal));
        };
        Ok((entry, Claimed { since, ..claimed }))
    }

    fn unknown_purpose(&self, role: &Name, declared: &Purpose) -> Refusal {
        let message = format!("purpose \"{declared}\" does not exist");
        let refusal =
            Refusal::new(Reason::UnknownPurpose, SqlState::INVALID_PARAMETER_VALUE, message);
        let refusal = match self.purpose_index.get(declared.as_str()) {
            // INVARIANT: the index of a purpose is one that the ruleset gave out.
            Some(&at) if self.purposes[at].has_parts => {
                refusal.detail("It is declared by one of its parts.")
            }
            Some(_) => refusal.detail("It is declared with a label after it, joined by a dot."),
            None => refusal,
        };
        match self.roles.get(role) {
            Some(entry) => refusal.hint(self.open_to(entry)),
            None => refusal,
        }
    }

    /// "Purposes open to this role: …", for a hint.
    pub fn open_to(&self, entry: &RoleEntry) -> String {
        let open = self.open_purposes(entry);
        if open.is_empty() {
            "No purpose is open to this role.".to_owned()
        } else {
            format!("Purposes open to this role: {}.", open.join(", "))
        }
    }

    /// As they are to be declared.
    pub fn open_purposes(&self, entry: &RoleEntry) -> Vec<String> {
        let name = |grant: &Grant| {
            // INVARIANT: the index of a purpose is one that the ruleset gave out.
            let rule = &self.purposes[grant.purpose];
            match &grant.label {
                Some(label) => format!("{}.{label}", rule.path),
                None if rule.any_label => format!("{}.<label>", rule.path),
                None => rule.path.to_string(),
            }
        };
        entry.may.iter().map(name).collect()
    }
}

fn not_open(declared: &Purpose, detail: &str) -> Refusal {
    let message = format!("permission denied for purpose \"{declared}\"");
    Refusal::new(Reason::Role, SqlState::INSUFFICIENT_PRIVILEGE, message).detail(detail)
}

fn is_label(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LABEL_BYTES_MAX
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// The longest label of a purpose that takes any, in bytes.
const LABEL_BYTES_MAX: usize = 63;
