//! The dialogue between start-up and the first ReadyForQuery, relayed message by message.
//!
//! Authentication is between client and server; what is looked at is whether a credential was
//! asked for at all, and that no channel binding is offered that could not hold across a relay.

use super::backend::{self, Fields};
use super::frame::{Body, Broken, put_cstring, put_message};
use crate::model::refusal::{Reason, Refusal, SqlState};

/// The longest message of a client that has not authenticated, in bytes.
pub const AUTHENTICATION_BYTES: usize = 10_000;

/// The longest message of the server during login, in bytes (an error, at most).
pub const SERVER_LOGIN_BYTES: usize = 64 << 10;

/// What is to be done with a message of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send it on as it is.
    Relay,
    /// Send it on; the client must answer before the server says more.
    RelayAndAsk,
    /// Send this instead; the client must answer before the server says more.
    ReplaceAndAsk(Vec<u8>),
    /// Send it on; the server has ended the connection.
    Failed,
    /// The key with which a statement of this session can be cancelled.
    Key { process: i32, secret: i32 },
    /// The session is open.
    Ready,
}

/// Follows one login.
#[derive(Clone, Debug, Default)]
pub struct Login {
    asked: bool,
    authenticated: bool,
    /// A server that asks for no credential is acceptable.
    allow_trust: bool,
    /// `client_encoding` as reported.
    pub client_encoding: String,
    /// `standard_conforming_strings` as reported.
    pub conforming_strings: bool,
}

impl Login {
    /// `allow_trust`: a server that asks for no credential is acceptable.
    pub fn new(allow_trust: bool) -> Login {
        Login { allow_trust, ..Login::default() }
    }

    /// Takes one message of the server.
    pub fn on_server(&mut self, tag: u8, body: &[u8]) -> Result<Step, Box<Refusal>> {
        let step = match tag {
            b'R' => return self.on_authentication(body),
            b'E' => Ok(Step::Failed),
            b'N' => Ok(Step::Relay),
            b'S' if self.authenticated => self.on_parameter(body),
            b'K' if self.authenticated => {
                backend::key(body).map(|(process, secret)| Step::Key { process, secret })
            }
            b'Z' if self.authenticated => backend::ready(body).map(|_| Step::Ready),
            _ => Err(Broken("unexpected message from the server during authentication")),
        };
        step.map_err(|broken| Box::new(broken.to_refusal()))
    }

    fn on_parameter(&mut self, body: &[u8]) -> Result<Step, Broken> {
        let (name, value) = backend::parameter(body)?;
        match name {
            b"client_encoding" => {
                self.client_encoding = String::from_utf8_lossy(value).into_owned();
            }
            b"standard_conforming_strings" => self.conforming_strings = value == b"on",
            _ => {}
        }
        Ok(Step::Relay)
    }

    fn on_authentication(&mut self, body: &[u8]) -> Result<Step, Box<Refusal>> {
        let broken = |broken: Broken| Box::new(broken.to_refusal());
        let mut body = Body::new(body);
        match body.int32().map_err(broken)? {
            0 if !self.asked && !self.allow_trust => Err(Box::new(no_credential())),
            0 => {
                self.authenticated = true;
                Ok(Step::Relay)
            }
            // Clear text, MD5: one question, one answer.
            3 | 5 if !self.authenticated => {
                self.asked = true;
                Ok(Step::RelayAndAsk)
            }
            // SASL: mechanisms, then challenges.
            10 if !self.authenticated => {
                let offer = without_channel_binding(body).map_err(broken)?;
                self.asked = true;
                offer.map(Step::ReplaceAndAsk).ok_or_else(|| Box::new(unsupported_method()))
            }
            11 if self.asked && !self.authenticated => Ok(Step::RelayAndAsk),
            12 if self.asked && !self.authenticated => Ok(Step::Relay),
            _ => Err(Box::new(unsupported_method())),
        }
    }
}

/// The offer without mechanisms that bind to the channel; `None` if nothing we know is left.
fn without_channel_binding(mut body: Body<'_>) -> Result<Option<Vec<u8>>, Broken> {
    let mut left = Vec::new();
    loop {
        match body.cstring()? {
            b"" => break,
            b"SCRAM-SHA-256" => left.push(b"SCRAM-SHA-256"),
            _ => {}
        }
    }
    body.end()?;
    if left.is_empty() {
        return Ok(None);
    }
    let mut message = Vec::new();
    put_message(&mut message, b'R', |out| {
        out.extend(10i32.to_be_bytes());
        for mechanism in left {
            put_cstring(out, mechanism);
        }
        out.push(0);
    });
    Ok(Some(message))
}

fn no_credential() -> Refusal {
    Refusal::new(
        Reason::Protocol,
        SqlState::INVALID_AUTHORIZATION,
        "the server accepted this connection without asking for a credential",
    )
    .detail("Whoever reaches the proxy could log in as any role.")
    .hint(
        "Require a password for the proxy's address in pg_hba.conf, or set \"allow_server_trust\".",
    )
}

fn unsupported_method() -> Refusal {
    Refusal::new(
        Reason::Protocol,
        SqlState::INVALID_AUTHORIZATION,
        "the server asks for an authentication method that the proxy does not relay",
    )
    .hint("Use scram-sha-256, md5 or password for the proxy's address in pg_hba.conf.")
}

/// Whether an error of the server says that the login itself failed.
pub fn is_authentication_failure(body: &[u8]) -> bool {
    Fields::read(body).is_ok_and(|fields| fields.sqlstate().starts_with(b"28"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(login: &mut Login, tag: u8, body: &[u8]) -> Result<Step, Box<Refusal>> {
        login.on_server(tag, body)
    }

    #[test]
    fn a_server_that_asks_for_no_credential_is_refused_unless_allowed() {
        let mut login = Login::default();
        let refused = on(&mut login, b'R', &[0, 0, 0, 0]).unwrap_err();
        assert_eq!(refused.sqlstate.0, "28000");
        let mut login = Login { allow_trust: true, ..Login::default() };
        assert_eq!(on(&mut login, b'R', &[0, 0, 0, 0]), Ok(Step::Relay));
        let mut login = Login::default();
        assert_eq!(on(&mut login, b'R', &[0, 0, 0, 3]), Ok(Step::RelayAndAsk));
        assert_eq!(on(&mut login, b'R', &[0, 0, 0, 0]), Ok(Step::Relay));
    }

    #[test]
    fn channel_binding_is_not_offered() {
        let mut login = Login::default();
        let offer = b"\0\0\0\x0aSCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0";
        let left = b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0".to_vec();
        assert_eq!(on(&mut login, b'R', offer), Ok(Step::ReplaceAndAsk(left)));
        let only = b"\0\0\0\x0aSCRAM-SHA-256-PLUS\0\0";
        assert!(on(&mut Login::default(), b'R', only).is_err());
        for method in [2u8, 6, 7, 8, 9] {
            assert!(on(&mut Login::default(), b'R', &[0, 0, 0, method]).is_err());
        }
    }

    #[test]
    fn nothing_opens_a_session_before_authentication() {
        for tag in [b'Z', b'K', b'S', b'D', b'T'] {
            assert!(on(&mut Login::default(), tag, b"I").is_err());
        }
    }
}
