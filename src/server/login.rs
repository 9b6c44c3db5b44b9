//! From accept to an open session: encryption requests, cancel requests, start-up, relayed
//! authentication, and the proxy's own question about the session.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::cancel::CancelKey;
use super::gateway::{Gateway, Limits};
use super::judging::Shared;
use super::presentation::{Presentation, present};
use crate::model::claims::TOKEN_VARIABLE;
use crate::model::names::Name;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::backend::Fields;
use crate::wire::frame::{Broken, HEADER_BYTES, Header, put_cstring, put_message};
use crate::wire::login::{
    AUTHENTICATION_BYTES, Login, SERVER_LOGIN_BYTES, Step, is_authentication_failure,
};
use crate::wire::probe::{self, Probed};
use crate::wire::refuse::{Severity, put_refusal};
use crate::wire::session::{self, Opening, Session};
use crate::wire::startup::{PURPOSE_VARIABLE, Packet, STARTUP_BYTES, Startup, negotiation};

/// Encryption requests one client may make (one of each kind, as the server allows).
const ENCRYPTION_REQUESTS: usize = 2;

/// A session that is ready for its first statement.
pub struct Opened {
    pub client: TcpStream,
    pub server: TcpStream,
    pub session: Session,
    /// Held as long as the session lives.
    pub key: Option<CancelKey>,
    /// What the client sent ahead.
    pub early: Vec<u8>,
}

/// Why there is no session.
#[derive(Debug)]
pub enum Closed {
    /// The client is told, then the connection ends.
    Refused(Box<Refusal>),
    /// The server has said why, or nothing was to be said.
    Done,
    Io(#[expect(dead_code, reason = "shown in the log")] io::Error),
}

impl From<io::Error> for Closed {
    fn from(error: io::Error) -> Closed {
        Closed::Io(error)
    }
}

impl From<Broken> for Closed {
    fn from(broken: Broken) -> Closed {
        Closed::Refused(Box::new(broken.to_refusal()))
    }
}

impl From<Box<Refusal>> for Closed {
    fn from(refusal: Box<Refusal>) -> Closed {
        Closed::Refused(refusal)
    }
}

/// Opens a session for a client that has just connected. On a refusal the client is told before
/// this returns.
pub async fn open(shared: &Shared, client: TcpStream, peer: SocketAddr) -> Result<Opened, Closed> {
    let mut client = Peer::new(client, AUTHENTICATION_BYTES.max(STARTUP_BYTES), false);
    let opening = opening(shared, &mut client, peer);
    let opened =
        match tokio::time::timeout(shared.gateway.limits.authentication_timeout, opening).await {
            Ok(opened) => opened,
            Err(_) => Err(Closed::Refused(Box::new(Refusal::new(
                Reason::Protocol,
                SqlState::PROTOCOL_VIOLATION,
                "canceling authentication due to timeout",
            )))),
        };
    match opened {
        Ok((server, session, key)) => Ok(Opened {
            client: client.stream,
            server: server.stream,
            session,
            key,
            early: client.buffer,
        }),
        Err(closed) => {
            if let Closed::Refused(refusal) = &closed {
                let mut message = Vec::new();
                put_refusal(&mut message, refusal, Severity::Fatal);
                client.farewell(&message).await;
            }
            Err(closed)
        }
    }
}

async fn opening(
    shared: &Shared,
    client: &mut Peer,
    peer: SocketAddr,
) -> Result<(Peer, Session, Option<CancelKey>), Closed> {
    let startup = startup(shared, client).await?;
    admissible(shared, &startup)?;
    let variables = startup.variables()?;
    let role = Name::new(startup.user()?);
    let declared = variables.iter().any(|(name, _)| name == PURPOSE_VARIABLE);
    let default = match declared {
        true => None,
        false => {
            let snapshot = shared.gateway.snapshot.load();
            shared.judging.default_purpose(&snapshot, &role)
        }
    };
    let Presentation { startup, variables, token } = present(shared, startup, variables)?;
    let mut server = connect(&shared.gateway).await?;
    let packet = startup.for_server(default.as_ref().map(|purpose| purpose.as_str()));
    server.stream.write_all(&packet).await?;
    if startup.minor > 0 || !startup.unknown_options().is_empty() {
        negotiate(client, startup.unknown_options()).await?;
    }
    let mut variables = variables;
    variables.extend(default.map(|p| (PURPOSE_VARIABLE.to_owned(), p.as_str().to_owned())));
    let mut login = Login::new(shared.gateway.allow_server_trust);
    let (key, mut greeting) = authenticate(shared, client, &mut server, &mut login).await?;
    let [row, declared] = ask_about_session(client, &mut server).await?;
    let probed = Probed::read(&row)?;
    let own = probe::read_variables(&declared)?;
    // A token is presented by a client, or not at all.
    let own = own.into_iter().filter(|(name, _)| {
        name != TOKEN_VARIABLE && variables.iter().all(|(known, _)| known != name)
    });
    variables.extend(own.collect::<Vec<_>>());
    let session = Session::open(Opening {
        role,
        database: startup.database().to_owned(),
        application: startup.text("application_name").unwrap_or_default().to_owned(),
        address: Some(peer.ip()),
        id: format!("{:016x}", rand::random::<u64>()),
        variables,
        token,
        probed,
        client_encoding: login.client_encoding,
        conforming_strings: login.conforming_strings,
        limits: session_limits(&shared.gateway.limits),
    })?;
    put_message(&mut greeting, b'Z', |out| out.push(b'I'));
    client.stream.write_all(&greeting).await?;
    Ok((server, session, key))
}

/// Whether a session may be opened with what the start-up packet asks for.
fn admissible(shared: &Shared, startup: &Startup) -> Result<(), Closed> {
    if startup.is_replication() {
        return Err(Closed::Refused(Box::new(Refusal::new(
            Reason::Protocol,
            SqlState::FEATURE_NOT_SUPPORTED,
            "replication connections are not allowed through pgpurpose",
        ))));
    }
    if startup.database() != shared.gateway.database {
        return Err(Closed::Refused(Box::new(
            Refusal::new(
                Reason::Protocol,
                SqlState::INVALID_AUTHORIZATION,
                format!("database \"{}\" is not served here", startup.database()),
            )
            .hint("One pgpurpose guards one database; start another for this one."),
        )));
    }
    refuse_settings(startup)
}

fn refuse_settings(startup: &Startup) -> Result<(), Closed> {
    let Some((name, why)) = startup.forbidden()? else { return Ok(()) };
    Err(Closed::Refused(Box::new(
        Refusal::new(
            Reason::Unsupported,
            SqlState::FEATURE_NOT_SUPPORTED,
            format!("parameter \"{name}\" cannot be changed through the proxy"),
        )
        .detail(format!("With it {why}.")),
    )))
}

fn session_limits(limits: &Limits) -> session::Limits {
    session::Limits {
        statement_bytes: limits.statement_bytes,
        statements: limits.statements_per_client,
        portals: limits.portals_per_client,
    }
}

/// Answers requests for encryption and cancellation until a start-up packet comes.
async fn startup(shared: &Shared, client: &mut Peer) -> Result<Startup, Closed> {
    let mut encryption = 0;
    loop {
        let packet = loop {
            if let Some((packet, length)) = Packet::read(&client.buffer)? {
                client.buffer.drain(..length);
                break packet;
            }
            client.fill().await?;
        };
        match packet {
            Packet::Startup(startup) => return Ok(startup),
            Packet::Cancel { process, secret } => {
                shared.cancel_keys.pass_on(&shared.gateway.upstream, process, secret).await;
                return Err(Closed::Done);
            }
            // Encryption is declined; where it is accepted one day, its handshake starts here,
            // and nothing sent before it may survive it.
            Packet::Ssl | Packet::Gss => {
                encryption += 1;
                if encryption > ENCRYPTION_REQUESTS {
                    return Err(Broken("too many requests for encryption").into());
                }
                if !client.buffer.is_empty() {
                    return Err(Broken("received unencrypted data after SSL request").into());
                }
                client.stream.write_all(b"N").await?;
            }
        }
    }
}

async fn connect(gateway: &Gateway) -> Result<Peer, Closed> {
    let connecting = TcpStream::connect(&gateway.upstream);
    let connected = tokio::time::timeout(gateway.limits.connect_timeout, connecting).await;
    match connected {
        Ok(Ok(stream)) => {
            stream.set_nodelay(true)?;
            Ok(Peer::new(stream, SERVER_LOGIN_BYTES, true))
        }
        Ok(Err(_)) | Err(_) => Err(Closed::Refused(Box::new(Refusal::new(
            Reason::Internals,
            SqlState::CONNECTION_FAILURE,
            "could not connect to the server behind pgpurpose",
        )))),
    }
}

async fn negotiate(client: &mut Peer, options: Vec<String>) -> Result<(), Closed> {
    client.stream.write_all(&negotiation(options)?).await?;
    Ok(())
}

/// Relays the login. Gives the cancel key, and what the client is to see before ReadyForQuery.
async fn authenticate(
    shared: &Shared,
    client: &mut Peer,
    server: &mut Peer,
    login: &mut Login,
) -> Result<(Option<CancelKey>, Vec<u8>), Closed> {
    let mut key = None;
    let mut greeting = Vec::new();
    loop {
        let message = server.message(SERVER_LOGIN_BYTES).await?;
        let (head, body) = message.split_at(HEADER_BYTES.min(message.len()));
        let tag = head.first().copied().unwrap_or_default();
        let ask = match login.on_server(tag, body)? {
            Step::Relay => {
                greeting.extend_from_slice(&message);
                false
            }
            Step::RelayAndAsk => {
                greeting.extend_from_slice(&message);
                true
            }
            Step::ReplaceAndAsk(ours) => {
                greeting.extend_from_slice(&ours);
                true
            }
            Step::Failed => {
                if is_authentication_failure(body) {
                    shared.gateway.observer.authentication_failed();
                }
                greeting.extend_from_slice(&message);
                client.farewell(&greeting).await;
                return Err(Closed::Done);
            }
            Step::Key { process, secret } => {
                let ours = shared.cancel_keys.register(process, secret);
                put_message(&mut greeting, b'K', |out| {
                    out.extend(ours.process().to_be_bytes());
                    out.extend(ours.secret().to_be_bytes());
                });
                key = Some(ours);
                false
            }
            Step::Ready => return Ok((key, greeting)),
        };
        if ask {
            client.stream.write_all(&greeting).await?;
            greeting.clear();
            let answer = client.message(AUTHENTICATION_BYTES).await?;
            if answer.first() != Some(&b'p') {
                return Err(Broken("expected a password response").into());
            }
            server.stream.write_all(&answer).await?;
        }
    }
}

/// The proxy's own questions, whose answers, one row each, the client does not see.
async fn ask_about_session(client: &mut Peer, server: &mut Peer) -> Result<[Vec<u8>; 2], Closed> {
    let questions = [&probe::login_query(), probe::VARIABLES_QUERY].join(";");
    let mut query = Vec::new();
    put_message(&mut query, b'Q', |out| put_cstring(out, questions.as_bytes()));
    server.stream.write_all(&query).await?;
    let mut rows = Vec::new();
    loop {
        let message = server.message(SERVER_LOGIN_BYTES).await?;
        let (head, body) = message.split_at(HEADER_BYTES.min(message.len()));
        match head.first() {
            Some(b'D') => rows.push(body.to_vec()),
            Some(b'E') => {
                Fields::read(body)?;
                client.farewell(&message).await;
                return Err(Closed::Done);
            }
            Some(b'Z') => break,
            _ => {}
        }
    }
    let unanswered = |_| Broken("the server did not answer about the session");
    Ok(rows.try_into().map_err(unanswered)?)
}

/// One side during login.
struct Peer {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Bytes that may be waiting at any time.
    limit: usize,
    is_server: bool,
}

impl Peer {
    fn new(stream: TcpStream, limit: usize, is_server: bool) -> Peer {
        Peer { stream, buffer: Vec::new(), limit: limit + HEADER_BYTES, is_server }
    }

    /// Reads some more.
    async fn fill(&mut self) -> Result<(), Closed> {
        let mut chunk = [0; 2048];
        let room = self.limit.saturating_sub(self.buffer.len()).min(chunk.len());
        let Some(chunk) = chunk.get_mut(..room).filter(|c| !c.is_empty()) else {
            return Err(Broken("message is too long").into());
        };
        match self.stream.read(chunk).await? {
            0 if self.is_server => Err(Closed::Refused(Box::new(Refusal::new(
                Reason::Internals,
                SqlState::CONNECTION_FAILURE,
                "the server closed the connection during login",
            )))),
            0 => Err(Closed::Done),
            read => {
                self.buffer.extend_from_slice(chunk.get(..read).unwrap_or_default());
                Ok(())
            }
        }
    }

    /// One whole message whose body is not longer than `limit`.
    async fn message(&mut self, limit: usize) -> Result<Vec<u8>, Closed> {
        loop {
            if let Some(header) = Header::read(&self.buffer)? {
                if header.body > limit {
                    return Err(Broken("message is too long").into());
                }
                if self.buffer.len() >= header.total() {
                    return Ok(self.buffer.drain(..header.total()).collect());
                }
            }
            self.fill().await?;
        }
    }

    /// The last words to this side; what becomes of them does not matter.
    async fn farewell(&mut self, message: &[u8]) {
        let _ = self.stream.write_all(message).await;
        let _ = self.stream.shutdown().await;
    }
}
