//! What a session asks of the world: a judgement, the stamp in force, an id. A trait, so that a
//! dialogue can be replayed with a judge made for it.

use std::fmt::Debug;
use std::sync::Arc;

use crate::judge::Judgement;
use crate::model::access::{Access, Stamp};
use crate::model::claims::{Claims, Fallen, Presented};
use crate::model::limits::Quota;
use crate::model::names::RelationId;
use crate::model::person::PersonId;
use crate::model::privacy::Purpose;
use crate::model::record::PeoplePart;
use crate::model::refusal::Refusal;

/// What a statement is charged to, and whose rows it reads.
#[derive(Clone, Debug)]
pub struct Charge {
    pub quotas: Arc<[Quota]>,
    pub people: PeoplePart,
}

/// Counts the rows of what has been charged.
pub trait Meter: Debug + Send + Sync {
    /// Whether one more row may be relayed, which is thereby counted.
    fn row(&self) -> bool;
}

pub trait World {
    /// Ruleset hash and catalog epoch of the snapshot in force, for stamps.
    fn stamp(&self) -> u64;

    /// The same in words, for records and refused clients.
    fn stamp_text(&self) -> String;

    /// Judges a text. `stamp` is that of `access` under the snapshot in force.
    fn judge(&self, access: &Access, stamp: &Arc<Stamp>, text: &str) -> Arc<Judgement>;

    /// Whether this client may declare the purpose.
    fn may_claim(&self, access: &Access, purpose: &Purpose) -> Result<(), Box<Refusal>>;

    /// Reads and checks a purpose token, but not its times.
    fn verify_token(&self, token: &str) -> Result<Presented, Box<Refusal>>;

    /// Whether a token that was taken stands now.
    fn token_stands(&self, claims: &Claims) -> Result<(), Fallen>;

    /// Seconds since 1970.
    fn now_s(&self) -> i64;

    /// Whether nothing of a relation may be seen unless a judgement says so: it is governed,
    /// closed, or not known.
    fn is_limited(&self, relation: RelationId) -> bool;

    /// Whether values may be given a type of a user's own without a judgement having seen its name.
    fn lets_declare_types(&self) -> bool {
        true
    }

    /// A fresh id for a decision: lower-case letters and digits, sortable by time.
    fn fresh_id(&self) -> String;

    /// What stands for a person in records; `None`: there is no key to make it with.
    fn subject_hash(&self, id: &PersonId) -> Option<String> {
        let _ = id;
        None
    }

    /// Charges statements before they are forwarded, all or none; gives what counts their rows.
    ///
    /// # Errors
    /// A quota is used up.
    fn charge(&self, charges: &[Charge]) -> Result<Option<Arc<dyn Meter>>, Box<Refusal>> {
        let _ = charges;
        Ok(None)
    }

    /// What counts further rows of statements that have been charged.
    fn meter(&self, charges: &[Charge]) -> Option<Arc<dyn Meter>> {
        let _ = charges;
        None
    }

    /// The audit trail takes no records: what needs one must be refused.
    fn audit_is_failing(&self) -> bool;
}
