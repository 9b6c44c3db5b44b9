//! Each kind of change, by what it does to people's rights.

use super::{Change, Effect};
use crate::policy::diagnostic::SourceFile;
use crate::policy::ruleset::Ruleset;
use crate::policy::testing::shown;

const RULES: &str = "
policy:
  version: 3
  effective: '2025-03-01'
  notice:
    required: true
    published: '2025-02-01'
    seen: { table: s.told, subject: p, version: v }
    active: { table: s.people, subject: id, at: seen_at }
defaults: { consent: implied }
categories: { a: { x: initial, y: year }, b: { z: email, w: fixed } }
subjects:
  table: s.people
  id: id
  minor: born > current_date - interval '18 years'
  cancelled: gone
  choices:
    { table: s.choices, subject: p, purpose: u, choice: c, values: { given: [y] }, guardian: g }
tables:
  s.people: { subject: id, plain: [id], name: a.x, born: a.y, mail: [a.x, b.z] }
  s.bought: { subject: p, plain: [p], item: b.w }
  s.goods: plain
  s.secret: internal
purposes:
  one: { consent: explicit, needs: [ticket], only_one_person: true, lookup: [b.z], write: [a.y],
    data: { a: mask, b.z: { use: allow, since: 3, before: mask }, b.w: hide } }
  two: { data: { a: allow } }
  out: { outside: true, data: { a: mask } }
roles:
  r: { service: s, may: [one, two], from: [10.0.0.0/8] }
  o: { outside: Acme, may: [out] }
rules:
  - { id: young, when: { subject: minor, purpose: two }, except: { consent: guardian },
      then: hide_rows }
  - { id: many, when: { role: r, rows_over: 100 }, then: block }
  - { id: never, when: { reads: a.y, purpose: two, role: r }, then: block }
";

const SERVICE: &str = "
service: live
schemas: [live]
purposes: { two: { consent: explicit, data: { a.x: mask } } }
";

fn load(text: &str, service: &str) -> Ruleset {
    let file = |path: &str, text: &str| SourceFile { path: path.into(), text: text.into() };
    let files = [file("rules/a.yaml", text), file("rules/live.yaml", service)];
    Ruleset::load(&files).unwrap_or_else(|found| panic!("{}\n{text}", shown(&found)))
}

/// The rules with one text in place of another.
fn edited(from: &str, to: &str) -> Ruleset {
    assert!(RULES.contains(from) || SERVICE.contains(from), "{from}");
    load(&RULES.replace(from, to), &SERVICE.replace(from, to))
}

fn told(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|c| format!("{} {}: {} → {}", c.effect.as_str(), c.what, c.from, c.to))
        .collect()
}

/// What is edited, and all that comes of it.
const EDITS: &[(&str, &str, &[&str])] = &[
    ("b.w: hide", "b.w: block", &["narrowing one × b.w: hide → block"]),
    ("b.w: hide", "b.w: mask", &["reduction one × b.w: hide → mask.fixed"]),
    ("a: mask, b.z", "a: mask, a.x: allow, b.z", &["reduction one × a.x: mask.initial → allow"]),
    (
        "x: initial",
        "x: last4",
        &[
            "reduction one × a.x: mask.initial → mask.last4",
            "reduction out × a.x: mask.initial → mask.last4",
            "reduction two × a.x (service live): mask.initial → mask.last4",
        ],
    ),
    (
        "x: initial",
        "x: fixed",
        &[
            "narrowing one × a.x: mask.initial → mask.fixed",
            "narrowing out × a.x: mask.initial → mask.fixed",
            "narrowing two × a.x (service live): mask.initial → mask.fixed",
        ],
    ),
    ("since: 3, before: mask", "since: 3, before: hide", &[]),
    (
        "since: 3, before: mask",
        "since: 2, before: mask",
        &["reduction one × b.z: mask.email before 3 → allow before 3"],
    ),
    (
        "{ use: allow, since: 3, before: mask }",
        "allow",
        &["reduction one × b.z: mask.email before 3 → allow before 3"],
    ),
    (
        "consent: explicit, needs",
        "consent: implied, needs",
        &["reduction one, consent: explicit → implied"],
    ),
    (
        "two: { data: { a: allow",
        "two: { consent: explicit, data: { a: allow",
        &["narrowing two, consent: implied → explicit"],
    ),
    (
        "defaults: { consent: implied }",
        "defaults: { consent: none }",
        &["reduction out, consent: implied → none", "reduction two, consent: implied → none"],
    ),
    ("needs: [ticket], ", "", &["reduction one, needs: ticket → not named"]),
    (
        "[ticket]",
        "{ ticket: token }",
        &[
            "narrowing one, needs: not named → ticket: token",
            "reduction one, needs: ticket → not named",
        ],
    ),
    (
        "consent: explicit, needs",
        "consent: explicit, token: required, needs",
        &["narrowing one, token: optional → required"],
    ),
    (
        "outside: Acme",
        "outside: { recipient: token }",
        &["reduction role o, outside: Acme → whoever a token names"],
    ),
    ("needs: [ticket]", "needs: [ticket, order]", &["narrowing one, needs: not named → order"]),
    ("only_one_person: true, ", "", &["reduction one, only_one_person: true → false"]),
    ("lookup: [b.z]", "lookup: [b]", &["reduction one, lookup: not named → b.w"]),
    (
        "write: [a.y]",
        "write: [a.x]",
        &["reduction one, write: not named → a.x", "narrowing one, write: a.y → not named"],
    ),
    (
        "two: { data: { a: allow",
        "two: { overrides_refusal: true, data: { a: allow",
        &["reduction two, overrides_refusal: false → true"],
    ),
    (
        "  out:",
        "  new: { data: { a.x: mask } }\n  out:",
        &["reduction purpose new: not there → new"],
    ),
    ("  out:", "  new: {}\n  out:", &["neutral purpose new: not there → new"]),
    ("may: [one, two]", "may: [one]", &["narrowing role r, may: two → not named"]),
    (
        "may: [one, two], from",
        "may: [one, two, out], from",
        &["reduction role r, may: not named → out"],
    ),
    ("roles:", "roles:\n  n: { may: [two] }", &["reduction role n: not there → two"]),
    ("roles:", "roles:\n  n: { may: [] }", &["neutral role n: not there → nothing"]),
    ("outside: Acme", "outside: Other", &["reduction role o, outside: Acme → Other"]),
    ("  o: { outside: Acme, may: [out] }\n", "", &["narrowing role o: out → gone"]),
    ("10.0.0.0/8", "10.0.0.0/7", &["reduction role r, from: 10.0.0.0/8 → 10.0.0.0/7"]),
    ("10.0.0.0/8", "10.1.0.0/16", &["narrowing role r, from: 10.0.0.0/8 → 10.1.0.0/16"]),
    (", from: [10.0.0.0/8]", "", &["reduction role r, from: 10.0.0.0/8 → anywhere"]),
    (
        "may: [one, two], from",
        "may: [one, two], code: unchecked, from",
        &["reduction role r, code: checked → unchecked"],
    ),
    (
        "may: [one, two], from",
        "may: [one, two], mode: observe, from",
        &["reduction role r, mode: enforce → observe"],
    ),
    ("id: young", "id: kids", &[]),
    (
        ", purpose: two }, except: { consent: guardian }",
        ", purpose: two }",
        &["narrowing rules.young: less → more"],
    ),
    (
        "subject: minor, purpose: two }",
        "subject: minor, purpose: [two, one] }",
        &["narrowing rules.young: less → more"],
    ),
    (
        "subject: minor, purpose: two }",
        "subject: minor, purpose: one }",
        &["reduction rules.young: for everybody → loosened", "narrowing rules.young: less → more"],
    ),
    (
        "rules:\n  - { id: young",
        "quotas: [{ id: q, rows: 5, per: 1 day }]\nrules:\n  - { id: young",
        &["narrowing quotas.q: not there → new"],
    ),
    ("rows_over: 100", "rows_over: 50", &["narrowing rules.many: less → more"]),
    ("rows_over: 100", "rows_over: 500", &["reduction rules.many: for everybody → loosened"]),
    (
        "  - { id: many, when: { role: r, rows_over: 100 }, then: block }\n",
        "",
        &["reduction rules.many: for everybody → gone"],
    ),
    (
        "id: never, when",
        "id: never, until: 3, when",
        &["reduction rules.never: for everybody → for people not told"],
    ),
    ("reads: a.y", "reads: a", &["narrowing rules.never: less → more"]),
    (
        "rules:\n",
        "rules:\n  - { id: watch, when: { reads: a }, then: log }\n",
        &["neutral rules.watch: not there → new"],
    ),
    ("s.goods: plain", "s.goods: internal", &["narrowing table s.goods: plain → internal"]),
    (
        "s.bought: { subject: p, plain: [p], item: b.w }",
        "s.bought: plain",
        &["reduction table s.bought: personal → plain"],
    ),
    (
        "s.bought: { subject: p, plain: [p], item: b.w }",
        "s.bought: not_covered",
        &["reduction table s.bought: personal → not_covered"],
    ),
    (
        "s.secret: internal",
        "s.secret: not_covered",
        &["reduction table s.secret: internal → not_covered"],
    ),
    ("  s.goods: plain\n", "", &["narrowing table s.goods: plain → not listed"]),
    (
        "  s.goods: plain\n",
        "  s.goods: plain\n  s.more: plain\n",
        &["neutral table s.more: not listed → plain"],
    ),
    (
        "plain: [id], name: a.x, born",
        "plain: [id, name], born",
        &["reduction column s.people.name: a.x → plain"],
    ),
    ("mail: [a.x, b.z]", "mail: a.x", &["reduction column s.people.mail: a.x, b.z → a.x"]),
    (
        "name: a.x, born: a.y",
        "name: b.w, born: a.y",
        &["narrowing column s.people.name: a.x → b.w"],
    ),
    (
        "subject: p, plain: [p]",
        "subject: q, plain: [p]",
        &["reduction table s.bought, subject: p → q"],
    ),
    (
        "defaults: {",
        "defaults: { unlisted: { table: allow },",
        &["reduction unlisted.table: block → allow"],
    ),
    (
        "defaults: {",
        "defaults: { refused: mask,",
        &["reduction defaults.refused: hide_rows → mask"],
    ),
    (
        "defaults: {",
        "defaults: { trusted_functions: [s.f],",
        &["reduction trusted_functions: not named → s.f"],
    ),
    (
        "18 years",
        "16 years",
        &["reduction subjects.minor: born > current_date - interval '18 years' → \
      born > current_date - interval '16 years'"],
    ),
    (
        "18 years",
        "21 years",
        &["narrowing subjects.minor: born > current_date - interval '18 years' → \
      born > current_date - interval '21 years'"],
    ),
    (
        "cancelled: gone",
        "cancelled: gone AND old",
        &["reduction subjects.cancelled: gone → gone AND old"],
    ),
    ("given: [y]", "given: [y, maybe]", &["reduction subjects.choices, given: not named → maybe"]),
    (
        "    active: { table: s.people, subject: id, at: seen_at }\n",
        "",
        &["reduction notice.active: yes → no"],
    ),
    (
        "two: { consent: explicit, data: { a.x: mask } }",
        "two: { data: { a.x: mask } }",
        &["reduction two, consent (service live): explicit → implied"],
    ),
    (
        "two: { consent: explicit, data: { a.x: mask } }",
        "two: { forbidden: true }",
        &[
            "narrowing two × a.x (service live): mask.initial → block",
            "narrowing two × a.y (service live): allow → block",
            "reduction two, consent (service live): explicit → implied",
            "narrowing two, forbidden (service live): false → true",
        ],
    ),
    ("schemas: [live]", "schemas: [live, s]", &["reduction service live, data: live → live, s"]),
];

#[test]
fn each_change_is_told_by_its_meaning() {
    let before = load(RULES, SERVICE);
    assert_eq!(told(&before.changes_since(&before)), Vec::<String>::new());
    for (from, to, expected) in EDITS {
        let mut found = told(&edited(from, to).changes_since(&before));
        let mut expected: Vec<String> = expected.iter().map(|text| (*text).to_owned()).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{from} → {to}");
    }
}

#[test]
fn what_moves_in_the_files_changes_nothing() {
    let text =
        RULES.replace("\n  s.goods: plain", "").replace("tables:", "tables:\n  s.goods: plain");
    assert!(load(&text, SERVICE).changes_since(&load(RULES, SERVICE)).is_empty());
}

/// Version 4 of the rules, with one edit.
fn fourth(from: &str, to: &str, dates: (&str, &str)) -> Ruleset {
    let text = RULES
        .replace(from, to)
        .replace("version: 3\n", "version: 4\n")
        .replace("2025-03-01", dates.0)
        .replace("2025-02-01", dates.1);
    load(&text, &SERVICE.replace(from, to))
}

#[test]
fn a_reduction_needs_notice_before_it_counts() {
    let older = load(RULES, SERVICE);
    let hide = ("b.w: hide", "b.w: mask");
    for (dates, fine) in [
        (("2025-05-01", "2025-04-01"), true),
        (("2025-05-01", "2025-05-01"), false),
        (("2025-04-01", "2025-05-01"), false),
        // Those of the version before.
        (("2025-03-01", "2025-02-01"), false),
        (("2025-03-01", "2025-02-02"), false),
        (("2025-05-01", "2025-02-01"), false),
    ] {
        let followed = fourth(hide.0, hide.1, dates).following(&older);
        let code = followed.as_ref().err().map(|found| found[0].code);
        assert_eq!(code, (!fine).then_some("PP052"), "{dates:?}");
    }
    let narrower = fourth("b.w: hide", "b.w: block", ("2025-03-01", "2025-02-01"));
    assert!(narrower.following(&older).is_ok());
    assert!(edited(hide.0, hide.1).still(&older).is_err(), "a version that is published");
    assert!(edited("b.w: hide", "b.w: block").still(&older).is_ok());
}

#[test]
fn what_can_be_held_back_is() {
    let older = load(RULES, SERVICE);
    let dates = ("2025-05-01", "2025-04-01");
    for (from, to, held) in [
        ("b.w: hide", "b.w: mask", true),
        ("a: mask, b.z", "a: mask, a.x: allow, b.z", true),
        ("consent: explicit, needs", "consent: none, needs", true),
        ("defaults: { consent: implied }", "defaults: { consent: none }", true),
        ("  out:", "  new: { data: { a.x: mask } }\n  out:", true),
        ("may: [one, two], from", "may: [one, two, out], from", true),
        ("roles:", "roles:\n  n: { may: [two] }", true),
        ("subject: minor, purpose: two }", "subject: minor, purpose: one }", true),
        ("reads: a.y, purpose: two, role: r", "reads: a.y, purpose: one, role: r", true),
        ("two: { consent: explicit, data: { a.x: mask } }", "two: { data: { a.x: allow } }", true),
        ("needs: [ticket], ", "", false),
        ("rows_over: 100", "rows_over: 500", false),
        ("mail: [a.x, b.z]", "mail: a.x", false),
    ] {
        let newer = fourth(from, to, dates).following(&older).unwrap();
        let changes = newer.changes_since(&older);
        let reductions: Vec<&Change> =
            changes.iter().filter(|change| change.effect == Effect::Reduction).collect();
        assert!(!reductions.is_empty(), "{to}");
        for change in reductions {
            assert_eq!(change.since, held.then_some(4), "{to}: {}", change.one_line());
        }
        let warned = newer.warnings().iter().any(|w| w.code == "PP051" && !w.is_note());
        assert_eq!(warned, !held, "{to}");
    }
}
