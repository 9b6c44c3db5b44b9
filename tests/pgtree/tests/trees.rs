//! No text that is forwarded differs from what the client sent, but where it may.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pgtree::compare::compare;
use pgtree::corpus::statements;
use pgtree::mutate::{Dice, damaged, respelt};
use pgtree::worlds::{World, forwarded, try_all};

#[derive(Default)]
struct Counts {
    tried: AtomicUsize,
    forwarded: AtomicUsize,
    replaced: AtomicUsize,
    guarded: AtomicUsize,
    qualified: AtomicUsize,
    unreadable: AtomicUsize,
}

impl Counts {
    fn add(counter: &AtomicUsize, by: usize) {
        counter.fetch_add(by, Ordering::Relaxed);
    }
    fn of(counter: &AtomicUsize) -> usize {
        counter.load(Ordering::Relaxed)
    }
}

/// Judges a text under a world and compares what is forwarded.
fn check(world: &World, text: &str, counts: &Counts) -> Result<(), String> {
    Counts::add(&counts.tried, 1);
    let Some((sent, _)) = forwarded(world, text) else { return Ok(()) };
    Counts::add(&counts.forwarded, 1);
    let strict = world.name.starts_with("nothing governed");
    let found = compare(world, text, &sent, strict).map_err(|e| format!("{}: {e}", world.name))?;
    Counts::add(&counts.replaced, found.replaced.len());
    Counts::add(&counts.guarded, found.guarded);
    Counts::add(&counts.qualified, found.qualified);
    Counts::add(&counts.unreadable, usize::from(found.unreadable));
    Ok(())
}

fn fail_on(failures: &[String]) {
    let shown: Vec<&str> = failures.iter().take(30).map(String::as_str).collect();
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), shown.join("\n"));
}

#[test]
fn statements_are_forwarded_as_they_were_meant() {
    let counts = Arc::new(Counts::default());
    let worlds = World::all();
    let shared = Arc::clone(&counts);
    let failures = try_all(statements(), move |text| {
        worlds.iter().try_for_each(|world| check(world, text, &shared))
    });
    println!("{}", told(&counts));
    fail_on(&failures);
    let of = Counts::of;
    assert!(of(&counts.forwarded) > 2_000, "{}", told(&counts));
    assert!(of(&counts.replaced) > 500 && of(&counts.guarded) > 20, "{}", told(&counts));
}

fn told(counts: &Counts) -> String {
    let of = Counts::of;
    format!(
        "{} judged, {} forwarded, {} relations replaced, {} guards of writes, {} qualified, {} unreadable",
        of(&counts.tried),
        of(&counts.forwarded),
        of(&counts.replaced),
        of(&counts.guarded),
        of(&counts.qualified),
        of(&counts.unreadable)
    )
}

/// How many texts are made of each statement; `PGPURPOSE_MUTANTS` says another number.
fn mutants() -> usize {
    std::env::var("PGPURPOSE_MUTANTS").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

#[test]
fn texts_spelt_otherwise_are_forwarded_as_they_were_meant() {
    mutated(1, |dice, text, _| respelt(dice, text));
}

#[test]
fn damaged_texts_are_forwarded_as_they_were_meant_or_not_at_all() {
    mutated(2, damaged);
}

fn mutated(seed: u64, make: fn(&mut Dice, &str, &str) -> String) {
    let counts = Arc::new(Counts::default());
    let (all, worlds) = (Arc::new(statements()), World::all());
    let shared = Arc::clone(&counts);
    let texts = Arc::clone(&all);
    let failures = try_all((0..all.len()).collect(), move |index| {
        let mut dice = Dice(seed << 32 | u64::try_from(*index).unwrap_or(0));
        for round in 0..mutants() {
            let other = &texts[dice.below(texts.len())];
            let text = make(&mut dice, &texts[*index], other);
            if text.contains('\0') {
                continue;
            }
            check(&worlds[0], &text, &shared)?;
            check(&worlds[1 + round % (worlds.len() - 1)], &text, &shared)?;
        }
        Ok(())
    });
    println!("{}", told(&counts));
    fail_on(&failures);
    assert!(Counts::of(&counts.forwarded) * 16 > Counts::of(&counts.tried), "{}", told(&counts));
}
