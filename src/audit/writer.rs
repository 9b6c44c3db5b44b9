//! The inside of the log: the queue, whoever is writing, and the thread that brings lines to the
//! disk and tries again after a failure.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::futures::Notified;
use tokio::sync::{Notify, oneshot};

use super::fault::AuditFault;
use super::file::Medium;
use super::line;
use crate::config::AuditSync;
use crate::telemetry::Telemetry;

/// Outcome lines kept through a failure. Their decisions are on record already.
const MAX_KEPT_BYTES: usize = 16 << 20;
/// `grouped`: the longest time between write(2) and the disk being asked.
pub const FLUSH_WITHIN: Duration = Duration::from_millis(10);
/// After a failed write, how often another is tried.
pub const RETRY_EVERY: Duration = Duration::from_secs(1);
/// Batches one client writes for others before the log's own thread takes over.
const MAX_BATCHES_FOR_OTHERS: usize = 4;

pub type Done = Result<(), AuditFault>;

/// What all clients of a log share.
pub struct Writer {
    queue: Mutex<Queue>,
    medium: Mutex<Box<dyn Medium>>,
    wake: Condvar,
    space: Notify,
    failed: AtomicBool,
    sync: AuditSync,
    telemetry: Arc<Telemetry>,
}

/// What waits to be written.
#[derive(Default)]
struct Queue {
    decisions: Vec<u8>,
    outcomes: Vec<u8>,
    records: u64,
    waiting: Vec<oneshot::Sender<Done>>,
    /// Written, not yet on the disk (`always`).
    unsynced: Vec<oneshot::Sender<Done>>,
    /// Somebody is writing, and will look here again before it stops.
    busy: bool,
    /// The log's own thread is to go on writing.
    handed_over: bool,
    /// Something written is not on the disk.
    dirty: bool,
    /// Statements refused since the last successful write.
    refused: u64,
    stop: bool,
}

/// What a writer stays for.
#[derive(Clone, Copy)]
enum Until {
    /// A client: others wait for their decisions, nobody for an outcome.
    NoDecisions,
    /// The log's own thread.
    Empty,
}

struct Batch {
    lines: Vec<u8>,
    outcomes: Vec<u8>,
    records: u64,
    waiting: Vec<oneshot::Sender<Done>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("failed", &self.failed).finish_non_exhaustive()
    }
}

/// What became of a line that was handed in.
#[derive(Debug)]
pub enum Handed {
    /// Written, and as safe as was asked; or it could not be.
    Done(Done),
    Waiting(oneshot::Receiver<Done>),
    /// The queue is full; here is the line again.
    Full(Vec<u8>),
}

impl Writer {
    pub fn new(medium: Box<dyn Medium>, sync: AuditSync, telemetry: Arc<Telemetry>) -> Writer {
        Writer {
            queue: Mutex::default(),
            medium: Mutex::new(medium),
            wake: Condvar::new(),
            space: Notify::new(),
            failed: AtomicBool::new(false),
            sync,
            telemetry,
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn medium(&self) -> MutexGuard<'_, Box<dyn Medium>> {
        self.medium.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    /// Hands in a decision line; writes it if nobody else is writing.
    pub fn hand_in(&self, line: Vec<u8>, max_queue_bytes: usize) -> Handed {
        let mut queue = self.queue();
        if queue.stop {
            return Handed::Done(Err(AuditFault::Closed));
        }
        if queue.decisions.len() >= max_queue_bytes {
            return Handed::Full(line);
        }
        queue.decisions.extend_from_slice(&line);
        queue.records += 1;
        let (sender, mut receiver) = oneshot::channel();
        queue.waiting.push(sender);
        if std::mem::replace(&mut queue.busy, true) {
            return Handed::Waiting(receiver);
        }
        drop(queue);
        self.write_out(MAX_BATCHES_FOR_OTHERS, Until::NoDecisions);
        match receiver.try_recv() {
            Ok(done) => Handed::Done(done),
            Err(_) => Handed::Waiting(receiver),
        }
    }

    /// Hands in an outcome line. Nobody waits for it: it goes along with the next decision, or with
    /// the log's own thread within `FLUSH_WITHIN`.
    pub fn hand_in_outcome(&self, line: &[u8]) {
        let mut queue = self.queue();
        queue.outcomes.extend_from_slice(line);
        queue.records += 1;
        if !std::mem::replace(&mut queue.dirty, true) {
            self.wake.notify_all();
        }
    }

    /// Told whenever the queue has been emptied.
    pub fn space(&self) -> Notified<'_> {
        self.space.notified()
    }

    pub fn reopen(&self) -> Done {
        self.medium().reopen()
    }

    pub fn stop(&self) {
        self.queue().stop = true;
        self.wake.notify_all();
    }

    /// Writes batches until the queue is empty of what `until` says. The caller has set `busy`.
    fn write_out(&self, max_batches: usize, until: Until) {
        for round in 0.. {
            let mut queue = self.queue();
            // Outcomes alone are no reason to try again at once after a failure.
            let pause = (self.has_failed() || matches!(until, Until::NoDecisions))
                && queue.decisions.is_empty();
            if pause || (queue.decisions.is_empty() && queue.outcomes.is_empty()) {
                queue.busy = false;
                return;
            }
            if round >= max_batches {
                queue.handed_over = true;
                self.wake.notify_all();
                return;
            }
            let batch = queue.take();
            let refused = queue.refused;
            drop(queue);
            self.write_batch(batch, refused);
        }
    }

    fn write_batch(&self, batch: Batch, refused: u64) {
        let result = match self.has_failed() {
            false => self.medium().append(&batch.lines),
            true => self.write_after_failure(&batch.lines, refused),
        };
        match result {
            Ok(()) => self.written(batch),
            Err(error) => self.not_written(batch, &error.to_string()),
        }
        self.space.notify_waiters();
    }

    /// The system may have thrown away what it could not flush: only a flush that succeeds tells
    /// that the file takes records again. Lines that were appended and could not be flushed stay:
    /// rather a record of a statement that was refused than none of one that was not.
    fn write_after_failure(&self, lines: &[u8], refused: u64) -> std::io::Result<()> {
        let mut all = line::resumed(refused);
        all.extend_from_slice(lines);
        let mut medium = self.medium();
        medium.append(&all)?;
        medium.flush()()
    }

    fn written(&self, batch: Batch) {
        if self.failed.swap(false, Ordering::AcqRel) {
            tracing::warn!("audit records can be written again");
        }
        self.telemetry.audit_written(batch.records);
        let mut queue = self.queue();
        queue.refused = 0;
        if !std::mem::replace(&mut queue.dirty, true) {
            self.wake.notify_all();
        }
        match self.sync {
            AuditSync::Always => queue.unsynced.extend(batch.waiting),
            AuditSync::Grouped => {
                drop(queue);
                // A client that went away does not listen.
                batch.waiting.into_iter().for_each(|ticket| drop(ticket.send(Ok(()))));
            }
        }
    }

    fn not_written(&self, batch: Batch, reason: &str) {
        self.fail(reason, batch.records);
        let mut queue = self.queue();
        queue.refused += u64::try_from(batch.waiting.len()).unwrap_or(0);
        if queue.outcomes.len() + batch.outcomes.len() <= MAX_KEPT_BYTES {
            queue.outcomes.splice(0..0, batch.outcomes);
        } else {
            tracing::error!("outcome records are lost: the audit file has failed for too long");
        }
        drop(queue);
        refuse(batch.waiting, reason);
    }

    fn fail(&self, reason: &str, records: u64) {
        self.telemetry.audit_failed(records);
        if !self.failed.swap(true, Ordering::AcqRel) {
            tracing::error!(reason, "audit records cannot be written; statements are refused");
        }
        self.wake.notify_all();
    }

    /// The log's own thread, until `stop`.
    pub fn keep(&self) {
        loop {
            let mut queue = self.queue();
            while !queue.stop && !queue.handed_over && !queue.dirty && !self.has_failed() {
                queue = self.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
            let stop = queue.stop;
            if std::mem::take(&mut queue.handed_over) {
                drop(queue);
                self.write_out(usize::MAX, Until::Empty);
            } else if self.has_failed() && !stop {
                queue = self.pause(queue, RETRY_EVERY);
                drop(queue);
                self.retry();
            } else {
                if self.sync == AuditSync::Grouped && !stop {
                    queue = self.pause(queue, FLUSH_WITHIN);
                }
                drop(queue);
                self.write_rest();
                self.flush();
            }
            if stop {
                return self.finish();
            }
        }
    }

    /// Waits for a time, less if the log ends or writing is handed over.
    fn pause<'a>(&self, queue: MutexGuard<'a, Queue>, time: Duration) -> MutexGuard<'a, Queue> {
        let result =
            self.wake.wait_timeout_while(queue, time, |queue| !queue.stop && !queue.handed_over);
        result.unwrap_or_else(PoisonError::into_inner).0
    }

    fn retry(&self) {
        let mut queue = self.queue();
        if !self.has_failed() || std::mem::replace(&mut queue.busy, true) {
            return;
        }
        let batch = queue.take();
        let refused = queue.refused;
        drop(queue);
        self.write_batch(batch, refused);
        self.write_out(usize::MAX, Until::Empty);
    }

    fn flush(&self) {
        let mut queue = self.queue();
        queue.dirty = false;
        let waiting = std::mem::take(&mut queue.unsynced);
        drop(queue);
        let flush = self.medium().flush();
        match flush() {
            Ok(()) => waiting.into_iter().for_each(|ticket| drop(ticket.send(Ok(())))),
            Err(error) => {
                self.fail(&error.to_string(), u64::try_from(waiting.len()).unwrap_or(0));
                refuse(waiting, &error.to_string());
            }
        }
    }

    /// Outcomes that no decision has taken along.
    fn write_rest(&self) {
        let mut queue = self.queue();
        let nothing = queue.outcomes.is_empty() || self.has_failed();
        if !nothing && !std::mem::replace(&mut queue.busy, true) {
            drop(queue);
            self.write_out(usize::MAX, Until::Empty);
        }
    }

    /// Whatever is left, to the disk.
    fn finish(&self) {
        self.retry();
        let was_busy = std::mem::replace(&mut self.queue().busy, true);
        if !was_busy {
            self.write_out(usize::MAX, Until::Empty);
        }
        self.flush();
    }
}

impl Queue {
    /// Decisions first: an outcome never stands before its decision.
    fn take(&mut self) -> Batch {
        let mut lines = std::mem::take(&mut self.decisions);
        let outcomes = std::mem::take(&mut self.outcomes);
        lines.extend_from_slice(&outcomes);
        let waiting = std::mem::take(&mut self.waiting);
        Batch { lines, outcomes, records: std::mem::take(&mut self.records), waiting }
    }
}

fn refuse(waiting: Vec<oneshot::Sender<Done>>, reason: &str) {
    for ticket in waiting {
        // A client that went away does not listen.
        let _ = ticket.send(Err(AuditFault::Write(reason.to_owned())));
    }
}

#[cfg(test)]
impl Writer {
    /// Somebody is inside write(2), and nothing waits.
    pub fn is_held(&self) -> bool {
        let queue = self.queue();
        queue.busy && queue.decisions.is_empty()
    }
}
