//! The README shows what is: its finding is the real output, its tables name every format and every rule.
//!
//! `BLESS=1 cargo test --test readme` rewrites these parts.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use commerce_lint::rules;
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
fn the_configuration_that_the_readme_shows_is_sound() {
    let readme = readme();
    let (_, rest) = readme.split_once("```toml\n").expect("the README shows a configuration");
    let (toml, _) = rest.split_once("```").expect("the block ends");
    let config = commerce_lint::config::Config::parse(toml, &rules::ids());
    assert!(config.is_ok(), "{config:?}");
}
