//! What is tried on arbitrary bytes: by the fuzzer, and by a test without one.
//!
//! Each target panics where a promise is broken. Text that is no UTF-8 never reaches the judge.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use pgpurpose::judge::{Verdict, judge};
use pgpurpose::snapshot::Snapshot;
use pgpurpose::sql::emit::emit;
use pgpurpose::sql::lexer::lex;
use pgpurpose::sql::schema::parse_schema;
use pgpurpose::sql::tokens::Tokens;

use crate::compare::compare;
use crate::references::bare;
use crate::worlds::{World, forwarded};

/// A target by its name.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: [Target; 5] = [
    ("lexer", lexer),
    ("judge_text", judge_text),
    ("judge_rules", judge_rules),
    ("views", views),
    ("schema", schema),
];

/// Longest text that is tried, in bytes: time is bounded for longer ones elsewhere.
const MAX_BYTES: usize = 8 << 10;
/// A text of this length takes milliseconds, without optimisation and beside others too.
const MAX_TIME: Duration = Duration::from_secs(20);

static WORLDS: LazyLock<Vec<World>> = LazyLock::new(World::all);

fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok().filter(|text| text.len() <= MAX_BYTES)
}

/// Tokens cover the text in order, and are read again from their own spelling.
pub fn lexer(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let Ok(lexed) = lex(text) else { return };
    let mut end = 0;
    for token in &lexed.tokens {
        assert!(end <= token.start && token.start < token.end && token.end <= text.len());
        end = token.end;
    }
    let before: Vec<_> = lexed.tokens.iter().map(|token| token.kind.clone()).collect();
    let sent = emit(&Tokens::new(text, lexed), &[]);
    let after = lex(sent.text()).expect("what is spelt can be read").tokens;
    let after: Vec<_> = after.into_iter().map(|token| token.kind).collect();
    assert_eq!(before, after, "{text:?} is spelt {:?}", sent.text());
}

/// Where nothing is governed, what is forwarded is what came in.
pub fn judge_text(data: &[u8]) {
    let (Some(text), start) = (text(data), Instant::now()) else { return };
    let world = &WORLDS[0];
    let sent = forwarded(world, text);
    assert!(start.elapsed() < MAX_TIME, "{:?} for {text:?}", start.elapsed());
    if let (Some((sent, _)), false) = (sent, text.contains('\0')) {
        compare(world, text, &sent, true).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Under rules, chosen by the first byte: what is forwarded differs only where it may, and hides
/// the people it must hide.
pub fn judge_rules(data: &[u8]) {
    let Some((choice, data)) = data.split_first() else { return };
    let (Some(text), start) = (text(data), Instant::now()) else { return };
    let world = &WORLDS[1 + usize::from(*choice) % (WORLDS.len() - 1)];
    let sent = forwarded(world, text);
    assert!(start.elapsed() < MAX_TIME, "{:?} for {text:?}", start.elapsed());
    if let (Some((sent, _)), false) = (sent, text.contains('\0')) {
        compare(world, text, &sent, false).unwrap_or_else(|error| panic!("{error}"));
        if world.access.purpose.as_str() == "ads" {
            bare(world, &sent).unwrap_or_else(|error| panic!("{error}\n{text}\n{sent}"));
        }
    }
}

/// Any text as a view's definition: its columns are classified, and a query over it is judged.
pub fn views(data: &[u8]) {
    let Some(text) = text(data).filter(|text| !text.contains('\0')) else { return };
    let town = WORLDS.last().expect("the town");
    let script = format!(
        "CREATE TABLE public.person (id integer PRIMARY KEY, name text, email text, born date, \
         balance integer, left_us boolean NOT NULL);\n\
         CREATE TABLE public.purchase (id integer PRIMARY KEY, person_id integer, item text);\n\
         CREATE VIEW public.v AS {text}"
    );
    let Ok(catalog) = parse_schema(&script) else { return };
    let ruleset = Arc::clone(&town.snapshot.ruleset);
    let world = Snapshot::build(ruleset, Arc::new(catalog)).0;
    let judgement = judge(&world, &town.access, "SELECT * FROM public.v");
    if let Verdict::Forward(sent) = judgement.verdict {
        assert!(lex(sent.text()).is_ok());
    }
}

/// Any text as a schema script.
pub fn schema(data: &[u8]) {
    if let Some(text) = text(data)
        && let Ok(catalog) = parse_schema(text)
    {
        let ruleset = Arc::clone(&WORLDS[1].snapshot.ruleset);
        Snapshot::build(ruleset, Arc::new(catalog));
    }
}
