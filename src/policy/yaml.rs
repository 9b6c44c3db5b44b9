//! From YAML text to a tree in which every key and value knows its place.
//!
//! A tree rather than typed shapes, since a typed reader stops at the first mistake of a file and
//! one pass of `check` must report them all. Nothing else knows YAML. Booleans are those of YAML
//! 1.2, so that `yes` and `no` stay words; keys given twice are kept, to be reported.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;

/// Where a node stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub line: usize,
    pub column: usize,
    pub start: usize,
    pub len: usize,
}

/// One value.
#[derive(Clone, Debug)]
pub struct Node {
    pub span: Span,
    pub value: Value,
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub struct Key {
    pub text: String,
    pub span: Span,
}

/// What a value may be.
#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Bool(bool),
    Number(u64),
    /// A number that no key of the language takes: negative or with a fraction.
    OddNumber,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

impl Value {
    /// What it is, for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) | Value::OddNumber => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// Why a text is not YAML.
#[derive(Clone, Debug)]
pub struct SyntaxError {
    pub message: String,
    pub span: Option<Span>,
}

/// Reads one file. `Ok(None)`: nothing in it.
pub fn parse(text: &str) -> Result<Option<Node>, SyntaxError> {
    if text.len() > FILE_BYTES_MAX {
        let message = format!("larger than {FILE_BYTES_MAX} bytes");
        return Err(SyntaxError { message, span: None });
    }
    let mut options = serde_yaml::Options::default();
    options.strict_booleans = true;
    options.duplicate_keys = serde_yaml::options::DuplicateKeyPolicy::PassThrough;
    options.with_snippet = false;
    match serde_yaml::from_str_with_options::<Option<Spanned<Value>>>(text, options) {
        Ok(found) => Ok(found.map(Node::from).filter(|n| !matches!(n.value, Value::Null))),
        Err(error) => {
            let span = error.location().map(|place| {
                let span = span_of(&place);
                // A place after the last character would have nothing to mark.
                Span { start: span.start.min(text.len()), ..span }
            });
            Err(SyntaxError { message: first_line(&error.to_string()), span })
        }
    }
}

/// Reads a text that is no rule file into a type of its own.
///
/// # Errors
/// Why it does not fit, in words.
pub fn read_yaml<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_yaml::from_str(text).map_err(|error| error.to_string())
}

impl From<Spanned<Value>> for Node {
    fn from(spanned: Spanned<Value>) -> Node {
        Node { span: span_of(&spanned.referenced), value: spanned.value }
    }
}

fn span_of(place: &serde_yaml::Location) -> Span {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let span = place.span();
    Span {
        line: number(place.line()),
        column: number(place.column()),
        start: number(span.byte_offset().unwrap_or(0)),
        len: number(span.byte_len().unwrap_or(0)),
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("cannot be read").to_owned()
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        Value::deserialize(inner)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(u64::try_from(value).map_or(Value::OddNumber, Value::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::OddNumber)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Value, E> {
        Ok(Value::OddNumber)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Value, E> {
        Ok(Value::OddNumber)
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Value>>()? {
            list.push(Node::from(item));
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            let value = entries.next_value::<Spanned<Value>>()?;
            let key = Key { span: span_of(&key.referenced), text: key.value };
            map.push((key, Node::from(value)));
        }
        Ok(Value::Map(map))
    }
}

/// The largest rule file that is read, in bytes.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_places_words_and_keys_given_twice() {
        let text = "a: { b: yes, b: 3 }\n\"*\": [x, \"y z\"]\nn:\n";
        let Value::Map(map) = parse(text).unwrap().unwrap().value else { panic!("a mapping") };
        let Value::Map(inner) = &map[0].1.value else { panic!("a mapping") };
        assert_eq!(inner.len(), 2);
        assert!(matches!(&inner[0].1.value, Value::Text(word) if word == "yes"));
        assert!(matches!(&inner[1].1.value, Value::Number(3)));
        let at = |span: Span| &text[span.start..span.start + span.len];
        assert_eq!(at(inner[1].0.span), "b");
        assert_eq!((inner[1].0.span.line, inner[1].0.span.column), (1, 14));
        assert_eq!(map[1].0.text, "*");
        let Value::List(list) = &map[1].1.value else { panic!("a list") };
        assert_eq!((list[0].span.line, list[0].span.column), (2, 7));
        assert!(matches!(map[2].1.value, Value::Null));
    }

    #[test]
    fn broken_and_empty_texts() {
        assert!(parse("").unwrap().is_none());
        assert!(parse("# only a comment\n").unwrap().is_none());
        let error = parse("a: [1, 2\nb: 3\n").unwrap_err();
        assert!(error.span.is_some(), "{error:?}");
    }
}
