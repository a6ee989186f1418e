//! What the program says of a tree, held against what is true of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use commerce_lint::model::instance::Kind;
use commerce_lint::model::inventory::Inventory;
use commerce_lint::model::parameter::Parameter;
use commerce_lint::rule::{Diagnostic, Rule, Severity};
use commerce_lint::sources::Sources;
use tempfile::TempDir;

use crate::compared::compared;

use super::spec::{Change, Spec};
use super::tree::{At, Revision, Tree, Truth, Written, ids};

/// What went wrong with a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Installations that are not as they are: their values, what is in force, what they are for.
    pub instances: Vec<String>,
    /// Findings that are missing, or too many.
    pub findings: Vec<String>,
    /// Errors that say something untrue.
    pub false_errors: Vec<String>,
}

impl Verdict {
    pub fn is_sound(&self) -> bool {
        *self == Self::default()
    }

    /// What of it went wrong, in a word.
    pub fn kind(&self) -> &'static str {
        match (self.instances.is_empty(), self.findings.is_empty(), self.false_errors.is_empty()) {
            (true, true, true) => "sound",
            (_, _, false) => "false error",
            (false, ..) => "instances",
            (true, false, true) => "findings",
        }
    }
}

/// Checks the tree of a specification, alone and as a change.
pub fn judged(spec: &Spec, rules: &[Rule]) -> Verdict {
    let now = Tree::write(spec, Revision::Now);
    let before = (spec.change != Change::Nothing).then(|| Tree::write(spec, Revision::Before));
    let (scratch, scratch_before) = (scratch(), scratch());
    let tree = planted(&now, scratch.path(), &spec.checkout);
    let old = before.as_ref().map(|old| planted(old, scratch_before.path(), &spec.checkout));
    let found = compared(&tree, old.as_deref(), rules);
    let sources = &found.sources;

    let mut names = names(&found.now, sources, &now.truth);
    let mut verdict =
        Verdict { instances: held(&found.now, sources, &now.truth), ..Verdict::default() };
    let (of_state, others): (Vec<_>, Vec<_>) = found.found.iter().partition(|found| {
        ["shared-data-space", "contradictory-setting"].contains(&found.rule.as_str())
    });
    let of_state: BTreeSet<String> =
        of_state.into_iter().map(|found| told(found, &names)).collect();
    hold(&mut verdict, &of_state, &now.findings, &BTreeSet::new());
    let errors = others.into_iter().filter(|found| found.severity == Severity::Error);
    verdict.false_errors.extend(errors.map(|found| told(found, &names)));
    if let (Some(old), Some(before)) = (found.before.as_ref(), &before) {
        for (name, label) in self::names(old, sources, &before.truth) {
            names.entry(name).or_insert(label);
        }
        let is_of_change = |found: &Diagnostic| {
            found.rule.starts_with("production-") && !found.rule.ends_with("elsewhere")
        };
        let told: BTreeSet<String> = found
            .changes
            .iter()
            .filter(|found| is_of_change(found))
            .map(|found| told(found, &names))
            .collect();
        judge_change(&told, &before.truth, &now.truth, &mut verdict);
    }
    verdict
}

/// Holds what is told of a change against what it changes.
fn judge_change(told: &BTreeSet<String>, before: &[Truth], now: &[Truth], verdict: &mut Verdict) {
    let mut expected = BTreeSet::new();
    let mut allowed = BTreeSet::new();
    for one in before.iter().filter(|one| one.is_production == Some(true)) {
        match now.iter().find(|other| other.label == one.label) {
            None => {
                expected.insert(format!("production-demoted: {}", one.label));
            }
            // Which of two contradicting values is in force is nobody's to say.
            Some(other) if other.in_force.is_none() || one.in_force.is_none() => {
                allowed.insert(format!("production-data-space-change: {}", one.label));
            }
            Some(other) if other.in_force != one.in_force => {
                expected.insert(format!("production-data-space-change: {}", one.label));
            }
            Some(_) => {}
        }
    }
    hold(verdict, told, &expected, &allowed);
}

fn hold(
    verdict: &mut Verdict,
    found: &BTreeSet<String>,
    expected: &BTreeSet<String>,
    allowed: &BTreeSet<String>,
) {
    verdict.findings.extend(expected.difference(found).map(|one| format!("missing {one}")));
    let more = found.difference(expected).filter(|one| !allowed.contains(*one));
    for one in more {
        verdict.findings.push(format!("too many {one}"));
        verdict.false_errors.extend((!one.starts_with("production-demoted")).then(|| one.clone()));
    }
}

/// In memory, where the system has such a folder: thousands of small trees are written.
fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
    tempfile::tempdir_in(folder).expect("a scratch folder can be made")
}

fn planted(written: &Written, scratch: &Path, name: &str) -> PathBuf {
    let tree = scratch.join(name);
    for (path, text) in &written.files {
        let file = tree.join(path);
        fs::create_dir_all(file.parent().expect("it lies in the tree"))
            .expect("a folder can be made");
        fs::write(file, text).expect("a file can be written");
    }
    tree
}

/// An instance as the program knows it.
struct Seen {
    name: String,
    kind: Kind,
    in_force: Option<String>,
    values: BTreeSet<At>,
}

fn seen(inventory: &Inventory, sources: &Sources) -> Vec<Seen> {
    let at = |setting| {
        let at = inventory.setting(setting).at;
        let text = sources.get(at.source).map_or("", |source| source.text());
        (
            sources.path(at.source).to_owned(),
            ids(text.get(..at.span.start as usize).unwrap_or_default()),
        )
    };
    let instances = inventory.instances.iter().map(|instance| {
        let resolved = instance.settings.get(&Parameter::DataSpace);
        let settings = resolved.into_iter().flat_map(|of| of.overridden.iter().chain([&of.winner]));
        Seen {
            name: instance.name.clone(),
            kind: instance.kind.value,
            in_force: inventory.data_space(instance),
            values: settings.map(|&setting| at(setting)).collect(),
        }
    });
    instances.collect()
}

/// The labels of the instances that are as they are, by name.
fn names(inventory: &Inventory, sources: &Sources, truth: &[Truth]) -> BTreeMap<String, String> {
    let label = |seen: &Seen| {
        truth.iter().find(|one| one.values == seen.values).map(|one| one.label.clone())
    };
    seen(inventory, sources)
        .iter()
        .filter_map(|seen| Some((seen.name.clone(), label(seen)?)))
        .collect()
}

fn told(found: &Diagnostic, names: &BTreeMap<String, String>) -> String {
    let label = |name: &String| names.get(name).cloned().unwrap_or_else(|| format!("?{name}"));
    let mut labels: Vec<String> = found.finding.instances.iter().map(label).collect();
    labels.sort();
    format!("{}: {}", found.rule, labels.join(", "))
}

fn held(inventory: &Inventory, sources: &Sources, truth: &[Truth]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut left = seen(inventory, sources);
    for one in truth {
        let Some(at) = left.iter().position(|seen| seen.values == one.values) else {
            wrong.push(format!("no instance is `{}`: {}", one.label, listed(&one.values)));
            continue;
        };
        let seen = left.remove(at);
        if one.in_force.is_some() && seen.in_force != one.in_force {
            wrong
                .push(format!("`{}` is in {:?}, not {:?}", one.label, seen.in_force, one.in_force));
        }
        let kind = match one.is_production {
            Some(true) => Kind::Production,
            Some(false) => Kind::NonProduction,
            None => Kind::Unknown,
        };
        // A word that nobody knows may be guessed at where it stands beside one that is known; to be production it must be said.
        let is_guess = one.is_production.is_none() && seen.kind == Kind::NonProduction;
        let is_guessed = is_guess && truth.iter().any(|other| other.is_production.is_some());
        if seen.kind != kind && !is_guessed {
            let (was, is) = (seen.kind.word(), kind.word());
            wrong
                .push(format!("`{}` is {is} and, as `{}`, said to be {was}", one.label, seen.name));
        }
    }
    wrong.extend(
        left.iter()
            .map(|seen| format!("`{}` is no installation: {}", seen.name, listed(&seen.values))),
    );
    wrong
}

fn listed(values: &BTreeSet<At>) -> String {
    let all: Vec<String> =
        values.iter().map(|(path, number)| format!("{path}#{}", number + 1)).collect();
    if all.is_empty() { "nothing".into() } else { all.join(" ") }
}
