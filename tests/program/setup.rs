//! The first minutes: a configuration from what is found, completions, the manual, the schema, help, and the pages of rules.

use std::fs;
use std::path::Path;

use crate::scratch::{DATA_SPACE, Done, Scratch, data_space};

const COMMANDS: [&str; 10] = [
    "",
    "check",
    "instances",
    "baseline",
    "rules",
    "explain",
    "init",
    "schema",
    "completions",
    "man",
];

/// Two environments of a brand that inherit one file, and a pipeline with the settings of two others.
fn brand() -> Scratch {
    let pipeline = "jobs:\n  deploy-uat:\n    env:\n      CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__PROJECT_ID: a1\n  \
        deploy-demo:\n    env:\n      CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__PROJECT_ID: a2\n";
    let project = "services_connector/services_id/project_id: 9b1e4d5c\n";
    Scratch::of(&[
        ("brand/acme/prod.yaml", &data_space(DATA_SPACE)),
        ("brand/acme/staging.yaml", &data_space("7c9e6679-7425-40de-944b-e07fc1f90ae7")),
        ("brand/acme/base.yaml", project),
        (".github/workflows/deploy.yml", pipeline),
    ])
}

fn golden(name: &str, found: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/cli/{name}"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&golden, found).expect("the golden is writable");
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(found, expected, "{}", golden.display());
}

#[test]
fn init_writes_what_it_found_and_says_so() {
    let scratch = brand();
    let before = scratch.run(&["check", "--output-format", "json"]).json();
    let done = scratch.run(&["init"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    golden("init.out", &done.out);
    let path = scratch.path().join("commerce-lint.toml");
    let written = fs::read_to_string(&path).expect("the configuration is there");
    golden("init.toml", &written);
    let after = scratch.run(&["check", "--output-format", "json"]).json();
    assert_eq!(before["diagnostics"], after["diagnostics"]);
    let again = scratch.run(&["init", "--print"]);
    assert_eq!((again.code, again.out.as_str()), (0, written.as_str()));
}

#[test]
fn init_never_overwrites() {
    for name in ["commerce-lint.toml", ".commerce-lint.toml"] {
        let scratch = brand();
        scratch.write(name, "exclude = []\n");
        let done = scratch.run(&["init"]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{name}");
        assert!(
            done.err.contains(&format!("there is a configuration already: `./{name}`")),
            "{}",
            done.err
        );
        assert_eq!(fs::read_to_string(scratch.path().join(name)).unwrap(), "exclude = []\n");
        let files = fs::read_dir(scratch.path()).unwrap().count();
        assert_eq!(files, 3, "{name}: nothing else was written");
    }
}

#[cfg(unix)]
#[test]
fn init_writes_through_no_link() {
    let scratch = brand();
    std::os::unix::fs::symlink("nowhere", scratch.path().join("commerce-lint.toml")).unwrap();
    assert_eq!(scratch.run(&["init"]).code, 2);
    assert!(!scratch.path().join("nowhere").exists());
}

#[test]
fn init_without_instances_or_with_files_that_cannot_be_read_says_so() {
    let empty = Scratch::of(&[("README.md", "nothing")]);
    let done = empty.run(&["init"]);
    assert_eq!((done.code, done.out.contains("no instances found")), (0, true), "{}", done.out);
    assert_eq!(empty.run(&["check"]).code, 0);
    let broken =
        Scratch::of(&[("prod.json", "{\"services_connector/services_id/project_id\": [\"a\" }")]);
    let done = broken.run(&["init"]);
    assert_eq!((done.code, done.err.contains("prod.json")), (3, true), "{done:?}");
    assert_eq!(Scratch::new().run(&["init", "nowhere"]).code, 2);
}

#[cfg(unix)]
#[test]
fn init_writes_names_of_any_letters_as_they_are() {
    let names = [
        "a\"b\\c/prod.yaml",
        "a*b[c]{d,e}?/prod.yaml",
        "\u{1b}[31m\nx = 1\n#/prod.yaml",
        "\u{202e}gnp/uat.yaml",
        "##[error]x/prod.yaml",
        " /prod.yaml",
        "!#'''/stage.yaml",
    ];
    let scratch = Scratch::new();
    for (index, name) in names.iter().enumerate() {
        let id = format!("7c9e6679-7425-40de-944b-e07fc1f90a{:02}", index / 2);
        scratch.write(name, data_space(&id));
    }
    let findings = |done: Done| done.json()["diagnostics"].clone();
    let before = findings(scratch.run(&["check", "--output-format", "json"]));
    let done = scratch.run(&["init"]);
    assert_eq!(done.code, 0, "{done:?}");
    let text = fs::read_to_string(scratch.path().join("commerce-lint.toml")).unwrap();
    assert!(!text.contains(|c: char| c == '\u{202e}' || (c.is_control() && c != '\n')), "{text:?}");
    let listed = scratch.run(&["instances", "--output-format", "json"]).json();
    let listed = listed["instances"].as_array().expect("a list");
    let declared = listed.iter().filter(|instance| instance["kind_from"] == "declared").count();
    assert_eq!(declared, listed.len(), "{text}");
    assert_eq!(findings(scratch.run(&["check", "--output-format", "json"])), before);
}

#[test]
fn an_instance_of_many_files_is_declared_by_its_folder() {
    let scratch = Scratch::of(&[("k8s/staging/a.yaml", &data_space(DATA_SPACE))]);
    for index in 0..20 {
        scratch.write(
            &format!("k8s/prod/part/{index}.yaml"),
            "services_connector/services_id/project_id: x\n",
        );
    }
    let text = scratch.run(&["init", "--print"]).out;
    assert!(text.contains("\"k8s/prod/**\",") && !text.contains("1.yaml"), "{text}");
    assert!(text.contains("\"k8s/staging/a.yaml\","), "{text}");
}

#[test]
fn completions_and_the_manual_know_every_command() {
    let scratch = Scratch::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let done = scratch.run(&["completions", shell]);
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{shell}");
        for command in COMMANDS {
            assert!(done.out.contains(command), "{shell} {command}");
        }
    }
    assert_eq!(scratch.run(&["completions", "csh"]).code, 2);
    let page = scratch.run(&["man"]).out;
    assert!(page.contains("\n.TH commerce-lint 1 \"\" \"commerce-lint "), "{page}");
    for command in COMMANDS.into_iter().filter(|command| !command.is_empty()) {
        assert!(page.contains(&format!("\n.SH \"{}\"\n", command.to_uppercase())), "{command}");
    }
    assert_eq!(page.matches(".SS EXIT STATUS").count(), COMMANDS.len() - 1, "{page}");
}

#[test]
fn the_schema_that_is_printed_is_the_one_of_the_source() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("commerce-lint.schema.json");
    let done = Scratch::new().run(&["schema"]);
    let committed = fs::read_to_string(committed).expect("the schema is committed");
    assert!(done.code == 0 && done.out == committed, "BLESS=1 cargo test --test schema");
}

#[test]
fn every_help_has_examples_and_exit_codes_and_fits_a_hundred_columns() {
    let scratch = Scratch::new();
    for command in COMMANDS {
        for option in ["--help", "-h"] {
            let mut asked = scratch
                .command(&[command, option].map(str::to_owned).each_ref().map(String::as_str));
            if command.is_empty() {
                asked = scratch.command(&[option]);
            }
            let help = crate::scratch::run(asked).out;
            assert!(
                help.contains("\nExample") && help.contains("\n  commerce-lint "),
                "{command}: {help}"
            );
            assert!(help.contains("\nExit codes: 0 "), "{command}: {help}");
            let wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > 100).collect();
            assert!(wide.is_empty(), "{command}: {wide:?}");
        }
    }
}

#[test]
fn a_page_is_markdown_in_a_pipe_and_drawn_where_there_is_colour() {
    let scratch = Scratch::new();
    let rule = "unprotected-cloud-variable";
    let piped = scratch.run(&["explain", rule]).out;
    assert!(piped.contains("\n## Example\n") && !piped.contains('\u{1b}'), "{piped}");
    let mut command = scratch.command(&["explain", rule, "--color", "always"]);
    command.env("COLUMNS", "80");
    let drawn = crate::scratch::run(command).out;
    golden("explain.out", &drawn.replace('\u{1b}', "\u{241b}"));
    assert!(!drawn.contains("##") && !drawn.contains("```"), "{drawn}");
}

#[test]
fn a_pipe_shows_no_progress() {
    let scratch = brand();
    for arguments in [&["check"][..], &["init", "--print"], &["instances", "--no-progress"]] {
        assert_eq!(scratch.run(arguments).err, "", "{arguments:?}");
    }
    let mut command = scratch.command(&["check"]);
    command.env("COMMERCE_LINT_NO_PROGRESS", "maybe");
    assert_eq!(crate::scratch::run(command).code, 2);
}
