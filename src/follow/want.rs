//! What a name is called in a document of a file that may give it: the keys on the way to its value, a variable, what commands hand on.

use super::groups::{may_be_inventory, ways_of};
use super::names::Space;
use super::rename::{ANY, Wanted};
use super::rounds;
use super::running::runs_commands;
use super::seeker::{
    Seeker, chart_of, is_assignments, is_compose, is_nomad, is_php, runs_php, tool_of,
};
use crate::recognise::handed::Tool;
use crate::recognise::{deployer, helmfile};
use crate::resolve::conventions::{extension, is_assigned};
use crate::resolve::words::bare_environment;
use crate::syntax::{Node, file_name};

/// Adds what a name is in a document of a file near it.
pub fn want(wanted: &mut Wanted, number: usize, seeker: &Seeker, path: &str, document: &Node) {
    if handed(wanted, number, seeker, path) {
        return;
    }
    let name = &seeker.name.path;
    let chart = chart_of(&seeker.path);
    let releases = of_releases(wanted, number, seeker, (path, document));
    let of_groups = if seeker.name.space == Space::Play { ways_of(document) } else { Vec::new() };
    for way in of_groups {
        wanted.want_kept(way.iter().chain(name).cloned().collect(), number);
    }
    if seeker.name.space == Space::Play && path == seeker.path {
        of_facts(wanted, number, seeker);
    }
    let is_gone_through = matches!(seeker.name.space, Space::Values | Space::Play | Space::Decoded);
    // A play's list that stands at a task is looked for there.
    let first = usize::from(seeker.name.space == Space::Play);
    if is_gone_through && name.iter().skip(first).any(|key| key == ANY) {
        // What is gone through is a map, or a list whose items stand under no key.
        let listed = name.iter().filter(|key| *key != ANY).cloned();
        wanted.want_kept(listed.collect(), number);
    }
    let mut add = |prefix: &[&str]| {
        let prefix = prefix.iter().map(|key| (*key).to_owned());
        wanted.want(prefix.chain(name.iter().cloned()).collect(), number);
    };
    match seeker.name.space {
        Space::Values => {
            add(&[]);
            if document.get("apiVersion").is_some() {
                add(&["spec", "values"]);
                add(&["spec", "source", "helm", "valuesObject"]);
            }
            add(&[file_name(chart)]);
            // What Helmfile's releases give their chart; of several, each is its own.
            if releases == 1 {
                add(&["releases", "values"]);
            }
            if document.get("environments").is_some() {
                // Helmfile's environments give values of their own.
                add(&["environments", ANY, "values"]);
            }
        }
        Space::Variable if is_assigned(path) => add(&[]),
        Space::Variable if extension(path) == "hcl" && is_nomad(&seeker.path) => add(&[]),
        Space::Variable if extension(path) == "hcl" => add(&["inputs"]),
        Space::Variable => {
            let (first, rest) = name.split_first().map_or(("", &[][..]), |(one, rest)| (one, rest));
            let way = ["variable", first, "default"].map(str::to_owned).into_iter();
            wanted.want(way.chain(rest.iter().cloned()).collect(), number);
        }
        Space::Local | Space::Read => {
            if is_of_environment(name) {
                // A key of the map says whose it is.
                let way = std::iter::once("locals").chain(name.iter().map(String::as_str));
                wanted.want_kept(way.map(str::to_owned).collect(), number);
            } else {
                add(&["locals"]);
            }
            // `space = { production = "a" }[terraform.workspace]`
            let way = std::iter::once("locals").chain(name.iter().map(String::as_str));
            wanted.want(way.chain([ANY]).map(str::to_owned).collect(), number);
        }
        Space::Play => of_play(wanted, number, seeker, (path, document)),
        Space::Environment => {
            let is_by_name = path == seeker.path || is_assignments(file_name(path));
            if is_php(&seeker.path) && !is_by_name && !runs_php(path, document) {
                return;
            }
            wanted.want_variable(seeker.name.key().to_owned(), number);
        }
        Space::Decoded if is_of_environment(name) => wanted.want_kept(name.clone(), number),
        Space::Stage | Space::Decoded => add(&[]),
        Space::Output if name.len() > 1 => wanted.want_kept(name.clone(), number),
        Space::Output => {}
        Space::Object => {
            let (object, key) = (seeker.name.path.first(), seeker.name.key());
            let is_it = document.get("metadata").and_then(|about| about.get("name")?.as_str());
            if is_it == object.map(String::as_str) {
                for data in ["data", "stringData"] {
                    wanted.want([data, key].map(str::to_owned).to_vec(), number);
                }
            }
            let made = ["configMapGenerator", "secretGenerator"].map(|key| document.get(key));
            let mut made = made.into_iter().flatten().flat_map(Node::items);
            if made
                .any(|made| made.get("name").and_then(Node::as_str) == object.map(String::as_str))
            {
                wanted.want_variable(key.to_owned(), number);
            }
        }
        Space::Input => {
            add(&["workflows", ANY, "jobs", ANY]);
            // A command of the pipeline's own is a step of its jobs.
            add(&["jobs", ANY, "steps", ANY]);
        }
        Space::Template if name.len() > 1 => add(&[]),
        Space::Template if path == seeker.path => {
            let way = ["Parameters", seeker.name.key(), "Default"].map(str::to_owned);
            wanted.want(way.to_vec(), number);
        }
        Space::Template => {
            wanted.want_variable(seeker.name.key().to_owned(), number);
            wanted.want(["Parameters", seeker.name.key()].map(str::to_owned).to_vec(), number);
        }
    }
}

/// Whether a key on the way to a value says whose it is.
fn is_of_environment(name: &[String]) -> bool {
    let says = |key: &String| bare_environment(key).is_some();
    name.split_last().is_some_and(|(_, above)| above.iter().any(says))
}

/// Looks for what commands of another file hand a tool for a name; says whether that is all that the file can give.
fn handed(wanted: &mut Wanted, number: usize, seeker: &Seeker, path: &str) -> bool {
    let name = &seeker.name.path;
    let is_handed = runs_commands(path) && path != seeker.path && !is_compose(path);
    let tool = tool_of(seeker);
    if tool == Some(Tool::Job) && path == seeker.path {
        // Steps hand it to the steps behind them.
        wanted.want_handed(Tool::Job, seeker.name.key().to_owned(), number);
    }
    let Some(tool) = tool.filter(|tool| is_handed && *tool != Tool::Job) else { return false };
    wanted.want_handed(tool, name.join("."), number);
    if tool == Tool::Envsubst && extension(path) == "yaml" {
        wanted.want_variable(seeker.name.key().to_owned(), number);
    }
    if seeker.name.space == Space::Variable {
        // Source: the Terraform documentation, *Environment Variables*, `TF_VAR_name`.
        wanted.want_variable(format!("TF_VAR_{}", name.join(".")), number);
    }
    true
}

/// Looks for what Helmfile's releases give their chart, of several each for itself; returns how many there are.
fn of_releases(
    wanted: &mut Wanted,
    number: usize,
    seeker: &Seeker,
    (path, document): (&str, &Node),
) -> usize {
    let name = &seeker.name.path;
    let chart = chart_of(&seeker.path);
    let is_of_values = seeker.name.space == Space::Values;
    let releases = if is_of_values { helmfile::installs(path, document, chart) } else { 0 };
    if releases > 1 {
        let way = ["releases", "values"].map(str::to_owned).into_iter();
        wanted.want_kept(way.chain(name.iter().cloned()).collect(), number);
    }
    if releases > 0 {
        wanted.want_variable(name.join("."), number);
    }
    releases
}

/// Looks for a variable of a play: at the top of a file, of each host of a recipe, of each group of an inventory.
fn of_play(wanted: &mut Wanted, number: usize, seeker: &Seeker, (path, document): (&str, &Node)) {
    if let Some((_, steps)) = seeker.name.path.split_first().filter(|(first, _)| *first == ANY) {
        // A list that stands at the task which is done for each of its items.
        if path == seeker.path {
            rounds::want_items(wanted, (number, seeker.at.span), document, steps);
        }
        return;
    }
    let mut add = |prefix: &[&str]| {
        let prefix = prefix.iter().map(|key| (*key).to_owned());
        wanted.want(prefix.chain(seeker.name.path.iter().cloned()).collect(), number);
    };
    add(&[]);
    let hosts = document.get("hosts").map(Node::entries).unwrap_or_default();
    // What a recipe imports has its hosts as well.
    let is_imported = extension(&seeker.path) == "php" && !hosts.is_empty();
    if deployer::claims_yaml(path) || extension(path) == "php" || is_imported {
        add(&["config"]);
        add(&["hosts", ANY]);
    }
    if extension(path) != "yaml" && may_be_inventory(path) {
        // The variables of a group, and those on a host's line.
        add(&[ANY]);
        add(&[ANY, ANY]);
    }
}

/// Looks for facts that tasks set, each under the conditions of its task.
///
/// Source: the Ansible documentation, `ansible.builtin.set_fact`.
fn of_facts(wanted: &mut Wanted, number: usize, seeker: &Seeker) {
    for tasks in ["pre_tasks", "tasks", "post_tasks", "block", ""] {
        for fact in ["set_fact", "ansible.builtin.set_fact"] {
            let above = [tasks, fact].into_iter().filter(|key| !key.is_empty());
            let way = above.map(str::to_owned).chain(seeker.name.path.iter().cloned());
            wanted.want_kept(way.collect(), number);
        }
    }
}
