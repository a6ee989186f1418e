//! Large contents and large indexes.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::scratch::*;

/// Hands a text to git.
fn feed(repository: &Repository, arguments: &[&str], text: impl FnOnce(&mut dyn std::io::Write)) {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(repository.path()).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let mut child = git.stdin(Stdio::piped()).spawn().expect("git is installed");
    let mut input = std::io::BufWriter::new(child.stdin.take().expect("it is a pipe"));
    text(&mut input);
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn two_hundred_megabytes_in_the_index_are_read_piece_by_piece() {
    const SIZE: u64 = 200 << 20;
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    let file = std::fs::File::create(repository.path().join("dump.txt")).expect("it is new");
    file.set_len(SIZE).expect("there is room");
    repository.git("-c core.compression=1 add -A");
    repository.shows("large-content", &[run("--staged")]);
    let mut file = std::fs::File::options().append(true).open(repository.path().join("dump.txt"));
    let file = file.as_mut().expect("it is there");
    file.write_all(space(OTHER).as_bytes()).expect("there is room");
    repository.git("-c core.compression=1 add -A");
    repository.shows("large-content-that-matters", &[run("--staged")]);
    #[cfg(target_os = "linux")]
    {
        let mut child = repository.command(&run("--staged")).stdout(Stdio::null()).spawn().unwrap();
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            let status = format!("/proc/{}/status", child.id());
            let status = std::fs::read_to_string(status).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let size = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            peak = peak.max(size.unwrap_or(0_u64));
            std::thread::yield_now();
        }
        assert!((1..100 << 10).contains(&peak), "{peak} kB");
    }
}

#[test]
fn a_hundred_thousand_files_are_listed_and_read() {
    let repository = Repository::new();
    repository.write("notes.txt", "nothing\n");
    let id = repository.git("hash-object -w notes.txt");
    feed(&repository, &["update-index", "--index-info"], |input| {
        for number in 0..100_000 {
            let folder = number % 100;
            writeln!(input, "100644 {id}\tvendor/{folder}/{number}.txt").unwrap();
        }
    });
    repository.git("commit -qm Many");
    repository
        .shows("large-index", &[run("--staged"), run("--from HEAD --to HEAD"), run("--history")]);
}
