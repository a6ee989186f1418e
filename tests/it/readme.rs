//! The README shows what is: its finding is the real output, its tables name every format and every rule.
//!
//! `BLESS=1 cargo test --test it readme::` rewrites these parts.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use clap::ValueEnum as _;
use commerce_lint::cli::format::CheckFormat;
use commerce_lint::config::Config;
use commerce_lint::model::setting::{Carrier, Layer};
use commerce_lint::rules;
use commerce_lint::states::{Configured, Request};
use commerce_lint::syntax::FORMATS;

const EXAMPLE: &str = "fixtures/trees/shared-data-space-across-carriers";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("the README is readable")
}

/// The text between `<!-- name -->` and `<!-- /name -->`.
fn part<'a>(readme: &'a str, name: &str) -> &'a str {
    let (_, rest) = readme.split_once(&format!("<!-- {name} -->\n")).expect("the part begins");
    rest.split_once(&format!("<!-- /{name} -->")).expect("the part ends").0
}

fn assert_part(name: &str, expected: &str) {
    let readme = readme();
    let actual = part(&readme, name);
    if std::env::var_os("BLESS").is_some() {
        let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let blessed = readme.replacen(
            &format!("{open}{actual}{close}"),
            &format!("{open}{expected}{close}"),
            1,
        );
        fs::write(root().join("README.md"), blessed).expect("the README is writable");
    } else {
        assert_eq!(actual, expected, "the part `{name}` of the README");
    }
}

#[test]
fn the_finding_and_the_table_of_rules_are_real() {
    let output = Command::new(env!("CARGO_BIN_EXE_commerce-lint"))
        .args(["check", "--color", "never", EXAMPLE])
        .env("COLUMNS", "100")
        .current_dir(root())
        .output()
        .expect("the tool runs");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).expect("the output is UTF-8");
    assert_part("finding", &format!("```text\n{text}```\n"));
    let mut table = "| rule | severity | finds |\n| --- | --- | --- |\n".to_owned();
    for rule in rules::all() {
        let severity = rule.severity.map_or("off", commerce_lint::rule::Severity::word);
        writeln!(table, "| [`{0}`](rules/{0}.md) | {severity} | {1} |", rule.id, rule.summary)
            .expect("a string takes all");
    }
    assert_part("rules", &table);
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
    let readme = readme();
    let rows: Vec<&str> = part(&readme, "formats")
        .lines()
        .skip(2)
        .filter_map(|row| row.split('|').nth(1))
        .map(str::trim)
        .collect();
    let formats: Vec<&str> = FORMATS.iter().map(|format| format.name()).collect();
    assert_eq!(rows, formats);
}

#[test]
fn the_table_of_reports_names_each_format() {
    let readme = readme();
    let rows = part(&readme, "outputs").lines().skip(2).filter_map(|row| row.split('`').nth(1));
    let formats = CheckFormat::value_variants().iter().filter_map(CheckFormat::to_possible_value);
    let names: Vec<String> = formats.map(|format| format.get_name().to_owned()).collect();
    assert_eq!(rows.collect::<Vec<_>>(), names);
}

#[test]
fn the_configurations_that_the_readme_shows_are_sound() {
    let readme = readme();
    let blocks: Vec<&str> = readme.split("```toml\n").skip(1).collect();
    assert!(blocks.len() > 1, "the README shows configurations");
    for block in blocks {
        let (toml, _) = block.split_once("```").expect("the block ends");
        let config = Config::parse(toml, &rules::ids());
        assert!(config.is_ok(), "{config:?}");
    }
}

/// Every example is a file of a fixture tree in which the tool finds something, and the layers are those of its settings.
#[test]
fn the_table_of_carriers_is_shown_by_trees() {
    let readme = readme();
    let mut shown = BTreeSet::new();
    for row in part(&readme, "carriers").lines().skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [examples, _, _, _, layers] = cells.as_slice() else { panic!("five cells: {row}") };
        let links = examples.split("](fixtures/trees/").skip(1);
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
