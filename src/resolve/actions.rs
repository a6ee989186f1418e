//! What is done to an environment and never varies: the words of scripts, pipelines and Jobs, each the only one of its kind.
//!
//! `rollback-prod.sh` beside a workflow `e2e` of production, and the Job `reindex` in the namespace `prod`, are parts of production.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{Level, Segment};
use super::deeds::{Deed, deed};
use super::identity::Identity;
use super::piece::Piece;
use super::surroundings::document_of;
use super::task_words::is_doing;
use super::unite::values;
use super::vocabulary::{is_format, is_idle};
use crate::model::instance::Evidence;
use crate::sources::Sources;

/// The parts of each instance.
type Groups = BTreeMap<Identity, Vec<usize>>;

/// How many instances of one environment, and how many parts of one, are asked for what they do.
const MOST_ALIKE: usize = 24;
const MOST_PARTS: usize = 64;

/// How many lines of an object are looked at.
const MOST_LINES: usize = 40;

/// Takes the words of what is done, and those that tell nothing, from instances that set what one without such words does.
pub fn forget(pieces: &mut [Piece], varying: &BTreeSet<String>, sources: &Sources) {
    forget_only(pieces);
    let groups = groups(pieces);
    let bare = of_groups(pieces, (&groups, varying), sources);
    let mut alike: BTreeMap<Identity, Vec<Identity>> = BTreeMap::new();
    let mut named: BTreeMap<&Option<String>, BTreeSet<Identity>> = BTreeMap::new();
    for (identity, bare) in &bare {
        named.entry(&identity.environment).or_default().insert(bare.clone());
        alike.entry(bare.clone()).or_default().push(identity.clone());
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
            let kept = bare.get(identity).map(|bare| &bare.names);
            let is_told = |name: &&String| is_one && kept.is_some_and(|kept| !kept.contains(name));
            let words: BTreeSet<String> = identity.names.iter().filter(is_told).cloned().collect();
            for part in groups.get(identity).into_iter().flatten() {
                if let Some(piece) = pieces.get_mut(*part) {
                    piece.claim.names.retain(|name| !words.contains(name));
                }
            }
        }
    }
}

/// Takes the words of the name of the one script that has any in the tree, where it says several environments itself: they vary nowhere.
fn forget_only(pieces: &mut [Piece]) {
    let mut open = pieces.iter().filter(|piece| !piece.claim.names.is_empty());
    let Some(first) = open.next() else { return };
    let names: BTreeSet<String> = first.claim.names.iter().cloned().collect();
    let is_of_script = |piece: &Piece| {
        let script = piece.address.iter().find(|one| one.is_of_operations() && !one.is_workflow);
        piece.contribution.source == first.contribution.source
            && piece.claim.evidence == Some(Evidence::Document)
            && script.is_some_and(|script| {
                piece
                    .claim
                    .names
                    .iter()
                    .all(|name| script.rest.contains(name) && names.contains(name))
            })
    };
    let of_script: Vec<&Piece> = std::iter::once(first).chain(open).collect();
    let environments: BTreeSet<Option<String>> =
        of_script.iter().map(|piece| piece.claim.identity().environment).collect();
    if environments.len() > 1 && of_script.into_iter().all(is_of_script) {
        for piece in pieces {
            piece.claim.names.clear();
        }
    }
}

/// What is left of the names of each instance that says its environment, without what is done and what tells nothing.
pub fn bare(
    pieces: &[Piece],
    varying: &BTreeSet<String>,
    sources: &Sources,
) -> BTreeMap<Identity, Identity> {
    of_groups(pieces, (&groups(pieces), varying), sources)
}

fn of_groups(
    pieces: &[Piece],
    (groups, varying): (&Groups, &BTreeSet<String>),
    sources: &Sources,
) -> BTreeMap<Identity, Identity> {
    let actions = actions(pieces, (groups, varying), sources);
    let bare = |identity: &Identity| {
        let words = actions.get(identity);
        let is_told = |name: &String| words.is_some_and(|words| words.contains(name));
        let is_kept =
            |name: &&String| !is_told(name) && (varying.contains(*name) || !is_idle(name));
        let names = identity.names.iter().filter(is_kept).cloned().collect();
        Identity { names, environment: identity.environment.clone() }
    };
    groups.keys().map(|identity| (identity.clone(), bare(identity))).collect()
}

/// The parts of each instance that says its environment.
fn groups(pieces: &[Piece]) -> Groups {
    let mut groups = Groups::new();
    for (index, piece) in pieces.iter().enumerate() {
        if piece.claim.environment.is_some() {
            groups.entry(piece.claim.identity()).or_default().push(index);
        }
    }
    groups
}

/// The words of what is done that all parts of an instance have, and that nothing in the tree varies.
fn actions(
    pieces: &[Piece],
    (groups, varying): (&Groups, &BTreeSet<String>),
    sources: &Sources,
) -> BTreeMap<Identity, BTreeSet<String>> {
    let mut beside: BTreeMap<&Option<String>, usize> = BTreeMap::new();
    for identity in groups.keys() {
        *beside.entry(&identity.environment).or_default() += 1;
    }
    let is_asked = |(identity, parts): &(&Identity, &Vec<usize>)| {
        let alike = beside.get(&identity.environment).copied().unwrap_or_default();
        (2..=MOST_ALIKE).contains(&alike) && parts.len() <= MOST_PARTS
    };
    let mut actions: BTreeMap<Identity, BTreeSet<String>> = BTreeMap::new();
    for (identity, parts) in groups.iter().filter(is_asked) {
        let words = parts.iter().filter_map(|part| pieces.get(*part)).map(|piece| {
            let own = actions_of(piece, sources);
            own.into_iter().filter(|word| !varying.contains(word)).collect::<BTreeSet<String>>()
        });
        let words = words.reduce(|one, other| &one & &other).unwrap_or_default();
        let words: BTreeSet<String> =
            words.into_iter().filter(|word| identity.names.contains(word)).collect();
        if !words.is_empty() {
            actions.insert(identity.clone(), words);
        }
    }
    actions
}

/// The words of the names of a script, a pipeline or a Job, where nothing in it says one of them for another reason.
fn actions_of(piece: &Piece, sources: &Sources) -> BTreeSet<String> {
    let is_job = is_of_job(piece, sources);
    let is_named = |one: &&Segment| {
        let is_of_object = matches!(one.level, Level::Workload | Level::File | Level::Object);
        one.is_of_operations() || is_job && is_of_object
    };
    let is_done = |one: &Segment| one.rest.iter().all(|word| is_doing(word) || is_format(word));
    let unsaid = |one: &&Segment| is_done(one) || deed(piece, one, sources) != Deed::Said;
    let named = piece.address.iter().filter(is_named).filter(unsaid);
    named.flat_map(|one| one.rest.iter().cloned()).collect()
}

/// Whether a piece is a Job of Kubernetes': it is called after what it does once.
fn is_of_job(piece: &Piece, sources: &Sources) -> bool {
    let is_kind = |line: &str| matches!(line.trim_end(), "kind: Job" | "kind: CronJob");
    let document = document_of(piece, sources).filter(|_| piece.contribution.is_object);
    document.is_some_and(|text| text.lines().take(MOST_LINES).any(is_kind))
}
