//! One search for every needle: the processor's vector search over *anchors*, a few bytes of each needle.
//!
//! The vector search looks at the first three bytes of a pattern, at each one's low and high half alone, and sorts patterns into sixteen
//! buckets of which one mask each tells whether something may stand at a place. It is as fast as memory while the buckets' masks are narrow, and
//! many times slower when they are not. So anchors are chosen to be alike in their low halves, as the cases of a letter are, and are spread over
//! the buckets so that what shares one is rare in text. That is about speed alone: what is found does not depend on it.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, Input, Match, MatchKind, Span, packed};

/// How many bytes of a pattern the vector search looks at.
const MASKED: usize = 3;

/// The longest anchor of a text; a longer one would be rarer, but fewer texts could share it.
const LONGEST: usize = 5;

/// How many buckets patterns are sorted into, by the remainder of their number.
const BUCKETS: usize = 16;

/// What is searched for.
pub(super) enum Sought {
    /// A text in any case.
    AnyCase(&'static str),
    /// This text.
    Text(Vec<u8>),
}

/// A search for many texts at once.
pub(super) struct Search {
    /// The processor's vector search; not every processor has it.
    pub vector: Option<packed::Searcher>,
    pub automaton: AhoCorasick,
    /// For each anchor, the texts that it may belong to.
    anchored: Vec<Places>,
}

/// The numbers of texts, and how many bytes into each an anchor stands.
type Places = Vec<(usize, usize)>;

type Anchors = BTreeMap<Vec<u8>, Places>;

impl Search {
    /// A search for texts of at least three bytes each.
    pub(super) fn new(sought: &[Sought]) -> Self {
        let mut anchors = Anchors::new();
        let mut texts = Vec::new();
        for (index, sought) in sought.iter().enumerate() {
            match sought {
                Sought::AnyCase(name) => {
                    let (offset, anchor) = anchor_of(name.as_bytes());
                    for variant in cases(anchor) {
                        anchors.entry(variant).or_default().push((index, offset));
                    }
                }
                Sought::Text(text) => texts.push((index, text.as_slice())),
            }
        }
        add_windows(&mut anchors, texts);
        let (patterns, anchored): (Vec<Vec<u8>>, Vec<_>) =
            spread(without_longer(anchors)).into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(&patterns)
            .expect("a hundred short anchors are far from the automaton's limits");
        Self { vector: vector(&patterns), automaton, anchored }
    }

    /// The first place from `from` on where texts may stand: where the anchor starts, and which texts it may be how many bytes into.
    pub(super) fn find(&self, bytes: &[u8], from: usize) -> Option<(usize, &[(usize, usize)])> {
        let span = from.min(bytes.len())..bytes.len();
        let found: Match = match &self.vector {
            Some(vector) => vector.find_in(bytes, Span::from(span)),
            None => self.automaton.find(Input::new(bytes).range(span)),
        }?;
        let anchored = self.anchored.get(found.pattern().as_usize());
        Some((found.start(), anchored.map_or(&[], Vec::as_slice)))
    }
}

/// The vector search, where the processor has the one with sixteen buckets.
fn vector(patterns: &[Vec<u8>]) -> Option<packed::Searcher> {
    #[cfg(target_arch = "x86_64")]
    let is_wide = std::arch::is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    let is_wide = false;
    let mut config = packed::Config::new();
    // Its own limit is for patterns that nobody spread.
    config.heuristic_pattern_limits(!is_wide);
    config.builder().extend(patterns).build()
}

/// The first underscore of a name with two letters before and one behind it, which are rare, and where they stand in the name.
fn anchor_of(name: &[u8]) -> (usize, &[u8]) {
    let underscore = memchr::memchr(b'_', name).unwrap_or_default();
    let offset = underscore.saturating_sub(2);
    (offset, name.get(offset..name.len().min(offset + 4)).unwrap_or(name))
}

/// A text in every mixture of lower and upper case.
fn cases(text: &[u8]) -> Vec<Vec<u8>> {
    let mut variants = vec![Vec::new()];
    for byte in text {
        let both = BTreeSet::from([byte.to_ascii_lowercase(), byte.to_ascii_uppercase()]);
        variants = variants
            .iter()
            .flat_map(|start| both.iter().map(|&byte| [start.as_slice(), &[byte]].concat()))
            .collect();
    }
    variants
}

/// What the vector search compares first: the low halves of the first bytes.
fn low(anchor: &[u8]) -> Vec<u8> {
    anchor.iter().take(MASKED).map(|byte| byte & 0x0F).collect()
}

/// Adds an anchor for each text, so that the low halves of many are the same.
fn add_windows(anchors: &mut Anchors, mut texts: Vec<(usize, &[u8])>) {
    while !texts.is_empty() {
        let mut shared: BTreeMap<Vec<u8>, BTreeSet<usize>> = BTreeMap::new();
        for (index, text) in &texts {
            for window in text.windows(MASKED) {
                shared.entry(low(window)).or_default().insert(*index);
            }
        }
        let most = shared.iter().max_by_key(|(_, texts)| texts.len()).map(|(low, _)| low.clone());
        let Some(most) = most else { return };
        texts.retain(|&(index, text)| {
            let Some(at) = text.windows(MASKED).position(|window| low(window) == most) else {
                return true;
            };
            let anchor = text.iter().copied().skip(at).take(LONGEST).collect();
            anchors.entry(anchor).or_default().push((index, at));
            false
        });
    }
}

/// Where one anchor starts another, the shorter one finds both: no two anchors ever stand at the same place.
fn without_longer(anchors: Anchors) -> Vec<(Vec<u8>, Places)> {
    let mut kept: Vec<(Vec<u8>, Places)> = Vec::new();
    for (anchor, texts) in anchors {
        match kept.last_mut() {
            Some((last, all)) if anchor.starts_with(last) => all.extend(texts),
            _ => kept.push((anchor, texts)),
        }
    }
    kept
}

/// Orders anchors so that each bucket's mask lets as little through as can be.
///
/// Anchors with the same low halves go into one bucket, the one of the first of them.
fn spread<T>(anchors: Vec<(Vec<u8>, T)>) -> Vec<(Vec<u8>, T)> {
    let mut groups: BTreeMap<Vec<u8>, Vec<(Vec<u8>, T)>> = BTreeMap::new();
    for anchor in anchors {
        groups.entry(low(&anchor.0)).or_default().push(anchor);
    }
    let mut left: Vec<_> = groups.into_values().collect();
    let mut buckets = [Bucket::default(); BUCKETS];
    let (mut first, mut others) = (Vec::new(), Vec::new());
    while !left.is_empty() {
        let Some(bucket) = buckets.get_mut(first.len() % BUCKETS) else { break };
        // The most frequent ones each start a bucket; the others go where they fit best.
        let gain = |group: &[(Vec<u8>, T)]| {
            Bucket::default().with(group).weight() - (bucket.with(group).weight() - bucket.weight())
        };
        let best = (0..left.len()).max_by(|&a, &b| {
            let rate = |at: usize| {
                left.get(at).map_or(0.0, |group| {
                    if first.len() < BUCKETS { bucket.with(group).weight() } else { gain(group) }
                })
            };
            rate(a).total_cmp(&rate(b))
        });
        let mut group = left.remove(best.unwrap_or_default()).into_iter();
        *bucket = bucket.with(group.as_slice());
        first.extend(group.next());
        others.extend(group);
    }
    first.extend(others);
    first
}

/// Which halves of bytes a bucket lets through at each place, as sets of bits.
#[derive(Clone, Copy, Default)]
struct Bucket([(u16, u16); MASKED]);

impl Bucket {
    fn with<T>(mut self, anchors: &[(Vec<u8>, T)]) -> Self {
        for (anchor, _) in anchors {
            for ((low, high), byte) in self.0.iter_mut().zip(anchor) {
                *low |= 1 << (byte & 0x0F);
                *high |= 1 << (byte >> 4);
            }
        }
        self
    }

    /// How often something gets through, by how frequent each byte is in source code: a lower-case letter counts four times.
    fn weight(self) -> f64 {
        let passes = |(low, high): (u16, u16)| {
            let letters = |half: u32, lows: u16| {
                if high >> half & 1 == 1 { (low & lows).count_ones() } else { 0 }
            };
            let all = low.count_ones() * high.count_ones();
            f64::from(all + 3 * (letters(6, A_TO_O) + letters(7, P_TO_Z)))
        };
        self.0.into_iter().map(passes).product()
    }
}

/// The low halves of the lower-case letters whose high half is 6.
const A_TO_O: u16 = 0xFFFE;

/// The same of those whose high half is 7.
const P_TO_Z: u16 = 0x07FF;
