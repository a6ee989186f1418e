//! Private keys that only earlier commits hold.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::scratch::*;

/// A repository whose second commit brought a key and whose third one took it away.
fn repository() -> Repository {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.commit_file("keys/live.pem", key("rsa-pkcs8.pem"));
    repository.remove("keys/live.pem");
    repository.commit("Remove the key");
    repository
}

#[test]
fn a_key_that_came_and_went() {
    repository().shows(
        "history",
        &[
            run("--history"),
            run("--history --output-format pretty"),
            run("--history --output-format json"),
            run(""),
        ],
    );
}

#[test]
fn a_range_of_commits() {
    let repository = repository();
    repository.commit_file("notes.txt", "nothing");
    repository.shows(
        "history-of-a-range",
        &[
            run("--history=HEAD~1..HEAD"),
            run("--history=HEAD~3..HEAD"),
            run("--history=HEAD~3..HEAD~2"),
            run("--history=HEAD~2"),
            run("--history=..HEAD~1"),
            run("--history=HEAD~3.."),
            run("--history=HEAD~3...main"),
            run("--history=HEAD~1..HEAD deploy"),
        ],
    );
}

#[test]
fn one_key_at_several_paths_in_several_forms() {
    let repository = repository();
    let escaped = key("rsa-pkcs8.pem").trim_end().replace('\n', "\\n");
    repository.commit_file(STAGING, dotenv(&[(PRIVATE_KEY, &escaped)]));
    repository.write("copy.pem", key("rsa-pkcs1.pem"));
    repository.commit_file(STAGING, dotenv(&[(PRIVATE_KEY, "${KEY}")]));
    repository.remove("copy.pem");
    repository.commit("Remove the copy");
    repository.shows("history-of-several-paths", &[run("--history --output-format pretty")]);
}

/// What commits and tags say is in every clone as well.
#[test]
fn a_key_in_a_message() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.write("notes.txt", "nothing");
    repository.git("add notes.txt");
    repository.git_in("repo", &["commit", "-qm", &key("ec-pkcs8.pem")]);
    repository.git_in("repo", &["tag", "-am", &key("rsa-pkcs8.pem"), "v1"]);
    repository.shows(
        "history-of-messages",
        &[
            run("--history"),
            run("--history=HEAD~1..HEAD"),
            run("--base HEAD~1 --output-format pretty"),
            run("--history=HEAD~1"),
        ],
    );
}

/// Git would fetch what a clone lacks in order to look for what it has.
#[test]
fn a_clone_without_the_contents_of_earlier_commits() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.commit_file(PROD, space(OTHER));
    repository.write("key.pem", key("ec-pkcs8.pem"));
    let blob = repository.git("hash-object -w key.pem");
    repository.git(&format!("tag key {blob}"));
    repository.remove("key.pem");
    repository.git("config uploadpack.allowFilter true");
    let from = format!("file://{}", repository.path().display());
    repository.git_in("", &["clone", "-q", "--filter=blob:none", &from, "clone"]);
    let runs = [run("--history").within("clone")];
    repository.shows("history-of-a-clone-without-contents", &runs);
}

#[test]
fn a_key_that_is_still_there_is_not_told_twice() {
    let repository = repository();
    repository.commit_file("keys/moved.pem", key("rsa-pkcs8.pem"));
    repository.shows("history-and-tree", &[run("--history"), run("--history --staged")]);
    repository.commit_file("keys/moved.pem", key("ec-pkcs8.pem"));
    repository.shows("history-of-another-key", &[run("--history")]);
}

#[test]
fn encrypted_keys_and_public_ones_are_no_finding() {
    let repository = Repository::new();
    for name in
        ["rsa-encrypted-pkcs8.pem", "openssh-encrypted.pem", "public.pem", "certificate.pem"]
    {
        repository.write(name, key(name));
    }
    repository.commit("Set up");
    repository.git("rm -q -r .");
    repository.git("commit -qm Remove");
    repository.shows("history-encrypted", &[run("--history")]);
}

#[test]
fn a_key_that_only_a_merge_brought() {
    let repository = Repository::new();
    repository.commit_file("config.yaml", "a: 1\n");
    repository.git("checkout -qb other");
    repository.commit_file("other.yaml", "b: 1\n");
    repository.git("checkout -q main");
    repository.commit_file("config.yaml", "a: 2\n");
    repository.git_in("repo", &["merge", "-q", "--no-commit", "--no-ff", "other"]);
    repository
        .write("config.yaml", format!("key: |\n  {}", key("ec-pkcs8.pem").replace('\n', "\n  ")));
    repository.commit("Merge");
    repository.commit_file("config.yaml", "a: 3\n");
    repository.shows("history-of-a-merge", &[run("--history")]);
}

#[test]
fn a_key_on_a_side_branch_came_with_its_own_commit() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.git("checkout -qb side");
    repository.commit_file("key.pem", key("ec-pkcs8.pem"));
    repository.git("checkout -q main");
    repository.commit_file("notes.txt", "main");
    repository.git_in("repo", &["merge", "-qm", "Merge", "side"]);
    repository.remove("key.pem");
    repository.commit("Remove");
    repository.shows("history-of-a-side-branch", &[run("--history")]);
    repository.git("branch -qD side");
    repository.git("checkout -q HEAD~1");
    repository.git("checkout -qb late");
    repository.git("rm -q key.pem");
    repository.git("commit -qm Again");
    repository.git_in("repo", &["merge", "-qm", "Meet", "main"]);
    repository.shows("history-of-two-removals", &[run("--history")]);
}

#[test]
fn a_key_that_only_a_stash_or_a_tag_holds() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.write(PROD, dotenv(&[(DATA_SPACE, SPACE), (PRIVATE_KEY, &key("ec-pkcs8.pem"))]));
    repository.git("stash -q");
    repository.shows("history-of-a-stash", &[run("--history"), run("--history=HEAD")]);
    repository.git("stash drop -q");
    repository.commit_file("key.pem", key("rsa-pkcs8.pem"));
    repository.git("tag old");
    repository.git("reset -q --hard HEAD~1");
    repository.shows("history-of-a-tag", &[run("--history"), run("--history=HEAD")]);
}

#[test]
fn a_tag_may_be_a_file() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.write("key.pem", key("ec-pkcs8.pem"));
    let id = repository.git("hash-object -w key.pem");
    repository.remove("key.pem");
    repository.git(&format!("tag public-key {id}"));
    repository.shows("history-of-a-tagged-file", &[run("--history")]);
}

#[test]
fn a_folder_has_the_history_of_its_files() {
    let repository = repository();
    repository.shows(
        "history-of-a-folder",
        &[run("--history keys"), run("--history deploy"), run("--history keys/live.pem")],
    );
    repository.commit_file("keys/notes.txt", "gone");
    repository.shows(
        "history-of-a-folder-again",
        &[run("--history keys"), run("--history").within("repo/keys")],
    );
}

#[test]
fn what_is_excluded_has_no_history() {
    let repository = repository();
    repository.commit_file("commerce-lint.toml", "exclude = [\"keys\"]\n");
    repository
        .shows("history-of-excluded-files", &[run("--history"), run("--history --no-config")]);
}

#[test]
fn a_folder_may_be_called_as_a_branch_is() {
    let repository = repository();
    repository.git("branch deploy");
    repository.shows("history-of-a-branch-called-as-a-folder", &[run("--history=deploy")]);
}

#[test]
fn what_of_the_history_cannot_be_read_is_named() {
    let repository = Repository::new();
    repository.write("commerce-lint.toml", "[limits]\nfile-bytes = \"1 KiB\"\n");
    repository.commit_file("keys/live.pem", key("rsa-pkcs8.pem"));
    repository.write("keys/live.pem", "gone\n");
    repository.commit("Remove the key");
    repository.shows("history-beyond-the-limit", &[run("--history"), run("--history deploy/..")]);
}

#[test]
fn what_another_state_cannot_read_is_told_once() {
    let repository = Repository::new();
    repository
        .commit_file("deploy/env.prod.php", "<?php return ['services_connector' => ['services_id'");
    repository.shows("history-of-a-broken-file", &[run("--history --staged"), run("--history")]);
}

#[test]
fn a_key_that_the_change_takes_away_is_buried() {
    let repository = Repository::new();
    repository.commit_file("key.pem", key("ec-pkcs8.pem"));
    repository.git("rm -q key.pem");
    repository.commit_file("notes.txt", "");
    repository.write("key.pem", key("ec-pkcs8.pem"));
    repository.shows(
        "history-of-the-index",
        &[run("--history --staged"), run("--history --base HEAD~1")],
    );
}

#[test]
fn a_key_that_never_left_an_other_branch() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.git("checkout -qb other");
    repository.commit_file("key.pem", key("ec-pkcs8.pem"));
    repository.git("checkout -q main");
    repository.shows("history-of-another-branch", &[run("--history")]);
}

#[test]
fn a_content_that_many_commits_hold_is_read_once() {
    let repository = Repository::new();
    let broken = "<?php return ['system' => ['default' => ['services_connector' => ['services_id'";
    for folder in ["a", "b", "c"] {
        repository.commit_file(&format!("{folder}/env.php"), broken);
    }
    repository.git("rm -q -r .");
    repository.git("commit -qm Remove");
    // A file that cannot be parsed is told of the newest state alone; a key once.
    repository.commit_file("a/key.pem", key("ec-pkcs8.pem"));
    repository.git("mv a/key.pem b.pem");
    repository.git("commit -qm Move");
    repository.git("mv b.pem c.pem");
    repository.git("commit -qm Again");
    repository.git("rm -q c.pem");
    repository.git("commit -qm Remove");
    repository.shows("history-of-copies", &[run("--history")]);
}

#[test]
fn who_watches_sees_how_far_it_is() {
    use commerce_lint::cli;
    use commerce_lint::command::answer;
    use commerce_lint::progress::Screen;
    use commerce_lint::publish::{Look, Pipeline};
    let repository = repository();
    let path = repository.path().display().to_string();
    let arguments = ["commerce-lint", "check", "--history", "--output-format", "line", &path];
    let arguments = arguments.map(std::ffi::OsString::from);
    let paper = Paper::default();
    let screen = Screen::new(paper.clone(), || 100).at_once();
    let told = |screen| {
        let pipeline = Pipeline::default();
        let colors = cli::color::Colors::default();
        let look = Look { colors, width: 100, most: None, day: None, screen, pipeline };
        let clock = commerce_lint::clock::Clock { seconds: 0, source_date_epoch: None };
        let (mut out, mut remarks) = (Vec::new(), Vec::new());
        let code = answer(cli::parse(&arguments, colors), look, &clock, &mut out, &mut remarks);
        assert_eq!(String::from_utf8_lossy(&remarks), "");
        (code, String::from_utf8_lossy(&out).into_owned())
    };
    let (unwatched, watched) = (told(None), told(Some(&screen)));
    assert_eq!(unwatched, watched);
    assert_eq!(unwatched.0, 1);
    let shown = String::from_utf8(paper.0.lock().expect("no thread failed").clone());
    let shown = shown.expect("a line is text");
    assert!(shown.starts_with("\rlisting files"), "{shown:?}");
    let last = shown.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default();
    assert!(shown.ends_with('\r') && last.trim().is_empty(), "the line is gone: {shown:?}");
}

/// What a screen is sent.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no thread failed").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_key_that_moves_is_not_removed_by_the_move() {
    let repository = Repository::new();
    repository.commit_file(PROD, space(SPACE));
    repository.commit_file("nginx/shop.key", key("rsa-pkcs8.pem"));
    repository.remove("nginx/shop.key");
    repository.commit_file("images/nginx/shop.key", key("rsa-pkcs8.pem"));
    repository.remove("images/nginx/shop.key");
    repository.commit("Remove the key");
    repository.shows("history-of-a-moved-key", &[run("--history"), run("--history=HEAD~1..HEAD")]);
}
