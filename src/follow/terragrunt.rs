//! What configurations of Terragrunt include: the inputs of a root are those of every module that one of its units runs.
//!
//! Source: the Terragrunt documentation, *include*, and `find_in_parent_folders`: the nearest file of that name in a folder above, `terragrunt.hcl`
//! where none is said. What the unit sets itself wins.

use std::collections::{BTreeMap, BTreeSet};

use super::meant::meant;
use crate::resolve::conventions::{extension, parent};
use crate::source::Source;
use crate::sources::Sources;
use crate::syntax::beside;
use crate::syntax::hcl::Hcl;
use crate::syntax::{Format as _, Node};

/// The function that looks for a file in the folders above.
const ABOVE: &str = "find_in_parent_folders(";

/// What it looks for where nothing is said.
const UNIT: &str = "terragrunt.hcl";

/// The folders of the modules that get their inputs from a file, by the file: those of the units that include it.
#[must_use]
pub fn included(sources: &Sources) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut paths: Option<BTreeSet<&str>> = None;
    for (id, path) in sources.paths().filter(|(_, path)| extension(path) == "hcl") {
        let source = sources.get(id).filter(|source| source.text().contains("include"));
        let Some(source) = source else { continue };
        let paths = paths.get_or_insert_with(|| sources.paths().map(|(_, path)| path).collect());
        for document in &Hcl.parse(id, source.text()).documents {
            let modules: BTreeSet<String> = meant(path, document)
                .into_iter()
                .filter(|(_, way)| way.first().is_some_and(|key| key == "inputs"))
                .map(|(module, _)| module)
                .collect();
            for file in
                includes(source, document, paths).into_iter().filter(|_| !modules.is_empty())
            {
                found.entry(file).or_default().extend(modules.iter().cloned());
            }
        }
    }
    found
}

/// The files that a unit includes, with a label or without.
fn includes(source: &Source, document: &Node, paths: &BTreeSet<&str>) -> Vec<String> {
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

/// The file that is looked for in the folders above.
fn above(path: &str, written: &str, paths: &BTreeSet<&str>) -> Option<String> {
    let written = written.trim().trim_start_matches("\"${").trim_end_matches("}\"");
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
        .find(|file| paths.contains(file.as_str()))
}
