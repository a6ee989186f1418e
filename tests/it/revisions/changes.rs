//! What is a change of production and what is none.

use super::scratch::*;

const KEY: &str = "7d9f2c4be81a4f0d93c65a0b1e7f8842";
const STAGING_SPACE: &str = "6b2f7d1e-8c4a-4e0b-9f35-1d7c2a9e4b60";
const NEW_KEY: &str = "19c0e7a52b364d8fa1d2407c95be6630";

/// What two commits of production's file show.
fn shows(name: &str, before: &str, now: &str) {
    Repository::of_two(before, now).shows(name, &[run("--from HEAD~1 --to HEAD")]);
}

#[test]
fn a_data_space_that_changes() {
    let repository = Repository::of_two(&space(SPACE), &space(OTHER));
    repository.shows(
        "data-space-changes",
        &[
            run("--base HEAD~1"),
            run("--from HEAD~1 --to HEAD --output-format pretty"),
            run("--from HEAD --to HEAD~1"),
            run("--from HEAD --to HEAD"),
        ],
    );
}

#[test]
fn a_data_space_that_is_removed() {
    let label = "services_connector/services_id/environment_name";
    let with = dotenv(&[(label, "Main"), (DATA_SPACE, SPACE)]);
    let repository = Repository::of_two(&with, &dotenv(&[(label, "Main")]));
    repository.shows("data-space-is-removed", &[run("--base HEAD~1 --output-format pretty")]);
}

#[test]
fn a_data_space_that_is_blanked() {
    shows("data-space-is-blanked", &space(SPACE), &space(""));
}

#[test]
fn a_value_that_moves_to_another_layer_is_no_change() {
    let repository = Repository::new();
    repository.commit_file("app/etc/env.prod.php", env_php(SPACE));
    repository.remove("app/etc/env.prod.php");
    repository.commit_file(PROD, space(SPACE));
    repository.shows("value-moves-to-another-layer", &[run("--base HEAD~1")]);
}

#[test]
fn a_file_that_sets_nothing_and_makes_an_instance_is_a_change() {
    let repository = Repository::new();
    repository.write("chart/values.yaml", format!("env:\n  {DATA_SPACE}: {SPACE}\n"));
    repository.commit_file("chart/values-prod.yaml", "replicas: 2\n");
    repository.commit_file("chart/values-staging.yaml", "replicas: 1\n");
    repository.commit_file("chart/values-staging.yaml", "replicas: 3\n");
    let runs = [run("--from HEAD~2 --to HEAD~1"), run("--from HEAD~1 --to HEAD")];
    repository.shows("file-without-settings", &runs);
}

#[test]
fn letter_case_is_no_change() {
    shows("letter-case", &space(SPACE), &space(&SPACE.to_uppercase()));
}

#[test]
fn a_label_is_no_change() {
    let label = "services_connector/services_id/environment_name";
    let project = "services_connector/services_id/project_name";
    let of = |name| dotenv(&[(DATA_SPACE, SPACE), (label, name), (project, name)]);
    shows("label-only", &of("Main"), &of("Retail"));
}

#[test]
fn a_key_that_is_encrypted_anew_is_no_change() {
    let php = |cipher: &str| {
        format!(
            "<?php\nreturn ['system' => ['default' => ['services_connector' => ['services_connector_integration' => [\n    \
             'production_api_key' => '{KEY}',\n    'production_private_key' => '{cipher}',\n]]]]];\n"
        )
    };
    let repository = Repository::new();
    let file = "app/etc/env.prod.php";
    repository.commit_file(file, php("0:3:bm9uY2Utb25lLW5vdC1hLXJlYWwtY2lwaGVydGV4dC1hdC1hbGw="));
    repository.commit_file(file, php("0:3:bm9uY2UtdHdvLW5vdC1hLXJlYWwtY2lwaGVydGV4dC1hdC1hbGw="));
    repository.shows("encrypted-anew", &[run("--base HEAD~1")]);
}

#[test]
fn a_key_that_changes_alone() {
    let of = |key| dotenv(&[(API_KEY, key), (PRIVATE_KEY, "${KEY}"), (DATA_SPACE, SPACE)]);
    shows("key-alone", &of(KEY), &of(NEW_KEY));
}

#[test]
fn a_key_that_changes_with_the_data_space() {
    let of = |key, space| dotenv(&[(API_KEY, key), (PRIVATE_KEY, "${KEY}"), (DATA_SPACE, space)]);
    let repository = Repository::of_two(&of(KEY, SPACE), &of(NEW_KEY, OTHER));
    repository.shows(
        "key-and-data-space",
        &[
            run("--from HEAD~1 --to HEAD"),
            run("--from HEAD~1 --to HEAD --output-format pretty"),
            run("--from HEAD~1 --to HEAD --output-format json"),
        ],
    );
}

#[test]
fn a_key_pair_that_changes_by_half() {
    let of = |api: &str, name: &str| {
        dotenv(&[(API_KEY, api), (PRIVATE_KEY, &key(name).trim_end().replace('\n', "\\n"))])
    };
    shows("key-pair-by-half", &of(KEY, "rsa-pkcs8.pem"), &of(NEW_KEY, "rsa-pkcs8.pem"));
}

#[test]
fn a_key_that_changes_in_some_instances_only() {
    let repository = Repository::new();
    for file in [PROD, STAGING] {
        repository.write(file, dotenv(&[(API_KEY, KEY), (PRIVATE_KEY, "${KEY}")]));
    }
    repository.commit("Set up");
    repository.write(STAGING, dotenv(&[(API_KEY, NEW_KEY), (PRIVATE_KEY, "${KEY}")]));
    repository.shows("key-in-some-instances", &[run("--base HEAD")]);
}

#[test]
fn a_slot_that_is_switched() {
    let of = |slot| dotenv(&[("magento_saas/environment", slot), (DATA_SPACE, SPACE)]);
    shows("slot-is-switched", &of("production"), &of("sandbox"));
}

#[test]
fn a_base_file_far_away_changes_production() {
    let repository = Repository::new();
    let values = |id: &str| {
        format!(
            "magento:\n  env:\n    CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID: {id}\n"
        )
    };
    repository.write("charts/shop/values-production.yaml", "replicas: 4\n");
    repository.commit_file("charts/shop/values.yaml", values(SPACE));
    repository.commit_file("charts/shop/values.yaml", values(OTHER));
    repository.shows("base-file", &[run("--base HEAD~1"), run("--staged")]);
}

#[test]
fn a_file_that_is_renamed_is_no_change() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.git("mv deploy/.env.prod deploy/.env.production");
    repository.shows("file-is-renamed", &[run("--staged"), run("--base HEAD")]);
}

#[test]
fn a_file_that_is_renamed_and_edited_is_a_change() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.git("mv deploy/.env.prod deploy/.env.production");
    repository.write("deploy/.env.production", space(OTHER));
    repository.commit("Rename and edit");
    repository.shows("file-is-renamed-and-edited", &[run("--base HEAD~1")]);
}

#[test]
fn the_only_production_is_the_same_one_under_another_name() {
    let repository = Repository::new();
    repository.write("k8s/staging/shop.env", dotenv(&[(DATA_SPACE, STAGING_SPACE)]));
    repository.commit_file("k8s/prod/shop.env", space(SPACE));
    std::fs::create_dir_all(repository.path().join("brands/kiwi")).expect("it is a folder");
    repository.git("mv k8s/prod brands/kiwi/prod");
    repository.commit("Move");
    repository.write("brands/kiwi/prod/shop.env", space(OTHER));
    repository.commit("Edit");
    repository.shows(
        "only-production-is-renamed-and-edited",
        &[run("--from HEAD~2 --to HEAD~1"), run("--from HEAD~2 --to HEAD")],
    );
}

#[test]
fn a_commit_that_only_deletes_is_checked() {
    let repository = Repository::new();
    repository.write(STAGING, space(OTHER));
    repository.commit_file(PROD, space(SPACE));
    repository.git("rm -q deploy/.env.prod");
    repository.shows("deletion-only", &[run("--staged")]);
}

#[test]
fn production_that_is_demoted() {
    let repository = Repository::new();
    let config =
        |kind: &str| format!("[instances.shop]\nfiles = [\"shop/**\"]\nkind = \"{kind}\"\n");
    repository.write("shop/.env", space(SPACE));
    repository.commit_file("commerce-lint.toml", config("production"));
    repository.commit_file("commerce-lint.toml", config("non-production"));
    repository.shows("demotion", &[run("--base HEAD~1")]);
}

#[test]
fn an_instance_that_is_new_is_no_change() {
    let repository = Repository::new();
    repository.commit_file(STAGING, space(OTHER));
    repository.commit_file(PROD, space(SPACE));
    repository.shows("new-instance", &[run("--base HEAD~1")]);
}
