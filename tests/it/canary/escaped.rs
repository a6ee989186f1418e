//! Texts behind escapes, in whatever carries them: what stands beside a setting in one stays hidden, before a mend and after it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Parts, assert_none, outputs, secrets};
use crate::program::scratch::{DATA_SPACE, Scratch};

const NAME: &str = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";

/// The files that hold a text behind escapes.
fn carriers(text: &str) -> Vec<(&'static str, String)> {
    let quoted = Value::from(text).to_string();
    let dollars = quoted.replace('$', "\\$");
    let twice = json!({ "env": json!({ "env": text }).to_string() }).to_string();
    let folded = text.trim_end().replace('\n', "\n\n  ");
    vec![
        ("json/prod/a.json", json!({ "env": text }).to_string()),
        ("twice/prod/a.json", twice.clone()),
        ("thrice/prod/a.json", json!({ "env": twice }).to_string()),
        ("yaml/prod/a.yaml", format!("APP_ENV: {quoted}\n")),
        ("folded/prod/a.yaml", format!("APP_ENV: >-\n  {folded}\n")),
        (
            "single/prod/a.yaml",
            format!("APP_ENV: '{}'\n", text.trim_end().replace('\'', "''").replace('\n', "\n\n  ")),
        ),
        (
            "map/prod/a.yaml",
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  .env: {quoted}\n"
            ),
        ),
        ("toml/prod/a.toml", format!("env = {quoted}\n")),
        (
            "tf/prod/a.tf",
            format!(
                "locals {{\n  env = {}\n}}\n",
                quoted.replace("${", "$${").replace("%{", "%%{")
            ),
        ),
        ("php/prod/env.php", format!("<?php return ['env' => {dollars}];\n")),
        ("dotenv/prod/.env", format!("APP_ENV={dollars}\n")),
        ("sh/prod/a.sh", format!("export APP_ENV={}\n", dollars.replace('`', "\\`"))),
    ]
}

/// Texts that hold a setting and a secret beside it.
fn texts(value: &str, other: &str, secret: &str) -> [String; 3] {
    [
        format!("{other}={secret}\n{NAME}={value}\n"),
        json!({ other: secret, NAME: value }).to_string(),
        format!("{NAME}: {value}\n{other}: {}\n", Value::from(secret)),
    ]
}

#[test]
fn no_secret_beside_a_setting_behind_escapes_is_in_any_output() {
    let secrets = secrets::all();
    let parts = Parts::of(&secrets);
    let mut leaks = BTreeSet::new();
    for value in ["CHANGEME", "no-uuid", DATA_SPACE, "<your id>"] {
        let scratch = Scratch::new();
        scratch.write("prod/.env", format!("{NAME}={DATA_SPACE}\n"));
        for (number, secret) in secrets.iter().enumerate() {
            let texts = texts(value, secret.name, &secret.written);
            for (kind, text) in texts.iter().enumerate() {
                let kept = |(at, _): &(usize, _)| (at + number) % 4 == kind;
                for (_, (path, content)) in carriers(text).into_iter().enumerate().filter(kept) {
                    scratch.write(&format!("{kind}/shop{number}/{path}"), content);
                }
            }
        }
        let mut seen = outputs(&scratch, &["--no-config"], false);
        for arguments in [&["check", "--diff"][..], &["check", "--fix=unsafe"]] {
            let arguments = [arguments, &["--no-config"]].concat();
            seen.push((arguments.join(" "), scratch.run(&arguments).all()));
        }
        for (what, output) in seen {
            leaks.extend(parts.leak(&output).map(|leak| format!("{value}, {what}: {leak}")));
        }
    }
    assert_none(&leaks);
}

/// A placeholder, or a shared data space, whose carrier is known: exactly it is shown, in the way it stands there.
#[test]
fn the_value_is_shown_and_its_neighbours_are_not() {
    for (kind, text) in texts("CHANGEME", "DB_PASSWORD", "Hq8sKd93jfKs0a").iter().enumerate() {
        for (path, content) in carriers(text) {
            let scratch = Scratch::of(&[(path, &content)]);
            let shown = scratch.run(&["check", "--no-config"]).all();
            assert!(!shown.contains("Hq8sKd93"), "{path}, {kind}:\n{shown}");
            let found = shown.contains("placeholder-value");
            assert!(!found || shown.contains("CHANGEME"), "{path}, {kind}:\n{content}\n{shown}");
        }
    }
}
