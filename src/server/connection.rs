//! One client, one connection to the server, one `Session` between them, in one task.
//!
//! A turn is: read a burst, let the session say what goes on, write it. Nothing is read from one
//! side while the other has not taken what was read before, so a slow reader holds back its
//! sender and nothing is buffered for it.

use std::cell::RefCell;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use super::end::{End, audit_failed, shutting_down};
use super::gateway::{BoxFuture, CatalogFault, StatementEnd};
use super::judging::{SessionWorld, Shared};
use super::leg::{Leg, READ_BYTES};
use super::login::Opened;
use crate::audit::sink::Written;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::snapshot::Snapshot;
use crate::wire::records::Fact;
use crate::wire::refuse::{Severity, put_refusal};
use crate::wire::session::{Narrowed, Session, Turn, Wait};

/// How long the last words to a client may take to be sent.
pub const FAREWELL_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes relayed before the counters are told of them.
const COUNTED_BYTES: usize = 16 << 10;

thread_local! {
    /// Read buffer of this thread; used within one call of `poll`, never across one.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

/// A connection with an open session.
pub struct Connection {
    pub(super) shared: Arc<Shared>,
    client: Leg,
    pub(super) server: Leg,
    pub(super) session: Session,
    pub(super) world: SessionWorld,
    pub(super) turn: Turn,
    started: Instant,
    /// Why the client's bytes are not taken, and the server's.
    pub(super) client_waits: Wait,
    server_waits: Wait,
    decisions: Vec<(u64, Written)>,
    pub(super) refreshing: Option<BoxFuture<Result<Arc<Snapshot>, CatalogFault>>>,
    pub(super) asking: Option<BoxFuture<Narrowed>>,
    /// Ends as soon as it is idle.
    pub is_draining: bool,
    client_said_goodbye: bool,
    server_told: bool,
}

impl Connection {
    pub fn new(shared: Arc<Shared>, opened: Opened) -> Connection {
        let mut client = Leg::new(opened.client);
        client.pending = opened.early;
        Connection {
            world: SessionWorld::new(Arc::clone(&shared)),
            shared,
            client,
            server: Leg::new(opened.server),
            session: opened.session,
            turn: Turn::default(),
            started: Instant::now(),
            client_waits: Wait::Server,
            server_waits: Wait::Input,
            decisions: Vec::new(),
            refreshing: None,
            asking: None,
            is_draining: false,
            client_said_goodbye: false,
            server_told: false,
        }
    }

    /// Relays until one side has nothing more to say.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        SCRATCH.with_borrow_mut(|scratch| {
            loop {
                match self.step(cx, scratch) {
                    Ok(true) => {}
                    Ok(false) => {
                        self.count(COUNTED_BYTES);
                        return Poll::Pending;
                    }
                    Err(end) => return Poll::Ready(end),
                }
            }
        })
    }

    /// Ends the records of what was still under way.
    pub fn abandon(&mut self, end: &End) {
        let sqlstate = match end {
            End::Refused(refusal) => refusal.sqlstate.0,
            End::Closed | End::Io(_) => SqlState::CONNECTION_FAILURE.0,
        };
        self.begin_turn();
        self.session.abandon(&mut self.turn, sqlstate);
        self.take_facts();
        self.count(1);
    }

    /// Tells what was relayed, once it is worth telling.
    fn count(&mut self, least: usize) {
        if self.client.read_bytes + self.server.read_bytes >= least {
            let to_server = std::mem::take(&mut self.client.read_bytes);
            let to_client = std::mem::take(&mut self.server.read_bytes);
            self.shared.gateway.observer.relayed(to_server, to_client);
        }
    }

    /// The last words to the client, as far as they can still be said.
    pub async fn farewell(&mut self, refusal: &Refusal) {
        if !self.session.is_between_messages() {
            return;
        }
        let mut message = Vec::new();
        put_refusal(&mut message, refusal, Severity::Fatal);
        self.client.queue(&message);
        let client = &mut self.client;
        let sending = std::future::poll_fn(|cx| match client.poll_flush(cx) {
            Poll::Ready(Ok(())) => client.poll_shutdown(cx),
            other => other,
        });
        let _ = tokio::time::timeout(FAREWELL_TIMEOUT, sending).await;
    }

    /// Everything that can be done now; whether that was anything.
    fn step(&mut self, cx: &mut Context<'_>, scratch: &mut [u8]) -> Result<bool, End> {
        let client_free = self.client.poll_flush(cx)?.is_ready();
        let server_free = self.server.poll_flush(cx)?.is_ready();
        let mut moved = self.poll_decisions(cx)?;
        moved |= self.poll_refresh(cx)?;
        moved |= self.poll_consent(cx);
        if client_free && self.server.is_finished {
            return Err(self.on_server_gone());
        }
        if server_free && self.client_is_done() && !self.server_told {
            self.server_told = self.server.poll_shutdown(cx)?.is_ready();
        }
        if server_free {
            moved |= self.move_client(cx, scratch)?;
        }
        if client_free && !self.server.is_finished {
            moved |= self.move_server(cx, scratch)?;
        }
        if self.is_draining && self.session.is_idle() && client_free {
            return Err(End::Refused(Box::new(shutting_down())));
        }
        Ok(moved)
    }

    fn client_is_done(&self) -> bool {
        self.client_said_goodbye || self.client.is_finished && self.client_waits == Wait::Input
    }

    /// One burst from the client.
    fn move_client(&mut self, cx: &mut Context<'_>, scratch: &mut [u8]) -> Result<bool, End> {
        if self.client_said_goodbye || self.refreshing.is_some() || self.asking.is_some() {
            return Ok(false);
        }
        let mut count = 0;
        if self.client_waits == Wait::Input {
            if self.client.is_finished {
                return Ok(false);
            }
            match self.client.poll_read(cx, scratch)? {
                Poll::Pending => return Ok(false),
                // The server must be told, which is the next step's task.
                Poll::Ready(0) => return Ok(true),
                Poll::Ready(read) => count = read,
            }
        } else if self.client.pending.is_empty() {
            self.client_waits = Wait::Input;
            return Ok(true);
        } else if self.client_waits != Wait::Server {
            return Ok(false);
        }
        if self.world.renew() {
            self.session.catalog_changed();
        }
        self.begin_turn();
        let from_scratch = self.client.pending.is_empty();
        let pending = std::mem::take(&mut self.client.pending);
        let input = match from_scratch {
            true => scratch.get(..count).unwrap_or_default(),
            false => &pending,
        };
        let progress = self.session.on_client(input, &mut self.turn, &self.world);
        self.take_facts();
        self.server.send(cx, &self.turn.onward, input)?;
        self.client.pending = match from_scratch {
            true => input.get(progress_of(&progress)..).unwrap_or_default().to_vec(),
            false => pending,
        };
        if !from_scratch {
            self.client.take_pending(progress_of(&progress));
        }
        let sent = !self.turn.onward.is_empty();
        let progress = progress?;
        self.client_waits = progress.wait;
        if progress.wait == Wait::Terminate {
            self.client_said_goodbye = true;
        }
        match progress.wait {
            Wait::Catalog => self.read_catalog(cx)?,
            Wait::Consent => self.ask_consent(),
            Wait::Input | Wait::Server | Wait::Written(_) | Wait::Terminate => {}
        }
        // After a read the socket must be asked again, or nothing wakes us when the rest comes.
        let asks = matches!(progress.wait, Wait::Catalog | Wait::Consent);
        Ok(count > 0 || progress.consumed > 0 || sent || asks)
    }

    /// One burst from the server.
    fn move_server(&mut self, cx: &mut Context<'_>, scratch: &mut [u8]) -> Result<bool, End> {
        let mut count = 0;
        match self.server_waits {
            Wait::Written(_) => return Ok(false),
            Wait::Input => match self.server.poll_read(cx, scratch)? {
                Poll::Pending => return Ok(false),
                Poll::Ready(0) => return Ok(true),
                Poll::Ready(read) => count = read,
            },
            Wait::Server | Wait::Catalog | Wait::Consent | Wait::Terminate => {}
        }
        self.begin_turn();
        let from_scratch = self.server.pending.is_empty();
        let pending = std::mem::take(&mut self.server.pending);
        let input = match from_scratch {
            true => scratch.get(..count).unwrap_or_default(),
            false => &pending,
        };
        let progress = self.session.on_server(input, &mut self.turn, &self.world);
        self.take_facts();
        self.client.send(cx, &self.turn.onward, input)?;
        self.server.pending = match from_scratch {
            true => input.get(progress_of(&progress)..).unwrap_or_default().to_vec(),
            false => pending,
        };
        if !from_scratch {
            self.server.take_pending(progress_of(&progress));
        }
        self.server_waits = progress?.wait;
        self.take_answers()?;
        // Whether or not this client goes on.
        if self.session.take_changed() {
            self.shared.note_change();
            tokio::spawn(self.shared.gateway.catalog.refresh());
        }
        Ok(true)
    }

    pub(super) fn begin_turn(&mut self) {
        self.turn.onward.clear();
        self.turn.facts.clear();
        self.turn.now_us = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
    }

    fn take_facts(&mut self) {
        if self.turn.facts.is_empty() {
            return;
        }
        let gateway = &self.shared.gateway;
        for fact in self.turn.facts.drain(..) {
            match fact {
                Fact::Decision { ticket, record } => {
                    self.decisions.push((ticket, gateway.audit.decision(*record)));
                }
                Fact::Outcome(record) => gateway.audit.outcome(record),
                Fact::Ended { rows, took_us, failed } => {
                    let took = Duration::from_micros(took_us);
                    let end = StatementEnd { rows, took, failed };
                    let (access, _) = self.session.access(&self.world);
                    gateway.observer.statement_ended(end, &access);
                }
                Fact::Alarm { relation, number, at } => {
                    let why = "a result was stopped: it would have shown what it may not";
                    tracing::error!(relation, column = number, at, "{why}");
                    gateway.observer.alarmed();
                }
                Fact::Refused(reason) => {
                    let (access, _) = self.session.access(&self.world);
                    gateway.observer.refused(reason, &access);
                }
            }
        }
    }

    fn poll_decisions(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        let mut moved = false;
        while let Some((ticket, written)) = self.decisions.first_mut() {
            match written.as_mut().poll(cx) {
                Poll::Pending => break,
                Poll::Ready(Ok(())) => self.session.written(*ticket),
                Poll::Ready(Err(_)) => return Err(End::Refused(Box::new(audit_failed()))),
            }
            let (ticket, _) = self.decisions.remove(0);
            if self.server_waits == Wait::Written(ticket) {
                self.server_waits = Wait::Server;
            }
            moved = true;
        }
        Ok(moved)
    }

    fn on_server_gone(&self) -> End {
        if self.session.is_ended_by_server() || self.client_said_goodbye {
            return End::Closed;
        }
        End::Refused(Box::new(Refusal::new(
            Reason::Internals,
            SqlState::CONNECTION_FAILURE,
            "the server closed the connection unexpectedly",
        )))
    }
}

fn progress_of<E>(progress: &Result<crate::wire::session::Progress, E>) -> usize {
    progress.as_ref().map_or(0, |progress| progress.consumed)
}
