//! The README and what it leads to show what is: the finding is part of the real output, the tables name every format and carrier.
//!
//! `BLESS=1 cargo test --test it readme::` rewrites these parts.

mod consoles;
mod doors;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum as _;
use commerce_lint::cli::format::CheckFormat;
use commerce_lint::config::Config;
use commerce_lint::model::setting::{Carrier, Layer};
use commerce_lint::recognise::dialects::NAMED;
use commerce_lint::rules;
use commerce_lint::states::{Configured, Request};
use commerce_lint::syntax::{FORMATS, format_of};

const EXAMPLE: &str = "fixtures/trees/shared-data-space-across-carriers";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README and the pages of `docs/`: paths and texts.
fn pages() -> Vec<(PathBuf, String)> {
    let docs = fs::read_dir(root().join("docs")).expect("the folder of the pages is readable");
    let docs = docs.map(|entry| entry.expect("its entries are readable").path());
    let docs = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let decisions = fs::read_dir(root().join("docs/decisions")).expect("they are readable");
    let decisions = decisions.map(|entry| entry.expect("its entries are readable").path());
    let others = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/packs/README.md"];
    // A published package leaves out what is for the repository alone.
    let ci = Some(root().join(".ci/README.md")).filter(|page| page.exists());
    let others = others.map(|page| root().join(page)).into_iter().chain(ci);
    let mut paths: Vec<PathBuf> = docs.chain(decisions).chain(others).collect();
    paths.sort();
    let text = |path: &PathBuf| fs::read_to_string(path).expect("the page is readable");
    paths.into_iter().map(|path| (path.clone(), text(&path).replace("\r\n", "\n"))).collect()
}

/// The page with the part of a name, and the text between `<!-- name -->` and `<!-- /name -->`.
fn part(name: &str) -> (PathBuf, String) {
    let found = pages().into_iter().find_map(|(path, text)| {
        let (_, rest) = text.split_once(&format!("<!-- {name} -->\n"))?;
        Some((path, rest.split_once(&format!("<!-- /{name} -->"))?.0.to_owned()))
    });
    found.expect("some page has the part")
}

/// Holds that a part of a page is what it should be, or makes it so.
fn assert_part(name: &str, expected: &str) {
    let (path, actual) = part(name);
    if std::env::var_os("BLESS").is_some() {
        let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let text = fs::read_to_string(&path).expect("the page is readable");
        let (old, new) = (format!("{open}{actual}{close}"), format!("{open}{expected}{close}"));
        fs::write(path, text.replacen(&old, &new, 1)).expect("the page is writable");
    } else {
        assert_eq!(actual, expected, "the part `{name}` of {}", path.display());
    }
}

#[test]
fn the_readme_is_short() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README is readable");
    assert!(readme.len() < 8_500, "the README has {} bytes: the rest goes to docs/", readme.len());
}

/// Every link within the repository leads somewhere, to a heading that is there.
#[test]
fn every_link_leads_somewhere() {
    let anchor = |line: &str| {
        let words = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        words.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect::<String>()
    };
    let mut dead = Vec::new();
    for (path, text) in pages() {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") || link.contains(char::is_whitespace) {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                file => path.parent().expect("a page is in a folder").join(file),
            };
            let is_there = target.exists() || !root().join(".git").exists();
            let text = fs::read_to_string(&target).unwrap_or_default();
            let headings = text.lines().filter(|line| line.starts_with('#')).map(anchor);
            if !is_there || !heading.is_empty() && !headings.into_iter().any(|one| one == heading) {
                dead.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "\n{}", dead.join("\n"));
}

#[test]
fn the_finding_is_real() {
    let output = Command::new(env!("CARGO_BIN_EXE_commerce-lint"))
        .args(["check", "--color", "never", EXAMPLE])
        .env("COLUMNS", "100")
        .current_dir(root())
        .output()
        .expect("the tool runs");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).expect("the output is UTF-8");
    let found = text.split("\n\n").find(|part| part.starts_with("error[shared-data-space]"));
    assert_part("finding", &format!("```text\n{}\n```\n", found.expect("it is found")));
}

#[test]
fn the_map_is_real() {
    let output = Command::new(env!("CARGO_BIN_EXE_commerce-lint"))
        .args(["instances", "--output-format", "mermaid", EXAMPLE])
        .current_dir(root())
        .output()
        .expect("the tool runs");
    let text = String::from_utf8(output.stdout).expect("the output is UTF-8");
    assert_part("map", &format!("```mermaid\n{text}```\n"));
}

#[test]
fn the_table_of_formats_names_each_format() {
    let (_, table) = part("formats");
    let rows: Vec<&str> =
        table.lines().skip(2).filter_map(|row| row.split('|').nth(1)).map(str::trim).collect();
    let formats: Vec<&str> = FORMATS.iter().map(|format| format.name()).collect();
    assert_eq!(rows, formats);
}

/// The names that say a format of another name, as the one table of dialects has them.
#[test]
fn the_list_of_names_is_that_of_the_dialects() {
    let mut formats: Vec<(&str, Vec<String>)> = Vec::new();
    for (pattern, like) in NAMED {
        let format = format_of(like).expect("a row leads to a format").name();
        match formats.iter_mut().find(|(known, _)| *known == format) {
            Some((_, patterns)) => patterns.push(format!("`{pattern}`")),
            None => formats.push((format, vec![format!("`{pattern}`")])),
        }
    }
    let rows =
        formats.iter().map(|(format, patterns)| format!("- {format}: {}\n", patterns.join(", ")));
    assert_part("named", &rows.collect::<String>());
}

#[test]
fn the_table_of_reports_names_each_format() {
    let (_, table) = part("outputs");
    let rows = table.lines().skip(2).filter_map(|row| row.split('`').nth(1));
    let formats = CheckFormat::value_variants().iter().filter_map(CheckFormat::to_possible_value);
    let names: Vec<String> = formats.map(|format| format.get_name().to_owned()).collect();
    assert_eq!(rows.collect::<Vec<_>>(), names);
}

#[test]
fn the_configurations_that_the_readme_shows_are_sound() {
    let pages = pages();
    // What rules of packs are called is known where the packs are.
    let pages = pages.iter().filter(|(path, _)| !path.starts_with(root().join("docs/packs")));
    let blocks = pages.flat_map(|(_, text)| text.split("```toml\n").skip(1));
    let blocks: Vec<&str> = blocks.collect();
    assert!(blocks.len() > 2, "the pages show configurations");
    for block in blocks {
        let (toml, _) = block.split_once("```").expect("the block ends");
        let config = Config::parse(toml, &rules::ids());
        assert!(config.is_ok(), "{config:?}");
    }
}

/// Every example is a file of a fixture tree in which the tool finds something, and the layers are those of its settings.
#[test]
fn the_table_of_carriers_is_shown_by_trees() {
    let (_, table) = part("carriers");
    let mut shown = BTreeSet::new();
    for row in table.lines().skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [examples, _, _, _, layers] = cells.as_slice() else { panic!("five cells: {row}") };
        let links = examples.split("](../fixtures/trees/").skip(1);
        let found: BTreeSet<Carrier> =
            links.flat_map(|link| carriers(link.split(')').next().unwrap_or_default())).collect();
        let words: BTreeSet<Layer> = found.iter().map(|carrier| carrier.layer()).collect();
        let words: Vec<&str> = words.into_iter().map(word).collect();
        let expected = if words.is_empty() { "–".to_owned() } else { words.join(", ") };
        assert_eq!(*layers, expected, "the layers of {examples}");
        shown.extend(found);
    }
    let all: BTreeSet<Carrier> =
        std::iter::successors(Some(Carrier::ModuleDefault), |carrier| next(*carrier)).collect();
    assert_eq!(shown, all, "every carrier has an example");
}

/// The carrier behind another: the compiler asks for each.
fn next(carrier: Carrier) -> Option<Carrier> {
    Some(match carrier {
        Carrier::ModuleDefault => Carrier::Document,
        Carrier::Document => Carrier::ConfigImportExport,
        Carrier::ConfigImportExport => Carrier::Sql,
        Carrier::Sql => Carrier::ConfigSet,
        Carrier::ConfigSet => Carrier::ConfigPhp,
        Carrier::ConfigPhp => Carrier::LockConfig,
        Carrier::LockConfig => Carrier::EnvPhp,
        Carrier::EnvPhp => Carrier::LockEnv,
        Carrier::LockEnv => Carrier::Dotenv,
        Carrier::Dotenv => Carrier::CloudApplication,
        Carrier::CloudApplication => Carrier::ConfigMap,
        Carrier::ConfigMap => Carrier::Environment,
        Carrier::Environment => Carrier::CloudVariable,
        Carrier::CloudVariable => return None,
    })
}

/// The carriers of the settings in a file, `tree/path`; the file must give its tree something.
fn carriers(file: &str) -> BTreeSet<Carrier> {
    let (name, path) = file.split_once('/').expect("an example is a file of a tree");
    let tree = root().join("fixtures/trees").join(name);
    // The repository's own index is not the tree's.
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    copy(&tree, scratch.path());
    let outcome = commerce_lint::run(&Request {
        path: scratch.path().into(),
        configured: Configured::Nowhere,
        ..Request::default()
    })
    .expect("it is a tree");
    let (id, _) = outcome.sources.paths().find(|(_, other)| *other == path).expect(file);
    let inventory = &outcome.inventory;
    let is_listed = inventory.instances.iter().any(|instance| instance.reads(id))
        || inventory.storefronts.iter().any(|copy| copy.at.source == id)
        || inventory.secrets.iter().any(|secret| secret.at.source == id);
    assert!(is_listed, "{file} gives nothing");
    let settings = inventory.settings.iter().filter(|setting| setting.at.source == id);
    settings.map(|setting| setting.carrier).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the tree is there") {
        let path = entry.expect("its entries are readable").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}

fn word(layer: Layer) -> &'static str {
    match layer {
        Layer::Module => "module",
        Layer::Database => "database",
        Layer::ConfigPhp => "config.php",
        Layer::EnvPhp => "env.php",
        Layer::Variable => "variable",
    }
}

#[test]
fn what_the_table_of_names_says_is_followed_in_its_trees() {
    let (page, table) = part("followed");
    let folder = page.parent().expect("a page lies in a folder");
    let links = table.split("](").skip(1).filter_map(|link| link.split(')').next());
    let mut seen = 0;
    for link in links {
        seen += 1;
        assert!(folder.join(link).is_file(), "{link}");
        let tree = link.split('/').nth(3).expect("a link leads into a tree");
        let golden = root().join(format!("fixtures/trees/{tree}.out"));
        let golden = fs::read_to_string(golden).expect("a tree has a golden");
        let spaces: Vec<&str> =
            golden.lines().filter(|line| line.starts_with("  data space")).collect();
        let is_open = |line: &&str| line.ends_with('–') || line.ends_with("reference");
        assert!(spaces.len() > 1 && !spaces.iter().any(is_open), "{tree}:\n{golden}");
    }
    assert!(seen > 20, "{seen} trees are linked");
}
