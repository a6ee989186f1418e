//! What a configuration may say, and how each mistake is told.

mod waivers;

use super::*;
use crate::model::instance::Kind;

const RULES: &[&str] = &["plaintext-private-key", "shared-data-space"];

/// `text at which: message; help` of every mistake.
pub(super) fn mistakes(text: &str) -> Vec<String> {
    let errors = Config::parse(text, RULES).expect_err("there are mistakes");
    let told = |error: &ConfigError| {
        let at = text.get(error.span.range()).expect("the place is in the text");
        format!("{at}: {}; {}", error.message, error.help)
    };
    errors.iter().map(told).collect()
}

#[test]
fn a_whole_configuration_is_read() {
    let text = r#"
exclude = ["vendor", "**/*.bak"]

[instances.eu-prod]
files = ["sites/eu/prod", "k8s/eu/*.yaml"]
kind = "production"
account = "eu"

[instances."eu prod blue"]
same-as = "eu-prod"

[rules]
shared-data-space = "warning"
plaintext-private-key = "off"

[limits]
file-bytes = "8 MiB"
"#;
    let config = Config::parse(text, RULES).expect("the configuration is sound");
    let instance = &config.declared.instances["eu-prod"];
    assert!(instance.files.matches("sites/eu/prod/app/etc/env.php"));
    assert_eq!(instance.kind, Some(Kind::Production));
    assert_eq!(instance.account.as_deref(), Some("eu"));
    assert_eq!(config.declared.instances["eu prod blue"].same_as.as_deref(), Some("eu-prod"));
    assert_eq!(config.levels["shared-data-space"], Level::Warning);
    assert_eq!(config.levels["plaintext-private-key"].severity(), None);
    assert!(config.exclude.matches("vendor/a/b.php") && config.exclude.matches("a.bak"));
    assert_eq!(config.limits.file_bytes, 8 << 20);
}

#[test]
fn an_empty_configuration_is_the_default_one() {
    assert_eq!(Config::parse("", RULES), Ok(Config::default()));
}

#[test]
fn unknown_words_are_told_with_the_word_that_was_meant() {
    let cases = [
        ("exclud = []", "exclud: unknown key `exclud`; did you mean `exclude`?"),
        (
            "colour = 1",
            "colour: unknown key `colour`; known here: `exclude`, `instances`, `instances-from`, `intended`, `limits`, `not-instances`, `policy`, `rules`, `waivers`",
        ),
        (
            "[instances.a]\nsame_as = \"b\"\nfiles = [\"x\"]",
            "same_as: unknown key `same_as`; did you mean `same-as`?",
        ),
        (
            "rules.shared_data_space = \"off\"",
            "shared_data_space: unknown rule `shared_data_space`; did you mean `shared-data-space`?",
        ),
        ("rules.xyz = \"off\"", "xyz: unknown rule `xyz`; `commerce-lint rules` lists the rules"),
        (
            "rules.shared-data-space = \"warn\"",
            "\"warn\": unknown level `warn`; did you mean `\"warning\"`?",
        ),
        (
            "rules.shared-data-space = false",
            "false: expected a level, found `true` or `false`; did you mean `\"off\"`?",
        ),
        ("limits.bytes = 1", "bytes: unknown key `bytes`; known here: `file-bytes`"),
    ];
    for (text, expected) in cases {
        assert_eq!(mistakes(text), [expected], "{text}");
    }
}

#[test]
fn a_kind_is_one_of_two_words() {
    let told = |kind: &str| {
        mistakes(&format!("[instances.a]\nfiles = [\"x\"]\nkind = \"{kind}\"")).join("|")
    };
    for (kind, meant) in [
        ("prod", "\"production\""),
        ("Production", "\"production\""),
        ("staging", "\"non-production\""),
        ("UAT", "\"non-production\""),
        ("non_production", "\"non-production\""),
    ] {
        let expected = format!("\"{kind}\": unknown kind `{kind}`; did you mean `{meant}`?");
        assert_eq!(told(kind), expected);
    }
    assert!(told("blue").contains("write `\"production\"` or `\"non-production\"`"));
}

#[test]
fn wrong_types_are_told_where_they_stand() {
    let cases = [
        (
            "exclude = \"vendor\"",
            "\"vendor\": `exclude` is a list of patterns, found a text; put it in brackets: `[\"…\"]`",
        ),
        (
            "exclude = [1]",
            "1: `exclude` is a list of patterns, found a number; put the pattern in quotes",
        ),
        ("rules = []", "[]: `rules` is a table, found a list; "),
        ("instances.a = \"x\"", "\"x\": `a` is a table, found a text; "),
        (
            "[instances.a]\nfiles = [\"x\"]\naccount = 3",
            "3: `account` is a text, found a number; put the value in quotes",
        ),
        (
            "[instances.a]\nfiles = [\"x\"]\naccount = \"\"",
            "\"\": `account` is empty; give it a value, or drop the line",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(mistakes(text), [expected], "{text}");
    }
}

#[test]
fn an_instance_has_files_or_is_another_name() {
    assert_eq!(mistakes("[instances.a]").len(), 1);
    assert!(mistakes("[instances.a]\nfiles = []")[0].starts_with("[]: instance `a` has no files"));
    assert!(mistakes("[instances.a]\nfiles = [\"/x\"]")[0].starts_with("\"/x\": an absolute"));
    assert_eq!(mistakes("[instances.a]\nfiles = [\"/x\", \"y[\"]").len(), 2);
    let sound = "[instances.a]\nfiles = [\"x\"]\n[instances.b]\nsame-as = \"a\"";
    assert!(Config::parse(sound, RULES).is_ok());
}

#[test]
fn same_as_names_another_declared_instance_and_never_runs_in_a_circle() {
    let declared = "[instances.eu-prod]\nfiles = [\"x\"]\n";
    let told = |rest: &str| mistakes(&format!("{declared}{rest}"));
    assert_eq!(
        told("[instances.b]\nsame-as = \"eu-prd\""),
        ["\"eu-prd\": instance `eu-prd` is not declared; did you mean `eu-prod`?"]
    );
    assert!(told("[instances.b]\nsame-as = \"b\"")[0].contains("another name of itself"));
    let circle = told(
        "[instances.b]\nsame-as = \"c\"\n[instances.c]\nsame-as = \"b\"\n[instances.d]\nsame-as = \"c\"",
    );
    assert_eq!(circle.len(), 2, "{circle:?}");
    assert!(circle[0].contains("instances `b` and `c` are other names of each other"));
}

#[test]
fn sizes_are_read_with_and_without_units() {
    let size = |value: &str| {
        Config::parse(&format!("limits.file-bytes = {value}"), RULES)
            .map(|config| config.limits.file_bytes)
            .ok()
    };
    for (value, bytes) in [
        ("1_000", Some(1_000)),
        ("0x10", Some(16)),
        ("\"64 MiB\"", Some(64 << 20)),
        ("\"500kB\"", Some(500_000)),
        ("\"1 GiB\"", Some(1 << 30)),
        ("0", None),
        ("-1", None),
        ("1.5", None),
        ("\"8 GiB\"", None),
        ("\"99999999999 GiB\"", None),
        ("\"many\"", None),
    ] {
        assert_eq!(size(value), bytes, "{value}");
    }
}

#[test]
fn what_is_no_size_is_named() {
    let told = |value: &str| mistakes(&format!("limits.file-bytes = {value}")).concat();
    assert!(told("\"64 MBytes\"").contains("`64 MBytes` is no size"), "{}", told("\"64 MBytes\""));
    assert!(told("[1]").contains("a list is no size"), "{}", told("[1]"));
}

#[test]
fn every_mistake_is_told_in_order_of_places() {
    let all = mistakes("[rules]\nx = \"y\"\n[instances.a]\nkind = \"prod\"\n[limit]\n");
    let places: Vec<&str> = all.iter().filter_map(|told| told.split(": ").next()).collect();
    assert_eq!(places, ["x", "\"y\"", "a", "\"prod\"", "limit"]);
}

#[test]
fn broken_toml_is_told_with_its_place() {
    assert!(mistakes("[rules\nx = 1").iter().any(|told| told.contains("table")));
    assert!(mistakes("a = 1\na = 2").iter().any(|told| told.contains("duplicate key")));
}
