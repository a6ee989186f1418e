//! The arms of `case … in`: each is a command whose first word is [`ARM`], with its patterns behind it.

use super::state::{Case, Scanner};
use crate::syntax::shell::word::Word;
use crate::syntax::{Node, NodeKind};

/// The first word of a command that is an arm of a `case`.
pub const ARM: &str = ")";

impl Scanner<'_, '_> {
    /// Notes what a command opens: a `case`.
    pub(super) fn opened(&mut self, words: &[Word]) {
        let is = |at: usize, text: &str| words.get(at).is_some_and(|word| word.text == text);
        self.loops(words);
        if is(0, "case") {
            self.cases.push(Case { expects_patterns: is(2, "in") && words.len() == 3 });
        }
    }

    /// Whether what is being read are the patterns of an arm.
    pub(super) fn is_in_pattern(&self) -> bool {
        let is = |at: usize, text: &str| self.command.get(at).is_some_and(|word| word.text == text);
        let is_closing = self.command.len() == 1 && is(0, "esac");
        self.cases.last().is_some_and(|case| case.expects_patterns) && !is_closing
            || self.subshells == 0 && is(0, "case") && is(2, "in")
    }

    /// Ends one arm: patterns come next.
    pub(super) fn next_arm(&mut self) {
        if let Some(case) = self.cases.last_mut() {
            case.expects_patterns = true;
        }
    }

    /// Reads the patterns before a parenthesis.
    pub(super) fn arm(&mut self, end: usize) {
        if self.command.first().is_some_and(|word| word.text == "case") {
            let patterns = self.command.split_off(self.command.len().min(3));
            self.flush();
            self.command = patterns;
        }
        let words = std::mem::take(&mut self.command);
        let start = words.first().map_or(end, |word| word.at.start);
        let mark = self.node(end..end + 1, NodeKind::Scalar(ARM.to_owned()));
        let patterns: Vec<Node> = words
            .iter()
            .filter(|word| word.text != "(")
            .flat_map(|word| self.nodes(word))
            .collect();
        self.push(start..end + 1, [vec![mark], patterns].concat());
        if let Some(case) = self.cases.last_mut() {
            case.expects_patterns = false;
        }
    }
}
