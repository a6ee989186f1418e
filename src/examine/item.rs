//! The files that are looked at: those of all states, each content of a path once.

use std::sync::Arc;

use crate::discover::git::Repository;
use crate::discover::{File, Tree};
use crate::source::SourceId;
use crate::sources::{State, StateSet};

/// A state to examine.
#[derive(Debug)]
pub struct Examinee {
    /// Its files.
    pub tree: Tree,
    /// The revision that they come from, as `git show` takes it; none for what is checked.
    pub revision: Option<Arc<str>>,
    /// Whether it is the history, of which only secrets count.
    pub is_history: bool,
}

/// A file to look at.
pub(crate) struct Item<'a> {
    pub file: &'a File,
    pub tree: &'a Tree,
    pub revision: Option<&'a Arc<str>>,
    pub states: StateSet,
    pub is_history: bool,
}

impl Item<'_> {
    /// Whether the repository holds what counts of it, and not the folder.
    pub fn is_kept(&self) -> bool {
        self.tree.repository.is_some() || self.file.blob.is_some() && self.tree.store.is_some()
    }

    /// The repository that does.
    pub fn repository(&self) -> Option<&Repository> {
        self.tree.repository.as_ref().or(self.tree.store.as_ref())
    }
}

/// The files of all states in order of their paths, then of the states; what two states have unchanged is one.
pub(crate) fn items(states: &[Examinee]) -> Vec<Item<'_>> {
    let mut items: Vec<Item<'_>> = Vec::new();
    for (number, Examinee { tree, revision, is_history }) in (0..).zip(states) {
        let states = StateSet::default().with(State(number));
        let revision = revision.as_ref();
        let is_history = *is_history;
        items.extend(tree.files.iter().map(|file| Item {
            file,
            tree,
            revision,
            states,
            is_history,
        }));
    }
    if states.len() < 2 {
        return items;
    }
    // Contents of one path stand side by side, however many the history has. Each state is in this order already, so that they are merged.
    items.sort_by(|one, other| order(one.file).cmp(&order(other.file)));
    let mut merged: Vec<Item<'_>> = Vec::with_capacity(items.len());
    for item in items {
        let is_same = |other: &&mut Item<'_>| {
            // Components are not compared: there are as many paths as files.
            item.file.blob.is_some()
                && other.file.blob == item.file.blob
                && other.file.path.as_os_str() == item.file.path.as_os_str()
        };
        match merged.last_mut().filter(is_same) {
            Some(other) => {
                other.states = other.states.and(item.states);
                other.is_history &= item.is_history;
            }
            None => merged.push(item),
        }
    }
    merged
}

fn order(file: &File) -> impl Ord {
    (file.path.as_os_str(), &file.blob)
}

pub(crate) fn id_of(index: usize) -> SourceId {
    SourceId(u32::try_from(index).unwrap_or(u32::MAX))
}
