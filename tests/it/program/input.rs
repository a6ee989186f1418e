//! A text from standard input counts in the place of a file, be there one or not, with the rest of the tree beside it.

use std::fs::File;
use std::process::Stdio;

use super::scratch::{DATA_SPACE, Done, Scratch, data_space, fed};

const OTHER: &str = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c12";

fn check(scratch: &Scratch, path: &str, input: &str) -> Done {
    let elsewhere = Scratch::new();
    let input = File::open(elsewhere.write("input", input)).expect("the input is readable");
    let arguments = ["check", "-", "--stdin-path", path, "--output-format", "line"];
    fed(scratch.command(&arguments), Stdio::from(input))
}

fn apart() -> Scratch {
    Scratch::of(&[
        ("k8s/prod/settings.yaml", &data_space(DATA_SPACE)),
        ("k8s/staging/settings.yaml", &data_space(OTHER)),
    ])
}

#[test]
fn what_is_handed_over_counts_in_the_place_of_the_file() {
    for path in ["k8s/staging/settings.yaml", "./k8s/staging/settings.yaml"] {
        let done = check(&apart(), path, &data_space(DATA_SPACE));
        assert_eq!(done.code, 1, "{done:?}");
        assert!(done.out.contains("k8s/staging/settings.yaml:1:"), "{done:?}");
    }
    let mended = check(&Scratch::shared(), "k8s/staging/settings.yaml", &data_space(OTHER));
    assert_eq!(mended.code, 0, "{mended:?}");
}

#[test]
fn a_file_that_is_on_no_disk_yet_is_part_of_the_tree() {
    let done = check(&apart(), "k8s/uat/settings.yaml", &data_space(DATA_SPACE));
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.out.contains("`uat`"), "{done:?}");
}

#[test]
fn a_configuration_can_be_handed_over() {
    let off = "[rules]\nshared-data-space = \"off\"\n";
    assert_eq!(check(&Scratch::shared(), "commerce-lint.toml", off).code, 0);
    let faulty = check(&Scratch::shared(), "commerce-lint.toml", "[rules]\nx = 1\n");
    assert!(faulty.code == 2 && faulty.err.contains("commerce-lint.toml:2:1"), "{faulty:?}");
    let excluded = apart();
    excluded.write("commerce-lint.toml", "exclude = [\"k8s/uat\"]\n");
    assert_eq!(check(&excluded, "k8s/uat/a.yaml", &data_space(DATA_SPACE)).code, 0);
}

#[test]
fn what_names_no_file_of_the_tree_is_refused() {
    for path in ["../a.yaml", "/a.yaml", ".", "k8s/../../a.yaml"] {
        let done = check(&apart(), path, "");
        assert!(done.code == 2 && done.err.contains("does not lie in this folder"), "{done:?}");
    }
    let nameless = apart().run(&["check", "-"]);
    assert!(nameless.code == 2 && nameless.err.contains("--stdin-path"), "{nameless:?}");
    let elsewhere = apart().run(&["check", "k8s", "--stdin-path", "a.yaml"]);
    assert!(elsewhere.code == 2 && elsewhere.err.contains("check -"), "{elsewhere:?}");
}
