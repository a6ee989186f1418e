//! What tasks of a Taskfile give each other: `- task: set-space` with `vars: {ENV: production}`, `task set-space ENV=production`.
//!
//! Source: the Task documentation, *Calling another task*, *Variables*: those of a task override what its caller gives it, and that the global
//! ones. What a shell or a template makes of a variable, only running would tell.

use crate::source::{Location, Source};
use crate::syntax::Node;

/// A variable, with where its text stands.
pub type Given = (String, String, Location);

/// A task that another one calls with variables.
#[derive(Clone, Debug)]
pub struct Call {
    /// The name of the task that calls.
    pub caller: String,
    /// The name of the task that is called.
    pub callee: String,
    /// What it is given.
    pub given: Vec<Given>,
}

/// How many calls of one file are read.
const MAX_CALLS: usize = 256;

/// The calls of the tasks of a document.
#[must_use]
pub fn calls(source: &Source, tasks: &Node) -> Vec<Call> {
    let mut found = Vec::new();
    for task in tasks.entries() {
        let own = task.key.as_str().unwrap_or_default();
        let lists = ["cmds", "deps"].iter().filter_map(|key| task.value.get(key));
        for item in lists.flat_map(Node::items) {
            let call = of_mapping(item).or_else(|| of_command(source, item));
            found.extend(call.map(|(callee, given)| Call {
                caller: own.to_owned(),
                callee,
                given,
            }));
        }
    }
    found.truncate(MAX_CALLS);
    found
}

/// The variables that a mapping under `vars` gives, as templates name them: `.ID`.
#[must_use]
pub fn variables(node: &Node) -> Vec<Given> {
    let entries = node.get("vars").map(Node::entries).unwrap_or_default();
    let given = entries.iter().filter_map(|entry| {
        let text = entry.value.as_str().filter(|text| !text.contains(['$', '{']))?;
        Some((format!(".{}", entry.key.as_str()?), text.to_owned(), entry.value.at))
    });
    given.collect()
}

/// `{task: set-space, vars: {…}}`.
fn of_mapping(item: &Node) -> Option<(String, Vec<Given>)> {
    let callee = item.get("task")?.as_str()?;
    let given = variables(item);
    (!given.is_empty()).then(|| (callee.to_owned(), given))
}

/// `task set-space ENV=production ID=…`.
fn of_command(source: &Source, item: &Node) -> Option<(String, Vec<Given>)> {
    let text = item.as_str()?;
    let mut words = text.split_whitespace();
    (words.next() == Some("task")).then_some(())?;
    let callee = words.next().filter(|word| !word.starts_with('-'))?;
    let written = source.slice(item.at.span);
    let given: Vec<Given> = words
        .filter_map(|word| {
            let (name, value) = word.split_once('=')?;
            let value = value.trim_matches(['"', '\'']);
            let plain = !value.is_empty() && !value.contains(['$', '{', '`']);
            let at = written.find(word)? + word.find(value).filter(|_| plain)?;
            let start = item.at.span.start as usize + at;
            let at = Location::new(item.at.source, start, start + value.len());
            Some((format!(".{name}"), value.to_owned(), at))
        })
        .collect();
    (!given.is_empty()).then(|| (callee.to_owned(), given))
}
