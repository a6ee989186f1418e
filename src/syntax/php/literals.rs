//! Variables and constants that hold one text in the whole file.
//!
//! A text counts where it is assigned outside of every branch, and where nothing else in the file writes to the name: no second assignment, no
//! reference, no loop.

use std::collections::BTreeMap;

use crate::syntax::Node;

/// How many variables of one file are looked for in all of it.
const MOST_LOOKED_FOR: usize = 64;

/// What names hold.
#[derive(Default)]
pub(super) struct Literals<'a> {
    /// By the name, `$` and all where it is a variable.
    known: BTreeMap<&'a str, Node>,
    /// The names of which all of the file was read, and whether it writes to them once.
    looked_for: BTreeMap<&'a str, bool>,
}

impl<'a> Literals<'a> {
    /// Keeps what a name is given.
    pub(super) fn give(&mut self, name: &'a str, text: Node) {
        self.known.insert(name, text);
    }

    /// Forgets what a name was given.
    pub(super) fn forget(&mut self, name: &str) {
        self.known.remove(name);
    }

    /// What a constant holds.
    pub(super) fn constant(&self, name: &str) -> Option<Node> {
        self.known.get(name).cloned()
    }

    /// What a variable holds, in a file of this text.
    pub(super) fn variable(&mut self, name: &'a str, text: &str) -> Option<Node> {
        let node = self.known.get(name)?;
        let is_looked_for = self.looked_for.contains_key(name);
        if !is_looked_for && self.looked_for.len() >= MOST_LOOKED_FOR {
            return None;
        }
        let is_written_once =
            *self.looked_for.entry(name).or_insert_with(|| is_written_once(text, name));
        is_written_once.then(|| node.clone())
    }
}

/// Whether a file writes to a variable once.
fn is_written_once(text: &str, name: &str) -> bool {
    let mut assigned = 0;
    for (at, _) in text.match_indices(name) {
        let (before, behind) = (text.get(..at), text.get(at + name.len()..));
        let (Some(before), Some(behind)) = (before, behind) else { return false };
        if behind.starts_with(|next: char| next.is_alphanumeric() || next == '_') {
            continue;
        }
        let before = before.trim_end();
        let behind = behind.trim_start();
        let is_assigned =
            behind.starts_with('=') && !behind.starts_with("==") && !behind.starts_with("=>");
        let operators = [".=", "+=", "-=", "*=", "/=", "??=", "++", "--", "["];
        let words = ["&", "as", "global", "static", "list(", "++", "--"];
        let is_of_loop = before.ends_with("=>") && is_behind_as(before);
        if operators.iter().any(|operator| behind.starts_with(operator))
            || words.iter().any(|word| before.ends_with(word))
            || is_of_loop
        {
            return false;
        }
        assigned += usize::from(is_assigned);
    }
    assigned == 1
}

/// `as $key =>`.
fn is_behind_as(before: &str) -> bool {
    let key = before.trim_end_matches("=>").trim_end();
    let name = key.rfind('$').and_then(|at| key.get(..at));
    name.is_some_and(|name| name.trim_end().ends_with("as"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_known_that_is_written_once() {
        assert!(is_written_once("$a = 'x'; return ['k' => $a, 'l' => $ab];", "$a"));
        assert!(is_written_once("$a = 'x'; if ($a == 'y') {}", "$a"));
        for text in [
            "$a = 'x'; $a = 'y';",
            "$a = 'x'; $a .= 'y';",
            "$a = 'x'; foreach ($x as $a) {}",
            "$a = 'x'; foreach ($x as $k => $a) {}",
            "$a = 'x'; f(&$a);",
            "return $a;",
        ] {
            assert!(!is_written_once(text, "$a"), "{text}");
        }
    }
}
