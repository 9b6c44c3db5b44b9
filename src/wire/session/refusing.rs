//! Refusing a message: its record, and the mark that goes to the server in its place.

use super::client::Taken;
use super::queue::{Entry, Request};
use super::state::{Session, Turn};
use crate::judge::Judgement;
use crate::model::refusal::Refusal;
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
        let mark = marked.mark();
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
            self.statements.remove(b"");
            self.portals.remove(b"");
        }
    }
}
