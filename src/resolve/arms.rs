//! Arms of a script that are no instances: those for options, and those that set the same, `start) …` beside `restart) …`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::address::Segment;
use super::identity::is_main;
use super::piece::Piece;
use super::task_words::is_doing;
use super::vocabulary::is_idle;
use super::words::is_number;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::recognise::Contribution;
use crate::source::SourceId;

/// What a part sets.
type Set = BTreeSet<(Parameter, Fingerprint)>;

/// Takes the words of options from parts: `--rollback) …` is no installation. What is set without one is in force, not what one sets
/// instead.
pub fn forget_options(pieces: &mut [Piece]) {
    let is_option = |segment: &Segment| {
        segment.is_arm && segment.text.starts_with('-') && segment.environments.is_empty()
    };
    let optional: Vec<usize> = (0..pieces.len())
        .filter(|part| pieces.get(*part).is_some_and(|piece| piece.address.iter().any(is_option)))
        .collect();
    let mut always: BTreeSet<(SourceId, Parameter)> = BTreeSet::new();
    for (part, piece) in pieces.iter().enumerate() {
        let Contribution { source, settings, .. } = &piece.contribution;
        let is_optional = optional.contains(&part);
        let set = settings.iter().filter(|_| !is_optional);
        always.extend(set.map(|setting| (*source, setting.parameter)));
    }
    for part in optional {
        let Some(piece) = pieces.get_mut(part) else { continue };
        piece.address.retain(|segment| !is_option(segment));
        let source = piece.contribution.source;
        piece.contribution.settings.retain(|one| !always.contains(&(source, one.parameter)));
    }
}

/// Takes the words of arms from parts that set the same in one place, where none of these words is an environment's.
pub fn forget_equal(pieces: &mut [Piece]) {
    let mut beside: BTreeMap<(SourceId, Vec<String>), Vec<usize>> = BTreeMap::new();
    for (part, piece) in pieces.iter().enumerate() {
        let arms = piece.address.iter().filter(|segment| segment.is_arm);
        // The branch that everything ends up in is deployed to production.
        let says = |segment: &Segment| !segment.environments.is_empty() || is_main(&segment.text);
        let is_told = arms.clone().any(says);
        // A script that says its environment does one thing or another there; any other may be run for each shop.
        let is_action = |word: &String| is_idle(word) || is_doing(word) || is_number(word);
        let is_done = piece.claim.environment.is_some()
            || arms.clone().flat_map(|segment| &segment.rest).all(is_action);
        if arms.count() == 0 || is_told || !is_done || piece.contribution.settings.is_empty() {
            continue;
        }
        let around = piece.address.iter().filter(|segment| !segment.is_arm);
        let around = around.map(|segment| segment.text.clone()).collect();
        beside.entry((piece.contribution.source, around)).or_default().push(part);
    }
    for parts in beside.into_values().filter(|parts| parts.len() > 1) {
        let set = |part: &usize| -> Set {
            let settings = pieces.get(*part).map(|piece| &piece.contribution.settings);
            let settings = settings.into_iter().flatten();
            settings.filter_map(|one| Some((one.parameter, one.fingerprint()?))).collect()
        };
        let sets: BTreeSet<Set> = parts.iter().map(set).collect();
        if sets.len() > 1 || sets.first().is_none_or(BTreeSet::is_empty) {
            continue;
        }
        for part in parts {
            if let Some(piece) = pieces.get_mut(part) {
                piece.address.retain(|segment: &Segment| !segment.is_arm);
            }
        }
    }
}
