//! Parses arguments, runs, prints, exits.
fn main() {}
