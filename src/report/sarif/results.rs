//! Findings as SARIF results.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::fingerprint;
use super::mends::{Mend, mends};
use super::message::Message;
use super::places::Place;
use crate::mask::snippet::Masks;
use crate::report::fingerprint::fingerprints;
use crate::report::{Report, printable, prose};
use crate::rule::{Accepted, Diagnostic, Trend};
use crate::source::{Location, SourceId};

/// How many of the other places a result has, and how many of them its message links to: GitHub shows those.
const MAX_PLACES: usize = 100;
const MAX_LINKS: usize = 10;

/// The most results of a run that GitHub takes: it refuses a log with more.
pub(super) const MAX_RESULTS: usize = 25_000;

/// A result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding {
    rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    /// Either every result has it or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    message: Message,
    locations: [Place; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Place>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Mend>,
    /// Either every result has it or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression>>,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Place>,
}

/// How many results have no room.
pub(super) fn left_out(run: &Report<'_>) -> usize {
    (run.diagnostics.len() + run.accepted.len()).saturating_sub(MAX_RESULTS)
}

/// The diagnostics, then what is accepted; of too many, errors are left out last, and diagnostics after what is accepted.
pub(super) fn results(run: &Report<'_>) -> Vec<Finding> {
    let mut masks = run.masks();
    let names = fingerprints(run, &mut masks);
    let hashes = line_hashes(run, &mut masks);
    let found = run.diagnostics.iter().map(|found| (found, None));
    let accepted = run.accepted.iter().map(|accepted| (&accepted.diagnostic, Some(accepted)));
    let mut all: Vec<_> = (0..).zip(found.chain(accepted).zip(names)).collect();
    if left_out(run) > 0 {
        all.sort_by_key(|(_, ((found, accepted), _))| {
            (accepted.is_some(), Reverse(found.severity))
        });
        all.truncate(MAX_RESULTS);
        all.sort_by_key(|(at, _): &(usize, _)| *at);
    }
    let results = all.into_iter().map(|(_, ((found, accepted), name))| {
        let mut fingerprints = BTreeMap::from([("commerceLint/v1", name)]);
        if let Some(hash) = line_start(run, found).and_then(|line| hashes.get(&line)) {
            fingerprints.insert("primaryLocationLineHash", hash.clone());
        }
        let suppressions = accepted.map(|accepted| vec![suppression(accepted, run)]);
        let suppressions = suppressions.or_else(|| (!run.accepted.is_empty()).then(Vec::new));
        result(found, run, fingerprints, suppressions)
    });
    results.collect()
}

fn result(
    found: &Diagnostic,
    run: &Report<'_>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    suppressions: Option<Vec<Suppression>>,
) -> Finding {
    let related = (1..).zip(&found.finding.related).take(MAX_PLACES);
    Finding {
        rule_index: run.rules.iter().position(|rule| rule.id == found.rule),
        rule_id: found.rule.clone(),
        level: found.severity.word(),
        baseline_state: found.trend.map(|trend| match trend {
            Trend::New => "new",
            Trend::Grown | Trend::Shrunk => "updated",
            Trend::Standing => "unchanged",
            Trend::Gone => "absent",
        }),
        message: Message { text: text(found, run) },
        locations: [Place::new(found.finding.primary.at, run.sources)],
        related_locations: related
            .map(|(id, label)| Place::related(id, label, run.sources))
            .collect(),
        partial_fingerprints,
        fixes: mends(found, run),
        suppressions,
    }
}

/// Message, help, and links to the other places.
fn text(found: &Diagnostic, run: &Report<'_>) -> String {
    let finding = &found.finding;
    let mut text = plain(&finding.message);
    let elsewhere = |at: Location| match run.sources.revision(at.source) {
        Some(_) => format!(" in {}", plain(&prose::place(at, run.sources))),
        None => String::new(),
    };
    text.push_str(&elsewhere(finding.primary.at));
    if !finding.help.is_empty() {
        text = format!("{text}\nhelp: {}", plain(&finding.help));
    }
    for (id, label) in (1..).zip(&finding.related).take(MAX_LINKS) {
        let words = if label.text.is_empty() { "here" } else { &label.text };
        text = format!("{text}\nsee [{}]({id}){}", in_link(words), elsewhere(label.at));
    }
    text
}

/// Text in which no link begins.
fn plain(text: &str) -> String {
    printable::text(text).replace("](", "] (")
}

/// The text of a link, escaped as SARIF's § 3.11.6 says.
fn in_link(text: &str) -> String {
    printable::text(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// What is written in the file of the finding is in the source, whatever is written elsewhere is external.
fn suppression(accepted: &Accepted, run: &Report<'_>) -> Suppression {
    let place = accepted.diagnostic.finding.primary.at.source;
    let is_beside = accepted.at.is_some_and(|at| at.source == place);
    Suppression {
        kind: if is_beside { "inSource" } else { "external" },
        status: "accepted",
        justification: printable::text(&accepted.reason),
        location: accepted.at.map(|at| Place::new(at, run.sources)),
    }
}

/// A line, by its first byte in the text of its source.
type Line = (SourceId, usize);

/// Where the line of a finding starts; none where the text was not kept, or is not as it stands in the file. Of a file of another revision
/// it is the line there: two findings in one file that is gone are two alerts.
fn line_start(run: &Report<'_>, found: &Diagnostic) -> Option<Line> {
    let at = found.finding.primary.at;
    let source = run.sources.get(at.source)?;
    let line = source.line_span(source.line_of(at.span.start));
    (!source.is_unpacked()).then_some((at.source, line.range().start))
}

/// The hashes of the lines that findings start on.
fn line_hashes(run: &Report<'_>, masks: &mut Masks) -> BTreeMap<Line, String> {
    let accepted = run.accepted.iter().map(|accepted| &accepted.diagnostic);
    let mut wanted: BTreeMap<SourceId, BTreeSet<usize>> = BTreeMap::new();
    for (id, start) in run.diagnostics.iter().chain(accepted).filter_map(|of| line_start(run, of)) {
        wanted.entry(id).or_default().insert(start);
    }
    let mut hashes = BTreeMap::new();
    for (id, starts) in wanted {
        let Some(source) = run.sources.get(id) else { continue };
        let is_marked = source.position(0).byte > 0;
        let covers = masks.of(id, source);
        let found = fingerprint::line_hashes(source.text(), is_marked, covers, &starts);
        hashes.extend(found.into_iter().map(|(start, hash)| ((id, start), hash)));
    }
    hashes
}
