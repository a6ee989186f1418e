//! Names for findings that stay the same while lines move: for trackers that compare one run with the next.
//!
//! Made of the rule, the path, the text of the finding's line as it is shown, of a long one the part round the finding, and its number
//! among its like. What is shown is masked: no byte of a secret is part of a fingerprint.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::Report;
use super::cut::{boundary, shown};
use crate::mask::snippet::Masks;
use crate::rule::Diagnostic;

/// The fingerprints of a run's diagnostics and then of those that are accepted, in their order: 32 hex digits each.
#[must_use]
pub fn fingerprints(run: &Report<'_>, masks: &mut Masks) -> Vec<String> {
    let accepted = run.accepted.iter().map(|accepted| &accepted.diagnostic);
    let mut seen = BTreeMap::new();
    let mut fingerprint = |diagnostic: &Diagnostic| {
        let path = run.sources.shown(diagnostic.finding.primary.at.source);
        let mut hash = Sha256::new();
        for part in [&diagnostic.rule, &path, line(diagnostic, run, masks).trim()] {
            hash.update(part);
            hash.update([0]);
        }
        let alike = hash.finalize();
        let number = seen.entry(alike).or_insert(0_u64);
        *number += 1;
        hex(&Sha256::new().chain_update(alike).chain_update(number.to_be_bytes()).finalize())
    };
    run.diagnostics.iter().chain(accepted).map(&mut fingerprint).collect()
}

/// How much of a long line counts, before a finding and from it on.
const BEFORE: usize = 200;
const BEHIND: usize = 800;

/// The line that a finding starts on, or its part of a long one, masked; empty where the file's text was not kept.
fn line(diagnostic: &Diagnostic, run: &Report<'_>, masks: &mut Masks) -> String {
    let at = diagnostic.finding.primary.at;
    run.sources.get(at.source).map_or_else(String::new, |source| {
        let line = source.line_span(source.line_of(at.span.start)).range();
        let from = (at.span.start as usize).clamp(line.start, line.end);
        let edge = |offset: usize| boundary(source.text(), offset.clamp(line.start, line.end));
        let is_long = line.len() > BEFORE + BEHIND;
        let part = if is_long {
            edge(from.saturating_sub(BEFORE))..edge(from + BEHIND)
        } else {
            line.clone()
        };
        shown(source.text(), part, masks.of(at.source, source)).text
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
