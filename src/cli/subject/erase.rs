//! `pgpurpose subject erase`: deletes or masks what is held of a person, in one transaction, or
//! says what would be done.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;

use super::receipt::{Receipt, ReceiptTable};
use super::record::Counts;
use super::session::{About, Session};
use crate::cli::exit::{Exit, say};
use crate::subject::{Holding, MAX_KEYS};
use crate::upstream::operator::{OperatorFault, Texts};

/// Attempts where others are at the same rows.
const ATTEMPTS: usize = 3;
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Args, Debug)]
pub struct Erase {
    #[command(flatten)]
    about: About,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// File for the signed receipt [default: printed]
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
}

/// What is to be done with the rows of one table.
#[derive(Clone, Debug, Default)]
struct Step {
    deleted: u64,
    kept: u64,
    masked: u64,
    detached: u64,
}

/// What came of an attempt.
enum Attempt {
    Nothing,
    /// Something stands in the way.
    Stopped,
    Planned,
    Done(Box<Receipt>),
}

impl Erase {
    /// Exit 0: erased, or nothing is left to erase. 1: something stands in the way. 2: it failed,
    /// and nothing was changed.
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let mut session = Session::open(&self.about, "subject erase")?;
        if !session.holdings.obstacles.is_empty() {
            say(&told_obstacles(&session.holdings.obstacles));
            return Ok(Exit::No);
        }
        let attempt = self.insist(&session)?;
        let counts = match &attempt {
            Attempt::Stopped => return Ok(Exit::No),
            Attempt::Nothing | Attempt::Planned => Counts::new(),
            Attempt::Done(receipt) => counts(receipt),
        };
        session.log.done(&counts)?;
        if let Attempt::Done(receipt) = attempt {
            let signed = receipt.signed(&session.key)?;
            match &self.receipt {
                Some(path) => std::fs::rename(pending(path), path)
                    .with_context(|| format!("the receipt stays at {}", pending(path).display()))?,
                None => say(&signed),
            }
        }
        Ok(Exit::Yes)
    }

    fn insist(&self, session: &Session) -> anyhow::Result<Attempt> {
        for attempt in 1.. {
            let result = self.attempt(session);
            let Err(error) = result else { return result };
            session.operator.roll_back();
            if let Some(path) = &self.receipt {
                let _ = std::fs::remove_file(pending(path));
            }
            let passing = error.downcast_ref().is_some_and(OperatorFault::may_pass);
            if attempt >= ATTEMPTS || !passing {
                return Err(error.context("nothing was changed"));
            }
            session.operator.wait(PAUSE);
        }
        bail!("no attempt was made")
    }

    fn attempt(&self, session: &Session) -> anyhow::Result<Attempt> {
        let operator = &session.operator;
        // Each statement sees what others have committed by then, so that looking for what is left
        // finds what came meanwhile.
        operator.begin("ISOLATION LEVEL READ COMMITTED")?;
        if let Some(lock) = session.holdings.lock() {
            operator.rows(&lock, session.id.expose())?;
        }
        let (steps, obstacles) = plan(session)?;
        if !obstacles.is_empty() {
            operator.roll_back();
            say(&told_obstacles(&obstacles));
            return Ok(Attempt::Stopped);
        }
        let store = if session.has_store()? { session.status()? } else { None };
        let open = store.as_ref().is_some_and(|status| status != "erased");
        let idle = steps.iter().all(|s| s.deleted + s.masked + s.detached == 0);
        say(&told(session, &steps));
        if self.dry_run || (idle && !open) {
            operator.roll_back();
            if idle {
                say("there is nothing to do\n");
            }
            return Ok(if idle { Attempt::Nothing } else { Attempt::Planned });
        }
        let keys = keys(session)?;
        let done = erase(session)?;
        operator.run("SET CONSTRAINTS ALL IMMEDIATE")?;
        look_for_rest(session, &keys)?;
        let mut receipt = receipt(session, &steps, &done);
        for view in &session.holdings.stored_views {
            operator.run(&format!("REFRESH MATERIALIZED VIEW {}", view.to_quoted()))?;
            receipt.refreshed.push(view.to_string());
        }
        if session.has_store()? && store.as_deref() != Some("erased") {
            mark_erased(session)?;
        }
        if session.has_store()? {
            receipt.store = session.status()?;
        }
        if let Some(path) = &self.receipt {
            write_pending(path, &receipt.signed(&session.key)?)?;
        }
        operator.commit()?;
        Ok(Attempt::Done(Box::new(receipt)))
    }
}

/// What each table holds, and what becomes of it.
fn plan(session: &Session) -> anyhow::Result<(Vec<Step>, Vec<String>)> {
    let (holdings, id) = (&session.holdings, session.id.expose());
    let (mut steps, mut obstacles) = (Vec::new(), Vec::new());
    for (at, table) in holdings.tables.iter().enumerate() {
        let rows = session.operator.rows(&holdings.count(at), id)?;
        let (deleted, kept, masked) = (number(&rows, 0), number(&rows, 1), number(&rows, 2));
        let mut step = Step { deleted, kept, masked, detached: 0 };
        if let Some(sql) = holdings.count_referring(at) {
            let rows = session.operator.rows(&sql, id)?;
            step.detached = number(&rows, 0);
            let unable = number(&rows, 1);
            if unable > 0 {
                obstacles.push(format!(
                    "{unable} rows of others in {} refer to rows that would go and cannot do \
                     without; give the table they refer to `erase: mask`",
                    table.name
                ));
            }
        }
        steps.push(step);
    }
    Ok((steps, obstacles))
}

fn number(rows: &[Texts], at: usize) -> u64 {
    let text = rows.first().and_then(|row| row.get(at)?.as_deref());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The keys that lead to the person from tables without a column of their own.
fn keys(session: &Session) -> anyhow::Result<BTreeMap<usize, Vec<String>>> {
    let mut found = BTreeMap::new();
    for at in 0..session.holdings.tables.len() {
        let Some(sql) = session.holdings.keys(at) else { continue };
        let rows = session.operator.rows(&sql, session.id.expose())?;
        if rows.len() > MAX_KEYS {
            bail!("more than {MAX_KEYS} rows of one table belong to the person");
        }
        found.insert(at, rows.into_iter().filter_map(|row| row.into_iter().next()?).collect());
    }
    Ok(found)
}

/// Carries the plan out; what it came to by table.
fn erase(session: &Session) -> anyhow::Result<Vec<Step>> {
    let erasing = session.holdings.erase();
    let rows = session.operator.rows(&erasing.sql, session.id.expose())?;
    let count = |place: Option<usize>| place.map_or(0, |at| number(&rows, at));
    let step = |[deleted, masked, detached]: &[Option<usize>; 3]| Step {
        deleted: count(*deleted),
        masked: count(*masked),
        detached: count(*detached),
        kept: 0,
    };
    Ok(erasing.counts.iter().map(step).collect())
}

/// Nothing of the person may be left that was to go. What is found is a row that came meanwhile,
/// or the work of a trigger.
fn look_for_rest(session: &Session, keys: &BTreeMap<usize, Vec<String>>) -> anyhow::Result<()> {
    let (steps, _) = plan(session)?;
    for (at, (table, step)) in session.holdings.tables.iter().zip(&steps).enumerate() {
        let mut left = step.deleted + step.masked + step.detached;
        if let (Some(keys), Some(sql)) = (keys.get(&at), session.holdings.left_by_key(at)) {
            let rows = session.operator.rows_of(&sql, session.id.expose(), keys)?;
            left += number(&rows, 0);
        }
        if left > 0 {
            bail!("{left} rows of {} were left that should be gone or masked", table.name);
        }
    }
    Ok(())
}

fn mark_erased(session: &Session) -> anyhow::Result<()> {
    let kind = &session.holdings.id_type;
    let sql = format!("SELECT pgpurpose.erased(CAST($1::text AS {kind}), $2::text)::text");
    let evidence = format!("subject {}", session.log.subject);
    session.operator.rows_with(&sql, session.id.expose(), &evidence)?;
    Ok(())
}

fn receipt(session: &Session, planned: &[Step], done: &[Step]) -> Receipt {
    let mut receipt = Receipt::of_erasure(&session.log, session.snapshot.ruleset.hash());
    let tables = session.holdings.tables.iter().zip(planned.iter().zip(done));
    for (table, (planned, done)) in tables {
        if planned.kept + done.deleted + done.masked + done.detached == 0 {
            continue;
        }
        let kept = planned.kept > 0 && table.stays();
        receipt.tables.push(ReceiptTable {
            table: table.name.to_string(),
            deleted: done.deleted,
            masked: done.masked,
            kept: planned.kept,
            detached: done.detached,
            because: table.stay.because.clone().filter(|_| kept),
            retain: retain(table).filter(|_| kept),
        });
    }
    receipt
}

fn retain(table: &Holding) -> Option<String> {
    let span = table.stay.retain?;
    let from = table.stay.from.as_ref().map(|from| format!(" from {from}"));
    Some(format!("{} {}{}", span.number, span.unit, from.unwrap_or_default()))
}

fn counts(receipt: &Receipt) -> Counts {
    let table = |table: &ReceiptTable| {
        let all = [
            ("deleted", table.deleted),
            ("masked", table.masked),
            ("kept", table.kept),
            ("detached", table.detached),
        ];
        (table.table.clone(), all.into_iter().filter(|(_, rows)| *rows > 0).collect())
    };
    receipt.tables.iter().map(table).collect()
}

fn told(session: &Session, steps: &[Step]) -> String {
    let mut text =
        format!("{:<32} {:>8} {:>8} {:>8} {:>8}\n", "table", "delete", "mask", "keep", "detach");
    for (table, step) in session.holdings.tables.iter().zip(steps) {
        let because = table.stay.because.as_deref().filter(|_| step.kept > 0 && table.stays());
        let reason = because.map(|because| {
            let retain = retain(table).map(|retain| format!(" ({retain})"));
            format!("  {because}{}", retain.unwrap_or_default())
        });
        let _ = writeln!(
            text,
            "{:<32} {:>8} {:>8} {:>8} {:>8}{}",
            table.name.to_string(),
            step.deleted,
            step.masked,
            step.kept,
            step.detached,
            reason.unwrap_or_default()
        );
    }
    for table in &session.holdings.unreached {
        let _ = writeln!(text, "{table}: the rules do not say whose its rows are; look yourself");
    }
    for view in &session.holdings.stored_views {
        let _ = writeln!(text, "{view}: will be filled anew");
    }
    text
}

fn told_obstacles(obstacles: &[String]) -> String {
    let mut text = "nobody can be erased yet:\n".to_owned();
    for obstacle in obstacles {
        let _ = writeln!(text, "  {obstacle}");
    }
    text
}

/// The receipt is on the disk before the rows are gone; it gets its name when they are.
fn pending(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pending");
    PathBuf::from(name)
}

fn write_pending(path: &Path, text: &str) -> anyhow::Result<()> {
    let path = pending(path);
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    let file = std::fs::File::open(&path)?;
    file.sync_all().with_context(|| format!("cannot write {}", path.display()))
}
