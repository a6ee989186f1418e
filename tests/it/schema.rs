//! The schema of the configuration: what is committed is what the program prints, it knows the keys that the reader knows, it accepts every
//! configuration of the fixtures and refuses what the reader refuses.
//!
//! `BLESS=1 cargo test --test it schema::` rewrites it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use commerce_lint::config::Config;
use commerce_lint::config::schema::{FILE_NAME, schema};
use commerce_lint::rules;
use serde_json::Value;
use walkdir::WalkDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn document() -> Value {
    serde_json::from_str(&schema(&rules::all())).expect("the schema is JSON")
}

struct Checked(Schemas, SchemaIndex);

impl Checked {
    fn new() -> Self {
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource("schema.json", document()).expect("the schema has a name");
        let mut schemas = Schemas::new();
        let index = compiler.compile("schema.json", &mut schemas).expect("the schema is one");
        Self(schemas, index)
    }

    fn flaws(&self, configuration: &str) -> Option<String> {
        let table: toml::Table = match toml::from_str(configuration) {
            Ok(table) => table,
            Err(error) => return Some(error.to_string()),
        };
        self.0
            .validate(&seen_by_editors(toml::Value::Table(table)), self.1)
            .err()
            .map(|error| format!("{error:#}"))
    }
}

/// TOML as editors hold it against a schema: a date is a text.
fn seen_by_editors(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(items) => items.into_iter().map(seen_by_editors).collect(),
        toml::Value::Table(table) => {
            let entries = table.into_iter().map(|(key, value)| (key, seen_by_editors(value)));
            Value::Object(entries.collect())
        }
        plain => serde_json::to_value(plain).expect("plain values have a form in JSON"),
    }
}

fn mistakes(configuration: &str) -> Vec<String> {
    let mistakes = Config::parse(configuration, &rules::ids()).err().unwrap_or_default();
    mistakes.into_iter().map(|mistake| format!("{}: {}", mistake.message, mistake.help)).collect()
}

#[test]
fn the_committed_schema_is_the_one_of_this_version() {
    let file = root().join(FILE_NAME);
    let printed = schema(&rules::all());
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &printed).expect("the schema is writable");
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == printed, "run BLESS=1 cargo test --test it schema::");
}

/// Every table: a configuration with an unknown key in it, and where the schema tells of it.
const TABLES: &[(&str, &str)] = &[
    ("zzzzzzzzzzzzzz = 1", ""),
    (
        "[instances.a]\nfiles = [\"a\"]\nzzzzzzzzzzzzzz = 1",
        "/properties/instances/additionalProperties",
    ),
    ("[not-instances]\nzzzzzzzzzzzzzz = 1", "/properties/not-instances"),
    (
        "[[instances-from]]\nfiles = \"{a}/**\"\nname = \"{a}\"\nzzzzzzzzzzzzzz = 1",
        "/properties/instances-from/items",
    ),
    ("[limits]\nzzzzzzzzzzzzzz = 1", "/properties/limits"),
    ("[policy]\nzzzzzzzzzzzzzz = 1", "/properties/policy"),
    (
        "[[intended]]\nrule = \"production-key-change\"\ninstance = \"a\"\nvalue = \"b\"\nreason = \"b\"\nexpires = 2027-06-30\nzzzzzzzzzzzzzz = 1",
        "/properties/intended/items",
    ),
    (
        "[[waivers]]\nrule = \"placeholder-value\"\npath = \"a\"\nreason = \"b\"\nexpires = 2027-06-30\nzzzzzzzzzzzzzz = 1",
        "/properties/waivers/items",
    ),
];

#[test]
fn the_schema_and_the_reader_know_the_same_keys() {
    let document = document();
    let mut tables = BTreeSet::new();
    for (configuration, pointer) in TABLES {
        let mistakes = mistakes(configuration);
        let [mistake] = mistakes.as_slice() else { panic!("{mistakes:?}") };
        let known = mistake.rsplit_once("known here: ").expect("no key is near").1;
        let known: BTreeSet<&str> = known.split(", ").map(|key| key.trim_matches('`')).collect();
        let table = document.pointer(pointer).expect("the schema has this table");
        assert_eq!(table["additionalProperties"], false, "{pointer}");
        let keys = table["properties"].as_object().expect("a table has keys");
        assert_eq!(keys.keys().map(String::as_str).collect::<BTreeSet<_>>(), known, "{pointer}");
        tables.insert((*pointer).to_owned());
    }
    let levels = &document["properties"]["rules"]["properties"];
    let ids: BTreeSet<String> = levels.as_object().expect("rules").keys().cloned().collect();
    let ids: BTreeSet<String> = ids.into_iter().filter(|key| key != "packs").collect();
    assert_eq!(ids, rules::ids().into_iter().map(str::to_owned).collect());
    tables.insert("/properties/rules".to_owned());
    let mut found = BTreeSet::new();
    closed_tables(&document, "", &mut found);
    assert_eq!(found, tables, "a table of the schema that no test asks the reader for");
}

fn closed_tables(value: &Value, pointer: &str, found: &mut BTreeSet<String>) {
    if value.get("properties").is_some() && !pointer.contains("/anyOf/") {
        assert_eq!(value["additionalProperties"], false, "{pointer}");
        found.insert(pointer.to_owned());
    }
    let items = value.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value));
    let listed = value.as_array().into_iter().flatten();
    let listed = listed.enumerate().map(|(index, value)| (index.to_string(), value));
    for (key, value) in items.chain(listed) {
        closed_tables(value, &format!("{pointer}/{key}"), found);
    }
}

#[test]
fn every_key_says_what_it_is_for() {
    let document = document();
    let mut pointers = BTreeSet::new();
    closed_tables(&document, "", &mut pointers);
    assert!(pointers.len() > 5, "{pointers:?}");
    for pointer in pointers {
        let keys = document.pointer(&pointer).expect("it was found there")["properties"].clone();
        for (key, value) in keys.as_object().expect("keys") {
            assert!(value["description"].is_string(), "{pointer} {key}");
        }
    }
}

#[test]
fn configurations_of_fixtures_pages_and_the_readme_fit() {
    let checked = Checked::new();
    let mut count = 0;
    for (name, text) in configurations() {
        count += 1;
        assert_eq!(mistakes(&text), [""; 0], "{name}");
        assert_eq!(checked.flaws(&text), None, "{name}");
    }
    assert!(count > 5, "{count} configurations");
}

/// The files of the fixtures, and the blocks of the rules' pages, of `docs/` and of the README.
fn configurations() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in WalkDir::new(root().join("fixtures/trees")).sort_by_file_name() {
        let path = entry.expect("the fixtures are readable").into_path();
        if path.file_name().is_some_and(|name| name == "commerce-lint.toml") {
            let text = fs::read_to_string(&path).expect("a configuration is text");
            found.push((path.display().to_string(), text));
        }
    }
    let pages = WalkDir::new(root().join("rules")).sort_by_file_name().into_iter();
    let pages = pages.map(|entry| entry.expect("the pages are readable").into_path());
    let docs = WalkDir::new(root().join("docs")).min_depth(1).sort_by_file_name().into_iter();
    let docs = docs.map(|entry| entry.expect("the pages are readable").into_path());
    let docs = docs.filter(|path| path.is_file());
    for path in pages.filter(|path| path.is_file()).chain(docs).chain([root().join("README.md")]) {
        let text = fs::read_to_string(&path).expect("a page is text");
        let is_configuration = |block: &&str| {
            block.starts_with("toml commerce-lint.toml")
                || block.starts_with("toml\n# commerce-lint.toml")
        };
        for block in text.split("```").skip(1).step_by(2).filter(is_configuration) {
            let body = block.split_once('\n').map_or("", |(_, body)| body);
            found.push((path.display().to_string(), body.to_owned()));
        }
    }
    found
}

#[test]
fn mistakes_that_a_schema_can_see_are_refused_by_both() {
    let checked = Checked::new();
    for configuration in [
        "colour = 1",
        "exclude = \"a\"",
        "exclude = [1]",
        "exclude = [\"\"]",
        "exclude = [\"/a\"]",
        "exclude = [\"a/../b\"]",
        "[instances.a]",
        "[instances.a]\nfiles = []",
        "[instances.a]\nfiles = [\"a\"]\nkind = \"prod\"",
        "[instances.a]\nfiles = [\"a\"]\naccount = \" \"",
        "[instances.a]\nfiles = [\"a\"]\naccount = 1",
        "[instances.a]\nfile = [\"a\"]",
        "[instances.\"\"]\nfiles = [\"a\"]",
        "[instances.a123456789012345678901234567890123456789x]\nfiles = [\"a\"]",
        "[rules]\nno-such-rule = \"off\"",
        "[rules]\nshared-data-space = \"warn\"",
        "[rules]\nshared-data-space = false",
        "[limits]\nfile-bytes = 0",
        "[policy]\nmax-waiver-days = 0",
        "[policy]\nmax-waiver-days = 3661",
        "[policy]\nmax-waiver-days = \"90\"",
        "[policy]\nbaseline = \"../x.toml\"",
        "[policy]\nbaseline = \"/x.toml\"",
        "waivers = 1",
        "[waivers]\nrule = \"shared-data-space\"",
        "[[waivers]]\nrule = \"placeholder-value\"\nreason = \"b\"\nexpires = 2027-06-30",
        "[[waivers]]\nrule = \"placeholder-value\"\npath = \"a\"\nexpires = 2027-06-30",
        "[[waivers]]\nrule = \"placeholder-value\"\npath = \"a\"\nreason = \"b\"",
        "[[waivers]]\nrule = \"no-such-rule\"\npath = \"a\"\nreason = \"b\"\nexpires = 2027-06-30",
        "[[waivers]]\nrule = \"weakened-policy\"\npath = \"a\"\nreason = \"b\"\nexpires = 2027-06-30",
        "[[waivers]]\nrule = \"placeholder-value\"\npath = [\"a\"]\nreason = \"b\"\nexpires = 2027-06-30",
        "[[waivers]]\nrule = \"placeholder-value\"\ninstances = []\nreason = \"b\"\nexpires = 2027-06-30",
        "[[waivers]]\nrule = \"placeholder-value\"\npath = \"a\"\nreason = \" \"\nexpires = 2027-06-30",
        "[[waivers]]\nrule = \"placeholder-value\"\npath = \"a\"\nreason = \"b\"\nexpires = \"soon\"",
        "[[waivers]]\nrule = \"placeholder-value\"\npath = \"a\"\nreason = \"b\"\nexpires = 2027-06-30\nvalue = \"x\"",
        "[limits]\nfile-bytes = \"many\"",
        "[limits]\nfile-bytes = 4294967295",
    ] {
        assert_ne!(mistakes(configuration), [""; 0], "{configuration}");
        assert!(checked.flaws(configuration).is_some(), "{configuration}");
    }
}

#[test]
fn what_the_reader_takes_fits() {
    let checked = Checked::new();
    for configuration in [
        "",
        "exclude = []",
        "exclude = [\"./a//b\", \"**\", \"{a,b}\", \".\", \"..a/b..\"]",
        "[instances.a]\nfiles = [\"a\"]\nkind = \"non-production\"\naccount = \"x\"\n[instances.b]\nsame-as = \"a\"",
        "[instances.a]\nbranch = \"main\"",
        "[rules]\nshared-data-space = \"warning\"\nplaceholder-value = \"off\"",
        "[limits]\nfile-bytes = 1_000",
        "[policy]\nmax-waiver-days = 90\nbaseline = \"ci/known.toml\"",
        "[[waivers]]\nrule = \"placeholder-value\"\npath = \"**\"\ninstances = [\"a\"]\nreason = \"b\"\nexpires = 2027-06-30\nvalue = \"0123456789ab\"",
        "[limits]\nfile-bytes = \"500kB\"",
        "[limits]\nfile-bytes = \" 1_0 Bytes \"",
        "[limits]\nfile-bytes = \"2GiB\"",
    ] {
        assert_eq!(mistakes(configuration), [""; 0], "{configuration}");
        assert_eq!(checked.flaws(configuration), None, "{configuration}");
    }
}
