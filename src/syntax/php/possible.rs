//! What a value can be: known, one of several, or unknown.
//!
//! Where two paths of the code meet, their values are joined; where something may have changed a value, it is weakened. Neither ever makes a
//! value more certain. An entry whose key is unknown and whose value is so at the same place stands for more entries of which nothing is
//! known; one of no values at all is a key that was taken away.

use std::collections::BTreeMap;

use super::entries::{into_entries, is_array};
use crate::source::Location;
use crate::syntax::{Entry, Node, NodeKind};

/// How many values one may have before the rest of them are unknown.
const MAX_CANDIDATES: usize = 16;

/// A key that was taken away.
pub(super) fn absent(at: Location) -> Node {
    Node::new(at, NodeKind::OneOf(Vec::new()))
}

/// Whether nothing stands here.
pub(super) fn is_absent(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::OneOf(candidates) if candidates.is_empty())
}

/// An entry that stands for more of which nothing is known.
pub(super) fn more(at: Location) -> Entry {
    let unknown = Node::new(at, NodeKind::Expression);
    Entry { key: unknown.clone(), value: unknown }
}

/// Whether an entry stands for more than itself.
pub(super) fn is_more(entry: &Entry) -> bool {
    entry.key.at == entry.value.at && entry.value.kind == NodeKind::Expression
}

/// Whether there may be other keys than those that are listed.
pub(super) fn is_open(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.key.kind == NodeKind::Expression)
}

/// Whether there may be nothing where a node stands.
pub(super) fn may_be_absent(node: &Node) -> bool {
    match &node.kind {
        NodeKind::OneOf(candidates) => {
            candidates.is_empty() || candidates.iter().any(|one| one.kind == NodeKind::Expression)
        }
        NodeKind::Mapping(entries) => is_open(entries),
        _ => false,
    }
}

/// Adds that there may be more.
pub(super) fn open(entries: &mut Vec<Entry>, at: Location) {
    if !entries.iter().any(is_more) {
        entries.push(more(at));
    }
}

/// Something may have changed this, or taken it away.
pub(super) fn weaken(node: &mut Node) {
    let at = node.at;
    match &mut node.kind {
        NodeKind::Scalar(_) | NodeKind::Null | NodeKind::OneOf(_) => {
            let known = std::mem::replace(node, Node::new(at, NodeKind::Expression));
            *node = either(known, Node::new(at, NodeKind::Expression));
        }
        NodeKind::Sequence(_) | NodeKind::Mapping(_) => {
            let kind = std::mem::replace(&mut node.kind, NodeKind::Expression);
            let mut entries = into_entries(kind);
            entries.iter_mut().filter(|entry| !is_more(entry)).for_each(|e| weaken(&mut e.value));
            open(&mut entries, at);
            node.kind = NodeKind::Mapping(entries);
        }
        NodeKind::Expression => {}
    }
}

/// There may be more in this and in all within it.
pub(super) fn open_deep(node: &mut Node, at: Location) {
    if is_array(node) {
        let kind = std::mem::replace(&mut node.kind, NodeKind::Expression);
        let mut entries = into_entries(kind);
        for entry in &mut entries {
            open_deep(&mut entry.value, at);
        }
        open(&mut entries, at);
        node.kind = NodeKind::Mapping(entries);
    }
}

/// What may not be there at all.
pub(super) fn maybe(node: Node) -> Node {
    let at = node.at;
    join(node, absent(at))
}

/// What stands where two paths meet.
pub(super) fn join(one: Node, other: Node) -> Node {
    let at = one.at;
    match (is_array(&one), is_array(&other)) {
        (false, false) => either(one, other),
        (true, false) => weakened(one),
        (false, true) => weakened(other),
        (true, true) => {
            let kind = match (one.kind, other.kind) {
                (NodeKind::Sequence(left), NodeKind::Sequence(right))
                    if left.len() == right.len() =>
                {
                    let pairs = left.into_iter().zip(right);
                    NodeKind::Sequence(pairs.map(|(left, right)| join(left, right)).collect())
                }
                (left, right) => {
                    NodeKind::Mapping(join_entries(into_entries(left), into_entries(right)))
                }
            };
            Node::new(at, kind)
        }
    }
}

fn weakened(mut node: Node) -> Node {
    weaken(&mut node);
    node
}

fn join_entries(left: Vec<Entry>, right: Vec<Entry>) -> Vec<Entry> {
    let mut others: BTreeMap<String, Entry> = BTreeMap::new();
    let mut unknown = Vec::new();
    for entry in right {
        match entry.key.as_str() {
            Some(key) => drop(others.insert(key.to_owned(), entry)),
            None => unknown.push(entry),
        }
    }
    let mut entries: Vec<Entry> = Vec::with_capacity(left.len());
    for Entry { key, value } in left {
        let other = key.as_str().and_then(|key| others.remove(key));
        let value = match other {
            Some(other) => join(value, other.value),
            None if key.kind == NodeKind::Expression => value,
            None => maybe(value),
        };
        entries.push(Entry { key, value });
    }
    entries.extend(
        others.into_values().map(|Entry { key, value }| Entry { key, value: maybe(value) }),
    );
    for entry in unknown {
        if !(is_more(&entry) && entries.iter().any(is_more)) {
            entries.push(entry);
        }
    }
    entries
}

/// One of the values of two nodes that are no arrays.
fn either(one: Node, other: Node) -> Node {
    let at = one.at;
    if is_absent(&one) && is_absent(&other) {
        return one;
    }
    let mut found: Vec<Node> = Vec::new();
    for candidate in candidates(one).into_iter().chain(candidates(other)) {
        // One text at two places is two values: which of them an arm gives can matter.
        let is_text = candidate.as_str().is_some_and(|text| !text.is_empty());
        let is_same =
            |known: &Node| known.kind == candidate.kind && (!is_text || known.at == candidate.at);
        if !found.iter().any(is_same) {
            found.push(candidate);
        }
    }
    if found.len() > MAX_CANDIDATES {
        found.truncate(MAX_CANDIDATES);
        found.push(Node::new(at, NodeKind::Expression));
    }
    match found.pop() {
        Some(only) if found.is_empty() && only.kind != NodeKind::Expression => only,
        Some(last) => {
            found.push(last);
            Node::new(found.first().map_or(at, |first| first.at), NodeKind::OneOf(found))
        }
        None => absent(at),
    }
}

/// What a node can be; where there may be nothing, what is beneath it counts, which is unknown.
fn candidates(node: Node) -> Vec<Node> {
    let at = node.at;
    match node.kind {
        NodeKind::OneOf(candidates) if candidates.is_empty() => {
            vec![Node::new(at, NodeKind::Expression)]
        }
        NodeKind::OneOf(candidates) => candidates,
        kind => vec![Node::new(at, kind)],
    }
}

/// What others may see of a value: no keys that were taken away, and no choice of one.
pub(super) fn settle(node: &mut Node) {
    match &mut node.kind {
        NodeKind::Sequence(items) => items.iter_mut().for_each(settle),
        NodeKind::Mapping(entries) => {
            entries.retain(|entry| !is_absent(&entry.value));
            for entry in entries {
                settle(&mut entry.value);
            }
        }
        NodeKind::OneOf(candidates) => {
            if candidates.iter().all(|one| one.kind == NodeKind::Expression) {
                node.kind = NodeKind::Expression;
            }
        }
        NodeKind::Null | NodeKind::Scalar(_) | NodeKind::Expression => {}
    }
}
