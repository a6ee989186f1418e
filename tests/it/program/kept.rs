//! Files that the folder lacks or has in another form than git keeps them: what git keeps is what counts.

use super::scratch::{DATA_SPACE, Scratch, data_space};

const OTHER: &str = "5b0d8a17-3c42-4e0b-9a6d-1f7c2e8b4d90";
const PROD: &str = "k8s/prod/settings.yaml";
const STAGING: &str = "k8s/staging/settings.yaml";
const KEY: &str = include_str!("../../../fixtures/keys/ec-pkcs8.pem");

fn commit(scratch: &Scratch) {
    scratch.git("add -A");
    scratch.git("commit -qm change");
}

/// What a sparse checkout leaves out is read as the index has it, and has not changed.
#[test]
fn a_sparse_checkout_is_checked_whole() {
    let scratch = Scratch::shared();
    scratch.git("init -q");
    commit(&scratch);
    scratch.git("sparse-checkout set --no-cone /k8s/staging/");
    assert!(!scratch.path().join(PROD).exists());
    let done = scratch.run(&["check", "--output-format", "line"]);
    assert_eq!((done.code, done.out.contains("[shared-data-space]")), (1, true), "{}", done.all());
    let note = format!(
        "`{PROD}` is left out of the folder by git (sparse checkout) and read as git's index has it"
    );
    assert!(done.err.contains(&note), "{}", done.err);
    scratch.write(STAGING, data_space(OTHER));
    let done = scratch.run(&["check", "--base", "HEAD", "--output-format", "line"]);
    assert_eq!((done.code, done.out.contains('[')), (0, false), "{}", done.all());
    // What stands there all the same counts.
    scratch.write(PROD, data_space(OTHER));
    let done = scratch.run(&["check", "--base", "HEAD", "--output-format", "line"]);
    assert!(done.out.contains("[production-data-space-change]"), "{}", done.all());
}

/// Of a file that git keeps encrypted, the folder's text is not what anybody gets.
#[test]
fn what_git_keeps_encrypted_is_read_as_it_keeps_it() {
    let scratch = Scratch::of(&[
        (PROD, &data_space(DATA_SPACE)),
        ("keys/a.pem", "\0GITCRYPT\0 7f3a"),
        ("open/b.pem", "nothing"),
    ]);
    scratch.git("init -q");
    commit(&scratch);
    scratch
        .write(".gitattributes", "keys/** filter=git-crypt diff=git-crypt\nopen/** filter=lfs\n");
    scratch.git("add .gitattributes");
    scratch.git("commit -qm attributes");
    scratch.write("keys/a.pem", KEY);
    for arguments in [&["check"][..], &["check", "--base", "HEAD"]] {
        let done = scratch.run(&[arguments, &["--output-format", "line"]].concat());
        assert_eq!((done.code, done.out.contains('[')), (0, false), "{}", done.all());
        let note = "`keys/a.pem` is kept by git encrypted and read as its index has it";
        assert!(done.err.contains(note), "{}", done.err);
    }
    // What git does not have yet, and what LFS keeps as it is, is in the open.
    for open in ["keys/new.pem", "open/b.pem"] {
        scratch.write(open, KEY);
        let done = scratch.run(&["check", "--output-format", "line"]);
        assert_eq!(done.out.matches("[plaintext-private-key]").count(), 1, "{}", done.all());
        std::fs::remove_file(scratch.path().join(open)).expect("it is there");
    }
    // A key that it keeps in the open is found, whatever the attribute says.
    let blob = scratch.write("key", KEY);
    let blob = scratch.git(&format!("hash-object -w --no-filters {}", blob.display()));
    std::fs::remove_file(scratch.path().join("key")).expect("it is there");
    scratch.git(&format!("update-index --cacheinfo 100644,{blob},keys/a.pem"));
    let done = scratch.run(&["check", "--output-format", "line"]);
    assert_eq!(done.out.matches("[plaintext-private-key]").count(), 1, "{}", done.all());
}
