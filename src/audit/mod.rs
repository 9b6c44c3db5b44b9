//! The record of personal data that left: JSON lines in a file, written before the data leaves.
//!
//! | file | owns |
//! |---|---|
//! | `id` | sortable ids shared by the lines of one statement |
//! | `line` | a record as one line of JSON |
//! | `file` | appending whole lines to a file, repairing, rotating |
//! | `log` | `AuditLog` and the tickets it gives |
//! | `writer` | many clients, one writer at a time; the disk; retries |
//! | `sink` | the seam: who wants a record written, and how it learns that it is |
//! | `key` | what stands for a person in a line; what signs receipts |
//! | `trail` | reading a trail again |
//! | `fault` | what can go wrong |

mod fault;
mod file;
mod id;
pub mod key;
mod line;
mod log;
#[cfg(test)]
mod scratch;
pub mod sink;
pub mod trail;
mod writer;

pub use fault::AuditFault;
pub use file::{AuditFile, Medium};
pub use id::IdSource;
pub use key::AuditKey;
pub use log::{AuditLog, Ticket};
