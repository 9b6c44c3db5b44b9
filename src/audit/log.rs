//! Many clients, one file. Whoever hands in a line while nobody is writing writes it there and
//! then, and with it all that come in meanwhile; so a quiet log costs one write(2) and no change
//! of threads, and a busy one shares each write(2) among all who wait. At most one thread is ever
//! inside write(2). A thread of its own brings the lines to the disk and tries again after a
//! failure.
//!
//! Nothing is dropped: a full queue makes callers wait, a failed write refuses their statements.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::fault::AuditFault;
use super::file::{AuditFile, Medium};
use super::key::AuditKey;
use super::line;
use super::sink::{AuditSink, SinkFault, Written};
use super::writer::{Done, Handed, Writer};
use crate::config::{AuditConfig, AuditSync};
use crate::model::person::PersonId;
use crate::model::record::{DecisionRecord, OutcomeRecord};
use crate::telemetry::Telemetry;

/// Decision lines that wait for the file; more make their callers wait to hand them in.
const MAX_QUEUE_BYTES: usize = 4 << 20;

/// The audit log. Dropping it writes what is left and brings it to the disk.
#[derive(Debug)]
pub struct AuditLog {
    writer: Arc<Writer>,
    key: Option<AuditKey>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Proof of a decision line, redeemed before the first row is relayed.
#[derive(Debug)]
pub struct Ticket {
    writer: Arc<Writer>,
    handed: Handed,
}

impl AuditLog {
    pub fn open(config: &AuditConfig, telemetry: Arc<Telemetry>) -> Result<AuditLog, AuditFault> {
        let file = AuditFile::open(&config.file, config.rotate_bytes)?;
        let key = match &config.key {
            Some(key) => AuditKey::new(key.expose()),
            None => AuditKey::beside(&config.file)?,
        };
        let mut log = AuditLog::over(Box::new(file), config.sync, telemetry);
        log.key = Some(key);
        Ok(log)
    }

    fn over(medium: Box<dyn Medium>, sync: AuditSync, telemetry: Arc<Telemetry>) -> AuditLog {
        let writer = Arc::new(Writer::new(medium, sync, telemetry));
        let own = Arc::clone(&writer);
        let thread = std::thread::spawn(move || own.keep());
        AuditLog { writer, key: None, thread: Mutex::new(Some(thread)) }
    }

    /// Hands in the first line of a statement.
    pub fn submit(&self, record: &DecisionRecord) -> Ticket {
        let handed = self.writer.hand_in(line::decision(record), MAX_QUEUE_BYTES);
        Ticket { writer: Arc::clone(&self.writer), handed }
    }

    /// Takes no more, writes what is left and brings it to the disk.
    pub fn close(&self) {
        self.writer.stop();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the thread has been reported by the panic hook.
            let _ = thread.join();
        }
    }

    /// Opens the path anew, for a log rotation that moved the file away.
    pub fn reopen(&self) -> Result<(), AuditFault> {
        self.writer.reopen()
    }
}

impl AuditSink for AuditLog {
    fn decision(&self, record: DecisionRecord) -> Written {
        let ticket = self.submit(&record);
        Box::pin(async move { ticket.redeem().await.map_err(|_| SinkFault) })
    }

    fn outcome(&self, record: OutcomeRecord) {
        self.writer.hand_in_outcome(&line::outcome(&record));
    }

    fn subject_hash(&self, id: &PersonId) -> Option<String> {
        self.key.as_ref().map(|key| key.subject(id))
    }

    fn is_failing(&self) -> bool {
        self.writer.has_failed()
    }
}

impl Drop for AuditLog {
    fn drop(&mut self) {
        self.close();
    }
}

impl Ticket {
    /// Waits until the line is as safe as `audit.sync` asks. An error means that the statement
    /// must not be answered: its record is not there.
    pub async fn redeem(mut self) -> Done {
        let writer = Arc::clone(&self.writer);
        loop {
            match &mut self.handed {
                Handed::Done(done) => return done.clone(),
                Handed::Waiting(receiver) => {
                    return receiver.await.unwrap_or(Err(AuditFault::Closed));
                }
                Handed::Full(line) => {
                    let space = writer.space();
                    tokio::pin!(space);
                    // Before looking again, or a notice between the two would be missed.
                    space.as_mut().enable();
                    self.handed = writer.hand_in(std::mem::take(line), MAX_QUEUE_BYTES);
                    if matches!(self.handed, Handed::Full(_)) {
                        space.await;
                    }
                }
            }
        }
    }
}

/// Whoever gives up waiting does not take the record back.
impl Drop for Ticket {
    fn drop(&mut self) {
        if let Handed::Full(line) = &mut self.handed {
            drop(self.writer.hand_in(std::mem::take(line), usize::MAX));
        }
    }
}

#[cfg(test)]
mod tests;
