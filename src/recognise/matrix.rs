//! Jobs that run once for each environment of a matrix.
//!
//! Source: the GitHub documentation, *Workflow syntax*, `jobs.<job_id>.strategy.matrix`. A value under `include` belongs to the environment
//! beside it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::value::{Dress, classify};
use super::{Contribution, Said, choice};
use crate::model::setting::{Possible, Setting, Value};
use crate::source::{Location, Source};
use crate::syntax::Node;
use crate::syntax::shell::MATRIX;

/// How many runs the scripts of one job are read for.
const MOST: usize = 32;

/// An environment of a matrix, with what `include` says beside it.
pub struct Run<'n> {
    /// Its name.
    pub environment: Cow<'n, str>,
    /// What the lists of the matrix give it, by their keys.
    listed: Vec<(&'n str, &'n Node)>,
    extras: Vec<&'n Node>,
}

/// The environments that a job runs for; none where no matrix names them.
#[must_use]
pub fn runs(job: &Node) -> Vec<Run<'_>> {
    let Some(matrix) = job.get("strategy").and_then(|strategy| strategy.get("matrix")) else {
        return Vec::new();
    };
    let environment = job.get("environment");
    let named = environment.and_then(|node| node.as_str().or_else(|| node.get("name")?.as_str()));
    let Some(key) = named.map_or(Some("environment"), variable) else {
        return named.map_or_else(Vec::new, |named| combined(matrix, named));
    };
    let mut runs: Vec<Run<'_>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    // `matrix.target.name` of a list of objects.
    let (list, within) = key.split_once('.').map_or((key, None), |(list, rest)| (list, Some(rest)));
    let named = |node| within.map_or(Some(node), |within| beneath(node, within))?.as_str();
    let listed = matrix.get(list).map(Node::items).unwrap_or_default();
    for (node, environment) in listed.iter().filter_map(|node| Some((node, named(node)?))) {
        places.entry(environment).or_insert(runs.len());
        let environment = Cow::Borrowed(environment);
        runs.push(Run { environment, listed: vec![(list, node)], extras: Vec::new() });
    }
    for extra in matrix.get("include").map(Node::items).unwrap_or_default() {
        let Some(environment) = beneath(extra, key).and_then(Node::as_str) else { continue };
        let place = *places.entry(environment).or_insert(runs.len());
        if let Some(run) = runs.get_mut(place) {
            run.extras.push(extra);
        } else {
            let environment = Cow::Borrowed(environment);
            runs.push(Run { environment, listed: Vec::new(), extras: vec![extra] });
        }
    }
    runs
}

/// What stands beneath keys with points between them.
fn beneath<'n>(node: &'n Node, keys: &str) -> Option<&'n Node> {
    keys.split('.').try_fold(node, |node, key| node.get(key))
}

/// The runs of a job whose `include` gives its settings values: by the first other key that varies and tells these. None where it gives no
/// setting one.
fn runs_by_values<'n>(job: &'n Node, source: &Source, settings: &[Setting]) -> Vec<Run<'n>> {
    let matrix = job.get("strategy").and_then(|strategy| strategy.get("matrix"));
    let included = matrix.and_then(|matrix| matrix.get("include")).map(Node::items);
    let references = settings.iter().filter(|setting| setting.value == Value::Reference);
    let written = references.map(|setting| source.slice(setting.at.span).trim_matches(['"', '\'']));
    let given: Vec<&str> = written.filter_map(variable).collect();
    let is_used = |extra: &&Node| given.iter().any(|key| extra.get(key).is_some());
    let extras: Vec<&Node> = included.unwrap_or_default().iter().filter(is_used).collect();
    let text = |extra: &'n Node, key: &str| extra.get(key).and_then(Node::as_str);
    let tells = |key: &&str| {
        let mut known: BTreeMap<Option<&str>, Vec<Option<&str>>> = BTreeMap::new();
        let mut is_told = true;
        for extra in &extras {
            let values: Vec<Option<&str>> = given.iter().map(|key| text(extra, key)).collect();
            is_told &= *known.entry(text(extra, key)).or_insert_with(|| values.clone()) == values;
        }
        // `php: 8.2` beside `php: 8.3` is one shop under two versions.
        let is_name = |text: &str| text.contains(|letter: char| letter.is_ascii_alphabetic());
        is_told && known.len() > 1 && known.keys().all(|value| value.is_some_and(is_name))
    };
    let keys = extras.first().map(|extra| extra.entries()).unwrap_or_default();
    let mut keys = keys.iter().filter_map(|entry| entry.key.as_str());
    let Some(key) = keys.find(|key| !given.contains(key) && tells(key)) else { return Vec::new() };
    let run = |extra: &&'n Node| {
        let environment = Cow::Borrowed(text(extra, key)?);
        Some(Run { environment, listed: Vec::new(), extras: vec![extra] })
    };
    extras.iter().filter_map(run).collect()
}

/// What the lists of a matrix are called that hold names of installations.
const LISTS: [&str; 12] = [
    "shop", "brand", "store", "tenant", "site", "instance", "customer", "client", "env", "stage",
    "target", "branch",
];

/// The runs of a job for a list of installations by their names, whatever it gives them: `matrix: {shop: [oak, pine]}`.
fn runs_by_names(job: &Node) -> Vec<Run<'_>> {
    let matrix = job.get("strategy").and_then(|strategy| strategy.get("matrix"));
    let found = LISTS.iter().find_map(|key| Some((*key, matrix?.get(key)?)));
    let Some((key, listed)) = found.map(|(key, node)| (key, node.items())) else {
        return Vec::new();
    };
    let names: Vec<(&Node, &str)> =
        listed.iter().filter_map(|node| Some((node, node.as_str()?))).collect();
    let is_name = |(_, name): &(&Node, &str)| name.contains(|one: char| one.is_ascii_alphabetic());
    if names.len() < 2 || !names.iter().all(is_name) {
        return Vec::new();
    }
    let run = |(node, name)| {
        let (environment, listed) = (Cow::Borrowed(name), vec![(key, node)]);
        Run { environment, listed, extras: Vec::new() }
    };
    names.into_iter().map(run).collect()
}

/// The runs of a job whose environment is called after several lists of its matrix: `${{ matrix.brand }}-${{ matrix.stage }}`. None where
/// something else stands in the name, and where runs are left out or put in.
fn combined<'n>(matrix: &'n Node, named: &str) -> Vec<Run<'n>> {
    if matrix.get("include").is_some() || matrix.get("exclude").is_some() {
        return Vec::new();
    }
    let mut runs =
        vec![Run { environment: Cow::Borrowed(""), listed: Vec::new(), extras: Vec::new() }];
    let mut rest = named;
    while let Some((before, (inner, behind))) =
        rest.split_once("${{").and_then(|(before, hole)| Some((before, hole.split_once("}}")?)))
    {
        let key = inner.trim().strip_prefix(MATRIX);
        let Some((key, items)) = key.and_then(|key| {
            matrix.entries().iter().find_map(|entry| {
                let own = entry.key.as_str().filter(|own| *own == key)?;
                Some((own, entry.value.items()))
            })
        }) else {
            return Vec::new();
        };
        let with = |run: &Run<'n>, node: &'n Node| {
            let environment = format!("{}{before}{}", run.environment, node.as_str()?);
            let listed = run.listed.iter().copied().chain([(key, node)]).collect();
            Some(Run { environment: Cow::Owned(environment), listed, extras: Vec::new() })
        };
        let next = runs.iter().flat_map(|run| items.iter().map(move |node| with(run, node)));
        let Some(next) = next.take(MOST + 1).collect::<Option<Vec<Run<'n>>>>() else {
            return Vec::new();
        };
        (runs, rest) = (next, behind);
    }
    let is_told = runs.len() <= MOST && runs.iter().all(|run| !run.listed.is_empty());
    for run in &mut runs {
        run.environment.to_mut().push_str(rest);
    }
    if is_told && !rest.contains("${{") { runs } else { Vec::new() }
}

/// The runs of a job in whose scripts its matrix stands, each with its name; none where nothing in the matrix is a name.
#[must_use]
pub fn runs_of_scripts<'n>(job: &'n Node, source: &Source) -> Vec<Run<'n>> {
    let matrix = job.get("strategy").and_then(|strategy| strategy.get("matrix"));
    if matrix.is_none() || !source.slice(job.at.span).contains("matrix.") {
        return Vec::new();
    }
    let named = runs(job);
    if !named.is_empty() {
        return if named.len() > MOST { Vec::new() } else { named };
    }
    let included = matrix.and_then(|matrix| matrix.get("include")).map(Node::items);
    let included = included.unwrap_or_default();
    let text = |extra: &'n Node, key: &str| extra.get(key).and_then(Node::as_str);
    let tells = |key: &&&str| {
        let all: Vec<Option<&str>> = included.iter().map(|extra| text(extra, key)).collect();
        let known: BTreeSet<&str> = all.iter().flatten().copied().collect();
        all.len() > 1 && known.len() == all.len() && all.len() <= MOST
    };
    let Some(key) = LISTS.iter().find(tells).copied() else { return Vec::new() };
    let run = |extra: &'n Node| {
        let environment = Cow::Borrowed(text(extra, key)?);
        Some(Run { environment, listed: Vec::new(), extras: vec![extra] })
    };
    included.iter().filter_map(run).collect()
}

/// Whether a run is one of those that an arm around is for: a step that runs only under `matrix.env == 'production'`.
fn is_meant(names: &[String], run: &Run<'_>, runs: &[Run<'_>]) -> bool {
    let mut arms = names.windows(2).filter_map(|pair| match pair {
        [how, word] if how == Said::CASE => Some((word, true)),
        [how, word] if how == Said::OTHERWISE => Some((word, false)),
        _ => None,
    });
    arms.all(|(word, holds)| {
        let is_one = |run: &Run<'_>| run.environment.eq_ignore_ascii_case(word);
        !runs.iter().any(is_one) || is_one(run) == holds
    })
}

/// Gives each environment of a matrix what its job gives, with its own values in it.
#[must_use]
pub fn spread(source: &Source, document: &Node, found: Vec<Contribution>) -> Vec<Contribution> {
    let jobs = document.get("jobs").map(Node::entries).unwrap_or_default();
    let runs = jobs.iter().map(|job| (job.key.as_str().unwrap_or_default(), runs(&job.value)));
    let runs: Vec<_> = runs.filter(|(_, runs)| !runs.is_empty()).collect();
    let mut spread = Vec::new();
    for contribution in found {
        let names = contribution.said.as_ref().map_or(&[][..], |said| &said.names);
        // What the workflow is called stands above its jobs.
        let of_job = |job: &str| {
            let mut pairs = names.windows(2);
            pairs.any(
                |pair| matches!(pair, [jobs, id] if jobs == "jobs" && id.eq_ignore_ascii_case(job)),
            )
        };
        let known = runs.iter().find(|(job, _)| of_job(job)).map(|(_, runs)| runs.as_slice());
        let job = jobs.iter().find(|job| job.key.as_str().is_some_and(&of_job));
        let by_values = match known {
            Some(_) => Vec::new(),
            None => job.map_or_else(Vec::new, |job| {
                runs_by_values(&job.value, source, &contribution.settings)
            }),
        };
        let by_names = match job {
            Some(job) if known.is_none() && by_values.is_empty() => runs_by_names(&job.value),
            _ => Vec::new(),
        };
        // Its scripts were read once for each run.
        let of_run = names.windows(2).find_map(|pair| match pair {
            [how, name] if how == Said::ENVIRONMENT => {
                known?.iter().find(|run| run.environment == *name)
            }
            _ => None,
        });
        if let Some((run, all)) = of_run.zip(known) {
            if is_meant(names, run, all) {
                spread.push(without_arms(contribution, all));
            }
            continue;
        }
        let runs = known.unwrap_or(if by_values.is_empty() { &by_names } else { &by_values });
        if runs.is_empty() {
            spread.push(contribution);
            continue;
        }
        // What stands in another environment's `include` is not of this one.
        let mut own: BTreeMap<usize, Vec<(usize, &Setting)>> = BTreeMap::new();
        let mut of_all: Vec<(usize, &Setting)> = Vec::new();
        let extras = places_of_extras(runs);
        for (order, setting) in contribution.settings.iter().enumerate() {
            match owner(&extras, setting) {
                Some(run) => own.entry(run).or_default().push((order, setting)),
                None => of_all.push((order, setting)),
            }
        }
        let meant: Vec<bool> = runs.iter().map(|run| is_meant(names, run, runs)).collect();
        for (index, run) in runs.iter().enumerate().filter(|(at, _)| meant.get(*at) == Some(&true))
        {
            let mut names = names.to_vec();
            without_templates(&mut names);
            names.extend([Said::ENVIRONMENT.to_owned(), run.environment.to_string()]);
            let mut settings = of_all.clone();
            settings.extend(own.get(&index).into_iter().flatten());
            settings.sort_by_key(|&(order, _)| order);
            spread.push(Contribution {
                said: Some(Said { how: Said::KEYS, names }),
                settings: settings
                    .into_iter()
                    .map(|(_, setting)| run.filled(source, setting))
                    .collect(),
                problems: if index == 0 { contribution.problems.clone() } else { Vec::new() },
                ..contribution.clone()
            });
        }
    }
    spread
}

/// Takes out the environments that a template names: which it is, the run says.
pub fn without_templates(names: &mut Vec<String>) {
    let is_one = |pair: &[String]| matches!(pair, [how, name] if how == Said::ENVIRONMENT && name.contains("${{"));
    while let Some(at) = names.windows(2).position(is_one) {
        names.drain(at..at + 2);
    }
}

/// A contribution of a run without the arms that ask for which run it is: the run says that.
fn without_arms(mut contribution: Contribution, runs: &[Run<'_>]) -> Contribution {
    let Some(said) = &mut contribution.said else { return contribution };
    let is_run = |word: &String| runs.iter().any(|run| run.environment.eq_ignore_ascii_case(word));
    let mut names = Vec::with_capacity(said.names.len());
    let mut all = std::mem::take(&mut said.names).into_iter().peekable();
    while let Some(name) = all.next() {
        let is_arm = name == Said::CASE || name == Said::OTHERWISE;
        if is_arm && all.next_if(is_run).is_some() {
            continue;
        }
        names.push(name);
    }
    said.names = names;
    contribution
}

/// Where the `include`s of runs stand, each with the index of its run, in order.
fn places_of_extras(runs: &[Run<'_>]) -> BTreeMap<u32, (u32, usize)> {
    let extras = runs.iter().enumerate().flat_map(|(index, run)| {
        run.extras.iter().map(move |extra| (extra.at.span.start, (extra.at.span.end, index)))
    });
    extras.collect()
}

/// The run in whose `include` a setting stands.
fn owner(extras: &BTreeMap<u32, (u32, usize)>, setting: &Setting) -> Option<usize> {
    let place = setting.key_at.span.start;
    let (_, &(end, run)) = extras.range(..=place).next_back()?;
    (place < end).then_some(run)
}

impl Run<'_> {
    /// What stands in the place of the matrix's keys, with where it is written.
    pub fn values(&self) -> Vec<(String, String, Location)> {
        let own = self.listed.iter().copied();
        let extras = self.extras.iter().flat_map(|extra| extra.entries());
        let extras = extras.filter_map(|entry| Some((entry.key.as_str()?, &entry.value)));
        let mut found = Vec::new();
        for (key, value) in own.chain(extras) {
            found.extend(named(key, value));
            for entry in value.entries() {
                let within = entry.key.as_str().map(|within| format!("{key}.{within}"));
                found.extend(within.and_then(|key| named(&key, &entry.value)));
            }
        }
        found
    }

    /// A setting with the value that this environment has for it.
    fn filled(&self, source: &Source, setting: &Setting) -> Setting {
        if let Value::OneOf(possible) = &setting.value {
            return self.chosen(source, setting, possible).unwrap_or_else(|| setting.clone());
        }
        let written = source.slice(setting.at.span).trim_matches(['"', '\'']);
        let value =
            variable(written).filter(|_| setting.value == Value::Reference).and_then(|key| {
                self.extras
                    .iter()
                    .find_map(|extra| beneath(extra, key))
                    .or_else(|| self.of_lists(key))
            });
        let Some(value) = value else { return setting.clone() };
        let classified = classify(setting.parameter, value, source, Dress::Plain);
        Setting { value: classified, at: value.at, ..setting.clone() }
    }

    /// What an object of a list gives.
    fn of_lists(&self, key: &str) -> Option<&Node> {
        let (list, within) = key.split_once('.')?;
        self.listed.iter().find(|(own, _)| *own == list).and_then(|(_, node)| beneath(node, within))
    }

    /// The value of a map that stands beneath what this run has: `fromJSON('{…}')[matrix.environment]`.
    fn chosen(&self, source: &Source, setting: &Setting, possible: &[Possible]) -> Option<Setting> {
        let known = possible.first()?.at.span.end as usize;
        let (_, index) = source.text().get(known..)?.split_once("}')[")?;
        let asked = index.split(']').next()?;
        let (_, word, _) = self.values().into_iter().find(|(name, _, _)| name == asked)?;
        let mut of_it =
            possible.iter().filter(|one| choice::key_of(source, one.at) == Some(word.as_str()));
        let Possible { value, at } = of_it.next()?.clone();
        Some(Setting { value, at, ..setting.clone() })
    }
}

/// A value of a matrix by the name that stands in expressions, with its place.
fn named(key: &str, value: &Node) -> Option<(String, String, Location)> {
    Some((format!("{MATRIX}{key}"), value.as_str()?.to_owned(), value.at))
}

/// What the matrix of a job gives for an expression that names one of its keys, in order; none for any other expression.
#[must_use]
pub fn values(job: &Node, written: &str) -> Vec<String> {
    let matrix = job.get("strategy").and_then(|strategy| strategy.get("matrix"));
    let Some((matrix, key)) = matrix.zip(variable(written)) else { return Vec::new() };
    let (list, within) = key.split_once('.').map_or((key, None), |(list, rest)| (list, Some(rest)));
    let own = |node| within.map_or(Some(node), |within| beneath(node, within));
    let listed = matrix.get(list).map(Node::items).unwrap_or_default().iter().filter_map(own);
    let included = matrix.get("include").map(Node::items).unwrap_or_default().iter();
    let all = listed.chain(included.filter_map(|extra| beneath(extra, key)));
    let all = all.filter_map(Node::as_str);
    all.map(str::to_owned).collect()
}

/// The key of a matrix that an expression names: `${{ matrix.environment }}`.
fn variable(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    inner.trim().strip_prefix(MATRIX).filter(|key| !key.contains(['{', '}']))
}
