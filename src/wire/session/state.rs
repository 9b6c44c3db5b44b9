//! `Session`: who the client is, under which variables, with what outstanding. No socket, no
//! clock: bytes, time and ids come in, ranges and facts go out.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use super::ask::{Question, Rows};
use super::queue::Queue;
use super::snapshots::Snapshots;
use super::tokens::Tokens;
use crate::model::access::{Access, SearchPath, Stamp};
use crate::model::claims::Presented;
use crate::model::names::Name;
use crate::model::privacy::Purpose;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::backend::Status;
use crate::wire::output::Output;
use crate::wire::probe::Probed;
use crate::wire::records::{Fact, Identity};
use crate::wire::retell::Telling;
use crate::wire::startup::PURPOSE_VARIABLE;
use crate::wire::statements::{Named, Portal, Prepared};
use crate::wire::variables::{Map, Values, Variables};
use crate::wire::world::World;

/// What is known of a session when it opens.
#[derive(Debug)]
pub struct Opening {
    pub role: Name,
    pub database: String,
    pub application: String,
    pub address: Option<IpAddr>,
    /// Id of the session in records.
    pub id: String,
    /// `pgpurpose.*` of the start-up packet, the role's default purpose among them.
    pub variables: Vec<(String, String)>,
    /// The purpose token of the start-up packet, whose handle is among the variables.
    pub token: Option<Presented>,
    pub probed: Probed,
    pub client_encoding: String,
    pub conforming_strings: bool,
    pub limits: Limits,
}

/// Limits of one session.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest text of a `Query` or `Parse`.
    pub statement_bytes: usize,
    pub statements: usize,
    pub portals: usize,
}

/// One call into a session: what it sends, and what it tells.
#[derive(Debug, Default)]
pub struct Turn {
    /// Sent in the direction of the input.
    pub onward: Output,
    pub facts: Vec<Fact>,
    /// Microseconds on a clock that only goes forward.
    pub now_us: u64,
}

/// How far a session has come with its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the input that are done with.
    pub consumed: usize,
    pub wait: Wait,
}

/// What must happen before the rest of the input can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// More input.
    Input,
    /// Something from the server.
    Server,
    /// The catalog is to be read again; then `Session::refreshed`.
    Catalog,
    /// The world is to say whether consent was withdrawn; then `Session::consent_answered`.
    Consent,
    /// The decision with this ticket is to be written; then `Session::written`.
    Written(u64),
    /// The client has said goodbye.
    Terminate,
}

/// Encodings by how their text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF8 or SQL_ASCII: must be valid UTF-8.
    Utf8,
    /// Any other: only ASCII is understood.
    Other,
}

/// One client's dialogue with the server.
#[derive(Debug)]
pub struct Session {
    pub(super) role: Name,
    pub(super) address: Option<IpAddr>,
    pub(super) identity: Identity,
    pub(super) limits: Limits,
    pub(super) client_encoding: Arc<str>,
    pub(super) encoding: Encoding,
    pub(super) variables: Variables,
    pub(super) tokens: Tokens,
    /// With the effects of this stretch that are not yet answered.
    pub(super) speculative: Option<Variables>,
    /// The effective search path for each setting it has been asked under.
    pub(super) paths: BTreeMap<PathKey, SearchPath>,
    pub(super) last_path: SearchPath,
    pub(super) current: Option<Current>,
    pub(super) statements: Named<Prepared>,
    pub(super) portals: Named<Portal>,
    pub(super) hidden_names: u64,
    pub(super) queue: Queue,
    pub(super) snapshots: Snapshots,
    pub(super) status: Status,
    /// An error has been sent since the last ReadyForQuery.
    pub(super) errored: bool,
    /// The server ignores what comes before the next Sync.
    pub(super) skipping: bool,
    /// The server reads COPY data.
    pub(super) copying: bool,
    pub(super) catalog_stale: bool,
    /// The catalog was read again for the message at hand.
    pub(super) refreshed: bool,
    /// What the server is being asked on our own account, and what it has said so far.
    pub(super) asking: Option<Question>,
    pub(super) collected: Vec<u8>,
    pub(super) answers: Vec<Rows>,
    /// A question failed: so does the message that waited for its answer.
    pub(super) waits_in_vain: bool,
    /// A statement of ours that failed may still be prepared.
    pub(super) hidden_is_left: bool,
    /// This session's own picture of the catalog may show what is not committed.
    pub(super) own_uncommitted: bool,
    /// Names have been changed, in a transaction that may not be committed yet.
    pub(super) changed: bool,
    pub(super) tickets: u64,
    pub(super) written: u64,
    /// Bytes of a client message that are still to pass, and whether they do.
    pub(super) client_rest: usize,
    pub(super) client_rest_drops: bool,
    pub(super) server_rest: usize,
    pub(super) server_rest_drops: bool,
    /// What is dropped is part of an answer.
    pub(super) server_rest_answers: bool,
    /// How far messages may be told of what the open transaction has put off to its end.
    pub(super) owed_telling: Telling,
    /// The server has sent a FATAL error.
    pub(super) ended_by_server: bool,
}

/// The settings an effective search path depends on.
pub(super) type PathKey = (String, String, String);

/// Access and stamp of the values they were made from.
#[derive(Debug)]
pub(super) struct Current {
    values: Values,
    snapshot: u64,
    /// Search path and catalog are known to be those of these values.
    pub settled: bool,
    pub access: Arc<Access>,
    pub stamp: Arc<Stamp>,
}

impl Current {
    pub fn is_of(&self, variables: &Variables, snapshot: u64) -> bool {
        self.snapshot == snapshot && self.values.is_same(variables.values())
    }
}

impl Session {
    /// Opens a session the server is ready for.
    pub fn open(opening: Opening) -> Result<Session, Box<Refusal>> {
        if !opening.conforming_strings {
            return Err(Box::new(strings_do_not_conform()));
        }
        let mut startup = Map::from_iter(opening.variables);
        startup.insert("search_path".to_owned(), opening.probed.search_path);
        if !opening.probed.purpose.is_empty() {
            startup.insert(PURPOSE_VARIABLE.to_owned(), opening.probed.purpose);
        }
        let variables = Variables::new(startup);
        let paths = BTreeMap::from([(path_key(&variables), opening.probed.path.clone())]);
        Ok(Session {
            role: opening.role,
            address: opening.address,
            identity: Identity {
                session: opening.id,
                database: opening.database,
                application: opening.application,
            },
            limits: opening.limits,
            encoding: encoding(&opening.client_encoding),
            client_encoding: Arc::from(opening.client_encoding),
            variables,
            tokens: Tokens::new(opening.token),
            speculative: None,
            paths,
            last_path: opening.probed.path,
            current: None,
            statements: Named::default(),
            portals: Named::default(),
            hidden_names: 0,
            queue: Queue::default(),
            snapshots: Snapshots::new(opening.probed.keeps_snapshot),
            status: Status::Idle,
            errored: false,
            skipping: false,
            copying: false,
            catalog_stale: false,
            refreshed: false,
            asking: None,
            collected: Vec::new(),
            answers: Vec::new(),
            waits_in_vain: false,
            hidden_is_left: false,
            own_uncommitted: false,
            changed: false,
            tickets: 0,
            written: 0,
            client_rest: 0,
            client_rest_drops: false,
            server_rest: 0,
            server_rest_drops: false,
            server_rest_answers: false,
            owed_telling: Telling::Whole,
            ended_by_server: false,
        })
    }

    /// Nothing is under way: no transaction, no request, no half message.
    pub fn is_idle(&self) -> bool {
        self.queue.is_empty()
            && !self.queue.open
            && self.status == Status::Idle
            && self.client_rest == 0
            && self.server_rest == 0
    }

    /// A message of ours can be put between those of the server.
    pub fn is_between_messages(&self) -> bool {
        self.server_rest == 0
    }

    /// The server has said why it ends the connection.
    pub fn is_ended_by_server(&self) -> bool {
        self.ended_by_server
    }

    /// Decisions up to this ticket are written.
    pub fn written(&mut self, ticket: u64) {
        self.written = self.written.max(ticket);
    }

    /// The catalog has been read again.
    pub fn refreshed(&mut self) {
        self.refreshed = true;
        self.catalog_stale = false;
        self.own_uncommitted &= !self.is_idle();
        self.current = None;
    }

    /// The catalog has been read again, but not for this session.
    pub fn catalog_changed(&mut self) {
        self.catalog_stale = true;
        self.current = None;
    }

    /// Names may have changed since the catalog was read.
    pub fn is_catalog_stale(&self) -> bool {
        self.catalog_stale
    }

    /// Names have been changed and the transaction has ended: the others are to see it.
    pub fn take_changed(&mut self) -> bool {
        self.status == Status::Idle && !self.queue.open && std::mem::take(&mut self.changed)
    }

    /// Under what the next message is judged.
    pub fn access(&mut self, world: &dyn World) -> (Arc<Access>, Arc<Stamp>) {
        let snapshot = world.stamp();
        let variables = self.speculative.as_ref().unwrap_or(&self.variables);
        if let Some(current) = &self.current
            && current.is_of(variables, snapshot)
            && !current.has_fallen(world)
        {
            return (Arc::clone(&current.access), Arc::clone(&current.stamp));
        }
        let path = self.paths.get(&path_key(variables));
        let search_path = path.unwrap_or(&self.last_path).clone();
        let mut others = variables.with_prefix("pgpurpose.");
        others.remove("purpose");
        others.remove("token");
        let token = self.token(variables, world);
        let access = Arc::new(Access {
            role: self.role.clone(),
            address: self.address,
            purpose: Purpose::new(variables.value(PURPOSE_VARIABLE).unwrap_or_default()),
            declared: variables.declared_by(PURPOSE_VARIABLE),
            search_path: search_path.clone(),
            variables: Arc::new(others),
            token,
            client_encoding: Arc::clone(&self.client_encoding),
            types_declared: false,
        });
        let stamp = Arc::new(access.stamp(snapshot));
        self.last_path = search_path;
        self.current = Some(Current {
            values: variables.values().clone(),
            snapshot,
            settled: false,
            access: Arc::clone(&access),
            stamp: Arc::clone(&stamp),
        });
        (access, stamp)
    }

    /// The server reports a parameter.
    pub(super) fn on_parameter(&mut self, name: &[u8], value: &[u8]) -> Result<(), Box<Refusal>> {
        match name {
            b"client_encoding" => {
                let value = String::from_utf8_lossy(value).into_owned();
                self.encoding = encoding(&value);
                self.client_encoding = Arc::from(value);
                self.current = None;
            }
            b"standard_conforming_strings" if value != b"on" => {
                return Err(Box::new(strings_do_not_conform()));
            }
            _ => {}
        }
        Ok(())
    }
}

pub(super) fn path_key(variables: &Variables) -> PathKey {
    let value = |name: &str| variables.value(name).unwrap_or_default().to_owned();
    (value("search_path"), value("role"), value("session_authorization"))
}

fn encoding(name: &str) -> Encoding {
    match name {
        "UTF8" | "SQL_ASCII" => Encoding::Utf8,
        _ => Encoding::Other,
    }
}

fn strings_do_not_conform() -> Refusal {
    Refusal::new(
        Reason::Unsupported,
        SqlState::FEATURE_NOT_SUPPORTED,
        "pgpurpose needs \"standard_conforming_strings\" to be on",
    )
    .hint("Remove the setting from the role, the database or the connection.")
}
