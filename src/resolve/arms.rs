//! Arms of a script that are no instances: those for options, and those that set the same, `start) …` beside `restart) …`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::address::Segment;
use super::identity::is_main;
use super::piece::Piece;
use super::task_words::is_doing;
use super::vocabulary::is_idle;
use super::words::{Environment, is_number};
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::recognise::Contribution;
use crate::source::{Location, SourceId};

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

/// Leaves one of several names that an arm has for what it deploys, where a script asks for branches: `main|master)` is one branch under two
/// names, and `develop|staging)` beside it two branches that go to one place.
pub fn join_branches(pieces: &mut [Piece]) {
    let arm = |piece: &Piece| {
        let mut arms = piece.address.iter().filter(|segment| segment.is_arm);
        let arm = arms.next().filter(|_| arms.next().is_none())?;
        let is_production =
            piece.claim.environment.as_ref().is_some_and(Environment::is_production);
        let is_stage = !arm.environments.is_empty() && !is_production;
        Some((is_main(&arm.text), is_stage))
    };
    let mut asking: BTreeSet<SourceId> = BTreeSet::new();
    let mut of_arm: BTreeMap<Location, Vec<(usize, bool)>> = BTreeMap::new();
    for (part, piece) in pieces.iter().enumerate() {
        let first = piece.contribution.settings.first();
        if let Some(((is_main, is_stage), first)) = arm(piece).zip(first) {
            asking.extend(is_main.then_some(piece.contribution.source));
            if is_main || is_stage {
                of_arm.entry(first.at).or_default().push((part, is_main));
            }
        }
    }
    for (at, parts) in of_arm {
        let mains = parts.iter().filter(|(_, is_main)| *is_main).count();
        let is_one = mains == 0 || mains == parts.len();
        if !is_one || parts.len() < 2 || !asking.contains(&at.source) {
            continue;
        }
        // The first name of the main branch; of others, the last stands for what is deployed.
        let kept = if mains == 0 { parts.last() } else { parts.first() }.copied();
        for (part, _) in parts.into_iter().filter(|part| Some(*part) != kept) {
            if let Some(piece) = pieces.get_mut(part) {
                piece.contribution.settings.clear();
                piece.contribution.commands.clear();
            }
        }
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
