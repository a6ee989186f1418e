//! What varies tells apart: which segments of addresses say whose a value is, by the evidence of the tree.
//!
//! Parts whose addresses are equal but for one segment are a *family*. What varies in it are names of instances, whatever words they are,
//! unless one of them is a role of one installation (`php` beside `feedgen`). Words say only how strong a difference is: a weak one (tools,
//! formats, names of objects) counts where two values of one setting would otherwise belong to one instance, so that none vanishes.
//! Nothing is compared pairwise: families are found by the hash of what remains of an address without one segment.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::address::{Level, Segment};
use super::clash::{Split, settle_clashes};
use super::conventions::parent;
use super::family::{Family, Tells, families};
use super::identity::Identity;
use super::names::Names;
use super::piece::{Piece, name};
use super::unite::unite;
use super::vocabulary::{self, is_idle};
use super::words::{says_certainly, tokens};
use super::{actions, ansible, arms, machines, standby, unsaid};
use crate::model::instance::Evidence;
use crate::recognise::{Said, kustomize};
use crate::source::SourceId;
use crate::sources::Sources;

/// Lets the segments count that tell parts apart.
///
/// `said` are the words that documents tell them apart by.
pub fn tell_apart(pieces: &mut [Piece], said: BTreeSet<String>, sources: &Sources) -> Split {
    say_environments(pieces);
    arms::forget_options(pieces);
    arms::join_branches(pieces);
    arms::forget_equal(pieces);
    name_releases(pieces);
    let families = families(pieces, sources);
    let is_part = |family: &&Family| matches!(family.tells, Tells::Roles | Tells::One);
    // Jobs that set nothing themselves are their file's.
    let mut idle: BTreeMap<SourceId, Vec<usize>> = BTreeMap::new();
    for (part, piece) in pieces.iter().enumerate() {
        if piece.contribution.settings.is_empty() {
            idle.entry(piece.contribution.source).or_default().push(part);
        }
    }
    let mut of_one: BTreeMap<usize, usize> = BTreeMap::new();
    for (index, family) in families.iter().enumerate().filter(|(_, family)| is_part(family)) {
        if family.tells == Tells::One {
            of_one.extend(family.parts().map(|(_, part)| (part, index)));
        }
        for (words, part) in family.parts() {
            let source = pieces.get(part).map(|piece| piece.contribution.source);
            let of_file = source.filter(|_| family.level == Level::File);
            let with = of_file.and_then(|source| idle.get(&source)).into_iter().flatten();
            for part in std::iter::once(&part).chain(with) {
                if let Some(piece) = pieces.get_mut(*part) {
                    piece.claim.names.retain(|name| !words.contains(name));
                }
            }
        }
    }
    for (part, piece) in pieces.iter().enumerate() {
        if piece.contribution.is_of_checkout() {
            of_one.entry(part).or_insert(families.len());
        }
    }
    let listed = ansible::listed(pieces, sources);
    of_one.extend(listed.iter().map(|(part, number)| (*part, families.len() + 1 + number)));
    let mut told: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut varying = said;
    for family in families.iter().filter(|family| family.tells == Tells::Names) {
        varying.extend(family.variants.iter().flat_map(|(words, _)| words.iter().cloned()));
        for (words, parts) in &family.variants {
            if !words.iter().all(|word| is_idle(word)) {
                told.insert(words.clone());
            }
            for &part in parts.iter().filter(|part| !listed.contains_key(part)) {
                name(pieces, part, words, family.level);
            }
        }
    }
    varying.extend(collected(pieces));
    recall(pieces, &told);
    recall_with_environment(pieces, &varying);
    let weak: Vec<Family> =
        families.into_iter().filter(|family| family.tells == Tells::Perhaps).collect();
    let split = settle_clashes(pieces, (&weak, &of_one), &mut varying);
    say_by_siblings(pieces);
    actions::forget(pieces, &varying, sources);
    unite(pieces, &varying);
    machines::settle(pieces, sources);
    unsaid::settle(pieces, &varying, sources);
    standby::settle(pieces, sources);
    name_overlays(pieces, sources);
    split
}

/// Lets the names of objects count that deploy one thing to one destination several times.
fn name_releases(pieces: &mut [Piece]) {
    let mut releases: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (part, piece) in pieces.iter().enumerate() {
        // What is deployed to the namespace of one shop is called after what runs there.
        let labels = piece.address.iter().filter(|segment| segment.level == Level::Label);
        let is_of_shop = labels.flat_map(|segment| &segment.rest).any(|word| !is_idle(word));
        if let Some(deployment) = piece.contribution.deployment.as_ref().filter(|_| !is_of_shop) {
            let said = piece.contribution.said.as_ref().map(|said| said.names.clone());
            let what = (deployment.folder.clone(), said, piece.claim.identity());
            releases.entry(what).or_default().push(part);
        }
    }
    for parts in releases.into_values().filter(|parts| parts.len() > 1) {
        let words = |part: &usize| -> BTreeSet<String> {
            let name = pieces.get(*part).and_then(|piece| piece.contribution.deployment.as_ref());
            let name = name.map_or_else(String::new, |one| one.name.to_ascii_lowercase());
            tokens(&name).map(str::to_owned).collect()
        };
        let names: Vec<(usize, BTreeSet<String>)> =
            parts.iter().map(|part| (*part, words(part))).collect();
        let common = names.iter().map(|(_, words)| words.clone());
        let common = common.reduce(|one, other| &one & &other).unwrap_or_default();
        for (part, words) in &names {
            let own: Vec<String> = words.difference(&common).cloned().collect();
            name(pieces, *part, &own, Level::Label);
        }
    }
}

/// Gives a kustomization the names of what stands in its folder, where that says one instance.
fn name_overlays(pieces: &mut [Piece], sources: &Sources) {
    let mut beside: BTreeMap<&str, BTreeSet<Vec<String>>> = BTreeMap::new();
    let is_overlay = |piece: &Piece| kustomize::claims(sources.path(piece.contribution.source));
    for piece in pieces.iter().filter(|piece| !is_overlay(piece)) {
        if !piece.contribution.settings.is_empty() && !piece.claim.is_part {
            let folder = parent(sources.path(piece.contribution.source));
            beside.entry(folder).or_default().insert(piece.claim.names.clone());
        }
    }
    for piece in pieces.iter_mut().filter(|piece| is_overlay(piece)) {
        let names = beside.get(parent(sources.path(piece.contribution.source)));
        let only = names.filter(|names| names.len() == 1).and_then(BTreeSet::first);
        if let Some(names) = only.filter(|_| piece.contribution.settings.is_empty()) {
            piece.claim.names.clone_from(names);
        }
    }
}

/// The names in collections, but for one that stands there alone with more names beneath it: in `instances/more/kiwi/` the name is `kiwi`.
fn collected(pieces: &[Piece]) -> BTreeSet<String> {
    let mut collections: BTreeMap<u64, BTreeMap<&[String], bool>> = BTreeMap::new();
    for piece in pieces {
        let mut hasher = DefaultHasher::new();
        for (at, segment) in piece.address.iter().enumerate() {
            if segment.is_child {
                let beneath = piece.address.get(at + 1..).unwrap_or_default();
                let is_last = !beneath.iter().any(Segment::is_named);
                let children = collections.entry(hasher.finish()).or_default();
                *children.entry(&segment.rest).or_insert(true) &= is_last;
            }
            segment.text.hash(&mut hasher);
        }
    }
    let telling = collections.into_values().flat_map(|children| {
        let is_one = children.len() == 1;
        children.into_iter().filter(move |(_, is_last)| !is_one || *is_last)
    });
    telling.flat_map(|(words, _)| words.iter().cloned()).collect()
}

/// A name that is told somewhere is the same name wherever a segment has it alone.
fn recall(pieces: &mut [Piece], told: &BTreeSet<Vec<String>>) {
    if told.is_empty() {
        return;
    }
    for index in 0..pieces.len() {
        let Some(piece) = pieces.get(index) else { continue };
        let names = piece.address.iter().filter(|segment| segment.level != Level::Task);
        let names = names.filter_map(|segment| {
            let own: Vec<String> =
                segment.rest.iter().filter(|word| !is_idle(word)).cloned().collect();
            (told.contains(&own)).then_some((own, segment.level))
        });
        let names: Vec<_> = names.collect();
        for (words, level) in names {
            // A key says it only where its siblings differ.
            if level < Level::Service || level == Level::Label {
                name(pieces, index, &words, level);
            }
        }
    }
}

/// A word that tells somewhere is a name wherever it stands beside the environment of an instance with it: `sql/market-qa-after-restore.sql`
/// beside `brands/market/qa`, whatever else the word means.
fn recall_with_environment(pieces: &mut [Piece], varying: &BTreeSet<String>) {
    let mut known: BTreeMap<(String, String), BTreeSet<Names>> = BTreeMap::new();
    for piece in pieces.iter() {
        let Identity { names, environment } = piece.claim.identity();
        let Some(environment) = environment else { continue };
        for name in names.iter().filter(|name| varying.contains(*name)) {
            let key = (name.clone(), environment.clone());
            known.entry(key).or_default().insert(names.clone());
        }
    }
    if known.is_empty() {
        return;
    }
    for index in 0..pieces.len() {
        let Some(piece) = pieces.get(index) else { continue };
        let Identity { names, environment: Some(environment) } = piece.claim.identity() else {
            continue;
        };
        let files = piece.address.iter().filter(|one| one.level >= Level::Object);
        let beside = files.flat_map(Segment::beside_environment).find(|word| {
            let key = ((*word).to_owned(), environment.clone());
            let with = names.with(word);
            let is_known =
                known.get(&key).is_some_and(|all| all.iter().any(|one| one.is_subset(&with)));
            is_known && !names.contains(word)
        });
        if let Some(word) = beside.map(str::to_owned) {
            name(pieces, index, &[word], Level::File);
        }
    }
}

/// Lets compound keys say their environment where their siblings say others: `kiwi-prod` beside `kiwi-stage`.
fn say_environments(pieces: &mut [Piece]) {
    let mut levels: BTreeMap<u64, Vec<(usize, usize)>> = BTreeMap::new();
    for (part, piece) in pieces.iter().enumerate() {
        for (at, segment) in piece.address.iter().enumerate() {
            let is_keyed =
                piece.contribution.said.as_ref().is_some_and(|said| said.how == Said::KEYS);
            let is_key = matches!(segment.level, Level::Key | Level::Service | Level::Task)
                || segment.level == Level::Label && is_keyed;
            if is_key && !piece.contribution.settings.is_empty() {
                let mut hasher = DefaultHasher::new();
                piece.contribution.source.hash(&mut hasher);
                at.hash(&mut hasher);
                for other in piece.address.get(..at).unwrap_or_default() {
                    other.text.hash(&mut hasher);
                }
                levels.entry(hasher.finish()).or_default().push((part, at));
            }
        }
    }
    for places in levels.into_values() {
        let said = |&(part, at): &(usize, usize)| {
            let segment = pieces.get(part)?.address.get(at)?;
            Some((segment.text.clone(), segment.environments.clone()))
        };
        let variants: BTreeMap<String, Vec<&'static str>> =
            places.iter().filter_map(said).collect();
        let saying = variants.values().filter(|said| !said.is_empty()).count();
        if variants.len() < 2 || saying == 0 {
            continue;
        }
        // One word in all of them is no part of several names: `kiwi-live` beside `papaya-live`.
        let rests: BTreeSet<&Vec<String>> = places
            .iter()
            .filter_map(|(part, at)| Some(&pieces.get(*part)?.address.get(*at)?.rest))
            .collect();
        let is_common = rests.len() == variants.len()
            && rests.iter().all(|rest| rest.iter().any(|word| !is_idle(word)))
            && variants.values().collect::<BTreeSet<_>>().len() == 1;
        let has_certain = is_common
            || variants.keys().any(|text| says_certainly(text))
            || places.iter().any(|(part, at)| is_key_at(pieces, *part, *at));
        for (part, at) in places {
            let Some(piece) = pieces.get_mut(part) else { continue };
            let Some(segment) = piece.address.get(at) else { continue };
            let is_certain =
                says_certainly(&segment.text) || differs_by_word(&segment.text, &variants);
            let is_said = saying == variants.len() && has_certain || is_certain;
            if !segment.environments.is_empty()
                && is_said
                && piece.claim.evidence != Some(Evidence::Document)
            {
                let text = segment.text.clone();
                piece.claim.say_environment(&text, piece.contribution.said.as_ref());
            }
        }
    }
}

/// Takes a word that can be an environment for one where the rest of the name is that of others which say theirs: `demo-kiwi` beside
/// `prod-kiwi`.
fn say_by_siblings(pieces: &mut [Piece]) {
    let names = |piece: &Piece| piece.claim.identity().names;
    let saying = pieces.iter().filter(|piece| piece.claim.environment.is_some());
    let known: BTreeSet<Names> = saying.map(names).collect();
    for piece in pieces.iter_mut().filter(|piece| piece.claim.environment.is_none()) {
        let own = names(piece);
        let word = own.iter().find(|word| {
            vocabulary::PERHAPS.contains(&word.as_str()) && known.contains(&own.without(word))
        });
        if let Some(word) = word {
            piece.claim.mean_environment(word);
        }
    }
}

/// Whether a name differs from one that says no environment by a word that can be one alone: `shop-live` beside `shop-graz`.
fn differs_by_word(name: &str, variants: &BTreeMap<String, Vec<&'static str>>) -> bool {
    let is_word = |token: &&str| vocabulary::PERHAPS.contains(token);
    let (said, own): (Vec<&str>, BTreeSet<&str>) = {
        let (said, own): (Vec<&str>, Vec<&str>) = tokens(name).partition(is_word);
        (said, own.into_iter().collect())
    };
    let is_other = |(other, said): (&String, &Vec<&str>)| {
        let all: BTreeSet<&str> = tokens(other).collect();
        said.is_empty() && own.is_subset(&all) && all.difference(&own).any(|word| !is_idle(word))
    };
    said.len() == 1 && !own.is_empty() && variants.iter().any(is_other)
}

fn is_key_at(pieces: &[Piece], part: usize, at: usize) -> bool {
    let segment = pieces.get(part).and_then(|piece| piece.address.get(at));
    segment.is_some_and(|segment| segment.level == Level::Key)
}
