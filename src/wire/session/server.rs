//! Messages of the server: matched with the requests they answer, forwarded as they are, except
//! for the answers to messages of our own and the error that stands for a refusal.
//!
//! Rows are walked by their headers and forwarded as ranges; their bytes are not looked at.

use super::queue::{Entry, Hidden, Request};
use super::state::{Progress, Session, Turn, Wait};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::backend::{self, Fields, Status};
use crate::wire::frame::{Broken, HEADER_BYTES, Header};
use crate::wire::retell::{Retold, Telling, is_told, put_retold, withheld};
use crate::wire::statements::Work;
use crate::wire::world::World;

/// The longest message that is looked into, in bytes. Longer errors and notices pass unread.
const VIEW_BYTES: usize = 64 << 10;

/// The longest row description, in bytes: a result has at most 1 664 columns.
const DESCRIPTION_BYTES: usize = 1 << 20;

/// What becomes of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Forward,
    Swallow,
    /// Something else was sent in its place.
    Replaced,
}

/// A message of the server as far as it has come.
struct Reply<'a> {
    tag: u8,
    /// The body, where all of it has come.
    body: Option<&'a [u8]>,
}

impl Session {
    /// Takes what the server sent. An error ends the connection.
    pub fn on_server(
        &mut self,
        input: &[u8],
        turn: &mut Turn,
        world: &dyn World,
    ) -> Result<Progress, Box<Refusal>> {
        let mut at = 0;
        loop {
            if self.server_rest > 0 {
                let take = self.server_rest.min(input.len() - at);
                if !self.server_rest_drops {
                    turn.onward.forward(at..at + take);
                } else if self.server_rest_answers {
                    self.collect(input.get(at..at + take).unwrap_or_default())?;
                }
                self.server_rest -= take;
                at += take;
            }
            let rest = input.get(at..).unwrap_or_default();
            let Some(header) = Header::read(rest).map_err(Broken::to_refusal)? else {
                return Ok(Progress { consumed: at, wait: Wait::Input });
            };
            while self.queue.front().is_some_and(|e| e.request == Request::CopyEnd) {
                self.queue.pop();
            }
            let ticket = self.queue.front().map_or(0, |entry| entry.ticket);
            if ticket > self.written {
                return Ok(Progress { consumed: at, wait: Wait::Written(ticket) });
            }
            if matches!(header.tag, b'D' | b'd') {
                at += self.on_rows(header.tag, at, rest, turn)?;
                continue;
            }
            let view_bytes = match header.tag {
                b'A' | b'V' => 0,
                b'T' | b't' => DESCRIPTION_BYTES,
                _ => VIEW_BYTES,
            };
            let body = rest.get(HEADER_BYTES..header.total());
            if body.is_none() && header.body <= view_bytes {
                return Ok(Progress { consumed: at, wait: Wait::Input });
            }
            let fate = self.on_reply(&Reply { tag: header.tag, body }, turn, world)?;
            let end = at + header.total().min(rest.len());
            if fate == Fate::Forward {
                turn.onward.forward(at..end);
            }
            self.server_rest = at + header.total() - end;
            self.server_rest_drops = fate != Fate::Forward;
            self.server_rest_answers = false;
            at = end;
        }
    }

    /// A run of rows or COPY data: as much as has come, in one range. Gives its length.
    fn on_rows(
        &mut self,
        tag: u8,
        at: usize,
        input: &[u8],
        turn: &mut Turn,
    ) -> Result<usize, Box<Refusal>> {
        let Some(entry) = self.queue.front_mut() else { return Err(unexpected()) };
        if !matches!(entry.request, Request::Query | Request::Execute) {
            return Err(unexpected());
        }
        let limit = entry.max_rows.unwrap_or(u64::MAX);
        let mut end = 0;
        while let Some(header) = Header::read(input.get(end..).unwrap_or_default())
            .map_err(|broken| Box::new(broken.to_refusal()))?
        {
            if header.tag != tag {
                break;
            }
            if entry.rows >= limit {
                turn.onward.forward(at..at + end);
                return Err(too_many_rows(limit));
            }
            if entry.meter.as_ref().is_some_and(|meter| !meter.row()) {
                turn.onward.forward(at..at + end);
                return Err(rows_used_up());
            }
            entry.rows += 1;
            let total = header.total();
            if input.len() - end < total {
                self.server_rest = total - (input.len() - end);
                end = input.len();
                break;
            }
            end += total;
        }
        if entry.hidden.is_some() {
            self.server_rest_drops = true;
            self.server_rest_answers = true;
            self.collect(input.get(..end).unwrap_or_default())?;
            return Ok(end);
        }
        self.server_rest_drops = false;
        turn.onward.forward(at..at + end);
        Ok(end)
    }

    fn on_reply(
        &mut self,
        reply: &Reply<'_>,
        turn: &mut Turn,
        world: &dyn World,
    ) -> Result<Fate, Box<Refusal>> {
        let broken = |broken: Broken| Box::new(broken.to_refusal());
        match reply.tag {
            b'N' => return Ok(self.on_notice(reply.body, turn)),
            b'A' => return Ok(Fate::Forward),
            b'S' => {
                let Some(body) = reply.body else { return Err(unexpected()) };
                let (name, value) = backend::parameter(body).map_err(broken)?;
                self.on_parameter(name, value)?;
                return Ok(Fate::Forward);
            }
            b'E' => return self.on_error(reply.body, turn),
            _ => {}
        }
        let Some(entry) = self.queue.front() else { return Err(unexpected()) };
        let behind = reply.tag == b'C' && entry.work.as_ref().is_some_and(Work::is_at_ours);
        if behind && entry.request == Request::Query {
            return Ok(Fate::Swallow);
        }
        let mut fate = match entry.hidden {
            Some(Hidden::Again | Hidden::Probe | Hidden::Snapshot { .. }) => Fate::Swallow,
            Some(Hidden::Answered) if reply.tag != b'Z' => Fate::Swallow,
            Some(Hidden::Answered) | None => Fate::Forward,
        };
        let ends = match (reply.tag, entry.request) {
            (b'1', Request::Parse) | (b'2', Request::Bind) | (b'3', Request::Close) => true,
            (b't', Request::Describe) => {
                self.note_parameters(reply.body);
                false
            }
            (b'T', Request::Describe | Request::Query) => {
                let ends = entry.request == Request::Describe;
                fate = self.on_description(reply.body, turn, world)?;
                ends
            }
            (b'n', Request::Describe) => {
                self.note_description();
                true
            }
            (b'G' | b'W', Request::Query | Request::Execute) => {
                self.copying = !self.queue.ignore_syncs();
                false
            }
            (b'H' | b'c', Request::Query | Request::Execute) => false,
            (b'C' | b'I', Request::Query | Request::Execute) => {
                let ends = entry.request == Request::Execute;
                self.on_command(reply, turn)?;
                ends
            }
            (b's', Request::Execute) => {
                self.on_suspended(turn);
                true
            }
            (b'Z', Request::Query | Request::Sync) => {
                let Some(body) = reply.body else { return Err(unexpected()) };
                self.on_ready(backend::ready(body).map_err(broken)?, turn);
                true
            }
            _ => return Err(unexpected()),
        };
        if ends {
            self.end_front();
        }
        Ok(fate)
    }

    /// A statement of the request at the front has been carried out.
    fn on_command(&mut self, reply: &Reply<'_>, turn: &mut Turn) -> Result<(), Box<Refusal>> {
        let tag = match (reply.tag, reply.body) {
            (b'C', Some(body)) => {
                backend::command(body).map_err(|broken| Box::new(broken.to_refusal()))?
            }
            _ => b"",
        };
        if self.queue.front().is_some_and(|entry| entry.hidden.is_some()) {
            self.on_answer()?;
        }
        self.on_complete(tag, turn);
        Ok(())
    }

    fn end_front(&mut self) {
        self.on_bound();
        if let Some(entry) = self.queue.pop()
            && entry.hidden == Some(Hidden::Probe)
        {
            let more = self.queue.front().is_some_and(|e| e.hidden == Some(Hidden::Probe));
            if !more {
                self.asking = None;
            }
        }
    }

    fn on_notice(&mut self, body: Option<&[u8]>, turn: &mut Turn) -> Fate {
        let unread = if self.telling() == Telling::Whole { Fate::Forward } else { Fate::Swallow };
        let Some(body) = body else { return unread };
        let Ok(fields) = Fields::read(body) else { return unread };
        if !is_told(&fields, self.telling()) {
            return Fate::Swallow;
        }
        match self.retold(b'N', &fields) {
            None => Fate::Forward,
            Some(message) => {
                turn.onward.own(|out| out.extend(message));
                Fate::Replaced
            }
        }
    }

    /// How far what the server says at this point may be told. What is put off to the end of a
    /// transaction is said there, of statements before it.
    fn telling(&self) -> Telling {
        let work = self.queue.front().and_then(|entry| entry.work.as_ref());
        let own = self.queue.front().map(Entry::telling).unwrap_or_default();
        let reads = work.and_then(Work::judged).is_some_and(|judged| judged.result.is_some());
        if reads { own } else { own.max(self.owed_telling) }
    }

    /// The error or notice as the client may see it, where that differs from the server's.
    fn retold(&self, tag: u8, fields: &Fields<'_>) -> Option<Vec<u8>> {
        let entry = self.queue.front()?;
        let server = fields.position();
        let rewritten = entry.work.as_ref().and_then(Work::rewritten);
        let client = server.map(|at| rewritten.map_or(at, |text| text.client_position(at)));
        let telling = self.telling();
        if client == server && telling == Telling::Whole {
            return None;
        }
        let before_rows =
            matches!(entry.request, Request::Parse | Request::Bind | Request::Describe);
        let mut message = Vec::new();
        put_retold(&mut message, tag, fields, Retold { telling, position: client, before_rows });
        Some(message)
    }

    fn on_error(&mut self, body: Option<&[u8]>, turn: &mut Turn) -> Result<Fate, Box<Refusal>> {
        let fields = body.map(Fields::read).transpose();
        let fields = fields.map_err(|broken| Box::new(broken.to_refusal()))?;
        self.errored = true;
        self.copying = false;
        self.ended_by_server |= fields.as_ref().is_some_and(Fields::is_fatal);
        let telling = self.telling();
        let Some(entry) = self.queue.front_mut() else { return Ok(Fate::Forward) };
        let unheard = entry.hidden == Some(Hidden::Snapshot { apart: true });
        entry.failed = true;
        let ours = matches!(entry.request, Request::Bind | Request::Execute | Request::Close);
        self.hidden_is_left |= ours && entry.hidden.is_some();
        let refusal = entry.refusal.as_ref();
        let own = match &fields {
            Some(fields) => match refusal.filter(|marked| marked.is_answer(fields)) {
                Some(marked) => {
                    let mut message = Vec::new();
                    marked.put(&mut message);
                    Some(message)
                }
                None => self.retold(b'E', fields),
            },
            // Too long to be looked into.
            None if telling != Telling::Whole => Some(withheld()),
            None => None,
        };
        let sqlstate = fields.as_ref().map_or(&b"XX000"[..], Fields::sqlstate);
        let sqlstate = String::from_utf8_lossy(sqlstate).into_owned();
        self.fail(&sqlstate, turn);
        if unheard {
            return Ok(Fate::Swallow);
        }
        match own {
            None => Ok(Fate::Forward),
            Some(message) => {
                turn.onward.own(|out| out.extend(message));
                Ok(Fate::Replaced)
            }
        }
    }
}

pub(super) fn unexpected() -> Box<Refusal> {
    Box::new(Broken("unexpected message from the server").to_refusal())
}

fn too_many_rows(limit: u64) -> Box<Refusal> {
    Box::new(
        Refusal::new(
            Reason::Limit,
            SqlState::INSUFFICIENT_PRIVILEGE,
            format!("the result has more rows than the {limit} this purpose may read at once"),
        )
        .hint("Ask for fewer rows."),
    )
}

fn rows_used_up() -> Box<Refusal> {
    let message = "the quota of rows is used up";
    Box::new(Refusal::new(Reason::Limit, SqlState::CONFIGURATION_LIMIT_EXCEEDED, message))
}

impl Status {
    pub(super) fn is_idle(self) -> bool {
        self == Status::Idle
    }
}
