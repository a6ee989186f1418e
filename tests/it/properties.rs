//! What holds for any tree: no reader panics, and the sift drops nothing that a recogniser would use.

use std::fmt::Write as _;
use std::fs;

use commerce_lint::model::parameter::Parameter;
use commerce_lint::recognise;
use commerce_lint::sift::sift;
use commerce_lint::source::{Source, SourceId};
use commerce_lint::states::{Configured, Request};
use commerce_lint::syntax::format_of;
use proptest::prelude::*;

const NAMES: [&str; 7] = [
    "env.php",
    "values.yaml",
    "x.json",
    ".env",
    "a.toml",
    "docker-compose.yml",
    "kustomization.yaml",
];

/// Pieces of which hostile documents are made, settings among them, so that every file passes the sift.
const PIECES: &[&str] = &[
    "services_connector",
    "/",
    "services_id",
    "environment_id",
    ": ",
    " => ",
    "=",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    ",",
    "'",
    "\"",
    "\\",
    "\\u005f",
    "\n",
    "\r\n",
    "  ",
    "\t",
    "- ",
    "#",
    "//",
    "/*",
    "*/",
    "<?php ",
    "return ",
    "array(",
    "<<<A\n",
    "A;\n",
    "$a",
    "->",
    "|",
    ">-",
    "&a ",
    "*a",
    "<<: ",
    "!!binary ",
    "!x ",
    "---\n",
    "...\n",
    "{{ ",
    " }}",
    "${",
    "%",
    "\u{feff}",
    "é",
    "\u{202e}",
    "\u{0}",
    "export ",
    "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID",
    "kind: Secret\n",
    "apiVersion: v1\n",
    "data:\n",
    "services:\n",
    "environment:\n",
    "env_file: ",
    "resources:\n",
    "configMapGenerator:\n",
    "literals:\n",
    "name: ",
    "value: ",
    "path: ",
    "scope: stores\n",
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "MIIEvQIBADANBgkq",
    "MA==",
    "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11",
    "\"\"\"",
    "'''",
    "null",
    "~",
    "1e9",
    "default",
    "0",
    "websites",
    "base",
];

fn document() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..120);
    let noise = prop::collection::vec(any::<u8>(), 0..12);
    (pieces, noise, any::<prop::sample::Index>()).prop_map(|(pieces, noise, at)| {
        let mut bytes = pieces.concat().into_bytes();
        let at = at.index(bytes.len() + 1);
        bytes.splice(at..at, noise);
        bytes
    })
}

proptest! {
    #![proptest_config(crate::tried(40))]

    #[test]
    fn no_tree_makes_a_reader_fail(contents in prop::collection::vec(document(), NAMES.len())) {
        let folder = tempfile::tempdir().expect("a folder for temporary files exists");
        for (index, name) in NAMES.iter().enumerate() {
            for (place, shift) in [("prod", 0), ("staging", 1)] {
                let content = contents.get((index + shift) % NAMES.len()).expect("as many as names");
                let place = folder.path().join(place);
                fs::create_dir_all(&place).expect("a new folder");
                fs::write(place.join(name), content).expect("the file is writable");
            }
        }
        let outcome = commerce_lint::run(&Request { path: folder.path().into(), configured: Configured::Nowhere, ..Request::default() }).expect("it is a tree");
        for problem in &outcome.inventory.problems {
            prop_assert!(!problem.message.contains("made a reader of this tool fail"), "{outcome:?}");
        }
        for diagnostic in &outcome.diagnostics {
            let labels = diagnostic.finding.related.iter().chain([&diagnostic.finding.primary]);
            for label in labels {
                let (start, end) = outcome.sources.positions(label.at);
                prop_assert!(start.byte <= end.byte);
            }
        }
    }
}

/// How a document names a path.
#[derive(Clone, Copy, Debug)]
enum Notation {
    Nested,
    Flat,
    Variable,
    Pair,
    Assignment,
}

const NOTATIONS: [Notation; 5] =
    [Notation::Nested, Notation::Flat, Notation::Variable, Notation::Pair, Notation::Assignment];

/// Writes one setting in a notation and a format; none where the format has no such notation.
fn setting(notation: Notation, name: &str, path: &str, value: &str, quote: char) -> Option<String> {
    use Notation as N;
    let variable = format!("CONFIG__DEFAULT__{}", path.replace('/', "__").to_ascii_uppercase());
    let q = |text: &str| format!("{quote}{text}{quote}");
    let parts: Vec<&str> = path.split('/').collect();
    let nest = |open: &str, between: &str, close: &str| {
        let mut text = q(value);
        for part in parts.iter().rev() {
            text = format!("{open}{}{between}{text}{close}", q(part));
        }
        text
    };
    Some(match (name, notation) {
        ("values.yaml", N::Nested) => {
            let mut text = String::new();
            for (depth, part) in parts.iter().enumerate() {
                let _ = write!(text, "\n{}{part}:", "  ".repeat(depth));
            }
            format!("{text} {value}\n")
        }
        ("values.yaml", N::Flat) => format!("{path}: {}\n", q(value)),
        ("values.yaml", N::Variable) => format!("{variable}: {}\n", q(value)),
        ("values.yaml", N::Pair) => {
            format!("env:\n  - name: {variable}\n    value: {}\n", q(value))
        }
        ("values.yaml", N::Assignment) => {
            format!("env:\n  - {}\n", q(&format!("{variable}={value}")))
        }
        ("x.json", _) if quote == '\'' => return None,
        ("x.json", N::Nested) => nest("{", ":", "}"),
        ("x.json", N::Flat) => format!("{{{}: {}}}", q(&path.replace('/', "\\/")), q(value)),
        ("x.json", N::Variable) => format!("{{{}: {}}}", q(&variable), q(value)),
        ("x.json", N::Pair) => {
            format!("[{{{}: {}, {}: {}}}]", q("value"), q(value), q("name"), q(&variable))
        }
        ("x.json", N::Assignment) => format!("[{}]", q(&format!("{variable}={value}"))),
        ("env.php", N::Nested) => format!("<?php return {};", nest("[", " => ", "]")),
        ("env.php", N::Flat) => format!("<?php return [{} => {}];", q(path), q(value)),
        ("env.php", N::Variable) => {
            format!("<?php return array({} => {});", q(&variable), q(value))
        }
        ("env.php", N::Pair) => {
            format!("<?php return [['path' => {}, 'value' => {}]];", q(path), q(value))
        }
        ("env.php", N::Assignment) => {
            format!("<?php return [{}];", q(&format!("{variable}={value}")))
        }
        ("a.toml", N::Nested) => format!("{} = {}\n", parts.join("."), q(value)),
        ("a.toml", N::Flat) => {
            format!("[{}]\n{} = 1\n{} = {}\n", q("x"), q("y"), q(path), q(value))
        }
        ("a.toml", N::Variable) => format!("{variable} = {}\n", q(value)),
        ("a.toml", N::Pair) => {
            format!("env = [{{ name = {}, value = {} }}]\n", q(&variable), q(value))
        }
        ("a.toml", N::Assignment) => format!("env = [{}]\n", q(&format!("{variable}={value}"))),
        (".env", N::Variable) => format!("{variable}={}\n", q(value)),
        (".env", N::Assignment) => format!("export {variable}={value}\n"),
        _ => return None,
    })
}

/// Writes the letters of a setting's name in escapes; none where the format has none.
fn escaped(name: &str, quote: char, text: &str, letter: char) -> Option<String> {
    let code = u32::from(letter);
    let escape = match (name, quote) {
        ("x.json", _) | ("a.toml", '"') => format!("\\u{code:04x}"),
        ("env.php", '"') => format!("\\x{code:02X}"),
        _ => return None,
    };
    Some(text.replace(letter, &escape))
}

/// A name cut in two, in every notation that puts such pieces together.
fn joined(path: &str, at: usize) -> Vec<(&'static str, String)> {
    let variable = format!("CONFIG__DEFAULT__{}", path.replace('/', "__").to_ascii_uppercase());
    let (a, b) = path.split_at(at.min(path.len()));
    let (c, d) = variable.split_at(at);
    vec![
        (
            "deploy/settings.php",
            format!("<?php return ['{a}' . '{b}' => 'x', '{c}'.'{d}' => 'y'];"),
        ),
        ("deploy/variables.php", format!("<?php $_ENV['{c}' . '{d}'] = 'x';")),
        ("values.yaml", format!("\"{a}\\\n  {b}\": x\nb: [\"{c}\\\n    {d}=x\"]\n")),
        ("a.toml", format!("env = [\"\"\"{c}\\\n  {d}=x\"\"\"]\n")),
        ("set.sh", format!("bin/magento config:set {a}''{b} x\nexport {c}\"{d}\"=x\n")),
        ("run.sh", format!("bin/magento config:set {a}\\\n{b} x\nexport {c}\\\n{d}=x\n")),
        (
            "Dockerfile",
            format!("FROM x\nENV {c}\\\n{d}=x\nRUN bin/magento config:set '{a}'{b} x\n"),
        ),
        ("config.xml", format!("<a name=\"{a}<!-- -->{b}\"><c>{a}<!-- -->{b}</c></a>")),
    ]
}

fn recognised(name: &str, bytes: &[u8]) -> recognise::Recognised {
    let source = Source::new(name.into(), bytes.to_vec());
    let mut found = format_of(name).map_or_else(recognise::Recognised::default, |format| {
        recognise::read(&source, SourceId(0), &format.parse(SourceId(0), source.text()))
    });
    found.secrets = recognise::secret::places::in_text(&source, SourceId(0));
    found
}

/// What the sift dropped of what the recognisers read without it.
fn sifted_out(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let found = recognised(name, bytes);
    // The sift sees UTF-16 as it reads.
    let text = Source::new(name.into(), bytes.to_vec());
    let is_wide = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let sifted = sift(name, if is_wide { text.text().as_bytes() } else { bytes });
    // What only leads elsewhere is read once a name leads to it.
    let has_settings = found.contributions.iter().any(|part| !part.settings.is_empty())
        || !found.storefronts.is_empty()
        || found.edits.iter().any(|edit| {
            edit.moves_the_shop() || Parameter::all().any(|(_, parameter)| edit.touches(parameter))
        });
    if has_settings && !sifted.settings && !sifted.perhaps {
        return Some("settings");
    }
    (!found.secrets.is_empty() && !sifted.secrets).then_some("keys")
}

#[test]
fn the_sift_drops_nothing_from_any_fixture() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    let entries =
        walkdir::WalkDir::new(fixtures).into_iter().map(|entry| entry.expect("it is there"));
    let (mut files, mut dropped) = (0, Vec::new());
    for entry in entries.filter(|entry| entry.file_type().is_file()) {
        let path = entry.path().strip_prefix(fixtures).expect("it is below").to_string_lossy();
        let tree = path.strip_prefix("trees/").and_then(|path| Some(path.split_once('/')?.1));
        let bytes = fs::read(entry.path()).expect("it is readable");
        dropped.extend(
            sifted_out(tree.unwrap_or(&path), &bytes).map(|what| format!("{what} of {path}")),
        );
        files += 1;
    }
    assert!(dropped.is_empty(), "{}", dropped.join("\n"));
    assert!(files > 100, "{files} files");
}

#[test]
fn names_in_escapes_hide_nothing_where_they_cannot_be_read() {
    let name = r"\u0073ervices\u005fconnector/services_id/environment_id";
    let outcome = |text: &str| {
        let folder = tempfile::tempdir().expect("a folder for temporary files exists");
        fs::write(folder.path().join("settings.json"), text).expect("the file is writable");
        fs::write(folder.path().join("commerce-lint.toml"), "[limits]\nfile-bytes = 400\n")
            .expect("the file is writable");
        commerce_lint::run(&Request { path: folder.path().into(), ..Request::default() })
            .expect("it is a tree")
    };
    let broken = |name: &str| format!("{{\"{name}\": [\"a\" \"b\": \"\\u003c\\u0041\"");
    let large =
        |name: &str| format!("{{\"{name}\": \"\\u003c\\u0041\", \"b\": \"{}\"}}", " ".repeat(400));
    for text in [broken(name), large(name)] {
        assert!(!outcome(&text).summary.complete, "{text}");
    }
    for text in [broken("label"), large("label")] {
        let outcome = outcome(&text);
        assert!(outcome.summary.complete && outcome.diagnostics.is_empty(), "{text}");
    }
}

proptest! {
    #![proptest_config(crate::tried(256))]

    #[test]
    fn the_sift_drops_nothing_that_a_recogniser_uses(
        name in prop::sample::select(&NAMES[..5]),
        notation in prop::sample::select(&NOTATIONS[..]),
        path in prop::sample::select(Parameter::all().map(|(path, _)| path).collect::<Vec<_>>()),
        value in "([a-z0-9][a-z0-9-]{0,39})?",
        quote in prop::sample::select(&['\'', '"'][..]),
        is_upper in any::<bool>(),
        letters in prop::sample::subsequence(vec!['_', 's', 'S'], 0..=3),
    ) {
        let path = if is_upper { path.to_ascii_uppercase() } else { path.to_owned() };
        let Some(mut text) = setting(notation, name, &path, &value, quote) else { return Ok(()) };
        let is_bare = name == "a.toml" && matches!(notation, Notation::Nested | Notation::Variable);
        for letter in letters.into_iter().filter(|_| !is_bare) {
            text = escaped(name, quote, &text, letter).unwrap_or(text);
        }
        let found = recognised(name, text.as_bytes());
        prop_assert!(!found.contributions.is_empty(), "nothing is recognised in {text}");
        prop_assert!(sift(name, text.as_bytes()).settings, "sifted out: {text}");
    }

    #[test]
    fn a_name_in_pieces_counts_only_where_the_sift_lets_it_through(
        path in prop::sample::select(Parameter::all().map(|(path, _)| path).collect::<Vec<_>>()),
        at in 1..30_usize,
    ) {
        for (name, text) in joined(path, at) {
            prop_assert_eq!(sifted_out(name, text.as_bytes()), None, "{}", text);
        }
        let (a, b) = path.split_at(at.min(path.len() - 1));
        let php = format!("<?php return ['system' => ['default' => ['{a}' . '{b}' => 'x']]];");
        for name in ["app/etc/env.prod.php", "app/etc/config.php"] {
            let found = recognised(name, php.as_bytes());
            prop_assert!(!found.contributions.is_empty() && sift(name, php.as_bytes()).any(), "{php}");
        }
    }

    #[test]
    fn the_sift_drops_no_document_of_pieces(
        name in prop::sample::select(&NAMES[..]),
        notation in prop::sample::select(&NOTATIONS[..]),
        path in prop::sample::select(Parameter::all().map(|(path, _)| path).collect::<Vec<_>>()),
        (before, after) in (document(), document()),
    ) {
        let planted = setting(notation, name, path, "x", '"').unwrap_or_default();
        let bytes = [&before, b"\n".as_slice(), planted.as_bytes(), b"\n", &after].concat();
        prop_assert_eq!(sifted_out(name, &bytes), None);
    }
}
