//! What cannot be compared is an error that says what to do, never "no change".

use super::scratch::*;

#[test]
fn without_a_repository_there_are_no_revisions() {
    let repository = Repository::none();
    repository.write(PROD, space(SPACE));
    repository.shows(
        "no-repository",
        &[
            run("--base main"),
            run("--staged"),
            run("--from a --to b"),
            run("--history"),
            run("--policy-from main"),
            run("--policy-from main.toml"),
        ],
    );
}

#[test]
fn a_revision_that_is_not_there() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    repository.shows(
        "unknown-revision",
        &[
            run("--base develop"),
            run("--from HEAD~9 --to HEAD"),
            run("--from HEAD --to deadbeef"),
            run("--base 0000000000000000000000000000000000000000"),
            run("--base HEAD:deploy"),
            run("--base HEAD~1..HEAD"),
            run("--base ^HEAD~1"),
            run("--history=nowhere..HEAD"),
            run("--base HEAD --from HEAD --to HEAD"),
            run("--from HEAD"),
            run("--staged --base HEAD"),
        ],
    );
}

#[test]
fn no_revision_is_an_option() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    repository.write("-p", "");
    repository.shows(
        "revision-as-option",
        &[
            run("--base=--output=mark"),
            run("--base=-p"),
            run("--from=--help --to=HEAD"),
            run("--history=--output=mark"),
            run("--history=HEAD --branches"),
            run("--history=^--all"),
            run("--history=HEAD..--all"),
            run("--base="),
            run("--history="),
            run("--history=.."),
            run("--history HEAD~1..HEAD"),
            run("--history nowhere"),
        ],
    );
    assert!(!repository.path().join("mark").exists());
    let long = "x/".repeat(10_000);
    let done = repository.done(&run(&format!("--base {long}x")));
    assert_eq!(done.code, 2, "{}", done.err.len());
    assert!(done.err.len() < 2_000, "a long name is cut: {} bytes", done.err.len());
    for name in ["a\nb", "a\u{202e}b", "a\u{1b}[31mb"] {
        let done = repository.done(&run(&format!("--base {name}")));
        assert_eq!(done.code, 2);
        assert!(!done.err.contains(name), "{}", done.err);
    }
}

#[test]
fn a_shallow_clone_without_the_base() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    repository.git("branch feature");
    repository.commit_file(PROD, space(THIRD));
    let url = format!("file://{}", repository.path().display());
    repository.git_in("", &["clone", "-q", "--depth=1", "--no-single-branch", &url, "clone"]);
    repository.shows(
        "shallow-clone",
        &[
            run("--base origin/feature").within("clone"),
            run("--base HEAD~1").within("clone"),
            run("--from HEAD~1 --to HEAD").within("clone"),
            run("--history").within("clone"),
            run("--staged").within("clone"),
            run("--policy-from HEAD~1").within("clone"),
        ],
    );
}

#[test]
fn a_range_of_a_shallow_clone_can_be_whole() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    repository.commit_file(PROD, space(THIRD));
    let url = format!("file://{}", repository.path().display());
    repository.git_in("", &["clone", "-q", "--depth=2", &url, "clone"]);
    repository.shows(
        "shallow-clone-with-a-whole-range",
        &[
            run("--history=HEAD~1..HEAD").within("clone"),
            run("--history=HEAD").within("clone"),
            run("--history").within("clone"),
        ],
    );
}

#[test]
fn branches_that_never_met() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.git("checkout -q --orphan other");
    repository.commit_file(PROD, space(OTHER));
    repository.shows("no-merge-base", &[run("--base main"), run("--from main --to other")]);
}

#[cfg(unix)]
#[test]
fn a_repository_of_someone_else() {
    use std::os::unix::fs::{MetadataExt as _, chown};
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    let folder = repository.path();
    let is_root = std::fs::metadata(&folder).expect("it is there").uid() == 0;
    if is_root {
        for path in ["", ".git"] {
            chown(folder.join(path), Some(65534), Some(65534)).expect("root may");
        }
        let runs = ["--base HEAD~1", "--staged", "--from HEAD~1 --to HEAD", "--history"].map(run);
        repository.shows("someone-else", &runs);
    }
    // Whoever is not root takes a repository of root's, if there is one; else git's answer is played by another program.
    let stand_in = repository.scratch().join("bin");
    std::fs::create_dir(&stand_in).expect("it is new");
    let program = stand_in.join("git");
    let text = "#!/bin/sh\necho \"fatal: detected dubious ownership in repository at '$PWD'\" >&2\nexit 128\n";
    std::fs::write(&program, text).expect("it is new");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&program, mode).expect("it is ours");
    let path = stand_in.display().to_string();
    for line in ["--base HEAD~1", "--staged", "--from HEAD~1 --to HEAD", "--history"] {
        let done = repository.done(&run(line).with("PATH", &path));
        assert_eq!(done.code, 2, "{line}: {}", done.err);
        assert!(done.err.contains("safe.directory"), "{line}: {}", done.err);
    }
}

#[test]
fn a_git_that_is_not_there() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    repository.shows(
        "no-git",
        &[run("--staged").with("PATH", "/nonexistent"), run("--history").with("PATH", "")],
    );
}

#[test]
fn a_repository_that_is_broken() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    repository.write(".git/index", "nonsense");
    repository.shows("broken-index", &[run("--staged")]);
    std::fs::remove_file(repository.path().join(".git/index")).expect("it is there");
    repository.write(".git/HEAD", "ref: refs/heads/\n");
    repository.shows("broken-head", &[run("--staged"), run("--base main")]);
    repository.write(".git/HEAD", "ref: refs/heads/main\n");
    repository.write(".git/refs/heads/main", "nonsense\n");
    repository.shows("head-of-nonsense", &[run("--staged")]);
    repository.write(".git/refs/heads/main", "0123456789012345678901234567890123456789\n");
    repository.git("update-index --add deploy/.env.prod");
    repository
        .shows("head-without-commit", &[run("--staged"), run("--base main"), run("--history")]);
}

#[test]
fn the_base_comes_from_the_environment() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    repository.git("branch feature");
    let base = repository.git("rev-parse HEAD~1");
    repository.git(&format!("update-ref refs/remotes/origin/stable {base}"));
    repository.shows(
        "base-auto",
        &[
            run("--base auto"),
            run("--base auto").with("PRE_COMMIT_FROM_REF", "HEAD~1"),
            run("--base auto").with("GITHUB_BASE_REF", "stable"),
            run("--base auto").with("BITBUCKET_PR_DESTINATION_BRANCH", "stable"),
            run("--base auto").with("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/stable"),
            run("--base auto").with("CHANGE_TARGET", "stable"),
            run("--base auto").with("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base),
            run("--base auto").with("GITHUB_BASE_REF", "").with("PRE_COMMIT_FROM_REF", " "),
            run("--base auto").with("GITHUB_BASE_REF", "gone"),
            run("--base auto").with("GITHUB_BASE_REF", "--all"),
            run("--base auto")
                .with("PRE_COMMIT_FROM_REF", "0000000000000000000000000000000000000000"),
        ],
    );
}
