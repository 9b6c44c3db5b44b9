//! Parameters that change the session: read when they are bound, and where one is a purpose token,
//! the server is given its handle instead.

use super::client::Message;
use super::state::{Session, Turn};
use super::tokens;
use crate::model::access::{SessionEffect, Setting, SettingValue};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::frame::{HEADER_BYTES, put_cstring};
use crate::wire::frontend::{BindNames, BindParameters, put_bind};
use crate::wire::world::World;

/// An effect with its parameters filled in.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    /// `None`: it has none to fill in.
    pub effect: Option<Box<SessionEffect>>,
    /// What the server is given in place of parameters, by number.
    pub handles: Vec<(u16, String)>,
}

impl Session {
    pub(super) fn resolve(
        &self,
        effect: Option<&SessionEffect>,
        values: Option<&[u8]>,
        world: &dyn World,
    ) -> Result<Resolved, Box<Refusal>> {
        let Some(SessionEffect::Set(settings)) = effect else { return Ok(Resolved::default()) };
        let bound: Vec<(usize, u16)> = settings.iter().enumerate().filter_map(numbered).collect();
        if bound.is_empty() {
            return Ok(Resolved::default());
        }
        let read = values.map(BindParameters::read);
        let Some(Ok(parameters)) = read else { return Err(Box::new(value_unreadable())) };
        let mut settings = settings.clone();
        for (at, number) in &bound {
            let Some(setting) = settings.get_mut(*at) else { continue };
            setting.value = match parameters.value(*number) {
                None => return Err(Box::new(value_unreadable())),
                Some(None) => SettingValue::Default,
                Some(Some(bytes)) => SettingValue::Text(self.text_of(bytes)?.to_owned()),
            };
        }
        let handles = tokens::present(&mut settings, &bound, world)?;
        Ok(Resolved { effect: Some(Box::new(SessionEffect::Set(settings))), handles })
    }
}

fn numbered((at, setting): (usize, &Setting)) -> Option<(usize, u16)> {
    match setting.value {
        SettingValue::Parameter(number) => Some((at, number)),
        SettingValue::Text(_) | SettingValue::Token(_) | SettingValue::Default => None,
    }
}

fn value_unreadable() -> Refusal {
    Refusal::new(
        Reason::Limit,
        SqlState::PROGRAM_LIMIT_EXCEEDED,
        "the value of a session variable is missing or too long",
    )
}

/// Forwards a `Bind` under the name that its statement has upstream, with handles in place of
/// tokens; as much of it as has come.
pub(super) fn forward_bind(
    names: &BindNames<'_>,
    upstream: &[u8],
    (values, handles): (Option<&[u8]>, &[(u16, String)]),
    message: &Message<'_>,
    turn: &mut Turn,
) {
    if let (false, Some(Ok(parameters))) = (handles.is_empty(), values.map(BindParameters::read)) {
        turn.onward.own(|out| put_bind(out, (names.portal, upstream), &parameters, handles));
        return;
    }
    if *upstream == *names.statement {
        turn.onward.forward(message.start..message.end);
        return;
    }
    let named = names.portal.len() + upstream.len() + 2;
    let length = 4 + named + message.total.saturating_sub(HEADER_BYTES + names.bytes);
    turn.onward.own(|out| {
        out.push(b'B');
        out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
        put_cstring(out, names.portal);
        put_cstring(out, upstream);
    });
    turn.onward.forward(message.start + HEADER_BYTES + names.bytes..message.end);
}
