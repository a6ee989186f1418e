//! What `--fix` mends is mended to the letter, nothing else changes, and what is not beyond doubt is left alone.

use std::fs;

use super::scratch::{DATA_SPACE, Done, Scratch};

const FILE: &str = "k8s/prod/settings.yaml";

fn fix(scratch: &Scratch) -> Done {
    scratch.run(&["check", "--fix", "--output-format", "line", "--now", "2026-11-29"])
}

fn text(scratch: &Scratch, path: &str) -> String {
    fs::read_to_string(scratch.path().join(path)).expect("the file is readable")
}

#[test]
fn a_value_is_written_without_what_stands_around_it_and_all_else_stays() {
    let path = "services_connector/services_id/environment_id";
    for (written, mended) in [
        (format!("'{DATA_SPACE} '"), format!("'{DATA_SPACE}'")),
        (format!("\"{{{DATA_SPACE}}}\""), format!("\"{DATA_SPACE}\"")),
        (format!("'\"{}\"'", DATA_SPACE.to_uppercase()), format!("'{DATA_SPACE}'")),
        (format!("'{DATA_SPACE}\u{200b}'"), format!("'{DATA_SPACE}'")),
    ] {
        let whole =
            |value: &str| format!("# ours\r\n{path}:   {value}  # kept \r\nother: ' x '\r\n");
        let scratch = Scratch::of(&[(FILE, &whole(&written))]);
        let shown = scratch.run(&["check", "--diff"]);
        assert!(shown.code == 1 && shown.out.contains(&format!("+{path}:")), "{shown:?}");
        assert_eq!(text(&scratch, FILE), whole(&written), "`--diff` changes nothing");
        let done = fix(&scratch);
        assert_eq!(text(&scratch, FILE), whole(&mended), "{done:?}");
        assert!(done.err.contains("changed 1 file to mend"), "{done:?}");
        assert!(!done.out.contains("UUID") && !done.out.contains("blanks"), "{done:?}");
        assert_eq!(scratch.run(&["check", "--diff"]).code, 0);
    }
}

#[test]
fn a_variable_of_the_cloud_is_protected() {
    let line = |options: &str| {
        format!(
            "#!/bin/sh\nmagento-cloud variable:create{options} --level environment --environment staging --name env:CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID --value {DATA_SPACE}\n"
        )
    };
    let scratch = Scratch::of(&[("deploy/cloud.sh", &line(""))]);
    let done = fix(&scratch);
    assert_eq!(text(&scratch, "deploy/cloud.sh"), line(" --inheritable false"), "{done:?}");
    let contrary = Scratch::of(&[("deploy/cloud.sh", &line(" --inheritable true"))]);
    fix(&contrary);
    assert_eq!(text(&contrary, "deploy/cloud.sh"), line(" --inheritable true"));
}

#[test]
fn words_of_a_list_stay_words_of_a_list() {
    let path = "services_connector/services_id/environment_id";
    let name = "env:CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";
    let cloud = ["--level", "environment", "--environment", "staging", "--name", name, "--value"];
    let made = |quote: &str, more: &[&str]| {
        let words = ["magento-cloud", "variable:create"].iter().chain(more).chain(&cloud);
        words.chain(&[DATA_SPACE]).map(|word| format!("{quote}{word}{quote}")).collect::<Vec<_>>()
    };
    let set = |more: &[&str]| {
        let what = [path, DATA_SPACE];
        let words = ["bin/magento", "config:set"].iter().chain(more).chain(&what);
        words.map(|word| format!("\"{word}\"")).collect::<Vec<_>>()
    };
    let docker = |words: &[String]| format!("FROM php\nRUN [{}]\n", words.join(", "));
    let flow = |words: &[String]| {
        format!(
            "- hosts: staging\n  tasks:\n    - command:\n        argv: [{}]\n",
            words.join(", ")
        )
    };
    let block = |words: &[String]| {
        let lead = "          - ";
        let items = format!("{lead}{}\n", words.join(&format!("\n{lead}")));
        format!("- hosts: staging\n  tasks:\n    - command:\n        argv:\n{items}")
    };
    let option = &["--inheritable=false"];
    let scopes = [
        vec!["--scope=websites", "--scope-code=base"],
        vec!["--scope", "websites", "--scope-code", "base"],
    ];
    let mut cases = vec![
        ("docker/Dockerfile", docker(&made("\"", &[])), docker(&made("\"", option))),
        ("play.yml", flow(&made("'", &[])), flow(&made("'", option))),
        ("play.yml", block(&made("", &[])), block(&made("", option))),
        ("play.yml", block(&made("\"", &[])), block(&made("\"", option))),
    ];
    for scope in &scopes {
        cases.push(("docker/prod/Dockerfile", docker(&set(scope)), docker(&set(&[]))));
        cases.push(("play.yml", flow(&set(scope)), flow(&set(&[]))));
        cases.push(("play.yml", block(&set(scope)), block(&set(&[]))));
    }
    for (file, before, after) in cases {
        let scratch = Scratch::of(&[(file, &before)]);
        let done = fix(&scratch);
        assert_eq!(text(&scratch, file), after, "{done:?}");
    }
    let quoted = |options: &str| {
        format!(
            "#!/bin/sh\nmagento-cloud \"variable:create\"{options} {} {DATA_SPACE}\n",
            cloud.join(" ")
        )
    };
    let scratch = Scratch::of(&[("deploy/cloud.sh", &quoted(""))]);
    let done = fix(&scratch);
    assert_eq!(text(&scratch, "deploy/cloud.sh"), quoted(" --inheritable false"), "{done:?}");
}

#[test]
fn a_value_is_mended_where_another_finding_names_it() {
    let file = ".magento.env.yaml";
    let written = |id: &str| {
        format!(
            "stage:\n  deploy:\n    CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID: '{id}'\n"
        )
    };
    let scratch = Scratch::of(&[(file, &written(&format!("{{{}}}", DATA_SPACE.to_uppercase())))]);
    let done = fix(&scratch);
    assert_eq!(text(&scratch, file), written(DATA_SPACE), "{done:?}");
    assert!(done.out.contains("[data-space-in-shared-layer]"), "{done:?}");
}

#[test]
fn a_waiver_of_a_list_is_taken_out_where_it_has_lines_of_its_own() {
    let item = |rule: &str| {
        format!(
            "  {{ rule = \"{rule}\", path = \"k8s/**\", reason = \"of old\", expires = 2026-12-31 }},\n"
        )
    };
    let list =
        |items: &str| format!("waivers = [\n{items}]\n\n[rules]\nblank-override = \"error\"\n");
    let kept = item("placeholder-value");
    let scratch = Scratch::of(&[
        (FILE, "services_connector/services_id/project_id: CHANGEME\n"),
        ("commerce-lint.toml", &list(&format!("{}{kept}", item("stray-whitespace")))),
    ]);
    let done = fix(&scratch);
    assert_eq!(text(&scratch, "commerce-lint.toml"), list(&kept), "{done:?}");
    let one =
        "waivers = [{ rule = \"stray-whitespace\", path = \"k8s/**\", reason = \"of old\" }]\n";
    let scratch = Scratch::of(&[(FILE, "a: 1\n"), ("commerce-lint.toml", one)]);
    let done = fix(&scratch);
    assert_eq!(text(&scratch, "commerce-lint.toml"), one, "{done:?}");
}

#[test]
fn a_waiver_that_accepts_nothing_is_taken_out_and_its_neighbours_stay() {
    let waiver = |rule: &str, until: &str| {
        format!(
            "[[waivers]]\nrule = \"{rule}\"\npath = \"k8s/**\"\nreason = \"[of old]\"\nexpires = {until}\n\n"
        )
    };
    let first = "# the policy\n[rules]\nblank-override = \"error\"\n\n";
    let last = "# limits, too\n[limits]\nfile-bytes = \"8 MiB\"\n";
    let idle =
        waiver("stray-whitespace", "2026-12-31") + &waiver("shared-data-space", "2026-01-31");
    let scratch = Scratch::of(&[
        (FILE, "services_connector/services_id/project_name: x\n"),
        ("commerce-lint.toml", &format!("{first}{idle}{last}")),
    ]);
    let done = fix(&scratch);
    assert_eq!(text(&scratch, "commerce-lint.toml"), format!("{first}{last}"), "{done:?}");
    // One that ended accepts nothing of what still stands.
    let ended = waiver("placeholder-value", "2026-01-31");
    let scratch = Scratch::of(&[
        (FILE, "services_connector/services_id/project_id: CHANGEME\n"),
        ("commerce-lint.toml", &format!("{first}{ended}{last}")),
    ]);
    let done = fix(&scratch);
    assert_eq!(text(&scratch, "commerce-lint.toml"), format!("{first}{last}"), "{done:?}");
    assert!(done.out.contains("[placeholder-value]"), "{done:?}");
}

#[test]
fn what_is_written_in_another_way_than_it_reads_is_left_alone() {
    let escaped =
        format!("services_connector/services_id/environment_id: \"\\u007b{DATA_SPACE}}}\"\n");
    let scratch = Scratch::of(&[(FILE, &escaped)]);
    let done = fix(&scratch);
    assert!(done.code == 1 && text(&scratch, FILE) == escaped, "{done:?}");
}

#[test]
fn a_comment_that_allows_nothing_is_taken_out_and_one_that_does_stays() {
    let path = "services_connector/services_id/environment_id";
    let said = "commerce-lint: allow placeholder-value -- of old";
    let scratch = Scratch::of(&[
        (FILE, &format!("# {said}\n{path}: {DATA_SPACE}  # {said}\n# theirs\nother: 1\n")),
        ("k8s/staging/settings.yaml", &format!("{path}: CHANGEME # {said}\n")),
        ("k8s/qa/settings.yaml", &format!("{path}: x # commerce-lint: allow placeholder-value\n")),
    ]);
    let done = fix(&scratch);
    let kept = format!("{path}: {DATA_SPACE}\n# theirs\nother: 1\n");
    assert_eq!(text(&scratch, FILE), kept, "{done:?}");
    assert!(text(&scratch, "k8s/staging/settings.yaml").contains(said), "it allows something");
    assert!(text(&scratch, "k8s/qa/settings.yaml").contains("allow"), "it may be meant");
}

#[test]
fn a_scope_that_is_never_read_is_the_default_one_where_nothing_else_is_set() {
    let path = "services_connector/services_id/environment_id";
    let set =
        |options: &str| format!("bin/magento config:set{options} {path} {DATA_SPACE} # ours\n");
    let of_store = " --scope=stores --scope-code 'de' --lock-env";
    let variable = |scope: &str| {
        format!(
            "A=1\nCONFIG__{scope}__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID={DATA_SPACE}\n"
        )
    };
    let both = set("") + &set(" --scope=websites --scope-code=base");
    for (file, before, after) in [
        ("deploy/production.sh", set(of_store), set(" --lock-env")),
        ("deploy/.env.prod", variable("WEBSITES__BASE"), variable("DEFAULT")),
        ("deploy/production.sh", both.clone(), both),
    ] {
        let scratch = Scratch::of(&[(file, &before)]);
        let done = fix(&scratch);
        assert_eq!(text(&scratch, file), after, "{done:?}");
    }
}

#[test]
fn the_project_is_saved_first_where_the_two_are_neighbours() {
    let set = |name: &str, value: &str| {
        format!("bin/magento config:set services_connector/services_id/{name} {value}\n")
    };
    let (space, project) = (set("environment_id", DATA_SPACE), set("project_id", "\"$PROJECT\""));
    let named = set("project_id", "shop-eu");
    for (before, after) in [
        (format!("set -e\n{space}{project}x\n"), format!("set -e\n{project}{space}x\n")),
        (format!("#!/bin/sh\n{space}{named}"), format!("#!/bin/sh\n{named}{space}")),
        (format!("{space}\n{project}"), format!("{space}\n{project}")),
        (format!("# the space\n{space}{project}"), format!("# the space\n{space}{project}")),
        (format!("{space}{}", project.replace('\n', " || exit\n")), String::new()),
    ] {
        let scratch = Scratch::of(&[("deploy/production.sh", &before)]);
        let done = fix(&scratch);
        let after = if after.is_empty() { &before } else { &after };
        assert_eq!(text(&scratch, "deploy/production.sh"), *after, "{done:?}");
    }
}
