//! Times `check` beside the floor of merely walking and reading the same files.
//!
//! `cargo bench --bench check` makes two trees of 20,000 files with a fixed seed, one with few instances and one with many, each as a plain
//! folder and as a repository, runs whole processes in turn, and prints medians, their ratio and peak memory: in the repository without the
//! cache and with it, and everywhere beside `rg`, where that is on the path. This program is one of those processes: with `--floor DIR` it only walks and reads, with
//! `--front DIR` it discovers, reads and sifts with the library and parses nothing. `--plant DIR` writes the tree there, to look at or profile.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod timing;
mod tree;

use std::env;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use commerce_lint::discover::discover;
use commerce_lint::read::{Content, Limits, read};
use rayon::prelude::*;
use timing::Contender;
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
            tree::write(Path::new(folder), tree::MANY).expect("the folder can be written");
        }
        _ => {
            compare("few instances", tree::FEW);
            compare("many instances", tree::MANY);
        }
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

fn compare(name: &str, shops: usize) {
    let scratch = tempfile::Builder::new()
        .prefix("commerce-lint-bench")
        .tempdir()
        .expect("a scratch folder can be made");
    let bytes = tree::write(scratch.path(), shops).expect("the scratch folder can be written");
    println!(
        "{name}: {} files, {} MB, {} threads\n",
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
    check.arg("check").arg(folder);
    let mut floor = vec![part("--floor")];
    floor.extend(in_git.then_some(listing));
    let mut contenders =
        vec![Contender::new("floor", floor), Contender::new("front", vec![part("--front")])];
    let mut cold = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
    cold.args(["check", "--no-cache"]).arg(folder);
    let mut search = Command::new("rg");
    search.args(["-c", "-uuu", "-g", "!.git", "(?i)services_connector"]).arg(folder);
    if search.output().is_ok() {
        contenders.push(Contender::new("rg", vec![search]));
    }
    if check.output().is_ok_and(|output| !output.stdout.is_empty()) {
        if in_git {
            contenders.push(Contender::new("check --no-cache", vec![cold]));
        }
        contenders.push(Contender::new("check", vec![check]));
    } else {
        println!("`check` printed nothing and is not timed");
    }
    timing::measure(&mut contenders, ROUNDS);
    contenders.iter().for_each(Contender::print);
    if let [floor, others @ ..] = contenders.as_slice() {
        for other in others {
            let ratio = other.median() / floor.median();
            println!(
                "  {} / floor = {ratio:.2} (aim ≤ {RATIO_AIM}), peak {} MB (aim < {PEAK_AIM} MB)",
                other.name, other.peak
            );
        }
    }
    println!();
}
