//! What every connection shares, put together once at start.
//!
//! The parts that other modules own (audit trail, catalog, counters) stand behind small traits,
//! so that a connection can be tested without them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;

use super::quotas::Quotas;
use crate::audit::sink::AuditSink;
use crate::judge::Judgement;
use crate::model::access::Access;
use crate::model::refusal::Reason;
use crate::snapshot::Snapshot;
use crate::wire::session::{ConsentQuestion, Narrowed};

/// A future that may be kept beside the connection it belongs to.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Text rows of one query, NULL as `None`.
pub type Rows = Vec<Vec<Option<String>>>;

/// What every connection shares.
pub struct Gateway {
    /// `host:port` of the server.
    pub upstream: String,
    /// The database the catalog is of. Under another one's names nothing could be judged.
    pub database: String,
    /// Catalog and rules in force. Connections read it at each statement.
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    pub audit: Arc<dyn AuditSink>,
    pub quotas: Arc<Quotas>,
    pub catalog: Arc<dyn CatalogSource>,
    pub consent: Arc<dyn ConsentSource>,
    pub observer: Arc<dyn Observer>,
    pub limits: Limits,
    /// Accept a server that lets this address in without asking for a credential.
    pub allow_server_trust: bool,
}

/// Limits of a connection. What is not here is a named constant where it is used.
#[derive(Clone, Debug)]
pub struct Limits {
    pub max_clients: usize,
    /// From accept to the end of authentication.
    pub authentication_timeout: Duration,
    /// Reaching the server.
    pub connect_timeout: Duration,
    /// Longest text of one `Query` or `Parse` message; longer ones are refused.
    pub statement_bytes: usize,
    /// Prepared statements of one client.
    pub statements_per_client: usize,
    /// Open portals of one client, cursors included.
    pub portals_per_client: usize,
    /// Judged texts kept for all clients together.
    pub cached_judgements: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_clients: 1_000,
            authentication_timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            statement_bytes: 1 << 20,
            statements_per_client: 10_000,
            portals_per_client: 1_000,
            cached_judgements: 20_000,
        }
    }
}

/// How far the proxy is on its way down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    Running,
    /// No new clients; each client ends (57P01) when it is idle outside a transaction.
    Draining,
    /// Every client ends now (57P01).
    Now,
}

/// The catalog could not be read. Why is in the log of whoever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the catalog could not be read")]
pub struct CatalogFault;

/// Reads the catalog again when names may have changed.
pub trait CatalogSource: Send + Sync {
    /// Reads the catalog over the service login, publishes the snapshot and gives it. Called after
    /// DDL has been committed and before a statement is refused for an unknown name; it may answer
    /// with the snapshot in force when it has just been read.
    fn refresh(&self) -> BoxFuture<Result<Arc<Snapshot>, CatalogFault>>;

    /// Queries whose answers, read on a client's own connection, show what only that client can
    /// see (uncommitted DDL, temporary tables). None: there is no overlay.
    fn queries(&self) -> Vec<String> {
        Vec::new()
    }

    /// The snapshot as one client sees it, from the answers to `queries`, in order.
    fn overlay(&self, answers: Vec<Rows>) -> Result<Arc<Snapshot>, CatalogFault> {
        let _ = answers;
        Err(CatalogFault)
    }
}

/// Knows of withdrawals of consent.
pub trait ConsentSource: Send + Sync {
    /// Whether what people agreed to has narrowed since a snapshot was taken.
    fn narrowed(&self, question: ConsentQuestion) -> BoxFuture<Narrowed>;
}

/// How a statement ended.
#[derive(Clone, Copy, Debug)]
pub struct StatementEnd {
    pub rows: u64,
    pub took: Duration,
    pub failed: bool,
}

/// Told of what happens, for the counters. Called on the way of every statement: must be cheap.
pub trait Observer: Send + Sync {
    /// A client's connection was accepted.
    fn client_connected(&self) {}
    fn client_disconnected(&self) {}
    fn upstream_connected(&self) {}
    fn upstream_disconnected(&self) {}
    fn authentication_failed(&self) {}
    /// A text was judged (`cached`: looked up) just before it was forwarded.
    fn judged(&self, judgement: &Judgement, access: &Access, took: Duration, cached: bool) {
        let _ = (judgement, access, took, cached);
    }
    /// A statement was refused, by the judge or by the session itself.
    fn refused(&self, reason: Reason, access: &Access) {
        let _ = (reason, access);
    }
    /// The second line has stopped a result.
    fn alarmed(&self) {}
    fn statement_ended(&self, end: StatementEnd, access: &Access) {
        let _ = (end, access);
    }
    /// Bytes read from each side since the last time.
    fn relayed(&self, to_server_bytes: usize, to_client_bytes: usize) {
        let _ = (to_server_bytes, to_client_bytes);
    }
}

/// An observer that keeps nothing.
pub struct Silent;

impl Observer for Silent {}
