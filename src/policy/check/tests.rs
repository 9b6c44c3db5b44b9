//! One case for each mistake that the rule files can hold by themselves.

use crate::policy::diagnostic::{Diagnostic, SourceFile};
use crate::policy::ruleset::Ruleset;
use crate::policy::testing::{shop_files, shown};

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

fn found(text: &str) -> Vec<Diagnostic> {
    match Ruleset::load(&[file("rules/a.yaml", text)]) {
        Ok(ruleset) => ruleset.warnings().to_vec(),
        Err(found) => found,
    }
}

const BASE: &str = "
categories: { basic: { name: initial, email: email }, network: { email: email } }
tables: { shop.users: { subject: id, plain: [id], name: basic.name } }
";

/// Each code with a text that has this one mistake, and what the marker points at.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("PP001", "tables: [1, 2\nroles: 3\n", ""),
    ("PP002", "roles:\n  a: { may: [] }\n  a: { may: [] }\n", "a"),
    ("PP003", "role: {}\n", "role"),
    ("PP003", "purposes: { a: { consnet: none } }\n", "consnet"),
    ("PP004", "roles: [a]\n", "["),
    ("PP005", "defaults: { mode: obsrve }\n", "obsrve"),
    ("PP007", "roles: { a: {} }\n", "a"),
    ("PP007", "rules: [{ id: r, when: { subject: minor }, then: hide_rows }]\n", "minor"),
    ("PP007", "rules: [{ id: r, when: { subject: locked }, then: hide_rows }]\n", "locked"),
    ("PP005", "tables: { s.t: { subject: id, erase: destroy } }\n", "destroy"),
    ("PP007", "tables: { s.t: { subject: id, erase: keep } }\n", "keep"),
    ("PP008", "pgpurpose: 2\n", "2"),
    (
        "PP008",
        "tables: { s.t: { subject: id, erase: { retain: forever, because: b } } }\n",
        "forever",
    ),
    ("PP009", "tables: { users: plain }\n", "users"),
    ("PP009", "roles: { a: { may: [], from: [10.0.0.0/33] } }\n", "10.0.0.0/33"),
    ("PP012", "purposes: { a: { data: { basic.nmae: allow } } }\n", "basic.nmae"),
    ("PP013", "roles: { a: { may: [sruvey] } }\n", "sruvey"),
    ("PP014", "purposes: { a: { data: { basic: mask.last5 } } }\n", "mask.last5"),
    ("PP014", "categories: { health: { note: blur } }\n", "blur"),
    ("PP015", "rules: [{ id: r, when: { role: nobody }, then: log }]\n", "nobody"),
    ("PP016", "roles: { a: { may: [], service: shpo } }\n", "shpo"),
    ("PP017", "tables: { shop.x: { subject: o -> shop.orders } }\n", "o -> shop.orders"),
    ("PP032", "purposes: { a: { parts: { b: {} } } }\nroles: { r: { may: [a] } }\n", "a"),
    ("PP033", "purposes: { a: {}, b: {} }\nroles: { r: { may: [a], default: b } }\n", "b"),
    ("PP034", "purposes: { a: {} }\nroles: { r: { may: [a], outside: X } }\n", "a"),
    ("PP035", "purposes: { a: { basis: consent, consent: none } }\n", "consent"),
    ("PP036", "purposes: { a: { consent: explicit } }\n", "a"),
    ("PP037", "purposes: { a: { data: { basic: { use: allow, since: 3 } } } }\n", "3"),
    ("PP037", "rules: [{ id: r, until: 3, when: { role: [] }, then: block }]\n", "3"),
    ("PP037", "purposes: { a: { since: 3, data: { basic: mask } } }\n", "3"),
    (
        "PP037",
        "policy: { version: 3, notice: { seen: store } }\n\
         purposes: { a: { data: { basic: { use: mask, since: 3, before: allow } } } }\n",
        "basic",
    ),
    (
        "PP037",
        "policy: { version: 3, notice: { seen: store } }\n\
         purposes: { a: { consent: { kind: implied, since: 3, before: none } } }\n",
        "3",
    ),
    ("PP007", "purposes: { a: { data: { basic: { use: allow, before: mask } } } }\n", "{"),
    ("PP007", "purposes: { a: { consent: { since: 3 } } }\n", "{"),
    ("PP007", "policy: { notice: { active: store } }\n", "store"),
    ("PP009", "policy: { effective: \"2026-02-30\" }\n", "\"2026-02-30\""),
    ("PP038", "rules: [{ id: r, until: 3, when: { role: [] }, then: log }]\n", "3"),
    ("PP038", "rules: [{ id: r, when: { data: other_service }, then: hide_rows }]\n", "hide_rows"),
    ("PP039", "tables: { shop.y: { plain: [a], a: basic.name } }\n", "a"),
    ("PP050", "defaults: { mode: observe }\n", "observe"),
    ("PP004", "quotas: [{ id: q, people: 5, per: a day }]\n", "a day"),
    ("PP007", "quotas: [{ id: q, per: 1 day }]\n", "{"),
    ("PP060", "defaults: { unlisted: { column: allow } }\n", "allow"),
    ("PP060", "tables: { shop.y: { subject: [a, b] } }\n", "["),
    ("PP060", "tables: { shop.y: { doc: { $: basic } } }\n", "{"),
    ("PP062", "purposes: { a: { data: { basic: aggregate } } }\n", "basic"),
    (
        "PP038",
        "categories: { b: { x: hide } }\ncombinations: [{ id: one, of: [b.x], then: hide }]\n",
        "one",
    ),
    ("PP005", "purposes: { a: { needs: { order: tokn } } }\n", "tokn"),
    ("PP009", "purposes: { a: { needs: { began: { within: soon } } } }\n", "soon"),
    ("PP007", "purposes: { a: { only_people: { subject: u } } }\n", "{"),
    (
        "PP061",
        "purposes: { a: { only_people: { table: s.x, subject: u, holds: { c: case } } } }\n",
        "a",
    ),
    ("PP064", "defaults: { unlisted: { table: allow } }\n", "allow"),
    ("PP064", "roles: { a: { may: [], code: unchecked } }\n", "unchecked"),
    ("PP009", "defaults: { trusted_functions: [lower] }\n", "lower"),
];

#[test]
fn every_mistake_has_its_code_and_place() {
    for (code, text, marked) in MISTAKES {
        let base = if text.contains("categories:") || text.contains("tables:") { "" } else { BASE };
        let separate = text.contains("tables:") && !text.contains("categories:");
        let head = if separate { BASE.replace("tables:", "#") } else { base.to_owned() };
        let whole = format!("{head}{text}");
        let found = found(&whole);
        let Some(hit) = found.iter().find(|d| d.code == *code) else {
            panic!("{code} not found for {text}:\n{}", shown(&found));
        };
        let place = hit.place.as_ref().unwrap_or_else(|| panic!("{code} without a place"));
        if !marked.is_empty() {
            assert_eq!(&whole[place.bytes.clone()], *marked, "{code}: {text}");
            let (line, column) = (place.line, place.column);
            let start = whole.lines().nth(line - 1).unwrap();
            assert!(start[column - 1..].starts_with(marked), "{code}: {text} {line}:{column}");
        }
        assert!(hit.render(false).contains(code));
    }
}

#[test]
fn all_mistakes_of_all_files_at_once() {
    let files = [
        file("rules/b.yaml", "roles: { a: { may: [x] }, b: { mya: [] } }\n"),
        file("rules/a.yaml", "tables: { users: plain }\nroles: { a: { may: [] } }\n"),
        file("rules/c.yaml", "a: [\n"),
    ];
    let found = Ruleset::load(&files).unwrap_err();
    let codes: Vec<(&str, &str)> =
        found.iter().map(|d| (d.place.as_ref().unwrap().file.path.as_str(), d.code)).collect();
    assert_eq!(
        codes,
        [
            ("rules/a.yaml", "PP009"),
            ("rules/b.yaml", "PP006"),
            ("rules/b.yaml", "PP007"),
            ("rules/b.yaml", "PP003"),
            ("rules/c.yaml", "PP001"),
        ],
        "{}",
        shown(&found)
    );
}

#[test]
fn suggestions() {
    let found = found(&format!("{BASE}purposes: {{ a: {{ data: {{ basic.emial: allow }} }} }}\n"));
    assert_eq!(found[0].help.as_deref(), Some("did you mean `basic.email`?"));
    assert_eq!(found[0].label.as_deref(), Some("no such field in `basic`"));
}

#[test]
fn a_service_may_not_be_claimed_twice() {
    let files = [
        file("rules/services/a.yaml", "service: a\nschemas: [live]\n"),
        file("rules/services/b.yaml", "service: b\nschemas: [events, live]\n"),
    ];
    let found = Ruleset::load(&files).unwrap_err();
    assert_eq!(found[0].code, "PP031");
    assert_eq!(found[0].label.as_deref(), Some("also claimed at rules/services/a.yaml:2:11"));
}

#[test]
fn half_a_grant_is_said() {
    let text = "
categories: { basic: { name: initial, email: email }, network: { email: email } }
tables: { shop.users: { subject: id, plain: [id], email: [basic.email, network.email] } }
purposes: { a: { data: { basic: allow }, lookup: [basic] } }
";
    let codes: Vec<&str> = found(text).iter().map(|d| d.code).collect();
    assert_eq!(codes, ["PP041", "PP042"]);
}

#[test]
fn the_shop_rules_are_right_and_files_come_in_any_order() {
    let files = shop_files();
    let ruleset = Ruleset::load(&files).unwrap_or_else(|found| panic!("{}", shown(&found)));
    let codes: Vec<&str> = ruleset.warnings().iter().map(|d| d.code).collect();
    assert_eq!(codes, ["PP054", "PP054", "PP054"], "{}", shown(ruleset.warnings()));
    let mut turned = files.clone();
    turned.reverse();
    let turned = Ruleset::load(&turned).unwrap();
    assert_eq!(turned.hash(), ruleset.hash());
    assert_eq!(ruleset.hash().len(), 12);
    assert_eq!(format!("{:?}", turned.rules), format!("{:?}", ruleset.rules));
}

#[test]
fn the_smallest_ruleset_of_the_page_is_right_and_every_code_is_on_it() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/README.md");
    let page = std::fs::read_to_string(path).unwrap();
    let example = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let ruleset = Ruleset::load(&[file("rules/a.yaml", example)]);
    let ruleset = ruleset.unwrap_or_else(|found| panic!("{}", shown(&found)));
    assert!(ruleset.warnings().is_empty(), "{}", shown(ruleset.warnings()));
    for (code, ..) in MISTAKES {
        assert!(page.contains(&format!("| {code} |")), "{code} is not on the page");
    }
}
