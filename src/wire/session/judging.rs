//! A text of the simple protocol, judged under the session's present state and forwarded; the
//! records of what is forwarded, in either protocol.

use std::sync::Arc;

use super::client::{Message, Taken};
use super::due::Due;
use super::queue::{Entry, Pending, Request};
use super::state::{Session, Turn, Wait};
use crate::judge::{Judgement, Verdict};
use crate::model::access::{Access, DeclaredBy, Stamp};
use crate::model::record::JudgedPart;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::backend::Status;
use crate::wire::frame::{put_cstring, put_message};
use crate::wire::records::{Fact, Open};
use crate::wire::statements::Work;
use crate::wire::world::World;

impl Session {
    pub(super) fn take_query(
        &mut self,
        bytes: &[u8],
        message: &Message<'_>,
        turn: &mut Turn,
        world: &dyn World,
    ) -> Taken {
        let text = match self.text_of(bytes) {
            Ok(text) => text,
            Err(refusal) => return self.refuse(Request::Query, *refusal, turn, world),
        };
        let (access, stamp) = self.access(world);
        let judgement = world.judge(&access, &stamp, text);
        if let Some(wait) = self.ask_for_catalog(&judgement) {
            return Taken::Later(wait);
        }
        let rewritten = match &judgement.verdict {
            Verdict::Refuse(refusal) => {
                let refusal = (**refusal).clone();
                return self.refuse_judged(Request::Query, refusal, &judgement, (turn, world));
            }
            Verdict::Forward(rewritten) => rewritten,
        };
        let mut due = Due::default();
        for index in 0..judgement.statements.len() {
            if let Err(refusal) = self.due(
                &Work { index, ..Work::of(&judgement) },
                (&access, &stamp),
                &mut due,
                world,
            ) {
                return self.refuse(Request::Query, *refusal, turn, world);
            }
        }
        match self.may_read(&due.reads, turn) {
            Ok(None) => {}
            Ok(Some(wait)) => return Taken::Later(wait),
            Err(refusal) => return self.refuse(Request::Query, *refusal, turn, world),
        }
        let unknown = due.unknown.take();
        let mut entry = self.entry(&judgement, stamp, turn);
        if let Err(refusal) = self.record(due, &mut entry, &access, (turn, world)) {
            return self.refuse(Request::Query, *refusal, turn, world);
        }
        if let Some((kind, name)) = unknown {
            self.close_unknown(kind, name.as_str().as_bytes(), turn);
        }
        self.note_isolation(&judgement);
        self.capture_for(&judgement, turn);
        self.keep_tokens(judgement.statements.iter().filter_map(|s| s.effect.as_ref()));
        // A simple query drops the unnamed statement and portal.
        self.forget_unnamed(turn);
        self.portals.remove(b"");
        self.queue.push(entry);
        self.speculative = None;
        let text = rewritten.text();
        match judgement.statements.last().and_then(|judged| judged.after.as_deref()) {
            // The statements of one text are one transaction.
            Some(after) => {
                let text = format!("{text}; {after}");
                turn.onward.own(|out| put_query(out, &text));
            }
            None if text.as_bytes() == bytes => turn.onward.forward(message.start..message.end),
            None => turn.onward.own(|out| put_query(out, text)),
        }
        Taken::Done
    }

    fn entry(&self, judgement: &Arc<Judgement>, stamp: Arc<Stamp>, turn: &Turn) -> Entry {
        let mut entry = Entry::new(Request::Query);
        entry.pending = self.pending_of_all(judgement);
        entry.stamp = Some(stamp);
        entry.started_us = turn.now_us;
        entry.work = Some(Work::of(judgement));
        entry
    }

    fn pending_of_all(&self, judgement: &Judgement) -> Pending {
        let effects = judgement.statements.iter().map(|s| s.effect.as_ref());
        effects.map(Session::pending_of).max().unwrap_or_default()
    }

    /// A name that is not known may be new: the catalog is read once more before that is held
    /// against the client.
    pub(super) fn ask_for_catalog(&self, judgement: &Judgement) -> Option<Wait> {
        match &judgement.verdict {
            Verdict::Refuse(refusal)
                if matches!(refusal.reason, Reason::UnknownName | Reason::Unlisted)
                    && !self.refreshed
                    && self.status != Status::Failed =>
            {
                Some(Wait::Catalog)
            }
            Verdict::Refuse(_) | Verdict::Forward(_) => None,
        }
    }

    /// Makes the records that are due, before their statements are forwarded.
    pub(super) fn record(
        &mut self,
        due: Due,
        entry: &mut Entry,
        access: &Access,
        (turn, world): (&mut Turn, &dyn World),
    ) -> Result<(), Box<Refusal>> {
        entry.max_rows = due.max_rows;
        entry.telling = due.telling;
        entry.results = due.results;
        if due.records.is_empty() {
            return Ok(());
        }
        if world.audit_is_failing() {
            return Err(Box::new(audit_failed()));
        }
        entry.meter = world.charge(&due.charges)?;
        for (index, part) in due.records {
            let id = world.fresh_id();
            self.decide(&id, part, access, (turn, world));
            entry.records.push(Open { id, index, rows: 0, started_us: turn.now_us });
        }
        entry.ticket = self.tickets;
        Ok(())
    }

    pub(super) fn decide(
        &mut self,
        id: &str,
        mut part: JudgedPart,
        access: &Access,
        (turn, world): (&mut Turn, &dyn World),
    ) {
        self.tickets += 1;
        // The judgement may have been made for a client that declared the same otherwise.
        if part.declared != DeclaredBy::Comment.as_str() {
            part.declared = access.declared.as_str();
        }
        let record = self.identity.decision(access, id, world.stamp_text(), part);
        turn.facts.push(Fact::Decision { ticket: self.tickets, record });
    }
}

fn put_query(out: &mut Vec<u8>, text: &str) {
    put_message(out, b'Q', |out| put_cstring(out, text.as_bytes()));
}

fn audit_failed() -> Refusal {
    Refusal::new(Reason::Audit, SqlState::IO_ERROR, "the audit record cannot be written")
}

/// Judges a text whose parameters may have types that the client declared.
pub(super) fn judge_typed(
    (access, stamp): (&Access, &Arc<Stamp>),
    text: &str,
    types_declared: bool,
    world: &dyn World,
) -> Arc<Judgement> {
    if !types_declared {
        return world.judge(access, stamp, text);
    }
    let access = Access { types_declared, ..access.clone() };
    let stamp = Arc::new(Stamp { types_declared, ..(**stamp).clone() });
    world.judge(&access, &stamp, text)
}

/// Whether one of the parameter types of a `Parse` is given. `types`: their number, then their
/// ids, as they stand in the message; 0 leaves a type to the server.
pub(super) fn declares_types(types: &[u8]) -> bool {
    types.iter().skip(2).any(|byte| *byte != 0)
}

/// Whether one of them is no type of the server's own.
pub(super) fn declares_users_types(types: &[u8]) -> bool {
    let ids = types.get(2..).unwrap_or_default().chunks_exact(4);
    ids.map(|id| id.iter().fold(0u32, |id, byte| (id << 8) | u32::from(*byte)))
        .any(|id| id >= FIRST_USER_TYPE)
}

/// The first object number that is not the server's own (`FirstNormalObjectId`).
const FIRST_USER_TYPE: u32 = 16_384;

pub(super) fn users_type() -> Refusal {
    Refusal::new(
        Reason::Function,
        SqlState::INSUFFICIENT_PRIVILEGE,
        "a parameter may not be declared to be of a user's type here",
    )
    .detail("The check of a domain runs code that reads personal data or cannot be followed.")
    .hint("Leave the type to the server, or cast the parameter in the text.")
}
