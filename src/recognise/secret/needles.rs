//! The search for [`PRIVATE_KEY`], and what their places say about base64's groups.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::sift::vocabulary::PRIVATE_KEY;

/// How many of [`PRIVATE_KEY`] are not base64.
const PLAIN: usize = 3;

/// The index in its group of four of the first character that a byte determines alone, by the byte's index in its group of three.
const FIRST: [usize; 3] = [0, 2, 3];

/// The kind of match that has a vectorised search.
static QUICK: LazyLock<AhoCorasick> = LazyLock::new(|| automaton(MatchKind::LeftmostFirst));
/// The kind of match that can overlap another.
static COMPLETE: LazyLock<AhoCorasick> = LazyLock::new(|| automaton(MatchKind::Standard));

fn automaton(kind: MatchKind) -> AhoCorasick {
    let built = AhoCorasick::builder().match_kind(kind).build(PRIVATE_KEY);
    built.expect("a few short literals make an automaton")
}

/// A needle in a text.
pub(super) struct Hit {
    pub start: usize,
    pub end: usize,
    pub is_plain: bool,
}

/// Every needle in `text`, in order.
pub(super) fn hits(text: &[u8]) -> impl Iterator<Item = Hit> {
    QUICK.find_iter(text).map(|found| Hit {
        start: found.start(),
        end: found.end(),
        is_plain: found.pattern().as_usize() < PLAIN,
    })
}

/// How many characters to skip so that a group of four begins where some needle needs it to; each at most once.
pub(super) fn skips(chars: &[u8]) -> Vec<usize> {
    let mut skips = Vec::new();
    for found in COMPLETE.find_overlapping_iter(chars) {
        let Some(encoded) = found.pattern().as_usize().checked_sub(PLAIN) else { continue };
        let first = FIRST.get(encoded % 3).copied().unwrap_or_default();
        let skip = (found.start() + 4 - first) % 4;
        if !skips.contains(&skip) {
            skips.push(skip);
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
}
