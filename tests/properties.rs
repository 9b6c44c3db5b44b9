//! Laws of the judge, tried on invented texts: it always ends in a verdict, never in a panic or an
//! overflow; what it sends reads as what it approved; what is governed stays behind what was put
//! in. The last is asked of the grammar itself and not of the judge's own reading.

#[path = "properties/tree.rs"]
mod tree;
#[path = "properties/written.rs"]
mod written;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use pgpurpose::judge::{Judgement, Verdict, judge};
use pgpurpose::model::access::{Access, DeclaredBy, SearchPath};
use pgpurpose::model::names::Name;
use pgpurpose::model::privacy::Purpose;
use pgpurpose::model::refusal::Reason;
use pgpurpose::model::ruling::{Action, Mask};
use pgpurpose::policy::{Ruleset, SourceFile};
use pgpurpose::snapshot::Snapshot;
use pgpurpose::sql::emit::emit;
use pgpurpose::sql::lexer::{TokenKind, lex};
use pgpurpose::sql::parse::STACK_BYTES;
use pgpurpose::sql::schema::parse_schema;
use pgpurpose::sql::tokens::Tokens;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

static SHOP: LazyLock<Snapshot> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    let rules: Vec<SourceFile> = paths
        .iter()
        .map(|path| SourceFile {
            path: path.display().to_string(),
            text: fs::read_to_string(path).expect("a rule file"),
        })
        .collect();
    let schema = fs::read_to_string(root.join("schema.sql")).expect("the schema");
    let ruleset = Ruleset::load(&rules).expect("the rules of the shop");
    let catalog = parse_schema(&schema).expect("the tables of the shop");
    Snapshot::build(Arc::new(ruleset), Arc::new(catalog)).0
});

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("tests") {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            paths.push(path);
        }
    }
}

fn access(role: &str, purpose: &str) -> Access {
    Access {
        role: Name::new(role),
        address: "10.0.9.1".parse().ok(),
        purpose: Purpose::new(purpose),
        declared: DeclaredBy::Session,
        search_path: SearchPath(["pg_catalog", "public", "shop"].map(Name::new).to_vec()),
        variables: Arc::new([("ticket".to_owned(), "T-1".to_owned())].into()),
        client_encoding: Arc::from("UTF8"),
        token: Default::default(),
        types_declared: false,
    }
}

/// Runs a body on a thread that has the stack which judging is promised, and no more.
fn on_judging_stack<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(body);
    thread.expect("a thread").join().expect("judging never panics")
}

fn judged(text: &str, role: &str, purpose: &str) -> Judgement {
    let (text, access) = (text.to_owned(), access(role, purpose));
    on_judging_stack(move || judge(&SHOP, &access, &text))
}

/// As many cases of a strategy, the same ones in every run.
fn each<S: Strategy>(
    cases: u32,
    strategy: S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(0x5147),
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config).run(&strategy, test).unwrap_or_else(|failure| panic!("{failure}"));
}

/// Words and signs that mean something, and some that do not.
const SOUP: &str = "SELECT FROM WHERE AND OR NOT IN ( ) ( ) , ; . * :: = <> < > + - || @@@ -> [ ] \
    shop.users users u id name phone email password_hash shop.accounts accounts shop.orders orders \
    live.viewers shop.products products pg_stats shop.privacy_choices AS JOIN LEFT FULL ON USING \
    NATURAL LATERAL WITH RECURSIVE UNION ALL EXCEPT GROUP BY ORDER HAVING LIMIT OFFSET DISTINCT \
    VALUES TABLE ONLY INSERT INTO UPDATE SET DELETE RETURNING CONFLICT DO NOTHING MERGE MATCHED \
    COPY TO STDOUT STDIN PROGRAM EXPLAIN ANALYZE PREPARE EXECUTE DECLARE CURSOR FOR BEGIN COMMIT \
    RESET SHOW pgpurpose.purpose ads provide set_config count max lower query_to_xml CASE WHEN THEN \
    ELSE END CAST INTERVAL EXTRACT OVER PARTITION WINDOW FILTER WITHIN ARRAY ROW NULL TRUE IS LIKE \
    BETWEEN SYMMETRIC EXISTS ANY COLLATE 1 2.5 'x' '' E'\\'' $$y$$ \"q\" \"\" U&\"x\" $1 B'1' -- \
    /* */ /*purpose='ads'*/ é \u{a0} CREATE ALTER DROP VIEW";

fn soup() -> impl Strategy<Value = String> {
    let words: Vec<&str> = SOUP.split_ascii_whitespace().collect();
    prop::collection::vec(prop::sample::select(words), 0..40).prop_map(|words| words.join(" "))
}

/// The promise for every text: a verdict, and what is sent reads as the client's own words with
/// our pieces among them.
fn ends_well(text: &str) -> Result<(), TestCaseError> {
    for (role, purpose) in [("ads_engine", "ads"), ("shop_app", "provide"), ("support", "")] {
        let judgement = judged(text, role, purpose);
        let Verdict::Forward(sent) = judgement.verdict else { continue };
        let (theirs, ours) = (lex(text), lex(sent.text()));
        prop_assert!(theirs.is_ok() && ours.is_ok(), "sent {}", sent.text());
        let (Ok(theirs), Ok(ours)) = (theirs, ours) else { continue };
        prop_assert!(ours.comments.is_empty(), "a comment is sent: {}", sent.text());
        let governed = judgement.statements.iter().any(|s| s.record.is_some());
        if !governed && theirs.tokens.len() == ours.tokens.len() {
            for (a, b) in theirs.tokens.iter().zip(&ours.tokens) {
                let renamed = matches!(a.kind, TokenKind::Word(_) | TokenKind::Quoted(_));
                prop_assert!(a.kind == b.kind || renamed, "sent {}", sent.text());
            }
        }
    }
    Ok(())
}

#[test]
fn random_bytes_end_in_a_verdict() {
    each(400, prop::collection::vec(any::<u8>(), 0..200), |bytes| {
        ends_well(&String::from_utf8_lossy(&bytes))
    });
}

#[test]
fn random_words_end_in_a_verdict() {
    each(1_500, soup(), |text| ends_well(&text));
}

#[test]
fn random_ends_of_good_statements_end_in_a_verdict() {
    each(300, (written::statement(), any::<prop::sample::Index>()), |(text, at)| {
        let cut = at.index(text.len() + 1);
        let end = (0..=cut).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        ends_well(&text[..end])
    });
}

/// A long or deep text, and whether it must pass.
fn long_texts() -> Vec<(&'static str, String, bool)> {
    let chain =
        |first: &str, link: &str, count: usize| format!("SELECT {first}{}", link.repeat(count));
    let nested = |open: &str, inside: &str, close: &str, depth: usize| {
        format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
    };
    let rows = vec!["(1::bigint, '2'::text, -3.5::numeric(10, 2))"; 1_000].join(", ");
    let list = vec!["1"; 100_000].join(", ");
    let many = |part: &str, count: usize| vec![part; count].join(", ");
    vec![
        ("plus", chain("1", " + 1", 20_000), false),
        ("and", chain("true", " AND true", 20_000), false),
        ("or", chain("true", " OR true", 20_000), false),
        ("casts", chain("1", "::bigint", 20_000), false),
        ("unions", chain("1", " UNION ALL SELECT 1", 20_000), false),
        ("minus signs", chain("", " -", 20_000) + " 1", false),
        ("nots", chain("", " NOT", 20_000) + " true", false),
        ("subscripts", chain("(ARRAY[1])", "[1]", 20_000), true),
        ("fields", chain("a", ".b", 20_000), false),
        ("joins", chain("1 FROM shop.products a", " CROSS JOIN shop.products", 20_000), false),
        ("parentheses", format!("SELECT {}", nested("(", "1", ")", 5_000)), false),
        ("open parentheses", format!("SELECT {}", "(".repeat(20_000)), false),
        ("brackets", format!("SELECT ARRAY{}", nested("[", "1", "]", 5_000)), false),
        ("cases", format!("SELECT {}", nested("CASE WHEN true THEN ", "1", " END", 5_000)), false),
        ("sub-selects", nested("SELECT (", "SELECT 1", ")", 5_000), false),
        ("queries in FROM", nested("SELECT * FROM (", "SELECT 1", ") q", 5_000), false),
        ("expressions", nested("WITH w AS (", "SELECT 1", ") SELECT * FROM w", 5_000), false),
        ("calls", format!("SELECT {}", nested("abs(", "1", ")", 5_000)), false),
        ("comments", nested("/*", "", "*/", 20_000) + "SELECT 1", true),
        ("a name", format!("SELECT {}", "a".repeat(100_000)), false),
        ("a quoted name", format!("SELECT 1 AS \"{}\"", "a".repeat(100_000)), true),
        ("a string", format!("SELECT '{}'", "a'' \\".repeat(100_000)), true),
        ("semicolons", ";".repeat(20_000), true),
        ("a list", format!("SELECT id FROM shop.products WHERE id IN ({list})"), true),
        ("rows", format!("INSERT INTO shop.products (id, name, price) VALUES {rows}"), true),
        (
            "many rows",
            format!("INSERT INTO shop.users (id, name) VALUES {}", many("(1, 'x')", 10_000)),
            true,
        ),
        ("a long string", format!("SELECT '{}'", "é".repeat(1_000_000)), true),
        ("a long escape string", format!("SELECT E'{}'", "\\x41".repeat(250_000)), true),
        ("a long array", format!("SELECT ARRAY[{}]", many("1", 50_000)), true),
        ("columns", format!("SELECT {} FROM shop.users u", many("u.name", 1_600)), true),
        ("statements", vec!["SELECT name FROM shop.users"; 500].join("; "), true),
        ("governed unions", vec!["SELECT id, name FROM shop.users"; 1_900].join(" UNION "), true),
        ("near plus", chain("1", " + 1", 3_900), true),
        ("near and", chain("true", " AND true", 3_900), true),
        ("near casts", chain("1", "::bigint", 3_900), true),
        ("near unions", chain("1", " UNION ALL SELECT 1", 1_900), true),
    ]
}

#[test]
fn long_and_deep_texts_end_in_a_verdict() {
    for (name, text, passes) in long_texts() {
        let start = Instant::now();
        let judgement = judged(&text, "shop_app", "provide");
        // Without optimisation, beside others: what takes longer grows faster than its text.
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
        match judgement.verdict {
            Verdict::Forward(_) => assert!(passes, "{name} passed"),
            Verdict::Refuse(refusal) => {
                assert!(!passes, "{name}: {}", refusal.message);
                let expected =
                    [Reason::Limit, Reason::Unparsable, Reason::Unsupported, Reason::UnknownName];
                assert!(expected.contains(&refusal.reason), "{name}: {}", refusal.message);
            }
        }
    }
}

/// Under `ads` every row of every governed table depends on its person: none may stand bare.
#[test]
fn governed_tables_stand_behind_what_was_put_in() {
    let (sent, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    each(600, written::statement(), |text| {
        let Verdict::Forward(product) = judged(&text, "ads_engine", "ads").verdict else {
            refused.set(refused.get() + 1);
            return Ok(());
        };
        sent.set(sent.get() + 1);
        let product = product.text().to_owned();
        let found = on_judging_stack(move || tree::bare_references(&product));
        prop_assert!(found.is_ok(), "{}: {text}", found.unwrap_err());
        Ok(())
    });
    assert!(
        sent.get() > 200 && refused.get() > 20,
        "{} sent, {} refused",
        sent.get(),
        refused.get()
    );
}

/// The control of the property above: it sees what it looks for.
#[test]
fn bare_references_are_found() {
    for bare in [
        "SELECT 1 FROM shop.users",
        "SELECT 1 FROM shop.products, \"shop\".\"users\" AS t",
        "SELECT (SELECT 1 FROM \"shop\".\"users\" AS t)",
        "WITH w AS (SELECT t.id FROM \"shop\".\"users\" AS t) SELECT * FROM w",
        "SELECT 1 FROM (SELECT t.\"id\" AS \"id\" FROM \"shop\".\"orders\" AS t) AS o",
        "SELECT 1 FROM (SELECT t.\"id\" AS \"id\" FROM \"shop\".\"users\" AS t, shop.products) AS u",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM shop.users u)",
    ] {
        assert!(tree::bare_references(bare).is_err(), "{bare}");
    }
    let good = judged("SELECT u.gender FROM shop.users u", "ads_engine", "ads").verdict;
    let Verdict::Forward(good) = good else { panic!("refused") };
    assert_eq!(tree::bare_references(good.text()), Ok(()));
}

fn kinds(text: &str) -> Option<Vec<TokenKind>> {
    lex(text).ok().map(|lexed| lexed.tokens.into_iter().map(|token| token.kind).collect())
}

/// Texts of which every second one splits into tokens.
fn lexical() -> impl Strategy<Value = String> {
    let bits = "a B_1 \"x\"\"y\" 'it''s' 'a\\' E'\\'\\x41' $a$ ' $b$ $a$ U&'\\0061' U&\"\\0062\" b'1' X'F' 1 .5 \
        2.e3 $7 <- @- - -- /* */ || :: := : .. . ( ) [ ] , ; é # ~* % ^ => !=- $ ' \" \\";
    let bits: Vec<&str> = bits.split_ascii_whitespace().collect();
    let gap = prop::sample::select(vec!["", " ", "\n", "\t"]);
    prop::collection::vec((prop::sample::select(bits), gap), 0..12)
        .prop_map(|parts| parts.into_iter().map(|(bit, gap)| format!("{bit}{gap}")).collect())
}

#[test]
fn spelling_and_reading_again_changes_nothing() {
    let read = std::cell::Cell::new(0);
    each(4_000, lexical(), |text| {
        let Ok(lexed) = lex(&text) else { return Ok(()) };
        read.set(read.get() + 1);
        let before: Vec<TokenKind> = lexed.tokens.iter().map(|t| t.kind.clone()).collect();
        let sent = emit(&Tokens::new(&text, lexed), &[]);
        prop_assert_eq!(kinds(sent.text()), Some(before), "sent {}", sent.text());
        let again = emit(&Tokens::new(sent.text(), lex(sent.text()).expect("tokens")), &[]);
        prop_assert_eq!(again.text(), sent.text());
        Ok(())
    });
    assert!(read.get() > 500, "only {} texts could be read", read.get());
}

fn action() -> impl Strategy<Value = Action> {
    prop::sample::select(vec![
        Action::Allow,
        Action::Mask(Mask::Initial),
        Action::Mask(Mask::Year),
        Action::Mask(Mask::Last4),
        Action::Mask(Mask::Bucket),
        Action::Aggregate,
        Action::Hide,
        Action::Block,
    ])
}

#[test]
fn the_strictest_action_is_a_join() {
    let one = |actions: &[Action]| Action::strictest(actions.iter().copied());
    assert_eq!(one(&[]), Action::Block, "nothing said is nothing allowed");
    let masks = [Action::Mask(Mask::Year), Action::Mask(Mask::Last4)];
    assert_eq!(one(&masks), Action::Hide, "no mask is kinder than another");
    each(2_000, prop::collection::vec(action(), 1..6), |actions| {
        let strictest = one(&actions);
        let mut turned = actions.clone();
        turned.reverse();
        prop_assert_eq!(one(&turned), strictest, "order decides nothing");
        let twice: Vec<Action> = actions.iter().chain(&actions).copied().collect();
        prop_assert_eq!(one(&twice), strictest, "saying it twice changes nothing");
        for action in &actions {
            prop_assert!(strictest >= *action, "no word is milder than what was said");
            prop_assert_eq!(one(&[strictest, *action]), strictest);
        }
        let distinct: BTreeSet<Action> = actions.iter().copied().collect();
        if distinct.len() == 1 {
            prop_assert_eq!(strictest, actions[0]);
        }
        Ok(())
    });
}
