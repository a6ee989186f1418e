//! What HEAD has, told from the index by what differs, is what a listing of HEAD says.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::discover::git::Repository;
use crate::discover::{Tree, kept, staged};

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

/// Runs git as nobody's configuration wants it; whether it says that all is well.
fn tried(root: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").current_dir(root);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    command.output().expect("git is installed").status.success()
}

fn git(root: &Path, arguments: &[&str]) {
    assert!(tried(root, arguments), "{arguments:?}");
}

/// HEAD as it is told beside the index, and the index.
fn both(scratch: &TempDir, below: &str) -> (Tree, Tree) {
    let folder = scratch.path().join(below).canonicalize().expect("it is there");
    let repository = Repository::of(&folder).expect("it is one");
    let (index, before) = staged(&repository, || repository.head()).expect("git answers");
    let (before, head) = before.expect("there is a commit");
    assert_eq!(before, kept(&repository, &head).expect("git answers"), "{}", folder.display());
    (index, before)
}

/// A repository with a file of each kind.
fn repository() -> TempDir {
    let scratch = TempDir::with_prefix("commerce-lint").expect("a scratch folder can be made");
    for path in ["a/b/kept", "a/b/changed", "a/gone", "a-b", "a.b", "folder", "z/moved", "é/ü"] {
        write(scratch.path(), path, path);
    }
    std::os::unix::fs::symlink("a-b", scratch.path().join("link")).expect("it can be done");
    std::os::unix::fs::symlink("a-b", scratch.path().join("turned")).expect("it can be done");
    git(scratch.path(), &["init", "-q"]);
    git(scratch.path(), &["add", "-A"]);
    let commit = "1234567890123456789012345678901234567890";
    for path in ["module", "left"] {
        let entry = format!("160000,{commit},{path}");
        git(scratch.path(), &["update-index", "--add", "--cacheinfo", &entry]);
    }
    git(scratch.path(), &["commit", "-qm", "First"]);
    scratch
}

#[test]
fn an_index_without_changes_is_the_commit() {
    let (index, before) = both(&repository(), "");
    assert_eq!(index, before);
    let (index, before) = both(&repository(), "a");
    assert_eq!((index.files.len(), before.files.len()), (3, 3));
}

#[test]
fn whatever_changes_is_as_it_was_in_the_commit() {
    let scratch = repository();
    write(scratch.path(), "a/b/changed", "other");
    write(scratch.path(), "a/b/added", "new");
    git(scratch.path(), &["rm", "-q", "-r", "--cached", "a/gone", "folder", "turned", "left", "z"]);
    std::fs::remove_file(scratch.path().join("folder")).expect("it can be done");
    std::fs::remove_file(scratch.path().join("turned")).expect("it can be done");
    write(scratch.path(), "folder/file", "in the place of a file");
    write(scratch.path(), "turned", "no link any more");
    write(scratch.path(), "y/moved", "z/moved");
    git(scratch.path(), &["add", "a/b", "folder", "turned", "y"]);
    let entry = "160000,0123456789012345678901234567890123456789,module";
    git(scratch.path(), &["update-index", "--cacheinfo", entry]);
    git(scratch.path(), &["update-index", "--chmod=+x", "a/b/kept"]);
    write(scratch.path(), "intended", "to be added");
    git(scratch.path(), &["add", "--intent-to-add", "intended"]);
    for below in ["", "a", "a/b", "é"] {
        both(&scratch, below);
    }
    // What the configuration says of differences counts for nothing.
    for (key, value) in [("diff.ignoreSubmodules", "all"), ("diff.renames", "copies")] {
        git(scratch.path(), &["config", key, value]);
    }
    let (index, before) = both(&scratch, "");
    let has = |tree: &Tree, name: &str| tree.files.iter().any(|file| file.name == name);
    assert!(has(&before, "a/gone") && !has(&index, "a/gone"));
    assert!(has(&index, "a/b/added") && !has(&before, "a/b/added"));
    assert!(has(&index, "intended") && !has(&before, "intended"));
}

#[test]
fn a_conflict_leaves_the_commit_as_it_is() {
    let scratch = repository();
    git(scratch.path(), &["checkout", "-qb", "other"]);
    write(scratch.path(), "a/b/changed", "theirs");
    git(scratch.path(), &["commit", "-qam", "Theirs"]);
    git(scratch.path(), &["checkout", "-q", "-"]);
    write(scratch.path(), "a/b/changed", "ours");
    git(scratch.path(), &["commit", "-qam", "Ours"]);
    assert!(!tried(scratch.path(), &["merge", "-q", "other"]));
    let (index, before) = both(&scratch, "");
    assert!(index.files.iter().any(|file| file.unreadable.is_some()));
    assert!(before.files.iter().all(|file| file.unreadable.is_none()));
}
