//! The fuzzer's targets without a fuzzer: over the seeds it starts from, over statements and over
//! texts made from them.

use std::fs;
use std::sync::Arc;

use pgtree::corpus::statements;
use pgtree::mutate::{Dice, damaged, respelt};
use pgtree::targets::TARGETS;
use pgtree::worlds::{project, try_all};

/// A target's panic is a failed test.
fn run(inputs: Vec<Vec<u8>>, target: fn(&[u8])) {
    let failures = try_all(inputs, move |input: &Vec<u8>| {
        target(input);
        Ok(())
    });
    assert!(failures.is_empty());
}

#[test]
fn seeds_break_no_promise() {
    for (name, target) in TARGETS {
        let directory = project().join("tests/fuzz/corpus").join(name);
        let seeds: Vec<Vec<u8>> = fs::read_dir(&directory)
            .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
            .map(|entry| fs::read(entry.expect("an entry").path()).expect("a seed"))
            .collect();
        assert!(!seeds.is_empty(), "{name} has no seeds");
        run(seeds, target);
    }
}

#[test]
fn texts_break_no_promise() {
    let texts = Arc::new(statements());
    for (number, (name, target)) in (0u64..).zip(TARGETS) {
        let mut dice = Dice(11 << 32 | number);
        let inputs = (0..1_500).map(|_| {
            let text = &texts[dice.below(texts.len())];
            let text = match dice.below(3) {
                0 => text.clone(),
                1 => respelt(&mut dice, text),
                _ => {
                    let other = texts[dice.below(texts.len())].clone();
                    damaged(&mut dice, text, &other)
                }
            };
            let text = match name {
                "schema" => format!("CREATE TABLE t (a int); CREATE VIEW v AS {text}; {text}"),
                _ => text,
            };
            let mut input = text.into_bytes();
            // Bytes of no meaning, here and there.
            if dice.below(4) == 0 {
                let at = dice.below(input.len());
                input.insert(at, u8::try_from(dice.below(256)).unwrap_or(0));
            }
            input
        });
        run(inputs.collect(), target);
    }
}
