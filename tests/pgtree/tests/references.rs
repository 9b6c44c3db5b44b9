//! Under a purpose that hides people's rows no governed table stands bare in what is forwarded.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pgtree::corpus::statements;
use pgtree::mutate::{Dice, damaged, respelt};
use pgtree::references::bare;
use pgtree::worlds::{World, forwarded, try_all};

fn check(world: &World, text: &str) -> Result<usize, String> {
    let Some((sent, _)) = forwarded(world, text) else { return Ok(0) };
    bare(world, &sent)
        .map_err(|error| format!("{}: {error}\n  original: {text}\n  sent:     {sent}", world.name))
}

#[test]
fn governed_tables_stand_behind_what_was_put_in() {
    let worlds = Arc::new([
        World::shop().asked_by("ads_engine", "ads"),
        World::town().asked_by("town", "ads"),
        World::town().asked_by("town", "study"),
    ]);
    let (found, counted) = (Arc::new(AtomicUsize::new(0)), Arc::new(statements()));
    let (sum, texts) = (Arc::clone(&found), Arc::clone(&counted));
    let failures = try_all((0..counted.len()).collect(), move |index: &usize| {
        let mut dice = Dice(9 << 32 | u64::try_from(*index).unwrap_or(0));
        for round in 0..7 {
            let (text, other) = (&texts[*index], &texts[dice.below(texts.len())]);
            let text = match round {
                0 => text.clone(),
                1 | 2 => respelt(&mut dice, text),
                _ => damaged(&mut dice, text, other),
            };
            for world in worlds.iter().filter(|_| !text.contains('\0')) {
                sum.fetch_add(check(world, &text)?, Ordering::Relaxed);
            }
        }
        Ok(())
    });
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    assert!(found.load(Ordering::Relaxed) > 1_500, "{found:?} governed relations were seen");
}

/// The control: it sees what it looks for.
#[test]
fn bare_references_are_found() {
    let world = World::shop().asked_by("ads_engine", "ads");
    let bare = |text: &str| bare(&world, text).is_err();
    for text in [
        "SELECT 1 FROM shop.users",
        "SELECT 1 FROM users",
        "SELECT 1 FROM shop.products, shop.users AS t WHERE true",
        "SELECT (SELECT 1 FROM shop.users AS t WHERE true)",
        "WITH w AS (SELECT t.id FROM shop.users AS t WHERE true) SELECT * FROM w",
        "WITH users AS (SELECT 1) SELECT 1 FROM shop.users",
        "SELECT 1 FROM (SELECT t.id AS id FROM shop.orders AS t) AS o",
        "SELECT 1 FROM (SELECT t.id FROM shop.users AS t, shop.products WHERE true) AS u",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM shop.users u WHERE true)",
        "DELETE FROM shop.products USING shop.users WHERE true",
        "COPY shop.users TO STDOUT",
        "INSERT INTO shop.products TABLE shop.users",
        "SELECT 1 FROM (SELECT t.id FROM shop.users AS t WHERE EXISTS (SELECT 1)) AS u LEFT JOIN shop.orders o ON o.user_id = u.id",
        "SELECT 1 FROM (SELECT t.id FROM shop.users AS t WHERE EXISTS (SELECT 1)) AS u JOIN shop.orders o ON true",
        "MERGE INTO shop.products p USING shop.users u ON true WHEN MATCHED THEN DO NOTHING",
    ] {
        assert!(bare(text), "{text}");
    }
    assert!(!bare("SELECT 1 FROM (SELECT t.id FROM shop.users AS t WHERE true) AS u"));
    assert!(!bare("UPDATE shop.users SET status = 'x' WHERE true"));
}
