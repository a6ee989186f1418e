//! A program in PowerShell.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| commerce_lint_fuzz::syntax("deploy.ps1", bytes));
