//! A baseline about to be written.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::baseline::{Marks, Named};
use super::grounds::Seen;
use super::tokens::Tokens;
use crate::config::baseline::{Baseline, VERSION};
use crate::model::fingerprint::Fingerprint;
use crate::model::inventory::Inventory;
use crate::rule::{self, Diagnostic, NEVER_WAIVED, Rule, Severity};
use crate::source::SourceId;
use crate::sources::Sources;

/// How many digits of a finding's name are enough to name it.
const NAME: usize = 12;

/// A baseline about to be written.
#[derive(Debug, Default)]
pub struct BaselineDraft {
    /// The text of its file.
    pub text: String,
    /// How many findings it lists.
    pub count: usize,
    /// How many of them the baseline before did not list.
    pub new: usize,
    /// How many it does not list any more.
    pub gone: usize,
    /// What was named and that no finding has.
    pub unknown: BTreeSet<String>,
    /// What it leaves out because nobody named it.
    pub left_out: Vec<LeftOut>,
}

/// A finding that is not taken in.
#[derive(Debug)]
pub struct LeftOut {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// What takes it in: an option with the name, if there is one.
    pub option: Option<String>,
    /// Whether it is a private key; else an error that is new or has grown.
    pub is_key: bool,
}

/// What is taken in by name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Private keys.
    pub keys: &'a [Fingerprint],
    /// Errors that the baseline before does not know: rules, or the names of findings.
    pub findings: &'a [String],
}

/// Lists what is found, but for private keys that are neither named nor in the baseline before, and for errors that came after it and are
/// not named. In the order of paths, rules and names: nothing moves that has not changed.
#[must_use]
pub fn draft(
    (found, rules): (&[Diagnostic], &[Rule]),
    salt: &str,
    wanted: Wanted<'_>,
    before: Option<&Baseline>,
    (inventory, sources): (&Inventory, &Sources),
) -> BaselineDraft {
    let values = inventory.fingerprints();
    let paths = super::paths(sources);
    let tokens = Tokens::new(salt, inventory);
    let found = found.iter().filter(|found| !NEVER_WAIVED.contains(&found.rule.as_str()));
    let found: Vec<Seen<'_>> =
        found.map(|found| Seen::new(found, &values, sources, &paths)).collect();
    let before = before.filter(|before| before.salt == salt);
    let mut marks = before.map(|before| Marks::new(before, SourceId(u32::MAX)));
    let known = marks.as_mut().map(|marks| marks.known(&found, &tokens));
    let known = known.unwrap_or_else(|| vec![None; found.len()]);
    let mut draft = BaselineDraft::default();
    draft.unknown.extend(wanted.keys.iter().map(ToString::to_string));
    draft.unknown.extend(wanted.findings.iter().cloned());
    let mut entries = Vec::new();
    for (seen, known) in found.iter().zip(&known) {
        let named = Named::new(seen, &tokens);
        let rule = seen.diagnostic.rule.as_str();
        // Other rules say other things at a key's place, and those can be accepted.
        let is_key = rule::of_id(rules, rule).is_some_and(|rule| rule.finds_keys);
        let is_named_key = seen.value.is_some_and(|value| wanted.keys.contains(&value));
        let name = named.fingerprint.get(..NAME).unwrap_or_default().to_owned();
        let is_named = wanted.findings.iter().any(|one| *one == name || one == rule);
        draft.unknown.retain(|one| {
            one != rule && *one != name && seen.value.is_none_or(|value| *one != value.to_string())
        });
        let is_late = before.is_some() && seen.diagnostic.severity == Severity::Error;
        if known.is_none() && (is_key && !is_named_key || !is_key && is_late && !is_named) {
            let key = seen.value.map(|value| format!("--include-key {value}"));
            let option = if is_key { key } else { Some(format!("--include {name}")) };
            draft.left_out.push(LeftOut { diagnostic: seen.diagnostic.clone(), option, is_key });
            continue;
        }
        draft.new += usize::from(known.is_none());
        entries.push((seen.path, rule, named));
    }
    entries.sort_by(|a, b| (a.0, a.1, &a.2.fingerprint).cmp(&(b.0, b.1, &b.2.fingerprint)));
    draft.count = entries.len();
    draft.gone = before.map_or(0, |before| before.accepted.len()) + draft.new - draft.count;
    draft.text = format!("{HEAD}version = {VERSION}\nsalt = \"{salt}\"\n");
    for (path, rule, named) in entries {
        draft.text.push_str(&entry(path, rule, &named));
    }
    draft
}

fn entry(path: &str, rule: &str, named: &Named) -> String {
    let (rule, path, name) = (literal(rule), literal(path), &named.fingerprint);
    let mut entry =
        format!("\n[[accepted]]\nrule = {rule}\npath = {path}\nfingerprint = \"{name}\"\n");
    let list = |names: &mut dyn Iterator<Item = &String>| {
        names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    };
    if named.values.len() > 1 {
        let _ = writeln!(entry, "values = [{}]", list(&mut named.values.iter()));
    }
    if !named.instances.is_empty() {
        let _ = writeln!(entry, "instances = [{}]", list(&mut named.instances.iter()));
    }
    entry
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
