//! The hashes by which GitHub knows a line again, `primaryLocationLineHash`: of lines with nothing hidden in what is hashed, so that no
//! byte of a secret is in one. For all others GitHub's own upload makes them.
//!
//! The hash of a line is a polynomial in 37 modulo 2⁶⁴ over the first hundred UTF-16 units from its start on that are neither blanks nor tabs,
//! with every line ending as one line feed, the end of the file as 65535, and zeros behind it. A colon and the line's number among the
//! lines of the same hash follow. (The algorithm is `github/codeql-action`'s; the code is our own.)

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::mask::snippet::Cover;

const WINDOW: usize = 100;
const FACTOR: u64 = 37;
const END: u16 = u16::MAX;

/// The hashes of the lines that start at the wanted bytes of a text, but for those that would tell what is hidden; to GitHub a byte-order mark is a part of its first line.
pub(super) fn line_hashes(
    text: &str,
    is_marked: bool,
    covers: &[Cover],
    wanted: &BTreeSet<usize>,
) -> BTreeMap<usize, String> {
    let mut roll = Roll::default();
    let mut hashes = BTreeMap::new();
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    let mut done = |line: Option<(usize, u64)>| {
        let Some((start, hash)) = line else { return };
        let count = counts.entry(hash).or_default();
        *count += 1;
        if wanted.contains(&start) && !covered(text, start, covers) {
            hashes.insert(start, format!("{hash:x}:{count}"));
        }
    };
    let mut starts = true;
    let mut line = 0;
    let mut before = None;
    let mark = is_marked.then_some((0, '\u{feff}'));
    for (at, letter) in mark.into_iter().chain(text.char_indices()) {
        let is_second_half = letter == '\n' && before == Some('\r');
        before = Some(letter);
        if is_second_half {
            // The line after it starts behind it.
            line = at + 1;
            continue;
        }
        if matches!(letter, ' ' | '\t') {
            continue;
        }
        let is_end = matches!(letter, '\n' | '\r');
        let mut units = [0; 2];
        for unit in if is_end { '\n' } else { letter }.encode_utf16(&mut units) {
            done(roll.push(*unit, std::mem::take(&mut starts).then_some(line)));
        }
        if is_end {
            (starts, line) = (true, at + 1);
        }
    }
    done(roll.push(END, starts.then_some(line)));
    for _ in 0..WINDOW {
        done(roll.push(0, None));
    }
    hashes
}

/// Whether something is hidden in what the hash of a line is made of.
fn covered(text: &str, start: usize, covers: &[Cover]) -> bool {
    let rest = text.get(start..).unwrap_or_default().char_indices();
    let mut counted = rest.filter(|(_, letter)| !matches!(letter, ' ' | '\t'));
    let end = counted.nth(WINDOW).map_or(text.len(), |(at, _)| start + at);
    let next = covers.partition_point(|cover| cover.span.range().end <= start);
    covers.get(next).is_some_and(|cover| cover.span.range().start < end)
}

/// The last hundred units, their hash, and the lines that start among them.
struct Roll {
    units: VecDeque<u16>,
    hash: u64,
    /// What a unit counts when it leaves: the factor to the power of the window.
    leaving: u64,
    /// How many units there were.
    count: usize,
    /// The number of the first unit of a line, and the byte that the line starts at.
    lines: VecDeque<(usize, usize)>,
}

impl Default for Roll {
    fn default() -> Self {
        let leaving = (0..WINDOW).fold(1_u64, |power, _| power.wrapping_mul(FACTOR));
        let units = VecDeque::from([0; WINDOW]);
        Self { units, hash: 0, leaving, count: 0, lines: VecDeque::new() }
    }
}

impl Roll {
    /// Takes a unit, which may be the first of a line; gives the start and hash of the line that is complete before it.
    fn push(&mut self, unit: u16, line: Option<usize>) -> Option<(usize, u64)> {
        let is_complete = self.lines.front().is_some_and(|(first, _)| first + WINDOW == self.count);
        let complete = if is_complete { self.lines.pop_front() } else { None };
        let hash = self.hash;
        if let Some(start) = line {
            self.lines.push_back((self.count, start));
        }
        let gone = self.units.pop_front().unwrap_or_default();
        self.units.push_back(unit);
        self.hash = hash
            .wrapping_mul(FACTOR)
            .wrapping_add(unit.into())
            .wrapping_sub(self.leaving.wrapping_mul(gone.into()));
        self.count += 1;
        complete.map(|(_, start)| (start, hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn hashes(text: &str, covers: &[Cover]) -> Vec<String> {
        let all = (0..=text.len()).collect();
        line_hashes(text, false, covers, &all).into_values().collect()
    }

    /// Pairs of text and hashes that the tests of `github/codeql-action` hold to be right.
    #[test]
    fn lines_have_the_hashes_that_github_gives_them() {
        assert_eq!(hashes("", &[]), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            hashes(" a\nb\n  \t\tc\n d", &[]),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        let greetings = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        let text = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n";
        for ending in ["\n", "\r\n", "\r"] {
            assert_eq!(hashes(&text.replace('\n', ending), &[]), greetings, "{ending:?}");
        }
        let repeated = hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10), &[]);
        assert_eq!(
            repeated.iter().map(String::as_str).collect::<Vec<_>>(),
            [
                "a7f2ff13bc495cf2:1",
                "a7f2ff13bc495cf2:2",
                "a7f2ff13bc495cf2:3",
                "a7f2ff13bc495cf2:4",
                "a7f2ff13bc495cf2:5",
                "a7f2ff13bc495cf2:6",
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ]
        );
    }

    #[test]
    fn a_byte_order_mark_is_a_letter_of_the_first_line() {
        let all = (0..9).collect();
        let marked = line_hashes("a\nb\n", true, &[], &all);
        assert_eq!(marked.into_values().collect::<Vec<_>>(), hashes("\u{feff}a\nb\n", &[]));
    }

    #[test]
    fn a_line_near_something_hidden_has_none() {
        let cover = Cover { span: Span::new(5, 11), is_secret: false };
        let text = format!("key: secret\n{}x: y\n", "a: b\n".repeat(30));
        let shown = hashes(&text, &[cover]);
        assert_eq!(hashes(&text, &[]).last(), shown.last());
        assert_eq!(hashes(&text, &[]).len(), shown.len() + 1);
    }
}
