//! Places that others are held against.

use crate::source::{Location, SourceId};

/// Places, which tell of another whether any of them has a byte of it.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// In order: the file, the first byte, and the furthest end in that file of this place and those before it.
    sorted: Vec<(SourceId, u32, u32)>,
}

impl FromIterator<Location> for Places {
    fn from_iter<I: IntoIterator<Item = Location>>(places: I) -> Self {
        let places = places.into_iter();
        let mut sorted: Vec<(SourceId, u32, u32)> =
            places.map(|at| (at.source, at.span.start, at.span.end)).collect();
        sorted.sort_unstable();
        let mut furthest: Option<(SourceId, u32)> = None;
        for (source, _, end) in &mut sorted {
            let before = furthest.filter(|(file, _)| file == source).map_or(0, |(_, end)| end);
            *end = before.max(*end);
            furthest = Some((*source, *end));
        }
        Self { sorted }
    }
}

impl Places {
    /// Whether any of the places shares a byte with this one.
    #[must_use]
    pub fn overlap(&self, at: Location) -> bool {
        let behind = self
            .sorted
            .partition_point(|(file, start, _)| (*file, *start) < (at.source, at.span.end));
        let last = behind.checked_sub(1).and_then(|last| self.sorted.get(last));
        last.is_some_and(|(file, _, end)| *file == at.source && *end > at.span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_known_by_any_of_its_bytes() {
        let at = |file, start, end| Location::new(SourceId(file), start, end);
        let places: Places = [at(1, 2, 20), at(1, 4, 6), at(3, 5, 9)].into_iter().collect();
        let all = (0..5).flat_map(|file| (0..25).map(move |start| (file, start)));
        for (file, start) in all {
            let known = [(1, 2, 20), (3, 5, 9)];
            let expected =
                known.iter().any(|(of, from, to)| *of == file && start < *to && *from < start + 3);
            assert_eq!(places.overlap(at(file, start, start + 3)), expected, "{file} {start}");
        }
    }
}
