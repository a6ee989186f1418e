//! The reviewer's mode: whoever writes a tree tries to silence `check --no-config --no-waivers` from within. What is hidden is found, or told.

use std::fs;

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const HIDDEN: &str = "k8s/staging/settings.yaml";
const KEY: &str = include_str!("../../../fixtures/keys/ec-pkcs8.pem");

fn review(scratch: &Scratch, arguments: &[&str]) -> Done {
    let line = ["check", "--no-config", "--no-waivers", "--output-format", "line"];
    scratch.run(&[&line, arguments].concat())
}

/// Production's data space, and staging's, which is the same.
fn shared() -> Scratch {
    let scratch = Scratch::shared();
    scratch.git("init -q");
    scratch
}

/// Production alone.
fn alone() -> Scratch {
    Scratch::of(&[("k8s/prod/settings.yaml", &data_space(DATA_SPACE))])
}

fn assert_found(done: &Done) {
    assert_eq!(done.code, 1, "{}", done.all());
    assert!(done.out.contains(": error: "), "{}", done.all());
}

fn assert_noted(done: &Done, note: &str) {
    assert!(done.err.lines().any(|line| line == format!("note: {note}")), "{note}: {}", done.all());
}

fn assert_incomplete(done: &Done) {
    assert_eq!(done.code, 3, "{}", done.all());
}

#[test]
fn configurations_comments_and_baselines_do_nothing_wherever_they_are() {
    let scratch = shared();
    let off =
        "exclude = [\"**\"]\n[rules]\nshared-data-space = \"off\"\nweakened-policy = \"off\"\n";
    for place in ["", "k8s/", "k8s/staging/"] {
        scratch.write(&format!("{place}commerce-lint.toml"), off);
        scratch.write(&format!("{place}.commerce-lint.toml"), off);
    }
    scratch.write("pyproject.toml", "[tool.commerce-lint]\nexclude = [\"**\"]\n");
    scratch.write(".env", "COMMERCE_LINT_EXIT_ZERO=1\nCOMMERCE_LINT_CONFIG=commerce-lint.toml\n");
    scratch.write("commerce-lint.baseline.toml", "<<<<<<< no baseline\n");
    let allow = "# commerce-lint: allow shared-data-space -- x\n";
    scratch.write(HIDDEN, format!("{allow}{}", data_space(DATA_SPACE)));
    assert_found(&review(&scratch, &[]));
    scratch.git("add -A");
    assert_found(&review(&scratch, &["--staged"]));
    scratch.git("commit -qm x");
    assert_found(&review(&scratch, &["--base", "HEAD", "--all", "--fail-on-standing"]));
}

#[test]
fn what_git_does_not_list_is_noted() {
    let scratch = shared();
    scratch.write(".gitignore", "staging/\n");
    assert_noted(&review(&scratch, &[]), "`k8s/staging/` is ignored by git and not read");
    scratch.git("add -Af");
    assert_found(&review(&scratch, &[]));
    let scratch = shared();
    scratch.write(".git/info/exclude", "*\n");
    assert_noted(&review(&scratch, &[]), "`k8s/` is ignored by git and not read");
    let scratch = shared();
    scratch.git("add -A");
    scratch.git("commit -qm x");
    scratch.git(&format!("update-index --skip-worktree {HIDDEN}"));
    assert_found(&review(&scratch, &[]));
    fs::remove_file(scratch.path().join(HIDDEN)).expect("it is there");
    let left = format!(
        "`{HIDDEN}` is left out of the folder by git (sparse checkout) and read as git's index has it"
    );
    assert_noted(&review(&scratch, &[]), &left);
    assert_found(&review(&scratch, &[]));
    assert_noted(&scratch.run(&["check"]), &left);
    assert_found(&review(&scratch, &["--staged", "--all", "--fail-on-standing"]));
    let scratch = shared();
    scratch.git("add -A");
    scratch.git(&format!("update-index --assume-unchanged {HIDDEN}"));
    assert_found(&review(&scratch, &[]));
}

#[cfg(unix)]
#[test]
fn links_are_noted() {
    let scratch = alone();
    fs::create_dir(scratch.path().join("k8s/staging")).expect("a new folder");
    let link = scratch.path().join(HIDDEN);
    std::os::unix::fs::symlink("../prod/settings.yaml", link).expect("a link can be made");
    let note = format!("`{HIDDEN}` is a link and not followed");
    assert_noted(&review(&scratch, &[]), &note);
    scratch.git("init -q");
    assert_noted(&review(&scratch, &[]), &note);
    scratch.git("add -A");
    assert_noted(&review(&scratch, &[]), &note);
    assert_noted(&review(&scratch, &["--staged"]), &note);
    // Two environments would have one data space.
    let told = scratch.run(&["check"]).err;
    let link = "is a link to `k8s/prod/settings.yaml`, which `production` has its settings from";
    assert!(told.contains(link), "{told}");
    assert!(!told.contains("is a link and not followed"), "nobody is bothered with others: {told}");
}

#[test]
fn repositories_within_are_read_or_noted() {
    let scratch = shared();
    scratch.write("k8s/staging/.git/keys.pem", KEY);
    let done = review(&scratch, &[]);
    assert_found(&done);
    assert_noted(&done, "`k8s/staging/.git` is git's own and not read");
    let plain = alone();
    plain.write("k8s/staging/.git/keys.pem", KEY);
    assert_noted(&review(&plain, &[]), "`k8s/staging/.git` is git's own and not read");
    let nested = shared();
    nested.git("init -q k8s/staging");
    assert_found(&review(&nested, &[]));
    nested.git("-C k8s/staging add -A");
    nested.git("-C k8s/staging commit -qm x");
    assert_found(&review(&nested, &[]));
    nested.git("-c advice.addEmbeddedRepo=false add -A");
    for arguments in [&[][..], &["--staged"]] {
        assert_noted(&review(&nested, arguments), "the submodule `k8s/staging` is not read");
    }
}

#[test]
fn a_repository_s_configuration_runs_nothing_and_hides_nothing() {
    let scratch = shared();
    let run = "touch executed";
    let keys = ["fsmonitor", "pager", "editor", "sshCommand", "askPass", "gitProxy", "hooksPath"];
    let core = keys.map(|key| format!("  {key} = {run}\n")).concat();
    let aliases = format!("[alias]\n  ls-files = !{run}\n  rev-parse = !{run}\n");
    let filter = format!("[filter \"x\"]\n  clean = {run}\n  smudge = {run}\n  process = {run}\n");
    let config = format!(
        "[core]\n  bare = true\n  worktree = /\n{core}{aliases}{filter}[include]\n  path = ../inc\n"
    );
    scratch.write(".git/config", config);
    scratch.write("inc", format!("[core]\n  fsmonitor = {run}\n"));
    let attributes =
        "* filter=x diff=x merge=x working-tree-encoding=UTF-16LE export-ignore -text\n";
    scratch.write(".gitattributes", attributes);
    for arguments in [&[][..], &["--staged"]] {
        let done = review(&scratch, arguments);
        assert!(!scratch.path().join("executed").exists(), "{}", done.all());
        if arguments.is_empty() {
            assert_found(&done);
        }
    }
    for broken in ["gitdir: /nowhere\n", "gitdir: k8s\n", ""] {
        let scratch = Scratch::shared();
        scratch.write(".git", broken);
        let done = review(&scratch, &[]);
        assert_found(&done);
        assert!(done.err.contains("every file of the folder is read"), "{}", done.err);
    }
}

#[test]
fn no_encoding_hides_anything() {
    let wide = |text: &str, of: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(of).collect()
    };
    let quads = |text: &str| -> Vec<u8> {
        text.chars().map(u32::from).flat_map(u32::to_le_bytes).collect()
    };
    let space = data_space(DATA_SPACE);
    for of in [u16::to_le_bytes, u16::to_be_bytes] {
        let scratch = alone();
        scratch.write(HIDDEN, wide(&space, of));
        scratch.write("key.pem", wide(KEY, of));
        let done = review(&scratch, &[]);
        assert_found(&done);
        assert_eq!(done.out.matches(": error: ").count(), 2, "{}", done.out);
        assert!(!done.all().contains(KEY.lines().nth(1).expect("a line of the key")));
    }
    let latin: Vec<u8> = [b"# caf\xe9\n", space.as_bytes()].concat();
    let scratch = alone();
    scratch.write(HIDDEN, latin);
    assert_found(&review(&scratch, &[]));
    for bytes in [
        quads(&space),
        [b"\xff\xfe\0\0".as_slice(), &quads(&space)].concat(),
        [b"\xff\xfe", KEY.as_bytes()].concat(),
        [b"\xfe\xff", space.as_bytes()].concat(),
    ] {
        let scratch = alone();
        scratch.write(HIDDEN, bytes);
        assert_incomplete(&review(&scratch, &[]));
    }
    let scratch = alone();
    scratch.write(HIDDEN, format!("a: \0\0\n{space}"));
    assert_ne!(review(&scratch, &[]).code, 0, "NUL bytes");
}

#[test]
fn pointers_and_archives_hide_nothing_unseen() {
    let pointer = "version https://git-lfs.github.com/spec/v1\n";
    let script = format!(
        "{pointer}bin/magento config:set services_connector/services_id/environment_id {DATA_SPACE}\n"
    );
    let scratch = alone();
    scratch.write("k8s/staging/set.sh", script);
    assert_found(&review(&scratch, &[]));
    let scratch = alone();
    scratch.write(HIDDEN, format!("{pointer}oid sha256:{}\nsize 12\n", "0".repeat(64)));
    let note = format!("`{HIDDEN}` is a pointer of Git LFS: what it points at is not read");
    assert_noted(&review(&scratch, &[]), &note);
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, bytes).expect("memory is writable");
        encoder.finish().expect("memory is writable")
    };
    for name in ["key.pem.gz", "key.bin"] {
        let scratch = alone();
        scratch.write(name, gzip(KEY.as_bytes()));
        assert_found(&review(&scratch, &[]));
        scratch.write(name, gzip(&gzip(KEY.as_bytes())));
        let note = format!("`{name}` is packed or encrypted, and nothing in it is seen");
        assert_noted(&review(&scratch, &[]), &note);
    }
    let scratch = alone();
    for name in ["a.zip", "b.docx", "c", "d.xz", "e.zip", "f.zip", "g.zip"] {
        scratch.write(name, b"PK\x03\x04 and more");
    }
    let note = "`a.zip`, `b.docx`, `c`, `d.xz`, `e.zip` and 2 more are packed or encrypted, and nothing in them is seen";
    assert_noted(&review(&scratch, &[]), note);
    assert_eq!(scratch.run(&["check"]).err, "", "nobody else is bothered");
}

#[test]
fn stores_of_keys_are_opened_or_told() {
    let noise: Vec<u8> = (0..2_000_u32).map(|at| (at * at % 251) as u8).collect();
    for name in ["a.p12", "a.pfx", "a.jks", "a.keystore", "a.der", "k8s/A.P12"] {
        let scratch = alone();
        scratch.write(name, &noise);
        let note = format!("`{name}` is packed or encrypted, and nothing in it is seen");
        assert_noted(&review(&scratch, &[]), &note);
    }
    for start in [&b"\xFE\xED\xFE\xED"[..], b"\xCE\xCE\xCE\xCE", b"\x30\x82\x07\xd0"] {
        let scratch = alone();
        scratch.write("a.bin", [start, &noise].concat());
        let done = review(&scratch, &[]);
        let is_told = done.err.contains("is packed or encrypted");
        assert!(is_told || done.out.contains("private-key]"), "{start:?}: {}", done.all());
    }
}

/// Longer than the system takes in one piece: no folder holds it, and a repository does.
#[test]
fn a_path_of_more_than_4096_bytes_makes_a_run_incomplete() {
    let scratch = alone();
    scratch.git("init -q");
    scratch.git("add -A");
    let content = scratch.git("hash-object -w k8s/prod/settings.yaml");
    let path = format!("{}uat/settings.yaml", format!("{}/", "d".repeat(200)).repeat(25));
    scratch.git(&format!("update-index --add --cacheinfo 100644,{content},{path}"));
    scratch.git("commit -qm first");
    let done = scratch.run(&["check", "--output-format", "json"]);
    assert_eq!(done.code, 3, "{}", done.all());
    assert_eq!(done.json()["summary"]["complete"], false);
    // Of the commit it can be read, whatever its length.
    let done = scratch.run(&["check", "--from", "HEAD", "--to", "HEAD", "--all"]);
    assert!(done.out.contains("[shared-data-space]"), "{}", done.all());
}

#[test]
fn names_hide_nothing_unseen() {
    let scratch = alone();
    for name in ["k8s/staging/--no-config.yaml", "k8s/uat/a\nb.yaml", "k8s/PROD/Settings.yaml", "-"]
    {
        scratch.write(name, data_space(DATA_SPACE));
    }
    scratch.git("init -q");
    scratch.git("add -A");
    for arguments in [&[][..], &["--staged"]] {
        assert_found(&review(&scratch, arguments));
    }
    let scratch = alone();
    for name in ["docs/staging/settings.yaml", "k8s/staging.yaml.dist"] {
        scratch.write(name, data_space(DATA_SPACE));
    }
    let note = "`docs/staging/settings.yaml` and `k8s/staging.yaml.dist` have settings and count for no instance: they are samples, tests, documentation or copies by their names";
    assert_noted(&review(&scratch, &[]), note);
    let deep = format!("{}k.pem", "d/".repeat(300));
    scratch.write(&deep, KEY);
    assert_found(&review(&scratch, &[]));
}

#[test]
fn what_is_too_large_is_incomplete() {
    let scratch = alone();
    let filler = "# filler\n".repeat((64 << 20) / 9 + 1);
    scratch.write(HIDDEN, format!("{filler}{}", data_space(DATA_SPACE)));
    assert_incomplete(&review(&scratch, &[]));
    let scratch = alone();
    let code = "'services_' . 'connector/services_id/environment_id'";
    scratch.write("app/etc/env.php", format!("<?php\n{filler}return [{code} => '{DATA_SPACE}'];"));
    assert_incomplete(&review(&scratch, &[]));
}

#[test]
fn the_page_for_a_review_says_what_was_not_read() {
    let scratch = shared();
    scratch.write(".gitignore", "staging/\n");
    let done = scratch.run(&["report", "--html", "r.html", "--no-config", "--no-waivers"]);
    assert_eq!(done.code, 0, "{}", done.all());
    let page = fs::read_to_string(scratch.path().join("r.html")).expect("it is written");
    assert!(page.contains("is ignored by git and not read"), "{page}");
}
