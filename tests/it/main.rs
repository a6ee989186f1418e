//! Every test that uses the crate or the program from outside, in one binary: it is linked once, and its tests share all cores.
//!
//! `cargo test --test it rules::` runs the tests of one module.

mod architecture;
mod attribution;
mod changes;
mod commands;
mod compared;
mod discover;
mod fixtures;
mod init;
mod keys;
mod layouts;
mod php_export;
mod program;
mod properties;
mod readme;
mod recipes;
mod report;
mod revisions;
mod rules;
mod schema;
mod secrets;
mod syntax;
