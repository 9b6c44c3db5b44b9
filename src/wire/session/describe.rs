//! Row descriptions: the second line.
//!
//! The server says of each plain column of a result which column of which table it is. That is
//! held against what was judged, before the first row: a column that may not be seen as it is
//! ends the connection. Then what stands behind a guard gets its name back, so that a client is
//! told what it would be told without us. Where a client asks for no description, we do.

use std::sync::Arc;

use super::queue::{Entry, Hidden, Request};
use super::server::{Fate, unexpected};
use super::state::{Session, Turn};
use crate::judge::ResultColumns;
use crate::model::access::SessionEffect;
use crate::model::names::{ColumnId, RelationId};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::backend::{Described, description, put_description};
use crate::wire::frontend::{Target, put_target};
use crate::wire::records::{self, Fact};
use crate::wire::statements::{CHECKED, Spelt, Work};
use crate::wire::world::World;

impl Session {
    /// What the result of carrying out a statement may show.
    pub(super) fn result_of(&self, work: &Work) -> Option<Arc<ResultColumns>> {
        let own = work.judged()?.result.clone();
        let made = match work.effect().filter(|_| own.is_none()) {
            Some(SessionEffect::Fetch(name)) => {
                self.portals.find(name.as_str().as_bytes()).map(|portal| &portal.work)
            }
            // A plan is no row of a table.
            Some(SessionEffect::Execute(name)) if !work.judged()?.explains => {
                self.statements.find(name.as_str().as_bytes()).map(|prepared| &prepared.work)
            }
            _ => return own,
        };
        made?.judged()?.result.clone()
    }

    /// Asks for the description of a portal whose rows are about to be asked for, unless it has
    /// been seen, or is on its way.
    pub(super) fn describe_unseen(&mut self, name: &[u8], turn: &mut Turn) {
        let Some(portal) = self.portals.find(name) else { return };
        let passes_on = matches!(
            portal.work.effect(),
            Some(SessionEffect::Fetch(_) | SessionEffect::Execute(_))
        );
        let result = self.result_of(&portal.work);
        let gives_rows = result.as_ref().is_some_and(|result| !result.observed) || passes_on;
        if !gives_rows || portal.described || portal.describing == Some(self.queue.segment()) {
            return;
        }
        let mut entry = Entry::hidden(Request::Describe, Hidden::Again);
        entry.work = Some(portal.work.clone());
        entry.results.extend(result.map(|result| (0, result)));
        entry.portal = name.into();
        self.queue.push(entry);
        turn.onward.own(|out| put_target(out, b'D', Target::Portal(name)));
    }

    /// A row description has come for the request at the front.
    pub(super) fn on_description(
        &mut self,
        body: Option<&[u8]>,
        turn: &mut Turn,
        world: &dyn World,
    ) -> Result<Fate, Box<Refusal>> {
        let Some(body) = body else { return Err(unexpected()) };
        let Some(entry) = self.queue.front() else { return Err(unexpected()) };
        if entry.hidden == Some(Hidden::Probe) {
            return Ok(Fate::Swallow);
        }
        let hidden = entry.hidden.is_some();
        let result = entry.work.as_ref().and_then(|work| {
            let handed = entry.results.iter().find(|(index, _)| *index == work.index);
            let own = work.judged().and_then(|judged| judged.result.clone());
            let handed = || handed.map(|(_, result)| Arc::clone(result));
            own.or_else(handed).or_else(|| self.result_of(work))
        });
        let columns = description(body).map_err(|broken| Box::new(broken.to_refusal()))?;
        if result.as_ref().is_none_or(|result| !result.observed)
            && let Some(at) = first_forbidden(&columns, result.as_deref(), world)
            && let Some(column) = columns.get(at)
        {
            return Err(self.alarm(column, at + 1, (turn, world)));
        }
        self.note_description();
        if hidden {
            return Ok(Fate::Swallow);
        }
        Ok(match result.and_then(|result| completed(&columns, &result)) {
            None => Fate::Forward,
            Some(columns) => {
                turn.onward.own(|out| put_description(out, &columns));
                Fate::Replaced
            }
        })
    }

    /// What types of parameters a client has been told, they keep, whatever the statement is
    /// prepared as later.
    pub(super) fn note_parameters(&mut self, types: Option<&[u8]>) {
        let statement = self.queue.front().and_then(|entry| entry.statement.clone());
        let (Some(Spelt { name, .. }), Some(types)) = (statement, types) else { return };
        if let Some(prepared) = self.statements.find_mut(&name) {
            prepared.told = Some(Arc::from(types));
        }
    }

    /// What has been described need not be again.
    pub(super) fn note_description(&mut self) {
        let Some(entry) = self.queue.front() else { return };
        if entry.request != Request::Describe {
            return;
        }
        let Some(work) = entry.work.clone() else { return };
        let mut statement = entry.statement.clone();
        if statement.is_none()
            && let Some(portal) = self.portals.find_mut(&entry.portal)
            && portal.work.is_same(&work)
        {
            portal.described = true;
            statement.clone_from(&portal.statement);
        }
        let Some(Spelt { name, upstream }) = statement else { return };
        let Some(prepared) = self.statements.find_mut(&name) else { return };
        if prepared.upstream == upstream && prepared.work.is_same(&work) && !prepared.is_described()
        {
            if prepared.described.len() >= CHECKED {
                prepared.described.remove(0);
            }
            prepared.described.push((upstream, work.judgement));
        }
    }

    /// A column would be shown that may not be: nothing of the result leaves.
    fn alarm(
        &mut self,
        column: &Described<'_>,
        at: usize,
        (turn, world): (&mut Turn, &dyn World),
    ) -> Box<Refusal> {
        let (relation, number) = (column.table, column.number);
        turn.facts.push(Fact::Alarm { relation, number, at });
        let refusal = Refusal::new(
            Reason::SecondLine,
            SqlState::INSUFFICIENT_PRIVILEGE,
            "the server would show a column that this purpose may not see as it is",
        )
        .detail(format!("It is column {at} of the result."))
        .hint("The statement was judged wrongly: please report it.");
        turn.facts.push(Fact::Refused(refusal.reason));
        let (access, _) = self.access(world);
        let id = world.fresh_id();
        self.decide(&id, records::refused(&access, &refusal), &access, (turn, world));
        Box::new(refusal)
    }
}

/// The first column that is one of a table and may not be shown.
fn first_forbidden(
    columns: &[Described<'_>],
    result: Option<&ResultColumns>,
    world: &dyn World,
) -> Option<usize> {
    columns.iter().position(|column| {
        let relation = RelationId(column.table);
        column.table != 0
            && match result.and_then(|result| result.shown.get(&relation)) {
                Some(shown) => !shown.holds(column.number),
                None => world.is_limited(relation),
            }
    })
}

/// The columns with the names of what stands behind a guard, if there is such a column.
fn completed<'a>(columns: &[Described<'a>], result: &ResultColumns) -> Option<Vec<Described<'a>>> {
    if columns.len() != result.behind.len() || result.behind.iter().all(Option::is_none) {
        return None;
    }
    let complete = |(column, behind): (&Described<'a>, &Option<ColumnId>)| match behind {
        Some(ColumnId { relation, number }) if column.table == 0 => {
            Described { table: relation.0, number: *number, ..*column }
        }
        _ => *column,
    };
    Some(columns.iter().zip(&result.behind).map(complete).collect())
}
