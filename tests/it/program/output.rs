//! What is printed: the schema of the documents, the pretty form, the same on every run, and a reader that stops reading.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use super::scratch::{DATA_SPACE, Scratch, code, data_space, run};

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// Two instances that share a data space behind a byte-order mark and text that is not ASCII.
fn accented_files() -> [(&'static str, String); 2] {
    let line =
        format!("{{ été: 'é', services_connector/services_id/environment_id: {DATA_SPACE} }}");
    [
        ("sites/eu/prod.yaml", format!("\u{feff}# ü\n{line}\n")),
        ("sites/eu/staging.yaml", data_space(DATA_SPACE)),
    ]
}

fn accented() -> Scratch {
    Scratch::of(&accented_files().each_ref().map(|(path, text)| (*path, text.as_str())))
}

#[test]
fn the_report_for_programs_keeps_its_schema() {
    let done = accented().run(&["check", "--output-format", "json"]);
    let report = done.json();
    assert_eq!(done.code, 1);
    assert_eq!(
        keys(&report),
        ["accepted", "diagnostics", "instances", "schema_version", "summary", "tool"].into()
    );
    assert_eq!(report["schema_version"], 1);
    assert_eq!(
        report["tool"],
        json!({"name": "commerce-lint", "version": env!("CARGO_PKG_VERSION")})
    );
    assert_eq!(
        report["summary"],
        json!({"files_read": 2, "files_parsed": 2, "instances": 2, "errors": 1, "warnings": 0, "standing": 0, "accepted": 0, "complete": true})
    );
    let instance = &report["instances"][0];
    for (key, expected) in [
        ("name", json!("eu-production")),
        ("kind", json!("production")),
        ("kind_from", json!("path")),
        ("data_space", json!(DATA_SPACE)),
        ("project", Value::Null),
        ("sources", json!(["sites/eu/prod.yaml"])),
    ] {
        assert_eq!(instance[key], expected, "{key}");
    }
    let found = &report["diagnostics"][0];
    let expected = [
        "fingerprint",
        "fixes",
        "help",
        "instances",
        "location",
        "message",
        "related",
        "rule",
        "severity",
        "value",
    ];
    assert_eq!(keys(found), expected.into());
    let fix = &found["fixes"][0];
    assert_eq!((&fix["safety"], &fix["edits"][0]["text"]), (&json!("unsafe"), &json!("CHANGEME")));
    assert_eq!(fix["edits"][0]["location"], found["location"]);
    assert_eq!(
        (&found["rule"], &found["severity"]),
        (&json!("shared-data-space"), &json!("error"))
    );
    assert_eq!(found["instances"], json!(["eu-production", "eu-staging"]));
    let place = |path: &str, line: usize, column: usize, byte: usize| {
        json!({
            "path": path,
            "start": {"line": line, "column": column, "byte": byte},
            "end": {"line": line, "column": column + 36, "byte": byte + 36},
        })
    };
    assert_eq!(found["location"], place("sites/eu/staging.yaml", 1, 48, 47));
    let before = "{ été: 'é', services_connector/services_id/environment_id: ";
    let byte = "\u{feff}# ü\n".len() + before.len();
    let column = before.chars().count() + 1;
    assert_eq!(found["related"][0]["location"], place("sites/eu/prod.yaml", 2, column, byte));
    assert_eq!(keys(&found["related"][0]), ["location", "message"].into());
}

#[test]
fn an_incomplete_run_says_so_to_programs() {
    let scratch =
        Scratch::of(&[("a.json", "{\"services_connector/services_id/project_id\": [\"a\" }")]);
    let done = scratch.run(&["check", "--output-format", "json"]);
    assert_eq!((done.code, &done.json()["summary"]["complete"]), (3, &json!(false)));
}

#[test]
fn instances_for_programs_keep_their_schema() {
    let scratch = accented();
    let plain = scratch.run(&["instances", "--output-format", "json"]).json();
    assert_eq!(keys(&plain), ["complete", "instances", "schema_version", "tool"].into());
    let explained = scratch.run(&["instances", "--output-format", "json", "--explain"]).json();
    let instance = &explained["instances"][1];
    for key in ["name", "kind", "kind_from", "data_space", "project", "sources", "account", "keys"]
    {
        assert!(instance.get(key).is_some(), "{key} is missing in {instance}");
    }
    assert_eq!(instance["feeds"][0]["path"], "sites/eu/staging.yaml");
    assert!(plain["instances"][1].get("feeds").is_none());
}

#[test]
fn the_output_is_the_same_on_every_run_and_on_any_number_of_threads() {
    let scratch = Scratch::new();
    for shop in 0..40 {
        for environment in ["prod", "staging", "uat"] {
            scratch.write(&format!("shops/s{shop}/{environment}.yaml"), data_space(DATA_SPACE));
            scratch.write(&format!("shops/s{shop}/{environment}.env"), "CONFIG__X='");
        }
    }
    for command in [
        &["check"][..],
        &["check", "--output-format", "json"],
        &["check", "--output-format", "line"],
        &["check", "--output-format", "sarif"],
        &["check", "--output-format", "junit"],
        &["instances", "--explain"],
    ] {
        let first = scratch.run(&[command, &["--threads", "1"]].concat());
        for threads in ["8", "0", "8", "2", "1"] {
            let again = scratch.run(&[command, &["--threads", threads]].concat());
            assert_eq!(again, first, "{command:?} on {threads} threads");
        }
    }
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let scratch = Scratch::new();
    for shop in 0..400 {
        scratch.write(&format!("s{shop}/prod.yaml"), data_space("not-a-uuid"));
    }
    for format in ["pretty", "line", "json", "sarif", "github", "junit"] {
        let mut command = scratch.command(&["check", "--output-format", format]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut line = String::new();
        let mut out = BufReader::with_capacity(16, child.stdout.take().expect("a pipe"));
        out.read_line(&mut line).expect("there is a first line");
        drop(out);
        let err = std::io::read_to_string(child.stderr.take().expect("a pipe"));
        assert_eq!(err.expect("it is text"), "", "{format}");
        assert_eq!(code(&mut child), 1, "what was found stays found: {format}");
    }
}

#[test]
fn people_are_shown_what_the_goldens_hold() {
    let key =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys/ec-sec1.pem"));
    let block = key.expect("the fixture is readable").replace('\n', "\n    ");
    let mut values = data_space(DATA_SPACE);
    let _ = write!(values, "secrets:\n  privateKey: |\n    {}\n", block.trim_end());
    let scratch = Scratch::new();
    for (path, text) in accented_files() {
        scratch.write(&format!("shop/{path}"), text);
    }
    scratch.write("shop/helm/values-prod.yaml", values);
    scratch.write("shop/helm/values-uat.yaml", "services_connector/services_id/project_id: TODO\n");
    scratch.write(
        "shop/app/etc/env.php",
        "<?php return ['services_connector/services_id/project_id' => ",
    );
    for (name, arguments) in [
        ("check", &["check", "shop"][..]),
        ("lines", &["check", "shop", "--output-format", "line"]),
        ("github", &["check", "shop", "--output-format", "github"]),
        ("junit", &["check", "shop", "--output-format", "junit"]),
        ("markdown", &["check", "shop", "--output-format", "markdown"]),
        ("instances", &["instances", "shop"]),
        ("mermaid", &["instances", "shop", "--output-format", "mermaid"]),
        ("dot", &["instances", "shop", "--output-format", "dot"]),
    ] {
        let done = scratch.run(arguments);
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/cli/{name}.out"));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(golden.parent().expect("it lies in a folder")).expect("a folder");
            fs::write(&golden, &done.out).expect("the golden is writable");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(done.out, expected, "{name}: `BLESS=1 cargo test` accepts what is printed now");
    }
}

#[test]
fn text_is_wrapped_where_it_can_be_read() {
    let scratch = Scratch::shared();
    for (columns, widest) in [("40", 40), ("100", 100), ("300", 120)] {
        let mut command = scratch.command(&["check"]);
        command.env("COLUMNS", columns);
        let out = run(command).out;
        let (_, help) = out.split_once("  help: ").expect("there is help");
        let (help, _) = help.split_once("\n\n").expect("it ends");
        assert!(help.lines().count() > 1, "{help}");
        // A path is never broken.
        let long = help.lines().filter(|line| line.trim().contains(' ') && line.len() > widest);
        assert_eq!(long.collect::<Vec<_>>(), Vec::<&str>::new(), "{columns}");
    }
}

#[test]
fn an_instance_is_shown_in_full_by_its_name() {
    let scratch = accented();
    for arguments in [&["instances", "eu-staging"][..], &["instances", ".", "eu-staging"]] {
        let done = scratch.run(arguments);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.out.starts_with("eu-staging"), "{}", done.out);
        assert!(done.out.contains("\n  sources     sites/eu/staging.yaml"), "{}", done.out);
        assert!(!done.out.contains("\neu-production"), "{}", done.out);
        assert!(done.out.ends_with("1 of 2 instances (2 files read)\n"), "{}", done.out);
    }
    let lines = scratch.run(&["instances"]).out;
    assert_eq!(lines.lines().count(), 4, "{lines}");
    for arguments in [&["instances", "eu-stagng"][..], &["instances", ".", "eu-stagng"]] {
        let done = scratch.run(arguments);
        assert_eq!(done.code, 2);
        assert!(done.err.contains("no instance is called `eu-stagng`"), "{}", done.err);
    }
    let json = scratch.run(&["instances", ".", "eu-staging", "--output-format", "json"]).json();
    assert_eq!(json["instances"].as_array().map(Vec::len), Some(1));
}
