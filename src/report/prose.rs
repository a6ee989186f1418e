//! A finding as a few plain lines, for formats that have one text for it: message, help, the other places.

use super::printable;
use crate::rule::Diagnostic;
use crate::source::Location;
use crate::sources::Sources;

/// How many of the other places are named.
const MAX_PLACES: usize = 24;

/// The lines, without a line feed at the end; nothing in them is invisible or commands a runner.
#[must_use]
pub fn prose(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let finding = &diagnostic.finding;
    let mut lines = vec![printable::text(&finding.message)];
    if sources.revision(finding.primary.at.source).is_some() {
        lines.push(format!("found in {}", place(finding.primary.at, sources)));
    }
    if !finding.help.is_empty() {
        lines.push(format!("help: {}", printable::text(&finding.help)));
    }
    for label in finding.related.iter().take(MAX_PLACES) {
        let words = printable::text(&label.text);
        lines.push(format!("see {}: {words}", place(label.at, sources)));
    }
    let left_out = finding.related.len().saturating_sub(MAX_PLACES);
    if left_out > 0 {
        lines.push(format!("and {left_out} more places"));
    }
    lines.join("\n")
}

/// A place on one line: `path:line:col`, with the revision before it where it is not part of the tree that is checked.
#[must_use]
pub fn place(at: Location, sources: &Sources) -> String {
    let (start, _) = sources.positions(at);
    format!("{}:{}:{}", printable::text(&sources.shown(at.source)), start.line, start.column)
}
