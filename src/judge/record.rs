//! What is written down about a judged statement. Never a value: literals become `?`.

use std::collections::{BTreeMap, BTreeSet};

use super::closed::calls_store;
use super::text::Context;
use crate::catalog::Catalog;
use crate::model::access::Access;
use crate::model::record::{JudgedPart, RefusedPart};
use crate::model::refusal::Refusal;
use crate::model::ruling::{
    Action, Before, ColumnRuling, Condition, Decision, RelationClass, SiteRuling,
};
use crate::model::usage::{SiteUse, Uses};
use crate::sql::lexer::TokenKind;
use crate::sql::resolve::Resolution;
use crate::sql::rewrite::relation_names;
use crate::sql::tokens::{TokenRange, Tokens};

/// The record of a statement: of what is decided of its tables, or that it calls the consent
/// store.
pub fn of_statement(
    context: &Context<'_>,
    statement: &str,
    range: TokenRange,
    (resolution, (uses, decision)): (&Resolution, (&Uses, &Decision)),
) -> Option<JudgedPart> {
    let of_tables = of_decision(context, statement, range, uses, decision);
    let called = of_tables.is_none() && calls_store(context, resolution);
    of_tables.or_else(|| called.then(|| unchecked(context, statement, range)))
}

/// The record of a decision; `None` where nothing personal is touched and no rule says `log`.
pub fn of_decision(
    context: &Context<'_>,
    statement: &str,
    range: TokenRange,
    uses: &Uses,
    decision: &Decision,
) -> Option<JudgedPart> {
    let counts = |site: &SiteRuling| {
        matches!(
            site.class,
            RelationClass::Governed | RelationClass::NotCovered | RelationClass::Internal
        )
    };
    if !decision.log && decision.refusal.is_none() && !decision.sites.iter().any(counts) {
        return None;
    }
    let (catalog, access) = (&context.world.catalog, context.access);
    let mut part = begun(access, statement, normalized(context.tokens, range));
    part.tables = relation_names(catalog, uses.sites.iter().map(|site| site.relation));
    part.evidence = context.world.rules.evidence(access);
    part.observed = decision.observe;
    part.rules = decision.because.iter().map(|r| format!("{} ({})", r.id, r.place)).collect();
    part.rules.dedup();
    let mut strictest = Action::Allow;
    let mut categories: BTreeMap<String, Action> = BTreeMap::new();
    for (site, used) in decision.sites.iter().zip(&uses.sites) {
        for (name, ruling) in treatments(catalog, site, used) {
            let action = ruling.strictest();
            strictest = strictest.max(action);
            part.columns.insert(name, treatment_of(ruling));
            for category in &ruling.categories {
                let before = categories.entry(category.as_str().to_owned()).or_insert(action);
                *before = (*before).max(action);
            }
        }
    }
    part.categories = categories.into_iter().map(|(c, a)| (c, a.word())).collect();
    part.filters = filters(decision);
    part.advice = decision.advice.iter().copied().collect();
    part.decision = match strictest {
        Action::Allow => "allow",
        Action::Mask(_) | Action::Aggregate | Action::Hide | Action::Block => "mask",
    };
    if let Some(refusal) = &decision.refusal {
        refuse(&mut part, refusal, decision.observe);
    }
    Some(part)
}

/// The record of a statement that was refused before anything could be decided.
pub fn refused(
    access: &Access,
    statement: &str,
    normalized: String,
    refusal: &Refusal,
    observe: bool,
) -> JudgedPart {
    let mut part = begun(access, statement, normalized);
    refuse(&mut part, refusal, observe);
    part
}

/// The record of code that was let through without being judged.
pub fn unchecked(context: &Context<'_>, statement: &str, range: TokenRange) -> JudgedPart {
    begun(context.access, statement, normalized(context.tokens, range))
}

/// Puts a refusal into a record.
pub fn refuse(part: &mut JudgedPart, refusal: &Refusal, observe: bool) {
    part.decision = "block";
    part.observed = observe;
    part.refusal = Some(RefusedPart {
        reason: refusal.reason.as_str(),
        sqlstate: refusal.sqlstate.0,
        message: refusal.message.clone(),
        rule: refusal.rule.as_ref().map(|rule| format!("{} ({})", rule.id, rule.place)),
    });
}

/// A statement with its literals replaced, white space and comments drawn together.
pub fn normalized(tokens: &Tokens<'_>, range: TokenRange) -> String {
    let mut text = String::new();
    let mut end = None;
    for token in range.start..range.end {
        let Some(at) = tokens.lexed.tokens.get(token) else { break };
        if end.is_some_and(|end| end != at.start) {
            text.push(' ');
        }
        end = Some(at.end);
        match at.kind {
            TokenKind::Text(_) | TokenKind::Bits(_, _) | TokenKind::Number => text.push('?'),
            _ => text.push_str(&tokens.spelling(token)),
        }
    }
    text
}

fn begun(access: &Access, statement: &str, normalized: String) -> JudgedPart {
    JudgedPart {
        decision: "allow",
        statement: statement.to_owned(),
        normalized,
        purpose: access.purpose.as_str().to_owned(),
        declared: access.declared.as_str(),
        ..JudgedPart::default()
    }
}

/// Each governed column used at a site, and what is said of it.
fn treatments<'s>(
    catalog: &Catalog,
    site: &'s SiteRuling,
    used: &SiteUse,
) -> Vec<(String, &'s ColumnRuling)> {
    let Some(relation) = catalog.relation(site.relation) else { return Vec::new() };
    let numbers: BTreeSet<i16> =
        used.read.iter().chain(&used.lookup).chain(&used.written).copied().collect();
    let governed = numbers.into_iter().filter_map(|number| {
        let ruling = site.columns.get(&number)?;
        let column = relation.column_number(number)?;
        Some((format!("{}.{}", relation.name, column.name), ruling))
    });
    governed.collect()
}

/// What becomes of a column: `allow`, or `allow, mask.year before 4` where people who have not been
/// told of version 4 of the policy are shown less.
pub fn treatment_of(ruling: &ColumnRuling) -> String {
    let before = |b: &Before| format!(", {} before {}", b.action.word(), b.version);
    let older: String = ruling.before.iter().rev().map(before).collect();
    ruling.action.word() + &older
}

fn filters(decision: &Decision) -> Vec<&'static str> {
    let words: BTreeSet<&'static str> = decision.sites.iter().flat_map(guards).collect();
    words.into_iter().collect()
}

/// The conditions on people that apply at a site.
pub fn guards(site: &SiteRuling) -> BTreeSet<&'static str> {
    let mut words = BTreeSet::new();
    let of_cells = site.columns.values().flat_map(|column| &column.conditions);
    for condition in site.row_conditions.iter().chain(of_cells) {
        name(condition, &mut words);
    }
    if site.columns.values().any(|column| !column.before.is_empty()) {
        words.insert("version");
    }
    words
}

fn name(condition: &Condition, words: &mut BTreeSet<&'static str>) {
    match condition {
        Condition::Consent(_) => {
            words.insert("consent");
        }
        Condition::Adult => {
            words.insert("minor");
        }
        Condition::NotCancelled => {
            words.insert("cancelled");
        }
        Condition::NotLocked => {
            words.insert("locked");
        }
        Condition::SeenVersion(_) => {
            words.insert("version");
        }
        Condition::OneOf(_) | Condition::Listed(_) => {
            words.insert("listed");
        }
        Condition::Any(any) => any.iter().for_each(|c| name(c, words)),
    }
}
