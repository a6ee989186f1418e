//! Diagnostics as the JSON report shows them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::fix::{Fix, Replacement};
use crate::model::fingerprint::Fingerprint;
use crate::rule::{Accepted, Diagnostic, Label, Trend};
use crate::source::{Location, Position};
use crate::sources::Sources;

/// What was found.
#[derive(Serialize)]
pub struct DiagnosticView<'a> {
    rule: &'a str,
    severity: &'static str,
    /// How it stands to what was before the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    message: &'a str,
    help: &'a str,
    instances: &'a [String],
    /// The name of what stands at the places, for the `value` of a waiver.
    value: Option<String>,
    /// A name that stays while lines move, as other formats have it; none for what is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    location: LocationView<'a>,
    related: Vec<RelatedView<'a>>,
    /// What would mend it; each was tried.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixView<'a>>,
}

impl<'a> DiagnosticView<'a> {
    pub fn new(
        diagnostic: &'a Diagnostic,
        sources: &'a Sources,
        values: &BTreeMap<Location, Fingerprint>,
    ) -> Self {
        let finding = &diagnostic.finding;
        Self {
            rule: &diagnostic.rule,
            severity: diagnostic.severity.word(),
            state: diagnostic.trend.map(Trend::word),
            message: &finding.message,
            help: &finding.help,
            instances: &finding.instances,
            value: finding.value(values).map(|value| value.to_string()),
            fingerprint: None,
            location: LocationView::new(finding.primary.at, sources),
            related: finding.related.iter().map(|label| RelatedView::new(label, sources)).collect(),
            fixes: Vec::new(),
        }
    }

    pub fn mended(self, fixes: &'a [Fix], sources: &'a Sources) -> Self {
        Self { fixes: fixes.iter().map(|fix| FixView::new(fix, sources)).collect(), ..self }
    }

    pub fn named(self, fingerprint: Option<String>) -> Self {
        Self { fingerprint, ..self }
    }
}

/// What was found and somebody accepts.
#[derive(Serialize)]
pub struct AcceptedView<'a> {
    #[serde(flatten)]
    diagnostic: DiagnosticView<'a>,
    reason: String,
    /// Whether it is a change that was announced.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    intended: bool,
    /// Where it is accepted.
    accepted_at: Option<LocationView<'a>>,
}

impl<'a> AcceptedView<'a> {
    pub fn new(
        accepted: &'a Accepted,
        diagnostic: DiagnosticView<'a>,
        sources: &'a Sources,
    ) -> Self {
        Self {
            diagnostic,
            reason: accepted.reason.clone(),
            intended: accepted.is_intended,
            accepted_at: accepted.at.map(|at| LocationView::new(at, sources)),
        }
    }
}

#[derive(Serialize)]
struct RelatedView<'a> {
    message: &'a str,
    location: LocationView<'a>,
}

impl<'a> RelatedView<'a> {
    fn new(label: &'a Label, sources: &'a Sources) -> Self {
        Self { message: &label.text, location: LocationView::new(label.at, sources) }
    }
}

/// What would mend a finding.
#[derive(Serialize)]
struct FixView<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<EditView<'a>>,
}

impl<'a> FixView<'a> {
    fn new(fix: &'a Fix, sources: &'a Sources) -> Self {
        let edit = |edit: &'a Replacement| EditView {
            location: LocationView::new(edit.at, sources),
            text: &edit.new,
        };
        Self {
            title: &fix.title,
            safety: fix.safety.word(),
            edits: fix.edits.iter().map(edit).collect(),
        }
    }
}

#[derive(Serialize)]
struct EditView<'a> {
    location: LocationView<'a>,
    /// What stands there then; empty where it is taken out.
    text: &'a str,
}

#[derive(Serialize)]
struct LocationView<'a> {
    path: &'a str,
    /// The revision that the file was read from, where it is not part of the tree that is checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<&'a str>,
    start: PositionView,
    end: PositionView,
    /// In what a compressed file holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    unpacked_line: Option<usize>,
}

impl<'a> LocationView<'a> {
    fn new(at: Location, sources: &'a Sources) -> Self {
        let (start, end) = sources.positions(at);
        Self {
            path: sources.path(at.source),
            revision: sources.revision(at.source),
            start: start.into(),
            end: end.into(),
            unpacked_line: sources.unpacked_line(at),
        }
    }
}

#[derive(Serialize)]
struct PositionView {
    line: usize,
    column: usize,
    byte: usize,
}

impl From<Position> for PositionView {
    fn from(position: Position) -> Self {
        let Position { line, column, byte } = position;
        Self { line, column, byte }
    }
}
