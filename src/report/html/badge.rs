//! The mark of a severity.

use crate::rule::Severity;

/// A severity, or that there is none.
#[must_use]
pub(super) fn badge(severity: Option<Severity>) -> String {
    let word = severity.map_or("off", Severity::word);
    format!("<span class=\"badge {word}\">{word}</span>")
}
