//! Tells from a file's bytes whether any recogniser could find something in it, without parsing.
//!
//! It may let through too much and never too little: whatever a recogniser reads, in whatever notation, holds one of the needles here. The one
//! exception is a known name that the file itself cuts in two (`'services_' . 'connector'`, a line folded inside the name).
//!
//! Names are found in any case. A search that ignores case cannot use the processor's vector search, so the search is for short *anchors*, each in
//! every case it can have (`es_c`, `eS_c`, `ES_C` …), and the few places where one stands are compared with the whole needle: several times as
//! fast on source code. Vector search takes few patterns at a time: hence two searches, one for names and one for the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, Input, Match, MatchKind, Span, packed};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::model::parameter::Parameter;
use crate::recognise::document::{CRYPT_KEY_VARIABLE, may_hold_crypt_key};
use crate::recognise::secret::NEEDLES;
use crate::recognise::storefront;
use crate::syntax::Format as _;
use crate::syntax::sql::Sql;

/// How many bytes two neighbouring pieces of one file must share so that no needle is lost between them; even, for UTF-16.
pub const OVERLAP: usize = 128;

/// What a file may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sifted {
    /// Names of settings, or signs that settings come from elsewhere.
    pub settings: bool,
    /// Private key material.
    pub secrets: bool,
    /// What only parsing tells: the keys that Magento encrypts with, names that PHP joins from pieces, escaped letters. A mistake there
    /// hides nothing that is known of.
    pub perhaps: bool,
}

impl Sifted {
    /// Whether the file can matter at all.
    #[must_use]
    pub fn any(self) -> bool {
        self.settings || self.secrets || self.perhaps
    }

    /// What one or the other holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            settings: self.settings || other.settings,
            secrets: self.secrets || other.secrets,
            perhaps: self.perhaps || other.perhaps,
        }
    }
}

/// Sifts a whole file, or a piece of one that shares [`OVERLAP`] bytes with its neighbours.
#[must_use]
pub fn sift(name: &str, bytes: &[u8]) -> Sifted {
    let settings =
        says_settings(name) || storefront::may_be(name, bytes) || is_of_database(name, bytes);
    let perhaps = may_hold_crypt_key(name, bytes) || may_join_names(name);
    let mut sifted = Sifted { settings, secrets: false, perhaps };
    for search in searches() {
        let mut from = 0;
        while let Some(anchor) = search.find(bytes, from).filter(|_| sifted != ALL) {
            // Anchors can overlap, so the search goes on one byte further, not behind the anchor.
            from = anchor.start() + 1;
            let needles =
                search.needles.get(anchor.pattern().as_usize()).map_or(&[][..], Vec::as_slice);
            for needle in needles {
                if sifted.or(needle.tells) != sifted && needle.stands_at(bytes, anchor.start()) {
                    sifted = sifted.or(needle.tells);
                }
            }
        }
    }
    sifted
}

/// Whether the file is Magento's own configuration, which PHP can join from pieces: `'services_' . 'connector'`.
fn may_join_names(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    let is_configuration = file.starts_with("env") || file.starts_with("config");
    is_configuration && format!("{file}.").contains(".php.")
}

/// Whether the file's name alone says that it leads to settings: a kustomization names other files and need not name a setting.
fn says_settings(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains(&file)
}

const SETTINGS: Sifted = Sifted { settings: true, secrets: false, perhaps: false };
const SECRETS: Sifted = Sifted { settings: false, secrets: true, perhaps: false };
const BOTH: Sifted = Sifted { settings: true, secrets: true, perhaps: false };
const ALL: Sifted = Sifted { settings: true, secrets: true, perhaps: true };
const PERHAPS: Sifted = Sifted { settings: false, secrets: false, perhaps: true };

/// What `CONFIG__…` variables start with.
const VARIABLE: &str = "CONFIG__";

/// Names of other files that give settings, of base64 data, which can be wrapped over lines anywhere, and of commands that concern them.
const ELSEWHERE: [&str; 4] = ["env_file", "secretRef", "binaryData", "saas:resync"];

/// The shop's address, which a script rewrites in a copy of a database; code speaks of it everywhere, so that it counts in SQL alone.
const ADDRESS: &[u8] = b"base_url";

fn is_of_database(name: &str, bytes: &[u8]) -> bool {
    Sql.claims(name) && memchr::memmem::find(bytes, ADDRESS).is_some()
}

/// A search for anchors.
struct Search {
    /// The processor's vector search; not every processor has it, nor every number of anchors.
    vector: Option<packed::Searcher>,
    automaton: AhoCorasick,
    /// For each anchor, what may stand around it.
    needles: Vec<Vec<Needle>>,
}

/// What may stand around each anchor.
type Anchors = BTreeMap<Vec<u8>, Vec<Needle>>;

impl Search {
    fn new(anchored: Anchors) -> Self {
        // Where one anchor starts another, the shorter one finds both: no two anchors ever stand at the same place.
        let mut anchors: Vec<Vec<u8>> = Vec::new();
        let mut needles: Vec<Vec<Needle>> = Vec::new();
        for (anchor, found) in anchored {
            match (anchors.last(), needles.last_mut()) {
                (Some(last), Some(all)) if anchor.starts_with(last) => all.extend(found),
                _ => {
                    anchors.push(anchor);
                    needles.push(found);
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(&anchors)
            .expect("a hundred short anchors are far from the automaton's limits");
        Self { vector: packed::Searcher::new(&anchors), automaton, needles }
    }

    fn find(&self, bytes: &[u8], from: usize) -> Option<Match> {
        match &self.vector {
            Some(vector) => vector.find_in(bytes, Span::from(from.min(bytes.len())..bytes.len())),
            None => self.automaton.find(Input::new(bytes).range(from.min(bytes.len())..)),
        }
    }
}

struct Needle {
    tells: Sifted,
    proof: Proof,
}

enum Proof {
    /// This name in any case, with the anchor `offset` bytes into it.
    Name { name: &'static str, offset: usize },
    /// This text.
    Text(Vec<u8>),
    /// An escaped letter or underscore, which can hide a name: `\u005f`, `\u{5f}`, `\U0000005f`, `\x5f`, `\137`.
    Escape,
    /// `kind: Secret`, whose values are base64 and can be wrapped over lines anywhere, or a kind that fetches one.
    SecretKind,
}

impl Needle {
    fn stands_at(&self, bytes: &[u8], at: usize) -> bool {
        match &self.proof {
            Proof::Name { name, offset } => at
                .checked_sub(*offset)
                .and_then(|start| bytes.get(start..start + name.len()))
                .is_some_and(|there| there.eq_ignore_ascii_case(name.as_bytes())),
            Proof::Text(text) => bytes.get(at..).is_some_and(|there| there.starts_with(text)),
            Proof::Escape => bytes.get(at..).is_some_and(is_escaped_name_byte),
            Proof::SecretKind => is_secret_kind(bytes, at),
        }
    }
}

fn searches() -> &'static [Search; 2] {
    static SEARCHES: OnceLock<[Search; 2]> = OnceLock::new();
    SEARCHES.get_or_init(|| [Search::new(names_in_any_case()), Search::new(exact_needles())])
}

fn names_in_any_case() -> Anchors {
    let mut anchors = Anchors::new();
    for name in names() {
        let (offset, anchor) = anchor_of(name.as_bytes());
        for variant in cases(anchor) {
            let proof = Proof::Name { name, offset };
            anchors.entry(variant).or_default().push(Needle { tells: SETTINGS, proof });
        }
    }
    anchors
}

fn exact_needles() -> Anchors {
    let text =
        |tells| move |text: Vec<u8>| (text.clone(), Needle { tells, proof: Proof::Text(text) });
    let wrapped = ["services_connector", VARIABLE].into_iter().flat_map(base64_forms);
    let settings =
        ELSEWHERE.iter().map(|text| text.as_bytes().to_vec()).chain(wrapped).map(text(SETTINGS));
    let secrets = NEEDLES.iter().map(|text| text.as_bytes().to_vec()).map(text(SECRETS));
    let octals = (b'0'..=b'7').map(|octal| vec![b'\\', b'1', octal]);
    let escapes = [r"\u0", r"\u{", r"\U0", r"\x4", r"\x5", r"\x6", r"\x7"]
        .iter()
        .map(|start| start.as_bytes().to_vec())
        .chain(octals);
    let escapes = escapes.map(|start| (start, Needle { tells: PERHAPS, proof: Proof::Escape }));
    let kind = (b"Secret".to_vec(), Needle { tells: BOTH, proof: Proof::SecretKind });
    let crypt_keys = [CRYPT_KEY_VARIABLE.as_bytes().to_vec()].into_iter().map(text(PERHAPS));
    let mut anchors = Anchors::new();
    for (anchor, needle) in settings.chain(secrets).chain(crypt_keys).chain(escapes).chain([kind]) {
        anchors.entry(anchor).or_default().push(needle);
    }
    anchors
}

/// One segment of every known path that hardly anything else is called, and the start of variables' names.
fn names() -> BTreeSet<&'static str> {
    let telling = |path: &'static str| {
        let mut segments = path.split('/');
        match segments.next() {
            Some("payment") => segments.next(),
            first => first,
        }
    };
    let all: BTreeSet<&str> =
        Parameter::all().filter_map(|(path, _)| telling(path)).chain([VARIABLE]).collect();
    all.iter()
        .copied()
        .filter(|name| !all.iter().any(|other| other != name && name.contains(other)))
        .collect()
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

/// What is certain of a text's base64, for each of the three places in a group of bytes where it can start.
fn base64_forms(text: &str) -> impl Iterator<Item = Vec<u8>> + use<> {
    let text = text.as_bytes().to_vec();
    (0..3).map(move |before| {
        let encoded = STANDARD_NO_PAD.encode([&vec![0; before], text.as_slice()].concat());
        // A digit of base64 is certain when all of its six bits are the text's.
        let first = (before * 8).div_ceil(6);
        let end = (before + text.len()) * 8 / 6;
        encoded.as_bytes().get(first..end).unwrap_or_default().to_vec()
    })
}

/// Whether the text starts with an escape of a byte that a name can have.
fn is_escaped_name_byte(text: &[u8]) -> bool {
    let number = |from: usize, length: usize, radix: u32| {
        let digits = text.get(from..from + length)?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
    };
    let code = match text.get(1..3) {
        Some(b"u{") => {
            let end = text.iter().take(16).position(|&byte| byte == b'}').unwrap_or_default();
            number(3, end.saturating_sub(3), 16)
        }
        Some([b'u', _]) => number(2, 4, 16),
        Some([b'U', _]) => number(2, 8, 16),
        Some([b'x', _]) => number(2, 2, 16),
        Some([_, _]) => number(1, 3, 8),
        _ => None,
    };
    code.and_then(|code| u8::try_from(code).ok())
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// Whether the `Secret` at `at` is the value of a key `kind`, in YAML, JSON or HCL, alone or in the name of a kind that fetches one.
fn is_secret_kind(bytes: &[u8], at: usize) -> bool {
    let starts = [&b"ClusterExternal"[..], b"External", b"Sealed", b"VaultStatic"]
        .into_iter()
        .find(|start| bytes.get(..at).is_some_and(|before| before.ends_with(start)));
    let end = at
        + if bytes.get(at..).is_some_and(|rest| rest.starts_with(b"SecretProviderClass")) {
            b"SecretProviderClass".len()
        } else {
            b"Secret".len()
        };
    let at = at - starts.map_or(0, <[u8]>::len);
    let ends = bytes.get(end).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let before = bytes.get(at.saturating_sub(80)..at).unwrap_or_default();
    let key_end =
        before.iter().rposition(|byte| !b" \t\r\n\"':=".contains(byte)).map_or(0, |last| last + 1);
    ends && key_end < before.len()
        && before.get(..key_end).is_some_and(|key| key.ends_with(b"kind"))
}

#[cfg(test)]
mod tests;
