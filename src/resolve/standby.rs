//! Copies of production that stand by for it, and pipelines that do not say what they deploy: they have its data space by design.
//!
//! `clusters/eu-central-1/production-failover` with the data space of `clusters/eu-west-1/production` is that production, in another region.
//! A workflow for the branch `main` that names no environment deploys the installation whose data space it sets.

use std::collections::{BTreeMap, BTreeSet};

use super::address::Level;
use super::identity::{Claim, Identity, deploys_in_steps, is_main};
use super::piece::Piece;
use super::task_words::is_trying;
use super::vocabulary::STANDBY;
use super::words::tokens;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::Setting;
use crate::recognise::Said;
use crate::recognise::pipeline::has_jobs_at_top;
use crate::sources::Sources;

/// What the arm for everything else is called where nothing says more.
const ELSE: &str = "else";

/// Gives what stands by, and what a pipeline sets, the name of the only installation whose data space it has, where none is beside it.
pub fn settle(pieces: &mut [Piece], sources: &Sources) {
    settle_others(pieces);
    let can_be = |piece: &&Piece| {
        piece.claim.environment.as_ref().is_none_or(super::words::Environment::is_production)
    };
    let standing_by: BTreeSet<usize> = (0..pieces.len())
        .filter(|&at| {
            let piece = pieces.get(at).filter(can_be);
            piece.is_some_and(|piece| stands_by(piece) || is_unlabelled(piece, sources))
        })
        .collect();
    if standing_by.is_empty() {
        return;
    }
    let mut known: BTreeSet<Identity> = BTreeSet::new();
    let mut of_space: BTreeMap<Fingerprint, BTreeMap<Identity, usize>> = BTreeMap::new();
    for (at, piece) in pieces.iter().enumerate().filter(|(_, piece)| can_be(piece)) {
        if !standing_by.contains(&at) {
            let identity = piece.claim.identity();
            for space in spaces(piece) {
                known.insert(identity.clone());
                of_space.entry(space).or_default().entry(identity.clone()).or_insert(at);
            }
        }
    }
    // What sets several says of none which it is.
    let mut set: BTreeMap<Identity, BTreeSet<Fingerprint>> = BTreeMap::new();
    for piece in standing_by.iter().filter_map(|at| pieces.get(*at)) {
        set.entry(piece.claim.identity()).or_default().extend(spaces(piece));
    }
    known.extend(set.into_iter().filter(|(_, spaces)| spaces.len() > 1).map(|(own, _)| own));
    let mut taken: BTreeMap<Identity, usize> = BTreeMap::new();
    for piece in standing_by.iter().filter_map(|at| pieces.get(*at)) {
        let own = piece.claim.identity();
        let spaces = spaces(piece).filter(|_| !known.contains(&own));
        // A pipeline that says nothing deploys production, and not a shop beside it: `main` can be the name of one.
        let is_meant = |identity: &Identity| stands_by(piece) || identity.environment.is_some();
        let only = spaces.filter_map(|space| {
            let (identity, at) = of_space.get(&space).filter(|of| of.len() == 1)?.iter().next()?;
            is_meant(identity).then_some(at)
        });
        taken.extend(only.map(|at| (own.clone(), *at)));
    }
    for at in standing_by {
        let own = pieces.get(at).map(|piece| piece.claim.identity());
        let claim =
            own.and_then(|own| pieces.get(*taken.get(&own)?)).map(|piece| piece.claim.clone());
        if let Some((piece, claim)) = pieces.get_mut(at).zip(claim) {
            piece.claim.names.clone_from(&claim.names);
            if piece.claim.environment.is_none() {
                piece.claim.environment = claim.environment;
                piece.claim.evidence = claim.evidence;
                piece.claim.said_by = claim.said_by;
            }
        }
    }
}

/// Gives what all but production have the name of one that has it, where that sets it itself: `var.stage == "production" ? … : "id"`.
fn settle_others(pieces: &mut [Piece]) {
    let is_other = |piece: &Piece| is_in(piece, Said::OTHERWISE);
    if !pieces.iter().any(is_other) {
        return;
    }
    settle_equal_arms(pieces);
    let mut of_space: BTreeMap<(Fingerprint, Vec<String>), Claim> = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| !is_other(piece)) {
        let environment = piece.claim.environment.as_ref();
        if environment.is_some_and(|environment| !environment.is_production()) {
            for space in spaces(piece) {
                let key = (space, piece.claim.names.clone());
                of_space.entry(key).or_insert_with(|| piece.claim.clone());
            }
        }
    }
    for piece in pieces.iter_mut().filter(|piece| is_other(piece)) {
        // What is no branch that everything ends up in has no name by that.
        let names = piece.claim.names.iter().filter(|name| *name != ELSE).cloned().collect();
        let own = spaces(piece).next().map(|space| (space, names));
        if let Some(claim) = own.and_then(|own| of_space.get(&own)) {
            piece.claim.names.clone_from(&claim.names);
            piece.claim.environment.clone_from(&claim.environment);
            piece.claim.evidence = claim.evidence;
            piece.claim.said_by.clone_from(&claim.said_by);
        }
    }
}

/// Gives the arm for all else what another arm of its file is called that sets the same, where neither says an environment: `if [ "$FIRST" = yes ]` asks for no instance.
/// Who asks for the branch that everything ends up in asks for one.
fn settle_equal_arms(pieces: &mut [Piece]) {
    let says_none = |piece: &Piece| piece.claim.environment.is_none();
    let key = |piece: &Piece| Some((piece.contribution.source, spaces(piece).next()?));
    let asks_main =
        |piece: &Piece| piece.address.iter().any(|step| step.is_arm && is_main(&step.text));
    let arms = pieces.iter().filter(|piece| is_in(piece, Said::CASE) && says_none(piece));
    let arms = arms.filter(|piece| !asks_main(piece));
    let claims: BTreeMap<_, Claim> =
        arms.rev().filter_map(|piece| Some((key(piece)?, piece.claim.clone()))).collect();
    let others = pieces.iter_mut().filter(|piece| is_in(piece, Said::OTHERWISE));
    for piece in others.filter(|piece| says_none(piece)) {
        if let Some(claim) = key(piece).and_then(|key| claims.get(&key)) {
            piece.claim = claim.clone();
        }
    }
}

/// Whether a piece stands in an arm of a kind.
fn is_in(piece: &Piece, kind: &str) -> bool {
    let said = piece.contribution.said.as_ref();
    said.is_some_and(|said| said.names.iter().any(|name| name == kind))
}

/// Whether a step of its address has a word for what stands by.
fn stands_by(piece: &Piece) -> bool {
    let mut steps = piece.address.iter();
    steps.any(|step| tokens(&step.text).any(|word| STANDBY.contains(&word)))
}

/// Whether it stands in a pipeline or an arm of a script, tries nothing out, and says neither an environment nor a name but that of the branch which is deployed.
fn is_unlabelled(piece: &Piece, sources: &Sources) -> bool {
    let path = sources.path(piece.contribution.source);
    // `production|master)` is one arm of one installation: its branch is called so.
    let is_of_pipeline = is_in(piece, Said::CASE)
        || piece.address.iter().any(|step| step.is_workflow)
        || has_jobs_at_top(path)
        || deploys_in_steps(path)
        || path.contains(".circleci/");
    let of_tasks = piece.address.iter().filter(|step| step.level == Level::Task);
    let tries_out = of_tasks.flat_map(|step| tokens(&step.text)).any(is_trying);
    let says_none =
        piece.claim.environment.is_none() && piece.claim.names.iter().all(|name| is_main(name));
    is_of_pipeline && !tries_out && says_none
}

fn spaces(piece: &Piece) -> impl Iterator<Item = Fingerprint> {
    let settings = piece.contribution.settings.iter();
    settings.filter(|one| one.parameter == Parameter::DataSpace).filter_map(Setting::fingerprint)
}
