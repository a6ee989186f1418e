//! The policy of an organisation: what a configuration stands on, what holds below it, presets, and the rules that are wanted.

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const PLACEHOLDER: &str =
    "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID=CHANGEME\n";

fn line(scratch: &Scratch, arguments: &[&str]) -> Done {
    scratch.run(&[&["check", "--output-format", "line"], arguments].concat())
}

fn placed(policy: &str, own: &str) -> Scratch {
    let own = format!("{own}\n[policy]\nextends = [\"org/policy.toml\"]\n");
    Scratch::of(&[
        ("env/prod.env", PLACEHOLDER),
        ("org/policy.toml", policy),
        ("commerce-lint.toml", &own),
    ])
}

fn told(done: &Done) -> Vec<&str> {
    done.out.lines().filter(|line| line.ends_with(']')).collect()
}

#[test]
fn what_is_extended_holds_and_what_is_below_wins() {
    let scratch = placed("[rules]\nplaceholder-value = \"error\"\n", "");
    assert_eq!(line(&scratch, &[]).code, 1);
    let scratch =
        placed("[rules]\nplaceholder-value = \"error\"\n", "rules.placeholder-value = \"off\"");
    let done = line(&scratch, &[]);
    assert_eq!((done.code, told(&done)), (0, vec![]), "{}", done.out);
    let scratch = placed("exclude = [\"env/**\"]\n", "exclude = [\"old/**\"]");
    assert_eq!(told(&line(&scratch, &[])), [""; 0]);
}

#[test]
fn what_is_locked_is_made_stricter_and_never_weaker() {
    let lock = |key: &str| {
        format!(
            "exclude = []\n[rules]\nplaceholder-value = \"warning\"\n[policy]\nmax-waiver-days = 30\nlocked = [\"{key}\"]\n"
        )
    };
    let stricter = placed(&lock("rules.placeholder-value"), "rules.placeholder-value = \"error\"");
    let done = line(&stricter, &[]);
    assert_eq!((done.code, told(&done).len()), (1, 1), "{}", done.out);
    for (key, own, what) in [
        (
            "rules.placeholder-value",
            "rules.placeholder-value = \"off\"",
            "1:7: warning: `placeholder-value` is turned off, which is locked",
        ),
        (
            "rules",
            "rules.placeholder-value = \"off\"",
            "1:7: warning: `placeholder-value` is turned off, which is locked",
        ),
        (
            "exclude",
            "exclude = [\"env/**\"]",
            "1:12: warning: the files of `env/**` are taken out of the check, which is locked",
        ),
        (
            "limits.file-bytes",
            "limits.file-bytes = 10",
            "1:8: warning: the largest file that is read is made smaller, which is locked",
        ),
        (
            "not-instances",
            "not-instances.files = [\"env/**\"]",
            "1:24: warning: the files of `env/**` are said to make no instance, which is locked",
        ),
        (
            "waivers.placeholder-value",
            "waivers = [{ rule = \"placeholder-value\", path = \"**\", reason = \"later\", expires = 2030-01-01 }]",
            "1:21: warning: `placeholder-value` is waived, which is locked",
        ),
    ] {
        let done = line(&placed(&lock(key), own), &["--now", "2029-12-20"]);
        let expected = format!("commerce-lint.toml:{what} [weakened-policy]");
        assert!(told(&done).contains(&expected.as_str()), "{key}: {}", done.out);
        assert!(done.out.contains(" [placeholder-value]"), "{key}: {}", done.out);
        let pretty = placed(&lock(key), own).run(&["check", "--now", "2029-12-20"]);
        assert!(pretty.out.contains("locked here"), "{key}: {}", pretty.out);
    }
}

#[test]
fn a_locked_rule_is_accepted_by_no_comment_and_no_baseline() {
    let policy = "[policy]\nlocked = [\"waivers.placeholder-value\"]\n";
    let scratch = placed(policy, "");
    scratch.write(
        "env/prod.env",
        format!("# commerce-lint: allow placeholder-value -- later\n{PLACEHOLDER}"),
    );
    let done = line(&scratch, &[]);
    assert!(done.out.contains(" [placeholder-value]"));
    let locked =
        "env/prod.env:1:3: warning: this comment allows `placeholder-value`, which is locked";
    assert!(done.out.contains(locked) && !done.out.contains("unused-waiver"), "{}", done.out);
    assert!(scratch.run(&["check"]).out.contains("locked here"));
    let scratch = placed(policy, "rules.placeholder-value = \"error\"");
    assert_eq!(scratch.run(&["baseline"]).code, 0);
    let done = line(&scratch, &[]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("which is locked [weakened-policy]"), "{}", done.out);
}

#[test]
fn an_option_does_not_let_pass_what_a_locked_preset_lets_fail() {
    let scratch = placed("[policy]\npreset = \"strict\"\nlocked = [\"policy.preset\"]\n", "");
    for arguments in [&[][..], &["--fail-on", "error"], &["--fail-on", "never"]] {
        let done = line(&scratch, arguments);
        assert_eq!(done.code, 1, "{arguments:?}: {}", done.out);
        let is_told = done.err.contains("`--fail-on` does not count");
        assert_eq!(is_told, !arguments.is_empty(), "{}", done.err);
    }
    let open = placed("[policy]\npreset = \"strict\"\n", "");
    assert_eq!(line(&open, &["--fail-on", "error"]).code, 0);
}

#[test]
fn a_policy_from_elsewhere_holds_with_and_without_a_configuration() {
    let outside = Scratch::of(&[
        (
            "policy.toml",
            "[policy]\nextends = [\"base/all.toml\"]\nlocked = [\"rules.shared-data-space\"]\n",
        ),
        ("base/all.toml", "[rules]\npacks = [\"acme\"]\nplaceholder-value = \"error\"\n"),
    ]);
    let page = outside.path().join("base/acme/ours.md");
    assert_eq!(outside.run(&["new-rule", page.to_str().expect("a path")]).code, 0);
    let policy = outside.path().join("policy.toml");
    let policy = policy.to_str().expect("a path");
    let scratch = Scratch::shared();
    scratch.write("commerce-lint.toml", "rules.shared-data-space = \"off\"\n");
    scratch.write("env/uat.env", PLACEHOLDER);
    assert_eq!(line(&scratch, &[]).code, 0);
    for arguments in [&["--policy", policy][..], &["--policy", policy, "--no-config"]] {
        let done = line(&scratch, arguments);
        assert_eq!(done.code, 1);
        assert!(done.out.contains(": error: data space "), "{}", done.out);
        assert!(
            done.out.contains("error: `environment_id` of `uat` is a placeholder"),
            "{}",
            done.out
        );
    }
    let config = scratch.run(&["config", "--policy", policy]);
    assert!(config.out.contains("\"acme/ours\" = "), "{}", config.out);
    let missing = line(&scratch, &["--policy", "nowhere.toml"]);
    assert_eq!((missing.code, missing.out.as_str()), (2, ""));
}

#[test]
fn policies_that_stand_on_each_other_are_read_once_and_to_an_end() {
    let scratch = Scratch::of(&[
        ("env/prod.env", PLACEHOLDER),
        ("commerce-lint.toml", "policy.extends = [\"a.toml\", \"b.toml\"]\n"),
        ("a.toml", "policy.extends = [\"b.toml\"]\n[rules]\nplaceholder-value = \"error\"\n"),
        ("b.toml", "policy.extends = [\"a.toml\"]\n[rules]\nplaceholder-value = \"off\"\n"),
    ]);
    let done = line(&scratch, &[]);
    assert!(done.code <= 1, "{}", done.err);
    let chain: Vec<(String, String)> = (0..20)
        .map(|at| (format!("p{at}.toml"), format!("policy.extends = [\"p{}.toml\"]\n", at + 1)))
        .collect();
    let scratch = Scratch::of(&[("commerce-lint.toml", "policy.extends = [\"p0.toml\"]\n")]);
    for (path, text) in &chain {
        scratch.write(path, text);
    }
    let done = line(&scratch, &[]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("more policies stand on each other than are read"), "{}", done.err);
}

#[test]
fn mistakes_in_a_policy_are_told_at_their_words() {
    for (policy, said) in [
        ("policy.locked = [\"rule\"]\n", "org/policy.toml:1:18"),
        ("policy.locked = [\"rules.placeholder\"]\n", "unknown rule `placeholder`"),
        ("policy.preset = \"stict\"\n", "did you mean `\"strict\"`?"),
        ("policy.extends = [\"../x.toml\"]\n", "no file beside the configuration"),
        ("policy.extends = [\"x.toml\"]\n", "there is no file `x.toml`"),
        ("[instances.a]\nfiles = [\"a\"]\n", "`instances` is of one tree"),
        ("[[waivers]]\n", "`waivers` is of one tree"),
    ] {
        let done = line(&placed(policy, ""), &[]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{policy}");
        assert!(done.err.contains(said), "{policy}: {}", done.err);
    }
}

#[test]
fn presets_choose_the_rules_and_what_fails() {
    let scratch = Scratch::of(&[
        ("env/prod.env", PLACEHOLDER),
        ("deploy/x.lua", "set('services_connector/services_id/project_id')"),
    ]);
    let found = |arguments: &[&str]| {
        let done = line(&scratch, arguments);
        let rules = told(&done)
            .into_iter()
            .filter_map(|line| Some(line.rsplit_once('[')?.1.trim_end_matches(']').to_owned()));
        (done.code, rules.collect::<Vec<_>>())
    };
    let rules = |rules: &[&str]| rules.iter().map(|&rule| rule.to_owned()).collect::<Vec<_>>();
    assert_eq!(found(&[]), (0, rules(&["placeholder-value"])));
    assert_eq!(
        found(&["--preset", "strict"]),
        (1, rules(&["unread-carrier", "placeholder-value"]))
    );
    assert_eq!(found(&["--preset", "strict", "--fail-on", "error"]).0, 0);
    scratch.write(
        "commerce-lint.toml",
        "policy.preset = \"strict\"\n[rules]\nplaceholder-value = \"off\"\n",
    );
    assert_eq!(found(&[]), (1, rules(&["unread-carrier"])));
    assert_eq!(found(&["--preset", "default"]), (0, rules(&[])));
    let scratch = Scratch::shared();
    assert_eq!(line(&scratch, &["--preset", "security"]).code, 0);
    scratch.write("env/prod.env", "ADOBE_IMS_CLIENT_SECRET=p8e-Qw3rTy7UiOpAsDfGhJkLzXcVbNm1234\n");
    assert_eq!(line(&scratch, &["--preset", "security"]).code, 1);
}

#[test]
fn rules_are_selected_and_ignored_but_for_what_is_locked() {
    let scratch = Scratch::shared();
    scratch.write("env/uat.env", PLACEHOLDER);
    let found = |arguments: &[&str]| {
        line(&scratch, arguments).out.lines().filter(|line| line.ends_with(']')).count()
    };
    assert_eq!(found(&[]), 2);
    assert_eq!(found(&["--select", "placeholder-value"]), 1);
    assert_eq!(found(&["--select", "secret"]), 0);
    assert_eq!(found(&["--ignore", "placeholder-value,shared-data-space"]), 0);
    let unknown = line(&scratch, &["--select", "placeholder"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean"), "{}", unknown.err);
    scratch.write("p.toml", "policy.locked = [\"rules.shared-data-space\"]\n");
    let done = line(&scratch, &["--policy", "p.toml", "--ignore", "shared-data-space"]);
    assert_eq!(done.code, 1);
    assert!(
        done.err.contains("1 rule is locked by the policy and runs all the same"),
        "{}",
        done.err
    );
    scratch.write("deploy/x.lua", "set('services_connector/services_id/project_id')");
    assert_eq!(found(&["--select", "unread-carrier"]), 1, "what is selected by name runs");
}

#[test]
fn statistics_count_the_findings_of_each_rule() {
    let scratch = Scratch::shared();
    scratch.write("env/uat.env", PLACEHOLDER);
    scratch.write("env/qa.env", PLACEHOLDER);
    let done = scratch.run(&["check", "--statistics"]);
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(
        lines,
        [
            "2  warning  placeholder-value  A text that waits to be replaced is in force in an instance.",
            "1  error    shared-data-space  Two instances end up with the same data space.",
            "4 files read, 4 instances, 1 error, 2 warnings",
        ]
    );
    assert_eq!(done.code, 1);
}

#[test]
fn the_policy_in_force_says_where_each_line_comes_from() {
    let scratch = placed(
        "exclude = [\"tools/**\"]\n[rules]\nplaceholder-value = \"error\"\n[policy]\npreset = \"strict\"\nlocked = [\"rules\"]\n",
        "rules.shadowed-setting = \"error\"\nrules.shared-data-space = \"off\"",
    );
    let done = scratch.run(&["config"]);
    for line in [
        "  \"tools/**\", # org/policy.toml:1",
        "file-bytes = 67108864 # default",
        "preset = \"strict\" # org/policy.toml:5",
        "placeholder-value = \"error\" # org/policy.toml:3, locked at org/policy.toml:6",
        "shadowed-setting = \"error\" # commerce-lint.toml:1, locked at org/policy.toml:6",
        "unread-carrier = \"warning\" # preset `strict`, org/policy.toml:5, locked at org/policy.toml:6",
        "shared-data-space = \"error\" # preset `strict`, org/policy.toml:5, locked at org/policy.toml:6",
    ] {
        assert!(done.out.lines().any(|other| other == line), "{line}\n{}", done.out);
    }
    assert_eq!(done.code, 0);
    assert!(
        done.err.contains("1 of the configuration's settings counts for nothing, being locked"),
        "{}",
        done.err
    );
    // What is printed is a configuration that says the same.
    let printed = Scratch::of(&[("env/prod.env", PLACEHOLDER), ("commerce-lint.toml", &done.out)]);
    assert_eq!(line(&printed, &[]).code, 1);
    let again = printed.run(&["config"]);
    let levels = |text: &str| {
        text.lines()
            .filter_map(|line| Some(line.split_once(" #")?.0.to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(levels(&again.out), levels(&done.out));
}

#[test]
fn a_change_of_the_policy_weakens_nothing_in_the_same_change() {
    let scratch =
        placed("[rules]\nplaceholder-value = \"error\"\n[policy]\nlocked = [\"rules\"]\n", "");
    scratch.write("k8s/prod/settings.yaml", data_space(DATA_SPACE));
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -q -m policy");
    scratch.write("org/policy.toml", "[rules]\nplaceholder-value = \"off\"\n");
    let done = line(&scratch, &["--base", "HEAD", "--all", "--fail-on-standing"]);
    assert_eq!(done.code, 1, "{}", done.out);
    for said in [
        "org/policy.toml:2:1: warning: this change turns `placeholder-value` off, which was `error`",
        "this change takes the lock off `rules`",
    ] {
        assert!(done.out.contains(said), "{said}\n{}", done.out);
    }
}
