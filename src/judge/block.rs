//! DO: a block that only puts statements in order is judged by its statements, each as if it were
//! sent alone; any other takes a role that the rules trust with code.
//!
//! Which of its branches is taken, and which errors it passes over, follows from what its client
//! could ask and see by sending the statements. Personal data is not touched inside: what is read
//! there has no result, and its record and its errors belong to a statement of its own.

use super::code;
use super::text::{Context, Sequence, Step, unreadable};
use crate::model::access::{Access, SessionEffect};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::snapshot::Snapshot;
use crate::sql::Rewritten;
use crate::sql::block::{Part, parts};
use crate::sql::emit::{Edit, emit};
use crate::sql::lexer::{TokenKind, lex};
use crate::sql::resolve::Refused;
use crate::sql::tokens::{TokenRange, Tokens, spell_text};

/// What asks a condition.
const ASKED: &str = "SELECT ";

/// Judges `DO 'text'`; `body`: where the text stands.
pub fn judge(context: &Context<'_>, body: usize, range: TokenRange) -> Refused<Step> {
    let Some(TokenKind::Text(text)) = context.tokens.kind(body) else {
        return Err(code::unchecked(context, "DO", range));
    };
    let block = Block { context, body, text, range };
    let mut step = Step::harmless("DO", Some(SessionEffect::ChangesCatalog));
    let product = block.judged(&mut step)?;
    step.edits = vec![Edit::replace(TokenRange::new(body, body + 1), spell_text(product.text()))];
    Ok(step)
}

struct Block<'a> {
    context: &'a Context<'a>,
    body: usize,
    text: &'a str,
    range: TokenRange,
}

impl Block<'_> {
    /// What is sent as its text.
    fn judged(&self, step: &mut Step) -> Refused<Rewritten> {
        let lexed = lex(self.text).map_err(|error| self.unchecked(error.message, error.at))?;
        let tokens = Tokens::new(self.text, lexed);
        let parts = parts(&tokens).map_err(|unread| {
            let byte = tokens.lexed.tokens.get(unread.at).map_or(self.text.len(), |t| t.start);
            self.unchecked(unread.why, byte)
        })?;
        let mut edits = Vec::new();
        for part in parts {
            let (range, before, text) = match part {
                Part::Statement(range) => (range, "", tokens.text_of(range).to_owned()),
                Part::Condition(range) => {
                    (range, ASKED, format!("{ASKED}{}", tokens.text_of(range)))
                }
                Part::Text(at) => match tokens.kind(at) {
                    Some(TokenKind::Text(text)) => {
                        (TokenRange::new(at, at + 1), "", text.to_owned())
                    }
                    _ => return Err(code::unchecked(self.context, "DO", self.range)),
                },
            };
            let byte = tokens.lexed.tokens.get(range.start).map_or(0, |token| token.start);
            let judged = self.part(&text, (byte, before.len(), part))?;
            step.judged.blind |= judged.blind;
            step.relies |= judged.relies;
            let product = judged.product.text();
            let product = product.strip_prefix(before).unwrap_or(product);
            let product = match part {
                Part::Text(_) => spell_text(product),
                Part::Statement(_) | Part::Condition(_) => product.to_owned(),
            };
            edits.push(Edit::replace(range, product));
        }
        Ok(emit(&tokens, &edits))
    }

    /// Judges one part; `place`: where it begins, the length of what stands before it, what it is.
    fn part(&self, text: &str, place: (usize, usize, Part)) -> Refused<Judged> {
        let (byte, before, kind) = place;
        let judged = judge_part(self.context.world, self.context.access, text);
        let judged = judged.map_err(|mut refusal| {
            // It may be made within the block, or a handler may wait for its absence.
            const ABSENT: [SqlState; 2] = [SqlState::UNDEFINED_TABLE, SqlState::UNDEFINED_COLUMN];
            if ABSENT.contains(&refusal.sqlstate) {
                return self.unchecked("It names what is not there when it begins", byte);
            }
            let within = refusal.position.filter(|_| !matches!(kind, Part::Text(_)));
            let within = within.map_or(0, |at| at.saturating_sub(before + 1));
            refusal.position = Some(self.position(byte) + within);
            refusal
        })?;
        match (judged.personal, judged.effect) {
            (true, _) => Err(self.unchecked("It reads or writes personal data", byte)),
            (_, true) => Err(self.unchecked("It changes the session, or labels a table", byte)),
            _ => Ok(judged),
        }
    }

    fn unchecked(&self, why: &str, byte: usize) -> Box<Refusal> {
        let refusal = *code::unchecked(self.context, "DO", self.range);
        Box::new(refusal.detail(format!("{why}.")).at(self.position(byte)))
    }

    /// The client's position of a byte of the text, where it stands there as it is read.
    fn position(&self, byte: usize) -> usize {
        let tokens = self.context.tokens;
        let start = tokens.position(self.body);
        let source = tokens.source(self.body);
        match (source.find(self.text), self.text.get(..byte)) {
            (Some(at), Some(before)) => {
                let quote = source.get(..at).unwrap_or("").chars().count();
                start + quote + before.chars().count()
            }
            _ => start,
        }
    }
}

/// What judging a text that stands within another one has come to.
struct Judged {
    product: Rewritten,
    blind: bool,
    /// It reads or writes personal data, or must be recorded.
    personal: bool,
    /// It does something to the session.
    effect: bool,
    relies: bool,
}

/// Judges a text that stands within another one, under the same purpose.
fn judge_part(world: &Snapshot, access: &Access, text: &str) -> Refused<Judged> {
    let lexed = lex(text).map_err(|error| Box::new(unreadable(text, &error)))?;
    let tokens = Tokens::new(text, lexed);
    let mut sequence = Sequence::begin(world, access.clone(), tokens, false);
    let statements = sequence.tokens.statements();
    if let Some(at) = statements.iter().find(|range| sequence.tokens.is_word(range.start, "do")) {
        let refusal = Refusal::new(
            Reason::Unsupported,
            SqlState::FEATURE_NOT_SUPPORTED,
            "a block within a block is not judged",
        );
        return Err(Box::new(refusal.at(sequence.tokens.position(at.start))));
    }
    let mut steps = Vec::new();
    for range in statements {
        let step = sequence.step(range);
        sequence.apply(&step);
        steps.push(step);
    }
    if let Some(refusal) = steps.iter().find_map(|step| step.refusal.clone()) {
        return Err(refusal);
    }
    let personal = |step: &Step| {
        let recorded = step.judged.record.is_some();
        step.governed || step.moves || step.restricted || step.observe || recorded
    };
    let lasts = |step: &Step| {
        let changes = matches!(step.judged.effect, None | Some(SessionEffect::ChangesCatalog));
        !changes || step.judged.after.is_some()
    };
    Ok(Judged {
        product: sequence.product(&steps)?,
        blind: steps.iter().any(|step| step.judged.blind),
        personal: steps.iter().any(personal),
        effect: steps.iter().any(lasts),
        relies: steps.iter().any(|step| step.relies),
    })
}
