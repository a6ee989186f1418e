//! A folder of checkouts: one repository, one universe of names.

use super::scratch::Scratch;

const ONE: &str = "6d2f1b0a-7c3e-4f58-9a1d-2b3c4d5e6f70";
const TWO: &str = "7d2f1b0a-7c3e-4f58-9a1d-2b3c4d5e6f71";

fn data_space(id: &str) -> String {
    format!("CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID={id}\n")
}

/// Two repositories in a folder that is none, each with a production of its own.
fn checkouts(cloud: &str, deploy: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("all/magento-cloud/env/prod.env", data_space(cloud));
    scratch.write("all/magento-deploy/env/prod.env", data_space(deploy));
    for repository in ["magento-cloud", "magento-deploy"] {
        scratch.git(&format!("init -q -b main all/{repository}"));
    }
    scratch
}

fn names(scratch: &Scratch) -> Vec<String> {
    let report = scratch.run(&["instances", "--output-format", "json", "all"]).json();
    let instances = report["instances"].as_array().expect("it is a list").iter();
    instances.filter_map(|one| one["name"].as_str().map(str::to_owned)).collect()
}

#[test]
fn productions_of_two_repositories_are_two() {
    let scratch = checkouts(ONE, TWO);
    assert_eq!(names(&scratch), ["magento-cloud/production", "magento-deploy/production"]);
    let done = scratch.run(&["check", "--output-format", "line", "all"]);
    assert_eq!(done.code, 0, "{}", done.all());
}

#[test]
fn a_work_tree_beside_its_repository_is_one_too() {
    let scratch = Scratch::new();
    for (folder, id) in [("magento-cloud", ONE), ("magento-deploy", TWO)] {
        scratch.write(&format!("all/{folder}/env/prod.env"), data_space(id));
        scratch.write(&format!("all/{folder}/.git"), "gitdir: /nowhere\n");
    }
    assert_eq!(names(&scratch), ["magento-cloud/production", "magento-deploy/production"]);
}

#[test]
fn what_two_repositories_share_is_told() {
    let scratch = checkouts(ONE, ONE);
    let done = scratch.run(&["check", "--output-format", "line", "all"]);
    assert_eq!(done.code, 1, "{}", done.all());
    let told = "shared by 2 instances: `magento-cloud/production` and `magento-deploy/production`";
    assert!(done.all().contains(told), "{}", done.all());
}

#[test]
fn each_repository_varies_by_itself() {
    let scratch = checkouts(ONE, TWO);
    for (brand, id) in [("kiwi", ONE), ("papaya", TWO)] {
        let id = id.replace('0', "1");
        scratch.write(&format!("all/brands/{brand}/prod.env"), data_space(&id));
    }
    scratch.git("init -q -b main all/brands");
    let expected = [
        "kiwi-production",
        "magento-cloud/production",
        "magento-deploy/production",
        "papaya-production",
    ];
    assert_eq!(names(&scratch), expected);
}

#[test]
fn what_is_declared_is_one_in_all_of_them() {
    let scratch = checkouts(ONE, ONE);
    scratch.write(
        "all/commerce-lint.toml",
        "[instances.shop]\nfiles = [\"magento-cloud/**\", \"magento-deploy/**\"]\n",
    );
    assert_eq!(names(&scratch), ["shop"]);
    let done = scratch.run(&["check", "--output-format", "line", "all"]);
    assert_eq!(done.code, 0, "{}", done.all());
}
