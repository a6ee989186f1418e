//! How changes become findings: one for a fact, with every place of it now and before.

use std::collections::BTreeMap;

use super::{Change, folded};
use crate::model::instance::{Evidence, Instance};
use crate::model::setting::{Setting, Value};
use crate::rule::Finding;
use crate::rules::places::known;
use crate::rules::wording::{names, value};
use crate::source::{Location, Span};

/// Changes in order of places, those of one parameter from one value to another together.
#[must_use]
pub fn grouped(mut changes: Vec<Change<'_>>) -> Vec<Vec<Change<'_>>> {
    changes.sort_by_key(|change| change.at);
    let mut places: BTreeMap<_, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<Change<'_>>> = Vec::new();
    for change in changes {
        let place = *places.entry(change.fact()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(change),
            None => groups.push(vec![change]),
        }
    }
    groups
}

/// Says what changed from what to what: "data space of `a` changed from `x` to `y`".
#[must_use]
pub fn told(what: &str, changes: &[Change<'_>]) -> String {
    let Some(change) = changes.first() else { return String::new() };
    let of = names(&instances(changes));
    let text = |setting: &Setting| match &setting.value {
        Value::OneOf(candidates) => {
            let texts = candidates.iter().filter_map(|one| known(&one.value));
            let texts = texts.map(|text| value(setting.parameter, &text));
            format!("one of {}", texts.collect::<Vec<_>>().join(", "))
        }
        _ => folded(setting).map_or_else(String::new, |text| value(setting.parameter, &text)),
    };
    let old = text(change.before);
    match change.now {
        Some(now) if now.value == Value::Placeholder => {
            format!("{what} {old} of {of} was replaced by a placeholder")
        }
        Some(now) if now.value.is_present() => {
            format!("{what} of {of} changed from {old} to {}", text(now))
        }
        Some(_) => format!("{what} {old} of {of} was blanked"),
        None => format!("{what} {old} of {of} was removed"),
    }
}

/// The instances of changes, by the names they had.
#[must_use]
pub fn instances<'a>(changes: &[Change<'a>]) -> Vec<&'a Instance> {
    let mut instances: Vec<&Instance> = changes.iter().map(|change| change.pair.before).collect();
    instances.sort_by(|a, b| a.name.cmp(&b.name));
    instances.dedup_by(|a, b| a.name == b.name);
    instances
}

/// A finding with every place of the changes, now and before.
#[must_use]
pub fn finding(changes: &[Change<'_>], message: String, help: &str) -> Option<Finding> {
    let (first, others) = changes.split_first()?;
    let instances = instances(changes);
    let help = format!("{help}{}", guesses(&instances));
    let finding = Finding::new(first.at, message)
        .label(words(first))
        .see(first.before.at, "before")
        .help(help)
        .of(instances.iter().map(|instance| instance.name.clone()));
    Some(others.iter().fold(finding, |finding, change| {
        let finding = see_once(finding, change.at, words(change));
        see_once(finding, change.before.at, "before")
    }))
}

/// Two to four words for the place of a change.
fn words(change: &Change<'_>) -> &'static str {
    match change.now {
        Some(now) if now.value == Value::Placeholder => "now a placeholder",
        Some(now) if now.value.is_present() => "now",
        Some(_) => "now blank",
        None if change.at == change.before.at => "no longer in force",
        None if change.at.span != Span::default() => "removed beside this",
        None => "no longer set",
    }
}

/// Adds a place that the finding does not show yet.
#[must_use]
pub fn see_once(finding: Finding, at: Location, text: &str) -> Finding {
    if finding.shows(at) { finding } else { finding.see(at, text) }
}

/// Why instances are taken for production, where nobody declared it.
#[must_use]
pub fn guesses(instances: &[&Instance]) -> String {
    let guessed = instances.iter().filter(|instance| instance.kind.evidence != Evidence::Declared);
    let texts = guessed.map(|instance| {
        format!("; `{}` was taken for production: {}", instance.name, instance.kind.said_by)
    });
    texts.take(3).collect()
}
