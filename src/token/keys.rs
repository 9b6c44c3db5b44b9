//! The keys that may have signed a token: a JWK set (RFC 7517), or public keys in PEM. Only Ed25519
//! and P-256 keys are taken, and each verifies the one algorithm it is for.

use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyOperations, PublicKeyUse, ThumbprintHash,
};
use jsonwebtoken::{Algorithm, DecodingKey};

/// Longest file of keys, in bytes.
pub const KEY_FILE_BYTES: usize = 1 << 20;
/// Most keys of one file.
const KEYS: usize = 100;

/// Keys by what a token says of them.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    keys: Vec<Key>,
}

#[derive(Clone, Debug)]
pub struct Key {
    /// RFC 7638, SHA-256.
    pub thumbprint: String,
    /// The name a token calls it by, where the file gives one.
    pub id: Option<String>,
    pub algorithm: Algorithm,
    pub decoding: DecodingKey,
}

impl Keys {
    /// Reads the text of a file. What is wrong is told without anything of a key.
    pub fn read(text: &str) -> Result<Keys, String> {
        if text.len() > KEY_FILE_BYTES {
            return Err("the file is too long".to_owned());
        }
        let keys = match text.trim_start().starts_with('{') {
            true => from_jwk_set(text)?,
            false => from_pem(text)?,
        };
        if keys.is_empty() {
            return Err("it holds no key".to_owned());
        }
        if keys.len() > KEYS {
            return Err(format!("it holds more than {KEYS} keys"));
        }
        for (at, key) in keys.iter().enumerate() {
            let before = keys.iter().take(at);
            if key.id.is_some() && before.into_iter().any(|other| other.id == key.id) {
                return Err("two keys have the same \"kid\"".to_owned());
            }
        }
        Ok(Keys { keys })
    }

    /// Whether a key is still among them.
    pub fn hold(&self, thumbprint: &str) -> bool {
        self.keys.iter().any(|key| key.thumbprint == thumbprint)
    }

    /// The keys that may have signed a token whose header names `id`: that one, and where it names
    /// none, all of the algorithm.
    pub fn find(&self, id: Option<&str>, algorithm: Algorithm) -> impl Iterator<Item = &Key> {
        let named = move |key: &&Key| match id {
            Some(id) => key.id.as_deref().unwrap_or(&key.thumbprint) == id,
            None => true,
        };
        self.keys.iter().filter(named).filter(move |key| key.algorithm == algorithm)
    }

    /// Everything a key can be told apart by, for the stamp of what was judged under them.
    pub fn thumbprints(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.thumbprint.as_str())
    }
}

fn from_jwk_set(text: &str) -> Result<Vec<Key>, String> {
    let set: JwkSet = serde_json::from_str(text).map_err(|_| "it is not a JWK set".to_owned())?;
    set.keys.iter().enumerate().map(|(at, jwk)| from_jwk(jwk, at + 1)).collect()
}

fn from_jwk(jwk: &Jwk, number: usize) -> Result<Key, String> {
    let wrong = |what: &str| format!("key {number}: {what}");
    let algorithm = algorithm(jwk)
        .ok_or_else(|| wrong("neither an Ed25519 key for EdDSA nor a P-256 key for ES256"))?;
    let common = &jwk.common;
    let signs = common.public_key_use.as_ref().is_none_or(|use_| *use_ == PublicKeyUse::Signature);
    let verifies = |ops: &Vec<KeyOperations>| ops.contains(&KeyOperations::Verify);
    if !signs || !common.key_operations.as_ref().is_none_or(verifies) {
        return Err(wrong("it is not for signatures"));
    }
    let decoding = DecodingKey::from_jwk(jwk).map_err(|_| wrong("it cannot be read"))?;
    Ok(Key { thumbprint: thumbprint(jwk)?, id: common.key_id.clone(), algorithm, decoding })
}

/// The one algorithm a key is for. `None`: no token is signed by such a key.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            Algorithm::EdDSA
        }
        AlgorithmParameters::EllipticCurve(point) if point.curve == EllipticCurve::P256 => {
            Algorithm::ES256
        }
        _ => return None,
    };
    let said = jwk.common.key_algorithm.map(|said| said.to_string());
    said.is_none_or(|said| said == name(algorithm)).then_some(algorithm)
}

/// As tokens and keys spell it.
pub fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EdDSA => "EdDSA",
        Algorithm::ES256 => "ES256",
        _ => "",
    }
}

pub fn thumbprint(jwk: &Jwk) -> Result<String, String> {
    jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| "a key cannot be read".to_owned())
}

/// One or more blocks `PUBLIC KEY`.
fn from_pem(text: &str) -> Result<Vec<Key>, String> {
    const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
    const END: &str = "-----END PUBLIC KEY-----";
    if text.contains("PRIVATE KEY-----") {
        return Err("it holds a private key, which does not belong here".to_owned());
    }
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(BEGIN) {
        let from = rest.get(start..).unwrap_or_default();
        let end = from.find(END).ok_or("a key has no end")? + END.len();
        let block = from.get(..end).unwrap_or_default().as_bytes();
        let number = keys.len() + 1;
        let read = DecodingKey::from_ed_pem(block).map(|key| (key, Algorithm::EdDSA));
        let read = read
            .or_else(|_| DecodingKey::from_ec_pem(block).map(|key| (key, Algorithm::ES256)))
            .map_err(|_| format!("key {number}: neither Ed25519 nor P-256"))?;
        let (decoding, algorithm) = read;
        let jwk = Jwk::from_decoding_key(&decoding, Some(algorithm))
            .map_err(|_| format!("key {number}: it cannot be read"))?;
        keys.push(from_jwk(&jwk, number)?);
        rest = from.get(end..).unwrap_or_default();
    }
    Ok(keys)
}
