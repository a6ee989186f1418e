//! The baseline: findings known from the start, by names that tell nothing.
//!
//! A finding is known by its rule and the values at its places, or by what it says where there are none, and by the installations that it
//! concerns: each by its name or by what it ends up with. Lines, files' names and the names of installations may change. One that concerns
//! less than is known is known; one that concerns more is another one.

use std::collections::{BTreeMap, BTreeSet};

use super::grounds::{Grounds, Reason, Seen};
use super::tokens::Tokens;
use crate::config::baseline::{Baseline, Known};
use crate::rule::{Finding, UNUSED_WAIVER, WEAKENED_POLICY};
use crate::source::{Location, SourceId};

/// The entries of a baseline, and what each of them is about.
pub struct Marks<'a> {
    baseline: &'a Baseline,
    file: SourceId,
    /// By entry: what was found of it.
    fates: Vec<Fate>,
    /// By what a finding is looked for: the entries.
    index: BTreeMap<&'a str, Vec<usize>>,
}

/// What was found of an entry.
#[derive(Clone, Default)]
enum Fate {
    /// Nothing.
    #[default]
    Gone,
    /// What it says, at its path or elsewhere; so many of its installations are left.
    Found { path: Option<String>, left: Option<usize> },
    /// What it says, for more installations.
    Grown,
    /// What something else accepts.
    Waived,
}

impl<'a> Marks<'a> {
    pub fn new(baseline: &'a Baseline, file: SourceId) -> Self {
        let mut index: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, known) in baseline.accepted.iter().enumerate() {
            let names = known.values.iter().map(String::as_str).chain([known.fingerprint.as_str()]);
            names.for_each(|name| index.entry(name).or_default().push(at));
        }
        Self { baseline, file, fates: vec![Fate::Gone; baseline.accepted.len()], index }
    }

    /// Which entry knows each of the findings, if one does: the one at its path before all others. No entry knows two.
    pub fn known(&mut self, found: &[Seen<'_>], tokens: &Tokens<'_>) -> Vec<Option<&'a Known>> {
        let named: Vec<Named> = found.iter().map(|seen| Named::new(seen, tokens)).collect();
        let mut known: Vec<Option<&'a Known>> = vec![None; found.len()];
        for by_path in [true, false] {
            for ((seen, named), known) in found.iter().zip(&named).zip(&mut known) {
                if known.is_none() {
                    *known = self.take(seen, named, by_path);
                }
            }
        }
        known
    }

    fn take(&mut self, seen: &Seen<'_>, named: &Named, by_path: bool) -> Option<&'a Known> {
        let sought = named.values.iter().chain([&named.fingerprint]);
        let entries = sought.filter_map(|name| self.index.get(name.as_str())).flatten();
        for &at in entries {
            let known = self.baseline.accepted.get(at)?;
            let fate = self.fates.get_mut(at)?;
            let is_there = known.path == seen.path;
            let is_same = known.rule == seen.diagnostic.rule
                && (known.fingerprint == named.fingerprint
                    || !named.values.is_empty()
                        && named.values.iter().all(|value| known.values.contains(value)));
            if !is_same || matches!(fate, Fate::Found { .. }) || by_path != is_there {
                continue;
            }
            // Whoever reviews the file sees rule and path alone: what concerns no installation is at that path, or was moved from it.
            let may_be_elsewhere = !known.instances.is_empty() || !seen.is_there(&known.path);
            if !is_there && !may_be_elsewhere {
                continue;
            }
            if !named.fits(known) {
                *fate = Fate::Grown;
                continue;
            }
            let left = named.instances.len();
            let is_elsewhere = !is_there && !seen.is_at(&known.path);
            *fate = Fate::Found {
                path: is_elsewhere.then(|| seen.path.to_owned()),
                left: (left < known.instances.len()).then_some(left),
            };
            return Some(known);
        }
        None
    }

    /// The place and the reason of what an entry accepts.
    pub fn reason(&self, known: &Known) -> Reason {
        let at = Some(Location { source: self.file, span: known.at });
        Reason { text: String::new(), at, is_intended: false }
    }

    /// Takes note of what is accepted elsewhere, when everything else has its entry.
    pub fn pass_over(&mut self, seen: &Seen<'_>, tokens: &Tokens<'_>) {
        let named = Named::new(seen, tokens);
        let entries = self.index.get(named.fingerprint.as_str()).into_iter().flatten();
        for &at in entries {
            let known = self.baseline.accepted.get(at);
            let is_it = known
                .is_some_and(|known| known.rule == seen.diagnostic.rule && known.path == seen.path);
            if let Some(fate) =
                self.fates.get_mut(at).filter(|fate| is_it && matches!(fate, Fate::Gone))
            {
                *fate = Fate::Waived;
            }
        }
    }

    /// The entries that accept nothing, or less than they say.
    pub fn told(self, grounds: &Grounds<'_>) -> Vec<(&'static str, Finding)> {
        let told = |(known, fate): (&'a Known, Fate)| {
            let Known { rule, path, instances, at, .. } = known;
            let entry = format!("the baseline knows a finding of `{rule}` in `{path}`");
            let at = Location { source: self.file, span: *at };
            if let Some(locked) = grounds.locked(at, &entry, rule) {
                return Some((WEAKENED_POLICY, locked));
            }
            let is_grown = matches!(fate, Fate::Grown);
            let (rest, label) = match fate {
                Fate::Found { path: None, left: None } => return None,
                Fate::Found { path: Some(path), left: None } => {
                    (format!("that stands in `{path}` now"), "another path")
                }
                Fate::Found { left: Some(left), .. } => {
                    let most = instances.len();
                    (format!("of whose {most} instances {left} are left"), "accepts too much")
                }
                Fate::Gone if grounds.may_miss(rule, path) => return None,
                Fate::Gone => ("that is found no more".to_owned(), "accepts nothing"),
                Fate::Grown => {
                    ("that concerns more instances now".to_owned(), "accepts less than is found")
                }
                Fate::Waived => ("that is accepted elsewhere, too".to_owned(), "accepts nothing"),
            };
            let help = if is_grown {
                "mend what joined it: `commerce-lint baseline --update` takes in what grew only where it is named"
            } else {
                "run `commerce-lint baseline --update`, which writes down what is left; what it takes in is to be reviewed"
            };
            let finding = Finding::new(at, format!("{entry} {rest}")).label(label).help(help);
            Some((UNUSED_WAIVER, finding))
        };
        self.baseline.accepted.iter().zip(self.fates).filter_map(told).collect()
    }
}

/// A finding by names that tell nothing.
pub struct Named {
    /// Of its rule, and of all of its values or of what it says.
    pub fingerprint: String,
    /// Of each of its values.
    pub values: BTreeSet<String>,
    /// Of each of its installations.
    pub instances: Vec<String>,
}

impl Named {
    pub fn new(seen: &Seen<'_>, tokens: &Tokens<'_>) -> Self {
        let finding = &seen.diagnostic.finding;
        let rule = seen.diagnostic.rule.as_str();
        let values: Vec<String> = seen.values.iter().map(ToString::to_string).collect();
        let said = finding.said();
        let mut parts = vec![rule];
        match values.as_slice() {
            [] => parts.extend(["says", &said]),
            values => parts.extend(values.iter().map(String::as_str)),
        }
        let mut instances: Vec<String> =
            finding.instances.iter().map(|name| tokens.instance(name)).collect();
        instances.sort_unstable();
        Self {
            fingerprint: tokens.whole(&parts),
            values: values.iter().map(|value| tokens.short(&["value", value])).collect(),
            instances,
        }
    }

    /// Whether each of its installations is one of those that are known: by name, or else by data.
    fn fits(&self, known: &Known) -> bool {
        let parts = |token: &'_ str| {
            token.split_once(':').map(|(name, data)| (name.to_owned(), data.to_owned()))
        };
        let mut free: Vec<(String, String)> =
            known.instances.iter().filter_map(|token| parts(token)).collect();
        let mut unnamed = Vec::new();
        for (name, data) in self.instances.iter().filter_map(|token| parts(token)) {
            match free.iter().position(|(other, _)| *other == name) {
                Some(at) => drop(free.swap_remove(at)),
                None => unnamed.push(data),
            }
        }
        unnamed.into_iter().all(|data| {
            let at = free.iter().position(|(_, other)| *other == data);
            at.map(|at| free.swap_remove(at)).is_some()
        })
    }
}

impl Seen<'_> {
    /// Whether one of its places is in this file.
    fn is_at(&self, path: &str) -> bool {
        let finding = &self.diagnostic.finding;
        let places = std::iter::once(&finding.primary).chain(&finding.related);
        places.into_iter().any(|place| self.sources.path(place.at.source) == path)
    }

    /// Whether the tree has this file.
    fn is_there(&self, path: &str) -> bool {
        self.paths.contains(path)
    }
}
