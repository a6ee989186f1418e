//! What configurations of Terragrunt include: the inputs of a root are those of every module that one of its units runs.
//!
//! Source: the Terragrunt documentation, *include*, and `find_in_parent_folders`: the nearest file of that name in a folder above, `terragrunt.hcl`
//! where none is said. What the unit sets itself wins.

use std::collections::{BTreeMap, BTreeSet};

use super::meant::meant;
use crate::resolve::conventions::{extension, parent};
use crate::source::{Source, SourceId};
use crate::sources::Sources;
use crate::syntax::beside;
use crate::syntax::hcl::Hcl;
use crate::syntax::{Format as _, Node};

/// The function that looks for a file in the folders above.
const ABOVE: &str = "find_in_parent_folders(";

/// What it looks for where nothing is said.
const UNIT: &str = "terragrunt.hcl";

/// What gives modules their inputs: the folder of a module, and the key above what it gets.
pub type Given = BTreeSet<(String, &'static str)>;

/// The modules that get their inputs from a file, by the file: those of the units that include it, or whose inputs its locals are merged into.
#[must_use]
pub fn included(sources: &Sources) -> BTreeMap<String, Given> {
    let mut found: BTreeMap<String, Given> = BTreeMap::new();
    let is_configuration = |(_, path): &(SourceId, &str)| extension(path) == "hcl";
    let files: Vec<(SourceId, &str)> = sources.paths().filter(is_configuration).collect();
    let paths: BTreeMap<&str, SourceId> = files.iter().map(|&(id, path)| (path, id)).collect();
    let read = |id: SourceId| {
        let source = sources.get(id)?;
        Some((source, Hcl.parse(id, source.text()).documents))
    };
    for &(id, path) in &files {
        let units = sources.get(id).filter(|source| source.text().contains("include"));
        let Some((source, documents)) = units.and_then(|_| read(id)) else { continue };
        for unit in &documents {
            let included: Vec<String> = includes(source, unit, &paths);
            let taken: Vec<(&Source, Vec<Node>)> =
                included.iter().filter_map(|file| read(*paths.get(file.as_str())?)).collect();
            let all = std::iter::once((source, unit));
            let all: Vec<(&Source, &Node)> = all
                .chain(taken.iter().flat_map(|(source, all)| all.iter().map(|one| (*source, one))))
                .collect();
            let own = modules(source, unit);
            let modules: BTreeSet<String> =
                all.iter().flat_map(|(source, one)| modules(source, one)).collect();
            let given = |key| modules.iter().map(move |module| (module.clone(), key));
            for file in included.iter().filter(|_| !modules.is_empty()) {
                found.entry(file.clone()).or_default().extend(given("inputs"));
            }
            if own.len() < modules.len() {
                // Which module it runs, a file says that it includes.
                found.entry(path.to_owned()).or_default().extend(given("inputs"));
            }
            for (source, document) in all.iter().filter(|_| !modules.is_empty()) {
                for file in merged(source, document, path, &paths) {
                    found.entry(file).or_default().extend(given("locals"));
                }
            }
        }
    }
    found
}

/// The folders of the modules that a document runs.
fn modules(source: &Source, document: &Node) -> BTreeSet<String> {
    let meant = meant(source, document).into_iter();
    let meant = meant.filter(|(_, way)| way.first().is_some_and(|key| key == "inputs"));
    meant.map(|(module, _)| module).collect()
}

/// The files whose locals are merged into the inputs of a document, `merge(local.env.locals, …)`, as the unit at `unit` finds them.
///
/// Source: the Terragrunt documentation, `read_terragrunt_config`.
fn merged(
    source: &Source,
    document: &Node,
    unit: &str,
    paths: &BTreeMap<&str, SourceId>,
) -> Vec<String> {
    let inputs = document.entries().iter().find(|entry| entry.key.as_str() == Some("inputs"));
    let written = inputs.map_or("", |inputs| source.slice(inputs.value.at.span));
    let Some(arguments) = written.trim_start().strip_prefix("merge(") else { return Vec::new() };
    let locals = document.get("locals");
    let read = arguments.split([',', '(', ')']).filter_map(|argument| {
        let name = argument.trim().strip_prefix("local.")?.strip_suffix(".locals")?;
        let local = locals?.get(name)?;
        let call = source.slice(local.at.span).trim().strip_prefix("read_terragrunt_config(")?;
        let inner = call.trim_end().strip_suffix(')')?.trim();
        match inner.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(file) if !file.contains("${") => beside(source.path(), file),
            _ => above(unit, inner, paths),
        }
    });
    read.collect()
}

/// The files that a unit includes, with a label or without.
fn includes(source: &Source, document: &Node, paths: &BTreeMap<&str, SourceId>) -> Vec<String> {
    let blocks = document.entries().iter().filter(|entry| entry.key.as_str() == Some("include"));
    let blocks = blocks.flat_map(|entry| {
        let labelled = entry.value.entries().iter().map(|block| &block.value);
        std::iter::once(&entry.value).chain(labelled)
    });
    let named = blocks.filter_map(|block| {
        // Told not to, Terragrunt takes over nothing.
        let is_merged = block.get("merge_strategy").and_then(Node::as_str) != Some("no_merge");
        let file = block.get("path").filter(|_| is_merged)?;
        match file.as_str() {
            Some(file) => beside(source.path(), file),
            None => above(source.path(), source.slice(file.at.span), paths),
        }
    });
    named.collect()
}

/// The file that is looked for in the folders above, or one that stands beside it: `${dirname(find_in_parent_folders("root.hcl"))}/shop.hcl`.
fn above(path: &str, written: &str, paths: &BTreeMap<&str, SourceId>) -> Option<String> {
    let written = written.trim();
    if let Some((call, rest)) =
        written.strip_prefix("\"${dirname(").and_then(|call| call.split_once(")}/"))
    {
        return beside(&above(path, call, paths)?, rest.strip_suffix('"')?);
    }
    let written = written.trim_start_matches("\"${").trim_end_matches("}\"");
    let wanted = written.strip_prefix(ABOVE)?.strip_suffix(')')?.trim().trim_matches('"');
    let wanted = if wanted.is_empty() { UNIT } else { wanted };
    let own = parent(path);
    let mut folders =
        std::iter::successors(Some(own), |folder| (!folder.is_empty()).then(|| parent(folder)));
    folders.next();
    folders
        .map(
            |folder| {
                if folder.is_empty() { wanted.to_owned() } else { format!("{folder}/{wanted}") }
            },
        )
        .find(|file| paths.contains_key(file.as_str()))
}
