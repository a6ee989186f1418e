//! JUnit XML: a suite per rule that found something, a failure per finding.
//!
//! A clean run has one case that passes, so that it is no empty report; what was not read whole is an error. Accepted findings are skipped.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use super::prose::{place, prose};
use super::{Report, Reporter, printable};
use crate::rule::Diagnostic;
use crate::source::Location;

/// The `junit` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct JUnit;

/// How a case ended.
enum End {
    Passed,
    Failed { message: String, severity: &'static str, text: String },
    Skipped { reason: String },
    Unread { message: String },
}

impl Reporter for JUnit {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut suites: BTreeMap<&str, Vec<(Option<Location>, End)>> = BTreeMap::new();
        let mut add = |suite, at, end| suites.entry(suite).or_default().push((at, end));
        for found in run.diagnostics {
            add(&found.rule, Some(found.finding.primary.at), failed(found, run));
        }
        for accepted in run.accepted {
            let found = &accepted.diagnostic;
            let message = printable::text(&found.finding.message);
            let reason = match accepted.reason.as_str() {
                "" => format!("known to the baseline: {message}"),
                reason => format!("accepted: {} ({message})", printable::text(reason)),
            };
            add(&found.rule, Some(found.finding.primary.at), End::Skipped { reason });
        }
        for problem in &run.inventory.problems {
            let message = printable::text(&problem.message);
            add(READING, Some(problem.at), End::Unread { message });
        }
        if run.diagnostics.is_empty() && run.summary.complete {
            add(env!("CARGO_PKG_NAME"), None, End::Passed);
        } else if run.inventory.problems.is_empty() && !run.summary.complete {
            let message = "not everything could be read".to_owned();
            add(READING, None, End::Unread { message });
        }
        let all: Vec<&End> = suites.values().flatten().map(|(_, end)| end).collect();
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        // Jenkins' schema counts what is skipped in suites alone.
        let counted = counts(&all);
        writeln!(out, "<testsuites name=\"{}\" {counted} time=\"0\">", env!("CARGO_PKG_NAME"))?;
        for (suite, cases) in &suites {
            let ends: Vec<&End> = cases.iter().map(|(_, end)| end).collect();
            let (suite_name, counted) = (escape(suite), counts(&ends));
            let skipped = ends.iter().filter(|end| matches!(end, End::Skipped { .. })).count();
            writeln!(
                out,
                "  <testsuite name=\"{suite_name}\" {counted} skipped=\"{skipped}\" time=\"0\">"
            )?;
            for (at, end) in cases {
                out.write_all(case(suite, *at, end, run).as_bytes())?;
            }
            writeln!(out, "  </testsuite>")?;
        }
        writeln!(out, "</testsuites>")
    }
}

/// The suite of what could not be read.
const READING: &str = "reading";

fn failed(found: &Diagnostic, run: &Report<'_>) -> End {
    End::Failed {
        message: printable::text(&found.finding.message),
        severity: found.severity.word(),
        text: prose(found, run.sources),
    }
}

fn counts(ends: &[&End]) -> String {
    let count = |is: fn(&End) -> bool| ends.iter().filter(|end| is(end)).count();
    format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\"",
        ends.len(),
        count(|end| matches!(end, End::Failed { .. })),
        count(|end| matches!(end, End::Unread { .. })),
    )
}

fn case(suite: &str, at: Option<Location>, end: &End, run: &Report<'_>) -> String {
    let name = at.map_or_else(|| run.closing(), |at| place(at, run.sources));
    let mut text =
        format!("    <testcase name=\"{}\" classname=\"{}\"", escape(&name), escape(suite));
    if let Some(at) = at.filter(|at| run.sources.revision(at.source).is_none()) {
        let (start, _) = run.sources.positions(at);
        let path = printable::text(run.sources.path(at.source));
        let _ = write!(text, " file=\"{}\" line=\"{}\"", escape(&path), start.line);
    }
    text.push_str(" time=\"0\"");
    match end {
        End::Passed => text.push_str("/>\n"),
        End::Failed { message, severity, text: body } => {
            let (message, body) = (escape(message), escape(body));
            let _ = write!(
                text,
                ">\n      <failure message=\"{message}\" type=\"{severity}\">{body}</failure>\n    </testcase>\n"
            );
        }
        End::Skipped { reason } => {
            let reason = escape(reason);
            let _ = write!(text, ">\n      <skipped message=\"{reason}\"/>\n    </testcase>\n");
        }
        End::Unread { message } => {
            let message = escape(message);
            let _ = write!(
                text,
                ">\n      <error message=\"{message}\" type=\"unread\"/>\n    </testcase>\n"
            );
        }
    }
    text
}

/// Text and attributes alike; what XML 1.0 has no way to write becomes the character that stands for such.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            letter if letter.is_control() => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_an_attribute_or_a_text() {
        assert_eq!(
            escape("a]]><b c=\"d\">&\u{ffff}\u{1}"),
            "a]]&gt;&lt;b c=&quot;d&quot;&gt;&amp;\u{fffd}\u{fffd}"
        );
    }
}
