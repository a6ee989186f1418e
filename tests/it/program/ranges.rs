//! A range is a range: a key that one of its commits adds and the next removes is found.

use std::fs::File;
use std::path::Path;

use super::scratch::{DATA_SPACE, Scratch, data_space, fed};

const BURIED: &str = "[private-key-in-history]";

/// A key comes and goes between the tag `before` and `main`; another one went before that.
fn repository() -> Scratch {
    let key = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name);
        std::fs::read_to_string(path).expect("the key is there")
    };
    let scratch = Scratch::of(&[("k8s/prod/settings.yaml", &data_space(DATA_SPACE))]);
    scratch.git("init -q -b main");
    let commit = |message: &str| {
        scratch.git("add -A");
        scratch.git(&format!("commit -qm {message}"));
    };
    scratch.write("old.pem", key("ec-pkcs8.pem"));
    commit("old");
    std::fs::remove_file(scratch.path().join("old.pem")).expect("it is there");
    commit("gone");
    scratch.git("tag before");
    scratch.git("update-ref refs/remotes/origin/main main");
    scratch.write("private.pem", key("rsa-pkcs8.pem"));
    commit("key");
    std::fs::remove_file(scratch.path().join("private.pem")).expect("it is there");
    commit("no-key");
    scratch
}

#[test]
fn every_commit_of_a_comparison_is_searched() {
    let scratch = repository();
    for compared in [&["--base", "before"][..], &["--from", "before", "--to", "main"]] {
        let done = scratch.run(&[&["check", "--output-format", "line"], compared].concat());
        assert_eq!((done.code, done.out.matches(BURIED).count()), (1, 1), "{}", done.all());
        assert!(done.out.contains("of the history searched"), "{}", done.out);
    }
    for compared in [&["--base", "main"][..], &["--from", "main", "--to", "main"], &["--staged"]] {
        let done = scratch.run(&[&["check", "--output-format", "line"], compared].concat());
        assert_eq!(done.code, 0, "{compared:?}: {}", done.all());
    }
}

#[test]
fn every_commit_of_a_push_is_searched() {
    let scratch = repository();
    let [tip, there] = ["main", "before"].map(|name| scratch.git(&format!("rev-parse {name}")));
    let none = "0".repeat(40);
    for (to, there) in [("main", there.as_str()), ("other", none.as_str())] {
        let lines = format!("refs/heads/main {tip} refs/heads/{to} {there}\n");
        let lines = scratch.write(".git/pushed", lines);
        let command = scratch.command(&["check", "--pushed", "origin", "--output-format", "line"]);
        let done = fed(command, File::open(lines).expect("it was written").into());
        assert_eq!((done.code, done.out.matches(BURIED).count()), (1, 1), "{}", done.all());
    }
}

#[test]
fn the_page_of_a_review_says_what_of_the_history_was_searched() {
    let scratch = repository();
    let page = |more: &[&str]| {
        scratch.run(&[&["report", "--html", "page.html"], more].concat());
        std::fs::read_to_string(scratch.path().join("page.html")).expect("it was written")
    };
    assert!(page(&[]).contains("The history was not searched"));
    let whole = page(&["--history"]);
    assert!(whole.contains("Of the history, ") && !whole.contains("The history was not searched"));
}
