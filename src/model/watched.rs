//! The config paths beyond our own that the rules of a run ask for.
//!
//! Known once, before anything is read, and the same for the whole run: what is read depends on it as on the table of parameters.

use std::sync::OnceLock;

use super::name::Name;
use super::pattern::PathPattern;

static WATCHED: OnceLock<Vec<PathPattern>> = OnceLock::new();

/// Watches for paths from now on. Says whether that was still possible: what was watched for first stays.
pub fn watch(mut patterns: Vec<PathPattern>) -> bool {
    patterns.sort();
    patterns.dedup();
    patterns == WATCHED.get_or_init(|| patterns.clone()).as_slice()
}

/// What is watched for.
#[must_use]
pub fn patterns() -> &'static [PathPattern] {
    WATCHED.get().map_or(&[], Vec::as_slice)
}

/// The name of a path that is watched for, given in lower case.
pub(super) fn named(path: &str) -> Option<Name> {
    let is_watched = patterns().iter().any(|pattern| pattern.matches(path));
    is_watched.then(|| Name::of(path)).flatten()
}
