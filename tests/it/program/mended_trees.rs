//! What mends a finding is held by every tree of the fixtures: what reports carry, and what `--fix` and `--fix=unsafe` do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use walkdir::WalkDir;

use super::scratch::{Done, Scratch};

/// The files of a tree.
type Files = BTreeMap<String, Vec<u8>>;

fn files(root: &Path) -> Files {
    let entries = WalkDir::new(root).into_iter().filter_map(Result::ok);
    let entries = entries.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(root).ok()?.to_str().map(str::to_owned);
    entries.filter_map(|entry| Some((name(entry.path())?, fs::read(entry.path()).ok()?))).collect()
}

fn tree_of(files: &Files) -> Scratch {
    let scratch = Scratch::new();
    for (path, bytes) in files {
        scratch.write(path, bytes);
    }
    scratch
}

fn check(scratch: &Scratch) -> Done {
    scratch.run(&["check", "--output-format", "json", "--now", "2026-11-29"])
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// What was found: severity, rule, message, instances, place.
type Told = (String, String, String, BTreeSet<String>, String);

fn told(document: &Value) -> Vec<Told> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let found = |found: &Value| {
        let instances = list(&found["instances"]).map(word).collect();
        let (severity, rule) = (word(&found["severity"]), word(&found["rule"]));
        let place = &found["location"];
        let place = format!("{} {}", place["path"], place["start"]);
        (severity, rule, word(&found["message"]), instances, place)
    };
    list(&document["diagnostics"]).map(found).collect()
}

/// What is found of a mended tree and was not before, and is neither a placeholder that was put there nor what is left of what was mended.
fn news(was: &[Told], is: &[Told], is_unsafe: bool) -> Vec<Told> {
    let is_left = |one: &Told| {
        was.iter().any(|before| {
            let is_fewer = before.1 == one.1 && one.3.is_subset(&before.3) && one.3 != before.3;
            is_fewer || before.4 == one.4 && before.0 == "error" && one.0 == "warning"
        })
    };
    let is_known = |one: &&Told| {
        was.iter().any(|before| (&before.1, &before.2) == (&one.1, &one.2))
            || is_unsafe && (one.1 == "placeholder-value" || is_left(one))
    };
    is.iter().filter(|one| !is_known(one)).cloned().collect()
}

/// The files with the edits of one fix made, which are apart from each other and in order.
fn applied(files: &Files, fix: &Value) -> Files {
    let mut files = files.clone();
    let mut last = usize::MAX;
    for edit in list(&fix["edits"]).collect::<Vec<_>>().into_iter().rev() {
        let place = &edit["location"];
        let byte = |which: &str| {
            let byte = place[which]["byte"].as_u64().expect("a place has bytes");
            usize::try_from(byte).expect("it is in memory")
        };
        let (start, end) = (byte("start"), byte("end"));
        assert!(start <= end && end <= last, "{fix}");
        last = start;
        let path = place["path"].as_str().expect("a place has a path");
        let text = edit["text"].as_str().expect("what comes is a text");
        let bytes = files.get_mut(path).expect("the file is there");
        bytes.splice(start..end, text.bytes());
    }
    files
}

/// The pieces of a tree that look like keys.
fn keys(files: &Files) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for text in files.values().map(|bytes| String::from_utf8_lossy(bytes)) {
        let runs =
            text.split(|letter: char| !letter.is_ascii_alphanumeric() && !"+/".contains(letter));
        let has = |run: &str, is: fn(&u8) -> bool| run.as_bytes().iter().any(is);
        let is_key = |run: &&str| {
            run.len() >= 48
                && has(run, u8::is_ascii_digit)
                && has(run, u8::is_ascii_uppercase)
                && has(run, u8::is_ascii_lowercase)
        };
        keys.extend(runs.filter(is_key).filter_map(|run| run.get(16..40)).map(str::to_owned));
    }
    keys
}

#[test]
fn what_mends_a_finding_does_that_and_nothing_else_in_every_tree() {
    let trees = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/trees");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in fs::read_dir(&trees).expect("the trees are there").filter_map(Result::ok) {
        let golden = fs::read_to_string(entry.path().with_extension("out")).unwrap_or_default();
        if !entry.path().is_dir() || !golden.contains('[') {
            continue;
        }
        let name = entry.file_name();
        let before = files(&entry.path());
        let keys = keys(&before);
        let scratch = tree_of(&before);
        let document = check(&scratch).json();
        let was = told(&document);
        let shown = scratch.run(&["check", "--diff", "--now", "2026-11-29"]);
        let leaks = |text: &str| keys.iter().any(|key| text.contains(key));
        assert!(!leaks(&shown.all()) && !leaks(&document.to_string()), "{name:?} tells a key");
        assert!(files(scratch.path()) == before, "{name:?}: `--diff` changes something");
        let (mut offered, mut tried) = (BTreeSet::new(), 0);
        for found in list(&document["diagnostics"]) {
            for fix in list(&found["fixes"]) {
                let is_unsafe = fix["safety"] == "unsafe";
                offered.insert(is_unsafe);
                let count = counts.entry(if is_unsafe { "unsafe" } else { "safe" }).or_default();
                *count += 1;
                // Of many keys in one tree, a few say it all.
                tried += 1;
                if tried > 2 {
                    continue;
                }
                let is = told(&check(&tree_of(&applied(&before, fix))).json());
                assert!(news(&was, &is, is_unsafe).is_empty(), "{name:?}: {fix} brings {is:?}");
                let it = [&found["rule"], &found["message"]].map(|of| of.as_str());
                let is_it = |one: &&Told| [Some(&*one.1), Some(&*one.2)] == it;
                let count = |all: &[Told]| all.iter().filter(is_it).count();
                assert!(count(&is) < count(&was), "{name:?}: {fix} leaves {found}");
            }
        }
        if offered.is_empty() {
            assert_eq!(shown.out, "", "{name:?}: what is shown is told by no report");
            continue;
        }
        for (option, is_unsafe) in [("--fix", false), ("--fix=unsafe", true)] {
            let scratch = tree_of(&before);
            let mend = || scratch.run(&["check", option, "--now", "2026-11-29"]);
            let done = mend();
            let after = files(scratch.path());
            let is_expected = offered.contains(&false) || is_unsafe;
            assert_eq!(before != after, is_expected, "{name:?} {option}: {done:?}");
            if !is_expected {
                continue;
            }
            let is = told(&check(&scratch).json());
            assert!(news(&was, &is, is_unsafe).is_empty(), "{name:?} {option}: {is:?}");
            assert!(before.keys().eq(after.keys()), "{name:?} {option}: {done:?}");
            mend();
            assert!(files(scratch.path()) == after, "{name:?} {option} mends twice");
        }
    }
    assert!(counts["safe"] > 5 && counts["unsafe"] > 40, "{counts:?}");
}
