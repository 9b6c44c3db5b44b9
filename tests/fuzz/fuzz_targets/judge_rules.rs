#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| pgtree::targets::judge_rules(data));
