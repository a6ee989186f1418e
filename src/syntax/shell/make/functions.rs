//! The functions of make whose answers can be told.
//!
//! Source: the GNU Make manual, *Functions for Transforming Text*. What a function says of the machine, or does to it, is not known.

use super::values::Value;
use crate::syntax::shell::runs::symbol::Piece;

/// All functions that make has: a variable has none of these names before a blank.
pub const FUNCTIONS: [&str; 36] = [
    "abspath",
    "addprefix",
    "addsuffix",
    "and",
    "basename",
    "call",
    "dir",
    "error",
    "eval",
    "file",
    "filter",
    "filter-out",
    "findstring",
    "firstword",
    "flavor",
    "foreach",
    "guile",
    "if",
    "info",
    "intcmp",
    "join",
    "lastword",
    "let",
    "notdir",
    "or",
    "origin",
    "patsubst",
    "realpath",
    "shell",
    "sort",
    "strip",
    "subst",
    "suffix",
    "value",
    "warning",
    "wildcard",
];

/// Whether a value is empty, where that is known.
pub fn is_empty(value: &Value) -> Option<bool> {
    let is_text = |piece: &Piece| matches!(piece, Piece::Text(text) if !text.trim().is_empty());
    match value.known() {
        Some(text) => Some(text.trim().is_empty()),
        None if value.pieces.iter().any(is_text) => Some(false),
        None => None,
    }
}

pub fn words(text: &str) -> Vec<&str> {
    text.split_ascii_whitespace().collect()
}

/// The stem of a word that a pattern matches.
pub fn matched<'t>(pattern: &str, word: &'t str) -> Option<&'t str> {
    match pattern.split_once('%') {
        Some((before, behind)) => word.strip_prefix(before)?.strip_suffix(behind),
        None => (pattern == word).then_some(""),
    }
}

/// Each word that a pattern matches, by another pattern.
pub fn substituted(from: &str, to: &str, text: &str) -> String {
    let word = |word: &str| match matched(from, word) {
        Some(stem) => to.replacen('%', stem, 1),
        None => word.to_owned(),
    };
    words(text).into_iter().map(word).collect::<Vec<_>>().join(" ")
}

pub fn each(text: &str, pattern: &str) -> String {
    substituted("%", pattern, text)
}
