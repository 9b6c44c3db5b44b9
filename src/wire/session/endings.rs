//! How requests end: completed, suspended, failed with what follows them, or with their
//! transaction; and what each ending does to variables, statements, portals and records.

use super::queue::{Entry, Hidden, Request, Undo};
use super::state::{Session, Turn};
use crate::model::access::SessionEffect;
use crate::wire::backend::{Status, rows_of_tag};
use crate::wire::records::{Fact, Open};
use crate::wire::retell::Telling;
use crate::wire::statements::{Portal, Prepared, Work};

impl Session {
    /// One statement has been carried out.
    pub(super) fn on_complete(&mut self, tag: &[u8], turn: &mut Turn) {
        let Some(entry) = self.queue.front_mut() else { return };
        let rows = rows_of_tag(tag).unwrap_or(entry.rows).max(entry.rows);
        let effect = entry.effect().cloned();
        let telling = entry.telling();
        if telling == Telling::KnownTexts {
            self.owed_telling = telling;
        }
        let at = entry.work.as_ref().map_or(0, |work| work.index);
        let took_us = turn.now_us.saturating_sub(entry.started_us);
        if entry.hidden.is_none() {
            turn.facts.push(Fact::Ended { rows, took_us, failed: false });
        }
        let (done, open): (Vec<Open>, Vec<Open>) =
            entry.records.drain(..).partition(|record| record.index == at);
        entry.records = open;
        entry.rows = 0;
        let made = entry.work.clone().map(|work| Work { inner: true, ..work });
        let made = made.zip(entry.stamp.clone());
        if let Some(work) = &mut entry.work {
            work.index += 1;
        }
        for mut record in done {
            record.rows = rows;
            turn.facts.push(Fact::Outcome(record.outcome(turn.now_us, "00000")));
        }
        let Some(effect) = effect else { return };
        self.carry_out(&effect, tag, turn);
        if let Some((work, stamp)) = made {
            self.register(&effect, work, stamp);
        }
    }

    /// What a statement has done to the session.
    fn carry_out(&mut self, effect: &SessionEffect, tag: &[u8], turn: &mut Turn) {
        match effect {
            // COMMIT of a failed transaction.
            SessionEffect::Commit { .. } if tag == b"ROLLBACK" => self.variables.rollback(),
            SessionEffect::Set(settings) => {
                let mut mirrored = settings.clone();
                mirrored.retain(|setting| is_mirrored(&setting.name));
                self.variables.apply(&SessionEffect::Set(mirrored));
            }
            other => self.variables.apply(other),
        }
        match effect {
            SessionEffect::Begin
            | SessionEffect::Commit { .. }
            | SessionEffect::Rollback { .. } => self.snapshots.end_transaction(),
            _ => {}
        }
        match effect {
            SessionEffect::ChangesCatalog => {
                self.catalog_stale = true;
                self.changed = true;
                self.paths.clear();
            }
            // What was seen before the changes were committed may be gone.
            SessionEffect::Rollback { .. } | SessionEffect::RollbackTo(_)
                if self.own_uncommitted =>
            {
                self.catalog_stale = true;
                self.paths.clear();
            }
            SessionEffect::Deallocate(Some(name)) => {
                self.statements.remove(name.as_str().as_bytes());
            }
            SessionEffect::Deallocate(None) => {
                self.statements.take_unless(|_| false);
            }
            SessionEffect::CloseCursor(Some(name)) => {
                let closed = self.portals.remove(name.as_str().as_bytes());
                self.end_records(closed.and_then(|portal| portal.record), turn, "00000");
            }
            SessionEffect::CloseCursor(None) => self.close_portals(|_| false, turn),
            SessionEffect::DiscardAll => {
                self.statements.take_unless(|_| false);
                self.close_portals(|_| false, turn);
                self.catalog_stale = true;
                self.paths.clear();
            }
            _ => {}
        }
        self.current = None;
    }

    /// What a statement has made.
    fn register(
        &mut self,
        effect: &SessionEffect,
        work: Work,
        stamp: std::sync::Arc<crate::model::access::Stamp>,
    ) {
        match effect {
            SessionEffect::Prepare(name) => {
                let name = name.as_str().as_bytes();
                let prepared = Prepared {
                    text: None,
                    types: std::sync::Arc::default(),
                    told: None,
                    result: None,
                    work,
                    stamp,
                    upstream: std::sync::Arc::from(name),
                    variants: Vec::new(),
                    described: Vec::new(),
                    describing: None,
                };
                self.statements.insert(name, prepared);
            }
            SessionEffect::Declare(name) => {
                let portal = Portal {
                    promised: true,
                    opened: self.snapshots.opened(),
                    executed: false,
                    text: None,
                    types_declared: false,
                    work,
                    stamp,
                    resolved: None,
                    statement: None,
                    described: false,
                    describing: None,
                    people: None,
                    record: None,
                };
                self.portals.insert(name.as_str().as_bytes(), portal);
            }
            _ => {}
        }
    }

    /// A portal has given the rows that were asked for and has more.
    pub(super) fn on_suspended(&mut self, turn: &mut Turn) {
        // What has been set stays set, though more rows may come.
        if let Some(effect) = self.queue.front().and_then(Entry::effect).cloned() {
            self.carry_out(&effect, b"", turn);
        }
        let Some(entry) = self.queue.front_mut() else { return };
        let open = entry.records.pop();
        let (rows, name) = (entry.rows, std::mem::take(&mut entry.portal));
        if let (Some(mut open), Some(portal)) = (open, self.portals.find_mut(&name)) {
            open.rows = rows;
            portal.record = Some(open);
        }
    }

    /// The server is ready for the next stretch.
    pub(super) fn on_ready(&mut self, status: Status, turn: &mut Turn) {
        self.status = status;
        let errored = std::mem::take(&mut self.errored);
        if status.is_idle() {
            self.snapshots.idle();
            self.owed_telling = Telling::Whole;
            if errored {
                self.variables.rollback();
            } else {
                self.variables.commit();
            }
            if std::mem::take(&mut self.own_uncommitted) {
                self.catalog_stale = true;
                self.paths.clear();
                self.current = None;
            }
            // Portals end with their transaction; only cursors may have been made to outlive it.
            self.close_portals(|portal| portal.text.is_none(), turn);
        }
        if let Some(entry) = self.queue.front_mut() {
            let records = std::mem::take(&mut entry.records);
            self.end_records(records, turn, "00000");
        }
    }

    /// The request at the front has failed, and with it, in the extended protocol, what follows
    /// up to the next Sync.
    pub(super) fn fail(&mut self, sqlstate: &str, turn: &mut Turn) {
        self.speculative = None;
        let Some(entry) = self.queue.front_mut() else { return };
        let took_us = turn.now_us.saturating_sub(entry.started_us);
        let request = entry.request;
        if matches!(request, Request::Query | Request::Execute) {
            turn.facts.push(Fact::Ended { rows: entry.rows, took_us, failed: true });
        }
        let records = std::mem::take(&mut entry.records);
        self.end_records(records, turn, sqlstate);
        if matches!(request, Request::Query | Request::Sync) {
            return;
        }
        let mut discarded = Vec::new();
        while self.queue.front().is_some_and(|entry| entry.request != Request::Sync) {
            discarded.extend(self.queue.pop());
        }
        self.skipping = self.queue.is_empty();
        if discarded.iter().any(|entry| entry.hidden == Some(Hidden::Probe)) {
            // What waited for the answer has had one. A stretch of our own ends here, the message
            // that waited is still to come.
            self.asking = None;
            self.collected.clear();
            self.answers.clear();
            self.waits_in_vain =
                self.queue.front().is_some_and(|entry| entry.hidden == Some(Hidden::Probe));
        }
        let last = discarded.len();
        for (back, mut entry) in discarded.into_iter().rev().enumerate() {
            let records = std::mem::take(&mut entry.records);
            self.end_records(records, turn, sqlstate);
            self.undo(entry, back + 1 == last);
        }
    }

    /// `failed`: the server tried it; else it was skipped.
    fn undo(&mut self, entry: Entry, failed: bool) {
        match entry.undo.map(|undo| *undo) {
            None => {}
            Some(Undo::Portal(name)) => {
                self.portals.remove(&name);
            }
            Some(Undo::Variant { name, upstream }) => {
                // The statement can no longer be told apart from what is prepared: only its
                // first text is known to be there.
                if let Some(prepared) = self.statements.find_mut(&name) {
                    prepared.variants.retain(|(_, u)| *u != upstream);
                    if let Some((_, first)) = prepared.variants.first() {
                        prepared.upstream = std::sync::Arc::clone(first);
                    }
                    prepared.stamp = unknown_stamp(&prepared.stamp);
                }
            }
            Some(Undo::Statement { name, previous, fails_to_nothing }) => {
                match previous.filter(|_| !(failed && fails_to_nothing)) {
                    Some(previous) => self.statements.insert(&name, previous),
                    None => self.statements.remove(&name),
                };
            }
        }
    }

    /// The connection ends: what was recorded has an end, too.
    pub fn abandon(&mut self, turn: &mut Turn, sqlstate: &str) {
        while let Some(entry) = self.queue.pop() {
            self.end_records(entry.records, turn, sqlstate);
        }
        self.close_portals(|_| false, turn);
    }

    fn close_portals(&mut self, keep: impl FnMut(&Portal) -> bool, turn: &mut Turn) {
        for portal in self.portals.take_unless(keep) {
            self.end_records(portal.record, turn, "00000");
        }
    }

    pub(super) fn end_records(
        &self,
        records: impl IntoIterator<Item = Open>,
        turn: &mut Turn,
        sqlstate: &str,
    ) {
        for record in records {
            turn.facts.push(Fact::Outcome(record.outcome(turn.now_us, sqlstate)));
        }
    }
}

/// The variables a judgement depends on.
fn is_mirrored(name: &str) -> bool {
    name.starts_with("pgpurpose.")
        || matches!(name, "search_path" | "role" | "session_authorization")
}

/// A stamp that equals none in force, so that the statement is judged again.
pub(super) fn unknown_stamp(
    stamp: &crate::model::access::Stamp,
) -> std::sync::Arc<crate::model::access::Stamp> {
    let mut stamp = stamp.clone();
    stamp.snapshot = stamp.snapshot.wrapping_add(1 << 63);
    std::sync::Arc::new(stamp)
}
