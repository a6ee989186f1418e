//! What is found, and what of it somebody accepts: by the configuration, in a comment, or because it is known from the start.
//!
//! Pure: the day comes from outside. What accepts nothing, or may not, is itself told, by rules that nobody can waive.

mod baseline;
mod comments;
mod declared;
mod misses;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::baseline::Baseline;
use crate::config::waiver::Waiver;
use crate::config::{Config, FILE_NAMES};
use crate::date::Date;
use crate::model::fingerprint::Fingerprint;
use crate::model::inventory::Inventory;
use crate::rule::{Accepted, Diagnostic, EXPIRED_WAIVER, Finding, NEVER_WAIVED, UNUSED_WAIVER};
use crate::source::{Location, SourceId};
use crate::sources::{Sources, State};
pub use baseline::{Draft, draft};

/// What may accept a finding.
#[derive(Debug)]
pub struct Grounds<'a> {
    /// The day of the run.
    pub today: Date,
    /// The configuration, with its file where there is one.
    pub config: (&'a Config, Option<SourceId>),
    /// What is known from the start, with its file.
    pub baseline: Option<(&'a Baseline, SourceId)>,
    /// What was accepted and found before the change that is checked; none where nothing is compared.
    pub change: Option<Change<'a>>,
    /// The states that are checked.
    pub checked: Vec<State>,
    /// The rules of the run.
    pub rules: Rules<'a>,
    /// The names of all instances, before the change and of the configuration too.
    pub instances: Vec<&'a str>,
    /// The files that could not be read whole: what is accepted in them may be there.
    pub unread: BTreeSet<&'a str>,
    /// Whether a file deploys nothing.
    pub is_sample: fn(&str) -> bool,
}

/// The other side of a change: what the change adds to the policy accepts only what was found before it, so that it cannot silence the
/// check of itself.
#[derive(Debug)]
pub struct Change<'a> {
    waivers: &'a [Waiver],
    baseline: Option<&'a Baseline>,
    /// What was found: rule, path, message and value.
    stood: BTreeSet<Said>,
    /// The comments that allowed something.
    comments: Vec<comments::Written>,
}

/// What a finding says, without its place.
type Said = (String, String, String, Option<Fingerprint>);

impl<'a> Change<'a> {
    /// Takes what was accepted before the change, and what was found.
    #[must_use]
    pub fn new(
        waivers: &'a [Waiver],
        baseline: Option<&'a Baseline>,
        found: &[Diagnostic],
        (before, sources): (&Inventory, &Sources),
        rules: Rules<'_>,
    ) -> Self {
        let values = before.fingerprints();
        let said = |found: &Diagnostic| Seen::new(found, &values, sources).said();
        let comments = comments::Comments::read(sources, &[], &[State(1)], rules).written(sources);
        Self { waivers, baseline, stood: found.iter().map(said).collect(), comments }
    }
}

/// The rules of a run.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Every rule's id.
    pub all: &'a [&'a str],
    /// Those whose checks do not run.
    pub off: &'a [&'a str],
    /// Those that find errors.
    pub errors: &'a [&'a str],
    /// Those whose findings depend on more than this run looks at: what accepts them may be of use in another one.
    pub partial: &'a [&'a str],
}

/// What a finding is in the eyes of a waiver.
struct Seen<'a> {
    diagnostic: &'a Diagnostic,
    path: &'a str,
    /// The line of its primary place.
    line: usize,
    value: Option<Fingerprint>,
}

/// Why a finding is accepted.
struct Reason {
    text: String,
    at: Option<Location>,
}

/// Findings, apart from those that are accepted.
#[derive(Debug, Default)]
pub struct Settled {
    /// What nobody accepts, with what is wrong with the waivers; in no order.
    pub open: Vec<Diagnostic>,
    /// What somebody accepts, in the order it was found.
    pub accepted: Vec<Accepted>,
    /// What is wrong with the waivers: the rule that tells it, and the finding.
    pub told: Vec<(&'static str, Finding)>,
}

/// Takes out of what was found what is accepted.
#[must_use]
pub fn settle(
    found: Vec<Diagnostic>,
    grounds: &Grounds<'_>,
    inventory: &Inventory,
    sources: &Sources,
) -> Settled {
    let values = inventory.fingerprints();
    let (config, file) = grounds.config;
    let mut declared = declared::Waivers::new(&config.waivers, grounds);
    let own = [file, grounds.baseline.map(|(_, file)| file)];
    let own = own.map(|file| file.map_or("", |file| sources.path(file)));
    let own = [own.as_slice(), &FILE_NAMES].concat();
    let mut comments = comments::Comments::read(sources, &own, &grounds.checked, grounds.rules);
    if let Some(change) = &grounds.change {
        comments.know(&change.comments, sources);
    }
    let mut known = grounds.baseline.map(|(baseline, file)| baseline::Marks::new(baseline, file));
    let mut settled = Settled::default();
    let files = found.iter().map(|found| found.finding.primary.at.source).collect();
    for diagnostic in found {
        let seen = Seen::new(&diagnostic, &values, sources);
        let mut reason = None;
        if !NEVER_WAIVED.contains(&diagnostic.rule.as_str()) {
            let (in_file, in_comment) = (declared.accept(&seen), comments.accept(&seen, grounds));
            let mut from_start = || known.as_mut()?.accept(&seen, grounds);
            reason = in_file.or(in_comment).or_else(&mut from_start);
        }
        match reason {
            Some(Reason { text, at }) => {
                settled.accepted.push(Accepted { diagnostic, reason: text, at });
            }
            None => settled.open.push(diagnostic),
        }
    }
    if let Some(known) = &mut known {
        for Accepted { diagnostic, .. } in settled.accepted.iter().filter(|accepted| {
            // What the baseline itself accepts has its name already.
            accepted.at.is_none_or(|at| Some(at.source) != grounds.baseline.map(|(_, file)| file))
        }) {
            known.pass_over(&Seen::new(diagnostic, &values, sources));
        }
    }
    let unused = |finding| (UNUSED_WAIVER, finding);
    let (expired, mut told) = declared.told(sources);
    told.extend(comments.told(&files, grounds, sources));
    told.extend(known.map(|known| known.told(grounds)).unwrap_or_default());
    settled.told = told.into_iter().map(unused).collect();
    settled.told.extend(expired.into_iter().map(|finding| (EXPIRED_WAIVER, finding)));
    settled
}

impl Grounds<'_> {
    /// Whether a finding can be there although this run does not show it.
    fn may_miss(&self, rule: &str, path: &str) -> bool {
        self.rules.partial.contains(&rule) || self.unread.contains(path)
    }

    /// Whether what a waiver is about can be there although this run does not show it.
    fn may_miss_of(&self, waiver: &Waiver) -> bool {
        let is_there = |file: &&str| waiver.path.as_ref().is_none_or(|path| path.matches(file));
        self.rules.partial.contains(&waiver.rule.as_str()) || self.unread.iter().any(is_there)
    }

    /// Whether a waiver may accept a finding: one that the change adds, only what was found before.
    fn lets(&self, waiver: &Waiver, seen: &Seen<'_>) -> bool {
        self.change.as_ref().is_none_or(|change| {
            change.waivers.iter().any(|known| known.is_as_wide(waiver))
                || change.stood.contains(&seen.said())
        })
    }

    /// Whether a comment that the change adds may accept a finding.
    fn lets_new(&self, seen: &Seen<'_>) -> bool {
        self.change.as_ref().is_none_or(|change| change.stood.contains(&seen.said()))
    }

    /// Whether an entry of the baseline may accept a finding, in the same way.
    fn lets_known(&self, fingerprint: &str, seen: &Seen<'_>) -> bool {
        self.change.as_ref().is_none_or(|change| {
            let known = change.baseline.iter().flat_map(|before| &before.accepted);
            known.into_iter().any(|known| known.fingerprint == fingerprint)
                || change.stood.contains(&seen.said())
        })
    }
}

impl<'a> Seen<'a> {
    fn said(&self) -> Said {
        let Diagnostic { rule, finding, .. } = self.diagnostic;
        (rule.clone(), self.path.to_owned(), finding.message.clone(), self.value)
    }

    fn new(
        diagnostic: &'a Diagnostic,
        values: &BTreeMap<Location, Fingerprint>,
        sources: &'a Sources,
    ) -> Self {
        let at = diagnostic.finding.primary.at;
        Self {
            diagnostic,
            path: sources.path(at.source),
            line: sources.positions(at).0.line,
            value: diagnostic.finding.value(values),
        }
    }
}

/// Names in backticks, with commas and an `and`.
fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
