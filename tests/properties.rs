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
    #![proptest_config(ProptestConfig::with_cases(150))]

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

proptest! {
    #[test]
    fn the_sift_drops_nothing_that_a_recogniser_uses(
        name in prop::sample::select(&NAMES[..5]),
        notation in prop::sample::select(&[Notation::Nested, Notation::Flat, Notation::Variable, Notation::Pair, Notation::Assignment][..]),
        path in prop::sample::select(Parameter::all().map(|(path, _)| path).collect::<Vec<_>>()),
        value in "([a-z0-9][a-z0-9-]{0,39})?",
        quote in prop::sample::select(&['\'', '"'][..]),
        is_upper in any::<bool>(),
    ) {
        let path = if is_upper { path.to_ascii_uppercase() } else { path.to_owned() };
        let Some(text) = setting(notation, name, &path, &value, quote) else { return Ok(()) };
        let format = format_of(name).expect("the name is claimed");
        let source = Source::new(name.into(), text.clone().into_bytes());
        let recognised = recognise::settings(&source, SourceId(0), &format.parse(SourceId(0), source.text()));
        prop_assert!(!recognised.contributions.is_empty(), "nothing is recognised in {text}");
        prop_assert!(sift(name, text.as_bytes()).settings, "sifted out: {text}");
    }

    #[test]
    fn the_sift_drops_no_document_of_pieces(name in prop::sample::select(&NAMES[..]), bytes in document()) {
        let format = format_of(name).expect("the name is claimed");
        let source = Source::new(name.into(), bytes.clone());
        let recognised = recognise::settings(&source, SourceId(0), &format.parse(SourceId(0), source.text()));
        if recognised.contributions.iter().any(|found| !found.settings.is_empty()) {
            let sifted = sift(name, &bytes);
            prop_assert!(sifted.settings || sifted.perhaps, "sifted out: {}", source.text());
        }
        if !recognise::secret::places::in_text(&source, SourceId(0)).is_empty() {
            prop_assert!(sift(name, &bytes).secrets, "sifted out: {}", source.text());
        }
    }
}
