//! The pipeline on one screen: text → parse → resolve → decide → rewrite → verify.
//!
//! Pure and synchronous: no clock, socket, log or lock. The proxy, `explain` and the tests call
//! the same function and see the same judgement.
//!
//! | file | owns |
//! |---|---|
//! | `text` | a text of several statements, judged in sequence |
//! | `data` | one statement that holds a query or a write |
//! | `keep`, `labels` | CREATE TABLE AS, CREATE VIEW and the like |
//! | `copy` | COPY of a table |
//! | `execute` | EXECUTE and its arguments |
//! | `whole` | TABLE, spelt as the select it is |
//! | `closed` | what may not be used: relations of the server, code that is not trusted |
//! | `code` | statements that define or run code: CREATE FUNCTION, TRIGGER, DO, CALL |
//! | `names` | DDL: which tables it names |
//! | `setting` | SET and set_config: what a session may not change |
//! | `plan` | what a judgement comes to for every text of the same shape |
//! | `record` | what is written down |
//! | `outputs` | what becomes of each column of a result, for `explain` |

mod closed;
mod code;
mod copy;
mod data;
mod execute;
mod keep;
mod labels;
mod names;
mod outputs;
pub mod plan;
mod record;
mod setting;
mod text;
mod whole;

pub use outputs::{OutputRuling, SourceRuling, outputs};

use std::sync::Arc;

use crate::model::access::{Access, SessionEffect};
use crate::model::record::JudgedPart;
use crate::model::refusal::Refusal;
use crate::snapshot::Snapshot;
use crate::sql::Rewritten;

/// What is to happen to one text (one `Query` or `Parse` message).
#[derive(Clone, Debug)]
pub struct Judgement {
    pub verdict: Verdict,
    /// The statements of the text, in order. Empty for a text without a statement.
    pub statements: Vec<Judged>,
}

#[derive(Clone, Debug)]
pub enum Verdict {
    Forward(Rewritten),
    Refuse(Box<Refusal>),
}

/// One statement of a judged text.
#[derive(Clone, Debug)]
pub struct Judged {
    /// `SELECT`, `BEGIN`, `CREATE TABLE`: for the record and the metrics.
    pub statement: &'static str,
    pub effect: Option<SessionEffect>,
    /// Present where personal data is touched, or a rule says `log`, or it was refused.
    pub record: Option<Arc<JudgedPart>>,
    /// A result of more rows than this must end the connection.
    pub max_rows: Option<u64>,
    /// The server's errors and notices may name values the purpose may not see.
    pub guarded: bool,
    /// A statement of ours that must run in the same transaction, right behind this one. It
    /// answers with a command tag and nothing else.
    pub after: Option<Arc<str>>,
}

/// Judges a text under one snapshot for one client.
pub fn judge(world: &Snapshot, access: &Access, text: &str) -> Judgement {
    text::judge(world, access, text).0
}
