//! Messages as the dialogues of `tests/transcripts` write them: `C> Parse name "text"`.

use super::message::Outgoing;

/// What a line of a client adds to what is sent.
pub enum Line {
    /// A message; `true`: a ReadyForQuery answers it.
    Message(Outgoing, bool),
    /// `=` and what follows it.
    Event(Vec<String>),
    Nothing,
}

/// Reads a line. Comments and empty lines are nothing.
pub fn line(text: &str) -> Result<Line, String> {
    let words = words(text);
    match words.split_first() {
        None => Ok(Line::Nothing),
        Some((first, _)) if first.starts_with('#') => Ok(Line::Nothing),
        Some((first, rest)) if first == "=" => Ok(Line::Event(rest.to_vec())),
        Some((first, rest)) if first == "C>" => message(rest),
        Some((first, _)) => Err(format!("what is \"{first}\"?")),
    }
}

/// Words of a line; double quotes keep a text together, `""` in one is a quote of its own.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                word.get_or_insert_default().push('"');
            }
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// A message of a client. `-` is an empty text; `Raw` is followed by bytes (`\x00`, `\n`).
fn message(words: &[String]) -> Result<Line, String> {
    let (name, texts) = words.split_first().ok_or("no message")?;
    let text = |at: usize| texts.get(at).map_or("", |t| if t == "-" { "" } else { t });
    let new = Outgoing::new();
    let values: Vec<Option<&[u8]>> =
        texts.iter().skip(2).map(|t| (t != "NULL").then_some(t.as_bytes())).collect();
    let kind = || text(0).bytes().next().ok_or("S or P?");
    let bytes = || unescaped(text(0));
    let (message, answered) = match name.as_str() {
        "Query" => (new.message(b'Q', &[&bytes()?[..], &[0]].concat()), true),
        "Parse" => (new.parse(text(0), text(1)), false),
        "Bind" => (new.bind_with(text(0), text(1), &values, [0, 0]), false),
        "BindBinary" => (new.bind_with(text(0), text(1), &values, [0, 1]), false),
        "Describe" => (new.describe(kind()?, text(1)), false),
        "Close" => (new.close(kind()?, text(1)), false),
        "Execute" => (new.execute(text(0), text(1).parse().unwrap_or(0)), false),
        "FunctionCall" => (new.message(b'F', &bytes()?), true),
        "Flush" => (new.flush(), false),
        "Sync" => (new.sync(), true),
        "CopyData" => (new.copy_data(&bytes()?), false),
        "CopyDone" => (new.copy_done(), false),
        "CopyFail" => (new.copy_fail(text(0)), false),
        "Terminate" => (new.message(b'X', &[]), false),
        "Raw" => (Outgoing(bytes()?), true),
        other => return Err(format!("no message {other}")),
    };
    Ok(Line::Message(message, answered))
}

/// `\xHH`, `\n`, `\\` stand for bytes.
pub fn unescaped(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let (kind, tail) = rest.split_first().ok_or("a lone backslash")?;
        rest = tail;
        match kind {
            b'n' => bytes.push(b'\n'),
            b'x' => {
                let (digits, tail) = rest.split_at_checked(2).ok_or("two digits after \\x")?;
                let digits = str::from_utf8(digits).map_err(|e| e.to_string())?;
                bytes.push(u8::from_str_radix(digits, 16).map_err(|e| e.to_string())?);
                rest = tail;
            }
            other => bytes.push(*other),
        }
    }
    Ok(bytes)
}
