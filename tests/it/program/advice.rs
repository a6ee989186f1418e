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

/// What is found of a data space that two share: where, and all that is said of it.
fn shared(before: &[(&str, &str)], now: &[(&str, &str)]) -> (String, String) {
    let written = |id: &str| if id.contains(' ') { id.to_owned() } else { data_space(id) };
    let scratch = Scratch::of(&[("README.md", "a shop\n")]);
    for (path, id) in before {
        scratch.write(path, written(id));
    }
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm first");
    for (path, id) in now {
        scratch.write(path, written(id));
    }
    let run = |format: &str| scratch.run(&["check", "--base", "HEAD", "--output-format", format]);
    let (lines, told) = (run("line").out, run("json").json()["diagnostics"].clone());
    let line = lines.lines().find(|line| line.ends_with("[shared-data-space]"));
    let told = told.as_array().cloned().unwrap_or_default();
    let told = told.iter().find(|found| found["rule"] == "shared-data-space");
    let place = line.and_then(|line| line.split_once(':')).map(|(path, _)| path.to_owned());
    let told = told.map(ToString::to_string).unwrap_or_default();
    // What is said at its own place stands in the excerpt alone.
    (place.unwrap_or_default(), told + &run("pretty").out)
}

/// Who has come to a data space leaves it again, whatever it is; where all have come or none has, all else but production moves.
#[test]
fn who_came_to_a_data_space_leaves_it_and_production_stays_where_nobody_or_everybody_came() {
    let (prod, staging) = ("k8s/a-prod/settings.yaml", "k8s/b-staging/settings.yaml");
    let (former, other) =
        ("1f3c1d2e-4b5a-4c6d-8e7f-9a0b1c2d3e4f", "2f3c1d2e-4b5a-4c6d-8e7f-9a0b1c2d3e4f");
    let same = [(prod, DATA_SPACE), (staging, DATA_SPACE)];
    for (before, place, says, label) in [
        (
            vec![(prod, DATA_SPACE), (staging, former)],
            staging,
            "data space of `staging` back",
            "used by `production`",
        ),
        (
            vec![(prod, former), (staging, DATA_SPACE)],
            prod,
            "data space of `production` back",
            "used by `staging`",
        ),
        (
            vec![(prod, former), (staging, other)],
            staging,
            "data space for `staging` in",
            "used by `production`",
        ),
        (vec![], staging, "data space for `staging` in", "used by `production`"),
    ] {
        let (at, told) = shared(&before, &same);
        assert!(at == place && told.contains(says) && told.contains(label), "{at} {told}");
        let other = if place == prod { "used by `production`" } else { "used by `staging`" };
        assert!(told.contains(other) && !told.contains("on some path"), "{told}");
        assert_eq!(told.contains("this one before"), says.ends_with("back"), "{told}");
    }
}

/// A value that code decides is no certain use, and both that inherit one are named at its place.
#[test]
fn how_a_data_space_is_used_is_said_at_each_place() {
    let staging = "k8s/b-staging/settings.yaml";
    let decided = format!(
        "<?php\n$c = ['system' => ['default' => ['services_connector' => ['services_id' => ['environment_id' => '{DATA_SPACE}']]]]];\nif (getenv('X')) {{ $c['system']['default']['services_connector']['services_id']['environment_id'] = '1f3c1d2e-4b5a-4c6d-8e7f-9a0b1c2d3e4f'; }}\nreturn $c;\n"
    );
    let (at, told) = shared(&[], &[("prod/app/etc/env.php", &decided), (staging, DATA_SPACE)]);
    assert_eq!(at, staging, "{told}");
    assert!(told.contains("`production` on some path of its code"), "{told}");
    assert!(told.contains("used by `staging`"), "{told}");
}
