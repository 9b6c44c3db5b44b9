//! The configuration as meant: typed, complete, every file of a secret already read.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::address::ServerAddress;

/// Everything `pgpurpose run` is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// `host:port` clients connect to.
    pub listen: String,
    pub upstream: ServerAddress,
    /// Directory of rule files.
    pub rules: PathBuf,
    /// Serve although the server lets this proxy's address in without a credential.
    pub allow_server_trust: bool,
    pub catalog: CatalogConfig,
    pub tokens: TokensConfig,
    pub audit: AuditConfig,
    pub admin: AdminConfig,
    pub log: LogConfig,
    pub limits: LimitsConfig,
}

/// The proxy's own least-privilege login, which reads names and types and never a row.
#[derive(Clone, Debug)]
pub struct CatalogConfig {
    pub user: String,
    pub password: Option<Secret>,
    /// How often changes made elsewhere are looked for.
    pub poll: Duration,
}

/// Which purpose tokens are taken.
#[derive(Clone, Debug)]
pub struct TokensConfig {
    /// Public keys, a JWK set or PEM. `None`: no token is taken.
    pub keys: Option<PathBuf>,
    /// Must be among the `aud` of a token.
    pub audience: String,
    /// Must be the `iss` of a token, if it is named.
    pub issuer: Option<String>,
    /// How far the clocks of issuer and proxy may be apart.
    pub leeway: Duration,
}

/// Where the record of personal data goes.
#[derive(Clone, Debug)]
pub struct AuditConfig {
    pub file: PathBuf,
    pub sync: AuditSync,
    /// What people are hashed with; `None`: the key beside the file, made when it is missing.
    pub key: Option<Secret>,
    /// Size in bytes at which a new file is begun.
    pub rotate_bytes: u64,
}

/// How far a decision line has got before the first row of its statement is relayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditSync {
    /// Handed to the operating system: it survives the end of this process. The disk follows
    /// within a bounded time, one flush for all clients.
    Grouped,
    /// On the disk: it survives the loss of power.
    Always,
}

/// Health and metrics.
#[derive(Clone, Debug)]
pub struct AdminConfig {
    /// `host:port`; `None`: no admin port.
    pub listen: Option<String>,
}

#[derive(Clone, Debug)]
pub struct LogConfig {
    pub format: LogFormat,
    /// Directives of `tracing-subscriber`'s `EnvFilter`: `info`, `pgpurpose::server=debug`.
    pub level: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Debug)]
pub struct LimitsConfig {
    /// Connections of clients at one time.
    pub clients: usize,
    /// From the first byte of a client to the end of its login.
    pub authentication_timeout: Duration,
    /// Reaching the server.
    pub connect_timeout: Duration,
    /// Longest text of one `Query` or `Parse` message.
    pub statement_bytes: u64,
    /// Prepared statements of one client.
    pub statements_per_client: usize,
    /// Open portals of one client, cursors included.
    pub portals_per_client: usize,
    /// Judged texts kept for all clients together.
    pub cached_judgements: usize,
    /// How long open transactions may go on after SIGTERM.
    pub drain_timeout: Duration,
}

impl Default for Config {
    /// What holds where no layer says otherwise. Database and catalog user have no default.
    fn default() -> Config {
        Config {
            listen: "127.0.0.1:6432".to_owned(),
            upstream: ServerAddress {
                host: "localhost".to_owned(),
                port: 5432,
                database: String::new(),
            },
            rules: PathBuf::from("rules"),
            allow_server_trust: false,
            catalog: CatalogConfig {
                user: String::new(),
                password: None,
                poll: Duration::from_secs(5),
            },
            tokens: TokensConfig {
                keys: None,
                audience: "pgpurpose".to_owned(),
                issuer: None,
                leeway: Duration::from_secs(5),
            },
            audit: AuditConfig {
                file: PathBuf::from("audit.jsonl"),
                sync: AuditSync::Grouped,
                key: None,
                rotate_bytes: 256 << 20,
            },
            admin: AdminConfig { listen: Some("127.0.0.1:9432".to_owned()) },
            log: LogConfig { format: LogFormat::Text, level: "info".to_owned() },
            limits: LimitsConfig {
                clients: 1_000,
                authentication_timeout: Duration::from_secs(60),
                connect_timeout: Duration::from_secs(10),
                statement_bytes: 1 << 20,
                statements_per_client: 10_000,
                portals_per_client: 1_000,
                cached_judgements: 20_000,
                drain_timeout: Duration::from_secs(30),
            },
        }
    }
}

/// Text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: String) -> Secret {
        Secret(text)
    }

    /// The text itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}
