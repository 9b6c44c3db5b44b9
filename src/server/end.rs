//! How a connection ends, and what its client is told.

use std::io;

use crate::model::refusal::{Reason, Refusal, SqlState};

/// How a connection ends.
#[derive(Debug)]
pub enum End {
    /// One side has closed, and the other has got all there was.
    Closed,
    /// The client is told why.
    Refused(Box<Refusal>),
    Io(io::Error),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> End {
        End::Io(error)
    }
}

impl From<Box<Refusal>> for End {
    fn from(refusal: Box<Refusal>) -> End {
        End::Refused(refusal)
    }
}

pub fn shutting_down() -> Refusal {
    Refusal::new(
        Reason::Internals,
        SqlState::ADMIN_SHUTDOWN,
        "terminating connection due to administrator command",
    )
}

pub(super) fn audit_failed() -> Refusal {
    Refusal::new(Reason::Audit, SqlState::IO_ERROR, "the audit record cannot be written")
}

pub(super) fn catalog_unreadable() -> Refusal {
    Refusal::new(
        Reason::Internals,
        SqlState::CANNOT_CONNECT_NOW,
        "the names of the database cannot be read",
    )
}
