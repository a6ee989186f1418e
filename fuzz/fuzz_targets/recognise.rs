//! A file by its path and its text.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| commerce_lint_fuzz::recognise(bytes));
