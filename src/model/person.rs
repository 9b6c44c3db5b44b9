//! The id of a person as one text, however a client writes it: `5`, `'05'`, four or eight bytes.
//!
//! The audit trail names people by a keyed hash of this text, so one person must have one text.
//! What cannot be read is `None`, never a guess: the statement then counts as read in bulk.

use std::fmt;

use super::names::Name;

/// The id of a person, spelt as the server would print it. Personal: never printed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonId(String);

impl PersonId {
    /// The text, for the one place that hashes it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// How ids of people are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdKind {
    /// smallint, integer, bigint
    Integer,
    Uuid,
    /// text, varchar
    Text,
    /// char(n): trailing blanks do not count.
    Padded,
}

/// A type of the wire: whether the client said it, and which (`pg_type.oid`; 0: it did not).
pub type DeclaredType = u32;

impl IdKind {
    /// The kind of a column's type; `None`: values of it cannot be told apart by their text.
    pub fn of(base_type: &Name) -> Option<IdKind> {
        Some(match base_type.as_str() {
            "int2" | "int4" | "int8" => IdKind::Integer,
            "uuid" => IdKind::Uuid,
            "text" | "varchar" => IdKind::Text,
            "bpchar" => IdKind::Padded,
            _ => return None,
        })
    }

    /// Whether a cast to this type, by its name in SQL, leaves the value what it is.
    pub fn keeps_cast(self, name: &str) -> bool {
        match self {
            IdKind::Integer => {
                ["int", "integer", "bigint", "smallint", "int2", "int4", "int8"].contains(&name)
            }
            IdKind::Uuid => name == "uuid",
            IdKind::Text | IdKind::Padded => ["text", "varchar"].contains(&name),
        }
    }

    /// Reads what the server's input function would take for a value of this kind.
    pub fn from_text(self, text: &str) -> Option<PersonId> {
        let id = match self {
            IdKind::Integer => {
                let trimmed = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
                trimmed.parse::<i64>().ok()?.to_string()
            }
            IdKind::Uuid => uuid(text)?,
            IdKind::Text => text.to_owned(),
            IdKind::Padded => text.trim_end_matches(' ').to_owned(),
        };
        Some(PersonId(id))
    }

    /// Reads a parameter in binary. Which integer it is its length says.
    pub fn from_binary(self, bytes: &[u8]) -> Option<PersonId> {
        let id = match self {
            IdKind::Integer => match *bytes {
                [a, b] => i64::from(i16::from_be_bytes([a, b])),
                [a, b, c, d] => i64::from(i32::from_be_bytes([a, b, c, d])),
                _ => i64::from_be_bytes(bytes.try_into().ok()?),
            }
            .to_string(),
            IdKind::Uuid => spell_uuid(u128::from_be_bytes(bytes.try_into().ok()?)),
            IdKind::Text | IdKind::Padded => {
                return self.from_text(std::str::from_utf8(bytes).ok()?);
            }
        };
        Some(PersonId(id))
    }

    /// Reads an array of one dimension, as text (`{1,2}`) or in binary. NULL in it is nobody.
    pub fn list(self, bytes: &[u8], binary: bool) -> Option<Vec<PersonId>> {
        if binary { self.list_from_binary(bytes) } else { self.list_from_text(bytes) }
    }

    fn list_from_text(self, bytes: &[u8]) -> Option<Vec<PersonId>> {
        let text = std::str::from_utf8(bytes).ok()?.trim_ascii();
        let inner = text.strip_prefix('{')?.strip_suffix('}')?;
        let mut found = Vec::new();
        for item in items(inner)? {
            match item {
                Item::Bare(word) if word.eq_ignore_ascii_case("null") => {}
                Item::Bare(word) | Item::Quoted(word) => found.push(self.from_text(&word)?),
            }
        }
        Some(found)
    }

    /// Dimensions, a flag, the type of the elements, length and lower bound, then the elements.
    fn list_from_binary(self, bytes: &[u8]) -> Option<Vec<PersonId>> {
        let mut rest = bytes;
        let dimensions = number(&mut rest)?;
        let (_, element) = (number(&mut rest)?, number(&mut rest)?);
        if dimensions == 0 {
            return Some(Vec::new());
        }
        let known = self.takes(u32::try_from(element).ok()?, false);
        if dimensions != 1 || !known {
            return None;
        }
        let (length, _) = (number(&mut rest)?, number(&mut rest)?);
        let mut found = Vec::new();
        for _ in 0..length {
            let Ok(size) = usize::try_from(number(&mut rest)?) else { continue };
            let (value, after) = rest.split_at_checked(size)?;
            found.push(self.from_binary(value)?);
            rest = after;
        }
        Some(found)
    }

    /// Whether a parameter of this type is read here as the server reads it. 0: the server takes
    /// it for the type of what it is compared with.
    pub fn takes(self, declared: DeclaredType, list: bool) -> bool {
        let known: &[u32] = match (self, list) {
            (IdKind::Integer, false) => &[20, 21, 23],
            (IdKind::Integer, true) => &[1005, 1007, 1016],
            (IdKind::Uuid, false) => &[2950],
            (IdKind::Uuid, true) => &[2951],
            (IdKind::Text | IdKind::Padded, false) => &[25, 1042, 1043],
            (IdKind::Text | IdKind::Padded, true) => &[1009, 1014, 1015],
        };
        declared == 0 || known.contains(&declared)
    }

    /// Every text an id given by hand may stand for, where the kind is not known.
    pub fn readings(text: &str) -> Vec<PersonId> {
        let kinds = [IdKind::Integer, IdKind::Uuid, IdKind::Text, IdKind::Padded];
        let mut all: Vec<PersonId> = kinds.iter().filter_map(|k| k.from_text(text)).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// Braces and hyphens behind any four digits may be there or not (manual, 8.12).
fn uuid(text: &str) -> Option<String> {
    let braced = text.strip_prefix('{').map(|rest| rest.strip_suffix('}'));
    let inner = braced.unwrap_or(Some(text))?;
    let mut digits = 0;
    let mut value = 0_u128;
    let mut hyphen = false;
    for c in inner.chars() {
        if c == '-' && digits > 0 && digits % 4 == 0 && !hyphen {
            hyphen = true;
            continue;
        }
        (value, digits, hyphen) = (value << 4 | u128::from(c.to_digit(16)?), digits + 1, false);
        if digits > 32 {
            return None;
        }
    }
    (digits == 32 && !hyphen).then(|| spell_uuid(value))
}

fn spell_uuid(value: u128) -> String {
    let digits = format!("{value:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

fn number(rest: &mut &[u8]) -> Option<i32> {
    let (first, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(i32::from_be_bytes(*first))
}

enum Item {
    Bare(String),
    Quoted(String),
}

/// Elements of an array's text (manual, 8.15.6); `None` for more than one dimension.
fn items(inner: &str) -> Option<Vec<Item>> {
    let mut found = Vec::new();
    let mut chars = inner.chars().peekable();
    if inner.trim_ascii().is_empty() {
        return Some(found);
    }
    loop {
        while chars.next_if(char::is_ascii_whitespace).is_some() {}
        let mut word = String::new();
        if chars.next_if_eq(&'"').is_some() {
            loop {
                match chars.next()? {
                    '"' => break,
                    '\\' => word.push(chars.next()?),
                    c => word.push(c),
                }
            }
            while chars.next_if(char::is_ascii_whitespace).is_some() {}
            found.push(Item::Quoted(word));
        } else {
            while let Some(c) = chars.next_if(|c| *c != ',') {
                match c {
                    '{' | '}' | '"' => return None,
                    '\\' => word.push(chars.next()?),
                    c => word.push(c),
                }
            }
            found.push(Item::Bare(word.trim_ascii_end().to_owned()));
        }
        match chars.next() {
            None => return Some(found),
            Some(',') => {}
            Some(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ids: Option<Vec<PersonId>>) -> Option<Vec<String>> {
        Some(ids?.iter().map(|id| id.expose().to_owned()).collect())
    }

    #[test]
    fn one_person_has_one_text() {
        let five = IdKind::Integer.from_text("5");
        for same in ["5", " 5 ", "+5", "005"] {
            assert_eq!(IdKind::Integer.from_text(same), five, "{same}");
        }
        for bytes in [&[0, 5][..], &[0, 0, 0, 5], &[0, 0, 0, 0, 0, 0, 0, 5]] {
            assert_eq!(IdKind::Integer.from_binary(bytes), five);
        }
        let uuid = IdKind::Uuid.from_text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        for same in [
            "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11",
        ] {
            assert_eq!(IdKind::Uuid.from_text(same), uuid, "{same}");
        }
        let bytes = 0xa0ee_bc99_9c0b_4ef8_bb6d_6bb9_bd38_0a11_u128.to_be_bytes();
        assert_eq!(IdKind::Uuid.from_binary(&bytes), uuid);
        assert_eq!(IdKind::Padded.from_text("x  "), IdKind::Padded.from_text("x"));
        assert_ne!(IdKind::Text.from_text("x "), IdKind::Text.from_text("x"));
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        for wrong in ["", "5.0", "5e0", "0x5", "five", "99999999999999999999"] {
            assert_eq!(IdKind::Integer.from_text(wrong), None, "{wrong}");
        }
        assert_eq!(IdKind::Integer.from_binary(&[5]), None);
        for wrong in ["a0eebc99", "{a0eebc999c0b4ef8bb6d6bb9bd380a11", "g"] {
            assert_eq!(IdKind::Uuid.from_text(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn arrays_are_read_in_either_format() {
        let read = |text: &str| texts(IdKind::Integer.list(text.as_bytes(), false));
        assert_eq!(read("{1, 02 ,NULL}"), Some(vec!["1".to_owned(), "2".to_owned()]));
        assert_eq!(read("{}"), Some(Vec::new()));
        assert_eq!(read("{{1},{2}}"), None);
        assert_eq!(read("{1,x}"), None);
        let read = |text: &str| texts(IdKind::Text.list(text.as_bytes(), false));
        let both = vec!["a,\"b".to_owned(), "null".to_owned()];
        assert_eq!(read(r#"{"a,\"b","null"}"#), Some(both));
        let mut bytes: Vec<u8> = [1_i32, 0, 23, 2, 1, 4, 7, -1].map(i32::to_be_bytes).concat();
        assert_eq!(texts(IdKind::Integer.list(&bytes, true)), Some(vec!["7".to_owned()]));
        bytes.pop();
        assert_eq!(texts(IdKind::Integer.list(&bytes, true)), None);
    }

    #[test]
    fn ids_are_never_printed() {
        assert_eq!(format!("{:?}", IdKind::Integer.from_text("5")), "Some((hidden))");
    }
}
