//! The page for a security review, as `report` writes it.

use std::fs;

use crate::scratch::{Done, Scratch, data_space, run};

/// Runs `report` and reads the page, which is not in the tree.
fn review(scratch: &Scratch, arguments: &[&str]) -> (Done, String) {
    let folder = tempfile::tempdir().expect("a folder for temporary files exists");
    let file = folder.path().join("review.html");
    let html = file.to_str().expect("the path is text");
    let done = scratch.run(&[&["report", "--html", html], arguments].concat());
    (done, fs::read_to_string(file).unwrap_or_default())
}

#[test]
fn the_exit_codes_are_those_of_check() {
    let broken = "services_connector/services_id/project_id: [ a\nb: - c\n";
    let trees = [
        Scratch::shared(),
        Scratch::of(&[("a.yaml", broken)]),
        Scratch::of(&[("prod/a.yaml", &data_space(crate::scratch::DATA_SPACE))]),
        Scratch::of(&[("readme.txt", "")]),
        Scratch::of(&[("commerce-lint.toml", "rule = 1")]),
    ];
    for (scratch, code) in trees.iter().zip([1, 3, 0, 0, 2]) {
        let (done, page) = review(scratch, &[]);
        assert_eq!(done.code, code, "{}", done.all());
        assert_eq!(done.code, scratch.run(&["check"]).code);
        assert_eq!(page.is_empty(), code == 2, "{page}");
        assert_eq!(review(scratch, &["--exit-zero"]).0.code, if code == 2 { 2 } else { 0 });
    }
    let done = Scratch::shared().run(&["report", "--html", "no/such/file.html"]);
    assert_eq!((done.code, done.out.as_str()), (2, ""), "{}", done.err);
}

#[test]
fn the_run_is_summed_up_beside_the_page() {
    let (done, page) = review(&Scratch::shared(), &["--fail-on", "never"]);
    assert_eq!(done.out, "2 files read, 2 instances, 1 error, 0 warnings\n");
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(page.contains("<b>1</b> error</a>"), "{page}");
}

#[test]
fn the_same_tree_gives_the_same_page() {
    let scratch = Scratch::shared();
    let (_, page) = review(&scratch, &["--threads", "1"]);
    assert_eq!(review(&scratch, &["--threads", "4"]).1, page);
    assert!(!page.contains(scratch.path().to_str().expect("the path is text")));
    let printed = scratch.run(&["check", "--output-format", "html"]);
    assert_eq!(printed.out, page);
}

#[test]
fn the_day_stands_on_the_page_only_where_somebody_says_it() {
    let scratch = Scratch::shared();
    let tool = |page: &str| page.split_once("\"tool\">").map(|(_, rest)| rest[..60].to_owned());
    let dated = |page: &str| tool(page).is_some_and(|tool| tool.contains(" · 20"));
    assert!(!dated(&review(&scratch, &[]).1));
    let (_, page) = review(&scratch, &["--now", "2027-06-30"]);
    assert!(page.contains(" · 2027-06-30</p>"), "{page}");
    let mut command = scratch.command(&["report", "--html", "out.html"]);
    command.env("SOURCE_DATE_EPOCH", "1900000000");
    run(command);
    let page = fs::read_to_string(scratch.path().join("out.html")).expect("the page is there");
    assert!(page.contains(" · 2030-03-17</p>"), "{page}");
}

#[test]
fn what_is_accepted_stands_there_with_its_reason_and_a_reviewer_can_refuse_it() {
    let scratch = Scratch::shared();
    scratch.write(
        "commerce-lint.toml",
        "[[waivers]]\nrule = \"shared-data-space\"\npath = \"**\"\nreason = \"until <b>June</b>\"\nexpires = 2027-06-30\n\
         [rules]\nplaintext-private-key = \"warning\"\n",
    );
    let (done, page) = review(&scratch, &["--now", "2027-06-01"]);
    assert_eq!(done.code, 0, "{}", done.all());
    for words in ["until &lt;b&gt;June&lt;/b&gt;", "<b>1</b> accepted", "commerce-lint.toml"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("another severity than their own"), "{page}");
    let (done, page) = review(&scratch, &["--no-config", "--no-waivers"]);
    assert_eq!(done.code, 1);
    assert!(
        page.contains("No finding is accepted.") && page.contains("No configuration"),
        "{page}"
    );
}
