//! What stands at a public setting and has not its look is shown nowhere: somebody may have pasted a password there.

use super::scratch::{DATA_SPACE, Scratch};

const PASSWORD: &str = "Wint3r-Tr0ub4dor-7";
const SHORT: &str = "hunter2!xyz";
const TOKEN: &str = "q7Wm2-tokenOfNobody";

const OUTPUTS: &[&[&str]] = &[
    &["check", "--color", "always"],
    &["check", "--output-format", "line"],
    &["check", "--output-format", "json"],
    &["check", "--preset", "strict"],
    &["check", "--output-format", "statistics"],
    &["instances", "--explain"],
    &["instances", "--output-format", "json", "--explain"],
    &["instances", "--output-format", "mermaid"],
    &["instances", "--output-format", "dot"],
    &["init", "--print"],
    &["facts"],
];

const CONNECTOR: &str = "CONFIG__DEFAULT__SERVICES_CONNECTOR__";

fn dotenv(line: &str) -> String {
    format!("{CONNECTOR}SERVICES_ID__ENVIRONMENT_ID={DATA_SPACE}\n{line}\n")
}

/// What production says in one line, the rule that tells of it, and what may be shown.
fn cases() -> Vec<(String, &'static str, &'static str)> {
    let of = |name: &str, value: &str| format!("{CONNECTOR}{name}={value}");
    let api_key = "SERVICES_CONNECTOR_INTEGRATION__PRODUCTION_API_KEY";
    let gateway = "PRODUCTION_GATEWAY_URL";
    vec![
        (of(api_key, SHORT), "malformed-api-key", "a text of 11 characters"),
        (of(api_key, PASSWORD), "malformed-api-key", "a text of 18 characters"),
        (of("SERVICES_ID__ENVIRONMENT", PASSWORD), "unknown-slot", "a text of 18 characters"),
        (
            format!("CONFIG__DEFAULT__MAGENTO_SAAS__ENVIRONMENT={SHORT}"),
            "unknown-slot",
            "a text of 11 characters",
        ),
        (
            format!("CONFIG__DEFAULT__PAYMENT__PAYMENT_METHODS__METHOD={PASSWORD}"),
            "unknown-slot",
            "a text of 18 characters",
        ),
        (
            of(gateway, &format!("http://proxy.example:8080/in?token={TOKEN}&pw={PASSWORD}")),
            "redirected-gateway",
            "`http://proxy.example:8080/in?…`",
        ),
        (
            of(gateway, &format!("https://{TOKEN}@proxy.example/#{PASSWORD}")),
            "redirected-gateway",
            "`https://…@proxy.example/#…`",
        ),
        (
            of(gateway, &format!("https://proxy:{PASSWORD}@proxy.example/")),
            "redirected-gateway",
            "`https://…@proxy.example/`",
        ),
    ]
}

fn assert_hidden(text: &str, what: &str) {
    for secret in [PASSWORD, SHORT, TOKEN, "Tr0ub4dor", "hunter2"] {
        assert!(!text.contains(secret), "{what} shows {secret}:\n{text}");
    }
}

#[test]
fn what_has_not_the_look_of_its_setting_is_told_by_its_shape_alone() {
    for (line, rule, shown) in cases() {
        let scratch = Scratch::of(&[("prod/.env", &dotenv(&line))]);
        let told = scratch.run(&["check", "--output-format", "line"]).out;
        assert!(told.contains(&format!("[{rule}]")) && told.contains(shown), "{line}: {told}");
        for arguments in OUTPUTS {
            assert_hidden(&scratch.run(arguments).all(), &format!("{arguments:?}"));
        }
        for (format, report) in scratch.reports() {
            assert_hidden(&report, format);
        }
    }
}

/// Opaque texts that search takes for secrets are no api keys either; real keys are other rules' matter.
#[test]
fn an_opaque_text_is_no_api_key() {
    let opaque = [
        "wJalrXUtnFEMIK7MDENGbPxRfiCYzQ8kT2LmNp4Q",
        "Zm9vYmFyYmF6cXV4Y29ycmVjdGhvcnNlYmF0dGVyeXN0YXBsZTEyMzQ1Njc4",
    ];
    for value in opaque {
        let line = format!("{CONNECTOR}SERVICES_CONNECTOR_INTEGRATION__PRODUCTION_API_KEY={value}");
        let scratch = Scratch::of(&[("prod/.env", &dotenv(&line))]);
        let done = scratch.run(&["check", "--output-format", "line"]);
        assert_eq!(done.out.matches("[malformed-api-key]").count(), 1, "{}", done.out);
        assert_eq!(done.out.matches(": warning:").count(), 1, "{}", done.out);
        assert!(!done.all().contains(&value[8..24]), "{}", done.all());
    }
}

#[test]
fn a_change_of_such_a_value_shows_neither() {
    let line = |value: &str| dotenv(&format!("CONFIG__DEFAULT__MAGENTO_SAAS__ENVIRONMENT={value}"));
    let scratch = Scratch::of(&[("prod/.env", &line("production"))]);
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm before");
    scratch.write("prod/.env", line(PASSWORD));
    scratch.git("add -A");
    let done = scratch.run(&["check", "--staged"]);
    assert!(done.out.contains("production-slot-change"), "{}", done.out);
    assert_hidden(&done.all(), "a change");
}

#[test]
fn public_values_are_shown_as_they_are() {
    let lines = format!(
        "{CONNECTOR}PRODUCTION_GATEWAY_URL=http://proxy.example:8080/in\n{CONNECTOR}SERVICES_ID__ENVIRONMENT=Testing"
    );
    let scratch = Scratch::of(&[("prod/.env", &dotenv(&lines))]);
    let told = scratch.run(&["check"]).out;
    assert!(told.contains("`http://proxy.example:8080/in`"), "{told}");
    assert!(told.contains("GATEWAY_URL=http://proxy.example:8080/in"), "{told}");
    assert!(scratch.run(&["instances", "--explain"]).out.contains("(Testing)"));
}
