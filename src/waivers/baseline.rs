//! The baseline: findings known from the start, by names that tell nothing; and the file that lists them.
//!
//! A finding's name is made of its rule, its path, its message, what stands at its places, and how many like it came before: not of its line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Grounds, Reason, Seen};
use crate::config::baseline::{Baseline, Known, VERSION};
use crate::model::fingerprint::{Fingerprint, salted};
use crate::model::inventory::Inventory;
use crate::rule::{Diagnostic, Finding, NEVER_WAIVED};
use crate::source::{Location, SourceId};
use crate::sources::Sources;

/// The rules whose findings are private keys that anybody can use, wherever these stand.
const KEY_RULES: [&str; 3] =
    ["decryptable-private-key", "plaintext-private-key", "private-key-in-history"];

/// Names findings.
struct Namer<'a> {
    salt: &'a str,
    /// How many findings of each name there were.
    counts: BTreeMap<String, u32>,
}

impl Namer<'_> {
    fn name(&mut self, seen: &Seen<'_>) -> String {
        let Diagnostic { rule, finding, .. } = seen.diagnostic;
        let value = seen.value.map(|value| value.to_string()).unwrap_or_default();
        let parts = [rule.as_str(), seen.path, &finding.message, &value];
        let count = self.counts.entry(salted(self.salt, &parts)).or_default();
        *count += 1;
        let [rule, path, message, value] = parts;
        salted(self.salt, &[rule, path, message, value, &count.to_string()])
    }
}

/// The entries of a baseline, and which of them are still found.
pub struct Marks<'a> {
    baseline: &'a Baseline,
    file: SourceId,
    namer: Namer<'a>,
    /// By name: where it stands.
    places: BTreeMap<&'a str, Location>,
    used: BTreeSet<String>,
}

impl<'a> Marks<'a> {
    pub fn new(baseline: &'a Baseline, file: SourceId) -> Self {
        let place = |known: &'a Known| {
            (known.fingerprint.as_str(), Location { source: file, span: known.at })
        };
        let places = baseline.accepted.iter().map(place).collect();
        let namer = Namer { salt: &baseline.salt, counts: BTreeMap::new() };
        Self { baseline, file, namer, places, used: BTreeSet::new() }
    }

    pub fn accept(&mut self, seen: &Seen<'_>, grounds: &Grounds<'_>) -> Option<Reason> {
        let name = self.namer.name(seen);
        let at = *self.places.get(name.as_str())?;
        let is_let = grounds.lets_known(&name, seen);
        self.used.insert(name);
        if !is_let {
            return None;
        }
        Some(Reason { text: String::new(), at: Some(at) })
    }

    /// The entries that are found no more.
    pub fn told(self, grounds: &Grounds<'_>) -> Vec<Finding> {
        let is_gone = |known: &&Known| {
            !self.used.contains(&known.fingerprint) && !grounds.may_miss(&known.rule, &known.path)
        };
        self.baseline
            .accepted
            .iter()
            .filter(is_gone)
            .map(|known| {
                let at = Location { source: self.file, span: known.at };
                let message = format!(
                    "the baseline knows a finding of `{}` in `{}` that is found no more",
                    known.rule, known.path
                );
                let help = "run `commerce-lint baseline --update`, which leaves it out";
                Finding::new(at, message).label("accepts nothing").help(help)
            })
            .collect()
    }
}

/// A baseline about to be written.
#[derive(Debug, Default)]
pub struct Draft {
    /// The text of its file.
    pub text: String,
    /// How many findings it lists.
    pub count: usize,
    /// Private keys that it leaves out because nobody named them: the finding, and the name of its key if it has one.
    pub left_out: Vec<(Diagnostic, Option<Fingerprint>)>,
}

/// Lists what is found, but for private keys that are neither named nor in the baseline before.
#[must_use]
pub fn draft(
    found: &[Diagnostic],
    salt: &str,
    keys: &[Fingerprint],
    before: Option<&Baseline>,
    (inventory, sources): (&Inventory, &Sources),
) -> Draft {
    let values = inventory.fingerprints();
    let mut namer = Namer { salt, counts: BTreeMap::new() };
    let known: BTreeSet<&str> = before
        .filter(|before| before.salt == salt)
        .into_iter()
        .flat_map(|before| &before.accepted)
        .map(|known| known.fingerprint.as_str())
        .collect();
    let open_keys: BTreeSet<Location> =
        inventory.secrets.iter().filter(|key| !key.encrypted).map(|key| key.at).collect();
    let mut draft = Draft::default();
    let mut entries = String::new();
    for diagnostic in found {
        if NEVER_WAIVED.contains(&diagnostic.rule.as_str()) {
            continue;
        }
        let seen = Seen::new(diagnostic, &values, sources);
        let name = namer.name(&seen);
        let is_key = KEY_RULES.contains(&diagnostic.rule.as_str())
            || open_keys.contains(&diagnostic.finding.primary.at);
        let is_named = seen.value.is_some_and(|value| keys.contains(&value));
        if is_key && !is_named && !known.contains(name.as_str()) {
            draft.left_out.push((diagnostic.clone(), seen.value));
            continue;
        }
        draft.count += 1;
        let (rule, path) = (literal(&diagnostic.rule), literal(seen.path));
        let _ = write!(
            entries,
            "\n[[accepted]]\nrule = {rule}\npath = {path}\nfingerprint = \"{name}\"\n"
        );
    }
    draft.text = format!("{HEAD}version = {VERSION}\nsalt = \"{salt}\"\n{entries}");
    draft
}

const HEAD: &str = "\
# What commerce-lint found when somebody began to use it, accepted until it is mended. Written by `commerce-lint baseline`:
# review it like code, and let it only shrink.
";

/// A text as TOML writes it.
fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || !c.is_ascii() && !c.is_alphanumeric() => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out + "\""
}
