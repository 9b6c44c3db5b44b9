//! An operator's own session, past the proxy and under the operator's login: for erasing and
//! exporting what is held of one person.
//!
//! Whatever the server says about it may quote a value, so of its errors only the code and the
//! names of table, column and constraint are told.

use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use super::catalog;
use super::connect::{self, Fault};
use crate::catalog::Catalog;

/// Time for one statement, in milliseconds: erasing may go over large tables.
const STATEMENT_TIMEOUT_MS: u64 = 600_000;
/// Time a whole erasure waits for the locks of others, in milliseconds.
const LOCK_TIMEOUT_MS: u64 = 10_000;

/// Why an operator's statement did not do what it was to do.
#[derive(Debug, thiserror::Error)]
pub enum OperatorFault {
    #[error(transparent)]
    Session(#[from] Fault),
    #[error("{}", told(.0))]
    Statement(tokio_postgres::Error),
    #[error("the answer of the server cannot be read")]
    Shape,
}

impl OperatorFault {
    /// Others were at the same rows; doing it again may succeed.
    pub fn may_pass(&self) -> bool {
        let OperatorFault::Statement(error) = self else { return false };
        let passing = ["40001", "40P01", "23503", "55P03"];
        error.code().is_some_and(|code| passing.contains(&code.code()))
    }
}

/// Code and names; the message only of errors that are about names and rights.
fn told(error: &tokio_postgres::Error) -> String {
    let Some(said) = error.as_db_error() else {
        return "the connection to the server was lost".to_owned();
    };
    let code = said.code().code();
    let names =
        [("table", said.table()), ("column", said.column()), ("constraint", said.constraint())];
    let names = names.iter().filter_map(|(kind, name)| Some(format!("{kind} \"{}\"", (*name)?)));
    let mut told = vec![format!("the server refused a statement (SQLSTATE {code})")];
    told.extend(names);
    if ["42", "57", "28", "3D", "53"].iter().any(|class| code.starts_with(class)) {
        told.push(said.message().to_owned());
    }
    told.join(", ")
}

/// A session outside any runtime.
pub struct Operator {
    runtime: Runtime,
    client: Client,
}

/// Texts of one row.
pub type Texts = Vec<Option<String>>;

impl Operator {
    /// Logs in at `postgres://…`.
    pub fn connect(url: &str) -> Result<Operator, OperatorFault> {
        let target = connect::address(url)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|_| OperatorFault::Shape)?;
        let client = runtime.block_on(connect::connect(&target))?;
        Ok(Operator { runtime, client })
    }

    pub fn catalog(&self) -> Result<Catalog, OperatorFault> {
        Ok(self.runtime.block_on(catalog::load(&self.client, 1))?)
    }

    /// Begins a transaction that sees every row: where a policy of the server would hide some, it
    /// fails.
    pub fn begin(&self, how: &str) -> Result<(), OperatorFault> {
        self.run(&format!(
            "BEGIN {how}; SET LOCAL row_security = off; \
             SET LOCAL statement_timeout = {STATEMENT_TIMEOUT_MS}; \
             SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}; \
             SET LOCAL idle_in_transaction_session_timeout = {STATEMENT_TIMEOUT_MS}"
        ))
    }

    pub fn commit(&self) -> Result<(), OperatorFault> {
        self.run("COMMIT")
    }

    /// Takes everything back. The session may be gone: then the server does so by itself.
    pub fn roll_back(&self) {
        let _ = self.run("ROLLBACK");
    }

    pub fn run(&self, sql: &str) -> Result<(), OperatorFault> {
        let done = self.runtime.block_on(self.client.batch_execute(sql));
        done.map_err(OperatorFault::Statement)
    }

    /// Rows of texts.
    pub fn rows(&self, sql: &str, id: &str) -> Result<Vec<Texts>, OperatorFault> {
        self.query(sql, &[&id])
    }

    /// Rows of texts, of a statement that takes a list of texts as well.
    pub fn rows_of(&self, sql: &str, id: &str, of: &[String]) -> Result<Vec<Texts>, OperatorFault> {
        self.query(sql, &[&id, &of])
    }

    /// Rows of texts, of a statement that takes nothing.
    pub fn rows_plain(&self, sql: &str) -> Result<Vec<Texts>, OperatorFault> {
        self.query(sql, &[])
    }

    /// Rows of texts, of a statement that takes two texts.
    pub fn rows_with(&self, sql: &str, id: &str, also: &str) -> Result<Vec<Texts>, OperatorFault> {
        self.query(sql, &[&id, &also])
    }

    fn query(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Texts>, OperatorFault> {
        let rows = self.runtime.block_on(self.client.query(sql, parameters));
        rows.map_err(OperatorFault::Statement)?.iter().map(texts).collect()
    }

    /// Reads rows of one text as they come, so that a large table needs no memory of ours.
    pub fn each(
        &self,
        sql: &str,
        id: &str,
        portion: &mut dyn FnMut(&str) -> std::io::Result<()>,
    ) -> Result<std::io::Result<()>, OperatorFault> {
        let mut done = Ok(());
        let declare = format!("DECLARE pgpurpose_export NO SCROLL CURSOR FOR {sql}");
        self.runtime
            .block_on(self.client.execute(&declare, &[&id]))
            .map_err(OperatorFault::Statement)?;
        while done.is_ok() {
            let rows = self.rows_plain("FETCH 1000 FROM pgpurpose_export")?;
            if rows.is_empty() {
                break;
            }
            for text in rows.iter().filter_map(|row| row.first()?.as_deref()) {
                done = done.and_then(|()| portion(text));
            }
        }
        self.run("CLOSE pgpurpose_export")?;
        Ok(done)
    }

    /// Waits between two attempts.
    pub fn wait(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

fn texts(row: &Row) -> Result<Texts, OperatorFault> {
    let text = |at| row.try_get::<_, Option<String>>(at).map_err(|_| OperatorFault::Shape);
    (0..row.len()).map(text).collect()
}
