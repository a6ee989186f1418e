//! The baseline: what it holds, what it accepts, and what it never holds.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const FILE: &str = "commerce-lint.baseline.toml";
const TODO: &str = "services_connector/services_id/project_id: TODO\n";

fn key(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name);
    fs::read_to_string(path).expect("the fixture is readable")
}

/// A brownfield tree: a shared data space, placeholders and a private key.
fn brownfield() -> Scratch {
    let scratch = Scratch::shared();
    scratch.write("k8s/uat/a.yaml", TODO);
    scratch.write("keys/private.pem", key("rsa-pkcs8.pem"));
    scratch
}

fn check(scratch: &Scratch, arguments: &[&str]) -> Done {
    scratch.run(&[&["check", "--output-format", "line"], arguments].concat())
}

fn text(scratch: &Scratch) -> String {
    fs::read_to_string(scratch.path().join(FILE)).expect("there is a baseline")
}

fn rules(done: &Done) -> Vec<&str> {
    let rule = |line: &'_ str| line.ends_with(']').then(|| line.rfind('[')).flatten();
    done.out.lines().filter_map(|line| line.get(rule(line)? + 1..line.len() - 1)).collect()
}

/// The fingerprint that the command asks to name.
fn asked(done: &Done) -> String {
    let (_, rest) = done.out.split_once("--include-key ").expect("a key was left out");
    rest.lines().next().expect("a line").to_owned()
}

#[test]
fn what_stands_today_is_accepted_and_what_is_new_is_not() {
    let scratch = brownfield();
    let before = check(&scratch, &[]);
    assert_eq!(rules(&before).len(), 3);
    let done = scratch.run(&["baseline"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(
        done.out.starts_with("wrote `commerce-lint.baseline.toml`: 2 findings\n"),
        "{}",
        done.out
    );
    let after = check(&scratch, &["--fail-on", "warning"]);
    assert_eq!((after.code, rules(&after)), (1, vec!["plaintext-private-key"]));
    assert!(after.out.contains(", 2 accepted"), "{}", after.out);
    scratch.write("k8s/uat/b.yaml", "services_connector/services_id/environment_id: <id>\n");
    scratch.write("k8s/other/a.yaml", TODO);
    assert_eq!(
        rules(&check(&scratch, &[])),
        ["placeholder-value", "placeholder-value", "plaintext-private-key"]
    );
    let report = scratch.run(&["check", "--output-format", "json"]).json();
    assert_eq!(report["accepted"][0]["reason"], "");
    assert_eq!(report["accepted"][0]["accepted_at"]["path"], FILE);
    assert_eq!(report["summary"]["accepted"], 2);
}

#[test]
fn lines_may_move_and_values_may_not() {
    let scratch = brownfield();
    scratch.run(&["baseline"]);
    let moved = format!("# Settings.\n\nregion: eu\n{}", data_space(&DATA_SPACE.to_uppercase()));
    scratch.write("k8s/uat/a.yaml", format!("\n\na: b\n{TODO}"));
    assert_eq!(rules(&check(&scratch, &[])), ["plaintext-private-key"]);
    for kind in ["prod", "staging"] {
        scratch.write(&format!("k8s/{kind}/settings.yaml"), moved.replace("0F3C2A51", "1F3C2A51"));
    }
    assert_eq!(
        rules(&check(&scratch, &[])),
        ["unused-waiver", "shared-data-space", "plaintext-private-key"]
    );
}

#[test]
fn one_more_of_the_same_is_new() {
    let key =
        "services_connector/ims_technical_account_credentials/client_secret: p8e-Zk3vQ9xT7wLm";
    let scratch = Scratch::of(&[("k8s/uat/a.yaml", key)]);
    scratch.run(&["baseline"]);
    assert_eq!(rules(&check(&scratch, &[])), [""; 0]);
    scratch.write("k8s/uat/a.yaml", format!("{key}\n---\n{key}\n"));
    assert_eq!(rules(&check(&scratch, &["--no-waivers"])), ["plaintext-client-secret"; 2]);
    assert_eq!(rules(&check(&scratch, &[])), ["plaintext-client-secret"]);
    // One more error is taken in where it is named, and only there.
    scratch.run(&["baseline", "--update"]);
    assert_eq!(rules(&check(&scratch, &[])), ["plaintext-client-secret"]);
    scratch.run(&["baseline", "--update", "--include", "plaintext-client-secret"]);
    assert_eq!(rules(&check(&scratch, &[])), [""; 0]);
    scratch.write("k8s/uat/a.yaml", key);
    assert_eq!(rules(&check(&scratch, &[])), ["unused-waiver"]);
}

#[test]
fn entries_that_are_found_no_more_are_told_where_they_stand() {
    let scratch = brownfield();
    scratch.run(&["baseline"]);
    scratch.write("k8s/uat/a.yaml", TODO.replace("TODO", "shop-uat"));
    let done = check(&scratch, &[]);
    assert_eq!(rules(&done), ["unused-waiver", "plaintext-private-key"]);
    let line = text(&scratch).lines().position(|line| line.contains("uat")).expect("an entry") + 2;
    let expected = format!(
        "{FILE}:{line}:15: warning: the baseline knows a finding of `placeholder-value` in `k8s/uat/a.yaml` that is found no more [unused-waiver]"
    );
    assert!(done.out.lines().any(|found| found == expected), "{expected}\n{}", done.out);
    let salt = text(&scratch).lines().find(|line| line.starts_with("salt")).map(str::to_owned);
    assert_eq!(scratch.run(&["baseline", "--update"]).code, 0);
    assert_eq!(rules(&check(&scratch, &[])), ["plaintext-private-key"]);
    assert!(text(&scratch).contains(&salt.expect("there is a salt")));
}

#[test]
fn private_keys_are_taken_in_by_name_alone() {
    let scratch = brownfield();
    scratch.write("keys/other.pem", key("ec-pkcs8.pem"));
    let done = scratch.run(&["baseline"]);
    assert_eq!(done.out.matches("--include-key ").count(), 2, "{}", done.out);
    assert!(done.out.contains("keys/other.pem:1: PKCS#8 private key in plaintext"), "{}", done.out);
    assert!(!text(&scratch).contains(".pem"));
    let other = asked(&done);
    assert_eq!(scratch.run(&["baseline", "--update", "--include-key", &other]).code, 0);
    assert!(text(&scratch).contains("keys/other.pem"));
    assert!(!text(&scratch).contains("keys/private.pem"));
    let after = check(&scratch, &[]);
    assert_eq!(rules(&after), ["plaintext-private-key"]);
    assert!(after.out.contains("keys/private.pem:1:1"), "{}", after.out);
    // A key once named stays; one that takes its place does not.
    assert_eq!(scratch.run(&["baseline", "--update"]).out.matches("--include-key ").count(), 1);
    assert!(text(&scratch).contains("keys/other.pem"));
    scratch.write("keys/other.pem", key("openssh-ed25519.pem"));
    assert_eq!(
        rules(&check(&scratch, &[]))
            .iter()
            .filter(|rule| **rule == "plaintext-private-key")
            .count(),
        2
    );
    assert_eq!(scratch.run(&["baseline", "--force"]).out.matches("--include-key ").count(), 2);
}

#[test]
fn what_else_is_wrong_at_the_place_of_a_key_is_taken_in() {
    let scratch = Scratch::new();
    let name = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_CONNECTOR_INTEGRATION__PRODUCTION";
    let key = key("rsa-pkcs8.pem");
    let text = format!("{name}_API_KEY=\n{name}_PRIVATE_KEY=\"{}\"\n", key.trim_end());
    scratch.write(".env.production", text);
    assert_eq!(rules(&check(&scratch, &[])), ["incomplete-key-pair", "plaintext-private-key"]);
    assert_eq!(scratch.run(&["baseline"]).code, 0);
    assert_eq!(rules(&check(&scratch, &[])), ["plaintext-private-key"]);
}

#[test]
fn the_file_tells_nothing() {
    let scratch = brownfield();
    let key = key("rsa-pkcs8.pem");
    scratch.write(
        "k8s/prod/keys.yaml",
        "services_connector/ims_technical_account_credentials/client_secret: p8e-Zk3vQ9xT7wLmN2rBfJ6hYcD4sAgU1oKi\n",
    );
    let named = asked(&scratch.run(&["baseline"]));
    scratch.run(&["baseline", "--force", "--include-key", &named]);
    let text = text(&scratch);
    assert!(text.contains("plaintext-client-secret") && text.contains("plaintext-private-key"));
    assert!(!text.contains(DATA_SPACE) && !text.contains(&named));
    assert!(!text.contains(DATA_SPACE.get(..8).expect("a UUID is longer")));
    let body: String = key.lines().filter(|line| !line.contains("-----")).collect();
    let parts =
        body.as_bytes().windows(8).chain(b"p8e-Zk3vQ9xT7wLmN2rBfJ6hYcD4sAgU1oKi".windows(8));
    for part in parts {
        let part = String::from_utf8_lossy(part);
        assert!(!text.contains(&*part), "{part} in {text}");
    }
    let entries = text.lines().skip_while(|line| !line.starts_with("[["));
    for line in entries.filter(|line| !line.is_empty()) {
        let name = line.split(" = ").next().unwrap_or_default();
        assert!(
            ["[[accepted]]", "rule", "path", "fingerprint", "values", "instances"].contains(&name),
            "{line}"
        );
    }
    let first = text.clone();
    scratch.run(&["baseline", "--force", "--include-key", &named]);
    assert_ne!(
        fs::read_to_string(scratch.path().join(FILE)).expect("a file"),
        first,
        "another salt"
    );
}

#[test]
fn nothing_is_overwritten_unless_asked_for() {
    let scratch = brownfield();
    scratch.write(FILE, "mine");
    let done = scratch.run(&["baseline"]);
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert!(
        done.err.contains("there is a baseline already") && done.err.contains("--force"),
        "{}",
        done.err
    );
    assert_eq!(text(&scratch), "mine");
    assert_eq!(check(&scratch, &[]).code, 2, "it is no baseline");
    assert_eq!(scratch.run(&["baseline", "--update"]).code, 2);
    assert_eq!(scratch.run(&["baseline", "--force"]).code, 2, "nor may it be overwritten");
    scratch.write(FILE, "version = 1\nsalt = 3\n");
    assert_eq!(scratch.run(&["baseline", "--force"]).code, 0);
    assert_eq!(rules(&check(&scratch, &[])), ["plaintext-private-key"]);
    let clean = Scratch::of(&[("a.yaml", "a: b\n")]);
    assert_eq!(clean.run(&["baseline"]).out, "nothing to accept: no baseline is written\n");
    assert!(!clean.path().join(FILE).exists());
}

#[cfg(unix)]
#[test]
fn a_link_is_never_written_through() {
    let scratch = brownfield();
    let target = scratch.write("target.txt", "mine");
    std::os::unix::fs::symlink(&target, scratch.path().join(FILE)).expect("a link can be made");
    assert_eq!(scratch.run(&["baseline"]).code, 2);
    assert_eq!(scratch.run(&["baseline", "--force"]).code, 0);
    assert_eq!(fs::read_to_string(&target).expect("it is there"), "mine");
    assert!(text(&scratch).contains("[[accepted]]"));
}

#[test]
fn the_configuration_says_where_it_is() {
    let scratch = brownfield();
    scratch.write("commerce-lint.toml", "policy.baseline = \"ci/known.toml\"\n");
    let missing = check(&scratch, &[]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("ci/known.toml"), "{}", missing.err);
    fs::create_dir(scratch.path().join("ci")).expect("a new folder");
    assert_eq!(scratch.run(&["baseline"]).code, 0);
    assert!(scratch.path().join("ci/known.toml").exists());
    assert_eq!(rules(&check(&scratch, &[])), ["plaintext-private-key"]);
    assert_eq!(rules(&check(&scratch, &["--no-waivers"])).len(), 3);
    assert_eq!(rules(&check(&scratch, &["--no-config"])).len(), 3);
    scratch.write("other/lint.toml", "");
    assert_eq!(scratch.run(&["baseline", "--config", "other/lint.toml"]).code, 0);
    assert!(scratch.path().join("other/commerce-lint.baseline.toml").exists());
    assert_eq!(
        rules(&check(&scratch, &["--config", "other/lint.toml"])),
        ["plaintext-private-key"]
    );
}

#[test]
fn waived_findings_are_not_baselined() {
    let scratch = brownfield();
    scratch.write(
        "commerce-lint.toml",
        "[[waivers]]\nrule = \"shared-data-space\"\npath = \"**\"\nreason = \"x\"\nexpires = 2027-06-30\n\n\
         [[waivers]]\nrule = \"placeholder-value\"\npath = \"gone\"\nreason = \"x\"\nexpires = 2027-06-30\n",
    );
    scratch.run(&["baseline", "--now", "2027-01-01"]);
    assert!(!text(&scratch).contains("shared-data-space"));
    assert!(!text(&scratch).contains("unused-waiver"), "waivers are mended, not baselined");
    assert_eq!(
        rules(&check(&scratch, &["--now", "2027-01-01"])),
        ["plaintext-private-key", "unused-waiver"]
    );
}

#[test]
fn a_run_that_is_incomplete_says_so() {
    let broken = "services_connector/services_id/project_id: [ a\nb: - c\n";
    let scratch = Scratch::of(&[("a.yaml", broken)]);
    assert_eq!(scratch.run(&["baseline"]).code, 3);
    let done = check(&scratch, &[]);
    assert_eq!((done.code, rules(&done)), (3, vec![]));
}

#[test]
fn a_changed_policy_is_told_where_states_are_compared() {
    let scratch = brownfield();
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm before");
    scratch.run(&["baseline"]);
    scratch.write(
        "commerce-lint.toml",
        "[[waivers]]\nrule = \"plaintext-private-key\"\npath = \"**\"\nreason = \"x\"\nexpires = 2027-06-30\n",
    );
    let expected = |file: &str, what: &str| format!("{file}: warning: {what} [weakened-policy]");
    let now = ["--now", "2027-01-01"];
    for (stage, arguments) in [(false, ["--base", "HEAD"].as_slice()), (true, &["--staged"])] {
        if stage {
            scratch.git("add -A");
        }
        let done = check(&scratch, &[&now, arguments].concat());
        assert_eq!(rules(&done), ["weakened-policy", "weakened-policy"], "{}", done.err);
        let line = expected(
            "commerce-lint.toml:2:8",
            "this change adds a waiver of `plaintext-private-key`",
        );
        assert!(done.out.contains(&line), "{}", done.out);
        assert!(done.out.contains("this change adds 2 findings to the baseline"), "{}", done.out);
    }
    scratch.git("commit -qm policy");
    scratch.write(
        "commerce-lint.toml",
        "[policy]\nmax-waiver-days = 999\n[[waivers]]\nrule = \"plaintext-private-key\"\npath = \"**\"\nreason = \"y\"\nexpires = 2027-05-30\n",
    );
    let done = check(&scratch, &[&now[..], &["--base", "HEAD"]].concat());
    assert_eq!(rules(&done), [""; 0], "another reason, an earlier end, a limit: nothing is weaker");
    scratch.git("add -A");
    scratch.git("commit -qm stricter");
    let longer = "[[waivers]]\nrule = \"plaintext-private-key\"\npath = \"**\"\nreason = \"y\"\nexpires = 2027-05-31\n";
    scratch.write("commerce-lint.toml", longer);
    let done = check(&scratch, &[&now[..], &["--base", "HEAD"]].concat());
    assert_eq!(rules(&done), ["weakened-policy", "weakened-policy"], "{}", done.out);
    assert!(done.out.contains("waivers last longer than 999 days"), "{}", done.out);
    let report = scratch.run(&[
        "check",
        "--from",
        "HEAD~2",
        "--to",
        "HEAD",
        "--now",
        "2027-01-01",
        "--output-format",
        "json",
    ]);
    assert_eq!(report.json()["summary"]["accepted"], json!(3), "the baseline of the revision");
}

#[test]
fn a_change_cannot_silence_the_check_of_itself() {
    let scratch = brownfield();
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm before");
    let all = |rule: &str| {
        format!(
            "[[waivers]]\nrule = \"{rule}\"\npath = \"**\"\nreason = \"x\"\nexpires = 2027-06-30\n"
        )
    };
    scratch.write("commerce-lint.toml", all("plaintext-private-key"));
    scratch.write("keys/new.pem", key("ec-pkcs8.pem"));
    scratch.write("k8s/test/a.yaml", TODO);
    scratch.run(&["baseline", "--now", "2027-01-01"]);
    let compared = ["--now", "2027-01-01", "--base", "HEAD"];
    let done = check(&scratch, &compared);
    assert!(done.out.contains("keys/new.pem:1:1: error"), "{}", done.out);
    assert!(done.out.contains("k8s/test/a.yaml:1:"), "{}", done.out);
    assert!(
        !done.out.contains("keys/private.pem") && !done.out.contains("k8s/uat"),
        "{}",
        done.out
    );
    assert_eq!(done.code, 1);
    scratch.git("add -A");
    scratch.git("commit -qm merged");
    assert_eq!(rules(&check(&scratch, &compared)), [""; 0], "from then on they hold");
    scratch.write("keys/newer.pem", key("openssh-ed25519.pem"));
    assert_eq!(rules(&check(&scratch, &compared)), [""; 0], "an older waiver accepts what is new");
}

/// Waivers past their day, for nothing and for another value, careless comments, a baseline that knows too much.
#[test]
fn people_are_shown_what_the_goldens_hold() {
    let scratch = brownfield();
    // A salt that is known, so that the golden can be.
    scratch.write(FILE, format!("version = 2\nsalt = \"{}\"\n", "0".repeat(32)));
    let written = scratch.run(&["baseline", "--update", "--include", "shared-data-space"]).out;
    scratch.write(
        "k8s/uat/a.yaml",
        "# commerce-lint: allow placeholder-value\npayment/payment_methods/method: sandbox\n",
    );
    scratch.write(
        "k8s/test/a.yaml",
        format!("# commerce-lint: allow placeholder-value -- created in June\n{TODO}"),
    );
    let waiver = |rule: &str, selector: &str, day: &str| {
        format!(
            "[[waivers]]\nrule = \"{rule}\"\n{selector}\nreason = \"split in June\"\nexpires = {day}\n\n"
        )
    };
    let config = [
        waiver("plaintext-private-key", "path = \"keys\"", "2026-12-31"),
        waiver("malformed-data-space-id", "path = \"helm\"", "2027-06-30"),
        waiver("shared-data-space", "instances = [\"staging\"]", "2027-06-30"),
        waiver("placeholder-value", "path = \"**\"", "2029-06-30"),
        "[policy]\nmax-waiver-days = 365\n".to_owned(),
    ];
    scratch.write("commerce-lint.toml", config.concat());
    let shown = scratch.run(&["check", "--now", "2027-01-01"]).out;
    for (name, out) in [("baseline", written), ("waivers", shown)] {
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/cli/{name}.out"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&golden, &out).expect("the golden is writable");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(out, expected, "{name}: `BLESS=1 cargo test` accepts what is printed now");
    }
}
