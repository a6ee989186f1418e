//! Directives: INI files and those of servers, inventories.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| commerce_lint_fuzz::syntax("php.ini", bytes));
