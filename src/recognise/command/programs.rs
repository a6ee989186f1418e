//! The programs that commands start.

use crate::syntax::Node;

/// Programs that say or search a text instead of running it.
pub const SAYING: [&str; 12] =
    ["echo", "printf", "grep", "rg", "sed", "awk", "git", "unset", "test", "[", "[[", "case"];

/// The program that a word names, without its folder.
pub fn program(word: &Node) -> &str {
    word.as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default()
}
