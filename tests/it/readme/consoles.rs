//! What the pages have people type is typed: here, in a repository with a remote, or by the step of `.ci/` whose recipe it is.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::{EXAMPLE, copy, pages, root};

/// Blocks whose outputs are held by other tests, and commands that a step of `.ci/` or cargo runs.
const ELSEWHERE: &[(&str, &str)] = &[
    ("commerce-lint instances\nkiwi", "tests/it/page.rs"),
    ("commerce-lint instances --explain\n", "tests/it/page.rs"),
    (
        "openssl rand -hex 32 > fleet.key     # once; keep it where only you read it\n",
        "tests/it/fleet",
    ),
    ("cargo build", "Cargo.toml"),
    ("cargo test", "Cargo.toml"),
    ("docker ", ".ci/container"),
    ("npm install", ".ci/release"),
    ("npx commerce-lint check", ".ci/release"),
    ("pip install commerce-lint==", ".ci/wheel"),
];

/// A block of a page: the recipe that it is, if any, and its text.
struct Console {
    page: String,
    recipe: Option<String>,
    text: String,
}

fn consoles() -> Vec<Console> {
    let mut found = Vec::new();
    for (path, text) in pages() {
        let page = path.strip_prefix(root()).expect("it is ours").display().to_string();
        let parts: Vec<&str> = text.split("```console\n").collect();
        for pair in parts.windows(2) {
            let [before, block] = pair else { continue };
            let before = before.lines().last().unwrap_or_default();
            let name =
                before.strip_prefix("<!-- recipe ").and_then(|name| name.strip_suffix(" -->"));
            let (text, _) = block.split_once("```").expect("the block ends");
            let recipe = name.map(ToOwned::to_owned);
            found.push(Console { page: page.clone(), recipe, text: text.to_owned() });
        }
    }
    found
}

fn git(folder: &Path, words: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=Tester", "-c", "user.email=tester@example.invalid"])
        .args(words)
        .current_dir(folder)
        .output()
        .expect("git runs");
    assert!(done.status.success(), "{words:?}: {done:?}");
}

/// A clone of the README's tree, which knows the branch that it would be merged into.
fn repository(folder: &Path) {
    copy(&root().join(EXAMPLE), folder);
    git(folder, &["init", "--quiet", "--initial-branch", "main"]);
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "All"]);
    git(folder, &["remote", "add", "origin", "https://example.invalid/shop.git"]);
    git(folder, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    git(folder, &["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
}

fn run(folder: &Path, command: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_commerce-lint"))
        .args(command.split_whitespace())
        .current_dir(folder)
        // As in the pipeline of a merge request.
        .env("CHANGE_TARGET", "main")
        .output()
        .expect("the program starts")
}

/// What is wrong with a command of a page, and whether it was run here.
fn tried(tree: &Path, command: &str) -> Result<bool, String> {
    let ran = match (command.strip_prefix("commerce-lint "), command.split_once(" -- ")) {
        (Some(words), _) => run(tree, words),
        (None, Some((before, words))) if before.starts_with("cargo run") => run(root(), words),
        _ if ELSEWHERE.iter().any(|(start, _)| command.starts_with(start)) => return Ok(false),
        _ => return Err("nothing runs it".into()),
    };
    if matches!(ran.status.code(), Some(0 | 1)) { Ok(true) } else { Err(format!("{ran:?}")) }
}

#[test]
fn every_command_of_a_page_is_run() {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    repository(scratch.path());
    let (mut here, mut flaws) = (0, Vec::new());
    for Console { page, recipe, text } in consoles() {
        let is_held = |start: &str| start.contains('\n') && text.starts_with(&format!("$ {start}"));
        if recipe.is_some() || ELSEWHERE.iter().any(|(start, _)| is_held(start)) {
            continue;
        }
        for line in text.lines() {
            // What follows some blanks is a remark.
            let command = line.strip_prefix("$ ").and_then(|line| line.split("  #").next());
            match command.map(|command| tried(scratch.path(), command.trim())) {
                Some(Ok(is_run)) => here += usize::from(is_run),
                Some(Err(why)) => flaws.push(format!("{page}: `{line}`: {why}")),
                None => flaws.push(format!("{page}: `{line}` is no command, and nothing holds it")),
            }
        }
    }
    assert!(flaws.is_empty(), "\n{}", flaws.join("\n"));
    assert!(here > 6, "{here} commands were run");
    for report in ["commerce-lint.sarif", "commerce-lint.xml", "review.html"] {
        assert!(scratch.path().join(report).is_file(), "{report} is written");
    }
}

#[test]
fn every_recipe_is_run_by_a_step() {
    // A published package leaves the steps out.
    let Ok(entries) = fs::read_dir(root().join(".ci")) else { return };
    let steps = entries.map(|entry| entry.expect("its entries are readable").path());
    let steps: String = steps.filter_map(|path| fs::read_to_string(path).ok()).collect();
    let words: Vec<&str> = steps.split(|c: char| c.is_whitespace() || "()\"".contains(c)).collect();
    let mut seen = 0;
    for (path, text) in pages() {
        for rest in text.split("<!-- recipe ").skip(1) {
            let name = rest.split(" -->").next().unwrap_or_default();
            seen += 1;
            let is_run = words.windows(2).any(|pair| pair == ["recipe", name])
                || words
                    .iter()
                    .any(|word| word.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')));
            assert!(is_run, "{}: no step of .ci/ runs the recipe `{name}`", path.display());
        }
    }
    assert!(seen > 8, "{seen} recipes");
    for (command, by) in ELSEWHERE {
        assert!(root().join(by).exists(), "{command} is held by {by}");
    }
}
