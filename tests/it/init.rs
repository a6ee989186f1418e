//! `init` on every tree: what it writes is a configuration that fits the schema's keys and changes no instance and no finding.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use commerce_lint::config::{Config, FILE_NAMES};
use commerce_lint::init::propose;
use commerce_lint::report::Reporter as _;
use commerce_lint::report::line::Line;
use commerce_lint::source::SourceId;
use commerce_lint::states::{Configured, Request};
use commerce_lint::{Outcome, rules, run};
use walkdir::WalkDir;

/// Takes the configuration out of a copy of a tree; the copy has the tree's name.
fn copied(name: &str) -> (tempfile::TempDir, PathBuf) {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/trees").join(name);
    let to = scratch.path().join(name);
    for entry in WalkDir::new(&from) {
        let entry = entry.expect("the fixtures are readable");
        let target = to.join(entry.path().strip_prefix(&from).expect("it lies in there"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).expect("a folder can be made");
        } else if !FILE_NAMES.iter().any(|name| entry.file_name() == *name) {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
    (scratch, to)
}

fn trees() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/trees");
    let entries = fs::read_dir(folder).expect("the fixtures are there");
    let folders = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    let mut names: Vec<String> = folders
        .map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn request(path: &Path, configured: Configured) -> Request {
    Request { path: path.into(), configured, ..Request::default() }
}

/// Findings by line, and kind, account and data space of each instance.
type Seen = (Vec<String>, BTreeMap<String, (&'static str, String, Option<String>)>);

fn seen(outcome: &Outcome) -> Seen {
    let mut out = Vec::new();
    Line.report(&outcome.report(), &mut out).expect("memory is writable");
    let text = String::from_utf8(out).expect("lines are text");
    let count = outcome.diagnostics.len();
    let instances = outcome.inventory.instances.iter().map(|instance| {
        let data_space = outcome.inventory.data_space(instance);
        let seen = (instance.kind.value.word(), instance.account.value.clone(), data_space);
        (instance.name.clone(), seen)
    });
    (text.lines().take(count).map(str::to_owned).collect(), instances.collect())
}

#[test]
fn init_changes_no_instance_and_no_finding_of_any_tree() {
    let (mut declared, mut left) = (0, Vec::new());
    for name in trees() {
        let (_scratch, tree) = copied(&name);
        let before = seen(&run(&request(&tree, Configured::Nowhere)).expect("it is a tree"));
        let proposal = propose(&request(&tree, Configured::Tree)).expect("it is a tree");
        let config = Config::parse(&proposal.text, &rules::ids());
        let config = config.unwrap_or_else(|mistakes| panic!("{name}: {mistakes:?}"));
        assert!(proposal.text.starts_with("#:schema ./commerce-lint.schema.json\n"), "{name}");
        fs::write(tree.join("commerce-lint.toml"), &proposal.text).expect("the tree is writable");
        let after = run(&request(&tree, Configured::Tree)).expect("the configuration is sound");
        assert_eq!(seen(&after), before, "{name}\n{}", proposal.text);
        let files = (0..).map(SourceId).zip(after.sources.paths().map(|(_, path)| path));
        let known = config.declared.over(files);
        for declared in config.declared.instances.keys() {
            assert!(before.1.contains_key(declared), "{name}: {declared}");
        }
        let by_name = before.1.keys().filter(|name| known.get(name).is_some()).count();
        declared += by_name;
        let listed = proposal.text.lines().filter(|line| line.contains("not declared: "));
        let reasons: Vec<String> = listed.map(|line| format!("{name}: {line}")).collect();
        assert_eq!(by_name + reasons.len(), before.1.len(), "{name}\n{}", proposal.text);
        left.extend(reasons);
    }
    // Of one file that several instances read, none can be declared by its files.
    let is_whole = |reason: &&String| reason.contains("a declaration takes whole files");
    let (whole, others): (Vec<&String>, Vec<&String>) = left.iter().partition(is_whole);
    assert!(declared > 20 * others.len(), "{declared} declared\n{others:#?}");
    assert!(declared > whole.len(), "{declared} declared\n{whole:#?}");
}

/// A tree of brands and environments, each with the same files.
fn brands(brands: &[&str], environments: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let root = scratch.path().join("shops");
    for (index, brand) in brands.iter().enumerate() {
        for (at, environment) in environments.iter().enumerate() {
            let folder = root.join("brands").join(brand).join(environment);
            fs::create_dir_all(&folder).expect("a folder can be made");
            let line = format!(
                "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID=7b1e2f{index:x}{at:x}-91b4-4d3a-b6f1-0a7d2c9e8b31\n"
            );
            fs::write(folder.join(".env"), line).expect("a file can be written");
        }
    }
    (scratch, root)
}

#[test]
fn init_declares_many_instances_by_a_few_patterns() {
    for (names, environments, patterns, singles) in [
        (
            &["kiwi", "price", "local-hero", "papaya", "auto", "order"][..],
            &["prod", "staging", "uat"][..],
            3,
            0,
        ),
        (&["kiwi", "papaya", "auto"], &["prod", "staging", "uat", "dev", "qa", "demo"], 6, 0),
        (&["kiwi"], &["prod", "staging", "uat", "dev", "qa", "demo"], 1, 2),
    ] {
        let (_scratch, root) = brands(names, environments);
        let before = seen(&run(&request(&root, Configured::Nowhere)).expect("it is a tree"));
        let proposal = propose(&request(&root, Configured::Tree)).expect("it is a tree");
        let text = proposal.text;
        let config = Config::parse(&text, &rules::ids()).expect("it is a configuration");
        let stated = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count();
        assert!(config.declared.patterns.len() <= patterns, "{text}");
        assert!(config.declared.instances.len() <= singles, "{text}");
        assert!(stated <= 4 * (patterns + singles), "{text}");
        fs::write(root.join("commerce-lint.toml"), &text).expect("the tree is writable");
        let after = run(&request(&root, Configured::Tree)).expect("the configuration is sound");
        assert_eq!(seen(&after), before, "{text}");
    }
}
