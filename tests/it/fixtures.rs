//! Every tree in `fixtures/trees/` is checked as a deployment: `<name>.out` holds what `check` finds and what `instances --explain` lists.
//!
//! `BLESS=1 cargo test --test it fixtures::` rewrites the `.out` files; review them like code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use commerce_lint::config::FILE_NAMES;

/// What the program says of a tree.
struct Answer {
    findings: String,
    exit: Option<i32>,
    instances: String,
}

#[test]
fn every_tree_is_reported_as_its_golden_says() {
    let mut failures = Vec::new();
    for name in trees() {
        let Answer { findings, instances, .. } = answer(&name);
        let found = format!("{findings}\n{instances}");
        let golden = folder().join(format!("{name}.out"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&golden, &found).expect("the golden is writable");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if found != expected {
            failures.push(format!("{name}: expected\n{expected}\nfound\n{found}"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

#[test]
fn every_golden_has_a_tree() {
    let mut goldens: Vec<String> = entries(&folder())
        .into_iter()
        .filter_map(|path| Some(path.file_name()?.to_str()?.strip_suffix(".out")?.to_owned()))
        .collect();
    goldens.sort();
    assert_eq!(goldens, trees());
}

/// A false alarm is as bad as a miss.
#[test]
fn half_of_the_trees_are_clean() {
    let all = trees();
    let clean = all.iter().filter(|name| {
        let golden = folder().join(format!("{name}.out"));
        let text = fs::read_to_string(golden).expect("every tree has a golden");
        text.starts_with("no findings") || text.starts_with("no private keys found")
    });
    let clean = clean.count();
    assert!(clean * 2 >= all.len(), "{clean} of {} trees are clean", all.len());
}

#[test]
fn the_exit_code_says_whether_a_tree_is_sound() {
    for (name, code) in [
        ("env-php-per-environment", 0),
        ("staging-copied-from-production", 1),
        ("missing-comma-in-env-php", 3),
    ] {
        assert_eq!(answer(name).exit, Some(code), "{name}");
    }
}

/// Runs the program on a copy of a tree: the repository itself is a work tree of git, and a deployment is not.
fn answer(name: &str) -> Answer {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let tree = scratch.path().join(name);
    copy(&folder().join(name), &tree);
    let (notes, findings, exit) = run(&tree, &["check", "--output-format", "line"]);
    let (_, instances, _) = run(&tree, &["instances", "--explain"]);
    let instances = without_reasons(&instances);
    Answer { findings: notes + &findings, exit, instances }
}

/// The listing without the laws, place by place: `attribution` holds those.
fn without_reasons(listing: &str) -> String {
    let (mut kept, mut is_left_out) = (String::new(), false);
    for line in listing.split_inclusive('\n') {
        is_left_out |= matches!(line, "attributed\n" | "not attributed\n");
        if !is_left_out {
            kept += line;
        }
        is_left_out &= line != "\n";
    }
    kept
}

/// The notes, the output and the exit code.
fn run(tree: &Path, arguments: &[&str]) -> (String, String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
    command.args(arguments).args(["--color", "never"]).current_dir(tree);
    if !FILE_NAMES.iter().any(|name| tree.join(name).exists()) {
        command.arg("--no-config");
    }
    let output = command.output().expect("the program starts");
    let notes = String::from_utf8(output.stderr).expect("notes are UTF-8");
    assert!(notes.lines().all(|line| line.starts_with("note: ")), "{}: {notes}", tree.display());
    let found = String::from_utf8(output.stdout).expect("the output is UTF-8");
    (notes, found, output.status.code())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for path in entries(from) {
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}

fn trees() -> Vec<String> {
    let mut names: Vec<String> = entries(&folder())
        .into_iter()
        .filter(|path| path.is_dir())
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .expect("the folder is readable")
        .map(|entry| entry.expect("its entries are readable").path())
        .collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/trees")
}

/// Rules of what files hold, each with the carriers that their findings stand in.
const IN_THREE_CARRIERS: [&str; 33] = [
    "alternate-environment-in-production",
    "blank-override",
    "committed-ciphertext",
    "conflicting-data-space-type",
    "conflicting-extensions",
    "contradictory-setting",
    "data-space-in-two-projects",
    "doubly-encrypted-key",
    "empty-active-slot",
    "incomplete-saas-identifier",
    "ineffective-scope",
    "keys-without-project",
    "live-payments-elsewhere",
    "malformed-api-key",
    "malformed-private-key",
    "masked-value",
    "mismatched-key-pair",
    "misspelt-setting",
    "optimizer-in-wrong-environment",
    "production-data-space-elsewhere",
    "redirected-gateway",
    "same-key-in-both-slots",
    "sandbox-payments-in-production",
    "shadowed-setting",
    "shared-event-instance",
    "shared-merchant-id",
    "shared-optimizer-tenant",
    "slot-and-type-mismatch",
    "stray-whitespace",
    "swapped-key-fields",
    "testing-data-space-in-production",
    "unknown-slot",
    "unopenable-ciphertext",
];

/// A rule that is shown in one format alone is one that the next format surprises.
#[test]
fn what_a_rule_says_is_shown_in_three_carriers() {
    let mut carriers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in trees() {
        let golden = fs::read_to_string(folder().join(format!("{name}.out")));
        for line in golden.expect("every tree has a golden").lines() {
            let Some((path, rest)) = line.split_once(':').filter(|(path, _)| !path.contains(' '))
            else {
                continue;
            };
            let Some((_, rule)) = rest.strip_suffix(']').and_then(|rest| rest.rsplit_once(" ["))
            else {
                continue;
            };
            // `env.prod.php` and `env.php` are one carrier, and so are `.env` and `prod.env`.
            let carrier = path.rsplit(['.', '/']).next().unwrap_or(path);
            let carrier = if path.contains("/.env") { "env" } else { carrier };
            carriers.entry(rule.into()).or_default().insert(carrier.replace("yml", "yaml"));
        }
    }
    let few: Vec<_> = IN_THREE_CARRIERS
        .iter()
        .map(|rule| (rule, carriers.get(*rule)))
        .filter(|(_, carriers)| carriers.is_none_or(|carriers| carriers.len() < 3))
        .collect();
    assert!(few.is_empty(), "{few:#?}");
}
