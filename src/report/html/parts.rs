//! A large map in parts that each fit a screen and a sheet of paper: what is shared comes first, and no group is cut.

use crate::report::map::{Map, Node, Pair, Space};

/// A map with no more instances than these is one drawing.
const WHOLE: usize = 24;

/// How many instances a part has: a few more where they share one data space.
const PART: usize = 20;

/// The parts of a map, those with shared data spaces first.
#[must_use]
pub(super) fn parts(map: Map<'_>) -> Vec<Map<'_>> {
    if map.instances.len() <= WHOLE {
        return vec![map];
    }
    let Map { mut instances, spaces, pairs } = map;
    let mut ends = Vec::new();
    let (mut start, mut end, mut was_shared) = (0, 0, false);
    for space in &spaces {
        let next = end + space.users.len();
        if end > start && (next - start > PART || was_shared && !space.is_shared) {
            ends.push(end);
            start = end;
        }
        (end, was_shared) = (next, space.is_shared);
    }
    ends.push(end);
    // Those without a known data space.
    while end < instances.len() {
        end = (end + PART).min(instances.len());
        ends.push(end);
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for end in ends {
        if end > from {
            let nodes = instances.drain(..end - from).collect();
            parts.push(part(from, nodes, &spaces, &pairs));
        }
        from = end;
    }
    parts
}

/// The part of the map that begins with an instance: with what it owns, and whatever else it reads.
fn part<'a>(from: usize, instances: Vec<Node<'a>>, spaces: &[Space], pairs: &[Pair]) -> Map<'a> {
    let range = from..from + instances.len();
    let here = |users: &[usize]| -> Vec<usize> {
        users.iter().filter(|user| range.contains(user)).map(|user| user - from).collect()
    };
    let spaces = spaces.iter().map(|space| {
        let (users, readers) = (here(&space.users), here(&space.readers));
        let (id, types) = (space.id.clone(), space.types.clone());
        Space { id, types, users, is_shared: space.is_shared, readers }
    });
    let mut spaces: Vec<Space> =
        spaces.filter(|space| !space.users.is_empty() || !space.readers.is_empty()).collect();
    // The instances stand in the order of what they own.
    spaces.sort_by_key(|space| space.users.is_empty());
    let pairs = pairs.iter().map(|pair| Pair {
        slot: pair.slot,
        api_key: pair.api_key.clone(),
        private_key: pair.private_key.clone(),
        users: here(&pair.users),
        total: pair.total,
    });
    Map { instances, spaces, pairs: pairs.filter(|pair| !pair.users.is_empty()).collect() }
}
