//! Arrays as the entries that they have.

use crate::source::Location;
use crate::syntax::{Entry, Node, NodeKind};

/// Whether a node is a list or a mapping.
pub(super) fn is_array(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Sequence(_) | NodeKind::Mapping(_))
}

/// The entries of an array.
pub(super) fn into_entries(kind: NodeKind) -> Vec<Entry> {
    match kind {
        NodeKind::Mapping(entries) => entries,
        NodeKind::Sequence(items) => {
            (0..).zip(items).map(|(index, item)| indexed(index, item)).collect()
        }
        _ => Vec::new(),
    }
}

/// The number of a key that is one to PHP: decimal, without leading zeros.
pub(super) fn index_of(key: &Node) -> Option<i64> {
    let text = key.as_str()?;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|first: char| matches!(first, '1'..='9')) || text == "0";
    if plain { text.parse().ok() } else { None }
}

/// The key of an item without one.
pub(super) fn index_key(index: i64, value: &Node) -> Node {
    let start = value.at.span.range().start;
    let at = Location::new(value.at.source, start, start);
    Node::new(at, NodeKind::Scalar(index.to_string()))
}

/// The entry of an item without a key.
pub(super) fn indexed(index: i64, value: Node) -> Entry {
    Entry { key: index_key(index, &value), value }
}
