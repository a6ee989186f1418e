//! Times `check --staged` and `check --history` beside git's own listing and reading of the same contents.
//!
//! `cargo bench --bench revisions` makes a repository of 20,000 files and 2,000 commits with a fixed seed, runs whole processes in turn, and
//! prints medians, their ratios and peak memory. `--plant DIR` makes the repository there, to look at or profile.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod timing;
mod tree;

use std::env;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use timing::Contender;

const ROUNDS: usize = 7;
const COMMITS: usize = 2_000;
/// How many files a commit changes.
const CHANGES: usize = 4;
const KEY: &str = include_str!("../fixtures/keys/ec-pkcs8.pem");

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, option, folder] = arguments.as_slice()
        && option == "--plant"
    {
        return plant(Path::new(folder));
    }
    let scratch = tempfile::Builder::new()
        .prefix("commerce-lint-bench")
        .tempdir()
        .expect("a scratch folder can be made");
    plant(scratch.path());
    println!(
        "{} files, {COMMITS} commits, {} threads\n",
        tree::FILES,
        rayon::current_num_threads()
    );
    compare(scratch.path());
}

fn git(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new("git");
    command.args(arguments.split(' ')).current_dir(folder);
    command
}

/// Makes the repository, packed and checked out.
fn plant(folder: &Path) {
    let done = |mut command: Command| assert!(command.status().expect("git runs").success());
    done(git(folder, "init -q -b main"));
    let mut child = git(folder, "fast-import --quiet").stdin(Stdio::piped()).spawn();
    let child = child.as_mut().expect("git runs");
    let mut input = BufWriter::new(child.stdin.take().expect("it is a pipe"));
    import(&mut input).expect("git takes what is written");
    drop(input);
    assert!(child.wait().expect("it ends").success());
    done(git(folder, "repack -adfq --depth=20 --window=5"));
    done(git(folder, "reset -q --hard"));
}

/// Writes the commits: the first one has all files, each other one adds a line to a few of them; a key comes and goes.
fn import(out: &mut dyn Write) -> io::Result<()> {
    let mut files = Vec::with_capacity(tree::FILES);
    commit(out, 0)?;
    tree::each(tree::FEW, &mut |path, content| {
        files.push((path.to_owned(), content.to_vec()));
        file(out, path, content)
    })?;
    for number in 1..COMMITS {
        commit(out, number)?;
        for change in 0..CHANGES {
            // A prime that is no factor of the number of files.
            let at = (number * CHANGES + change) * 7_919 % files.len();
            if let Some((path, content)) = files.get_mut(at) {
                writeln!(content, "# change {number}")?;
                file(out, path, content)?;
            }
        }
        match number {
            100 => file(out, "ops/key.pem", KEY.as_bytes())?,
            200 => writeln!(out, "D ops/key.pem")?,
            _ => {}
        }
    }
    Ok(())
}

fn commit(out: &mut dyn Write, number: usize) -> io::Result<()> {
    let seconds = 1_767_225_600 + number * 60;
    let message = format!("Change {number}");
    writeln!(out, "commit refs/heads/main")?;
    writeln!(out, "committer Test <test@example.com> {seconds} +0000")?;
    writeln!(out, "data {}\n{message}", message.len())
}

fn file(out: &mut dyn Write, path: &str, content: &[u8]) -> io::Result<()> {
    writeln!(out, "M 100644 inline {path}\ndata {}", content.len())?;
    out.write_all(content)?;
    writeln!(out)
}

fn compare(folder: &Path) {
    let shell = |line: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(folder);
        vec![command]
    };
    let check = |options: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
        command.arg("check").args(options.split(' ')).current_dir(folder);
        vec![command]
    };
    let read = "git cat-file --batch='%(objectname) %(objecttype) %(objectsize) %(rest)' --buffer";
    let index = format!("git ls-files -s | cut -c8-47 | {read}");
    let objects = format!("git rev-list --objects --all | {read}");
    let mut contenders = [
        Contender::new("git ls-files -s", vec![git(folder, "ls-files -s")]),
        Contender::new("git ls-files -s | cat-file", shell(&index)),
        Contender::new("check --staged --no-cache", check("--staged --no-cache")),
        Contender::new("check --staged", check("--staged")),
        Contender::new("git rev-list --objects | cat-file", shell(&objects)),
        Contender::new("check --history", check("--history")),
    ];
    timing::measure(&mut contenders, ROUNDS);
    contenders.iter().for_each(Contender::print);
    println!();
    let [listing, reading, cold, staged, objects, history] = &contenders;
    for (above, below) in
        [(cold, reading), (staged, listing), (staged, reading), (history, objects)]
    {
        println!("  {} / {} = {:.2}", above.name, below.name, above.median() / below.median());
    }
}
