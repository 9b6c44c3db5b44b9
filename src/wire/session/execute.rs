//! `Execute`: the moment data can leave, and a statement takes effect.

use std::sync::Arc;

use super::client::{Message, Taken};
use super::due::{Due, stale};
use super::judging::judge_typed;
use super::queue::{Entry, Pending, Request};
use super::state::{Session, Turn};
use crate::judge::Verdict;
use crate::model::access::{Access, SessionEffect, Stamp};
use crate::model::refusal::{Reason, Refusal};
use crate::wire::statements::{Portal, Work};
use crate::wire::world::World;

impl Session {
    pub(super) fn take_execute(
        &mut self,
        name: &[u8],
        message: &Message<'_>,
        turn: &mut Turn,
        world: &dyn World,
    ) -> Taken {
        let (access, stamp) = self.access(world);
        let Some(portal) = self.portals.find(name) else {
            self.close_unknown(b'P', name, turn);
            self.queue.push(Entry::new(Request::Execute));
            turn.onward.forward(message.start..message.end);
            return Taken::Done;
        };
        if !Arc::ptr_eq(&portal.stamp, &stamp) && *portal.stamp != *stamp {
            let work = match renewed(portal, (&access, &stamp), name, world) {
                Ok(work) => work,
                Err(refusal) => return self.refuse(Request::Execute, *refusal, turn, world),
            };
            let Some(portal) = self.portals.find_mut(name) else { return Taken::Done };
            portal.work = work;
            portal.stamp = Arc::clone(&stamp);
        }
        let Some(portal) = self.portals.find(name) else { return Taken::Done };
        let mut entry = Entry::new(Request::Execute);
        entry.work = Some(portal.work.clone());
        entry.resolved.clone_from(&portal.resolved);
        entry.stamp = Some(Arc::clone(&stamp));
        entry.portal = name.into();
        entry.started_us = turn.now_us;
        entry.pending = Session::pending_of(entry.effect());
        let mut due = Due { people: portal.people.as_deref().cloned(), ..Due::default() };
        let checked = match portal.resolved.as_deref() {
            Some(SessionEffect::Set(settings)) => self.check_settings(settings, &access, world),
            _ => Ok(()),
        };
        let checked =
            checked.and_then(|()| self.due(&portal.work, (&access, &stamp), &mut due, world));
        if let Err(refusal) = checked {
            return self.refuse(Request::Execute, *refusal, turn, world);
        }
        match self.may_execute(name, std::mem::take(&mut due.reads), turn) {
            Ok(None) => {}
            Ok(Some(wait)) => return Taken::Later(wait),
            Err(refusal) => return self.refuse(Request::Execute, *refusal, turn, world),
        }
        let unknown = due.unknown.take();
        if let Err(refusal) = self.record_portal(due, &mut entry, &access, (turn, world)) {
            return self.refuse(Request::Execute, *refusal, turn, world);
        }
        if let Some((kind, name)) = unknown {
            self.close_unknown(kind, name.as_str().as_bytes(), turn);
        }
        self.note_executed(name, turn);
        self.describe_unseen(name, turn);
        self.keep_tokens(entry.effect().into_iter());
        self.speculate(&entry);
        let after = entry.work.as_ref().and_then(Work::after).map(Arc::clone);
        self.queue.push(entry);
        turn.onward.forward(message.start..message.end);
        if let Some(after) = after {
            self.run_behind(&after, turn);
        }
        Taken::Done
    }

    fn record_portal(
        &mut self,
        due: Due,
        entry: &mut Entry,
        access: &Access,
        (turn, world): (&mut Turn, &dyn World),
    ) -> Result<(), Box<Refusal>> {
        match self.portals.find_mut(&entry.portal).and_then(|portal| portal.record.take()) {
            // More rows of what was recorded when the first were asked for.
            Some(open) => {
                entry.max_rows = due.max_rows;
                entry.meter = world.meter(&due.charges);
                entry.telling = due.telling;
                entry.rows = open.rows;
                entry.records.push(open);
                Ok(())
            }
            None => self.record(due, entry, access, (turn, world)),
        }
    }

    /// What an executed statement will have done counts for what is judged behind it.
    fn speculate(&mut self, entry: &Entry) {
        let Some(effect) = entry.effect() else { return };
        if entry.pending == Pending::Segment || self.speculative.is_some() {
            let mut variables = self.speculative.take().unwrap_or_else(|| self.variables.clone());
            variables.apply(effect);
            self.speculative = Some(variables);
        }
    }
}

/// A portal's work judged again under another stamp; an error if that forwards another text, or
/// none since a token stands no longer.
fn renewed(
    portal: &Portal,
    (access, stamp): (&Access, &Arc<Stamp>),
    name: &[u8],
    world: &dyn World,
) -> Result<Work, Box<Refusal>> {
    let stale = || Box::new(stale("portal", &String::from_utf8_lossy(name), "Bind"));
    let text = portal.text.as_ref().ok_or_else(stale)?;
    let judgement = judge_typed((access, stamp), text, portal.types_declared, world);
    let work = Work::of(&judgement);
    match &judgement.verdict {
        Verdict::Forward(now) if portal.work.rewritten().map(|t| t.text()) == Some(now.text()) => {
            Ok(work)
        }
        Verdict::Refuse(refusal) if refusal.reason == Reason::Token => Err(refusal.clone()),
        Verdict::Forward(_) | Verdict::Refuse(_) => Err(stale()),
    }
}
