//! `pgpurpose token`: a key pair, a token signed with it, what a token says.
//!
//! For operators who try their rules, and for whoever issues tokens without a service of their own.
//! Keys and tokens are read from files or standard input, never from the command line, which
//! others can see.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::exit::{Exit, say};
use super::keys::load_keys;
use super::layers::key_value;
use crate::token::{KeyPair, Verifier, sign};

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make an Ed25519 key pair: NAME.pem signs, NAME.jwks verifies
    Keygen(Keygen),
    /// Sign a token and print it
    Sign(Sign),
    /// Check a token and print what it says
    Verify(Verify),
}

#[derive(Args, Debug)]
pub struct Keygen {
    /// Where to write the two files, which must not be there yet
    name: PathBuf,
}

#[derive(Args, Debug)]
pub struct Sign {
    /// Private key, PKCS #8 in PEM, Ed25519 or P-256
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Name of the key, if not its thumbprint
    #[arg(long, value_name = "NAME")]
    kid: Option<String>,
    /// Login role that may present it; repeatable
    #[arg(long, required = true)]
    role: Vec<String>,
    /// Purpose it is for, its parts included; repeatable
    #[arg(long, required = true)]
    purpose: Vec<String>,
    /// Proxy it is for
    #[arg(long, default_value = "pgpurpose")]
    audience: String,
    /// Who issues it
    #[arg(long)]
    issuer: Option<String>,
    /// Seconds until it expires
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    expires_in: u64,
    /// Id of a person it is about; repeatable
    #[arg(long, value_name = "ID")]
    subject: Vec<String>,
    /// Any other claim, as "order.id=A-17"; repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = key_value)]
    claim: Vec<(String, String)>,
}

#[derive(Args, Debug)]
pub struct Verify {
    /// Public keys, a JWK set or PEM
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Proxy it must be for
    #[arg(long, default_value = "pgpurpose")]
    audience: String,
    /// Who must have issued it
    #[arg(long)]
    issuer: Option<String>,
    /// File with the token; none: standard input
    token: Option<PathBuf>,
}

impl Token {
    /// Exit 0: done, it holds. 1: the token does not hold. 2: files cannot be read or written.
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        match self {
            Token::Keygen(keygen) => keygen.carry_out(),
            Token::Sign(sign) => sign.carry_out(),
            Token::Verify(verify) => verify.carry_out(),
        }
    }
}

impl Keygen {
    fn carry_out(&self) -> anyhow::Result<Exit> {
        let pair = KeyPair::from_seed(&rand::random()).map_err(|why| anyhow!(why))?;
        let (private, public) = (self.name.with_extension("pem"), self.name.with_extension("jwks"));
        write_new(&private, &pair.private_pem, 0o600)?;
        write_new(&public, &pair.public_jwks, 0o644)?;
        say(&format!("key {}\n", pair.id));
        Ok(Exit::Yes)
    }
}

fn write_new(path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(mode);
    let file = options.open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("cannot write {}", path.display()))
}

impl Sign {
    fn carry_out(&self) -> anyhow::Result<Exit> {
        let pem = read(Some(&self.key))?;
        let now_s =
            SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
        let claims = self.claims(now_s, &format!("{:032x}", rand::random::<u128>()));
        let token = sign(&pem, self.kid.as_deref(), &claims).map_err(|why| anyhow!(why))?;
        say(&format!("{token}\n"));
        Ok(Exit::Yes)
    }

    fn claims(&self, now_s: u64, id: &str) -> Value {
        let mut claims = json!({
            "aud": self.audience,
            "iat": now_s,
            "exp": now_s.saturating_add(self.expires_in),
            "jti": id,
            "role": self.role,
            "purposes": self.purpose,
        });
        if let Value::Object(claims) = &mut claims {
            claims.extend(self.issuer.iter().map(|issuer| ("iss".to_owned(), json!(issuer))));
            if !self.subject.is_empty() {
                claims.insert("subjects".to_owned(), json!(self.subject));
            }
            for (name, value) in &self.claim {
                put(claims, name, value);
            }
        }
        claims
    }
}

/// `order.id=A-17` becomes a claim within a claim; a whole number stays one.
fn put(claims: &mut Map<String, Value>, name: &str, value: &str) {
    let value = value.parse::<i64>().map_or_else(|_| json!(value), |number| json!(number));
    let Some((outer, inner)) = name.split_once('.') else {
        claims.insert(name.to_owned(), value);
        return;
    };
    let slot = claims.entry(outer).or_insert_with(|| json!({}));
    if let Value::Object(slot) = slot {
        slot.insert(inner.to_owned(), value);
    }
}

impl Verify {
    fn carry_out(&self) -> anyhow::Result<Exit> {
        let verifier = Verifier {
            keys: load_keys(&self.keys)?,
            audience: self.audience.clone(),
            issuer: self.issuer.clone(),
            leeway_s: 0,
        };
        let token = read(self.token.as_deref())?;
        let claims = match verifier.verify(token.trim()) {
            Ok(presented) => presented.claims,
            Err(refusal) => {
                say(&format!("{}: {}\n", refusal.message, refusal.detail.unwrap_or_default()));
                return Ok(Exit::No);
            }
        };
        let now_s =
            SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
        let stands = claims.stand_at(i64::try_from(now_s).unwrap_or(i64::MAX));
        let mut told = BTreeMap::from([
            ("jti".to_owned(), claims.id.clone()),
            ("stands".to_owned(), stands.map_or_else(|why| format!("{why:?}"), |()| "yes".into())),
            ("from".to_owned(), claims.not_before_s.to_string()),
            ("until".to_owned(), claims.expires_s.to_string()),
            ("role".to_owned(), listed(claims.roles.iter())),
            ("purposes".to_owned(), listed(claims.purposes.iter())),
        ]);
        told.extend(claims.subjects.as_ref().map(|ids| ("subjects".into(), listed(ids.iter()))));
        told.extend(claims.said.clone());
        let lines = told.iter().map(|(name, value)| format!("{name}: {value}\n"));
        say(&lines.collect::<String>());
        Ok(if stands.is_ok() { Exit::Yes } else { Exit::No })
    }
}

fn listed(items: impl Iterator<Item = impl ToString>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// The text of a file, or of standard input.
fn read(path: Option<&Path>) -> anyhow::Result<String> {
    match path {
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        }
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
            Ok(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_within_claims_are_written_with_a_dot() {
        let mut claims = Map::new();
        for (name, value) in [("order.id", "A-17"), ("order.expires", "1800"), ("case", "7b")] {
            put(&mut claims, name, value);
        }
        let expected = json!({"order": {"id": "A-17", "expires": 1800}, "case": "7b"});
        assert_eq!(Value::Object(claims), expected);
    }
}
