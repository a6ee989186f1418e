//! A repository that receives: bare, and asked by its `pre-receive` hook.

use std::fs;
use std::process::Command;

use super::scratch::{DATA_SPACE, Scratch, data_space};

const OTHER: &str = "5b0d8a17-3c42-4e0b-9a6d-1f7c2e8b4d90";
const FILE: &str = "k8s/prod/settings.yaml";

/// A clone in `clone`, and what it pushes to in `shop.git`.
fn repository() -> Scratch {
    let scratch = Scratch::new();
    scratch.git("init -q --bare shop.git");
    scratch.git("clone -q shop.git clone");
    commit(&scratch, FILE, &data_space(DATA_SPACE));
    scratch
}

fn commit(scratch: &Scratch, file: &str, text: &str) {
    scratch.write(&format!("clone/{file}"), text);
    scratch.git("-C clone add -A");
    scratch.git("-C clone commit -qm change");
}

fn pushes(scratch: &Scratch, what: &str) -> (bool, String) {
    let mut git = Command::new("git");
    git.args(["-C", "clone", "push", "-q", "origin", what]).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let done = git.current_dir(scratch.path()).output().expect("git is installed");
    (done.status.success(), String::from_utf8_lossy(&done.stderr).into_owned())
}

#[test]
fn revisions_of_a_bare_repository_are_compared() {
    let scratch = repository();
    commit(&scratch, FILE, &data_space(OTHER));
    assert!(pushes(&scratch, "HEAD:main").0);
    let done = scratch.run(&["check", "--from", "main~1", "--to", "main", "shop.git"]);
    assert_eq!(done.code, 1, "{}", done.all());
    assert!(done.out.contains("[production-data-space-change]"), "{}", done.all());
    // It has no folder of files to be checked.
    for arguments in [&["check", "shop.git"][..], &["check", "--base", "main~1", "shop.git"]] {
        let done = scratch.run(arguments);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{}", done.all());
        assert!(done.err.contains("`shop.git` is a bare repository"), "{}", done.err);
    }
    assert_eq!(scratch.run(&["check", "--history", "shop.git"]).code, 0);
}

#[cfg(unix)]
#[test]
fn what_is_received_is_judged_before_it_is_in() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = repository();
    let program = env!("CARGO_BIN_EXE_commerce-lint");
    let hook = scratch.write(
        "shop.git/hooks/pre-receive",
        format!("#!/bin/sh\nexec '{program}' check --received --output-format line\n"),
    );
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let (passes, said) = pushes(&scratch, "HEAD:main");
    assert!(passes, "{said}");
    commit(&scratch, FILE, &data_space(OTHER));
    let (passes, said) = pushes(&scratch, "HEAD:main");
    assert!(!passes && said.contains("[production-data-space-change]"), "{said}");
    // So is a branch that is new, compared with where it left what is there.
    let (passes, said) = pushes(&scratch, "HEAD:other");
    assert!(!passes && said.contains("[production-data-space-change]"), "{said}");
    commit(&scratch, FILE, &data_space(DATA_SPACE));
    let (passes, said) = pushes(&scratch, "HEAD:main");
    assert!(passes, "{said}");
    // A key that comes and goes within one push is in every clone.
    let key =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys/ec-pkcs8.pem"));
    commit(&scratch, "key.pem", &key.expect("the key is there"));
    scratch.git("-C clone rm -q key.pem");
    scratch.git("-C clone commit -qm gone");
    let (passes, said) = pushes(&scratch, "HEAD:main");
    assert!(!passes && said.contains("[private-key-in-history]"), "{said}");
    let (passes, said) = pushes(&scratch, ":main");
    assert!(passes || !said.contains("commerce-lint"), "a deletion brings nothing: {said}");
}
