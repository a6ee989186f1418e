//! The last line for people: what was read, and what was found.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Report, count};
use crate::rule::{Diagnostic, Severity};

impl Report<'_> {
    /// The last line for people: `4 files read, 2 instances, 1 error, 0 warnings`. A tree in which nothing was recognised is told apart
    /// from a clean one, and so is a run that is incomplete; what somebody accepts is counted.
    #[must_use]
    pub fn closing(&self) -> String {
        let history = self.summary.searched.map_or_else(String::new, |searched| {
            format!(", {} of the history searched", count(searched, "file"))
        });
        let files = format!("{} read{history}", count(self.summary.files_read, "file"));
        let instances = count(self.inventory.instances.len(), "instance");
        let closing = match (self.diagnostics, self.inventory.instances.as_slice()) {
            ([], []) if self.accepted.is_empty() && self.held_back.is_empty() => {
                format!("no private keys found, and no settings to check ({files})")
            }
            ([], _) if self.held_back.is_empty() => {
                format!("no findings in {instances} ({files})")
            }
            ([], _) => format!("no new findings in {instances} ({files})"),
            (shown, _) => {
                let (shown, beyond) = (counted(shown), counted(self.beyond));
                let errors = count(shown.0 + beyond.0, "error");
                let warnings = count(shown.1 + beyond.1, "warning");
                format!("{files}, {instances}, {errors}, {warnings}")
            }
        };
        let accepted = match self.accepted.len() {
            0 => String::new(),
            some => format!(", {some} accepted"),
        };
        closing + &accepted + &self.incompleteness() + &self.elsewhere()
    }

    /// What it adds of what is not shown here: what is too much at once, and what the change does not make worse.
    fn elsewhere(&self) -> String {
        let mut text = String::new();
        if !self.beyond.is_empty() {
            let (shown, more) = (self.diagnostics.len(), self.beyond.len());
            text =
                format!("; {shown} are shown, {more} more are not: `--max-findings 0` shows all");
        }
        if let Some(stood) = in_words(self.held_back) {
            let them = if self.held_back.len() == 1 { "it" } else { "them" };
            let _ = write!(text, "; {stood} stood before: `--all` shows {them}");
        }
        if let Some(gone) = in_words(self.gone) {
            text.push_str(&["; gone: ", &gone].concat());
        }
        text
    }

    /// What a closing line adds where not everything was read.
    pub(super) fn incompleteness(&self) -> String {
        let problems = self.inventory.problems.iter();
        let broken: BTreeSet<_> = problems.map(|problem| problem.at.source).collect();
        match (self.summary.complete, broken.len()) {
            (true, _) => String::new(),
            (false, 1..) if self.summary.is_as_before => {
                format!(
                    "; incomplete as before: {} could not be read whole",
                    count(broken.len(), "file")
                )
            }
            (false, 0) => "; incomplete: not everything could be read".to_owned(),
            (false, some) => {
                format!("; incomplete: {} could not be read whole", count(some, "file"))
            }
        }
    }
}

/// How many are errors, and how many warnings.
fn counted(diagnostics: &[Diagnostic]) -> (usize, usize) {
    let errors = diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
    (errors, diagnostics.len() - errors)
}

/// The same in words: `1 error and 2 warnings`; nothing for none.
fn in_words(diagnostics: &[Diagnostic]) -> Option<String> {
    match counted(diagnostics) {
        (0, 0) => None,
        (errors, 0) => Some(count(errors, "error")),
        (0, warnings) => Some(count(warnings, "warning")),
        (errors, warnings) => {
            Some(format!("{} and {}", count(errors, "error"), count(warnings, "warning")))
        }
    }
}
