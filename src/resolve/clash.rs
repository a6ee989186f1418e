//! Two values of one setting that would belong to one instance: what of their addresses tells them apart, so that none vanishes.

use std::collections::{BTreeMap, BTreeSet};

use super::address::Level;
use super::family::Family;
use super::given::is_of_one;
use super::identity::Identity;
use super::piece::{Piece, name};
use super::vocabulary;
use super::words::tokens;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::Carrier;
use crate::recognise::Said;

/// The instances that one set of words turned out to be, by those words: what is left with them alone is theirs together.
pub type Split = BTreeMap<Identity, BTreeSet<Identity>>;

/// How often a group is taken apart; each time a segment more is used.
const ROUNDS: usize = 4;

/// Takes groups apart in which one setting has two values, by the strongest difference of their addresses.
///
/// `of_one` are the parts that are known to be of one installation, each with a number of it: these stay together, and their values contradict
/// each other. The words that tell others apart are added to `varying`.
pub fn settle_clashes(
    pieces: &mut [Piece],
    (weak, of_one): (&[Family], &BTreeMap<usize, usize>),
    varying: &mut BTreeSet<String>,
) -> Split {
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
            let mut ones = clash.keys().map(|part| of_one.get(part));
            let first = ones.next().flatten();
            if first.is_some() && ones.all(|one| one == first) {
                continue;
            }
            let named =
                by_family(&clash, weak, &of_part).unwrap_or_else(|| by_words(pieces, &clash));
            for Named { part, words, level } in named {
                let known = pieces.get(part).map(|piece| piece.claim.names.len());
                name(pieces, part, &words, level);
                if known != pieces.get(part).map(|piece| piece.claim.names.len()) {
                    before.entry(part).or_insert_with(|| identity.clone());
                    is_changed = true;
                    varying.extend(words);
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
    // A base and what overrides it have an order.
    let mut groups: BTreeMap<(Identity, bool), Vec<usize>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        let said = piece.contribution.said.as_ref();
        let is_above = !piece.claim.is_part
            && said.is_none_or(|said| said.how != Said::GROUP)
            && !piece.contribution.is_on_host
            && keyed.contains(&piece.contribution.source);
        if !is_above || piece.claim.is_part {
            let is_base = piece.is_base && !piece.claim.is_part;
            groups.entry((piece.claim.identity(), is_base)).or_default().push(index);
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
    groups
        .into_iter()
        .filter_map(|((identity, _), parts)| Some((identity, clash(parts)?)))
        .collect()
}

/// A part with the words that name it.
struct Named {
    part: usize,
    words: Vec<String>,
    level: Level,
}

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
    let named = family.variants.iter().flat_map(|(words, parts)| {
        let level = family.level;
        parts.iter().map(move |&part| Named { part, words: words.clone(), level })
    });
    Some(named.collect())
}

/// The names that the words of addresses give which not all clashing parts have; none where one of them is a role alone.
fn by_words(pieces: &[Piece], clash: &Clash) -> Vec<Named> {
    // The folder `php` and the file `env.php` have no word in common.
    let words_of = |part: usize| -> Vec<(Level, &String)> {
        let segments = pieces.get(part).into_iter().flat_map(|piece| &piece.address);
        let mut words = Vec::new();
        for segment in segments.filter(|one| one.level != Level::Task) {
            for word in &segment.rest {
                let word = (segment.level, word);
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words
    };
    let all: Vec<(usize, Vec<(Level, &String)>)> =
        clash.keys().map(|part| (*part, words_of(*part))).collect();
    let mut counts: BTreeMap<(Level, &String), usize> = BTreeMap::new();
    for word in all.iter().flat_map(|(_, words)| words) {
        *counts.entry(*word).or_default() += 1;
    }
    let count = all.len();
    let own: Vec<(usize, Vec<String>)> = all
        .iter()
        .map(|(part, words)| {
            let own = words.iter().filter(|word| counts.get(word) != Some(&count));
            let own: Vec<String> = own.map(|(_, word)| (*word).clone()).collect();
            let is_name = |word: &String| !vocabulary::is_format(word);
            let names: Vec<String> = own.iter().filter(|word| is_name(word)).cloned().collect();
            (*part, if names.is_empty() { own } else { names })
        })
        .collect();
    let is_silent = own.iter().all(|(_, words)| words.is_empty());
    let own = by_objects(pieces, clash).filter(|_| is_silent).unwrap_or(own);
    let is_role = |words: &Vec<String>| {
        !words.is_empty() && words.iter().all(|word| vocabulary::is_role(word))
    };
    if own.iter().any(|(_, words)| is_role(words)) {
        return Vec::new();
    }
    let named = |(part, words)| Named { part, words, level: Level::Folder };
    own.into_iter().map(named).collect()
}

/// The words that the names of objects have of their own, where files tell nothing: `acme-saas` beside `globex-saas` in one file.
fn by_objects(pieces: &[Piece], clash: &Clash) -> Option<Vec<(usize, Vec<String>)>> {
    let words_of = |part: &usize| -> Option<BTreeSet<String>> {
        let object = pieces.get(*part)?.contribution.objects.first()?;
        Some(tokens(&object.name.to_ascii_lowercase()).map(str::to_owned).collect())
    };
    let all: Vec<BTreeSet<String>> = clash.keys().map(words_of).collect::<Option<_>>()?;
    let common = all.iter().cloned().reduce(|one, other| &one & &other)?;
    let is_name =
        |word: &&String| !vocabulary::is_format(word) && vocabulary::environment(word).is_none();
    let own = |words: &BTreeSet<String>| -> Vec<String> {
        words.difference(&common).filter(is_name).cloned().collect()
    };
    let own: Vec<Vec<String>> = all.iter().map(own).collect();
    let distinct: BTreeSet<&Vec<String>> = own.iter().collect();
    let is_told = distinct.len() == own.len() && own.iter().all(|words| !words.is_empty());
    is_told.then(|| clash.keys().copied().zip(own).collect())
}
