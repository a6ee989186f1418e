//! What somebody accepts: waivers, the days they last, and comments.

use std::fs;

use serde_json::{Value, json};

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const TODO: &str = "services_connector/services_id/project_id: TODO\n";

/// A waiver of the data space that [`Scratch::shared`] shares, but for the lines given.
fn waiver(lines: &[&str]) -> String {
    let key = |line: &str| line.split(" = ").next().unwrap_or_default().to_owned();
    let default =
        ["rule = \"shared-data-space\"", "reason = \"split in June\"", "expires = 2027-06-30"];
    let kept = default.iter().filter(|known| !lines.iter().any(|line| key(line) == key(known)));
    let all: Vec<&str> = kept.chain(lines).copied().collect();
    format!("[[waivers]]\n{}\n", all.join("\n"))
}

fn shared(config: &str) -> Scratch {
    let scratch = Scratch::shared();
    scratch.write("commerce-lint.toml", config);
    scratch
}

fn on(scratch: &Scratch, day: &str, arguments: &[&str]) -> Done {
    let line = ["check", "--output-format", "line", "--now", day];
    scratch.run(&[&line, arguments].concat())
}

fn json_of(scratch: &Scratch) -> Value {
    scratch.run(&["check", "--now", "2027-01-01", "--output-format", "json"]).json()
}

/// The rules of the findings, in order.
fn rules(done: &Done) -> Vec<&str> {
    let rule = |line: &'_ str| line.ends_with(']').then(|| line.rfind('[')).flatten();
    done.out.lines().filter_map(|line| line.get(rule(line)? + 1..line.len() - 1)).collect()
}

#[test]
fn a_waived_finding_fails_nothing_and_is_counted() {
    let scratch = shared(&waiver(&["path = \"k8s/**\""]));
    let done = on(&scratch, "2027-01-01", &["--fail-on", "warning"]);
    assert_eq!(done.code, 0);
    assert_eq!(done.out, "no findings in 2 instances (3 files read), 1 accepted\n");
    let report = json_of(&scratch);
    assert_eq!(report["diagnostics"], json!([]));
    assert_eq!(report["summary"]["accepted"], 1);
    assert_eq!(report["summary"]["errors"], 0);
    let accepted = &report["accepted"][0];
    assert_eq!(accepted["rule"], "shared-data-space");
    assert_eq!(accepted["reason"], "split in June");
    assert_eq!(accepted["location"]["path"], "k8s/staging/settings.yaml");
    assert_eq!(accepted["accepted_at"]["path"], "commerce-lint.toml");
    assert!(accepted["accepted_at"]["start"]["line"].is_u64());
}

#[test]
fn every_selector_counts() {
    for (lines, is_accepted) in [
        (&["path = \"k8s/staging\""][..], true),
        (&["path = \"**/settings.yaml\""], true),
        (&["path = \"k8s/prod\""], false),
        (&["instances = [\"production\", \"staging\"]"], true),
        (&["instances = [\"staging\"]"], false),
        (&["instances = [\"uat\"]"], false),
        (&["path = \"**\"", "instances = [\"production\", \"staging\"]"], true),
        (&["path = \"k8s/prod\"", "instances = [\"production\", \"staging\"]"], false),
        (&["path = \"**\"", "rule = \"malformed-data-space-id\""], false),
    ] {
        let done = on(&shared(&waiver(lines)), "2027-01-01", &[]);
        let expected: &[&str] =
            if is_accepted { &[] } else { &["shared-data-space", "unused-waiver"] };
        assert_eq!(rules(&done), expected, "{lines:?}");
        assert_eq!(done.code, i32::from(!is_accepted), "{lines:?}");
    }
}

#[test]
fn a_waiver_that_misses_says_why() {
    for (config, expected) in [
        (
            waiver(&["path = \"helm\""]),
            "the waiver of `shared-data-space` is for a path at which no file is",
        ),
        (
            waiver(&["instances = [\"staging\"]"]),
            "the waiver of `shared-data-space` does not name every instance concerned",
        ),
        (
            format!("rules.shared-data-space = \"off\"\n{}", waiver(&["path = \"**\""])),
            "the waiver of `shared-data-space` accepts nothing: the rule is off",
        ),
        (
            waiver(&["path = \"**\"", "value = \"0123456789ab\""]),
            "the waiver of `shared-data-space` is for another value",
        ),
    ] {
        let report = json_of(&shared(&config));
        let all = report["diagnostics"].as_array().expect("a list");
        let unused = all.iter().find(|found| found["rule"] == "unused-waiver").expect("it is told");
        assert_eq!(unused["message"], expected);
        assert_eq!(unused["location"]["path"], "commerce-lint.toml");
        assert_eq!(unused["severity"], "warning");
    }
    let report = json_of(&shared(&waiver(&["instances = [\"staging\"]"])));
    let help = report["diagnostics"][1]["help"].to_string();
    assert!(help.contains("`production` and `staging`"), "{help}");
}

#[test]
fn a_waiver_holds_through_its_last_day() {
    let scratch = shared(&waiver(&["path = \"**\"", "expires = 2027-06-30"]));
    assert_eq!(rules(&on(&scratch, "2027-06-30", &[])), [""; 0]);
    let after = on(&scratch, "2027-07-01", &[]);
    assert_eq!(rules(&after), ["shared-data-space", "expired-waiver"]);
    assert_eq!(after.code, 1);
    let line = "commerce-lint.toml:5:11: warning: the waiver of `shared-data-space` ended on 2027-06-30 [expired-waiver]";
    assert!(after.out.lines().any(|found| found == line), "{}", after.out);
}

#[test]
fn the_day_can_come_from_the_environment() {
    let scratch = shared(&waiver(&["path = \"**\"", "expires = 2027-06-30"]));
    let code = |epoch: &str, arguments: &[&str]| {
        let mut command = scratch.command(&[&["check"], arguments].concat());
        command.env("SOURCE_DATE_EPOCH", epoch);
        let output = command.output().expect("the program runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // The last second of 2027-06-30, and the one behind it.
    assert_eq!(code("1814399999", &[]).0, Some(0));
    assert_eq!(code("1814400000", &[]).0, Some(1));
    assert_eq!(code("1814400000", &["--now", "2027-06-30"]).0, Some(0));
    let (exit, err) = code("yesterday", &[]);
    assert_eq!(exit, Some(2));
    assert!(err.contains("SOURCE_DATE_EPOCH is no number of seconds"), "{err}");
    assert_eq!(code("yesterday", &["--no-waivers"]).0, Some(1), "then no day is needed");
}

#[test]
fn the_policy_keeps_waivers_short() {
    let config = format!("policy.max-waiver-days = 30\n{}", waiver(&["path = \"**\""]));
    let scratch = shared(&config);
    assert_eq!(rules(&on(&scratch, "2027-05-31", &[])), [""; 0], "30 days ahead");
    let done = on(&scratch, "2027-05-30", &[]);
    assert_eq!(rules(&done), ["shared-data-space", "unused-waiver"]);
    assert!(done.out.contains("it ends on 2027-06-30, more than 30 days ahead"), "{}", done.out);
}

#[test]
fn a_pinned_waiver_is_for_one_value() {
    let scratch = Scratch::shared();
    let value = json_of(&scratch)["diagnostics"][0]["value"].clone();
    let value = value.as_str().expect("a data space has a name");
    let pinned = waiver(&["path = \"**\"", &format!("value = \"{value}\"")]);
    scratch.write("commerce-lint.toml", &pinned);
    assert_eq!(on(&scratch, "2027-01-01", &[]).code, 0);
    let other = DATA_SPACE.replace('0', "1");
    for kind in ["prod", "staging"] {
        scratch.write(&format!("k8s/{kind}/settings.yaml"), data_space(&other));
    }
    let done = on(&scratch, "2027-01-01", &[]);
    assert_eq!(rules(&done), ["shared-data-space", "unused-waiver"]);
    let report = json_of(&scratch);
    let (found, unused) = (&report["diagnostics"][0], &report["diagnostics"][1]);
    let help = unused["help"].as_str().expect("a text");
    assert!(help.contains(found["value"].as_str().expect("a text")), "{help}");
}

#[test]
fn what_was_not_read_whole_stays_incomplete() {
    let broken = "services_connector/services_id/project_id: [ a\nb: - c\n";
    let scratch = Scratch::of(&[("a.yaml", broken)]);
    let config = waiver(&["path = \"**\"", "rule = \"unreadable-config\""]);
    scratch.write("commerce-lint.toml", config);
    let done = on(&scratch, "2027-01-01", &["--fail-on", "warning"]);
    assert_eq!((done.code, rules(&done)), (3, vec![]));
    assert!(done.out.contains("accepted; incomplete"), "{}", done.out);
}

#[test]
fn nothing_in_the_tree_silences_a_run_without_waivers() {
    let config = format!(
        "{}{}",
        waiver(&["path = \"**\""]),
        waiver(&["path = \"**\"", "expires = 2020-01-01"]),
    );
    let scratch = shared(&config);
    scratch.write(
        "k8s/uat/a.yaml",
        format!("# commerce-lint: allow placeholder-value -- new\n{TODO}"),
    );
    assert_eq!(scratch.run(&["baseline", "--now", "2027-01-01"]).code, 0);
    let accepted = on(&scratch, "2027-01-01", &[]);
    assert_eq!(rules(&accepted), ["expired-waiver"]);
    for arguments in [&["--no-waivers"][..], &["--no-waivers", "--no-config"]] {
        let done = on(&scratch, "2027-01-01", arguments);
        assert_eq!(rules(&done), ["shared-data-space", "placeholder-value"], "{arguments:?}");
        assert_eq!(done.code, 1);
        assert!(!done.out.contains("accepted"), "{}", done.out);
    }
    let done = on(&scratch, "2027-01-01", &["--no-config"]);
    assert_eq!(rules(&done), ["shared-data-space"], "a comment is no configuration");
}

#[test]
fn a_configuration_from_elsewhere_is_pointed_at_where_it_is() {
    let scratch = Scratch::new();
    for kind in ["prod", "staging"] {
        scratch.write(&format!("tree/k8s/{kind}/settings.yaml"), data_space(DATA_SPACE));
    }
    scratch.write("ci/lint.toml", waiver(&["path = \"helm\""]));
    scratch.write("tree/ci/lint.toml", waiver(&["path = \"helm\""]));
    for (file, shown) in
        [("ci/lint.toml", "ci/lint.toml"), ("tree/ci/lint.toml", "tree/ci/lint.toml")]
    {
        let done = on(&scratch, "2027-01-01", &["tree", "--config", file]);
        let expected = format!("{shown}:5:8: warning: the waiver of ");
        assert!(done.out.lines().any(|line| line.starts_with(&expected)), "{}", done.out);
    }
    assert!(!scratch.run(&["instances", "tree", "--config", "ci/lint.toml"]).out.contains("ci"));
}

#[test]
fn a_comment_accepts_a_warning_on_its_line_or_the_next() {
    let allow = "# commerce-lint: allow placeholder-value -- created in June";
    for (text, accepted) in [
        (format!("{allow}\n{TODO}"), true),
        (format!("{} {allow}\n", TODO.trim_end()), true),
        (format!("{allow}\n# commerce-lint: allow unreadable-config -- x\n{TODO}"), true),
        (format!("{allow}\n\n{TODO}"), false),
        (format!("{TODO}{allow}\n"), false),
        (format!("a: b {allow}\n{TODO}"), false),
        (format!("a: '{allow}'\n{TODO}"), false),
        (format!("a: |\n  {allow}\n{TODO}"), false),
        (format!("{}\n{TODO}", allow.replace("placeholder-value", "malformed-api-key")), false),
    ] {
        let scratch = Scratch::of(&[("k8s/uat/a.yaml", &text)]);
        let done = on(&scratch, "2027-01-01", &[]);
        assert_eq!(!rules(&done).contains(&"placeholder-value"), accepted, "{text}{}", done.out);
        let is_comment = !text.contains("a: '");
        let is_told = rules(&done).contains(&"unused-waiver");
        assert_eq!(is_told, is_comment && (!accepted || text.contains("unreadable")), "{text}");
    }
}

#[test]
fn comments_are_read_in_every_format() {
    let path = "services_connector/services_id/project_id";
    let variable = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__PROJECT_ID";
    let allow = "commerce-lint: allow placeholder-value -- created in June";
    for (file, text) in [
        ("uat/a.json", format!("// {allow}\n{{\"{path}\": \"TODO\"}}")),
        ("uat/b.json", format!("{{\"{path}\": \"TODO\" /* {allow} */}}")),
        ("uat/a.toml", format!("\"{path}\" = \"TODO\" # {allow}\n")),
        ("uat/env.php", format!("<?php\nreturn ['{path}' => 'TODO']; // {allow}\n")),
        ("uat/a.tf", format!("locals {{\n  # {allow}\n  {variable} = \"TODO\"\n}}\n")),
        (".env.uat", format!("# {allow}\n{variable}=TODO\n")),
        ("uat/nginx.conf", format!("fastcgi_param {variable} TODO; # {allow}\n")),
        ("uat/php.ini", format!("; {allow}\nenv[{variable}] = TODO\n")),
        ("uat/a.sh", format!("# {allow}\nbin/magento config:set {path} TODO\n")),
        (
            "uat/a.sql",
            format!(
                "-- {allow}\nINSERT INTO core_config_data VALUES (1,'default',0,'{path}','TODO');\n"
            ),
        ),
        (
            "uat/a.xml",
            format!(
                "<c>\n<!-- {} -->\n<env name=\"{variable}\" value=\"TODO\"/></c>",
                allow.replace("--", "-")
            ),
        ),
    ] {
        let scratch = Scratch::of(&[(file, &text)]);
        let bare = on(&scratch, "2027-01-01", &["--no-waivers"]);
        assert_eq!(rules(&bare), ["placeholder-value"], "{file}: {}", bare.out);
        let done = on(&scratch, "2027-01-01", &[]);
        assert_eq!(rules(&done), [""; 0], "{file}: {}", done.out);
        assert!(done.out.contains(", 1 accepted"), "{file}: {}", done.out);
    }
}

#[test]
fn a_comment_cannot_allow_an_error_or_be_careless() {
    let bad = data_space("not-a-uuid");
    for (comment, text, expected) in [
        (
            "allow malformed-data-space-id -- x",
            bad.as_str(),
            "this comment cannot allow `malformed-data-space-id`, which is an error here",
        ),
        (
            "allow placeholder-value",
            TODO,
            "this comment allows `placeholder-value` without a reason",
        ),
        (
            "allow placeholder-value --",
            TODO,
            "this comment allows `placeholder-value` without a reason",
        ),
        (
            "allow placeholder_value -- x",
            TODO,
            "this comment allows the unknown rule `placeholder_value`",
        ),
        ("allow a, b -- x", TODO, "this comment allows more than one rule"),
        ("allow unused-waiver -- x", TODO, "`unused-waiver` cannot be waived"),
        ("ignore placeholder-value", TODO, "this comment says nothing that is understood"),
        (
            "allow cleanup-feed-in-automation -- x",
            TODO,
            "this comment allows `cleanup-feed-in-automation`, which is not found here",
        ),
    ] {
        let text = format!("# commerce-lint: {comment}\n{text}");
        let done = on(&Scratch::of(&[("k8s/uat/a.yaml", &text)]), "2027-01-01", &[]);
        let line = format!("k8s/uat/a.yaml:1:3: warning: {expected} [unused-waiver]");
        assert!(done.out.lines().any(|found| found == line), "{comment}: {}", done.out);
        assert_eq!(rules(&done).len(), 2, "{}", done.out);
        assert!(!done.out.contains("accepted"), "{}", done.out);
    }
    let lowered = Scratch::of(&[
        ("commerce-lint.toml", "rules.malformed-data-space-id = \"warning\"\n"),
        ("a.yaml", &format!("# commerce-lint: allow malformed-data-space-id -- x\n{bad}")),
    ]);
    assert_eq!(rules(&on(&lowered, "2027-01-01", &[])), [""; 0], "the severity in force counts");
}

#[test]
fn mistakes_in_waivers_end_the_run_with_their_places() {
    let done = shared(&waiver(&["path = \"**\"", "expires = \"2027-06-30\""])).run(&["check"]);
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert!(done.err.contains("write it without quotes: `expires = 2027-06-30`"), "{}", done.err);
    assert!(done.err.contains("commerce-lint.toml:5:11"), "{}", done.err);
}

type Files<'a> = &'a [(&'a str, &'a str)];

/// A repository whose only commit has these files.
fn committed(files: Files<'_>) -> Scratch {
    let scratch = Scratch::of(files);
    for arguments in ["init --quiet", "add --all", "commit --quiet --message base"] {
        scratch.git(arguments);
    }
    scratch
}

#[test]
fn a_comment_that_the_change_adds_accepts_only_what_was_found_before() {
    let allow = "# commerce-lint: allow placeholder-value -- created in June\n";
    let known = format!("{allow}{TODO}");
    let fine = TODO.replace("TODO", "shop");
    let refused = ["placeholder-value", "unused-waiver"];
    let cases: [(Files<'_>, Files<'_>, &[&str]); 5] = [
        // It comes with what it accepts.
        (&[("k8s/uat/a.yaml", &fine)], &[("k8s/uat/a.yaml", &known)], &refused),
        // What it accepts was found before.
        (&[("k8s/uat/a.yaml", TODO)], &[("k8s/uat/a.yaml", &known)], &[]),
        // It stood before, and so it does in a file with another name.
        (&[("k8s/uat/a.yaml", &known)], &[("k8s/uat/a.yaml", &format!("a: b\n{known}"))], &[]),
        (&[("k8s/uat/a.yaml", &known)], &[("k8s/uat/b.yaml", &known)], &[]),
        // A second one like it did not.
        (
            &[("k8s/uat/a.yaml", &known)],
            &[("k8s/uat/a.yaml", &known), ("k8s/prod/a.yaml", &known)],
            &refused,
        ),
    ];
    for (before, now, expected) in cases {
        let scratch = committed(before);
        for (path, _) in before {
            fs::remove_file(scratch.path().join(path)).expect("the file is there");
        }
        for (path, text) in now {
            scratch.write(path, text);
        }
        for policy in [&[][..], &["--policy-from", "HEAD"]] {
            let done = on(&scratch, "2027-01-01", &[&["--base", "HEAD"], policy].concat());
            let mut found = rules(&done);
            found.sort_unstable();
            assert_eq!(found, expected, "{now:?}: {}", done.out);
        }
    }
}
