//! A text of several statements, each judged under the state the one before leaves.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::plan::Plan;
use super::setting;
use super::{Judged, Judgement, ResultColumns, Verdict};
use super::{code, copy, data, execute, names, record};
use crate::model::access::{Access, DeclaredBy, SessionEffect, SettingValue};
use crate::model::claims::{TOKEN_VARIABLE, Token};
use crate::model::names::RelationId;
use crate::model::privacy::Purpose;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::RelationClass;
use crate::snapshot::Snapshot;
use crate::sql::Rewritten;
use crate::sql::emit::{Edit, emit};
use crate::sql::lexer::{LexError, lex};
use crate::sql::parse::MAX_TEXT_BYTES;
use crate::sql::resolve::Refused;
use crate::sql::statement::{Kind, recognize};
use crate::sql::tokens::{TokenRange, Tokens};
use crate::sql::verify::{Approved, verify};

/// What judging one statement has come to.
pub struct Step {
    pub judged: Judged,
    pub edits: Vec<Edit>,
    /// Sites that stand as they are, by relation: the product may hold as many.
    pub open: BTreeMap<RelationId, usize>,
    /// Something was put in besides qualified names.
    pub restricted: bool,
    pub governed: bool,
    /// A name that meant what is open may mean personal data behind it.
    pub moves: bool,
    /// It reads a relation, or runs code that may, as the catalog is before the text.
    pub relies: bool,
    pub observe: bool,
    /// Nothing that was decided depends on a literal.
    pub reusable: bool,
    pub refusal: Option<Box<Refusal>>,
}

impl Step {
    pub fn harmless(statement: &'static str, effect: Option<SessionEffect>) -> Step {
        Step {
            judged: Judged { statement, effect, ..Judged::default() },
            edits: Vec::new(),
            open: BTreeMap::new(),
            restricted: false,
            governed: false,
            moves: false,
            relies: false,
            observe: false,
            reusable: false,
            refusal: None,
        }
    }
}

/// What one statement is judged with.
pub struct Context<'a> {
    pub world: &'a Snapshot,
    pub access: &'a Access,
    pub tokens: &'a Tokens<'a>,
}

pub fn judge(world: &Snapshot, access: &Access, text: &str) -> (Judgement, Option<Plan>) {
    let lexed = if text.len() > MAX_TEXT_BYTES {
        Err(Refusal::new(
            Reason::Limit,
            SqlState::PROGRAM_LIMIT_EXCEEDED,
            "statement is too long to be checked",
        )
        .detail(format!("At most {MAX_TEXT_BYTES} bytes are read.")))
    } else {
        lex(text).map_err(|error| unreadable(text, &error))
    };
    match lexed {
        Ok(lexed) => Sequence::new(world, access, Tokens::new(text, lexed)).run(),
        Err(refusal) => {
            let token = text.to_ascii_lowercase().contains(TOKEN_VARIABLE);
            let observe = world.ruleset.role(&access.role).is_some_and(|role| role.observe);
            let observe = observe && !token;
            let record = record::refused(access, "UNKNOWN", String::new(), &refusal, observe);
            let judged = Judged {
                statement: "UNKNOWN",
                record: Some(Arc::new(record)),
                result: observe.then(|| Arc::new(ResultColumns::observed())),
                ..Judged::default()
            };
            let verdict = if observe {
                Verdict::Forward(Rewritten::unchanged(text))
            } else {
                Verdict::Refuse(Box::new(refusal))
            };
            (Judgement { verdict, statements: vec![judged] }, None)
        }
    }
}

pub(super) fn unreadable(text: &str, error: &LexError) -> Refusal {
    let position = text.get(..error.at).map_or(1, |before| before.chars().count() + 1);
    Refusal::new(Reason::Unparsable, SqlState::SYNTAX_ERROR, error.message).at(position)
}

pub(super) struct Sequence<'a> {
    world: &'a Snapshot,
    access: Access,
    pub(super) tokens: Tokens<'a>,
    /// What a statement before has changed, so that a governed one can no longer be judged.
    spoilt: Option<&'static str>,
    /// A statement before has given a name to personal data.
    moved: bool,
    purpose_set: bool,
    observes: bool,
}

impl<'a> Sequence<'a> {
    fn new(world: &'a Snapshot, access: &Access, tokens: Tokens<'a>) -> Sequence<'a> {
        let role = world.ruleset.role(&access.role);
        let mut access = access.clone();
        if role.as_ref().is_some_and(|role| role.comments)
            && let Some(purpose) = setting::purpose_in_comment(&tokens)
        {
            access.purpose = purpose;
            access.declared = DeclaredBy::Comment;
        }
        let observes = role.is_some_and(|role| role.observe);
        Sequence::begin(world, access, tokens, observes)
    }

    pub(super) fn begin(
        world: &'a Snapshot,
        access: Access,
        tokens: Tokens<'a>,
        observes: bool,
    ) -> Sequence<'a> {
        let (spoilt, moved, purpose_set) = (None, false, false);
        Sequence { world, access, tokens, spoilt, moved, purpose_set, observes }
    }

    fn run(mut self) -> (Judgement, Option<Plan>) {
        let mut steps = Vec::new();
        for range in self.tokens.statements() {
            let step = self.step(range);
            self.apply(&step);
            steps.push(step);
        }
        only_the_last_is_labelled(&mut steps);
        let mut enforced = steps.iter().filter(|step| !step.observe);
        let refusal = enforced.find_map(|step| step.refusal.clone());
        let verdict = match refusal {
            Some(refusal) => Verdict::Refuse(refusal),
            None if !steps.is_empty() && steps.iter().all(|step| step.observe) => {
                Verdict::Forward(Rewritten::unchanged(self.tokens.text))
            }
            None => match self.product(&steps) {
                Ok(product) => Verdict::Forward(product),
                Err(refusal) => Verdict::Refuse(refusal),
            },
        };
        let plan = match &verdict {
            Verdict::Forward(_) => Plan::of(&steps),
            Verdict::Refuse(_) => None,
        };
        let statements = steps.into_iter().map(|step| step.judged).collect();
        (Judgement { verdict, statements }, plan)
    }

    pub(super) fn step(&self, range: TokenRange) -> Step {
        let context = Context { world: self.world, access: &self.access, tokens: &self.tokens };
        let kind = recognize(&self.tokens, range);
        let tag = tag(&kind);
        let result = self.judge_kind(&context, kind, range);
        let mut step = match result {
            Ok(step) => step,
            Err(refusal) => {
                let reason = refusal.reason;
                let mut step = Step::harmless(tag, None);
                step.refusal = Some(refusal);
                // A token that is not taken is not shown to the server either.
                step.observe = self.observes && reason != Reason::Token;
                step.judged.result = step.observe.then(|| Arc::new(ResultColumns::observed()));
                step
            }
        };
        let depends = step.governed || (self.moved && step.relies);
        if let (true, Some(what)) = (depends, self.spoilt) {
            step.refusal = Some(Box::new(after(what)));
        }
        if let Some(refusal) = &step.refusal {
            let normalized = record::normalized(&self.tokens, range);
            let observe = step.observe;
            match &mut step.judged.record {
                Some(record) => record::refuse(Arc::make_mut(record), refusal, observe),
                None => {
                    let access = &self.access;
                    let part = record::refused(access, tag, normalized, refusal, observe);
                    step.judged.record = Some(Arc::new(part));
                }
            }
        }
        step
    }

    fn judge_kind(&self, context: &Context<'_>, kind: Kind, range: TokenRange) -> Refused<Step> {
        match kind {
            Kind::Data { tag, inner, wrap } => data::judge(context, tag, inner, &wrap, range),
            Kind::Code { tag, code } => code::judge(context, tag, &code, range),
            Kind::Execute { name, args, explains } => execute::judge(context, name, args, explains),
            Kind::CopyTable(copy) => copy::judge(context, &copy, range),
            Kind::Ddl { tag, governed } => names::judge(context, tag, governed, range),
            Kind::Harmless { tag, effect } => {
                setting::check(effect.as_ref(), self.world, &self.access)?;
                setting::step(context, tag, effect, range)
            }
            Kind::Refused { tag: "UNKNOWN", what: _ } => Err(Box::new(
                Refusal::new(
                    Reason::Unparsable,
                    SqlState::SYNTAX_ERROR,
                    format!("syntax error at or near \"{}\"", self.tokens.source(range.start)),
                )
                .at(self.tokens.position(range.start)),
            )),
            Kind::Refused { tag: _, what } => Err(Box::new(
                Refusal::new(
                    Reason::Unsupported,
                    SqlState::FEATURE_NOT_SUPPORTED,
                    "this statement cannot be checked",
                )
                .detail(format!("{what}."))
                .at(self.tokens.position(range.start)),
            )),
        }
    }

    /// The state the next statement of the text is judged under.
    pub(super) fn apply(&mut self, step: &Step) {
        self.moved |= step.moves;
        match &step.judged.effect {
            Some(SessionEffect::Set(settings)) => {
                for setting in settings {
                    self.set(&setting.name, &setting.value, setting.local);
                }
            }
            Some(SessionEffect::Reset(_) | SessionEffect::ResetAll | SessionEffect::DiscardAll) => {
                self.spoilt = Some("session variables are reset")
            }
            Some(SessionEffect::Rollback { .. } | SessionEffect::RollbackTo(_))
                if self.purpose_set =>
            {
                self.spoilt = Some("the purpose is rolled back");
            }
            Some(SessionEffect::Commit { .. }) if self.purpose_set => {
                self.spoilt = Some("the purpose may end with its transaction");
            }
            Some(SessionEffect::ChangesCatalog) => self.spoilt = Some("tables are changed"),
            Some(
                SessionEffect::Begin
                | SessionEffect::Commit { .. }
                | SessionEffect::Rollback { .. }
                | SessionEffect::RollbackTo(_)
                | SessionEffect::Savepoint(_)
                | SessionEffect::Release(_)
                | SessionEffect::Prepare(_)
                | SessionEffect::Execute(_)
                | SessionEffect::Deallocate(_)
                | SessionEffect::Declare(_)
                | SessionEffect::Fetch(_)
                | SessionEffect::CloseCursor(_),
            )
            | None => {}
        }
    }

    fn set(&mut self, name: &str, value: &SettingValue, local: bool) {
        match (name, value) {
            ("search_path" | "role" | "session_authorization", _) => {
                self.spoilt = Some("the search path or role is changed");
            }
            ("pgpurpose.purpose", SettingValue::Text(purpose)) => {
                self.purpose_set = true;
                self.access.purpose = Purpose::new(purpose);
                self.access.declared =
                    if local { DeclaredBy::Transaction } else { DeclaredBy::Session };
            }
            (TOKEN_VARIABLE, SettingValue::Token(presented)) => {
                self.purpose_set = true;
                self.access.token = Token::Stands(Arc::clone(&presented.claims));
            }
            // Only to nothing: what is something has been checked, and is one of the above.
            (TOKEN_VARIABLE, SettingValue::Text(_)) => {
                self.purpose_set = true;
                self.access.token = Token::None;
            }
            (other, SettingValue::Text(value)) if other.starts_with("pgpurpose.") => {
                self.purpose_set = true;
                let name = other.trim_start_matches("pgpurpose.").to_owned();
                Arc::make_mut(&mut self.access.variables).insert(name, value.clone());
            }
            (other, SettingValue::Parameter(_) | SettingValue::Default)
                if other.starts_with("pgpurpose.") =>
            {
                self.spoilt = Some("the purpose is not known yet");
            }
            _ => {}
        }
    }

    pub(super) fn product(&self, steps: &[Step]) -> Refused<Rewritten> {
        let enforced = || steps.iter().filter(|step| !step.observe);
        let edits: Vec<Edit> = enforced().flat_map(|step| step.edits.iter().cloned()).collect();
        let product = emit(&self.tokens, &edits);
        let mut open = BTreeMap::new();
        for (relation, count) in steps.iter().flat_map(|step| &step.open) {
            *open.entry(*relation).or_insert(0) += count;
        }
        let limited = |relation: RelationId| {
            matches!(
                self.world.rules.class(relation),
                None | Some(RelationClass::Governed | RelationClass::Internal)
            )
        };
        let approved =
            Approved { tokens: &self.tokens, edits: &edits, open: &open, limited: &limited };
        let deep = enforced().any(|step| step.restricted);
        verify(&product, &approved, &self.world.catalog, &self.access.search_path, deep)?;
        Ok(product)
    }
}

/// What is put behind a statement goes behind the text.
fn only_the_last_is_labelled(steps: &mut [Step]) {
    let Some((_, before)) = steps.split_last_mut() else { return };
    for step in before {
        if step.judged.after.take().is_none() {
            continue;
        }
        step.refusal = Some(Box::new(
            Refusal::new(
                Reason::Unsupported,
                SqlState::FEATURE_NOT_SUPPORTED,
                "a table made of personal data must be the last of its text",
            )
            .hint("Send the statements one by one."),
        ));
    }
}

fn tag(kind: &Kind) -> &'static str {
    match kind {
        Kind::Data { tag, .. }
        | Kind::Harmless { tag, .. }
        | Kind::Ddl { tag, .. }
        | Kind::Code { tag, .. }
        | Kind::Refused { tag, .. } => tag,
        Kind::Execute { explains: false, .. } => "EXECUTE",
        Kind::Execute { explains: true, .. } => "EXPLAIN",
        Kind::CopyTable(_) => "COPY",
    }
}

fn after(what: &str) -> Refusal {
    Refusal::new(
        Reason::Unsupported,
        SqlState::FEATURE_NOT_SUPPORTED,
        "this statement cannot be checked in one text with those before it",
    )
    .detail(format!("Before it in the same text {what}."))
    .hint("Send the statements one by one.")
}
