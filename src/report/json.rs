//! The run for programs: schema 1, one object.
//!
//! Lines and columns count from 1, columns in characters, bytes from 0 in the file; paths are relative to the checked tree, with `/`.

use std::io;

use serde::Serialize;

use super::diagnostic_view::{AcceptedView, DiagnosticView};
use super::facts::Held;
use super::{Report, Reporter, disclosure, facts, fingerprint, printable};
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::parameter::{Parameter, Slot};
use crate::sources::Sources;

/// The `json` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

impl Reporter for Json {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let Report { inventory, sources, summary, .. } = run;
        let values = disclosure::names(inventory);
        let view = |of| DiagnosticView::new(of, sources, &values);
        let mut names = fingerprint::fingerprints(run, &mut run.masks()).into_iter();
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
                .map(|of| view(of).named(names.next()).mended(run.fixes.of(of), sources))
                .collect(),
            accepted: run
                .accepted
                .iter()
                .map(|of| AcceptedView::new(of, view(&of.diagnostic).named(names.next()), sources))
                .collect(),
            gone: run.gone.iter().map(view).collect(),
            summary: SummaryView {
                files_read: summary.files_read,
                files_parsed: summary.files_parsed,
                instances: inventory.instances.len(),
                errors: summary.errors,
                warnings: summary.warnings,
                standing: run.diagnostics.iter().filter(|found| !found.is_worse()).count(),
                accepted: run.accepted.len(),
                complete: summary.complete,
            },
        };
        write(&document, out)
    }
}

/// The schema of every JSON document of ours: `check`, `instances` and `rules`.
pub const SCHEMA: &str = include_str!("../../report.schema.json");

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
    accepted: Vec<AcceptedView<'a>>,
    /// What stood before the change and is found no more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gone: Vec<DiagnosticView<'a>>,
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
    kind_said_by: &'a str,
    account_said_by: &'a str,
    same_as: &'a str,
    data_space_type: Option<String>,
    keys: Slots,
    /// A name for all that it ends up with, but for what could be guessed.
    fingerprint: String,
}

impl<'a> InstanceView<'a> {
    pub(super) fn new(
        inventory: &'a Inventory,
        instance: &'a Instance,
        sources: &'a Sources,
    ) -> Self {
        let pair = |slot| {
            let [api_key, private_key] = facts::keys(inventory, instance, slot);
            Pair { api_key: api_key.map(Into::into), private_key: private_key.map(Into::into) }
        };
        Self {
            name: &instance.name,
            kind: instance.kind.value.word(),
            kind_from: instance.kind.evidence.word(),
            data_space: facts::literal(inventory, instance, Parameter::DataSpace),
            project: facts::literal(inventory, instance, Parameter::Project),
            sources: instance.feeds.iter().map(|feed| sources.path(feed.source)).collect(),
            account: &instance.account.value,
            account_from: instance.account.evidence.word(),
            kind_said_by: &instance.kind.said_by,
            account_said_by: &instance.account.said_by,
            same_as: &instance.same_as,
            data_space_type: facts::literal(inventory, instance, Parameter::DataSpaceType),
            keys: Slots { production: pair(Slot::Production), sandbox: pair(Slot::Sandbox) },
            fingerprint: facts::digest(inventory, instance),
        }
    }
}

#[derive(Serialize)]
struct SummaryView {
    files_read: usize,
    files_parsed: usize,
    instances: usize,
    errors: usize,
    warnings: usize,
    /// How many of them stood before the change.
    standing: usize,
    accepted: usize,
    complete: bool,
}

#[derive(Serialize)]
struct Slots {
    production: Pair,
    sandbox: Pair,
}

#[derive(Serialize)]
struct Pair {
    api_key: Option<Key>,
    private_key: Option<Key>,
}

#[derive(Serialize)]
struct Key {
    state: &'static str,
    fingerprint: Option<String>,
}

impl From<Held> for Key {
    fn from(held: Held) -> Self {
        Self { state: held.state, fingerprint: held.fingerprint.map(|name| name.to_string()) }
    }
}
