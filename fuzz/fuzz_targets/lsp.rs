//! An editor's messages.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| commerce_lint_fuzz::lsp(bytes));
