//! Attributes of Chef and Puppet.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| commerce_lint_fuzz::syntax("default.rb", bytes));
