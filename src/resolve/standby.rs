//! Copies of production that stand by for it: they have its data space by design, wherever they stand.
//!
//! `clusters/eu-central-1/production-failover` with the data space of `clusters/eu-west-1/production` is that production, in another region.

use std::collections::{BTreeMap, BTreeSet};

use super::apart::Piece;
use super::identity::Identity;
use super::vocabulary::STANDBY;
use super::words::tokens;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::Setting;

/// Gives what stands by the names of the only production whose data space it has, where none is beside it.
pub fn settle(pieces: &mut [Piece]) {
    let is_production = |piece: &&Piece| {
        piece.claim.environment.as_ref().is_some_and(super::words::Environment::is_production)
    };
    let standing_by: BTreeSet<usize> = (0..pieces.len())
        .filter(|&at| pieces.get(at).filter(is_production).is_some_and(stands_by))
        .collect();
    if standing_by.is_empty() {
        return;
    }
    let mut known: BTreeSet<Identity> = BTreeSet::new();
    let mut of_space: BTreeMap<Fingerprint, BTreeMap<Identity, Vec<String>>> = BTreeMap::new();
    for (at, piece) in pieces.iter().enumerate().filter(|(_, piece)| is_production(piece)) {
        if !standing_by.contains(&at) {
            let identity = piece.claim.identity();
            known.insert(identity.clone());
            for space in spaces(piece) {
                let names = piece.claim.names.clone();
                of_space.entry(space).or_default().insert(identity.clone(), names);
            }
        }
    }
    let mut taken: BTreeMap<Identity, Vec<String>> = BTreeMap::new();
    for piece in standing_by.iter().filter_map(|at| pieces.get(*at)) {
        let own = piece.claim.identity();
        if known.contains(&own) {
            continue;
        }
        for space in spaces(piece) {
            if let Some((_, names)) =
                of_space.get(&space).filter(|of| of.len() == 1).and_then(|of| of.first_key_value())
            {
                taken.insert(own.clone(), names.clone());
            }
        }
    }
    for at in standing_by {
        let Some(piece) = pieces.get_mut(at) else { continue };
        if let Some(names) = taken.get(&piece.claim.identity()) {
            piece.claim.names.clone_from(names);
        }
    }
}

/// Whether a step of its address has a word for what stands by.
fn stands_by(piece: &Piece) -> bool {
    let mut steps = piece.address.iter();
    steps.any(|step| tokens(&step.text).any(|word| STANDBY.contains(&word)))
}

fn spaces(piece: &Piece) -> impl Iterator<Item = Fingerprint> {
    let settings = piece.contribution.settings.iter();
    settings.filter(|one| one.parameter == Parameter::DataSpace).filter_map(Setting::fingerprint)
}
