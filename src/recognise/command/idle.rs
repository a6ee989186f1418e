//! Targets and stages that set nothing themselves: they inherit what stands above all of them.

use std::collections::BTreeSet;

use super::named;
use crate::recognise::{Contribution, Said};
use crate::source::SourceId;
use crate::syntax::Parsed;

/// How many of them are told apart in one file.
const MOST: usize = 1_000;

/// An empty contribution for each target or stage without settings, where some stand above.
#[must_use]
pub fn idle_targets(
    id: SourceId,
    parsed: &Parsed,
    how: &str,
    found: &[Contribution],
) -> Vec<Contribution> {
    let is_above = |part: &Contribution| part.said.is_none() && !part.settings.is_empty();
    if !found.iter().any(is_above) {
        return Vec::new();
    }
    let known: BTreeSet<&[String]> = found
        .iter()
        .filter_map(|part| part.said.as_ref())
        .map(|said| said.names.as_slice())
        .collect();
    let targets: BTreeSet<Vec<String>> =
        parsed.documents.iter().map(|document| named(document, how).1).collect();
    let idle =
        targets.into_iter().filter(|names| !names.is_empty() && !known.contains(names.as_slice()));
    idle.take(MOST)
        .map(|names| Contribution {
            said: Some(Said { how: Said::KEYS, names }),
            ..Contribution::of(id)
        })
        .collect()
}
