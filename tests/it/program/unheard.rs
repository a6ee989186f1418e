//! A git that hangs or breaks off: it is told, within a stated time, and the run is incomplete.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use super::scratch::{DATA_SPACE, Done, Scratch, data_space, run};

/// Runs `check` with a git that is this script, in a repository that is sound.
fn with(script: &str, arguments: &[&str]) -> Done {
    let scratch = Scratch::new();
    scratch.write("k8s/prod/settings.yaml", data_space(DATA_SPACE));
    scratch.git("init -q");
    scratch.git("add .");
    scratch.git("commit -qm First");
    let programs = Scratch::new();
    let program = programs.write("git", format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = scratch.command(arguments);
    command.env("PATH", format!("{}:{path}", programs.path().display()));
    command.env("COMMERCE_LINT_GIT_SECONDS", "1");
    run(command)
}

#[test]
fn a_git_that_hangs_is_ended_and_the_run_is_incomplete() {
    // What the script starts keeps its output open, and ends by itself.
    for script in ["exec sleep 30", "sleep 30; exit 0", "printf '100644 '; exec sleep 30"] {
        let started = Instant::now();
        let done = with(script, &["check"]);
        assert_eq!(done.code, 3, "{script}: {done:?}");
        assert!(done.all().contains("git said nothing for 1 seconds"), "{script}: {done:?}");
        assert!(started.elapsed() < Duration::from_secs(20), "{script}: {:?}", started.elapsed());
    }
    let done = with("exec sleep 30", &["check", "--staged"]);
    assert!([2, 3].contains(&done.code), "{done:?}");
    assert!(done.all().contains("git said nothing for 1 seconds"), "{done:?}");
}

#[test]
fn a_listing_that_breaks_off_makes_the_run_incomplete() {
    let id = "0123456789012345678901234567890123456789";
    let done = with(&format!("printf 'H 100644 {id} 0\\tk8s/pro'"), &["check"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(done.all().contains("git's listing breaks off"), "{done:?}");
}
