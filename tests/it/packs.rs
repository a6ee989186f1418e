//! Rules of a team's own: the packs that the documentation shows, what `new-rule` writes, and packs that mean harm.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use boon::{Compiler, Schemas};
use commerce_lint::model::instance::Kind;
use commerce_lint::model::setting::{Carrier, Layer};
use commerce_lint::rules::assertion::reader;
use commerce_lint::rules::page;
use commerce_lint::source::SourceId;
use commerce_lint::syntax::yaml::Yaml;
use commerce_lint::syntax::{Format as _, Node, NodeKind};
use serde_json::Value;
use walkdir::WalkDir;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
    command.args(arguments).args(["--color", "never"]).current_dir(folder);
    command.output().expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("it can be made");
    fs::write(path, text).expect("the file can be written");
}

fn page(assert: &str) -> String {
    format!("---\nseverity: error\nsummary: A.\nassert: {assert}\n---\n\nWhy.\n")
}

#[test]
fn the_packs_that_are_shown_say_what_they_show() {
    let tried = run(Path::new(env!("CARGO_MANIFEST_DIR")), &["test-rules", "docs/packs"]);
    assert_eq!(out(&tried), "3 rules, 7 examples: all as their pages say\n");
    assert_eq!(tried.status.code(), Some(0));
}

#[test]
fn a_new_rule_passes_and_nothing_is_overwritten() {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    fs::create_dir(scratch.path().join("acme")).expect("a folder can be made");
    let new = || run(scratch.path(), &["new-rule", "acme/framed.md"]);
    assert_eq!(out(&new()), "wrote acme/framed.md\n");
    assert_eq!(new().status.code(), Some(2));
    let tried = run(scratch.path(), &["test-rules", "acme"]);
    assert_eq!(out(&tried), "1 rule, 2 examples: all as their pages say\n");
}

#[test]
fn a_configuration_names_packs_and_the_levels_of_their_rules() {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    write(
        scratch.path(),
        "policy/acme/hints.md",
        &page("{ setting: dev/debug/hints, must: be-unset }"),
    );
    write(scratch.path(), "prod.env", "CONFIG__DEFAULT__DEV__DEBUG__HINTS=1\n");
    let check = |configuration: &str| {
        write(scratch.path(), "commerce-lint.toml", configuration);
        run(scratch.path(), &["check", "--output-format", "line"])
    };
    let found = check("[rules]\npacks = [\"policy\"]\n\"acme/hints\" = \"warning\"\n");
    let expected = "prod.env:1:36: warning: `hints` is set in `production` [acme/hints]\n1 file";
    assert!(out(&found).starts_with(expected.trim_end_matches("1 file")), "{}", out(&found));
    for (configuration, expected) in [
        ("[rules]\npacks = [\"../policy\"]\n", "no folder beside the configuration"),
        ("[rules]\npacks = [\"polcy\"]\n", "polcy"),
        ("[rules]\npacks = [\"policy\"]\n\"acme/hint\" = \"off\"\n", "did you mean `acme/hints`?"),
    ] {
        let told = check(configuration);
        let told = String::from_utf8_lossy(&told.stderr).into_owned();
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn the_rules_of_a_configuration_are_listed_and_explained() {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let hints = page("{ setting: dev/debug/hints, must: be-unset }");
    write(scratch.path(), "policy/acme/hints.md", &hints);
    let own = "[rules]\npacks = [\"policy\"]\n\"no-such-rule\" = \"off\"\n";
    write(scratch.path(), "commerce-lint.toml", own);
    for arguments in [
        &["rules"][..],
        &["rules", "--output-format", "json"],
        &["explain", "acme/hints"],
        &["explain", "acme/hints", "--config", "commerce-lint.toml"],
    ] {
        let told = run(scratch.path(), arguments);
        assert!(out(&told).contains("acme/hints"), "{arguments:?}: {}", out(&told));
        assert_eq!(told.status.code(), Some(0), "{arguments:?}");
    }
    let none = run(scratch.path(), &["explain", "acme/hints", "--no-config"]);
    assert_eq!(none.status.code(), Some(2));
    // What is ours is explained whatever a configuration says.
    write(scratch.path(), "commerce-lint.toml", "[rules]\npacks = [\"nowhere\"]\n");
    assert_eq!(run(scratch.path(), &["explain", "shared-data-space"]).status.code(), Some(0));
    assert_eq!(run(scratch.path(), &["explain", "acme/hints"]).status.code(), Some(2));
}

#[test]
fn no_pack_reveals_a_secret_or_leaves_its_folder() {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let key = "services_connector/ims_technical_account_credentials/client_secret";
    let guess =
        page(&format!("{{ setting: {key}, must: {{ match: '^q' }}, message: '{{value}}' }}"));
    let shown = page(&format!("{{ setting: {key}, must: be-unset, message: 'it is {{value}}' }}"));
    write(scratch.path(), "acme/guess.md", &guess);
    write(scratch.path(), "acme/shown.md", &shown);
    let variable = format!("CONFIG__DEFAULT__{}", key.to_uppercase().replace('/', "__"));
    write(scratch.path(), "prod.env", &format!("{variable}=p8e-made-up-for-this-test\n"));
    let found = out(&run(scratch.path(), &["check", "--no-config", "--rules", "acme"]));
    assert!(found.contains("it is a secret") && !found.contains("made-up"), "{found}");
    assert!(!found.contains("acme/guess"), "{found}");
    let leaving = guess + "\n## Example\n\n```sh ../../out.env\nA=1\n```\n";
    write(scratch.path(), "acme/guess.md", &leaving);
    let tried = run(scratch.path(), &["test-rules", "acme"]);
    assert!(out(&tried).contains("no path within a tree"), "{}", out(&tried));
    assert_eq!(tried.status.code(), Some(1));
}

fn as_json(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            let entry = |key: &Node, value| (key.as_str().unwrap_or_default().to_owned(), value);
            entries.iter().map(|of| entry(&of.key, as_json(&of.value))).collect()
        }
        NodeKind::Sequence(items) => items.iter().map(as_json).collect(),
        _ => node.as_str().map_or(Value::Null, Value::from),
    }
}

/// What the schema says of a page: nothing where it fits.
fn flaws(text: &str) -> Option<String> {
    let mut compiler = Compiler::new();
    let schema = serde_json::from_str(page::SCHEMA).expect("the schema is JSON");
    compiler.add_resource("schema.json", schema).expect("the schema has a name");
    let mut schemas = Schemas::new();
    let index = compiler.compile("schema.json", &mut schemas).expect("the schema is one");
    let front = text.split("---\n").nth(1).expect("a page has front matter");
    let parsed = Yaml.parse(SourceId(0), front);
    let front = as_json(parsed.documents.first().expect("it is YAML"));
    schemas.validate(&front, index).err().map(|error| format!("{error:#}"))
}

#[test]
fn the_schema_of_a_page_and_its_reader_agree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let printed = run(root, &["schema", "--rules"]);
    assert_eq!(out(&printed), page::SCHEMA);
    let schema: Value = serde_json::from_str(page::SCHEMA).expect("the schema is JSON");
    let keys = |pointer: &str| -> Vec<String> {
        let table = schema.pointer(pointer).and_then(Value::as_object).expect(pointer);
        table.keys().cloned().collect()
    };
    assert_eq!(keys("/properties"), page::KEYS);
    assert_eq!(keys("/definitions/assertion/properties"), reader::KEYS);
    assert_eq!(keys("/definitions/when/properties"), reader::CONDITIONS);
    let words = |name: &str, at: &str| -> Vec<String> {
        let words = schema.pointer(&format!("/definitions/{name}/anyOf/{at}"));
        let words = words.and_then(Value::as_array).expect(name).iter();
        words.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let predicates = [keys("/definitions/must/anyOf/1/properties"), words("must", "0/enum")];
    assert_eq!(predicates.concat(), reader::PREDICATES);
    assert_eq!(words("carriers", "0/enum"), Carrier::ALL.map(Carrier::word));
    assert_eq!(words("layers", "0/enum"), Layer::ALL.map(Layer::word));
    let kinds = [Kind::Production, Kind::NonProduction, Kind::Unknown];
    assert_eq!(words("kinds", "0/enum"), kinds.map(Kind::word));
    let pages = ["rules", "docs/packs"].map(|folder| WalkDir::new(root.join(folder)));
    let pages = pages.into_iter().flatten().map(|entry| entry.expect("it is readable"));
    let is_page = |path: &Path| {
        path.extension().is_some_and(|ending| ending == "md") && !path.ends_with("README.md")
    };
    let mut count = 0;
    for path in pages.map(walkdir::DirEntry::into_path).filter(|path| is_page(path)) {
        let text = fs::read_to_string(&path).expect("a page is text");
        assert_eq!(flaws(&text), None, "{}", path.display());
        count += 1;
    }
    assert!(count > 60, "{count} pages");
}

#[test]
fn mistakes_in_front_matter_are_refused_by_the_schema_and_the_reader() {
    for (assert, is_sound) in [
        ("{ setting: dev/debug/hints, must: be-unset }", true),
        (
            "[{ setting: [dev/debug/hints, payment/*/active], must: { be-one-of: [a] }, when: { kind: production } }]",
            true,
        ),
        ("{ setting: dev/debug/hints }", false),
        ("{ setting: dev/debug/hints, must: be-nothing }", false),
        ("{ setting: dev/debug/hints, must: { be: a, match: b } }", false),
        ("{ setting: dev/debug/hints, must: be-set, when: { kind: prod } }", false),
        ("{ setting: dev/debug/hints, must: be-set, colour: red }", false),
    ] {
        let text = page(assert);
        assert_eq!(flaws(&text).is_none(), is_sound, "{assert}");
        assert_eq!(page::parse(&text).is_ok(), is_sound, "{assert}");
    }
}

#[test]
fn rules_are_listed_for_programs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = run(root, &["rules", "--rules", "docs/packs", "--output-format", "json"]);
    let document: Value = serde_json::from_str(&out(&listed)).expect("it is JSON");
    assert_eq!(document["schema_version"], 1);
    let rules = document["rules"].as_array().expect("a list");
    let find = |id: &str| rules.iter().find(|rule| rule["id"] == id).expect("it is listed");
    assert_eq!(find("unread-carrier")["severity"], "off");
    let yields = ["plaintext-client-secret", "plaintext-private-key", "encrypted-private-key"];
    assert_eq!(find("malformed-private-key")["yields_to"], serde_json::json!(yields));
    assert_eq!(find("agency/named-by-region")["severity"], "warning");
}
