//! Times `check` beside the floor of merely walking and reading the same files.
//!
//! `cargo bench` makes a tree of 20,000 files with a fixed seed, once as a plain folder and once as a repository, runs whole processes in turn,
//! and prints medians, their ratio and peak memory. This program is one of those processes: with `--floor DIR` it only walks and reads, with
//! `--front DIR` it discovers, reads and sifts with the library and parses nothing. `--plant DIR` writes the tree there, to look at or profile.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod tree;

use std::env;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use commerce_lint::discover::discover;
use commerce_lint::read::{Content, Limits, read};
use rayon::prelude::*;
use walkdir::WalkDir;

const ROUNDS: usize = 15;
const RATIO_AIM: f64 = 1.5;
const PEAK_AIM: u64 = 100;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "--floor", folder] => floor(Path::new(folder)),
        [_, "--front", folder] => front(Path::new(folder)),
        [_, "--plant", folder] => {
            tree::write(Path::new(folder)).expect("the folder can be written");
        }
        _ => compare(),
    }
}

/// Walks and reads, as cheaply as safe Rust can.
fn floor(folder: &Path) {
    let files: Vec<_> = WalkDir::new(folder)
        .into_iter()
        .filter_entry(|entry| entry.file_name() != ".git")
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    let total: usize = files
        .par_iter()
        .map_init(Vec::new, |buffer, path| {
            buffer.clear();
            File::open(path).and_then(|mut file| file.read_to_end(buffer)).unwrap_or_default()
        })
        .sum();
    println!("{} files, {} MB", files.len(), total / 1_000_000);
}

/// The part of `check` before anything is parsed.
fn front(folder: &Path) {
    let tree = discover(folder, &|_| false).expect("the folder was made by this program");
    let limits = Limits::default();
    let kept: Vec<Content> = tree
        .files
        .par_iter()
        .map_init(Vec::new, |buffer, file| read(&tree.root, file, &limits, buffer))
        .filter(|content| matches!(content, Content::Text { .. } | Content::Unread { .. }))
        .collect();
    println!("{} files, {} kept", tree.files.len(), kept.len());
}

fn compare() {
    let scratch = tempfile::Builder::new()
        .prefix("commerce-lint-bench")
        .tempdir()
        .expect("a scratch folder can be made");
    let bytes = tree::write(scratch.path()).expect("the scratch folder can be written");
    println!(
        "{} files, {} MB, {} threads\n",
        tree::FILES,
        bytes / 1_000_000,
        rayon::current_num_threads()
    );
    println!("A plain folder");
    measure(scratch.path(), false);
    for arguments in [&["init", "-q"][..], &["add", "."]] {
        let done = Command::new("git").args(arguments).current_dir(scratch.path()).status();
        assert!(done.is_ok_and(|status| status.success()), "git {arguments:?}");
    }
    println!("A repository (the floor also runs `git ls-files`)");
    measure(scratch.path(), true);
}

/// A process to time.
struct Contender {
    name: &'static str,
    commands: Vec<Command>,
    times: Vec<Duration>,
    peak: u64,
}

fn measure(folder: &Path, in_git: bool) {
    let this = env::current_exe().expect("the benchmark is a file");
    let part = |option: &str| {
        let mut command = Command::new(&this);
        command.arg(option).arg(folder);
        command
    };
    let mut listing = Command::new("git");
    listing.args(["ls-files", "-s", "-z"]).current_dir(folder);
    let mut check = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
    check.args(["check", "--no-config"]).arg(folder);
    let mut floor = vec![part("--floor")];
    floor.extend(in_git.then_some(listing));
    let contender = |name, commands| Contender { name, commands, times: Vec::new(), peak: 0 };
    let mut contenders = vec![contender("floor", floor), contender("front", vec![part("--front")])];
    if check.output().is_ok_and(|output| !output.stdout.is_empty()) {
        contenders.push(contender("check", vec![check]));
    } else {
        println!("`check` printed nothing and is not timed");
    }
    for round in 0..=ROUNDS {
        for contender in &mut contenders {
            let start = Instant::now();
            for command in &mut contender.commands {
                command
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .status()
                    .expect("the program runs");
            }
            // The first round fills the system's caches.
            if round > 0 {
                contender.times.push(start.elapsed());
            }
        }
    }
    for contender in &mut contenders {
        contender.times.sort_unstable();
        contender.peak = contender.commands.first_mut().map(peak).unwrap_or_default();
        let milliseconds =
            |at: usize| contender.times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        println!(
            "  {:5} {:6.1} ms ({:.1} to {:.1}), peak {} MB",
            contender.name,
            milliseconds(ROUNDS / 2),
            milliseconds(0),
            milliseconds(ROUNDS - 1),
            contender.peak
        );
    }
    let median = |contender: &Contender| {
        contender.times.get(ROUNDS / 2).map_or(f64::NAN, Duration::as_secs_f64)
    };
    if let [floor, others @ ..] = contenders.as_slice() {
        for other in others {
            let ratio = median(other) / median(floor);
            println!(
                "  {} / floor = {ratio:.2} (aim ≤ {RATIO_AIM}), peak {} MB (aim < {PEAK_AIM} MB)",
                other.name, other.peak
            );
        }
    }
    println!();
}

/// The peak of resident memory, in MB, as Linux counts it while the process runs; 0 elsewhere.
fn peak(command: &mut Command) -> u64 {
    let mut child = command.spawn().expect("the program runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().is_ok_and(|ended| ended.is_none()) {
        let seen = fs::read_to_string(&status).unwrap_or_default();
        let line = seen.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes =
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0_u64);
        peak = peak.max(kilobytes / 1024);
    }
    peak
}
