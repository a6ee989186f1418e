//! What a diagnostic shows of its files: the lines of its places and their neighbours, cut to a width, masked and made printable.
//!
//! The lines are put together into one short text, so that whoever draws it never
//! meets a large file or a long line. The true line and column travel with each mark.

use std::collections::BTreeSet;
use std::ops::Range;

use super::cut::{ELLIPSIS, Spot, pieces, runs, shown, spots};
use super::printable;
use crate::mask::snippet::{Cover, Masks};
use crate::rule::{Finding, Label};
use crate::source::{Source, SourceId, Span};
use crate::sources::Sources;

/// How many places of one finding are shown.
const MAX_PLACES: usize = 24;

/// The lines of all places of one finding.
#[derive(Debug, Default)]
pub struct Excerpt {
    /// All blocks, one after the other; every line ends with a line feed.
    pub text: String,
    /// Consecutive lines of one file.
    pub blocks: Vec<Block>,
    /// The places, by block.
    pub marks: Vec<Mark>,
    /// How many places were left out.
    pub left_out: usize,
}

/// Consecutive lines of one file.
#[derive(Debug)]
pub struct Block {
    /// The file, printable.
    pub path: String,
    /// The bytes in [`Excerpt::text`].
    pub range: Range<usize>,
    /// The number of the first line, from 1.
    pub first_line: usize,
    /// How many lines.
    pub lines: usize,
}

/// A place in an excerpt.
#[derive(Debug)]
pub struct Mark {
    /// The bytes in [`Excerpt::text`], within one line.
    pub range: Range<usize>,
    /// The words on it, printable; may be empty.
    pub words: String,
    /// Whether it is the finding's primary place.
    pub primary: bool,
    /// The true line, from 1.
    pub line: usize,
    /// The true column in characters, from 1.
    pub column: usize,
}

impl Excerpt {
    /// Cuts out what a finding shows; `width` bytes of a line at most, more where it has several places.
    #[must_use]
    pub fn new(finding: &Finding, sources: &Sources, masks: &mut Masks, width: usize) -> Self {
        let labels = || std::iter::once(&finding.primary).chain(&finding.related);
        let left_out = labels().count().saturating_sub(MAX_PLACES);
        let mut excerpt = Self { left_out, ..Self::default() };
        let mut done = BTreeSet::new();
        for id in labels().take(MAX_PLACES).map(|label| label.at.source) {
            if !done.insert(id) {
                continue;
            }
            let here = labels().take(MAX_PLACES).filter(|label| label.at.source == id);
            let words = |label: &Label| {
                printable::text(&label.text) + &super::unpacked_line(sources, label.at)
            };
            let spots = spots(here, &finding.primary, sources.readable(id), words);
            match sources.readable(id) {
                Some(source) => {
                    excerpt.add_file((id, &sources.shown(id)), source, &spots, masks, width);
                }
                None => excerpt.add_unread(&sources.shown(id), &spots),
            }
        }
        excerpt
    }

    fn add_file(
        &mut self,
        (id, path): (SourceId, &str),
        source: &Source,
        spots: &[Spot],
        masks: &mut Masks,
        width: usize,
    ) {
        let covers = masks.of(id, source);
        for lines in runs(source, spots) {
            let (start, count) = (self.text.len(), lines.clone().count());
            let first_line = source.line_number(*lines.start());
            for line in lines {
                let here: Vec<&Spot> = spots.iter().filter(|spot| spot.index == line).collect();
                self.add_line(source, source.line_span(line), &here, covers, width);
            }
            let path = printable::path(path);
            let range = start..self.text.len();
            self.blocks.push(Block { path, range, first_line, lines: count });
        }
    }

    fn add_line(
        &mut self,
        source: &Source,
        line: Span,
        spots: &[&Spot],
        covers: &[Cover],
        width: usize,
    ) {
        let mut pieces = pieces(source.text(), line.range(), spots, width).into_iter().peekable();
        let mut left = spots.iter().peekable();
        if pieces.peek().is_some_and(|piece| piece.start > line.range().start) {
            self.text.push(ELLIPSIS);
        }
        while let Some(piece) = pieces.next() {
            let shown = shown(source.text(), piece.clone(), covers);
            if shown.text.starts_with(ELLIPSIS) && self.text.ends_with(ELLIPSIS) {
                self.text.pop();
            }
            let shift = self.text.len();
            self.text.push_str(&shown.text);
            while let Some(spot) = left.next_if(|spot| spot.range.start <= piece.end) {
                let within =
                    |offset: usize| shown.place(offset.clamp(piece.start, piece.end)) + shift;
                self.marks.push(spot.mark(within(spot.range.start)..within(spot.range.end)));
            }
            let is_cut = pieces.peek().is_some() || piece.end < line.range().end;
            if is_cut && !self.text.ends_with(ELLIPSIS) {
                self.text.push(ELLIPSIS);
            }
        }
        self.text.push('\n');
    }

    /// A file without text still has its name and the words.
    fn add_unread(&mut self, path: &str, spots: &[Spot]) {
        let start = self.text.len();
        self.text.push('\n');
        self.marks.extend(spots.iter().map(|spot| spot.mark(start..start)));
        let path = printable::path(path);
        self.blocks.push(Block { path, range: start..self.text.len(), first_line: 1, lines: 1 });
    }
}

impl Spot {
    fn mark(&self, range: Range<usize>) -> Mark {
        let Self { words, primary, line, column, .. } = self;
        Mark { range, words: words.clone(), primary: *primary, line: *line, column: *column }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::inventory::Inventory;
    use crate::source::{Location, Part};
    use crate::sources::Entry;

    #[test]
    fn parts_of_one_line_of_a_large_file_are_shown_apart() {
        let part = |text: &str, column| Part { bytes: text.into(), byte: column, line: 7, column };
        let parts = vec![part("one", 3), part("two", 90)];
        let id = SourceId(0);
        let loaded = BTreeMap::from([(id, Source::of_parts("dump.sql".into(), parts).into())]);
        let sources = Sources::new(vec![Entry::default()], loaded);
        let finding = Finding::new(Location::new(id, 6, 9), "two").see(Location::new(id, 0, 3), "");
        let pointed = [finding.primary.at, finding.related[0].at];
        let mut hidden = Masks::new(&Inventory::default(), pointed);
        let excerpt = Excerpt::new(&finding, &sources, &mut hidden, 80);
        let blocks = excerpt.blocks.iter().map(|block| (block.first_line, block.lines));
        assert_eq!(blocks.collect::<Vec<_>>(), [(7, 1), (7, 1)]);
        let marks = excerpt.marks.iter();
        let marks = marks.map(|mark| (excerpt.text[mark.range.clone()].to_owned(), mark.column));
        assert_eq!(marks.collect::<Vec<_>>(), [("one".to_owned(), 3), ("two".to_owned(), 90)]);
    }
}
