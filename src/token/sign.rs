//! A key pair and a token made with it, for operators and tests.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};

use super::keys::thumbprint;

/// An Ed25519 key pair.
pub struct KeyPair {
    /// PKCS #8 in PEM: signs tokens.
    pub private_pem: String,
    /// A JWK set with the public key: verifies them.
    pub public_jwks: String,
    /// How tokens name the key: its thumbprint.
    pub id: String,
}

impl KeyPair {
    /// The key pair of a seed, which must come from a source of randomness.
    pub fn from_seed(seed: &[u8; 32]) -> Result<KeyPair, String> {
        // RFC 8410: a PrivateKeyInfo of version 0 with the algorithm 1.3.101.112.
        const HEAD: [u8; 16] = [
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22,
            0x04, 0x20,
        ];
        let der: Vec<u8> = HEAD.iter().chain(seed).copied().collect();
        let private_pem = pem::encode(&pem::Pem::new("PRIVATE KEY", der));
        let key = signing_key(&private_pem)?;
        let jwk = public(&key)?;
        let id = jwk.common.key_id.clone().unwrap_or_default();
        let set = serde_json::json!({ "keys": [jwk] });
        Ok(KeyPair { private_pem, public_jwks: format!("{set:#}\n"), id })
    }
}

struct Signing {
    key: EncodingKey,
    algorithm: Algorithm,
}

/// Signs claims, a JSON object, with a private key in PEM (PKCS #8, Ed25519 or P-256). `id` is the
/// `kid` to name; without one the key's thumbprint is named.
pub fn sign(
    private_pem: &str,
    id: Option<&str>,
    claims: &serde_json::Value,
) -> Result<String, String> {
    let key = signing_key(private_pem)?;
    let mut header = Header::new(key.algorithm);
    header.kid = match id {
        Some(id) => Some(id.to_owned()),
        None => public(&key)?.common.key_id,
    };
    encode(&header, claims, &key.key).map_err(|_| "the token cannot be signed".to_owned())
}

fn signing_key(private_pem: &str) -> Result<Signing, String> {
    let pem = private_pem.as_bytes();
    let ed = EncodingKey::from_ed_pem(pem).map(|key| Signing { key, algorithm: Algorithm::EdDSA });
    let ec =
        || EncodingKey::from_ec_pem(pem).map(|key| Signing { key, algorithm: Algorithm::ES256 });
    ed.or_else(|_| ec()).map_err(|_| "not a private key for EdDSA or ES256 in PKCS #8".to_owned())
}

/// The public key, by its thumbprint.
fn public(key: &Signing) -> Result<Jwk, String> {
    let mut jwk = Jwk::from_encoding_key(&key.key, key.algorithm)
        .map_err(|_| "the key cannot be read".to_owned())?;
    jwk.common.key_id = Some(thumbprint(&jwk)?);
    Ok(jwk)
}
