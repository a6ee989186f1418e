//! Whose the variants of a family are, by what belongs to each: a database, a folder, an address.

use std::collections::BTreeMap;

use super::belongings::Belongings;
use super::family::{Family, Kin, Tells};
use super::given::differ;
use super::surroundings::surroundings;
use super::vocabulary;

/// How many variants, and how many parts of them, are asked for what belongs to them.
const MOST_OWNERS: usize = 24;
const MOST_OWNED: usize = 200;

impl Kin<'_> {
    /// Whose each variant is, by what belongs to it: those with one number are one installation's. None where something does not tell.
    pub(super) fn owners(&self) -> Option<Vec<usize>> {
        if self.variants.len() > MOST_OWNERS || self.members.len() > MOST_OWNED {
            return None;
        }
        let mut known: Vec<BTreeMap<Option<String>, Belongings>> = Vec::new();
        let mut seen: BTreeMap<(*const u8, usize), usize> = BTreeMap::new();
        for (variant, parts) in self.variants.values().enumerate() {
            let mut own: BTreeMap<Option<String>, Belongings> = BTreeMap::new();
            for &part in parts {
                let (piece, segment) = self.segment(part)?;
                let text = surroundings(piece, segment, self.sources)?;
                // One text for several of them tells none from another.
                if *seen.entry((text.as_ptr(), text.len())).or_insert(variant) != variant {
                    return None;
                }
                own.entry(piece.claim.identity().environment)
                    .or_default()
                    .add(Belongings::of(text));
            }
            known.push(own);
        }
        let all: Vec<&Vec<usize>> = self.variants.values().collect();
        let tell = |(at, one): (usize, &BTreeMap<_, Belongings>),
                    (before, two): (usize, &BTreeMap<_, Belongings>)| {
            let both = one.iter().filter_map(|(at, own)| Some((own, two.get(at)?)));
            let set_the_same = || {
                let two = all.get(at).zip(all.get(before));
                two.is_some_and(|(one, other)| !differ(self.pieces, &[one, other]))
            };
            let are_of_one = |(own, other): (&Belongings, &Belongings)| {
                let are_websites =
                    || !self.first.is_child && own.are_websites(other) && set_the_same();
                own.are_of_one(other).or_else(|| are_websites().then_some(true))
            };
            let mut told: Vec<bool> = both.filter_map(are_of_one).collect();
            told.sort_unstable();
            told.first().copied()
        };
        let mut owners: Vec<usize> = (0..known.len()).collect();
        for (at, own) in known.iter().enumerate() {
            for (before, other) in known.iter().enumerate().take(at) {
                if tell((at, own), (before, other))? {
                    let owner = owners.get(before).copied()?;
                    *owners.get_mut(at)? = owner;
                }
            }
        }
        Some(owners)
    }

    /// What it tells where each variant is known to be somebody's: names where there are several, roles of one where there is one.
    pub(super) fn owned(&self, owners: &[usize]) -> Family {
        let own = |words: &[String]| -> Vec<String> {
            let own = self.own(words);
            let names = own.iter().filter(|word| !vocabulary::is_format(word)).cloned();
            let names: Vec<String> = names.collect();
            if names.is_empty() { own } else { names }
        };
        let named = self.variants.iter().map(|(words, parts)| (own(words), parts.clone()));
        let mut variants: Vec<(Vec<String>, Vec<usize>)> = named.collect();
        if owners.iter().all(|owner| Some(owner) == owners.first()) {
            return self.telling(Tells::One, variants);
        }
        let firsts: Vec<Vec<String>> = variants.iter().map(|(words, _)| words.clone()).collect();
        for ((words, _), owner) in variants.iter_mut().zip(owners) {
            if let Some(first) = firsts.get(*owner) {
                words.clone_from(first);
            }
        }
        self.telling(Tells::Names, variants)
    }
}
