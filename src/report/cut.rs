//! Which lines of a file, which parts of a line, and how to show its bytes.

use std::ops::{Range, RangeInclusive};

use super::printable;
use crate::mask::snippet::Cover;
use crate::rule::Label;
use crate::source::Source;

/// How many lines without a place are shown between two with one, rather than a new block.
const MAX_GAP: usize = 2;

/// The least that is shown round a place of a long line.
const MIN_PIECE: usize = 40;

/// What stands for a part of a line that is not shown.
pub(super) const ELLIPSIS: char = '…';

/// A place of one file: the part of its span that lies on its first line.
pub(super) struct Spot {
    pub(super) range: Range<usize>,
    pub(super) words: String,
    pub(super) primary: bool,
    /// The line in the source's text, from 0.
    pub(super) index: usize,
    /// The line in the file, from 1.
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The places of one file in order, those of one span together.
pub(super) fn spots<'a>(
    labels: impl Iterator<Item = &'a Label>,
    primary: &Label,
    source: Option<&Source>,
    words: impl Fn(&Label) -> String,
) -> Vec<Spot> {
    let mut spots: Vec<Spot> = Vec::new();
    for label in labels {
        let (range, index, line, column) = source.map_or((0..0, 0, 1, 1), |source| {
            let at = source.position(label.at.span.start);
            let index = source.line_of(label.at.span.start);
            let line = source.line_span(index).range();
            let edge = |offset: u32| {
                boundary(source.text(), (offset as usize).clamp(line.start, line.end))
            };
            (edge(label.at.span.start)..edge(label.at.span.end), index, at.line, at.column)
        });
        let (words, primary) = (words(label), std::ptr::eq(label, primary));
        match spots.iter_mut().find(|spot| spot.range == range) {
            Some(spot) => {
                let apart = if spot.words.is_empty() || words.is_empty() { "" } else { ", " };
                if spot.words != words {
                    spot.words = format!("{}{apart}{words}", spot.words);
                }
                spot.primary |= primary;
            }
            None => spots.push(Spot { range, words, primary, index, line, column }),
        }
    }
    spots.sort_by_key(|spot| (spot.range.start, spot.range.end));
    spots
}

/// Which lines of the text to show: those of the places, one before and after, and short gaps between; no empty ones at the edge, and none
/// that do not follow each other in the file.
pub(super) fn runs(source: &Source, spots: &[Spot]) -> Vec<RangeInclusive<usize>> {
    let is_worth = |line: usize| !source.slice(source.line_span(line)).trim().is_empty();
    let follow = |first: usize, last: usize| {
        source.line_number(last) == source.line_number(first) + (last - first)
    };
    let mut runs: Vec<RangeInclusive<usize>> = Vec::new();
    for spot in spots {
        let above = spot.index.checked_sub(1);
        let above = above.filter(|&above| follow(above, spot.index) && is_worth(above));
        let below = spot.index + 1;
        let first = above.unwrap_or(spot.index);
        let last = if follow(spot.index, below) && is_worth(below) { below } else { spot.index };
        match runs.last_mut() {
            Some(run) if first <= run.end() + 1 + MAX_GAP && follow(*run.start(), last) => {
                *run = *run.start()..=last.max(*run.end());
            }
            _ => runs.push(first..=last),
        }
    }
    runs
}

/// What to show of a line: all of a short one, else its head, or the surroundings of each place.
pub(super) fn pieces(
    text: &str,
    line: Range<usize>,
    spots: &[&Spot],
    width: usize,
) -> Vec<Range<usize>> {
    if line.len() <= width {
        return vec![line];
    }
    let width = (width / spots.len().max(1)).max(MIN_PIECE);
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let head = line.start..line.start;
    let ranges = spots.iter().map(|spot| spot.range.clone());
    for range in ranges.chain(spots.is_empty().then_some(head)) {
        let start = if range.end <= line.start + width {
            line.start
        } else {
            let lead = (width / 3).min(width.saturating_sub(range.len()));
            range.start.saturating_sub(lead).min(line.end.saturating_sub(width))
        };
        let start = boundary(text, start.max(line.start));
        let end = boundary(text, (start + width).min(line.end));
        match pieces.last_mut() {
            Some(last) if start <= last.end => last.end = end.max(last.end),
            _ => pieces.push(start..end),
        }
    }
    pieces
}

/// A part of a text as it is shown.
pub(super) struct Shown {
    pub(super) text: String,
    /// Bytes of the source and where they are shown, in order.
    places: Vec<(usize, usize)>,
}

impl Shown {
    /// Where a byte of the source is shown.
    pub(super) fn place(&self, offset: usize) -> usize {
        let known = self.places.partition_point(|(from, _)| *from <= offset);
        known.checked_sub(1).and_then(|last| self.places.get(last)).map_or(0, |place| place.1)
    }
}

/// The text of a range: an ellipsis for each part of it that is hidden, and for secrets as many stars as they have bytes.
pub(super) fn shown(text: &str, range: Range<usize>, covers: &[Cover]) -> Shown {
    let mut shown = String::with_capacity(range.len());
    let mut places = Vec::new();
    let from = covers.partition_point(|cover| cover.span.range().end <= range.start);
    let mut covers = covers.get(from..).unwrap_or_default().iter().peekable();
    let content = text.get(range.clone()).unwrap_or_default();
    for (at, letter) in content.char_indices() {
        let at = range.start + at;
        while covers.next_if(|cover| cover.span.range().end <= at).is_some() {}
        let cover = covers.peek().filter(|cover| cover.span.range().start < at + letter.len_utf8());
        let is_ellipsis = cover.is_some_and(|cover| !cover.is_secret);
        let goes_on = is_ellipsis && shown.ends_with(ELLIPSIS);
        places.push((at, if goes_on { shown.len() - ELLIPSIS.len_utf8() } else { shown.len() }));
        if is_ellipsis {
            shown.extend((!goes_on).then_some(ELLIPSIS));
        } else if cover.is_some() {
            shown.extend(std::iter::repeat_n('*', letter.len_utf8()));
        } else if printable::opens_command(&shown, letter) {
            shown.push('(');
        } else {
            match printable::stand_in(letter) {
                Some(stand_in) => shown.push_str(stand_in),
                None => shown.push(letter),
            }
        }
    }
    places.push((range.end, shown.len()));
    Shown { text: shown, places }
}

/// The start of the character that an offset lies in.
pub(super) fn boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
