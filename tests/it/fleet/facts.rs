//! The facts of one tree.
//!
//! `BLESS=1 cargo test --test it fleet::` rewrites the schema and the tables of `fleet/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use boon::{Compiler, Schemas};
use commerce_lint::facts::key::Key;
use commerce_lint::facts::schema::{Engine, schema};
use commerce_lint::facts::{self, About, Kind, Lines};
use commerce_lint::states::{Request, Terms};
use serde_json::Value;

use super::{KEY, keyed, lines};
use crate::program::scratch::{DATA_SPACE, Scratch, data_space};

/// The lines, each with its kind.
#[derive(Default)]
struct Kept(Vec<(Kind, String)>);

impl Lines for Kept {
    fn take(&mut self, kind: Kind, line: &str) -> io::Result<()> {
        self.0.push((kind, line.to_owned()));
        Ok(())
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_fact_of_every_tree_keeps_its_schema() {
    let mut compiler = Compiler::new();
    let document: Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    compiler.add_resource("facts.json", document).expect("the schema has a name");
    let mut schemas = Schemas::new();
    let index = compiler.compile("facts.json", &mut schemas).expect("the schema is one");
    let key = Key::of(Some(KEY.into())).expect("it is long enough");
    let about = About {
        snapshot: "1".into(),
        repo: "a/b".into(),
        commit: Some("0f3c".into()),
        branch: Some("main".into()),
        ..About::default()
    };
    let mut kept = Kept::default();
    let today = commerce_lint::date::Date::new(2027, 6, 30).expect("it is a day");
    let trees = fs::read_dir(root().join("fixtures/trees")).expect("the trees are there");
    let trees = trees.map(|tree| tree.expect("its entries are readable").path());
    let accepting = Scratch::shared();
    accepting.write(
        "commerce-lint.toml",
        "[[waivers]]\nrule = \"shared-data-space\"\npath = \"**\"\nreason = \"until both move\"\nexpires = 2027-07-30\n",
    );
    for path in trees.filter(|path| path.is_dir()).chain([accepting.path().to_owned()]) {
        let terms = Some(Terms { today, baseline: true });
        let outcome = commerce_lint::run(&Request { path, terms, ..Request::default() });
        let outcome = outcome.expect("it is a tree");
        facts::write(&outcome, &about, &key, &mut kept).expect("memory takes it");
    }
    facts::write_failure("it is gone", &about, &key, &mut kept).expect("memory takes it");
    let mut seen: BTreeMap<Kind, BTreeSet<String>> = BTreeMap::new();
    for (kind, line) in &kept.0 {
        let fact: Value = serde_json::from_str(line).expect("a fact is JSON");
        let flaws = schemas.validate(&fact, index).err().map(|error| format!("{error:#}"));
        assert_eq!(flaws, None, "{line}");
        assert_eq!(fact["fact"], kind.word());
        // What is always null would have no type in a table that guesses.
        let fields = fact.as_object().expect("a fact is an object");
        let said = fields.iter().filter(|(_, value)| !value.is_null());
        seen.entry(*kind).or_default().extend(said.map(|(name, _)| name.clone()));
        let order: Vec<&str> = fields.keys().map(String::as_str).collect();
        assert!(order.contains(&"snapshot"), "{line}");
    }
    for kind in Kind::ALL {
        let known: BTreeSet<&str> = kind.columns().iter().map(|column| column.name).collect();
        assert_eq!(known.len(), kind.columns().len(), "{kind:?} has two columns of one name");
        let seen = seen.get(&kind).expect("every kind occurs");
        let unseen: Vec<&&str> = known.iter().filter(|name| !seen.contains(**name)).collect();
        assert!(unseen.is_empty(), "{kind:?}: no tree fills {unseen:?}");
    }
}

#[test]
fn what_is_committed_for_engines_is_what_is_written() {
    let mut files = vec![("facts.schema.json", schema())];
    files.extend(Engine::ALL.map(|engine| (engine.file(), engine.tables())));
    for (name, text) in files {
        let file = root().join("fleet").join(name);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, &text).expect("the file is writable");
        }
        let committed = fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == text, "{name}: BLESS=1 cargo test --test it fleet::");
    }
    assert_eq!(Scratch::new().run(&["schema", "--facts"]).out, schema());
}

const PASSWORD: &str = "Summer2027Summer2027";

fn shop() -> Scratch {
    let key = fs::read_to_string(
        root().join("fixtures/trees/shared-data-space-across-carriers/app/etc/env.prod.php"),
    );
    Scratch::of(&[
        ("prod.yaml", &data_space(DATA_SPACE)),
        ("staging.yaml", "services_connector/services_id/environment_id: ${DATA_SPACE}\n"),
        ("uat.yaml", "services_connector/services_id/environment_id: no-uuid\n"),
        (
            "prod/ims.yaml",
            &format!(
                "services_connector/ims_technical_account_credentials/client_secret: {PASSWORD}\n"
            ),
        ),
        ("other/prod/app/etc/env.php", &key.expect("the tree is there")),
    ])
}

fn named(facts: &[Value], kind: &str, column: &str) -> BTreeSet<String> {
    let of_kind = facts.iter().filter(|fact| fact["fact"] == kind);
    of_kind.filter_map(|fact| fact[column].as_str().map(str::to_owned)).collect()
}

#[test]
fn values_have_names_under_the_key_and_what_could_be_guessed_has_none() {
    let shop = shop();
    let asked = ["facts", "--repo", "payments/shop"];
    let [one, again] = [KEY, KEY].map(|key| keyed(&shop, &asked, key).out);
    assert_eq!(one, again, "the same run gives the same facts");
    let other = keyed(&shop, &asked, "another key, as long as it").out;
    let (one, other) = (lines(&one), lines(&other));
    for (kind, column) in [
        ("setting", "fingerprint"),
        ("secret", "fingerprint"),
        ("instance", "fingerprint"),
        ("run", "key_name"),
    ] {
        let (one, other) = (named(&one, kind, column), named(&other, kind, column));
        assert!(!one.is_empty() && one.is_disjoint(&other), "{kind}: {one:?} {other:?}");
    }
    // What is compared within the repository alone is the same.
    assert_eq!(named(&one, "finding", "fingerprint"), named(&other, "finding", "fingerprint"));
    assert_eq!(named(&one, "run", "policy"), named(&other, "run", "policy"));
    assert_eq!(named(&one, "run", "team"), BTreeSet::from(["payments".to_owned()]));
    let setting = |path: &str| {
        let found = one.iter().find(|fact| fact["fact"] == "setting" && fact["path"] == path);
        let found = found.expect("it is a fact");
        (found["state"].clone(), found["value"].clone(), found["fingerprint"].is_string())
    };
    assert_eq!(setting("prod.yaml"), ("plaintext".into(), DATA_SPACE.into(), true));
    assert_eq!(setting("staging.yaml"), ("reference".into(), Value::Null, false));
    assert_eq!(setting("uat.yaml"), ("plaintext".into(), Value::Null, false));
    assert_eq!(setting("prod/ims.yaml"), ("plaintext".into(), Value::Null, false));
}

#[test]
fn without_a_key_no_value_has_a_name_and_a_short_key_is_refused() {
    let shop = shop();
    let done = shop.run(&["facts", "--repo", "shop"]);
    assert!(done.err.contains("`COMMERCE_LINT_FLEET_KEY` is not set"), "{}", done.err);
    let facts = lines(&done.out);
    for (kind, column) in [
        ("setting", "fingerprint"),
        ("secret", "fingerprint"),
        ("instance", "fingerprint"),
        ("run", "key_name"),
    ] {
        assert_eq!(named(&facts, kind, column), BTreeSet::new(), "{kind}");
    }
    assert!(!named(&facts, "finding", "fingerprint").is_empty());
    let done = keyed(&shop, &["facts", "--repo", "shop"], "hunter2");
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert!(done.err.contains("fewer than 16") && !done.err.contains("hunter2"), "{}", done.err);
}

#[test]
fn a_setting_says_what_overrides_it() {
    let shop = Scratch::of(&[
        (
            "prod/app/etc/config.php",
            &format!(
                "<?php return ['system' => ['default' => ['services_connector' => ['services_id' => ['environment_id' => '{DATA_SPACE}']]]]];\n"
            ),
        ),
        (
            "prod/app/etc/env.php",
            "<?php return ['system' => ['default' => ['services_connector' => ['services_id' => ['environment_id' => '7c9e6679-7425-40de-944b-e07fc1f90ae7']]]]];\n",
        ),
    ]);
    let facts = lines(&keyed(&shop, &["facts", "--repo", "shop"], KEY).out);
    let setting = |path: &str| {
        let found = facts.iter().find(|fact| fact["fact"] == "setting" && fact["path"] == path);
        found.expect("it is a fact").clone()
    };
    let (over, under) = (setting("prod/app/etc/env.php"), setting("prod/app/etc/config.php"));
    assert_eq!((&over["standing"], &over["in_force"]), (&"in-force".into(), &true.into()));
    assert_eq!((&under["standing"], &under["in_force"]), (&"overridden".into(), &false.into()));
    assert_eq!(under["winner_path"], "prod/app/etc/env.php");
    assert_eq!((&under["winner_layer"], &under["winner_line"]), (&"env.php".into(), &1.into()));
}

#[test]
fn what_is_not_read_whole_is_said_so_and_the_code_is_three() {
    let shop = Scratch::of(&[
        ("prod.yaml", &data_space(DATA_SPACE)),
        ("broken.json", "{\"services_connector/services_id/project_id\": [\"a\" }"),
    ]);
    let done = keyed(&shop, &["facts", "--repo", "shop"], KEY);
    let facts = lines(&done.out);
    assert_eq!((done.code, &facts[0]["state"]), (3, &"partial".into()));
    assert_eq!((&facts[0]["complete"], &facts[0]["unread"]), (&false.into(), &1.into()));
    assert!(facts[0]["why"].as_str().is_some_and(|why| why.contains("broken.json")), "{facts:?}");
}

#[test]
fn documents_have_the_names_of_facts() {
    let shop = Scratch::shared();
    shop.write("broken.json", "{\"services_connector/services_id/project_id\": [\"a\" }");
    let checked = shop.run(&["check", "--output-format", "json"]).json();
    let listed = shop.run(&["instances", "--output-format", "json"]).json();
    assert_eq!(
        (&listed["complete"], &checked["summary"]["complete"]),
        (&false.into(), &false.into())
    );
    let facts = lines(&keyed(&shop, &["facts", "--repo", "shop"], KEY).out);
    let found = checked["diagnostics"].as_array().expect("a list").iter();
    let found: BTreeSet<String> =
        found.filter_map(|one| one["fingerprint"].as_str().map(str::to_owned)).collect();
    assert_eq!(found, named(&facts, "finding", "fingerprint"));
    let own = |document: &Value, at: usize| document["instances"][at]["fingerprint"].clone();
    assert_eq!(own(&checked, 0), own(&listed, 0));
    assert_eq!(own(&checked, 0), own(&checked, 1), "both end up with the same");
    assert_eq!(checked["instances"][0]["keys"], listed["instances"][0]["keys"]);
    shop.write(
        "k8s/prod/settings.yaml",
        "services_connector/services_id/environment_id: 7c9e6679-7425-40de-944b-e07fc1f90ae7\n",
    );
    let after = shop.run(&["instances", "--output-format", "json"]).json();
    assert_ne!(own(&listed, 0), own(&after, 0));
    assert_eq!(own(&listed, 1), own(&after, 1));
}
