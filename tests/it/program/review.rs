//! The page for a security review, as `report` writes it.

use std::fs;

use super::scratch::{Done, Scratch, data_space, run};

/// Runs `report` and reads the page, which is not in the tree.
fn review(scratch: &Scratch, arguments: &[&str]) -> (Done, String) {
    let folder = tempfile::tempdir().expect("a folder for temporary files exists");
    let file = folder.path().join("review.html");
    let html = file.to_str().expect("the path is text");
    let done = scratch.run(&[&["report", "--html", html], arguments].concat());
    (done, fs::read_to_string(file).unwrap_or_default())
}

/// The page without the day and without where it comes from.
fn timeless(page: &str) -> String {
    let (head, rest) = page.split_once("<p class=\"tool\">").expect("it names the tool");
    let (_, rest) = rest.split_once("</p>").expect("the line ends");
    let (title, rest) = rest.split_once("<dl class=\"origin\">").expect("it says where it is from");
    let (_, rest) = rest.split_once("</dl>").expect("the list ends");
    [head, title, rest].concat()
}

#[test]
fn the_exit_codes_are_those_of_check() {
    let broken = "services_connector/services_id/project_id: [ a\nb: - c\n";
    let trees = [
        Scratch::shared(),
        Scratch::of(&[("a.yaml", broken)]),
        Scratch::of(&[("prod/a.yaml", &data_space(super::scratch::DATA_SPACE))]),
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
    assert_eq!(timeless(&review(&scratch, &["--threads", "4"]).1), timeless(&page));
    assert!(!page.contains(scratch.path().to_str().expect("the path is text")));
    let printed = scratch.run(&["check", "--output-format", "html"]);
    assert_eq!(timeless(&printed.out), timeless(&page));
}

#[test]
fn the_page_says_of_which_day_it_is_and_where_it_comes_from() {
    let scratch = Scratch::shared();
    let tool = |page: &str| page.split_once("\"tool\">").map(|(_, rest)| rest[..60].to_owned());
    let dated = |page: &str| tool(page).is_some_and(|tool| tool.contains(" · 20"));
    assert!(!dated(&scratch.run(&["check", "--output-format", "html"]).out));
    assert!(dated(&review(&scratch, &[]).1), "whoever is handed the page is told");
    scratch.git("init -q -b main");
    scratch.git("add -A");
    scratch.git("commit -qm first");
    let (_, page) = review(&scratch, &["--no-waivers"]);
    let commit = scratch.git("rev-parse HEAD");
    for said in ["--no-waivers", "<code>main</code>", commit.as_str(), "not searched"] {
        assert!(page.contains(said), "{said}");
    }
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
    let said = [
        "<b>The configuration in the tree was not used. </b>",
        "In the tree, and passed over: <code>commerce-lint.toml</code>",
        "<b>Nothing is accepted</b>",
    ];
    for words in said {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("until &lt;b&gt;June"), "{page}");
    let (_, page) = review(&scratch, &["--no-waivers"]);
    assert!(page.contains("nothing: not read") && !page.contains("left</span>"), "{page}");
}

#[test]
fn the_policy_says_where_it_comes_from() {
    let scratch = Scratch::shared();
    assert!(review(&scratch, &[]).1.contains("<p>No configuration: every rule"));
    scratch.write("commerce-lint.toml", "exclude = [\"old\"]\n");
    scratch.write("ci/policy.toml", "exclude = [\"older\"]\n");
    let passed_over = "In the tree, and passed over: <code>commerce-lint.toml</code>";
    for (arguments, said, is_passed, is_banner) in [
        (vec![], "<code>commerce-lint.toml</code>, which is part of the tree", false, false),
        (
            vec!["--config", "ci/policy.toml"],
            "policy.toml</code>, as <code>--config</code>",
            true,
            false,
        ),
        (
            vec!["--policy-from", "ci/policy.toml"],
            "as <code>--policy-from</code> says: <b>the",
            true,
            true,
        ),
        (vec!["--no-config"], "as <code>--no-config</code> says", true, true),
    ] {
        let (_, page) = review(&scratch, &arguments);
        assert!(page.contains(said), "{arguments:?}: {page}");
        assert_eq!(page.contains(passed_over), is_passed, "{arguments:?}: {page}");
        let banner = "<b>The configuration in the tree was not used";
        let head = page.split_once("<nav").map_or("", |(head, _)| head);
        assert_eq!(head.contains(banner), is_banner, "{arguments:?}: {page}");
    }
}

/// The row of a table that begins with some text.
fn row<'a>(page: &'a str, start: &str) -> &'a str {
    let (_, rest) = page.split_once(start).unwrap_or_else(|| panic!("no {start}: {page}"));
    rest.split_once("</tr>").expect("a row ends").0
}

#[test]
fn the_policy_lists_every_waiver_with_what_became_of_it() {
    let scratch = Scratch::shared();
    let waiver = |rule: &str, more: &str| {
        format!("[[waivers]]\nrule = \"{rule}\"\nreason = \"so\"\n{more}\n")
    };
    let waivers = [
        waiver("shared-data-space", "path = \"k8s/**\"\nexpires = 2027-06-30"),
        waiver("shared-data-space", "path = \"k8s/staging\"\nexpires = 2027-06-30"),
        waiver("placeholder-value", "instances = [\"a\"]\nexpires = 2027-06-30"),
        waiver("incomplete-key-pair", "path = \"x\"\nexpires = 2027-05-31"),
        waiver("unknown-key-version", "path = \"x\"\nexpires = 2027-12-31"),
        waiver(
            "malformed-data-space-id",
            "value = \"0123456789ab\"\npath = \"x\"\nexpires = 2027-06-01",
        ),
    ];
    let head = "exclude = [\"old/**\"]\n[policy]\nmax-waiver-days = 60\n[limits]\nfile-bytes = \"3 MiB\"\n\
                [instances.prod]\nfiles = [\"k8s/prod/**\"]\nkind = \"production\"\n";
    scratch.write("commerce-lint.toml", head.to_owned() + &waivers.concat());
    let todo = "# commerce-lint: allow placeholder-value -- made <later>\n\
                services_connector/services_id/project_id: TODO\n";
    scratch.write("k8s/uat/settings.yaml", todo);
    let (_, page) = review(&scratch, &["--now", "2027-06-01"]);
    let standing = [
        (
            "shared-data-space</code><span class=\"plainly\">in <code>k8s/**",
            ">1 finding<",
            ">29 days left<",
        ),
        (
            "shared-data-space</code><span class=\"plainly\">in <code>k8s/staging",
            ">nothing: accepted by another, or as new as it is<",
            ">29 days left<",
        ),
        (
            "placeholder-value</code><span class=\"plainly\">of <code>a<",
            ">unused<",
            ">29 days left<",
        ),
        (
            "incomplete-key-pair</code><span class=\"plainly\">in",
            ">nothing: expired<",
            ">1 day ago<",
        ),
        (
            "unknown-key-version</code><span class=\"plainly\">in",
            ">nothing: ends too far ahead<",
            ">213 days left<",
        ),
        ("malformed-data-space-id</code><span class=\"plainly\">in", ">0123456789ab<", ">today<"),
    ];
    for (start, word, left) in standing {
        let row = row(&page, &format!("<tr><th scope=\"row\"><code>{start}"));
        assert!(row.contains(word) && row.contains(left), "{row}");
        assert!(row.contains("commerce-lint.toml:") && row.contains(">so<"), "{row}");
    }
    let (_, comments) = page.split_once("Comments that accept").expect("there is one");
    let comment = row(comments, "<th scope=\"row\"><code>placeholder-value");
    for words in ["k8s/uat/settings.yaml:1:3", ">1 finding<", "made &lt;later&gt;"] {
        assert!(comment.contains(words), "{words}: {comment}");
    }
    for words in ["more than 3 MiB", "60 days ahead", "<code>old/**</code>", "kind production"] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn the_policy_counts_what_the_baseline_knows() {
    let scratch = Scratch::shared();
    assert_eq!(scratch.run(&["baseline"]).code, 0);
    let (done, page) = review(&scratch, &[]);
    assert_eq!(done.code, 0, "{}", done.all());
    let expected = "<code>commerce-lint.baseline.toml</code> lists 1 finding from the start; 1 of them accepted here, 0 not.";
    assert!(page.contains(expected), "{page}");
    let (_, page) = review(&scratch, &["--no-waivers"]);
    assert!(page.contains("passed over: <code>commerce-lint.baseline.toml</code>"), "{page}");
}

#[test]
fn each_finding_has_its_page_and_thousands_of_them_stay_small() {
    let scratch = Scratch::new();
    for number in 0..300 {
        let space = data_space(&format!("nope-{number}"));
        scratch.write(&format!("s{number}/prod/a.yaml"), space);
    }
    let (_, page) = review(&scratch, &[]);
    assert_eq!(page.matches("<details class=\"finding\"").count(), 300);
    let folds = page.matches("<summary>About <code>malformed-data-space-id</code></summary>");
    assert_eq!(folds.count(), 300);
    assert_eq!(page.matches("id=\"about-malformed-data-space-id\"").count(), 1);
    let pages = page.matches("<div class=\"prose\"").count();
    let links = page.matches("<a href=\"#about-malformed-data-space-id\">").count();
    assert!(pages > 20 && links > 100 && pages + links == 300, "{pages} {links}");
    assert!(page.len() < 1_200_000, "{}", page.len());
    assert_eq!(page.matches(" open>").count(), 40);
}
