//! The first minutes: a configuration from what is found, completions, the manual, the schema, help, and the pages of rules.

use std::fs;
use std::path::Path;

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const COMMANDS: [&str; 18] = [
    "",
    "check",
    "report",
    "instances",
    "facts",
    "fleet",
    "baseline",
    "config",
    "rules",
    "explain",
    "test-rules",
    "new-rule",
    "init",
    "schema",
    "completions",
    "man",
    "lsp",
    "mcp",
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

#[test]
fn init_wants_a_folder_and_a_configuration_is_a_file() {
    let scratch = brand();
    let done = scratch.run(&["init", "brand/acme/prod.yaml"]);
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert!(done.err.contains("`brand/acme/prod.yaml` is a file, and"), "{}", done.err);
    let done = scratch.run(&["check", "--config", "."]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("cannot read `.`: is a directory"), "{}", done.err);
}

#[test]
fn explain_knows_what_is_meant() {
    let scratch = Scratch::new();
    for (typed, expected) in [
        ("shared-dataspace", "did you mean `shared-data-space`?"),
        ("Shared_Data_Space", "did you mean `shared-data-space`?"),
        ("history", "did you mean `private-key-in-history`?"),
        ("waiver", "did you mean one of `expired-waiver`, `unused-waiver`?"),
        ("nothing-like-it", "`commerce-lint rules` lists the rules"),
        ("a", "`commerce-lint rules` lists the rules"),
    ] {
        let done = scratch.run(&["explain", typed]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{typed}");
        assert!(done.err.contains(expected), "{typed}: {}", done.err);
    }
}

#[test]
fn a_file_that_comes_after_init_is_of_the_instance_that_its_path_names() {
    let scratch = brand();
    scratch
        .write("setup.sh", "bin/magento config:set services_connector/services_id/project_id a9");
    assert_eq!(scratch.run(&["init"]).code, 0);
    let names = || {
        let listed = scratch.run(&["instances", "--output-format", "json"]).json();
        let listed = listed["instances"].as_array().expect("a list").clone();
        listed.iter().map(|it| it["name"].to_string()).collect::<Vec<String>>()
    };
    let before = names();
    scratch.write("k8s/acme/prod.yaml", data_space(DATA_SPACE));
    scratch
        .write("after.sh", "bin/magento config:set services_connector/services_id/project_id a9");
    assert_eq!(names(), before);
    let done = scratch.run(&["check", "--output-format", "line"]);
    assert!(!done.out.contains("shared-data-space"), "{}", done.out);
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
    assert!(text.contains("\"k8s/prod/**\"]") && !text.contains("1.yaml"), "{text}");
    assert!(text.contains("\"k8s/staging/a.yaml\"]"), "{text}");
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
    assert!(done.code == 0 && done.out == committed, "BLESS=1 cargo test --test it schema::");
}

#[test]
fn every_help_has_examples_and_exit_codes_and_fits_eighty_columns() {
    let scratch = Scratch::new();
    for command in COMMANDS {
        for option in ["--help", "-h"] {
            let mut arguments = vec![command, option];
            arguments.retain(|argument| !argument.is_empty());
            let help = |columns| {
                let mut asked = scratch.command(&arguments);
                asked.env("COLUMNS", columns);
                super::scratch::run(asked).out
            };
            let (narrow, wide) = (help("80"), help("100"));
            assert!(narrow.contains("\nExample"), "{command}: {narrow}");
            assert!(narrow.contains("\nExit codes:\n  0  "), "{command}: {narrow}");
            let long: Vec<&str> = narrow.lines().filter(|it| it.chars().count() > 80).collect();
            assert!(long.is_empty(), "{command}: {long:?}");
            // What stands below the options is not wrapped: an example can be pasted.
            let below = |help: &str| help.split_once("\nExample").map(|(_, it)| it.to_owned());
            assert_eq!(below(&narrow), below(&wide), "{command}");
        }
    }
}

/// A project of Adobe Commerce Cloud whose branches have data spaces.
fn cloud(spaces: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::of(&[(".magento.app.yaml", "name: app\n")]);
    scratch.git("init -q -b main");
    for (branch, space) in spaces {
        scratch.git(&format!("checkout -q -B {branch}"));
        scratch.write("settings.yaml", data_space(space));
        scratch.git("add -A");
        scratch.git("commit -q --allow-empty -m change");
    }
    scratch
}

#[test]
fn init_proposes_the_branches_of_a_project_on_cloud() {
    let other = "7a0e3b9d-9b1e-4d5c-8f62-4c110f3c2a51";
    let lines = |text: &str, start: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with(start)).map(str::to_owned).collect()
    };
    let sound = cloud(&[("production", DATA_SPACE), ("staging", other)]);
    let before = sound.run(&["check"]);
    assert_eq!((before.code, sound.run(&["init"]).code), (0, 0));
    let text =
        std::fs::read_to_string(sound.path().join("commerce-lint.toml")).expect("it was written");
    let branches = ["branch = \"production\"", "branch = \"staging\""];
    assert_eq!(lines(&text, "branch"), branches, "{text}");
    assert_eq!(sound.run(&["check"]).code, 0);
    assert_eq!(sound.run(&["instances"]).out.lines().count(), 4);
    let shared = cloud(&[("production", DATA_SPACE), ("staging", DATA_SPACE)]);
    let text = shared.run(&["init", "--print"]).out;
    assert_eq!(lines(&text, "# branch")[..2], branches.map(|line| format!("# {line}")), "{text}");
    assert_eq!(lines(&text, "branch"), [""; 0], "{text}");
    let elsewhere = cloud(&[("production", DATA_SPACE), ("staging", other)]);
    elsewhere.git("rm -q .magento.app.yaml");
    assert!(!elsewhere.run(&["init", "--print"]).out.contains("[instances.staging]"));
}

/// A repository that has what the examples name.
fn example() -> Scratch {
    let scratch = Scratch::of(&[
        ("deploy/prod/settings.yaml", &data_space(DATA_SPACE)),
        ("ci/commerce-lint.toml", "exclude = [\"legacy/**\"]\n"),
    ]);
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm start");
    scratch.git("update-ref refs/remotes/origin/main HEAD");
    scratch
}

/// The arguments of the examples in a text, without what follows them on the line or takes their output.
fn examples(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| line.starts_with("  "));
    let calls = lines.filter_map(|line| line.split_once("commerce-lint ")).map(|(_, call)| call);
    let own = |call: &str| {
        let end = [" > ", " < ", " | ", ")", "  "].iter().filter_map(|sign| call.find(sign)).min();
        call[..end.unwrap_or(call.len())].split(' ').map(str::to_owned).collect()
    };
    calls.map(own).collect()
}

#[test]
fn every_example_of_the_help_works() {
    let mut tried = 0;
    for command in COMMANDS {
        let mut asked = vec![command, "--help"];
        asked.retain(|argument| !argument.is_empty());
        let help = Scratch::new().run(&asked).out;
        let (_, below) = help.split_once("\nExample").expect("there are examples");
        for example_line in examples(below) {
            let scratch = example();
            let arguments: Vec<&str> = example_line.iter().map(String::as_str).collect();
            if arguments.contains(&"--update") {
                assert_eq!(scratch.run(&["baseline"]).code, 0);
            }
            if command == "fleet" {
                scratch.write("checkouts/payments/eu-shop/prod.yaml", data_space(DATA_SPACE));
                scratch.git("init -q checkouts/payments/eu-shop");
            }
            if matches!(command, "test-rules" | "rules") {
                let page = ["new-rule", "policy/acme/gateway-is-ours.md"];
                assert_eq!(scratch.run(&page).code, 0);
            }
            let done = scratch.run(&arguments);
            assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
            tried += 1;
        }
    }
    assert!(tried > 25, "{tried}");
}

#[test]
fn a_page_is_markdown_in_a_pipe_and_drawn_where_there_is_colour() {
    let scratch = Scratch::new();
    let rule = "unprotected-cloud-variable";
    let piped = scratch.run(&["explain", rule]).out;
    assert!(piped.contains("\n## Example\n") && !piped.contains('\u{1b}'), "{piped}");
    let mut command = scratch.command(&["explain", rule, "--color", "always"]);
    command.env("COLUMNS", "80");
    let drawn = super::scratch::run(command).out;
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
    assert_eq!(super::scratch::run(command).code, 2);
}
