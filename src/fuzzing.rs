//! The doors of `fuzz/`, which its own build alone has: what no program, test or benchmark reaches from outside.

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::baseline::Baseline;
use crate::config::layers::layered;
use crate::config::{Config, ConfigError};
use crate::discover::git;
use crate::editor;
use crate::error::Error;
use crate::mask::outlet::Outlet;
use crate::read::input;
use crate::rules::{self, packs};

/// Reads a configuration, one that it takes the place of, and puts one on top of the other.
pub fn configurations(now: &str, before: &str) {
    let (rules, ids) = (rules::all(), rules::ids());
    let (_, _) = (Config::extends(now), Config::packs(now));
    let (read, policy) = (Config::parse(now, &ids), Config::parse_policy(before, &ids));
    mistakes(now, read.as_ref().err());
    mistakes(before, policy.as_ref().err());
    let Ok(read) = read else { return };
    let own: BTreeMap<_, _> = rules.iter().map(|rule| (rule.id.as_str(), rule.severity)).collect();
    assert!(read.loosened(&read, &own).is_empty(), "it lets nothing pass that it did not");
    let Ok(policy) = policy else { return };
    let _ = policy.loosened(&read, &own);
    let (stacked, _) = layered(vec![(1, policy), (0, read)], &rules);
    let _ = stacked.loosened(&stacked, &own);
}

/// Reads a baseline.
pub fn baseline(text: &str) {
    let read = Baseline::parse(text);
    mistakes(text, read.as_ref().err());
    let Ok(read) = read else { return };
    assert!(read.grown(Some(&read)).is_none(), "it knows what it knows");
    assert!(read.accepted.iter().all(|known| text.get(known.at.range()).is_some()));
}

/// Every mistake has a place in the text.
fn mistakes(text: &str, found: Option<&Vec<ConfigError>>) {
    for mistake in found.into_iter().flatten() {
        assert!(text.get(mistake.span.range()).is_some(), "{:?}", mistake.span);
    }
}

/// Reads the page of a rule, as one of a pack.
pub fn page(text: &str) {
    let page = packs::PackPage { path: "acme/page.md".to_owned(), text: text.to_owned() };
    if let Err(bad) = packs::rules(&[page]) {
        for mistake in bad.errors {
            assert!(text.get(mistake.span.range()).is_some(), "{:?}", mistake.span);
        }
    }
}

/// Reads what git prints and keeps.
pub fn git(bytes: &[u8]) {
    git::fuzzing::read(bytes);
}

/// Takes the messages of an editor out of a stream, until it makes no sense any more.
pub fn frames(mut bytes: &[u8]) {
    while let Ok(Some(_)) = input::message(&mut bytes) {}
}

/// Serves an editor that has a folder open. Returns what it is told.
///
/// # Errors
/// None: what is said has room in memory.
pub fn editor(folder: &Path, messages: &[&[u8]]) -> Result<Vec<u8>, Error> {
    let mut said = Vec::new();
    editor::fuzzing::serve(folder, messages, &mut Outlet::new(&mut said))?;
    Ok(said)
}
