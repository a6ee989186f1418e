//! A key is echoed from nowhere: not from an argument or a variable, not from a name of a file, an instance or a waiver, not from beside a
//! finding; and nothing of a secret that could be guessed is in any output, not even in a hash.

use std::fs;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use clap::CommandFactory as _;
use commerce_lint::cli::Cli;

use super::leaks::{
    CLIENT, CLIENT_SECRET, OUTPUTS, Parts, assert_none, body, escaped, pem, printed,
};
use super::scratch::{DATA_SPACE, Scratch, data_space, run};

/// What the key pair of `services_connector_integration` is called in variables.
const INTEGRATION: &str =
    "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_CONNECTOR_INTEGRATION__PRODUCTION";

/// A key in hexadecimal.
fn hex(pem: &str) -> String {
    let der = BASE64_STANDARD.decode(body(pem).concat()).expect("it is base64");
    der.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// A key as people have it in a variable of their shell.
fn dresses(pem: &str) -> Vec<(&'static str, String)> {
    vec![
        ("lines", pem.to_owned()),
        ("one line", escaped(pem)),
        ("body", body(pem).concat()),
        ("base64", BASE64_STANDARD.encode(pem)),
        ("hexadecimal", hex(pem)),
        ("a client secret", CLIENT_SECRET.to_owned()),
    ]
}

/// What no output may hold, be it in small letters.
fn parts(pem: &str) -> Parts {
    let mut parts = Parts::of(&[pem.to_owned()]);
    for dress in dresses(pem).iter().skip(2) {
        parts.add(dress.1.get(80..).unwrap_or_default().to_lowercase().as_str());
    }
    // What DER begins with is the same in all keys.
    parts.add(hex(pem).get(80..).unwrap_or_default());
    parts
}

/// What outputs print of the parts, as they are and in small letters.
fn leaks(parts: &Parts, scratch: &Scratch, what: &str) -> Vec<String> {
    let printed = printed(scratch, OUTPUTS).into_iter();
    let leaks = printed.flat_map(|(by, output)| {
        let what = format!("{what}, {by}");
        [parts.leaks(&output, &what), parts.leaks(&output.to_lowercase(), &what)].concat()
    });
    leaks.collect()
}

#[test]
fn no_argument_is_echoed() {
    let pem = pem("ec-pkcs8.pem");
    let parts = parts(&pem);
    let scratch = Scratch::shared();
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm first");
    let mut found = Vec::new();
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        for (dress, key) in dresses(&pem).into_iter().step_by(crate::size(2, 1)) {
            let mut tried = vec![vec![key.clone()]];
            for argument in command.get_arguments() {
                let takes = argument.get_action().takes_values();
                if let (true, Some(long)) = (takes, argument.get_long()) {
                    tried.push(vec![format!("--{long}={key}")]);
                    tried.push(vec![format!("--{long}"), format!("a={key}")]);
                }
            }
            for given in tried {
                let mut arguments = vec![name];
                arguments.extend(given.iter().map(String::as_str));
                if name == "check" && given.len() == 1 {
                    arguments.extend(["--output-format", "json"]);
                }
                let done = scratch.run(&arguments).all();
                found.extend(parts.leaks(&done, &format!("{name} {dress}")));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn no_variable_is_echoed() {
    let pem = pem("ec-pkcs8.pem");
    let parts = parts(&pem);
    let scratch = Scratch::shared();
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm first");
    let mut variables: Vec<String> = Vec::new();
    let root = Cli::command();
    for command in root.get_subcommands().chain([&root]) {
        let named = command.get_arguments().filter_map(|argument| argument.get_env());
        variables.extend(named.map(|name| name.to_string_lossy().into_owned()));
    }
    let others = [
        "COMMERCE_LINT_FLEET_KEY",
        "COMMERCE_LINT_GIT_SECONDS",
        "CI",
        "CI_COMMIT_SHA",
        "CI_JOB_STARTED_AT",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        "GITHUB_BASE_REF",
        "GITHUB_STEP_SUMMARY",
        "PRE_COMMIT_FROM_REF",
        "PRE_COMMIT_TO_REF",
        "PRE_COMMIT_LOCAL_BRANCH",
        "PRE_COMMIT_REMOTE_BRANCH",
        "SOURCE_DATE_EPOCH",
        "NO_COLOR",
        "FORCE_COLOR",
        "TERM",
        "COLUMNS",
    ];
    variables.extend(others.map(str::to_owned));
    variables.sort();
    variables.dedup();
    let report = scratch.path().join("report");
    let output = format!("gitlab-secrets={}", report.display());
    let mut found = Vec::new();
    for variable in &variables {
        for (dress, key) in dresses(&pem).into_iter().step_by(crate::size(2, 1)) {
            for arguments in [
                &["check", "--output-format", "json", "--output", &output][..],
                &["check", "--base", "nowhere"],
                &["check", "--from", "HEAD", "--to", "nowhere"],
                &["facts", "--repo", "a"],
                &["instances"],
            ] {
                let mut command = scratch.command(arguments);
                command.env(variable, &key);
                let done = run(command).all();
                found.extend(parts.leaks(&done, &format!("{variable}, {dress}, {arguments:?}")));
                if let Ok(written) = fs::read_to_string(&report) {
                    found.extend(parts.leaks(&written, &format!("{variable}, {dress}, a report")));
                    fs::remove_file(&report).expect("it is there");
                }
            }
        }
    }
    assert_none(&found);
}

#[test]
fn no_name_is_echoed_that_is_a_key() {
    let pem = pem("ec-pkcs8.pem");
    let parts = parts(&pem);
    let mut found = Vec::new();
    for (dress, key) in dresses(&pem).into_iter().skip(1) {
        // A name is no longer than 255 bytes, and has no slash.
        let key: String = key.chars().filter(|letter| *letter != '/').take(200).collect();
        let scratch = Scratch::new();
        for name in [
            format!("k8s/{key}/a.yaml"),
            format!("k8s/prod/{key}.yaml"),
            format!("{key}/prod/.env"),
            format!("app/etc/env.{key}.php"),
            format!("values-{key}.yaml"),
        ] {
            let text = data_space("no-uuid");
            scratch.write(&name, text + &data_space(DATA_SPACE));
        }
        let quoted = key.replace('\\', "\\\\");
        scratch.write(
            "k8s/map.yaml",
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: \"{quoted}\", namespace: \"{quoted}\"}}\ndata:\n  {INTEGRATION}_API_KEY: x\n"
            ),
        );
        found.extend(leaks(&parts, &scratch, &format!("names, {dress}")));
        let waiver = format!(
            "[instances.\"{quoted}\"]\nfiles = [\"k8s/prod/**\"]\n[[waivers]]\nrule = \"shared-data-space\"\nreason = \"a\"\nexpires = 2999-01-01\ninstances = [\"{quoted}\", \"{quoted}x\", \"a\"]\n[[waivers]]\nrule = \"{quoted}\"\npath = \"{quoted}\"\nreason = \"a\"\n"
        );
        scratch.write("commerce-lint.toml", waiver);
        found.extend(leaks(&parts, &scratch, &format!("declared names, {dress}")));
        let policy = ["config", "baseline", "baseline --force"];
        for command in policy {
            let arguments: Vec<&str> = command.split(' ').collect();
            found.extend(
                parts.leaks(&scratch.run(&arguments).all(), &format!("{command}, {dress}")),
            );
        }
    }
    assert_none(&found);
}

/// What `openssl pkey -text` prints of a key.
fn text_of(hex: &str) -> String {
    let bytes: Vec<&str> = (0..hex.len() / 2).map(|at| &hex[at * 2..at * 2 + 2]).collect();
    let lines = bytes.chunks(15).map(|line| format!("    {}:\n", line.join(":")));
    format!("Private-Key: (256 bit)\npriv:\n{}", lines.collect::<String>())
}

/// A finding on each line beside a piece of a key that nothing tells to be one.
#[test]
fn no_piece_beside_a_finding_is_shown() {
    let id = "services_connector/services_id/environment_id";
    let name = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";
    let mut found = Vec::new();
    for file in ["ec-pkcs8.pem", "rsa-pkcs8.pem"] {
        let pem = pem(file);
        let mut parts = parts(&pem);
        let hex = hex(&pem);
        let tail = hex.get(80..).unwrap_or_default();
        let text = text_of(tail);
        let numbers = text.split("priv:").nth(1).unwrap_or_default();
        parts.add(&numbers.replace([' ', '\n'], ""));
        let last = *body(&pem).last().expect("a key has lines");
        let pieces: Vec<&str> =
            (0..tail.len() / 16).map(|at| &tail[at * 16..at * 16 + 16]).collect();
        let lines = |start: &str| {
            pieces.iter().map(|piece| format!("{start}{piece}\n")).collect::<Vec<_>>().concat()
        };
        let scratch = Scratch::new();
        for (file, text) in [
            ("last.yaml", format!("{id}: no-uuid # {last}\n")),
            ("alone.yaml", format!("{last}\n{id}: no-uuid\n{last}\n")),
            ("key.yaml", format!("a:\n  \"{last}\": x\n  {last}: y\n{id}: no-uuid\n")),
            ("pieces.yaml", format!("a:\n{}{id}: no-uuid\n", lines("- "))),
            ("named.yaml", format!("{id}: no-uuid\na:\n{}", lines("  x: "))),
            ("keys.yaml", format!("a: {{ {} }}\n{id}: no-uuid\n", pieces.join(": 1, "))),
            ("hex.yaml", format!("{id}: no-uuid\n{tail}: x\n")),
            ("text.yaml", format!("{id}: no-uuid\na: |\n{text}\n")),
            ("text.txt.yaml", format!("{text}\n{id}: no-uuid\n{text}")),
            (
                "a.json",
                format!(
                    "{{\"a\": \"{last}\", \"{id}\": \"no-uuid\", \"b\": [\"{}\"]}}",
                    pieces.join("\", \"")
                ),
            ),
            (
                "keys.json",
                format!("{{\"{}\": 1, \"{id}\": \"no-uuid\"}}", pieces.join("\": 1, \"")),
            ),
            (
                "broken.json",
                format!("{{\"{last}\" \"{id}\": \"no-uuid\" \"{}\"", pieces.join("\" \"")),
            ),
            (".env", format!("{name}=no-uuid\nA={last}\nB={}\n", pieces.join(" "))),
            ("bare.env", format!("{last}\n{name}=no-uuid # {last}\n{tail}\n")),
            ("lines.env", format!("{name}=no-uuid\n{}", lines(""))),
            ("text.env", format!("{name}=no-uuid\n{text}")),
            (
                "env.php",
                format!(
                    "<?php return ['{last}' => '{tail}', '{id}' => 'no-uuid', {}];",
                    pieces.join(", '")
                ),
            ),
            (
                "run.sh",
                format!(
                    "{last} {tail}\nbin/magento config:set {id} no-uuid {last} --{tail}={last}\n{last}=x\n"
                ),
            ),
            (
                "a.toml",
                format!("\"{last}\" = 'x'\n\"{id}\" = 'no-uuid'\n{} = 1\n", pieces.join(" = 1\n")),
            ),
            ("a.tf", format!("locals {{\n a = \"{last}\"\n {name} = \"no-uuid\" # {tail}\n}}\n")),
        ] {
            scratch.write(&format!("prod/{file}"), text);
        }
        found.extend(leaks(&parts, &scratch, file));
    }
    assert_none(&found);
}

/// Two trees that differ in secrets alone, which could be guessed: of each the outputs are the same to the byte.
#[test]
fn what_could_be_guessed_is_in_no_output_not_even_in_a_hash() {
    let outputs = |secret: &str| {
        let crypt_key =
            format!("{secret}{secret}{secret}{secret}").chars().take(32).collect::<String>();
        let variable =
            "CONFIG__DEFAULT__SERVICES_CONNECTOR__IMS_TECHNICAL_ACCOUNT_CREDENTIALS__CLIENT_SECRET";
        let parent = Scratch::new();
        let write = |path: &str, text: String| parent.write(&format!("shop/{path}"), text);
        write("k8s/prod/a.yaml", format!("{CLIENT}: {secret}\n{}", data_space("no-uuid")));
        write("k8s/staging/a.yaml", format!("{CLIENT}: {secret}\n"));
        write("k8s/uat/.env", format!("{variable}={secret}\nDB_PASSWORD={secret}\n"));
        let plain = [
            "SERVICES_ID__ENVIRONMENT_ID",
            "SERVICES_ID__ENVIRONMENT",
            "SERVICES_CONNECTOR_INTEGRATION__PRODUCTION_API_KEY",
            "SERVICES_CONNECTOR_INTEGRATION__SANDBOX_GATEWAY_URL",
        ];
        let lines =
            plain.map(|name| format!("CONFIG__DEFAULT__SERVICES_CONNECTOR__{name}={secret}\n"));
        write("k8s/play/.env", lines.concat());
        write(
            "app/etc/env.php",
            format!(
                "<?php return ['crypt' => ['key' => '{crypt_key}'], 'db' => ['password' => '{secret}'], 'system' => ['default' => ['services_connector' => ['ims_technical_account_credentials' => ['client_secret' => '{secret}']]]]];"
            ),
        );
        write("deploy.sh", format!("bin/magento config:set {CLIENT} {secret}\nmysql -p{secret}\n"));
        write(
            "dump.sql",
            format!("INSERT INTO core_config_data VALUES (1,'default',0,'{CLIENT}','{secret}');\n"),
        );
        let shop = parent.path().join("shop");
        let ran = |arguments: &[&str]| {
            let mut command = parent.command(arguments);
            command
                .current_dir(&shop)
                .env("COMMERCE_LINT_FLEET_KEY", "a key of no fleet, for this");
            command.env("SOURCE_DATE_EPOCH", "1800000000");
            let done = run(command);
            format!("{arguments:?} {}\n{}", done.code, done.all())
        };
        let mut all: Vec<String> = OUTPUTS.iter().map(|arguments| ran(arguments)).collect();
        all.push(ran(&["facts", "--repo", "a"]));
        for format in super::scratch::PIPELINES {
            let file = shop.join("report");
            let output = format!("{format}={}", file.display());
            ran(&["check", "--output", &output]);
            all.push(format!("{format}\n{}", fs::read_to_string(&file).expect("a report")));
            fs::remove_file(file).expect("it is there");
        }
        all
    };
    let (one, other) = (outputs("hunter2"), outputs("letmein"));
    assert!(one.iter().any(|output| output.contains("plaintext-client-secret")));
    for (one, other) in one.iter().zip(&other) {
        let differs = one.lines().zip(other.lines()).find(|(one, other)| one != other);
        assert_eq!(differs, None, "{}", one.lines().next().unwrap_or_default());
        assert_eq!(one.len(), other.len());
    }
}

#[test]
fn a_baseline_with_its_keys_makes_the_check_green_wherever_a_key_is() {
    let key = pem("rsa-pkcs8.pem");
    let key = key.trim_end();
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: a, namespace: prod}}\ndata:\n  {INTEGRATION}_PRIVATE_KEY: {}\n  {INTEGRATION}_API_KEY: \"\"\n",
        BASE64_STANDARD.encode(key)
    );
    for (path, text) in [
        (
            ".env.production",
            format!("{INTEGRATION}_API_KEY=\n{INTEGRATION}_PRIVATE_KEY=\"{key}\"\n"),
        ),
        (".env", format!("{INTEGRATION}_PRIVATE_KEY=\"{}\"\n", escaped(key))),
        ("k8s/prod/secret.yaml", secret),
    ] {
        let scratch = Scratch::of(&[(path, &text)]);
        let asked = scratch.run(&["baseline"]);
        assert_eq!(asked.code, 0, "{path}: {}", asked.all());
        let named = asked.out.split("--include-key ").skip(1);
        let named: Vec<&str> = named.filter_map(|rest| rest.split_whitespace().next()).collect();
        assert!(!named.is_empty(), "{path}: {}", asked.all());
        let mut arguments = vec!["baseline", "--update"];
        for key in named {
            arguments.extend(["--include-key", key]);
        }
        let done = scratch.run(&arguments);
        assert_eq!(done.code, 0, "{path}: {}", done.all());
        let done = scratch.run(&["check", "--fail-on", "warning", "--output-format", "line"]);
        assert_eq!(done.code, 0, "{path}: {}", done.all());
    }
}
