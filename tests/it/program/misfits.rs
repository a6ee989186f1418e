//! Waivers that fit nothing, or not what they say: each is told at its line, and beside it what it is about.

use serde_json::Value;

use super::scratch::{DATA_SPACE, Scratch, data_space};

/// A waiver of `shared-data-space` with these lines.
fn waiver(lines: &str) -> String {
    format!(
        "[[waivers]]\nrule = \"shared-data-space\"\nreason = \"split in June\"\nexpires = 2027-06-30\n{lines}\n"
    )
}

/// Production and staging share a data space; and so does uat.
fn three(config: &str) -> Scratch {
    let scratch = Scratch::shared();
    scratch.write("k8s/uat/settings.yaml", data_space(DATA_SPACE));
    scratch.write("commerce-lint.toml", config);
    scratch
}

fn shared(config: &str) -> Scratch {
    let scratch = Scratch::shared();
    scratch.write("commerce-lint.toml", config);
    scratch
}

fn report(scratch: &Scratch, arguments: &[&str]) -> Value {
    let json = ["check", "--now", "2027-01-01", "--output-format", "json"];
    scratch.run(&[&json, arguments].concat()).json()
}

/// What is told of waivers: place, message, words at the other places.
fn told(report: &Value) -> Vec<String> {
    let all = report["diagnostics"].as_array().expect("a list");
    let waivers = all.iter().filter(|found| {
        ["unused-waiver", "expired-waiver"].contains(&found["rule"].as_str().unwrap_or_default())
    });
    let line = |found: &Value| {
        let at = &found["location"];
        let related = found["related"].as_array().cloned().unwrap_or_default();
        let words: Vec<&str> = related.iter().filter_map(|see| see["message"].as_str()).collect();
        format!(
            "{}:{}: {} ({})",
            at["path"].as_str().unwrap_or_default(),
            at["start"]["line"],
            found["message"].as_str().unwrap_or_default(),
            words.join(", "),
        )
    };
    waivers.map(line).collect()
}

fn accepted(report: &Value) -> u64 {
    report["summary"]["accepted"].as_u64().expect("a number")
}

#[test]
fn one_more_instance_is_never_accepted_with_the_others() {
    let two = "instances = [\"production\", \"staging\"]";
    assert_eq!(accepted(&report(&shared(&waiver(two)), &[])), 1);
    for lines in [two.to_owned(), format!("{two}\npath = \"**\"")] {
        let report = report(&three(&waiver(&lines)), &[]);
        assert_eq!(accepted(&report), 0);
        assert_eq!(report["diagnostics"][0]["rule"], "shared-data-space");
        let expected = "commerce-lint.toml:2: the waiver of `shared-data-space` does not name every instance concerned (found here)";
        assert_eq!(told(&report), [expected]);
    }
}

#[test]
fn what_a_waiver_names_and_nothing_has_is_told_where_it_stands() {
    for (lines, expected) in [
        (
            "instances = [\"production\", \"staging\", \"stagin\"]",
            "commerce-lint.toml:5: the waiver of `shared-data-space` names an instance that there is not: `stagin` ()",
        ),
        (
            "path = \"helm/**\"",
            "commerce-lint.toml:5: the waiver of `shared-data-space` is for a path at which no file is ()",
        ),
        (
            "path = \"k8s/prod/**\"",
            "commerce-lint.toml:2: the waiver of `shared-data-space` matches nothing ()",
        ),
        (
            "path = \"**\"\nvalue = \"0123456789ab\"",
            "commerce-lint.toml:6: the waiver of `shared-data-space` is for another value (found here)",
        ),
    ] {
        assert_eq!(told(&report(&shared(&waiver(lines)), &[])), [expected], "{lines}");
    }
    let help = report(&shared(&waiver("instances = [\"stagin\"]")), &[]);
    assert_eq!(help["diagnostics"][1]["help"], "did you mean `staging`?");
    let key = include_str!("../../../fixtures/keys/rsa-pkcs8.pem");
    let scratch = shared(
        &waiver("instances = [\"production\"]")
            .replace("shared-data-space", "plaintext-private-key"),
    );
    scratch.write("keys/a.pem", key);
    let expected = "commerce-lint.toml:2: the waiver of `plaintext-private-key` names instances, and what is found concerns none (found here)";
    assert_eq!(told(&report(&scratch, &[])), [expected]);
}

#[test]
fn the_policy_line_is_shown_beside_the_waiver() {
    let all = waiver("path = \"**\"");
    for (config, expected) in [
        (
            format!("rules.shared-data-space = \"off\"\n{all}"),
            "commerce-lint.toml:3: the waiver of `shared-data-space` accepts nothing: the rule is off (turned off)",
        ),
        (
            format!("policy.max-waiver-days = 30\n{all}"),
            "commerce-lint.toml:5: the waiver of `shared-data-space` accepts nothing: it ends on 2027-06-30, more than 30 days ahead (allowed here)",
        ),
        (
            all.replace("2027-06-30", "2026-12-31"),
            "commerce-lint.toml:4: the waiver of `shared-data-space` ended on 2026-12-31 (reported again)",
        ),
        (
            format!("{all}{all}"),
            "commerce-lint.toml:7: this waiver of `shared-data-space` accepts the same as another (the first one)",
        ),
    ] {
        assert_eq!(told(&report(&shared(&config), &[])), [expected], "{config}");
    }
}

#[test]
fn every_waiver_that_fits_is_used_and_the_first_says_why() {
    let config = format!(
        "{}{}",
        waiver("path = \"k8s/**\"").replace("split in June", "first"),
        waiver("instances = [\"production\", \"staging\"]"),
    );
    let report = report(&shared(&config), &[]);
    assert_eq!((told(&report), accepted(&report)), (vec![], 1));
    assert_eq!(report["accepted"][0]["reason"], "first");
}

#[test]
fn a_waiver_that_another_run_needs_is_not_told() {
    let of = |rule: &str, lines: &str| waiver(lines).replace("shared-data-space", rule);
    let config = [
        of("production-data-space-change", "instances = [\"production\"]"),
        of("partial-key-rotation", "path = \"helm/**\""),
        of("private-key-in-history", "path = \"**\""),
    ];
    let scratch = Scratch::of(&[("k8s/prod/a.yaml", &data_space(DATA_SPACE))]);
    scratch.write("commerce-lint.toml", config.concat());
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm before");
    for arguments in [&[][..], &["--base", "HEAD"], &["--staged"], &["--history=HEAD~0..HEAD"]] {
        assert_eq!(told(&report(&scratch, arguments)), [""; 0], "{arguments:?}");
    }
    let expected =
        "commerce-lint.toml:12: the waiver of `private-key-in-history` matches nothing ()";
    assert_eq!(told(&report(&scratch, &["--history"])), [expected]);
    let other = shared(&waiver("path = \"other/**\""));
    assert_eq!(told(&report(&other, &[])).len(), 1);
    let alone = ["k8s/prod/settings.yaml", "--config", "commerce-lint.toml"];
    assert_eq!(told(&report(&other, &alone)), [""; 0], "one file is not the tree");
    other.write("other/env.php", "<?php return ['services_connector' => ['");
    assert_eq!(told(&report(&other, &[])), [""; 0], "what it accepts may be in what is not read");
}

#[test]
fn a_change_cannot_give_its_own_waivers_more_time() {
    let all = format!("policy.max-waiver-days = 30\n{}", waiver("path = \"**\""));
    let scratch = Scratch::of(&[
        ("k8s/prod/settings.yaml", &data_space(DATA_SPACE)),
        ("k8s/staging/settings.yaml", &data_space(&DATA_SPACE.replace('0', "1"))),
        ("commerce-lint.toml", &all),
    ]);
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm before");
    scratch.write("commerce-lint.toml", all.replace("30\n[", "365\n["));
    scratch.write("k8s/staging/settings.yaml", data_space(DATA_SPACE));
    let report = report(&scratch, &["--base", "HEAD"]);
    assert_eq!(accepted(&report), 0, "{report}");
}

#[test]
fn a_waiver_that_comes_with_what_it_accepts_says_so() {
    let scratch = Scratch::of(&[("k8s/prod/settings.yaml", &data_space(DATA_SPACE))]);
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm before");
    scratch.write("k8s/staging/settings.yaml", data_space(DATA_SPACE));
    scratch.write("commerce-lint.toml", waiver("path = \"**\""));
    let report = report(&scratch, &["--base", "HEAD"]);
    let expected = "commerce-lint.toml:2: the waiver of `shared-data-space` comes with the same change as what it is for (found here)";
    assert_eq!((told(&report), accepted(&report)), (vec![expected.to_owned()], 0));
}
