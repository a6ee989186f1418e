//! Exit codes: 0 clean, 1 findings, 2 usage or configuration, 3 incomplete; 1 wins over 3, and 3 over 0.

use super::scratch::{Scratch, data_space};

const BROKEN: &str = "services_connector/services_id/project_id: [ a\nb: - c\n";
const WARNED: &str = "services_connector/services_id/project_id: CHANGEME\n";

fn code(files: &[(&str, &str)], arguments: &[&str]) -> i32 {
    Scratch::of(files).run(&[&["check"], arguments].concat()).code
}

#[test]
fn each_outcome_has_its_code() {
    let bad = &data_space("not-a-uuid");
    for (files, arguments, expected) in [
        (&[][..], &[][..], 0),
        (&[("a.yaml", WARNED)], &[], 0),
        (&[("a.yaml", WARNED)], &["--fail-on", "warning"], 1),
        (&[("a.yaml", WARNED)], &["--fail-on", "never"], 0),
        (&[("a.yaml", bad)], &[], 1),
        (&[("a.yaml", bad)], &["--fail-on", "warning"], 1),
        (&[("a.yaml", bad)], &["--fail-on", "never"], 0),
        (&[("a.yaml", BROKEN)], &[], 3),
        (&[("a.yaml", BROKEN)], &["--fail-on", "never"], 3),
        (&[("a.yaml", BROKEN)], &["--fail-on", "warning"], 1),
        (&[("prod/a.yaml", BROKEN), ("stage/a.yaml", bad)], &[], 1),
        (&[("prod/a.yaml", BROKEN), ("stage/a.yaml", bad)], &["--fail-on", "never"], 3),
    ] {
        assert_eq!(code(files, arguments), expected, "{files:?} {arguments:?}");
    }
}

#[test]
fn instances_are_listed_with_the_code_of_an_incomplete_run() {
    let listed = |text: &str| Scratch::of(&[("a.yaml", text)]).run(&["instances"]);
    assert_eq!(listed(&data_space("not-a-uuid")).code, 0);
    let broken = listed(BROKEN);
    assert_eq!(broken.code, 3);
    assert!(broken.out.contains("incomplete"), "{}", broken.out);
}

#[test]
fn wrong_usage_is_two_and_silent_on_standard_output() {
    let scratch = Scratch::new();
    for arguments in [
        &[][..],
        &["chek"],
        &["check", "--fail-on", "info"],
        &["check", "--output-format", "xml"],
        &["check", "a", "b"],
        &["check", "--threads", "x"],
        &["instances", "--fail-on", "error"],
        &["explain"],
        &["check", "--config", "a", "--no-config"],
    ] {
        let done = scratch.run(arguments);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{arguments:?}");
        assert!(done.err.contains("Usage: ") || done.err.contains("--help"), "{}", done.err);
    }
}

#[test]
fn help_and_version_are_answers() {
    let scratch = Scratch::new();
    for (arguments, expected) in [
        (&["--help"][..], "Exit codes:"),
        (&["check", "--help"], "--fail-on"),
        (&["instances", "-h"], "--explain"),
        (&["--version"], concat!("commerce-lint ", env!("CARGO_PKG_VERSION"))),
    ] {
        let done = scratch.run(arguments);
        assert_eq!((done.code, done.err.as_str()), (0, ""));
        assert!(done.out.contains(expected), "{}", done.out);
    }
}

#[test]
fn a_path_that_does_not_exist_is_one_line() {
    let scratch = Scratch::new();
    for command in ["check", "instances"] {
        let done = scratch.run(&[command, "no/such\nfolder"]);
        assert_eq!((done.code, done.out.as_str()), (2, ""));
        assert_eq!(done.err.lines().count(), 1, "{}", done.err);
        assert!(done.err.contains("no such file or directory"), "{}", done.err);
        assert!(done.err.contains("no/such\\u{a}folder"), "{}", done.err);
    }
}

#[test]
fn a_file_is_a_tree_of_one() {
    let scratch = Scratch::shared();
    scratch.write("bad/a.yaml", data_space("not-a-uuid"));
    let done = scratch.run(&["check", "bad/a.yaml", "--output-format", "line"]);
    let expected = "bad/a.yaml:1:48: error: data space id is a text of 10 characters, not a UUID [malformed-data-space-id]\n\
        1 file read, 1 instance, 1 error, 0 warnings\n";
    assert_eq!((done.code, done.out.as_str()), (1, expected));
}

#[test]
fn an_empty_folder_is_told_from_a_clean_one() {
    let empty = Scratch::new().run(&["check"]);
    assert_eq!(empty.out, "no private keys found, and no settings to check (0 files read)\n");
    let clean = Scratch::of(&[("a.yaml", &data_space(super::scratch::DATA_SPACE))]);
    assert_eq!(clean.run(&["check"]).out, "no findings in 1 instance (1 file read)\n");
}

#[test]
fn rules_are_listed_and_explained() {
    let scratch = Scratch::new();
    let rules = scratch.run(&["rules"]);
    assert_eq!(rules.code, 0);
    for rule in rules.out.lines().filter_map(|line| line.split(' ').next()) {
        let page = scratch.run(&["explain", rule]);
        assert_eq!((page.code, page.err.as_str()), (0, ""));
        assert!(page.out.starts_with(rule), "{}", page.out);
    }
    let typo = scratch.run(&["explain", "shared-dataspace"]);
    assert_eq!((typo.code, typo.out.as_str()), (2, ""));
    assert!(typo.err.contains("did you mean `shared-data-space`?"), "{}", typo.err);
    let strange = scratch.run(&["explain", "\u{1b}[31m"]);
    assert!(strange.err.contains("`commerce-lint rules` lists the rules"), "{}", strange.err);
    assert!(!strange.err.contains('\u{1b}'), "{}", strange.err);
}
