//! `check --pushed`: the commits that git names to a `pre-push` hook. `.ci/hooks` pushes through real ones.

use std::fs::File;

use super::scratch::{DATA_SPACE, Done, Scratch, data_space, fed};

const OTHER: &str = "5b0d8a17-3c42-4e0b-9a6d-1f7c2e8b4d90";
const THIRD: &str = "9e1c64f2-70ab-4c1d-8f35-6d2b0a7e4c83";
const PROD: &str = "k8s/prod/settings.yaml";
const STAGING: &str = "k8s/staging/settings.yaml";
const NONE: &str = "0000000000000000000000000000000000000000";

/// `main`, which `origin` has; what is checked out and staged is faulty, and plays no part.
fn repository() -> Scratch {
    let scratch = Scratch::of(&[(PROD, &data_space(DATA_SPACE)), (STAGING, &data_space(OTHER))]);
    scratch.git("init -q -b main");
    scratch.git("add -A");
    scratch.git("commit -qm clean");
    scratch.git("update-ref refs/remotes/origin/main main");
    scratch
}

/// A branch with one commit on top of what is checked out.
fn branch(scratch: &Scratch, name: &str, file: &str, id: &str) -> String {
    scratch.git(&format!("checkout -qb {name}"));
    scratch.write(file, data_space(id));
    scratch.git("add -A");
    scratch.git(&format!("commit -qm {name}"));
    scratch.git("rev-parse HEAD")
}

/// What is told of a push to `origin` of `(commit, branch there, commit there)`.
fn push(scratch: &Scratch, refs: &[(&str, &str, &str)]) -> Done {
    push_with(scratch, refs, &["--output-format", "line"])
}

fn push_with(scratch: &Scratch, refs: &[(&str, &str, &str)], more: &[&str]) -> Done {
    let lines = refs.iter().map(|(tip, to, there)| format!("HEAD {tip} refs/heads/{to} {there}\n"));
    let lines = scratch.write(".git/pushed", lines.collect::<String>());
    let command = scratch.command(&[&["check", "--pushed", "origin"], more].concat());
    fed(command, File::open(lines).expect("it was written").into())
}

#[test]
fn a_new_branch_is_compared_with_what_the_remote_has_of_it() {
    let scratch = repository();
    let moved = branch(&scratch, "moved", PROD, THIRD);
    scratch.git("checkout -q main");
    let done = push(&scratch, &[(&moved, "moved", NONE)]);
    assert_eq!(done.code, 1, "{}", done.all());
    assert!(done.out.contains("[production-data-space-change]"), "{}", done.out);
    let main = scratch.git("rev-parse main");
    let note =
        format!("checked {} for `refs/heads/moved`, compared with {}", &moved[..10], &main[..10]);
    assert!(done.err.contains(&note), "{}", done.err);
}

#[test]
fn a_branch_is_compared_with_its_state_there() {
    let scratch = repository();
    let moved = branch(&scratch, "moved", PROD, THIRD);
    let later = branch(&scratch, "later", STAGING, "2d7c1b9e-4f60-4a8d-b3c5-8e1f0a6d7b24");
    // The move is there already.
    let done = push(&scratch, &[(&later, "moved", &moved)]);
    assert_eq!(done.code, 0, "{}", done.all());
    // Somebody pushed what this clone does not have.
    let done = push(&scratch, &[(&later, "moved", &"1".repeat(40))]);
    assert!(done.out.contains("[production-data-space-change]"), "{}", done.out);
    // A branch that is set back is one that changes.
    let done = push(&scratch, &[(&scratch.git("rev-parse main"), "moved", &moved)]);
    assert!(done.out.contains("[production-data-space-change]"), "{}", done.out);
}

#[test]
fn what_was_merged_from_the_remote_is_no_change() {
    let scratch = repository();
    let feature = branch(&scratch, "feature", STAGING, "2d7c1b9e-4f60-4a8d-b3c5-8e1f0a6d7b24");
    scratch.git("checkout -q main");
    branch(&scratch, "moved", PROD, THIRD);
    scratch.git("update-ref refs/remotes/origin/main moved");
    scratch.git(&format!("checkout -q {feature}"));
    scratch.git("merge -q -m merge moved");
    let done = push(&scratch, &[(&scratch.git("rev-parse HEAD"), "feature", NONE)]);
    assert_eq!(done.code, 0, "{}", done.all());
}

#[test]
fn each_of_several_refs_is_judged() {
    let scratch = repository();
    let main = scratch.git("rev-parse main");
    let fine = branch(&scratch, "fine", STAGING, THIRD);
    scratch.git("checkout -q main");
    let faulty = branch(&scratch, "faulty", STAGING, DATA_SPACE);
    for order in [[&fine, &faulty], [&faulty, &fine]] {
        let refs = order.map(|tip| (tip.as_str(), "a", main.as_str()));
        let done = push(&scratch, &refs);
        assert_eq!(done.code, 1, "{}", done.all());
        assert_eq!(done.out.matches("[shared-data-space]").count(), 1, "{}", done.out);
        assert_eq!(done.err.matches("note: checked ").count(), 2, "{}", done.err);
    }
    let refs = [(faulty.as_str(), "a", NONE), (&fine, "b", NONE)];
    assert_eq!(push_with(&scratch, &refs, &["--exit-zero"]).code, 0);
}

#[test]
fn what_the_remote_has_or_loses_is_not_judged() {
    let scratch = repository();
    let faulty = branch(&scratch, "faulty", STAGING, DATA_SPACE);
    scratch.git("update-ref refs/remotes/origin/faulty faulty");
    for refs in [&[][..], &[(faulty.as_str(), "again", NONE)], &[(NONE, "faulty", &faulty)]] {
        let done = push(&scratch, refs);
        assert_eq!((done.code, done.out.as_str()), (0, ""), "{refs:?} {}", done.all());
        assert!(done.err.contains("nothing is pushed that the remote has not"), "{}", done.err);
    }
    // Another remote has nothing of it.
    scratch.git("update-ref -d refs/remotes/origin/faulty");
    scratch.git("update-ref -d refs/remotes/origin/main");
    let done = push(&scratch, &[(&faulty, "faulty", NONE)]);
    assert_eq!(done.code, 1, "{}", done.all());
    assert!(done.err.contains("compared with nothing"), "{}", done.err);
}

#[test]
fn a_shallow_clone_without_what_it_is_compared_with_is_an_error() {
    let scratch = repository();
    let tip = branch(&scratch, "faulty", STAGING, DATA_SPACE);
    scratch.write(".git/shallow", format!("{tip}\n"));
    let done = push(&scratch, &[(&tip, "faulty", NONE)]);
    assert_eq!((done.code, done.out.as_str()), (2, ""), "{}", done.all());
    assert!(done.err.contains("the clone is shallow"), "{}", done.err);
}

#[test]
fn what_git_does_not_hand_over_is_an_error() {
    let scratch = repository();
    let done = push(&scratch, &[("HEAD", "main", "main")]);
    assert_eq!((done.code, done.out.as_str()), (2, ""), "{}", done.all());
    assert!(done.err.contains("pre-push"), "{}", done.err);
    for other in [&["--staged"][..], &["--base", "HEAD"]] {
        assert_eq!(push_with(&scratch, &[], other).code, 2, "{other:?}");
    }
}

/// What a tag leads to is pushed as well, be it no commit; so is what it says, and what a commit says.
#[test]
fn a_key_in_what_is_no_file_of_a_commit_is_found() {
    let scratch = repository();
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys/ec-pkcs8.pem");
    let blob = scratch.git(&format!("hash-object -w {key}"));
    scratch.git(&format!("tag -a -m file file {blob}"));
    scratch.git(&format!("update-index --add --cacheinfo 100644,{blob},private.pem"));
    let tree = scratch.git("write-tree");
    scratch.git("reset -q --hard");
    scratch.git(&format!("tag -a -m folder folder {tree}"));
    scratch.git(&format!("tag -a -F {key} says main"));
    let tag = |name: &str| scratch.git(&format!("rev-parse refs/tags/{name}"));
    let (file, folder, says) = (tag("file"), tag("folder"), tag("says"));
    scratch.git(&format!("tag -a -F {key} both {}", scratch.git("rev-parse main:k8s")));
    let both = tag("both");
    scratch.git(&format!("commit -q --allow-empty -F {key}"));
    let commit = scratch.git("rev-parse HEAD");
    let buried = "[private-key-in-history]";
    for (tip, rule) in [
        (&blob, buried),
        (&file, buried),
        (&tree, "[plaintext-private-key]"),
        (&folder, "[plaintext-private-key]"),
        (&says, buried),
        (&both, buried),
        (&commit, buried),
    ] {
        let done = push(&scratch, &[(tip, "new", NONE)]);
        assert_eq!((done.code, done.out.matches(rule).count()), (1, 1), "{tip} {}", done.all());
    }
    let done = push(&scratch, &[(&says, "new", NONE)]);
    let told = format!("a PKCS#8 private key stands in the message of `{}`", &says[..10]);
    assert!(done.out.contains(&told), "{}", done.out);
    for tip in ["main:k8s/prod/settings.yaml", "main:k8s", "main~1"] {
        scratch.git(&format!(
            "tag -f -a -m nothing fine {}",
            scratch.git(&format!("rev-parse {tip}"))
        ));
        let done = push(&scratch, &[(&tag("fine"), "new", NONE)]);
        assert_eq!(done.code, 0, "{tip} {}", done.all());
    }
}

/// What programs read is one document, however many branches are pushed.
#[test]
fn several_refs_are_told_in_one_document() {
    let scratch = repository();
    let main = scratch.git("rev-parse main");
    let fine = branch(&scratch, "fine", STAGING, THIRD);
    scratch.git("checkout -q main");
    let faulty = branch(&scratch, "faulty", STAGING, DATA_SPACE);
    let refs = [(faulty.as_str(), "a", main.as_str()), (&fine, "b", &main)];
    for format in ["json", "sarif", "gitlab", "gitlab-secrets", "rdjson"] {
        let output = format!("{format}=.git/report");
        let done = push_with(&scratch, &refs, &["--output-format", format, "--output", &output]);
        assert_eq!(done.code, 1, "{}", done.all());
        let filed = std::fs::read_to_string(scratch.path().join(".git/report"));
        assert_eq!(filed.expect("it was written"), done.out);
        let found = done.json().to_string().matches("is shared by 2 instances").count();
        assert!(format == "gitlab-secrets" || found > 0, "{format}: {}", done.out);
    }
    for (format, end) in [("junit", "</testsuites>"), ("html", "</html>")] {
        let done = push_with(&scratch, &refs, &["--output-format", format]);
        assert_eq!(done.out.matches(end).count(), 1, "{format}: {}", done.out);
        assert!(done.out.contains("shared-data-space"), "{format}: {}", done.out);
    }
    let json = push_with(&scratch, &refs, &["--output-format", "json"]).json();
    assert_eq!(json["summary"]["errors"], 1);
    let variable = scratch.path().join(".git/of-a-variable");
    let lines = format!("HEAD {fine} refs/heads/b {main}\n");
    let lines = scratch.write(".git/pushed", lines);
    let mut command = scratch.command(&["check", "--pushed", "origin"]);
    command.env("COMMERCE_LINT_OUTPUT", format!("json={}", variable.display()));
    let done = fed(command, File::open(lines).expect("it was written").into());
    assert_eq!((done.code, variable.exists()), (0, true), "{}", done.all());
}
