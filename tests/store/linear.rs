//! Once a withdrawal has been committed nobody reads that person's rows any more, however it is
//! read: writers withdraw and agree again while readers read, each in one of the ways there are.
//!
//! A log of the test's own says what was surely so: a person is *out* from when the withdrawal was
//! answered until the next consent is sent. A statement that was sent while somebody was out, and
//! ended while nothing had been sent to let them in again, must not show them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::harness::client::rows_of;
use super::harness::{Client, Message, Outgoing};
use super::snapshots::{OWN, STORE, Town};

const PEOPLE: usize = 12;
const WRITERS: usize = 3;
const LASTS: Duration = Duration::from_secs(6);

/// Of each person: odd while out, raised at each turn.
type Turns = Arc<Vec<AtomicU64>>;

/// Withdraws and agrees in turns, for people of its own.
fn write(mut client: Client, writer: usize, own: bool, turns: &Turns, stop: &AtomicBool) -> usize {
    let mut written = 0;
    while !stop.load(Ordering::SeqCst) {
        for person in (1..=PEOPLE).filter(|person| person % WRITERS == writer) {
            let (out, back) = if own {
                (
                    format!("INSERT INTO said VALUES ({person}, 'ads', false)"),
                    format!("DELETE FROM said WHERE person_id = {person}"),
                )
            } else {
                (
                    format!("SELECT pgpurpose.withdraw({person}, 'ads')"),
                    format!("SELECT pgpurpose.grant({person}, 'ads')"),
                )
            };
            client.query(&out);
            turns[person].fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(15));
            turns[person].fetch_add(1, Ordering::SeqCst);
            client.query(&back);
            written += 1;
        }
    }
    written
}

/// What a reader does, over and over, and whether each reply shows people.
struct Reader<'a> {
    client: Client,
    turns: &'a Turns,
    way: &'static str,
    read: usize,
    stopped: usize,
}

impl Reader<'_> {
    /// Sends something and looks at who is shown. Gives whether it went well.
    fn look(&mut self, messages: &Outgoing) -> bool {
        let before: Vec<u64> = self.turns.iter().map(|t| t.load(Ordering::SeqCst)).collect();
        self.client.send(messages);
        let reply = self.client.receive_through(b'Z');
        let after: Vec<u64> = self.turns.iter().map(|t| t.load(Ordering::SeqCst)).collect();
        if let Some(error) = reply.iter().find(|m| m.tag == b'E') {
            let state = error.field(b'C').unwrap_or_default();
            assert_eq!(state, "40001", "{}: {}", self.way, error.error_text());
            self.stopped += 1;
            return false;
        }
        self.read += 1;
        for person in shown(&reply) {
            let out = before[person] % 2 == 1 && before[person] == after[person];
            assert!(!out, "{}: person {person} was shown while out", self.way);
        }
        true
    }

    fn run(&mut self, sql: &str) -> bool {
        self.look(&Outgoing::new().query(sql))
    }

    fn round(&mut self) {
        const IDS: &str = "SELECT id FROM person WHERE id <= 12 ORDER BY id";
        let pause = || std::thread::sleep(Duration::from_millis(4));
        let begin = match self.way {
            "repeatable read" => "BEGIN ISOLATION LEVEL REPEATABLE READ",
            "serializable" => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            _ => "BEGIN",
        };
        match self.way {
            "plain" => {
                self.run(IDS);
            }
            "prepared" => {
                self.look(&Outgoing::new().extended(IDS, &[]));
            }
            "cursor" => {
                self.client.query(begin);
                self.run(&format!("DECLARE c CURSOR FOR {IDS}"));
                for _ in 0..6 {
                    pause();
                    if !self.run("FETCH 2 FROM c") {
                        break;
                    }
                }
                self.client.query("ROLLBACK");
            }
            "portal" => {
                self.client.query(begin);
                let open = Outgoing::new().parse("", IDS).bind_with("p", "", &[], [0, 0]);
                let mut going = self.look(&open.execute("p", 2).sync());
                while going {
                    pause();
                    going = self.look(&Outgoing::new().execute("p", 2).sync())
                        && !self.read.is_multiple_of(6);
                }
                self.client.query("ROLLBACK");
            }
            _ => {
                self.client.query(begin);
                for _ in 0..4 {
                    if !self.run(IDS) {
                        break;
                    }
                    pause();
                }
                self.client.query("ROLLBACK");
            }
        }
    }
}

fn shown(reply: &[Message]) -> Vec<usize> {
    let rows = rows_of(reply).expect("no error");
    let id = |row: Vec<Option<String>>| row[0].as_deref().and_then(|id| id.parse().ok());
    rows.into_iter().filter_map(id).collect()
}

const WAYS: [&str; 7] =
    ["plain", "prepared", "transaction", "repeatable read", "serializable", "cursor", "portal"];

fn race(database: &'static str, choices: &'static str) {
    let Some(town) = Town::start(database, choices) else { return };
    let turns: Turns = Arc::new((0..=PEOPLE).map(|_| AtomicU64::new(0)).collect());
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let client = town.past_the_proxy();
                let (turns, stop) = (&turns, &stop);
                scope.spawn(move || write(client, writer, choices == OWN, turns, stop))
            })
            .collect();
        let readers: Vec<_> = WAYS
            .iter()
            .map(|way| {
                let mut reader =
                    Reader { client: town.client(), turns: &turns, way, read: 0, stopped: 0 };
                scope.spawn(move || {
                    let until = Instant::now() + LASTS;
                    while Instant::now() < until {
                        reader.round();
                    }
                    (reader.way, reader.read, reader.stopped)
                })
            })
            .collect();
        let ended: Vec<_> = readers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        stop.store(true, Ordering::SeqCst);
        let written: usize = writers.into_iter().map(|w| w.join().expect("a writer")).sum();
        assert!(written > 20, "{written} withdrawals prove little");
        for reader in ended {
            let (way, read, stopped) = reader.expect("a reader that saw nobody who was out");
            let looked = read + stopped;
            assert!(read > 0 && looked > 10, "{way} has looked {looked} times only");
            let keeps = ["repeatable read", "serializable", "cursor", "portal"].contains(&way);
            assert_eq!(stopped > 0, keeps, "{way} was stopped {stopped} times");
        }
    });
}

#[test]
fn nobody_is_read_who_has_withdrawn() {
    race("race_store", STORE);
}

#[test]
fn nobody_is_read_who_has_withdrawn_in_a_table_of_ones_own() {
    race("race_own", OWN);
}
