//! Texts that once went round a proxy built on another grammar, each with what must become of it.

use pgpurpose::judge::{Judgement, Verdict, judge};
use pgpurpose::model::refusal::{Reason, Refusal};
use pgpurpose::policy::SourceFile;
use pgtree::compare::{Found, compare};
use pgtree::worlds::{World, forwarded, on_judging_stack};

/// A clinic whose patients' numbers, also those in a document, nobody may see.
fn clinic() -> World {
    let rules = "pgpurpose: 1\n\
        policy: { name: Clinic, version: 1 }\n\
        categories: { c: { ssn: block, doc: block, name: initial, money: bucket } }\n\
        subjects: { table: public.patient, id: id, cancelled: gone }\n\
        tables:\n\
        \x20 public.patient: { subject: id, plain: [id, gone, note], ssn: c.ssn, doc: c.doc, name: c.name, money: c.money }\n\
        \x20 public.visit: plain\n\
        purposes: { care: { consent: none, data: { c.name: allow, c.money: mask }, write: [c.name] } }\n\
        roles: { nurse: { may: [care], default: care } }\n\
        rules: [{ id: gone, when: { subject: cancelled }, then: hide_rows }]\n";
    let schema = "CREATE TABLE patient (id bigint PRIMARY KEY, ssn text, doc jsonb, name text, \
        money integer, gone boolean NOT NULL, note text); CREATE TABLE visit (id bigint PRIMARY KEY, note text);";
    let rules = vec![SourceFile { path: "clinic.yaml".into(), text: rules.into() }];
    World::new("clinic", rules, schema).expect("the clinic").asked_by("nurse", "care")
}

fn verdict(world: &World, text: &str) -> Verdict {
    let Judgement { verdict, .. } = judge(&world.snapshot, &world.access, text);
    verdict
}

fn refusal(world: &World, text: &str) -> Box<Refusal> {
    match verdict(world, text) {
        Verdict::Refuse(refusal) => refusal,
        Verdict::Forward(sent) => panic!("sent: {}", sent.text()),
    }
}

/// Forwarded, and what is sent differs only where it may.
fn kept(world: &World, text: &str) -> (String, Found) {
    let (sent, _) = forwarded(world, text).unwrap_or_else(|| panic!("refused: {text}"));
    let found = compare(world, text, &sent, false).unwrap_or_else(|error| panic!("{error}"));
    (sent, found)
}

/// (1) No text turns a literal or a name into SQL.
#[test]
fn quotes_are_never_reopened() {
    let world = clinic();
    let texts = [
        r"SELECT 'a\'' || ssn FROM patient --'",
        r"SELECT id FROM visit WHERE note = 'x\'' UNION SELECT ssn FROM patient --'",
        "SELECT 1 AS \"a\\\"\",ssn FROM patient --\"",
        "SELECT 1 AS \"a\\\"\"\",ssn FROM patient --\"",
        r"SELECT DATE '2020-01-01\'' || ssn FROM patient --'",
        r"SELECT N'a\'' || ssn FROM patient --'",
        r"CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''a\'''' || ssn FROM patient --'",
        "COMMENT ON TABLE visit IS 'x''; SELECT ssn FROM patient --'",
        "NOTIFY c, 'x''; SELECT ssn FROM patient --'",
        "COPY visit TO STDOUT (FORMAT csv, QUOTE '''')",
        "SELECT 'a''''b'",
        "SELECT websearch_to_tsquery('''abc''''def''')",
        r"SELECT E'a\'' || note FROM visit --'",
        r"SELECT E'\x27 || ssn FROM patient --'",
        r"SELECT $$a'$$ || note FROM visit",
    ];
    let mut sent = 0;
    for text in texts {
        if let Some((ours, _)) = forwarded(&world, text) {
            compare(&world, text, &ours, true).unwrap_or_else(|error| panic!("{error}"));
            sent += 1;
        }
    }
    assert!(sent >= 9, "only {sent} are sent");
    let told = r"SELECT 'a\' || ssn FROM patient --'";
    assert_eq!(refusal(&world, told).reason, refusal(&world, "SELECT ssn FROM patient").reason);
}

/// (2) What a walk of the other grammar's tree misses is judged like the plain column.
#[test]
fn hidden_reads_are_denied_like_plain_ones() {
    let world = clinic();
    let rule = |text: &str| {
        let refusal = refusal(&world, text);
        (refusal.reason, refusal.rule.clone(), refusal.column.clone())
    };
    let (plain, document) = (rule("SELECT ssn FROM patient"), rule("SELECT doc FROM patient"));
    for text in [
        "TABLE patient",
        "WITH x AS (TABLE patient) SELECT * FROM x",
        "WITH x AS (TABLE patient) SELECT ssn FROM x",
        "SELECT * FROM (TABLE patient) s",
        "SELECT ssn FROM (TABLE patient) s",
        "COPY patient TO STDOUT",
        "COPY (TABLE patient) TO STDOUT",
        "SELECT (p).ssn FROM patient p",
        "SELECT ssn FROM visit, LATERAL (SELECT ssn FROM patient) l",
    ] {
        assert_eq!(rule(text).0, plain.0, "{text}");
    }
    for text in [
        "SELECT p.doc['ssn'] FROM patient p",
        "SELECT p.doc['a']['ssn'] FROM patient p",
        "SELECT (p.doc)['ssn'] FROM patient p",
        "SELECT doc -> 'ssn' FROM patient",
        "SELECT id FROM patient p WHERE p.doc['ssn'] = '1'",
        "UPDATE patient SET name = 'a' WHERE doc['ssn'] = '1'",
    ] {
        assert_eq!(rule(text), document, "{text}");
    }
}

/// (3) What stood together stays together beside what is put in.
#[test]
fn conditions_and_operands_keep_their_parentheses() {
    let world = clinic();
    for text in [
        "SELECT id FROM patient WHERE id = 1 OR name = 'x'",
        "UPDATE patient SET name = 'a' WHERE id = 1 OR name = 'x'",
        "UPDATE patient SET name = 'a' FROM visit v WHERE v.id = patient.id OR name = 'x' AND v.id = 1",
        "SELECT -money ^ 2, money::text || 'x', NOT money = 1 FROM patient",
        "UPDATE patient SET name = 'a' WHERE id = 1 RETURNING -money ^ 2, -(money + 1) * 2, money",
        "UPDATE patient SET name = 'a' WHERE -money ^ 2 = 1 OR id = 2 AND NOT money = 1 RETURNING id",
    ] {
        let (sent, found) = kept(&world, text);
        assert!(found.is_restricted(), "{sent}");
    }
}

/// (4) Long chains end in an error to that client.
#[test]
fn long_chains_are_refused() {
    let chain = |first: &str, link: &str| format!("SELECT {first}{}", link.repeat(20_000));
    for text in [
        chain("1", " + 1"),
        chain("true", " AND true"),
        chain("1", " UNION SELECT 1"),
        chain("1", "::bigint"),
    ] {
        let start = std::time::Instant::now();
        let refusal = on_judging_stack(move || refusal(&clinic(), &text));
        assert_eq!(refusal.reason, Reason::Limit);
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}

/// (5) Nothing that changes how quotes are read passes: what a function of the server's does behind
/// our back is watched for where its reply is read.
#[test]
fn settings_that_change_quoting_are_refused() {
    let world = clinic();
    for text in [
        "SELECT set_config('standard_conforming_strings', 'off', false)",
        "SELECT set_config('STANDARD_conforming_strings', 'off', true)",
        "SELECT id, set_config('standard_conforming_strings', 'off', false) FROM visit",
        "SELECT pg_catalog.set_config(note, 'off', false) FROM visit",
        "SET standard_conforming_strings = off",
        "SET LOCAL standard_conforming_strings TO 'off'",
        "SET backslash_quote = on",
        "SELECT f()",
    ] {
        refusal(&world, text);
    }
}

/// (6) Of what is accepted nothing differs: `trees.rs`. What differs in the other grammar passes
/// unchanged or not at all.
#[test]
fn forms_the_other_grammar_reads_otherwise() {
    let world = World::nothing_governed();
    let mut sent = 0;
    for text in [
        "SELECT U&\"\\0073n\" FROM (SELECT 1 AS sn) s",
        "SELECT '1'::box <| '2'::box",
        "SELECT 'a'::tsvector @@@ 'b'::tsquery",
        "SELECT !! - 1, - ?- '1'::lseg",
        "SELECT id ISNULL FROM shop.products",
        "SELECT interval(2) '1.234'",
        "SELECT sum(id) OVER (ORDER BY price RANGE BETWEEN '10' PRECEDING AND '10' FOLLOWING) FROM shop.products",
        "SELECT name FROM shop.products GROUP BY GROUPING SETS (ROLLUP (name, price), name)",
        "SHOW a.b",
        "SELECT name ~ name || 'c' FROM shop.products",
        "SELECT -2 ^ 2, - 2 ^ 2, @ -1 + 2",
        "SELECT true <> -1 BETWEEN 1 AND 1",
        "SELECT 1 OPERATOR(pg_catalog.+) 2 * 3",
        "SELECT id FROM shop.products /*+ IndexScan(products) */ WHERE id = 1",
    ] {
        if let Some((ours, _)) = forwarded(&world, text) {
            compare(&world, text, &ours, true).unwrap_or_else(|error| panic!("{error}"));
            sent += 1;
        }
    }
    assert!(sent >= 10, "only {sent} are sent");
}
