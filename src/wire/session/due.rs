//! What a statement needs before it may be forwarded: purposes it may claim, statements and
//! cursors judged under the present stamp, a record.

use std::sync::Arc;

use super::people;
use super::queue::{Entry, Hidden, Request};
use super::snapshots::Read;
use super::state::{Session, Turn};
use super::tokens::check_token;
use crate::judge::{Judged, Judgement, ResultColumns, Verdict, no_plan};
use crate::model::access::{Access, SessionEffect, Setting, SettingValue, Stamp};
use crate::model::names::Name;
use crate::model::privacy::Purpose;
use crate::model::record::{JudgedPart, PeoplePart};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::sql::Rewritten;
use crate::wire::frontend::{Target, put_target};
use crate::wire::retell::Telling;
use crate::wire::startup::PURPOSE_VARIABLE;
use crate::wire::statements::Work;
use crate::wire::world::{Charge, World};

/// Session variables `pgpurpose.*` one client may set.
const OWN_VARIABLES: usize = 64;
/// Longest value of one, in bytes.
const OWN_VARIABLE_BYTES: usize = 1024;

/// A record to be made, and the limit that goes with it.
#[derive(Default)]
pub(super) struct Due {
    pub(super) records: Vec<(usize, JudgedPart)>,
    /// Whose rows the statement at hand touches, where that was known when it was bound.
    pub(super) people: Option<PeoplePart>,
    pub(super) max_rows: Option<u64>,
    pub(super) charges: Vec<Charge>,
    /// How far errors of what was prepared or declared before may be told.
    pub(super) telling: Telling,
    /// What the result of a statement may show that was prepared or declared before.
    pub(super) results: Vec<(usize, Arc<ResultColumns>)>,
    /// What it reads of people.
    pub(super) reads: Vec<Read>,
    /// A statement or portal nobody is known to have made, which the server is to say.
    pub(super) unknown: Option<(u8, Name)>,
}

impl Due {
    fn limit(&mut self, rows: Option<u64>) {
        self.max_rows = self.max_rows.into_iter().chain(rows).min();
    }

    /// Notes what a statement, and one that it runs, is counted under.
    fn charge(&mut self, judged: [Option<&Judged>; 2], people: &PeoplePart) {
        let quotas = judged.into_iter().flatten().map(|judged| &judged.quotas);
        let charges = quotas
            .filter(|quotas| !quotas.is_empty())
            .map(|quotas| Charge { quotas: Arc::clone(quotas), people: people.clone() });
        self.charges.extend(charges);
    }
}

impl Session {
    /// What one statement of a text needs before it may be forwarded: the purposes it declares
    /// may be claimed, what it executes was judged under the present stamp, its record.
    pub(super) fn due(
        &self,
        work: &Work,
        (access, stamp): (&Access, &Arc<Stamp>),
        due: &mut Due,
        world: &dyn World,
    ) -> Result<(), Box<Refusal>> {
        let (judgement, index) = (&work.judgement, work.index);
        let Some(judged) = work.judged() else { return Ok(()) };
        in_time(judged, world)?;
        let mut part = judged.record.as_deref().cloned();
        let mut target = None;
        match work.effect() {
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
                let makes =
                    |effect: &_| matches!(effect, SessionEffect::Prepare(made) if made == name);
                target = match made_before(judgement, index, name, &makes)? {
                    Some(target) => Some(target.clone()),
                    None => self.executed(name, (access, stamp), world)?,
                };
                if target.is_none() {
                    due.unknown = Some(self.unknown(b'S', name, judgement)?);
                }
            }
            Some(SessionEffect::Fetch(name)) => {
                let makes =
                    |effect: &_| matches!(effect, SessionEffect::Declare(made) if made == name);
                target = match made_before(judgement, index, name, &makes)? {
                    Some(target) => Some(target.clone()),
                    None => self.fetched(name, (access, stamp), world)?,
                };
                let portal = self.portals.find(name.as_str().as_bytes());
                if portal.is_none() && target.is_none() {
                    due.unknown = Some(self.unknown(b'P', name, judgement)?);
                }
                let bound = portal.filter(|_| part.is_none());
                due.people = bound.and_then(|portal| portal.people.as_deref().cloned());
            }
            _ => {}
        }
        let target = target.as_ref();
        target.map_or(Ok(()), |target| in_time(target, world))?;
        due.reads.extend(self.reads_of(work, target));
        if judged.explains && target.is_some_and(|target| target.guarded) {
            return Err(Box::new(no_plan()));
        }
        due.telling = due.telling.max(target.map(Telling::of).unwrap_or_default());
        let rows = target.filter(|_| !judged.explains);
        due.results.extend(rows.and_then(|t| Some((index, t.result.clone()?))));
        due.limit(judged.max_rows.or(target.and_then(|t| t.max_rows)));
        part = part.or(target.and_then(|t| t.record.as_deref().cloned()));
        if let Some(part) = &mut part {
            let persons = judged.persons.as_ref().or(target.and_then(|t| t.persons.as_ref()));
            let named = || persons.map(|p| people::named(p, &judged.arguments, world));
            part.people = due.people.take().or_else(named).unwrap_or_default();
            due.charge([Some(judged), target], &part.people);
        }
        due.records.extend(part.map(|part| (index, part)));
        Ok(())
    }

    /// The statement an SQL-level `EXECUTE` runs.
    fn executed(
        &self,
        name: &Name,
        (access, stamp): (&Access, &Arc<Stamp>),
        world: &dyn World,
    ) -> Result<Option<Judged>, Box<Refusal>> {
        let Some(prepared) = self.statements.find(name.as_str().as_bytes()) else {
            return Ok(None);
        };
        if prepared.work.judged().is_some() && prepared.work.effect().is_some() {
            return Err(Box::new(not_by_sql(name.as_str())));
        }
        let as_prepared = &*prepared.upstream == name.as_str().as_bytes();
        let judged = match *prepared.stamp == **stamp {
            true => prepared.work.judged().cloned(),
            false => judged_again(&prepared.work, (access, stamp), world)?,
        };
        match judged.filter(|_| as_prepared) {
            Some(judged) => Ok(Some(judged)),
            None => Err(Box::new(stale("prepared statement", name.as_str(), "PREPARE"))),
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
        let target = if kind == b'S' { Target::Statement(name) } else { Target::Portal(name) };
        turn.onward.own(|out| put_target(out, b'C', target));
    }

    /// The cursor a `FETCH` reads. An empty portal has no statement.
    fn fetched(
        &self,
        name: &Name,
        (access, stamp): (&Access, &Arc<Stamp>),
        world: &dyn World,
    ) -> Result<Option<Judged>, Box<Refusal>> {
        let Some(portal) = self.portals.find(name.as_str().as_bytes()) else { return Ok(None) };
        if portal.work.effect().is_some() {
            return Err(Box::new(not_by_sql(name.as_str())));
        }
        if *portal.stamp == **stamp {
            return Ok(portal.work.judged().cloned());
        }
        match judged_again(&portal.work, (access, stamp), world)? {
            Some(judged) => Ok(Some(judged)),
            None => Err(Box::new(stale("cursor", name.as_str(), "DECLARE"))),
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
            if let SettingValue::Token(presented) = &setting.value {
                check_token(world.token_stands(&presented.claims))?;
            }
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
}

/// What a `PREPARE` or `DECLARE` comes to under another stamp; `None` if what was sent for it is
/// not what would be sent now: the server holds the former. A token that stands no longer is told.
fn judged_again(
    work: &Work,
    (access, stamp): (&Access, &Arc<Stamp>),
    world: &dyn World,
) -> Result<Option<Judged>, Box<Refusal>> {
    let bare = |text: &Rewritten| {
        text.text().trim_matches(|c: char| c.is_whitespace() || c == ';').to_owned()
    };
    // What came in one text with others was sent with them.
    let ([_], Some(sent)) = (work.judgement.statements.as_slice(), work.rewritten()) else {
        return Ok(None);
    };
    let source = work.judged().and_then(|judged| judged.source.as_ref());
    let Some(source) = source else { return Ok(None) };
    let judgement = world.judge(access, stamp, source);
    match (&judgement.verdict, judgement.statements.as_slice()) {
        (Verdict::Forward(now), [judged]) if bare(now) == bare(sent) => Ok(Some(judged.clone())),
        (Verdict::Refuse(refusal), _) if refusal.reason == Reason::Token => Err(refusal.clone()),
        (Verdict::Forward(_) | Verdict::Refuse(_), _) => Ok(None),
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

/// What the purpose needed to be shown may have run out since.
fn in_time(judged: &Judged, world: &dyn World) -> Result<(), Box<Refusal>> {
    if judged.times.is_always() || judged.times.hold_at(world.now_s()) {
        return Ok(());
    }
    let message = "what the purpose needs does not hold now";
    Err(Box::new(
        Refusal::new(Reason::Needs, SqlState::INSUFFICIENT_PRIVILEGE, message)
            .detail("Its time has not come, or is over."),
    ))
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

/// What changes the session is carried out where it can be seen to do so.
fn not_by_sql(name: &str) -> Refusal {
    Refusal::new(
        Reason::Unsupported,
        SqlState::FEATURE_NOT_SUPPORTED,
        format!("\"{name}\" changes the session and cannot be run by EXECUTE or FETCH"),
    )
}

pub(super) fn stale(what: &str, name: &str, again: &str) -> Refusal {
    Refusal::new(
        Reason::Stale,
        SqlState::FEATURE_NOT_SUPPORTED,
        format!("{what} \"{name}\" was judged under another purpose, other rules or names"),
    )
    .hint(format!("{again} it again."))
}

/// As the server says it of a plan of its own (`plancache.c`).
pub(super) fn changed_result() -> Refusal {
    Refusal::new(
        Reason::Stale,
        SqlState::FEATURE_NOT_SUPPORTED,
        "cached plan must not change result type",
    )
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
