//! A finding stays the one that it is, in trees of all kinds: where the folder is cloned under another name, and where what was guessed is
//! declared. Each tenth of the fixtures, another one for each test.

use std::fs;
use std::path::{Path, PathBuf};

use super::scratch::{Done, Scratch};

/// Every so many trees are tried.
const STEP: usize = 10;

fn trees(first: usize) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/trees");
    let entries = fs::read_dir(folder).expect("the fixtures are there");
    let mut trees: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    trees.sort();
    trees.into_iter().skip(first).step_by(STEP).collect()
}

/// The tree as a repository with one commit.
fn repository(tree: &Path) -> Scratch {
    let scratch = Scratch::new();
    copy(tree, &scratch.path().join("shop"));
    scratch.git("init -q -b main shop");
    scratch.git("-C shop add -A -f");
    scratch.git("-C shop commit -q --allow-empty -m first");
    scratch
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("it is readable") {
        let path = entry.expect("an entry").path();
        let beside = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &beside);
        } else {
            fs::copy(&path, &beside).expect("it can be copied");
        }
    }
}

/// The rules of what is new or has grown, but for what is said of the policy itself.
fn worse(done: &Done) -> Vec<String> {
    let report = done.json();
    let found = report["diagnostics"].as_array().expect("it is a list").iter();
    let is_worse = |state: &str| state == "new" || state == "grown";
    let of_policy = ["weakened-policy", "unused-waiver", "unmatched-pattern"];
    let found = found.filter(|one| one["state"].as_str().is_some_and(is_worse));
    let rules = found.filter_map(|one| one["rule"].as_str());
    rules.filter(|rule| !of_policy.contains(rule)).map(str::to_owned).collect()
}

#[test]
fn what_is_declared_as_it_was_guessed_makes_nothing_new() {
    let mut declared = 0;
    for tree in trees(0) {
        let scratch = repository(&tree);
        if scratch.run(&["init", "shop"]).code == 2 {
            continue;
        }
        declared += 1;
        scratch.git("-C shop add -A -f");
        let done = scratch.run(&["check", "shop", "--staged", "--output-format", "json"]);
        assert_eq!(worse(&done), [""; 0], "{}", tree.display());
    }
    assert!(declared > 9, "{declared} trees are declared");
}

#[test]
fn a_clone_under_another_name_makes_nothing_new() {
    let mut cloned = 0;
    for tree in trees(5) {
        let scratch = repository(&tree);
        if scratch.run(&["baseline", "shop"]).code == 2 {
            continue;
        }
        cloned += 1;
        scratch.git("-C shop add -A -f");
        scratch.git("-C shop commit -q --allow-empty -m baseline");
        scratch.git("clone -q shop tree");
        let rules = |name: &str| {
            let done = scratch.run(&["check", name, "--output-format", "json"]);
            let report = done.json();
            let found = report["diagnostics"].as_array().expect("it is a list").iter();
            let mut rules: Vec<String> = found.map(|one| one["rule"].to_string()).collect();
            rules.sort();
            (done.code, rules)
        };
        assert_eq!(rules("tree"), rules("shop"), "{}", tree.display());
    }
    assert!(cloned > 9, "{cloned} trees are cloned");
}
