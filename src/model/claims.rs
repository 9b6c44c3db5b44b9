//! What a purpose token says, once its signature holds: it can only narrow what its role may do.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::names::Name;
use super::privacy::Purpose;

/// The session variable that presents a token.
pub const TOKEN_VARIABLE: &str = "pgpurpose.token";

/// The claims of a token.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Claims {
    /// `jti`: what records call the token by.
    pub id: String,
    /// The key that signed it, by its thumbprint (RFC 7638).
    pub key: String,
    /// From when on it stands, in seconds since 1970, leeway included.
    pub not_before_s: i64,
    /// The first second it does not stand any more, leeway included.
    pub expires_s: i64,
    /// Login roles it was made for.
    pub roles: BTreeSet<Name>,
    /// Purposes it was made for; one stands for its parts.
    pub purposes: BTreeSet<Purpose>,
    /// Who receives the data.
    pub recipient: Option<String>,
    /// Ids of the only people a statement may be about. `None`: it says nothing of people.
    pub subjects: Option<BTreeSet<String>>,
    /// Everything else as text, nested claims by a dotted name (`order.id`).
    pub said: BTreeMap<String, String>,
}

/// Claims name people, recipients and cases: nothing for a log.
impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Claims {
    /// Whether it stands at a time, in seconds since 1970.
    pub fn stand_at(&self, now_s: i64) -> Result<(), Fallen> {
        if now_s >= self.expires_s {
            return Err(Fallen::Expired);
        }
        if now_s < self.not_before_s { Err(Fallen::NotYet) } else { Ok(()) }
    }

    /// Whether it was made for a purpose, or one above it.
    pub fn cover(&self, purpose: &Purpose) -> bool {
        purpose.lineage().any(|above| self.purposes.iter().any(|own| own.as_str() == above))
    }
}

/// Why a token that was taken does not stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fallen {
    Expired,
    NotYet,
    /// Its key is no longer among the keys.
    KeyGone,
    /// The session no longer has it.
    Forgotten,
}

/// The token a session stands under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Token {
    /// None was presented.
    #[default]
    None,
    Stands(Arc<Claims>),
    /// One was presented that no longer stands: nothing personal is open until it is replaced.
    Fallen(Fallen),
}

impl Token {
    pub fn claims(&self) -> Option<&Claims> {
        match self {
            Token::Stands(claims) => Some(claims),
            Token::None | Token::Fallen(_) => None,
        }
    }
}

/// A token as it was presented, with what the server is given in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// Says nothing and opens nothing: a digest of the token.
    pub handle: String,
    pub claims: Arc<Claims>,
}

/// From when to when something stands, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub from_s: i64,
    /// The first second it does not stand any more.
    pub until_s: i64,
}

impl Default for Times {
    /// Always.
    fn default() -> Times {
        Times { from_s: i64::MIN, until_s: i64::MAX }
    }
}

impl Times {
    pub fn is_always(self) -> bool {
        self == Times::default()
    }

    pub fn hold_at(self, now_s: i64) -> bool {
        self.from_s <= now_s && now_s < self.until_s
    }

    /// When both stand.
    pub fn and(self, other: Times) -> Times {
        Times { from_s: self.from_s.max(other.from_s), until_s: self.until_s.min(other.until_s) }
    }
}
