//! A change cannot silence its own fault by what it declares; what it declares rightly is no fault.

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const OTHER: &str = "5b0d8a17-3c42-4e0b-9a6d-1f7c2e8b4d90";
const KEY: &str = "services_connector/services_connector_integration/production_api_key";
const OLD: &str = "7d9f2c4be81a4f0d93c65a0b1e7f8842";
const NEW: &str = "19c0e7a52b364d8fa1d2407c95be6630";
const PROD: &str = "deploy/production/settings.yaml";
const STAGING: &str = "deploy/staging/settings.yaml";
const CONFIG: &str = "commerce-lint.toml";

fn keys(id: &str, key: &str) -> String {
    format!("{}services_connector/services_id/project_id: retail\n{KEY}: {key}\n", data_space(id))
}

/// What is told of a change that is staged.
fn told(before: &[(&str, &str)], now: &[(&str, &str)]) -> Done {
    let scratch = Scratch::of(before);
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm before");
    for (path, text) in now {
        scratch.write(path, text);
    }
    scratch.git("add -A");
    scratch.run(&["check", "--staged", "--output-format", "line"])
}

fn rules(done: &Done) -> Vec<&str> {
    let lines = done.out.lines().filter_map(|line| line.rsplit_once(" ["));
    let mut rules: Vec<&str> = lines.map(|(_, rule)| rule.trim_end_matches(']')).collect();
    rules.sort_unstable();
    rules
}

#[test]
fn another_name_does_not_excuse_what_the_same_change_shares() {
    let (prod, staging) = (data_space(DATA_SPACE), data_space(OTHER));
    let same = "[instances.production]\nfiles = [\"deploy/production/**\"]\n[instances.staging]\nfiles = [\"deploy/staging/**\"]\nsame-as = \"production\"\n";
    let before = [(PROD, prod.as_str()), (STAGING, staging.as_str())];
    let done = told(&before, &[(STAGING, &prod), (CONFIG, same)]);
    assert_eq!(rules(&done), ["shared-data-space", "weakened-policy"], "{}", done.all());
    // What stood before is put right by a declaration.
    let stood = [(PROD, prod.as_str()), (STAGING, prod.as_str())];
    let done = told(&stood, &[(CONFIG, same)]);
    assert_eq!((done.code, rules(&done)), (0, vec!["weakened-policy"]), "{}", done.all());
    // So is what a change brings after it.
    let declared = [(PROD, prod.as_str()), (STAGING, staging.as_str()), (CONFIG, same)];
    let done = told(&declared, &[(STAGING, &prod)]);
    assert_eq!((done.code, rules(&done)), (0, vec![]), "{}", done.all());
}

#[test]
fn files_of_another_do_not_hide_what_it_shares() {
    let (prod, staging) = (data_space(DATA_SPACE), data_space(OTHER));
    let before = [(PROD, prod.as_str()), (STAGING, staging.as_str())];
    let all = "[instances.production]\nfiles = [\"deploy/**\"]\nkind = \"production\"\n";
    let done = told(&before, &[(STAGING, &prod), (CONFIG, all)]);
    assert_eq!(rules(&done), ["shared-data-space", "weakened-policy"], "{}", done.all());
    assert!(done.out.contains("takes the files of `staging` for `production`'s"), "{}", done.out);
    // A new instance may be declared with the files that it comes with.
    let new = "[instances.uat]\nfiles = [\"deploy/uat/**\"]\nkind = \"non-production\"\n";
    let uat = data_space("2d7c1b9e-4f60-4a8d-b3c5-8e1f0a6d7b24");
    let files = [("deploy/uat/a.yaml", uat.as_str()), ("deploy/uat/b.yaml", &uat), (CONFIG, new)];
    let done = told(&before, &files);
    assert_eq!((done.code, rules(&done)), (0, vec![]), "{}", done.all());
}

#[test]
fn an_account_does_not_excuse_keys_that_the_same_change_sets() {
    let before = [(PROD, keys(DATA_SPACE, OLD)), (STAGING, keys(OTHER, OLD))];
    let before = before.each_ref().map(|(path, text)| (*path, text.as_str()));
    let own = "[instances.staging]\nfiles = [\"deploy/staging/**\"]\naccount = \"other\"\n";
    let done = told(&before, &[(STAGING, &keys(OTHER, NEW)), (CONFIG, own)]);
    assert_eq!((done.code, rules(&done)), (1, vec!["competing-key-pairs"]), "{}", done.all());
    // Declared alone it hides nothing, and says where a later key is from.
    let done = told(&before, &[(CONFIG, own)]);
    assert_eq!((done.code, rules(&done)), (0, vec![]), "{}", done.all());
}

#[test]
fn a_wrong_guess_is_put_right_at_once() {
    let typed = |of_type: &str| {
        format!("{}services_connector/services_id/environment: {of_type}\n", data_space(DATA_SPACE))
    };
    let demo =
        "[instances.production]\nfiles = [\"deploy/production/**\"]\nkind = \"non-production\"\n";
    let done =
        told(&[(PROD, &data_space(DATA_SPACE))], &[(PROD, &typed("Testing")), (CONFIG, demo)]);
    assert!(!rules(&done).contains(&"testing-data-space-in-production"), "{}", done.all());
}

#[test]
fn one_rotation_is_one_finding() {
    let before = [(PROD, keys(DATA_SPACE, OLD)), (STAGING, keys(OTHER, OLD))];
    let before = before.each_ref().map(|(path, text)| (*path, text.as_str()));
    let done = told(&before, &[(PROD, &keys(DATA_SPACE, NEW))]);
    assert_eq!((done.code, rules(&done)), (1, vec!["competing-key-pairs"]), "{}", done.all());
    let both = [(PROD, keys(DATA_SPACE, NEW)), (STAGING, keys(OTHER, NEW))];
    let done = told(&before, &both.each_ref().map(|(path, text)| (*path, text.as_str())));
    assert_eq!((done.code, rules(&done)), (0, vec!["production-key-change"]), "{}", done.all());
}

#[test]
fn what_a_base_file_takes_along_is_lost() {
    let values = |id: &str| {
        format!("env:\n  CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID: {id}\n")
    };
    let base = [
        ("chart/Chart.yaml", "name: shop\nversion: 1.0.0\n".to_owned()),
        ("chart/values.yaml", values(DATA_SPACE)),
        ("chart/values-production.yaml", "env:\n  MAGE_MODE: production\n".to_owned()),
        ("chart/values-staging.yaml", values(OTHER)),
    ];
    let told = |moved: Option<&str>| {
        let files = base.each_ref().map(|(path, text)| (*path, text.as_str()));
        let scratch = Scratch::of(&files);
        scratch.git("init -q");
        scratch.git("add -A");
        scratch.git("commit -qm before");
        scratch.git("rm -q chart/values.yaml");
        if let Some(moved) = moved {
            scratch.write("chart/values-production.yaml", moved);
        }
        scratch.git("add -A");
        scratch.run(&["check", "--staged", "--output-format", "line"])
    };
    let done = told(None);
    assert_eq!(
        (done.code, rules(&done)),
        (1, vec!["production-data-space-change"]),
        "{}",
        done.all()
    );
    let done = told(Some(&values(DATA_SPACE)));
    assert_eq!((done.code, rules(&done)), (0, vec![]), "{}", done.all());
}

#[cfg(unix)]
#[test]
fn a_link_to_the_file_of_another_environment_is_told() {
    let scratch = Scratch::of(&[(PROD, &data_space(DATA_SPACE)), (STAGING, &data_space(OTHER))]);
    std::fs::remove_file(scratch.path().join(STAGING)).expect("it is there");
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, scratch.path().join(name)).expect("a new link");
    };
    link("../production/settings.yaml", STAGING);
    let told = "`deploy/staging/settings.yaml` is a link to `deploy/production/settings.yaml`";
    assert!(scratch.run(&["check"]).err.contains(told));
    scratch.git("init -q");
    scratch.git("add -A");
    let done = scratch.run(&["check", "--staged"]);
    assert!(done.err.contains(told), "{}", done.all());
    // A link within an environment, or one that says none, is nobody's matter.
    std::fs::remove_file(scratch.path().join(STAGING)).expect("it is there");
    link("settings.yaml", "deploy/production/other.yaml");
    link("deploy/production/settings.yaml", "current.yaml");
    let done = scratch.run(&["check"]);
    assert!(!done.err.contains("link"), "{}", done.all());
}
