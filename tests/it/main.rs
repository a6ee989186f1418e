//! Every test that uses the crate or the program from outside, in one binary: it is linked once, and its tests share all cores.
//!
//! `cargo test --test it rules::` runs the tests of one module. `THOROUGH=1` tries more and larger inputs, as `.ci/nightly` does.

mod architecture;
mod attribution;
mod canary;
mod changes;
mod commands;
mod compared;
mod discover;
mod editor;
mod fixtures;
mod fleet;
mod init;
mod keys;
mod layouts;
mod mcp;
mod mutations;
mod packs;
mod page;
mod php_export;
mod php_values;
mod program;
mod properties;
mod readers;
mod readme;
mod recall;
mod recipes;
mod references;
mod report;
mod revisions;
mod rules;
mod schema;
mod secrets;
mod served;
mod syntax;

use proptest::prelude::ProptestConfig;

/// Whether more and larger inputs are tried than somebody waits for.
fn is_thorough() -> bool {
    std::env::var_os("THOROUGH").is_some()
}

/// A size that somebody waits for, or the one of a thorough run.
fn size(ordinary: usize, thorough: usize) -> usize {
    if is_thorough() { thorough } else { ordinary }
}

/// How often a property is tried.
fn tried(times: u32) -> ProptestConfig {
    ProptestConfig::with_cases(if is_thorough() { times * 40 } else { times })
}
