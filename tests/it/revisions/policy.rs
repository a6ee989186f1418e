//! The policy cannot be weakened unseen.

use super::scratch::*;

const FILE: &str = "commerce-lint.toml";

/// Production and staging share a data space from the second commit on, which changes the configuration as well.
fn repository(before: &str, now: &str) -> Repository {
    let repository = Repository::new();
    repository.write(FILE, before);
    repository.write(STAGING, space(OTHER));
    repository.commit_file(PROD, space(SPACE));
    repository.write(FILE, now);
    repository.commit_file(STAGING, space(SPACE));
    repository
}

#[test]
fn a_rule_that_is_turned_off_runs_as_before() {
    let repository = repository("", "[rules]\nshared-data-space = \"off\"\n");
    repository.shows(
        "rule-off",
        &[run("--base HEAD~1"), run("--base HEAD~1 --output-format pretty"), run("")],
    );
}

#[test]
fn the_rule_on_weaker_policies_cannot_be_turned_off() {
    let now = "[rules]\nshared-data-space = \"warning\"\nweakened-policy = \"off\"\n";
    let repository = repository("[rules]\nshared-data-space = \"error\"\n", now);
    repository.shows("rule-on-policies-off", &[run("--base HEAD~1"), run("--staged")]);
}

#[test]
fn an_exclusion_that_is_added_excludes_nothing_yet() {
    let repository = repository("", "exclude = [\"deploy/.env.staging\"]\n");
    repository.shows("exclude-added", &[run("--base HEAD~1"), run("")]);
}

#[test]
fn a_limit_that_is_lowered_is_as_before() {
    let repository = repository("", "[limits]\nfile-bytes = \"16 B\"\n");
    repository.shows("limit-lowered", &[run("--base HEAD~1"), run("")]);
}

#[test]
fn a_configuration_that_is_removed_is_weaker() {
    let strict = "[rules]\nshared-data-space = \"error\"\ndata-space-in-shared-layer = \"error\"\n";
    let repository = repository(strict, "");
    repository.remove(FILE);
    repository.commit("Remove");
    repository.shows("configuration-removed", &[run("--base HEAD~2")]);
}

#[test]
fn a_stricter_policy_is_no_finding() {
    let repository = repository(
        "exclude = [\"old\"]\n[rules]\nplaceholder-value = \"off\"\n",
        "[rules]\nplaceholder-value = \"error\"\n",
    );
    repository.shows("policy-stricter", &[run("--base HEAD~1")]);
}

#[test]
fn mistakes_before_the_change_are_passed_over_with_a_note() {
    let repository = repository("nonsense = [\n", "");
    repository.shows("mistakes-before", &[run("--base HEAD~1"), run("--from HEAD --to HEAD~1")]);
}

#[test]
fn the_policy_comes_from_a_trusted_place() {
    let repository = repository(
        "[rules]\nshared-data-space = \"warning\"\n",
        "[rules]\nshared-data-space = \"off\"\n",
    );
    // A file in the place of a branch that this clone does not have.
    repository.write("policy/main", "[rules]\nshared-data-space = \"off\"\n");
    repository.write("../policy.toml", "[rules]\nshared-data-space = \"error\"\n");
    repository.shows(
        "policy-from",
        &[
            run(""),
            run("--policy-from HEAD~1"),
            run("--policy-from ../policy.toml"),
            run("--policy-from HEAD~1 --base HEAD~1"),
            run("--policy-from HEAD~1 deploy"),
            run("--policy-from nowhere"),
            run("--policy-from policy/main"),
            run("--policy-from nowhere.toml"),
            run("--policy-from -x"),
            run("--policy-from HEAD --no-config"),
        ],
    );
}

#[test]
fn a_configuration_of_another_name_is_compared_too() {
    let repository = Repository::new();
    repository.write("ci/lint.toml", "");
    repository.write(STAGING, space(SPACE));
    repository.commit_file(PROD, space(SPACE));
    repository.commit_file("ci/lint.toml", "[rules]\nshared-data-space = \"off\"\n");
    repository.shows(
        "named-configuration",
        &[
            run("--base HEAD~1 --config ci/lint.toml"),
            run("--from HEAD~1 --to HEAD --config ci/lint.toml"),
            run("--base HEAD~1 --no-config"),
        ],
    );
}

/// Whoever writes the tree could have us print any file of the machine that checks it.
#[cfg(unix)]
#[test]
fn a_configuration_that_is_a_link_is_refused_in_every_state() {
    let repository = repository("", "");
    repository.remove(FILE);
    repository.write("../private.txt", "the words of another file");
    std::os::unix::fs::symlink("../private.txt", repository.path().join(FILE)).expect("a link");
    repository.git("add -A");
    repository.commit("Link the configuration");
    repository.shows(
        "configuration-is-a-link",
        &[run(""), run("--staged"), run("--from HEAD~1 --to HEAD"), run("--policy-from HEAD")],
    );
}
