//! Tells from a file's bytes whether any recogniser could find something in it, in one pass and without parsing.
//!
//! It may let through too much and never too little: whatever a recogniser reads, in whatever notation, holds one of the needles here. The one
//! exception is a known name that the file itself cuts in two (`'services_' . 'connector'`, a line folded inside the name).
//!
//! Names are found in any case. A search that ignores case cannot use the processor's vector search, so the automaton looks for short *anchors*,
//! each in every case it can have (`s_c`, `S_c`, `s_C`, `S_C`), and the few places where one stands are compared with the whole needle: four
//! times as fast on source code.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, Input, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::model::parameter::Parameter;

/// How many bytes two neighbouring pieces of one file must share so that no needle is lost between them; even, for UTF-16.
pub const OVERLAP: usize = 128;

/// What a file may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sifted {
    /// Names of settings, or signs that settings come from elsewhere.
    pub settings: bool,
    /// Private key material.
    pub secrets: bool,
}

impl Sifted {
    /// Whether the file can matter at all.
    #[must_use]
    pub fn any(self) -> bool {
        self.settings || self.secrets
    }

    /// What one or the other holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { settings: self.settings || other.settings, secrets: self.secrets || other.secrets }
    }

    fn all(self) -> bool {
        self.settings && self.secrets
    }
}

/// Sifts a whole file, or a piece of one that shares [`OVERLAP`] bytes with its neighbours.
#[must_use]
pub fn sift(name: &str, bytes: &[u8]) -> Sifted {
    let automaton = automaton();
    let mut sifted = Sifted { settings: says_settings(name), secrets: false };
    let mut from = 0;
    while let Some(found) = automaton.search.find(Input::new(bytes).range(from..)) {
        // Anchors can overlap, so the search goes on one byte further, not behind the anchor.
        from = found.start() + 1;
        let needles =
            automaton.needles.get(found.pattern().as_usize()).map_or(&[][..], Vec::as_slice);
        for needle in needles {
            if sifted.or(needle.tells) != sifted && needle.stands_at(bytes, found.start()) {
                sifted = sifted.or(needle.tells);
            }
        }
        if sifted.all() {
            break;
        }
    }
    sifted
}

/// Whether the file's name alone says that it leads to settings: a kustomization names other files and need not name a setting.
fn says_settings(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains(&file)
}

const SETTINGS: Sifted = Sifted { settings: true, secrets: false };
const SECRETS: Sifted = Sifted { settings: false, secrets: true };
const BOTH: Sifted = Sifted { settings: true, secrets: true };

/// What `CONFIG__…` variables start with.
const VARIABLE: &str = "CONFIG__";

/// Names of other files that give settings, and of base64 data, which can be wrapped over lines anywhere.
const ELSEWHERE: [&str; 3] = ["env_file", "secretRef", "binaryData"];

/// What a private key's first and last lines say.
const ARMOUR: &str = "PRIVATE KEY";

struct Automaton {
    search: AhoCorasick,
    /// For each anchor, what may stand around it.
    needles: Vec<Vec<Needle>>,
}

#[derive(Clone)]
struct Needle {
    tells: Sifted,
    proof: Proof,
}

#[derive(Clone)]
enum Proof {
    /// This text, with the anchor `offset` bytes into it.
    Text { text: Vec<u8>, offset: usize, any_case: bool },
    /// An escaped letter or underscore, which can hide a name: `\u005f`, `\u{5f}`, `\U0000005f`, `\x5f`, `\137`.
    Escape,
    /// `kind: Secret`, whose values are base64 and can be wrapped over lines anywhere.
    SecretKind,
}

impl Needle {
    fn stands_at(&self, bytes: &[u8], at: usize) -> bool {
        match &self.proof {
            Proof::Text { text, offset, any_case } => at
                .checked_sub(*offset)
                .and_then(|start| bytes.get(start..start + text.len()))
                .is_some_and(|there| {
                    if *any_case { there.eq_ignore_ascii_case(text) } else { there == text }
                }),
            Proof::Escape => bytes.get(at..).is_some_and(is_escaped_name_byte),
            Proof::SecretKind => is_secret_kind(bytes, at),
        }
    }
}

fn automaton() -> &'static Automaton {
    static AUTOMATON: OnceLock<Automaton> = OnceLock::new();
    AUTOMATON.get_or_init(|| {
        // Where one anchor starts another, the shorter one finds both: no two anchors ever stand at the same place.
        let mut anchors: Vec<Vec<u8>> = Vec::new();
        let mut needles: Vec<Vec<Needle>> = Vec::new();
        for (anchor, found) in anchored_needles() {
            match (anchors.last(), needles.last_mut()) {
                (Some(last), Some(all)) if anchor.starts_with(last) => all.extend(found),
                _ => {
                    anchors.push(anchor);
                    needles.push(found);
                }
            }
        }
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(&anchors)
            .expect("a hundred short anchors are far from the automaton's limits");
        Automaton { search, needles }
    })
}

/// Every needle by the anchors that lead to it.
fn anchored_needles() -> BTreeMap<Vec<u8>, Vec<Needle>> {
    let mut anchored: BTreeMap<Vec<u8>, Vec<Needle>> = BTreeMap::new();
    let mut add = |anchor: &[u8], tells: Sifted, proof: Proof| {
        anchored.entry(anchor.to_vec()).or_default().push(Needle { tells, proof });
    };
    for name in names() {
        let (offset, anchor) = anchor_of(name.as_bytes());
        for variant in cases(anchor) {
            let text = name.as_bytes().to_vec();
            add(&variant, SETTINGS, Proof::Text { text, offset, any_case: true });
        }
    }
    let exact = ELSEWHERE.iter().map(|text| (text.as_bytes().to_vec(), SETTINGS));
    let wrapped = ["services_connector", VARIABLE]
        .into_iter()
        .flat_map(|text| base64_forms(text).map(|form| (form, SETTINGS)));
    let keys = std::iter::once(ARMOUR.as_bytes().to_vec())
        .chain(base64_forms(ARMOUR))
        .map(|text| (text, SECRETS));
    for (text, tells) in exact.chain(wrapped).chain(keys) {
        add(&text.clone(), tells, Proof::Text { text, offset: 0, any_case: false });
    }
    for start in [r"\u0", r"\u{", r"\U0", r"\x4", r"\x5", r"\x6", r"\x7"] {
        add(start.as_bytes(), SETTINGS, Proof::Escape);
    }
    for octal in b'0'..=b'7' {
        add(&[b'\\', b'1', octal], SETTINGS, Proof::Escape);
    }
    add(b"Secret", BOTH, Proof::SecretKind);
    anchored
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

/// The first underscore of a name with its neighbours, and where they stand in it: the rarest three bytes that all names have.
fn anchor_of(name: &[u8]) -> (usize, &[u8]) {
    let underscore = memchr::memchr(b'_', name).unwrap_or_default();
    let offset = underscore.saturating_sub(1);
    (offset, name.get(offset..name.len().min(offset + 3)).unwrap_or(name))
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

/// Whether the `Secret` at `at` is the value of a key `kind`, in YAML, JSON or HCL.
fn is_secret_kind(bytes: &[u8], at: usize) -> bool {
    let ends = bytes.get(at + b"Secret".len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let before = bytes.get(at.saturating_sub(100)..at).unwrap_or_default();
    let key_end =
        before.iter().rposition(|byte| !b" \t\r\n\"':=".contains(byte)).map_or(0, |last| last + 1);
    ends && key_end < before.len()
        && before.get(..key_end).is_some_and(|key| key.ends_with(b"kind"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn settings(text: &str) -> bool {
        sift("a.txt", text.as_bytes()).settings
    }

    fn base64(text: &str) -> String {
        base64::engine::general_purpose::STANDARD.encode(text)
    }

    /// A document that sets a known path, in every notation that a recogniser reads.
    fn documents(path: &str) -> Vec<String> {
        let variable = format!("CONFIG__DEFAULT__{}", path.replace('/', "__").to_uppercase());
        let nested = |before: &str, after: &str| {
            let lines = path
                .split('/')
                .enumerate()
                .map(|(depth, part)| format!("{}{before}{part}{after}\n", "  ".repeat(depth)));
            lines.collect::<String>()
        };
        let wrapped: Vec<_> =
            base64(&format!("<?php return ['{}' => 1];", path.replace('/', "' => ['")))
                .as_bytes()
                .chunks(5)
                .map(|line| String::from_utf8_lossy(line).into_owned())
                .collect();
        let secret = format!("data:\n  env.php: |\n    {}\n", wrapped.join("\n    "));
        vec![
            path.to_owned(),
            path.to_uppercase(),
            format!("{{\"{}\": 1}}", path.replace('/', "\\/")),
            format!("bin/magento config:set --lock-env {path} 'value'"),
            nested("", ":"),
            nested("'", "' => ["),
            nested("\"", "\": {"),
            path.replace('/', "."),
            format!("[{}]", path.replace('/', ".")),
            format!("{variable}=value"),
            format!("- name: {variable}\n  value: x"),
            variable.to_lowercase(),
            path.replace('_', r"\u005f"),
            path.replace('_', r"\u005F"),
            path.replace('_', r"\U0000005f"),
            path.replace('_', r"\u{5f}"),
            path.replace('_', r"\x5f"),
            path.replace('_', r"\137"),
            path.bytes().map(|byte| format!(r"\u{byte:04x}")).collect(),
            path.bytes().map(|byte| format!(r"\x{byte:02X}")).collect(),
            path.bytes().map(|byte| format!(r"\{byte:o}")).collect(),
            base64(&format!("{variable}=value")),
            format!("apiVersion: v1\nkind: Secret\n{secret}"),
            format!("{secret}kind:   \"Secret\"\n"),
            format!("{{\"kind\":\"Secret\",\"x\":\"{}\"}}", base64(path)),
            secret.replace("data:", "binaryData:"),
        ]
    }

    #[test]
    fn every_known_path_is_seen_in_every_notation() {
        for (path, _) in Parameter::all() {
            for document in documents(path) {
                assert!(settings(&document), "{path} in {document}");
            }
        }
    }

    #[test]
    fn base64_is_seen_wherever_it_starts() {
        for before in ["", "x", "xy", "xyz"] {
            assert!(settings(&base64(&format!("{before}services_connector!"))));
            assert!(settings(&base64(&format!("{before}CONFIG__A"))));
            assert!(sift("a", base64(&format!("{before}PRIVATE KEY-----")).as_bytes()).secrets);
        }
    }

    #[test]
    fn base64_in_another_case_is_something_else() {
        assert!(!settings(&base64("services_connector").to_lowercase()));
        assert!(!sift("a", base64("PRIVATE KEY").to_uppercase().as_bytes()).secrets);
    }

    #[test]
    fn other_text_is_sifted_out() {
        for text in [
            "",
            "namespace Magento\\Services\\Connector;",
            "CONFIG_",
            "Private key",
            "kind: SecretStore",
            "kind: SealedSecret",
            "kindSecret",
            r"\u00e9\u0022\x7f\x0a\0101\u{1F600}\u{5f",
            r"preg_replace('/a/', '\1\2')",
            "$payment_method = 1;",
            "services-connector",
        ] {
            assert_eq!(sift("a.php", text.as_bytes()), Sifted::default(), "{text}");
        }
    }

    #[test]
    fn keys_and_settings_are_told_apart() {
        assert_eq!(sift("a", b"-----BEGIN RSA PRIVATE KEY-----"), SECRETS);
        assert_eq!(sift("a", b"secretRef: x"), SETTINGS);
        assert_eq!(sift("a", b"services_connector PRIVATE KEY"), BOTH);
    }

    #[test]
    fn a_kustomization_leads_to_settings_whatever_it_holds() {
        assert!(sift("k8s/prod/kustomization.yml", b"").settings);
        assert!(sift("Kustomization", b"").settings);
        assert!(!sift("k8s/kustomization.yaml/a", b"").settings);
    }

    #[test]
    fn needles_are_shorter_than_what_pieces_share() {
        let longest = automaton().needles.iter().flatten().map(|needle| match &needle.proof {
            Proof::Text { text, .. } => text.len(),
            Proof::Escape => 16,
            Proof::SecretKind => 106,
        });
        assert!(longest.max() < Some(OVERLAP));
    }

    proptest! {
        #[test]
        fn no_surroundings_hide_a_setting(
            before in proptest::collection::vec(any::<u8>(), 0..80),
            after in proptest::collection::vec(any::<u8>(), 0..80),
            near in r"([a-zA-Z_/\\\\'\x22: ]|_s|SERV|PRIVATE ){0,12}",
            pick in any::<prop::sample::Index>(),
            which in any::<prop::sample::Index>(),
        ) {
            let paths: Vec<_> = Parameter::all().collect();
            let documents = documents(pick.get(&paths).0);
            // What surrounds base64 or `kind: Secret` can make another word of it.
            let document = which.get(&documents);
            let (near, after) = if document.contains("Secret") || document.ends_with('=') { ("\n".to_owned(), [b"\n", after.as_slice()].concat()) } else { (near, after) };
            let text = [before.as_slice(), near.as_bytes(), document.as_bytes(), &after].concat();
            prop_assert!(sift("a.yaml", &text).settings, "{}", String::from_utf8_lossy(&text));
        }

        #[test]
        fn pieces_that_overlap_hide_nothing_that_the_whole_shows(
            parts in proptest::collection::vec(prop_oneof!["[a-z_\\\\ ]{0,20}", Just("CONFIG__".to_owned()), Just("PRIVATE KEY".to_owned()), Just("kind: Secret".to_owned()), Just(r"\u0041".to_owned())], 0..40),
            size in (OVERLAP + 1)..300_usize,
        ) {
            let text = parts.concat().into_bytes();
            let mut pieces = Sifted::default();
            let mut from = 0;
            while from < text.len() {
                let end = text.len().min(from + size);
                pieces = pieces.or(sift("a", text.get(from..end).unwrap_or_default()));
                from = if end == text.len() { end } else { end - OVERLAP };
            }
            prop_assert_eq!(pieces.or(sift("a", &text)), pieces);
        }
    }
}
