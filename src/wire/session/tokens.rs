//! Purpose tokens of one session: what stands behind the handles that the server was given in their
//! place. A session's handle means nothing in any other.

use std::collections::VecDeque;
use std::sync::Arc;

use super::state::{Current, Session};
use crate::model::access::{SessionEffect, Setting, SettingValue};
use crate::model::claims::{Claims, Fallen, Presented, TOKEN_VARIABLE, Token};
use crate::model::refusal::Refusal;
use crate::wire::variables::Variables;
use crate::wire::world::World;

/// Tokens one session keeps: those that a rollback or the end of a transaction may bring back.
const TOKENS: usize = 32;

/// The tokens presented last, oldest first.
#[derive(Debug, Default)]
pub(super) struct Tokens(VecDeque<Presented>);

impl Tokens {
    pub fn new(presented: Option<Presented>) -> Tokens {
        Tokens(presented.into_iter().collect())
    }

    fn keep(&mut self, presented: &Presented) {
        self.0.retain(|known| known.handle != presented.handle);
        if self.0.len() >= TOKENS {
            self.0.pop_front();
        }
        self.0.push_back(presented.clone());
    }

    fn find(&self, handle: &str) -> Option<&Arc<Claims>> {
        self.0.iter().find(|known| known.handle == handle).map(|known| &known.claims)
    }
}

impl Session {
    /// The token these variables stand for, if it stands.
    pub(super) fn token(&self, variables: &Variables, world: &dyn World) -> Token {
        let handle = variables.value(TOKEN_VARIABLE).unwrap_or_default();
        if handle.is_empty() {
            return Token::None;
        }
        match self.tokens.find(handle) {
            None => Token::Fallen(Fallen::Forgotten),
            Some(claims) => match world.token_stands(claims) {
                Ok(()) => Token::Stands(Arc::clone(claims)),
                Err(why) => Token::Fallen(why),
            },
        }
    }

    /// A statement that is about to be sent presents these.
    pub(super) fn keep_tokens<'e>(&mut self, effects: impl Iterator<Item = &'e SessionEffect>) {
        for effect in effects {
            let SessionEffect::Set(settings) = effect else { continue };
            for setting in settings {
                if let SettingValue::Token(presented) = &setting.value {
                    self.tokens.keep(presented);
                }
            }
        }
    }
}

impl Current {
    /// Its token stands no longer, though nothing else has changed.
    pub fn has_fallen(&self, world: &dyn World) -> bool {
        matches!(&self.access.token, Token::Stands(claims) if world.token_stands(claims).is_err())
    }
}

/// Refuses a token that does not stand when it is presented.
pub fn check_token(stands: Result<(), Fallen>) -> Result<(), Box<Refusal>> {
    stands.map_err(|why| {
        Box::new(crate::token::refused(match why {
            Fallen::Expired => "It has expired.",
            Fallen::NotYet => "Its time has not come yet.",
            Fallen::KeyGone => "Its key is not among the keys.",
            Fallen::Forgotten => "It is no longer known.",
        }))
    })
}

/// Checks tokens among bound parameters, and gives for each setting what the server is given.
/// A parameter that is a token is one wherever it stands.
pub(super) fn present(
    settings: &mut [Setting],
    bound: &[(usize, u16)],
    world: &dyn World,
) -> Result<Vec<(u16, String)>, Box<Refusal>> {
    let mut handles: Vec<(u16, String)> = Vec::new();
    for (at, number) in bound {
        let Some(setting) = settings.get_mut(*at) else { continue };
        let SettingValue::Text(token) = &setting.value else { continue };
        if setting.name == TOKEN_VARIABLE && !token.is_empty() {
            let presented = world.verify_token(token)?;
            handles.push((*number, presented.handle.clone()));
            setting.value = SettingValue::Token(presented);
        }
    }
    for (at, number) in bound {
        let known = handles.iter().find(|(token, _)| token == number);
        if let (Some((_, handle)), Some(setting)) = (known, settings.get_mut(*at))
            && let SettingValue::Text(text) = &mut setting.value
        {
            text.clone_from(handle);
        }
    }
    Ok(handles)
}
