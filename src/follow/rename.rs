//! A name that stands for a setting, written as the setting: so that whatever reads settings reads it, wherever it stands.
//!
//! Nothing moves: key and value keep the places that they have in the file.

use std::collections::BTreeMap;

use crate::source::Location;
use crate::syntax::{Entry, Node, NodeKind};

/// Keys that hold a name, and keys that hold its value beside it.
const PAIR: [(&str, &str); 3] = [("name", "value"), ("key", "value"), ("variable", "value")];

/// What is looked for in a document: each with the numbers of those that look for it.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Whole ways of keys from the root.
    pub ways: BTreeMap<Vec<String>, Vec<usize>>,
    /// Names of variables, wherever they are set.
    pub variables: BTreeMap<String, Vec<usize>>,
}

/// What was found.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// Who looks for it.
    pub number: usize,
    /// Where the key stands.
    pub key: Location,
}

/// Renames what is wanted to what `setting` says for its number. What stands under keys of its own is set at the root, unless `stays`.
pub fn rename(
    document: &mut Node,
    wanted: &Wanted,
    stays: bool,
    setting: &dyn Fn(usize) -> String,
) -> Vec<Hit> {
    let mut renaming =
        Renaming { wanted, stays, setting, trail: Vec::new(), hits: Vec::new(), roots: Vec::new() };
    renaming.visit(document);
    let Renaming { hits, roots, .. } = renaming;
    if let NodeKind::Mapping(entries) = &mut document.kind {
        entries.extend(roots);
    }
    hits
}

struct Renaming<'a> {
    wanted: &'a Wanted,
    stays: bool,
    setting: &'a dyn Fn(usize) -> String,
    trail: Vec<String>,
    hits: Vec<Hit>,
    /// What is set at the root.
    roots: Vec<Entry>,
}

impl Renaming<'_> {
    /// Visits a node; no deeper than documents nest.
    fn visit(&mut self, node: &mut Node) {
        match &mut node.kind {
            NodeKind::Mapping(entries) => {
                self.pair(entries);
                let mut more = Vec::new();
                for entry in entries.iter_mut() {
                    self.entry(entry, &mut more);
                }
                entries.extend(more);
            }
            NodeKind::Sequence(items) => {
                for item in items {
                    self.assignment(item);
                    self.visit(item);
                }
            }
            _ => {}
        }
    }

    fn entry(&mut self, entry: &mut Entry, more: &mut Vec<Entry>) {
        let Some(key) = entry.key.as_str().map(str::to_owned) else { return };
        self.trail.push(key.clone());
        if is_leaf(&entry.value) {
            let way = self.wanted.ways.get(&self.trail);
            let is_deep = way.is_some() && self.trail.len() > 1 && !self.stays;
            let numbers = way.or_else(|| self.wanted.variables.get(&key));
            let numbers = numbers.cloned().unwrap_or_default();
            for (index, number) in numbers.into_iter().enumerate() {
                let name = (self.setting)(number);
                self.hits.push(Hit { number, key: entry.key.at });
                let renamed = Node::new(entry.key.at, NodeKind::Scalar(name));
                if is_deep {
                    self.roots.push(Entry { key: renamed, value: entry.value.clone() });
                } else if index == 0 {
                    entry.key = renamed;
                } else {
                    more.push(Entry { key: renamed, value: entry.value.clone() });
                }
            }
        } else {
            self.visit(&mut entry.value);
        }
        self.trail.pop();
    }

    /// `{name: X, value: …}`.
    fn pair(&mut self, entries: &mut [Entry]) {
        let at = |key: &str| entries.iter().position(|entry| entry.key.as_str() == Some(key));
        let pair = PAIR.iter().find_map(|(name, value)| at(value).and_then(|_| at(name)));
        let Some(entry) = pair.and_then(|name| entries.get_mut(name)) else { return };
        let numbers = entry.value.as_str().and_then(|name| self.wanted.variables.get(name));
        let Some(&number) = numbers.and_then(|numbers| numbers.first()) else { return };
        self.hits.push(Hit { number, key: entry.value.at });
        entry.value.kind = NodeKind::Scalar((self.setting)(number));
    }

    /// `X=value` in a list.
    fn assignment(&mut self, item: &mut Node) {
        let Some((name, value)) = item.as_str().and_then(|text| text.split_once('=')) else {
            return;
        };
        let numbers = self.wanted.variables.get(name.trim());
        let Some(&number) = numbers.and_then(|numbers| numbers.first()) else { return };
        self.hits.push(Hit { number, key: item.at });
        item.kind = NodeKind::Scalar(format!("{}={value}", (self.setting)(number)));
    }
}

fn is_leaf(node: &Node) -> bool {
    !matches!(node.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_) | NodeKind::Null)
}
