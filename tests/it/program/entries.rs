//! Names that a terminal or a runner could obey, folders that cannot be entered, and what is no file: links, FIFOs, loops.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use super::scratch::{DATA_SPACE, Done, Scratch, data_space, run};

const COMMANDS: &[&[&str]] = &[
    &["check", "--color", "never"],
    &["check", "--output-format", "line"],
    &["check", "--output-format", "json"],
    &["instances", "--explain", "--color", "never"],
    &["instances", "--output-format", "json"],
    &["init", "--print"],
];

/// Whether a terminal could be moved, a line be turned, or a runner be commanded.
fn is_obeyed(text: &str) -> bool {
    let obeys = |c| matches!(c, '\u{1b}' | '\u{202e}' | '\u{2066}' | '\u{200b}');
    let commands = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
    text.contains(obeys) || text.lines().any(commands)
}

#[test]
fn a_name_is_shown_and_never_obeyed() {
    for name in [
        "a\nb",
        "\u{1b}[31mred",
        "\u{1b}]0;title\u{7}",
        "a\u{202e}lmay",
        "::error::x",
        "\n::error file=x::y",
        " ::add-mask::x",
        "##[error]x",
        "a\r\n\u{2028}b",
        "\u{200b}\u{2066}",
    ] {
        let scratch = Scratch::new();
        let (file, folder) = (format!("{name}.prod.yaml"), format!("{name}-staging/a.yaml"));
        scratch.write(&file, data_space(DATA_SPACE));
        scratch.write(&folder, data_space(DATA_SPACE));
        scratch.write(&format!("{name}.uat.yaml"), data_space("[ x"));
        for arguments in COMMANDS {
            let done = scratch.run(arguments);
            assert!([1, 3].contains(&done.code), "{name:?} {arguments:?} {done:?}");
            assert!(!is_obeyed(&done.all()), "{}", done.all());
        }
        let report = scratch.run(&["check", "--output-format", "json"]).json();
        let mut paths: Vec<&str> = report["instances"]
            .as_array()
            .expect("a list")
            .iter()
            .flat_map(|instance| instance["sources"].as_array().expect("a list"))
            .filter_map(serde_json::Value::as_str)
            .collect();
        paths.sort_unstable();
        assert!(paths.contains(&file.as_str()), "{name:?} is not in {paths:?}");
    }
}

#[test]
fn what_a_document_says_of_itself_is_never_obeyed() {
    for name in ["\u{1b}[31m", "::error::x", "\u{202e}x", "##[error]x", "a\n::error::b"] {
        let said = serde_json::to_string(name).expect("a string is JSON");
        let variable = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";
        let object = format!(
            "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {said}, namespace: {said}}}, data: {{{variable}: {said}}}}}\n"
        );
        let scratch = Scratch::of(&[("k8s/prod.yaml", &object)]);
        for arguments in COMMANDS {
            let done = scratch.run(arguments);
            assert!(!is_obeyed(&done.all()), "{name:?} {arguments:?}\n{}", done.all());
        }
    }
}

#[test]
fn arguments_are_never_obeyed() {
    let scratch = Scratch::new();
    let evil = "\u{1b}[31m\u{202e}";
    for arguments in [
        &["check", evil][..],
        &["explain", evil],
        &["check", "--config", evil],
        &["check", "--fail-on", evil],
        &[evil],
        &["check", "a", evil],
    ] {
        let done = scratch.run(&[arguments, &["--color=never"]].concat());
        assert_eq!(done.code, 2, "{arguments:?}");
        assert!(!is_obeyed(&done.all()), "{:?}", done.all());
    }
}

#[test]
fn a_name_that_is_not_unicode_is_read_and_shown() {
    let scratch = Scratch::new();
    let name = OsStr::from_bytes(b"caf\xe9.prod.yaml");
    fs::write(scratch.path().join(name), data_space("not-a-uuid")).expect("the file is writable");
    let done = scratch.run(&["check", "--output-format", "line"]);
    assert_eq!(done.code, 1);
    assert!(done.out.starts_with("caf\u{fffd}.prod.yaml:1:48: error: "), "{}", done.out);
}

/// Runs the program as somebody whom permissions bind: nobody, where the test runs as root.
fn bound(scratch: &Scratch, arguments: &[&str]) -> Done {
    let mut command = scratch.command(arguments);
    let owner = fs::metadata(scratch.path()).expect("the folder exists");
    if owner.uid() == 0 {
        fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
        command.uid(65534).gid(65534);
    }
    run(command)
}

#[test]
fn a_folder_that_cannot_be_entered_is_told() {
    let scratch = Scratch::of(&[
        ("prod/a.yaml", &data_space(DATA_SPACE)),
        ("locked/b.yaml", &data_space(DATA_SPACE)),
        ("staging/secret.yaml", &data_space(DATA_SPACE)),
    ]);
    let closed = |path: &str, mode| {
        let path = scratch.path().join(path);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    closed("locked", 0o000);
    closed("staging/secret.yaml", 0o000);
    let done = bound(&scratch, &["check", "--output-format", "line"]);
    let whole = bound(&scratch, &["check", "--output-format", "json"]);
    closed("locked", 0o755);
    assert_eq!(done.code, 3, "{done:?}");
    for expected in [
        "locked:1:1: warning: not read whole: cannot be entered: permission denied [unreadable-config]",
        "staging/secret.yaml:1:1: warning: not read whole: cannot be read: permission denied [unreadable-config]",
    ] {
        assert!(done.out.contains(expected), "{}", done.out);
    }
    assert_eq!(whole.json()["summary"]["complete"], false);
}

#[test]
fn a_root_that_cannot_be_entered_is_no_tree() {
    let scratch = Scratch::of(&[("tree/a.yaml", "")]);
    let tree = scratch.path().join("tree");
    fs::set_permissions(&tree, fs::Permissions::from_mode(0o000)).expect("it is ours");
    let done = bound(&scratch, &["check", "tree"]);
    fs::set_permissions(&tree, fs::Permissions::from_mode(0o755)).expect("it is ours");
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert_eq!(done.err.lines().count(), 1, "{}", done.err);
}

#[test]
fn what_is_no_file_is_not_opened() {
    let outside = Scratch::of(&[("key.pem", &key()), ("settings.yaml", &data_space("not-a-uuid"))]);
    let scratch = Scratch::of(&[("prod/a.yaml", &data_space(DATA_SPACE))]);
    let at = |path: &str| scratch.path().join(path);
    for (target, link) in [
        (outside.path().join("key.pem"), "prod/key.pem"),
        (outside.path().join("settings.yaml"), "prod/b.yaml"),
        (outside.path().to_owned(), "outside"),
        (at("loop.yaml"), "loop.yaml"),
        (at("."), "prod/up"),
        (at("gone"), "dangling.yaml"),
    ] {
        symlink(target, at(link)).expect("links are possible here");
    }
    fifo(&at("pipe.yaml"));
    for arguments in COMMANDS {
        let done = scratch.run(arguments);
        assert_eq!(done.code, 0, "{arguments:?} {done:?}");
    }
    let done = scratch.run(&["check"]);
    assert_eq!(done.out, "no findings in 1 instance (1 file read)\n");
    let root = scratch.run(&["check", "pipe.yaml"]);
    assert_eq!((root.code, root.out.as_str()), (2, ""), "{root:?}");
}

fn key() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys/rsa-pkcs8.pem");
    fs::read_to_string(path).expect("the fixture is readable")
}

fn fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("`mkfifo` is part of every unix");
    assert!(made.success());
}
