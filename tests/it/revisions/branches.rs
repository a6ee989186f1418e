//! Branches as instances.

use super::scratch::*;

const CONFIG: &str = "\
[instances.production]
branch = \"production\"
kind = \"production\"

[instances.staging]
branch = \"staging\"
kind = \"non-production\"

[instances.integration]
branch = \"integration\"
kind = \"non-production\"
";

const FILE: &str = "app/etc/config.php";

/// Three branches that share `config.php` and its data space; `integration` is checked out.
fn repository() -> Repository {
    let repository = Repository::new();
    repository.write("commerce-lint.toml", CONFIG);
    repository.commit_file(FILE, env_php(SPACE));
    for branch in ["production", "staging", "integration"] {
        repository.git(&format!("checkout -qb {branch}"));
    }
    repository
}

#[test]
fn branches_that_share_one_config_php() {
    let repository = repository();
    repository.shows(
        "branches-share-config-php",
        &[run(""), run("--output-format pretty"), run("--staged")],
    );
    repository.git("checkout -q production");
    repository.commit_file(FILE, env_php(OTHER));
    repository.git("checkout -q staging");
    repository.commit_file(FILE, env_php(THIRD));
    repository.shows("branches-of-their-own", &[run("")]);
}

#[test]
fn a_feature_branch_is_no_instance() {
    let repository = repository();
    repository.git("checkout -qb feature");
    repository.commit_file(FILE, env_php(OTHER));
    repository.shows(
        "feature-branch",
        &[run(""), run("--base integration"), run("--base main"), run("--from main --to feature")],
    );
}

#[test]
fn a_change_to_production_is_compared_as_production() {
    let repository = repository();
    repository.git("checkout -q production");
    let base = repository.git("rev-parse HEAD");
    repository.git("checkout -qb feature");
    repository.commit_file(FILE, env_php(OTHER));
    repository.shows(
        "pull-request-to-production",
        &[
            run("--base production"),
            run("--base auto").with("GITHUB_BASE_REF", "production"),
            run("--base auto").with("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/production"),
            run("--base auto")
                .with("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base)
                .with("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "production"),
            run("--base auto")
                .with("PRE_COMMIT_FROM_REF", &base)
                .with("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/production"),
            run("--staged")
                .with("PRE_COMMIT_FROM_REF", &base)
                .with("PRE_COMMIT_TO_REF", "feature")
                .with("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/production"),
            run("--from production --to feature"),
            run("--base production --output-format pretty"),
        ],
    );
}

#[test]
fn a_commit_on_production_is_compared_as_production() {
    let repository = repository();
    repository.git("checkout -q production");
    repository.write(FILE, env_php(OTHER));
    repository.git("add -A");
    repository.shows("commit-on-production", &[run("--staged"), run("--base HEAD")]);
    repository.git("commit -qm Change");
    repository.shows(
        "change-of-production",
        &[
            run("--base HEAD~1"),
            run("--from HEAD~1 --to HEAD"),
            run("--from production~1 --to refs/heads/production"),
            run("--base integration"),
        ],
    );
}

#[test]
fn branches_of_a_remote_are_branches() {
    let repository = repository();
    repository.git("clone -q . ../clone");
    repository.shows("remote-branches", &[run("").within("clone")]);
    repository.git_in("clone", &["checkout", "-q", "production"]);
    repository.shows("remote-branches-from-production", &[run("").within("clone")]);
    repository.git_in("clone", &["checkout", "-q", "--detach", "origin/staging"]);
    repository.shows("remote-branches-detached", &[run("").within("clone")]);
}

#[test]
fn a_feature_branch_that_makes_branches_instances_or_no_instances_any_more_changes_no_production() {
    let production =
        env_php(SPACE).replace("    'env", "    'environment' => 'Production',\n    'env");
    let repository = Repository::new();
    repository.commit_file(FILE, &production);
    repository.git("branch production");
    repository.git("branch staging");
    repository.git("branch integration");
    repository.git("checkout -qb feature");
    repository.commit_file("commerce-lint.toml", CONFIG);
    repository.remove("commerce-lint.toml");
    repository.commit("Remove the configuration");
    repository.shows(
        "branches-become-instances",
        &[
            run("--from HEAD~2 --to HEAD~1"),
            run("--from HEAD~1 --to HEAD"),
            run("--from production --to HEAD~1"),
        ],
    );
}

#[test]
fn a_branch_that_is_not_there_is_an_error() {
    let repository = repository();
    repository.git("branch -qD staging");
    repository.shows("branch-missing", &[run("")]);
}

#[test]
fn a_branch_outside_a_repository_is_an_error() {
    let repository = Repository::none();
    repository.write("commerce-lint.toml", CONFIG);
    repository.shows("branches-without-repository", &[run("")]);
}
