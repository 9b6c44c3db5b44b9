//! Purpose tokens: JSON Web Tokens (RFC 7519) signed with EdDSA or ES256, read, checked, made.
//!
//! Pure: keys come in as text and the time is asked elsewhere, since a token that holds when it is
//! presented must still hold when it is used.
//!
//! | file | owns |
//! |---|---|
//! | `keys` | a JWK set (RFC 7517) or PEM → the keys that may have signed |
//! | `verify` | a token → `Claims`, or why not |
//! | `payload` | the JSON of a token, without duplicates and without surprises |
//! | `sign` | a key pair and a token, for operators and tests |

mod keys;
mod payload;
mod sign;
#[cfg(test)]
mod tests;
mod verify;

pub use keys::Keys;
pub use sign::{KeyPair, sign};
pub use verify::{TOKEN_BYTES, Verifier, handle_of, refused};
