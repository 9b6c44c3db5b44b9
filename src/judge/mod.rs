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
//! | `copy`, `execute` | COPY of a table; EXECUTE and its arguments |
//! | `whole` | TABLE, spelt as the select it is |
//! | `beside` | code of the database that a statement sets off without naming it |
//! | `closed` | what may not be used: relations of the server, code that is not trusted |
//! | `code`, `block`, `bodies` | CREATE FUNCTION, TRIGGER, CALL; DO; functions over personal data |
//! | `names`, `redefine` | DDL: which tables it names; which changes an open purpose may make |
//! | `setting`, `isolation` | SET and set_config; transactions that keep their first snapshot |
//! | `plan` | what a judgement comes to for every text of the same shape |
//! | `record`, `people`, `dependence` | what is written down; whose rows; what conditions ask |
//! | `result`, `outputs` | what a result may show; what becomes of each column, for `explain` |

mod beside;
mod block;
mod bodies;
mod closed;
mod code;
mod copy;
mod data;
mod dependence;
mod execute;
mod isolation;
mod keep;
mod labels;
mod names;
mod outputs;
mod people;
pub mod plan;
mod record;
mod redefine;
mod result;
mod setting;
mod text;
mod whole;

pub use data::no_plan;
pub use dependence::Dependence;
pub use outputs::{OutputRuling, SourceRuling, outputs};
pub use people::{Argument, Asked, INSERTED, Persons};
pub use result::{ResultColumns, Shown};

use std::sync::Arc;

use crate::model::access::{Access, SessionEffect};
use crate::model::claims::Times;
use crate::model::limits::Quota;
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
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// `SELECT`, `BEGIN`, `CREATE TABLE`: for the record and the metrics.
    pub statement: &'static str,
    pub effect: Option<SessionEffect>,
    /// Present where personal data is touched, or a rule says `log`, or it was refused.
    pub record: Option<Arc<JudgedPart>>,
    /// Whose rows it touches; goes with `record`.
    pub persons: Option<Arc<Persons>>,
    /// The arguments of an EXECUTE.
    pub arguments: Arc<[Argument]>,
    /// A result of more rows than this must end the connection.
    pub max_rows: Option<u64>,
    /// When it may be carried out: what its purpose needs may run out.
    pub times: Times,
    /// What it is counted under.
    pub quotas: Arc<[Quota]>,
    /// The server's errors and notices may name values the purpose may not see.
    pub guarded: bool,
    /// A statement of ours that must run in the same transaction, right behind this one. It
    /// answers with a command tag and nothing else.
    pub after: Option<Arc<str>>,
    /// They may name values of rows it has never read: it writes what the purpose may not see
    /// whole, or runs code of the database. Then even their texts are not the server's.
    pub blind: bool,
    /// It shows the plan of the statement that its effect names.
    pub explains: bool,
    /// What its result may show; `None`: it gives no rows of a table, or is not known.
    pub result: Option<Arc<ResultColumns>>,
    /// What its conditions on people depend on; `None`: there are none.
    pub depends: Option<Arc<Dependence>>,
    /// It may have transactions keep their first snapshot.
    pub isolation: Option<IsolationScope>,
    /// The client's own text of a `PREPARE` or `DECLARE`, to be judged again when it is used.
    pub source: Option<Arc<str>>,
}

/// Which transactions a statement about isolation levels concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsolationScope {
    /// The one at hand, or the one it begins.
    Transaction,
    /// All that the session begins from now on.
    Session,
}

/// Judges a text under one snapshot for one client.
pub fn judge(world: &Snapshot, access: &Access, text: &str) -> Judgement {
    text::judge(world, access, text).0
}
