//! Template holes in JSON (Helm, Jinja, Handlebars, `envsubst`), masked at the same byte length.
//!
//! A hole that stands for a value becomes a number, one that steers the template becomes blanks, one inside a string becomes letters.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memmem};

use super::token::closes_further_down;

/// A text without template holes, and where they were.
pub(super) struct Masked<'a> {
    /// The text, every hole filled.
    pub(super) text: Cow<'a, str>,
    /// The holes in order.
    holes: Vec<Range<usize>>,
}

/// How long a hole may be, in bytes; longer text between braces is no template.
const MAX_HOLE: usize = 4096;

/// The words that open a hole which yields no value of its own.
const STEERING: &str = "if else end range with define block break continue each unless";

impl<'a> Masked<'a> {
    /// Masks every hole of a text.
    pub(super) fn new(text: &'a str) -> Self {
        let has = |mark: &[u8]| memmem::find(text.as_bytes(), mark).is_some();
        if !OPENERS.iter().any(|(open, _)| has(open)) {
            return Self { text: Cow::Borrowed(text), holes: Vec::new() };
        }
        let mut masker =
            Masker { text: text.as_bytes(), closers: [None; OPENERS.len()], holes: Vec::new() };
        masker.run();
        if masker.holes.is_empty() {
            return Self { text: Cow::Borrowed(text), holes: Vec::new() };
        }
        let mut filled = String::with_capacity(text.len());
        for (hole, filler) in &masker.holes {
            filled.push_str(text.get(filled.len()..hole.start).unwrap_or_default());
            filled.extend(std::iter::repeat_n(*filler, hole.len()));
        }
        filled.push_str(text.get(filled.len()..).unwrap_or_default());
        Self {
            text: Cow::Owned(filled),
            holes: masker.holes.into_iter().map(|(hole, _)| hole).collect(),
        }
    }

    /// Whether a hole shares a byte with the range.
    pub(super) fn meets(&self, range: Range<usize>) -> bool {
        let after = self.holes.partition_point(|hole| hole.end <= range.start);
        self.holes.get(after).is_some_and(|hole| hole.start < range.end)
    }
}

/// How holes open and close, the longer opener first.
const OPENERS: [(&[u8], &[u8]); 5] =
    [(b"${{", b"}}"), (b"{{", b"}}"), (b"{%", b"%}"), (b"{#", b"#}"), (b"${", b"}")];

struct Masker<'a> {
    text: &'a [u8],
    /// Where the next closer of each kind stands, as last looked up: `text.len()` for nowhere.
    closers: [Option<usize>; OPENERS.len()],
    holes: Vec<(Range<usize>, char)>,
}

impl Masker<'_> {
    fn run(&mut self) {
        let mut at = 0;
        let mut comments_close = true;
        while let Some(&byte) = self.text.get(at) {
            at = match byte {
                b'"' | b'\'' => self.string(at, byte),
                b'/' if self.rest(at).starts_with(b"//") => {
                    memchr(b'\n', self.rest(at)).map_or(self.text.len(), |end| at + end)
                }
                b'/' if self.rest(at).starts_with(b"/*") => {
                    // A comment that is never closed ends with its line, as for the scanner.
                    let end =
                        comments_close.then(|| memmem::find(self.rest(at + 2), b"*/")).flatten();
                    comments_close = end.is_some();
                    let line_end =
                        || memchr(b'\n', self.rest(at)).map_or(self.text.len(), |end| at + end);
                    end.map_or_else(line_end, |end| at + end + 4)
                }
                b'{' | b'$' => match self.hole(at) {
                    Some(end) => {
                        let is_value = self.text.get(at..end).is_some_and(yields_a_value);
                        self.holes.push((at..end, if is_value { '1' } else { ' ' }));
                        end
                    }
                    None => at + 1,
                },
                _ => at + 1,
            };
        }
    }

    /// Masks the holes of the string that opens at `open` and returns where it ends.
    fn string(&mut self, open: usize, quote: u8) -> usize {
        let mut at = open + 1;
        let mut known_close = 0;
        while let Some(&byte) = self.text.get(at) {
            match byte {
                b'\\' => at += 2,
                b'\n' if at > known_close => match closes_further_down(self.text, at, quote) {
                    Some(close) => known_close = close,
                    None => return at,
                },
                b'{' if self.text.get(at - 1) != Some(&b'$') => {
                    let end = self.hole(at).filter(|&end| self.is_inside_a_string(at..end, quote));
                    if let Some(end) = end {
                        self.holes.push((at..end, 'x'));
                    }
                    at = end.unwrap_or(at + 1);
                }
                _ if byte == quote => return at + 1,
                _ => at += 1,
            }
        }
        at
    }

    /// Whether a hole belongs to the string it starts in: `{{ x | default "y" }}` does, `"{{", "}}"` holds none.
    fn is_inside_a_string(&self, hole: Range<usize>, quote: u8) -> bool {
        let inner = self.text.get(hole).unwrap_or_default();
        if memchr(b'\n', inner).is_some() {
            return false;
        }
        let Some(first) = memchr(quote, inner) else { return true };
        let behind = inner.get(first + 1..).unwrap_or_default();
        let next = behind.iter().find(|byte| !byte.is_ascii_whitespace());
        !next.is_some_and(|next| b",:]}".contains(next))
    }

    /// The end of the hole that opens at `at`.
    fn hole(&mut self, at: usize) -> Option<usize> {
        let (index, (open, close)) =
            OPENERS.iter().enumerate().find(|(_, (open, _))| self.rest(at).starts_with(open))?;
        let from = at + open.len();
        let known = self.closers.get(index).copied().flatten().filter(|&known| known >= from);
        let end = known.unwrap_or_else(|| {
            memmem::find(self.rest(from), close).map_or(self.text.len(), |found| from + found)
        });
        if let Some(closer) = self.closers.get_mut(index) {
            *closer = Some(end);
        }
        if end == self.text.len() || end - at > MAX_HOLE {
            return None;
        }
        let triple = self.rest(at).starts_with(b"{{{") && self.rest(end).starts_with(b"}}}");
        Some(end + close.len() + usize::from(triple))
    }

    fn rest(&self, at: usize) -> &[u8] {
        self.text.get(at..).unwrap_or_default()
    }
}

/// Whether a hole outside strings stands for a value, and not for a condition, a loop, a comment or an assignment.
fn yields_a_value(hole: &[u8]) -> bool {
    let Some(inner) = hole.strip_prefix(b"{{") else { return hole.starts_with(b"$") };
    let inner = inner.trim_ascii_start();
    let inner = inner
        .strip_prefix(b"-")
        .or_else(|| inner.strip_prefix(b"~"))
        .unwrap_or(inner)
        .trim_ascii_start();
    let word = inner.split(|byte| !byte.is_ascii_alphabetic()).next().unwrap_or_default();
    let steers = STEERING.split(' ').any(|steering| steering.as_bytes() == word);
    let assigns = inner.starts_with(b"$") && memchr(b'=', inner).is_some();
    !steers && !assigns && !inner.first().is_some_and(|first| b"#/!^".contains(first))
}
