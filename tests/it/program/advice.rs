//! What is advised can be done, and clears what was found.

use super::scratch::{DATA_SPACE, Scratch, data_space};

/// A checkout without a name has no files of its own: its environments are branches, and have variables.
#[test]
fn an_id_that_every_branch_inherits_goes_to_an_environment() {
    let config = format!(
        "<?php\nreturn ['system' => ['default' => ['services_connector' => ['services_id' => ['environment_id' => '{DATA_SPACE}']]]]];\n"
    );
    let scratch = Scratch::of(&[
        (".magento.app.yaml", "name: mymagento\ntype: php:8.3\n"),
        ("app/etc/config.php", &config),
    ]);
    let done = scratch.run(&["check", "--output-format", "json"]);
    let found = done.json()["diagnostics"].clone();
    let help = found[0]["help"].as_str().unwrap_or_default().to_owned();
    assert_eq!(found[0]["rule"], "data-space-in-shared-layer", "{}", done.all());
    assert!(
        help.contains("env:CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID"),
        "{help}"
    );
    assert!(help.contains("`branch = \"…\"`") && !help.contains("`unnamed`"), "{help}");
}

/// A commit of its own passes the hook, and is pushed together with the other all the same.
#[test]
fn what_accepts_a_finding_comes_before_it() {
    let scratch = Scratch::of(&[("k8s/prod/settings.yaml", &data_space(DATA_SPACE))]);
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm first");
    scratch.write("k8s/staging/settings.yaml", data_space(DATA_SPACE));
    scratch.git("add -A");
    let done = scratch.run(&["check", "--staged"]);
    assert!(done.out.contains("in a change that is pushed or merged before:"), "{}", done.all());
}
