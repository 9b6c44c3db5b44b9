//! The picture of names: one statement that answers with one JSON text, and its reading.
//!
//! The same statement serves the service login and a client's own session (temporary tables,
//! uncommitted DDL), so both pictures are read by the same code.

use std::time::Duration;

use tokio_postgres::{Client, SimpleQueryMessage};

use super::connect::{self, Fault};
use super::decode;
use crate::catalog::Catalog;

/// Which relations a catalog statement answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All relations a session can name. On a client's session within a transaction this includes
    /// what that transaction has created and not yet committed.
    Everything,
    /// The session's own temporary relations only.
    OwnTemporary,
}

/// Time for reading the whole catalog, in milliseconds.
pub const LOAD_TIMEOUT_MS: u64 = 60_000;

/// Longest catalog text accepted, in bytes: about two million columns.
pub const MAX_CATALOG_BYTES: usize = 256 << 20;

const CATALOG_SQL: &str = include_str!("catalog.sql");
const PROBE_SQL: &str = include_str!("probe.sql");
const SNAPSHOT_SQL: &str = "SELECT pg_catalog.pg_current_snapshot()::pg_catalog.text";

/// The statement that answers with the catalog: one row of one text column, to be given to
/// [`catalog_from_json`]. It writes nothing, works in a read-only transaction, and leaves
/// `search_path` as it was.
pub fn catalog_query(scope: Scope) -> String {
    let condition = match scope {
        Scope::Everything => "true",
        Scope::OwnTemporary => {
            "c.relnamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema()"
        }
    };
    CATALOG_SQL.replace("$scope$", condition)
}

/// The same for a client's own session, whose encoding may not have the characters of every name:
/// its answer comes as hexadecimal digits of the text.
pub fn session_query() -> String {
    const BODY: &str = "SELECT doc.body FROM was";
    const DIGITS: &str = "SELECT pg_catalog.encode(pg_catalog.convert_to(doc.body, 'UTF8'), 'hex') \
                          FROM was";
    catalog_query(Scope::Everything).replace(BODY, DIGITS)
}

/// Reads the answer of [`session_query`].
pub fn catalog_from_digits(digits: &str, epoch: u64) -> Result<Catalog, Fault> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let byte = |pair: &[u8]| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?);
    let bytes: Option<Vec<u8>> = digits.as_bytes().chunks(2).map(byte).collect();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let unreadable = || Fault::Shape("expected digits of a text in UTF-8".to_owned());
    catalog_from_json(&text.ok_or_else(unreadable)?, epoch)
}

/// Reads the answer of [`catalog_query`].
pub fn catalog_from_json(text: &str, epoch: u64) -> Result<Catalog, Fault> {
    if text.len() > MAX_CATALOG_BYTES {
        return Err(Fault::Shape(format!("longer than {MAX_CATALOG_BYTES} bytes")));
    }
    decode::catalog(text, epoch).map_err(Fault::Shape)
}

/// Reads the whole catalog as text.
pub async fn load_text(client: &Client) -> Result<String, Fault> {
    let mut row = row(client, &catalog_query(Scope::Everything), 1).await?;
    Ok(row.swap_remove(0))
}

/// Reads the whole catalog.
pub async fn load(client: &Client, epoch: u64) -> Result<Catalog, Fault> {
    catalog_from_json(&load_text(client).await?, epoch)
}

/// Reads the whole catalog of `postgres://…` from outside any runtime, with epoch 1.
pub fn load_blocking(url: &str) -> Result<Catalog, Fault> {
    let target = connect::address(url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::Shape(e.to_string()))?;
    runtime.block_on(async { load(&connect::connect(&target).await?, 1).await })
}

/// What the catalog looked like when it was last asked: equal marks mean equal catalogs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Which transactions were finished. Unchanged: nothing at all was written.
    snapshot: String,
    /// Hash over identity and writer of each catalog row that [`catalog_query`] draws from.
    rows: String,
}

/// Asks whether the catalog has changed since `last`, and brings `last` up to date.
///
/// Costs one trivial statement while the server is idle, else one pass over the catalog's row
/// headers (about 50 ms for 100 000 columns).
pub async fn changed(client: &Client, last: &mut Mark) -> Result<bool, Fault> {
    let snapshot = row(client, SNAPSHOT_SQL, 1).await?;
    if snapshot.first() == Some(&last.snapshot) {
        return Ok(false);
    }
    let now = mark(client).await?;
    let changed = now.rows != last.rows;
    *last = now;
    Ok(changed)
}

/// The present mark.
pub async fn mark(client: &Client) -> Result<Mark, Fault> {
    let mut columns = row(client, PROBE_SQL, 2).await?;
    let rows = columns.swap_remove(1);
    let snapshot = columns.swap_remove(0);
    Ok(Mark { snapshot, rows })
}

/// The only row of a statement, as exactly `width` texts; NULL is an error.
async fn row(client: &Client, sql: &str, width: usize) -> Result<Vec<String>, Fault> {
    let limit = Duration::from_millis(LOAD_TIMEOUT_MS);
    let messages = tokio::time::timeout(limit, client.simple_query(sql))
        .await
        .map_err(|_| Fault::Timeout(limit.as_millis()))?
        .map_err(Fault::Query)?;
    let mut rows = messages.iter().filter_map(|m| match m {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let (Some(row), None) = (rows.next(), rows.next()) else {
        return Err(Fault::Shape("expected one row".to_owned()));
    };
    let columns: Vec<String> =
        (0..row.len()).filter_map(|i| row.get(i)).map(str::to_owned).collect();
    if columns.len() != width {
        return Err(Fault::Shape(format!("expected {width} columns without NULL")));
    }
    Ok(columns)
}
