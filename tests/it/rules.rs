//! Every page in `rules/` is run: its examples show what they say, and what it recommends is clean of every rule.
//!
//! A fenced block with a path in its info string is a file. Where a section has files `before` (the last word of the info string), they
//! are committed first and what is checked is compared with them; a file of `both` states is written once. A file that is `earlier` is
//! committed and removed before all that. A `###` heading within a section starts a tree of its own.
//!
//! `BLESS=1 cargo test --test it rules::` rewrites the `console` blocks and `rules/README.md`; review them like code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use commerce_lint::rules;
use commerce_lint::rules::page::{self, Page};

/// The sections that every page has, in this order; `## Options` may stand among them.
const SECTIONS: [&str; 3] = ["Example", "Use instead", "When to waive it"];

/// A fenced block: what its opening line says, and its lines by index in the page.
pub struct Block<'a> {
    pub info: &'a str,
    pub lines: std::ops::Range<usize>,
}

/// A `##` section, or what stands under a `###` of it, with its blocks.
pub struct Section<'a> {
    pub title: &'a str,
    pub case: &'a str,
    pub blocks: Vec<Block<'a>>,
}

/// A file of an example, and the states that have it: `before`, `both`, or the one that is checked.
pub struct File<'a> {
    pub path: &'a str,
    pub state: &'a str,
    pub text: String,
}

/// What the program answered.
struct Answer {
    findings: Vec<String>,
    exit: Option<i32>,
    all: String,
}

#[test]
fn every_page_shows_what_it_says() {
    let failures: Vec<String> = rules::ids().iter().filter_map(|id| run_page(id).err()).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let mut pages: Vec<String> = fs::read_dir(folder())
        .expect("the folder of the pages is readable")
        .map(|entry| entry.expect("its entries are readable").path())
        .filter_map(|path| Some(path.file_name()?.to_str()?.strip_suffix(".md")?.to_owned()))
        .filter(|stem| stem != "README")
        .collect();
    pages.sort();
    assert_eq!(pages, rules::ids());
}

#[test]
fn the_index_lists_every_page() {
    let path = folder().join("README.md");
    if is_blessed() {
        fs::write(&path, rules::index()).expect("the index is writable");
    }
    let index = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(index, rules::index(), "run BLESS=1 cargo test --test it rules::");
}

#[test]
fn every_page_has_the_form_of_a_page() {
    let mut failures = Vec::new();
    for id in rules::ids() {
        let text = read(id);
        match page::parse(&text) {
            Ok(page) => failures.extend(flaws(&text, &page).map(|flaw| format!("{id}: {flaw}"))),
            Err(errors) => failures.push(format!("{id}: {errors:?}")),
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn a_page_without_form_is_noticed() {
    let text =
        "---\nseverity: off\nsummary: no stop\nsince: 1\ntags: []\n---\nNo stop\n\n## Example\n";
    let page = page::parse(text).expect("its front matter is sound");
    assert_eq!(flaws(text, &page).count(), 5);
}

fn flaws<'a>(text: &'a str, page: &'a Page<'_>) -> impl Iterator<Item = &'static str> + use<'a> {
    let sections = sections(text);
    let begun = sections.iter().filter(|section| section.case.is_empty());
    let titles: Vec<&str> = begun.map(|section| section.title).collect();
    let known: Vec<&str> = titles.iter().copied().filter(|title| *title != "Options").collect();
    let first = page.body.split("\n\n").next().unwrap_or_default();
    [
        (text.lines().count() > 80, "the page is longer than 80 lines"),
        (!page.summary.ends_with('.'), "the summary does not end with a full stop"),
        (page.summary.contains(['\n', '|']), "the summary does not fit into a table"),
        (page.tags.is_empty(), "there are no tags"),
        (version(&page.since) > version(env!("CARGO_PKG_VERSION")), "it is of a later version"),
        (!first.trim_end().ends_with('.'), "the first paragraph does not end with a full stop"),
        (first.starts_with('#'), "a page starts with why it matters, not with a title"),
        (known != SECTIONS, "the sections are not Example, Use instead, When to waive it"),
    ]
    .into_iter()
    .filter_map(|(is_flawed, flaw)| is_flawed.then_some(flaw))
}

fn version(text: &str) -> Vec<u32> {
    text.split('.').filter_map(|part| part.parse().ok()).collect()
}

/// Runs each section of a page, or rewrites what it expects.
fn run_page(id: &str) -> Result<(), String> {
    let text = read(id);
    let lines: Vec<&str> = text.lines().collect();
    let mut blessed: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let mut failures = Vec::new();
    for section in sections(&text).iter().rev() {
        let files: Vec<File> = section
            .blocks
            .iter()
            .filter_map(|block| {
                let text = joined(lines.get(block.lines.clone())?);
                let mut words = block.info.split(' ').skip(1);
                Some(File { path: words.next()?, state: words.next().unwrap_or_default(), text })
            })
            .collect();
        if files.is_empty() {
            continue;
        }
        let answer = check(&files);
        let title = format!("{} {}", section.title, section.case);
        let Some(console) = section.blocks.iter().find(|block| block.info == "console") else {
            if !answer.findings.is_empty() || answer.exit != Some(0) {
                failures.push(format!("{id}, {title}: not clean\n{}", answer.all));
            }
            continue;
        };
        let ending = format!(" [{id}]");
        let found: Vec<String> =
            answer.findings.into_iter().filter(|line| line.ends_with(&ending)).collect();
        let expected = lines.get(console.lines.clone()).unwrap_or_default();
        if found.is_empty() {
            failures.push(format!("{id}, {title}: the rule finds nothing\n{}", answer.all));
        } else if is_blessed() {
            blessed.splice(console.lines.clone(), found);
        } else if found != expected {
            let (found, expected) = (joined(&found), joined(expected));
            failures.push(format!("{id}, {title}: expected\n{expected}found\n{found}"));
        }
    }
    if is_blessed() && blessed != lines {
        fs::write(path(id), joined(&blessed)).expect("the page is writable");
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Writes the files into an empty folder and checks it; compares it with the state before, if there is one.
fn check(files: &[File]) -> Answer {
    let tree = tempfile::tempdir().expect("a scratch folder can be made");
    let options = lay_out(tree.path(), files);
    let mut command = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
    command.args(["check", "--output-format", "line", "--color", "never"]);
    // A configuration alone says nothing of the tree that it is for.
    let is_alone = matches!(files, [file] if file.path == "commerce-lint.toml");
    command.args(["--fail-on", if is_alone { "error" } else { "warning" }]);
    command.args(options);
    let output = command.current_dir(tree.path()).output().expect("the program starts");
    let out = String::from_utf8(output.stdout).expect("the output is UTF-8");
    let endings: Vec<String> = rules::ids().iter().map(|id| format!(" [{id}]")).collect();
    let is_of_tree = |line: &str| !is_alone || !line.ends_with(" [unmatched-pattern]");
    let is_finding =
        |line: &&str| is_of_tree(line) && endings.iter().any(|ending| line.ends_with(ending));
    Answer {
        findings: out.lines().filter(is_finding).map(ToOwned::to_owned).collect(),
        exit: output.status.code(),
        all: format!("{}\n{out}{}", output.status, String::from_utf8_lossy(&output.stderr)),
    }
}

/// Writes an example's files into a folder, and says with which options it is checked.
pub fn lay_out(root: &Path, files: &[File<'_>]) -> Vec<&'static str> {
    let is_of = |state: &'static str| move |file: &&File| file.state == state;
    let is_compared = files.iter().any(|file| file.state == "before");
    let has_history = files.iter().any(|file| file.state == "earlier");
    if is_compared || has_history {
        git(root, "init -q");
    }
    if has_history {
        write(root, files.iter().filter(is_of("earlier")));
        git(root, "add -A");
        git(root, "commit -qm earlier");
        git(root, "rm -qr .");
        git(root, "commit -qm later");
    }
    if is_compared {
        write(root, files.iter().filter(|file| matches!(file.state, "before" | "both")));
        git(root, "add -A");
        git(root, "commit -qm before");
        for file in files.iter().filter(is_of("before")) {
            fs::remove_file(root.join(file.path)).expect("it was written");
        }
    }
    write(root, files.iter().filter(|file| file.state.is_empty() || file.state == "both"));
    let mut options = Vec::new();
    if files.iter().all(|file| file.path != "commerce-lint.toml") {
        options.push("--no-config");
    }
    if is_compared {
        options.extend(["--base", "HEAD"]);
    }
    if has_history {
        options.push("--history");
    }
    options
}

pub fn write<'a>(root: &Path, files: impl Iterator<Item = &'a File<'a>>) {
    for File { path, text, .. } in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("it can be made");
        fs::write(path, text).expect("the file can be written");
    }
}

/// Runs git as nobody's configuration wants it.
pub fn git(root: &Path, arguments: &str) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    // Pages show the names of commits.
    for date in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        command.env(date, "2026-01-01T00:00:00Z");
    }
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let output = command.args(arguments.split(' ')).current_dir(root).output();
    let output = output.expect("git is installed");
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

pub fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(""), Some((info, start))) => {
                let block = Block { info, lines: start..index };
                sections.iter_mut().last().expect("blocks are in sections").blocks.push(block);
                open = None;
            }
            (Some(info), None) => open = Some((info, index + 1)),
            (_, Some(_)) => {}
            (None, None) => {
                let within = sections.last().map_or("", |section| section.title);
                let title = line.strip_prefix("## ").map(|title| (title, ""));
                let heading = title.or_else(|| Some((within, line.strip_prefix("### ")?)));
                sections.extend(heading.map(|(title, case)| Section {
                    title,
                    case,
                    blocks: Vec::new(),
                }));
            }
        }
    }
    sections
}

pub fn joined<T: AsRef<str>>(lines: &[T]) -> String {
    lines.iter().fold(String::new(), |all, line| all + line.as_ref() + "\n")
}

fn is_blessed() -> bool {
    std::env::var_os("BLESS").is_some()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

fn path(id: &str) -> PathBuf {
    folder().join(format!("{id}.md"))
}

pub fn read(id: &str) -> String {
    fs::read_to_string(path(id)).expect("the page is readable").replace("\r\n", "\n")
}
