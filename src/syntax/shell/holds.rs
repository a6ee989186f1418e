//! What a word of a script holds.

use std::ops::Range;

use super::operations::Filled;
use crate::source::Location;

/// What becomes of a word by blanks in variables that it names without quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Split {
    /// Nothing.
    #[default]
    None,
    /// All of it is one variable, whose text is split at its blanks.
    Whole,
    /// A part of it is split at blanks, and what is around belongs to the first and the last piece.
    Within,
}

/// A word with what it holds.
#[derive(Clone, Debug, Default)]
pub struct Word {
    /// Where it stands.
    pub at: Range<usize>,
    /// Its text without quotes, as far as it is known.
    pub text: String,
    /// Whether a part of it is known only when the script runs.
    pub is_unknown: bool,
    /// Whether any of it is quoted or escaped.
    pub is_quoted: bool,
    /// What blanks of variables without quotes do to it.
    pub split: Split,
    /// Where in the file a part of its text was given, where the word only repeats a name.
    pub origin: Option<Location>,
    /// The scripts inside `$(…)` and backticks.
    pub substitutions: Vec<Range<usize>>,
}

impl Word {
    /// Puts in what stands in the place of an expansion.
    pub fn fill(&mut self, filled: Filled) {
        let Filled { text, origin } = filled;
        self.origin = origin.or(self.origin);
        match text {
            Some(text) => self.text.push_str(&text),
            None => self.is_unknown = true,
        }
    }
}
