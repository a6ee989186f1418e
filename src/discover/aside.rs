//! What of a tree is not read although it is there, or is not there although it belongs to it: named for whoever has to trust the tree.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::file::name_of;
use super::git::Repository;
use super::tree::Tree;

/// How many names one note has.
const NAMED: usize = 5;

/// What a reviewer of a folder or a state is told of: what git ignores, links, repositories within.
#[must_use]
pub fn notes(tree: &Tree, excluded: &dyn Fn(&str) -> bool) -> Vec<String> {
    let is_in = |name: &String| !excluded(name.trim_end_matches('/'));
    let links: Vec<String> = tree.aside.links.iter().filter(|name| is_in(name)).cloned().collect();
    let mut ignored = Vec::new();
    let mut repositories: BTreeSet<String> = tree.aside.repositories.iter().cloned().collect();
    if tree.repository.is_none() {
        let repository = Repository::of(&tree.root).ok().filter(|_| tree.aside.is_by_git);
        ignored = repository.and_then(|found| found.ignored().ok()).unwrap_or_default();
        ignored.retain(is_in);
        // Whoever enters the folders meets them; git's listing does not.
        if tree.aside.is_by_git {
            repositories.extend(repositories_within(tree));
        }
    }
    let repositories: Vec<String> = repositories.into_iter().filter(is_in).collect();
    [
        note(&ignored, "is ignored by git and not read", "are ignored by git and not read"),
        note(&links, "is a link and not followed", "are links and not followed"),
        note(&repositories, "is git's own and not read", "are git's own and not read"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The folders called `.git` below the root, which no listing enters.
fn repositories_within(tree: &Tree) -> impl Iterator<Item = String> {
    let folders = tree.files.iter().flat_map(|file| file.path.ancestors().skip(1));
    let folders: BTreeSet<&Path> =
        folders.filter(|folder| !folder.as_os_str().is_empty()).collect();
    let within = folders.into_iter().map(|folder| folder.join(".git"));
    let is_there = |path: &PathBuf| {
        fs::symlink_metadata(tree.root.join(path)).is_ok_and(|found| found.is_dir())
    };
    within.filter(is_there).map(|path| name_of(&path))
}

/// Where a link of a folder leads, as it says.
#[must_use]
pub fn target(tree: &Tree, name: &str) -> Option<String> {
    let target = fs::read_link(tree.root.join(name)).ok()?;
    Some(target.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
}

/// A sentence on some files; none on none.
#[must_use]
pub fn note(names: &[String], one: &str, many: &str) -> Option<String> {
    let shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(NAMED);
    Some(match (shown.as_slice(), more) {
        ([], _) => return None,
        ([name], 0) => format!("{name} {one}"),
        ([rest @ .., last], 0) => format!("{} and {last} {many}", rest.join(", ")),
        (all, more) => format!("{} and {more} more {many}", all.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_names_a_few_and_counts_the_others() {
        let of = |count: usize| {
            let names: Vec<String> = (0..count).map(|number| format!("f{number}")).collect();
            note(&names, "is left", "are left")
        };
        assert_eq!(of(0), None);
        assert_eq!(of(1).as_deref(), Some("`f0` is left"));
        assert_eq!(of(3).as_deref(), Some("`f0`, `f1` and `f2` are left"));
        let many = "`f0`, `f1`, `f2`, `f3`, `f4` and 3 more are left";
        assert_eq!(of(8).as_deref(), Some(many));
    }
}
