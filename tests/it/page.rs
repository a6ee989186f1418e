//! `docs/instances.md` shows what is: its trees are made and its commands run, each with the output that stands there.
//!
//! A fenced block with a path behind its language is a file of the tree of its section; a `console` block starts with the command.
//! `BLESS=1 cargo test --test it page::` rewrites the outputs.

use std::fs;
use std::path::Path;
use std::process::Command;

use commerce_lint::model::attribution::Law;

const PAGE: &str = "docs/instances.md";

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    fs::read_to_string(path).expect("the page is readable")
}

/// What a command says in a tree.
fn said(tree: &Path, command: &str) -> String {
    let mut words = command.split(' ');
    assert_eq!(words.next(), Some("commerce-lint"), "{command}");
    let output = Command::new(env!("CARGO_BIN_EXE_commerce-lint"))
        .args(words)
        .args(["--color", "never"])
        .current_dir(tree)
        .output()
        .expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("the output is UTF-8");
    let err = text(output.stderr);
    assert_eq!(err, "", "{command}");
    text(output.stdout)
}

#[test]
fn the_page_of_instances_shows_what_is() {
    let before = page();
    let mut after = String::new();
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let mut tree = scratch.path().join("0/shops");
    let (mut sections, mut commands) = (0, 0);
    let mut lines = before.split_inclusive('\n');
    while let Some(line) = lines.next() {
        after += line;
        if line.starts_with("## ") {
            sections += 1;
            tree = scratch.path().join(format!("{sections}/shops"));
        }
        let Some(info) = line.trim_end().strip_prefix("```").filter(|info| !info.is_empty()) else {
            continue;
        };
        let block: String = lines.by_ref().take_while(|line| *line != "```\n").collect();
        if let Some((_, path)) = info.split_once(' ') {
            let file = tree.join(path);
            fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder");
            fs::write(file, &block).expect("a file can be written");
            after += &block;
        } else if info == "console" {
            let (command, _) = block.split_once('\n').expect("a command comes first");
            let called = command.strip_prefix("$ ").expect("it starts with `$ `");
            after.extend([command, "\n", &said(&tree, called)]);
            commands += 1;
        } else {
            after += &block;
        }
        after += "```\n";
    }
    assert!(commands > 2, "{commands} commands");
    if std::env::var_os("BLESS").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE), &after)
            .expect("the page is writable");
    } else {
        assert_eq!(before, after, "run BLESS=1 cargo test --test it page::");
    }
}

#[test]
fn the_page_has_each_law_by_its_number() {
    let page = page().to_lowercase();
    for law in Law::ALL {
        let line = format!("{}. **{}", law.number(), law.clause());
        assert!(page.contains(&line), "{line}");
    }
}
