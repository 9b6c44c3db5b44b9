//! SET and set_config: what they change, and what a session may not change.

use super::isolation;
use super::text::{Context, Step};
use crate::catalog::settings::forbidden_setting;
use crate::model::access::{Access, SessionEffect, Setting, SettingValue};
use crate::model::claims::TOKEN_VARIABLE;
use crate::model::privacy::Purpose;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::snapshot::Snapshot;
use crate::sql::emit::Edit;
use crate::sql::lexer::TokenKind;
use crate::sql::resolve::Refused;
use crate::sql::tokens::{TokenRange, Tokens, spell_text};
use crate::sql::tree::{Body, Expr, Item, Query, Select};

/// Refuses a change that would open a gap between what is read here and what the server reads, or
/// a purpose the role may not claim.
pub fn check(effect: Option<&SessionEffect>, world: &Snapshot, access: &Access) -> Refused<()> {
    let Some(SessionEffect::Set(settings)) = effect else { return Ok(()) };
    for setting in settings {
        forbidden(&setting.name, &setting.value)?;
        if let ("pgpurpose.purpose", SettingValue::Text(purpose)) =
            (setting.name.as_str(), &setting.value)
            && !purpose.is_empty()
        {
            world.ruleset.may_claim(access, &Purpose::new(purpose))?;
        }
    }
    Ok(())
}

/// A statement that does nothing but change the session.
pub fn step(
    context: &Context<'_>,
    tag: &'static str,
    effect: Option<SessionEffect>,
    range: TokenRange,
) -> Refused<Step> {
    let scope = isolation::scope(context.tokens, range, effect.as_ref());
    let (effect, edits) = present(context, effect, range)?;
    let mut step = Step { edits, ..Step::harmless(tag, effect) };
    step.judged.isolation = scope;
    Ok(step)
}

/// Checks a token that a statement presents, and puts its handle in its place: the server is not
/// to have it in its log, its statistics or its variables.
fn present(
    context: &Context<'_>,
    effect: Option<SessionEffect>,
    range: TokenRange,
) -> Refused<(Option<SessionEffect>, Vec<Edit>)> {
    let mut settings = match effect {
        Some(SessionEffect::Set(settings)) => settings,
        other => return Ok((other, Vec::new())),
    };
    let mut edits: Vec<Edit> = Vec::new();
    for setting in settings.iter_mut().filter(|setting| setting.name == TOKEN_VARIABLE) {
        let SettingValue::Text(token) = &setting.value else { continue };
        if token.is_empty() {
            continue;
        }
        let is_it = |kind: &TokenKind| matches!(kind, TokenKind::Text(text) if text == token);
        let places: Vec<usize> = (range.start..range.end)
            .filter(|at| context.tokens.kind(*at).is_some_and(is_it))
            .collect();
        if places.is_empty() {
            return Err(Box::new(
                Refusal::new(Reason::Token, SqlState::SYNTAX_ERROR, "a purpose token is one text")
                    .hint("SET pgpurpose.token = '...'"),
            ));
        }
        let presented = context.world.verify_token(token)?;
        let handle = spell_text(&presented.handle);
        for place in places {
            let edit = Edit::replace(TokenRange::new(place, place + 1), handle.as_str());
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
        setting.value = SettingValue::Token(presented);
    }
    Ok((Some(SessionEffect::Set(settings)), edits))
}

/// Refuses what may not be set to a value. Back to its default may be whatever it was at login.
pub fn forbidden(name: &str, value: &SettingValue) -> Refused<()> {
    let why = match value {
        SettingValue::Default | SettingValue::Token(_) => None,
        SettingValue::Text(text) => forbidden_setting(name, Some(text)),
        SettingValue::Parameter(_) => forbidden_setting(name, None),
    };
    let Some(why) = why else { return Ok(()) };
    Err(Box::new(
        Refusal::new(
            Reason::Unsupported,
            SqlState::FEATURE_NOT_SUPPORTED,
            format!("parameter \"{name}\" cannot be changed through the proxy"),
        )
        .detail(format!("With it {why}.")),
    ))
}

fn is_true(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "on" | "true" | "yes" | "1" | "t" | "y")
}

/// `SELECT set_config(name, value, is_local), …`, nothing else in it. `None`: another query.
pub fn set_config(query: &Query, tokens: &Tokens<'_>) -> Refused<Option<Vec<Setting>>> {
    let Some(select) = lone_select(query) else { return Ok(None) };
    let mut settings = Vec::new();
    for item in &select.items {
        let Item::Expr { expr: Expr::Call(call), alias: _ } = item else { return Ok(None) };
        let names: Vec<_> = call.name.iter().filter_map(|p| tokens.name(*p)).collect();
        let names: Vec<_> = names.into_iter().map(|name| name.as_str()).collect();
        if !matches!(names.as_slice(), ["set_config"] | ["pg_catalog", "set_config"])
            || !call.parts.is_empty()
            || call.window.is_some()
        {
            return Ok(None);
        }
        let read = match call.args.as_slice() {
            [name, value, local] => read_setting(name, value, local, tokens),
            _ => None,
        };
        let Some(setting) = read else { return Ok(None) };
        settings.push(setting);
    }
    Ok((!settings.is_empty()).then_some(settings))
}

fn lone_select(query: &Query) -> Option<&Select> {
    let Body::Select(select) = &query.body else { return None };
    let alone = query.with.is_empty()
        && query.order_by.is_empty()
        && query.limits.is_empty()
        && query.locked.is_empty()
        && select.from.is_empty()
        && select.filter.is_none()
        && select.group_by.is_empty()
        && select.having.is_none()
        && select.distinct_on.is_empty()
        && select.windows.is_empty();
    alone.then_some(select)
}

fn read_setting(name: &Expr, value: &Expr, local: &Expr, tokens: &Tokens<'_>) -> Option<Setting> {
    let TokenKind::Text(name) = constant(name, tokens)? else { return None };
    let local = match constant(local, tokens)? {
        TokenKind::Word(word) => word.as_str() == "true",
        TokenKind::Text(text) => is_true(text),
        _ => return None,
    };
    let value = match constant(value, tokens)? {
        TokenKind::Text(text) => SettingValue::Text(text.clone()),
        TokenKind::Parameter(number) => SettingValue::Parameter(*number),
        TokenKind::Word(word) if word.as_str() == "null" => SettingValue::Text(String::new()),
        _ => return None,
    };
    Some(Setting { name: name.to_ascii_lowercase(), value, local })
}

/// The token of a constant, casts aside.
fn constant<'t>(expr: &Expr, tokens: &'t Tokens<'_>) -> Option<&'t TokenKind> {
    match expr.bare() {
        Expr::Constant(place) => tokens.kind(*place),
        Expr::Parts { parts, .. } | Expr::Strict(parts) => match parts.as_slice() {
            [inner] => constant(inner, tokens),
            _ => None,
        },
        Expr::Column(_)
        | Expr::Row(_)
        | Expr::And(_, _)
        | Expr::Equal(_, _)
        | Expr::Sum(_, _)
        | Expr::Paren(_)
        | Expr::Call(_)
        | Expr::Field(_, _)
        | Expr::Query(_) => None,
    }
}

/// `/*purpose='ads'*/` before the first or after the last token (values URL-encoded, as in
/// sqlcommenter). A text that holds two such comments declares none.
pub fn purpose_in_comment(tokens: &Tokens<'_>) -> Option<Purpose> {
    let first = tokens.lexed.tokens.first().map_or(0, |t| t.start);
    let last = tokens.lexed.tokens.iter().rev().find(|t| t.kind != TokenKind::Punctuation(';'));
    let last = last.map_or(0, |t| t.end);
    let mut found = tokens
        .lexed
        .comments
        .iter()
        .filter(|c| c.end <= first || c.start >= last)
        .filter_map(|c| declared(tokens.text.get(c.start..c.end)?));
    let purpose = found.next()?;
    found.next().is_none().then(|| Purpose::new(&purpose))
}

fn declared(comment: &str) -> Option<String> {
    let body = comment.strip_prefix("/*")?.strip_suffix("*/")?;
    let mut values = body.split(',').filter_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        let value = value.trim().strip_prefix('\'')?.strip_suffix('\'')?;
        (key.trim() == "purpose").then_some(value)
    });
    let value = values.next()?;
    let plain = value.replace("%2E", ".").replace("%2e", ".");
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (values.next().is_none() && !plain.is_empty() && plain.chars().all(named)).then_some(plain)
}
