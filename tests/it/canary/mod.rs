//! No secret, ours or anybody's, is in any output: forty kinds stand on, above and below the lines of every rule's finding.

mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;
use commerce_lint::rules;

use crate::program::scratch::{PIPELINES, Scratch};
use crate::rules::{File, joined, lay_out, read, sections};
use secrets::Secret;

/// Shorter parts tell nothing.
const PART: usize = 8;

/// Where a secret is put: above a finding's line, on it, below it.
const PLACES: [&str; 3] = ["above", "on", "below"];

/// How many times each example is planted: three rules see all secrets.
const ROUNDS: usize = 5;

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

/// An example of a page that its rule finds something in.
struct Example<'a> {
    files: Vec<File<'a>>,
}

fn examples<'a>(page: &'a str) -> Vec<Example<'a>> {
    let lines: Vec<&str> = page.lines().collect();
    let sections = sections(page).into_iter();
    let example = |section: crate::rules::Section<'a>| {
        let is_shown = section.blocks.iter().any(|block| block.info == "console");
        let file = |block: &crate::rules::Block<'a>| {
            let mut words = block.info.split(' ').skip(1);
            let text = joined(lines.get(block.lines.clone())?);
            Some(File { path: words.next()?, state: words.next().unwrap_or_default(), text })
        };
        is_shown.then(|| Example { files: section.blocks.iter().filter_map(file).collect() })
    };
    sections.filter_map(example).collect()
}

/// The lines of all findings, by file of the tree that is checked.
fn places(scratch: &Scratch, options: &[&str]) -> BTreeMap<String, BTreeSet<usize>> {
    let done = scratch.run(&[&["check", "--output-format", "json"], options].concat());
    let mut places: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for found in done.json()["diagnostics"].as_array().expect("it is a list") {
        let related = found["related"].as_array().expect("it is a list").iter();
        for at in related.map(|one| &one["location"]).chain([&found["location"]]) {
            let line = at["start"]["line"].as_u64().expect("it is a number");
            let path = at["path"].as_str().expect("it is a text").to_owned();
            places.entry(path).or_default().insert(usize::try_from(line).expect("it is small"));
        }
    }
    places
}

/// A line that gives a secret away, in the syntax of a file; a remark every other time.
fn statement(path: &str, secret: &Secret, is_remark: bool, before: &str) -> String {
    let (name, value) = (secret.name, &secret.written);
    let indent: String = before.chars().take_while(|letter| letter.is_whitespace()).collect();
    let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
    let kind = path.rsplit(['.', '/']).next().unwrap_or_default();
    let said = match (kind, is_remark) {
        ("php", true) => format!("// {name} {value}"),
        ("php", false) => format!("'{name}' => '{value}',"),
        ("json", _) => format!("\"{name}\": \"{quoted}\","),
        ("sql", true) => format!("-- {name} {value}"),
        ("sql", false) => {
            format!("INSERT INTO admin_user (name, password) VALUES ('{name}', '{value}');")
        }
        ("xml", _) => format!("<!-- <{name}>{value}</{name}> -->"),
        ("yaml" | "yml", false) => format!("{name}: \"{quoted}\""),
        ("toml" | "tf" | "tfvars", false) => format!("{name} = \"{quoted}\""),
        ("sh", false) if secret.name == "COMMAND" => value.clone(),
        ("sh" | "env", false) => format!("{name}='{value}'"),
        _ => format!("# {name}={value}"),
    };
    format!("{indent}{said}")
}

/// The file with a secret above, on and below some of its lines.
fn planted(
    path: &str,
    text: &str,
    lines: &BTreeSet<usize>,
    three: &[Secret],
    is_remark: bool,
) -> String {
    let mut out = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if !lines.contains(&number) {
            out.push(line.to_owned());
            continue;
        }
        let is_open = line.trim_start().starts_with("- ") || line.contains("-----");
        let say = |at: usize| statement(path, &three[at], is_remark || is_open, line);
        out.push(say(0));
        let on = statement(path, &three[1], true, "");
        let is_json = path.rsplit('.').next() == Some("json");
        let fits = !line.trim_end().ends_with(['|', '>', '\\']) && !line.contains("-----");
        out.push(match (is_json, fits) {
            (true, _) => line.replacen(
                '"',
                &format!(
                    "\"a\": \"{}\", \"",
                    three[1].written.replace('\\', "\\\\").replace('"', "\\\"")
                ),
                1,
            ),
            (_, true) => format!("{line} {on}"),
            (_, false) => line.to_owned(),
        });
        out.push(say(2));
    }
    joined(&out)
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
            &["init", "--print"],
            &["baseline", "--force"],
        ] {
            outputs.push((command.join(" "), scratch.run(command).all()));
        }
        let baseline = fs::read_to_string(scratch.path().join("commerce-lint.baseline.toml"));
        outputs.push(("the baseline".to_owned(), baseline.unwrap_or_default()));
    }
    outputs
}

#[test]
fn no_secret_beside_a_finding_is_in_any_output() {
    let secrets = secrets::all();
    assert!(secrets.len() >= 40);
    let parts = Parts::of(&secrets);
    let mut leaks = BTreeSet::new();
    let mut lost = Vec::new();
    for (shift, id) in (0..).zip(rules::ids()) {
        let page = read(id);
        for example in examples(&page) {
            let plain = Scratch::new();
            let options = lay_out(plain.path(), &example.files);
            let places = places(&plain, &options);
            let mut kept = 0;
            let rounds = ROUNDS;
            for round in 0..rounds {
                let chosen: Vec<Secret> = (0..PLACES.len())
                    .map(|at| {
                        secrets[((round + shift * ROUNDS) * PLACES.len() + at) % secrets.len()]
                            .clone()
                    })
                    .collect();
                let scratch = Scratch::new();
                let files: Vec<File<'_>> = example
                    .files
                    .iter()
                    .map(|file| {
                        let lines = places.get(file.path).cloned().unwrap_or_default();
                        let is_config = file.path.ends_with("lint.toml");
                        let text = planted(
                            file.path,
                            &file.text,
                            &lines,
                            &chosen,
                            is_config || round % 2 == 0,
                        );
                        File { path: file.path, state: file.state, text }
                    })
                    .collect();
                let options = lay_out(scratch.path(), &files);
                for (what, output) in outputs(&scratch, &options, round == 0) {
                    if what == "pretty" && output.contains(&format!("[{id}]")) {
                        kept += 1;
                    }
                    leaks.extend(parts.leak(&output).map(|leak| format!("{id}, {what}: {leak}")));
                }
            }
            if kept * 2 < rounds {
                lost.push(format!("{id}: found in {kept} of {rounds}"));
            }
        }
    }
    assert_none(&leaks);
    assert!(lost.is_empty(), "the secrets hide the findings:\n{}", lost.join("\n"));
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
