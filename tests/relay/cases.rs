//! The dialogues.

use crate::harness::Outgoing;

/// One dialogue on a connection of its own.
pub struct Case {
    pub name: &'static str,
    pub steps: Vec<Step>,
    pub likeness: Likeness,
}

pub enum Step {
    Send(Outgoing),
    /// Read up to and including the next message with this tag.
    Until(u8),
    /// Ask for the running statement to be stopped.
    Cancel,
}

/// How alike the replies must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    Bytes,
    /// Errors by SQLSTATE only: what cannot be read is refused in the proxy's own words.
    SqlState,
}

pub fn all() -> Vec<Case> {
    // Copies come first: where free space is used again, the order of a table's rows is chance.
    let mut cases = copies();
    cases.extend(queries());
    cases.extend(dialogues());
    cases
}

/// Dialogues that consist of texts only, readable by anyone who knows SQL.
const QUERIES: &str = include_str!("queries.txt");

/// Every text of the queries by itself.
pub fn texts() -> Vec<String> {
    sections(QUERIES).into_iter().flat_map(|(_, texts)| texts).collect()
}

fn queries() -> Vec<Case> {
    let mut cases = Vec::new();
    for (heading, texts) in sections(QUERIES) {
        let (mark, name) = heading.split_at(3);
        let mut case = simple(name, &texts);
        if mark == "=~ " {
            case = by_sqlstate(case);
        } else if let [text] = &texts[..] {
            cases.push(extended(name, text));
        }
        cases.push(case);
    }
    cases
}

/// Headings, each with its texts.
fn sections(file: &'static str) -> Vec<(&'static str, Vec<String>)> {
    let mut sections: Vec<(&str, Vec<String>)> = Vec::new();
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with("== ") || line.starts_with("=~ ") {
            sections.push((line, Vec::new()));
        } else if let Some((_, texts)) = sections.last_mut() {
            texts.push(line.replace("\\n", "\n").replace("(nothing)", ""));
        }
    }
    sections
}

fn simple(name: &'static str, texts: &[impl AsRef<str>]) -> Case {
    let steps = texts
        .iter()
        .flat_map(|text| [Step::Send(Outgoing::new().query(text.as_ref())), Step::Until(b'Z')])
        .collect();
    Case { name, steps, likeness: Likeness::Bytes }
}

/// Text and binary, the statement described as well as the portal.
fn extended(name: &'static str, text: &str) -> Case {
    let named = new().parse("s", text).describe(b'S', "s").bind("s", &[]).execute("", 0);
    let unnamed = new().parse("", text).bind_with("", "", &[], [0, 1]);
    let unnamed = unnamed.describe(b'P', "").execute("", 0);
    batches(name, vec![named.sync(), unnamed.sync(), new().close(b'S', "s").sync()])
}

/// Each batch ends with Sync and is answered before the next is sent.
fn batches(name: &'static str, batches: Vec<Outgoing>) -> Case {
    let steps =
        batches.into_iter().flat_map(|b| [Step::Send(b), Step::Until(b'Z')]).collect::<Vec<_>>();
    Case { name, steps, likeness: Likeness::Bytes }
}

/// All sent in one write, then as many replies read as there are ends of batches.
fn at_once(name: &'static str, messages: Outgoing, ends: usize) -> Case {
    let mut steps = vec![Step::Send(messages)];
    steps.extend((0..ends).map(|_| Step::Until(b'Z')));
    Case { name, steps, likeness: Likeness::Bytes }
}

/// What names something unknown may be refused before the server sees it.
fn by_sqlstate(case: Case) -> Case {
    Case { likeness: Likeness::SqlState, ..case }
}

fn new() -> Outgoing {
    Outgoing::new()
}

const BY_ID: &str = "SELECT id, name, born, balance FROM person WHERE id = $1";

fn dialogues() -> Vec<Case> {
    let seven: &[Option<&[u8]>] = &[Some(b"7")];
    let binary_seven: &[Option<&[u8]>] = &[Some(&[0, 0, 0, 7])];
    let three_lists = || new().parse("", "SELECT id, name FROM person ORDER BY id").bind("", &[]);
    vec![
        batches("parameters as text", vec![new().extended(BY_ID, seven)]),
        batches("a null parameter", vec![new().extended(BY_ID, &[None])]),
        batches(
            "parameters in binary",
            vec![
                new().parse_typed("b", BY_ID, &[23]).describe(b'S', "b").sync(),
                new().bind_with("", "b", binary_seven, [1, 1]).execute("", 0).sync(),
                new().bind_with("", "b", &[Some(&[0, 7])], [1, 1]).execute("", 0).sync(),
            ],
        ),
        batches(
            "a wrong number of parameters",
            vec![new().extended(BY_ID, &[]), new().extended(BY_ID, seven)],
        ),
        by_sqlstate(batches(
            "names used twice, missing, closed",
            vec![
                new().parse("n", BY_ID).parse("n", BY_ID).sync(),
                new().parse("n", BY_ID).sync(),
                new().bind("n", seven).execute("", 0).close(b'P', "").close(b'S', "n").sync(),
                new().bind("n", seven).execute("", 0).sync(),
                new().close(b'S', "never made").close(b'P', "nor this").sync(),
                new().describe(b'S', "never made").sync(),
                new().execute("nor this", 0).sync(),
            ],
        )),
        batches(
            "rows in portions",
            vec![three_lists().execute("", 3).execute("", 2).execute("", 0).execute("", 0).sync()],
        ),
        batches(
            "portions over several batches",
            vec![
                new().query("BEGIN"),
                new()
                    .parse("", "SELECT id FROM person ORDER BY id")
                    .bind_with("p", "", &[], [0, 0])
                    .execute("p", 2)
                    .sync(),
                new().execute("p", 2).sync(),
                new().query("SELECT 'between'"),
                new().execute("p", 1).close(b'P', "p").sync(),
                new().query("COMMIT"),
            ],
        ),
        Case {
            name: "flush instead of sync",
            steps: vec![
                Step::Send(new().parse("", BY_ID).describe(b'S', "").flush()),
                Step::Until(b'T'),
                Step::Send(new().bind("", seven).execute("", 0).flush()),
                Step::Until(b'C'),
                Step::Send(new().sync()),
                Step::Until(b'Z'),
            ],
            likeness: Likeness::Bytes,
        },
        at_once(
            "fifty batches in one write",
            (1..=50).fold(new(), |m, n| m.extended(BY_ID, &[Some(n.to_string().as_bytes())])),
            50,
        ),
        at_once(
            "an error in the middle of a batch",
            new()
                .parse("", "INSERT INTO visit (id, person_id, place) VALUES (8001, 1, 'gone')")
                .bind("", &[])
                .execute("", 0)
                .parse("", "SELECT 1 / 0")
                .bind("", &[])
                .execute("", 0)
                .parse("kept", "SELECT 'skipped'")
                .bind("kept", &[])
                .execute("", 0)
                .sync()
                .extended("SELECT count(*) FROM visit WHERE id = 8001", &[])
                .bind("kept", &[])
                .sync()
                .query("SELECT 'and on'"),
            4,
        ),
        at_once(
            "simple queries between batches",
            new()
                .query("SELECT 1")
                .extended(BY_ID, seven)
                .query("SELECT 2; SELECT 3")
                .sync()
                .query(""),
            5,
        ),
        by_sqlstate(at_once(
            "a query inside a batch",
            new().parse("", BY_ID).bind("", seven).query("SELECT 'inside'").execute("", 0).sync(),
            2,
        )),
        at_once(
            "a transaction in one write",
            new()
                .extended("BEGIN", &[])
                .extended("UPDATE person SET name = $1 WHERE id = 11", &[Some("Zoë".as_bytes())])
                .extended("SELECT 'x'::integer", &[])
                .extended("SELECT 1", &[])
                .extended("ROLLBACK", &[]),
            5,
        ),
        batches(
            "a plan whose result changes",
            vec![
                new().query("CREATE TEMP TABLE t (a integer)"),
                new().parse("c", "SELECT * FROM t").bind("c", &[]).execute("", 0).sync(),
                new().query("ALTER TABLE t ADD b text"),
                new().bind("c", &[]).execute("", 0).sync(),
            ],
        ),
        Case {
            name: "a cancelled statement",
            steps: vec![
                Step::Send(new().query("SELECT pg_sleep(20)")),
                Step::Cancel,
                Step::Until(b'Z'),
                Step::Send(new().query("SELECT 'and on'")),
                Step::Until(b'Z'),
            ],
            likeness: Likeness::Bytes,
        },
    ]
}

fn copies() -> Vec<Case> {
    const ROWS: &[u8] = b"6001\t1\tLyon\t2026-01-01 00:00:00\n6002\t2\t\\N\t2026-01-01\n";
    let copy_in = |name, start: &str, data: Outgoing| Case {
        name,
        steps: vec![
            Step::Send(new().query(start)),
            Step::Until(b'G'),
            Step::Send(data),
            Step::Until(b'Z'),
            Step::Send(new().query("SELECT * FROM visit WHERE id >= 6000 ORDER BY id")),
            Step::Until(b'Z'),
        ],
        likeness: Likeness::Bytes,
    };
    vec![
        simple(
            "copy out",
            &["COPY person TO STDOUT", "COPY visit (id, place) TO STDOUT (FORMAT csv, HEADER)"],
        ),
        simple("copy out in binary", &["COPY person TO STDOUT (FORMAT binary)"]),
        simple(
            "copy a query out",
            &["COPY (SELECT id, name FROM person WHERE id < 9 ORDER BY id) TO STDOUT"],
        ),
        batches("copy out, extended", vec![new().extended("COPY visit TO STDOUT", &[])]),
        copy_in("copy in", "COPY visit FROM STDIN", new().copy_data(&ROWS[..34]).copy_done()),
        copy_in("copy in, a bad row", "COPY visit FROM STDIN", new().copy_data(ROWS).copy_done()),
        copy_in(
            "copy in, given up",
            "COPY visit FROM STDIN",
            new().copy_data(&ROWS[..20]).copy_fail("changed my mind"),
        ),
        copy_in(
            "copy in as csv",
            "COPY visit (id, person_id, place) FROM STDIN (FORMAT csv)",
            new()
                .copy_data(b"6003,3,\"a, b\"\r\n60")
                .copy_data(b"04,4,K\xc3\xb6ln\r\n")
                .copy_done(),
        ),
        Case {
            name: "copy in, extended, all in one write",
            steps: vec![
                Step::Send(
                    new()
                        .parse("", "COPY visit (id, person_id, place) FROM STDIN")
                        .bind("", &[])
                        .execute("", 0)
                        .copy_data(b"6010\t1\tBergen\n")
                        .copy_done()
                        .sync(),
                ),
                Step::Until(b'Z'),
            ],
            likeness: Likeness::Bytes,
        },
    ]
}
