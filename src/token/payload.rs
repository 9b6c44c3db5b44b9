//! The payload of a token as flat text. A claim given twice, a value that is neither text, whole
//! number nor list of them, and anything too large or too deep make it unreadable: two readers of
//! one token must not be able to read two things.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Most claims of one token, nested ones counted.
const CLAIMS: usize = 64;
/// Most values of one list.
const LIST_VALUES: usize = 1_000;
/// Longest text of a claim, in bytes.
const TEXT_BYTES: usize = 512;
/// A claim may hold claims, and those no further.
const DEPTH: usize = 2;

/// Claims by name, nested ones by a dotted name.
#[derive(Debug, Default)]
pub struct Payload {
    claims: BTreeMap<String, Claim>,
}

/// The value of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    Text(String),
    Number(i64),
    List(Vec<String>),
}

impl Claim {
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Claim::Text(text) => Some(text),
            Claim::Number(_) | Claim::List(_) => None,
        }
    }
}

/// The claim as it is recorded and compared.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Claim::Text(text) => f.write_str(text),
            Claim::Number(number) => write!(f, "{number}"),
            Claim::List(list) => f.write_str(&list.join(", ")),
        }
    }
}

impl Payload {
    pub fn find(&self, name: &str) -> Option<&Claim> {
        self.claims.get(name)
    }

    pub fn take(&mut self, name: &str) -> Option<Claim> {
        self.claims.remove(name)
    }

    /// A text, or the texts of a list.
    pub fn take_texts(&mut self, name: &str) -> Option<Vec<String>> {
        match self.claims.remove(name)? {
            Claim::Text(text) => Some(vec![text]),
            Claim::Number(number) => Some(vec![number.to_string()]),
            Claim::List(list) => Some(list),
        }
    }

    pub fn into_rest(self) -> BTreeMap<String, String> {
        self.claims.into_iter().map(|(name, claim)| (name, claim.to_string())).collect()
    }

    /// Takes over what a value says, nested claims under dotted names.
    fn add<E: Error>(&mut self, name: String, value: Value) -> Result<(), E> {
        if let Value::Object(inner) = value {
            for (key, value) in inner {
                self.add(format!("{name}.{key}"), value)?;
            }
            return Ok(());
        }
        let claim = match value {
            Value::Text(text) => Claim::Text(text),
            Value::Number(number) => Claim::Number(number),
            Value::List(list) => Claim::List(list),
            Value::Object(_) => return Ok(()),
        };
        if self.claims.len() >= CLAIMS || self.claims.insert(name, claim).is_some() {
            return Err(E::custom("too many claims, or one twice"));
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Payload, D::Error> {
        let Value::Object(object) = Value::deserialize(deserializer)? else {
            return Err(D::Error::custom("not an object"));
        };
        let mut payload = Payload::default();
        for (name, value) in object {
            payload.add(name, value)?;
        }
        Ok(payload)
    }
}

enum Value {
    Text(String),
    Number(i64),
    List(Vec<String>),
    Object(BTreeMap<String, Value>),
}

impl Value {
    fn depth(&self) -> usize {
        match self {
            Value::Text(_) | Value::Number(_) | Value::List(_) => 0,
            Value::Object(object) => {
                1 + object.values().map(Value::depth).max().unwrap_or_default()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a whole number, a list of them, or claims by name")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
                if text.len() > TEXT_BYTES {
                    return Err(E::custom("too long"));
                }
                Ok(Value::Text(text.to_owned()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Number(number))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
                i64::try_from(number).map(Value::Number).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = seq.next_element::<Value>()? {
                    list.push(match value {
                        Value::Text(text) => text,
                        Value::Number(number) => number.to_string(),
                        Value::List(_) | Value::Object(_) => {
                            return Err(A::Error::custom("a list in a list"));
                        }
                    });
                    if list.len() > LIST_VALUES {
                        return Err(A::Error::custom("too long a list"));
                    }
                }
                Ok(Value::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut object = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if name.len() > TEXT_BYTES || object.len() >= CLAIMS || value.depth() >= DEPTH {
                        return Err(A::Error::custom("too many claims, or too deep"));
                    }
                    if object.insert(name, value).is_some() {
                        return Err(A::Error::custom("a claim twice"));
                    }
                }
                Ok(Value::Object(object))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Payload> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn nested_claims_have_dotted_names() {
        let mut payload = read(r#"{"order":{"id":"A-1","n":7},"subjects":[17,"x"]}"#).unwrap();
        assert_eq!(payload.find("order.id"), Some(&Claim::Text("A-1".into())));
        assert_eq!(payload.take_texts("subjects").unwrap(), ["17", "x"]);
        assert_eq!(payload.into_rest().get("order.n").unwrap(), "7");
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_read() {
        for text in [
            r#"{"role":"a","role":"b"}"#,
            r#"{"o":{"id":1,"id":2}}"#,
            r#"{"o.id":1,"o":{"id":2}}"#,
            r#"{"exp":1.5}"#,
            r#"{"exp":1e3}"#,
            r#"{"exp":null}"#,
            r#"{"exp":true}"#,
            r#"{"exp":18446744073709551615}"#,
            r#"{"a":[["b"]]}"#,
            r#"{"a":{"b":{"c":1}}}"#,
            r#"[]"#,
            r#""text""#,
        ] {
            assert!(read(text).is_none(), "{text}");
        }
        assert!(read(&format!(r#"{{"a":"{}"}}"#, "x".repeat(TEXT_BYTES + 1))).is_none());
        let many: Vec<String> = (0..=CLAIMS).map(|n| format!("\"c{n}\":1")).collect();
        assert!(read(&format!("{{{}}}", many.join(","))).is_none());
        let deep = "{\"a\":".repeat(200) + "1" + &"}".repeat(200);
        assert!(read(&deep).is_none());
    }
}
