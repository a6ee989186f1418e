//! What may accept a finding, and what a finding is in the eyes of what does.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::config::baseline::{Baseline, Known};
use crate::config::waiver::Waiver;
use crate::date::Date;
use crate::model::fingerprint::Fingerprint;
use crate::rule::{Diagnostic, Finding, UNLOCK};
use crate::source::{Location, SourceId};
use crate::sources::{Sources, State};

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
    pub change: Option<ChangeBase<'a>>,
    /// The states that are checked.
    pub checked: Vec<State>,
    /// The rules of the run.
    pub rules: Rules<'a>,
    /// The names of all instances, before the change and of the configuration too.
    pub instances: BTreeSet<&'a str>,
    /// The files that could not be read whole: what is accepted in them may be there.
    pub unread: BTreeSet<&'a str>,
    /// The files that the configuration extends, by their numbers less one.
    pub extended: &'a [SourceId],
    /// Whether a file deploys nothing.
    pub is_sample: fn(&str) -> bool,
}

/// What a comment says, wherever in its file it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written {
    /// The path of its file.
    pub path: String,
    /// The rule that it allows.
    pub rule: String,
    /// Why.
    pub reason: String,
}

/// The other side of a change: what the change adds to the policy accepts only what was found before it, so that it cannot silence the
/// check of itself.
#[derive(Debug)]
pub struct ChangeBase<'a> {
    pub(super) waivers: &'a [Waiver],
    pub(super) baseline: Option<&'a Baseline>,
    /// The comments that allowed something.
    pub(super) comments: Vec<Written>,
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
    /// Those that tell of changes: what they find may be announced.
    pub changes: &'a [&'a str],
    /// Those whose findings depend on more than this run looks at: what accepts them may be of use in another one.
    pub partial: &'a [&'a str],
}

/// What a finding is in the eyes of a waiver.
#[derive(Clone)]
pub(super) struct Seen<'a> {
    pub diagnostic: &'a Diagnostic,
    pub path: &'a str,
    /// The line of its primary place.
    pub line: usize,
    /// The name of all that stands at its places.
    pub value: Option<Fingerprint>,
    /// The names of each of them.
    pub values: BTreeSet<Fingerprint>,
    /// The name of what stands at its primary place.
    pub first: Option<Fingerprint>,
    pub sources: &'a Sources,
    /// The paths of the tree that is checked.
    pub paths: &'a BTreeSet<&'a str>,
}

/// Why a finding is accepted.
pub(super) struct Reason {
    pub text: String,
    pub at: Option<Location>,
    /// Whether it was announced as intended.
    pub is_intended: bool,
}

impl Grounds<'_> {
    /// That what accepts findings of a rule does not count, where the policy bars that.
    pub(super) fn locked(&self, at: Location, what: &str, rule: &str) -> Option<Finding> {
        let (config, own) = self.config;
        if !config.bars_waivers(rule) {
            return None;
        }
        let finding = Finding::new(at, format!("{what}, which is locked"));
        let finding = finding.label("does not count").help(UNLOCK);
        let keys = ["waivers".to_owned(), format!("waivers.{rule}")];
        let place = keys.iter().find_map(|key| config.place(&Config::lock_key(key)));
        let lock = place.and_then(|place| {
            let source = match place.file {
                0 => own,
                file => self.extended.get(file - 1).copied(),
            };
            Some(Location { source: source?, span: place.span })
        });
        Some(match lock {
            Some(lock) => finding.see(lock, "locked here"),
            None => finding,
        })
    }

    /// Whether a finding can be there although this run does not show it.
    pub(super) fn may_miss(&self, rule: &str, path: &str) -> bool {
        self.rules.partial.contains(&rule) || self.unread.contains(path)
    }

    /// Whether what a waiver is about can be there although this run does not show it.
    pub(super) fn may_miss_of(&self, waiver: &Waiver) -> bool {
        let is_there = |file: &&str| waiver.path.as_ref().is_none_or(|path| path.matches(file));
        self.rules.partial.contains(&waiver.rule.as_str()) || self.unread.iter().any(is_there)
    }

    /// Whether a waiver may accept a finding: one that the change adds, only what was found before.
    pub(super) fn lets(&self, waiver: &Waiver, seen: &Seen<'_>) -> bool {
        waiver.is_intended && self.rules.changes.contains(&waiver.rule.as_str())
            || self.change.as_ref().is_none_or(|change| {
                change.waivers.iter().any(|known| known.is_as_wide(waiver))
                    || !seen.diagnostic.is_worse()
            })
    }

    /// Whether a comment that the change adds may accept a finding.
    pub(super) fn lets_new(&self, seen: &Seen<'_>) -> bool {
        self.change.is_none() || !seen.diagnostic.is_worse()
    }

    /// Whether an entry of the baseline may accept a finding, in the same way.
    pub(super) fn lets_known(&self, entry: &Known, seen: &Seen<'_>) -> bool {
        self.change.as_ref().is_none_or(|change| {
            change.baseline.is_some_and(|before| before.has(entry)) || !seen.diagnostic.is_worse()
        })
    }
}

impl<'a> Seen<'a> {
    pub(super) fn new(
        diagnostic: &'a Diagnostic,
        values: &BTreeMap<Location, Fingerprint>,
        sources: &'a Sources,
        paths: &'a BTreeSet<&'a str>,
    ) -> Self {
        let at = diagnostic.finding.primary.at;
        Self {
            diagnostic,
            path: sources.path(at.source),
            line: sources.positions(at).0.line,
            value: diagnostic.finding.value(values),
            values: diagnostic.finding.values(values),
            first: values.get(&at).copied(),
            sources,
            paths,
        }
    }
}

/// Names in backticks, with commas and an `and`.
pub(super) fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
