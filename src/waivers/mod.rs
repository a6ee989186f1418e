//! What is found, and what of it somebody accepts: by the configuration, in a comment, or because it is known from the start.
//!
//! Pure: the day comes from outside. What accepts nothing, or may not, is itself told, by rules that nobody can waive.

mod baseline;
mod comments;
mod declared;
mod draft;
pub mod embedded;
mod misses;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::baseline::{Baseline, Known};
use crate::config::waiver::Waiver;
use crate::config::{Config, FILE_NAMES};
use crate::date::Date;
use crate::model::fingerprint::Fingerprint;
use crate::model::inventory::Inventory;
use crate::rule::{Accepted, Diagnostic, EXPIRED_WAIVER, Finding, NEVER_WAIVED, UNUSED_WAIVER};
use crate::source::{Location, SourceId};
use crate::sources::{Sources, State};
pub use comments::IDLE_COMMENT;
pub use draft::{Draft, LeftOut, Wanted, draft};
use tokens::Tokens;

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
    pub instances: BTreeSet<&'a str>,
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
    /// The comments that allowed something.
    comments: Vec<comments::Written>,
}

impl<'a> Change<'a> {
    /// Takes what was accepted before the change.
    #[must_use]
    pub fn new(
        waivers: &'a [Waiver],
        baseline: Option<&'a Baseline>,
        sources: &Sources,
        rules: Rules<'_>,
    ) -> Self {
        let comments = comments::Comments::read(sources, &[], &[State(1)], rules).written(sources);
        Self { waivers, baseline, comments }
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
    /// Those that tell of changes: what they find may be announced.
    pub changes: &'a [&'a str],
    /// Those whose findings depend on more than this run looks at: what accepts them may be of use in another one.
    pub partial: &'a [&'a str],
}

/// What a finding is in the eyes of a waiver.
#[derive(Clone)]
struct Seen<'a> {
    diagnostic: &'a Diagnostic,
    path: &'a str,
    /// The line of its primary place.
    line: usize,
    /// The name of all that stands at its places.
    value: Option<Fingerprint>,
    /// The names of each of them.
    values: BTreeSet<Fingerprint>,
    /// The name of what stands at its primary place.
    first: Option<Fingerprint>,
    sources: &'a Sources,
    /// The paths of the tree that is checked.
    paths: &'a BTreeSet<&'a str>,
}

/// Why a finding is accepted.
struct Reason {
    text: String,
    at: Option<Location>,
    /// Whether it was announced as intended.
    is_intended: bool,
}

/// The paths of the tree that is checked.
fn paths(sources: &Sources) -> BTreeSet<&str> {
    let entries = sources.paths();
    entries.filter(|(id, _)| sources.revision(*id).is_none()).map(|(_, path)| path).collect()
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
    found: &[Diagnostic],
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
    let tokens = grounds.baseline.map(|(baseline, _)| Tokens::new(&baseline.salt, inventory));
    let mut settled = Settled::default();
    let files = found.iter().map(|found| found.finding.primary.at.source).collect();
    let paths = paths(sources);
    let seen: Vec<Seen<'_>> =
        found.iter().map(|found| Seen::new(found, &values, sources, &paths)).collect();
    let is_waivable = |seen: &Seen<'_>| {
        let rule = seen.diagnostic.rule.as_str();
        !NEVER_WAIVED.contains(&rule) && !config.bars_waivers(rule)
    };
    let mut accept = |seen: &Seen<'_>| {
        let (in_file, in_comment) = (declared.accept(seen), comments.accept(seen, grounds));
        in_file.or(in_comment)
    };
    let mut reasons: Vec<Option<Reason>> =
        seen.iter().map(|seen| if is_waivable(seen) { accept(seen) } else { None }).collect();
    if let Some((known, tokens)) = known.as_mut().zip(tokens.as_ref()) {
        // What a waiver accepts needs no entry, and takes none from what does.
        let (mut rest, mut at) = (Vec::new(), Vec::new());
        for (index, (seen, reason)) in seen.iter().zip(&reasons).enumerate() {
            if reason.is_none() && is_waivable(seen) {
                rest.push(seen.clone());
                at.push(index);
            }
        }
        let entries = known.known(&rest, tokens);
        for ((seen, entry), index) in rest.iter().zip(entries).zip(at) {
            let entry = entry.filter(|entry| grounds.lets_known(entry, seen));
            if let Some(reason) = reasons.get_mut(index) {
                *reason = entry.map(|entry| known.reason(entry));
            }
        }
        let is_elsewhere = |reason: &Option<Reason>| {
            let at = reason.as_ref().and_then(|reason| reason.at);
            reason.is_some() && at.map(|at| at.source) != grounds.baseline.map(|(_, file)| file)
        };
        for (seen, _) in seen.iter().zip(&reasons).filter(|(_, reason)| is_elsewhere(reason)) {
            known.pass_over(seen, tokens);
        }
    }
    for (diagnostic, reason) in found.iter().cloned().zip(reasons) {
        match reason {
            Some(Reason { text, at, is_intended }) => {
                settled.accepted.push(Accepted { diagnostic, reason: text, at, is_intended });
            }
            None => settled.open.push(diagnostic),
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
        waiver.is_intended && self.rules.changes.contains(&waiver.rule.as_str())
            || self.change.as_ref().is_none_or(|change| {
                change.waivers.iter().any(|known| known.is_as_wide(waiver))
                    || !seen.diagnostic.is_worse()
            })
    }

    /// Whether a comment that the change adds may accept a finding.
    fn lets_new(&self, seen: &Seen<'_>) -> bool {
        self.change.is_none() || !seen.diagnostic.is_worse()
    }

    /// Whether an entry of the baseline may accept a finding, in the same way.
    fn lets_known(&self, entry: &Known, seen: &Seen<'_>) -> bool {
        self.change.as_ref().is_none_or(|change| {
            change.baseline.is_some_and(|before| before.has(entry)) || !seen.diagnostic.is_worse()
        })
    }
}

impl<'a> Seen<'a> {
    fn new(
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
fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
