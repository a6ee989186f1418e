//! What `--fix` mends is mended to the letter, nothing else changes, and what is not beyond doubt is left alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use super::scratch::{DATA_SPACE, Done, Scratch};

const FILE: &str = "k8s/prod/settings.yaml";

fn fix(scratch: &Scratch) -> Done {
    scratch.run(&["check", "--fix", "--output-format", "line", "--now", "2026-11-29"])
}

fn text(scratch: &Scratch, path: &str) -> String {
    fs::read_to_string(scratch.path().join(path)).expect("the file is readable")
}

#[test]
fn a_value_is_written_without_what_stands_around_it_and_all_else_stays() {
    let path = "services_connector/services_id/environment_id";
    for (written, mended) in [
        (format!("'{DATA_SPACE} '"), format!("'{DATA_SPACE}'")),
        (format!("\"{{{DATA_SPACE}}}\""), format!("\"{DATA_SPACE}\"")),
        (format!("'\"{}\"'", DATA_SPACE.to_uppercase()), format!("'{DATA_SPACE}'")),
        (format!("'{DATA_SPACE}\u{200b}'"), format!("'{DATA_SPACE}'")),
    ] {
        let whole =
            |value: &str| format!("# ours\r\n{path}:   {value}  # kept \r\nother: ' x '\r\n");
        let scratch = Scratch::of(&[(FILE, &whole(&written))]);
        let shown = scratch.run(&["check", "--diff"]);
        assert!(shown.code == 1 && shown.out.contains(&format!("+{path}:")), "{shown:?}");
        assert_eq!(text(&scratch, FILE), whole(&written), "`--diff` changes nothing");
        let done = fix(&scratch);
        assert_eq!(text(&scratch, FILE), whole(&mended), "{done:?}");
        assert!(done.err.contains("changed 1 file to mend"), "{done:?}");
        assert!(!done.out.contains("UUID") && !done.out.contains("blanks"), "{done:?}");
        assert_eq!(scratch.run(&["check", "--diff"]).code, 0);
    }
}

#[test]
fn a_variable_of_the_cloud_is_protected() {
    let line = |options: &str| {
        format!(
            "#!/bin/sh\nmagento-cloud variable:create{options} --level environment --environment staging --name env:CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID --value {DATA_SPACE}\n"
        )
    };
    let scratch = Scratch::of(&[("deploy/cloud.sh", &line(""))]);
    let done = fix(&scratch);
    assert_eq!(text(&scratch, "deploy/cloud.sh"), line(" --inheritable false"), "{done:?}");
    let contrary = Scratch::of(&[("deploy/cloud.sh", &line(" --inheritable true"))]);
    fix(&contrary);
    assert_eq!(text(&contrary, "deploy/cloud.sh"), line(" --inheritable true"));
}

#[test]
fn a_waiver_that_accepts_nothing_is_taken_out_and_its_neighbours_stay() {
    let waiver = |rule: &str, until: &str| {
        format!(
            "[[waivers]]\nrule = \"{rule}\"\npath = \"k8s/**\"\nreason = \"[of old]\"\nexpires = {until}\n\n"
        )
    };
    let first = "# the policy\n[rules]\nblank-override = \"error\"\n\n";
    let last = "# limits, too\n[limits]\nfile-bytes = \"8 MiB\"\n";
    let idle =
        waiver("stray-whitespace", "2026-12-31") + &waiver("shared-data-space", "2026-01-31");
    let scratch = Scratch::of(&[
        (FILE, "services_connector/services_id/project_name: x\n"),
        ("commerce-lint.toml", &format!("{first}{idle}{last}")),
    ]);
    let done = fix(&scratch);
    assert_eq!(text(&scratch, "commerce-lint.toml"), format!("{first}{last}"), "{done:?}");
}

#[test]
fn what_is_written_in_another_way_than_it_reads_is_left_alone() {
    let escaped =
        format!("services_connector/services_id/environment_id: \"\\u007b{DATA_SPACE}}}\"\n");
    let scratch = Scratch::of(&[(FILE, &escaped)]);
    let done = fix(&scratch);
    assert!(done.code == 1 && text(&scratch, FILE) == escaped, "{done:?}");
}

/// Every file of a tree.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = WalkDir::new(root).into_iter().filter_map(Result::ok);
    let entries = entries.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(root).ok()?.to_str().map(str::to_owned);
    entries.filter_map(|entry| Some((name(entry.path())?, fs::read(entry.path()).ok()?))).collect()
}

#[test]
fn no_mended_fixture_has_a_new_finding_and_each_is_mended_at_once() {
    const RULES: [&str; 5] = [
        "stray-whitespace",
        "malformed-data-space-id",
        "unused-waiver",
        "expired-waiver",
        "unprotected-cloud-variable",
    ];
    let trees = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/trees");
    let mut mended = 0;
    for entry in fs::read_dir(&trees).expect("the trees are there").filter_map(Result::ok) {
        let golden = fs::read_to_string(entry.path().with_extension("out")).unwrap_or_default();
        if !entry.path().is_dir() || !RULES.iter().any(|rule| golden.contains(rule)) {
            continue;
        }
        let scratch = Scratch::new();
        let before = files(&entry.path());
        for (path, bytes) in &before {
            scratch.write(path, bytes);
        }
        let check = ["check", "--output-format", "json", "--now", "2026-11-29"];
        let told = |done: &Done| -> Vec<String> {
            let all = done.json()["diagnostics"].as_array().cloned().unwrap_or_default();
            all.iter().map(|found| format!("{} {}", found["rule"], found["message"])).collect()
        };
        let was = told(&scratch.run(&check));
        let done = fix(&scratch);
        let after = files(scratch.path());
        let is = told(&scratch.run(&check));
        assert!(is.iter().all(|found| was.contains(found)), "{entry:?}: {was:?} {is:?}");
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{done:?}");
        if before != after {
            mended += 1;
            assert!(is.len() < was.len(), "{entry:?}: something changed and nothing was mended");
            fix(&scratch);
            assert!(files(scratch.path()) == after, "{entry:?} is mended twice");
        }
    }
    assert!(mended > 1, "{mended} trees are mended");
}
