//! A script of a shell.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| commerce_lint_fuzz::syntax("deploy.sh", bytes));
