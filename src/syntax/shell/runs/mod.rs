//! What a script does when it is run for one of the words that it knows: `case "$1" in production) … ;; staging) … esac`.
//!
//! The words are those that the script itself compares with what it is given: an argument, a variable of the environment, what a program
//! says. For each of them the script is masked: what is not run then, and the tests that decided, are blank, so that what is left is a script
//! without these branches, every byte at its place. A script that cannot be parsed, or that compares nothing, has no runs.
//!
//! Sources: POSIX, *Shell Command Language*; the Bash manual, *Conditional Constructs*.

mod arithmetic;
mod branches;
mod changes;
mod compound;
pub(super) mod conditions;
mod matching;
pub(super) mod names;
mod parser;
mod programs;
pub(super) mod symbol;
mod test;
mod tree;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use conditions::{Binding, Compared};
use parser::{Script, parse};
use symbol::{Flow, Piece, State};
use walk::Walk;

use super::files::Files;
use super::variables::{Known, Variables};
use super::word::name_length;
use crate::source::SourceId;

/// How many runs of one script are told apart.
const MAX_RUNS: usize = 48;

/// How long a script may be.
const MAX_BYTES: usize = 256 << 10;

/// One run of a script.
#[derive(Clone, Debug)]
pub struct Run {
    /// The words that it is for.
    pub words: Vec<Given>,
    /// Whether it is for everything but the word: what stands in the other arm.
    pub is_otherwise: bool,
    /// Whether a file of the tree is taken in for the word.
    pub is_of_files: bool,
    /// What is made, where that is not all of a script.
    pub target: Option<String>,
    /// What is run, one after the other.
    pub scripts: Vec<Ran>,
}

/// A script without what is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The file that it stands in, if that is another one.
    pub id: Option<SourceId>,
    /// The script.
    pub text: String,
    /// Where it starts in its file.
    pub base: usize,
    /// What it is given.
    pub variables: Variables,
    /// The variables that programs are given which it runs.
    pub exported: Vec<String>,
}

impl Ran {
    fn whole(text: String, variables: Variables) -> Vec<Self> {
        vec![Self { id: None, text, base: 0, variables, exported: Vec::new() }]
    }
}

/// What a script is given in one run.
#[derive(Clone, Debug)]
pub struct Given {
    /// The word.
    pub word: String,
    /// The text that was compared with it.
    pub subject: String,
    /// Which comparisons ask for it: those that one text asks for together have one number.
    pub group: usize,
}

/// The runs of a script, in the order of the words in it; none where nothing tells them apart.
#[must_use]
pub fn runs(text: &str, files: Option<(&Files, SourceId)>) -> Vec<Run> {
    let decides = ["case ", "if ", "elif ", "&& ", "|| "].iter().any(|word| text.contains(word))
        || files.is_some() && ["source ", ". "].iter().any(|word| text.contains(word));
    if !decides || text.len() > MAX_BYTES || !text.contains('$') && !text.contains('`') {
        return Vec::new();
    }
    let Some(script) = parse(text) else { return Vec::new() };
    let mut walk = Walk::new(text, Compared::default(), false);
    walk.files = files;
    let folder = files.map(|(files, id)| files.folder(id).to_owned());
    walk.list(&script.list, &mut State { folder, ..State::default() });
    if !walk.is_whole() {
        return Vec::new();
    }
    let bindings = walk.compared.runs();
    let is_of_files = walk.compared.is_of_files;
    let subjects = walk.compared.subjects;
    let is_role = |binding: &Binding| {
        binding.keys().any(|input| {
            let subject = subjects.get(input).map_or("", String::as_str).to_ascii_uppercase();
            subject.contains("ROLE") || subject.contains("COMPONENT")
        })
    };
    let bindings: Vec<Binding> = bindings.into_iter().filter(|one| !is_role(one)).collect();
    let given = products(&bindings);
    if given.is_empty() || given.len() > MAX_RUNS {
        return Vec::new();
    }
    let subject = |input: &String| subjects.get(input).cloned().unwrap_or_default();
    let mut runs = Vec::new();
    for binding in &given {
        let Some(masked) = masked((text, &script), binding, BTreeMap::new(), files) else {
            continue;
        };
        let given = |(input, word): (&String, &String)| {
            let group = bindings.iter().position(|known| known.contains_key(input));
            let (word, subject) = (word.clone(), subject(input));
            Given { word, subject, group: group.unwrap_or_default() }
        };
        let words = binding.iter().map(given).collect();
        let variables = variables(binding);
        let scripts = Ran::whole(masked, variables);
        runs.push(Run { words, is_otherwise: false, is_of_files, target: None, scripts });
    }
    runs.extend(otherwise((text, &script), &bindings, &subject, files));
    runs
}

/// The run for what is none of the words of the only thing that a script is given.
fn otherwise(
    script: (&str, &Script),
    bindings: &[Binding],
    subject: &dyn Fn(&String) -> String,
    files: Option<(&Files, SourceId)>,
) -> Option<Run> {
    let inputs: BTreeSet<&String> = bindings.iter().flat_map(BTreeMap::keys).collect();
    let [input] = inputs.into_iter().collect::<Vec<_>>()[..] else { return None };
    let words: Vec<&String> = bindings.iter().filter_map(|binding| binding.get(input)).collect();
    let first = words.first().map(|word| (*word).clone())?;
    let all = words.into_iter().cloned().collect();
    let others = BTreeMap::from([(input.clone(), all)]);
    let masked = masked(script, &Binding::new(), others, files)?;
    let words = vec![Given { word: first, subject: subject(input), group: 0 }];
    let variables = variables(&Binding::new());
    let scripts = Ran::whole(masked, variables);
    Some(Run { words, is_otherwise: true, is_of_files: false, target: None, scripts })
}

/// All that a script can be given at once: each word of one input with each of another.
pub(super) fn products(bindings: &[Binding]) -> Vec<Binding> {
    let mut all = vec![Binding::new()];
    let mut groups: Vec<(BTreeSet<&String>, Vec<&Binding>)> = Vec::new();
    for binding in bindings {
        let inputs: BTreeSet<&String> = binding.keys().collect();
        match groups.iter_mut().find(|(known, _)| !known.is_disjoint(&inputs)) {
            Some((known, of)) if *known == inputs => of.push(binding),
            // One comparison asks for a part of what another one does.
            Some(_) => return Vec::new(),
            None => groups.push((inputs, vec![binding])),
        }
    }
    for (_, of) in groups {
        all = all
            .iter()
            .flat_map(|known| {
                of.iter().map(move |more| {
                    let mut both = known.clone();
                    both.extend((*more).clone());
                    both
                })
            })
            .take(MAX_RUNS + 1)
            .collect();
    }
    all.retain(|binding| !binding.is_empty());
    all
}

/// The variables that a script is given.
fn variables(binding: &Binding) -> Variables {
    let mut variables = Variables::with_places();
    let is_variable =
        |input: &&String| input.parse::<u8>().is_ok() || name_length(input) == input.len();
    for (input, word) in binding.iter().filter(|(input, _)| is_variable(input)) {
        variables.assign(input, Some(word));
    }
    let arguments = (1..=9).map_while(|number: u8| binding.get(&number.to_string()));
    let arguments: Vec<Known> =
        arguments.map(|word| Known { text: Some(word.clone()), origin: None }).collect();
    if !arguments.is_empty() {
        variables.assign_list("@", arguments);
    }
    variables
}

/// A script without what is not run; none where the walk did not come to its end.
fn masked(
    (text, script): (&str, &Script),
    binding: &Binding,
    others: BTreeMap<String, BTreeSet<String>>,
    files: Option<(&Files, SourceId)>,
) -> Option<String> {
    let given =
        |(input, word): (&String, &String)| (input.clone(), Some(vec![Piece::Text(word.clone())]));
    let variables = binding.iter().map(given).collect();
    let folder = files.map(|(files, id)| files.folder(id).to_owned());
    let mut state = State { variables, folder, ..State::default() };
    let mut walk = Walk::new(text, Compared { others, ..Compared::default() }, true);
    walk.files = files;
    walk.list(&script.list, &mut state);
    walk.is_whole().then(|| apply(text, script, &walk.masked))
}

/// A script without what is never run, whatever it is given: what stands behind `exit`, `false && …`.
#[must_use]
pub fn without_dead(text: &str) -> Option<String> {
    let ends = ["exit", "exec ", "false", "true", "return", "break", "continue"]
        .iter()
        .any(|word| text.contains(word));
    if !ends || text.len() > MAX_BYTES {
        return None;
    }
    let script = parse(text)?;
    let mut walk = Walk::new(text, Compared::default(), true);
    walk.list(&script.list, &mut State::default());
    (walk.is_whole() && !walk.masked.is_empty()).then(|| apply(text, &script, &walk.masked))
}

/// A body without what is not run with the variables and functions that are known; none where all of it may be.
#[must_use]
pub fn decided(
    text: &str,
    variables: &Variables,
    functions: &[(String, Arc<str>)],
) -> Option<Decided> {
    let decides = ["case ", "if ", "&& ", "|| ", "return", "exit", "break", "continue"];
    if !decides.iter().any(|word| text.contains(word)) || text.len() > MAX_BYTES {
        return None;
    }
    // What the functions do stands before the body.
    let mut whole = String::new();
    for (name, body) in functions {
        let written = format!("{name}() {{ {body}\n}}\n");
        if whole.len() + written.len() < MAX_BYTES && parse(&written).is_some() {
            whole.push_str(&written);
        }
    }
    let before = whole.len();
    whole.push_str(text);
    let script = parse(&whole)?;
    let known = |name: &str| variables.get(name).map(|text| vec![Piece::Text(text.to_owned())]);
    let mut known: BTreeMap<String, _> =
        variables.names().map(|name| (name.to_owned(), known(name))).collect();
    if let Some(given) = variables.list("$@") {
        known.insert("#".to_owned(), Some(vec![Piece::Text(given.len().to_string())]));
        for number in given.len() + 1..=9 {
            known.insert(number.to_string(), Some(vec![Piece::Text(String::new())]));
        }
    }
    let mut state = State { variables: known, is_lost: true, ..State::default() };
    let mut walk = Walk::new(&whole, Compared::default(), true);
    walk.list(&script.list, &mut state);
    walk.masked.retain(|(range, _)| range.start >= before);
    let is_decided = walk.is_whole() && !walk.masked.is_empty();
    is_decided.then(|| Decided {
        text: apply(&whole, &script, &walk.masked).split_off(before),
        is_left: state.flow > Flow::Continue,
    })
}

/// A body without what is not run.
#[derive(Clone, Debug)]
pub struct Decided {
    pub text: String,
    /// Whether what it stands in is left at its end.
    pub is_left: bool,
}

/// Puts blanks in the place of what is masked, here-documents of masked commands among it.
fn apply(text: &str, script: &Script, masked: &[(Range<usize>, &'static str)]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut is_gone = vec![false; text.len()];
    for (range, _) in masked.iter().filter(|(_, with)| with.is_empty()) {
        is_gone.get_mut(range.clone()).into_iter().flatten().for_each(|is_gone| *is_gone = true);
    }
    let bodies = script.documents.iter().filter(|(reader, _)| is_gone.get(*reader) == Some(&true));
    let bodies: Vec<(Range<usize>, &str)> = bodies.map(|(_, body)| (body.clone(), "")).collect();
    for (range, with) in masked.iter().map(|(range, with)| (range.clone(), *with)).chain(bodies) {
        let Some(part) = bytes.get_mut(range) else { continue };
        for (index, byte) in part.iter_mut().enumerate() {
            let put = with.as_bytes().get(index).copied().unwrap_or(b' ');
            if *byte != b'\n' {
                *byte = put;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests;
