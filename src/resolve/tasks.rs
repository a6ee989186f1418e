//! Tasks of one environment (jobs, targets, stages) that deploy different shops: `deploy-acme-prod` beside `deploy-globex-prod`.
//!
//! A word of a task's name can be a brand's or say what the task does. It is a brand's where tasks give one setting different values: what they
//! deploy is not one instance. Of tasks that say the same, one instance is known.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::{Claim, Identity};
use super::piece::Piece;
use crate::model::parameter::Parameter;
use crate::model::setting::Scope;

/// How many names of tasks of one environment are compared, each with each.
const MAX_TASKS: usize = 64;

/// The literals that the tasks of one name give to one environment.
type Given<'c> = BTreeMap<(Parameter, &'c Scope), BTreeSet<&'c str>>;

/// Two names in order.
type Pair<'c> = (&'c [String], &'c [String]);

/// Lets the words of tasks' names count where they tell instances apart.
pub fn settle_names(claims: &mut [Claim], pieces: &[Piece]) {
    let mut given: BTreeMap<Identity, BTreeMap<Vec<String>, Given<'_>>> = BTreeMap::new();
    for (claim, piece) in claims.iter().zip(pieces) {
        let tasks = given.entry(claim.identity()).or_default();
        for setting in piece.contribution.settings.iter().filter(|_| claim.is_part) {
            let Some(value) = setting.value.literal() else { continue };
            let values = tasks.entry(claim.of_task.clone()).or_default();
            values.entry((setting.parameter, &setting.scope)).or_default().insert(value);
        }
    }
    given.retain(|_, tasks| (2..=MAX_TASKS).contains(&tasks.len()));
    let mut environments: BTreeMap<&[String], usize> = BTreeMap::new();
    let mut opposed: BTreeSet<Pair<'_>> = BTreeSet::new();
    for tasks in given.values() {
        for (name, one) in tasks.iter().filter(|(name, _)| !name.is_empty()) {
            *environments.entry(name).or_default() += 1;
            let others = tasks.range(..name.clone()).filter(|(other, _)| !other.is_empty());
            let against = others.filter(|(_, two)| shared(one, two).any(|same| !same));
            opposed.extend(against.map(|(other, _)| (other.as_slice(), name.as_slice())));
        }
    }
    let names: BTreeMap<&Identity, Vec<&[String]>> = given
        .iter()
        .map(|(identity, tasks)| (identity, instances(tasks, &opposed, &environments)))
        .collect();
    // A brand that one environment has alone is the same brand there.
    let told: BTreeSet<&[String]> =
        names.values().filter(|names| names.len() > 1).flatten().copied().collect();
    let meant: Vec<Option<Vec<String>>> = claims
        .iter()
        .map(|claim| {
            if !claim.is_part || told.contains(claim.of_task.as_slice()) {
                return claim.is_part.then(|| claim.of_task.clone());
            }
            let identity = claim.identity();
            let (tasks, names) = given.get(&identity).zip(names.get(&identity))?;
            (names.len() > 1).then(|| name_of(claim, tasks, names, &opposed)).flatten()
        })
        .collect();
    for (claim, names) in claims.iter_mut().zip(meant) {
        let mut new = names.unwrap_or_default();
        new.retain(|name| !claim.names.contains(name));
        claim.names.extend(new);
    }
}

/// The settings that both give, each with whether they agree on it.
fn shared<'g>(one: &'g Given<'_>, two: &'g Given<'_>) -> impl Iterator<Item = bool> + 'g {
    one.iter().filter_map(|(setting, values)| Some(two.get(setting)? == values))
}

/// Whether tasks of two names can be of one instance, and something says that they are.
fn agree(
    one: (&[String], &Given<'_>),
    two: (&[String], &Given<'_>),
    opposed: &BTreeSet<Pair<'_>>,
) -> bool {
    let pair = (one.0.min(two.0), one.0.max(two.0));
    !opposed.contains(&pair)
        && shared(one.1, two.1).all(|same| same)
        && shared(one.1, two.1).next().is_some()
}

/// The names that tell the instances of one environment apart: of those that agree, the one that most environments have.
fn instances<'t>(
    tasks: &'t BTreeMap<Vec<String>, Given<'_>>,
    opposed: &BTreeSet<Pair<'_>>,
    environments: &BTreeMap<&[String], usize>,
) -> Vec<&'t [String]> {
    let mut names: Vec<&[String]> =
        tasks.keys().map(Vec::as_slice).filter(|name| !name.is_empty()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(environments.get(name)));
    let mut kept: Vec<&[String]> = Vec::new();
    for name in names {
        let Some(own) = tasks.get(name) else { continue };
        let is_other = |other: &&[String]| {
            tasks.get(*other).is_some_and(|given| agree((name, own), (other, given), opposed))
        };
        if !kept.iter().any(is_other) {
            kept.push(name);
        }
    }
    kept
}

/// The name of the instance that a claim's task is for; none where several can be meant.
fn name_of(
    claim: &Claim,
    tasks: &BTreeMap<Vec<String>, Given<'_>>,
    names: &[&[String]],
    opposed: &BTreeSet<Pair<'_>>,
) -> Option<Vec<String>> {
    let own = claim.of_task.as_slice();
    if names.contains(&own) {
        return Some(own.to_vec());
    }
    let given = tasks.get(own)?;
    let is_meant = |name: &&&[String]| {
        tasks.get(**name).is_some_and(|other| agree((own, given), (name, other), opposed))
    };
    let mut meant = names.iter().filter(is_meant);
    meant.next().filter(|_| meant.next().is_none()).map(|name| name.to_vec())
}
