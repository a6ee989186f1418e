//! What contributors are told is so: the picture and the rooms are those of `src/`, each promise names a test that is there, each script of `.ci/` has a row.
//!
//! `BLESS=1 cargo test --test it readme::` rewrites the parts of `docs/architecture.md`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use super::assert_part;

fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n")
}

/// The documentation of the crate, without its marks.
fn law() -> String {
    let lines = text("src/lib.rs");
    let lines = lines.lines().map_while(|line| line.strip_prefix("//!"));
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// What `src/` consists of: names, and the file that speaks for each.
fn rooms() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = fs::read_dir(root).expect("the sources are there").map(|entry| {
        let name = entry.expect("its entries are readable").file_name();
        let name = name.into_string().expect("sources have plain names");
        let file = if name.contains('.') { name.clone() } else { format!("{name}/mod.rs") };
        (name.trim_end_matches(".rs").to_owned(), file)
    });
    let mut rooms: Vec<_> = entries.collect();
    rooms.sort();
    rooms
}

#[test]
fn the_picture_is_that_of_the_crate_and_each_of_its_steps_is_a_room() {
    let law = law();
    let (_, picture) = law.split_once("```text\n").expect("the crate has a picture");
    let (picture, _) = picture.split_once("```").expect("it ends");
    assert_part("way", &format!("```text\n{picture}```\n"));
    let rooms: BTreeSet<String> = rooms().into_iter().map(|(name, _)| name).collect();
    for step in picture.lines().filter_map(|line| line.split(' ').next()) {
        let room = if step == "parse" { "syntax" } else { step };
        assert!(rooms.contains(room), "`{step}` is no room of src/");
    }
    let (_, invariants) = law.split_once("# Invariants\n\n").expect("the crate has laws");
    let (invariants, _) = invariants.split_once("\n\n").expect("they end");
    assert_part("invariants", &format!("{invariants}\n"));
}

#[test]
fn the_table_of_rooms_is_what_they_say_of_themselves() {
    let mut table = String::from("| room | what it is |\n| --- | --- |\n");
    for (name, file) in rooms() {
        let text = text(&format!("src/{file}"));
        let first = text.lines().next().and_then(|line| line.strip_prefix("//! "));
        let first = first.expect("a module says what it is");
        let first = first.replace(['[', ']'], "").replace('|', "\\|");
        let row = ["| `", &name, "` | ", first.trim_end(), " |\n"].concat();
        table.push_str(&row);
    }
    assert_part("rooms", &table);
}

#[test]
fn every_promise_names_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let files = WalkDir::new(&root).into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.path().extension().is_some_and(|end| end == "rs"));
    let tests: BTreeSet<String> = files.flat_map(|entry| tests_of(&root, entry.path())).collect();
    let page = text("SECURITY.md");
    let names: Vec<&str> = page.split('`').filter(|name| name.contains("::")).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(tests.contains(name), "SECURITY.md names `{name}`");
    }
}

/// The functions of a file of tests, each behind the modules that it stands in.
fn tests_of(root: &Path, file: &Path) -> Vec<String> {
    let path = file.strip_prefix(root).expect("it stands there").with_extension("");
    let parts = path.iter().map(|part| part.to_string_lossy().into_owned());
    let modules: Vec<String> = parts.filter(|part| part != "mod" && part != "main").collect();
    let text = fs::read_to_string(file).expect("it is readable");
    let named = text.lines().filter_map(|line| line.trim_start().strip_prefix("fn "));
    let named = named.filter_map(|rest| rest.split_once('('));
    named
        .map(|(name, _)| {
            modules.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("::")
        })
        .collect()
}

#[test]
fn every_script_has_a_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci");
    // A published package leaves it out.
    let Ok(entries) = fs::read_dir(folder) else { return };
    let page = text(".ci/README.md");
    for entry in entries {
        let name = entry.expect("its entries are readable").file_name();
        let name = name.to_string_lossy();
        assert!(name == "README.md" || page.contains(&format!("`{name}`")), "{name} has no row");
    }
}
