//! One connection to the server under the service login.
//!
//! The session is made predictable (empty search path, bounded statement time) and says its name.
//! The task that drives the connection ends with the `Client`.

use std::error::Error as _;
use std::time::Duration;

use thiserror::Error;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};

/// What can go wrong between the proxy and its server. No text carries a password.
#[derive(Debug, Error)]
pub enum Fault {
    #[error("the upstream address cannot be read: {0}")]
    Address(String),
    #[error("the server cannot be reached: {}", told(.0))]
    Connect(tokio_postgres::Error),
    #[error("the server refused a catalog query: {}", told(.0))]
    Query(tokio_postgres::Error),
    #[error("the server did not answer within {0} ms")]
    Timeout(u128),
    #[error("the answer of a catalog query cannot be read: {0}")]
    Shape(String),
    #[error("{0}")]
    Consent(String),
    #[error("the consent store refused: {}", told(.0))]
    Store(tokio_postgres::Error),
}

impl Fault {
    /// Waiting may help: nobody listens yet, or the server is starting or full. A login that is
    /// refused stays refused.
    pub fn is_transient(&self) -> bool {
        match self {
            Fault::Connect(error) => error.code().is_none_or(|code| {
                [SqlState::CANNOT_CONNECT_NOW, SqlState::TOO_MANY_CONNECTIONS].contains(code)
            }),
            Fault::Timeout(_) => true,
            Fault::Address(_)
            | Fault::Query(_)
            | Fault::Shape(_)
            | Fault::Consent(_)
            | Fault::Store(_) => false,
        }
    }
}

/// What the server said, or why it said nothing; the driver keeps both one level down.
fn told(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} (SQLSTATE {})", said.message(), said.code().code()),
        None => error.source().map_or_else(|| error.to_string(), ToString::to_string),
    }
}

/// Time for reaching the server and logging in, in milliseconds.
pub const CONNECT_TIMEOUT_MS: u64 = 10_000;

/// Time for one statement of the service login, in milliseconds.
pub const STATEMENT_TIMEOUT_MS: u64 = 60_000;

/// Time it waits for a lock, in milliseconds: a schema change in a transaction that stays open must
/// not hold up the look at everything else. Whoever asked asks again.
pub const LOCK_TIMEOUT_MS: u64 = 5_000;

/// Reads `postgres://user:password@host:port/database` or `key=value` words (manual, 34.1.1).
pub fn address(text: &str) -> Result<Config, Fault> {
    // The parser's own message quotes the value it stumbled over, which may be a password.
    text.parse::<Config>().map_err(|_| {
        Fault::Address("expected postgres://user:password@host:port/database".to_owned())
    })
}

/// A server by its parts, for the service login.
pub fn target(host: &str, port: u16, database: &str, user: &str, password: Option<&str>) -> Config {
    let mut target = Config::new();
    target.host(host).port(port).dbname(database).user(user);
    if let Some(password) = password {
        target.password(password);
    }
    target
}

/// Where and how the proxy itself logs in.
pub type ServiceLogin = Config;

/// Opens a session for the proxy's own statements.
pub async fn connect(target: &Config) -> Result<Client, Fault> {
    let mut config = target.clone();
    config.connect_timeout(Duration::from_millis(CONNECT_TIMEOUT_MS));
    if config.get_application_name().is_none() {
        config.application_name("pgpurpose");
    }
    let ours = format!(
        "-c search_path= -c statement_timeout={STATEMENT_TIMEOUT_MS} \
         -c lock_timeout={LOCK_TIMEOUT_MS}"
    );
    let options = match config.get_options() {
        None => ours,
        Some(theirs) => format!("{theirs} {ours}"),
    };
    config.options(options);
    let limit = Duration::from_millis(CONNECT_TIMEOUT_MS);
    let (client, connection) = tokio::time::timeout(limit, config.connect(NoTls))
        .await
        .map_err(|_| Fault::Timeout(limit.as_millis()))?
        .map_err(Fault::Connect)?;
    tokio::spawn(async move {
        // An error here reaches the client's next call as well, where it is handled.
        let _ = connection.await;
    });
    Ok(client)
}
