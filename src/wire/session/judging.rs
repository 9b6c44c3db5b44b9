//! A text or a portal: judged under the session's present state, recorded, and forwarded or
//! replaced by the mark of its refusal.

use std::sync::Arc;

use super::client::{Message, Taken};
use super::extended::put_target;
use super::queue::{Entry, Hidden, Pending, Request};
use super::state::{Session, Turn, Wait};
use crate::judge::{Judged, Judgement, Verdict};
use crate::model::access::{Access, DeclaredBy, SessionEffect, Setting, SettingValue, Stamp};
use crate::model::names::Name;
use crate::model::privacy::Purpose;
use crate::model::record::JudgedPart;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::backend::Status;
use crate::wire::frame::{put_cstring, put_message};
use crate::wire::probe;
use crate::wire::records::{self, Fact, Open};
use crate::wire::refuse::Marked;
use crate::wire::startup::PURPOSE_VARIABLE;
use crate::wire::statements::Work;
use crate::wire::world::World;

/// Session variables `pgpurpose.*` one client may set.
const OWN_VARIABLES: usize = 64;
/// Longest value of one, in bytes.
const OWN_VARIABLE_BYTES: usize = 1024;

/// A record to be made, and the limit that goes with it.
#[derive(Default)]
pub(super) struct Due {
    records: Vec<(usize, JudgedPart)>,
    max_rows: Option<u64>,
    /// A statement or portal nobody is known to have made, which the server is to say.
    unknown: Option<(u8, Name)>,
}

impl Due {
    pub(super) fn max_rows(&self) -> Option<u64> {
        self.max_rows
    }

    pub(super) fn take_unknown(&mut self) -> Option<(u8, Name)> {
        self.unknown.take()
    }
}

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
            Err(refusal) => return self.refuse(Request::Query, refusal, turn, world),
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
            if let Err(refusal) = self.due(&judgement, index, (&access, &stamp), &mut due, world) {
                return self.refuse(Request::Query, *refusal, turn, world);
            }
        }
        let unknown = due.take_unknown();
        let mut entry = Entry::new(Request::Query);
        entry.pending = self.pending_of_all(&judgement);
        entry.stamp = Some(stamp);
        entry.started_us = turn.now_us;
        entry.work = Some(Work { judgement: Arc::clone(&judgement), index: 0 });
        if let Err(refusal) = self.record(due, &mut entry, &access, (turn, world)) {
            return self.refuse(Request::Query, *refusal, turn, world);
        }
        if let Some((kind, name)) = unknown {
            self.close_unknown(kind, name.as_str().as_bytes(), turn);
        }
        // A simple query drops the unnamed statement and portal.
        self.statements.remove(b"");
        self.portals.remove(b"");
        self.queue.push(entry);
        self.speculative = None;
        if rewritten.text().as_bytes() == bytes {
            turn.onward.forward(message.start..message.end);
        } else {
            let text = rewritten.text().as_bytes();
            turn.onward.own(|out| put_message(out, b'Q', |out| put_cstring(out, text)));
        }
        Taken::Done
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

    /// What one statement of a text needs before it may be forwarded: the purposes it declares
    /// may be claimed, what it executes was judged under the present stamp, its record.
    pub(super) fn due(
        &self,
        judgement: &Judgement,
        index: usize,
        (access, stamp): (&Access, &Arc<Stamp>),
        due: &mut Due,
        world: &dyn World,
    ) -> Result<(), Box<Refusal>> {
        let Some(judged) = judgement.statements.get(index) else { return Ok(()) };
        let mut limit = judged.max_rows;
        let mut part = judged.record.as_deref().cloned();
        match &judged.effect {
            Some(SessionEffect::Set(settings)) => self.check_settings(settings, access, world)?,
            // Their records are made when rows are asked for.
            Some(SessionEffect::Prepare(_)) => {
                part = None;
                self.check_statement_limit()?;
            }
            Some(SessionEffect::Declare(_)) => {
                part = None;
                self.check_portal_limit()?;
            }
            Some(SessionEffect::Execute(name)) => {
                let of_text = made_before(
                    judgement,
                    index,
                    name,
                    &|effect| matches!(effect, SessionEffect::Prepare(made) if made == name),
                );
                let target = match of_text? {
                    Some(target) => Some(target),
                    None => self.executed(name, stamp)?,
                };
                if target.is_none() {
                    due.unknown = Some(self.unknown(b'S', name, judgement)?);
                }
                limit = limit.or(target.and_then(|t| t.max_rows));
                part = part.or(target.and_then(|t| t.record.as_deref().cloned()));
            }
            Some(SessionEffect::Fetch(name)) => {
                let of_text = made_before(
                    judgement,
                    index,
                    name,
                    &|effect| matches!(effect, SessionEffect::Declare(made) if made == name),
                );
                let target = match of_text? {
                    Some(target) => Some(target),
                    None => self.fetched(name, stamp)?,
                };
                if self.portals.find(name.as_str().as_bytes()).is_none() && target.is_none() {
                    due.unknown = Some(self.unknown(b'P', name, judgement)?);
                }
                limit = limit.or(target.and_then(|t| t.max_rows));
                part = part.or(target.and_then(|t| t.record.as_deref().cloned()));
            }
            _ => {}
        }
        due.records.extend(part.map(|part| (index, part)));
        due.max_rows = due.max_rows.into_iter().chain(limit).min();
        Ok(())
    }

    /// The statement an SQL-level `EXECUTE` runs.
    fn executed(&self, name: &Name, stamp: &Arc<Stamp>) -> Result<Option<&Judged>, Box<Refusal>> {
        let Some(prepared) = self.statements.find(name.as_str().as_bytes()) else {
            return Ok(None);
        };
        let as_prepared = &*prepared.upstream == name.as_str().as_bytes();
        match prepared.work.judged() {
            Some(judged) if as_prepared && *prepared.stamp == **stamp => Ok(Some(judged)),
            _ => Err(Box::new(stale("prepared statement", name.as_str(), "PREPARE"))),
        }
    }

    /// What nobody is known to have made may still be there, made where no text shows it. So it is
    /// closed first, and the server then says that it does not exist.
    fn unknown(
        &self,
        kind: u8,
        name: &Name,
        judgement: &Judgement,
    ) -> Result<(u8, Name), Box<Refusal>> {
        match (judgement.statements.len(), kind) {
            (1, _) => Ok((kind, name.clone())),
            (_, b'S') => Err(Box::new(no_statement(name.as_str()))),
            _ => Err(Box::new(no_cursor(name.as_str()))),
        }
    }

    /// Makes sure that a statement (`S`) or portal (`P`) does not exist.
    pub(super) fn close_unknown(&mut self, kind: u8, name: &[u8], turn: &mut Turn) {
        self.queue.push(Entry::hidden(Request::Close, Hidden::Again));
        turn.onward.own(|out| put_target(out, b'C', kind, name));
    }

    /// The cursor a `FETCH` reads. An empty portal has no statement.
    fn fetched(&self, name: &Name, stamp: &Arc<Stamp>) -> Result<Option<&Judged>, Box<Refusal>> {
        match self.portals.find(name.as_str().as_bytes()) {
            None => Ok(None),
            Some(portal) if *portal.stamp == **stamp => Ok(portal.work.judged()),
            Some(_) => Err(Box::new(stale("cursor", name.as_str(), "DECLARE"))),
        }
    }

    /// What a client sets must be such that it can be mirrored, and purposes must be its own.
    pub(super) fn check_settings(
        &self,
        settings: &[Setting],
        access: &Access,
        world: &dyn World,
    ) -> Result<(), Box<Refusal>> {
        for setting in settings {
            let SettingValue::Text(value) = &setting.value else { continue };
            let conforms = ["on", "true", "yes", "1"].contains(&value.as_str());
            if setting.name == "standard_conforming_strings" && !conforms {
                return Err(Box::new(Refusal::new(
                    Reason::Unsupported,
                    SqlState::FEATURE_NOT_SUPPORTED,
                    "pgpurpose needs \"standard_conforming_strings\" to be on",
                )));
            }
            if !setting.name.starts_with("pgpurpose.") {
                continue;
            }
            let new = !access.variables.contains_key(setting.name.trim_start_matches("pgpurpose."));
            let many = new && access.variables.len() >= OWN_VARIABLES;
            if many || value.len() > OWN_VARIABLE_BYTES {
                return Err(Box::new(Refusal::new(
                    Reason::Limit,
                    SqlState::CONFIGURATION_LIMIT_EXCEEDED,
                    format!(
                        "too many or too long values of \"pgpurpose\" variables: at most \
                        {OWN_VARIABLES} of {OWN_VARIABLE_BYTES} bytes"
                    ),
                )));
            }
            if setting.name == PURPOSE_VARIABLE && !value.is_empty() {
                world.may_claim(access, &Purpose::new(value))?;
            }
        }
        Ok(())
    }

    pub(super) fn check_statement_limit(&self) -> Result<(), Box<Refusal>> {
        limit(self.statements.len(), self.limits.statements, "prepared statements")
    }

    pub(super) fn check_portal_limit(&self) -> Result<(), Box<Refusal>> {
        limit(self.portals.len(), self.limits.portals, "portals")
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
        if due.records.is_empty() {
            return Ok(());
        }
        if world.audit_is_failing() {
            return Err(Box::new(audit_failed()));
        }
        for (index, part) in due.records {
            let id = world.fresh_id();
            self.decide(&id, part, access, (turn, world));
            entry.records.push(Open { id, index, rows: 0, started_us: turn.now_us });
        }
        entry.ticket = self.tickets;
        Ok(())
    }

    fn decide(
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
        let part = parts.cloned().find(|part| part.refusal.is_some());
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

/// The statement of the same text that made what a later one uses. Not if anything between them
/// changes what it was judged under.
fn made_before<'a>(
    judgement: &'a Judgement,
    index: usize,
    name: &Name,
    makes: &dyn Fn(&SessionEffect) -> bool,
) -> Result<Option<&'a Judged>, Box<Refusal>> {
    let mut changed = false;
    for judged in judgement.statements.iter().take(index).rev() {
        let Some(effect) = &judged.effect else { continue };
        if makes(effect) {
            return match changed {
                false => Ok(Some(judged)),
                true => Err(Box::new(stale("statement", name.as_str(), "send"))),
            };
        }
        changed |= changes_access(effect);
    }
    match changed {
        false => Ok(None),
        true => Err(Box::new(stale("statement", name.as_str(), "send"))),
    }
}

fn changes_access(effect: &SessionEffect) -> bool {
    !matches!(
        effect,
        SessionEffect::Begin
            | SessionEffect::Savepoint(_)
            | SessionEffect::Release(_)
            | SessionEffect::Prepare(_)
            | SessionEffect::Execute(_)
            | SessionEffect::Deallocate(_)
            | SessionEffect::Declare(_)
            | SessionEffect::Fetch(_)
            | SessionEffect::CloseCursor(_)
    )
}

fn limit(has: usize, at_most: usize, what: &str) -> Result<(), Box<Refusal>> {
    if has < at_most {
        return Ok(());
    }
    Err(Box::new(
        Refusal::new(
            Reason::Limit,
            SqlState::CONFIGURATION_LIMIT_EXCEEDED,
            format!("too many {what}: at most {at_most}"),
        )
        .hint("Close those that are no longer needed."),
    ))
}

pub(super) fn stale(what: &str, name: &str, again: &str) -> Refusal {
    Refusal::new(
        Reason::Stale,
        SqlState::FEATURE_NOT_SUPPORTED,
        format!("{what} \"{name}\" was judged under another purpose, other rules or names"),
    )
    .hint(format!("{again} it again."))
}

fn no_statement(name: &str) -> Refusal {
    Refusal::new(
        Reason::UnknownName,
        SqlState("26000"),
        format!("prepared statement \"{name}\" does not exist"),
    )
}

fn no_cursor(name: &str) -> Refusal {
    let message = format!("cursor \"{name}\" does not exist");
    Refusal::new(Reason::UnknownName, SqlState("34000"), message)
}

fn audit_failed() -> Refusal {
    Refusal::new(Reason::Audit, SqlState::IO_ERROR, "the audit record cannot be written")
}
