//! `commerce-lint.toml`: where it is read from, what it changes, and what is said about its mistakes.

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

fn line(scratch: &Scratch, arguments: &[&str]) -> Done {
    scratch.run(&[&["check", "--output-format", "line"], arguments].concat())
}

#[test]
fn the_root_s_configuration_counts_under_both_names_and_no_other() {
    let off = "[rules]\nshared-data-space = \"off\"\n";
    for (path, code) in [
        ("commerce-lint.toml", 0),
        (".commerce-lint.toml", 0),
        ("k8s/commerce-lint.toml", 1),
        ("k8s/prod/.commerce-lint.toml", 1),
    ] {
        let scratch = Scratch::shared();
        scratch.write(path, off);
        assert_eq!(scratch.run(&["check"]).code, code, "{path}");
        assert_eq!(scratch.run(&["check", "--no-config"]).code, 1, "{path}");
    }
}

#[test]
fn two_configurations_are_a_mistake_unless_one_is_chosen() {
    let scratch = Scratch::shared();
    scratch.write("commerce-lint.toml", "");
    scratch.write(".commerce-lint.toml", "");
    let done = scratch.run(&["check"]);
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert!(done.err.contains("two configurations"), "{}", done.err);
    assert_eq!(scratch.run(&["check", "--config", "commerce-lint.toml"]).code, 1);
    assert_eq!(scratch.run(&["check", "--no-config"]).code, 1);
}

#[test]
fn a_named_configuration_replaces_the_root_s() {
    let scratch = Scratch::shared();
    scratch.write("commerce-lint.toml", "broken");
    scratch.write("ci/lint.toml", "[rules]\nshared-data-space = \"warning\"\n");
    assert_eq!(scratch.run(&["check", "--config", "ci/lint.toml"]).code, 0);
    let missing = scratch.run(&["check", "--config", "ci/none.toml"]);
    assert_eq!((missing.code, missing.out.as_str()), (2, ""));
    assert!(missing.err.contains("ci/none.toml"), "{}", missing.err);
}

#[test]
fn levels_change_severity_and_exit_code() {
    for (level, severity, code) in
        [("off", None, 0), ("warning", Some("warning"), 0), ("error", Some("error"), 1)]
    {
        let scratch = Scratch::shared();
        scratch.write("commerce-lint.toml", format!("rules.shared-data-space = \"{level}\"\n"));
        let done = line(&scratch, &[]);
        assert_eq!(done.code, code, "{level}");
        let said = done.out.lines().find(|line| line.ends_with("[shared-data-space]"));
        assert_eq!(said.is_some(), severity.is_some(), "{}", done.out);
        let word = severity.map(|word| format!(": {word}: "));
        assert!(word.is_none_or(|word| done.out.contains(&word)), "{}", done.out);
    }
}

#[test]
fn excluded_files_are_not_read() {
    let scratch = Scratch::shared();
    scratch.write("commerce-lint.toml", "exclude = [\"k8s/staging\"]\n");
    let done = line(&scratch, &[]);
    assert_eq!(done.out, "no findings in 1 instance (2 files read)\n");
}

#[test]
fn a_limit_that_is_hit_makes_the_run_incomplete() {
    let scratch = Scratch::of(&[("commerce-lint.toml", "limits.file-bytes = 100\n")]);
    scratch.write("a.yaml", format!("{}# {}\n", data_space(DATA_SPACE), "x".repeat(100)));
    scratch.write("b.yaml", "x".repeat(1000));
    let done = line(&scratch, &[]);
    assert_eq!(done.code, 3);
    assert!(
        done.out.contains("a.yaml:1:1: warning: not read whole: is larger than 100 bytes"),
        "{}",
        done.out
    );
    assert!(!done.out.contains("b.yaml"), "{}", done.out);
}

#[test]
fn a_declaration_wins_over_the_path() {
    let scratch = Scratch::shared();
    scratch.write(
        "commerce-lint.toml",
        "[instances.shop]\nfiles = [\"k8s/**\"]\nkind = \"non-production\"\naccount = \"acme\"\n",
    );
    assert_eq!(line(&scratch, &[]).code, 0);
    let listed = scratch.run(&["instances", "--output-format", "json"]).json();
    let instance = &listed["instances"][0];
    assert_eq!(listed["instances"].as_array().map(Vec::len), Some(1));
    assert_eq!((&instance["name"], &instance["kind"]), (&"shop".into(), &"non-production".into()));
    assert_eq!(
        (&instance["kind_from"], &instance["account"]),
        (&"declared".into(), &"acme".into())
    );
}

#[test]
fn other_names_of_one_installation_share_its_data_space() {
    let scratch = Scratch::shared();
    let declared = "[instances.eu]\nfiles = [\"k8s/prod\"]\n[instances.eu-standby]\nfiles = [\"k8s/staging\"]\n";
    scratch.write("commerce-lint.toml", declared);
    assert_eq!(scratch.run(&["check"]).code, 1);
    scratch.write("commerce-lint.toml", format!("{declared}same-as = \"eu\"\n"));
    assert_eq!(scratch.run(&["check"]).code, 0);
}

#[test]
fn every_mistake_has_a_place_and_a_suggestion() {
    let scratch = Scratch::shared();
    scratch.write(
        "commerce-lint.toml",
        "exclud = []\n[rules]\nshared-dataspace = \"off\"\nplaceholder-value = \"deny\"\n[limits]\nfile-byte = 1\n\
         [instances.eu]\nfile = [\"a\"]\nkind = \"prod\"\n",
    );
    for command in ["check", "instances"] {
        let done = scratch.run(&[command]);
        assert_eq!((done.code, done.out.as_str()), (2, ""));
        for expected in [
            "commerce-lint.toml:1:1",
            "did you mean `exclude`?",
            "commerce-lint.toml:3:1",
            "did you mean `shared-data-space`?",
            "commerce-lint.toml:4:21",
            "did you mean `\"error\"`?",
            "did you mean `file-bytes`?",
            "did you mean `files`?",
            "did you mean `\"production\"`?",
        ] {
            assert!(done.err.contains(expected), "{expected} is missing in\n{}", done.err);
        }
    }
}

#[test]
fn a_configuration_that_is_no_text_is_a_mistake() {
    let large = "#".repeat(2 << 20);
    for bytes in [&b"\xff\xfe["[..], b"[rules]\n\xff = \"off\"\n", large.as_bytes()] {
        let scratch = Scratch::new();
        scratch.write("commerce-lint.toml", bytes);
        let done = scratch.run(&["check"]);
        assert_eq!((done.code, done.out.as_str()), (2, ""));
        assert!(done.err.contains("commerce-lint.toml"), "{}", done.err);
    }
}

#[test]
fn the_name_of_a_declared_instance_says_more_than_the_paths_of_its_files() {
    let scratch = Scratch::of(&[
        ("copies/prod/a.yaml", &data_space(DATA_SPACE)),
        ("commerce-lint.toml", "[instances.eu-staging]\nfiles = [\"copies/**\"]\n"),
    ]);
    let instances = scratch.run(&["instances", "--output-format", "json"]).json();
    let instance = &instances["instances"][0];
    assert_eq!(instance["kind"], "non-production");
    assert_eq!(instance["kind_from"], "declared");
}

#[test]
fn of_many_mistakes_a_few_are_shown() {
    let lines: Vec<String> = (0..50_000).map(|number| format!("key-{number} = 1")).collect();
    let text = lines.join("\n");
    let done = Scratch::of(&[("commerce-lint.toml", &text)]).run(&["check"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("error: 50000 mistakes (20 are shown) in"), "{}", done.err);
    assert_eq!(done.err.matches("unknown key").count(), 20);
    let marks = "[rules]\n<<<<<<< HEAD\nplaceholder-value = \"off\"\n=======\n";
    let done = Scratch::of(&[("commerce-lint.toml", marks)]).run(&["check"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("a merge left its marks here"), "{}", done.err);
    assert!(done.err.contains("commerce-lint.toml:2:1"), "{}", done.err);
}

#[test]
fn a_pattern_that_matches_nothing_is_told_with_its_place() {
    let scratch = Scratch::shared();
    let text = "[instances.a]\nfiles = [\"k8s/prod\", \"k8s/pord\"]\ninherits = [\"base/**\"]\n\
        [not-instances]\nfiles = [\"old/**\"]\n[[instances-from]]\nfiles = \"shops/{shop}/**\"\nname = \"{shop}\"\n";
    scratch.write("commerce-lint.toml", text);
    let done = line(&scratch, &[]);
    let told: Vec<&str> =
        done.out.lines().filter(|line| line.ends_with("[unmatched-pattern]")).collect();
    let place = |at: &str, pattern: &str| {
        format!(
            "commerce-lint.toml:{at}: warning: no file of this tree matches `{pattern}` [unmatched-pattern]"
        )
    };
    let expected = [
        place("2:22", "k8s/pord"),
        place("3:13", "base/**"),
        place("5:10", "old/**"),
        place("7:9", "shops/{shop}/**"),
    ];
    assert_eq!(told, expected, "{}", done.out);
    let one = line(&scratch, &["k8s/prod/configmap.yaml"]);
    assert!(!one.out.contains("unmatched-pattern"), "{}", one.out);
}

#[test]
fn a_pattern_of_instances_says_what_is_wrong_with_it() {
    let scratch = Scratch::shared();
    for (text, expected) in [
        ("files = \"shops/**\"\nname = \"{shop}\"", "this pattern names nothing"),
        ("files = \"shops/{shop}\"\nname = \"{env}\"", "the pattern has no `{env}`"),
        ("files = \"shops/{shop}\"\nname = \"shop\"", "all of them would have one name"),
        ("files = \"../{shop}\"\nname = \"{shop}\"", "a pattern cannot leave the tree"),
        ("files = \"shops/{shop}\"", "a pattern of instances needs `files` and `name`"),
        ("files = \"shops/{shop}\"\nname = \"{shop}\"\nnames = 1", "did you mean `name`?"),
    ] {
        scratch.write("commerce-lint.toml", format!("[[instances-from]]\n{text}\n"));
        let done = scratch.run(&["check"]);
        assert_eq!(done.code, 2, "{text}");
        assert!(done.err.contains(expected), "{text}: {}", done.err);
    }
}
