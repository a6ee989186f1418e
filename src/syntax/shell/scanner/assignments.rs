//! What commands do to a script's variables.

use super::state::Scanner;
use crate::syntax::shell::word::{FILLER, Word, name_length};

/// Commands that assign what their words say.
pub const ASSIGNING: [&str; 6] = ["export", "local", "readonly", "declare", "typeset", "ENV"];

impl Scanner<'_, '_> {
    /// Learns what the command does to the script's variables.
    pub(super) fn assign(&mut self, words: &[Word]) {
        let first = words.first().map(|word| word.text.as_str()).unwrap_or_default();
        if first == "case" {
            self.variables.open();
        }
        if matches!(
            first,
            "read" | "for" | "select" | "mapfile" | "readarray" | "getopts" | "unset"
        ) || first == "ARG"
        {
            for word in words.iter().skip(1) {
                let text = self.words.slice(word.at.clone());
                let name = text.get(..name_length(text)).unwrap_or_default();
                self.variables.assign(name, None);
            }
            return;
        }
        let is_pure =
            words.iter().all(|word| assignment(self.words.slice(word.at.clone())).is_some());
        if !is_pure && !ASSIGNING.contains(&first) {
            return;
        }
        for word in words {
            let Some((name, is_added)) = assignment(self.words.slice(word.at.clone())) else {
                continue;
            };
            let value = word.text.split_once('=').map(|(_, value)| value);
            let is_known = !word.is_unknown && !is_added && !self.is_chained;
            let origin = word.origin.clone();
            self.variables.assign_from(name, value.filter(|_| is_known), origin);
        }
    }
}

/// The name that a word assigns, and whether it adds to what is there.
pub fn assignment(text: &str) -> Option<(&str, bool)> {
    let (name, rest) = text.split_at_checked(name_length(text))?;
    let rest = rest.trim_start_matches(FILLER);
    let is_added = rest.starts_with("+=");
    (!name.is_empty() && (rest.starts_with('=') || is_added)).then_some((name, is_added))
}
