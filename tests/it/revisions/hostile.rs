//! Repositories that try to make git run a program, fetch, look elsewhere or write.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::scratch::*;

/// Every way of asking for more than the folder.
const MODES: [&str; 6] =
    ["", "--staged", "--base HEAD~1", "--from HEAD~1 --to HEAD", "--history", "--policy-from HEAD"];

/// A repository with two commits, changes that are not staged, and a program that leaves a mark when it is run.
fn repository() -> (Repository, String) {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    let program = plant(&repository, "planted");
    repository.write(".gitattributes", "* filter=planted diff=planted merge=planted\n");
    repository.write("untracked.yaml", "a: 1\n");
    repository.write(PROD, space(THIRD));
    (repository, program)
}

/// Writes a program that leaves a mark.
fn plant(repository: &Repository, path: &str) -> String {
    repository.write(path, format!("#!/bin/sh\ntouch '{}'\nexit 1\n", mark(repository).display()));
    let program = repository.path().join(path);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is ours");
    program.display().to_string()
}

fn mark(repository: &Repository) -> PathBuf {
    repository.scratch().join("mark")
}

/// Everything in the scratch folder: what it holds, and when it was changed.
fn listing(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, i64, i64)> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("it is ours"));
    let seen = entries.map(|entry| {
        let found = entry.metadata().expect("it is ours");
        let bytes =
            if found.is_file() { fs::read(entry.path()).expect("it is ours") } else { vec![] };
        (entry.path().to_owned(), (bytes, found.mtime(), found.mtime_nsec()))
    });
    seen.collect()
}

/// Runs every mode: nothing is run, and nothing written anywhere.
fn is_harmless(repository: &Repository, what: &str, variables: &[(&str, &str)]) {
    let before = listing(&repository.scratch());
    for mode in MODES {
        let asked = variables.iter().fold(run(mode), |run, (name, value)| run.with(name, value));
        let done = repository.done(&asked);
        assert!(
            !mark(repository).exists(),
            "{what}, {mode}: the planted program ran\n{}",
            done.err
        );
        let after = listing(&repository.scratch());
        let is_new = |path: &&PathBuf| after.get(*path) != before.get(*path);
        let changed: Vec<_> = before.keys().chain(after.keys()).filter(is_new).collect();
        assert!(changed.is_empty(), "{what}, {mode}: {changed:?}");
    }
}

#[test]
fn nothing_that_a_repository_names_is_run() {
    let (repository, program) = repository();
    for hook in [
        "post-index-change",
        "fsmonitor-watchman",
        "query-watchman",
        "reference-transaction",
        "pre-auto-gc",
        "post-checkout",
        "pre-commit",
    ] {
        plant(&repository, &format!(".git/hooks/{hook}"));
    }
    let shell = format!("!{program}");
    let by_shell = format!("sh {program}");
    let hooks = repository.path().join(".git/hooks").display().to_string();
    for (key, value) in [
        ("core.fsmonitor", by_shell.as_str()),
        ("core.hooksPath", hooks.as_str()),
        ("core.pager", &program),
        ("core.sshCommand", &program),
        ("core.gitProxy", &program),
        ("core.askPass", &program),
        ("core.editor", &program),
        ("core.alternateRefsCommand", &program),
        ("core.untrackedCache", "true"),
        ("core.preloadIndex", "true"),
        ("sequence.editor", &program),
        ("pager.ls-files", &program),
        ("pager.rev-list", &program),
        ("pager.diff-tree", &program),
        ("pager.cat-file", &program),
        ("alias.ls-files", &shell),
        ("alias.cat-file", &shell),
        ("alias.rev-list", &shell),
        ("filter.planted.clean", &program),
        ("filter.planted.smudge", &program),
        ("filter.planted.process", &program),
        ("filter.planted.required", "true"),
        ("diff.external", &program),
        ("diff.planted.textconv", &program),
        ("diff.planted.cachetextconv", "true"),
        ("diff.planted.command", &program),
        ("merge.planted.driver", &program),
        ("credential.helper", &shell),
        ("uploadpack.packObjectsHook", &program),
        ("gpg.program", &program),
        ("gpg.ssh.program", &program),
        ("log.showSignature", "true"),
        ("submodule.recurse", "true"),
        ("submodule.vendor.update", &shell),
        ("remote.origin.url", "ssh://example.invalid/x"),
        ("remote.origin.uploadpack", &program),
        ("remote.origin.vcs", "planted"),
        ("init.templateDir", &hooks),
        ("maintenance.auto", "true"),
        ("gc.auto", "1"),
        ("gc.autoDetach", "false"),
        ("protocol.allow", "always"),
        ("safe.bareRepository", "all"),
        ("trace2.eventTarget", "/dev/stderr"),
    ] {
        repository.git_in("repo", &["config", key, value]);
    }
    for key in ["trace2.normalTarget", "trace2.perfTarget"] {
        let target = repository.scratch().join(key).display().to_string();
        repository.git_in("repo", &["config", key, &target]);
    }
    is_harmless(&repository, "configuration", &[]);
    repository.shows("hostile-configuration", &MODES.map(run));
    // The plant is live: git itself runs it.
    repository.try_git("repo", &["ls-files", "--others"]);
    assert!(mark(&repository).exists());
}

#[test]
fn nothing_is_run_by_what_a_configuration_includes() {
    let (repository, program) = repository();
    let text = format!("[core]\n\tfsmonitor = sh {program}\n[diff]\n\texternal = {program}\n");
    repository.write("vendor/gitconfig", text);
    let file = repository.path().join("vendor/gitconfig").display().to_string();
    repository.git_in("repo", &["config", "include.path", &file]);
    is_harmless(&repository, "include", &[]);
    repository.try_git("repo", &["ls-files", "--others"]);
    assert!(mark(&repository).exists());
}

#[test]
fn nothing_is_fetched_from_a_remote_that_promises_objects() {
    let (repository, program) = repository();
    let id = repository.git(&format!("rev-parse HEAD~1:{PROD}"));
    let (folder, file) = id.split_at(2);
    fs::remove_file(repository.path().join(".git/objects").join(folder).join(file))
        .expect("it is loose");
    for (key, value) in [
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", &format!("ext::sh {program}")),
        ("protocol.ext.allow", "always"),
    ] {
        repository.git_in("repo", &["config", key, value]);
    }
    is_harmless(&repository, "promisor", &[]);
    repository.shows("hostile-promisor", &[run("--base HEAD~1"), run("--history")]);
    repository.try_git("repo", &["cat-file", "-p", &id]);
    assert!(mark(&repository).exists());
}

#[test]
fn the_environment_makes_git_run_and_write_nothing() {
    let (repository, program) = repository();
    let programs = repository.scratch().join("bin");
    fs::create_dir(&programs).expect("it is new");
    fs::copy(&program, programs.join("git-ls-files")).expect("it is new");
    let trace = repository.scratch().join("trace").display().to_string();
    let path = format!(".:{}", std::env::var("PATH").expect("there is one"));
    plant(&repository, "git");
    is_harmless(
        &repository,
        "environment",
        &[
            ("PATH", &path),
            ("GIT_TRACE", &trace),
            ("GIT_TRACE2", &trace),
            ("GIT_TRACE2_EVENT", &trace),
            ("GIT_TRACE_SETUP", &trace),
            ("GIT_EXEC_PATH", &programs.display().to_string()),
            ("GIT_EXTERNAL_DIFF", &program),
            ("GIT_PAGER", &program),
            ("GIT_SSH_COMMAND", &program),
            ("GIT_ASKPASS", &program),
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "core.fsmonitor"),
            ("GIT_CONFIG_VALUE_0", &format!("sh {program}")),
            ("GIT_CONFIG_PARAMETERS", &format!("'core.fsmonitor=sh {program}'")),
            ("GIT_DIR", "/nonexistent"),
            ("GIT_OBJECT_DIRECTORY", "/nonexistent"),
            ("GIT_COMMON_DIR", "/nonexistent"),
            ("GIT_NAMESPACE", "planted"),
            ("GIT_SHALLOW_FILE", "/nonexistent"),
        ],
    );
    let done =
        repository.done(&run("--staged").with("GIT_DIR", "/nonexistent").with("PATH", &path));
    assert_eq!(done.code, 0, "{}", done.err);
}

#[test]
fn a_work_tree_elsewhere_is_not_looked_at() {
    let (repository, _) = repository();
    let elsewhere = repository.scratch().join("elsewhere");
    fs::create_dir_all(elsewhere.join("deploy")).expect("it is new");
    fs::write(elsewhere.join("elsewhere.yaml"), "a: 1\n").expect("it is new");
    repository.write("deploy/.env.uat", space("no-uuid"));
    for place in [elsewhere.as_path(), Path::new("/"), Path::new("../..")] {
        repository.git_in("repo", &["config", "core.worktree", &place.display().to_string()]);
        let done = repository.done(&run(""));
        assert!(done.out.contains("deploy/.env.uat:1:66"), "{place:?}: {}{}", done.err, done.out);
        assert_eq!(done.err, "", "{place:?}");
        is_harmless(&repository, "work tree elsewhere", &[]);
    }
    repository.git_in("repo", &["config", "core.bare", "true"]);
    is_harmless(&repository, "bare", &[]);
}

#[test]
fn a_repository_in_a_file_or_behind_a_link_is_no_less_and_no_more() {
    let (repository, program) = repository();
    repository.git_in("repo", &["config", "core.fsmonitor", &format!("sh {program}")]);
    let elsewhere = repository.scratch().join("elsewhere.git");
    let git = repository.path().join(".git");
    fs::rename(&git, &elsewhere).expect("it is free");
    fs::write(&git, format!("gitdir: {}\n", elsewhere.display())).expect("it is free");
    is_harmless(&repository, "a file", &[]);
    repository.shows("repository-in-a-file", &[run("--base HEAD~1"), run("--staged")]);
    fs::remove_file(&git).expect("it is there");
    symlink(&elsewhere, &git).expect("it is free");
    is_harmless(&repository, "a link", &[]);
    repository.shows("repository-behind-a-link", &[run("--base HEAD~1"), run("--staged")]);
    repository.try_git("repo", &["ls-files", "--others"]);
    assert!(mark(&repository).exists());
}

#[test]
fn a_bare_repository_among_the_files_is_not_used() {
    let (repository, program) = repository();
    repository.git("init -q --bare vendor/shop");
    repository.git_in("repo/vendor/shop", &["config", "core.fsmonitor", &format!("sh {program}")]);
    repository.git_in("repo/vendor/shop", &["config", "core.worktree", "."]);
    repository.git_in("repo/vendor/shop", &["config", "core.bare", "false"]);
    is_harmless(&repository, "a bare repository", &[]);
    let before = listing(&repository.scratch());
    for mode in MODES {
        let done = repository.done(&run(mode).within("repo/vendor/shop"));
        assert!(!mark(&repository).exists(), "{mode}: {}", done.err);
    }
    assert!(listing(&repository.scratch()) == before);
    repository.shows("bare-repository", &[run("--staged").within("repo/vendor/shop")]);
}

#[test]
fn names_of_files_do_not_break_a_line() {
    let repository = Repository::new();
    let name = "deploy/env.prod.\u{1b}[31m\n::error::.php";
    repository.write(name, env_php("no-uuid"));
    repository.commit("Odd");
    repository.write(name, env_php("none-either"));
    repository.commit("Odder");
    repository.write("odd\nkey.pem", key("ec-pkcs8.pem"));
    repository.commit("Key");
    repository.git_in("repo", &["rm", "-q", "odd\nkey.pem"]);
    repository.git("commit -qm Removed");
    repository.shows("odd-names", &[run("--base HEAD~2"), run("--staged"), run("--history")]);
}
