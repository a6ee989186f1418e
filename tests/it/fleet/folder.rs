//! A folder of checkouts.

use std::fs;

use serde_json::Value;

use super::{KEY, keyed, table};
use crate::program::scratch::{DATA_SPACE, Done, Scratch, data_space};

/// Checkouts of every sort: sound, with a configuration of its own, half read, without a work tree, none at all.
fn fleet() -> Scratch {
    let scratch = Scratch::of(&[
        ("all/pay/eu/prod.yaml", &data_space(DATA_SPACE)),
        (
            "all/pay/eu/commerce-lint.toml",
            "[instances.frankfurt]\nfiles = [\"prod.yaml\"]\nkind = \"production\"\n",
        ),
        ("all/pay/us/prod.yaml", &data_space(DATA_SPACE)),
        ("all/half/prod.yaml", &data_space(DATA_SPACE)),
        ("all/half/broken.json", "{\"services_connector/services_id/project_id\": [\"a\" }"),
        ("all/wrong/commerce-lint.toml", "colour = 1\n"),
        ("all/empty/deeper/README.md", "not cloned\n"),
        ("all/pay/empty/README.md", "not cloned\n"),
        ("all/notes.txt", "no folder\n"),
    ]);
    for repo in ["pay/eu", "pay/us", "half", "wrong"] {
        scratch.git(&format!("init -q -b main all/{repo}"));
        scratch.git(&format!("-C all/{repo} add -A"));
        scratch.git(&format!("-C all/{repo} commit -q -m start"));
    }
    scratch.git("clone -q --bare all/pay/us all/mirror.git");
    scratch
}

fn surveyed(scratch: &Scratch, more: &[&str]) -> Done {
    keyed(scratch, &[&["fleet", "all", "--output", "facts"], more].concat(), KEY)
}

fn column(rows: &[Value], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn every_checkout_is_a_universe_and_none_is_passed_over() {
    let scratch = fleet();
    let done = surveyed(&scratch, &[]);
    assert_eq!((done.code, done.err.as_str()), (3, ""));
    assert!(done.out.starts_with("7 repositories, 3 read whole; wrote "), "{}", done.out);
    let facts = scratch.path().join("facts");
    let runs = table(&facts, "run");
    assert_eq!(
        column(&runs, "repo"),
        ["empty", "half", "mirror", "pay/empty", "pay/eu", "pay/us", "wrong"]
    );
    assert_eq!(
        column(&runs, "state"),
        ["failed", "partial", "whole", "failed", "whole", "whole", "failed"]
    );
    assert_eq!(column(&runs, "team"), ["", "", "", "pay", "pay", "pay", ""]);
    assert_eq!(column(&runs, "ref_name"), ["-", "main", "main", "-", "main", "main", "main"]);
    assert_eq!(runs[2]["commit_id"], runs[5]["commit_id"]);
    let why = column(&runs, "why");
    assert!(
        why[0].contains("no repository")
            && why[6].starts_with("`commerce-lint.toml`: unknown key `colour`"),
        "{why:?}"
    );
    let instances = table(&facts, "instance");
    let names = column(&instances, "instance");
    assert_eq!(names, ["production", "production", "frankfurt", "production"]);
    assert!(instances.iter().all(|one| one["data_space"] == DATA_SPACE), "{instances:?}");
}

#[test]
fn a_checkout_that_holds_a_part_of_its_repository_is_not_whole() {
    let scratch = Scratch::of(&[
        ("kept/prod.yaml", &data_space(DATA_SPACE)),
        ("kept/README.md", "a shop\n"),
        ("module/prod.yaml", &data_space(DATA_SPACE)),
        ("all/.keep", ""),
    ]);
    for repo in ["kept", "module"] {
        scratch.git(&format!("init -q -b main {repo}"));
        scratch.git(&format!("-C {repo} add -A"));
        scratch.git(&format!("-C {repo} commit -q -m start"));
    }
    scratch.git("clone -q kept all/sparse");
    scratch.git("-C all/sparse sparse-checkout set --no-cone /README.md");
    scratch.git("clone -q --no-checkout kept all/unchecked");
    scratch.git("clone -q kept all/with-module");
    scratch.git(
        "-C all/with-module -c protocol.file.allow=always submodule --quiet add ../module sub",
    );
    scratch.git("clone -q kept all/whole");
    scratch.git("-C all/with-module commit -q -m module");
    scratch.git("clone -q all/with-module all/without");
    let done = surveyed(&scratch, &[]);
    assert!(done.out.starts_with("6 repositories, 4 read whole; wrote "), "{}", done.out);
    let runs = table(&scratch.path().join("facts"), "run");
    assert_eq!(
        column(&runs, "repo"),
        ["sparse", "unchecked", "whole", "with-module", "with-module/sub", "without"]
    );
    let state = column(&runs, "state");
    assert_eq!(state, ["whole", "partial", "whole", "whole", "whole", "partial"]);
    let why = column(&runs, "why");
    let said = ["-", "git lists no file", "-", "-", "-", "the submodule `sub` is not read"];
    assert!(why.iter().zip(said).all(|(why, said)| why.contains(said)), "{why:?}");
}

#[test]
fn snapshots_stand_beside_each_other_and_are_not_overwritten() {
    let scratch = fleet();
    assert_eq!(surveyed(&scratch, &["--snapshot", "2027-01-01"]).code, 3);
    let again = surveyed(&scratch, &["--snapshot", "2027-01-01"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("the snapshot `2027-01-01` is there already"), "{}", again.err);
    assert_eq!(surveyed(&scratch, &["--snapshot", "2027-01-02"]).code, 3);
    assert_eq!(surveyed(&scratch, &["--snapshot", "../x"]).code, 2);
    let files = fs::read_dir(scratch.path().join("facts/run")).expect("the table is there");
    let mut files: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["2027-01-01.ndjson", "2027-01-02.ndjson"]);
}

#[test]
fn the_facts_are_the_same_on_one_thread_and_on_many() {
    let scratch = fleet();
    let facts = scratch.path().join("facts");
    let all = || {
        let names = ["run", "instance", "setting", "secret", "finding", "storefront"];
        names.map(|name| table(&facts, name))
    };
    surveyed(&scratch, &["--threads", "1"]);
    let one = all();
    fs::remove_dir_all(&facts).expect("it was written");
    surveyed(&scratch, &["--threads", "7"]);
    assert_eq!(one, all());
}

#[test]
fn without_a_key_names_compare_within_the_run() {
    let scratch = fleet();
    let done = scratch.run(&["fleet", "all", "--output", "facts"]);
    assert_eq!(done.code, 3);
    let facts = scratch.path().join("facts");
    let keys = column(&table(&facts, "run"), "key_name");
    assert!(keys[0].starts_with("run-") && keys.iter().all(|name| *name == keys[0]), "{keys:?}");
    let settings = table(&facts, "setting");
    let names = column(&settings, "fingerprint");
    assert!(names.len() == 4 && names.iter().all(|name| *name == names[0]), "{names:?}");
}

#[test]
fn a_checkout_alone_is_a_fleet_of_one_and_what_cannot_be_listed_is_an_error() {
    let scratch = fleet();
    let done = keyed(&scratch, &["fleet", "all/pay/eu", "--output", "facts"], KEY);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.starts_with("1 repository, 1 read whole"), "{}", done.out);
    assert_eq!(column(&table(&scratch.path().join("facts"), "run"), "repo"), ["eu"]);
    assert_eq!(keyed(&scratch, &["fleet", "nowhere", "--output", "x"], KEY).code, 2);
    assert!(!scratch.path().join("x").exists());
    assert_eq!(keyed(&scratch, &["fleet", "all"], KEY).code, 2);
}

/// The page beside the facts: who is connected by what, nothing that a browser would run, and no key.
#[test]
fn a_page_tells_who_is_connected_by_what() {
    let keys = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys/rsa-pkcs8.pem");
    let key = fs::read_to_string(keys).expect("the key is readable").replace("\r\n", "\n");
    let indented: String = key.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let path = "services_connector/services_connector_integration/production_private_key";
    let scratch = fleet();
    let hostile = "all/<img src=x onerror=alert(1)>";
    scratch.write(&format!("{hostile}/prod.yaml"), format!("{path}: |\n{indented}"));
    scratch.write("all/keys/staging/key.pem", &key);
    for repo in [hostile, "all/keys"] {
        let folder = scratch.path().join(repo);
        for arguments in [&["init", "-q", "-b", "main"][..], &["add", "-A"]] {
            let mut git = std::process::Command::new("git");
            assert!(git.args(arguments).current_dir(&folder).status().expect("git runs").success());
        }
    }
    surveyed(&scratch, &["--snapshot", "2027-01-01"]);
    let page =
        fs::read_to_string(scratch.path().join("facts/fleet.html")).expect("the page is there");
    assert!(
        page.contains("default-src 'none'; style-src 'sha256-") && !page.contains("<script"),
        "{page}"
    );
    assert!(!page.contains("<img") && page.contains("&lt;img src=x"), "{page}");
    let body: Vec<&str> = key.lines().filter(|line| !line.contains("-----")).collect();
    assert!(!body.iter().any(|line| page.contains(&line[..16])), "the page shows a key");
    let ties = page.split("id=\"ties\"").nth(1).and_then(|rest| rest.split("</section>").next());
    let ties = ties.expect("the section is there");
    let rows: Vec<&str> = ties.split("<tr><td>").skip(1).collect();
    assert_eq!(rows.len(), 2, "{ties}");
    assert!(
        rows[0].contains("private key") && rows[0].contains("<b>keys</b>"),
        "mixed kinds are worst: {ties}"
    );
    assert!(rows[1].contains(DATA_SPACE) && rows[1].contains("<b>pay/eu</b> frankfurt"), "{ties}");
    assert!(page.contains("<b>wrong</b>: "), "what was not read is told: {page}");
}

#[test]
fn a_checkout_within_another_is_a_repository_of_its_own() {
    let scratch = Scratch::of(&[
        ("all/shop/k8s/prod/settings.yaml", &data_space(DATA_SPACE)),
        ("all/shop/vendored/k8s/prod/settings.yaml", &data_space(DATA_SPACE)),
        (
            "all/shop/vendored/commerce-lint.toml",
            "[instances.frankfurt]\nfiles = [\"k8s/**\"]\nkind = \"production\"\n",
        ),
        ("all/shop/vendored/deeper/still/prod.yaml", &data_space(DATA_SPACE)),
        ("all/shop/broken/commerce-lint.toml", "colour = 1\n"),
    ]);
    for repo in ["shop/vendored/deeper/still", "shop/vendored", "shop/broken", "shop"] {
        scratch.git(&format!("init -q -b main all/{repo}"));
    }
    scratch.git("-C all/shop add k8s");
    scratch.git("-C all/shop commit -q -m start");
    scratch.git("-C all/shop worktree add -q tree");
    let done = surveyed(&scratch, &[]);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(done.out.starts_with("5 repositories, 4 read whole; wrote "), "{}", done.out);
    let facts = scratch.path().join("facts");
    let runs = table(&facts, "run");
    assert_eq!(
        column(&runs, "repo"),
        ["shop", "shop/broken", "shop/tree", "shop/vendored", "shop/vendored/deeper/still"]
    );
    assert_eq!(column(&runs, "state"), ["whole", "failed", "whole", "whole", "whole"]);
    let instances = table(&facts, "instance");
    assert_eq!(
        column(&instances, "repo"),
        ["shop", "shop/tree", "shop/vendored", "shop/vendored/deeper/still"]
    );
    assert_eq!(column(&instances, "instance")[..3], ["production", "production", "frankfurt"]);
    let paths = column(&table(&facts, "setting"), "path");
    assert_eq!(paths[0], "k8s/prod/settings.yaml", "{paths:?}");
}

#[test]
fn a_submodule_that_is_checked_out_is_read_as_a_repository() {
    let scratch = Scratch::of(&[
        ("all/host/prod.yaml", &data_space(DATA_SPACE)),
        ("lib/prod.yaml", &data_space(DATA_SPACE)),
    ]);
    for repo in ["all/host", "lib"] {
        scratch.git(&format!("init -q -b main {repo}"));
        scratch.git(&format!("-C {repo} add -A"));
        scratch.git(&format!("-C {repo} commit -q -m start"));
    }
    let lib = scratch.path().join("lib");
    let add = format!(
        "-C all/host -c protocol.file.allow=always submodule add -q {} modules/lib",
        lib.display()
    );
    scratch.git(&add);
    scratch.git("-C all/host commit -q -m more");
    let done = surveyed(&scratch, &[]);
    let facts = scratch.path().join("facts");
    let runs = table(&facts, "run");
    assert_eq!(column(&runs, "repo"), ["host", "host/modules/lib"], "{done:?}");
    assert_eq!(column(&table(&facts, "setting"), "repo"), ["host", "host/modules/lib"]);
}
