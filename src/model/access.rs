//! Who asks, for what purpose, and under which session settings names are read.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use super::claims::{Presented, Token};
use super::names::Name;
use super::privacy::Purpose;

/// How the purpose of a statement was declared, nearest scope first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeclaredBy {
    Comment,
    /// `SET LOCAL`, `set_config(…, true)`
    Transaction,
    /// `SET`, `set_config(…, false)`
    Session,
    /// Start-up packet, or the role's default put there by the proxy.
    Startup,
    Nobody,
}

impl DeclaredBy {
    pub fn as_str(self) -> &'static str {
        match self {
            DeclaredBy::Comment => "comment",
            DeclaredBy::Transaction => "transaction",
            DeclaredBy::Session => "session",
            DeclaredBy::Startup => "startup",
            DeclaredBy::Nobody => "nobody",
        }
    }
}

/// The schemas that unqualified names are looked up in, in order, as PostgreSQL's
/// `current_schemas(true)` gives them (implicit `pg_catalog` and temporary schema included).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SearchPath(pub Vec<Name>);

/// Everything about the client that a judgement depends on.
#[derive(Clone, Debug)]
pub struct Access {
    /// The role that authenticated. `SET ROLE` does not change it.
    pub role: Name,
    pub address: Option<IpAddr>,
    pub purpose: Purpose,
    pub declared: DeclaredBy,
    pub search_path: SearchPath,
    /// Session variables `pgpurpose.*` other than purpose and token, without the prefix (`ticket`).
    pub variables: Arc<BTreeMap<String, String>>,
    /// What a purpose token says, which can only narrow.
    pub token: Token,
    /// `client_encoding` as last reported by the server.
    pub client_encoding: Arc<str>,
    /// The client says itself which types some parameters of the statement have.
    pub types_declared: bool,
}

/// What a judgement was made under. What was judged under one stamp is never used under another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// Ruleset hash and catalog epoch of the snapshot.
    pub snapshot: u64,
    pub role: Name,
    pub purpose: Purpose,
    pub search_path: SearchPath,
    pub variables: Arc<BTreeMap<String, String>>,
    pub token: Token,
    pub types_declared: bool,
}

impl Access {
    /// Somebody of whom only role and purpose are known, as right after a login: no address, no
    /// variables, names looked up where PostgreSQL looks by default.
    pub fn new(role: Name, purpose: Purpose) -> Access {
        Access {
            role,
            address: None,
            purpose,
            declared: DeclaredBy::Session,
            search_path: SearchPath(["pg_catalog", "public"].map(Name::new).to_vec()),
            variables: Arc::default(),
            token: Token::None,
            client_encoding: Arc::from("UTF8"),
            types_declared: false,
        }
    }

    pub fn stamp(&self, snapshot: u64) -> Stamp {
        Stamp {
            snapshot,
            role: self.role.clone(),
            purpose: self.purpose.clone(),
            search_path: self.search_path.clone(),
            variables: Arc::clone(&self.variables),
            token: self.token.clone(),
            types_declared: self.types_declared,
        }
    }
}

/// What a statement does to the state of its session, once the server has carried it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEffect {
    /// `SET`, `SET LOCAL`, `SELECT set_config(…)`; in order. Names in lower case.
    Set(Vec<Setting>),
    /// `RESET name`
    Reset(String),
    ResetAll,
    DiscardAll,
    Begin,
    /// `chain`: a new transaction begins at once.
    Commit {
        chain: bool,
    },
    Rollback {
        chain: bool,
    },
    Savepoint(Name),
    Release(Name),
    RollbackTo(Name),
    /// SQL-level `PREPARE`. Its record is written when it is executed.
    Prepare(Name),
    /// SQL-level `EXECUTE`; also inside `EXPLAIN` and `CREATE TABLE AS`.
    Execute(Name),
    /// `None`: all.
    Deallocate(Option<Name>),
    /// `DECLARE … CURSOR`. Its record is written when rows are fetched.
    Declare(Name),
    /// `FETCH`, `MOVE`
    Fetch(Name),
    /// `None`: all.
    CloseCursor(Option<Name>),
    /// DDL: names may have changed. Nothing may be judged under the old catalog afterwards.
    ChangesCatalog,
}

/// One change of a session variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    pub value: SettingValue,
    /// Until the end of the transaction.
    pub local: bool,
}

/// Where the value of a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingValue {
    Text(String),
    /// `$n` of the extended protocol, known when the statement is bound. From 1.
    Parameter(u16),
    /// A purpose token that was checked; the variable holds its handle.
    Token(Presented),
    /// Back to the value at start-up.
    Default,
}
