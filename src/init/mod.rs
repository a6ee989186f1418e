//! `init`: the configuration that declares the instances of a tree as they were found.
//!
//! What is declared changes nothing: the tree is resolved and checked again with it, and what would change an instance or a finding stays a
//! comment that says why.

mod branches;
mod candidate;
mod patterns;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::declared::{Declarations, Declared, Pattern};
use crate::error::Error;
use crate::examine::recall::Recall;
use crate::examine::{self, Means};
use crate::follow::follow;
use crate::load::load;
use crate::model::instance::{Instance, Kind};
use crate::model::inventory::Inventory;
use crate::report::printable;
use crate::rule::{Context, Diagnostic, Finding, Label, Rule, Severity};
use crate::source::{Location, SourceId};
use crate::sources::{Sources, State};
use crate::states::{self, Configured, Request};
use crate::{check, resolve, rules, run};
use branches::Branch;
use candidate::{Candidate, readers};
use patterns::{Fed, Found};

/// A configuration that is ready to be written.
#[derive(Debug)]
pub struct Proposal {
    /// The text of the file.
    pub text: String,
    /// What was guessed, a line for each instance.
    pub told: Vec<String>,
    /// Whether everything that carries settings was read.
    pub is_complete: bool,
    /// What a person should know about how the files were found; untrusted text.
    pub notes: Vec<String>,
}

/// Finds the instances of a tree without a configuration, and declares those that can be.
///
/// # Errors
/// Where there is no such tree.
pub fn propose(request: &Request) -> Result<Proposal, Error> {
    let request = Request { configured: Configured::Nowhere, ..request.clone() };
    let states = states::open(&request)?;
    let progress = request.progress.clone();
    let means = Means { progress, ..Means::of(states.config.limits.file_bytes) };
    let mut examined = examine::examine(&states.examinees, [None, None], means);
    load(&mut examined, &states.examinees, &Recall::default());
    let now = examined.sources.of(State(0));
    // What names stand for is the same whatever is declared.
    let followed = follow(&now, examined.of(State(0)));
    let resolved = |declared: &_| resolve::resolve(&now, followed.clone(), declared);
    let trial = Trial { resolved: &resolved, rules: rules::all() };
    let found = trial.inventory(&Declarations::default());
    let (before, sources) = (trial.view(&found), &examined.sources);
    let readers = readers(&found);
    let mut candidates: Vec<Candidate<'_>> =
        found.instances.iter().map(|of| Candidate::new(of, (&found, &readers), sources)).collect();
    let mut declared = BTreeMap::new();
    let open: Vec<usize> = (0..candidates.len())
        .filter(|&index| candidates.get(index).is_some_and(|one| one.obstacle.is_none()))
        .collect();
    settle(&trial, &before, &open, &mut candidates, &mut declared);
    let fed = fed(&candidates, sources);
    let found_patterns = patterns::found(&candidates, &fed);
    let by_patterns = ByPatterns { candidates: &candidates, fed: &fed, inventory: &found, sources };
    let (patterns, singles) = by_patterns.settled(&trial, &before, found_patterns);
    let declared_by = patterns.iter().map(|one| by_patterns.told(one)).collect::<Vec<_>>();
    for candidate in candidates.iter_mut().filter(|one| one.obstacle.is_none()) {
        match singles.get(&candidate.instance.name) {
            Some((_, files)) => candidate.files.clone_from(files),
            None => candidate.is_by_pattern = true,
        }
    }
    let is_complete = found.problems.is_empty() && !states.is_partial;
    let mut notes = states.notes;
    let unreadable = found
        .problems
        .iter()
        .map(|problem| format!("`{}` {}", sources.path(problem.at.source), problem.message));
    notes.extend(unreadable);
    let mut told: Vec<String> = candidates.iter().map(Candidate::told).collect();
    let files = states.examinees.iter().take(1).flat_map(|now| &now.tree.files);
    let branches = if branches::is_of_cloud(files.map(|file| file.name.as_str())) {
        branches::environments(&states::branches(&request.path))
    } else {
        Vec::new()
    };
    told.extend(branches.iter().map(Branch::told));
    let by_branch = (found.instances.len() < 2 && !branches.is_empty())
        .then(|| text::written(&[], &[], (&branches, true)))
        .filter(|text| is_the_same(&request, text));
    let text =
        by_branch.unwrap_or_else(|| text::written(&declared_by, &candidates, (&branches, false)));
    Ok(Proposal { text, told, is_complete, notes })
}

/// Whether a configuration changes no finding, whatever it adds.
fn is_the_same(request: &Request, text: &str) -> bool {
    let findings = |configured: Configured| {
        let outcome = run(&Request { configured, ..request.clone() }).ok()?;
        let place = |at: Location| (outcome.sources.path(at.source).to_owned(), at.span);
        let found = outcome.diagnostics.iter().map(|found| {
            (found.rule.clone(), place(found.finding.primary.at), found.finding.message.clone())
        });
        Some(found.collect::<Vec<_>>())
    };
    let before = findings(Configured::Nowhere);
    before.is_some() && before == findings(Configured::Proposed(text.to_owned()))
}

/// Declares as many of the open candidates as change nothing: all together, else by halves, down to the one that would.
fn settle(
    trial: &Trial<'_>,
    before: &View,
    open: &[usize],
    candidates: &mut [Candidate<'_>],
    declared: &mut BTreeMap<String, Declared>,
) {
    let mut with = declared.clone();
    let chosen = open.iter().filter_map(|&index| candidates.get(index));
    with.extend(chosen.map(|one| (one.instance.name.clone(), one.declared.clone())));
    let change = before.change_to(&trial.view(&trial.inventory(&Declarations::of(with.clone()))));
    match (change, open) {
        (None, _) => *declared = with,
        (Some(change), &[only]) => {
            if let Some(candidate) = candidates.get_mut(only) {
                candidate.obstacle = Some(change);
            }
        }
        (Some(_), _) => {
            let (first, second) = open.split_at(open.len() / 2);
            settle(trial, before, first, candidates, declared);
            settle(trial, before, second, candidates, declared);
        }
    }
}

/// The files that feed instances, each with the candidate that alone has it.
fn fed<'a>(candidates: &[Candidate<'_>], sources: &'a Sources) -> Vec<Fed<'a>> {
    let mut owners: BTreeMap<SourceId, Option<usize>> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        for feed in &candidate.instance.feeds {
            let is_its = candidate.obstacle.is_none() && !feed.inherited;
            owners
                .entry(feed.source)
                .and_modify(|owner| *owner = None)
                .or_insert(is_its.then_some(index));
        }
    }
    let fed = owners.into_iter();
    fed.map(|(file, owner)| Fed { path: sources.path(file), owner }).collect()
}

/// What may be declared by patterns, and what is left.
struct ByPatterns<'a> {
    candidates: &'a [Candidate<'a>],
    fed: &'a [Fed<'a>],
    inventory: &'a Inventory,
    sources: &'a Sources,
}

/// The instances that are declared by themselves, each with its patterns and why they are its own.
type Singles = BTreeMap<String, (Declared, Vec<(String, String)>)>;

impl ByPatterns<'_> {
    /// The patterns that change nothing, all together or one after the other, and what is declared beside them.
    fn settled(
        &self,
        trial: &Trial<'_>,
        before: &View,
        found: Vec<Found>,
    ) -> (Vec<Found>, Singles) {
        let is_sound = |patterns: &[Found]| {
            let patterns_alone = patterns.iter().map(|one| one.pattern.clone()).collect();
            let singles = self.singles(patterns).into_iter();
            let instances = singles.map(|(name, (declared, _))| (name, declared)).collect();
            let declared =
                Declarations { instances, patterns: patterns_alone, ..Declarations::default() };
            before.change_to(&trial.view(&trial.inventory(&declared))).is_none()
        };
        let kept = if found.is_empty() || is_sound(&found) {
            found
        } else {
            let mut kept = Vec::new();
            for one in found {
                kept.push(one);
                if !is_sound(&kept) {
                    kept.pop();
                }
            }
            kept
        };
        let singles = self.singles(&kept);
        (kept, singles)
    }

    fn singles(&self, patterns: &[Found]) -> Singles {
        let taken: BTreeSet<&str> = patterns
            .iter()
            .flat_map(|one| &one.files)
            .filter_map(|file| Some(self.fed.get(*file)?.path))
            .collect();
        let open = self.candidates.iter().filter(|one| one.obstacle.is_none());
        let singles = open.filter_map(|one| {
            let beside = one.beside(&taken, self.inventory, self.sources)?;
            Some((one.instance.name.clone(), beside))
        });
        singles.collect()
    }

    /// A pattern with the names of the instances that it declares.
    fn told(&self, one: &Found) -> (Pattern, BTreeSet<String>) {
        let owners = one.files.iter().filter_map(|file| self.fed.get(*file)?.owner);
        let names =
            owners.filter_map(|owner| Some(self.candidates.get(owner)?.instance.name.clone()));
        (one.pattern.clone(), names.collect())
    }
}

/// A tree that can be resolved and checked with any declarations.
struct Trial<'a> {
    resolved: &'a dyn Fn(&Declarations) -> Inventory,
    rules: Vec<Rule>,
}

impl Trial<'_> {
    fn inventory(&self, declared: &Declarations) -> Inventory {
        (self.resolved)(declared)
    }

    fn view(&self, now: &Inventory) -> View {
        let context = Context { now, before: None, weakened: &[], unmatched: &[] };
        let found = check::check(&context, &self.rules, &Config::default().levels);
        View {
            instances: now.instances.iter().map(|of| (of.name.clone(), seen(of, now))).collect(),
            findings: found.into_iter().map(told).collect(),
        }
    }
}

/// What must not change.
#[derive(PartialEq)]
struct View {
    instances: BTreeMap<String, Seen>,
    findings: Vec<Told>,
}

/// What an instance ends up with.
#[derive(PartialEq)]
struct Seen {
    kind: Kind,
    account: String,
    data_space: Option<String>,
    /// The places of what is in force.
    in_force: Vec<Location>,
}

/// A finding without its help, which says how sure a guess is.
#[derive(PartialEq)]
struct Told {
    at: Location,
    rule: String,
    severity: Severity,
    message: String,
    related: Vec<Label>,
}

fn seen(instance: &Instance, inventory: &Inventory) -> Seen {
    let in_force = instance.settings.values().map(|one| inventory.setting(one.winner).at);
    let (kind, account) = (instance.kind.value, instance.account.value.clone());
    let (data_space, in_force) = (inventory.data_space(instance), in_force.collect());
    Seen { kind, account, data_space, in_force }
}

fn told(found: Diagnostic) -> Told {
    let Diagnostic { rule, severity, finding, .. } = found;
    let Finding { primary, message, related, .. } = finding;
    Told { at: primary.at, rule, severity, message, related }
}

impl View {
    /// What is otherwise in another view: a clause.
    fn change_to(&self, other: &Self) -> Option<String> {
        if self == other {
            return None;
        }
        let others = &other.instances;
        let gone = self.instances.keys().find(|name| !others.contains_key(*name));
        let new = others.keys().find(|name| !self.instances.contains_key(*name));
        let changed = self
            .instances
            .iter()
            .find(|(name, seen)| others.get(*name).is_some_and(|other| other != *seen));
        let name = |name: &String| format!("`{}`", printable::text(name));
        Some(match (gone, new, changed) {
            (Some(gone), ..) => format!("with it, instance {} would be gone", name(gone)),
            (_, Some(new), _) => format!("with it, there would be another instance, {}", name(new)),
            (.., Some((changed, _))) => {
                format!("with it, other settings would reach {}", name(changed))
            }
            _ => {
                let only = |one: &Self, two: &Self| {
                    let mut found = one.findings.iter().filter(|it| !two.findings.contains(it));
                    found.next().map(|told| told.rule.clone())
                };
                let rule = only(self, other).or_else(|| only(other, self)).unwrap_or_default();
                format!("with it, `{rule}` would find something else")
            }
        })
    }
}
