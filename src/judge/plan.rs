//! What a judgement comes to for every text of the same shape.
//!
//! Two texts have the same shape if they differ in literals alone. What is decided, put in and
//! recorded does not depend on a literal of a query: our pieces name literals by their place. So a
//! text whose shape was judged before, under the same stamp, only has to be spelt. Statements that
//! change the session, and calls that are judged by a literal, are never reused.

use std::sync::Arc;

use super::text::Step;
use super::{Judged, Judgement, Verdict, text};
use crate::model::access::Access;
use crate::snapshot::Snapshot;
use crate::sql::emit::{Edit, emit};
use crate::sql::lexer::{Lexed, TokenKind, lex};
use crate::sql::tokens::Tokens;

/// A text as far as its literals do not matter.
pub struct Shape<'a> {
    tokens: Tokens<'a>,
    key: String,
}

impl<'a> Shape<'a> {
    /// `None`: the text has no shape to go by (it cannot be read, or declares something in a
    /// comment).
    pub fn of(text: &'a str) -> Option<Shape<'a>> {
        let lexed = lex(text).ok()?;
        if !lexed.comments.is_empty() || lexed.tokens.is_empty() {
            return None;
        }
        let key = key(text, &lexed);
        Some(Shape { tokens: Tokens::new(text, lexed), key })
    }

    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Names and operators as they are read, literals by their kind.
fn key(text: &str, lexed: &Lexed) -> String {
    let mut key = String::with_capacity(text.len());
    for token in &lexed.tokens {
        match &token.kind {
            TokenKind::Word(name) => key.push_str(name.as_str()),
            TokenKind::Quoted(name) => key.push_str(&name.to_quoted()),
            // Whether a pattern has an escape decides whether matching it may raise an error.
            TokenKind::Text(text) => key.push(if text.contains('\\') { '\\' } else { '\'' }),
            // LIMIT 1 makes a sub-select one that gives a single value.
            TokenKind::Number => {
                let one = &text[token.start..token.end] == "1";
                key.push(if one { '1' } else { '0' });
            }
            TokenKind::Bits(prefix, _) => {
                key.push('\'');
                key.push(*prefix);
            }
            TokenKind::Parameter(_)
            | TokenKind::Operator(_)
            | TokenKind::Punctuation(_)
            | TokenKind::Cast
            | TokenKind::ColonEquals
            | TokenKind::DotDot => key.push_str(&text[token.start..token.end]),
        }
        key.push(' ');
    }
    key
}

/// What is put in for a shape, and what is recorded.
#[derive(Clone, Debug)]
pub struct Plan {
    edits: Vec<Edit>,
    statements: Vec<Judged>,
}

impl Plan {
    /// What the steps of a judged text come to for all texts of its shape, if it can be said.
    pub(super) fn of(steps: &[Step]) -> Option<Plan> {
        let reusable = steps.iter().all(|step| {
            step.reusable && step.refusal.is_none() && !step.observe && step.judged.effect.is_none()
        });
        reusable.then(|| Plan {
            edits: steps.iter().flat_map(|step| step.edits.iter().cloned()).collect(),
            statements: steps.iter().map(|step| step.judged.clone()).collect(),
        })
    }

    /// The judgement of a text of the plan's shape.
    pub fn fill(&self, shape: &Shape<'_>) -> Judgement {
        Judgement {
            verdict: Verdict::Forward(emit(&shape.tokens, &self.edits)),
            statements: self.statements.iter().map(|judged| read(judged, shape)).collect(),
        }
    }
}

/// A judged statement with the ids of people that this text names.
fn read(judged: &Judged, shape: &Shape<'_>) -> Judged {
    let persons = judged.persons.as_ref();
    let persons = persons.map(|persons| Arc::new(persons.read_literals(&shape.tokens)));
    Judged { persons, ..judged.clone() }
}

/// Judges a text, and says what that comes to for all texts of its shape.
pub fn judge(world: &Snapshot, access: &Access, text: &str) -> (Judgement, Option<Plan>) {
    text::judge(world, access, text)
}
