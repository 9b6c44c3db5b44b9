//! Dialogues through a `Session`, without sockets: `transcripts/*.txt`.
//!
//! A line is a message and who sends it: `C>` client to proxy, `S>` proxy to server, `S<` server
//! to proxy, `C<` proxy to client; `A<` is what is told to the audit trail, `=` is something that
//! happens (`written`, `refreshed`, `rules change`, `audit fails`, `second 9`, `consent stands`, `withdrawn` or
//! `unwatched`) or must be so (`waits server`, `catalog`, `written`, `consent`, `holds`: bytes of
//! the server are held back). All that a `C>`,
//! an `S<` or an event brings about must stand in the lines that follow it, in order.

mod wire;

use std::collections::VecDeque;

use pgpurpose::wire::backend::description;
use pgpurpose::wire::frame::{put_cstring, put_message};
use pgpurpose::wire::records::Fact;
use pgpurpose::wire::session::{Narrowed, Session, Turn, Wait};
use wire::Words;

#[test]
fn dialogues_go_as_they_are_written() {
    let mut files: Vec<_> =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts"))
            .expect("transcripts")
            .map(|entry| entry.expect("an entry").path())
            .collect();
    files.sort();
    assert!(!files.is_empty(), "no transcripts");
    let mut failures = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a transcript");
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Err(failure) = Dialogue::new().run(&text) {
            failures.push(format!("{name}:{failure}"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

struct Dialogue {
    session: Session,
    world: Words,
    now_us: u64,
    from_client: Vec<u8>,
    from_server: Vec<u8>,
    to_server: VecDeque<String>,
    to_client: VecDeque<String>,
    audit: VecDeque<String>,
    client_waits: Wait,
    server_waits: Wait,
}

impl Dialogue {
    fn new() -> Dialogue {
        Dialogue {
            session: wire::session(),
            world: Words::default(),
            now_us: 0,
            from_client: Vec::new(),
            from_server: Vec::new(),
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
            audit: VecDeque::new(),
            client_waits: Wait::Input,
            server_waits: Wait::Input,
        }
    }

    fn run(mut self, text: &str) -> Result<(), String> {
        for (number, line) in text.lines().enumerate() {
            let words = words(line);
            let Some((first, rest)) = words.split_first() else { continue };
            let result = match first.as_str() {
                "#" => Ok(()),
                "##" => {
                    let settled = self.nothing_left();
                    self = Dialogue::new();
                    settled
                }
                "S>" => expect(&mut self.to_server, rest),
                "C<" => expect(&mut self.to_client, rest),
                "A<" => expect(&mut self.audit, rest),
                "C>" => self.client(rest),
                "S<" => self.server(rest),
                "=" => self.event(rest),
                other => Err(format!("what is \"{other}\"?")),
            };
            result.map_err(|why| format!("{}: {line}\n    {why}", number + 1))?;
        }
        self.nothing_left().map_err(|why| format!("end: {why}"))
    }

    fn nothing_left(&self) -> Result<(), String> {
        for (whom, left) in
            [("server", &self.to_server), ("client", &self.to_client), ("audit", &self.audit)]
        {
            if let Some(message) = left.front() {
                return Err(format!("was also sent to the {whom}: {message}"));
            }
        }
        Ok(())
    }

    fn client(&mut self, words: &[String]) -> Result<(), String> {
        self.nothing_left()?;
        self.from_client.extend(message(words, true)?);
        self.advance()
    }

    fn server(&mut self, words: &[String]) -> Result<(), String> {
        self.nothing_left()?;
        self.from_server.extend(message(words, false)?);
        self.advance()
    }

    fn event(&mut self, words: &[String]) -> Result<(), String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["written"] => self.session.written(u64::MAX),
            ["refreshed"] => self.session.refreshed(),
            ["consent", "stands"] => self.session.consent_answered(Narrowed::No),
            ["consent", "withdrawn"] => self.session.consent_answered(Narrowed::Yes),
            ["consent", "unwatched"] => self.session.consent_answered(Narrowed::Unwatched),
            ["rules", "change"] => self.world.snapshot.set(self.world.snapshot.get() + 1),
            ["second", now_s] => self.world.now_s.set(now_s.parse().expect("a number")),
            ["audit", "fails"] => self.world.audit_fails.set(true),
            ["waits", what] => {
                let waits = match self.client_waits {
                    Wait::Input => "input",
                    Wait::Server => "server",
                    Wait::Catalog => "catalog",
                    Wait::Consent => "consent",
                    Wait::Written(_) => "written",
                    Wait::Terminate => "terminate",
                };
                return if waits == *what { Ok(()) } else { Err(format!("waits for {waits}")) };
            }
            ["holds"] => {
                let holds = matches!(self.server_waits, Wait::Written(_));
                return if holds { Ok(()) } else { Err("nothing is held back".to_owned()) };
            }
            _ => return Err("what is that?".to_owned()),
        }
        self.nothing_left()?;
        self.advance()
    }

    /// Lets the session take what has been sent.
    fn advance(&mut self) -> Result<(), String> {
        self.now_us += 1000;
        let mut turn = Turn { now_us: self.now_us, ..Turn::default() };
        let refused = |refusal: Box<pgpurpose::model::refusal::Refusal>| {
            format!("the connection ended: {} {}", refusal.sqlstate.0, refusal.message)
        };
        let taken = self.session.on_server(&self.from_server, &mut turn, &self.world);
        let sent: Vec<u8> = turn.onward.pieces(&self.from_server).flatten().copied().collect();
        self.to_client.extend(shown(&sent, false));
        self.told(&mut turn);
        match taken {
            Ok(taken) => {
                self.from_server.drain(..taken.consumed);
                self.server_waits = taken.wait;
            }
            Err(refusal) => {
                self.to_client
                    .push_back(format!("FATAL {} {:?}", refusal.sqlstate.0, refusal.message));
                self.from_server.clear();
            }
        }
        let mut turn = Turn { now_us: self.now_us, ..Turn::default() };
        let taken =
            self.session.on_client(&self.from_client, &mut turn, &self.world).map_err(refused)?;
        let sent: Vec<u8> = turn.onward.pieces(&self.from_client).flatten().copied().collect();
        self.to_server.extend(shown(&sent, true));
        self.told(&mut turn);
        self.from_client.drain(..taken.consumed);
        self.client_waits = taken.wait;
        Ok(())
    }

    fn told(&mut self, turn: &mut Turn) {
        for fact in turn.facts.drain(..) {
            match fact {
                Fact::Decision { record, .. } => self.audit.push_back(format!(
                    "decision {} {} {}",
                    record.id,
                    record.judged.decision,
                    if record.judged.purpose.is_empty() { "-" } else { &record.judged.purpose },
                )),
                Fact::Outcome(record) => self.audit.push_back(format!(
                    "outcome {} {} {}",
                    record.id, record.rows, record.sqlstate
                )),
                Fact::Alarm { relation, number, at } => {
                    self.audit.push_back(format!("alarm {relation} {number} {at}"));
                }
                Fact::Ended { .. } | Fact::Refused(_) => {}
            }
        }
    }
}

fn expect(sent: &mut VecDeque<String>, words: &[String]) -> Result<(), String> {
    let expected = words.iter().map(|w| quoted(w)).collect::<Vec<_>>().join(" ");
    match sent.pop_front() {
        None => Err("was not sent".to_owned()),
        Some(message) if plain(&message) == plain(&expected) => Ok(()),
        Some(message) => Err(format!("was instead: {message}")),
    }
}

fn quoted(word: &str) -> String {
    word.to_owned()
}

/// Without the quotes, which only keep words together.
fn plain(text: &str) -> String {
    words(text).join(" ")
}

/// Words of a line; double quotes keep a text together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        match c {
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

/// Names of messages: the client's, then the server's.
const CLIENT: [(&str, u8); 13] = [
    ("Query", b'Q'),
    ("Parse", b'P'),
    ("Bind", b'B'),
    ("Describe", b'D'),
    ("Execute", b'E'),
    ("Close", b'C'),
    ("FunctionCall", b'F'),
    ("Flush", b'H'),
    ("Sync", b'S'),
    ("CopyData", b'd'),
    ("CopyDone", b'c'),
    ("CopyFail", b'f'),
    ("Terminate", b'X'),
];

const SERVER: [(&str, u8); 18] = [
    ("ParseComplete", b'1'),
    ("BindComplete", b'2'),
    ("CloseComplete", b'3'),
    ("ParameterDescription", b't'),
    ("RowDescription", b'T'),
    ("NoData", b'n'),
    ("DataRow", b'D'),
    ("CommandComplete", b'C'),
    ("EmptyQueryResponse", b'I'),
    ("PortalSuspended", b's'),
    ("ErrorResponse", b'E'),
    ("NoticeResponse", b'N'),
    ("ParameterStatus", b'S'),
    ("NotificationResponse", b'A'),
    ("ReadyForQuery", b'Z'),
    ("CopyInResponse", b'G'),
    ("CopyOutResponse", b'H'),
    ("FunctionCallResponse", b'V'),
];

/// A message from its line. Every word but the first is a text of it, `-` an empty one.
fn message(words: &[String], of_client: bool) -> Result<Vec<u8>, String> {
    let (name, texts) = words.split_first().ok_or("no message")?;
    let names: &[(&str, u8)] = if of_client { &CLIENT } else { &SERVER };
    let shared = [("CopyData", b'd'), ("CopyDone", b'c')];
    let mut known = names.iter().chain(&shared);
    let (_, tag) = known.find(|(n, _)| n == name).ok_or(format!("no message {name}"))?;
    let text = |at: usize| texts.get(at).map_or("", |t| if t == "-" { "" } else { t });
    let mut out = Vec::new();
    put_message(&mut out, *tag, |out| match (name.as_str(), tag) {
        ("Query" | "CommandComplete" | "CopyFail", _) => put_cstring(out, text(0).as_bytes()),
        ("Parse", _) => {
            put_cstring(out, text(0).as_bytes());
            put_cstring(out, text(1).as_bytes());
            out.extend([0, 0]);
        }
        ("Bind", _) => {
            put_cstring(out, text(0).as_bytes());
            put_cstring(out, text(1).as_bytes());
            out.extend([0, 0]);
            let values = texts.get(2..).unwrap_or_default();
            out.extend((values.len() as u16).to_be_bytes());
            for value in values {
                out.extend((value.len() as u32).to_be_bytes());
                out.extend(value.bytes());
            }
            out.extend([0, 0]);
        }
        ("Describe" | "Close", _) => {
            out.extend(text(0).bytes());
            put_cstring(out, text(1).as_bytes());
        }
        ("Execute", _) => {
            put_cstring(out, text(0).as_bytes());
            out.extend([0; 4]);
        }
        ("ErrorResponse" | "NoticeResponse", _) => {
            let severity = text(2);
            let severity = if severity.is_empty() { "ERROR" } else { severity };
            for (code, value) in
                [(b'S', severity), (b'V', severity), (b'C', text(0)), (b'M', text(1))]
            {
                out.push(code);
                put_cstring(out, value.as_bytes());
            }
            out.push(0);
        }
        ("ParameterStatus", _) => {
            put_cstring(out, text(0).as_bytes());
            put_cstring(out, text(1).as_bytes());
        }
        ("RowDescription", _) => {
            out.extend((texts.len() as u16).to_be_bytes());
            for at in 0..texts.len() {
                let mut parts = text(at).splitn(3, ':');
                put_cstring(out, parts.next().unwrap_or_default().as_bytes());
                let mut number = || parts.next().and_then(|n| n.parse().ok()).unwrap_or(0_i32);
                out.extend(number().to_be_bytes());
                out.extend((number() as i16).to_be_bytes());
                out.extend([0; 12]);
            }
        }
        ("DataRow", _) => {
            out.extend((texts.len() as u16).to_be_bytes());
            for at in 0..texts.len() {
                out.extend((text(at).len() as u32).to_be_bytes());
                out.extend(text(at).bytes());
            }
        }
        _ => out.extend(text(0).bytes()),
    });
    Ok(out)
}

/// What was sent, one line a message, as `message` would read it.
fn shown(mut bytes: &[u8], by_client: bool) -> Vec<String> {
    let names: &[(&str, u8)] = if by_client { &CLIENT } else { &SERVER };
    let shared = [("CopyData", b'd'), ("CopyDone", b'c')];
    let mut lines = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<5>() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let (body, rest) = rest.split_at(length - 4);
        bytes = rest;
        let name = names.iter().chain(&shared).find(|(_, tag)| *tag == head[0]);
        let name = name.map_or("?", |(name, _)| *name);
        lines.push(format!("{name} {}", content(name, body)).trim_end().to_owned());
    }
    assert!(bytes.is_empty(), "a message was cut: {bytes:?}");
    lines
}

fn content(name: &str, body: &[u8]) -> String {
    let text = |bytes: &[u8]| match bytes {
        b"" => "-".to_owned(),
        bytes => String::from_utf8_lossy(bytes).replace('"', "").to_string(),
    };
    let strings: Vec<&[u8]> = body.split(|b| *b == 0).collect();
    let string = |at: usize| text(strings.get(at).copied().unwrap_or_default());
    match name {
        "Query" | "CommandComplete" | "CopyFail" => format!("\"{}\"", string(0)),
        "Parse" => format!("{} \"{}\"", string(0), string(1)),
        "Bind" => {
            let mut shown = format!("{} {}", string(0), string(1));
            let at = strings[0].len() + strings[1].len() + 4;
            let mut rest = &body[at + 2..];
            while let Some((length, more)) = rest.split_first_chunk::<4>() {
                let (value, more) = more.split_at(u32::from_be_bytes(*length) as usize);
                shown += &format!(" {}", text(value));
                rest = more;
            }
            shown
        }
        "Describe" | "Close" => {
            format!("{} {}", char::from(body[0]), text(&body[1..body.len() - 1]))
        }
        "Execute" => string(0),
        "ErrorResponse" | "NoticeResponse" => {
            let field = |code: u8| {
                let found = strings.iter().find(|s| s.first() == Some(&code));
                found.map(|s| text(&s[1..])).unwrap_or_default()
            };
            let fields = [(b'C', ""), (b'M', ""), (b'H', "hint "), (b'W', "where ")];
            let mut shown = Vec::new();
            for (code, label) in fields {
                if !field(code).is_empty() {
                    shown.push(format!("{label}\"{}\"", field(code)));
                }
            }
            if field(b'S') != "ERROR" {
                shown.push(field(b'S'));
            }
            shown.join(" ")
        }
        "RowDescription" => {
            let columns = description(body).expect("a description");
            let columns = columns.iter().map(|column| match column.table {
                0 => text(column.name),
                table => format!("{}:{table}:{}", text(column.name), column.number),
            });
            columns.collect::<Vec<_>>().join(" ")
        }
        "ParameterStatus" => format!("{} {}", string(0), string(1)),
        "DataRow" => {
            let mut rest = &body[2..];
            let mut shown = Vec::new();
            while let Some((length, more)) = rest.split_first_chunk::<4>() {
                let (value, more) = more.split_at(u32::from_be_bytes(*length) as usize);
                shown.push(text(value));
                rest = more;
            }
            shown.join(" ")
        }
        _ => String::from_utf8_lossy(body).into_owned(),
    }
}
