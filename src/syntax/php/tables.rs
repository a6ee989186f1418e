//! PHP arrays as tables: keys, look-ups, writes and what is taken away.

use super::entries::{index_key, index_of, into_entries, is_array};
use super::possible::{absent, is_absent, is_more, is_open, may_be_absent, more, weaken};
use crate::source::Location;
use crate::syntax::{Entry, Node, NodeKind};

/// One step into an array.
#[derive(Clone)]
pub(super) enum Step {
    /// A key that is known.
    Key(Node),
    /// A key that is not.
    Unknown(Location),
    /// `[]`: the next free index.
    Append(Location),
}

/// Writes `value` under a path of steps, or takes away what stands there; false where that took too long, and nothing is known any more.
///
/// Every step over an entry takes one of `look_ups`.
pub(super) fn write(
    root: &mut Node,
    path: Vec<Step>,
    value: Option<Node>,
    look_ups: &mut usize,
) -> bool {
    let mut node = root;
    let mut value = value;
    let unsets = value.is_none();
    let mut path = path.into_iter().peekable();
    while let Some(step) = path.next() {
        let last = path.peek().is_none();
        let at = node.at;
        match &node.kind {
            NodeKind::Sequence(_) | NodeKind::Mapping(_) => {}
            _ if unsets => return true,
            NodeKind::Null => node.kind = NodeKind::Sequence(Vec::new()),
            _ if is_absent(node) => node.kind = NodeKind::Sequence(Vec::new()),
            // In a text a number writes a character.
            NodeKind::Expression | NodeKind::OneOf(_) if may_be_index(&step) => {
                node.kind = NodeKind::Expression;
                return true;
            }
            NodeKind::Expression | NodeKind::OneOf(_) => {
                node.kind = NodeKind::Mapping(vec![more(at)]);
            }
            NodeKind::Scalar(_) => {
                node.kind = NodeKind::Expression;
                return true;
            }
        }
        let place = value.as_ref().map_or(at, |value| value.at);
        let mut fresh = Node::new(place, NodeKind::Sequence(Vec::new()));
        match step {
            Step::Append(_) if unsets => return true,
            Step::Append(key_at) => {
                let new = if last { value.take().unwrap_or(fresh) } else { fresh };
                match &mut node.kind {
                    NodeKind::Sequence(items) => {
                        items.push(new);
                        let Some(item) = items.last_mut() else { return true };
                        node = item;
                    }
                    NodeKind::Mapping(entries) => {
                        *look_ups = look_ups.saturating_sub(entries.len());
                        let key = match next_index(entries) {
                            Some(index) => index_key(index, &new),
                            None => Node::new(key_at, NodeKind::Expression),
                        };
                        entries.push(Entry { key, value: new });
                        let Some(entry) = entries.last_mut() else { return true };
                        node = &mut entry.value;
                    }
                    _ => return true,
                }
            }
            Step::Unknown(key_at) => {
                weaken(node);
                let NodeKind::Mapping(entries) = &mut node.kind else { return true };
                if unsets {
                    return true;
                }
                fresh.kind = NodeKind::Mapping(vec![more(key_at)]);
                let new = if last { value.take().unwrap_or(fresh) } else { fresh };
                let key = Node::new(key_at, NodeKind::Expression);
                entries.push(Entry { key, value: new });
                let Some(entry) = entries.last_mut() else { return true };
                node = &mut entry.value;
            }
            Step::Key(key) => {
                make_mapping(node);
                let NodeKind::Mapping(entries) = &mut node.kind else { return true };
                let Ok(found) = find(entries, key.as_str().unwrap_or_default(), look_ups) else {
                    return false;
                };
                let at = match found {
                    None if unsets => return true,
                    None => {
                        if is_open(entries) {
                            fresh.kind = NodeKind::Mapping(vec![more(place)]);
                        }
                        entries.push(Entry { key: key.clone(), value: fresh });
                        entries.len() - 1
                    }
                    Some(at) => at,
                };
                let Some(entry) = entries.get_mut(at) else { return true };
                if last {
                    let gone = absent(entry.value.at);
                    *entry = Entry { key, value: value.take().unwrap_or(gone) };
                }
                node = &mut entry.value;
            }
        }
    }
    true
}

fn may_be_index(step: &Step) -> bool {
    match step {
        Step::Key(key) => index_of(key).is_some(),
        Step::Unknown(_) => true,
        Step::Append(_) => false,
    }
}

/// What stands under a key, which may be nothing; an error where that is not known.
pub(super) fn read<'a>(
    node: &'a Node,
    key: &str,
    look_ups: &mut usize,
) -> Result<Option<&'a Node>, ()> {
    match &node.kind {
        NodeKind::Null => Ok(None),
        NodeKind::Sequence(items) => {
            let index = key.parse::<usize>().ok().filter(|index| index.to_string() == key);
            Ok(index.and_then(|index| items.get(index)))
        }
        NodeKind::Mapping(entries) => match find(entries, key, look_ups)? {
            Some(at) => Ok(entries.get(at).map(|entry| &entry.value)),
            None if is_open(entries) => Err(()),
            None => Ok(None),
        },
        NodeKind::OneOf(candidates) if candidates.is_empty() => Ok(None),
        _ => Err(()),
    }
}

/// The last entry of a key; an error where finding it takes too long.
fn find(entries: &[Entry], key: &str, look_ups: &mut usize) -> Result<Option<usize>, ()> {
    let found = entries.iter().rposition(|entry| entry.key.as_str() == Some(key));
    let steps = entries.len() - found.unwrap_or(0);
    *look_ups = look_ups.checked_sub(steps).ok_or(())?;
    Ok(found)
}

/// The next free index; `None` where it is not known.
pub(super) fn next_index(entries: &[Entry]) -> Option<i64> {
    let mut next = 0_i64;
    for entry in entries {
        if entry.key.kind == NodeKind::Expression {
            return None;
        }
        if let Some(index) = index_of(&entry.key) {
            // What PHP counts on from behind a negative index depends on its version.
            if index < 0 || may_be_absent(&entry.value) && !is_absent(&entry.value) {
                return None;
            }
            next = next.max(index.checked_add(1)?);
        }
    }
    Some(next)
}

/// Takes the last value of each key; some at the start may be overridden by a key that is not known.
pub(super) fn last_of_each(entries: &mut Vec<Entry>, overridden: usize) {
    for entry in entries.iter_mut().take(overridden) {
        if entry.key.kind != NodeKind::Expression {
            weaken(&mut entry.value);
        }
    }
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&at| (entries.get(at).and_then(|entry| entry.key.as_str()), at));
    let mut doubled = vec![false; entries.len()];
    for pair in order.windows(2) {
        let &[one, next] = pair else { continue };
        let key = |at: usize| entries.get(at).and_then(|entry: &Entry| entry.key.as_str());
        if key(one).is_some()
            && key(one) == key(next)
            && let Some(doubled) = doubled.get_mut(one)
        {
            *doubled = true;
        }
    }
    if doubled.contains(&true) {
        let mut doubled = doubled.into_iter();
        entries.retain(|_| doubled.next() != Some(true));
    }
}

/// How many nodes an array has, itself included, and how deep it is.
pub(super) fn size(node: &Node) -> (usize, usize) {
    let items = node.items().iter().map(size);
    let entries = node.entries().iter().map(|entry| {
        let (count, depth) = size(&entry.value);
        (count + 1, depth)
    });
    let all = items.chain(entries);
    let (count, depth) = all.fold((1, 0), |sum, one| (sum.0 + one.0, sum.1.max(one.1)));
    (count, depth + usize::from(is_array(node)))
}

/// A key as PHP takes it, where that is known; `written` is the text of its value.
pub(super) fn as_key(node: Node, written: &str) -> Node {
    let written = written.trim_start_matches('(');
    // A number that is no index, as a float is, is cut to one.
    let number = written.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let kind = match node.kind {
        NodeKind::Scalar(text) if text.is_empty() && starts_with_false(written) => {
            NodeKind::Scalar("0".into())
        }
        NodeKind::Scalar(text) => {
            let key = Node::new(node.at, NodeKind::Scalar(text));
            if number && index_of(&key).is_none() { NodeKind::Expression } else { key.kind }
        }
        NodeKind::Null => NodeKind::Scalar(String::new()),
        _ => NodeKind::Expression,
    };
    Node::new(node.at, kind)
}

fn starts_with_false(written: &str) -> bool {
    let word = written.trim_start_matches('\\').get(..5);
    word.is_some_and(|word| word.eq_ignore_ascii_case("false"))
}

/// Makes an array a mapping.
fn make_mapping(node: &mut Node) {
    if let NodeKind::Sequence(_) = node.kind {
        let kind = std::mem::replace(&mut node.kind, NodeKind::Expression);
        node.kind = NodeKind::Mapping(into_entries(kind));
    }
}

/// Adds what a spread gives, from the next free index on; returns the one behind it. Numbers are counted anew.
pub(super) fn spread(into: &mut Vec<Entry>, next: Option<i64>, node: Node) -> Option<i64> {
    let at = node.at;
    if !is_array(&node) {
        into.push(more(at));
        return None;
    }
    let mut next = next;
    for Entry { key, value } in into_entries(node.kind) {
        if is_absent(&value) {
            continue;
        }
        if index_of(&key).is_none() {
            if key.kind == NodeKind::Expression {
                next = None;
            }
            into.push(Entry { key, value });
            continue;
        }
        let key = match next {
            Some(index) => index_key(index, &value),
            None => Node::new(key.at, NodeKind::Expression),
        };
        next = next.filter(|_| !may_be_absent(&value)).and_then(|next| next.checked_add(1));
        into.push(Entry { key, value });
    }
    next
}

/// The kind of an array with these entries: a sequence where they are counted from 0.
pub(super) fn from_entries(entries: Vec<Entry>) -> NodeKind {
    let counted = (0..).zip(&entries).all(|(index, entry)| {
        index_of(&entry.key) == Some(index) && entry.key.at.span.range().is_empty()
    });
    if counted && !entries.iter().any(is_more) {
        NodeKind::Sequence(entries.into_iter().map(|entry| entry.value).collect())
    } else {
        NodeKind::Mapping(entries)
    }
}
