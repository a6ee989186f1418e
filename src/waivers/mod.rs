//! What is found, and what of it somebody accepts: by the configuration, in a comment, or because it is known from the start.
//!
//! Pure: the day comes from outside. What accepts nothing, or may not, is itself told, by rules that nobody can waive.

mod baseline;
mod comments;
mod declared;
mod draft;
pub(crate) mod embedded;
mod grounds;
mod misses;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::FILE_NAMES;
use crate::config::baseline::Baseline;
use crate::config::waiver::Waiver;
use crate::model::inventory::Inventory;
use crate::rule::{Accepted, Diagnostic, EXPIRED_WAIVER, Finding, NEVER_WAIVED, UNUSED_WAIVER};
use crate::sources::{Sources, State};
pub use comments::IDLE_COMMENT;
pub use draft::{BaselineDraft, LeftOut, Wanted, draft};
pub use grounds::{ChangeBase, Grounds, Rules};
use grounds::{Reason, Seen};
use tokens::Tokens;

impl<'a> ChangeBase<'a> {
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
    // Where nothing is found, nobody asks what stands where.
    let is_found = !found.is_empty();
    let values = if is_found { inventory.fingerprints() } else { BTreeMap::new() };
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
    let paths = if is_found { paths(sources) } else { BTreeSet::new() };
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
    let (expired, told) = declared.told(sources);
    settled.told = told.into_iter().map(unused).collect();
    settled.told.extend(comments.told(&files, grounds, sources));
    settled.told.extend(known.map(|known| known.told(grounds)).unwrap_or_default());
    settled.told.extend(expired.into_iter().map(|finding| (EXPIRED_WAIVER, finding)));
    settled
}
