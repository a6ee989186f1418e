//! The listing of instances for programs: what `json` says of each, and why each file feeds it.

use std::io;

use serde::Serialize;

use super::json::{InstanceView, SCHEMA_VERSION, TOOL, Tool, write};
use super::{Report, Reporter};
use crate::model::instance::Instance;
use crate::source::Location;

/// `instances --output-format json`.
#[derive(Clone, Debug, Default)]
pub struct InstanceJson {
    /// Whether to say why each file feeds each instance.
    pub explain: bool,
    /// The instances that are meant; all where none is named.
    pub names: Vec<String>,
}

impl Reporter for InstanceJson {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let is_meant = |of: &&Instance| self.names.is_empty() || self.names.contains(&of.name);
        let instances = run.inventory.instances.iter().filter(is_meant);
        let unattributed = run.inventory.unattributed.iter().map(|of| Reason {
            place: Place::of(run, of.at),
            law: None,
            because: &of.because,
        });
        let is_told = self.explain && self.names.is_empty();
        let document = Document {
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            complete: run.summary.complete,
            instances: instances.map(|of| Listed::new(run, of, self.explain)).collect(),
            unattributed: is_told.then(|| unattributed.collect()),
        };
        write(&document, out)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    tool: Tool,
    /// Whether everything that carries settings was read whole.
    complete: bool,
    instances: Vec<Listed<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unattributed: Option<Vec<Reason<'a>>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    instance: InstanceView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feeds: Option<Vec<FeedView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributions: Option<Vec<Reason<'a>>>,
}

impl<'a> Listed<'a> {
    fn new(run: &'a Report<'_>, instance: &'a Instance, explain: bool) -> Self {
        let feeds = || {
            let feeds = instance.feeds.iter();
            feeds.map(|feed| FeedView {
                path: run.sources.path(feed.source),
                inherited: feed.inherited,
                why: &feed.why,
            })
        };
        let attributions = || {
            instance.attributions.iter().map(|of| Reason {
                place: Place::of(run, of.at),
                law: Some(of.law.number()),
                because: &of.because,
            })
        };
        Self {
            instance: InstanceView::new(run.inventory, instance, run.sources),
            feeds: explain.then(|| feeds().collect()),
            attributions: explain.then(|| attributions().collect()),
        }
    }
}

#[derive(Serialize)]
struct FeedView<'a> {
    path: &'a str,
    inherited: bool,
    why: &'a str,
}

/// Why what stands somewhere belongs to an instance, or to none: then no law of attribution holds.
#[derive(Serialize)]
struct Reason<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    law: Option<usize>,
    because: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: Option<usize>,
}

impl<'a> Place<'a> {
    fn of(run: &'a Report<'_>, at: Location) -> Self {
        let source = run.sources.get(at.source);
        let line = source.map(|source| source.position(at.span.start).line);
        Self { path: run.sources.path(at.source), line }
    }
}
