//! Instances that turn out to be one: they differ by words alone that tell nothing apart anywhere in the tree.
//!
//! `platform/app/etc/env.prod.php` and `k8s/prod/configmap.yaml` are one instance where nothing is opposed to `platform`, and where no
//! setting would have two values.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{Level, Segment};
use super::deeds::{Deed, deed};
use super::given::is_of_one;
use super::identity::Identity;
use super::piece::Piece;
use super::surroundings::surroundings;
use super::task_words::is_doing;
use super::vocabulary::{is_format, is_idle};
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::sources::Sources;

/// How many lines of an object are looked at.
const MOST_LINES: usize = 40;

/// Takes the words that never vary from instances that others of the tree have without them.
pub fn unite(pieces: &mut [Piece], varying: &BTreeSet<String>, sources: &Sources) {
    forget_actions(pieces, varying, sources);
    let mut groups: BTreeMap<Identity, Vec<usize>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        groups.entry(piece.claim.identity()).or_default().push(index);
    }
    let reduced = |identity: &Identity| Identity {
        names: identity.names.iter().filter(|name| varying.contains(*name)).cloned().collect(),
        environment: identity.environment.clone(),
    };
    let mut alike: BTreeMap<Identity, Vec<Identity>> = BTreeMap::new();
    for identity in groups.keys() {
        alike.entry(reduced(identity)).or_default().push(identity.clone());
    }
    for mut identities in alike.into_values().filter(|identities| identities.len() > 1) {
        identities.sort_by_key(|identity| identity.names.len());
        let Some((fewest, others)) = identities.split_first() else { continue };
        let mut known = values(pieces, groups.get(fewest));
        for other in others {
            let own = values(pieces, groups.get(other));
            let is_one = other.names.is_superset(&fewest.names)
                && own.iter().all(|(key, value)| known.get(key).is_none_or(|known| known == value));
            if !is_one {
                continue;
            }
            known.extend(own);
            for part in groups.get(other).into_iter().flatten() {
                if let Some(piece) = pieces.get_mut(*part) {
                    piece.claim.names.retain(|name| fewest.names.contains(name));
                }
            }
        }
    }
}

/// Takes the words of scripts and pipelines that never vary and that nothing in them says for another reason from instances that set what one
/// without such words does: `rollback-prod.sh` beside a workflow `e2e` of production, each the only one of its kind.
fn forget_actions(pieces: &mut [Piece], varying: &BTreeSet<String>, sources: &Sources) {
    let mut groups: BTreeMap<Identity, Vec<usize>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate().filter(|(_, piece)| says_environment(piece)) {
        groups.entry(piece.claim.identity()).or_default().push(index);
    }
    let mut actions: BTreeMap<Identity, BTreeSet<String>> = BTreeMap::new();
    for (identity, parts) in &groups {
        let words = parts.iter().filter_map(|part| pieces.get(*part)).map(|piece| {
            let own = actions_of(piece, sources);
            own.into_iter().filter(|word| !varying.contains(word)).collect::<BTreeSet<String>>()
        });
        let words = words.reduce(|one, other| &one & &other).unwrap_or_default();
        let words: BTreeSet<String> = words.intersection(&identity.names).cloned().collect();
        if !words.is_empty() {
            actions.insert(identity.clone(), words);
        }
    }
    let bare = |identity: &Identity| {
        let words = actions.get(identity);
        let is_told = |name: &String| words.is_some_and(|words| words.contains(name));
        let is_kept =
            |name: &&String| !is_told(name) && (varying.contains(*name) || !is_idle(name));
        let names = identity.names.iter().filter(is_kept).cloned().collect();
        Identity { names, environment: identity.environment.clone() }
    };
    let mut alike: BTreeMap<Identity, Vec<Identity>> = BTreeMap::new();
    let mut named: BTreeMap<&Option<String>, BTreeSet<Identity>> = BTreeMap::new();
    for identity in groups.keys() {
        let bare = bare(identity);
        named.entry(&identity.environment).or_default().insert(bare.clone());
        alike.entry(bare).or_default().push(identity.clone());
    }
    // With nothing left it is the only one of its environment that has a name.
    let is_one_of_two = |bare: &Identity| {
        bare.names.is_empty() && named.get(&bare.environment).is_some_and(|all| all.len() == 2)
    };
    let alike = alike.iter().filter(|(bare, all)| all.len() > 1 || is_one_of_two(bare));
    for (_, identities) in alike {
        let mut known = BTreeMap::new();
        for identity in identities {
            let own = values(pieces, groups.get(identity));
            let is_one =
                own.iter().all(|(key, value)| known.get(key).is_none_or(|known| known == value));
            known.extend(own);
            let bare = bare(identity);
            let is_told = |name: &&String| is_one && !bare.names.contains(*name);
            let words: BTreeSet<String> = identity.names.iter().filter(is_told).cloned().collect();
            for part in groups.get(identity).into_iter().flatten() {
                if let Some(piece) = pieces.get_mut(*part) {
                    piece.claim.names.retain(|name| !words.contains(name));
                }
            }
        }
    }
}

fn says_environment(piece: &Piece) -> bool {
    piece.claim.environment.is_some()
}

/// The words of a script's or a pipeline's name, where nothing in it says one of them for another reason.
fn actions_of(piece: &Piece, sources: &Sources) -> BTreeSet<String> {
    let files = piece.address.iter().filter(|one| one.is_of_operations());
    let is_done = |file: &&Segment| file.rest.iter().all(|word| is_doing(word) || is_format(word));
    let files = files.chain(piece.address.iter().filter(|one| {
        matches!(one.level, Level::Workload | Level::File | Level::Object)
            && (deed(piece, one, sources) == Deed::Done || is_of_job(piece, one, sources))
    }));
    let unsaid = files.filter(|file| is_done(file) || deed(piece, file, sources) != Deed::Said);
    unsaid.flat_map(|file| file.rest.iter().cloned()).collect()
}

/// Whether a segment is the name of a Job of Kubernetes': it is called after what it does once.
fn is_of_job(piece: &Piece, segment: &Segment, sources: &Sources) -> bool {
    let text = surroundings(piece, segment, sources).unwrap_or_default();
    text.lines()
        .take(MOST_LINES)
        .any(|line| matches!(line.trim_end(), "kind: Job" | "kind: CronJob"))
}

/// The values that parts give; of one with several, the fingerprint of none.
fn values(
    pieces: &[Piece],
    parts: Option<&Vec<usize>>,
) -> BTreeMap<Parameter, BTreeSet<Fingerprint>> {
    let mut values: BTreeMap<Parameter, BTreeSet<Fingerprint>> = BTreeMap::new();
    let settings = parts.into_iter().flatten().filter_map(|part| pieces.get(*part));
    let settings = settings.flat_map(|piece| &piece.contribution.settings);
    for setting in settings.filter(|setting| is_of_one(setting)) {
        values.entry(setting.parameter).or_default().extend(setting.fingerprint());
    }
    values.retain(|_, known| !known.is_empty());
    values
}
