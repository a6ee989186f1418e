//! Kustomize overlays: an overlay is an instance, and what it names is inherited.

use std::collections::{BTreeMap, BTreeSet};

use super::conventions::{beneath, parent};
use crate::recognise::{Contribution, kustomize};
use crate::sources::Sources;

/// What every kustomization of a tree builds on.
#[derive(Debug, Default)]
pub struct Overlays {
    /// The folders with a kustomization that no other names, each with the folders and files that it reaches.
    leaves: BTreeMap<String, BTreeSet<String>>,
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
        for contribution in contributions {
            let path = sources.path(contribution.source);
            if kustomize::claims(path) {
                let paths = contribution.includes.iter().map(|include| include.path.clone());
                builds_on.entry(parent(path).to_owned()).or_default().extend(paths);
            }
        }
        let named: BTreeSet<String> = builds_on.values().flatten().cloned().collect();
        let leaves = builds_on.keys().filter(|folder| !named.contains(*folder));
        let leaves = leaves.map(|folder| (folder.clone(), reached(folder, &builds_on))).collect();
        Self { leaves, named }
    }

    /// The overlays that build on a file of another folder, by their folders.
    pub fn heirs<'s>(&'s self, path: &'s str) -> impl Iterator<Item = &'s str> {
        let leaves = self.leaves.iter().filter(move |(leaf, reached)| {
            beneath(leaf, path).is_none()
                && (reached.contains(path) || reached.contains(parent(path)))
        });
        leaves.map(|(leaf, _)| leaf.as_str())
    }

    /// The overlay in whose folder a file stands: the closest one.
    #[must_use]
    pub fn overlay_of(&self, path: &str) -> Option<&str> {
        let around =
            self.leaves.keys().filter(|leaf| !leaf.is_empty() && beneath(leaf, path).is_some());
        around.max_by_key(|leaf| leaf.len()).map(String::as_str)
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
