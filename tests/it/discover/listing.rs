//! Which files are found, and what reading them gives, on any system.

use std::fs;
use std::path::Path;

use commerce_lint::discover::{DiscoverError, discover};
use commerce_lint::read::{Content, Limits, read};

use super::scratch::*;

#[test]
fn in_git_the_index_and_what_is_not_ignored_are_found() {
    let root = folder();
    git(root.path(), &["init", "-q"]);
    for name in
        ["b.yaml", "app/etc/env.php", "a-b/c", "a/c", "gone", "ignored.env", "link-in-index"]
    {
        write(root.path(), name, SETTING);
    }
    write(root.path(), ".gitignore", "*.env\nenv.php\nvendor\n");
    git(root.path(), &["add", "-f", "app", "gone", "b.yaml", "link-in-index"]);
    write(root.path(), "vendor/x", "");
    fs::remove_file(root.path().join("gone")).unwrap();
    let tree = tree(root.path());
    assert_eq!(
        names(&tree),
        [".gitignore", "a-b/c", "a/c", "app/etc/env.php", "b.yaml", "gone", "link-in-index"]
    );
    assert_eq!(tree.notes, Vec::<String>::new());
    assert_eq!(content(&tree, "gone"), Content::Skipped);
    assert!(is_text(&content(&tree, "app/etc/env.php")));
}

#[test]
fn a_folder_of_a_repository_is_a_tree_of_its_own() {
    let root = folder();
    git(root.path(), &["init", "-q"]);
    write(root.path(), "outside", "");
    write(root.path(), "shops/eu/tracked", "");
    git(root.path(), &["add", "."]);
    write(root.path(), "shops/eu/untracked", "");
    let tree = tree(&root.path().join("shops/eu"));
    assert_eq!(names(&tree), ["tracked", "untracked"]);
    assert_eq!(tree.name, "eu");
}

#[test]
fn an_ignored_folder_that_is_asked_for_is_walked() {
    let root = folder();
    git(root.path(), &["init", "-q"]);
    write(root.path(), ".gitignore", "build\n");
    write(root.path(), "build/env.php", SETTING);
    let tree = tree(&root.path().join("build"));
    assert_eq!(names(&tree), ["env.php"]);
    assert_eq!(tree.notes.len(), 1);
}

#[test]
fn linked_work_trees_and_nested_repositories_are_read() {
    let root = folder();
    let main = root.path().join("main");
    write(&main, "a", "");
    git(&main, &["init", "-q"]);
    git(&main, &["add", "."]);
    git(&main, &["commit", "-qm", "First"]);
    git(&main, &["worktree", "add", "-q", "../linked"]);
    assert_eq!(names(&tree(&root.path().join("linked"))), ["a"]);

    let nested = main.join("nested");
    write(&nested, "ignored", "");
    write(&nested, ".gitignore", "ignored\n");
    git(&nested, &["init", "-q"]);
    assert_eq!(names(&tree(&main)), ["a", "nested/.gitignore", "nested/ignored"]);
}

#[test]
fn a_submodule_is_named_as_not_read() {
    let root = folder();
    let (inner, outer) = (root.path().join("inner"), root.path().join("outer"));
    for repository in [&inner, &outer] {
        write(repository, "a", "");
        git(repository, &["init", "-q"]);
        git(repository, &["add", "."]);
        git(repository, &["commit", "-qm", "First"]);
    }
    git(&outer, &["submodule", "add", "-q", "../inner", "module"]);
    let found = tree(&outer);
    assert_eq!(names(&found), [".gitmodules", "a"]);
    assert_eq!(found.notes, ["the submodule `module` is not read"]);
    assert_eq!(names(&tree(&outer.join("module"))), ["a"]);
}

#[test]
fn unmerged_files_are_found_once() {
    let root = folder();
    git(root.path(), &["init", "-q", "-b", "main"]);
    let commit = |text: &str| {
        write(root.path(), "a", text);
        git(root.path(), &["add", "."]);
        git(root.path(), &["commit", "-qm", "Change"]);
    };
    commit("one");
    git(root.path(), &["checkout", "-qb", "other"]);
    commit("two");
    git(root.path(), &["checkout", "-q", "main"]);
    commit("three");
    assert!(
        !isolated_git(root.path())
            .args(["merge", "-q", "other"])
            .output()
            .unwrap()
            .status
            .success()
    );
    assert_eq!(names(&tree(root.path())), ["a"]);
}

#[test]
fn a_plain_folder_is_walked_whole_and_sorted_by_bytes() {
    let root = folder();
    for name in ["b", "a/b", "a-b/c", "a.b", ".hidden/x", "sub/.git/config", "sub/x", ".gitignore"]
    {
        write(root.path(), name, "*");
    }
    assert_eq!(
        names(&tree(root.path())),
        [".gitignore", ".hidden/x", "a-b/c", "a.b", "a/b", "b", "sub/x"]
    );
}

#[test]
fn excluded_folders_take_their_files_along() {
    let root = folder();
    for name in ["vendor/a/b", "src/c", "src/d.bak"] {
        write(root.path(), name, "");
    }
    let excluded = |name: &str| name == "vendor" || name == "src/d.bak";
    assert_eq!(names(&discover(root.path(), &excluded).unwrap()), ["src/c"]);
    git(root.path(), &["init", "-q"]);
    git(root.path(), &["add", "vendor"]);
    assert_eq!(names(&discover(root.path(), &excluded).unwrap()), ["src/c"]);
}

#[test]
fn one_file_is_a_tree() {
    let root = folder();
    write(root.path(), "shop/env.php", SETTING);
    write(root.path(), "shop/other", SETTING);
    let tree = tree(&root.path().join("shop/env.php"));
    assert_eq!((names(&tree), tree.name.as_str()), (vec!["env.php"], "shop"));
    assert!(is_text(&content(&tree, "env.php")));
}

#[test]
fn a_missing_path_is_one_clear_line() {
    let error = discover(Path::new("no/such/folder"), &|_| false).unwrap_err();
    assert!(matches!(error, DiscoverError::Unreachable { .. }));
    assert_eq!(error.to_string(), "cannot read `no/such/folder`: no such file or directory");
}

#[test]
fn a_broken_repository_is_walked_with_a_note() {
    let root = folder();
    git(root.path(), &["init", "-q"]);
    write(root.path(), ".gitignore", "env.php\n");
    write(root.path(), "env.php", SETTING);
    write(root.path(), ".git/index", "nonsense");
    let tree = tree(root.path());
    assert_eq!(names(&tree), [".gitignore", "env.php"]);
    assert!(
        tree.notes
            .iter()
            .any(|note| note.contains("index file smaller") && note.ends_with("ignored ones too")),
        "{:?}",
        tree.notes
    );
}

#[test]
fn what_changed_its_nature_after_it_was_listed_is_skipped_not_an_error() {
    let root = folder();
    write(root.path(), "folder/file", SETTING);
    let mut buffer = Vec::new();
    for path in ["folder", "folder/file/below", "nothing"] {
        assert_eq!(
            read(root.path(), &file(path), &Limits::default(), &mut buffer),
            Content::Skipped,
            "{path}"
        );
    }
}

#[test]
fn only_files_that_can_matter_are_handed_on() {
    let root = folder();
    write(root.path(), "clean", "a: b\n");
    write(
        root.path(),
        "binary",
        [b"\0\x01\xff-----BEGIN PRIVATE KEY-----".as_slice(), &[0; 9]].concat(),
    );
    write(root.path(), "setting", SETTING);
    let tree = tree(root.path());
    assert_eq!(content(&tree, "clean"), Content::Clean);
    assert!(
        matches!(content(&tree, "binary"), Content::Text { sifted, .. } if sifted.secrets && !sifted.settings)
    );
    assert!(
        matches!(content(&tree, "setting"), Content::Text { bytes, .. } if bytes == SETTING.as_bytes())
    );
}

#[test]
fn utf_16_is_read_where_it_matters() {
    let root = folder();
    let wide = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
    };
    write(root.path(), "clean", wide("é: ü", u16::to_le_bytes));
    write(root.path(), "little", wide(SETTING, u16::to_le_bytes));
    write(root.path(), "big", wide(SETTING, u16::to_be_bytes));
    write(root.path(), "far", wide(&("é".repeat(1_000_000) + SETTING), u16::to_be_bytes));
    let words: Vec<u8> = format!("\u{FEFF}{SETTING}")
        .chars()
        .flat_map(|letter| u32::from(letter).to_le_bytes())
        .collect();
    write(root.path(), "utf-32", words);
    let tree = tree(root.path());
    assert_eq!(content(&tree, "clean"), Content::Clean);
    for name in ["little", "big", "far"] {
        assert!(is_text(&content(&tree, name)), "{name}");
    }
    assert_eq!(unread(content(&tree, "utf-32")), "is UTF-32; save it as UTF-8");
}

#[test]
fn the_limit_counts_only_for_what_matters() {
    let root = folder();
    let limits = Limits { file_bytes: 1024 };
    let mut buffer = Vec::new();
    let mut at = |length: usize, needle: bool| {
        let tail = if needle { SETTING } else { "" };
        write(root.path(), "a", "x".repeat(length - tail.len()) + tail);
        read(root.path(), &file("a"), &limits, &mut buffer)
    };
    assert!(is_text(&at(1024, true)));
    assert_eq!(at(1025, false), Content::Clean);
    assert_eq!(unread(at(1025, true)), "is larger than 1 KiB (limits.file-bytes)");
}

#[test]
fn a_needle_is_found_wherever_a_large_file_is_cut() {
    let root = folder();
    let mut buffer = Vec::new();
    for start in (256 * 1024 - 60..256 * 1024 + 20).chain(512 * 1024 - 200..512 * 1024 - 120) {
        let mut bytes = vec![b'x'; 600 * 1024];
        bytes.splice(start..start + SETTING.len(), SETTING.bytes());
        write(root.path(), "a", &bytes);
        let content = read(root.path(), &file("a"), &Limits::default(), &mut buffer);
        assert!(matches!(content, Content::Text { bytes: read, .. } if read == bytes), "{start}");
    }
}

#[test]
fn two_hundred_megabytes_are_sifted_in_little_memory() {
    use std::io::{Seek as _, SeekFrom, Write as _};
    let root = folder();
    let path = root.path().join("dump.txt");
    fs::File::create(&path).unwrap().set_len(200 << 20).unwrap();
    let mut buffer = Vec::new();
    let mut read = || read(root.path(), &file("dump.txt"), &Limits::default(), &mut buffer);
    assert_eq!(read(), Content::Clean);
    let mut handle = fs::File::options().write(true).open(&path).unwrap();
    handle.seek(SeekFrom::End(-100)).unwrap();
    handle.write_all(SETTING.as_bytes()).unwrap();
    assert_eq!(unread(read()), "is larger than 64 MiB (limits.file-bytes)");
    assert!(buffer.capacity() < 1 << 20);
}

#[test]
fn a_dump_beyond_the_limit_is_read_in_pieces() {
    use std::fmt::Write as _;
    let root = folder();
    let mut dump =
        "INSERT INTO `cms_block` VALUES (1,'it\\'s; services_connector');\n".repeat(40_000);
    let before = dump.len();
    let row = "INSERT INTO `core_config_data` VALUES (1,'default',0,'services_connector/x','y');";
    writeln!(dump, " {row}").unwrap();
    fs::write(root.path().join("dump.sql"), &dump).unwrap();
    let mut buffer = Vec::new();
    let limits = Limits { file_bytes: 1 << 20 };
    let mut read = |limits: &Limits| read(root.path(), &file("dump.sql"), limits, &mut buffer);
    let Content::Parts { parts } = read(&limits) else { panic!() };
    let part = parts.first().unwrap();
    assert_eq!((part.bytes.as_slice(), parts.len()), (row.as_bytes(), 1));
    assert_eq!((part.byte, part.line, part.column), (before + 1, 40_001, 2));
    let reason = unread(read(&Limits { file_bytes: 60 }));
    assert_eq!(reason, "holds more than 60 bytes of settings (limits.file-bytes)");
    fs::write(root.path().join("dump.sql"), dump.get(..before).unwrap()).unwrap();
    assert_eq!(read(&limits), Content::Clean);
}

#[test]
fn what_is_gone_since_the_folder_was_listed_is_not_clean() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("app")).unwrap();
    for name in ["app/a.yaml", "b.yaml"] {
        fs::write(root.path().join(name), "a: b\n").unwrap();
    }
    let tree = tree(root.path());
    fs::remove_file(root.path().join("b.yaml")).unwrap();
    fs::remove_dir_all(root.path().join("app")).unwrap();
    for name in ["app/a.yaml", "b.yaml"] {
        assert_eq!(unread(content(&tree, name)), "is gone since the folder was listed");
    }
}
