//! Waivers, the policy on them, and baselines.

use super::*;
use crate::config::baseline::Baseline;
use crate::date::Date;
use crate::model::fingerprint::Fingerprint;

/// A sound waiver, but for the lines that are replaced or left out.
fn waiver(changes: &[(&str, &str)]) -> String {
    let mut lines = vec![
        ("rule", "rule = \"shared-data-space\""),
        ("path", "path = \"k8s/**\""),
        ("reason", "reason = \"moved next month\""),
        ("expires", "expires = 2027-06-30"),
    ];
    for &(key, line) in changes {
        lines.retain(|(known, _)| *known != key);
        lines.push((key, line));
    }
    let lines: Vec<&str> = lines.into_iter().map(|(_, line)| line).collect();
    format!("[[waivers]]\n{}\n", lines.join("\n"))
}

fn read(text: &str) -> Config {
    Config::parse(text, RULES).expect("the configuration is sound")
}

#[test]
fn a_waiver_is_read_with_its_places() {
    let text = waiver(&[
        ("instances", "instances = [\"eu-prod\", \"eu-staging\"]"),
        ("value", "value = \"0123456789ab\""),
    ]);
    let config =
        read(&format!("policy.max-waiver-days = 90\npolicy.baseline = 'ci/known.toml'\n{text}"));
    let [waiver] = config.waivers.as_slice() else { panic!("{config:?}") };
    assert_eq!(waiver.rule, "shared-data-space");
    assert!(waiver.path.as_ref().is_some_and(|path| path.matches("k8s/prod/a.yaml")));
    assert_eq!(waiver.instances, ["eu-prod", "eu-staging"]);
    assert_eq!(waiver.value, Fingerprint::parse("0123456789ab"));
    assert_eq!(waiver.reason, "moved next month");
    assert_eq!(Some(waiver.expires), Date::new(2027, 6, 30));
    assert_eq!(config.policy.max_waiver_days, Some(90));
    assert_eq!(config.policy.baseline.as_deref(), Some("ci/known.toml"));
    let text = format!("policy.max-waiver-days = 90\npolicy.baseline = 'ci/known.toml'\n{text}");
    assert_eq!(text.get(waiver.at.range()), Some("\"shared-data-space\""));
    assert_eq!(text.get(waiver.expires_at.range()), Some("2027-06-30"));
}

#[test]
fn waivers_keep_the_order_of_the_file() {
    let config = read(&format!(
        "{}{}",
        waiver(&[]),
        waiver(&[("rule", "rule = \"plaintext-private-key\"")])
    ));
    let rules: Vec<&str> = config.waivers.iter().map(|waiver| waiver.rule.as_str()).collect();
    assert_eq!(rules, ["shared-data-space", "plaintext-private-key"]);
}

#[test]
fn what_a_waiver_lacks_is_told_at_its_rule() {
    let cases = [
        ("path", "the waiver of `shared-data-space` does not say what it is about"),
        ("reason", "the waiver of `shared-data-space` gives no reason"),
        ("expires", "the waiver of `shared-data-space` never ends"),
    ];
    for (key, message) in cases {
        let told = mistakes(&waiver(&[(key, "")]));
        let [told] = told.as_slice() else { panic!("{told:?}") };
        assert!(told.starts_with(&format!("\"shared-data-space\": {message}; ")), "{told}");
    }
    let told = mistakes(&waiver(&[("rule", "")]));
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("[[waivers]]"), "{told:?}");
    assert!(told[0].contains(": a waiver names no rule; name one rule"), "{told:?}");
    assert_eq!(mistakes("[[waivers]]").len(), 4);
}

#[test]
fn mistakes_in_a_waiver_are_told_where_they_stand() {
    let cases = [
        (
            "rule",
            "rule = \"shared-dataspace\"",
            "\"shared-dataspace\": unknown rule `shared-dataspace`; did you mean `shared-data-space`?",
        ),
        (
            "rule",
            "rule = \"unused-waiver\"",
            "\"unused-waiver\": `unused-waiver` cannot be waived; mend what it points at",
        ),
        (
            "rule",
            "rule = \"weakened-policy\"",
            "\"weakened-policy\": `weakened-policy` cannot be waived; mend what it points at",
        ),
        (
            "path",
            "path = [\"a\"]",
            "[\"a\"]: `path` is one pattern, found a list; write one waiver for each path",
        ),
        ("path", "path = \"/a\"", "\"/a\": an absolute"),
        (
            "instances",
            "instances = []",
            "[]: `instances` is empty; name the instances, or drop the line",
        ),
        (
            "instances",
            "instances = \"a\"",
            "\"a\": `instances` is a list of names, found a text; put it in brackets: `[\"eu-staging\"]`",
        ),
        (
            "instances",
            "instances = [3]",
            "3: `instances` is a text, found a number; put the value in quotes",
        ),
        (
            "reason",
            "reason = \" \"",
            "\" \": `reason` is empty; say why this is acceptable, for whoever reads it later",
        ),
        (
            "expires",
            "expires = \"2027-06-30\"",
            "\"2027-06-30\": `expires` is a day, found a text; write it without quotes: `expires = 2027-06-30`",
        ),
        (
            "expires",
            "expires = \"soon\"",
            "\"soon\": `expires` is a day, found a text; write `expires = 2027-06-30`",
        ),
        (
            "expires",
            "expires = 2027-06-30T12:00:00Z",
            "2027-06-30T12:00:00Z: `expires` is a day, found a time of day; write the last day alone: `expires = 2027-06-30`",
        ),
        (
            "expires",
            "expires = 90",
            "90: `expires` is a day, found a number; write `expires = 2027-06-30`",
        ),
        (
            "expires",
            "expires = 0000-01-01",
            "0000-01-01: there is no such day; write a day of the calendar",
        ),
        (
            "value",
            "value = \"0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11\"",
            "\"0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11\": this is no fingerprint; write the 12 hexadecimal digits",
        ),
        (
            "until",
            "until = 2027-06-30",
            "until: unknown key `until`; known here: `expires`, `instances`, `path`, `reason`, `rule`, `value`",
        ),
        ("paths", "paths = []", "paths: unknown key `paths`; did you mean `path`?"),
    ];
    for (key, line, expected) in cases {
        let told = mistakes(&waiver(&[(key, line)]));
        let [told] = told.as_slice() else { panic!("{line}: {told:?}") };
        assert!(told.starts_with(expected), "{line}: {told}");
    }
    assert!(
        mistakes("waivers.rule = \"x\"")[0]
            .contains("`waivers` is a list of tables, found a table; write `[[waivers]]`")
    );
    assert!(
        mistakes("waivers = [1]")[0]
            .starts_with("1: `waivers` is a list of tables, found a number")
    );
    assert!(!mistakes(&waiver(&[("expires", "expires = 2027-02-30")])).is_empty());
}

#[test]
fn mistakes_in_the_policy_are_told_where_they_stand() {
    for (line, expected) in [
        (
            "max-waiver-days = 0",
            "0: `max-waiver-days` is between 1 and 3660; write `max-waiver-days = 90`",
        ),
        (
            "max-waiver-days = \"90\"",
            "\"90\": `max-waiver-days` is a number of days, found a text; write `max-waiver-days = 90`",
        ),
        (
            "max-days = 1",
            "max-days: unknown key `max-days`; known here: `baseline`, `extends`, `locked`, `max-waiver-days`, `preset`",
        ),
        (
            "baseline = '../known.toml'",
            "'../known.toml': `../known.toml` does not lie in the folder of the configuration; write a path such as `commerce-lint.baseline.toml`",
        ),
        ("baseline = '/etc/passwd'", "'/etc/passwd': `/etc/passwd` does not lie"),
        ("baseline = 'C:\\known'", "'C:\\known': `C:\\known` does not lie"),
        ("baseline = ''", "'': `baseline` is empty"),
    ] {
        let told = mistakes(&format!("[policy]\n{line}"));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(expected), "{told:?}");
    }
}

const SALT: &str = "00112233445566778899aabbccddeeff";

#[test]
fn a_baseline_is_read_with_the_places_of_its_entries() {
    let text = format!(
        "version = 2\nsalt = \"{SALT}\"\n\n[[accepted]]\nrule = \"shared-data-space\"\npath = \"a b\"\nfingerprint = \"{SALT}\"\nvalues = [\"0011223344556677\"]\ninstances = [\"0011223344556677:8899aabbccddeeff\"]\n"
    );
    let baseline = Baseline::parse(&text).expect("it is sound");
    let [known] = baseline.accepted.as_slice() else { panic!("{baseline:?}") };
    assert_eq!((known.rule.as_str(), known.path.as_str()), ("shared-data-space", "a b"));
    assert_eq!((baseline.salt.as_str(), known.fingerprint.as_str()), (SALT, SALT));
    assert_eq!(known.values, ["0011223344556677"]);
    assert_eq!(known.instances, ["0011223344556677:8899aabbccddeeff"]);
    assert_eq!(text.get(known.at.range()), Some(format!("\"{SALT}\"").as_str()));
}

#[test]
fn a_baseline_that_is_none_is_told() {
    let told = |text: &str| -> Vec<String> {
        let errors = Baseline::parse(text).expect_err("there are mistakes");
        errors.into_iter().map(|error| error.message).collect()
    };
    assert_eq!(told(""), ["the baseline has no `salt`", "the baseline has no `version`"]);
    let head = format!("version = 2\nsalt = \"{SALT}\"\n");
    for (text, expected) in [
        (
            format!("version = 1\nsalt = \"{SALT}\""),
            "another version of this tool wrote this baseline",
        ),
        (
            "version = 2\nsalt = \"abc\"".to_owned(),
            "the salt is too short or no hexadecimal number",
        ),
        (format!("{head}accepted = 1"), "`accepted` is a list of tables, found a number"),
        (
            format!("{head}[[accepted]]\nrule = \"a\"\npath = \"b\""),
            "an entry has no `fingerprint`",
        ),
        (
            format!("{head}[[accepted]]\nrule = \"a\"\npath = \"b\"\nfingerprint = \"c\""),
            "this is no fingerprint of a finding",
        ),
        (
            format!(
                "{head}[[accepted]]\nrule = \"a\"\npath = \"b\"\nfingerprint = \"{SALT}\"\ninstances = [\"prod\"]"
            ),
            "these are no names of a baseline",
        ),
        (format!("{head}lines = 1"), "unknown key `lines`"),
    ] {
        assert_eq!(told(&text), [expected], "{text}");
    }
}
