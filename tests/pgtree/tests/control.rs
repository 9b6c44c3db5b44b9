//! The comparison sees what it looks for: no planted change goes unseen.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pgtree::compare::{compare, compare_trees};
use pgtree::corpus::statements;
use pgtree::mutate::Dice;
use pgtree::oracle::trees;
use pgtree::worlds::{World, forwarded, try_all};
use serde_json::{Value, json};

/// Changes one leaf, or takes one item out of one list; false where there is none.
fn plant(dice: &mut Dice, tree: &mut Value) -> Option<String> {
    let count = places(tree);
    let mut at = dice.below(count);
    change(tree, &mut at)
}

fn places(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.values().map(places).sum(),
        Value::Array(items) => {
            usize::from(!items.is_empty()) + items.iter().map(places).sum::<usize>()
        }
        Value::Null => 0,
        _ => 1,
    }
}

fn change(value: &mut Value, at: &mut usize) -> Option<String> {
    let here = |at: &mut usize| {
        let hit = *at == 0;
        *at = at.wrapping_sub(1);
        hit
    };
    match value {
        Value::Object(fields) => fields
            .iter_mut()
            .find_map(|(name, inner)| change(inner, at).map(|what| format!("{name}.{what}"))),
        Value::Array(items) => {
            if !items.is_empty() && here(at) {
                items.pop();
                return Some("popped".to_owned());
            }
            items.iter_mut().find_map(|inner| change(inner, at))
        }
        Value::Null => None,
        scalar if here(at) => {
            let what = scalar.to_string();
            *scalar = match scalar {
                Value::String(text) => json!(format!("{text}x")),
                Value::Bool(flag) => json!(!*flag),
                _ => json!(scalar.as_i64().unwrap_or(0).wrapping_add(1)),
            };
            Some(what)
        }
        _ => None,
    }
}

#[test]
fn every_planted_change_is_seen() {
    let world = World::nothing_governed();
    let counted = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&counted);
    let failures = try_all((0..).zip(statements()).collect(), move |(index, text)| {
        let Some((sent, _)) = forwarded(&world, text) else { return Ok(()) };
        let (Ok(theirs), Ok(ours)) = (trees(text), trees(&sent)) else { return Ok(()) };
        let mut dice = Dice(0x5eed << 32 | *index);
        for _ in 0..40 {
            let mut planted = Value::Array(ours.clone());
            let Some(what) = plant(&mut dice, &mut planted) else { continue };
            let Value::Array(planted) = planted else { continue };
            counter.fetch_add(1, Ordering::Relaxed);
            for strict in [true, false] {
                if compare_trees(&world, &theirs, &planted, strict).is_ok() {
                    return Err(format!("{what} was changed unseen (strict: {strict}): {text}"));
                }
            }
        }
        Ok(())
    });
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    assert!(counted.load(Ordering::Relaxed) > 10_000, "{counted:?} changes were planted");
}

/// Texts an enforcer with a fault could send for a statement over restricted tables.
#[test]
fn faults_of_a_rewrite_are_seen() {
    let world = World::shop().asked_by("shop_app", "provide");
    let users = r#"(SELECT t."id" AS "id" FROM "shop"."users" AS t WHERE ((t."status" OPERATOR(pg_catalog.=) 'cancelled')) IS FALSE ) AS u"#;
    let original = "SELECT u.id FROM shop.users u WHERE u.id = 1 OR u.id = 2";
    let good = format!("SELECT u.id FROM {users} WHERE u.id = 1 OR u.id = 2");
    let found = compare(&world, original, &good, false).expect("a good one passes");
    assert_eq!(found.replaced, ["u"]);
    assert!(compare(&world, original, &good, true).is_err(), "not where nothing is governed");
    let changed = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1)
    };
    for bad in [
        changed("SELECT u.id", "SELECT (u.id::shop.users)"),
        changed("= 1 OR", "= 1 AND"),
        changed("u.id = 1 OR u.id = 2", "(u.id = 1 OR u.id = 2) AND true"),
        changed("u.id = 2", "TRUE"),
        changed("AS u ", "AS v "),
        changed("AS u ", "AS u (x) "),
        changed("\"shop\".\"users\"", "\"shop\".\"orders\""),
        changed("\"shop\".\"users\"", "ONLY \"shop\".\"users\""),
        changed("t.\"id\" AS \"id\"", "t.\"email\" AS \"id\""),
        changed("t.\"id\" AS \"id\"", "u.\"id\" AS \"id\""),
        changed("t.\"id\" AS \"id\"", "lower(t.\"id\") AS \"id\""),
        changed("WHERE (", "WHERE EXISTS (SELECT FROM shop.orders AS p) AND ("),
        changed("(SELECT t", "LATERAL (SELECT t"),
        changed("u.id = 1", "u.id = '1'"),
        changed("SELECT u.id", "SELECT u.id, u.id"),
        format!("{good}; SELECT 1"),
        format!("{good} UNION SELECT 1"),
        format!("{good} LIMIT 1"),
    ] {
        assert!(compare(&world, original, &bad, false).is_err(), "{bad}");
    }
}

#[test]
fn faults_of_a_guarded_write_are_seen() {
    let world = World::shop().asked_by("shop_app", "provide");
    let original = "DELETE FROM shop.users WHERE id = 1 OR name = 'x'";
    let guard = r#"(("users"."status" OPERATOR(pg_catalog.=) 'cancelled')) IS FALSE"#;
    let good = format!(r#"DELETE FROM "shop"."users" WHERE (id = 1 OR name = 'x') AND ({guard})"#);
    assert!(compare(&world, original, &good.replace('"', ""), false).is_ok());
    let sent = [
        format!(r#"DELETE FROM "shop"."users" WHERE id = 1 OR name = 'x' AND ({guard})"#),
        format!(r#"DELETE FROM "shop"."users" WHERE (id = 1 OR name = 'x') OR ({guard})"#),
        format!(r#"DELETE FROM "shop"."users" WHERE {guard}"#),
        format!(r#"DELETE FROM "shop"."orders" WHERE (id = 1 OR name = 'x') AND ({guard})"#),
        format!(r#"DELETE FROM "shop"."users" WHERE (id = 1 OR (phone) = 'x') AND ({guard})"#),
        r#"DELETE FROM "shop"."users" WHERE (id = 1 OR name = 'x') AND (id = 1)"#.to_owned(),
    ];
    for bad in sent {
        assert!(compare(&world, original, &bad, false).is_err(), "{bad}");
    }
}

#[test]
fn a_name_of_with_is_no_table() {
    let world = World::nothing_governed();
    let same = |original: &str, sent: &str| compare(&world, original, sent, true).is_ok();
    let original = "WITH users AS (SELECT id FROM users) SELECT id FROM users";
    assert!(same(original, "WITH users AS (SELECT id FROM shop.users) SELECT id FROM users"));
    assert!(!same(original, "WITH users AS (SELECT id FROM shop.users) SELECT id FROM shop.users"));
    let original = "WITH RECURSIVE users AS (SELECT id FROM users) SELECT id FROM users";
    let sent = "WITH RECURSIVE users AS (SELECT id FROM shop.users) SELECT id FROM users";
    assert!(!same(original, sent));
    assert!(!same("SELECT id FROM users", "SELECT id FROM public.users"));
    let original = "WITH users AS (SELECT 1) DELETE FROM users";
    assert!(same(original, "WITH users AS (SELECT 1) DELETE FROM shop.users"));
}
