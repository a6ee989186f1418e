//! How what is found stands to what was found before the change: new, grown, standing, shrunk, gone.
//!
//! A finding is known by its rule and the values at its places; where no value is, by what it says without the names in it. Neither a line
//! nor the name of a file or of an instance is part of that: what moves, is renamed or is declared stays the same finding.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::fingerprint::Fingerprint;
use crate::model::inventory::Inventory;
use crate::rule::{Diagnostic, Trend};
use crate::source::Location;
use crate::sources::Sources;

/// What was found in one state.
pub struct Side<'a> {
    /// The findings.
    pub found: &'a [Diagnostic],
    /// What they were found in.
    pub inventory: &'a Inventory,
    /// The names that its instances have in the state that is checked.
    pub names: BTreeMap<&'a str, &'a str>,
}

/// What makes a finding the one that it is.
struct Identity {
    values: BTreeSet<Fingerprint>,
    /// What it says, without names.
    said: String,
    path: String,
    instances: BTreeSet<String>,
    places: usize,
}

/// How alike two findings are, the most alike first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// All that they have.
    Whole,
    /// Their values, in the same file.
    Placed,
    /// Their values, for instances that both have.
    Concerned,
    /// Some of their values.
    Valued,
}

const LIKENESSES: [Likeness; 4] =
    [Likeness::Whole, Likeness::Placed, Likeness::Concerned, Likeness::Valued];

/// Tells of each finding how it stands to what stood, and returns what is gone.
pub fn tell(
    found: &mut [Diagnostic],
    now: &Inventory,
    stood: &Side<'_>,
    sources: &Sources,
) -> Vec<Diagnostic> {
    if found.is_empty() && stood.found.is_empty() {
        return Vec::new();
    }
    let is_there: BTreeSet<&str> = sources.paths().map(|(_, path)| path).collect();
    let (values, values_before) = (now.fingerprints(), stood.inventory.fingerprints());
    let is: Vec<Identity> =
        found.iter().map(|of| Identity::new(of, &values, sources, &BTreeMap::new())).collect();
    let was: Vec<Identity> = stood
        .found
        .iter()
        .map(|of| Identity::new(of, &values_before, sources, &stood.names))
        .collect();
    let mut candidates: BTreeMap<(&str, Hook<'_>), Vec<usize>> = BTreeMap::new();
    for (at, (found, identity)) in stood.found.iter().zip(&was).enumerate() {
        for hook in identity.hooks() {
            candidates.entry((&found.rule, hook)).or_default().push(at);
        }
    }
    let mut taken = vec![false; was.len()];
    let mut trends: Vec<Option<Trend>> = vec![None; found.len()];
    for likeness in LIKENESSES {
        for ((found, identity), trend) in found.iter().zip(&is).zip(&mut trends) {
            if trend.is_some() {
                continue;
            }
            let matching = identity.hooks().into_iter().find_map(|hook| {
                let known = candidates.get_mut(&(found.rule.as_str(), hook))?;
                known.retain(|at| taken.get(*at) == Some(&false));
                known.iter().copied().find(|at| {
                    was.get(*at).is_some_and(|was| likeness.holds(identity, was, &is_there))
                })
            });
            if let Some(at) = matching
                && let (Some(taken), Some(was)) = (taken.get_mut(at), was.get(at))
            {
                *taken = true;
                *trend = Some(identity.since(was));
            }
        }
    }
    for (found, trend) in found.iter_mut().zip(trends) {
        // Of two states before, the one that excuses most counts.
        found.trend = found.trend.max(trend.or(Some(Trend::New)));
    }
    let gone = stood.found.iter().zip(&taken).filter(|(_, taken)| !**taken);
    gone.map(|(found, _)| Diagnostic { trend: Some(Trend::Gone), ..found.clone() }).collect()
}

/// What one finding is looked for by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Hook<'a> {
    Value(Fingerprint),
    Said(&'a str),
}

impl Identity {
    fn new(
        found: &Diagnostic,
        values: &BTreeMap<Location, Fingerprint>,
        sources: &Sources,
        names: &BTreeMap<&str, &str>,
    ) -> Self {
        let finding = &found.finding;
        let name =
            |name: &String| names.get(name.as_str()).map_or(name.clone(), |now| (*now).into());
        Self {
            values: finding.values(values),
            said: finding.said(),
            path: sources.path(finding.primary.at.source).to_owned(),
            instances: finding.instances.iter().map(name).collect(),
            places: finding.related.len() + 1,
        }
    }

    fn hooks(&self) -> Vec<Hook<'_>> {
        if self.values.is_empty() {
            return vec![Hook::Said(&self.said)];
        }
        self.values.iter().map(|value| Hook::Value(*value)).collect()
    }

    /// How it stands to the same finding before.
    fn since(&self, was: &Self) -> Trend {
        let (is_grown, is_shrunk) = if self.instances.is_empty() && was.instances.is_empty() {
            (self.places > was.places, self.places < was.places)
        } else {
            let grown = !self.instances.is_subset(&was.instances);
            (grown, !was.instances.is_subset(&self.instances))
        };
        if is_grown || !self.values.is_subset(&was.values) {
            Trend::Grown
        } else if is_shrunk || self.values != was.values {
            Trend::Shrunk
        } else {
            Trend::Standing
        }
    }
}

impl Likeness {
    fn holds(self, is: &Identity, was: &Identity, is_there: &BTreeSet<&str>) -> bool {
        let has_common = !is.instances.is_disjoint(&was.instances);
        // What stands nowhere but in its file has moved where that file is gone.
        let has_moved = || !is_there.contains(was.path.as_str());
        match self {
            Self::Whole => {
                is.values == was.values && is.path == was.path && is.instances == was.instances
            }
            Self::Placed => is.values == was.values && is.path == was.path,
            Self::Concerned if is.values.is_empty() => has_common,
            Self::Concerned => is.values == was.values && has_common,
            Self::Valued => !is.values.is_empty() || has_moved(),
        }
    }
}
