//! An attempt to learn what a purpose may not see, as its file describes it.

use std::fs;
use std::path::Path;

use crate::harness::Outgoing;
use crate::harness::script::{self, Line};

/// One file below `tests/corpus`.
pub struct Attack {
    /// `class/name`
    pub name: String,
    pub role: String,
    pub expected: Expected,
    /// Why it is known to succeed.
    pub known: Option<String>,
    /// Not undone by a transaction around it.
    pub commits: bool,
    /// Undoes what it leaves for good, past the proxy.
    pub undo: Option<String>,
    /// What it is out to change: a query asked past the proxy, before and after.
    pub state: Option<String>,
    /// Each of its dialogues is held on a connection of its own.
    pub dialogues: Vec<Vec<Step>>,
    pub text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// Both worlds answer with the same bytes.
    Alike,
    /// No row at all, and an error.
    Refused,
    /// The server's own answer, byte for byte: there is nothing wrong with the statement.
    Same,
}

pub enum Step {
    /// Bytes for one write (or for many: `slowly`), and how many ReadyForQuery answer them.
    Send { bytes: Vec<u8>, answers: usize, slowly: bool },
    /// Logs in anew, with other start-up parameters.
    Login(Vec<(String, String)>),
    /// Something that somebody else does meanwhile, past the proxy.
    Beside(String),
}

/// Between the messages of one file.
const SEPARATOR: &str = "\n---\n";

impl Attack {
    pub fn read(path: &Path, name: String) -> Result<Attack, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let mut attack = Attack {
            name,
            role: "town".to_owned(),
            expected: Expected::Alike,
            known: None,
            commits: false,
            undo: None,
            state: None,
            dialogues: Vec::new(),
            text: text.clone(),
        };
        for line in text.lines() {
            let Some(line) = line.strip_prefix("-- ").or(line.strip_prefix("# ")) else { break };
            let Some((key, value)) = line.split_once(": ") else { continue };
            match key {
                "role" => attack.role = value.to_owned(),
                "known" => attack.known = Some(value.to_owned()),
                "undo" => attack.undo = Some(value.to_owned()),
                "state" => attack.state = Some(value.to_owned()),
                "commits" => attack.commits = true,
                "expect" => {
                    attack.expected = match value {
                        "refused" => Expected::Refused,
                        "same" => Expected::Same,
                        other => return Err(format!("expect {other}?")),
                    }
                }
                _ => {}
            }
        }
        if path.extension().is_some_and(|extension| extension == "sql") {
            let body: Vec<&str> = text.lines().skip_while(|l| l.starts_with("--")).collect();
            let messages = body.join("\n");
            let messages: Vec<&str> = messages.trim_end().split(SEPARATOR).collect();
            attack.dialogues = vec![simple(&messages), extended(&messages)];
        } else {
            attack.commits = true;
            attack.dialogues = vec![steps(&text)?];
        }
        Ok(attack)
    }
}

fn simple(messages: &[&str]) -> Vec<Step> {
    let one = |sql: &&str| sent(Outgoing::new().query(sql));
    messages.iter().map(one).collect()
}

fn sent(outgoing: Outgoing) -> Step {
    Step::Send { bytes: outgoing.0, answers: 1, slowly: false }
}

/// Described, and with binary results.
fn extended(messages: &[&str]) -> Vec<Step> {
    let one = |sql: &&str| {
        let bound = Outgoing::new().parse("", sql).bind_with("", "", &[], [0, 1]);
        sent(bound.describe(b'P', "").execute("", 0).sync())
    };
    messages.iter().map(one).collect()
}

/// Consecutive `C>` lines are one write. Events: `= login name=value…`, `= beside "SQL"`,
/// `= slowly` (the next write byte by byte), `= send` (end of a write).
fn steps(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let (mut bytes, mut answers, mut slowly) = (Vec::new(), 0, false);
    for (number, text) in text.lines().chain(["= send"]).enumerate() {
        let line = script::line(text).map_err(|why| format!("{}: {why}", number + 1))?;
        match line {
            Line::Message(outgoing, answered) => {
                bytes.extend(outgoing.0);
                answers += usize::from(answered);
            }
            Line::Nothing => {}
            Line::Event(words) => {
                if !bytes.is_empty() {
                    let bytes = std::mem::take(&mut bytes);
                    steps.push(Step::Send { bytes, answers, slowly });
                    (answers, slowly) = (0, false);
                }
                match words.split_first() {
                    Some((word, [])) if word == "send" => {}
                    Some((word, [])) if word == "slowly" => slowly = true,
                    Some((word, [sql])) if word == "beside" => {
                        steps.push(Step::Beside(sql.clone()))
                    }
                    Some((word, pairs)) if word == "login" => steps.push(login(pairs)?),
                    _ => return Err(format!("{}: no such event", number + 1)),
                }
            }
        }
    }
    Ok(steps)
}

fn login(pairs: &[String]) -> Result<Step, String> {
    let pair = |text: &String| {
        let (name, value) = text.split_once('=').ok_or("name=value")?;
        let value = String::from_utf8(script::unescaped(value)?).map_err(|e| e.to_string())?;
        Ok::<_, String>((name.to_owned(), value))
    };
    Ok(Step::Login(pairs.iter().map(pair).collect::<Result<_, _>>()?))
}
