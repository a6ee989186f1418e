//! Reports in files, and options from the environment.

use std::fs;
use std::path::Path;

use super::scratch::{Done, PIPELINES, Scratch, data_space, run};

fn with(scratch: &Scratch, variables: &[(&str, &str)], arguments: &[&str]) -> Done {
    let mut command = scratch.command(arguments);
    command.envs(variables.iter().copied());
    run(command)
}

#[test]
fn one_run_feeds_the_log_and_files() {
    let scratch = Scratch::shared();
    scratch.write("out/a.json", "old");
    let done = scratch.run(&[
        "check",
        "--output-format",
        "line",
        "--output",
        "json=out/a.json",
        "--output",
        "pretty=b.txt",
        "--color",
        "always",
    ]);
    assert_eq!((done.code, done.err.as_str()), (1, ""));
    assert!(done.out.contains("k8s/staging/settings.yaml:1:48: error: "), "{}", done.out);
    let read = |name| fs::read_to_string(scratch.path().join(name)).expect("the report is there");
    let json: serde_json::Value = serde_json::from_str(&read("out/a.json")).expect("it is JSON");
    assert_eq!(json["summary"]["errors"], 1);
    let pretty = read("b.txt");
    assert!(pretty.starts_with("error[shared-data-space]: "), "{pretty}");
}

#[test]
fn a_file_that_cannot_be_written_is_two_and_the_rest_is_written() {
    let scratch = Scratch::shared();
    let done =
        scratch.run(&["check", "--output", "json=no/such\u{7}.json", "--output", "line=b.txt"]);
    assert_eq!(done.code, 2);
    assert_eq!(done.err, "error: cannot write `no/such\\u{7}.json`: no such file or directory\n");
    assert!(done.out.contains("shared-data-space"), "{}", done.out);
    assert!(scratch.path().join("b.txt").exists());
}

#[test]
fn an_output_without_a_format_or_a_file_is_a_mistake() {
    let scratch = Scratch::shared();
    for (output, expected) in [
        ("report.json", "not FORMAT=FILE"),
        ("jsn=report.json", "did you mean `json`?"),
        ("json=", "names no file"),
    ] {
        let done = scratch.run(&["check", "--output", output]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{output}");
        assert!(done.err.contains(expected), "{}", done.err);
    }
}

#[test]
fn two_reports_never_go_to_one_file() {
    let scratch = Scratch::shared();
    let twice = ["--output", "json=a\u{202e}.txt", "--output", "line=./a\u{202e}.txt"];
    let done = scratch.run(&[&["check"][..], &twice].concat());
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert!(done.err.contains("two reports go to one file: `./a\\u{202e}.txt`"), "{}", done.err);
    assert!(!scratch.path().join("a\u{202e}.txt").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_two_and_the_log_is_written() {
    let scratch = Scratch::shared();
    let folder = scratch.path().join("k8s");
    let folder = folder.to_str().expect("the path is text");
    let outputs = ["sarif=/dev/full", &format!("json={folder}"), "line=last.txt"];
    for output in outputs {
        let done = scratch.run(&["check", "--output", output, "--output", "junit=junit.xml"]);
        let is_last = output == "line=last.txt";
        assert_eq!(done.code, if is_last { 1 } else { 2 }, "{}", done.err);
        assert!(done.out.contains("shared-data-space"), "{}", done.out);
        assert!(scratch.path().join("junit.xml").exists());
    }
    let done = scratch.run(&["check", "--output", outputs[0], "--output", outputs[1]]);
    assert_eq!(
        done.err,
        format!(
            "error: cannot write `/dev/full`: no space left on device\nerror: cannot write `{folder}`: is a directory\n"
        )
    );
}

#[test]
fn what_was_found_can_be_zero() {
    let broken = "services_connector/services_id/project_id: [ a\nb: - c\n";
    for scratch in [Scratch::shared(), Scratch::of(&[("a.yaml", broken)])] {
        assert_ne!(scratch.run(&["check"]).code, 0);
        assert_eq!(scratch.run(&["check", "--exit-zero"]).code, 0);
        assert_eq!(scratch.run(&["check", "--exit-zero", "--output", "json=no/such"]).code, 2);
    }
}

/// The variables for options of `check`, and whether each is a switch.
const VARIABLES: [(&str, bool); 16] = [
    ("COMMERCE_LINT_OUTPUT_FORMAT", false),
    ("COMMERCE_LINT_OUTPUT", false),
    ("COMMERCE_LINT_FAIL_ON", false),
    ("COMMERCE_LINT_FAIL_ON_STANDING", true),
    ("COMMERCE_LINT_ALL", true),
    ("COMMERCE_LINT_EXIT_ZERO", true),
    ("COMMERCE_LINT_CONFIG", false),
    ("COMMERCE_LINT_NO_CACHE", true),
    ("COMMERCE_LINT_NO_CONFIG", true),
    ("COMMERCE_LINT_NO_WAIVERS", true),
    ("COMMERCE_LINT_POLICY_FROM", false),
    ("COMMERCE_LINT_POLICY", false),
    ("COMMERCE_LINT_PRESET", false),
    ("COMMERCE_LINT_THREADS", false),
    ("COMMERCE_LINT_MAX_FINDINGS", false),
    ("COMMERCE_LINT_NO_PROGRESS", true),
];

#[test]
fn every_variable_is_in_the_help_and_in_the_docs() {
    let help = Scratch::new().run(&["check", "--help"]).out;
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ci.md"));
    let page = page.expect("it is there");
    for (name, _) in VARIABLES {
        assert!(help.contains(&format!("[env: {name}]")), "{name}");
        assert!(page.contains(&format!("`{name}")), "{name}");
    }
    assert_eq!(help.matches("[env: ").count(), VARIABLES.len());
}

#[test]
fn an_empty_variable_says_nothing_and_a_wrong_one_is_named() {
    let scratch = Scratch::shared();
    let plain = scratch.run(&["check"]);
    for (name, is_switch) in VARIABLES {
        let done = with(&scratch, &[(name, "")], &["check"]);
        // Whoever wants a trusted policy never gets the tree's for want of a name.
        if ["COMMERCE_LINT_POLICY", "COMMERCE_LINT_POLICY_FROM"].contains(&name) {
            assert_eq!(done.code, 2);
            assert!(done.err.contains(name), "{}", done.err);
        } else {
            assert_eq!(done, plain, "{name}");
        }
        let done = with(&scratch, &[(name, "no/such.toml")], &["check"]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{name}");
        let places = ["COMMERCE_LINT_CONFIG", "COMMERCE_LINT_POLICY", "COMMERCE_LINT_POLICY_FROM"];
        let is_a_place = places.contains(&name);
        let expected = if is_a_place { "no/such" } else { name };
        assert!(done.err.contains(expected), "{name}: {}", done.err);
        if is_switch {
            for value in ["1", "0", "true", "FALSE", "Yes", "no", "On", "off"] {
                let done = with(&scratch, &[(name, value)], &["check"]);
                assert_ne!(done.code, 2, "{name}={value}: {}", done.err);
            }
        }
    }
    // The command line wins, and is blamed for its own.
    let never = [("COMMERCE_LINT_FAIL_ON", "never")];
    for arguments in [["check", "--fail-on", "x"].as_slice(), &["check", "--fail-on=x"]] {
        let done = with(&scratch, &never, arguments);
        assert!(!done.err.contains("COMMERCE_LINT_FAIL_ON"), "{}", done.err);
    }
}

#[test]
fn the_environment_says_what_the_command_line_leaves_open() {
    let scratch = Scratch::shared();
    scratch.write("off.toml", "[rules]\nshared-data-space = \"off\"\n");
    let code = |variables: &[(&str, &str)], arguments: &[&str]| {
        let done = with(&scratch, variables, &[&["check"], arguments].concat());
        assert_eq!(done.code == 2, !done.err.is_empty(), "{}", done.err);
        done.code
    };
    for on in ["1", "true", "TRUE", "yes", "on"] {
        assert_eq!(code(&[("COMMERCE_LINT_EXIT_ZERO", on)], &[]), 0, "{on}");
    }
    for off in ["0", "false", "no", "off", ""] {
        assert_eq!(code(&[("COMMERCE_LINT_EXIT_ZERO", off)], &[]), 1, "{off}");
    }
    assert_eq!(code(&[("COMMERCE_LINT_EXIT_ZERO", "perhaps")], &[]), 2);
    assert_eq!(code(&[("COMMERCE_LINT_FAIL_ON", "never")], &[]), 0);
    assert_eq!(code(&[("COMMERCE_LINT_FAIL_ON", "never")], &["--fail-on", "error"]), 1);
    assert_eq!(code(&[("COMMERCE_LINT_FAIL_ON", "")], &[]), 1);
    assert_eq!(code(&[("COMMERCE_LINT_CONFIG", "off.toml")], &[]), 0);
    assert_eq!(code(&[("COMMERCE_LINT_CONFIG", "off.toml")], &["--no-config"]), 1);
    assert_eq!(code(&[("COMMERCE_LINT_NO_CONFIG", "1")], &["--config", "off.toml"]), 0);
    assert_eq!(code(&[("COMMERCE_LINT_NO_CONFIG", "0")], &["--config", "off.toml"]), 0);
    assert_eq!(code(&[("COMMERCE_LINT_THREADS", "2")], &[]), 1);
    scratch.write("commerce-lint.toml", "[[waivers]]\nrule = \"shared-data-space\"\npath = \"**\"\nreason = \"x\"\nexpires = 9999-12-31\n");
    assert_eq!(code(&[], &[]), 0);
    assert_eq!(code(&[("COMMERCE_LINT_NO_WAIVERS", "1")], &[]), 1);
    assert_eq!(code(&[("COMMERCE_LINT_NO_WAIVERS", "0")], &[]), 0);
    assert_eq!(code(&[("COMMERCE_LINT_POLICY_FROM", "off.toml")], &["--no-waivers"]), 0);
    scratch.write("commerce-lint.toml", "");
    let done = with(&scratch, &[("COMMERCE_LINT_OUTPUT_FORMAT", "json")], &["check"]);
    assert_eq!(done.json()["summary"]["errors"], 1);
    let exists = |name| scratch.path().join(name).exists();
    with(&scratch, &[("COMMERCE_LINT_OUTPUT", "line=a.txt")], &["check"]);
    assert!(exists("a.txt"));
    assert_eq!(code(&[("COMMERCE_LINT_OUTPUT", "\n  line=b.txt\n\njson=c d.json\n")], &[]), 1);
    assert!(exists("b.txt") && exists("c d.json"));
    let command_line = ["--output", "line=e.txt", "--output", "json=f.json"];
    assert_eq!(code(&[("COMMERCE_LINT_OUTPUT", "line=g.txt")], &command_line), 1);
    assert!(exists("e.txt") && exists("f.json") && !exists("g.txt"));
    assert_eq!(code(&[("COMMERCE_LINT_OUTPUT", "")], &[]), 1);
    assert_eq!(code(&[("COMMERCE_LINT_OUTPUT", "line=h.txt\njson")], &[]), 2);
}

#[test]
fn a_value_of_the_environment_is_quoted_harmlessly() {
    let variables = [("COMMERCE_LINT_OUTPUT_FORMAT", "\u{1b}[31mx\u{202e}\n::error::y")];
    for color in ["always", "never"] {
        let done = with(&Scratch::new(), &variables, &["check", "--color", color]);
        assert_eq!(done.code, 2);
        assert!(!done.err.contains(['\u{1b}', '\u{202e}']), "{}", done.err);
        assert!(!done.err.lines().any(|line| line.starts_with("::")), "{}", done.err);
    }
}

#[test]
fn a_step_has_a_summary_beside_its_annotations() {
    let scratch = Scratch::shared();
    let summary = scratch.write("summary.md", "before\n");
    let variables = [("GITHUB_STEP_SUMMARY", summary.to_str().expect("it is text"))];
    let read = || fs::read_to_string(&summary).expect("it is there");
    with(&scratch, &variables, &["check", "--output-format", "line"]);
    assert_eq!(read(), "before\n");
    let done = with(&scratch, &variables, &["check", "--output-format", "github"]);
    assert!(done.out.starts_with("::error file=k8s/staging/settings.yaml,line=1,"), "{}", done.out);
    assert!(read().starts_with("before\n<!-- commerce-lint -->\n"), "{}", read());
    assert!(read().contains("| 🔴 error | <code>shared-data-space</code> |"), "{}", read());
    let nowhere = [("GITHUB_STEP_SUMMARY", "no/such/file")];
    let done = with(&scratch, &nowhere, &["check", "--output", "github=a.txt"]);
    assert_eq!(done.code, 1);
    assert_eq!(
        done.err,
        "note: no summary: cannot write `no/such/file`: no such file or directory\n"
    );
}

/// Production and staging with one data space and a key, in files whose names mean something to somebody.
fn hostile() -> Scratch {
    let scratch = Scratch::shared();
    let key = key();
    for name in [
        "a\nb",
        "a\"b\'c",
        "100%25 #1?",
        "]]>",
        "::error file=x::y",
        "\u{1b}[31m",
        "\u{202e}lmay",
        "a|b`c`@d",
        "<script>",
        &"n".repeat(240),
    ] {
        scratch.write(&format!("{name}/prod.yaml"), data_space("no uuid <b>|%0A]]>"));
        scratch.write(&format!("{name}.pem"), &key);
    }
    scratch
}

#[cfg(unix)]
fn without_text(scratch: &Scratch) {
    use std::os::unix::ffi::OsStrExt as _;
    let name = std::ffi::OsStr::from_bytes(b"\xff\xfe.yaml");
    fs::write(scratch.path().join(name), data_space("no-uuid")).expect("the file is writable");
}

#[cfg(not(unix))]
fn without_text(_: &Scratch) {}

#[test]
fn hostile_names_leave_no_report_in_pieces() {
    let scratch = hostile();
    without_text(&scratch);
    let reports = scratch.reports();
    assert_eq!(reports.iter().map(|(format, _)| *format).collect::<Vec<_>>(), PIPELINES);
    for (format, report) in reports {
        let is_raw = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{200f}".contains(c);
        assert!(!report.contains(is_raw), "{format}: {report}");
        if !matches!(format, "github" | "junit" | "markdown" | "html") {
            let document: Result<serde_json::Value, _> = serde_json::from_str(&report);
            assert!(document.is_ok(), "{format}: {report}");
        }
        let commands = report.lines().filter(|line| line.trim_start().starts_with("::")).count();
        assert_eq!(commands > 0, format == "github", "{report}");
    }
}

#[test]
fn a_report_within_the_tree_changes_nothing() {
    let scratch = hostile();
    let lines = || scratch.run(&["check", "--output-format", "line"]).out;
    let findings = |out: &str| out.lines().map(str::to_owned).rev().skip(1).collect::<Vec<_>>();
    let instances = || {
        scratch
            .run(&["instances", "--explain"])
            .out
            .lines()
            .rev()
            .skip(1)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let before = (findings(&lines()), instances());
    for (format, report) in scratch.reports() {
        let names: &[&str] = match format {
            "sarif" => &["a.sarif", "sarif.json"],
            "gitlab" => &["gl-code-quality-report.json"],
            "gitlab-secrets" => &["gl-secret-detection-report.json"],
            "junit" => &["junit.xml"],
            "rdjson" => &["rd.json"],
            "markdown" => &["comment.md"],
            "html" => &["review.html"],
            _ => &["log.txt"],
        };
        for name in names {
            scratch.write(&format!("reports/{name}"), &report);
        }
    }
    assert_eq!((findings(&lines()), instances()), before);
}

#[test]
fn paths_are_those_that_their_readers_know() {
    let scratch = Scratch::of(&[
        ("shop/deploy/prod.yaml", &data_space("no-uuid")),
        ("shop/deploy/commerce-lint.toml", "[rules]\nmalformed-data-space-id = \"error\"\n"),
    ]);
    for arguments in ["init --quiet", "add --all", "commit --quiet --message base"] {
        scratch.git(arguments);
    }
    let first = |folder: &str, path: &str, format: &str| {
        let mut command = scratch.command(&["check", path, "--output-format", format]);
        command.current_dir(scratch.path().join(folder));
        run(command).out
    };
    for (folder, path, expected) in [
        ("", "shop/deploy", "shop/deploy/prod.yaml:1:"),
        ("", "./shop/deploy/", "shop/deploy/prod.yaml:1:"),
        ("shop/deploy", ".", "prod.yaml:1:"),
        ("shop/deploy", "prod.yaml", "prod.yaml:1:"),
        ("shop/deploy", "../deploy", "../deploy/prod.yaml:1:"),
    ] {
        let line = first(folder, path, "line");
        assert!(line.starts_with(expected), "{line}");
        let pretty = first(folder, path, "pretty");
        assert!(pretty.contains(&format!("[{expected}")), "{pretty}");
        assert!(first(folder, path, "json").contains("\"path\": \"prod.yaml\""), "{path}");
        for format in PIPELINES.iter().filter(|format| **format != "gitlab-secrets") {
            let report = first(folder, path, format);
            let name = if *format == "markdown" {
                "shop/deploy/prod&#46;yaml"
            } else {
                "shop/deploy/prod.yaml"
            };
            assert!(report.contains(name), "{format} {path}: {report}");
        }
    }
    fs::rename(scratch.path().join("shop/deploy/prod.yaml"), scratch.path().join("shop/prod.yaml"))
        .expect("the file is there");
    for (folder, path) in [("", "shop/deploy"), ("shop/deploy", ".")] {
        let mut command =
            scratch.command(&["check", path, "--base", "HEAD", "--output-format", "line"]);
        command.current_dir(scratch.path().join(folder));
        let gone = run(command).out;
        assert!(gone.contains(":shop/deploy/prod.yaml:1:1: warning: "), "{gone}");
    }
    scratch.write("shop/deploy/prod.yaml", data_space("no-uuid"));
    scratch.write("shop/deploy/key.pem", key());
    scratch.git("add --all");
    scratch.git("commit --quiet --message key");
    scratch.git("rm --quiet shop/deploy/key.pem");
    scratch.git("commit --quiet --message none");
    for format in ["line", "github"] {
        let found =
            scratch.run(&["check", "shop/deploy", "--history", "--output-format", format]).out;
        assert!(found.contains(":shop/deploy/key.pem"), "{found}");
        assert!(found.contains("files of the history searched"), "{found}");
    }
}

fn key() -> String {
    let key = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys/ec-pkcs8.pem");
    fs::read_to_string(key).expect("the fixture is readable")
}

/// Data spaces that are none, which are errors; before them a misspelt setting, which is a warning.
fn many(spaces: usize) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.yaml", "services_connector/services_id/enviroment_id: x\n");
    for number in 0..spaces {
        let setting = format!("services_connector/services_id/environment_id: {number}\n");
        scratch.write(&format!("k8s/shop{number:03}/prod.yaml"), &setting);
    }
    scratch
}

#[test]
fn what_is_too_much_to_read_is_counted() {
    let scratch = many(203);
    let shown = |done: &Done| done.out.lines().filter(|line| line.contains("error[")).count();
    let all = scratch.run(&["check", "--max-findings", "0"]);
    let warned = all.out.matches("warning[misspelt-setting]").count();
    assert_eq!((all.code, shown(&all), warned), (1, 203, 1));
    assert!(!all.out.contains("--max-findings"), "{}", all.out);
    let usual = scratch.run(&["check"]);
    assert_eq!((usual.code, shown(&usual)), (1, 200), "errors come first");
    assert!(!usual.out.contains("warning["), "{}", usual.out);
    let closing = "204 files read, 204 instances, 203 errors, 1 warning; 200 are shown, 4 more are not: `--max-findings 0` shows all\n";
    assert!(usual.out.contains(closing), "{}", usual.out);
    let few = scratch.run(&["check", "--max-findings", "2"]);
    assert_eq!((few.code, shown(&few)), (1, 2));
    assert!(few.out.contains("; 2 are shown, 202 more are not: "), "{}", few.out);
    let enough = scratch.run(&["check", "--max-findings", "204"]);
    assert_eq!(enough.out, all.out);
}

#[test]
fn formats_for_programs_have_all_and_others_are_bounded_where_it_is_said() {
    let scratch = many(203);
    let run = |format: &str, most: &[&str]| {
        scratch.run(&[&["check", "--output-format", format], most].concat())
    };
    for format in
        ["json", "sarif", "gitlab", "gitlab-secrets", "junit", "rdjson", "html", "statistics"]
    {
        assert_eq!(run(format, &["--max-findings", "2"]), run(format, &[]), "{format}");
    }
    let lines = |most: &[&str]| run("line", most).out.lines().count();
    assert_eq!((lines(&[]), lines(&["--max-findings", "2"])), (205, 3));
    let annotations = |most: &[&str]| run("github", most).out.matches("::error").count();
    assert_eq!((annotations(&[]), annotations(&["--max-findings", "2"])), (203, 2));
    let few = run("markdown", &["--max-findings", "2"]);
    assert_eq!(few.out.matches("<details>").count(), 2);
    assert!(
        few.out.contains("203 errors, 1 warning; 2 are shown, 202 more are not"),
        "{}",
        few.out
    );
    let done = with(&scratch, &[("COMMERCE_LINT_MAX_FINDINGS", "2")], &["check"]);
    assert!(done.out.contains("2 are shown"), "{}", done.out);
    scratch.run(&["check", "--max-findings", "2", "--output", "pretty=few.txt"]);
    let few = fs::read_to_string(scratch.path().join("few.txt")).expect("it is written");
    assert_eq!(few.matches("error[").count(), 2);
}
