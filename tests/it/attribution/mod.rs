//! The smallest trees of each law of attribution: `fixtures/attribution/<name>.tree` says whose its values are, then what it holds.
//!
//! ```text
//! A sentence, if there is one to say.
//! checkout shop-staging               what the folder is called
//! instance production A               an instance of this kind, in this data space; `?` is any, `production|unknown` either
//! finding shared-data-space 2         an error of this rule that concerns so many instances
//! change production-data-space-change a finding of this rule where `now` is compared with `before`
//! note production                     a note with this word
//! or                                  another answer that is as good
//! === compose.yaml                    a file, of both states
//! === before compose.yaml             a file before the change; `now`, one after it
//! ```
//!
//! Instances and errors are exact: there are no others. `<A>` to `<Z>` are data spaces, `<VARIABLE>` and `<PATH>` their names.
//! `ATTRIBUTION=FOLDER cargo test --test it attribution::` tries the trees of another folder.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use commerce_lint::rule::{Diagnostic, Severity};
use commerce_lint::rules;
use commerce_lint::states::{Configured, Request};

use crate::compared::{Compared, compared};

const VARIABLE: &str = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";
const PATH: &str = "services_connector/services_id/environment_id";

/// One answer: instances, findings, changes, notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Answer {
    instances: Vec<String>,
    findings: Vec<String>,
    changes: Vec<String>,
    notes: Vec<String>,
}

#[derive(Default)]
struct Case {
    checkout: String,
    answers: Vec<Answer>,
    now: Vec<(String, String)>,
    before: Vec<(String, String)>,
}

#[test]
fn values_belong_to_those_whom_the_laws_say() {
    let folder = env::var_os("ATTRIBUTION").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/attribution"),
        PathBuf::from,
    );
    let entries = fs::read_dir(&folder).expect("the folder is readable");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} has trees", folder.display());
    let wrong: Vec<String> = files
        .iter()
        .filter_map(|file| {
            let text = fs::read_to_string(file).expect("a tree is text");
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            judged(&Case::read(&text)).map(|wrong| format!("{name}: {wrong}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

impl Case {
    fn read(text: &str) -> Self {
        let mut case = Self { checkout: "tree".into(), ..Self::default() };
        let mut answer = Answer::default();
        let (head, files) = text.split_once("=== ").expect("a tree has files");
        for line in head.lines() {
            match line.split_once(' ').unwrap_or((line, "")) {
                ("checkout", name) => case.checkout = name.into(),
                ("instance", rest) => answer.instances.push(rest.into()),
                ("finding", rest) => answer.findings.push(rest.into()),
                ("change", rest) => answer.changes.push(rest.into()),
                ("note", rest) => answer.notes.push(rest.into()),
                ("or", "") => case.answers.push(std::mem::take(&mut answer)),
                _ => {}
            }
        }
        case.answers.push(answer);
        for file in files.split("\n=== ") {
            let (path, body) = file.split_once('\n').expect("a file has a text");
            let body = filled(body);
            let entry =
                |path: &str| (path.to_owned(), format!("{}\n", body.trim_end_matches('\n')));
            match path.split_once(' ') {
                Some(("before", path)) => case.before.push(entry(path)),
                Some(("now", path)) => case.now.push(entry(path)),
                _ => {
                    case.before.push(entry(path));
                    case.now.push(entry(path));
                }
            }
        }
        case
    }
}

fn filled(text: &str) -> String {
    let text = text.replace("<VARIABLE>", VARIABLE).replace("<PATH>", PATH);
    ('A'..='Z').fold(text, |text, letter| text.replace(&format!("<{letter}>"), &id(letter)))
}

/// The data space that a letter stands for.
fn id(letter: char) -> String {
    let number = u32::from(letter);
    format!("5a1f6c{number:02x}-6d0b-4a57-9a35-2f4f0a9c{number:04x}")
}

fn judged(case: &Case) -> Option<String> {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let now = planted(&scratch.path().join("now").join(&case.checkout), &case.now);
    let before = planted(&scratch.path().join("before").join(&case.checkout), &case.before);
    let is_changed = case.now != case.before;
    let found = compared(&now, is_changed.then_some(before.as_path()), &rules::all());
    let request = Request { path: now, configured: Configured::Nowhere, ..Request::default() };
    let notes = commerce_lint::run(&request).expect("it is a tree").notes;
    let answer = Answer {
        instances: instances(&found),
        findings: found.found.iter().filter(|found| is_error(found)).map(told).collect(),
        changes: found
            .changes
            .iter()
            .filter(|found| is_of_change(found))
            .map(|found| found.rule.clone())
            .collect(),
        notes,
    };
    let is_right = |expected: &Answer| {
        let has_note = |word: &String| answer.notes.iter().any(|note| note.contains(word));
        all_fit(&expected.instances, &answer.instances)
            && sorted(&expected.findings) == sorted(&answer.findings)
            && sorted(&expected.changes) == sorted(&answer.changes)
            && expected.notes.iter().all(has_note)
    };
    let Answer { instances, findings, changes, .. } = &answer;
    let is_wrong = !case.answers.iter().any(is_right);
    is_wrong.then(|| format!("instances {instances:?}, findings {findings:?}, changes {changes:?}"))
}

fn is_error(found: &Diagnostic) -> bool {
    found.severity == Severity::Error
}

fn is_of_change(found: &Diagnostic) -> bool {
    found.rule.starts_with("production-") && !found.rule.ends_with("elsewhere")
}

fn told(found: &Diagnostic) -> String {
    format!("{} {}", found.rule, found.finding.instances.len())
}

fn sorted(all: &[String]) -> Vec<String> {
    let mut all = all.to_vec();
    all.sort();
    all
}

/// Kind and data space of each instance.
fn instances(found: &Compared) -> Vec<String> {
    let letter = |space: String| ('A'..='Z').find(|&letter| id(letter) == space);
    let all = found.now.instances.iter().map(|instance| {
        let space = found.now.data_space(instance).and_then(letter);
        format!("{} {}", instance.kind.value.word(), space.map_or_else(|| "-".into(), String::from))
    });
    all.collect()
}

/// Whether each that is expected is one of those that are there, and none is left.
fn all_fit(expected: &[String], there: &[String]) -> bool {
    let mut left = there.to_vec();
    // The loosest come last.
    let mut expected: Vec<&String> = expected.iter().collect();
    expected.sort_by_key(|one| (one.contains('?'), one.contains('|')));
    let takes = expected.into_iter().all(|one| {
        let fits = |other: &String| {
            let words = one.split_once(' ').zip(other.split_once(' '));
            words.is_some_and(|((kinds, space), (kind, other))| {
                kinds.split('|').any(|one| one == kind) && (space == "?" || space == other)
            })
        };
        let at = left.iter().position(fits);
        at.map(|at| left.remove(at)).is_some()
    });
    takes && left.is_empty()
}

fn planted(folder: &Path, files: &[(String, String)]) -> PathBuf {
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("it lies in the tree"))
            .expect("a folder can be made");
        fs::write(file, text).expect("a file can be written");
    }
    folder.to_owned()
}
