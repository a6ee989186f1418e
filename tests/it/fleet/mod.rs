//! Facts: each line keeps its schema in every tree, values have names under the key alone, and of a folder of checkouts nothing is passed over in silence.

mod facts;
mod folder;

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::scratch::{Done, Scratch, run};

/// A key of a fleet, made up for these tests.
const KEY: &str = "a key that is of no fleet";

/// Runs the program under a key.
fn keyed(scratch: &Scratch, arguments: &[&str], key: &str) -> Done {
    let mut command = scratch.command(arguments);
    command.env("COMMERCE_LINT_FLEET_KEY", key).env("SOURCE_DATE_EPOCH", "1798761600");
    run(command)
}

/// The facts in a text.
fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a fact is JSON")).collect()
}

/// The rows of a table that `fleet` wrote.
fn table(folder: &Path, name: &str) -> Vec<Value> {
    let mut files: Vec<_> = fs::read_dir(folder.join(name))
        .expect("the table is there")
        .map(|file| file.expect("its files are readable").path())
        .collect();
    files.sort();
    files.iter().flat_map(|file| lines(&fs::read_to_string(file).expect("it is text"))).collect()
}
