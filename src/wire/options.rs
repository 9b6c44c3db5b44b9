//! The `options` of a start-up packet, split and read as the server's own process does it
//! (`pg_split_opts`, `process_postgres_switches`).

use crate::model::claims::TOKEN_VARIABLE;

/// Switches of a server process that take an argument.
const FLAGS_WITH_ARGUMENT: &str = "BcCDdfhkNprStvW-";

/// The settings in a text of options, names in lower case.
pub fn settings(text: &str) -> Vec<(String, String)> {
    let words = split(text);
    let texts = places(&words).into_iter().filter_map(|place| text_at(&words, place));
    texts.filter_map(split_setting).collect()
}

/// The options with something else for every purpose token in them.
pub fn with_handle(text: &str, handle: &str) -> String {
    let mut words = split(text);
    let mut replaced = false;
    for place in places(&words) {
        let setting = text_at(&words, place).and_then(|text| {
            let (name, _) = split_setting(text)?;
            (name == TOKEN_VARIABLE).then_some(text.find('=')? + 1)
        });
        if let (Some(length), Some(word)) = (setting, words.get_mut(place.word)) {
            word.truncate(place.from + length);
            word.push_str(handle);
            replaced = true;
        }
    }
    if !replaced {
        return text.to_owned();
    }
    words.iter().map(|word| escape(word)).collect::<Vec<_>>().join(" ")
}

/// Where the text of a setting stands: in which word, from which byte on.
#[derive(Clone, Copy)]
struct Place {
    word: usize,
    from: usize,
}

fn text_at(words: &[String], place: Place) -> Option<&str> {
    words.get(place.word)?.get(place.from..)
}

fn places(words: &[String]) -> Vec<Place> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let here = at;
        at += 1;
        if word.starts_with("--") {
            found.push(Place { word: here, from: 2 });
            continue;
        }
        let Some(flags) = word.strip_prefix('-') else { continue };
        for (offset, flag) in flags.char_indices() {
            if !FLAGS_WITH_ARGUMENT.contains(flag) {
                continue;
            }
            let from = 1 + offset + flag.len_utf8();
            let place = if from < word.len() {
                Place { word: here, from }
            } else {
                at += 1;
                Place { word: here + 1, from: 0 }
            };
            if flag == 'c' || flag == '-' {
                found.push(place);
            }
            break;
        }
    }
    found
}

fn split_setting(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    Some((name.to_ascii_lowercase().replace('-', "_"), value.to_owned()))
}

/// Words between white space; a backslash takes the next character as it is.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        let space = matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
        match c {
            '\\' => word.get_or_insert_default().extend(characters.next()),
            _ if space => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// A value as one word of options.
pub fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        if c == '\\' || c.is_ascii_whitespace() || c == '\u{b}' {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_replaced_wherever_the_server_would_read_it() {
        for (text, expected) in [
            ("-c pgpurpose.token=a.b.c", "-c pgpurpose.token=H"),
            ("-cPGPURPOSE.Token=a\\.b", "-cPGPURPOSE.Token=H"),
            ("-e  --pgpurpose.token=x -c geqo=o\\ n", "-e --pgpurpose.token=H -c geqo=o\\ n"),
            ("-ec pgpurpose.token=x", "-ec pgpurpose.token=H"),
            (
                "-c pgpurpose.token=x -c pgpurpose.token=y",
                "-c pgpurpose.token=H -c pgpurpose.token=H",
            ),
            ("-c pgpurpose.token=", "-c pgpurpose.token=H"),
        ] {
            assert_eq!(with_handle(text, "H"), expected);
            let read = settings(expected);
            assert!(read.iter().any(|(n, v)| n == TOKEN_VARIABLE && v == "H"), "{expected}");
        }
        let other = "-c  pgpurpose.purpose=a\\ b -d pgpurpose.token=x";
        assert_eq!(with_handle(other, "H"), other);
    }
}
