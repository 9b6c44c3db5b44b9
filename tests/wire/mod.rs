//! A world made for dialogues: a judge that reads a few words of a text, and counts its ids.
//!
//! `refuse` in a text refuses it, `signed` does without a token that stands, `unknown` refuses it
//! for an unknown name, `masked` is rewritten to the purpose in force, `grows` to the snapshot, and
//! has another column under each, `personal` is recorded, `limited` may give two rows, `shows` gives
//! columns of a governed relation. The statements that change a session are understood in their plainest spelling.

use std::cell::Cell;
use std::sync::Arc;

use pgpurpose::judge::{Judged, Judgement, ResultColumns, Shown, Verdict};
use pgpurpose::model::access::{Access, SearchPath, SessionEffect, Setting, SettingValue, Stamp};
use pgpurpose::model::claims::{Claims, Fallen, Presented, Token};
use pgpurpose::model::names::{ColumnId, Name, RelationId};
use pgpurpose::model::privacy::Purpose;
use pgpurpose::model::record::JudgedPart;
use pgpurpose::model::refusal::{Reason, Refusal, SqlState};
use pgpurpose::sql::Rewritten;
use pgpurpose::wire::probe::Probed;
use pgpurpose::wire::session::{Limits, Opening, Session};
use pgpurpose::wire::world::World;

#[derive(Default)]
pub struct Words {
    ids: Cell<u64>,
    pub snapshot: Cell<u64>,
    pub audit_fails: Cell<bool>,
    pub now_s: Cell<i64>,
}

impl World for Words {
    fn stamp(&self) -> u64 {
        self.snapshot.get()
    }

    fn stamp_text(&self) -> String {
        format!("rules/{}", self.snapshot.get())
    }

    fn judge(&self, access: &Access, _: &Arc<Stamp>, text: &str) -> Arc<Judgement> {
        let statements: Vec<Judged> = text
            .split(';')
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(|s| judged(s, self.snapshot.get()))
            .collect();
        let refusal = |reason, state, message: &str| {
            Verdict::Refuse(Box::new(Refusal::new(reason, state, message).hint("say why")))
        };
        let signed = matches!(access.token, Token::Stands(_));
        let verdict = if text.contains("signed") && !signed {
            refusal(Reason::Token, SqlState::INVALID_AUTHORIZATION, "the token does not stand")
        } else if text.contains("refuse") {
            refusal(Reason::NoPurpose, SqlState::INSUFFICIENT_PRIVILEGE, "no purpose declared")
        } else if text.contains("unknown") {
            refusal(Reason::UnknownName, SqlState::UNDEFINED_TABLE, "no such relation")
        } else {
            let masked = format!("masked_{}", access.purpose.as_str());
            let grown = format!("grows_{}", self.snapshot.get());
            let text = text.replace("masked", &masked).replace("grows", &grown);
            Verdict::Forward(Rewritten::unchanged(&text))
        };
        Arc::new(Judgement { verdict, statements })
    }

    fn may_claim(&self, _: &Access, purpose: &Purpose) -> Result<(), Box<Refusal>> {
        match purpose.as_str() {
            "forbidden" => Err(Box::new(Refusal::new(
                Reason::Role,
                SqlState::INSUFFICIENT_PRIVILEGE,
                "this purpose is not open to the role",
            ))),
            _ => Ok(()),
        }
    }

    /// `good-N` is a token that stands up to second N.
    fn verify_token(&self, token: &str) -> Result<Presented, Box<Refusal>> {
        let Some(expires_s) = token.strip_prefix("good-").and_then(|n| n.parse().ok()) else {
            return Err(Box::new(pgpurpose::token::refused("It is not a signed token.")));
        };
        let claims = Claims { id: token.to_owned(), expires_s, ..Claims::default() };
        Ok(Presented { handle: pgpurpose::token::handle_of(token), claims: Arc::new(claims) })
    }

    fn token_stands(&self, claims: &Claims) -> Result<(), Fallen> {
        claims.stand_at(self.now_s())
    }

    fn now_s(&self) -> i64 {
        self.now_s.get()
    }

    fn fresh_id(&self) -> String {
        self.ids.set(self.ids.get() + 1);
        self.ids.get().to_string()
    }

    /// Relations from 100 on.
    fn is_limited(&self, relation: RelationId) -> bool {
        relation.0 >= 100
    }

    fn audit_is_failing(&self) -> bool {
        self.audit_fails.get()
    }
}

fn judged(statement: &str, snapshot: u64) -> Judged {
    let record = statement.contains("personal").then(|| {
        std::sync::Arc::new(JudgedPart {
            decision: "allow",
            declared: "nobody",
            ..JudgedPart::default()
        })
    });
    Judged {
        statement: "statement",
        effect: effect(statement),
        record,
        max_rows: statement.contains("limited").then_some(2),
        guarded: statement.contains("guarded"),
        blind: statement.contains("blind"),
        result: statement.contains("shows").then(|| Arc::new(result(statement, snapshot))),
        source: Some(Arc::from(statement)),
        ..Judged::default()
    }
}

/// `shows` 100.1 as it is and, where it is `guarded`, 100.2 behind a guard, in that order.
fn result(statement: &str, snapshot: u64) -> ResultColumns {
    let behind = ColumnId { relation: RelationId(100), number: 2 };
    let grown = if statement.contains("grows") { format!("a{snapshot}") } else { "a".to_owned() };
    let shape = vec![(Name::new(&grown), None)];
    ResultColumns {
        shown: [(RelationId(100), Shown::Only([1].into()))].into(),
        behind: vec![None, statement.contains("guarded").then_some(behind)],
        shape: Some(shape),
        observed: false,
    }
}

fn effect(statement: &str) -> Option<SessionEffect> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let set = |name: &str, value: &str, local| {
        let value = match value.strip_prefix('$').and_then(|n| n.parse().ok()) {
            Some(number) => SettingValue::Parameter(number),
            None => SettingValue::Text(value.trim_matches('\'').to_owned()),
        };
        Some(SessionEffect::Set(vec![Setting { name: name.to_owned(), value, local }]))
    };
    match words.as_slice() {
        ["SET", "LOCAL", name, "=", value] => set(name, value, true),
        ["SET", name, "=", value] => set(name, value, false),
        ["SELECT", "set_config", name, value] => set(name, value, true),
        ["RESET", "ALL"] => Some(SessionEffect::ResetAll),
        ["RESET", name] => Some(SessionEffect::Reset((*name).to_owned())),
        ["DISCARD", "ALL"] => Some(SessionEffect::DiscardAll),
        ["BEGIN"] => Some(SessionEffect::Begin),
        ["COMMIT"] => Some(SessionEffect::Commit { chain: false }),
        ["ROLLBACK"] => Some(SessionEffect::Rollback { chain: false }),
        ["ROLLBACK", "TO", name] => Some(SessionEffect::RollbackTo(Name::new(name))),
        ["SAVEPOINT", name] => Some(SessionEffect::Savepoint(Name::new(name))),
        ["RELEASE", name] => Some(SessionEffect::Release(Name::new(name))),
        ["PREPARE", name, ..] => Some(SessionEffect::Prepare(Name::new(name))),
        ["EXECUTE", name] => Some(SessionEffect::Execute(Name::new(name))),
        ["DEALLOCATE", "ALL"] => Some(SessionEffect::Deallocate(None)),
        ["DEALLOCATE", name] => Some(SessionEffect::Deallocate(Some(Name::new(name)))),
        ["DECLARE", name, ..] => Some(SessionEffect::Declare(Name::new(name))),
        ["FETCH", name] => Some(SessionEffect::Fetch(Name::new(name))),
        ["CLOSE", name] => Some(SessionEffect::CloseCursor(Some(Name::new(name)))),
        ["CREATE", ..] => Some(SessionEffect::ChangesCatalog),
        _ => None,
    }
}

/// A session that has just been opened.
pub fn session() -> Session {
    let opening = Opening {
        role: Name::new("app"),
        database: "shop".to_owned(),
        application: "test".to_owned(),
        address: None,
        id: "s".to_owned(),
        variables: Vec::new(),
        token: None,
        probed: Probed {
            path: SearchPath(vec![Name::new("pg_catalog"), Name::new("public")]),
            search_path: "public".to_owned(),
            purpose: String::new(),
            keeps_snapshot: false,
        },
        client_encoding: "UTF8".to_owned(),
        conforming_strings: true,
        limits: Limits { statement_bytes: 1000, statements: 8, portals: 8 },
    };
    Session::open(opening).expect("a session opens")
}
