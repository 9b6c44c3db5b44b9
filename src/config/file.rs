//! The configuration file as written: a flat list of dotted keys, each with its place.
//! Which keys exist is not known here; the file only has sections and plain values.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_yaml::Spanned;

use super::fault::{ConfigFault, Origin};

/// Sections of the file; every other top-level key holds a plain value.
pub const SECTIONS: [&str; 6] = ["catalog", "tokens", "audit", "admin", "log", "limits"];

/// The longest file read, in bytes. A larger one is not a configuration.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// Every setting of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfigFile {
    pub entries: Vec<Entry>,
}

/// `section.key: text`
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: String,
    pub text: String,
    pub key_origin: Origin,
    pub text_origin: Origin,
}

impl ConfigFile {
    /// Reads YAML. Duplicate keys, anything but text, numbers and booleans as a value, and
    /// sections within sections are errors; `path` is only printed.
    pub fn parse(path: &str, text: &str) -> Result<ConfigFile, ConfigFault> {
        let origin = |line, column| Origin::File { path: path.to_owned(), line, column };
        if text.len() > MAX_FILE_BYTES {
            return Err(ConfigFault::new(origin(0, 0), "file is larger than 1 MiB"));
        }
        if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return Ok(ConfigFile::default());
        }
        // Snippets would print the neighbouring lines too, and one of those may hold a password.
        let options = serde_yaml::options! { with_snippet: false };
        let written: Written =
            serde_yaml::from_str_with_options(text, options).map_err(|error| {
                let at = error.location();
                let origin = origin(at.map_or(0, |l| l.line()), at.map_or(0, |l| l.column()));
                ConfigFault::new(origin, message_without_place(&error))
            })?;
        let place = |at: &serde_yaml::Location| origin(at.line(), at.column());
        let entries = written.0.into_iter().map(|(key, place_of_key, value)| Entry {
            key,
            text: value.value,
            key_origin: place(&place_of_key),
            text_origin: place(&value.referenced),
        });
        Ok(ConfigFile { entries: entries.collect() })
    }
}

/// The parser ends its messages with the place, which we print in front.
fn message_without_place(error: &serde_yaml::Error) -> String {
    let message = error.to_string();
    match message.find(" at line ") {
        Some(end) => message.get(..end).unwrap_or(&message).to_owned(),
        None => message,
    }
}

/// `(dotted key, its place, value)` in order.
struct Written(Vec<(String, serde_yaml::Location, Spanned<String>)>);

struct Section(Vec<(Spanned<String>, Spanned<String>)>);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Written, D::Error> {
        struct Top;
        impl<'de> Visitor<'de> for Top {
            type Value = Written;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("settings, one \"key: value\" a line")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Written, A::Error> {
                let mut all = Vec::new();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    if !SECTIONS.contains(&key.value.as_str()) {
                        all.push((key.value, key.referenced, map.next_value()?));
                        continue;
                    }
                    let Section(settings) = map.next_value()?;
                    for (inner, value) in settings {
                        let dotted = format!("{}.{}", key.value, inner.value);
                        all.push((dotted, inner.referenced, value));
                    }
                }
                Ok(Written(all))
            }
        }
        deserializer.deserialize_map(Top)
    }
}

impl<'de> Deserialize<'de> for Section {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Section, D::Error> {
        struct Inner;
        impl<'de> Visitor<'de> for Inner {
            type Value = Section;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a section of settings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Section, A::Error> {
                let mut all = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    all.push(entry);
                }
                Ok(Section(all))
            }
        }
        deserializer.deserialize_map(Inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_keeps_its_place() {
        let file =
            ConfigFile::parse("c.yaml", "listen: 127.0.0.1:1\naudit: { sync: always }\n").unwrap();
        let audit = &file.entries[1];
        assert_eq!((audit.key.as_str(), audit.text.as_str()), ("audit.sync", "always"));
        assert_eq!(audit.text_origin.to_string(), "c.yaml:2:16");
        assert_eq!(audit.key_origin.to_string(), "c.yaml:2:10");
    }

    #[test]
    fn numbers_and_booleans_are_kept_as_text() {
        let file = ConfigFile::parse("c", "limits:\n  clients: 100\nallow_server_trust: true\n");
        let texts: Vec<_> = file.unwrap().entries.into_iter().map(|e| e.text).collect();
        assert_eq!(texts, ["100", "true"]);
    }

    #[test]
    fn an_empty_file_says_nothing() {
        assert_eq!(ConfigFile::parse("c", "# nothing\n\n").unwrap(), ConfigFile::default());
    }

    #[test]
    fn mistakes_of_form_have_a_place() {
        let duplicate = ConfigFile::parse("c", "listen: a\nlisten: b\n").unwrap_err();
        assert!(duplicate.to_string().starts_with("c:2:1: "), "{duplicate}");
        let nested = ConfigFile::parse("c", "audit:\n  file: { a: b }\n").unwrap_err();
        assert!(nested.to_string().starts_with("c:2:"), "{nested}");
        let list = ConfigFile::parse("c", "listen: [a, b]\n").unwrap_err();
        assert!(list.to_string().starts_with("c:1:"), "{list}");
        assert!(ConfigFile::parse("c", "audit: yes\n").is_err());
        assert!(ConfigFile::parse("c", "just words\n").is_err());
    }
}
