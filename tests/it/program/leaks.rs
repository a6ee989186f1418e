//! No secret is ever printed: keys and client secrets in every format and dress, beside every mistake, in every output.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use commerce_lint::states::{Configured, Request};

use super::scratch::{DATA_SPACE, Scratch, data_space};

/// Shorter parts of a key tell nothing.
const PART: usize = 8;

/// A secret that is no key, as Adobe's developer console makes them.
pub const CLIENT_SECRET: &str = "p8e-Zk3vQ9xT7wLmN2rBfJ6hYcD4sAgU1oKi";

pub const OUTPUTS: &[&[&str]] = &[
    &["check", "--color", "never"],
    &["check", "--output-format", "json"],
    &["instances", "--output-format", "json", "--explain"],
    &["check", "--diff"],
    &["check", "--color", "always"],
    &["check", "--output-format", "line"],
    &["instances"],
    &["instances", "--explain", "--color", "always"],
    &["init", "--print"],
    &["instances", "--output-format", "mermaid"],
    &["instances", "--output-format", "dot"],
];

/// The outputs that hold all that the others do, for trees of one file.
const WHOLE: &[&[&str]] = OUTPUTS.split_at(4).0;

const KEY: &str = "services_connector/services_connector_integration/production_private_key";
const VARIABLE: &str =
    "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_CONNECTOR_INTEGRATION__PRODUCTION_PRIVATE_KEY";
pub const CLIENT: &str = "services_connector/ims_technical_account_credentials/client_secret";

pub fn pem(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name);
    fs::read_to_string(path).expect("the fixture is readable")
}

/// The lines of a key between its markers.
pub fn body(pem: &str) -> Vec<&str> {
    pem.lines().filter(|line| !line.contains("-----") && !line.contains(':')).collect()
}

/// Every part of the secrets that no output may hold, as a number: of each line, across lines, and of what base64 makes of the whole.
pub struct Parts {
    all: BTreeSet<u64>,
    /// Whether a part has this [`short`]: few other texts have, and the outputs are long.
    shorts: Vec<bool>,
}

/// Sixteen bits of a part.
fn short(part: u64) -> usize {
    usize::from((part.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as u16)
}

/// Each part of a text and where it ends.
fn parts(text: &[u8]) -> impl Iterator<Item = (usize, u64)> {
    let mut part = 0;
    let parts = text.iter().enumerate().map(move |(at, byte)| {
        part = part << 8 | u64::from(*byte);
        (at + 1, part)
    });
    parts.skip(PART - 1)
}

impl Parts {
    pub fn of(pems: &[String]) -> Self {
        let mut all = BTreeSet::new();
        let mut add = |text: &str| all.extend(parts(text.as_bytes()).map(|(_, part)| part));
        add(CLIENT_SECRET);
        add(&BASE64_STANDARD.encode(CLIENT_SECRET));
        for pem in pems {
            add(&body(pem).concat());
            // What comes before and after the body is no secret in base64 either.
            let wrapped = BASE64_STANDARD.encode(pem);
            let marker = pem.find('\n').unwrap_or_default().div_ceil(3) * 4;
            add(wrapped.get(marker..wrapped.len() - marker).unwrap_or_default());
        }
        let mut shorts = vec![false; 1 << 16];
        for part in &all {
            shorts[short(*part)] = true;
        }
        Self { all, shorts }
    }

    /// Adds those of a text.
    pub fn add(&mut self, text: &str) {
        for (_, part) in parts(text.as_bytes()) {
            self.all.insert(part);
            self.shorts[short(part)] = true;
        }
    }

    /// The parts in an output, as it stands and without what a layout puts between: each with what was printed and by what.
    pub fn leaks(&self, output: &str, what: &str) -> Vec<String> {
        let is_layout = |c: &char| c.is_whitespace() || matches!(c, '│' | '·' | '"' | '\\');
        let dense: String = output.chars().filter(|c| !is_layout(c)).collect();
        let find = |text: &str| {
            let is_part = |part: u64| self.shorts[short(part)] && self.all.contains(&part);
            let (end, _) = parts(text.as_bytes()).find(|(_, part)| is_part(*part))?;
            let at = end - PART;
            let around = text.as_bytes().get(at.saturating_sub(80)..text.len().min(at + 40));
            Some(format!("{what}: {}", String::from_utf8_lossy(around.unwrap_or_default())))
        };
        [find(output), find(&dense)].into_iter().flatten().take(1).collect()
    }
}

/// What outputs on a tree print, and what prints it.
pub fn printed(scratch: &Scratch, outputs: &[&[&str]]) -> Vec<(String, String)> {
    let done =
        outputs.iter().map(|arguments| (format!("{arguments:?}"), scratch.run(arguments).all()));
    let reports = scratch.reports().into_iter();
    let reports = reports.map(|(format, report)| (format.to_owned(), report));
    done.chain(reports).collect()
}

/// What outputs on a tree print of the parts, and what a debugger shows of the run.
fn leaks(parts: &Parts, scratch: &Scratch, outputs: &[&[&str]], what: &str) -> Vec<String> {
    let mut leaks = Vec::new();
    for (by, output) in printed(scratch, outputs) {
        leaks.extend(parts.leaks(&output, &format!("{what}, {by}")));
    }
    if let Ok(outcome) = commerce_lint::run(&Request {
        path: scratch.path().into(),
        configured: Configured::Nowhere,
        ..Request::default()
    }) {
        leaks.extend(parts.leaks(&format!("{outcome:?}"), &format!("{what}, debugged")));
    }
    leaks
}

pub fn assert_none(leaks: &[String]) {
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n---\n"));
}

fn indented(text: &str, indent: &str) -> String {
    text.split_inclusive('\n').flat_map(|line| [indent, line]).collect()
}

pub fn escaped(text: &str) -> String {
    text.replace('\n', "\\n")
}

/// A key at a setting, in every format and dress.
fn formats(pem: &str) -> Vec<(String, String)> {
    let (line, wrapped, block) = (escaped(pem), BASE64_STANDARD.encode(pem), indented(pem, "    "));
    let variable = VARIABLE;
    let joined: Vec<String> = pem.lines().map(|line| format!("'{line}' . \"\\n\"")).collect();
    let one_line = body(pem).concat();
    let files = [
        ("block.yaml", format!("{KEY}: |\n{block}")),
        ("folded.yaml", format!("{KEY}: >-\n{block}x: [\n")),
        ("line.yaml", format!("{KEY}: \"{line}\"\n")),
        ("plain.yaml", format!("{KEY}: {one_line}\n")),
        ("flow.yaml", format!("{{ {KEY}: '{line}', b: [ }}\n")),
        ("pair.yaml", format!("env:\n  - name: {variable}\n    value: \"{line}\"\n")),
        (
            "compose.yml",
            format!("services:\n  web:\n    environment:\n      - \"{variable}={line}\"\n"),
        ),
        ("a.json", format!("{{\"{KEY}\": \"{line}\", \"b\": [}}")),
        ("cut.json", format!("{{\"{KEY}\": \"{line}")),
        ("list.json", format!("[{{\"name\": \"{variable}\", \"value\": \"{line}\"}}]")),
        ("a.toml", format!("\"{KEY}\" = \"\"\"\n{pem}\"\"\"\nx = \n")),
        ("line.toml", format!("\"{KEY}\" = \"{line}\"\n\"{KEY}\" = '{one_line}'\n")),
        (".env", format!("{variable}=\"{pem}\"\nB='\n")),
        ("line.env", format!("{variable}=\"{line}\"\n")),
        ("bare.env", format!("{variable}={pem}\n")),
        ("env.php", format!("<?php return ['{KEY}' => '{pem}', 'b' => ];")),
        ("env.double.php", format!("<?php return ['{KEY}' => \"{line}\" 'b'];")),
        ("env.heredoc.php", format!("<?php return ['{KEY}' => <<<KEY\n{pem}KEY\n];")),
        ("env.joined.php", format!("<?php return ['{KEY}' => {}];", joined.join("\n . "))),
        ("env.open.php", format!("<?php return ['{KEY}' => '{pem}")),
        (
            "secret.yaml",
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  {variable}: {wrapped}\n"
            ),
        ),
        (
            "string.yaml",
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  {variable}: |\n{block}"
            ),
        ),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

/// A key in a place that is not made for one, or in a file that is broken.
fn misplaced(pem: &str) -> Vec<(String, String)> {
    let (line, wrapped, one_line) = (escaped(pem), BASE64_STANDARD.encode(pem), body(pem).concat());
    let variable = VARIABLE;
    let block = indented(pem, "    ");
    let files = [
        ("raw.pem", pem.to_owned()),
        ("comment.yaml", format!("# {line}\n{KEY}: [\n")),
        (
            "comment-lines.yaml",
            format!(
                "{}services_connector/services_id/environment_id: no-uuid # {one_line}\n",
                indented(pem, "# ")
            ),
        ),
        ("data-space.yaml", format!("services_connector/services_id/environment_id: \"{line}\"\n")),
        (
            "data-space-body.yaml",
            format!("services_connector/services_id/environment_id: {one_line}\n"),
        ),
        (
            "data-space-base64.yaml",
            format!("services_connector/services_id/environment_id: {wrapped}\n"),
        ),
        (
            "api-key.yaml",
            format!(
                "services_connector/services_connector_integration/production_api_key: \"{line}\"\n"
            ),
        ),
        (
            "api-key-body.yaml",
            format!(
                "services_connector/services_connector_integration/sandbox_api_key: {one_line}\n"
            ),
        ),
        ("project.yaml", format!("services_connector/services_id/project_id: \"{line}\"\n")),
        ("project-body.yaml", format!("services_connector/services_id/project_id: {one_line}\n")),
        ("project-base64.yaml", format!("services_connector/services_id/project_id: {wrapped}\n")),
        ("name.yaml", format!("? \"{line}\"\n: {{ {KEY}: [ }}\n")),
        ("name.json", format!("{{\"{line}\": {{\"{KEY}\": }}}}")),
        ("scope.yaml", format!("system:\n  stores:\n    \"{one_line}\":\n      {KEY}: \"\"\n")),
        (
            "namespace.yaml",
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {one_line}, namespace: {one_line}}}\ndata:\n  {variable}: x\n"
            ),
        ),
        (
            "service.yml",
            format!("services:\n  \"{one_line}\":\n    environment:\n      {variable}: x\n"),
        ),
        (
            "env-file.yml",
            format!(
                "services:\n  web:\n    env_file: {one_line}\n    environment:\n      {variable}: x\n"
            ),
        ),
        ("invalid.yaml", format!("{KEY}: \"{line}\" {one_line}\n\t{one_line}: - x\n")),
        ("indent.yaml", format!("{KEY}: |\n  x\n{pem}: [\n")),
        ("commented.php", format!("<?php /* {pem} */ return ['{KEY}' => /* {one_line} */];")),
        (
            "template.yaml",
            format!(
                "{KEY}: {{{{ default \"{line}\" .Values.key }}}}\n{{{{ {one_line} }}}}\nx: [\n"
            ),
        ),
        ("fallback.env", format!("{variable}=${{KEY:-{one_line}}}\n")),
        ("ci.yaml", format!("data:\n{block}")),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

fn files(pem: &str) -> Vec<(String, String)> {
    [formats(pem), misplaced(pem)].concat()
}

#[test]
fn no_key_is_printed_whatever_holds_it() {
    for name in ["rsa-pkcs8.pem", "ec-sec1.pem"] {
        let pem = pem(name);
        let parts = Parts::of(std::slice::from_ref(&pem));
        let together = Scratch::new();
        let mut found = Vec::new();
        for (file, text) in files(&pem) {
            let alone = Scratch::new();
            alone.write(&format!("prod/{file}"), &text);
            alone.write("staging/a.yaml", super::scratch::data_space("no-uuid"));
            found.extend(leaks(&parts, &alone, WHOLE, &format!("{name} in {file}")));
            together.write(&format!("prod/{file}"), &text);
            together.write(&format!("samples/{file}.sample"), &text);
        }
        found.extend(leaks(&parts, &together, OUTPUTS, name));
        assert_none(&found);
    }
}

#[test]
fn no_part_of_a_key_that_was_cut_short_is_printed() {
    let pem = pem("rsa-pkcs8.pem");
    let parts = Parts::of(std::slice::from_ref(&pem));
    let mut found = Vec::new();
    for (file, text) in files(&pem) {
        let scratch = Scratch::new();
        for tenths in 3..10 {
            let mut end = text.len() * tenths / 10;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let cut = text.get(..end).unwrap_or_default();
            scratch.write(&format!("cut{tenths}/{file}"), cut);
            scratch.write(&format!("broken{tenths}/{file}"), format!("{cut}\n{{'\"[\n=>\n"));
        }
        for arguments in [
            &["check"][..],
            &["check", "--output-format", "json"],
            &["check", "--diff"],
            &["instances"],
        ] {
            found.extend(parts.leaks(&scratch.run(arguments).all(), &format!("{file}, cut")));
        }
        for (format, report) in scratch.reports() {
            found.extend(parts.leaks(&report, &format!("{file}, cut, {format}")));
        }
    }
    assert_none(&found);
}

#[test]
fn no_client_secret_is_printed() {
    let parts = Parts::of(&[]);
    let variable =
        "CONFIG__DEFAULT__SERVICES_CONNECTOR__IMS_TECHNICAL_ACCOUNT_CREDENTIALS__CLIENT_SECRET";
    let wrapped = BASE64_STANDARD.encode(CLIENT_SECRET);
    let wrong = "services_connector/services_id/environment_id";
    let mut found = Vec::new();
    let scratch = Scratch::new();
    for (file, text) in [
        ("a.yaml", format!("{CLIENT}: {CLIENT_SECRET}\n{wrong}: no-uuid\n")),
        ("b.yaml", format!("{CLIENT}: {CLIENT_SECRET}\n{wrong}: [ x\n")),
        ("c.yaml", format!("{wrong}: no-uuid\n{variable}: {CLIENT_SECRET}\n")),
        ("a.json", format!("{{\"{CLIENT}\": \"{CLIENT_SECRET}\", \"{wrong}\": \"no-uuid\", }} x")),
        ("a.toml", format!("\"{wrong}\" = 'no-uuid'\n\"{CLIENT}\" = '{CLIENT_SECRET}'\n")),
        (
            ".env",
            format!(
                "{variable}={CLIENT_SECRET}\nCONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID=no\n"
            ),
        ),
        (
            "env.php",
            format!("<?php return ['{wrong}' => 'no-uuid',\n'{CLIENT}' => '{CLIENT_SECRET}'];"),
        ),
        (
            "secret.yaml",
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  {variable}: {wrapped}\n  CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID: bm8=\n"
            ),
        ),
    ] {
        scratch.write(&format!("prod/{file}"), &text);
        let alone = Scratch::new();
        alone.write(&format!("prod/{file}"), &text);
        found.extend(leaks(&parts, &alone, WHOLE, &format!("a client secret in {file}")));
    }
    found.extend(leaks(&parts, &scratch, OUTPUTS, "client secrets"));
    assert_none(&found);
}

#[test]
fn no_key_in_the_configuration_is_printed() {
    let pem = pem("rsa-pkcs8.pem");
    let parts = Parts::of(std::slice::from_ref(&pem));
    let (line, one_line) = (escaped(&pem), body(&pem).concat());
    let mut found = Vec::new();
    for text in [
        format!("[rules]\nshared-data-space = \"{line}\"\n"),
        format!("[rules]\n\"{one_line}\" = \"off\"\n"),
        format!("key = \"\"\"\n{pem}\"\"\"\nexclud = []\n"),
        format!("{pem}\n"),
        format!("exclude = [\"{one_line}\"\nrules = {{\n"),
        format!("exclude = [\"{one_line}[\", \"[{line}\"]\n"),
        format!("[instances.\"{one_line}\"]\nkind = \"{one_line}\"\n"),
        format!("# {one_line}\n[instances.a]\nsame-as = \"{one_line}\" # {line}\n"),
        format!(
            "[instances.a]\nfiles = [\"**\"]\naccount = \"{one_line}\"\n[instances.\"{}\"]\nfiles = [\"**\"]\n",
            one_line.split_at(60).0
        ),
    ] {
        let scratch = Scratch::shared();
        scratch.write("commerce-lint.toml", &text);
        found.extend(leaks(&parts, &scratch, OUTPUTS, &text));
    }
    assert_none(&found);
}

#[test]
fn no_key_in_the_reason_of_what_is_accepted_is_printed() {
    let pem = pem("rsa-pkcs8.pem");
    let parts = Parts::of(std::slice::from_ref(&pem));
    let mut found = Vec::new();
    for reason in [escaped(&pem), body(&pem).concat(), BASE64_STANDARD.encode(&pem)] {
        let scratch = Scratch::new();
        scratch.write("prod/a.yaml", data_space("no-uuid"));
        scratch.write(
            "staging/b.yaml",
            format!(
                "# commerce-lint: allow placeholder-value -- {reason}\n{}",
                data_space("CHANGEME")
            ),
        );
        scratch.write(
            "commerce-lint.toml",
            format!(
                "[[waivers]]\nrule = \"malformed-data-space-id\"\npath = \"prod/a.yaml\"\nreason = \"{reason}\"\nexpires = 2999-01-01\n"
            ),
        );
        let accepted = scratch.run(&["check", "--output-format", "json"]).out;
        assert_eq!(accepted.matches("\"reason\":").count(), 2, "{accepted}");
        found.extend(leaks(&parts, &scratch, OUTPUTS, &reason));
    }
    assert_none(&found);
}

#[test]
fn no_secret_of_an_earlier_state_is_printed() {
    let pem = pem("rsa-pkcs8.pem");
    let parts = Parts::of(std::slice::from_ref(&pem));
    // The secrets stand beside what changes, and are gone.
    let file = |data_space: &str, secrets: &str| format!("{secrets}a: b\n{data_space}{secrets}");
    let before = format!("{CLIENT}: {CLIENT_SECRET}\n{KEY}: \"{}\"\n", escaped(&pem));
    let scratch = Scratch::new();
    let path = "k8s/prod/settings.yaml";
    scratch.write(path, file(&data_space(DATA_SPACE), &before));
    for arguments in ["init -q", "add -A", "commit -qm before"] {
        scratch.git(arguments);
    }
    scratch.write(path, file(&data_space("5a1f6c1e-6d0b-4a57-9a35-2f4f0a9c8d11"), ""));
    let mut found = Vec::new();
    for arguments in OUTPUTS.iter().filter(|arguments| arguments.contains(&"check")) {
        let arguments = [arguments, &["--base", "HEAD"][..]].concat();
        let done = scratch.run(&arguments);
        let is_told = arguments.contains(&"--diff") || done.out.contains("data-space-change");
        assert!(is_told, "{}", done.all());
        found.extend(parts.leaks(&done.all(), &format!("{arguments:?}")));
    }
    assert_none(&found);
}
