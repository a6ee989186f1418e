//! Links, permissions, names and repositories that only Unix has, and what a hostile repository may try.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use commerce_lint::discover::{DiscoverError, discover};
use commerce_lint::read::{Content, Limits, read};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;

use super::scratch::*;

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs the test `name` once more in a process of its own: what the environment or the user changes cannot be tried in this one.
fn again(name: &str, prepare: impl FnOnce(&mut Command)) {
    let scratch = folder();
    allow(scratch.path(), 0o755);
    let copy = scratch.path().join("test");
    // Copied by another process: a file that this one has open for writing may be inherited by a child meanwhile and not be run.
    let copied = Command::new("cp").arg(std::env::current_exe().unwrap()).arg(&copy).status();
    assert!(copied.unwrap().success());
    let mut command = Command::new(copy);
    command
        .args(["--exact", &format!("discover::unix::{name}"), "--nocapture"])
        .env("AGAIN", "1")
        .current_dir("/");
    prepare(&mut command);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn is_again() -> bool {
    std::env::var_os("AGAIN").is_some()
}

fn given(name: &str) -> PathBuf {
    std::env::var_os(name).unwrap().into()
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(folder().path()).unwrap().uid() == 0
}

#[test]
fn links_fifos_and_sockets_are_neither_followed_nor_opened() {
    let root = folder();
    let outside = folder();
    write(outside.path(), "secret", SETTING);
    write(root.path(), "file", SETTING);
    symlink(outside.path().join("secret"), root.path().join("link")).unwrap();
    symlink(outside.path(), root.path().join("linked-folder")).unwrap();
    symlink("nowhere", root.path().join("dangling")).unwrap();
    assert!(Command::new("mkfifo").arg(root.path().join("fifo")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(root.path().join("socket")).unwrap();
    let mut buffer = Vec::new();
    for path in ["link", "dangling", "fifo", "socket", "linked-folder"] {
        assert_eq!(
            read(root.path(), &file(path), &Limits::default(), &mut buffer),
            Content::Skipped,
            "{path}"
        );
    }
    assert_eq!(names(&tree(root.path())), ["file"]);
    git(root.path(), &["init", "-q"]);
    assert_eq!(names(&tree(root.path())), ["file"]);
    git(root.path(), &["add", "link", "dangling", "file"]);
    assert_eq!(names(&tree(root.path())), ["file"]);
    assert!(matches!(
        discover(&root.path().join("fifo"), &|_| false),
        Err(DiscoverError::Neither { .. })
    ));
}

#[test]
fn a_link_that_took_the_place_of_a_tracked_folder_is_not_followed() {
    let root = folder();
    let outside = folder();
    write(outside.path(), "deep/secret", SETTING);
    write(root.path(), "a/deep/secret", SETTING);
    git(root.path(), &["init", "-q"]);
    git(root.path(), &["add", "."]);
    fs::remove_dir_all(root.path().join("a")).unwrap();
    symlink(outside.path(), root.path().join("a")).unwrap();
    assert_eq!(names(&tree(root.path())), Vec::<&str>::new());
}

#[test]
fn a_file_that_took_the_place_of_a_tracked_link_is_read() {
    let root = folder();
    symlink("elsewhere", root.path().join("env.php")).unwrap();
    git(root.path(), &["init", "-q"]);
    git(root.path(), &["add", "."]);
    fs::remove_file(root.path().join("env.php")).unwrap();
    write(root.path(), "env.php", SETTING);
    assert!(is_text(&content(&tree(root.path()), "env.php")));
}

#[test]
fn any_name_that_the_system_allows_is_read() {
    for in_git in [false, true] {
        let root = folder();
        let odd = [
            b"new\nline\x1b[31m".as_slice(),
            b"100644 0 0\ttab",
            b"\xff\xfe",
            b"::error::",
            b"quote\"\\",
        ];
        for name in odd {
            write(root.path(), OsStr::from_bytes(name), SETTING);
        }
        if in_git {
            git(root.path(), &["init", "-q"]);
            git(root.path(), &["add", "new\nline\x1b[31m"]);
        }
        let tree = tree(root.path());
        assert_eq!(
            names(&tree),
            ["100644 0 0\ttab", "::error::", "new\nline\x1b[31m", "quote\"\\", "\u{FFFD}\u{FFFD}"]
        );
        for file in &tree.files {
            assert!(
                is_text(&read(&tree.root, file, &Limits::default(), &mut Vec::new())),
                "{}",
                file.name
            );
        }
    }
}

#[test]
fn what_may_not_be_entered_or_read_is_named() {
    if is_again() {
        let root = given("TREE");
        for in_git in [false, true] {
            if in_git {
                git(&root, &["init", "-q"]);
                git(&root, &["add", "shop/open"]);
            }
            let tree = tree(&root);
            assert_eq!(
                names(&tree),
                ["shop/locked", "shop/open", "shop/private"],
                "{:?}",
                tree.notes
            );
            assert_eq!(
                unread(content(&tree, "shop/locked")),
                "cannot be entered: permission denied"
            );
            assert_eq!(unread(content(&tree, "shop/private")), "cannot be read: permission denied");
            assert!(is_text(&content(&tree, "shop/open")));
            let excluded = |name: &str| name.ends_with("locked");
            assert_eq!(names(&discover(&root, &excluded).unwrap()), ["shop/open", "shop/private"]);
        }
        assert_eq!(names(&tree(&root.join("shop"))), ["locked", "open", "private"]);
        let error = discover(&root.join("shop/locked"), &|_| false).unwrap_err();
        assert!(error.to_string().ends_with("permission denied"), "{error}");
        return;
    }
    let root = folder();
    let shop = root.path().join("shop");
    for name in ["locked/env.php", "open", "private"] {
        write(&shop, name, SETTING);
    }
    allow(&shop.join("locked"), 0o000);
    allow(&shop.join("private"), 0o000);
    again("what_may_not_be_entered_or_read_is_named", |command| {
        command.env("TREE", root.path()).env("HOME", root.path());
        if is_root() {
            for path in ["shop/locked", "shop/open", "shop/private", "shop", ""] {
                chown(root.path().join(path), Some(65534), Some(65534)).unwrap();
            }
            command.uid(65534).gid(65534);
        }
    });
    allow(&shop.join("locked"), 0o700);
}

#[test]
fn a_repository_of_someone_else_is_walked_with_a_note() {
    // Only root can give a repository away; the walk itself is shown with a broken one.
    if !is_root() {
        return;
    }
    if is_again() {
        let tree = tree(&given("TREE"));
        assert_eq!(names(&tree), [".gitignore", "env.php"]);
        assert!(tree.notes.iter().any(|note| note.contains("safe.directory")), "{:?}", tree.notes);
        return;
    }
    let root = folder();
    write(root.path(), ".gitignore", "env.php\n");
    write(root.path(), "env.php", SETTING);
    git(root.path(), &["init", "-q"]);
    chown(root.path(), Some(65534), None).unwrap();
    again("a_repository_of_someone_else_is_walked_with_a_note", |command| {
        command
            .env("TREE", root.path())
            .env("HOME", root.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("SUDO_UID");
    });
}

#[test]
fn the_environment_does_not_lead_git_elsewhere() {
    if is_again() {
        assert_eq!(names(&tree(&given("TREE"))), ["here"]);
        return;
    }
    let (root, other) = (folder(), folder());
    for (folder, name) in [(&root, "here"), (&other, "there")] {
        git(folder.path(), &["init", "-q"]);
        write(folder.path(), name, "");
        git(folder.path(), &["add", "."]);
    }
    again("the_environment_does_not_lead_git_elsewhere", |command| {
        command
            .env("TREE", root.path())
            .env("GIT_DIR", other.path().join(".git"))
            .env("GIT_WORK_TREE", other.path());
        command
            .env("GIT_INDEX_FILE", other.path().join(".git/index"))
            .env("GIT_CEILING_DIRECTORIES", root.path());
    });
}

/// Writes a program that leaves a mark when it is run.
fn plant(root: &Path, name: &str) -> PathBuf {
    let program = root.join(name);
    write(root, name, format!("#!/bin/sh\ntouch '{}'\nexit 1\n", root.join("mark").display()));
    allow(&program, 0o755);
    program
}

#[test]
fn no_git_of_the_tree_or_of_the_current_folder_is_run() {
    if is_again() {
        let tree = tree(&given("TREE"));
        assert_eq!(names(&tree), ["bin/git", "git"]);
        assert!(
            tree.notes.iter().any(|note| note.contains("no `git` is installed")),
            "{:?}",
            tree.notes
        );
        return;
    }
    let root = folder();
    git(root.path(), &["init", "-q"]);
    plant(root.path(), "git");
    plant(root.path(), "bin/git");
    again("no_git_of_the_tree_or_of_the_current_folder_is_run", |command| {
        let path = format!(":.:bin:{}", root.path().join("bin").display());
        command.env("TREE", root.path()).env("PATH", path).current_dir(root.path());
    });
    assert!(!root.path().join("mark").exists());
}

#[test]
fn nothing_that_a_repository_names_is_run() {
    let root = folder();
    let program = plant(root.path(), ".git/planted");
    git(root.path(), &["init", "-q"]);
    write(root.path(), "tracked", SETTING);
    write(root.path(), ".gitattributes", "* filter=planted diff=planted merge=planted\n");
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "-qm", "First"]);
    let program = program.to_str().unwrap();
    for hook in [
        "post-index-change",
        "fsmonitor-watchman",
        "query-watchman",
        "reference-transaction",
        "pre-auto-gc",
    ] {
        plant(root.path(), &format!(".git/hooks/{hook}"));
    }
    let shell = format!("!{program}");
    let read_by_shell = format!("sh {program}");
    for (key, value) in [
        ("core.fsmonitor", read_by_shell.as_str()),
        ("core.hooksPath", ".git/hooks"),
        ("core.pager", program),
        ("pager.ls-files", program),
        ("core.sshCommand", program),
        ("core.gitProxy", program),
        ("core.askPass", program),
        ("core.editor", program),
        ("core.alternateRefsCommand", program),
        ("alias.ls-files", shell.as_str()),
        ("filter.planted.clean", program),
        ("filter.planted.smudge", program),
        ("filter.planted.process", program),
        ("filter.planted.required", "true"),
        ("diff.external", program),
        ("diff.planted.textconv", program),
        ("diff.planted.command", program),
        ("merge.planted.driver", program),
        ("credential.helper", shell.as_str()),
        ("uploadpack.packObjectsHook", program),
        ("remote.origin.url", "ssh://example.invalid/x"),
        ("remote.origin.uploadpack", program),
        ("remote.origin.promisor", "true"),
        ("extensions.partialClone", "origin"),
        ("core.repositoryFormatVersion", "1"),
    ] {
        git(root.path(), &["config", key, value]);
    }
    write(root.path(), "tracked", format!("{SETTING}changed"));
    write(root.path(), "untracked", "");
    let mark = root.path().join("mark");
    let tree = tree(root.path());
    assert_eq!(names(&tree), [".gitattributes", "tracked", "untracked"], "{:?}", tree.notes);
    assert!(!mark.exists());
    // The plant is live: git itself runs it.
    isolated_git(root.path()).args(["ls-files", "--others"]).output().unwrap();
    assert!(mark.exists());
}

#[test]
fn paths_out_of_the_tree_in_an_index_are_left_out() {
    let root = folder();
    write(root.path(), "outside", SETTING);
    let inner = root.path().join("aaa");
    write(&inner, "bb/outside", "x");
    git(&inner, &["init", "-q"]);
    git(&inner, &["add", "."]);
    // The same index with another path of the same length; `index.skipHash` lets git accept it.
    let index = fs::read(inner.join(".git/index")).unwrap();
    let at = index.windows(10).position(|bytes| bytes == b"bb/outside").unwrap();
    let mut forged = index[..index.len() - 20].to_vec();
    forged[at..at + 2].copy_from_slice(b"..");
    forged.extend([0; 20]);
    fs::write(inner.join(".git/index"), forged).unwrap();
    let listed = isolated_git(&inner).arg("ls-files").output().unwrap().stdout;
    assert_eq!(String::from_utf8_lossy(&listed), "../outside\n", "the forged index is accepted");
    let tree = tree(&inner);
    assert!(tree.files.iter().all(|file| !file.name.contains("..")), "{tree:?}");
}
