//! The baseline's file: what is in its place, what somebody did to it, and what writing it anew changes.

use std::fs;

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const FILE: &str = "commerce-lint.baseline.toml";
const PROJECT: &str = "services_connector/services_id/project_id: TODO\n";
const SPACE: &str = "services_connector/services_id/environment_id: not-a-uuid\n";

fn check(scratch: &Scratch) -> Done {
    scratch.run(&["check", "--output-format", "line", "--now", "2027-01-01"])
}

fn text(scratch: &Scratch) -> String {
    fs::read_to_string(scratch.path().join(FILE)).expect("it is there")
}

/// Three findings in two files, and their baseline.
fn known() -> Scratch {
    let scratch = Scratch::of(&[
        ("k8s/uat/a.yaml", &format!("{PROJECT}{SPACE}")),
        ("k8s/test/b.yaml", PROJECT),
    ]);
    assert_eq!(scratch.run(&["baseline"]).code, 0);
    scratch
}

#[test]
fn what_is_no_baseline_is_never_overwritten() {
    let scratch =
        Scratch::of(&[("k8s/uat/a.yaml", PROJECT), ("app/etc/env.php", "<?php return [];")]);
    scratch.write("commerce-lint.toml", "policy.baseline = \"app/etc/env.php\"\n");
    for option in ["--force", "--update"] {
        let done = scratch.run(&["baseline", option]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{option}: {}", done.err);
    }
    let done = scratch.run(&["baseline", "--force"]);
    assert!(
        done.err.contains("`app/etc/env.php` is no baseline, and is not overwritten"),
        "{}",
        done.err
    );
    let kept = fs::read_to_string(scratch.path().join("app/etc/env.php")).expect("it is there");
    assert_eq!(kept, "<?php return [];");
    fs::create_dir(scratch.path().join("folder")).expect("a new folder");
    scratch.write("commerce-lint.toml", "policy.baseline = \"folder\"\n");
    assert_eq!(scratch.run(&["baseline", "--force"]).code, 2);
    assert_eq!(check(&scratch).code, 2);
}

#[test]
fn a_baseline_that_somebody_broke_is_told_and_can_be_written_anew() {
    let scratch = known();
    let sound = text(&scratch);
    let in_conflict = sound.replacen("[[accepted]]", "<<<<<<< HEAD\n[[accepted]]", 1);
    for (broken, expected) in [
        (in_conflict, "a merge left its marks here"),
        (sound.replace("version = 2", "version = 1"), "another version of this tool"),
        (
            sound.replace("salt = \"", "salt = \"x"),
            "the salt is too short or no hexadecimal number",
        ),
        (sound.get(..sound.len() - 20).expect("it is longer").to_owned(), "string"),
        (String::new(), "the baseline has no `salt`"),
    ] {
        scratch.write(FILE, &broken);
        let done = check(&scratch);
        assert_eq!((done.code, done.out.as_str()), (2, ""));
        assert!(done.err.contains(FILE) && done.err.contains(expected), "{expected}: {}", done.err);
        assert_eq!(scratch.run(&["baseline", "--update"]).code, 2);
        assert_eq!(scratch.run(&["baseline", "--force"]).code, 0, "{broken}");
        assert_eq!(check(&scratch).code, 0);
    }
    scratch.write(FILE, format!("{}{}", text(&scratch), "# filler\n".repeat(2 << 20)));
    let done = check(&scratch);
    assert!(done.code == 2 && done.err.contains("it is larger than 16 MiB"), "{}", done.err);
}

#[cfg(unix)]
#[test]
fn nothing_but_a_file_of_the_tree_is_read() {
    let scratch = known();
    let elsewhere = Scratch::of(&[("known.toml", "words = \"of another file\"\n")]);
    let link = |to: &str, name: &str| {
        let path = scratch.path().join(name);
        let _ = fs::remove_file(&path);
        std::os::unix::fs::symlink(elsewhere.path().join(to), path).expect("a link can be made");
    };
    link("known.toml", FILE);
    let refused = |arguments: &[&str]| {
        let done = scratch.run(arguments);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{arguments:?}");
        assert!(done.err.contains("it is a link"), "{arguments:?}: {}", done.err);
        assert!(!done.all().contains("of another"), "{arguments:?}: {}", done.err);
    };
    refused(&["check"]);
    refused(&["baseline", "--update"]);
    scratch.write("other.toml", "");
    refused(&["check", "--config", "other.toml"]);
    fs::remove_file(scratch.path().join(FILE)).expect("it is there");
    link("", "ci");
    scratch.write("commerce-lint.toml", "policy.baseline = \"ci/known.toml\"\n");
    refused(&["check"]);
    refused(&["baseline", "--update"]);
    refused(&["check", "--config", "ci/known.toml"]);
    let pipe = scratch.path().join("pipe.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("there is mkfifo");
    assert!(made.success());
    scratch.write("commerce-lint.toml", "policy.baseline = \"pipe.toml\"\n");
    let done = scratch.run(&["check"]);
    assert!(done.code == 2 && done.err.contains("it is no file"), "{}", done.err);
}

#[test]
fn an_entry_accepts_nothing_but_what_it_says() {
    let scratch = known();
    let honest = text(&scratch);
    scratch.write(FILE, honest.replacen("malformed-data-space-id", "placeholder-value", 1));
    let done = check(&scratch);
    assert!(done.out.contains("k8s/uat/a.yaml:"), "{}", done.out);
    assert!(done.out.contains("[unused-waiver]"), "{}", done.out);
    // What moved is known, and where it stands now is told.
    scratch.write(FILE, honest.replacen("k8s/uat/a.yaml", "docs/a.yaml", 1));
    let done = check(&scratch);
    let told = "in `docs/a.yaml` that stands in `k8s/uat/a.yaml` now [unused-waiver]";
    assert!(done.out.contains(told), "{}", done.out);
    let entry = honest.split("\n[[").nth(1).expect("an entry").to_owned();
    scratch.write(FILE, format!("{honest}\n[[{entry}"));
    let done = check(&scratch);
    assert_eq!(done.out.matches("[unused-waiver]").count(), 1, "{}", done.out);
    assert!(done.out.contains("in `k8s/test/b.yaml` that is found no more"), "{}", done.out);
}

#[test]
fn writing_it_anew_changes_what_has_changed_alone() {
    let scratch = known();
    let first = text(&scratch);
    let paths: Vec<&str> = first.lines().filter(|line| line.starts_with("path")).collect();
    assert!(paths.is_sorted(), "{first}");
    let again = scratch.run(&["baseline", "--update"]);
    assert!(again.out.ends_with(": 3 findings (0 new, 0 no more)\n"), "{}", again.out);
    assert_eq!(text(&scratch), first);
    scratch.write("k8s/uat/a.yaml", format!("\n\n{SPACE}# moved\n{PROJECT}"));
    assert_eq!(check(&scratch).code, 0);
    scratch.run(&["baseline", "--update"]);
    assert_eq!(text(&scratch), first, "lines may move");
    scratch.write("k8s/test/b.yaml", "a: b\n");
    scratch.write("k8s/dev/c.yaml", PROJECT);
    let done = scratch.run(&["baseline", "--update"]);
    assert!(done.out.ends_with(": 3 findings (0 new, 0 no more)\n"), "{}", done.out);
    let now = text(&scratch);
    let kept = first.lines().filter(|line| now.contains(line)).count();
    assert_eq!(first.lines().count() - kept, 2, "the path and the installation's name");
}

#[test]
fn what_moves_or_is_renamed_is_found_again() {
    let scratch = known();
    fs::rename(scratch.path().join("k8s/test"), scratch.path().join("k8s/dev")).expect("it moves");
    let done = check(&scratch);
    assert_eq!(done.out.matches("[placeholder-value]").count(), 0, "{}", done.out);
    assert_eq!(done.out.matches("[unused-waiver]").count(), 1, "{}", done.out);
    let shared = Scratch::shared();
    shared.run(&["baseline"]);
    assert_eq!(check(&shared).code, 0);
    shared.write("k8s/uat/settings.yaml", data_space(DATA_SPACE));
    let done = check(&shared);
    assert_eq!(
        (done.code, done.out.matches("[shared-data-space]").count()),
        (1, 1),
        "{}",
        done.out
    );
}

#[test]
fn what_a_waiver_accepts_needs_no_entry() {
    let scratch = known();
    scratch.write(
        "k8s/test/b.yaml",
        format!("# commerce-lint: allow placeholder-value -- created in June\n{PROJECT}"),
    );
    let done = check(&scratch);
    assert!(
        done.out.contains("in `k8s/test/b.yaml` that is accepted elsewhere, too [unused-waiver]"),
        "{}",
        done.out
    );
    assert_eq!(done.out.matches(": warning: ").count(), 1, "{}", done.out);
}

#[test]
fn a_key_that_nothing_has_is_told() {
    let scratch = known();
    let done = scratch.run(&["baseline", "--update", "--include-key", "0123456789ab"]);
    assert!(done.out.contains("no finding has the key `0123456789ab`"), "{}", done.out);
}
