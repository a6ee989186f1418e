//! Workflow commands: annotations of a GitHub Actions run, `::error file=…,line=…::message`.
//!
//! Whatever a command is made of is printable first and then escaped as the runner reads it. A place in another revision is no file of the
//! checkout: it is named in the message.

use std::fmt::Write as _;
use std::io;

use super::prose::prose;
use super::{Report, Reporter, printable};
use crate::rule::Diagnostic;
use crate::sources::Sources;

/// The `github` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct GitHub;

impl Reporter for GitHub {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for diagnostic in run.diagnostics {
            let level = diagnostic.severity.word();
            let message = data(&prose(diagnostic, run.sources));
            writeln!(out, "::{level} {}::{message}", properties(diagnostic, run.sources))?;
        }
        for intended in run.intended() {
            let (properties, message) =
                (properties(&intended.diagnostic, run.sources), data(&super::announced(intended)));
            writeln!(out, "::notice {properties}::{message}")?;
        }
        writeln!(out, "{}", run.closing())
    }
}

/// Columns are told for places on one line only: GitHub takes no others.
fn properties(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let at = diagnostic.finding.primary.at;
    let mut properties = String::new();
    if sources.revision(at.source).is_none() {
        let (start, end) = sources.positions(at);
        let path = property(&printable::text(sources.path(at.source)));
        let _ = write!(properties, "file={path},line={},endLine={},", start.line, end.line);
        if start.line == end.line {
            let _ = write!(properties, "col={},endColumn={},", start.column, end.column);
        }
    }
    let trend = diagnostic.trend.map_or_else(String::new, |trend| format!(" ({})", trend.word()));
    properties + "title=" + &property(&(printable::text(&diagnostic.rule) + &trend))
}

/// A command's text, escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A command's property, escaped.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_properties_are_escaped_as_the_runner_reads_them() {
        assert_eq!(data("100 %\r\na, b: c"), "100 %25%0D%0Aa, b: c");
        assert_eq!(property("a,b:c%0A"), "a%2Cb%3Ac%250A");
    }
}
