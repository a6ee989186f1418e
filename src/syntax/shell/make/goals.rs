//! What a makefile does for each of its goals, and for each of the words that it compares what it is given with.
//!
//! Source: the GNU Make manual, *Goals*, *Overriding Variables*.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{File, Made, evaluated};
use super::targets::{Done, Goal, goals};
use super::values::{Scope, Value};
use crate::syntax::shell::runs::conditions::{Binding, Compared};
use crate::syntax::shell::runs::{Given, Ran, Run, products};

/// How many goals and words of one makefile are told apart.
const MAX_RUNS: usize = 192;

/// How long a makefile may be.
const MAX_BYTES: usize = 128 << 10;

/// The runs of a makefile: for each goal one, or one for each of the words that tell what it does apart.
pub fn runs(file: File<'_>) -> Vec<Run> {
    if file.text.len() > MAX_BYTES {
        return Vec::new();
    }
    // What arms assign in which other words are compared is known in a run alone.
    let mut known: Vec<Binding> = Vec::new();
    let mut subjects = BTreeMap::new();
    let mut is_of_files = false;
    for binding in std::iter::once(Binding::new()).chain(first_words(file)) {
        let made = made(file, &binding, BTreeMap::new());
        let goals = goals(&made);
        for goal in &goals {
            drop(made.script(goal, 0));
        }
        let compared = made.scope.compared.take();
        is_of_files |= compared.is_of_files;
        for binding in compared.runs() {
            let is_role = |input: &String| {
                let input = input.to_ascii_uppercase();
                input.contains("ROLE") || input.contains("COMPONENT")
            };
            if !known.contains(&binding) && !binding.keys().any(is_role) {
                known.push(binding);
            }
        }
        subjects.extend(compared.subjects);
    }
    // Whether it is given at all says nothing of what is asked for by its words.
    let is_own = |binding: &Binding| binding.iter().all(|(input, word)| is_own_name(input, word));
    let named: Vec<Binding> = known.iter().filter(|one| !is_own(one)).cloned().collect();
    known.retain(|one| {
        !is_own(one) || !named.iter().any(|other| one.keys().any(|input| other.contains_key(input)))
    });
    let mut given = products(&known);
    if given.is_empty() {
        given.push(Binding::new());
    }
    let mut runs: BTreeMap<Goal, Vec<(Option<Binding>, Done)>> = BTreeMap::new();
    for binding in &given {
        let made = made(file, binding, BTreeMap::new());
        collect(&made, Some(binding), &mut runs);
        if runs.values().map(Vec::len).sum::<usize>() > MAX_RUNS || made.scope.is_spent() {
            return Vec::new();
        }
    }
    let inputs: BTreeSet<&String> = known.iter().flat_map(BTreeMap::keys).collect();
    if let [input] = inputs.into_iter().collect::<Vec<_>>()[..] {
        let words: BTreeSet<String> =
            known.iter().filter_map(|binding| binding.get(input)).cloned().collect();
        let others = BTreeMap::from([(input.clone(), words)]);
        let made = made(file, &Binding::new(), others);
        collect(&made, None, &mut runs);
    }
    let handed: BTreeSet<String> =
        runs.values().flatten().flat_map(|(_, done)| done.handed.iter().cloned()).collect();
    let mut all = Vec::new();
    for (goal, done) in runs {
        // What others give what it needs does nothing by itself.
        let Some((_, first)) = done.first().filter(|_| !handed.contains(&goal.name)) else {
            continue;
        };
        let is_one = done.iter().all(|(_, other)| other.scripts == first.scripts);
        let is_one = is_one && goal.is_whole();
        for (binding, done) in done {
            let is_otherwise = binding.is_none() && !is_one;
            let label = binding.as_ref().or(known.first()).filter(|_| !is_one);
            let given = |(input, word): (&String, &String)| {
                let group = known.iter().position(|known| known.contains_key(input));
                let subject = subjects.get(input).unwrap_or(input);
                let subject = if is_own_name(input, word) { input } else { subject };
                let (word, subject) = (word.clone(), format!("{input} {subject}"));
                Given { word, subject, group: group.unwrap_or_default() }
            };
            let words = label.into_iter().flatten().map(given).collect();
            all.push(Run {
                target: Some(goal.name.clone()),
                words,
                is_otherwise,
                is_of_files,
                scripts: done.scripts,
            });
            if is_one {
                break;
            }
        }
    }
    all
}

/// What make does that is told a goal, or else the first, and given variables on its command line and by its environment.
pub fn called(
    file: File<'_>,
    goal: Option<&str>,
    given: BTreeMap<String, Value>,
    environment: BTreeMap<String, Value>,
) -> Vec<Ran> {
    if file.text.len() > MAX_BYTES {
        return Vec::new();
    }
    let made = evaluated(file, Scope { given, environment, ..Scope::default() });
    if made.is_dead || made.is_open {
        return Vec::new();
    }
    let mut targets = made.rules.iter().flat_map(|rule| &rule.targets);
    let mut first = || targets.find(|target| !target.starts_with('.') && !target.contains('%'));
    let Some(name) = goal.or_else(|| first().map(String::as_str)) else { return Vec::new() };
    made.script(&Goal { name: name.to_owned(), stem: None }, 0).scripts
}

/// Whether a word stands for an input that is given or not.
fn is_own_name(input: &str, word: &str) -> bool {
    input.to_ascii_lowercase() == *word
}

/// The words that a makefile compares before anything is known.
fn first_words(file: File<'_>) -> Vec<Binding> {
    let made = made(file, &Binding::new(), BTreeMap::new());
    let bindings = made.scope.compared.take().runs();
    bindings.into_iter().take(8).collect()
}

fn made<'a>(
    file: File<'a>,
    words: &Binding,
    others: BTreeMap<String, BTreeSet<String>>,
) -> Made<'a> {
    let compared = Compared { others, ..Compared::default() };
    let scope = Scope { words: words.clone(), compared: compared.into(), ..Scope::default() };
    evaluated(file, scope)
}

/// Adds what each goal does.
fn collect(
    made: &Made<'_>,
    binding: Option<&Binding>,
    runs: &mut BTreeMap<Goal, Vec<(Option<Binding>, Done)>>,
) {
    if made.is_dead || made.is_open {
        return;
    }
    for goal in goals(made) {
        let done = made.script(&goal, 0);
        if !done.scripts.is_empty() {
            runs.entry(goal).or_default().push((binding.cloned(), done));
        }
    }
}
