//! The baseline: findings known from the start, by names that tell nothing; and the file that lists them.
//!
//! A finding's name is made of its rule, its path, its message, its instances, what stands at its places, and how many like it came before:
//! not of its line. The salt keeps names of two trees apart and makes no table of them worth while; who has a value can confirm it, as in the
//! tree beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Grounds, Reason, Seen};
use crate::config::baseline::{Baseline, Known, VERSION};
use crate::model::fingerprint::{Fingerprint, salted};
use crate::model::inventory::Inventory;
use crate::model::setting::SecretKind;
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
        let mut parts = vec![rule.as_str(), seen.path, &finding.message, &value];
        parts.extend(finding.instances.iter().map(String::as_str));
        let count = self.counts.entry(salted(self.salt, &parts)).or_default();
        *count += 1;
        let count = count.to_string();
        parts.push(&count);
        salted(self.salt, &parts)
    }
}

/// The entries of a baseline, and which of them are still found.
pub struct Marks<'a> {
    baseline: &'a Baseline,
    file: SourceId,
    namer: Namer<'a>,
    /// By name: the entry.
    known: BTreeMap<&'a str, &'a Known>,
    used: BTreeSet<String>,
    /// The names of what a waiver or a comment accepts as well.
    waived: BTreeSet<String>,
}

impl<'a> Marks<'a> {
    pub fn new(baseline: &'a Baseline, file: SourceId) -> Self {
        let known = baseline.accepted.iter().map(|known| (known.fingerprint.as_str(), known));
        let namer = Namer { salt: &baseline.salt, counts: BTreeMap::new() };
        let known = known.collect();
        Self { baseline, file, namer, known, used: BTreeSet::new(), waived: BTreeSet::new() }
    }

    pub fn accept(&mut self, seen: &Seen<'_>, grounds: &Grounds<'_>) -> Option<Reason> {
        let name = self.namer.name(seen);
        // Whoever reviews the file sees rule and path alone, so they must be the finding's.
        let is_it = |known: &&&Known| known.rule == seen.diagnostic.rule && known.path == seen.path;
        let span = self.known.get(name.as_str()).filter(is_it)?.at;
        let is_let = grounds.lets_known(&name, seen);
        self.used.insert(name);
        let at = Some(Location { source: self.file, span });
        is_let.then_some(Reason { text: String::new(), at })
    }

    /// Takes note of what is accepted elsewhere; only when everything else has its name, as it was when the baseline was written.
    pub fn pass_over(&mut self, seen: &Seen<'_>) {
        self.waived.insert(self.namer.name(seen));
    }

    /// The entries that accept nothing.
    pub fn told(self, grounds: &Grounds<'_>) -> Vec<Finding> {
        let mut seen = BTreeSet::new();
        let told = |known: &'a Known| {
            let Known { rule, path, fingerprint, at } = known;
            let is_double = !seen.insert(fingerprint.as_str());
            let message = if is_double {
                format!("the baseline knows a finding of `{rule}` in `{path}` twice")
            } else if self.used.contains(fingerprint) || grounds.may_miss(rule, path) {
                return None;
            } else if self.waived.contains(fingerprint) {
                format!(
                    "the baseline knows a finding of `{rule}` in `{path}` that is accepted elsewhere, too"
                )
            } else {
                format!(
                    "the baseline knows a finding of `{rule}` in `{path}` that is found no more"
                )
            };
            let at = Location { source: self.file, span: *at };
            let help = "run `commerce-lint baseline --update`, which leaves it out; what it takes in is to be reviewed";
            Some(Finding::new(at, message).label("accepts nothing").help(help))
        };
        self.baseline.accepted.iter().filter_map(told).collect()
    }
}

/// A baseline about to be written.
#[derive(Debug, Default)]
pub struct Draft {
    /// The text of its file.
    pub text: String,
    /// How many findings it lists.
    pub count: usize,
    /// How many of them the baseline before did not list.
    pub new: usize,
    /// How many it does not list any more.
    pub gone: usize,
    /// Keys that were named and that no finding has.
    pub unknown: BTreeSet<Fingerprint>,
    /// Private keys that it leaves out because nobody named them: the finding, and the name of its key if it has one.
    pub left_out: Vec<(Diagnostic, Option<Fingerprint>)>,
}

/// Lists what is found, but for private keys that are neither named nor in the baseline before. In the order of paths, rules and names:
/// nothing moves that has not changed.
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
    let open_keys: BTreeSet<Location> = inventory
        .secrets
        .iter()
        .filter(|key| !key.encrypted && key.kind != SecretKind::ClientSecret)
        .map(|key| key.at)
        .collect();
    let mut draft = Draft { unknown: keys.iter().copied().collect(), ..Draft::default() };
    let mut entries = BTreeSet::new();
    for diagnostic in found {
        if NEVER_WAIVED.contains(&diagnostic.rule.as_str()) {
            continue;
        }
        let seen = Seen::new(diagnostic, &values, sources);
        let name = namer.name(&seen);
        let is_key = KEY_RULES.contains(&diagnostic.rule.as_str())
            || open_keys.contains(&diagnostic.finding.primary.at);
        let is_named = seen.value.is_some_and(|value| keys.contains(&value));
        draft.unknown.retain(|key| seen.value != Some(*key));
        if is_key && !is_named && !known.contains(name.as_str()) {
            draft.left_out.push((diagnostic.clone(), seen.value));
            continue;
        }
        draft.new += usize::from(!known.contains(name.as_str()));
        entries.insert((seen.path, diagnostic.rule.as_str(), name));
    }
    draft.count = entries.len();
    draft.gone = known.len() + draft.new - draft.count;
    draft.text = format!("{HEAD}version = {VERSION}\nsalt = \"{salt}\"\n");
    for (path, rule, name) in entries {
        let (rule, path) = (literal(rule), literal(path));
        let entry =
            format!("\n[[accepted]]\nrule = {rule}\npath = {path}\nfingerprint = \"{name}\"\n");
        draft.text.push_str(&entry);
    }
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
