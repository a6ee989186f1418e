//! No secret, ours or anybody's, is in any output: forty kinds stand beside settings, in values, files within files and addresses.

mod escaped;
mod foreign;
mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;

use crate::mcp::client::Client;
use crate::program::scratch::{PIPELINES, Scratch, run};
use secrets::Secret;

/// A key of a fleet, made up for this.
const FLEET_KEY: &str = "a key that is of no fleet";

/// Shorter parts tell nothing.
const PART: usize = 8;

/// The parts of secrets that no output may hold, with what they are part of.
struct Parts(BTreeMap<Vec<u8>, &'static str>);

impl Parts {
    fn of(secrets: &[Secret]) -> Self {
        let texts = secrets.iter().flat_map(|secret| {
            let encoded = secret.written != secret.bytes && !secret.written.contains(&secret.bytes);
            let whole = encoded.then_some(&secret.written);
            std::iter::once(&secret.bytes).chain(whole).map(|text| (text, secret.kind))
        });
        let parts = |(text, kind): (&String, &'static str)| {
            text.as_bytes().windows(PART).map(|part| (part.to_vec(), kind)).collect::<Vec<_>>()
        };
        Self(texts.flat_map(parts).collect())
    }

    /// What of them an output holds: as it is, and decoded in the ways in which people hide things.
    fn leak(&self, output: &str) -> Option<String> {
        let find = |text: &[u8], how: &str| {
            let at = text.windows(PART).position(|part| self.0.contains_key(part))?;
            let kind = self.0[&text[at..at + PART]];
            let around = &text[at.saturating_sub(60)..text.len().min(at + 40)];
            Some(format!("{kind}, {how}: {}", String::from_utf8_lossy(around)))
        };
        let percent = percent_decoded(output);
        let unescaped = output.replace("\\\"", "\"").replace("\\/", "/").replace("\\\\", "\\");
        let entities = output.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
        let entities = entities.replace("&lt;", "<").replace("&gt;", ">");
        find(output.as_bytes(), "as it is")
            .or_else(|| find(&percent, "URL-decoded"))
            .or_else(|| find(unescaped.as_bytes(), "unescaped"))
            .or_else(|| find(entities.as_bytes(), "without entities"))
            .or_else(|| base64_decoded(output).iter().find_map(|text| find(text, "in base64")))
    }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|digits| str::from_utf8(digits).ok());
        let byte = digits.filter(|_| *first == b'%');
        if let Some(byte) = byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            out.push(byte);
            rest = &tail[2..];
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    out
}

/// What every run of base64 stands for, at each of its four alignments.
fn base64_decoded(text: &str) -> Vec<Vec<u8>> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engines =
        [GeneralPurpose::new(&STANDARD, lenient), GeneralPurpose::new(&URL_SAFE, lenient)];
    let belongs = |letter: char| letter.is_ascii_alphanumeric() || "+/-_".contains(letter);
    let mut found = Vec::new();
    for run in text.split(|letter| !belongs(letter)).filter(|run| run.len() >= 11) {
        for (engine, start) in engines.iter().flat_map(|engine| (0..4).map(move |at| (engine, at)))
        {
            let run = run.get(start..).unwrap_or_default();
            let run = run.get(..run.len() / 4 * 4).unwrap_or_default();
            found.extend(engine.decode(run).ok());
        }
    }
    found
}

/// The outputs of all commands on a tree.
fn outputs(scratch: &Scratch, options: &[&str], is_all: bool) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().expect("a folder for temporary files exists");
    let mut arguments = vec!["check".to_owned()];
    arguments.extend(options.iter().map(ToString::to_string));
    for format in PIPELINES {
        let file = folder.path().join(format);
        arguments.extend(["--output".to_owned(), format!("{format}={}", file.display())]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut outputs = vec![("pretty".to_owned(), scratch.run(&arguments).all())];
    let report = |format| fs::read_to_string(folder.path().join(format)).ok();
    outputs.extend(
        PIPELINES.iter().filter_map(|format| Some(((*format).to_owned(), report(format)?))),
    );
    if is_all {
        for command in [
            &["check", "--output-format", "json"][..],
            &["check", "--output-format", "line", "--no-waivers"],
            &["instances", "--explain"],
            &["instances", "--output-format", "json", "--explain"],
            &["instances", "--output-format", "mermaid"],
            &["instances", "--output-format", "dot"],
            &["facts", "--repo", "a"],
            &["fleet", "--output", "facts"],
            &["init", "--print"],
            &["baseline", "--force"],
        ] {
            let mut asked = scratch.command(command);
            asked.env("COMMERCE_LINT_FLEET_KEY", FLEET_KEY);
            outputs.push((command.join(" "), run(asked).all()));
        }
        for table in ["run", "instance", "setting", "secret", "finding", "storefront"] {
            let folder = scratch.path().join("facts").join(table);
            let files = fs::read_dir(folder).expect("the table is there");
            for file in files {
                let path = file.expect("its files are readable").path();
                let text = fs::read_to_string(path).expect("facts are text");
                outputs.push((format!("the table {table}"), text));
            }
        }
        let mut client = Client::of(scratch);
        for tool in ["check", "instances", "facts"] {
            client.call(tool, &serde_json::json!({ "limit": 500 }));
        }
        outputs.push(("mcp".to_owned(), client.heard.clone()));
        let baseline = fs::read_to_string(scratch.path().join("commerce-lint.baseline.toml"));
        outputs.push(("the baseline".to_owned(), baseline.unwrap_or_default()));
    }
    outputs
}

/// A whole file of others' secrets in the value that a finding points at, and a finding in a file of which it is the only line.
#[test]
fn no_secret_packed_with_a_setting_is_in_any_output() {
    let secrets = secrets::all();
    let parts = Parts::of(&secrets);
    let name = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";
    let mut leaks = BTreeSet::new();
    let scratch = Scratch::new();
    for (number, secret) in secrets.iter().enumerate() {
        let Secret { name: other, written, .. } = secret;
        let dotenv = format!("{name}=no-uuid\n{other}='{written}'\n");
        let php = format!(
            "<?php return ['a' => '{written}', 'system' => ['default' => ['services_connector' => ['services_id' => ['environment_id' => 'no-uuid']]]]];"
        );
        let object = |kind: &str, data: &str| {
            format!(
                "apiVersion: v1\nkind: {kind}\nmetadata: {{name: shop, namespace: prod}}\ndata:\n{data}\n"
            )
        };
        let json = serde_json::json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "a" }, "data": { "env.php": php } });
        for (path, text) in [
            (
                "secret.yaml",
                object("Secret", &format!("  .env: {}", BASE64_STANDARD.encode(&dotenv))),
            ),
            (
                "secret-php.yaml",
                object("Secret", &format!("  env.php: {}", BASE64_STANDARD.encode(&php))),
            ),
            ("map.yaml", object("ConfigMap", &format!("  env.php: |\n    {php}\n    {written}"))),
            ("map.json", json.to_string()),
            ("one.env", dotenv.clone()),
            ("env.php", php.clone()),
            (
                "run.sh",
                format!(
                    "{other}='{written}' bin/magento config:set {name} no-uuid; export {name}=no-uuid A=\"{written}\"\n"
                ),
            ),
            ("url.env", format!("{name}=https://shop:{}@example.com/\n", secret.bytes)),
        ] {
            if path != "url.env" || !secret.bytes.contains([' ', '/', '#', '?', '@', '\'', '`']) {
                scratch.write(&format!("shop{number}/prod/{path}"), text);
            }
        }
    }
    for (what, output) in outputs(&scratch, &["--no-config"], true) {
        leaks.extend(parts.leak(&output).map(|leak| format!("{what}: {leak}")));
    }
    assert_none(&leaks);
}

fn assert_none(leaks: &BTreeSet<String>) {
    let shown: Vec<&str> = leaks.iter().take(100).map(String::as_str).collect();
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), shown.join("\n---\n"));
}
