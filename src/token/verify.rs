//! A token → what it says, if one of the keys has signed it for this proxy. When it stands is said
//! and not judged: time is asked at each use.
//!
//! The algorithm is that of the key, never one the token chooses; keys and addresses of keys in
//! the header are not looked at (RFC 8725).

use std::hash::{Hash, Hasher};

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header};
use sha2::{Digest, Sha256};

use super::keys::Keys;
use super::payload::{Claim, Payload};
use crate::model::claims::{Claims, Presented};
use crate::model::names::Name;
use crate::model::privacy::Purpose;
use crate::model::refusal::{Reason, Refusal, SqlState};

/// Longest token, in bytes: a start-up packet has 10 000 for everything.
pub const TOKEN_BYTES: usize = 8 << 10;
/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// Which tokens are taken.
#[derive(Clone, Debug)]
pub struct Verifier {
    pub keys: Keys,
    /// Must be among the token's `aud`.
    pub audience: String,
    /// Must be the token's `iss`, if one is named.
    pub issuer: Option<String>,
    /// How far the clocks may be apart, in seconds.
    pub leeway_s: i64,
}

/// For the stamp of what was judged under it.
impl Hash for Verifier {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.keys.thumbprints().for_each(|key| key.hash(state));
        (&self.audience, &self.issuer, self.leeway_s).hash(state);
    }
}

/// What the server is given in place of a token: a digest, which opens nothing.
pub fn handle_of(token: &str) -> String {
    let digest = Sha256::digest(token.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

impl Verifier {
    /// Reads and checks a token. The refusal says what is wrong and nothing of the token.
    pub fn verify(&self, token: &str) -> Result<Presented, Box<Refusal>> {
        let claims = self.claims(token).map_err(|why| Box::new(refused(why)))?;
        Ok(Presented { handle: handle_of(token), claims: std::sync::Arc::new(claims) })
    }

    fn claims(&self, token: &str) -> Result<Claims, &'static str> {
        if token.len() > TOKEN_BYTES {
            return Err("It is too long.");
        }
        let header = decode_header(token).map_err(|_| "It is not a signed token.")?;
        let algorithm = acceptable(&header)?;
        let mut known = self.keys.find(header.kid.as_deref(), algorithm).peekable();
        if known.peek().is_none() {
            return Err("None of the keys here is the one it names.");
        }
        let mut validation = Validation::new(algorithm);
        (validation.validate_exp, validation.validate_aud) = (false, false);
        validation.required_spec_claims.clear();
        for key in known {
            match decode::<Payload>(token, &key.decoding, &validation) {
                Ok(signed) => return self.said(signed.claims, &key.thumbprint),
                Err(error) if matches!(error.kind(), ErrorKind::Json(_)) => {
                    return Err("It cannot be read: a claim twice, or of an unknown kind.");
                }
                Err(_) => {}
            }
        }
        Err("Its signature does not hold.")
    }

    fn said(&self, mut payload: Payload, key: &str) -> Result<Claims, &'static str> {
        let audience = payload.take_texts("aud").ok_or("It has no audience (\"aud\").")?;
        if !audience.contains(&self.audience) {
            return Err("It was made for another audience.");
        }
        let issuer = payload.take("iss");
        if let Some(expected) = &self.issuer
            && issuer.as_ref().and_then(Claim::as_text) != Some(expected)
        {
            return Err("It comes from another issuer.");
        }
        let expires = seconds(&mut payload, "exp")?.ok_or("It never expires (\"exp\").")?;
        let not_before = seconds(&mut payload, "nbf")?.unwrap_or(0);
        let issued = seconds(&mut payload, "iat")?.unwrap_or(0);
        let id = match payload.take("jti") {
            Some(Claim::Text(id)) if !id.is_empty() => id,
            _ => return Err("It has no id (\"jti\")."),
        };
        let roles = payload.take_texts("role").ok_or("It names no role (\"role\").")?;
        let purposes = payload.take_texts("purposes").ok_or("It names no purposes.")?;
        let recipient = match payload.find("recipient") {
            None => None,
            Some(Claim::Text(text)) if !text.is_empty() => Some(text.clone()),
            Some(_) => return Err("Its recipient is not a name."),
        };
        let subjects = payload.take_texts("subjects").map(|ids| ids.into_iter().collect());
        Ok(Claims {
            id,
            key: key.to_owned(),
            not_before_s: not_before.max(issued).saturating_sub(self.leeway_s),
            expires_s: expires.saturating_add(self.leeway_s),
            roles: roles.iter().map(|role| Name::new(role)).collect(),
            purposes: purposes.iter().map(|purpose| Purpose::new(purpose)).collect(),
            recipient,
            subjects,
            said: payload.into_rest(),
        })
    }
}

/// The algorithm a token claims to be signed with, if tokens may be.
fn acceptable(header: &Header) -> Result<Algorithm, &'static str> {
    if !matches!(header.alg, Algorithm::EdDSA | Algorithm::ES256) {
        return Err("Its algorithm is neither EdDSA nor ES256.");
    }
    let plain = header.typ.as_deref().is_none_or(|typ| typ.eq_ignore_ascii_case("JWT"));
    if !plain || header.crit.is_some() || header.enc.is_some() || header.zip.is_some() {
        return Err("It is another kind of token.");
    }
    Ok(header.alg)
}

fn seconds(payload: &mut Payload, name: &str) -> Result<Option<i64>, &'static str> {
    match payload.take(name) {
        None => Ok(None),
        Some(Claim::Number(at)) if (0..=LAST_SECOND).contains(&at) => Ok(Some(at)),
        Some(_) => Err("A time in it is not a number of seconds."),
    }
}

/// 28000, with the reason as detail.
pub fn refused(why: &str) -> Refusal {
    let message = "the purpose token is not valid";
    Refusal::new(Reason::Token, SqlState::INVALID_AUTHORIZATION, message).detail(why)
}
