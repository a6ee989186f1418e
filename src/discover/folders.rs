//! Which folders are part of a tree.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path};

use super::file::name_of;

/// Which folders are part of the tree: neither links nor excluded, nor in one that is. Asks once for each folder.
pub(super) struct Folders<'a> {
    root: &'a Path,
    excluded: &'a (dyn Fn(&str) -> bool + Sync),
    /// By path; as bytes, which compare faster than paths.
    known: BTreeMap<OsString, bool>,
}

impl<'a> Folders<'a> {
    pub(super) fn new(root: &'a Path, excluded: &'a (dyn Fn(&str) -> bool + Sync)) -> Self {
        Self { root, excluded, known: BTreeMap::new() }
    }

    /// Whether a file of this path, taken from elsewhere than the file system, lies in the tree.
    pub(super) fn hold(&mut self, path: &Path) -> bool {
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return false;
        }
        let Some(parent) = path.parent() else { return false };
        if let Some(&known) = self.known.get(parent.as_os_str()) {
            return known;
        }
        let mut ancestors: Vec<&Path> =
            parent.ancestors().filter(|part| !part.as_os_str().is_empty()).collect();
        ancestors.reverse();
        let mut within = true;
        for folder in ancestors {
            within = within
                && *self.known.entry(folder.into()).or_insert_with(|| {
                    // Only a folder that is there can be a link; one that is gone takes its files along when they are read.
                    !(self.excluded)(&name_of(folder))
                        && fs::symlink_metadata(self.root.join(folder))
                            .map_or(true, |found| !found.is_symlink())
                });
        }
        self.known.insert(parent.into(), within);
        within
    }
}
