//! Questions of the proxy's own on the client's connection, whose answers the client never sees:
//! the effective search path, and the catalog as only this session can see it.

use super::queue::{Entry, Hidden, Request};
use super::state::{Session, Turn, path_key};
use crate::model::refusal::Refusal;
use crate::wire::backend::{Status, text_row};
use crate::wire::frame::{Broken, HEADER_BYTES, Header, put_cstring, put_message};
use crate::wire::frontend::{Target, put_target};
use crate::wire::probe::{self, Probed};

/// Longest answer to one question, in bytes.
const ANSWER_BYTES: usize = 256 << 20;

/// Search paths kept per session.
const KEPT_PATHS: usize = 64;

/// Text rows of one answer, NULL as `None`.
pub type Rows = Vec<Vec<Option<String>>>;

/// What is being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Path,
    Catalog,
    Transaction,
}

impl Session {
    /// Whether the catalog must be read on this session's own connection: what it has made may
    /// not be committed, or is temporary.
    pub fn sees_its_own(&self) -> bool {
        let temporary = |name: &crate::model::names::Name| name.as_str().starts_with("pg_temp_");
        self.status == Status::Transaction
            || self.queue.open
            || self.paths.get(&path_key(&self.variables)).is_some_and(|p| p.0.iter().any(temporary))
    }

    /// Asks for the catalog; the answers come with `take_answers`.
    pub fn ask_catalog(&mut self, queries: &[String], turn: &mut Turn) {
        self.own_uncommitted = self.status == Status::Transaction || self.queue.open;
        self.answers.clear();
        let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
        self.ask(Question::Catalog, &queries, turn);
    }

    /// The answers to `ask_catalog`, when all are there.
    pub fn take_answers(&mut self) -> Option<Vec<Rows>> {
        let answered = self.asking.is_none() && !self.answers.is_empty();
        answered.then(|| std::mem::take(&mut self.answers))
    }

    pub(super) fn ask_path(&mut self, turn: &mut Turn) {
        self.ask(Question::Path, &[probe::QUERY], turn);
    }

    /// Whether the transaction at hand keeps its first snapshot, and which that is.
    pub(super) fn ask_transaction(&mut self, turn: &mut Turn) {
        self.ask(Question::Transaction, &[probe::TRANSACTION_QUERY], turn);
    }

    /// Asks without touching anything that the client has made: under a name of our own, and
    /// without a Sync where the client's stretch is still open.
    fn ask(&mut self, question: Question, queries: &[&str], turn: &mut Turn) {
        let ends_here = !self.queue.open;
        for query in queries {
            self.put_hidden(query, Hidden::Probe, turn);
        }
        turn.onward.own(|out| put_message(out, if ends_here { b'S' } else { b'H' }, |_| ()));
        if ends_here {
            self.queue.push(Entry::hidden(Request::Sync, Hidden::Probe));
        }
        self.queue.unflushed = false;
        self.collected.clear();
        self.asking = Some(question);
    }

    /// Runs a statement of ours before the Sync that ends the client's stretch, and with it, in
    /// one transaction: if it fails, what it belongs to fails.
    pub(super) fn run_behind(&mut self, statement: &str, turn: &mut Turn) {
        self.put_hidden(statement, Hidden::Again, turn);
    }

    pub(super) fn put_hidden(&mut self, query: &str, hidden: Hidden, turn: &mut Turn) {
        // Where an earlier one was cut short, its statement is still there.
        if std::mem::take(&mut self.hidden_is_left) {
            let left = Target::Statement(probe::HIDDEN.as_bytes());
            self.queue.push(Entry::hidden(Request::Close, hidden));
            turn.onward.own(|out| put_target(out, b'C', left));
        }
        turn.onward.own(|out| put_question(out, query));
        let requests =
            [Request::Parse, Request::Bind, Request::Execute, Request::Close, Request::Close];
        for request in requests {
            let mut entry = Entry::hidden(request, hidden);
            entry.started_us = turn.now_us;
            self.queue.push(entry);
        }
    }

    /// Takes bytes of rows that answer a question.
    pub(super) fn collect(&mut self, bytes: &[u8]) -> Result<(), Box<Refusal>> {
        if let Some(Hidden::Snapshot { .. }) = self.queue.front().and_then(|entry| entry.hidden) {
            self.snapshots.collect(bytes);
            return Ok(());
        }
        if self.collected.len() + bytes.len() > ANSWER_BYTES {
            return Err(Box::new(Broken("an answer of the server is too long").to_refusal()));
        }
        self.collected.extend_from_slice(bytes);
        Ok(())
    }

    /// One question has been answered.
    pub(super) fn on_answer(&mut self) -> Result<(), Box<Refusal>> {
        let front = self.queue.front().map(|entry| (entry.hidden, entry.started_us));
        if let Some((Some(Hidden::Snapshot { .. }), at_us)) = front {
            let captured = self.snapshots.capture(at_us);
            return captured.map_err(|broken| Box::new(broken.to_refusal()));
        }
        let collected = std::mem::take(&mut self.collected);
        let read = match self.asking {
            None => Ok(()),
            Some(Question::Path) => self.on_path(&collected),
            Some(Question::Transaction) => self.snapshots.on_transaction(&collected),
            Some(Question::Catalog) => rows(&collected).map(|rows| self.answers.push(rows)),
        };
        read.map_err(|broken| Box::new(broken.to_refusal()))
    }

    fn on_path(&mut self, collected: &[u8]) -> Result<(), Broken> {
        let probed = Probed::read(collected.get(HEADER_BYTES..).unwrap_or_default())?;
        if self.paths.len() >= KEPT_PATHS {
            self.paths.clear();
        }
        self.paths.insert(path_key(&self.variables), probed.path);
        self.current = None;
        Ok(())
    }
}

fn rows(mut collected: &[u8]) -> Result<Rows, Broken> {
    let mut rows = Rows::new();
    while let Some(header) = Header::read(collected)? {
        let row = collected.get(HEADER_BYTES..header.total()).unwrap_or_default();
        rows.push(text_row(row)?);
        collected = collected.get(header.total()..).unwrap_or_default();
    }
    Ok(rows)
}

fn put_question(out: &mut Vec<u8>, query: &str) {
    let hidden = probe::HIDDEN.as_bytes();
    put_message(out, b'P', |out| {
        put_cstring(out, hidden);
        put_cstring(out, query.as_bytes());
        out.extend([0, 0]);
    });
    put_message(out, b'B', |out| {
        put_cstring(out, hidden);
        put_cstring(out, hidden);
        out.extend([0; 6]);
    });
    put_message(out, b'E', |out| {
        put_cstring(out, hidden);
        out.extend([0; 4]);
    });
    for kind in [b'P', b'S'] {
        put_message(out, b'C', |out| {
            out.push(kind);
            put_cstring(out, hidden);
        });
    }
}
