//! What roles have used for purposes in a span of time: exact up to the quota, kept across
//! restarts.
//!
//! A statement is charged before it is forwarded, a row before it is relayed. Each charge is a line
//! of a small file beside the audit trail, written before what it pays for leaves: so a proxy that
//! is killed has counted no less than it let out. Rows are written ahead in portions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::model::limits::Quota;
use crate::model::record::PeoplePart;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::world::{Charge, Meter};

/// All accounts of one proxy.
#[derive(Debug, Default)]
pub struct Quotas {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    accounts: BTreeMap<(String, u64), Account>,
    /// `None`: nothing is kept.
    path: Option<PathBuf>,
    file: Option<File>,
    written_bytes: u64,
}

/// One role's use for one purpose, in one window.
#[derive(Debug, Default)]
struct Account {
    until_s: u64,
    statements: u64,
    rows: u64,
    /// Rows that the file knows of, which may be more.
    rows_written: u64,
    /// Keyed hashes.
    people: BTreeSet<String>,
}

/// A line: how an account stands, and who is new in it.
#[derive(Serialize, Deserialize)]
struct Line {
    account: String,
    from_s: u64,
    until_s: u64,
    statements: u64,
    rows: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    people: Vec<String>,
}

impl Quotas {
    /// The accounts of a file as far as their windows are still open.
    ///
    /// # Errors
    /// The file is there and cannot be read, or not be written anew.
    pub fn open(path: &Path) -> io::Result<Quotas> {
        let mut state = State { path: Some(path.to_owned()), ..State::default() };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                // The last line may have been cut off: what it paid for has not left.
                let lines = text.lines().filter_map(|line| serde_json::from_str(line).ok());
                lines.for_each(|line| state.take_up(line));
                state.forget_closed(now_s());
                state.rewrite()?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(Quotas { state: Mutex::new(state) })
    }

    /// Charges statements that are about to be forwarded, all or none.
    ///
    /// # Errors
    /// Somebody has used up what they may, or it cannot be said whose rows a statement reads, or
    /// the file cannot be written.
    pub fn charge(
        self: &Arc<Quotas>,
        charges: &[Charge],
    ) -> Result<Option<Arc<dyn Meter>>, Box<Refusal>> {
        let all = || charges.iter().flat_map(|c| c.quotas.iter().map(move |q| (q, &c.people)));
        if all().next().is_none() {
            return Ok(None);
        }
        let now = now_s();
        let mut state = self.locked();
        state.forget_closed(now);
        // Several statements of one text come one after the other.
        let mut asked: BTreeMap<&str, (u64, BTreeSet<&String>)> = BTreeMap::new();
        for (quota, people) in all() {
            let (statements, new) = asked.entry(&quota.account).or_default();
            *statements += 1;
            new.extend(&people.subjects);
            state.check(quota, people, (*statements, new, now))?;
        }
        for (quota, people) in all() {
            let line = state.enter(quota, people, now);
            state.append(&line).map_err(|_| Box::new(unwritten()))?;
        }
        drop(state);
        Ok(self.meter(charges))
    }

    /// Counts the rows of statements that have been charged.
    pub fn meter(self: &Arc<Quotas>, charges: &[Charge]) -> Option<Arc<dyn Meter>> {
        let quotas = charges.iter().flat_map(|charge| charge.quotas.iter());
        let quotas: Vec<Quota> = quotas.filter(|quota| quota.rows.is_some()).cloned().collect();
        let meter = RowMeter { accounts: Arc::clone(self), quotas };
        (!meter.quotas.is_empty()).then(|| Arc::new(meter) as Arc<dyn Meter>)
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take_up(&mut self, line: Line) {
        let account = self.accounts.entry((line.account, line.from_s)).or_default();
        account.until_s = line.until_s;
        account.statements = line.statements;
        account.rows = line.rows;
        account.rows_written = line.rows;
        account.people.extend(line.people);
    }

    fn forget_closed(&mut self, now: u64) {
        self.accounts.retain(|_, account| account.until_s > now);
    }

    fn account(&mut self, quota: &Quota, now: u64) -> (u64, &mut Account) {
        let from = now - now % quota.window_s.max(1);
        let account = self.accounts.entry((quota.account.clone(), from)).or_default();
        account.until_s = from.saturating_add(quota.window_s);
        (from, account)
    }

    fn check(
        &mut self,
        quota: &Quota,
        people: &PeoplePart,
        (statements, new, now): (u64, &BTreeSet<&String>, u64),
    ) -> Result<(), Box<Refusal>> {
        let (_, account) = self.account(quota, now);
        let over = |what: &'static str, most: u64| Err(Box::new(used_up(quota, what, most)));
        if let Some(most) = quota.statements
            && account.statements + statements > most
        {
            return over("statements", most);
        }
        if let Some(most) = quota.rows
            && account.rows >= most
        {
            return over("rows", most);
        }
        let Some(most) = quota.people else { return Ok(()) };
        let anybody = |guards: &Vec<&str>| !guards.contains(&crate::judge::INSERTED);
        if people.bulk.values().any(anybody) {
            return Err(Box::new(uncounted(quota)));
        }
        let unknown = new.iter().filter(|one| !account.people.contains(**one)).count();
        let known = account.people.len();
        if u64::try_from(known + unknown).unwrap_or(u64::MAX) > most {
            return over("people", most);
        }
        Ok(())
    }

    /// Enters a statement; gives its line.
    fn enter(&mut self, quota: &Quota, people: &PeoplePart, now: u64) -> Line {
        let (from_s, account) = self.account(quota, now);
        account.statements += 1;
        let counted = quota.people.is_some();
        let mut new = people.subjects.clone();
        new.retain(|one| counted && account.people.insert(one.clone()));
        account.line(&quota.account, from_s, new)
    }

    /// Enters a row, if there is room for it.
    fn enter_row(&mut self, quota: &Quota, now: u64) -> bool {
        let most = quota.rows.unwrap_or(u64::MAX);
        let (from_s, account) = self.account(quota, now);
        if account.rows >= most {
            return false;
        }
        account.rows += 1;
        if account.rows <= account.rows_written {
            return true;
        }
        account.rows_written = most.min(account.rows - 1 + PORTION_ROWS);
        let line = account.line(&quota.account, from_s, Vec::new());
        self.append(&line).is_ok()
    }

    fn append(&mut self, line: &Line) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(OpenOptions::new().append(true).create(true).open(path)?),
        };
        let text = spelt(line)?;
        file.write_all(text.as_bytes())?;
        self.written_bytes += text.len() as u64;
        if self.written_bytes > REWRITE_BYTES { self.rewrite() } else { Ok(()) }
    }

    /// Writes the file anew, with one line an account.
    fn rewrite(&mut self) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let aside = path.with_extension("quotas-new");
        let mut text = String::new();
        for ((name, from_s), account) in &self.accounts {
            let people = account.people.iter().cloned().collect();
            text += &spelt(&account.line(name, *from_s, people))?;
        }
        std::fs::write(&aside, text)?;
        std::fs::rename(&aside, path)?;
        self.file = None;
        self.written_bytes = 0;
        Ok(())
    }
}

impl Account {
    fn line(&self, account: &str, from_s: u64, people: Vec<String>) -> Line {
        Line {
            account: account.to_owned(),
            from_s,
            until_s: self.until_s,
            statements: self.statements,
            rows: self.rows_written.max(self.rows),
            people,
        }
    }
}

/// The rows of one statement.
#[derive(Debug)]
struct RowMeter {
    accounts: Arc<Quotas>,
    quotas: Vec<Quota>,
}

impl Meter for RowMeter {
    fn row(&self) -> bool {
        let now = now_s();
        let mut state = self.accounts.locked();
        self.quotas.iter().all(|quota| state.enter_row(quota, now))
    }
}

impl Drop for RowMeter {
    /// What was written ahead and not used is given back.
    fn drop(&mut self) {
        let now = now_s();
        let mut state = self.accounts.locked();
        for quota in &self.quotas {
            let (from_s, account) = state.account(quota, now);
            if account.rows_written > account.rows {
                account.rows_written = account.rows;
                let line = account.line(&quota.account, from_s, Vec::new());
                // Should it fail, the file counts too many.
                let _ = state.append(&line);
            }
        }
    }
}

fn spelt(line: &Line) -> io::Result<String> {
    Ok(serde_json::to_string(line)? + "\n")
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn limited(message: String) -> Refusal {
    Refusal::new(Reason::Limit, SqlState::CONFIGURATION_LIMIT_EXCEEDED, message)
}

fn used_up(quota: &Quota, what: &str, most: u64) -> Refusal {
    limited(format!("the quota of {what} is used up"))
        .detail(format!("\"{}\" allows {most} {what} in {} s.", quota.rule.id, quota.window_s))
        .rule(quota.rule.clone())
}

fn uncounted(quota: &Quota) -> Refusal {
    limited("whose rows this statement reads cannot be counted".to_owned())
        .detail(format!("\"{}\" counts the people that statements name.", quota.rule.id))
        .hint("Say whose rows: key = constant, or key IN (...).")
        .rule(quota.rule.clone())
}

fn unwritten() -> Refusal {
    Refusal::new(Reason::Audit, SqlState::IO_ERROR, "the state of the quotas cannot be written")
}

/// Rows that are written ahead.
const PORTION_ROWS: u64 = 64;
/// Size of the file at which it is written anew.
const REWRITE_BYTES: u64 = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ruling::RuleRef;

    fn quota(people: Option<u64>, rows: Option<u64>, statements: Option<u64>) -> Quota {
        let rule = RuleRef { id: "quotas.q".to_owned(), place: "rules/a.yaml:1".to_owned() };
        let account = "q p r".to_owned();
        Quota { rule, account, people, rows, statements, window_s: 1_000_000_000 }
    }

    fn charge(quota: Quota, people: &[&str]) -> Vec<Charge> {
        let subjects = people.iter().map(|one| (*one).to_owned()).collect();
        let people = PeoplePart { subjects, ..PeoplePart::default() };
        vec![Charge { quotas: [quota].into(), people }]
    }

    #[test]
    fn people_count_once_up_to_the_quota() {
        let quotas = Arc::new(Quotas::default());
        let may =
            |people: &[&str]| quotas.charge(&charge(quota(Some(3), None, None), people)).is_ok();
        assert!(may(&["a", "b"]) && may(&["a"]) && may(&["b", "c"]));
        assert!(!may(&["d"]) && may(&["c", "a"]) && !may(&["a", "d"]));
    }

    #[test]
    fn who_is_not_named_cannot_be_counted() {
        let quotas = Arc::new(Quotas::default());
        let mut charges = charge(quota(Some(3), None, None), &[]);
        charges[0].people.bulk.insert("shop.users".to_owned(), vec![crate::judge::INSERTED]);
        assert!(quotas.charge(&charges).is_ok());
        charges[0].people.bulk.insert("shop.orders".to_owned(), vec!["consent"]);
        assert!(quotas.charge(&charges).is_err());
    }

    #[test]
    fn statements_of_one_text_count_together_and_all_or_none() {
        let quotas = Arc::new(Quotas::default());
        let two =
            [charge(quota(None, None, Some(3)), &[]), charge(quota(None, None, Some(3)), &[])];
        let two = two.concat();
        assert!(quotas.charge(&two).is_ok());
        assert!(quotas.charge(&two).is_err());
        assert!(quotas.charge(&two[..1]).is_ok());
        assert!(quotas.charge(&two[..1]).is_err());
    }

    #[test]
    fn what_was_used_outlives_the_proxy_and_what_was_not_is_given_back() {
        let path = std::env::temp_dir().join(format!("pgpurpose-quotas-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let charges = charge(quota(Some(2), Some(100), None), &["a", "b"]);
        let quotas = Arc::new(Quotas::open(&path).unwrap());
        let meter = quotas.charge(&charges).unwrap().unwrap();
        assert!((0..10).all(|_| meter.row()));
        // Killed in the middle of a result: a portion counts.
        let copy = path.with_extension("copy");
        std::fs::copy(&path, &copy).unwrap();
        let killed = Arc::new(Quotas::open(&copy).unwrap());
        let left = |quotas: &Arc<Quotas>| {
            let meter = quotas.meter(&charges).unwrap();
            (0..200).take_while(|_| meter.row()).count()
        };
        assert_eq!(left(&killed), 36);
        drop(meter);
        // Ended as it should be: every row counts, and no other.
        let restarted = Arc::new(Quotas::open(&path).unwrap());
        assert!(restarted.charge(&charge(quota(Some(2), None, None), &["c"])).is_err());
        assert_eq!(left(&restarted), 90);
        assert!(restarted.charge(&charges).is_err());
        let _ = [path, copy].map(std::fs::remove_file);
    }
}
