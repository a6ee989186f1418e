//! One file's text and the places in it.
//!
//! A file is loaded once. Whatever disturbs a parser is replaced by something of the same byte length, so every span of the text is a
//! span of the file; only a byte-order mark shifts all of them, by its length. UTF-16 is decoded: there the lines tell where a byte stands.

use std::fmt;
use std::sync::OnceLock;

use crate::encoding::Encoding;

/// The address of a [`Source`]: its index in the sorted list of discovered files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A half-open range of bytes in a source's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Builds a span from byte offsets; offsets beyond 4 GiB, which no loaded text has, saturate.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The span as a range for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether it lies within another.
    #[must_use]
    pub fn within(self, other: Self) -> bool {
        other.start <= self.start && self.end <= other.end
    }

    /// Whether the two spans share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A place: a span in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file.
    pub source: SourceId,
    /// The bytes in it.
    pub span: Span,
}

impl Location {
    /// Whether the two places share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.source == other.source && self.span.overlaps(other.span)
    }

    /// Builds the place from `start` to `end` in `source`, in bytes.
    #[must_use]
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        Self { source, span: Span::new(start, end) }
    }
}

/// A place as people and editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Byte in the file, from 0, a byte-order mark included.
    pub byte: usize,
}

/// A part of a file that is too large to be held whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Its text.
    pub bytes: Vec<u8>,
    /// Its first byte in the file.
    pub byte: usize,
    /// The line it starts on, from 1.
    pub line: usize,
    /// The column it starts at, in characters, from 1.
    pub column: usize,
}

/// What stands between two parts: it ends what the first may leave open.
const BETWEEN: &str = "\n;\n";

/// One file's text.
pub struct Source {
    path: String,
    text: String,
    base: usize,
    is_wide: bool,
    invalid: Vec<u32>,
    /// Whether the file is compressed: the text has lines of its own, and none of the file.
    is_unpacked: bool,
    /// Where the parts of a larger file start in the text, with their places in the file but not their bytes; none of a file that is whole.
    parts: Vec<(u32, Part)>,
    lines: OnceLock<Lines>,
}

/// Where the lines start.
struct Lines {
    /// In the text.
    starts: Vec<u32>,
    /// In the file, where it is UTF-16.
    wide: Vec<usize>,
    /// Their numbers in the file, where only parts of it are here.
    numbers: Vec<usize>,
    /// Places within long lines, in order.
    marks: Vec<Mark>,
}

/// A place within a long line, with what lies between the start of the line and it: a dump can have a million places on one line.
struct Mark {
    offset: u32,
    letters: usize,
    /// In bytes of UTF-16, where the file is that.
    width: usize,
}

/// How many bytes lie between two marks, or a few more.
const STEP: usize = 4096;

impl Source {
    /// Takes a file's bytes: a byte-order mark is set aside, UTF-16 decoded, every invalid byte or unit becomes one `?`.
    #[must_use]
    pub fn new(path: String, bytes: Vec<u8>) -> Self {
        let (encoding, mark) = Encoding::of(&bytes);
        if let Some(order) = encoding.order() {
            let mut invalid = Vec::new();
            let text = decoded(bytes.get(mark..).unwrap_or_default(), order, &mut invalid);
            return Self {
                path,
                text,
                base: mark,
                is_wide: true,
                invalid,
                is_unpacked: false,
                parts: Vec::new(),
                lines: OnceLock::new(),
            };
        }
        let base = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let mut invalid = Vec::new();
        let text = match String::from_utf8(bytes) {
            Ok(mut text) => {
                text.drain(..base);
                text
            }
            Err(error) => {
                mask_invalid(error.as_bytes().get(base..).unwrap_or_default(), &mut invalid)
            }
        };
        Self {
            path,
            text,
            base,
            is_wide: false,
            invalid,
            is_unpacked: false,
            parts: Vec::new(),
            lines: OnceLock::new(),
        }
    }

    /// Takes what matters of a file that is larger than what may be held; every place is one of the whole file.
    #[must_use]
    pub fn of_parts(path: String, parts: Vec<Part>) -> Self {
        let mut bytes = Vec::new();
        let mut starts = Vec::new();
        for mut part in parts {
            if !bytes.is_empty() {
                bytes.extend_from_slice(BETWEEN.as_bytes());
            }
            let at = Span::new(bytes.len(), bytes.len()).start;
            bytes.append(&mut part.bytes);
            starts.push((at, part));
        }
        Self { parts: starts, base: 0, ..Self::new(path, bytes) }
    }

    /// Takes what a compressed file holds, under the name that it has unpacked.
    #[must_use]
    pub fn unpacked(path: String, parts: Vec<Part>) -> Self {
        Self { is_unpacked: true, ..Self::of_parts(path, parts) }
    }

    /// Whether the text is the file to the byte, so that what is changed in one can be changed in the other.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let is_as_read = self.base == 0 && !self.is_wide && self.invalid.is_empty();
        is_as_read && !self.is_unpacked && self.parts.is_empty()
    }

    /// Whether the text is not as it stands in the file.
    #[must_use]
    pub fn is_unpacked(&self) -> bool {
        self.is_unpacked
    }

    /// The path relative to the checked tree, with `/`, as found (not escaped).
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text, valid UTF-8, without byte-order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty where the span is not one of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Whether an invalid byte, shown as `?`, lies in `span`.
    #[must_use]
    pub fn has_invalid_bytes(&self, span: Span) -> bool {
        let from = self.invalid.partition_point(|&offset| offset < span.start);
        self.invalid.get(from).is_some_and(|&offset| offset < span.end)
    }

    /// Line, column and byte of an offset in [`Source::text`]; of a compressed file, where it stands in what that holds.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let offset = Span::new(0, (offset as usize).min(self.text.len())).end;
        let line = self.line_of(offset);
        let start = self.line_starts().get(line).copied().unwrap_or_default();
        let (letters, width) = self.since(start, offset);
        let known = self.parts.partition_point(|(start, _)| *start <= offset);
        if let Some((first, part)) = known.checked_sub(1).and_then(|last| self.parts.get(last)) {
            let lines = line - self.line_of(*first);
            let column = if lines == 0 { part.column } else { 1 };
            let byte = part.byte + (offset - first) as usize;
            return Position { line: part.line + lines, column: column + letters, byte };
        }
        let wide = self.lines().wide.get(line);
        let byte = wide.map_or(offset as usize + self.base, |from| from + width);
        Position { line: line + 1, column: letters + 1, byte }
    }

    /// How many characters lie between the start of a line and a place on it, and how many bytes they take in UTF-16 where the file is that.
    fn since(&self, start: u32, offset: u32) -> (usize, usize) {
        let marks = &self.lines().marks;
        let behind = marks.partition_point(|mark| mark.offset <= offset);
        let mark = behind.checked_sub(1).and_then(|last| marks.get(last));
        let mark = mark.filter(|mark| mark.offset > start);
        let (from, letters, known) =
            mark.map_or((start, 0, 0), |mark| (mark.offset, mark.letters, mark.width));
        let rest = self.text.get(from as usize..offset as usize).unwrap_or_default();
        let more = if self.is_wide { width(rest) } else { 0 };
        (letters + rest.chars().count(), known + more)
    }

    /// The line that an offset lies on, counted from 0 in [`Source::text`]: two parts of a file can be of one line of it.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> usize {
        self.line_starts().partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// The number in the file of a line of the text, from 1.
    #[must_use]
    pub fn line_number(&self, line: usize) -> usize {
        self.lines().numbers.get(line).copied().unwrap_or(line + 1)
    }

    /// The span of a line of the text, without its line ending; empty where there is none.
    #[must_use]
    pub fn line_span(&self, line: usize) -> Span {
        let lines = self.line_starts();
        let Some(&start) = lines.get(line) else { return Span::default() };
        let end = lines.get(line + 1).map_or(self.text.len(), |&next| next as usize);
        let content = self.text.get(start as usize..end).unwrap_or_default();
        let start = start as usize;
        Span::new(start, start + content.trim_end_matches(['\r', '\n']).len())
    }

    fn line_starts(&self) -> &[u32] {
        &self.lines().starts
    }

    /// The lines' numbers in the file; the one between two parts counts to the first.
    fn numbers(&self, starts: &[u32]) -> Vec<usize> {
        let mut parts = self.parts.iter().peekable();
        let mut number = 0;
        let numbers = starts.iter().map(|start| {
            let next = parts.next_if(|(at, _)| at == start);
            let is_between = parts.peek().is_some_and(|(at, _)| *at == start + 2);
            number = match next {
                Some((_, part)) => part.line,
                None if is_between => number,
                None => number + 1,
            };
            number
        });
        if self.parts.is_empty() { Vec::new() } else { numbers.collect() }
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes())
                .map(|end| Span::new(end + 1, end + 1).start);
            let starts: Vec<u32> = std::iter::once(0).chain(ends).collect();
            let numbers = self.numbers(&starts);
            let lines = self.is_wide.then(|| self.text.split_inclusive('\n'));
            let widths = lines.into_iter().flatten().scan(self.base, |end, line| {
                *end += width(line);
                Some(*end)
            });
            let base = self.is_wide.then_some(self.base);
            let marks = self.marks(&starts);
            Lines { starts, wide: base.into_iter().chain(widths).collect(), numbers, marks }
        })
    }

    fn marks(&self, starts: &[u32]) -> Vec<Mark> {
        let mut marks = Vec::new();
        let ends = starts.iter().skip(1).map(|next| *next as usize);
        for (start, end) in starts.iter().zip(ends.chain([self.text.len()])) {
            let (mut from, mut letters, mut wide) = (*start as usize, 0, 0);
            while let Some(to) = (from + STEP..end).find(|to| self.text.is_char_boundary(*to)) {
                let piece = self.text.get(from..to).unwrap_or_default();
                letters += piece.chars().count();
                wide += if self.is_wide { width(piece) } else { 0 };
                marks.push(Mark { offset: Span::new(to, to).start, letters, width: wide });
                from = to;
            }
        }
        marks
    }
}

impl fmt::Debug for Source {
    /// Never prints the text: it can hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("path", &self.path)
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

fn decoded(bytes: &[u8], order: fn([u8; 2]) -> u16, invalid: &mut Vec<u32>) -> String {
    let (units, rest) = bytes.as_chunks();
    let mut text = String::with_capacity(bytes.len() / 2);
    let letters = char::decode_utf16(units.iter().map(|&unit| order(unit)));
    let half = (!rest.is_empty()).then_some(None);
    for letter in letters.map(Result::ok).chain(half) {
        if letter.is_none() {
            invalid.push(Span::new(text.len(), text.len()).start);
        }
        text.push(letter.unwrap_or('?'));
    }
    text
}

/// How many bytes a text takes in UTF-16.
fn width(text: &str) -> usize {
    text.chars().map(|letter| letter.len_utf16() * 2).sum()
}

fn mask_invalid(bytes: &[u8], invalid: &mut Vec<u32>) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            invalid.push(Span::new(text.len(), text.len()).start);
            text.push('?');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_keep_every_offset() {
        let source = Source::new("a".into(), b"a: \xff\xfe\nb: \xc3\xa9".to_vec());
        assert_eq!(source.text(), "a: ??\nb: é");
        assert!(source.has_invalid_bytes(Span::new(3, 4)));
        assert!(!source.has_invalid_bytes(Span::new(5, 11)));
    }

    #[test]
    fn a_byte_order_mark_shifts_bytes_but_not_columns() {
        let source = Source::new("a".into(), b"\xEF\xBB\xBFkey".to_vec());
        assert_eq!(source.text(), "key");
        assert_eq!(source.position(1), Position { line: 1, column: 2, byte: 4 });
    }

    #[test]
    fn utf_16_is_read_in_either_order_and_keeps_its_places() {
        let text = "é: 😀\r\nkey: 'v'";
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let units = "\u{FEFF}".encode_utf16().chain(text.encode_utf16());
            let source = Source::new("a".into(), units.flat_map(order).collect());
            assert_eq!(source.text(), text);
            let offset =
                |word| u32::try_from(text.find(word).expect("it is there")).expect("it is short");
            assert_eq!(source.position(offset("😀")), Position { line: 1, column: 4, byte: 8 });
            assert_eq!(source.position(offset("'v'")), Position { line: 2, column: 6, byte: 26 });
        }
        let source = Source::new("a".into(), b"\xFF\xFEa\0\0\xD8b\0c".to_vec());
        assert_eq!(source.text(), "a?b?");
        assert!(source.has_invalid_bytes(Span::new(1, 2)));
        assert_eq!(source.position(3), Position { line: 1, column: 4, byte: 8 });
    }

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a".into(), "x\r\né: v".into());
        assert_eq!(source.position(6), Position { line: 2, column: 3, byte: 6 });
        assert_eq!(source.slice(source.line_span(0)), "x");
    }

    #[test]
    fn places_on_a_long_line_are_counted_as_on_a_short_one() {
        let text = format!("a\n{}", "é😀x".repeat(STEP));
        let units = "\u{FEFF}".encode_utf16().chain(text.encode_utf16());
        let wide = Source::new("a".into(), units.flat_map(u16::to_le_bytes).collect());
        let source = Source::new("a".into(), text.clone().into_bytes());
        for (at, _) in text.char_indices().step_by(97).filter(|(at, _)| *at > 2) {
            let before = text.get(2..at).unwrap_or_default();
            let column = before.chars().count() + 1;
            let offset = u32::try_from(at).unwrap_or_default();
            assert_eq!(source.position(offset), Position { line: 2, column, byte: at });
            let byte = 6 + width(before);
            assert_eq!(wide.position(offset), Position { line: 2, column, byte });
        }
    }

    #[test]
    fn parts_of_a_large_file_keep_their_places() {
        let part = |text: &str, byte, line, column| Part { bytes: text.into(), byte, line, column };
        let parts = vec![part("one\ntwo", 100, 7, 3), part("three", 900, 20, 1)];
        let source = Source::of_parts("a".into(), parts);
        assert_eq!(source.text(), "one\ntwo\n;\nthree");
        assert_eq!(source.position(1), Position { line: 7, column: 4, byte: 101 });
        assert_eq!(source.position(5), Position { line: 8, column: 2, byte: 105 });
        assert_eq!(source.position(10), Position { line: 20, column: 1, byte: 900 });
        let shown: Vec<_> = (0..4)
            .map(|line| (source.line_number(line), source.slice(source.line_span(line))))
            .collect();
        assert_eq!(shown, [(7, "one"), (8, "two"), (8, ";"), (20, "three")]);
        assert_eq!(source.line_of(10), 3);
    }

    #[test]
    fn debug_never_shows_the_text() {
        let source = Source::new("a".into(), b"secret".to_vec());
        assert!(!format!("{source:?}").contains("secret"));
    }
}
