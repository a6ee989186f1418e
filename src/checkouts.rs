//! Repositories within the tree: one repository, one universe of names.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::SourceId;

/// The folders of a tree that are checkouts of repositories of their own, each with its files; the rest is the tree's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkouts {
    files: BTreeMap<String, Vec<SourceId>>,
}

impl Checkouts {
    /// Sorts the files of a tree into the checkouts in these folders; a file is of the innermost.
    pub fn of<'p>(
        folders: BTreeSet<String>,
        paths: impl Iterator<Item = (SourceId, &'p str)>,
    ) -> Self {
        let files = folders.into_iter().map(|folder| (folder, Vec::new())).collect();
        let mut checkouts = Self { files };
        if checkouts.files.is_empty() {
            return checkouts;
        }
        checkouts.files.insert(String::new(), Vec::new());
        for (id, path) in paths {
            let folder = checkouts.folder_of(path).to_owned();
            checkouts.files.entry(folder).or_default().push(id);
        }
        checkouts
    }

    /// The folder of the checkout that a path is of; empty where it is the tree's own.
    #[must_use]
    pub fn folder_of<'p>(&self, path: &'p str) -> &'p str {
        let above = |folder: &&'p str| folder.rsplit_once('/').map_or("", |(above, _)| above);
        let mut folders =
            std::iter::successors(Some(path), |folder| (!folder.is_empty()).then(|| above(folder)));
        folders.find(|folder| self.files.contains_key(*folder)).unwrap_or_default()
    }

    /// The folders, that of the tree's own files (an empty one) first; none where all of the tree is one repository's.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The files of the checkout in a folder, in order; none where there is no such checkout.
    #[must_use]
    pub fn files(&self, folder: &str) -> Option<&[SourceId]> {
        self.files.get(folder).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_of_the_innermost_checkout() {
        let paths = ["a.env", "one/b.env", "one/two/c.env", "oneself/d.env"];
        let folders = ["one", "one/two"].map(str::to_owned);
        let found = Checkouts::of(folders.into(), (0..).map(SourceId).zip(paths));
        let files = |folder| found.files(folder).map(|ids| ids.iter().map(|id| id.0).collect());
        assert_eq!(files(""), Some(vec![0, 3]));
        assert_eq!(files("one"), Some(vec![1]));
        assert_eq!(files("one/two"), Some(vec![2]));
        assert_eq!(files("oneself"), None::<Vec<u32>>);
    }

    #[test]
    fn one_repository_has_no_checkouts() {
        let found = Checkouts::of(BTreeSet::new(), std::iter::once((SourceId(0), "a.env")));
        assert_eq!(found.folders().count(), 0);
    }
}
