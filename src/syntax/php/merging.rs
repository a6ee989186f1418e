//! Arrays put together by the functions that merge them, and by `+`.

use std::collections::BTreeMap;

use super::entries::{index_key, index_of, into_entries, is_array};
use super::possible::{is_absent, is_more, is_open, may_be_absent, more, open, open_deep, weaken};
use super::tables::from_entries;
use crate::source::Location;
use crate::syntax::{Entry, Node, NodeKind};

/// How arrays are put together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Merge {
    /// `array_merge`: numbers are counted anew.
    Append,
    /// `array_merge_recursive`.
    AppendRecursive,
    /// `array_replace`; with the sides changed, `+`.
    Replace,
    /// `array_replace_recursive`.
    ReplaceRecursive,
}

impl Merge {
    /// What a function does with its arguments, if it puts arrays together.
    pub(super) fn of(function: &str) -> Option<Self> {
        let functions = [
            ("array_merge", Self::Append),
            ("array_merge_recursive", Self::AppendRecursive),
            ("array_replace", Self::Replace),
            ("array_replace_recursive", Self::ReplaceRecursive),
        ];
        let mut functions = functions.into_iter();
        functions.find(|(name, _)| function.eq_ignore_ascii_case(name)).map(|(_, merge)| merge)
    }

    /// What comes of several arrays in order.
    pub(super) fn apply(self, nodes: Vec<Node>) -> NodeKind {
        let mut merged = Vec::new();
        let nodes = nodes.into_iter();
        for (index, node) in nodes.enumerate() {
            let entries = entries_of(node);
            merged =
                if index == 0 && !self.appends() { entries } else { self.over(merged, entries) };
        }
        from_entries(merged)
    }

    fn appends(self) -> bool {
        matches!(self, Self::Append | Self::AppendRecursive)
    }

    fn is_recursive(self) -> bool {
        matches!(self, Self::AppendRecursive | Self::ReplaceRecursive)
    }

    /// Puts entries over others.
    fn over(self, mut base: Vec<Entry>, over: Vec<Entry>) -> Vec<Entry> {
        let (base_open, over_open) = (is_open(&base), is_open(&over));
        let mut places: BTreeMap<String, (usize, bool)> = BTreeMap::new();
        for (at, entry) in base.iter().enumerate() {
            if let Some(key) = entry.key.as_str().filter(|_| !is_absent(&entry.value)) {
                places.insert(key.to_owned(), (at, false));
            }
        }
        let mut next = if self.appends() { count(&base) } else { Some(0) };
        for Entry { key, mut value } in over {
            if is_absent(&value) {
                continue;
            }
            let Some(text) = key.as_str() else {
                if is_more(&Entry { key: key.clone(), value: value.clone() }) {
                    open(&mut base, key.at);
                } else {
                    base.push(Entry { key, value });
                }
                next = None;
                continue;
            };
            if self.appends() && index_of(&key).is_some() {
                let key = next
                    .map_or(Node::new(key.at, NodeKind::Expression), |at| index_key(at, &value));
                next = next.filter(|_| !may_be_absent(&value)).and_then(|at| at.checked_add(1));
                base.push(Entry { key, value });
                continue;
            }
            let found = places.get_mut(text);
            let Some((at, seen)) = found else {
                if base_open && self.is_recursive() {
                    let place = value.at;
                    open_deep(&mut value, place);
                    if self == Self::AppendRecursive {
                        weaken(&mut value);
                    }
                }
                base.push(Entry { key, value });
                continue;
            };
            *seen = true;
            let Some(entry) = base.get_mut(*at) else { continue };
            let old = std::mem::replace(&mut entry.value, Node::new(key.at, NodeKind::Expression));
            *entry = Entry { value: self.pair(old, value), key };
        }
        if over_open {
            for (at, _) in places.into_values().filter(|(_, seen)| !seen) {
                if let Some(entry) = base.get_mut(at) {
                    weaken(&mut entry.value);
                }
            }
        }
        base
    }

    /// What stands under a key that both have.
    fn pair(self, old: Node, mut new: Node) -> Node {
        if !self.is_recursive() {
            return new;
        }
        let at = new.at;
        match (is_array(&old), is_array(&new)) {
            (true, true) => {
                let entries = self.over(into_entries(old.kind), into_entries(new.kind));
                Node::new(at, from_entries(entries))
            }
            _ if self == Self::AppendRecursive => Node::new(at, NodeKind::Expression),
            // What is unknown may be an array, and then both count.
            (true, false) if unknown(&new) => {
                let mut old = old;
                weaken(&mut old);
                old
            }
            (false, true) if unknown(&old) => {
                open_deep(&mut new, at);
                new
            }
            _ => new,
        }
    }
}

fn unknown(node: &Node) -> bool {
    node.kind == NodeKind::Expression || may_be_absent(node)
}

fn entries_of(node: Node) -> Vec<Entry> {
    let at: Location = node.at;
    if is_array(&node) { into_entries(node.kind) } else { vec![more(at)] }
}

/// How many entries are counted; `None` where that is not known.
fn count(entries: &[Entry]) -> Option<i64> {
    let mut count = 0_i64;
    for entry in entries.iter().filter(|entry| !is_absent(&entry.value)) {
        if entry.key.kind == NodeKind::Expression {
            return None;
        }
        if index_of(&entry.key).is_some() {
            if may_be_absent(&entry.value) {
                return None;
            }
            count = count.checked_add(1)?;
        }
    }
    Some(count)
}
