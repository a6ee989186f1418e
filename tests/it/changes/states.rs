//! Two states of a tree, made by the tests, and what the rules on changes find between them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use commerce_lint::check::check;
use commerce_lint::config::Config;
use commerce_lint::model::inventory::Inventory;
use commerce_lint::model::way::Ways;
use commerce_lint::recognise::{self, Recognised, secret::places};
use commerce_lint::resolve::resolve;
use commerce_lint::rule::{Context, Diagnostic, Label};
use commerce_lint::rules;
use commerce_lint::source::{Source, SourceId};
use commerce_lint::sources::{Entry, Sources, State, StateSet};
use commerce_lint::syntax::format_of;

/// The rules on changes; what else is wrong with a tree is not asked here.
const RULES: [&str; 8] = [
    "half-rotated-key-pair",
    "key-and-data-space-change",
    "partial-key-rotation",
    "production-data-space-change",
    "production-demoted",
    "production-key-change",
    "production-project-change",
    "production-slot-change",
];

const NOW: State = State(0);
const BEFORE: State = State(1);

/// A tree, paths and texts; or what is set in a file, config paths and values.
pub type Tree<'a> = &'a [(&'a str, &'a str)];

/// What is found between two states: `place: message [rule]`, then `  place: words` for the other places.
pub fn told(before: Tree<'_>, now: Tree<'_>) -> String {
    let (sources, found) = found(before, now);
    let line = |label: &Label| {
        let (start, _) = sources.positions(label.at);
        format!("{}:{}: ", sources.shown(label.at.source), start.line)
    };
    let mut told = String::new();
    for Diagnostic { rule, finding, .. } in found {
        let _ = writeln!(told, "{}{} [{rule}]", line(&finding.primary), finding.message);
        for label in std::iter::once(&finding.primary).chain(&finding.related) {
            let _ = writeln!(told, "  {}{}", line(label), label.text);
        }
    }
    told
}

/// The rules that find something, each once.
pub fn broken(before: Tree<'_>, now: Tree<'_>) -> Vec<String> {
    let (_, found) = found(before, now);
    let rules: BTreeSet<String> = found.into_iter().map(|diagnostic| diagnostic.rule).collect();
    rules.into_iter().collect()
}

/// Runs everything from the parsers to the checks on both states, each with its own configuration.
pub fn found(before: Tree<'_>, now: Tree<'_>) -> (Sources, Vec<Diagnostic>) {
    let config = |tree: Tree<'_>| {
        let text = tree.iter().find(|(path, _)| *path == "commerce-lint.toml");
        Config::parse(text.map_or("", |(_, text)| text), &RULES).expect("it is sound")
    };
    let configs = (config(before), config(now));
    let mut files: BTreeMap<(&str, Option<&str>), (&str, StateSet)> = BTreeMap::new();
    for &(path, text) in now {
        files.insert((path, None), (text, StateSet::default().with(NOW)));
    }
    for &(path, text) in before {
        match files.get_mut(&(path, None)).filter(|(same, _)| *same == text) {
            Some((_, states)) => *states = states.with(BEFORE),
            None => {
                files.insert((path, Some("1f0c2ab")), (text, StateSet::default().with(BEFORE)));
            }
        }
    }
    let mut entries = Vec::new();
    let mut loaded = BTreeMap::new();
    let mut looks: Vec<(StateSet, Recognised)> = Vec::new();
    for (id, ((path, revision), (text, states))) in (0..).map(SourceId).zip(files) {
        let source = Source::new(path.to_owned(), text.as_bytes().to_vec());
        let mut recognised = format_of(path).map_or_else(Recognised::default, |format| {
            recognise::read(&source, id, &format.parse(id, source.text()))
        });
        recognised.secrets = places::in_text(&source, id);
        looks.push((states, recognised));
        loaded.insert(id, source.into());
        entries.push(Entry { path: path.to_owned(), revision: revision.map(Arc::from), states });
    }
    let sources = Sources::new(entries, loaded);
    let inventory = |state: State, config: &Config| -> Inventory {
        let of_state = looks.iter().filter(|(states, _)| states.has(state));
        let recognised = of_state.map(|(_, recognised)| recognised.clone()).collect();
        resolve(&sources.of(state), (recognised, Ways::new()), &config.declared)
    };
    let (before, now) = (inventory(BEFORE, &configs.0), inventory(NOW, &configs.1));
    let rules: Vec<_> =
        rules::all().into_iter().filter(|rule| RULES.contains(&rule.id.as_str())).collect();
    let context = Context { now: &now, before: Some(&before), weakened: &[], unmatched: &[] };
    let found = check(&context, &rules, &BTreeMap::new());
    (sources, found)
}

pub fn dotenv(settings: &[(&str, &str)]) -> String {
    let line = |(path, value): &(&str, &str)| {
        format!("CONFIG__DEFAULT__{}=\"{value}\"\n", path.to_uppercase().replace('/', "__"))
    };
    "APP=shop\n".to_owned() + &settings.iter().map(line).collect::<String>()
}

pub fn env_php(data_space: &str) -> String {
    format!(
        "<?php\nreturn ['system' => ['default' => ['services_connector' => ['services_id' => [\n'environment_id' => {data_space},\n]]]]];\n"
    )
}

/// A private key that is made for the tests, by the name of its file.
pub fn key(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name);
    fs::read_to_string(path).expect("the key is there").trim_end().to_owned()
}

pub fn lent<P: AsRef<str>>(tree: &[(P, String)]) -> Vec<(&str, &str)> {
    tree.iter().map(|(path, text)| (path.as_ref(), text.as_str())).collect()
}

/// The texts of a folder, by path, binary files left out.
pub fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("the folder is readable") {
            let path = entry.expect("its entries are readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(folder).expect("it is in the folder");
                texts.push((path.to_str().expect("fixtures have plain names").to_owned(), text));
            }
        }
    }
    texts
}
