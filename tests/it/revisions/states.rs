//! Which states are read: the folder, the index, revisions; wherever HEAD and the work tree are.

use super::scratch::*;

#[test]
fn the_first_commit_has_nothing_before_it() {
    let repository = Repository::new();
    repository.write(PROD, space("no-uuid"));
    repository.git("add -A");
    repository.shows("first-commit", &[run("--staged"), run("--base HEAD"), run("--history")]);
}

#[test]
fn an_empty_index_is_clean() {
    Repository::new().shows("empty-index", &[run("--staged")]);
}

#[test]
fn staged_is_blind_to_unstaged_edits_and_untracked_files() {
    let repository = Repository::new();
    repository.write(STAGING, space(SPACE));
    repository.commit_file(PROD, space(SPACE));
    repository.write(STAGING, space(OTHER));
    repository.git("add -A");
    repository.write(STAGING, space(SPACE));
    repository.write("deploy/.env.uat", space(OTHER));
    repository.write("deploy/broken.php", "<?php return ['services_connector' => ['services_id'");
    repository.shows("staged-is-blind", &[run("--staged"), run("")]);
}

#[test]
fn what_is_staged_counts_though_the_work_tree_is_clean() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.write(PROD, space(OTHER));
    repository.git("add -A");
    repository.write(PROD, space(SPACE));
    repository.shows("staged-alone", &[run("--staged"), run("--base HEAD")]);
}

#[test]
fn a_removed_work_tree_does_not_matter_to_the_index_and_to_revisions() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    repository.remove(PROD);
    repository.shows("removed-work-tree", &[run("--staged"), run("--from HEAD~1 --to HEAD")]);
}

#[cfg(unix)]
#[test]
fn an_unreadable_work_tree_does_not_matter_to_revisions() {
    // A file that nobody, not even root, can read, and a link in the place of the folder.
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    std::fs::remove_dir_all(repository.path().join("deploy")).expect("it is there");
    std::os::unix::fs::symlink("deploy", repository.path().join("deploy")).expect("it is free");
    repository.write("commerce-lint.toml", "not a configuration");
    std::fs::create_dir(repository.path().join(".commerce-lint.toml")).expect("it is free");
    repository.shows(
        "unreadable-work-tree",
        &[run("--from HEAD~1 --to HEAD"), run("--staged"), run("--base HEAD~1")],
    );
}

#[test]
fn a_hook_has_an_index_of_its_own() {
    let repository = Repository::new();
    repository.write(STAGING, space(OTHER));
    repository.commit_file(PROD, space(SPACE));
    repository.write(PROD, space(THIRD));
    repository.write(STAGING, space(THIRD));
    repository.git("add deploy/.env.staging");
    let hook = repository.path().join(".git/hooks/pre-commit");
    let program = env!("CARGO_BIN_EXE_commerce-lint");
    let said = repository.scratch().join("said");
    let text = format!(
        "#!/bin/sh\n'{program}' check --staged --output-format line >'{}' 2>&1\n",
        said.display()
    );
    std::fs::write(&hook, text).expect("the hook is writable");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&hook, mode).expect("it is ours");
    }
    for (arguments, expected) in [
        // Production alone; then what is staged, and everything that is tracked.
        (&["commit", "-qm", "Only", "--only", PROD][..], "changed from"),
        (&["commit", "-qm", "All", "-a"], "is shared by 2 instances"),
        (&["commit", "-qm", "Staged"], "no findings in 2 instances (2 files read)"),
    ] {
        let done = repository.try_git("repo", arguments);
        let found = std::fs::read_to_string(&said).expect("the hook ran");
        assert!(found.contains(expected), "{arguments:?}: {found}{}", done.status);
        let both = found.contains("is shared by") && arguments.contains(&"--only");
        assert!(!both, "`--only` leaves staging as it is: {found}");
    }
}

#[test]
fn the_index_that_a_variable_names_is_read() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    let index = |to: &str| {
        std::fs::copy(repository.path().join(".git/index"), repository.path().join(to))
            .expect("it is there")
    };
    index(".git/before");
    repository.write(PROD, space(OTHER));
    repository.git("add -A");
    let absolute = repository.path().join(".git/before").display().to_string();
    repository.shows(
        "index-of-a-variable",
        &[
            run("--staged"),
            run("--staged").with("GIT_INDEX_FILE", ".git/before"),
            run("--staged ..").within("repo/deploy").with("GIT_INDEX_FILE", ".git/before"),
            run("--staged").with("GIT_INDEX_FILE", &absolute),
            run("--staged").with("GIT_INDEX_FILE", ""),
        ],
    );
}

#[test]
fn the_index_of_a_hook_is_that_of_its_own_repository() {
    let hooked = Repository::new();
    hooked.commit_file(PROD, space(SPACE));
    let other = Repository::new();
    other.commit_file(PROD, space(SPACE));
    other.write(PROD, space(OTHER));
    other.git("add -A");
    // A hook runs at the root of its work tree and is told the index by a path from there.
    for index in [".git/index".to_owned(), hooked.path().join(".git/index").display().to_string()] {
        let path = other.path().display().to_string();
        let found = hooked.done(&run(&format!("--staged {path}")).with("GIT_INDEX_FILE", &index));
        assert!(found.out.contains("production-data-space-change"), "{}{}", found.out, found.err);
    }
}

#[test]
fn a_detached_head_is_a_head() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    repository.git("checkout -q --detach");
    repository.write(PROD, space(THIRD));
    repository.git("add -A");
    repository.shows("detached-head", &[run("--staged"), run("--base main~1")]);
}

#[test]
fn a_linked_work_tree_has_its_own_index_and_head() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.git("worktree add -q ../linked -b other");
    std::fs::write(repository.scratch().join("linked").join(PROD), space(OTHER))
        .expect("it is there");
    repository.git_in("linked", &["add", "-A"]);
    let index = repository.path().join(".git/worktrees/linked/index").display().to_string();
    repository.shows(
        "linked-work-tree",
        &[
            run("--staged").within("linked"),
            run("--staged").within("linked").with("GIT_INDEX_FILE", &index),
            run("--base main").within("linked"),
            run("--staged"),
        ],
    );
}

#[test]
fn a_merge_is_compared_with_where_the_branches_met() {
    let repository = Repository::new();
    repository.write(STAGING, space(OTHER));
    repository.commit_file(PROD, space(SPACE));
    repository.git("checkout -qb feature");
    repository.commit_file("notes.txt", "feature");
    repository.git("checkout -q main");
    // What changed on `main` meanwhile is not the feature's.
    repository.commit_file(PROD, space(THIRD));
    repository.git("checkout -q feature");
    repository.shows("merge-base", &[run("--base main"), run("--from main --to feature")]);
    repository.git_in("repo", &["merge", "-qm", "Merge", "main"]);
    repository.shows(
        "merge-commit",
        &[run("--base main"), run("--from HEAD^1 --to HEAD"), run("--from HEAD^2 --to HEAD")],
    );
}

#[test]
fn a_merge_conflict_in_the_index_is_not_read() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.git("checkout -qb other");
    repository.commit_file(PROD, space(OTHER));
    repository.git("checkout -q main");
    repository.commit_file(PROD, space(THIRD));
    assert!(!repository.try_git("repo", &["merge", "-q", "other"]).status.success());
    repository.shows("merge-conflict", &[run("--staged")]);
}

#[test]
fn a_folder_of_the_repository_is_a_tree() {
    let repository = Repository::new();
    repository.write("shops/us/.env.prod", space(THIRD));
    repository.commit_file("shops/eu/.env.prod", space(SPACE));
    repository.write("shops/us/.env.prod", space(SPACE));
    repository.commit_file("shops/eu/.env.prod", space(OTHER));
    repository.shows(
        "folder",
        &[
            run("--base HEAD~1 shops/eu"),
            run("--from HEAD~1 --to HEAD shops/eu"),
            run("--staged shops/eu"),
            run("--base HEAD~1").within("repo/shops/eu"),
            run("--base HEAD~1 --output-format pretty shops/us"),
        ],
    );
}

#[test]
fn one_file_is_compared_with_itself() {
    let repository = Repository::new();
    repository.write(STAGING, space("no-uuid"));
    repository.commit_file(PROD, space(SPACE));
    repository.commit_file(
        "deploy/commerce-lint.toml",
        "[rules]\ndata-space-in-shared-layer = \"error\"\n",
    );
    repository.remove("deploy/commerce-lint.toml");
    repository.commit_file(PROD, space(OTHER));
    repository.shows(
        "one-file",
        &[
            run("--base HEAD~1 deploy/.env.staging"),
            run("--base HEAD~1 deploy/.env.prod"),
            run("--from HEAD~1 --to HEAD deploy/.env.prod"),
            run("--staged deploy/.env.prod"),
        ],
    );
}

#[test]
fn pointers_and_submodules_are_named_as_not_read() {
    let repository = Repository::new();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    repository.write("db/production.sql", pointer);
    repository.commit_file(PROD, space(SPACE));
    let head = repository.git("rev-parse HEAD");
    repository.git(&format!("update-index --add --cacheinfo 160000,{head},vendor/shop"));
    repository.git("commit -qm Submodule");
    repository.shows(
        "pointers-and-submodules",
        &[run("--staged"), run("--from HEAD --to HEAD"), run("--base HEAD")],
    );
}

#[test]
fn a_pointer_before_the_change_is_named_too() {
    let repository = Repository::new();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    repository.commit_file(PROD, pointer);
    repository.commit_file(PROD, space(SPACE));
    repository.shows("pointer-before", &[run("--base HEAD~1")]);
}

#[test]
fn a_blob_that_is_not_there_is_never_no_change() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    let remove = |revision: &str| {
        let id = repository.git(&format!("rev-parse {revision}:{PROD}"));
        let (folder, file) = id.split_at(2);
        let object = repository.path().join(".git/objects").join(folder).join(file);
        std::fs::remove_file(object).expect("it is loose");
    };
    remove("HEAD~1");
    repository.shows("blob-missing-before", &[run("--base HEAD~1"), run("--history")]);
    remove("HEAD");
    repository.shows("blob-missing-now", &[run("--staged"), run("--from HEAD --to HEAD")]);
}

#[test]
fn a_tree_that_is_not_there_is_an_error() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    let id = repository.git("rev-parse HEAD~1:deploy");
    let (folder, file) = id.split_at(2);
    let object = repository.path().join(".git/objects").join(folder).join(file);
    std::fs::remove_file(object).expect("it is loose");
    repository.shows("tree-missing", &[run("--base HEAD~1"), run("--history")]);
}

#[test]
fn longer_hashes_are_hashes() {
    let repository = Repository::with_format("sha256");
    repository.commit_file(PROD, space(SPACE));
    repository.commit_file("key.pem", key("ec-pkcs8.pem"));
    repository.remove("key.pem");
    repository.commit_file(PROD, space(OTHER));
    repository.shows("sha256", &[run("--base HEAD~1"), run("--staged"), run("--history")]);
}

#[test]
fn refs_in_tables_are_refs() {
    let repository = Repository::none();
    let init = ["init", "-q", "-b", "main", "--ref-format=reftable"];
    if !repository.try_git("repo", &init).status.success() {
        // This git has no reftable yet: the same with files.
        repository.git("init -q -b main");
    }
    repository.commit_file(PROD, space(SPACE));
    repository.git("checkout -qb feature");
    repository.commit_file(PROD, space(OTHER));
    repository.shows("reftable", &[run("--base main"), run("--staged"), run("--history")]);
}

#[test]
fn replacements_and_grafts_are_ignored() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    let [before, now] = ["HEAD~1", "HEAD"].map(|one| repository.git(&format!("rev-parse {one}")));
    repository.git(&format!("replace {before} {now}"));
    repository.write(".git/info/grafts", format!("{now}\n"));
    repository.shows(
        "replacements-and-grafts",
        &[run(&format!("--base {before}")), run(&format!("--from {before} --to {now}"))],
    );
}
