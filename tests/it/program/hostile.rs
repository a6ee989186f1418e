//! Bad input: nothing panics, hangs, overflows or prints what a terminal obeys; what hides settings is told and makes the run incomplete.
//!
//! `scratch::run` holds the time and the bytes of every output.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const PATH: &str = "services_connector/services_id/environment_id";
const VARIABLE: &str = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";

/// A document round some filler.
type Filled = fn(&str) -> String;

/// A document with brackets that open and close.
type Nested = fn(&str, &str) -> String;

/// Each format: a file's name, and a document that sets a data space after (or around) some filler.
const FORMATS: [(&str, Filled); 5] = [
    ("a.yaml", |filler| format!("{{ filler: '{filler}', {PATH}: {DATA_SPACE} }}")),
    ("a.json", |filler| format!("{{\"filler\": \"{filler}\", \"{PATH}\": \"{DATA_SPACE}\"}}")),
    ("env.php", |filler| {
        format!("<?php return ['filler' => '{filler}', '{PATH}' => '{DATA_SPACE}'];")
    }),
    ("a.toml", |filler| format!("filler = '{filler}'\n\"{PATH}\" = '{DATA_SPACE}'")),
    (".env", |filler| format!("FILLER={filler}\n{VARIABLE}={DATA_SPACE}")),
];

/// The same, with thousands of brackets of each kind around or beside the setting.
const NESTED: [(&str, Nested); 7] = [
    ("a.yaml", |open, close| format!("{PATH}: {DATA_SPACE}\nx: {open}{close}\n")),
    ("b.yaml", |open, _| format!("{PATH}: {DATA_SPACE}\nx: {open}\n")),
    ("a.json", |open, close| format!("{{\"{PATH}\": \"{DATA_SPACE}\", \"x\": {open}{close}}}")),
    ("env.php", |open, close| {
        format!("<?php return ['{PATH}' => '{DATA_SPACE}', 'x' => {open}{close}];")
    }),
    ("config.php", |open, _| format!("<?php return ['{PATH}' => '{DATA_SPACE}', 'x' => {open}")),
    ("a.toml", |open, close| format!("\"{PATH}\" = '{DATA_SPACE}'\nx = {open}{close}\n")),
    ("b.toml", |open, _| format!("\"{PATH}\" = '{DATA_SPACE}'\nx = {open}")),
];

/// Runs every command on the tree; returns what `check` says line by line.
fn all(scratch: &Scratch) -> Done {
    for arguments in [
        &["check"][..],
        &["check", "--output-format", "json"],
        &["instances", "--explain"],
        &["instances", "--output-format", "json"],
        &["init", "--print"],
    ] {
        let done = scratch.run(arguments);
        assert!(done.out.len() < 100_000, "{} bytes from {arguments:?}", done.out.len());
        assert!([0, 1, 3].contains(&done.code), "{done:?}");
    }
    scratch.run(&["check", "--output-format", "line"])
}

fn assert_incomplete(done: &Done, path: &str) {
    assert_eq!(done.code, 3, "{path}: {}", done.out);
    assert!(
        done.out
            .lines()
            .any(|line| line.starts_with(&format!("{path}:"))
                && line.ends_with("[unreadable-config]")),
        "{path}: {}",
        done.out
    );
    assert!(!done.out.contains("made a reader of this tool fail"), "{}", done.out);
}

fn data_space_of(scratch: &Scratch) -> serde_json::Value {
    let listed = scratch.run(&["instances", "--output-format", "json"]).json();
    listed["instances"][0]["data_space"].clone()
}

#[test]
fn bytes_that_are_no_text_matter_only_where_settings_are() {
    let line = data_space(DATA_SPACE);
    let beside = Scratch::new();
    beside.write("a.yaml", [b"# caf\xe9 \xff\xfe\n", line.as_bytes()].concat());
    assert_eq!(all(&beside).out, "no findings in 1 instance (1 file read)\n");
    assert_eq!(data_space_of(&beside), DATA_SPACE);
    for (name, bytes) in [
        ("a.yaml", [PATH.as_bytes(), b": caf\xe9\n"].concat()),
        ("a.json", [b"{\"", PATH.as_bytes(), b"\": \"caf\xe9\"}"].concat()),
        ("env.php", [b"<?php return ['", PATH.as_bytes(), b"' => 'caf\xe9'];"].concat()),
        (".env", [VARIABLE.as_bytes(), b"=caf\xe9\n"].concat()),
        ("a.toml", [b"\"", PATH.as_bytes(), b"\" = 'caf\xe9'\n"].concat()),
    ] {
        let within = Scratch::new();
        within.write(name, bytes);
        let done = all(&within);
        assert!([1, 3].contains(&done.code), "{name}: {done:?}");
        assert!(done.out.contains("[unreadable-config]"), "{name}: {}", done.out);
        assert!(done.out.contains("incomplete"), "{name}: {}", done.out);
    }
}

#[test]
fn utf_16_is_read_like_any_text() {
    let wide = |text: &str, of: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(of).collect()
    };
    for of in [u16::to_le_bytes, u16::to_be_bytes] {
        let scratch = Scratch::new();
        scratch.write("a.yaml", wide(&data_space(DATA_SPACE), of));
        assert_eq!(all(&scratch).code, 0);
        assert_eq!(data_space_of(&scratch), DATA_SPACE);
        let clean = Scratch::new();
        clean.write("a.yaml", wide("shop: é\n", of));
        assert_eq!(all(&clean).code, 0);
    }
}

#[test]
fn a_file_of_200_megabytes_is_read_to_its_end() {
    for (end, code) in [("", 0), ("services_connector/services_id/project_id: x\n", 3)] {
        let scratch = Scratch::new();
        let path = scratch.write("dump.yaml", "a: b\n");
        let mut file = File::options().write(true).open(path).expect("the file is there");
        file.seek(SeekFrom::Start(200 << 20)).expect("holes are possible here");
        write!(file, "\n{end}\n").expect("the file is writable");
        let done = scratch.run(&["check", "--output-format", "line"]);
        assert_eq!(done.code, code, "{}", done.out);
        assert_eq!(done.out.contains("dump.yaml:1:1: warning"), code == 3, "{}", done.out);
    }
}

#[test]
fn a_line_of_megabytes_is_read_and_not_shown() {
    let filler = "x".repeat(crate::size(1 << 20, 5 << 20));
    for (name, document) in FORMATS {
        let scratch = Scratch::new();
        for environment in ["prod", "staging"] {
            scratch.write(&format!("{environment}/{name}"), document(&filler));
        }
        let done = all(&scratch);
        assert_eq!(done.code, 1, "{name}: {done:?}");
        assert!(done.out.contains("[shared-data-space]"), "{name}: {}", done.out);
    }
}

#[test]
fn brackets_without_end_are_told_and_hide_no_neighbour() {
    let depth = crate::size(20_000, 100_000);
    for (name, document) in NESTED {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{'a': ", "}"), ("array(", ")")] {
            // Elsewhere `array(` is a word, and PHP's braces are code, which is not read.
            if open.starts_with('{') == name.contains("php") && open != "[" {
                continue;
            }
            let scratch = Scratch::new();
            scratch.write(name, document(&open.repeat(depth), &close.repeat(depth)));
            let done = all(&scratch);
            assert_incomplete(&done, name);
            if open == "[" {
                assert_eq!(data_space_of(&scratch), DATA_SPACE, "{name}");
            }
        }
    }
    let deep: String = (0..5_000).fold(format!("{PATH}: {DATA_SPACE}\n"), |mut text, depth| {
        let _ = writeln!(text, "{}a:", " ".repeat(depth));
        text
    });
    let scratch = Scratch::of(&[
        ("a.yaml", &deep),
        ("b.yaml", &format!("{}{}", data_space(DATA_SPACE), "- ".repeat(depth))),
    ]);
    let done = all(&scratch);
    assert_incomplete(&done, "a.yaml");
    assert_incomplete(&done, "b.yaml");
    let dotenv =
        Scratch::of(&[(".env", &format!("{VARIABLE}={DATA_SPACE}\nX={}\n", "[".repeat(depth)))]);
    assert_eq!(all(&dotenv).code, 0);
}

#[test]
fn aliases_do_not_multiply() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{aliases}]");
    }
    let scratch = Scratch::of(&[("a.yaml", &format!("{bomb}{}", data_space(DATA_SPACE)))]);
    assert_incomplete(&all(&scratch), "a.yaml");
    assert_eq!(data_space_of(&scratch), DATA_SPACE);
}

#[test]
fn a_bomb_of_settings_is_bounded() {
    let mut bomb = format!("a0: &a0 {{ {PATH}: {DATA_SPACE} }}\n");
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{aliases}]");
    }
    let scratch = Scratch::of(&[("a.yaml", &bomb)]);
    assert_incomplete(&all(&scratch), "a.yaml");
}

#[test]
fn files_without_content_are_clean() {
    for content in ["", "\n", "\u{feff}", " \t\r\n", "---\n...\n", "{}", "<?php", "#"] {
        let names =
            ["a.yaml", "a.json", "env.php", "a.toml", ".env", "kustomization.yaml", "key.pem"];
        let scratch = Scratch::of(&names.map(|name| (name, content)));
        let done = all(&scratch);
        assert_eq!(done.code, 0, "{content:?}: {}", done.out);
    }
}
