//! `[[intended]]`: a change that is announced is accepted in the same change, and told by every format.

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const OTHER: &str = "5b0d8a17-3c42-4e0b-9a6d-1f7c2e8b4d90";
const FILE: &str = "k8s/prod/settings.yaml";

/// Production moves to another data space in the folder, and the configuration says so.
fn moved(entry: &str) -> Scratch {
    let scratch = Scratch::of(&[(FILE, &data_space(DATA_SPACE))]);
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm before");
    scratch.write(FILE, data_space(OTHER));
    scratch.write("commerce-lint.toml", entry);
    scratch
}

fn entry(rule: &str, instance: &str, value: &str, expires: &str) -> String {
    format!(
        "[[intended]]\nrule = \"{rule}\"\ninstance = \"{instance}\"\nvalue = \"{value}\"\nreason = \"a new tenant\"\nexpires = {expires}\n"
    )
}

fn check(scratch: &Scratch, format: &str) -> Done {
    let now = ["--now", "2027-01-01", "--base", "HEAD"];
    scratch.run(&[&["check", "--output-format", format][..], &now].concat())
}

const RULE: &str = "production-data-space-change";

#[test]
fn what_is_announced_passes_in_the_same_change_and_no_format_is_silent() {
    let scratch = moved(&entry(RULE, "production", OTHER, "2027-01-31"));
    let done = check(&scratch, "line");
    assert_eq!(done.code, 0, "{}", done.all());
    for format in [
        "line", "pretty", "json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown",
        "html",
    ] {
        let done = check(&scratch, format);
        assert!(done.out.contains("a new tenant"), "{format}: {}", done.out);
    }
    let sarif = check(&scratch, "sarif").json();
    let suppression = &sarif["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(suppression["justification"], "a new tenant");
    assert_eq!(check(&scratch, "json").json()["accepted"][0]["intended"], true);
}

#[test]
fn what_is_announced_otherwise_does_not() {
    let third = "9e1c64f2-70ab-4c1d-8f35-6d2b0a7e4c83";
    for entry in [
        entry(RULE, "production", third, "2027-01-31"),
        entry(RULE, "staging", OTHER, "2027-01-31"),
        entry(RULE, "production", OTHER, "2026-12-31"),
        entry("production-project-change", "production", OTHER, "2027-01-31"),
        String::new(),
    ] {
        let done = check(&moved(&entry), "line");
        assert!(done.out.contains(&format!("[{RULE}]")), "{entry}: {}", done.all());
        assert_eq!(done.code, 1, "{entry}");
    }
}

#[test]
fn a_new_fault_is_no_intended_change() {
    for (rule, instance) in
        [("malformed-data-space-id", "staging"), ("shared-data-space", "production")]
    {
        let done = check(&moved(&entry(rule, instance, "nonsense", "2027-01-31")), "line");
        let why = format!("`{rule}` tells no change that could be announced");
        assert!(done.err.contains(&why), "{}", done.all());
        assert_eq!(done.code, 2);
    }
}

#[test]
fn an_entry_says_all_that_it_must() {
    for (line, missing) in [
        ("rule", "rule"),
        ("instance", "instance"),
        ("value", "value"),
        ("reason", "reason"),
        ("expires", "expires"),
    ] {
        let whole = entry(RULE, "production", OTHER, "2027-01-31");
        let rest: Vec<&str> = whole.lines().filter(|other| !other.starts_with(line)).collect();
        let done = check(&moved(&(rest.join("\n") + "\n")), "line");
        assert_eq!(done.code, 2, "{missing}: {}", done.all());
        assert!(done.err.contains(&format!("without `{missing}`")), "{}", done.err);
    }
}
