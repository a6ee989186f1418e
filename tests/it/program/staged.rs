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
    assert_eq!((done.code, done.out.contains("error")), (0, false), "{}", done.all());
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
