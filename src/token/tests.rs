//! Tokens that are taken, and all the ways a token can be made that is not.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::{KeyPair, Keys, Verifier, handle_of, sign};
use crate::model::claims::{Claims, Fallen};
use crate::model::names::Name;
use crate::model::privacy::Purpose;

/// P-256, made for these tests.
const EC_PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIDM1l1xIpdptTvxD
5wXiaQzi5oHmc91CtObxSC1wbZChRANCAARcA6qil7wJybw+OzWIc01AU/wlluhL
v9a4nZz61/NEZU8GDCiGEkDCBphs3nPS9R+aS89liohEmrYU6YnUa1Ft
-----END PRIVATE KEY-----
";
const EC_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEXAOqope8Ccm8Pjs1iHNNQFP8JZbo
S7/WuJ2c+tfzRGVPBgwohhJAwgaYbN5z0vUfmkvPZYqIRJq2FOmJ1GtRbQ==
-----END PUBLIC KEY-----
";

fn pair(seed: u8) -> KeyPair {
    KeyPair::from_seed(&[seed; 32]).unwrap()
}

fn verifier(keys: &str) -> Verifier {
    Verifier {
        keys: Keys::read(keys).unwrap(),
        audience: "pgpurpose".to_owned(),
        issuer: None,
        leeway_s: 5,
    }
}

fn good() -> Value {
    json!({
        "aud": "pgpurpose", "exp": 2_000, "nbf": 1_000, "jti": "t-1", "role": "desk",
        "purposes": ["share.law", "protect"], "order": {"id": "A-7"}, "subjects": [17, "18"],
    })
}

/// `good` with one claim changed, or without it.
fn but(name: &str, value: Value) -> Value {
    let mut claims = good();
    match value {
        Value::Null => claims.as_object_mut().unwrap().remove(name),
        value => claims.as_object_mut().unwrap().insert(name.to_owned(), value),
    };
    claims
}

fn read(claims: &Value) -> Result<Claims, String> {
    let token = sign(&pair(1).private_pem, None, claims).unwrap();
    checked(&verifier(&pair(1).public_jwks), &token)
}

fn checked(verifier: &Verifier, token: &str) -> Result<Claims, String> {
    match verifier.verify(token) {
        Ok(presented) => {
            assert_eq!(presented.handle, handle_of(token));
            Ok((*presented.claims).clone())
        }
        Err(refusal) => {
            let told = format!("{refusal:?}");
            let parts = token.split('.').filter(|part| part.len() > 8);
            assert!(!parts.into_iter().any(|part| told.contains(part)), "it tells the token");
            Err(refusal.detail.unwrap())
        }
    }
}

#[test]
fn a_token_says_what_it_was_signed_with() {
    let claims = read(&good()).unwrap();
    assert_eq!(claims.roles, [Name::new("desk")].into());
    assert!(claims.cover(&Purpose::new("share.law")) && claims.cover(&Purpose::new("protect.x")));
    assert!(!claims.cover(&Purpose::new("share")) && !claims.cover(&Purpose::new("share.lawyer")));
    assert_eq!(claims.subjects, Some(["17".to_owned(), "18".to_owned()].into()));
    assert_eq!(claims.said.get("order.id").map(String::as_str), Some("A-7"));
    let stands = |at| claims.stand_at(at);
    assert_eq!(stands(994), Err(Fallen::NotYet));
    assert_eq!((stands(995), stands(2_004)), (Ok(()), Ok(())));
    assert_eq!(stands(2_005), Err(Fallen::Expired));
}

#[test]
fn what_a_token_must_say_is_asked_for() {
    for (name, value, why) in [
        ("aud", Value::Null, "no audience"),
        ("aud", json!("other"), "another audience"),
        ("aud", json!(["other", "pgpurpos"]), "another audience"),
        ("aud", json!("PGPURPOSE"), "another audience"),
        ("exp", Value::Null, "never expires"),
        ("exp", json!("2000"), "not a number"),
        ("exp", json!(-1), "not a number"),
        ("exp", json!(i64::MAX), "not a number"),
        ("nbf", json!("soon"), "not a number"),
        ("jti", Value::Null, "no id"),
        ("jti", json!(""), "no id"),
        ("role", Value::Null, "names no role"),
        ("purposes", Value::Null, "names no purposes"),
        ("recipient", json!(["a", "b"]), "not a name"),
        ("extra", json!(1.5), "unknown kind"),
    ] {
        let told = read(&but(name, value.clone())).unwrap_err();
        assert!(told.contains(why), "{name} {value}: {told}");
    }
    assert!(read(&but("aud", json!(["other", "pgpurpose"]))).is_ok());
    assert!(read(&but("nbf", Value::Null)).unwrap().stand_at(0).is_ok());
    assert_eq!(read(&but("iat", json!(1_500))).unwrap().stand_at(1_400), Err(Fallen::NotYet));
}

#[test]
fn nobody_narrows_to_more() {
    let nothing = read(&but("purposes", json!([]))).unwrap();
    assert!(!nothing.cover(&Purpose::new("share.law")));
    let look_alike = read(&but("purposes", json!(["share.l\u{430}w", " share.law", "share.*"])));
    assert!(!look_alike.unwrap().cover(&Purpose::new("share.law")));
    let nobody = read(&but("subjects", json!([]))).unwrap();
    assert_eq!(nobody.subjects, Some([].into()));
}

#[test]
fn an_issuer_that_is_named_must_have_issued_it() {
    let mut verifier = verifier(&pair(1).public_jwks);
    verifier.issuer = Some("https://issuer.example".to_owned());
    for (issuer, fine) in [
        (json!("https://issuer.example"), true),
        (json!("https://issuer.example/"), false),
        (json!(["https://issuer.example"]), false),
        (Value::Null, false),
    ] {
        let token = sign(&pair(1).private_pem, None, &but("iss", issuer.clone())).unwrap();
        assert_eq!(checked(&verifier, &token).is_ok(), fine, "{issuer}");
    }
}

#[test]
fn only_a_key_of_the_file_signs() {
    let verifier = verifier(&pair(1).public_jwks);
    let stranger = sign(&pair(2).private_pem, None, &good()).unwrap();
    assert!(checked(&verifier, &stranger).unwrap_err().contains("None of the keys"));
    // Under the name of a key that is not its own.
    let named = sign(&pair(2).private_pem, Some(&pair(1).id), &good()).unwrap();
    assert!(checked(&verifier, &named).unwrap_err().contains("signature"));
    let token = sign(&pair(1).private_pem, None, &good()).unwrap();
    let (head, rest) = token.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let other = sign(&pair(1).private_pem, None, &but("role", json!("root"))).unwrap();
    let other_body = other.split('.').nth(1).unwrap();
    for changed in [
        format!("{head}.{other_body}.{signature}"),
        format!("{head}.{body}."),
        format!("{head}.{body}"),
        format!("{head}.{body}.{signature}."),
        format!("{head}.{body}.{signature}=="),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{head}.{body}.{}", &signature[1..]),
        String::new(),
        "..".to_owned(),
        "\u{1f511}.\u{1f511}.\u{1f511}".to_owned(),
        "x".repeat(super::TOKEN_BYTES + 1),
    ] {
        assert!(checked(&verifier, &changed).is_err(), "{changed}");
    }
}

/// The part of a token that bytes make.
fn part(text: &str) -> String {
    // A header and a payload of our own choosing: the library writes only its own.
    let pem = pem::encode(&pem::Pem::new("X", text.as_bytes()));
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    lines.collect::<String>().replace('+', "-").replace('/', "_").replace('=', "")
}

#[test]
fn the_algorithm_is_that_of_the_key() {
    let verifier = verifier(&pair(1).public_jwks);
    let body = part(&good().to_string());
    for algorithm in ["none", "None", "NONE", "", "HS256", "RS256", "ES256", "ed25519"] {
        let head = part(&format!("{{\"alg\":\"{algorithm}\",\"typ\":\"JWT\"}}"));
        for signature in ["", "AAAA"] {
            let told = checked(&verifier, &format!("{head}.{body}.{signature}"));
            assert!(told.is_err(), "{algorithm}");
        }
    }
    // Signed with the public key as if it were a secret both sides share.
    for secret in [pair(1).public_jwks.into_bytes(), pair(1).id.into_bytes(), EC_PUBLIC.into()] {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(pair(1).id);
        let token = encode(&header, &good(), &EncodingKey::from_secret(&secret)).unwrap();
        assert!(checked(&verifier, &token).unwrap_err().contains("neither EdDSA nor ES256"));
    }
}

#[test]
fn a_key_in_the_header_is_not_looked_at() {
    let verifier = verifier(&pair(1).public_jwks);
    let set: Value = serde_json::from_str(&pair(2).public_jwks).unwrap();
    let mut header = Header::new(Algorithm::EdDSA);
    header.jwk = serde_json::from_value(set["keys"][0].clone()).unwrap();
    header.jku = Some("https://attacker.example/keys".to_owned());
    let key = EncodingKey::from_ed_pem(pair(2).private_pem.as_bytes()).unwrap();
    let token = encode(&header, &good(), &key).unwrap();
    assert!(checked(&verifier, &token).unwrap_err().contains("signature"));
    let own = EncodingKey::from_ed_pem(pair(1).private_pem.as_bytes()).unwrap();
    for change in [
        |header: &mut Header| header.crit = Some(vec!["exp".to_owned()]),
        |header: &mut Header| header.typ = Some("at+jwt".to_owned()),
    ] {
        let mut header = Header::new(Algorithm::EdDSA);
        change(&mut header);
        let token = encode(&header, &good(), &own).unwrap();
        assert!(checked(&verifier, &token).unwrap_err().contains("another kind"));
    }
}

/// The good claims behind another role.
struct Twice;

impl Serialize for Twice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("role", "root")?;
        for (name, value) in good().as_object().unwrap() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[test]
fn a_claim_twice_is_no_claim() {
    let key = EncodingKey::from_ed_pem(pair(1).private_pem.as_bytes()).unwrap();
    let token = encode(&Header::new(Algorithm::EdDSA), &Twice, &key).unwrap();
    let told = checked(&verifier(&pair(1).public_jwks), &token).unwrap_err();
    assert!(told.contains("twice"), "{told}");
}

#[test]
fn keys_rotate_by_their_name() {
    let keys = |text: &str| serde_json::from_str::<Value>(text).unwrap()["keys"][0].clone();
    let both = json!({"keys": [keys(&pair(1).public_jwks), keys(&pair(2).public_jwks)]});
    let both = verifier(&both.to_string());
    for seed in [1, 2] {
        let token = sign(&pair(seed).private_pem, None, &good()).unwrap();
        let claims = checked(&both, &token).unwrap();
        assert_eq!(claims.key, pair(seed).id);
        assert!(both.keys.hold(&claims.key));
    }
    assert!(!verifier(&pair(2).public_jwks).keys.hold(&pair(1).id));
}

#[test]
fn elliptic_keys_and_pem_are_read() {
    let token = sign(EC_PRIVATE, None, &good()).unwrap();
    assert!(checked(&verifier(EC_PUBLIC), &token).is_ok());
    // A key of one algorithm verifies nothing of the other.
    let two = format!("{EC_PUBLIC}\n{EC_PUBLIC}");
    let ed = sign(&pair(1).private_pem, None, &good()).unwrap();
    assert!(checked(&verifier(&two), &ed).is_err());
    assert!(Keys::read(EC_PRIVATE).unwrap_err().contains("private key"));
}

#[test]
fn a_file_of_other_keys_is_refused() {
    let rsa = json!({"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": "RS256"}]});
    let secret = json!({"keys": [{"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}]});
    let set: Value = serde_json::from_str(&pair(1).public_jwks).unwrap();
    let mut encrypts = set.clone();
    encrypts["keys"][0]["use"] = json!("enc");
    let mut other = set.clone();
    other["keys"][0]["alg"] = json!("ES256");
    let twice = json!({"keys": [set["keys"][0], set["keys"][0]]});
    for text in [&rsa, &secret, &encrypts, &other, &twice, &json!({"keys": []})] {
        assert!(Keys::read(&text.to_string()).is_err(), "{text}");
    }
    for text in ["", "{}", "no key", "-----BEGIN PUBLIC KEY-----"] {
        assert!(Keys::read(text).is_err(), "{text}");
    }
}
