//! What could mend a finding, read off what stands at its place.

use super::change::{Effect, Fault, Proposal, whole};
use super::names::Names;
use super::{comments, keys, order, scopes, spaces, values, waivers};
use crate::Outcome;
use crate::fix::{Fix, Replacement, Safety};
use crate::rule::Diagnostic;
use crate::source::Location;

/// What a finding is known by while texts around it change: rule, file, message.
pub type Key = [String; 3];

/// A change of one text that may mend a finding.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The finding.
    pub key: Key,
    /// Its place.
    pub at: Location,
    /// The file.
    pub path: String,
    /// What is done.
    pub fix: Fix,
    /// What becomes of the settings.
    pub(super) effect: Effect,
}

/// What a finding is known by.
pub(super) fn key(outcome: &Outcome, found: &Diagnostic) -> Key {
    let path = outcome.sources.shown(found.finding.primary.at.source);
    [found.rule.clone(), path, found.finding.message.clone()]
}

/// What may mend one finding, the safe way first.
#[must_use]
pub fn candidates(outcome: &Outcome, found: &Diagnostic, names: &Names) -> Vec<Candidate> {
    let all = [safe(outcome, found), not_safe(outcome, found, names)];
    all.into_iter().flatten().collect()
}

/// What may mend findings in one way, in the order of the findings.
pub(super) fn of_all(outcome: &Outcome, safety: Safety) -> Vec<Candidate> {
    let found = outcome.diagnostics.iter();
    match safety {
        Safety::Safe => found.filter_map(|found| safe(outcome, found)).collect(),
        Safety::Unsafe => {
            let names = Names::of(outcome);
            found.filter_map(|found| not_safe(outcome, found, &names)).collect()
        }
    }
}

fn safe(outcome: &Outcome, found: &Diagnostic) -> Option<Candidate> {
    let fault = fault(outcome, found)?;
    let change = waivers::unused(fault)
        .or_else(|| comments::unused(fault))
        .or_else(|| values::option(fault))
        .or_else(|| scopes::dead(fault))
        .or_else(|| order::turned(fault))
        .or_else(|| values::bare(fault))?;
    Some(candidate(fault, fault.at, change, Safety::Safe))
}

fn not_safe(outcome: &Outcome, found: &Diagnostic, names: &Names) -> Option<Candidate> {
    let fault = fault(outcome, found)?;
    let here = keys::elsewhere(fault, names).or_else(|| spaces::given_up(fault));
    let (at, change) =
        here.map(|change| (fault.at, change)).or_else(|| spaces::of_its_own(outcome, found))?;
    Some(candidate(fault, at, change, Safety::Unsafe))
}

/// A finding in a text that is as it stands in its file, in the tree that is checked.
fn fault<'a>(outcome: &'a Outcome, found: &'a Diagnostic) -> Option<Fault<'a>> {
    let at = found.finding.primary.at;
    let source = whole(outcome, at)?;
    Some(Fault { outcome, found, source, at })
}

fn candidate(fault: Fault<'_>, at: Location, change: Proposal, safety: Safety) -> Candidate {
    let Fault { outcome, found, .. } = fault;
    let Proposal { title, edits, effect } = change;
    let place = |span| Location { source: at.source, span };
    let edits = edits.into_iter().map(|(span, new)| Replacement { at: place(span), new });
    let mut edits: Vec<Replacement> = edits.collect();
    edits.sort();
    Candidate {
        key: key(outcome, found),
        at: fault.at,
        path: outcome.sources.path(at.source).to_owned(),
        fix: Fix { title, safety, edits },
        effect,
    }
}
