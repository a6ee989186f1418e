//! The search for [`PRIVATE_KEY`] and [`SIGNS`], and what their places say about base64's groups.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::sift::signs::{SIGNS, Sign};
use crate::sift::vocabulary::PRIVATE_KEY;

/// How many of [`PRIVATE_KEY`] are not base64.
const PLAIN: usize = 3;

/// The index in its group of four of the first character that a byte determines alone, by the byte's index in its group of three.
const FIRST: [usize; 3] = [0, 2, 3];

/// What a needle says of the text around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The words of a PEM marker.
    Words,
    /// Base64 of a needle, by the index in its group of four of the first character.
    Wrapped(usize),
    /// Anything else.
    Sign(Sign),
}

/// The kind of match that has a vectorised search.
static QUICK: LazyLock<AhoCorasick> =
    LazyLock::new(|| automaton(MatchKind::LeftmostFirst, all().map(|(text, _)| text)));
/// The kind of match that can overlap another; of base64 alone.
static COMPLETE: LazyLock<AhoCorasick> =
    LazyLock::new(|| automaton(MatchKind::Standard, wrapped().map(|(text, _)| text)));
static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| all().map(|(_, kind)| kind).collect());
static FIRSTS: LazyLock<Vec<usize>> = LazyLock::new(|| wrapped().map(|(_, at)| at).collect());

fn all() -> impl Iterator<Item = (&'static str, Kind)> {
    let words = PRIVATE_KEY.iter().enumerate().map(|(index, text)| {
        let kind = index.checked_sub(PLAIN).map_or(Kind::Words, |encoded| {
            Kind::Wrapped(FIRST.get(encoded % 3).copied().unwrap_or_default())
        });
        (*text, kind)
    });
    words.chain(SIGNS.iter().map(|&(text, sign)| match sign {
        Sign::Base64(first) => (text, Kind::Wrapped(first)),
        sign => (text, Kind::Sign(sign)),
    }))
}

fn wrapped() -> impl Iterator<Item = (&'static str, usize)> {
    all().filter_map(|(text, kind)| match kind {
        Kind::Wrapped(first) => Some((text, first)),
        _ => None,
    })
}

fn automaton(kind: MatchKind, needles: impl Iterator<Item = &'static str>) -> AhoCorasick {
    let built = AhoCorasick::builder().match_kind(kind).build(needles);
    built.expect("a few short literals make an automaton")
}

/// A needle in a text.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

/// Every needle in `text`, in order.
pub(super) fn hits(text: &[u8]) -> impl Iterator<Item = Hit> {
    QUICK.find_iter(text).filter_map(|found| {
        let kind = KINDS.get(found.pattern().as_usize()).copied()?;
        Some(Hit { start: found.start(), end: found.end(), kind })
    })
}

/// How many characters to skip so that a group of four begins where some needle needs it to; each at most once.
pub(super) fn skips(chars: &[u8]) -> Vec<usize> {
    let mut skips = Vec::new();
    for found in COMPLETE.find_overlapping_iter(chars) {
        let Some(first) = FIRSTS.get(found.pattern().as_usize()) else { continue };
        let skip = (found.start() + 4 - first) % 4;
        if !skips.contains(&skip) {
            skips.push(skip);
        }
        if skips.len() == 4 {
            break;
        }
    }
    skips
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD_NO_PAD;

    use super::*;

    /// The characters of base64 that `text` alone determines when it begins at the byte `at` of a group of three.
    fn encoded(text: &str, at: usize) -> String {
        let chars = BASE64_STANDARD_NO_PAD.encode(format!("{}{text}", &"..."[..at]));
        let whole = (at + text.len()) * 8 / 6;
        chars[FIRST[at]..whole].to_owned()
    }

    #[test]
    fn needles_are_the_words_and_their_base64_at_every_alignment() {
        let words = ["PRIVATE", "KEY-----"];
        let once = words.iter().flat_map(|word| (0..3).map(|at| encoded(word, at)));
        let once: Vec<String> = once.collect();
        let twice = once.iter().flat_map(|once| (0..3).map(|at| encoded(once, at)));
        let expected: Vec<String> = once.iter().cloned().chain(twice).collect();
        assert_eq!(PRIVATE_KEY[PLAIN..], expected);
    }

    #[test]
    fn signs_in_base64_stand_at_every_alignment() {
        for text in ["\"kty\"", "PuTTY-User-Key", "AGE-SECRET-KEY-1"] {
            for (at, first) in FIRST.iter().enumerate() {
                let sign = (encoded(text, at), *first);
                let is_there = wrapped().any(|(text, first)| (text.to_owned(), first) == sign);
                assert!(is_there, "{text} at {at}: {}", sign.0);
            }
        }
    }
}
