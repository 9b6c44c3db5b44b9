//! Which kind of statement a run of tokens is, decided by its words.
//!
//! Statements that carry queries are cut down to them and judged; utility statements are
//! recognised whole; what is neither is refused. Nothing passes because of its first word alone:
//! each arm is a statement in which PostgreSQL's grammar has no place for a query or an expression
//! over tables, or names the run of tokens that holds one.
//!
//! | file | owns |
//! |---|---|
//! | `session` | transactions and session variables |
//! | `code` | statements that define or run code |
//! | `ddl` | CREATE, ALTER, DROP |
//! | `keep` | queries whose result stays in the database |

mod code;
mod ddl;
mod keep;
mod session;

pub use keep::{Keep, Kept, into_clause};

use super::tokens::{TokenRange, Tokens};
use super::tree::Path;
use crate::model::access::SessionEffect;
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
    /// SQL-level EXECUTE: its arguments are expressions. `explains`: EXPLAIN stands before it.
    Execute {
        name: Name,
        args: TokenRange,
        explains: bool,
    },
    CopyTable(CopyTable),
    /// Names tables; the second says whether it may name governed ones.
    Ddl {
        tag: &'static str,
        governed: bool,
    },
    /// Defines or runs code of the server.
    Code {
        tag: &'static str,
        code: Code,
    },
    Refused {
        tag: &'static str,
        what: &'static str,
    },
}

/// A statement that defines or runs code.
#[derive(Clone, Debug, PartialEq)]
pub enum Code {
    /// CREATE FUNCTION
    Function,
    /// CREATE TRIGGER, and the function it runs.
    Trigger { runs: Path },
    /// CALL; the arguments with their parentheses.
    Call { path: Path, args: TokenRange },
    /// DO in PL/pgSQL, and the string it runs.
    Block { body: usize },
    /// DO in another language, CREATE RULE, POLICY, OPERATOR …
    Other,
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
    Keep(Keep),
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
    /// The WHERE of COPY FROM: it sees only the rows that come.
    pub filter: Option<TokenRange>,
}

/// Recognises one statement.
pub fn recognize(tokens: &Tokens<'_>, range: TokenRange) -> Kind {
    let reader = Reader { tokens, range };
    let at = range.start;
    if tokens.is_punctuation(at, '(') {
        return reader.query("SELECT", range);
    }
    match tokens.word(at).unwrap_or("") {
        "select" | "values" | "table" => reader.query("SELECT", range),
        "with" => reader.query(reader.tag_of_with(), range),
        "insert" => reader.query("INSERT", range),
        "update" => reader.query("UPDATE", range),
        "delete" => reader.query("DELETE", range),
        "merge" => reader.query("MERGE", range),
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
        "execute" => reader.execute(at, false),
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
        "vacuum" => reader.maintenance("VACUUM"),
        "analyze" | "analyse" => reader.maintenance("ANALYZE"),
        "reindex" => reader.maintenance("REINDEX"),
        "cluster" => reader.maintenance("CLUSTER"),
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
        "do" => reader.block(),
        "call" => reader.call(),
        "load" => refused("LOAD", "A loaded library can read anything"),
        "import" => refused("IMPORT FOREIGN SCHEMA", "A foreign table can read anything"),
        _ => refused("UNKNOWN", "It does not begin like a statement that is known"),
    }
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

    /// What is done to tables without reading them out; told in detail it counts rows.
    fn maintenance(&self, tag: &'static str) -> Kind {
        let words = self.range.start..self.range.end;
        let verbose = words.into_iter().any(|i| self.word(i) == "verbose");
        if verbose {
            return refused(tag, "VERBOSE counts rows nobody may see");
        }
        Kind::Ddl { tag, governed: true }
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

    fn prepare(&self) -> Kind {
        let at = self.range.start + 1;
        if self.word(at) == "transaction" {
            return harmless("PREPARE TRANSACTION", SessionEffect::Commit { chain: false });
        }
        let body = self.tokens.find_word(TokenRange::new(at + 1, self.range.end), &["as"]);
        match (self.name(at), body) {
            (Some(name), Some(body)) => self.inner("PREPARE", body + 1, Wrap::Prepare(name)),
            _ => refused("PREPARE", "Its statement is missing"),
        }
    }

    fn execute(&self, at: usize, explains: bool) -> Kind {
        let Some(name) = self.name(at + 1) else { return refused("EXECUTE", "A name is missing") };
        let args = TokenRange::new(at + 2, self.range.end);
        Kind::Execute { name, args, explains }
    }

    /// A statement inside another one.
    fn inner(&self, tag: &'static str, from: usize, wrap: Wrap) -> Kind {
        let inner = TokenRange::new(from, self.range.end);
        let query = self.tokens.is_punctuation(from, '(')
            || matches!(
                self.word(from),
                "select" | "values" | "table" | "with" | "insert" | "update" | "delete" | "merge"
            );
        if !self.clauses_of_into(inner).is_empty() {
            refused(tag, "INTO stands where no table can be made")
        } else if query && from < self.range.end {
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
            "execute" => self.execute(at, true),
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
            columns.extend((at + 1..next - 1).step_by(2));
            let commas = (at + 2..next - 1).step_by(2);
            let named = columns.iter().all(|i| self.tokens.name(*i).is_some());
            if !named
                || commas.clone().count() + 1 != columns.len()
                || !commas.into_iter().all(|i| self.tokens.is_punctuation(i, ','))
            {
                return refused("COPY", "Its column list is not one of names");
            }
            at = next;
        }
        let from = match self.word(at) {
            "from" => true,
            "to" => false,
            _ => return refused("COPY", "It says neither FROM nor TO"),
        };
        let filter = self.tokens.find_word(self.range, &["where"]).filter(|_| from);
        let filter = filter.map(|place| TokenRange::new(place + 1, self.range.end));
        let file = !matches!(self.word(at + 1), "stdin" | "stdout");
        let range = TokenRange::new(start, at);
        Kind::CopyTable(CopyTable { path, columns, range, from, file, filter })
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;
    use crate::model::access::SettingValue;

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
        let (start, end, wrap) = inner("CREATE TABLE a AS SELECT 1 WITH NO DATA");
        let Wrap::Keep(keep) = wrap else { panic!("{wrap:?}") };
        assert_eq!((start, end, keep.what, keep.with_data), (4, 6, Kept::Table, false));
        let explained = |text: &str| matches!(kind(text), Kind::Execute { explains: true, .. });
        assert!(explained("EXPLAIN (COSTS OFF) EXECUTE a(1)") && explained("EXPLAIN EXECUTE a"));
        assert!(!explained("EXECUTE a(1)"));
        assert_eq!(inner("PREPARE a (int) AS SELECT $1"), (6, 8, Wrap::Prepare("a".into())));
        let block = |text: &str| match kind(text) {
            Kind::Code { code: Code::Block { body }, .. } => Some(body),
            _ => None,
        };
        assert_eq!(block("DO 'x'"), Some(1));
        assert_eq!(block("DO 'x' LANGUAGE plpgsql"), Some(1));
        assert_eq!(block("DO LANGUAGE 'plpgsql' $$x$$"), Some(3));
        assert_eq!(block("DO LANGUAGE plpython3u 'x'"), None);
        assert!(matches!(kind("FROBNICATE"), Kind::Refused { .. }));
        let copy = CopyTable {
            path: vec![1, 3],
            columns: vec![5],
            range: TokenRange::new(1, 7),
            from: false,
            file: false,
            filter: None,
        };
        assert_eq!(kind("COPY s.t (a) TO STDOUT"), Kind::CopyTable(copy));
        for list in ["a b", "a,", ",a", "", "a, , b", "- a", "a.b"] {
            let text = format!("COPY t ({list}) TO STDOUT");
            assert!(matches!(kind(&text), Kind::Refused { .. }), "{text}");
        }
    }
}
