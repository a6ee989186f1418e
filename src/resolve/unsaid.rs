//! Carriers that do not say whose they are among several: `e2e.yml` of production with the data space of `brands/kiwi/prod.env` is kiwi's.
//!
//! Where the files of one carrier name their shops and those of another do not, a data space that one shop of the environment has says which
//! is meant. A shop without a name is one where it has in any environment a data space of its own, or where its files stand beside the others'.

use std::collections::{BTreeMap, BTreeSet};

use super::actions;
use super::address::{Level, Segment};
use super::conventions::extension;
use super::identity::Identity;
use super::names::Names;
use super::piece::Piece;
use super::unite::values;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Setting};
use crate::sources::Sources;

/// What carries settings: the carrier, the format, whether it runs, whether it is an object, a service, a group of hosts. Files of one kind that
/// stand beside each other say the same of their instances.
type Kind<'s> = (Carrier, &'s str, [bool; 4]);

/// The environment of what says none beside those that say one.
const PRODUCTION: &str = "production";

/// How many instances of one environment with one data space are asked for a name: of more, none is the only one.
const MOST_ALIKE: usize = 24;

/// An instance: its parts, its data spaces and what carries them.
#[derive(Default)]
struct Known<'s> {
    parts: Vec<usize>,
    spaces: BTreeSet<Fingerprint>,
    kinds: BTreeSet<Kind<'s>>,
}

/// Gives what does not say its shop the name of the only one of its environment that has its data space.
pub fn settle(pieces: &mut [Piece], varying: &BTreeSet<String>, sources: &Sources) {
    let known = known(pieces, sources);
    let bare = actions::bare(pieces, varying, sources);
    let mut of_space: BTreeMap<(&Option<String>, Fingerprint), Vec<&Identity>> = BTreeMap::new();
    for (identity, of) in &known {
        for space in &of.spaces {
            of_space.entry((&identity.environment, *space)).or_default().push(identity);
        }
    }
    let production = Some(PRODUCTION.to_owned());
    let owner = |identity: &Identity, names: &Names, space: Fingerprint| {
        // What says no environment is production's.
        let environment =
            identity.environment.as_ref().map_or(&production, |_| &identity.environment);
        let all = of_space.get(&(environment, space)).filter(|all| all.len() <= MOST_ALIKE)?;
        let says_more = |one: &&&Identity| {
            // Without any name it can be what developers have.
            let has_more = one.names.len() > names.len()
                || identity.environment.is_none() && !names.is_empty();
            has_more && one.names.is_superset(names)
        };
        let mut named = all.iter().filter(says_more).filter(|one| **one != identity);
        named.next().copied().filter(|_| named.next().is_none())
    };
    // By what is left of their names, in any environment, or by what carries them where they say none: none of these has a data space of its own.
    let mut owners: BTreeMap<_, BTreeMap<&Identity, Option<&Identity>>> = BTreeMap::new();
    for (identity, of) in &known {
        let names = bare.get(identity).map_or(&identity.names, |bare| &bare.names);
        let kinds = Some(&of.kinds).filter(|_| identity.environment.is_none());
        let mut all = of.spaces.iter().map(|space| owner(identity, names, *space));
        let first = all.next().flatten();
        let is_one = |owner: &&Identity| {
            let its = known.get(*owner);
            let stands_beside = its.is_none_or(|its| !its.kinds.is_disjoint(&of.kinds));
            !stands_beside && agree(pieces, &of.parts, its.map(|its| &its.parts))
        };
        let only = first.filter(|_| all.all(|one| one == first)).filter(is_one);
        let names = Some(names).filter(|_| kinds.is_none());
        owners.entry((names, kinds)).or_default().insert(identity, only);
    }
    let mut claims = Vec::new();
    for (identity, owner) in
        owners.values().filter(|all| all.values().all(Option::is_some)).flatten()
    {
        let named = owner.and_then(|owner| known.get(owner)?.parts.first());
        let parts = known.get(identity).map_or(&[][..], |of| &of.parts);
        claims.extend(parts.iter().copied().zip(std::iter::repeat(named.copied())));
    }
    for (part, named) in claims {
        let claim = named.and_then(|named| Some(pieces.get(named)?.claim.clone()));
        if let Some((piece, claim)) = pieces.get_mut(part).zip(claim) {
            piece.claim.names = claim.names;
            if piece.claim.environment.is_none() {
                piece.claim.environment = claim.environment;
                piece.claim.evidence = claim.evidence;
                piece.claim.said_by = claim.said_by;
            }
        }
    }
}

/// The instances that say a data space.
fn known<'s>(pieces: &[Piece], sources: &'s Sources) -> BTreeMap<Identity, Known<'s>> {
    let mut known: BTreeMap<Identity, Known> = BTreeMap::new();
    for (part, piece) in pieces.iter().enumerate() {
        let of = known.entry(piece.claim.identity()).or_default();
        of.parts.push(part);
        let is_space = |one: &&Setting| one.parameter == Parameter::DataSpace;
        let format = extension(sources.path(piece.contribution.source));
        let has = |is_it: fn(&Segment) -> bool| piece.address.iter().any(is_it);
        let is_object = piece.contribution.is_object || has(|one| one.level == Level::Object);
        let place = [
            has(Segment::is_of_operations),
            is_object,
            has(|one| one.level == Level::Service),
            has(|one| one.is_group),
        ];
        for setting in piece.contribution.settings.iter().filter(is_space) {
            of.spaces.extend(setting.fingerprint());
            of.kinds.insert((setting.carrier, format, place));
        }
    }
    known.retain(|_, of| !of.spaces.is_empty());
    known
}

/// Whether parts give no setting another value than others do.
fn agree(pieces: &[Piece], parts: &Vec<usize>, others: Option<&Vec<usize>>) -> bool {
    let known = values(pieces, others);
    let own = values(pieces, Some(parts));
    own.iter().all(|(key, value)| known.get(key).is_none_or(|known| known == value))
}
