//! The groups by their names and by where their files stand, kept while inherited parts are handed down: no part asks every group.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::conventions::{Base, Reach, range};
use super::group::{Group, Key};
use super::names::Names;
use crate::sources::Sources;

/// The groups, which only grow.
#[derive(Default)]
pub struct Standing<'a> {
    all: BTreeSet<Rc<Key>>,
    named: BTreeMap<String, BTreeSet<Rc<Key>>>,
    /// The groups with a file at each path, in the order in which they got it: first those that were there from the start, in order of the paths.
    places: Vec<(&'a str, Rc<Key>)>,
    known: BTreeSet<(&'a str, Rc<Key>)>,
    /// How many places were there from the start.
    sorted: usize,
    /// What stands within each reach, and how many places were looked at.
    within: BTreeMap<Reach<'a>, (usize, BTreeSet<Rc<Key>>)>,
}

impl<'a> Standing<'a> {
    pub fn of(groups: &BTreeMap<Key, Group>, sources: &'a Sources) -> Self {
        let mut standing = Self::default();
        for (key, group) in groups {
            standing.add(key, group, sources);
        }
        standing.places.sort();
        standing.sorted = standing.places.len();
        standing
    }

    /// Takes in what a group has by now.
    pub fn add(&mut self, key: &Key, group: &Group, sources: &'a Sources) {
        let key = self.all.get(key).cloned().unwrap_or_else(|| Rc::new(key.clone()));
        self.all.insert(Rc::clone(&key));
        for name in group.claims.iter().flat_map(|claim| &claim.names) {
            self.name(name, &key);
        }
        if let Key::Read(identity) = &*key {
            identity.names.iter().for_each(|name| self.name(name, &key));
        }
        for source in group.feeds.keys() {
            let place = (sources.path(*source), Rc::clone(&key));
            if self.known.insert(place.clone()) {
                self.places.push(place);
            }
        }
    }

    fn name(&mut self, name: &str, key: &Rc<Key>) {
        match self.named.get_mut(name) {
            Some(keys) => keys.insert(Rc::clone(key)),
            None => self.named.entry(name.to_owned()).or_default().insert(Rc::clone(key)),
        };
    }

    /// Groups among which are all that have these names.
    pub fn named(&self, names: &Names) -> Vec<Rc<Key>> {
        let of_name = |name| self.named.get(name).into_iter().flatten();
        let few = names.iter().min_by_key(|name| self.named.get(*name).map_or(0, BTreeSet::len));
        few.map_or_else(
            || self.all.iter().cloned().collect(),
            |name| of_name(name).cloned().collect(),
        )
    }

    /// Groups among which are all whose files inherit a base where they stand.
    pub fn beneath(&mut self, base: &Base<'a>) -> Vec<Rc<Key>> {
        let mut found = BTreeSet::new();
        for reach in base.reaches() {
            let (seen, within) = self.within.entry(reach).or_default();
            let start = self.places.get(..self.sorted).unwrap_or_default();
            let (from, to) = range(start, |(path, _)| path, reach.folder);
            let first = start.get(from..to).filter(|_| *seen == 0).unwrap_or_default();
            let later = self.places.get((*seen).max(self.sorted)..).unwrap_or_default();
            let inherits = |(path, _): &&(&str, Rc<Key>)| base.feeds_within(reach, path);
            within
                .extend(first.iter().chain(later).filter(inherits).map(|(_, key)| Rc::clone(key)));
            *seen = self.places.len();
            found.extend(within.iter().cloned());
        }
        found.into_iter().collect()
    }
}

/// Bases of one kind by their names: those that have none but given ones are found by one of their names.
#[derive(Default)]
pub struct Closest<'a> {
    kinds: BTreeMap<String, BTreeMap<&'a str, Vec<&'a [String]>>>,
}

impl<'a> Closest<'a> {
    pub fn of(bases: impl Iterator<Item = (&'a Base<'a>, &'a [String])>) -> Self {
        let mut kinds: BTreeMap<String, BTreeSet<&[String]>> = BTreeMap::new();
        for (base, names) in bases.filter(|(_, names)| !names.is_empty()) {
            kinds.entry(base.why()).or_default().insert(names);
        }
        let by_rarest = |bases: BTreeSet<&'a [String]>| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for name in bases.iter().copied().flatten() {
                *counts.entry(name).or_default() += 1;
            }
            let mut found: BTreeMap<&str, Vec<&[String]>> = BTreeMap::new();
            for names in bases {
                let rarest = names.iter().min_by_key(|name| counts.get(name.as_str()));
                if let Some(name) = rarest {
                    found.entry(name).or_default().push(names);
                }
            }
            found
        };
        Self { kinds: kinds.into_iter().map(|(why, bases)| (why, by_rarest(bases))).collect() }
    }

    /// Whether a base of the same kind shares more than so many names with an instance.
    pub fn has_closer(&self, base: &Base<'_>, names: &BTreeSet<&String>, most: usize) -> bool {
        let Some(kind) = self.kinds.get(&base.why()) else { return false };
        let mut others = names.iter().filter_map(|name| kind.get(name.as_str())).flatten();
        others.any(|other| other.len() > most && other.iter().all(|name| names.contains(name)))
    }
}
