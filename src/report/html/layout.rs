//! Where each box of the map is drawn: it follows from the order of the map alone.

use crate::report::map::Map;

/// The height of an instance, of a key pair and of a data space, the gap below each and the one below a group.
const INSTANCE: usize = 44;
const PAIR: usize = 60;
const SPACE: usize = 52;
const SHARED_SPACE: usize = 70;
const GAP: usize = 10;
const GROUP_GAP: usize = 26;

/// The widths of the columns, and of the edges between them.
pub(super) const PAIR_WIDTH: usize = 216;
pub(super) const INSTANCE_WIDTH: usize = 280;
pub(super) const SPACE_WIDTH: usize = 306;
const EDGES: usize = 120;

/// The room round the drawing; above it there are the names of the columns.
const MARGIN: usize = 6;
const HEAD: usize = 34;

/// A box, by its upper left corner.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) y: usize,
    pub(super) height: usize,
}

impl Place {
    pub(super) fn middle(self) -> usize {
        self.y + self.height / 2
    }
}

/// Where everything is drawn.
pub(super) struct Layout {
    pub(super) instances: Vec<Place>,
    pub(super) spaces: Vec<Place>,
    pub(super) pairs: Vec<Place>,
    /// Where the columns begin.
    pub(super) pair_x: usize,
    pub(super) instance_x: usize,
    pub(super) space_x: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Layout {
    pub(super) fn of(map: &Map<'_>) -> Self {
        let space_x = MARGIN;
        let instance_x = space_x + SPACE_WIDTH + EDGES;
        let pair_x = instance_x + INSTANCE_WIDTH + EDGES;
        let (mut instances, mut spaces) = (Vec::new(), Vec::new());
        let mut y = HEAD;
        for space in &map.spaces {
            let height = if space.is_shared { SHARED_SPACE } else { SPACE };
            let users = (space.users.len() * (INSTANCE + GAP)).saturating_sub(GAP);
            let group = users.max(height);
            let first = y + (group - users) / 2;
            let place =
                |index: usize| Place { y: first + index * (INSTANCE + GAP), height: INSTANCE };
            instances.extend((0..space.users.len()).map(place));
            spaces.push(Place { y: y + (group - height) / 2, height });
            y += group + if space.users.len() > 1 { GROUP_GAP } else { GAP };
        }
        while instances.len() < map.instances.len() {
            instances.push(Place { y, height: INSTANCE });
            y += INSTANCE + GAP;
        }
        let mut next = HEAD;
        let middle = |user: &usize| instances.get(*user).map_or(0, |place: &Place| place.middle());
        let mut order: Vec<(usize, usize)> = map
            .pairs
            .iter()
            .map(|pair| pair.users.iter().map(middle).sum::<usize>() / pair.users.len().max(1))
            .enumerate()
            .map(|(index, wanted)| (wanted, index))
            .collect();
        order.sort_unstable();
        let mut pairs = vec![Place { y: 0, height: PAIR }; map.pairs.len()];
        for (wanted, index) in order {
            let y = wanted.saturating_sub(PAIR / 2).max(next);
            next = y + PAIR + GAP;
            if let Some(place) = pairs.get_mut(index) {
                place.y = y;
            }
        }
        let height = y.max(next) + MARGIN - GAP;
        let right =
            if map.pairs.is_empty() { instance_x + INSTANCE_WIDTH } else { pair_x + PAIR_WIDTH };
        let width = right + MARGIN;
        Self { instances, spaces, pairs, pair_x, instance_x, space_x, width, height }
    }
}
