//! The seam between a connection and the audit trail: a decision is handed over, and the
//! connection holds back the rows until the trail says that the line is written.
//!
//! A trait, so that a connection can be tested with a trail that is slow, full or broken.

use std::future::Future;
use std::pin::Pin;

use crate::model::person::PersonId;
use crate::model::record::{DecisionRecord, OutcomeRecord};

/// Resolves when the line has been written (the process may die now and the line stays).
pub type Written = Pin<Box<dyn Future<Output = Result<(), SinkFault>> + Send>>;

/// The record could not be written. Why is in the log of whoever keeps the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the audit record could not be written")]
pub struct SinkFault;

/// Where records go.
pub trait AuditSink: Send + Sync {
    /// Takes the decision on a statement at once, before the statement is forwarded; the future
    /// resolves when it is written. Dropping the future does not take the record back.
    fn decision(&self, record: DecisionRecord) -> Written;

    /// Takes the end of a statement whose decision was written. Nobody waits for it.
    fn outcome(&self, record: OutcomeRecord);

    /// What stands for a person in records; `None`: there is no key to make it with.
    fn subject_hash(&self, id: &PersonId) -> Option<String> {
        let _ = id;
        None
    }

    /// The last write failed and none has succeeded since: nothing that needs a record may be
    /// forwarded.
    fn is_failing(&self) -> bool;
}
