//! What cannot be read whole, or is passed over line by line, is told: no file that may hold a setting is silent.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const NAME: &str = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";
const PATH: &str = "services_connector/services_id/environment_id";

/// The run on production and one more file.
fn checked(path: &str, content: impl AsRef<[u8]>) -> Done {
    let scratch = Scratch::of(&[("prod/settings.yaml", &data_space(DATA_SPACE))]);
    scratch.write(path, content);
    scratch.run(&["check", "--no-config", "--output-format", "line"])
}

fn alone(path: &str, content: impl AsRef<[u8]>) -> Done {
    let scratch = Scratch::new();
    scratch.write(path, content);
    scratch.run(&["check", "--no-config", "--output-format", "line"])
}

fn assert_told(done: &Done, code: i32, words: &str) {
    assert_eq!(done.code, code, "{}", done.all());
    assert!(done.all().contains(words), "{words}: {}", done.all());
}

fn assert_silent(done: &Done) {
    assert_eq!((done.code, done.err.contains("note: ")), (0, false), "{}", done.all());
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("it is written to memory");
    encoder.finish().expect("it is written to memory")
}

/// Rows of settings that are not ours.
fn rows(count: usize) -> String {
    let row = |at| format!("({at},'default',0,'web/x{at}/y','{}')", at * 7919);
    (1..=count).map(row).collect::<Vec<_>>().join(",\n")
}

fn dump() -> String {
    format!("CREATE TABLE `a` (b int);\nINSERT INTO `core_config_data` VALUES\n{};\n", rows(400))
}

#[test]
fn a_damaged_dump_is_told() {
    let whole = gzip(dump().as_bytes());
    let sound = alone("db/prod.sql.gz", &whole);
    assert_silent(&sound);
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x55;
    let broken = "the compression breaks off or is not sound";
    for bytes in [&flipped[..], &whole[..whole.len() / 2], &whole[..14]] {
        assert_told(&alone("db/prod.sql.gz", bytes), 3, broken);
        assert_silent(&alone("media/photos.tar.gz", bytes));
    }
    let noise: Vec<u8> =
        (0..999_u32).map(|at| u8::try_from(at * at % 251).expect("it is small")).collect();
    let neither = "is neither compressed by gzip, as its name says, nor text";
    assert_told(&alone("db/prod.sql.gz", &noise), 3, neither);
    assert_silent(&alone("db/prod.sql.gz", ""));
}

#[test]
fn a_dump_that_is_not_compressed_is_read() {
    let row = format!("INSERT INTO core_config_data VALUES (1,'default',0,'{PATH}','no-uuid');\n");
    let done = alone("db/prod.sql.gz", row);
    assert_told(&done, 1, "malformed-data-space-id");
    assert_silent(&alone("db/prod.sql.gz", dump()));
}

#[test]
fn a_dump_that_ends_within_settings_is_told() {
    let words = "the file ends within a statement";
    for prefix in ["", "m2_"] {
        let head = format!("-- {PATH}\nINSERT INTO `{prefix}core_config_data` ");
        for rest in [
            "(`config_id`, `sco",
            "VALUES (1,'default',0,'web/a/b','c'),",
            "VALUES (1,'default',0,'web/a/b','c'),\n(2,'default'",
            "VALUES (1,'default',",
        ] {
            assert_told(&alone("db/prod.sql", format!("{head}{rest}")), 3, words);
            assert_told(
                &alone("db/prod.sql.gz", gzip(format!("{head}{rest}").as_bytes())),
                3,
                words,
            );
        }
        let open = format!("{head}VALUES (1,'default',0,'web/a/b','c'),(2,'def");
        assert_told(&alone("db/prod.sql", open), 3, "a string is opened and never closed");
        let head = format!("INSERT INTO `{prefix}core_config_data` ");
        for rest in [
            "VALUES (1,'default',0,'web/a/b','c')",
            "VALUES (1,'default',0,'web/a/b','c');\n-- done, almost",
            "VALUES (1,'default',0,'web/a/b',CONCAT('c'))",
            "(path, value) VALUES ('a/b/c', 'd') ON DUPLICATE KEY UPDATE value = 'd'",
            "SET path = 'a/b/c', value = 'd'",
            "SELECT * FROM old",
        ] {
            assert_silent(&alone("db/prod.sql", format!("{head}{rest}")));
        }
    }
    assert_silent(&alone("db/prod.sql", "INSERT INTO sales_order VALUES (1,'a'),(2,"));
}

#[test]
fn properties_are_read_as_java_reads_them() {
    for line in [
        format!("{NAME}: {DATA_SPACE}"),
        format!("{NAME}:{DATA_SPACE}"),
        format!("{NAME} {DATA_SPACE}"),
        format!("{NAME}\t:\t{DATA_SPACE}"),
        format!("  {PATH} : {DATA_SPACE}"),
        format!("{PATH} = {DATA_SPACE}"),
    ] {
        let done = checked("staging/app.properties", format!("# shop\nname: x\n{line}\n"));
        assert_told(&done, 1, "shared-data-space");
    }
    let remark = format!("! {NAME} {DATA_SPACE}\n# {NAME}: {DATA_SPACE}\na = b\n");
    assert_silent(&checked("staging/app.properties", remark));
}

#[test]
fn a_directive_that_is_passed_over_is_told() {
    let rewrite = format!("RewriteRule . - [E={NAME}:{DATA_SPACE}]\n");
    assert_told(&checked("staging/site.conf", rewrite), 0, "names connector settings");
    assert_silent(&checked("staging/site.conf", format!("# {NAME}\nlisten 80;\n")));
}

#[test]
fn a_quote_that_is_never_closed_is_told_where_a_command_sets_something() {
    let words = "a quote is opened and never closed";
    let set = format!("bin/magento config:set {PATH}");
    for script in [
        format!("{set} '{DATA_SPACE}\necho done\n"),
        format!("{set} \\\n  '{DATA_SPACE}\n"),
        format!("{set} \"{DATA_SPACE}\n"),
        format!("{set} {DATA_SPACE}; bin/magento config:set a/b/c 'it'\\''s\n"),
        format!("export {NAME}='{DATA_SPACE}\n"),
    ] {
        assert_told(&alone("deploy/prod.sh", script), 3, words);
    }
    let sound = format!("{set} '{DATA_SPACE}'\n");
    for script in [
        format!("# it's so\n{sound}"),
        format!("{sound}cat <<E\nit's so \"\nE\n{sound}"),
        format!("echo 'it'\\''s'; {sound}"),
        format!("echo $'it\\'s'; {sound}"),
        format!("case x in it\\'s) {sound};; esac\n"),
        format!("x=\"$(echo 'a\"b')\"; {sound}"),
        format!("x=`echo \"a'b\"`; {sound}"),
        format!("bin/magento config:set web/a/b \"it's\"\n{sound}"),
        format!("ssh a \"bin/magento config:set {PATH} '{DATA_SPACE}'\"\n"),
        format!("echo \"${{x:-it's}}\"; {sound}"),
        format!("x=${{y#\\'}}; {sound}"),
    ] {
        let done = alone("deploy/prod.sh", &script);
        assert!(done.code == 0 && !done.all().contains(words), "{script}: {}", done.all());
    }
}

#[test]
fn packed_files_that_hold_settings_by_their_names_are_noted() {
    for (path, content) in [
        ("staging/.env", &b"\0GITCRYPT\0aaaa"[..]),
        ("db/prod.sql.bz2", b"BZh91AY&SY"),
        ("db/prod.sql.zst", b"\x28\xB5\x2F\xFD\0\0"),
        ("db/prod.sql.zip", b"PK\x03\x04\0\0"),
        ("db/prod.sql.gz", b"\x28\xB5\x2F\xFD\0\0"),
    ] {
        let note = format!("`{path}` is packed or encrypted, and nothing in it is seen");
        assert_told(&checked(path, content), 0, &note);
    }
    for path in ["media/a.zip", "docs/offer.docx", "photos.tar.zst", "lib/tool.jar"] {
        assert_silent(&checked(path, b"PK\x03\x04\0\0"));
    }
}

#[test]
fn advice_escapes_what_a_pattern_takes_as_a_sign() {
    let scratch = Scratch::of(&[
        ("[a]/prod/.env", &format!("{NAME}={DATA_SPACE}\n")),
        ("[a]/staging/.env", &format!("{NAME}={DATA_SPACE}\n")),
    ]);
    let done = scratch.run(&["check"]);
    assert!(done.out.contains("files = [\"[[]a[]]/prod/.env\"]"), "{}", done.all());
}

#[test]
fn a_pattern_that_matches_nothing_is_told_in_an_empty_tree() {
    let scratch = Scratch::of(&[("commerce-lint.toml", "[instances.x]\nfiles = [\"nope/**\"]\n")]);
    assert_told(&scratch.run(&["check", "--output-format", "line"]), 0, "unmatched-pattern");
}
