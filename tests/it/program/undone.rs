//! What only puts back what was there before commits that nobody else has: the hook lets it pass, and nothing else.

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const OTHER: &str = "5b0d8a17-3c42-4e0b-9a6d-1f7c2e8b4d90";
const THIRD: &str = "9e1c64f2-70ab-4c1d-8f35-6d2b0a7e4c83";
const PROD: &str = "k8s/prod/settings.yaml";
const CHANGED: &str = "[production-data-space-change]";

fn commit(scratch: &Scratch, message: &str) {
    scratch.git("add -A");
    scratch.git(&format!("commit -qm {message}"));
}

fn repository(files: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::of(files);
    scratch.git("init -q -b main");
    commit(&scratch, "first");
    scratch
}

fn staged(scratch: &Scratch) -> Done {
    scratch.git("add -A");
    scratch.run(&["check", "--staged", "--output-format", "line"])
}

#[test]
fn the_last_commit_is_undone() {
    let scratch = repository(&[(PROD, &data_space(DATA_SPACE))]);
    scratch.write(PROD, data_space(OTHER));
    commit(&scratch, "bad");
    scratch.write(PROD, data_space(DATA_SPACE));
    let done = staged(&scratch);
    assert_eq!(done.code, 0, "{}", done.all());
    let first = &scratch.git("rev-parse main~1")[..10];
    assert!(done.err.contains(&format!("what only puts back what {first} has")), "{}", done.err);
    scratch.write(PROD, data_space(THIRD));
    let done = staged(&scratch);
    assert_eq!((done.code, done.out.contains(CHANGED)), (1, true), "{}", done.all());
    scratch.write(PROD, "a: b\n");
    let done = staged(&scratch);
    assert_eq!((done.code, done.out.contains(CHANGED)), (1, true), "{}", done.all());
}

/// That an earlier state knew of no such production is no proof that anything is undone.
#[test]
fn production_that_is_declared_later_is_guarded_at_once() {
    let (de, fr) = ("d/de/settings.yaml", "d/fr/settings.yaml");
    let scratch = repository(&[(de, &data_space(DATA_SPACE)), (fr, &data_space(OTHER))]);
    let declared = "[instances.de]\nfiles = [\"d/de/**\"]\nkind = \"production\"\n";
    scratch.write("commerce-lint.toml", declared);
    commit(&scratch, "declared");
    scratch.write(de, data_space(THIRD));
    let done = staged(&scratch);
    assert_eq!((done.code, done.out.contains(CHANGED)), (1, true), "{}", done.all());
    // Nor is production undone that comes from another name.
    std::fs::remove_file(scratch.path().join(de)).expect("it is there");
    let done = staged(&scratch);
    assert!(done.out.contains("[production-demoted]"), "{}", done.all());
    scratch.write(de, data_space(THIRD));
    commit(&scratch, "bad");
    scratch.write(de, data_space(DATA_SPACE));
    assert_eq!(staged(&scratch).code, 0);
}

#[test]
fn production_that_only_the_last_commit_has_may_go() {
    let scratch = repository(&[("k8s/staging/settings.yaml", &data_space(OTHER))]);
    scratch.write(PROD, data_space(DATA_SPACE));
    commit(&scratch, "new");
    std::fs::remove_file(scratch.path().join(PROD)).expect("it is there");
    let done = staged(&scratch);
    assert!(!done.out.contains("[production-demoted]"), "{}", done.all());
    // Renamed by the last commit, it is gone.
    let scratch = repository(&[("k8s/live/settings.yaml", &data_space(DATA_SPACE))]);
    scratch.git("mv k8s/live k8s/prod");
    commit(&scratch, "renamed");
    scratch.git("rm -qr k8s/prod");
    let done = staged(&scratch);
    assert!(done.out.contains("[production-demoted]"), "{}", done.all());
}

#[test]
fn what_the_remote_has_can_be_put_back() {
    let scratch = repository(&[(PROD, &data_space(DATA_SPACE))]);
    scratch.git("update-ref refs/remotes/origin/main main");
    scratch.write(PROD, data_space(OTHER));
    commit(&scratch, "bad");
    for count in 0..2 {
        scratch.write("README", format!("{count}\n"));
        commit(&scratch, "other");
    }
    scratch.write(PROD, data_space(DATA_SPACE));
    let done = staged(&scratch);
    assert_eq!(done.code, 0, "{}", done.all());
    // Once the remote has the bad one, it is a change like any other.
    scratch.git("update-ref refs/remotes/origin/main main");
    let done = staged(&scratch);
    assert_eq!((done.code, done.out.contains(CHANGED)), (1, true), "{}", done.all());
}

#[test]
fn what_another_branch_brings_is_no_undoing() {
    let path = "app/etc/config.php";
    let config = |id: &str| {
        format!(
            "<?php\nreturn ['system' => ['default' => ['services_connector' => ['services_id' => ['environment_id' => '{id}']]]]];\n"
        )
    };
    let scratch = repository(&[(path, &config(DATA_SPACE))]);
    scratch.git("checkout -qb staging");
    scratch.write(path, config(OTHER));
    commit(&scratch, "own");
    scratch.git("update-ref refs/remotes/origin/staging staging");
    scratch.git("checkout -q main");
    let declared = "[instances.production]\nbranch = \"main\"\nkind = \"production\"\n[instances.staging]\nbranch = \"staging\"\n";
    scratch.write("commerce-lint.toml", declared);
    commit(&scratch, "declared");
    scratch.git("merge -q --no-commit staging");
    let done = staged(&scratch);
    assert_eq!((done.code, done.out.contains(CHANGED)), (1, true), "{}", done.all());
}
