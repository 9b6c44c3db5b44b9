//! The session variables a judgement depends on, mirrored with PostgreSQL's own transaction rules
//! (manual, SET; `guc.c`): a `SET` lasts if its transaction commits, a `SET LOCAL` ends with it,
//! a savepoint brings back what it saw, `RESET` goes back to the start-up value.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::access::{DeclaredBy, SessionEffect, Setting, SettingValue};
use crate::model::names::Name;

/// Values by variable name, in lower case.
pub type Map = BTreeMap<String, String>;

/// The values of one moment. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// Set for the session. What is not here has its start-up value.
    session: Arc<Map>,
    /// Set until the end of the transaction; `None`: to the start-up value.
    local: Arc<BTreeMap<String, Option<String>>>,
}

/// Variables of one session.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    startup: Arc<Map>,
    values: Values,
    /// The values when the transaction began, kept from its first change on.
    begun: Option<Values>,
    savepoints: Vec<(Name, Values)>,
}

impl Variables {
    pub fn new(startup: Map) -> Variables {
        Variables { startup: Arc::new(startup), ..Variables::default() }
    }

    /// The values now, to notice whether anything has changed.
    pub fn values(&self) -> &Values {
        &self.values
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        let startup = || self.startup.get(name).map(String::as_str);
        match self.values.local.get(name) {
            Some(Some(value)) => Some(value),
            Some(None) => startup(),
            None => self.values.session.get(name).map(String::as_str).or_else(startup),
        }
    }

    /// The scope a variable's value comes from.
    pub fn declared_by(&self, name: &str) -> DeclaredBy {
        match self.value(name) {
            None | Some("") => DeclaredBy::Nobody,
            Some(_) if matches!(self.values.local.get(name), Some(Some(_))) => {
                DeclaredBy::Transaction
            }
            Some(_) if self.values.local.contains_key(name) => DeclaredBy::Startup,
            Some(_) if self.values.session.contains_key(name) => DeclaredBy::Session,
            Some(_) => DeclaredBy::Startup,
        }
    }

    /// Variables whose name starts with `prefix`, without it. Empty values count as absent.
    pub fn with_prefix(&self, prefix: &str) -> Map {
        let names = self.startup.keys().chain(self.values.session.keys());
        let names = names.chain(self.values.local.keys());
        let mut found = Map::new();
        for name in names {
            if let (Some(short), Some(value)) = (name.strip_prefix(prefix), self.value(name))
                && !value.is_empty()
            {
                found.insert(short.to_owned(), value.to_owned());
            }
        }
        found
    }

    /// What a statement has done. A setting from a parameter must have been resolved before.
    pub fn apply(&mut self, effect: &SessionEffect) {
        match effect {
            SessionEffect::Set(settings) => settings.iter().for_each(|s| self.set(s)),
            SessionEffect::Reset(name) => {
                self.remember();
                Arc::make_mut(&mut self.values.session).remove(name);
                Arc::make_mut(&mut self.values.local).remove(name);
            }
            SessionEffect::ResetAll => {
                self.remember();
                self.reset_all(|name| !NOT_RESET_WITH_ALL.contains(&name));
            }
            SessionEffect::DiscardAll => {
                self.remember();
                self.reset_all(|_| true);
            }
            SessionEffect::Commit { .. } => self.commit(),
            SessionEffect::Rollback { .. } => self.rollback(),
            SessionEffect::Savepoint(name) => {
                self.savepoints.push((name.clone(), self.values.clone()));
            }
            SessionEffect::Release(name) => {
                if let Some(at) = self.savepoint(name) {
                    self.savepoints.truncate(at);
                }
            }
            SessionEffect::RollbackTo(name) => self.rollback_to(name),
            SessionEffect::Begin
            | SessionEffect::Prepare(_)
            | SessionEffect::Execute(_)
            | SessionEffect::Deallocate(_)
            | SessionEffect::Declare(_)
            | SessionEffect::Fetch(_)
            | SessionEffect::CloseCursor(_)
            | SessionEffect::ChangesCatalog => {}
        }
    }

    /// The transaction has been committed, explicitly or at the end of its statements.
    pub fn commit(&mut self) {
        if !self.values.local.is_empty() {
            self.values.local = Arc::default();
        }
        self.begun = None;
        self.savepoints.clear();
    }

    /// The transaction has been rolled back.
    pub fn rollback(&mut self) {
        if let Some(begun) = self.begun.take() {
            self.values = begun;
        }
        self.savepoints.clear();
    }

    fn set(&mut self, setting: &Setting) {
        self.remember();
        let name = &setting.name;
        let value = match &setting.value {
            SettingValue::Text(text) => Some(text.clone()),
            // INVARIANT: parameters are resolved at Bind; an unresolved one declares nothing.
            SettingValue::Parameter(_) => Some(String::new()),
            SettingValue::Default => None,
        };
        if setting.local {
            Arc::make_mut(&mut self.values.local).insert(name.clone(), value);
            return;
        }
        Arc::make_mut(&mut self.values.local).remove(name);
        let session = Arc::make_mut(&mut self.values.session);
        match value {
            Some(value) => session.insert(name.clone(), value),
            None => session.remove(name),
        };
    }

    fn reset_all(&mut self, resets: impl Fn(&str) -> bool) {
        Arc::make_mut(&mut self.values.session).retain(|name, _| !resets(name));
        Arc::make_mut(&mut self.values.local).retain(|name, _| !resets(name));
    }

    fn rollback_to(&mut self, name: &Name) {
        if let Some(at) = self.savepoint(name)
            && let Some((_, values)) = self.savepoints.get(at)
        {
            self.values = values.clone();
            self.savepoints.truncate(at + 1);
        }
    }

    fn savepoint(&self, name: &Name) -> Option<usize> {
        self.savepoints.iter().rposition(|(n, _)| n == name)
    }

    fn remember(&mut self) {
        if self.begun.is_none() {
            self.begun = Some(self.values.clone());
        }
    }
}

impl Values {
    /// Nothing has changed between the two (which share their maps if so).
    pub fn is_same(&self, other: &Values) -> bool {
        Arc::ptr_eq(&self.session, &other.session) && Arc::ptr_eq(&self.local, &other.local)
    }
}

/// Variables that `RESET ALL` leaves alone.
const NOT_RESET_WITH_ALL: [&str; 2] = ["role", "session_authorization"];
