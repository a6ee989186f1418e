//! PEM armour behind what a log, `grep` or an editor writes before every line: a time, a container, a number.
//!
//! The line that holds the marker shows what that is: its width, and the character that it ends with, and how often that stands in it. What is left of the lines is
//! read as if nothing had been before them. Each marker is read as far as the next one's words, so that all take linear time.

use memchr::{memchr, memchr_iter, memmem, memrchr};

/// The most that is looked at before a marker, and behind it for a key.
const LONGEST: usize = 1 << 15;
const WIDEST: usize = 512;
/// How much of what stands behind a marker tells where the text of a line ends.
const CLOSING: usize = 3;

/// Lines without their margins.
pub(super) struct Lines {
    pub text: Vec<u8>,
    /// For each line: where it begins in `text`, and in what it was taken from.
    begins: Vec<(usize, usize)>,
}

impl Lines {
    /// Where byte `at` of the lines stands in what they were taken from.
    pub(super) fn place(&self, at: usize) -> usize {
        let after = self.begins.partition_point(|&(begin, _)| begin <= at);
        let line = after.checked_sub(1).and_then(|line| self.begins.get(line));
        line.map_or(at, |&(begin, from)| from + (at - begin))
    }
}

/// Both ways to take the margin off the lines from the `BEGIN` marker at `marker..body` on; none where there is no margin.
pub(super) fn without(text: &[u8], marker: usize, body: usize) -> Vec<Lines> {
    let window = text.get(marker.saturating_sub(WIDEST)..marker).unwrap_or_default();
    let margin = memrchr(b'\n', window).map_or(window, |end| window.get(end + 1..).unwrap_or(&[]));
    let Some(&last) = margin.trim_ascii().last().and(margin.last()) else { return Vec::new() };
    let end = region_end(text, body);
    let rest = text.get(body..end).unwrap_or_default();
    let closing = rest.get(..memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
    let closing = closing.trim_ascii_end();
    let closing = closing.get(..closing.len().min(CLOSING)).unwrap_or_default();
    let is_closing = closing.first().is_some_and(|byte| !byte.is_ascii_alphanumeric());
    let closing = if is_closing { closing } else { &[] };
    let column = |_: &[u8]| Some(margin.len());
    let count = memchr_iter(last, margin).count();
    let delimiter = |line: &[u8]| memchr_iter(last, line).nth(count - 1).map(|at| at + 1);
    vec![lines(text, marker, end, closing, column), lines(text, marker, end, closing, delimiter)]
}

/// The lines of `text` from the one that the marker stands in, each from where `begin` says.
fn lines(
    text: &[u8],
    marker: usize,
    end: usize,
    closing: &[u8],
    begin: impl Fn(&[u8]) -> Option<usize>,
) -> Lines {
    let mut kept = Lines { text: Vec::new(), begins: Vec::new() };
    let mut at = marker;
    while at < end {
        let rest = text.get(at..end).unwrap_or_default();
        let line = rest.get(..memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
        let next = at + line.len() + 1;
        let closed = memmem::find(line, closing).filter(|_| !closing.is_empty());
        let line = line.get(..closed.unwrap_or(line.len())).unwrap_or_default();
        let line = line.trim_ascii_end();
        // The first line begins with the marker.
        let from = if at == marker { Some(0) } else { begin(line) };
        if let Some(from) = from
            && let Some(line) = line.get(from..)
        {
            kept.begins.push((kept.text.len(), at + from));
            kept.text.extend_from_slice(line);
            kept.text.push(b'\n');
        }
        at = next;
    }
    kept
}

/// Behind the line that holds the next marker's words.
fn region_end(text: &[u8], body: usize) -> usize {
    let end = text.len().min(body + LONGEST);
    let region = text.get(body..end).unwrap_or_default();
    let Some(words) = memmem::find(region, b"PRIVATE KEY") else { return end };
    let rest = region.get(words..).unwrap_or_default();
    let line = memchr(b'\n', rest.get(..rest.len().min(WIDEST)).unwrap_or_default());
    body + words + line.unwrap_or_else(|| rest.len().min(WIDEST))
}
