//! The elements of an array while it is read, each with the key that PHP gives it.

use super::entries::{index_key, index_of, indexed};
use super::tables;
use crate::syntax::{Entry, Node, NodeKind};

/// The elements of an array while it is read.
pub(super) struct Items {
    unkeyed: Vec<Node>,
    entries: Vec<Entry>,
    /// The index behind the greatest so far, where it is known.
    next: Option<i64>,
    /// How many entries stand before the last key that is not known, which may override them.
    overridden: usize,
}

impl Default for Items {
    fn default() -> Self {
        Self { unkeyed: Vec::new(), entries: Vec::new(), next: Some(0), overridden: 0 }
    }
}

impl Items {
    pub(super) fn push(&mut self, node: Node) {
        if self.entries.is_empty() && self.next == Some(0) {
            return self.unkeyed.push(node);
        }
        let key = match self.next {
            Some(index) => index_key(index, &node),
            None => Node::new(node.at, NodeKind::Expression),
        };
        self.see(&key);
        self.next = self.next.and_then(|index| index.checked_add(1));
        self.entries.push(Entry { key, value: node });
    }

    fn number(&mut self) {
        for (index, item) in (0..).zip(std::mem::take(&mut self.unkeyed)) {
            self.entries.push(indexed(index, item));
            self.next = Some(index + 1);
        }
    }

    pub(super) fn keyed(&mut self, key: Node, value: Node) {
        self.number();
        if let Some(index) = index_of(&key) {
            // What PHP counts on from behind a negative index depends on its version.
            let counts = |next: &i64| index >= 0 || *next > 0;
            let behind = index.checked_add(1);
            let next = self.next.filter(counts);
            self.next = next.and_then(|next| behind.map(|behind| behind.max(next)));
        } else if key.as_str().is_none() {
            self.next = None;
        }
        self.see(&key);
        self.entries.push(Entry { key, value });
    }

    /// Adds an entry whose key was lost: it overrides nothing.
    pub(super) fn lost(&mut self, key: Node, value: Node) {
        self.number();
        self.entries.push(Entry { key, value });
    }

    fn see(&mut self, key: &Node) {
        if key.kind == NodeKind::Expression {
            self.overridden = self.entries.len();
        }
    }

    pub(super) fn spread(&mut self, node: Node) {
        if let NodeKind::Sequence(items) = node.kind {
            for item in items {
                self.push(item);
            }
            return;
        }
        self.number();
        let before = self.entries.len();
        self.next = tables::spread(&mut self.entries, self.next, node);
        let is_open = |entry: &Entry| entry.key.kind == NodeKind::Expression;
        let last = self.entries.iter().skip(before).rposition(is_open);
        self.overridden = last.map_or(self.overridden, |last| before + last);
    }

    pub(super) fn into_kind(self) -> NodeKind {
        if self.entries.is_empty() {
            return NodeKind::Sequence(self.unkeyed);
        }
        let mut entries = self.entries;
        tables::last_of_each(&mut entries, self.overridden);
        NodeKind::Mapping(entries)
    }
}
