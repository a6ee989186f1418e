//! The Reviewdog Diagnostic Format: columns are bytes of UTF-8 from 1, ends are exclusive.

use std::io;

use serde::Serialize;

use super::inert::inert;
use super::prose::prose;
use super::{Report, Reporter, json};
use crate::fix::{Fix, Safety};
use crate::rule::{Diagnostic, Rule, Severity};
use crate::source::{Location, Source};
use crate::sources::Sources;

/// The `rdjson` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct RdJson;

impl Reporter for RdJson {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let view = |of| View::new(of, run);
        let intended = run.intended().map(|intended| {
            let message = inert(&super::announced(intended));
            View { message, severity: "INFO", ..view(&intended.diagnostic) }
        });
        let diagnostics = run.diagnostics.iter().map(view).chain(intended).collect();
        json::write(&Document { source: Tool { name: env!("CARGO_PKG_NAME") }, diagnostics }, out)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    source: Tool,
    diagnostics: Vec<View<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
}

#[derive(Serialize)]
struct View<'a> {
    message: String,
    severity: &'static str,
    code: Code<'a>,
    location: Place<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

/// A text in the place of a range.
#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
}

impl<'a> View<'a> {
    fn new(diagnostic: &'a Diagnostic, run: &Report<'a>) -> Self {
        let Report { rules, sources, fixes, .. } = *run;
        let rule = rules.iter().find(|rule| rule.id == diagnostic.rule);
        let at = diagnostic.finding.primary.at;
        Self {
            message: inert(&prose(diagnostic, sources)),
            severity: match diagnostic.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
            },
            code: Code { value: &diagnostic.rule, url: rule.and_then(Rule::address) },
            location: Place {
                path: sources.path(at.source),
                // Lines of another revision are no lines of the file that is reviewed.
                range: sources.revision(at.source).is_none().then(|| Range::new(at, sources)),
            },
            suggestions: fixes
                .of(diagnostic)
                .iter()
                .filter_map(|fix| suggestion(fix, at, sources))
                .collect(),
        }
    }
}

/// A fix as a suggestion, which is one replacement in the file of the finding, and taken over by whoever presses a button: so it is a safe one.
fn suggestion<'a>(fix: &'a Fix, at: Location, sources: &Sources) -> Option<Suggestion<'a>> {
    let [edit] = fix.edits.as_slice() else { return None };
    let is_it = fix.safety == Safety::Safe && edit.at.source == at.source;
    is_it.then(|| Suggestion { range: Range::new(edit.at, sources), text: &edit.new })
}

impl Range {
    fn new(at: Location, sources: &Sources) -> Self {
        let source = sources.get(at.source);
        let point =
            |offset: u32| source.map_or(Point { line: 1, column: 1 }, |of| point(of, offset));
        Self { start: point(at.span.start), end: point(at.span.end) }
    }
}

fn point(source: &Source, offset: u32) -> Point {
    let start = source.line_span(source.line_of(offset)).range().start;
    let column = (offset as usize).clamp(start, source.text().len()) - start + 1;
    Point { line: source.position(offset).line, column }
}
