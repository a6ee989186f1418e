//! What varies tells apart: which segments of addresses say whose a value is, by the evidence of the tree.
//!
//! Parts whose addresses are equal but for one segment are a *family*. What varies in it are names of instances, whatever words they are,
//! unless one of them is a role of one installation (`php` beside `feedgen`). Words say only how strong a difference is: a weak one (tools,
//! formats, names of objects) counts where two values of one setting would otherwise belong to one instance, so that none vanishes.
//! Nothing is compared pairwise: families are found by the hash of what remains of an address without one segment.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::address::{Level, Segment, address};
use super::conventions::Base;
use super::identity::{Claim, Identity};
use super::vocabulary::{self, CERTAIN};
use super::words::is_base;
use crate::model::fingerprint::Fingerprint;
use crate::model::instance::Evidence;
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Scope, Setting};
use crate::recognise::{Contribution, Said};
use crate::sources::Sources;

/// A contribution with its address, and what that says of its instance.
pub struct Piece {
    pub contribution: Contribution,
    pub claim: Claim,
    pub address: Vec<Segment>,
    /// Whether it is a base that others override.
    is_base: bool,
}

impl Piece {
    /// Reads the address of a contribution.
    #[must_use]
    pub fn of(contribution: Contribution, sources: &Sources) -> Self {
        let path = sources.path(contribution.source);
        let claim = Claim::read(path, contribution.said.as_ref(), contribution.is_object);
        let address = address(path, &contribution);
        let is_base = Base::of(path).is_some();
        Self { contribution, claim, address, is_base }
    }
}

/// The instances that one set of words turned out to be, by those words: what is left with them alone is theirs together.
pub type Split = BTreeMap<Identity, BTreeSet<Identity>>;

/// Parts whose addresses are equal but for one segment.
struct Family {
    level: Level,
    is_child: bool,
    is_strong: bool,
    /// What tells each variant from the others, with its parts.
    variants: Vec<(Vec<String>, Vec<usize>)>,
}

/// How often a group is taken apart; each time a segment more is used.
const ROUNDS: usize = 4;

/// Lets the segments count that tell parts apart.
pub fn tell_apart(pieces: &mut [Piece]) -> Split {
    say_environments(pieces);
    let families = families(pieces);
    let mut told: BTreeSet<Vec<String>> = BTreeSet::new();
    for family in families.iter().filter(|family| family.is_strong) {
        for (words, parts) in &family.variants {
            if !words.iter().all(|word| is_idle(word)) {
                told.insert(words.clone());
            }
            for &part in parts {
                name(pieces, part, words, family.level);
            }
        }
    }
    recall(pieces, &told);
    let weak: Vec<Family> = families.into_iter().filter(|family| !family.is_strong).collect();
    settle_clashes(pieces, &weak)
}

/// Whether a word is a tool's, a format's or a role's.
fn is_idle(word: &str) -> bool {
    vocabulary::is_format(word) || vocabulary::is_role(word)
}

/// Gives a part a name, less the words of it that are known.
fn name(pieces: &mut [Piece], part: usize, words: &[String], level: Level) {
    let Some(piece) = pieces.get_mut(part) else { return };
    let claim = &mut piece.claim;
    if level >= Level::Key || level == Level::Task {
        let is_keyed = piece.contribution.said.as_ref().is_some_and(|said| said.how == Said::KEYS);
        claim.is_part |= is_keyed && !words.is_empty();
    }
    let missing: Vec<&str> = words
        .iter()
        .filter(|word| !claim.names.iter().any(|name| is_within(name, word)))
        .map(String::as_str)
        .collect();
    let is_said = missing.len() < words.len() && missing.iter().all(|word| is_idle(word));
    let name = missing.join("-");
    if !missing.is_empty() && !is_said && !claim.names.contains(&name) {
        claim.names.push(name);
    }
}

/// Whether a name has a word: `brand-a` has `a`.
fn is_within(name: &str, word: &str) -> bool {
    name == word || name.strip_suffix(word).is_some_and(|before| before.ends_with('-'))
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

/// Lets compound keys say their environment where their siblings say others: `kiwi-prod` beside `kiwi-stage`.
fn say_environments(pieces: &mut [Piece]) {
    let mut levels: BTreeMap<u64, Vec<(usize, usize)>> = BTreeMap::new();
    for (part, piece) in pieces.iter().enumerate() {
        for (at, segment) in piece.address.iter().enumerate() {
            let is_key = matches!(segment.level, Level::Key | Level::Service | Level::Task);
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
        for (part, at) in places {
            let Some(piece) = pieces.get_mut(part) else { continue };
            let Some(segment) = piece.address.get(at) else { continue };
            let is_certain = segment
                .text
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .any(|word| CERTAIN.contains(&word));
            let is_said = saying == variants.len() && segment.level != Level::Task || is_certain;
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

/// The families of a tree that tell something.
fn families(pieces: &[Piece]) -> Vec<Family> {
    let mut members: BTreeMap<u64, Vec<(usize, usize)>> = BTreeMap::new();
    for (part, piece) in pieces.iter().enumerate() {
        if piece.contribution.settings.is_empty() {
            continue;
        }
        for at in 0..piece.address.len() {
            members.entry(skeleton(piece, at)).or_default().push((part, at));
        }
    }
    members.into_values().filter_map(|members| family(pieces, &members)).collect()
}

/// The hash of an address without one of its segments, and without the words of it elsewhere: a brand's name stands in folders and in files.
fn skeleton(piece: &Piece, at: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    let Some(own) = piece.address.get(at) else { return 0 };
    (own.level, piece.contribution.is_object, piece.contribution.is_database).hash(&mut hasher);
    for (index, other) in piece.address.iter().enumerate() {
        if index == at {
            "*".hash(&mut hasher);
            continue;
        }
        if own.level == Level::Label && other.level != Level::Folder && other.level != Level::Label
        {
            continue;
        }
        if other.level == Level::Task && own.level != Level::Task {
            "task".hash(&mut hasher);
            continue;
        }
        let is_repeated = |word: &str| own.rest.iter().any(|one| one == word && !is_idle(word));
        for word in other.shape.split('-') {
            if is_repeated(word) { "*" } else { word }.hash(&mut hasher);
        }
        "/".hash(&mut hasher);
    }
    hasher.finish()
}

fn family(pieces: &[Piece], members: &[(usize, usize)]) -> Option<Family> {
    let mut variants: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
    let mut first = None;
    for &(part, at) in members {
        let segment = pieces.get(part)?.address.get(at)?;
        first.get_or_insert(segment);
        variants.entry(&segment.rest).or_default().push(part);
    }
    let first = first?;
    // Tasks of one environment that deploy different shops are told apart by `tasks`.
    let is_part =
        |(part, _): &(usize, usize)| pieces.get(*part).is_some_and(|piece| piece.claim.is_part);
    if first.level == Level::Task && members.iter().all(is_part) {
        return None;
    }
    if variants.len() < 2 || !overlap(pieces, variants.values()) {
        return None;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for words in variants.keys() {
        let words: BTreeSet<&str> = words.iter().map(String::as_str).collect();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
    }
    let all = variants.len();
    let is_common = |word: &String| counts.get(word.as_str()) == Some(&all);
    let own = |words: &&[String]| -> Vec<String> {
        words.iter().filter(|word| !is_common(word)).cloned().collect()
    };
    let is_role = |words: &[String]| {
        !words.is_empty()
            && words.iter().all(|word| first.is_role(word))
            && !words.iter().all(|word| vocabulary::is_format(word) && first.level != Level::Task)
    };
    if !first.is_child && variants.keys().any(|words| is_role(&own(words))) {
        return None;
    }
    let telling = |mut words: Vec<String>| -> Vec<String> {
        words.retain(|word| !is_base(word));
        let is_name = |word: &String| {
            !vocabulary::is_format(word) && (first.is_child || !first.is_role(word))
        };
        if words.iter().any(is_name) { words.into_iter().filter(is_name).collect() } else { words }
    };
    let variants: Vec<(Vec<String>, Vec<usize>)> =
        variants.into_iter().map(|(words, parts)| (telling(own(&words)), parts)).collect();
    if variants.iter().all(|(words, _)| words.is_empty()) {
        return None;
    }
    let is_weak_word = |word: &String| {
        is_idle(word)
            || vocabulary::is_product(word) && !matches!(first.level, Level::Folder | Level::File)
    };
    // The name of a job or a key beside others can be a part's: each tells for itself.
    let is_apart = |words: &Vec<String>| {
        first.is_child
            || !matches!(first.level, Level::Task | Level::Key | Level::Service)
            || words.iter().any(|word| !is_weak_word(word))
    };
    let is_strong = first.level != Level::Object
        && (first.is_child
            || first.level == Level::Label
            || variants.iter().any(|(words, _)| words.iter().any(|word| !is_weak_word(word))));
    let kept = |(words, parts): (Vec<String>, Vec<usize>)| {
        let words = if is_strong && !is_apart(&words) { Vec::new() } else { words };
        (words, parts)
    };
    let variants = variants.into_iter().map(kept).collect();
    Some(Family { level: first.level, is_child: first.is_child, is_strong, variants })
}

/// Whether two variants give one setting: files about different things are no sign of two instances.
fn overlap<'v>(pieces: &[Piece], variants: impl Iterator<Item = &'v Vec<usize>>) -> bool {
    let mut given: BTreeSet<Parameter> = BTreeSet::new();
    for parts in variants {
        let of_part = |part: &usize| pieces.get(*part).map(|piece| &piece.contribution.settings);
        let own: BTreeSet<Parameter> = parts
            .iter()
            .filter_map(of_part)
            .flatten()
            .filter(|setting| is_of_one(setting))
            .map(|setting| setting.parameter)
            .collect();
        if own.iter().any(|parameter| given.contains(parameter)) {
            return true;
        }
        given.extend(own);
    }
    false
}

/// Whether an installation has one of what is set.
fn is_of_one(setting: &Setting) -> bool {
    setting.scope == Scope::Default && setting.parameter != Parameter::CryptKey
}

/// Takes groups apart in which one setting has two values, by the strongest difference of their addresses.
fn settle_clashes(pieces: &mut [Piece], weak: &[Family]) -> Split {
    let mut of_part: Vec<Vec<usize>> = vec![Vec::new(); pieces.len()];
    for (index, family) in weak.iter().enumerate() {
        for part in family.variants.iter().flat_map(|(_, parts)| parts) {
            if let Some(families) = of_part.get_mut(*part) {
                families.push(index);
            }
        }
    }
    let mut before: BTreeMap<usize, Identity> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let clashes = clashes(pieces);
        if clashes.is_empty() {
            break;
        }
        let mut is_changed = false;
        for (identity, clash) in clashes {
            let named =
                by_family(&clash, weak, &of_part).unwrap_or_else(|| by_words(pieces, &clash));
            for (part, words, level) in named {
                let known = pieces.get(part).map(|piece| piece.claim.names.len());
                name(pieces, part, &words, level);
                if known != pieces.get(part).map(|piece| piece.claim.names.len()) {
                    before.entry(part).or_insert_with(|| identity.clone());
                    is_changed = true;
                }
            }
        }
        if !is_changed {
            break;
        }
    }
    let mut split = Split::new();
    for (part, identity) in before {
        let Some(piece) = pieces.get(part) else { continue };
        split.entry(identity).or_default().insert(piece.claim.identity());
    }
    split
}

/// The parts of one group that give one setting different values, each with its value.
type Clash = BTreeMap<usize, Fingerprint>;

/// The clash of every group that has one.
fn clashes(pieces: &[Piece]) -> Vec<(Identity, Clash)> {
    let keyed: BTreeSet<_> = pieces
        .iter()
        .filter(|piece| piece.claim.is_part)
        .map(|piece| piece.contribution.source)
        .collect();
    let mut groups: BTreeMap<Identity, Vec<usize>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        let is_above = !piece.claim.is_part && keyed.contains(&piece.contribution.source);
        if !piece.is_base && !is_above || piece.claim.is_part {
            groups.entry(piece.claim.identity()).or_default().push(index);
        }
    }
    let clash = |parts: Vec<usize>| -> Option<Clash> {
        let mut values: BTreeMap<(Parameter, Carrier), Clash> = BTreeMap::new();
        for part in parts {
            for setting in &pieces.get(part)?.contribution.settings {
                let value = setting.fingerprint().filter(|_| is_of_one(setting));
                let known = values.entry((setting.parameter, setting.carrier)).or_default();
                known.extend(value.map(|value| (part, value)));
            }
        }
        values.into_values().find(|values| {
            let distinct: BTreeSet<&Fingerprint> = values.values().collect();
            distinct.len() > 1
        })
    };
    groups.into_iter().filter_map(|(identity, parts)| Some((identity, clash(parts)?))).collect()
}

/// A part with the words that name it.
type Named = (usize, Vec<String>, Level);

/// The names that a family gives which has the clashing values in different variants.
fn by_family(clash: &Clash, weak: &[Family], of_part: &[Vec<usize>]) -> Option<Vec<Named>> {
    let families: BTreeSet<usize> =
        clash.keys().filter_map(|part| of_part.get(*part)).flatten().copied().collect();
    let mut families: Vec<&Family> =
        families.into_iter().filter_map(|index| weak.get(index)).collect();
    families.sort_by_key(|family| std::cmp::Reverse((family.is_child, family.level)));
    let family = families.into_iter().find(|family| {
        let of_variant = |(_, parts): &(Vec<String>, Vec<usize>)| -> BTreeSet<&Fingerprint> {
            parts.iter().filter_map(|part| clash.get(part)).collect()
        };
        let values: BTreeSet<BTreeSet<&Fingerprint>> =
            family.variants.iter().map(of_variant).filter(|values| !values.is_empty()).collect();
        values.len() > 1
    })?;
    let named = family
        .variants
        .iter()
        .flat_map(|(words, parts)| parts.iter().map(|part| (*part, words.clone(), family.level)));
    Some(named.collect())
}

/// The names that the words of addresses give which not all clashing parts have; none where one of them is a role alone.
fn by_words(pieces: &[Piece], clash: &Clash) -> Vec<Named> {
    let words_of = |part: usize| -> Vec<String> {
        let segments = pieces.get(part).into_iter().flat_map(|piece| &piece.address);
        let mut words: Vec<String> = Vec::new();
        for word in segments.filter(|one| one.level != Level::Task).flat_map(|one| &one.rest) {
            if !words.contains(word) {
                words.push(word.clone());
            }
        }
        words
    };
    let all: Vec<(usize, Vec<String>)> =
        clash.keys().map(|part| (*part, words_of(*part))).collect();
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for word in all.iter().flat_map(|(_, words)| words) {
        *counts.entry(word).or_default() += 1;
    }
    let count = all.len();
    let own: Vec<(usize, Vec<String>)> = all
        .iter()
        .map(|(part, words)| {
            let own = words.iter().filter(|word| counts.get(word) != Some(&count));
            let own: Vec<String> = own.cloned().collect();
            let is_name = |word: &String| !vocabulary::is_format(word);
            let names: Vec<String> = own.iter().filter(|word| is_name(word)).cloned().collect();
            (*part, if names.is_empty() { own } else { names })
        })
        .collect();
    let is_role = |words: &Vec<String>| {
        !words.is_empty() && words.iter().all(|word| vocabulary::is_role(word))
    };
    if own.iter().any(|(_, words)| is_role(words)) {
        return Vec::new();
    }
    own.into_iter().map(|(part, words)| (part, words, Level::Folder)).collect()
}
