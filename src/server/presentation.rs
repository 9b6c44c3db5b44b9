//! The purpose token of a start-up packet: checked, and kept from the server.

use super::judging::{Shared, now_s};
use super::login::Closed;
use crate::model::claims::{Presented, TOKEN_VARIABLE};
use crate::wire::session;
use crate::wire::startup::Startup;

/// A start-up packet that no longer holds a token.
pub struct Presentation {
    pub startup: Startup,
    pub variables: Vec<(String, String)>,
    pub token: Option<Presented>,
}

/// Checks the purpose token of a start-up packet, and puts its handle in its place.
pub fn present(
    shared: &Shared,
    startup: Startup,
    mut variables: Vec<(String, String)>,
) -> Result<Presentation, Closed> {
    let last = variables.iter().rev().find(|(name, _)| name == TOKEN_VARIABLE);
    let Some((_, token)) = last.filter(|(_, token)| !token.is_empty()).cloned() else {
        return Ok(Presentation { startup, variables, token: None });
    };
    let snapshot = shared.gateway.snapshot.load();
    let presented = snapshot.verify_token(&token)?;
    session::check_token(snapshot.token_stands(&presented.claims, now_s()))?;
    for (_, value) in variables.iter_mut().filter(|(name, _)| name == TOKEN_VARIABLE) {
        value.clone_from(&presented.handle);
    }
    let startup = startup.with_handle(&presented.handle)?;
    Ok(Presentation { startup, variables, token: Some(presented) })
}
