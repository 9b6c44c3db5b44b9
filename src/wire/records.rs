//! Decision and outcome of the statements of a session: made here, written elsewhere.

use crate::model::access::Access;
use crate::model::record::{DecisionRecord, JudgedPart, OutcomeRecord, RefusedPart};
use crate::model::refusal::{Reason, Refusal};

/// What a session tells whoever runs it.
#[derive(Debug)]
pub enum Fact {
    /// To be written before anything of its statement is relayed; tickets count from 1.
    Decision {
        ticket: u64,
        record: Box<DecisionRecord>,
    },
    Outcome(OutcomeRecord),
    /// A statement has ended.
    Ended {
        rows: u64,
        took_us: u64,
        failed: bool,
    },
    /// The session itself refused something.
    Refused(Reason),
    /// A result was stopped that would have shown a column as it is which it may not: `number` of
    /// the relation with this OID, as column `at` of the result, from 1.
    Alarm {
        relation: u32,
        number: i16,
        at: usize,
    },
}

/// A record whose outcome is still to come.
#[derive(Clone, Debug)]
pub struct Open {
    pub id: String,
    /// Statement of its text.
    pub index: usize,
    pub rows: u64,
    pub started_us: u64,
}

impl Open {
    pub fn outcome(self, now_us: u64, sqlstate: &str) -> OutcomeRecord {
        OutcomeRecord {
            id: self.id,
            rows: self.rows,
            duration_us: now_us.saturating_sub(self.started_us),
            sqlstate: sqlstate.to_owned(),
        }
    }
}

/// Who a session is, for its records.
#[derive(Clone, Debug)]
pub struct Identity {
    pub session: String,
    pub database: String,
    pub application: String,
}

impl Identity {
    pub fn decision(
        &self,
        access: &Access,
        id: &str,
        stamp: String,
        judged: JudgedPart,
    ) -> Box<DecisionRecord> {
        Box::new(DecisionRecord {
            id: id.to_owned(),
            session: self.session.clone(),
            role: access.role.as_str().to_owned(),
            database: self.database.clone(),
            application: self.application.clone(),
            address: access.address.map(|a| a.to_string()).unwrap_or_default(),
            stamp,
            judged,
        })
    }
}

/// The record of a refusal that the judge made none for.
pub fn refused(access: &Access, refusal: &Refusal) -> JudgedPart {
    JudgedPart {
        decision: "block",
        purpose: access.purpose.as_str().to_owned(),
        declared: access.declared.as_str(),
        refusal: Some(RefusedPart {
            reason: refusal.reason.as_str(),
            sqlstate: refusal.sqlstate.0,
            message: refusal.message.clone(),
            rule: refusal.rule.as_ref().map(|rule| format!("{} ({})", rule.id, rule.place)),
        }),
        ..JudgedPart::default()
    }
}
