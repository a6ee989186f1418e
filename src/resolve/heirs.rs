//! The files that inherit a base, found by where it stands.
//!
//! No base asks every file of the tree: paths are sorted, a base looks beneath its folder, and bases that look for the same share the answer.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::conventions::{Base, Convention, Reach, range};
use super::identity::{Claim, Identity};
use super::parts::Part;
use crate::source::SourceId;

/// A file that could be an heir by its name.
pub struct Candidate<'a> {
    pub source: SourceId,
    pub path: &'a str,
    claim: OnceCell<Claim>,
}

impl Candidate<'_> {
    /// What the file says of its instance. In an environment's folder it is that environment's, whatever it is called.
    pub fn claim(&self) -> &Claim {
        self.claim.get_or_init(|| Claim::read(self.path, None, true))
    }
}

/// The files that could be an heir by their names.
#[derive(Default)]
pub struct Candidates<'a> {
    /// In order of their paths.
    pub(super) files: Vec<Candidate<'a>>,
    found: RefCell<BTreeMap<Reach<'a>, Rc<Heirs>>>,
    /// Those that show to be of installations of their own, by the place of their base.
    pub(super) shown: RefCell<BTreeMap<Place<'a>, Rc<Vec<usize>>>>,
}

/// Where files override a base.
type Place<'a> = (Convention, &'a str, &'a str);

/// The heirs within one reach, and those that have a name; by their places among the candidates.
#[derive(Default)]
struct Heirs {
    all: Vec<usize>,
    named: BTreeMap<String, Vec<usize>>,
}

impl<'a> Candidates<'a> {
    pub fn new(files: impl Iterator<Item = (SourceId, &'a str)>) -> Self {
        let candidate = |(source, path)| Candidate { source, path, claim: OnceCell::new() };
        let mut files: Vec<Candidate<'a>> = files.map(candidate).collect();
        files.sort_by_key(|file| (file.path, file.source));
        Self { files, ..Self::default() }
    }

    /// The heirs of a base that have all of its names, in order of the files.
    pub fn heirs(&self, base: &Base<'a>, names: &[String]) -> Vec<&Candidate<'a>> {
        // `docker-compose.prod.yml` has the services of `docker-compose.yml`.
        let names = if base.convention == Convention::Compose { &[] } else { names };
        let mut heirs: BTreeSet<usize> = BTreeSet::new();
        for reach in base.reaches() {
            let within = self.within(base, reach);
            let of_name = |name| within.named.get(name).map_or(&[][..], Vec::as_slice);
            let few = names.iter().map(of_name).min_by_key(|few| few.len());
            heirs.extend(few.unwrap_or(&within.all));
        }
        let heirs = heirs.into_iter().filter_map(|index| self.files.get(index));
        let has_names =
            |heir: &&Candidate<'_>| names.iter().all(|name| heir.claim().names.contains(name));
        let mut heirs: Vec<&Candidate<'a>> =
            heirs.filter(|heir| heir.path != base.path()).filter(has_names).collect();
        heirs.sort_by_key(|heir| heir.source);
        heirs
    }

    /// The places of those beneath a folder.
    pub(super) fn beneath(&self, folder: &str) -> (usize, usize) {
        range(&self.files, |file| file.path, folder)
    }

    fn within(&self, base: &Base<'a>, reach: Reach<'a>) -> Rc<Heirs> {
        if let Some(known) = self.found.borrow().get(&reach) {
            return Rc::clone(known);
        }
        let mut heirs = Heirs::default();
        let (from, to) = self.beneath(reach.folder);
        let files = self.files.iter().enumerate().take(to).skip(from);
        for (index, file) in files.filter(|(_, file)| base.is_heir_within(reach, file.path)) {
            heirs.all.push(index);
            for name in &file.claim().names {
                heirs.named.entry(name.clone()).or_default().push(index);
            }
        }
        let heirs = Rc::new(heirs);
        self.found.borrow_mut().insert(reach, Rc::clone(&heirs));
        heirs
    }
}

/// The parts that say an instance: one for each that a file says.
#[derive(Default)]
pub struct Telling<'a> {
    /// In order of their paths, each with the number of what it says.
    told: Vec<(&'a Part<'a>, usize)>,
    numbers: BTreeMap<Identity, usize>,
    found: RefCell<BTreeMap<Reach<'a>, Rc<Fed<'a>>>>,
}

/// The instances within one reach that files with settings say, by their numbers, each with a file.
#[derive(Default)]
struct Fed<'a> {
    said: BTreeSet<(&'a str, usize)>,
    of_path: BTreeMap<&'a str, usize>,
    of_instance: BTreeMap<usize, usize>,
    /// Some of them of which no two have their path or their instance in common.
    apart: Vec<(&'a str, usize)>,
}

/// Of so many that have nothing in common, one is neither of any path nor of any instance.
const CERTAIN: usize = 3;

impl<'a> Telling<'a> {
    pub fn of(parts: &'a [Part<'a>]) -> Self {
        let mut telling = Self::default();
        let mut seen = BTreeSet::new();
        for part in parts {
            let next = telling.numbers.len();
            let number = *telling.numbers.entry(part.claim.identity()).or_insert(next);
            if seen.insert((part.contribution.source, part.base.is_some(), number)) {
                telling.told.push((part, number));
            }
        }
        telling.told.sort_by_key(|(part, _)| part.path);
        telling
    }

    /// Whether a file with settings of another instance inherits a base where it stands.
    pub fn is_fed(&self, base: &Base<'a>, own: &Identity) -> bool {
        let own = self.numbers.get(own).copied();
        base.reaches().any(|reach| self.within(base, reach).has_other(base.path(), own))
    }

    fn within(&self, base: &Base<'a>, reach: Reach<'a>) -> Rc<Fed<'a>> {
        if let Some(known) = self.found.borrow().get(&reach) {
            return Rc::clone(known);
        }
        let mut fed = Fed::default();
        let (from, to) = range(&self.told, |(part, _)| part.path, reach.folder);
        for &(part, number) in self.told.iter().take(to).skip(from) {
            if fed.apart.len() >= CERTAIN {
                break;
            }
            let is_sibling = |other: &Base<'_>| reach.has_siblings() && other.is_sibling(base);
            if base.feeds_within(reach, part.path) && !part.base.as_ref().is_some_and(is_sibling) {
                fed.add(part.path, number);
            }
        }
        let fed = Rc::new(fed);
        self.found.borrow_mut().insert(reach, Rc::clone(&fed));
        fed
    }
}

impl<'a> Fed<'a> {
    fn add(&mut self, path: &'a str, instance: usize) {
        if self.said.insert((path, instance)) {
            *self.of_path.entry(path).or_default() += 1;
            *self.of_instance.entry(instance).or_default() += 1;
        }
        if self.apart.iter().all(|(other, said)| *other != path && *said != instance) {
            self.apart.push((path, instance));
        }
    }

    /// Whether any of them is of another file and of another instance.
    fn has_other(&self, path: &str, own: Option<usize>) -> bool {
        let of_path = self.of_path.get(path).copied().unwrap_or_default();
        let of_own = own.and_then(|own| self.of_instance.get(&own)).copied().unwrap_or_default();
        let of_both = own.is_some_and(|own| self.said.contains(&(path, own)));
        self.apart.len() >= CERTAIN || self.said.len() + usize::from(of_both) > of_path + of_own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beneath_a_folder_is_found_by_its_place() {
        let paths = ["a", "a-b/x", "a/b", "a/b/c", "a0", "b"];
        let beneath = |folder: &str| {
            let (from, to) = range(&paths, |path| path, folder);
            paths[from..to].to_vec()
        };
        assert_eq!(beneath("a"), ["a/b", "a/b/c"]);
        assert_eq!(beneath("a/b"), ["a/b/c"]);
        assert_eq!(beneath(""), paths);
        assert!(["c", "a/b/c", "0", "b"].iter().all(|folder| beneath(folder).is_empty()));
    }

    #[test]
    fn what_the_file_itself_says_does_not_feed_it() {
        let has_other = |said: &[(&'static str, usize)]| {
            let mut fed = Fed::default();
            for (path, instance) in said {
                fed.add(path, *instance);
            }
            fed.has_other("base.yaml", Some(1))
        };
        assert!(!has_other(&[("base.yaml", 1), ("base.yaml", 2), ("base.yaml", 3)]));
        assert!(!has_other(&[("base.yaml", 2), ("a.yaml", 1), ("b.yaml", 1)]));
        assert!(has_other(&[("base.yaml", 1), ("a.yaml", 2)]));
        assert!(has_other(&[("a.yaml", 1), ("b.yaml", 2), ("c.yaml", 3)]));
    }
}
