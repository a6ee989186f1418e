//! Tells from a file's bytes whether any recogniser could find something in it, without parsing.
//!
//! One search for all that settings show by and one for secrets, in pieces that the processor still holds. It may let through too much and never too little: whatever a recogniser reads, in whatever
//! notation, holds one of the needles here. A recogniser keeps the same law from its side: a name counts where the file spells it, be it in
//! escapes or in base64; what only code or quoting puts together (`'services_' . 'connector'`) names a setting in Magento's own `env.php`
//! and `config.php` alone, which are always parsed.
//!
//! Escaped letters (`\u005f`) can hide a name from any search, so the few texts that have some are searched once more as they read.

mod anchors;
mod escapes;
pub mod signs;
pub mod vocabulary;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::model::parameter::Parameter;
use crate::model::{variable, watched};
use crate::syntax::comments::REMARK;
use crate::syntax::shell::Shell;
use crate::syntax::sql::Sql;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, format_of};
use anchors::{Search, Sought};
use vocabulary::{PRIVATE_KEY, STOREFRONT};

/// How many bytes two neighbouring pieces of one file must share so that no needle is lost between them, not one in escapes either; even,
/// for UTF-16.
pub const OVERLAP: usize = 512;

/// What a file may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set whose members are asked for by name")]
pub struct Sifted {
    /// Names of settings, or signs that settings come from elsewhere.
    pub settings: bool,
    /// Private key material.
    pub secrets: bool,
    /// What only parsing tells: the keys that Magento encrypts with, names that PHP joins from pieces. A mistake there hides nothing that
    /// is known of.
    pub perhaps: bool,
    /// Words for this tool, where the file's format has comments.
    pub remarks: bool,
}

impl Sifted {
    /// Whether the file can matter at all.
    #[must_use]
    pub fn any(self) -> bool {
        self.has_content() || self.remarks
    }

    /// Whether the file can hold anything of Commerce.
    #[must_use]
    pub fn has_content(self) -> bool {
        self.settings || self.secrets || self.perhaps
    }

    /// What one or the other holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            settings: self.settings || other.settings,
            secrets: self.secrets || other.secrets,
            perhaps: self.perhaps || other.perhaps,
            remarks: self.remarks || other.remarks,
        }
    }
}

/// Sifts a whole file, or a piece of one that shares [`OVERLAP`] bytes with its neighbours.
#[must_use]
pub fn sift(name: &str, bytes: &[u8]) -> Sifted {
    let settings = says_settings(name);
    let known = Sifted { settings, perhaps: may_join_names(name), ..NOTHING };
    let (found, has_escapes) = look(name, bytes, known);
    if !has_escapes || found.settings {
        return found;
    }
    // A key in escapes is none: what finds keys reads the text as it stands.
    let (as_it_reads, _) = look(name, &escapes::decoded(bytes), found);
    Sifted { settings: as_it_reads.settings, ..found }
}

/// What the needles in a text add to what is known of it, and whether letters in it are escaped.
fn look(name: &str, bytes: &[u8], known: Sifted) -> (Sifted, bool) {
    let mut sifted = known;
    let mut has_escapes = false;
    for (search, needles) in searches() {
        let mut from = 0;
        while let Some((at, anchored)) = search.find(bytes, from).filter(|_| sifted != ALL) {
            // Anchors can overlap, so the search goes on one byte further, not behind the anchor.
            from = at + 1;
            for (number, offset) in anchored {
                let Some((needle, start)) = needles.get(*number).zip(at.checked_sub(*offset))
                else {
                    continue;
                };
                if needle.proof == Proof::Escape {
                    has_escapes = has_escapes || escapes::is_letter(bytes, start);
                } else if sifted.or(needle.tells) != sifted && needle.stands_at(name, bytes, start)
                {
                    sifted = sifted.or(needle.tells);
                }
            }
        }
    }
    (sifted, has_escapes)
}

/// Whether the file is Magento's own configuration, which PHP can join from pieces: `'services_' . 'connector'`.
#[must_use]
pub fn may_join_names(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    let is_configuration = file.starts_with("env") || file.starts_with("config");
    is_configuration && format!("{file}.").contains(".php.")
}

/// Whether the file's name alone says that it leads to settings: a kustomization names other files and need not name a setting.
fn says_settings(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains(&file)
}

const NOTHING: Sifted = Sifted { settings: false, secrets: false, perhaps: false, remarks: false };
const SETTINGS: Sifted = Sifted { settings: true, ..NOTHING };
const SECRETS: Sifted = Sifted { secrets: true, ..NOTHING };
const BOTH: Sifted = Sifted { settings: true, secrets: true, ..NOTHING };
const PERHAPS: Sifted = Sifted { perhaps: true, ..NOTHING };
const REMARKS: Sifted = Sifted { remarks: true, ..NOTHING };
const ALL: Sifted = Sifted { settings: true, secrets: true, perhaps: true, remarks: true };

/// What `CONFIG__…` variables start with.
const VARIABLE: &str = "CONFIG__";

/// Names of other files that give settings, of base64 data, which can be wrapped over lines anywhere, and of commands that concern them.
const ELSEWHERE: [&str; 6] =
    ["env_file", "secretRef", "configMapRef", "binaryData", "saas:resync", "aco:config:init"];

/// The encryption key of an `env.php` that a script writes, that is kept as data, or that a command is given.
const CRYPT: [&str; 5] = ["crypt:", "'crypt'", "crypt\"", "setup:install", "setup:config:set"];

/// The shop's address, which a script rewrites in a copy of a database; code speaks of it everywhere, so that it counts in SQL alone.
const ADDRESS: &str = "base_url";

/// The same as commands name it, in whatever holds commands.
const ADDRESSES: [&str; 2] = ["secure/base_url", "store-config:set"];

/// How a workspace of Adobe's Developer Console shows in JSON, in JSON within a text, and in YAML.
const WORKSPACE: [&str; 4] = ["workspace\"", "workspace\\", "workspace:\n", "workspace:\r"];

/// The groups of the objects that deploy what stands elsewhere in the tree.
const DEPLOYERS: [&str; 2] = ["argoproj.io", "toolkit.fluxcd.io"];

/// The kind of the objects that give workloads what is no secret.
const CONFIG_MAP: &str = "ConfigMap";

/// The table of settings in Magento's database.
const TABLE: &str = "core_config_data";

/// How far before its table the verb of a statement stands at most.
const STATEMENT: usize = 80;

struct Needle {
    tells: Sifted,
    proof: Proof,
    /// The files in which it counts, by name.
    counts_in: fn(&str) -> bool,
}

#[derive(PartialEq, Eq)]
enum Proof {
    /// This name in any case.
    Name(&'static str),
    /// This text.
    Text(Vec<u8>),
    /// A letter or an underscore in an escape, which can hide a name.
    Escape,
    /// `kind: Secret`, whose values are base64 and can be wrapped over lines anywhere, or a kind that fetches one.
    SecretKind,
    /// The table of settings in a statement that changes its rows: one that names no setting can change all of them.
    Change,
    /// `kind: ConfigMap`: one without a setting gives none to whoever takes it in.
    MapKind,
}

impl Needle {
    fn stands_at(&self, name: &str, bytes: &[u8], at: usize) -> bool {
        let rest = bytes.get(at..).unwrap_or_default();
        let stands = match &self.proof {
            Proof::Name(name) => rest
                .get(..name.len())
                .is_some_and(|there| there.eq_ignore_ascii_case(name.as_bytes())),
            Proof::Text(text) => rest.starts_with(text),
            Proof::Escape => false,
            Proof::SecretKind => is_secret_kind(bytes, at),
            Proof::Change => is_changed(bytes, at),
            Proof::MapKind => is_kind(bytes, at, at + CONFIG_MAP.len()),
        };
        stands && (self.counts_in)(name)
    }
}

/// Two searches, each with as many anchors as the processor's search takes: for what settings show by, and for secrets.
fn searches() -> &'static [(Search, Vec<Needle>); 2] {
    static SEARCHES: OnceLock<[(Search, Vec<Needle>); 2]> = OnceLock::new();
    SEARCHES.get_or_init(|| {
        [needles(), needles_of_secrets()].map(|needles| {
            let (sought, needles): (Vec<Sought>, Vec<Needle>) = needles.into_iter().unzip();
            (Search::new(&sought), needles)
        })
    })
}

fn text(text: &str, tells: Sifted, counts_in: fn(&str) -> bool) -> (Sought, Needle) {
    let text = text.as_bytes().to_vec();
    (Sought::Text(text.clone()), Needle { tells, proof: Proof::Text(text), counts_in })
}

fn needles_of_secrets() -> Vec<(Sought, Needle)> {
    let mut needles: Vec<_> =
        PRIVATE_KEY.iter().map(|words| text(words, SECRETS, anywhere)).collect();
    needles.extend(signs::SIGNS.iter().map(|(sign, _)| text(sign, SECRETS, anywhere)));
    needles.extend(variable::names().map(|name| text(name, PERHAPS, anywhere)));
    needles.extend(CRYPT.iter().map(|key| text(key, PERHAPS, holds_commands)));
    needles
}

fn needles() -> Vec<(Sought, Needle)> {
    let texts = |these: &[&str], tells, counts_in| -> Vec<_> {
        these.iter().map(|this| text(this, tells, counts_in)).collect()
    };
    let sign = |start: &str, tells, proof| {
        (Sought::Text(start.as_bytes().to_vec()), Needle { tells, proof, counts_in: anywhere })
    };
    let mut needles: Vec<_> = names()
        .into_iter()
        .map(|name| {
            let proof = Proof::Name(name);
            (Sought::AnyCase(name), Needle { tells: SETTINGS, proof, counts_in: anywhere })
        })
        .collect();
    let wrapped = ["services_connector", VARIABLE].into_iter().flat_map(base64_forms);
    needles.extend(wrapped.map(|form| text(&form, SETTINGS, anywhere)));
    needles.extend(texts(&ELSEWHERE, SETTINGS, anywhere));
    needles.extend(texts(&WORKSPACE, PERHAPS, |name| Yaml.claims(name) || is_json(name)));
    needles.extend(texts(&[REMARK], REMARKS, |name| format_of(name).is_some()));
    needles.extend(texts(&STOREFRONT, SETTINGS, is_json));
    needles.extend(texts(&[ADDRESS], SETTINGS, |name| Sql.claims(name)));
    needles.extend(texts(&ADDRESSES, PERHAPS, holds_commands));
    needles.extend(texts(&DEPLOYERS, PERHAPS, |name| Yaml.claims(name) || is_json(name)));
    needles.push(sign("Secret", BOTH, Proof::SecretKind));
    needles.push(sign(CONFIG_MAP, PERHAPS, Proof::MapKind));
    let changed = Needle {
        tells: PERHAPS,
        proof: Proof::Change,
        counts_in: |name| Sql.claims(name) || holds_commands(name),
    };
    needles.push((Sought::Text(TABLE.as_bytes().to_vec()), changed));
    needles.extend(escapes::STARTS.iter().map(|start| sign(start, NOTHING, Proof::Escape)));
    needles
}

fn anywhere(_: &str) -> bool {
    true
}

fn holds_commands(name: &str) -> bool {
    Shell::ALL.iter().any(|shell| shell.claims(name)) || Yaml.claims(name) || is_json(name)
}

fn is_json(name: &str) -> bool {
    name.rsplit('.').next() == Some("json")
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
    let watched = watched::patterns().iter().filter_map(|pattern| pattern.telling_part());
    let own = Parameter::all().filter_map(|(path, _)| telling(path));
    let all: BTreeSet<&str> = own.chain(watched).chain([VARIABLE]).collect();
    all.iter()
        .copied()
        .filter(|name| !all.iter().any(|other| other != name && name.contains(other)))
        .collect()
}

/// What is certain of a text's base64, for each of the three places in a group of bytes where it can start.
fn base64_forms(text: &str) -> impl Iterator<Item = String> + use<> {
    let text = text.as_bytes().to_vec();
    (0..3).map(move |before| {
        let encoded = STANDARD_NO_PAD.encode([&vec![0; before], text.as_slice()].concat());
        // A digit of base64 is certain when all of its six bits are the text's.
        let first = (before * 8).div_ceil(6);
        let end = (before + text.len()) * 8 / 6;
        encoded.get(first..end).unwrap_or_default().to_owned()
    })
}

/// Whether a text holds an object of Kubernetes that keeps its values in base64.
#[must_use]
pub fn holds_secret_object(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"Secret").any(|at| is_secret_kind(text, at))
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
    is_kind(bytes, at - starts.map_or(0, <[u8]>::len), end)
}

/// Whether the table at `at` is that of a statement which changes or deletes rows.
fn is_changed(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(at.saturating_sub(STATEMENT)..at).unwrap_or_default();
    let start = before.iter().rposition(|&byte| byte == b';').map_or(0, |end| end + 1);
    let statement = before.get(start..).unwrap_or_default();
    let says = |verb: &[u8]| statement.windows(verb.len()).any(|it| it.eq_ignore_ascii_case(verb));
    says(b"update") || says(b"delete")
}

/// Whether the word between two places is the value of a key `kind`, in YAML, JSON or HCL.
fn is_kind(bytes: &[u8], at: usize, end: usize) -> bool {
    let ends = bytes.get(end).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let before = bytes.get(at.saturating_sub(80)..at).unwrap_or_default();
    let key_end =
        before.iter().rposition(|byte| !b" \t\r\n\"':=".contains(byte)).map_or(0, |last| last + 1);
    ends && key_end < before.len()
        && before.get(..key_end).is_some_and(|key| key.ends_with(b"kind"))
}

#[cfg(test)]
mod tests;
