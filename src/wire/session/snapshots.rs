//! Readers by older snapshots: a transaction that keeps its first one, a cursor, a portal that is
//! executed in portions. A withdrawal of consent that has committed since would not be seen.
//!
//! Before such a statement goes on the world is asked whether there was one. What the snapshot is
//! the server says: of a transaction when it is first needed, of a portal just before it is opened.
//! A statement that is sent and read as a whole outside of this asks nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::opening::Opened;
use super::queue::{Entry, Hidden, Request};
use super::state::{Session, Turn, Wait};
use crate::judge::{Dependence, IsolationScope, Judged, Judgement};
use crate::model::access::SessionEffect;
use crate::model::names::RelationId;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::backend::{Status, text_row};
use crate::wire::frame::{Broken, HEADER_BYTES, put_message};
use crate::wire::probe;
use crate::wire::statements::Work;

/// How long a snapshot may be read by where nobody can say whether consent was withdrawn since, in
/// microseconds.
pub const UNWATCHED_US: u64 = 5 * 60 * 1_000_000;

/// A snapshot that rows are read by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// As `pg_current_snapshot()` spells it.
    pub snapshot: String,
    /// Not after it was taken, on the session's clock.
    pub at_us: u64,
}

/// What is asked of the world: has consent narrowed since one of these was taken?
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsentQuestion {
    pub snapshots: BTreeSet<String>,
    /// Age of the oldest.
    pub age_us: u64,
    pub purposes: BTreeSet<String>,
    pub relations: BTreeSet<RelationId>,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrowed {
    No,
    Yes,
    /// Nothing tells of changes of what conditions on people read.
    Unwatched,
    /// Nobody could be asked.
    Unknown,
}

/// How rows with conditions on people are read.
#[derive(Clone, Debug)]
pub(super) enum Read {
    /// By the snapshot of a statement that begins now.
    Now(Arc<Dependence>),
    /// By that of a portal.
    Portal(Opened, Arc<Dependence>),
}

/// The transaction at hand.
#[derive(Debug)]
enum Transaction {
    EachStatement,
    Keeps(Arc<Seen>),
}

/// What a session knows of its snapshots.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    /// Transactions of this session may keep their first snapshot; the one at hand may.
    session_keeps: bool,
    transaction_keeps: bool,
    /// As the server says; `None`: not asked yet.
    transaction: Option<Transaction>,
    /// The newest that was asked for before something was opened.
    captured: Option<Arc<Seen>>,
    collected: Vec<u8>,
    /// When no transaction was at hand last.
    idle_us: u64,
    question: Option<ConsentQuestion>,
    answer: Option<Narrowed>,
}

impl Snapshots {
    pub fn new(session_keeps: bool) -> Snapshots {
        Snapshots { session_keeps, ..Snapshots::default() }
    }

    /// A message has been done with.
    pub fn forget_answer(&mut self) {
        self.answer = None;
    }

    /// The transaction has ended, or another one has begun.
    pub fn end_transaction(&mut self) {
        self.transaction = None;
    }

    /// No transaction is at hand.
    pub fn idle(&mut self) {
        self.transaction = None;
        self.transaction_keeps = false;
    }

    pub fn collect(&mut self, bytes: &[u8]) {
        self.collected.extend_from_slice(bytes);
    }

    /// The server has said what it reads by just now.
    pub fn capture(&mut self, at_us: u64) -> Result<(), Broken> {
        let collected = std::mem::take(&mut self.collected);
        let row = text_row(collected.get(HEADER_BYTES..).unwrap_or_default())?;
        let [Some(snapshot)] = row.as_slice() else { return Err(UNREADABLE) };
        self.captured = Some(Arc::new(Seen { snapshot: snapshot.clone(), at_us }));
        Ok(())
    }

    /// What a portal opened behind the newest answer reads by.
    pub fn opened(&self) -> Opened {
        self.captured.clone().map_or(Opened::Unasked, Opened::Seen)
    }

    /// Reads the answer to the question by what the transaction reads.
    pub fn on_transaction(&mut self, collected: &[u8]) -> Result<(), Broken> {
        let row = text_row(collected.get(HEADER_BYTES..).unwrap_or_default())?;
        let [Some(level), Some(snapshot)] = row.as_slice() else { return Err(UNREADABLE) };
        let seen = Seen { snapshot: snapshot.clone(), at_us: self.idle_us };
        self.transaction = Some(match level.as_str() {
            "read committed" | "read uncommitted" => Transaction::EachStatement,
            _ => Transaction::Keeps(Arc::new(seen)),
        });
        Ok(())
    }
}

const UNREADABLE: Broken = Broken("the server's answer about a snapshot cannot be read");

impl Session {
    /// What the world is asked while a message waits with `Wait::Consent`.
    pub fn consent_question(&mut self) -> Option<ConsentQuestion> {
        self.snapshots.question.take()
    }

    /// Its answer.
    pub fn consent_answered(&mut self, answer: Narrowed) {
        self.snapshots.answer = Some(answer);
    }

    /// A message is about to be judged.
    pub(super) fn note_idle(&mut self, turn: &Turn) {
        if self.status == Status::Idle && self.queue.is_empty() && !self.queue.open {
            self.snapshots.idle_us = turn.now_us;
        }
    }

    /// A text is forwarded: what it says about isolation levels.
    pub(super) fn note_isolation(&mut self, judgement: &Judgement) {
        for scope in judgement.statements.iter().filter_map(|judged| judged.isolation) {
            match scope {
                IsolationScope::Session => self.snapshots.session_keeps = true,
                IsolationScope::Transaction => self.snapshots.transaction_keeps = true,
            }
        }
    }

    /// Whether a portal of a statement will give rows with conditions on people.
    pub(super) fn reads_people(&self, work: &Work) -> bool {
        let of = |work: &Work| work.judged().is_some_and(|judged| judged.depends.is_some());
        of(work)
            || match work.effect() {
                Some(SessionEffect::Execute(name)) => {
                    self.statements.find(name.as_str().as_bytes()).is_some_and(|s| of(&s.work))
                }
                _ => false,
            }
    }

    /// What a statement reads of people. `target`: what it executes, or the cursor it reads.
    pub(super) fn reads_of(&self, work: &Work, target: Option<&Judged>) -> Vec<Read> {
        let now = |judged: &Judged| judged.depends.clone().map(Read::Now);
        let own = work.judged().and_then(now);
        let other = match work.effect() {
            // Nothing is read yet.
            Some(SessionEffect::Prepare(_) | SessionEffect::Declare(_)) => return Vec::new(),
            Some(SessionEffect::Fetch(name)) => {
                let declares =
                    |effect: &_| matches!(effect, SessionEffect::Declare(made) if made == name);
                // Opened and read in one text, it is read now.
                let before = work.judgement.statements.iter().take(work.index);
                let fresh = before.filter_map(|judged| judged.effect.as_ref()).any(declares);
                let portal = self.portals.find(name.as_str().as_bytes()).filter(|_| !fresh);
                target.and_then(|target| match portal {
                    None => now(target),
                    Some(portal) => {
                        Some(Read::Portal(portal.opened.clone(), target.depends.clone()?))
                    }
                })
            }
            _ => target.and_then(now),
        };
        own.into_iter().chain(other).collect()
    }

    /// The same of the rows of a portal, which may belong to a statement that began before.
    pub(super) fn may_execute(
        &mut self,
        name: &[u8],
        mut reads: Vec<Read>,
        turn: &mut Turn,
    ) -> Result<Option<Wait>, Box<Refusal>> {
        if let Some(portal) = self.portals.find(name).filter(|portal| portal.is_late()) {
            for read in &mut reads {
                if let Read::Now(dependence) = read {
                    *read = Read::Portal(portal.opened.clone(), Arc::clone(dependence));
                }
            }
        }
        self.may_read(&reads, turn)
    }

    /// The rows of a portal are asked for.
    pub(super) fn note_executed(&mut self, name: &[u8], turn: &mut Turn) {
        let Some(portal) = self.portals.find_mut(name) else { return };
        portal.executed = true;
        let judgement = Arc::clone(&portal.work.judgement);
        self.note_isolation(&judgement);
        self.capture_for(&judgement, turn);
    }

    /// Whether what is about to be read may be: no consent was withdrawn that the snapshot it is
    /// read by does not show. `Ok(Some(wait))`: that is not known yet.
    pub(super) fn may_read(
        &mut self,
        reads: &[Read],
        turn: &mut Turn,
    ) -> Result<Option<Wait>, Box<Refusal>> {
        let mut question = ConsentQuestion::default();
        for read in reads {
            let (seen, dependence) = match read {
                Read::Now(dependence) => match self.seen_by_transaction(turn) {
                    Err(wait) => return Ok(Some(wait)),
                    Ok(None) => continue,
                    Ok(Some(seen)) => (seen, dependence),
                },
                Read::Portal(Opened::Seen(seen), dependence) => (Arc::clone(seen), dependence),
                Read::Portal(Opened::Asked, _) => {
                    self.flush(turn);
                    return Ok(Some(Wait::Server));
                }
                Read::Portal(Opened::Unasked, _) => return Err(Box::new(too_old())),
            };
            question.snapshots.insert(seen.snapshot.clone());
            question.age_us = question.age_us.max(turn.now_us.saturating_sub(seen.at_us));
            question.purposes.extend(dependence.purposes.iter().cloned());
            question.relations.extend(&dependence.relations);
        }
        if question.snapshots.is_empty() {
            return Ok(None);
        }
        match self.snapshots.answer {
            Some(Narrowed::No) => Ok(None),
            Some(Narrowed::Unwatched) if question.age_us <= UNWATCHED_US => Ok(None),
            Some(Narrowed::Yes) => Err(Box::new(withdrawn())),
            Some(Narrowed::Unwatched) => Err(Box::new(too_old())),
            Some(Narrowed::Unknown) => Err(Box::new(not_known())),
            None => {
                self.snapshots.question = Some(question);
                Ok(Some(Wait::Consent))
            }
        }
    }

    /// The snapshot that the transaction at hand has kept, if it has.
    fn seen_by_transaction(&mut self, turn: &mut Turn) -> Result<Option<Arc<Seen>>, Wait> {
        if !self.snapshots.session_keeps && !self.snapshots.transaction_keeps {
            return Ok(None);
        }
        // In which state the session is, is known when everything has been answered.
        if !self.queue.is_empty() {
            self.flush(turn);
            return Err(Wait::Server);
        }
        match self.status {
            Status::Idle if !self.queue.open => return Ok(None),
            Status::Failed => return Ok(None),
            Status::Idle | Status::Transaction => {}
        }
        match &self.snapshots.transaction {
            Some(Transaction::EachStatement) => Ok(None),
            Some(Transaction::Keeps(seen)) => Ok(Some(Arc::clone(seen))),
            None => {
                self.ask_transaction(turn);
                Err(Wait::Server)
            }
        }
    }

    /// The request at the front has been answered: it may have opened a portal.
    pub(super) fn on_bound(&mut self) {
        let bound = |entry: &&Entry| entry.request == Request::Bind && entry.hidden.is_none();
        let Some(entry) = self.queue.front().filter(bound) else { return };
        let opened = self.snapshots.opened();
        if let Some(portal) = self.portals.find_mut(&entry.portal)
            && portal.opened.is_asked()
        {
            portal.opened = opened;
        }
    }

    /// Has the server say what it reads by, just before something is opened, without waiting for
    /// the answer. `apart`: no stretch of the client's is open.
    pub(super) fn capture(&mut self, turn: &mut Turn) {
        if self.status == Status::Failed {
            return;
        }
        let apart = !self.queue.open;
        self.put_hidden(probe::SNAPSHOT_QUERY, Hidden::Snapshot { apart }, turn);
        if apart {
            turn.onward.own(|out| put_message(out, b'S', |_| ()));
            self.queue.push(Entry::hidden(Request::Sync, Hidden::Snapshot { apart }));
        }
    }

    /// The same before a text that declares cursors over people's data.
    pub(super) fn capture_for(&mut self, judgement: &Judgement, turn: &mut Turn) {
        let declares = judgement.statements.iter().any(|judged| {
            judged.depends.is_some() && matches!(judged.effect, Some(SessionEffect::Declare(_)))
        });
        if declares {
            self.capture(turn);
        }
    }
}

fn serialize(message: &str) -> Refusal {
    Refusal::new(Reason::Stale, SqlState::SERIALIZATION_FAILURE, message)
}

fn withdrawn() -> Refusal {
    serialize("could not serialize access because consent was withdrawn")
        .detail("It was after the snapshot was taken that this reads by.")
        .hint("Retry the transaction.")
}

fn too_old() -> Refusal {
    serialize("could not serialize access because consent may have been withdrawn")
        .detail(
            "Nothing tells of changes of what conditions on people read, and the snapshot is \
             older than five minutes.",
        )
        .hint("Retry the transaction; pgpurpose consent install --rules has changes told.")
}

fn not_known() -> Refusal {
    serialize("could not serialize access because withdrawals of consent cannot be asked for")
        .hint("Retry the transaction.")
}
