//! Kustomize overlays: an overlay is an instance, and what it names is inherited.

use std::collections::{BTreeMap, BTreeSet};

use super::conventions::{beneath, parent};
use super::words::{Environment, Words};
use crate::recognise::{Contribution, kustomize};
use crate::sources::Sources;
use crate::syntax::file_name;

/// What every kustomization of a tree builds on.
#[derive(Debug, Default)]
pub struct Overlays {
    /// The folders with a kustomization that no other names.
    leaves: BTreeSet<String>,
    /// Those of them that reach a folder or a file.
    reaching: BTreeMap<String, BTreeSet<String>>,
    /// Every folder and file that some kustomization names.
    named: BTreeSet<String>,
}

impl Overlays {
    /// Follows the kustomizations among the contributions of a tree.
    #[must_use]
    pub fn of<'a>(
        contributions: impl Iterator<Item = &'a Contribution>,
        sources: &Sources,
    ) -> Self {
        let mut builds_on: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut namespaces: BTreeMap<String, &[String]> = BTreeMap::new();
        let mut setting: BTreeSet<&str> = BTreeSet::new();
        for contribution in contributions {
            let path = sources.path(contribution.source);
            setting.extend((!contribution.settings.is_empty()).then(|| parent(path)));
            if kustomize::claims(path) {
                let paths = contribution.includes.iter().map(|include| include.path.clone());
                builds_on.entry(parent(path).to_owned()).or_default().extend(paths);
                if let Some(said) = &contribution.said {
                    namespaces.insert(parent(path).to_owned(), &said.names);
                }
            }
        }
        let named: BTreeSet<String> = builds_on.values().flatten().cloned().collect();
        let mut builders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (folder, paths) in &builds_on {
            for path in paths {
                builders.entry(path).or_default().push(folder);
            }
        }
        // Staging on top of production: both are deployed, and so are two with namespaces of their own. What others of one environment build
        // on is theirs together.
        let is_deployed = |folder: &&String| {
            let Some(builders) = builders.get(folder.as_str()) else { return true };
            let own = environment(folder);
            let namespace = namespaces.get(*folder);
            let is_elsewhere = |builder: &&str| {
                let other = namespaces.get(*builder);
                namespace.is_some() && other.is_some() && other != namespace
            };
            // `production/eu` and `production/us` are all there is of a `production` that sets nothing itself.
            let is_within = |builder: &&str| {
                beneath(folder, builder).is_some() && environment(builder).is_none()
            };
            let is_split = builders.len() > 1
                && builders.iter().all(is_within)
                && !setting.contains(folder.as_str());
            own.is_some()
                && !is_split
                && (builders.iter().any(|builder| environment(builder) != own)
                    || builders.iter().all(is_elsewhere))
        };
        let leaves: BTreeSet<String> = builds_on.keys().filter(is_deployed).cloned().collect();
        let mut reaching: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for leaf in &leaves {
            for path in reached(leaf, &builds_on) {
                reaching.entry(path).or_default().insert(leaf.clone());
            }
        }
        Self { leaves, reaching, named }
    }

    /// The overlays that build on a file of another folder, by their folders.
    pub fn heirs<'s>(&'s self, path: &'s str) -> impl Iterator<Item = &'s str> {
        let reaching = |reached: &str| self.reaching.get(reached).into_iter().flatten();
        let leaves: BTreeSet<&str> =
            reaching(path).chain(reaching(parent(path))).map(String::as_str).collect();
        leaves.into_iter().filter(move |leaf| beneath(leaf, path).is_none())
    }

    /// The overlay in whose folder a file stands: the closest one.
    #[must_use]
    pub fn overlay_of(&self, path: &str) -> Option<&str> {
        let around = std::iter::successors(Some(parent(path)), |folder| Some(parent(folder)));
        let mut around = around.take_while(|folder| !folder.is_empty());
        around.find_map(|folder| self.leaves.get(folder)).map(String::as_str)
    }

    /// Whether some kustomization names this very file.
    #[must_use]
    pub fn names_file(&self, path: &str) -> bool {
        self.named.contains(path)
    }

    /// Whether some kustomization names this file or its folder.
    #[must_use]
    pub fn names(&self, path: &str) -> bool {
        self.named.contains(path) || self.named.contains(parent(path))
    }
}

/// The environment that an overlay is called after; none for a component, and for what says that it is shared.
fn environment(folder: &str) -> Option<Environment> {
    let words = Words::of_path(file_name(folder));
    let is_part = parent(folder).split('/').any(|part| part == "components");
    words.environment.filter(|_| words.base.is_none() && !is_part)
}

fn reached(leaf: &str, builds_on: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![leaf.to_owned()];
    while let Some(folder) = open.pop() {
        for path in builds_on.get(&folder).into_iter().flatten() {
            if reached.insert(path.clone()) {
                open.push(path.clone());
            }
        }
    }
    reached
}
