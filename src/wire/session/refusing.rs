//! Refusing a message: its record, and the mark that goes to the server in its place.

use super::client::Taken;
use super::queue::{Entry, Request};
use super::state::{Session, Turn};
use crate::judge::Judgement;
use crate::model::refusal::{Reason, Refusal};
use crate::wire::backend::Status;
use crate::wire::frame::{put_cstring, put_message};
use crate::wire::probe;
use crate::wire::records::{self, Fact};
use crate::wire::refuse::Marked;
use crate::wire::world::World;

impl Session {
    /// Refuses what the session itself does not let pass.
    pub(super) fn refuse(
        &mut self,
        request: Request,
        refusal: Refusal,
        turn: &mut Turn,
        world: &dyn World,
    ) -> Taken {
        turn.facts.push(Fact::Refused(refusal.reason));
        let (access, _) = self.access(world);
        let id = world.fresh_id();
        self.decide(&id, records::refused(&access, &refusal), &access, (turn, world));
        self.send_mark(request, id, refusal, (turn, world));
        Taken::Done
    }

    /// Refuses what the judge refused, under the record the judge made.
    pub(super) fn refuse_judged(
        &mut self,
        request: Request,
        refusal: Refusal,
        judgement: &Judgement,
        (turn, world): (&mut Turn, &dyn World),
    ) -> Taken {
        turn.facts.push(Fact::Refused(refusal.reason));
        let (access, _) = self.access(world);
        let id = world.fresh_id();
        let parts = judgement.statements.iter().filter_map(|s| s.record.as_deref());
        let part = parts.into_iter().find(|part| part.refusal.is_some()).cloned();
        let part = part.unwrap_or_else(|| records::refused(&access, &refusal));
        self.decide(&id, part, &access, (turn, world));
        self.send_mark(request, id, refusal, (turn, world));
        Taken::Done
    }

    /// Sends the mark in place of a message.
    fn send_mark(
        &mut self,
        request: Request,
        id: String,
        refusal: Refusal,
        (turn, world): (&mut Turn, &dyn World),
    ) {
        let marked = Marked { id, refusal, stamp: world.stamp_text() };
        // In a failed transaction the server refuses whatever can be parsed, in its own words.
        let failed = self.status == Status::Failed && self.queue.is_empty();
        let mark = match refusal_is_of_text(&marked.refusal) || !failed {
            true => marked.mark(),
            false => HARMLESS.to_owned(),
        };
        if request == Request::Query {
            self.forget_unnamed(turn);
        }
        turn.onward.own(|out| match request {
            Request::Query => put_message(out, b'Q', |out| put_cstring(out, mark.as_bytes())),
            _ => put_message(out, b'P', |out| {
                put_cstring(out, probe::HIDDEN.as_bytes());
                put_cstring(out, mark.as_bytes());
                out.extend([0, 0]);
            }),
        });
        let mut entry = Entry::new(request);
        entry.refusal = Some(Box::new(marked));
        entry.started_us = turn.now_us;
        self.queue.push(entry);
        if request == Request::Query {
            self.speculative = None;
            self.portals.remove(b"");
        }
    }
}

/// What the server can parse, and refuses in a failed transaction.
const HARMLESS: &str = "SELECT";

/// The server would have refused the text itself, whatever the state of the transaction.
fn refusal_is_of_text(refusal: &Refusal) -> bool {
    match refusal.reason {
        Reason::Unparsable | Reason::Protocol => true,
        Reason::Role
        | Reason::NoPurpose
        | Reason::UnknownPurpose
        | Reason::Column
        | Reason::Unlisted
        | Reason::Internal
        | Reason::Write
        | Reason::OnePerson
        | Reason::Needs
        | Reason::Token
        | Reason::Rule
        | Reason::Function
        | Reason::Unsupported
        | Reason::UnknownName
        | Reason::Limit
        | Reason::Audit
        | Reason::Stale
        | Reason::SecondLine
        | Reason::Internals => false,
    }
}
