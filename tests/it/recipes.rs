//! What teams paste names what there is: the version, the hooks, third parties by commit. `.ci/` runs the recipes themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The files that name a version, and the words before and behind it.
const VERSIONS: &[(&str, &str, &str)] = &[
    ("pyproject.toml", "\"commerce-lint==", "\""),
    ("action.yml", "description: The version to install\n    default: \"", "\""),
    (".gitlab/commerce-lint.yml", "description: The version to install\n      default: \"", "\""),
    ("editors/vscode/package.json", "\"version\": \"", "\""),
    ("editors/zed/extension.toml", "\nversion = \"", "\""),
    ("editors/zed/Cargo.toml", "\nversion = \"", "\""),
    ("Dockerfile", "image.version=\"", "\""),
    ("README.md", "rev: v", "\n"),
    ("README.md", "pip install commerce-lint==", " "),
    ("docs/ci.md", "pip install commerce-lint==", "`"),
    ("docs/ci.md", "npm install --save-dev commerce-lint@", "`"),
    ("docs/ci.md", "uses: OWNER/commerce-lint@v", "\n"),
    ("docs/ci.md", "OWNER/commerce-lint/v", "/"),
    ("docs/ci.md", "OWNER/commerce-lint.git#v", "\n"),
];

/// A file at the root; a published package leaves out what is for the repository alone.
fn file(name: &str) -> Option<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).ok()?;
    Some(text.replace("\r\n", "\n"))
}

/// What stands behind each `start`, up to `end`.
fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(move |rest| rest.split(end).next())
}

#[test]
fn every_version_is_this_one() {
    for (name, start, end) in VERSIONS {
        let Some(text) = file(name) else { continue };
        let found: Vec<&str> = between(&text, start, end).collect();
        assert!(!found.is_empty(), "{name} has no {start:?}");
        assert!(found.iter().all(|version| *version == VERSION), "{name}: {found:?}");
    }
}

#[test]
fn the_hooks_differ_in_how_they_are_installed_alone() {
    let Some(text) = file(".pre-commit-hooks.yaml") else { return };
    let hooks: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_yaml::from_str(&text).expect("it is a list of hooks");
    let install = |hook: &serde_json::Map<String, serde_json::Value>| {
        ["id", "language"].map(|key| hook[key].as_str().unwrap_or_default().to_owned())
    };
    let installs: Vec<[String; 2]> = hooks.iter().map(install).collect();
    assert_eq!(
        installs,
        [
            ["commerce-lint", "python"],
            ["commerce-lint-system", "system"],
            ["commerce-lint-src", "rust"]
        ]
    );
    for hook in &hooks {
        let behaviour = ["entry", "pass_filenames", "always_run", "stages"].map(|key| &hook[key]);
        assert_eq!(
            serde_json::json!(behaviour),
            serde_json::json!([
                "commerce-lint check --staged",
                false,
                true,
                ["pre-commit", "pre-merge-commit", "pre-push", "manual"]
            ])
        );
    }
}

#[test]
fn third_parties_are_pinned_by_commit() {
    let is_commit = |text: &str| text.len() == 40 && text.chars().all(|c| c.is_ascii_hexdigit());
    let is_digest = |text: &str| {
        let digest = text.split_once("@sha256:").map(|(_, digest)| digest);
        digest.is_some_and(|digest| digest.len() == 64)
    };
    let workflows = [".github/workflows/ci.yml", ".github/workflows/release.yml"];
    let mut pins = BTreeMap::new();
    for name in ["action.yml", "README.md", "docs/ci.md"].into_iter().chain(workflows) {
        for used in file(name).iter().flat_map(|text| between(text, "uses: ", "\n")) {
            if used.starts_with("./") {
                continue;
            }
            let (action, version) = used.split_once('@').expect(used);
            let pinned = version.split_once(" # v").is_some_and(|(commit, _)| is_commit(commit));
            assert!(pinned || action == "OWNER/commerce-lint", "{name}: {used}");
            let same = pins.entry(action.to_owned()).or_insert_with(|| version.to_owned());
            assert!(!pinned || same == version, "{name}: {used}, elsewhere {same}");
        }
    }
    for image in file("Dockerfile").iter().flat_map(|text| between(text, "\nFROM ", "\n")) {
        let name = image.split(' ').next().unwrap_or_default();
        assert!(is_digest(name), "Dockerfile: {image}");
    }
    for image in file(".gitlab/commerce-lint.yml")
        .iter()
        .flat_map(|text| between(text, "default: python:", "\n"))
    {
        assert!(is_digest(image), "template: {image}");
    }
}

/// One list of systems: npm's packages, what the workflow builds, and what it attests.
#[test]
fn a_release_has_the_same_systems_everywhere() {
    let (Some(targets), Some(workflow)) =
        (file("npm/targets.json"), file(".github/workflows/release.yml"))
    else {
        return;
    };
    let targets: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&targets).expect("it is a table");
    let workflow: serde_json::Value = serde_yaml::from_str(&workflow).expect("it is a workflow");
    let texts = |list: &serde_json::Value| -> BTreeSet<String> {
        let list = list.as_array().expect("it is a list").iter();
        let name =
            |one: &serde_json::Value| one.get("target").unwrap_or(one).as_str().map(Into::into);
        list.map(|one| name(one).expect("it has a name")).collect()
    };
    let known: BTreeSet<String> = targets.keys().cloned().collect();
    let matrix = |job: &str| &workflow["jobs"][job]["strategy"]["matrix"];
    assert_eq!(texts(&matrix("build")["include"]), known);
    assert_eq!(texts(&matrix("attest")["target"]), known);
}

/// Where the repository is said to be is where the recipes take it from.
#[test]
fn the_repository_is_that_of_the_recipes() {
    let address = env!("CARGO_PKG_REPOSITORY");
    assert!(file("README.md").is_some_and(|text| text.contains(&format!("repo: {address}\n"))));
    assert!(file("docs/ci.md").is_some_and(|text| text.contains(&format!("{address}.git#v"))));
    let page = commerce_lint::rules::page::SCHEMA;
    assert!(
        page.contains(&[r#""$id": ""#, env!("CARGO_PKG_HOMEPAGE"), "/page.schema.json"].concat())
    );
}

/// What the sources take in stands where the image is built, too.
#[test]
fn the_image_has_what_the_sources_include() {
    let Some(let_through) = file(".dockerignore") else { return };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = BTreeSet::new();
    for entry in walkdir::WalkDir::new(&source).into_iter().filter_map(Result::ok) {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        for path in between(&text, "include_str!(\"", "\"") {
            let outside = path.rsplit_once("../").map_or("", |(_, rest)| rest);
            seen.extend(outside.split('/').next().map(ToOwned::to_owned));
        }
    }
    let is_missing = |name: &&String| !let_through.lines().any(|line| line == format!("!/{name}"));
    let missing: Vec<&String> =
        seen.iter().filter(|name| !name.is_empty()).filter(is_missing).collect();
    assert!(seen.len() > 2 && missing.is_empty(), "{missing:?} of {seen:?}");
}
