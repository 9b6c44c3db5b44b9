//! Which kind of statement a run of tokens is, decided by its words.
//!
//! Statements that carry queries are cut down to them and judged; utility statements are
//! recognised whole; what is neither is refused. Nothing passes because of its first word alone:
//! each arm is a statement in which PostgreSQL's grammar has no place for a query or an expression
//! over tables, or names the run of tokens that holds one.

use super::tokens::{TokenRange, Tokens};
use super::tree::Path;
use crate::model::access::{SessionEffect, Setting, SettingValue};
use crate::model::names::Name;

/// A statement, as far as judging it goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// SELECT, VALUES, TABLE, INSERT, UPDATE, DELETE, MERGE
    Data {
        tag: &'static str,
        inner: TokenRange,
        wrap: Wrap,
    },
    /// No data, no names of tables that matter.
    Harmless {
        tag: &'static str,
        effect: Option<SessionEffect>,
    },
    /// SQL-level EXECUTE: its arguments are expressions.
    Execute {
        name: Name,
        args: TokenRange,
    },
    CopyTable(CopyTable),
    /// Names tables; the second says whether it may name governed ones.
    Ddl {
        tag: &'static str,
        governed: bool,
    },
    Refused {
        tag: &'static str,
        what: &'static str,
    },
}

/// What stands round a query that is judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Wrap {
    Nothing,
    /// EXPLAIN
    Explain,
    Prepare(Name),
    /// DECLARE … CURSOR
    Declare(Name),
    /// COPY (query) TO; `file`: not to the client.
    Copy {
        file: bool,
    },
    /// The result stays in the database: CREATE TABLE AS, CREATE VIEW, …
    Keep,
}

/// `COPY table [(columns)] FROM | TO …`
#[derive(Clone, Debug, PartialEq)]
pub struct CopyTable {
    pub path: Path,
    pub columns: Vec<usize>,
    /// Table and column list: what a query replaces.
    pub range: TokenRange,
    pub from: bool,
    /// A file or program of the server, not the client.
    pub file: bool,
}

/// Recognises one statement.
pub fn recognize(tokens: &Tokens<'_>, range: TokenRange) -> Kind {
    let reader = Reader { tokens, range };
    let at = range.start;
    if tokens.is_punctuation(at, '(') {
        return data("SELECT", range);
    }
    match tokens.word(at).unwrap_or("") {
        "select" | "values" | "table" => data("SELECT", range),
        "with" => data(reader.tag_of_with(), range),
        "insert" => data("INSERT", range),
        "update" => data("UPDATE", range),
        "delete" => data("DELETE", range),
        "merge" => data("MERGE", range),
        "begin" | "start" => harmless("BEGIN", SessionEffect::Begin),
        "commit" | "end" => reader.commit(),
        "rollback" | "abort" => reader.rollback(),
        "savepoint" => reader.named("SAVEPOINT", at + 1, SessionEffect::Savepoint),
        "release" => reader.release(),
        "set" => reader.set(),
        "reset" => reader.reset(),
        "show" => plain("SHOW"),
        "discard" => reader.discard(),
        "prepare" => reader.prepare(),
        "execute" => reader.execute(at),
        "deallocate" => reader.deallocate(),
        "declare" => reader.declare(),
        "fetch" | "move" => reader.fetch(),
        "close" => reader.close(),
        "explain" => reader.explain(),
        "copy" => reader.copy(),
        "listen" => plain("LISTEN"),
        "unlisten" => plain("UNLISTEN"),
        "notify" => plain("NOTIFY"),
        "checkpoint" => plain("CHECKPOINT"),
        "lock" => Kind::Ddl { tag: "LOCK TABLE", governed: true },
        "vacuum" => Kind::Ddl { tag: "VACUUM", governed: true },
        "analyze" | "analyse" => Kind::Ddl { tag: "ANALYZE", governed: true },
        "reindex" => Kind::Ddl { tag: "REINDEX", governed: true },
        "cluster" => Kind::Ddl { tag: "CLUSTER", governed: true },
        "comment" => Kind::Ddl { tag: "COMMENT", governed: true },
        "grant" => Kind::Ddl { tag: "GRANT", governed: true },
        "revoke" => Kind::Ddl { tag: "REVOKE", governed: true },
        "truncate" => Kind::Ddl { tag: "TRUNCATE TABLE", governed: false },
        "refresh" => Kind::Ddl { tag: "REFRESH MATERIALIZED VIEW", governed: false },
        "drop" => reader.drop(),
        "alter" => reader.alter(),
        "create" => reader.create(),
        "reassign" => Kind::Ddl { tag: "REASSIGN OWNED", governed: false },
        "security" => Kind::Ddl { tag: "SECURITY LABEL", governed: false },
        "do" => refused("DO", "Dynamic SQL (DO block) hides which columns it uses"),
        "call" => refused("CALL", "A procedure hides which columns it uses"),
        "load" => refused("LOAD", "A loaded library can read anything"),
        "import" => refused("IMPORT FOREIGN SCHEMA", "A foreign table can read anything"),
        _ => refused("UNKNOWN", "It does not begin like a statement that is known"),
    }
}

fn data(tag: &'static str, inner: TokenRange) -> Kind {
    Kind::Data { tag, inner, wrap: Wrap::Nothing }
}

fn harmless(tag: &'static str, effect: SessionEffect) -> Kind {
    Kind::Harmless { tag, effect: Some(effect) }
}

fn plain(tag: &'static str) -> Kind {
    Kind::Harmless { tag, effect: None }
}

fn refused(tag: &'static str, what: &'static str) -> Kind {
    Kind::Refused { tag, what }
}

struct Reader<'a> {
    tokens: &'a Tokens<'a>,
    range: TokenRange,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        if at < self.range.end { self.tokens.word(at).unwrap_or("") } else { "" }
    }

    fn name(&self, at: usize) -> Option<Name> {
        if at < self.range.end { self.tokens.name(at).cloned() } else { None }
    }

    fn last(&self) -> usize {
        self.range.end.saturating_sub(1)
    }

    fn named(&self, tag: &'static str, at: usize, effect: fn(Name) -> SessionEffect) -> Kind {
        match self.name(at) {
            Some(name) => harmless(tag, effect(name)),
            None => refused(tag, "A name is missing"),
        }
    }

    /// The statement a WITH belongs to.
    fn tag_of_with(&self) -> &'static str {
        const WORDS: [&str; 5] = ["select", "insert", "update", "delete", "merge"];
        let found = self.tokens.find_word(self.range, &WORDS);
        match found.and_then(|at| self.tokens.word(at)) {
            Some("insert") => "INSERT",
            Some("update") => "UPDATE",
            Some("delete") => "DELETE",
            Some("merge") => "MERGE",
            _ => "SELECT",
        }
    }

    fn chain(&self) -> bool {
        self.word(self.last()) == "chain" && self.word(self.last().saturating_sub(1)) != "no"
    }

    fn commit(&self) -> Kind {
        if self.word(self.range.start + 1) == "prepared" {
            return plain("COMMIT PREPARED");
        }
        harmless("COMMIT", SessionEffect::Commit { chain: self.chain() })
    }

    fn rollback(&self) -> Kind {
        let mut at = self.range.start + 1;
        if self.word(at) == "prepared" {
            return plain("ROLLBACK PREPARED");
        }
        if matches!(self.word(at), "work" | "transaction") {
            at += 1;
        }
        if self.word(at) != "to" {
            return harmless("ROLLBACK", SessionEffect::Rollback { chain: self.chain() });
        }
        at += 1;
        if self.word(at) == "savepoint" && at < self.last() {
            at += 1;
        }
        self.named("ROLLBACK", at, SessionEffect::RollbackTo)
    }

    fn release(&self) -> Kind {
        let mut at = self.range.start + 1;
        if self.word(at) == "savepoint" && at < self.last() {
            at += 1;
        }
        self.named("RELEASE", at, SessionEffect::Release)
    }

    fn set(&self) -> Kind {
        let mut at = self.range.start + 1;
        let local = self.word(at) == "local";
        if local || (self.word(at) == "session" && self.word(at + 1) != "authorization") {
            at += 1;
        }
        match (self.word(at), self.word(at + 1)) {
            ("transaction" | "constraints" | "characteristics", _) => plain("SET"),
            ("time", "zone") => self.setting("timezone", at + 2, local),
            ("names", _) => self.setting("client_encoding", at + 1, local),
            ("schema", _) => self.setting("search_path", at + 1, local),
            ("role", next) if !matches!(next, "to") && !self.tokens.is_operator(at + 1, "=") => {
                self.setting("role", at + 1, local)
            }
            ("session", "authorization") => self.setting("session_authorization", at + 2, local),
            ("seed" | "catalog" | "xml", _) => plain("SET"),
            _ => self.set_name(at, local),
        }
    }

    /// `name [. name …] TO | = value`
    fn set_name(&self, at: usize, local: bool) -> Kind {
        let Some((name, next)) = self.variable(at) else {
            return refused("SET", "The name of a variable is missing");
        };
        let assigns = self.word(next) == "to" || self.tokens.is_operator(next, "=");
        if !assigns {
            return refused("SET", "It does not set a variable");
        }
        self.setting(&name, next + 1, local)
    }

    fn variable(&self, at: usize) -> Option<(String, usize)> {
        let mut name = self.name(at)?.as_str().to_ascii_lowercase();
        let mut next = at + 1;
        while next + 1 < self.range.end && self.tokens.is_punctuation(next, '.') {
            name.push('.');
            name.push_str(&self.name(next + 1)?.as_str().to_ascii_lowercase());
            next += 2;
        }
        Some((name, next))
    }

    fn setting(&self, name: &str, at: usize, local: bool) -> Kind {
        let value = if at < self.range.end && self.word(at) == "default" {
            SettingValue::Default
        } else {
            match self.value(name, at) {
                Some(text) => SettingValue::Text(text),
                None => return refused("SET", "The value of a variable is missing"),
            }
        };
        let setting = Setting { name: name.to_owned(), value, local };
        harmless("SET", SessionEffect::Set(vec![setting]))
    }

    /// A list of names stays a list of quoted names; anything else is its text.
    fn value(&self, name: &str, at: usize) -> Option<String> {
        use super::lexer::TokenKind;
        let list = name == "search_path";
        let mut text = String::new();
        for i in at..self.range.end {
            match self.tokens.kind(i)? {
                TokenKind::Word(name) | TokenKind::Quoted(name) if list => {
                    text.push_str(&name.to_quoted());
                }
                TokenKind::Text(value) if list => text.push_str(&Name::quoted(value).to_quoted()),
                TokenKind::Word(name) | TokenKind::Quoted(name) => text.push_str(name.as_str()),
                TokenKind::Text(value) => text.push_str(value),
                TokenKind::Number | TokenKind::Operator(_) | TokenKind::Punctuation(_) => {
                    text.push_str(self.tokens.source(i));
                }
                TokenKind::Bits(_, _)
                | TokenKind::Parameter(_)
                | TokenKind::Cast
                | TokenKind::ColonEquals
                | TokenKind::DotDot => return None,
            }
        }
        (at < self.range.end).then_some(text)
    }

    fn reset(&self) -> Kind {
        let at = self.range.start + 1;
        let name = match (self.word(at), self.word(at + 1)) {
            ("all", "") => return harmless("RESET", SessionEffect::ResetAll),
            ("time", "zone") => "timezone".to_owned(),
            ("session", "authorization") => "session_authorization".to_owned(),
            _ => match self.variable(at) {
                Some((name, _)) => name,
                None => return refused("RESET", "The name of a variable is missing"),
            },
        };
        harmless("RESET", SessionEffect::Reset(name))
    }

    fn discard(&self) -> Kind {
        match self.word(self.range.start + 1) {
            "all" => harmless("DISCARD ALL", SessionEffect::DiscardAll),
            "temp" | "temporary" => harmless("DISCARD TEMP", SessionEffect::ChangesCatalog),
            _ => plain("DISCARD"),
        }
    }

    fn prepare(&self) -> Kind {
        let at = self.range.start + 1;
        if self.word(at) == "transaction" {
            return plain("PREPARE TRANSACTION");
        }
        let body = self.tokens.find_word(TokenRange::new(at + 1, self.range.end), &["as"]);
        match (self.name(at), body) {
            (Some(name), Some(body)) => self.inner("PREPARE", body + 1, Wrap::Prepare(name)),
            _ => refused("PREPARE", "Its statement is missing"),
        }
    }

    fn execute(&self, at: usize) -> Kind {
        let Some(name) = self.name(at + 1) else { return refused("EXECUTE", "A name is missing") };
        let args = TokenRange::new(at + 2, self.range.end);
        Kind::Execute { name, args }
    }

    /// A statement inside another one.
    fn inner(&self, tag: &'static str, from: usize, wrap: Wrap) -> Kind {
        let inner = TokenRange::new(from, self.range.end);
        let query = self.tokens.is_punctuation(from, '(')
            || matches!(
                self.word(from),
                "select" | "values" | "table" | "with" | "insert" | "update" | "delete" | "merge"
            );
        if query && from < self.range.end {
            Kind::Data { tag, inner, wrap }
        } else {
            refused(tag, "What it holds is not a query")
        }
    }

    fn deallocate(&self) -> Kind {
        let mut at = self.range.start + 1;
        if self.word(at) == "prepare" && at < self.last() {
            at += 1;
        }
        let name = if self.word(at) == "all" { None } else { self.name(at) };
        harmless("DEALLOCATE", SessionEffect::Deallocate(name))
    }

    fn declare(&self) -> Kind {
        let at = self.range.start + 1;
        let body = self.tokens.find_word(TokenRange::new(at + 1, self.range.end), &["for"]);
        match (self.name(at), body) {
            (Some(name), Some(body)) => self.inner("DECLARE CURSOR", body + 1, Wrap::Declare(name)),
            _ => refused("DECLARE CURSOR", "Its query is missing"),
        }
    }

    fn fetch(&self) -> Kind {
        let tag = if self.word(self.range.start) == "move" { "MOVE" } else { "FETCH" };
        self.named(tag, self.last(), SessionEffect::Fetch)
    }

    fn close(&self) -> Kind {
        let at = self.range.start + 1;
        let name = if self.word(at) == "all" { None } else { self.name(at) };
        harmless("CLOSE CURSOR", SessionEffect::CloseCursor(name))
    }

    fn explain(&self) -> Kind {
        let mut at = self.range.start + 1;
        if self.tokens.is_punctuation(at, '(')
            && !matches!(self.word(at + 1), "select" | "with" | "values" | "table")
        {
            match self.tokens.after_group(at, self.range.end) {
                Some(next) => at = next,
                None => return refused("EXPLAIN", "Its options do not end"),
            }
        }
        while matches!(self.word(at), "analyze" | "analyse" | "verbose") {
            at += 1;
        }
        match self.word(at) {
            "execute" => self.execute(at),
            "create" | "declare" | "refresh" => {
                refused("EXPLAIN", "Only queries are explained through the proxy")
            }
            _ => self.inner("EXPLAIN", at, Wrap::Explain),
        }
    }

    fn copy(&self) -> Kind {
        let mut at = self.range.start + 1;
        if self.tokens.is_punctuation(at, '(') {
            let Some(next) = self.tokens.after_group(at, self.range.end) else {
                return refused("COPY", "Its query does not end");
            };
            let inner = TokenRange::new(at + 1, next - 1);
            let file = self.word(next + 1) != "stdout";
            return Kind::Data { tag: "COPY", inner, wrap: Wrap::Copy { file } };
        }
        if self.word(at) == "binary" {
            at += 1;
        }
        let start = at;
        let mut path = vec![at];
        at += 1;
        while self.tokens.is_punctuation(at, '.') {
            path.push(at + 1);
            at += 2;
        }
        let mut columns = Vec::new();
        if self.tokens.is_punctuation(at, '(') {
            let Some(next) = self.tokens.after_group(at, self.range.end) else {
                return refused("COPY", "Its column list does not end");
            };
            columns.extend((at + 1..next - 1).filter(|i| self.tokens.name(*i).is_some()));
            at = next;
        }
        let from = match self.word(at) {
            "from" => true,
            "to" => false,
            _ => return refused("COPY", "It says neither FROM nor TO"),
        };
        if from && self.tokens.find_word(self.range, &["where"]).is_some() {
            return refused("COPY", "COPY … FROM with WHERE is not checked");
        }
        let file = !matches!(self.word(at + 1), "stdin" | "stdout");
        let range = TokenRange::new(start, at);
        Kind::CopyTable(CopyTable { path, columns, range, from, file })
    }

    fn drop(&self) -> Kind {
        match self.word(self.range.start + 1) {
            "index" | "sequence" | "schema" | "view" | "type" | "domain" | "function" => {
                Kind::Ddl { tag: "DROP", governed: true }
            }
            _ => Kind::Ddl { tag: "DROP", governed: false },
        }
    }

    fn alter(&self) -> Kind {
        match self.word(self.range.start + 1) {
            "system" => refused("ALTER SYSTEM", "Server settings are not changed here"),
            "table" => {
                // A column that is added is closed until somebody classifies it.
                const OTHER: [&str; 8] =
                    ["alter", "rename", "attach", "detach", "inherit", "set", "owner", "drop"];
                let level = TokenRange::new(self.range.start + 1, self.range.end);
                let adds = self.tokens.find_word(level, &["add"]).is_some();
                let other = self.tokens.find_word(level, &OTHER).is_some();
                Kind::Ddl { tag: "ALTER TABLE", governed: adds && !other }
            }
            "default" => Kind::Ddl { tag: "ALTER DEFAULT PRIVILEGES", governed: true },
            "sequence" => Kind::Ddl { tag: "ALTER SEQUENCE", governed: true },
            "function" | "procedure" | "routine" | "trigger" | "rule" | "event" | "operator"
            | "aggregate" | "server" | "foreign" | "policy" | "publication" | "subscription" => {
                refused("ALTER", "Code and links of the server are not changed through the proxy")
            }
            _ => Kind::Ddl { tag: "ALTER", governed: false },
        }
    }

    fn create(&self) -> Kind {
        let mut at = self.range.start + 1;
        if self.word(at) == "or" && self.word(at + 1) == "replace" {
            at += 2;
        }
        while matches!(
            self.word(at),
            "temp" | "temporary" | "local" | "global" | "unlogged" | "recursive"
        ) {
            at += 1;
        }
        match self.word(at) {
            "table" => self.create_table(at),
            "view" => self.keep("CREATE VIEW", at),
            "materialized" => self.keep("CREATE MATERIALIZED VIEW", at),
            "index" => Kind::Ddl { tag: "CREATE INDEX", governed: true },
            "schema" => Kind::Ddl { tag: "CREATE SCHEMA", governed: false },
            "sequence" => Kind::Ddl { tag: "CREATE SEQUENCE", governed: true },
            "unique" => Kind::Ddl { tag: "CREATE INDEX", governed: false },
            "type" | "domain" | "role" | "user" | "group" | "database" | "extension"
            | "collation" | "text" | "statistics" | "tablespace" => {
                Kind::Ddl { tag: "CREATE", governed: false }
            }
            _ => {
                refused("CREATE", "Code and links of the server are not created through the proxy")
            }
        }
    }

    fn create_table(&self, at: usize) -> Kind {
        let level = TokenRange::new(at, self.range.end);
        match self.tokens.find_word(level, &["as"]) {
            Some(_) => self.keep("CREATE TABLE AS", at),
            None => Kind::Ddl { tag: "CREATE TABLE", governed: false },
        }
    }

    /// `… AS query [WITH [NO] DATA | WITH … CHECK OPTION]`
    fn keep(&self, tag: &'static str, at: usize) -> Kind {
        let level = TokenRange::new(at, self.range.end);
        let Some(body) = self.tokens.find_word(level, &["as"]) else {
            return refused(tag, "Its query is missing");
        };
        let mut end = self.range.end;
        let words = |n: usize| end.checked_sub(n).map_or("", |i| self.word(i));
        let tail = match (words(1), words(2), words(3)) {
            ("data", "no", "with") | ("option", "check", "with") => 3,
            ("data", "with", _) => 2,
            ("option", "check", "local" | "cascaded") => 4,
            _ => 0,
        };
        end -= tail;
        match self.inner(tag, body + 1, Wrap::Keep) {
            Kind::Data { tag, inner, wrap } => {
                Kind::Data { tag, inner: TokenRange::new(inner.start, end), wrap }
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;

    fn kind(text: &str) -> Kind {
        let tokens = Tokens::new(text, lex(text).unwrap());
        recognize(&tokens, TokenRange::new(0, tokens.count()))
    }

    fn set(text: &str) -> (String, SettingValue, bool) {
        match kind(text) {
            Kind::Harmless { effect: Some(SessionEffect::Set(mut settings)), .. } => {
                let setting = settings.remove(0);
                (setting.name, setting.value, setting.local)
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn settings_are_read_as_postgresql_reads_them() {
        let text = |t: &str| SettingValue::Text(t.to_owned());
        assert_eq!(
            set("SET pgpurpose.purpose = 'ads'"),
            ("pgpurpose.purpose".into(), text("ads"), false)
        );
        assert_eq!(
            set("set local PGPURPOSE.Purpose to protect.fraud"),
            ("pgpurpose.purpose".into(), text("protect.fraud"), true)
        );
        assert_eq!(
            set("SET search_path TO Shop, \"A b\", '$user'"),
            ("search_path".into(), text("\"shop\",\"A b\",\"$user\""), false)
        );
        assert_eq!(set("SET ROLE joe"), ("role".into(), text("joe"), false));
        assert_eq!(set("SET role = joe"), ("role".into(), text("joe"), false));
        assert_eq!(set("SET x.y TO DEFAULT").1, SettingValue::Default);
        assert_eq!(set("SET TIME ZONE 'UTC'").0, "timezone");
        assert_eq!(set("SET NAMES 'UTF8'").0, "client_encoding");
    }

    #[test]
    fn transactions_say_what_they_do() {
        let effect = |text: &str| match kind(text) {
            Kind::Harmless { effect, .. } => effect,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(effect("BEGIN ISOLATION LEVEL SERIALIZABLE"), Some(SessionEffect::Begin));
        assert_eq!(effect("ROLLBACK TO SAVEPOINT a"), Some(SessionEffect::RollbackTo("a".into())));
        assert_eq!(effect("ROLLBACK TO a"), Some(SessionEffect::RollbackTo("a".into())));
        assert_eq!(effect("COMMIT AND CHAIN"), Some(SessionEffect::Commit { chain: true }));
        assert_eq!(effect("COMMIT AND NO CHAIN"), Some(SessionEffect::Commit { chain: false }));
        assert_eq!(effect("RELEASE a"), Some(SessionEffect::Release("a".into())));
        assert_eq!(effect("DEALLOCATE ALL"), Some(SessionEffect::Deallocate(None)));
        assert_eq!(effect("FETCH 5 FROM c"), Some(SessionEffect::Fetch("c".into())));
    }

    #[test]
    fn what_holds_a_query_is_cut_down_to_it() {
        let inner = |text: &str| match kind(text) {
            Kind::Data { inner, wrap, .. } => (inner.start, inner.end, wrap),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(inner("COPY (SELECT 1) TO STDOUT"), (2, 4, Wrap::Copy { file: false }));
        assert_eq!(inner("EXPLAIN (ANALYZE) SELECT 1"), (4, 6, Wrap::Explain));
        assert_eq!(inner("CREATE TABLE a AS SELECT 1 WITH NO DATA"), (4, 6, Wrap::Keep));
        assert_eq!(inner("PREPARE a (int) AS SELECT $1"), (6, 8, Wrap::Prepare("a".into())));
        assert!(matches!(kind("DO 'x'"), Kind::Refused { .. }));
        assert!(matches!(kind("FROBNICATE"), Kind::Refused { .. }));
        let copy = CopyTable {
            path: vec![1, 3],
            columns: vec![5],
            range: TokenRange::new(1, 7),
            from: false,
            file: false,
        };
        assert_eq!(kind("COPY s.t (a) TO STDOUT"), Kind::CopyTable(copy));
    }
}
