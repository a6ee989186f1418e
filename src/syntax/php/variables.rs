//! Arrays put together: merged by a function, added to in a variable.
//!
//! Nothing is thrown away: what overrides an entry comes behind it, and the last entry of a key counts.

use crate::source::Location;
use crate::syntax::{Entry, Node, NodeKind};

/// How arrays are put together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Merge {
    /// Items without a key are added.
    Append,
    /// Items without a key replace the one of the same index.
    Replace,
}

impl Merge {
    /// What a function does with its arguments, if it puts arrays together.
    pub(super) fn of(function: &str) -> Option<Self> {
        let is = |names: &[&str]| names.iter().any(|name| function.eq_ignore_ascii_case(name));
        if is(&["array_merge", "array_merge_recursive"]) {
            return Some(Self::Append);
        }
        is(&["array_replace", "array_replace_recursive"]).then_some(Self::Replace)
    }

    /// The elements of several arrays in order; a sequence where none has a key and none is replaced.
    pub(super) fn apply(self, nodes: Vec<Node>) -> NodeKind {
        let keyed = nodes.iter().any(|node| matches!(node.kind, NodeKind::Mapping(_)))
            || self == Self::Replace
                && nodes.iter().filter(|node| !node.items().is_empty()).count() > 1;
        let mut items = Vec::new();
        let mut entries = Vec::new();
        for node in nodes {
            if !keyed {
                if let NodeKind::Sequence(more) = node.kind {
                    append(&mut items, more);
                }
            } else if let Some(more) = into_entries(node.kind) {
                append(&mut entries, more);
            }
        }
        if keyed { NodeKind::Mapping(entries) } else { NodeKind::Sequence(items) }
    }
}

/// Adds `value` to an array under a path of keys, as its last entry; a key that is no scalar appends.
///
/// Every step over an entry takes one of `look_ups`; without any left, keys are added anew rather than found.
pub(super) fn insert(root: &mut Node, path: Vec<Node>, value: Node, look_ups: &mut usize) {
    let mut node = root;
    let mut path = path.into_iter().peekable();
    while let Some(key) = path.next() {
        let last = path.peek().is_none();
        if let NodeKind::Sequence(items) = &mut node.kind
            && last
            && key.as_str().is_none()
        {
            return items.push(value);
        }
        make_mapping(node);
        let NodeKind::Mapping(entries) = &mut node.kind else { return };
        if last {
            return entries.push(Entry { key, value });
        }
        let at = find(entries, &key, look_ups).unwrap_or_else(|| {
            let start = key.at.span.range().start;
            let at = Location::new(value.at.source, start, value.at.span.range().end);
            entries.push(Entry { key, value: Node::new(at, NodeKind::Sequence(Vec::new())) });
            entries.len() - 1
        });
        let Some(entry) = entries.get_mut(at) else { return };
        node = &mut entry.value;
    }
}

/// The last entry of a key, where it is an array.
fn find(entries: &[Entry], key: &Node, look_ups: &mut usize) -> Option<usize> {
    let key = key.as_str()?;
    let within = entries.len().saturating_sub(*look_ups);
    let near = entries.get(within..)?;
    let found = near.iter().rposition(|entry| entry.key.as_str() == Some(key));
    *look_ups -= near.len() - found.unwrap_or(0);
    let at = within + found?;
    entries.get(at).filter(|entry| is_array(&entry.value)).map(|_| at)
}

/// How many nodes an array has, itself included.
pub(super) fn count(node: &Node) -> usize {
    let items: usize = node.items().iter().map(count).sum();
    let entries: usize = node.entries().iter().map(|entry| 1 + count(&entry.value)).sum();
    1 + items + entries
}

/// A key: a scalar, or an expression.
pub(super) fn as_key(node: Node) -> Node {
    if node.as_str().is_some() { node } else { Node::new(node.at, NodeKind::Expression) }
}

/// The number of a key that is one to PHP: decimal, without leading zeros.
pub(super) fn index_of(key: &Node) -> Option<i64> {
    let text = key.as_str()?;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|first: char| matches!(first, '1'..='9')) || text == "0";
    if plain { text.parse().ok() } else { None }
}

/// The entry of an item without a key.
pub(super) fn indexed(index: i64, value: Node) -> Entry {
    let start = value.at.span.range().start;
    let at = Location::new(value.at.source, start, start);
    Entry { key: Node::new(at, NodeKind::Scalar(index.to_string())), value }
}

/// Whether a node is a list or a mapping.
pub(super) fn is_array(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Sequence(_) | NodeKind::Mapping(_))
}

/// Appends without moving the longer list where the first is empty.
fn append<T>(to: &mut Vec<T>, more: Vec<T>) {
    if to.is_empty() {
        *to = more;
    } else {
        to.extend(more);
    }
}

fn into_entries(kind: NodeKind) -> Option<Vec<Entry>> {
    match kind {
        NodeKind::Mapping(entries) => Some(entries),
        NodeKind::Sequence(items) => {
            Some((0..).zip(items).map(|(index, item)| indexed(index, item)).collect())
        }
        _ => None,
    }
}

/// Makes an array a mapping.
fn make_mapping(node: &mut Node) {
    if let NodeKind::Sequence(items) = &mut node.kind {
        let items = std::mem::take(items);
        node.kind = NodeKind::Mapping(into_entries(NodeKind::Sequence(items)).unwrap_or_default());
    }
}
