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
            SettingValue::Token(presented) => Some(presented.handle.clone()),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What one variable of the server goes through, as `guc.c` keeps it: a stack of what to go
    /// back to, one entry for each level of transaction that has changed it.
    #[derive(Clone, Default)]
    struct Naive {
        value: Option<String>,
        stack: Vec<Saved>,
    }

    #[derive(Clone)]
    struct Saved {
        level: usize,
        state: State,
        prior: Option<String>,
        masked: Option<String>,
    }

    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Set,
        Local,
        SetLocal,
    }

    impl Naive {
        fn set(&mut self, level: usize, value: Option<String>, local: bool) {
            match self.stack.last_mut().filter(|saved| saved.level >= level) {
                Some(saved) if !local => saved.state = State::Set,
                Some(saved) if saved.state == State::Set => {
                    saved.masked = self.value.clone();
                    saved.state = State::SetLocal;
                }
                Some(_) => {}
                None => self.stack.push(Saved {
                    level,
                    state: if local { State::Local } else { State::Set },
                    prior: self.value.clone(),
                    masked: None,
                }),
            }
            self.value = value;
        }

        /// The end of level `level` and of all above it.
        fn end(&mut self, level: usize, commit: bool) {
            while let Some(saved) = self.stack.pop_if(|saved| saved.level >= level) {
                if !commit {
                    self.value = saved.prior;
                    continue;
                }
                if saved.level == 1 {
                    match saved.state {
                        State::Set => {}
                        State::SetLocal => self.value = saved.masked,
                        State::Local => self.value = saved.prior,
                    }
                    continue;
                }
                let below = self.stack.last_mut().filter(|below| below.level + 1 == saved.level);
                match (below, saved.state) {
                    (None, _) => {
                        let lower = Saved { level: saved.level - 1, ..saved };
                        self.stack.push(lower);
                    }
                    (Some(below), State::Set) => below.state = State::Set,
                    (Some(below), State::Local) if below.state == State::Set => {
                        below.masked = saved.prior;
                        below.state = State::SetLocal;
                    }
                    (Some(_), State::Local) => {}
                    (Some(below), State::SetLocal) => {
                        below.masked = saved.masked;
                        below.state = State::SetLocal;
                    }
                }
            }
        }
    }

    const NAMES: [&str; 2] = ["pgpurpose.purpose", "pgpurpose.ticket"];

    /// The server: its variables, and the savepoints of an open transaction.
    struct Server {
        variables: [Naive; 2],
        open: Option<Vec<&'static str>>,
    }

    impl Server {
        fn new() -> Server {
            let purpose = Naive { value: Some("start".into()), stack: Vec::new() };
            Server { variables: [purpose, Naive::default()], open: None }
        }

        fn level(&self) -> usize {
            1 + self.open.as_ref().map_or(0, Vec::len)
        }

        fn end(&mut self, level: usize, commit: bool) {
            self.variables.iter_mut().for_each(|v| v.end(level, commit));
        }

        /// Carries a statement out; gives whether it succeeds.
        fn run(&mut self, statement: &Statement) -> bool {
            let level = self.level();
            let start = |name: usize| (name == 0).then(|| "start".to_owned());
            match statement {
                Statement::Set(name, value, local) => {
                    self.variables[*name].set(level, Some(value.clone()), *local);
                }
                Statement::Reset(name) => self.variables[*name].set(level, start(*name), false),
                Statement::ResetAll => (0..2).for_each(|name| {
                    self.variables[name].set(level, start(name), false);
                }),
                Statement::Begin => self.open = Some(self.open.take().unwrap_or_default()),
                Statement::Commit | Statement::Rollback => {
                    self.end(1, *statement == Statement::Commit);
                    self.open = None;
                }
                Statement::Savepoint(name) => match &mut self.open {
                    Some(savepoints) => savepoints.push(name),
                    None => return false,
                },
                Statement::Release(name) | Statement::RollbackTo(name) => {
                    let savepoints = self.open.clone().unwrap_or_default();
                    let Some(at) = savepoints.iter().rposition(|n| n == name) else { return false };
                    let release = matches!(statement, Statement::Release(_));
                    // One level after the other, as the server ends them.
                    for level in (at + 2..=savepoints.len() + 1).rev() {
                        self.end(level, release);
                    }
                    let left = if release { at } else { at + 1 };
                    self.open = Some(savepoints[..left].to_vec());
                }
            }
            if self.open.is_none() {
                self.end(1, true);
            }
            true
        }
    }

    #[derive(Clone, Debug, PartialEq)]
    enum Statement {
        Set(usize, String, bool),
        Reset(usize),
        ResetAll,
        Begin,
        Commit,
        Rollback,
        Savepoint(&'static str),
        Release(&'static str),
        RollbackTo(&'static str),
    }

    impl Statement {
        fn effect(&self) -> SessionEffect {
            match self {
                Statement::Set(name, value, local) => SessionEffect::Set(vec![Setting {
                    name: NAMES[*name].to_owned(),
                    value: SettingValue::Text(value.clone()),
                    local: *local,
                }]),
                Statement::Reset(name) => SessionEffect::Reset(NAMES[*name].to_owned()),
                Statement::ResetAll => SessionEffect::ResetAll,
                Statement::Begin => SessionEffect::Begin,
                Statement::Commit => SessionEffect::Commit { chain: false },
                Statement::Rollback => SessionEffect::Rollback { chain: false },
                Statement::Savepoint(name) => SessionEffect::Savepoint(Name::new(name)),
                Statement::Release(name) => SessionEffect::Release(Name::new(name)),
                Statement::RollbackTo(name) => SessionEffect::RollbackTo(Name::new(name)),
            }
        }
    }

    fn statement() -> impl Strategy<Value = Statement> {
        let savepoint = || prop_oneof![Just("a"), Just("b")];
        prop_oneof![
            4 => (0..2usize, "[xyz]", any::<bool>()).prop_map(|(n, v, l)| Statement::Set(n, v, l)),
            1 => (0..2usize).prop_map(Statement::Reset),
            1 => Just(Statement::ResetAll),
            3 => Just(Statement::Begin),
            1 => Just(Statement::Commit),
            1 => Just(Statement::Rollback),
            3 => savepoint().prop_map(Statement::Savepoint),
            2 => savepoint().prop_map(Statement::Release),
            2 => savepoint().prop_map(Statement::RollbackTo),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 500,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_mirror_shows_what_the_server_has(
            statements in prop::collection::vec(statement(), 0..30)
        ) {
            let startup = Map::from([(NAMES[0].to_owned(), "start".to_owned())]);
            let mut mirror = Variables::new(startup);
            let mut server = Server::new();
            for statement in &statements {
                // A statement that fails has no effect, and would end the transaction.
                if !server.run(statement) {
                    continue;
                }
                mirror.apply(&statement.effect());
                if server.open.is_none() {
                    mirror.commit();
                }
                for (name, variable) in NAMES.iter().zip(&server.variables) {
                    prop_assert_eq!(mirror.value(name), variable.value.as_deref());
                }
            }
        }
    }

    #[test]
    fn the_scope_a_purpose_comes_from_is_known() {
        let startup = Map::from([(NAMES[0].to_owned(), "start".to_owned())]);
        let mut variables = Variables::new(startup);
        let set = |value: &str, local| Statement::Set(0, value.to_owned(), local).effect();
        assert_eq!(variables.declared_by(NAMES[0]), DeclaredBy::Startup);
        variables.apply(&set("x", false));
        assert_eq!(variables.declared_by(NAMES[0]), DeclaredBy::Session);
        variables.apply(&set("y", true));
        assert_eq!(variables.declared_by(NAMES[0]), DeclaredBy::Transaction);
        variables.apply(&set("", true));
        assert_eq!(variables.declared_by(NAMES[0]), DeclaredBy::Nobody);
        assert_eq!(variables.declared_by(NAMES[1]), DeclaredBy::Nobody);
        variables.commit();
        assert_eq!(variables.declared_by(NAMES[0]), DeclaredBy::Session);
    }
}
