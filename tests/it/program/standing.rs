//! What fails is what the change makes worse: states of findings through hooks of real git, comparisons, formats and exit codes.

use std::fs;
use std::path::Path;

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const OTHER: &str = "5b0d8a17-3c42-4e0b-9a6d-1f7c2e8b4d90";
const THIRD: &str = "9e1c64f2-70ab-4c1d-8f35-6d2b0a7e4c83";
const SHARED: &str = "[shared-data-space]";

fn file(name: &str) -> String {
    format!("k8s/{name}/settings.yaml")
}

/// A repository whose instances, `(name, data space)`, are committed and pushed.
fn repository(instances: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::new();
    scratch.git("init -q -b main");
    for (name, id) in instances {
        scratch.write(&file(name), data_space(id));
    }
    commit(&scratch, "first");
    scratch
}

fn commit(scratch: &Scratch, message: &str) {
    scratch.git("add -A");
    scratch.git(&format!("commit -q --allow-empty -m {message}"));
}

/// What `--staged` says of all that is in the folder.
fn staged(scratch: &Scratch, more: &[&str]) -> Done {
    scratch.git("add -A");
    scratch.run(&[&["check", "--staged", "--output-format", "line"], more].concat())
}

/// Three environments share one data space.
fn sharing() -> Scratch {
    repository(&[("prod", DATA_SPACE), ("staging", DATA_SPACE), ("uat", DATA_SPACE)])
}

#[test]
fn an_unrelated_commit_passes_and_what_stands_is_one_line() {
    let scratch = sharing();
    scratch.write("notes.txt", "unrelated");
    let done = staged(&scratch, &[]);
    let line =
        "no new findings in 3 instances (4 files read); 1 error stood before: `--all` shows it\n";
    assert_eq!((done.code, done.out.as_str()), (0, line), "{}", done.err);
    let all = staged(&scratch, &["--all"]);
    assert_eq!(all.code, 0);
    assert!(all.out.contains("(stood before) [shared-data-space]"), "{}", all.out);
    let strict = staged(&scratch, &["--fail-on-standing"]);
    assert_eq!((strict.code, strict.out.as_str()), (1, line));
    for compared in [&["--base", "HEAD"][..], &["--from", "HEAD", "--to", "HEAD"]] {
        let done = scratch.run(&[&["check", "--output-format", "line"], compared].concat());
        assert_eq!(done.code, 0, "{}", done.all());
        assert!(done.out.contains("1 error stood before"), "{}", done.out);
    }
    assert_eq!(scratch.run(&["check"]).code, 1, "nothing is compared");
}

#[test]
fn repairs_pass_though_they_are_not_whole() {
    let scratch = sharing();
    scratch.write(&file("staging"), data_space(OTHER));
    let done = staged(&scratch, &[]);
    assert_eq!(done.code, 0, "{}", done.all());
    assert!(done.out.contains("1 error stood before"), "{}", done.out);
    let all = staged(&scratch, &["--all"]);
    assert!(all.out.contains("(shrunk) [shared-data-space]"), "{}", all.out);
    scratch.write(&file("uat"), data_space(THIRD));
    let done = staged(&scratch, &[]);
    assert_eq!(done.code, 0, "{}", done.all());
    assert!(done.out.ends_with("; gone: 1 error\n"), "{}", done.out);
}

#[test]
fn growth_fails() {
    let scratch = sharing();
    scratch.write(&file("dev"), data_space(DATA_SPACE));
    let done = staged(&scratch, &[]);
    assert_eq!(done.code, 1, "{}", done.all());
    assert!(done.out.contains("(grown) [shared-data-space]"), "{}", done.out);
    // One that joins where another leaves.
    scratch.write(&file("staging"), data_space(OTHER));
    let done = staged(&scratch, &[]);
    assert_eq!(done.code, 1, "{}", done.all());
}

#[test]
fn a_baselined_sharing_shrinks_in_peace_and_grows_in_none() {
    let scratch = sharing();
    assert_eq!(scratch.run(&["baseline"]).code, 0);
    commit(&scratch, "baseline");
    let check = || scratch.run(&["check", "--output-format", "line"]);
    assert_eq!(check().code, 0);
    scratch.write(&file("staging"), data_space(OTHER));
    let done = check();
    assert_eq!(done.code, 0, "{}", done.all());
    assert!(!done.out.contains(SHARED), "{}", done.out);
    assert_eq!(staged(&scratch, &[]).code, 0);
    scratch.write(&file("staging"), data_space(DATA_SPACE));
    scratch.write(&file("dev"), data_space(DATA_SPACE));
    let done = check();
    assert_eq!(done.code, 1, "{}", done.all());
    assert!(done.out.contains(SHARED), "{}", done.out);
    assert_eq!(staged(&scratch, &[]).code, 1);
    // Taking it in by the way is not to be had.
    let done = scratch.run(&["baseline", "--update"]);
    assert!(done.out.contains("--include"), "{}", done.out);
    assert_eq!(check().code, 1, "{}", done.out);
    let named = done.out.split("--include ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let named = named.expect("it is named").to_owned();
    let done = scratch.run(&["baseline", "--update", "--include", &named]);
    assert_eq!((done.code, check().code), (0, 0), "{}", done.out);
}

#[test]
fn a_bad_local_commit_can_be_undone() {
    let scratch = repository(&[("prod", DATA_SPACE), ("staging", OTHER)]);
    scratch.git("update-ref refs/remotes/origin/main main");
    scratch.write(&file("prod"), data_space(THIRD));
    let done = staged(&scratch, &[]);
    assert_eq!(done.code, 1, "{}", done.all());
    commit(&scratch, "bad");
    scratch.write(&file("prod"), data_space(DATA_SPACE));
    let done = staged(&scratch, &[]);
    assert_eq!(done.code, 0, "{}", done.all());
    // To yet another one it is a change, and so it is where everybody has the bad commit.
    scratch.write(&file("prod"), data_space("2d7c1b9e-4f60-4a8d-b3c5-8e1f0a6d7b24"));
    assert_eq!(staged(&scratch, &[]).code, 1);
    scratch.git("update-ref refs/remotes/origin/main main");
    scratch.write(&file("prod"), data_space(DATA_SPACE));
    assert_eq!(staged(&scratch, &[]).code, 1);
}

#[cfg(unix)]
#[test]
fn hooks_of_real_git_let_pass_what_is_not_worse() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = sharing();
    let hook = scratch.path().join(".git/hooks/pre-commit");
    let program = env!("CARGO_BIN_EXE_commerce-lint");
    fs::write(&hook, format!("#!/bin/sh\nexec '{program}' check --staged\n")).expect("a hook");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let passes = |message: &str| {
        scratch.git("add -A");
        let mut git = std::process::Command::new("git");
        git.args(["-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "-qm", message]);
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").current_dir(scratch.path());
        git.output().expect("git is installed").status.success()
    };
    scratch.write("notes.txt", "unrelated");
    assert!(passes("unrelated"));
    scratch.write("commerce-lint.toml", "[instances.shop]\nfiles = [\"k8s/prod/**\"]\nkind = \"production\"\n[instances.rehearsal]\nfiles = [\"k8s/staging/**\"]\nkind = \"non-production\"\n");
    assert!(passes("configuration"), "declaring what was guessed makes nothing worse");
    let waiver = "[[waivers]]\nrule = \"shared-data-space\"\npath = \"**\"\nreason = \"Split in June\"\nexpires = 2099-01-01\n";
    let text = fs::read_to_string(scratch.path().join("commerce-lint.toml")).expect("it is there");
    scratch.write("commerce-lint.toml", format!("{text}{waiver}"));
    assert!(passes("waiver"));
    scratch.write("commerce-lint.toml", text);
    assert!(passes("no-waiver"));
    assert_eq!(scratch.run(&["baseline"]).code, 0);
    assert!(passes("baseline"));
    scratch.write("env/broken.php", "<?php return ['services_connector' => ['services_id'");
    assert!(!passes("broken"), "what nobody can read is new");
    scratch.git("commit -q --no-verify -m broken");
    scratch.write("notes.txt", "unrelated again");
    assert!(passes("after"), "it could not be read before either");
    scratch.write(&file("dev"), data_space(DATA_SPACE));
    assert!(!passes("growth"));
}

#[test]
fn a_finding_survives_a_renamed_folder_a_clone_and_a_declaration() {
    let scratch = sharing();
    fs::rename(scratch.path().join("k8s"), scratch.path().join("deploy")).expect("it moves");
    let done = staged(&scratch, &[]);
    assert_eq!(done.code, 0, "{}", done.all());
    scratch.write("deploy/prod/settings.yaml", format!("# moved\n\n{}", data_space(DATA_SPACE)));
    assert_eq!(staged(&scratch, &[]).code, 0);
    scratch.write("commerce-lint.toml", "[instances.main-shop]\nfiles = [\"deploy/prod/**\"]\n");
    let done = staged(&scratch, &[]);
    assert_eq!(done.code, 0, "{}", done.all());
}

#[test]
fn a_baseline_is_the_same_wherever_and_however_it_is_checked_out() {
    let scratch = sharing();
    scratch.write("app/etc/env.php", "<?php return ['system' => ['default' => ['services_connector' => ['services_id' => ['environment_id' => 'nonsense']]]]];\n");
    assert_eq!(scratch.run(&["baseline"]).code, 0);
    commit(&scratch, "baseline");
    for name in ["shop-staging", "tree", "shop_PR-12@2"] {
        let path = scratch.path().join(name);
        scratch.git(&format!("clone -q . {name}"));
        let done = scratch.run(&["check", "--output-format", "line", "--fail-on", "warning", name]);
        assert_eq!(done.code, 0, "{name}: {}", done.all());
        fs::remove_dir_all(path).expect("it is there");
    }
    let declared =
        "[instances.a]\nfiles = [\"k8s/prod/**\"]\n[instances.b]\nfiles = [\"k8s/uat/**\"]\n";
    scratch.write("commerce-lint.toml", declared);
    let done = scratch.run(&["check", "--output-format", "line", "--fail-on", "warning"]);
    assert_eq!(done.code, 0, "{}", done.all());
    fs::rename(scratch.path().join("k8s"), scratch.path().join("deploy")).expect("it moves");
    scratch.write("commerce-lint.toml", "");
    let done = scratch.run(&["check", "--output-format", "line"]);
    assert_eq!(done.code, 0, "{}", done.all());
}

#[test]
fn every_format_carries_the_state() {
    let scratch = sharing();
    scratch.write("k8s/test/settings.yaml", data_space("nonsense"));
    commit(&scratch, "more");
    scratch.write(&file("dev"), data_space(DATA_SPACE));
    scratch.write("k8s/qa/settings.yaml", data_space("rubbish"));
    let check =
        |format: &str| scratch.run(&["check", "--base", "HEAD", "--output-format", format]).out;
    let json: serde_json::Value = serde_json::from_str(&check("json")).expect("it is JSON");
    let states: Vec<&str> = json["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|found| found["state"].as_str())
        .collect();
    assert_eq!(states.len(), 3, "{json:#}");
    for state in ["new", "grown", "standing"] {
        assert!(states.contains(&state), "{states:?}");
    }
    assert_eq!(json["summary"]["standing"], 1);
    let sarif = check("sarif");
    for state in ["\"new\"", "\"updated\"", "\"unchanged\""] {
        assert!(sarif.contains(&format!("\"baselineState\": {state}")), "{sarif}");
    }
    let github = check("github");
    assert!(github.contains("title=shared-data-space (grown)"), "{github}");
    assert!(github.contains("1 error stood before") && !github.contains("nonsense"), "{github}");
    let gitlab = check("gitlab");
    // GitLab's schema has no member for it, so the description ends in it.
    assert!(gitlab.contains("(stood before)") && gitlab.contains("(grown)"), "{gitlab}");
    let markdown = check("markdown");
    assert!(markdown.contains("error, grown") && markdown.contains("error, new"), "{markdown}");
    assert!(!Path::new("k8s").exists());
}
