//! The promises of the log, each with a medium or a process that tries to break it.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::super::file::Flush;
use super::super::scratch::Scratch;
use super::super::writer::{FLUSH_WITHIN, RETRY_EVERY};
use super::*;

fn decision(id: &str) -> DecisionRecord {
    DecisionRecord {
        id: id.to_owned(),
        session: "s".into(),
        role: "app".into(),
        database: "shop".into(),
        application: "test".into(),
        address: "127.0.0.1".into(),
        stamp: "abc.1".into(),
        judged: Default::default(),
    }
}

fn outcome(id: &str) -> OutcomeRecord {
    OutcomeRecord { id: id.to_owned(), rows: 1, duration_us: 5, sqlstate: "00000".into() }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(future)
}

/// A medium in memory that fails, or waits, on demand.
#[derive(Clone, Default)]
struct Board {
    lines: Arc<Mutex<Vec<u8>>>,
    fails: Arc<AtomicBool>,
    append_gate: Arc<Mutex<()>>,
    flush_gate: Arc<Mutex<()>>,
}

impl Medium for Board {
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        drop(self.append_gate.lock().unwrap());
        if self.fails.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.lines.lock().unwrap().extend_from_slice(lines);
        Ok(())
    }

    fn flush(&self) -> Flush {
        let gate = Arc::clone(&self.flush_gate);
        Box::new(move || {
            drop(gate.lock().unwrap());
            Ok(())
        })
    }

    fn reopen(&mut self) -> Result<(), AuditFault> {
        Ok(())
    }
}

impl Board {
    fn log(&self, sync: AuditSync) -> AuditLog {
        AuditLog::over(Box::new(self.clone()), sync, Arc::new(Telemetry::new()))
    }

    /// `event id` of each line.
    fn events(&self) -> Vec<String> {
        events(&String::from_utf8(self.lines.lock().unwrap().clone()).unwrap())
    }
}

fn events(text: &str) -> Vec<String> {
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let word = |key: &str| value[key].as_str().unwrap_or("-").to_owned();
            format!("{} {}", word("event"), word("id"))
        })
        .collect()
}

fn over_file(path: PathBuf, sync: AuditSync) -> AuditLog {
    let config = AuditConfig { file: path, sync, key: None, rotate_bytes: 1 << 30 };
    AuditLog::open(&config, Arc::new(Telemetry::new())).unwrap()
}

#[test]
fn many_clients_lose_nothing_and_keep_their_order() {
    const CLIENTS: usize = 8;
    const EACH: usize = 300;
    for sync in [AuditSync::Grouped, AuditSync::Always] {
        let each = if sync == AuditSync::Always { 20 } else { EACH };
        let scratch = Scratch::new("many");
        let path = scratch.file();
        let log = Arc::new(over_file(path.clone(), sync));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let log = Arc::clone(&log);
                std::thread::spawn(move || {
                    for number in 0..each {
                        let id = format!("{client}-{number}");
                        block_on(log.submit(&decision(&id)).redeem()).unwrap();
                        log.outcome(outcome(&id));
                    }
                })
            })
            .collect();
        clients.into_iter().for_each(|client| client.join().unwrap());
        drop(log);
        let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for event in events(&std::fs::read_to_string(&path).unwrap()) {
            let (kind, id) = event.split_once(' ').unwrap();
            seen.entry(id.to_owned()).or_default().push(kind.to_owned());
        }
        assert_eq!(seen.len(), CLIENTS * each);
        assert!(seen.values().all(|kinds| kinds == &["decision", "outcome"]));
    }
}

/// Not a test of its own: the process that `a_killed_process_loses_no_acknowledged_line` kills.
#[test]
#[ignore = "run by another test, in a process of its own"]
fn child_that_writes_until_it_is_killed() {
    let Ok(path) = std::env::var("PGPURPOSE_TEST_AUDIT_FILE") else { return };
    let log = over_file(path.into(), AuditSync::Grouped);
    for number in 0.. {
        block_on(log.submit(&decision(&number.to_string())).redeem()).unwrap();
        println!("acknowledged {number}");
    }
}

#[test]
fn a_killed_process_loses_no_acknowledged_line() {
    const ENOUGH: usize = 500;
    let scratch = Scratch::new("killed");
    let path = scratch.file();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture"])
        .arg("audit::log::tests::child_that_writes_until_it_is_killed")
        .env("PGPURPOSE_TEST_AUDIT_FILE", &path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in reader.by_ref().map_while(Result::ok) {
        if let Some(number) = line.strip_prefix("acknowledged ") {
            acknowledged.push(number.to_owned());
        }
        if acknowledged.len() == ENOUGH {
            child.kill().unwrap();
            break;
        }
    }
    // What it had printed before it died counts as well.
    for line in reader.map_while(Result::ok) {
        acknowledged.extend(line.strip_prefix("acknowledged ").map(str::to_owned));
    }
    child.wait().unwrap();
    assert!(acknowledged.len() >= ENOUGH, "{} lines", acknowledged.len());
    let text = std::fs::read_to_string(&path).unwrap();
    let whole = &text[..text.rfind('\n').unwrap() + 1];
    let written: std::collections::BTreeSet<String> = events(whole).into_iter().collect();
    for number in &acknowledged {
        assert!(written.contains(&format!("decision {number}")), "{number} is not on record");
    }
}

#[test]
fn a_full_disk_refuses_and_recovers_by_itself() {
    let board = Board::default();
    let log = board.log(AuditSync::Grouped);
    block_on(log.submit(&decision("1")).redeem()).unwrap();
    board.fails.store(true, Ordering::SeqCst);
    assert!(matches!(block_on(log.submit(&decision("2")).redeem()), Err(AuditFault::Write(_))));
    assert!(log.is_failing());
    log.outcome(outcome("1"));
    board.fails.store(false, Ordering::SeqCst);
    let deadline = std::time::Instant::now() + RETRY_EVERY * 5;
    while log.is_failing() {
        assert!(std::time::Instant::now() < deadline, "the log did not recover");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(board.events(), ["decision 1", "resumed -", "outcome 1"]);
}

#[test]
fn the_next_statement_after_a_failure_need_not_wait_for_the_retry() {
    let board = Board::default();
    let log = board.log(AuditSync::Always);
    board.fails.store(true, Ordering::SeqCst);
    assert!(block_on(log.submit(&decision("1")).redeem()).is_err());
    board.fails.store(false, Ordering::SeqCst);
    block_on(log.submit(&decision("2")).redeem()).unwrap();
    assert_eq!(board.events(), ["resumed -", "decision 2"]);
    let text = String::from_utf8(board.lines.lock().unwrap().clone()).unwrap();
    assert!(text.contains("\"refused\":1"), "{text}");
}

#[test]
fn always_waits_for_the_disk_and_grouped_does_not() {
    let board = Board::default();
    let closed = board.flush_gate.lock().unwrap();
    let grouped = board.log(AuditSync::Grouped);
    block_on(grouped.submit(&decision("1")).redeem()).unwrap();
    let always = board.log(AuditSync::Always);
    let mut ticket = Box::pin(always.submit(&decision("2")).redeem());
    let early = block_on(async { tokio::time::timeout(FLUSH_WITHIN * 5, &mut ticket).await });
    assert!(early.is_err(), "acknowledged before it was on the disk");
    drop(closed);
    block_on(ticket).unwrap();
}

#[test]
fn a_full_queue_makes_callers_wait_and_drops_nothing() {
    let board = Board::default();
    let log = Arc::new(board.log(AuditSync::Grouped));
    let closed = board.append_gate.lock().unwrap();
    // The first caller is held inside the write.
    let first = {
        let log = Arc::clone(&log);
        std::thread::spawn(move || block_on(log.submit(&decision("first")).redeem()))
    };
    while !log.writer.is_held() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut big = decision("big");
    big.application = "x".repeat(MAX_QUEUE_BYTES);
    let big = log.submit(&big);
    let waits = log.submit(&decision("waits"));
    assert!(matches!(waits.handed, Handed::Full(_)));
    drop(log.submit(&decision("gone")));
    let mut waits = Box::pin(waits.redeem());
    let early = block_on(async { tokio::time::timeout(FLUSH_WITHIN, &mut waits).await });
    assert!(early.is_err());
    drop(closed);
    block_on(waits).unwrap();
    block_on(big.redeem()).unwrap();
    first.join().unwrap().unwrap();
    drop(log);
    let mut events = board.events();
    events.sort();
    assert_eq!(events, ["decision big", "decision first", "decision gone", "decision waits"]);
}

/// Prints the cost of a record; run with `--release --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn cost_of_a_record() {
    const RECORDS: u32 = 20_000;
    for clients in [1, 8, 32] {
        let scratch = Scratch::new("cost");
        let log = Arc::new(over_file(scratch.file(), AuditSync::Grouped));
        let start = std::time::Instant::now();
        let threads: Vec<_> = (0..clients)
            .map(|_| {
                let log = Arc::clone(&log);
                std::thread::spawn(move || {
                    block_on(async {
                        for _ in 0..RECORDS / clients {
                            log.submit(&decision("0")).redeem().await.unwrap();
                            log.outcome(outcome("0"));
                        }
                    });
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        println!("{clients} clients: {:?} a statement (two lines)", start.elapsed() / RECORDS);
    }
}
