//! What can go wrong with the audit file. The client sees none of it but SQLSTATE 58030.

use std::path::PathBuf;

/// A fault of the audit log.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AuditFault {
    #[error("cannot open audit file \"{}\": {reason}", path.display())]
    Open { path: PathBuf, reason: String },
    #[error("audit file \"{}\" is being written by another process", path.display())]
    Locked { path: PathBuf },
    #[error("cannot use audit key \"{}\": {reason}", path.display())]
    Key { path: PathBuf, reason: String },
    #[error("cannot write the audit record: {0}")]
    Write(String),
    #[error("the audit log is closed")]
    Closed,
}
