//! Trees of the fixtures, mutated: cut, doubled, swapped, spliced, sprinkled with hostile words, under one another's names. No run fails,
//! hangs, shows a key, or says another thing on another number of threads.
//!
//! `MUTATE_SECONDS=75` tries for as long, as `.ci/mutations` does; `MUTATE_SEED=N` begins elsewhere, and repeats what a failure named.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use commerce_lint::cli::{self, color};
use commerce_lint::clock::Clock;
use commerce_lint::command::answer;
use commerce_lint::publish::{Look, Pipeline};
use walkdir::WalkDir;

/// What is longer hangs, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

/// The largest file that is made.
const LARGEST: usize = 200_000;

/// What readers stumble over.
const HOSTILE: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "'",
    "\"",
    "`",
    "\\",
    "\\u0000",
    "\\'",
    "#",
    "//",
    "/*",
    "*/",
    "--",
    ";",
    ",",
    ":",
    "=",
    "=>",
    "|",
    ">-",
    "&a ",
    "*a",
    "<<: ",
    "!x ",
    "%",
    "\t",
    "\r",
    "\n\n",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[2J",
    "é",
    "\u{2028}",
    "{{ ",
    " }}",
    "{{- if .x }}",
    "{{ end }}",
    "{% if x %}",
    "<% x %>",
    "${",
    "$(",
    "`x`",
    "<<EOF\n",
    "EOF\n",
    "<<<A\n",
    "A;\n",
    "<?php ",
    "?>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&amp;",
    "---\n",
    "...\n",
    "null",
    "~",
    "1e999",
    "0x",
    "true",
    "'''",
    "\"\"\"",
    "!!binary ",
    "extends: ",
    "include: ",
    "valueFrom: ",
    "kind: Secret\n",
    "data:\n",
    "services:\n",
    "env_file: .env\n",
    "resources: [.]\n",
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "# commerce-lint: allow shared-data-space -- x\n",
    "config:set ",
    "INSERT INTO core_config_data VALUES ",
    "CONFIG__DEFAULT__",
    "services_connector/services_id/environment_id",
    "${CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID}",
    "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11",
    "production",
    "staging",
    "default",
    "../",
];

/// What is run on a tree, beside the check whose report is in JSON.
const OTHERS: &[&[&str]] = &[
    &["check", "--color", "always"],
    &["check", "--output-format", "line", "--no-config"],
    &["instances", "--explain"],
    &["instances", "--output-format", "json", "--explain"],
    &["instances", "--output-format", "mermaid"],
    &["facts", "--repo", "a"],
    &["init", "--print"],
    &["check", "--diff"],
    &["config"],
];

/// Numbers that are the same for the same seed.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        // Steele, Lea, Flood: Fast splittable pseudorandom number generators.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count.max(1) as u64).expect("it is less than a usize")
    }

    fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// A piece of a text.
    fn range(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..(start + self.below(longest + 1)).min(length)
    }
}

/// The files of a tree, by their paths in it.
type Files = Vec<(PathBuf, Vec<u8>)>;

fn files_of(tree: &Path) -> Files {
    let entries =
        WalkDir::new(tree).sort_by_file_name().into_iter().map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    let file = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(tree).expect("it lies in the tree").to_owned();
        (path, fs::read(entry.path()).expect("it is readable"))
    };
    files.map(file).collect()
}

fn mutate(text: &mut Vec<u8>, corpus: &[Files], draw: &mut Draw) {
    let length = text.len();
    let at = draw.below(length + 1);
    match draw.below(9) {
        0 => text.truncate(at),
        1 => drop(text.drain(draw.range(length, 200))),
        2 => {
            let piece = text[draw.range(length, 400)].to_vec();
            let times = [1, 1, 2, 3, 50][draw.below(5)];
            text.splice(at..at, piece.repeat(times));
        }
        3 => {
            let mut lines: Vec<Vec<u8>> =
                text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            let (one, other) = (draw.below(lines.len()), draw.below(lines.len()));
            if !lines.is_empty() {
                lines.swap(one, other);
            }
            *text = lines.concat();
        }
        4 => {
            let tree: &Files = draw.one(corpus);
            let other = &draw.one(tree).1;
            let piece = other[draw.range(other.len(), 2_000)].to_vec();
            text.splice(at..at, piece);
        }
        5 | 6 => {
            let word = draw.one(HOSTILE).as_bytes();
            let times = [1, 1, 1, 2, 200][draw.below(5)];
            text.splice(at..at, word.repeat(times));
        }
        7 => {
            for _ in 0..=draw.below(4) {
                let (at, byte) = (draw.below(length), draw.next().to_le_bytes()[0]);
                if let Some(place) = text.get_mut(at) {
                    *place = byte;
                }
            }
        }
        _ => {
            let word = draw.one(HOSTILE).as_bytes();
            let range = draw.range(length, 30);
            text.splice(range, word.iter().copied());
        }
    }
    text.truncate(LARGEST);
}

/// A tree and what is changed in it.
fn mutated(corpus: &[Files], draw: &mut Draw) -> Files {
    let mut files = draw.one(corpus).clone();
    for _ in 0..=draw.below(3) {
        let at = draw.below(files.len());
        for _ in 0..=draw.below(4) {
            mutate(&mut files[at].1, corpus, draw);
        }
        if draw.below(6) == 0 {
            // The text of one format under the name of another.
            let tree: &Files = draw.one(corpus);
            files[at].0.clone_from(&draw.one(tree).0);
        }
    }
    files
}

/// Every twelve characters of the keys of a tree, between their markers.
fn parts(files: &Files) -> BTreeSet<Vec<u8>> {
    let mut parts = BTreeSet::new();
    for (_, bytes) in files {
        let text = String::from_utf8_lossy(bytes);
        for block in text.split("PRIVATE KEY-----").skip(1).step_by(2) {
            let body = block.split("-----END").next().unwrap_or_default().replace("\\n", "\n");
            for line in
                body.split(|letter: char| !letter.is_ascii_alphanumeric() && !"+/".contains(letter))
            {
                if line.len() >= 40 {
                    parts.extend(line.as_bytes().windows(12).map(<[u8]>::to_vec));
                }
            }
        }
    }
    parts
}

/// What the program prints, and its exit code.
fn ran(tree: &Path, arguments: &[&str]) -> (u8, Vec<u8>) {
    let mut words: Vec<std::ffi::OsString> = vec!["commerce-lint".into()];
    words.extend(arguments.iter().map(Into::into));
    words.push(tree.into());
    let colors = color::Colors::default();
    let look = Look {
        colors,
        width: 100,
        most: None,
        day: None,
        pipeline: Pipeline::default(),
        screen: None,
    };
    let clock = Clock { seconds: 1_800_000_000, source_date_epoch: None };
    let (mut out, mut remarks) = (Vec::new(), Vec::new());
    let code = answer(cli::parse(&words, colors), look, &clock, &mut out, &mut remarks);
    out.extend(remarks);
    (code, out)
}

/// Runs the program on a tree; what is wrong with what it says.
fn judge(files: &Files, secrets: &BTreeSet<Vec<u8>>, other: &[&str]) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder for temporary files exists");
    for (path, text) in files {
        let path = folder.path().join(path);
        // Two files of different trees may be in one another's way.
        let _ = fs::create_dir_all(path.parent().expect("it lies in the folder"));
        let _ = fs::write(path, text);
    }
    let report = ["check", "--output-format", "json", "--threads"];
    let first = ran(folder.path(), &[&report[..], &["1"]].concat());
    let again = ran(folder.path(), &[&report[..], &["4"]].concat());
    if first != again {
        return Some("four threads say another thing than one".to_owned());
    }
    for (code, said) in [first, ran(folder.path(), other)] {
        let text = String::from_utf8_lossy(&said);
        if code > 3 || text.contains("made a reader of this tool fail") {
            return Some(format!("exit code {code}: {text}"));
        }
        if let Some(leak) = said.windows(12).find(|part| secrets.contains(*part)) {
            return Some(format!("{other:?} shows {}", String::from_utf8_lossy(leak)));
        }
    }
    None
}

#[test]
fn no_mutated_tree_makes_a_run_fail() {
    let number = |name: &str| std::env::var(name).ok().and_then(|said| said.parse().ok());
    let (seconds, seed) = (number("MUTATE_SECONDS"), number("MUTATE_SEED").unwrap_or(1));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/trees");
    let trees = fs::read_dir(folder).expect("the fixtures are there");
    let mut trees: Vec<PathBuf> = trees.map(|tree| tree.expect("an entry").path()).collect();
    trees.sort();
    let trees = trees.iter().filter(|tree| tree.is_dir());
    let corpus: Vec<Files> =
        trees.map(|tree| files_of(tree)).filter(|files| !files.is_empty()).collect();
    let secrets: BTreeSet<Vec<u8>> = corpus.iter().flat_map(parts).collect();
    let shared = Arc::new((corpus, secrets));
    let begun = Instant::now();
    let mut count = 0;
    while seconds
        .map_or(count < crate::size(30, 3000) as u64, |most| begun.elapsed().as_secs() < most)
    {
        let seed = seed + count;
        count += 1;
        let (sender, receiver) = mpsc::channel();
        let its = Arc::clone(&shared);
        // Where it hangs, it is left behind: the test ends, and all threads with it.
        thread::spawn(move || {
            let (corpus, secrets) = &*its;
            let mut draw = Draw(seed);
            let files = mutated(corpus, &mut draw);
            let other: &&[&str] = draw.one(OTHERS);
            let _ = sender.send(judge(&files, secrets, other));
        });
        match receiver.recv_timeout(PATIENCE) {
            Ok(None) => {}
            Ok(Some(what)) => panic!("MUTATE_SEED={seed}: {what}"),
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("MUTATE_SEED={seed} still runs"),
            Err(mpsc::RecvTimeoutError::Disconnected) => panic!("MUTATE_SEED={seed} panics"),
        }
    }
    if seconds.is_some() {
        let told = format!("{count} mutated trees in {} s\n", begun.elapsed().as_secs());
        io::stderr().write_all(told.as_bytes()).expect("somebody listens");
    }
}
