//! Rules of a team's own: the packs that the documentation shows, what `new-rule` writes, and packs that mean harm.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
    command.args(arguments).args(["--color", "never"]).current_dir(folder);
    command.output().expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("it can be made");
    fs::write(path, text).expect("the file can be written");
}

fn page(assert: &str) -> String {
    format!("---\nseverity: error\nsummary: A.\nassert: {assert}\n---\n\nWhy.\n")
}

#[test]
fn the_packs_that_are_shown_say_what_they_show() {
    let tried = run(Path::new(env!("CARGO_MANIFEST_DIR")), &["test-rules", "docs/packs"]);
    assert_eq!(out(&tried), "3 rules, 7 examples: all as their pages say\n");
    assert_eq!(tried.status.code(), Some(0));
}

#[test]
fn a_new_rule_passes_and_nothing_is_overwritten() {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    fs::create_dir(scratch.path().join("acme")).expect("a folder can be made");
    let new = || run(scratch.path(), &["new-rule", "acme/framed.md"]);
    assert_eq!(out(&new()), "wrote acme/framed.md\n");
    assert_eq!(new().status.code(), Some(2));
    let tried = run(scratch.path(), &["test-rules", "acme"]);
    assert_eq!(out(&tried), "1 rule, 2 examples: all as their pages say\n");
}

#[test]
fn a_configuration_names_packs_and_the_levels_of_their_rules() {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    write(
        scratch.path(),
        "policy/acme/hints.md",
        &page("{ setting: dev/debug/hints, must: be-unset }"),
    );
    write(scratch.path(), "prod.env", "CONFIG__DEFAULT__DEV__DEBUG__HINTS=1\n");
    let check = |configuration: &str| {
        write(scratch.path(), "commerce-lint.toml", configuration);
        run(scratch.path(), &["check", "--output-format", "line"])
    };
    let found = check("[rules]\npacks = [\"policy\"]\n\"acme/hints\" = \"warning\"\n");
    let expected = "prod.env:1:36: warning: `hints` is set in `production` [acme/hints]\n1 file";
    assert!(out(&found).starts_with(expected.trim_end_matches("1 file")), "{}", out(&found));
    for (configuration, expected) in [
        ("[rules]\npacks = [\"../policy\"]\n", "no folder beside the configuration"),
        ("[rules]\npacks = [\"polcy\"]\n", "polcy"),
        ("[rules]\npacks = [\"policy\"]\n\"acme/hint\" = \"off\"\n", "did you mean `acme/hints`?"),
    ] {
        let told = check(configuration);
        let told = String::from_utf8_lossy(&told.stderr).into_owned();
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn no_pack_reveals_a_secret_or_leaves_its_folder() {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let key = "services_connector/ims_technical_account_credentials/client_secret";
    let guess =
        page(&format!("{{ setting: {key}, must: {{ match: '^q' }}, message: '{{value}}' }}"));
    let shown = page(&format!("{{ setting: {key}, must: be-unset, message: 'it is {{value}}' }}"));
    write(scratch.path(), "acme/guess.md", &guess);
    write(scratch.path(), "acme/shown.md", &shown);
    let variable = format!("CONFIG__DEFAULT__{}", key.to_uppercase().replace('/', "__"));
    write(scratch.path(), "prod.env", &format!("{variable}=p8e-made-up-for-this-test\n"));
    let found = out(&run(scratch.path(), &["check", "--no-config", "--rules", "acme"]));
    assert!(found.contains("it is a secret") && !found.contains("made-up"), "{found}");
    assert!(!found.contains("acme/guess"), "{found}");
    let leaving = guess + "\n## Example\n\n```sh ../../out.env\nA=1\n```\n";
    write(scratch.path(), "acme/guess.md", &leaving);
    let tried = run(scratch.path(), &["test-rules", "acme"]);
    assert!(out(&tried).contains("no path within a tree"), "{}", out(&tried));
    assert_eq!(tried.status.code(), Some(1));
}
