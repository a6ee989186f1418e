//! Texts that somebody hands over in the place of files: what an editor holds, what standard input brings.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use super::file::{File, Given, bytes_of};
use super::tree::Tree;

/// Texts by the paths of the files that they stand for: from the root of the tree, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<String, Given>);

impl Texts {
    /// Takes a text for a file, be there one or not. A path that leads out of the tree is refused.
    pub fn put(&mut self, path: &str, text: &[u8]) -> bool {
        let is_plain = |part| matches!(part, Component::Normal(_));
        let lies_within = !path.is_empty() && Path::new(path).components().all(is_plain);
        if lies_within {
            self.0.insert(path.to_owned(), Given(text.into()));
        }
        lies_within
    }

    /// Lets the file on disk count again.
    pub fn drop(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// The text for a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Given> {
        self.0.get(path)
    }
}

impl Tree {
    /// The tree with these texts in the place of its files; one that is on no disk yet is a file, too.
    #[must_use]
    pub fn with(mut self, texts: &Texts, excluded: &(dyn Fn(&str) -> bool + Sync)) -> Self {
        let mut left = texts.clone();
        for file in &mut self.files {
            if let Some(given) = left.0.remove(&file.name) {
                file.text = Some(given);
                file.blob = None;
            }
        }
        let is_out = |name: &str| {
            let folders = name.match_indices('/').filter_map(|(end, _)| name.get(..end));
            excluded(name) || folders.into_iter().any(excluded)
        };
        let new = left.0.into_iter().filter(|(name, _)| !is_out(name));
        self.files
            .extend(new.map(|(name, given)| File { text: Some(given), ..File::new(name.into()) }));
        self.files.sort_by(|a, b| bytes_of(&a.path).cmp(bytes_of(&b.path)));
        self
    }
}
