//! Secrets at settings of others that a team's own rules ask for: a page is data, and shows none of them.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Parts, assert_none, outputs, secrets};
use crate::editor::client::Client;
use crate::program::scratch::Scratch;

/// Every predicate that may find fault with a value, and what shows it.
const MUSTS: [&str; 5] =
    ["be-unset", "be-reference", "be-unique", "{ be-one-of: ['none'] }", "{ match: '^none$' }"];

fn pages(scratch: &Scratch) {
    for (number, must) in MUSTS.iter().enumerate() {
        for (said, message) in
            [("own", ", message: '{path} is {value}', help: 'not {value}'"), ("ours", "")]
        {
            let page = format!(
                "---\nseverity: warning\nsummary: A.\nassert: {{ setting: smtp/general/*, must: {must}{message} }}\n---\n\nWhy.\n"
            );
            scratch.write(&format!("policy/acme/{said}-{number}.md"), page);
        }
    }
    scratch.write("commerce-lint.toml", "[rules]\npacks = [\"policy\"]\n");
}

/// The files that give the setting a value.
fn carriers(value: &str) -> Vec<(&'static str, String)> {
    let quoted = value.replace('\'', "'\\''");
    let php = value.replace('\\', "\\\\").replace('\'', "\\'");
    let single = value.replace('\'', "''");
    let name = "CONFIG__DEFAULT__SMTP__GENERAL__PASSWORD";
    vec![
        (
            "php/prod/app/etc/env.php",
            format!(
                "<?php\nreturn ['system' => ['default' => ['smtp' => ['general' => ['password' => '{php}']]]]];\n"
            ),
        ),
        ("dotenv/prod/.env", format!("{name}='{quoted}'\n")),
        ("yaml/prod/a.yaml", format!("env:\n  {name}: '{single}'\n")),
        (
            "map/prod/a.yaml",
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: shop}}\ndata:\n  {name}: '{single}'\n"
            ),
        ),
        ("json/prod/a.json", json!({ "env": { name: value } }).to_string()),
        ("sh/prod/a.sh", format!("bin/magento config:set smtp/general/password '{quoted}'\n")),
        (
            "sql/prod/a.sql",
            format!(
                "INSERT INTO core_config_data (scope, scope_id, path, value) VALUES ('default', 0, 'smtp/general/password', '{php}');\n"
            ),
        ),
    ]
}

#[test]
fn no_page_shows_what_stands_at_a_setting_of_others() {
    let secrets = secrets::all();
    let parts = Parts::of(&secrets);
    let mut leaks = BTreeSet::new();
    let scratch = Scratch::new();
    pages(&scratch);
    let mut open = None;
    for (number, secret) in secrets.iter().enumerate() {
        let carriers = carriers(&secret.written);
        let kept = |(at, _): &(usize, _)| number == 0 || (at + number) % 3 == 0;
        for (_, (path, content)) in carriers.into_iter().enumerate().filter(kept) {
            scratch.write(&format!("brands/shop{number}{path}"), &content);
            // The same value twice, for what must be each one's own.
            scratch.write(&format!("brands/other{number}{path}"), &content);
            open.get_or_insert((format!("brands/shop{number}{path}"), content));
        }
    }
    let rule = "acme/own-0";
    let (path, content) = open.expect("there are files");
    let mut client = Client::of(&scratch);
    client.open(&path, &content);
    let marks = client.marks(&path);
    assert!(marks.iter().any(|mark| mark["code"] == rule), "{marks:?}");
    for character in 0..content.lines().nth(1).unwrap_or_default().len() {
        client.ask_at("textDocument/hover", &path, 1, character);
    }
    client.ask_at("textDocument/codeAction", &path, 1, 90);
    let mut seen = vec![("an editor".to_owned(), client.heard.clone())];
    seen.extend(outputs(&scratch, &[], true));
    assert!(seen.iter().any(|(what, text)| what == "sarif" && text.contains(rule)));
    for (what, output) in seen {
        leaks.extend(parts.leak(&output).map(|leak| format!("{what}: {leak}")));
    }
    assert_none(&leaks);
}
