//! `check --staged`: the index, or what pre-commit pushes.

use super::scratch::{DATA_SPACE, Done, Scratch, data_space, run};

/// Another data space.
const OTHER: &str = "5b0d8a17-3c42-4e0b-9a6d-1f7c2e8b4d90";

fn staged(scratch: &Scratch, variables: &[(&str, &str)]) -> Done {
    let mut command = scratch.command(&["check", "--staged", "--output-format", "line"]);
    command.envs(variables.iter().copied());
    run(command)
}

/// A fault in the commit `faulty`; its cure staged, and undone in the folder. Before it is `clean`.
fn repository() -> Scratch {
    let scratch = Scratch::of(&[
        ("k8s/prod/settings.yaml", &data_space(DATA_SPACE)),
        ("k8s/staging/settings.yaml", &data_space(OTHER)),
    ]);
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm clean");
    scratch.git("tag clean");
    scratch.write("k8s/staging/settings.yaml", data_space(DATA_SPACE));
    scratch.git("commit -qam faulty");
    scratch.git("tag faulty");
    scratch.write("k8s/staging/settings.yaml", data_space(OTHER));
    scratch.git("add -A");
    scratch.write("k8s/staging/settings.yaml", data_space(DATA_SPACE));
    scratch
}

#[test]
fn the_index_is_judged_and_not_the_folder() {
    let done = staged(&repository(), &[]);
    assert_eq!((done.code, done.out.contains('[')), (0, false), "{}", done.all());
}

#[test]
fn on_a_push_the_pushed_commit_is_judged_and_compared_with_the_remote() {
    let scratch = repository();
    let pushed = [("PRE_COMMIT_FROM_REF", "clean"), ("PRE_COMMIT_TO_REF", "faulty")];
    let done = staged(&scratch, &pushed);
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(done.out.contains("[shared-data-space]"), "{}", done.out);
    let back = [("PRE_COMMIT_FROM_REF", "faulty"), ("PRE_COMMIT_TO_REF", "clean")];
    assert_eq!(staged(&scratch, &back).code, 0);
    scratch.write("k8s/prod/settings.yaml", data_space("9e1c64f2-70ab-4c1d-8f35-6d2b0a7e4c83"));
    scratch.git("commit -qam moved");
    let moved = [("PRE_COMMIT_FROM_REF", "clean"), ("PRE_COMMIT_TO_REF", "HEAD")];
    let done = staged(&scratch, &moved);
    assert!(done.out.contains("[production-data-space-change]"), "{}", done.out);
}

#[test]
fn the_first_push_is_compared_with_nothing() {
    let done = staged(&repository(), &[("PRE_COMMIT_LOCAL_BRANCH", "refs/tags/faulty")]);
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(done.out.contains("[shared-data-space]"), "{}", done.out);
}

#[test]
fn a_commit_that_is_not_there_is_an_error() {
    let pushed = [("PRE_COMMIT_FROM_REF", "gone"), ("PRE_COMMIT_TO_REF", "faulty")];
    let done = staged(&repository(), &pushed);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("no revision `gone`"), "{}", done.err);
}

/// A repository with a key in a file that no cache may hide, and what earlier runs know of it.
fn with_cache() -> (Scratch, std::path::PathBuf) {
    let scratch = repository();
    for number in 0..20 {
        scratch.write(&format!("notes/{number}.yaml"), format!("nothing: {number}\n"));
    }
    scratch.git("add -A");
    let cache = scratch.path().join(".git/commerce-lint/clean");
    (scratch, cache)
}

#[test]
fn what_is_known_of_contents_changes_no_answer() {
    let (scratch, cache) = with_cache();
    let cold = staged(&scratch, &[("COMMERCE_LINT_NO_CACHE", "1")]);
    assert!(!cache.exists(), "nothing is kept that nobody wants");
    assert_eq!(staged(&scratch, &[]), cold);
    let kept = std::fs::read(&cache).expect("it is kept");
    assert_eq!(staged(&scratch, &[]), cold);
    assert_eq!(std::fs::read(&cache).expect("it stays"), kept, "nothing is new");
    let known = String::from_utf8_lossy(&kept);
    assert!(!known.contains("notes") && !known.contains("0f3c"), "it names nothing");
}

#[test]
fn a_content_of_another_name_is_another_content() {
    let (scratch, _) = with_cache();
    let dump = "INSERT INTO core_config_data VALUES (1,'default',0,'web/secure/base_url','x');\n";
    let text = format!("{dump}CONFIG = 1\n");
    scratch.write("prod/a.txt", &text);
    scratch.git("add -A");
    staged(&scratch, &[]);
    scratch.write("prod/a.sql", &text);
    scratch.git("add -A");
    let cached = staged(&scratch, &[]);
    assert_eq!(cached, staged(&scratch, &[("COMMERCE_LINT_NO_CACHE", "1")]));
}

#[test]
fn a_broken_cache_is_none() {
    let (scratch, cache) = with_cache();
    let expected = staged(&scratch, &[]);
    let whole = std::fs::read(&cache).expect("it is kept");
    let mut turned = whole.clone();
    *turned.last_mut().expect("it is not empty") ^= 1;
    for broken in [&b""[..], b"x", &whole[..whole.len() - 1], &turned] {
        std::fs::write(&cache, broken).expect("it is writable");
        assert_eq!(staged(&scratch, &[]), expected);
        assert_eq!(std::fs::read(&cache).expect("it is there"), whole, "it is made anew");
    }
    std::fs::remove_dir_all(cache.parent().expect("a folder")).expect("it can go");
    std::fs::write(cache.parent().expect("a folder"), "in the way").expect("it is writable");
    assert_eq!(staged(&scratch, &[]), expected);
}

#[test]
fn what_is_known_of_contents_holds_for_the_settings_that_are_asked_for() {
    let scratch = Scratch::of(&[(
        "prod/app/etc/env.php",
        "<?php return ['system' => ['default' => ['dev' => ['debug' => ['template_hints' => '1']]]]];\n",
    )]);
    scratch.git("init -q");
    scratch.git("add -A");
    assert!(staged(&scratch, &[]).out.starts_with("no private keys found"));
    let page = "---\nseverity: error\nsummary: Hints are shown\nsince: 1.0.0\ntags: [shop]\nassert:\n  setting: dev/debug/template_hints\n  must: be-unset\n---\n\nThey tell.\n";
    scratch.write("rules/shop/hints.md", page);
    let arguments = ["check", "--staged", "--output-format", "line", "--rules", "rules"];
    let done = run(scratch.command(&arguments));
    assert!(done.out.contains("[shop/hints]"), "{}", done.all());
}
