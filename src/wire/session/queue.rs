//! The requests whose replies are still to come, in order: what makes a reply mean something
//! under pipelining.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::judge::ResultColumns;
use crate::model::access::{SessionEffect, Stamp};
use crate::wire::records::Open;
use crate::wire::refuse::Marked;
use crate::wire::retell::Telling;
use crate::wire::statements::{Prepared, Spelt, Work};
use crate::wire::world::Meter;

/// Which message a reply belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    Query,
    Parse,
    Bind,
    Describe,
    Execute,
    Close,
    Sync,
    /// CopyDone or CopyFail, which have no reply of their own.
    CopyEnd,
}

/// When the effect of a request is known well enough to judge what follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pending {
    /// There is no effect a judgement depends on.
    #[default]
    Nothing,
    /// Until its Sync: if it fails, everything up to there is skipped with it.
    Segment,
    /// Only when it has been answered.
    Answered,
}

/// A reply that is swallowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// Preparing a client's statement again: an error is the client's.
    Again,
    /// A question of the proxy's own: an error is the answer to what waited for it.
    Probe,
    /// By which snapshot a portal opened next is read. `apart`: an error is nobody's; else it is
    /// the client's, whose messages it stands between.
    Snapshot { apart: bool },
    /// An empty query in place of one that has been answered by an error. Only its ReadyForQuery
    /// is the client's.
    Answered,
}

/// What is undone when a request fails or is skipped.
#[derive(Debug)]
pub enum Undo {
    /// Puts a statement back as it was. `fails_to_nothing`: the server drops it before it tries.
    Statement { name: Box<[u8]>, previous: Option<Prepared>, fails_to_nothing: bool },
    /// Forgets a portal.
    Portal(Box<[u8]>),
    /// Forgets a text prepared upstream under a hidden name.
    Variant { name: Box<[u8]>, upstream: Arc<[u8]> },
}

/// One request.
#[derive(Debug)]
pub struct Entry {
    pub request: Request,
    pub hidden: Option<Hidden>,
    pub pending: Pending,
    /// The Sync-to-Sync stretch it was sent in.
    pub segment: u64,
    /// Nothing of its reply may be relayed before this ticket is written.
    pub ticket: u64,
    pub work: Option<Work>,
    /// What `work` was judged under.
    pub stamp: Option<Arc<Stamp>>,
    /// What was sent in its place.
    pub refusal: Option<Box<Marked>>,
    /// The effect of its statement with parameters filled in.
    pub resolved: Option<Box<SessionEffect>>,
    pub undo: Option<Box<Undo>>,
    /// Records whose outcome is still to come; of an `Execute`, at most one.
    pub records: Vec<Open>,
    /// The portal of an `Execute` or `Describe`.
    pub portal: Box<[u8]>,
    /// The statement a `Describe` names, with its name upstream.
    pub statement: Option<Spelt>,
    /// What the result of a statement may show, by its place in the text, where the statement
    /// itself does not say: it reads a cursor, or executes what was prepared.
    pub results: Vec<(usize, Arc<ResultColumns>)>,
    /// How far errors of what it executes or fetches from may be told.
    pub telling: Telling,
    pub max_rows: Option<u64>,
    /// Counts its rows against a quota.
    pub meter: Option<Arc<dyn Meter>>,
    /// Rows so far, of the statement at hand.
    pub rows: u64,
    pub started_us: u64,
    /// An error has been sent for it.
    pub failed: bool,
}

impl Entry {
    pub fn new(request: Request) -> Entry {
        Entry {
            request,
            hidden: None,
            pending: Pending::Nothing,
            segment: 0,
            ticket: 0,
            work: None,
            stamp: None,
            refusal: None,
            resolved: None,
            undo: None,
            records: Vec::new(),
            portal: Box::default(),
            statement: None,
            results: Vec::new(),
            telling: Telling::Whole,
            max_rows: None,
            meter: None,
            rows: 0,
            started_us: 0,
            failed: false,
        }
    }

    pub fn hidden(request: Request, hidden: Hidden) -> Entry {
        Entry { hidden: Some(hidden), ..Entry::new(request) }
    }

    /// How far the server's errors and notices about it may be told.
    pub fn telling(&self) -> Telling {
        let own = self.work.as_ref().map(Work::telling).unwrap_or_default();
        own.max(self.telling)
    }

    /// The effect of the statement at hand.
    pub fn effect(&self) -> Option<&SessionEffect> {
        let of_text = || self.work.as_ref().and_then(Work::effect);
        self.resolved.as_deref().or_else(of_text)
    }
}

/// The requests that are outstanding.
#[derive(Debug, Default)]
pub struct Queue {
    entries: VecDeque<Entry>,
    /// The stretch that messages sent now belong to.
    segment: u64,
    /// The stretch has a message the server has not been told to answer.
    pub unflushed: bool,
    /// The stretch has a message.
    pub open: bool,
    /// Entries of ended stretches, by whether they must be waited for.
    ended_pending: usize,
    /// Entries of this stretch that have an effect, and those that must be answered first.
    effects: usize,
    unanswered: usize,
}

impl Queue {
    /// How deep a client may pipeline, in messages.
    pub const DEPTH: usize = 100_000;

    pub fn push(&mut self, mut entry: Entry) {
        entry.segment = self.segment;
        match entry.request {
            Request::CopyEnd => {}
            Request::Query | Request::Sync => {
                if self.effects + self.unanswered > 0 && entry.pending == Pending::Nothing {
                    entry.pending = Pending::Segment;
                }
                self.ended_pending += self.effects + self.unanswered;
                self.ended_pending += usize::from(entry.pending != Pending::Nothing);
                (self.effects, self.unanswered) = (0, 0);
                self.segment += 1;
                (self.open, self.unflushed) = (false, false);
            }
            _ => {
                (self.open, self.unflushed) = (true, true);
                match entry.pending {
                    Pending::Nothing => {}
                    Pending::Segment => self.effects += 1,
                    Pending::Answered => self.unanswered += 1,
                }
            }
        }
        self.entries.push_back(entry);
    }

    /// What follows cannot be judged before something outstanding is answered.
    pub fn must_settle(&self) -> bool {
        self.ended_pending + self.unanswered > 0
    }

    /// The stretch that messages sent now belong to.
    pub fn segment(&self) -> u64 {
        self.segment
    }

    pub fn front(&self) -> Option<&Entry> {
        self.entries.front()
    }

    pub fn front_mut(&mut self) -> Option<&mut Entry> {
        self.entries.front_mut()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn is_full(&self) -> bool {
        self.entries.len() >= Queue::DEPTH
    }

    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub fn pop(&mut self) -> Option<Entry> {
        let entry = self.entries.pop_front()?;
        self.settle(&entry);
        Some(entry)
    }

    /// COPY … FROM STDIN has begun: the server reads, and ignores, every Sync up to the end of
    /// the data. Gives whether that end has been sent.
    pub fn ignore_syncs(&mut self) -> bool {
        while let Some(next) = self.entries.get(1) {
            match next.request {
                Request::Sync | Request::CopyEnd => {
                    let ended = next.request == Request::CopyEnd;
                    if let Some(entry) = self.entries.remove(1) {
                        self.settle(&entry);
                    }
                    if ended {
                        return true;
                    }
                }
                _ => return false,
            }
        }
        false
    }

    fn settle(&mut self, entry: &Entry) {
        if entry.pending == Pending::Nothing || entry.request == Request::CopyEnd {
            return;
        }
        let ended = entry.segment != self.segment;
        let counter = match entry.pending {
            _ if ended => &mut self.ended_pending,
            Pending::Answered => &mut self.unanswered,
            _ => &mut self.effects,
        };
        *counter = counter.saturating_sub(1);
    }
}
