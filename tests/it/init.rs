//! `init` on every tree: what it writes is a configuration that fits the schema's keys and changes no instance and no finding.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use commerce_lint::config::Config;
use commerce_lint::init::propose;
use commerce_lint::report::Report;
use commerce_lint::report::Reporter as _;
use commerce_lint::report::line::Line;
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
        } else if entry.file_name() != "commerce-lint.toml" {
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
    let report = Report {
        diagnostics: &outcome.diagnostics,
        accepted: &[],
        rules: &outcome.rules,
        inventory: &outcome.inventory,
        sources: &outcome.sources,
        policy: &outcome.policy,
        notes: &outcome.notes,
        summary: outcome.summary,
    };
    Line.report(&report, &mut out).expect("memory is writable");
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
        for declared in config.declared.instances.keys() {
            assert!(before.1.contains_key(declared), "{name}: {declared}");
        }
        declared += config.declared.instances.len();
        let reasons = proposal.text.lines().filter(|line| line.contains("not declared: "));
        let reasons: Vec<String> = reasons.map(|line| format!("{name}: {line}")).collect();
        assert_eq!(config.declared.instances.len() + reasons.len(), before.1.len(), "{name}");
        left.extend(reasons);
    }
    assert!(declared > 2 * left.len(), "{declared} declared\n{}", left.join("\n"));
}
