//! Waiting until the session's state is known well enough to judge under it, and asking the
//! server for what cannot be known otherwise: the effective search path.
//!
//! The path is a function of a few settings and of the schemas that exist; each answer is kept,
//! so that a client that switches between a few paths pays for each of them once.

use super::queue::Pending;
use super::state::{Session, Turn, Wait, path_key};
use crate::model::access::SessionEffect;
use crate::wire::backend::Status;
use crate::wire::frame::put_message;
use crate::wire::world::World;

impl Session {
    /// Makes sure that what comes next can be judged; else says what must happen first.
    pub(super) fn settle(&mut self, turn: &mut Turn, world: &dyn World) -> Option<Wait> {
        if self.asking.is_some() {
            return Some(Wait::Server);
        }
        if self.queue.must_settle() {
            self.flush(turn);
            return Some(Wait::Server);
        }
        let variables = self.speculative.as_ref().unwrap_or(&self.variables);
        let same =
            self.current.as_ref().is_some_and(|c| c.settled && c.is_of(variables, world.stamp()));
        // A failed transaction answers no questions; whatever comes, the server refuses it.
        if same || self.status == Status::Failed {
            return None;
        }
        if !self.paths.contains_key(&path_key(variables)) {
            self.ask_path(turn);
            return Some(Wait::Server);
        }
        if self.catalog_stale {
            return Some(Wait::Catalog);
        }
        self.access(world);
        if let Some(current) = &mut self.current {
            current.settled = true;
        }
        None
    }

    /// Has the server answer what it has so far.
    pub(super) fn flush(&mut self, turn: &mut Turn) {
        if self.queue.unflushed {
            turn.onward.own(|out| put_message(out, b'H', |_| ()));
            self.queue.unflushed = false;
        }
    }
}

/// When the effect of a statement is known well enough to judge what follows it.
pub(super) fn pending(effect: &SessionEffect) -> Pending {
    match effect {
        // Neither changes a value.
        SessionEffect::Begin | SessionEffect::Savepoint(_) => Pending::Nothing,
        SessionEffect::Release(_) | SessionEffect::Execute(_) | SessionEffect::Fetch(_) => {
            Pending::Nothing
        }
        SessionEffect::Set(settings) => {
            let ours = settings.iter().all(|s| s.name.starts_with("pgpurpose."));
            if ours { Pending::Segment } else { Pending::Answered }
        }
        SessionEffect::Reset(name) if name.starts_with("pgpurpose.") => Pending::Segment,
        SessionEffect::Commit { .. } => Pending::Segment,
        SessionEffect::Reset(_)
        | SessionEffect::ResetAll
        | SessionEffect::DiscardAll
        | SessionEffect::Rollback { .. }
        | SessionEffect::RollbackTo(_)
        | SessionEffect::Prepare(_)
        | SessionEffect::Deallocate(_)
        | SessionEffect::Declare(_)
        | SessionEffect::CloseCursor(_)
        | SessionEffect::ChangesCatalog => Pending::Answered,
    }
}
