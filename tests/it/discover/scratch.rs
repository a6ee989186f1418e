//! Scratch trees and repositories, made by the tests.

use std::fs;
use std::path::Path;
use std::process::Command;

use commerce_lint::discover::{File, Tree, discover};
use commerce_lint::read::{Content, Limits, read};
use tempfile::TempDir;

pub const SETTING: &str = "services_connector/services_id/environment_id: x\n";

pub fn folder() -> TempDir {
    tempfile::Builder::new()
        .prefix("commerce-lint")
        .tempdir()
        .expect("a scratch folder can be made")
}

pub fn write(root: &Path, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Runs git as nobody's configuration wants it.
pub fn git(root: &Path, arguments: &[&str]) {
    let output = isolated_git(root).args(arguments).output().expect("git is installed");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

pub fn isolated_git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.args([
        "-c",
        "user.name=Test",
        "-c",
        "user.email=test@example.com",
        "-c",
        "protocol.file.allow=always",
    ]);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").current_dir(root);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    command
}

pub fn tree(root: &Path) -> Tree {
    discover(root, &|_| false).unwrap()
}

pub fn names(tree: &Tree) -> Vec<&str> {
    tree.files.iter().map(|file| file.name.as_str()).collect()
}

pub fn content(tree: &Tree, name: &str) -> Content {
    let file = tree.files.iter().find(|file| file.name == name).expect(name);
    read(&tree.root, file, &Limits::default(), &mut Vec::new())
}

pub fn file(path: &str) -> File {
    File {
        path: path.into(),
        name: path.into(),
        unreadable: None,
        blob: None,
        text: None,
        was_there: false,
    }
}

pub fn unread(content: Content) -> String {
    match content {
        Content::Unread { reason } => reason,
        other => panic!("{other:?}"),
    }
}

pub fn is_text(content: &Content) -> bool {
    matches!(content, Content::Text { .. })
}
