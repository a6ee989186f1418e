//! What only several instances together can keep: a value that is each one's own, and a value that is all the same.

use std::collections::{BTreeMap, BTreeSet};

use super::terms::{Assertion, Use, folded};
use crate::model::instance::{Instance, Kind};
use crate::model::setting::Value;
use crate::rule::{Context, Finding};
use crate::rules::wording::names;

/// The values that several installations have, one finding each.
pub fn shared<'a>(
    assertion: &'a Assertion,
    cx: &Context<'a>,
    instances: &[&'a Instance],
) -> Vec<Finding> {
    let mut groups: BTreeMap<(&str, String), Vec<Use<'a>>> = BTreeMap::new();
    for found in assertion.uses(cx, instances).into_values() {
        if let Some(known) = known(found.value) {
            groups.entry((found.path, known)).or_default().push(found);
        }
    }
    let mut all = Vec::new();
    for mut group in groups.into_values() {
        let users = group.iter().flat_map(|found| &found.users);
        let installations: BTreeSet<&String> = users.map(|user| &user.same_as).collect();
        if installations.len() > 1 {
            // The place to mend comes first: production keeps its value.
            group.sort_by_key(|found| (is_of_production(found), found.at));
            add(assertion, group, "the same in", &mut all);
        }
    }
    all
}

/// The values that are not all the same, one finding for each path.
pub fn different<'a>(
    assertion: &'a Assertion,
    cx: &Context<'a>,
    instances: &[&'a Instance],
) -> Vec<Finding> {
    let mut paths: BTreeMap<&str, BTreeMap<String, Vec<Use<'a>>>> = BTreeMap::new();
    for found in assertion.uses(cx, instances).into_values() {
        if let Some(known) = known(found.value) {
            paths.entry(found.path).or_default().entry(known).or_default().push(found);
        }
    }
    let mut all = Vec::new();
    for values in paths.into_values().filter(|values| values.len() > 1) {
        let mut groups: Vec<Vec<Use<'a>>> = values.into_values().collect();
        // What fewer have is what differs.
        groups.sort_by_key(|group| {
            let users: usize = group.iter().map(|found| found.users.len()).sum();
            (users, group.iter().any(is_of_production), group.first().map(|found| found.at))
        });
        add(assertion, groups.into_iter().flatten().collect(), "in", &mut all);
    }
    all
}

fn is_of_production(found: &Use<'_>) -> bool {
    found.users.iter().any(|user| user.kind.value == Kind::Production)
}

/// One finding at the first place, with the others beside it.
fn add(assertion: &Assertion, group: Vec<Use<'_>>, words: &str, findings: &mut Vec<Finding>) {
    let places: Vec<_> = group.iter().map(|found| (found.at, found.users.clone())).collect();
    let mut group = group.into_iter();
    let Some(mut first) = group.next() else { return };
    let label = format!("{words} {}", names(&first.users));
    group.for_each(|other| first.users.extend(other.users));
    first.users.sort_by(|a, b| a.name.cmp(&b.name));
    first.users.dedup_by(|a, b| a.name == b.name);
    let finding = assertion.finding(&first).label(label);
    let others = places.iter().skip(1);
    findings.push(others.fold(finding, |finding, (at, users)| {
        finding.see(*at, format!("{words} {}", names(users)))
    }));
}

/// What tells a known value from another.
fn known(value: &Value) -> Option<String> {
    match value {
        Value::Literal(text) => Some(folded(text)),
        Value::Secret(fingerprint, _) => Some(fingerprint.to_string()),
        _ => None,
    }
}
