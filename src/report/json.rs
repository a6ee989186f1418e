//! The run for programs: schema 1, one object.
//!
//! Lines and columns count from 1, columns in characters, bytes from 0 in the file; paths are relative to the checked tree, with `/`.

use std::io;

use serde::Serialize;

use super::{Report, Reporter, facts, printable};
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::parameter::Parameter;
use crate::rule::{Diagnostic, Label};
use crate::source::{Location, Position};
use crate::sources::Sources;

/// The `json` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

impl Reporter for Json {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let Report { inventory, sources, summary, .. } = run;
        let document = Document {
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            instances: inventory
                .instances
                .iter()
                .map(|of| InstanceView::new(inventory, of, sources))
                .collect(),
            diagnostics: run
                .diagnostics
                .iter()
                .map(|of| DiagnosticView::new(of, sources))
                .collect(),
            summary: SummaryView {
                files_read: summary.files_read,
                files_parsed: summary.files_parsed,
                instances: inventory.instances.len(),
                errors: summary.errors,
                warnings: summary.warnings,
                complete: summary.complete,
            },
        };
        write(&document, out)
    }
}

/// The version of every JSON document of ours; it grows when a reader could break.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// Who wrote a document.
pub(super) const TOOL: Tool =
    Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Writes a document for programs that people can read too.
pub(super) fn write(document: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let document = serde_json::to_string_pretty(document)?;
    writeln!(out, "{}", printable::json(&document))
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    tool: Tool,
    instances: Vec<InstanceView<'a>>,
    diagnostics: Vec<DiagnosticView<'a>>,
    summary: SummaryView,
}

/// An instance, as every document shows it.
#[derive(Serialize)]
pub(super) struct InstanceView<'a> {
    name: &'a str,
    kind: &'static str,
    kind_from: &'static str,
    data_space: Option<String>,
    project: Option<String>,
    sources: Vec<&'a str>,
    account: &'a str,
    account_from: &'static str,
}

impl<'a> InstanceView<'a> {
    pub(super) fn new(
        inventory: &'a Inventory,
        instance: &'a Instance,
        sources: &'a Sources,
    ) -> Self {
        Self {
            name: &instance.name,
            kind: instance.kind.value.word(),
            kind_from: instance.kind.evidence.word(),
            data_space: facts::literal(inventory, instance, Parameter::DataSpace),
            project: facts::literal(inventory, instance, Parameter::Project),
            sources: instance.feeds.iter().map(|feed| sources.path(feed.source)).collect(),
            account: &instance.account.value,
            account_from: instance.account.evidence.word(),
        }
    }
}

#[derive(Serialize)]
struct DiagnosticView<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    help: &'a str,
    instances: &'a [String],
    location: LocationView<'a>,
    related: Vec<RelatedView<'a>>,
}

impl<'a> DiagnosticView<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        let finding = &diagnostic.finding;
        Self {
            rule: &diagnostic.rule,
            severity: diagnostic.severity.word(),
            message: &finding.message,
            help: &finding.help,
            instances: &finding.instances,
            location: LocationView::new(finding.primary.at, sources),
            related: finding.related.iter().map(|label| RelatedView::new(label, sources)).collect(),
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

#[derive(Serialize)]
struct SummaryView {
    files_read: usize,
    files_parsed: usize,
    instances: usize,
    errors: usize,
    warnings: usize,
    complete: bool,
}
