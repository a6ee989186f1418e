//! Every parser against `fixtures/syntax/<format>/<case>.<ext>`: its tree, its spans, and arbitrary bytes.
//!
//! `BLESS=1 cargo test --test it syntax::` rewrites the `.tree` files; review them like code.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use commerce_lint::source::{Source, SourceId, Span};
use commerce_lint::syntax::{FORMATS, Format, Node, NodeKind, Parsed, format_of};
use proptest::prelude::*;

/// Formats whose scalars are words of a shell.
const IN_SCRIPTS: [&str; 7] =
    ["shell", "Makefile", "justfile", "Dockerfile", "Jenkinsfile", "Python", "PowerShell"];

/// Formats whose words are read only where they stand.
const IN_PROGRAMS: [&str; 3] = ["Python", "PowerShell", "Chef and Puppet"];

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/syntax");
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.expect("the fixtures are readable").into_path())
        .filter(|path| {
            path.is_file() && path.extension().is_none_or(|extension| extension != "tree")
        })
        .collect();
    files.sort();
    files
}

fn parse(path: &Path) -> (&'static dyn Format, Source, Parsed) {
    let name = path.to_str().expect("fixture paths are UTF-8");
    let format = format_of(name).unwrap_or_else(|| panic!("no format claims {name}"));
    let source = Source::new(name.into(), fs::read(path).expect("the fixture is readable"));
    let parsed = format.parse(SourceId(0), source.text());
    (format, source, parsed)
}

fn dump(node: &Node, depth: usize, label: &str, out: &mut String) {
    let indent = "  ".repeat(depth);
    let Span { start, end } = node.at.span;
    match &node.kind {
        NodeKind::Null => writeln!(out, "{indent}{label}{start}..{end} null"),
        NodeKind::Scalar(text) => writeln!(out, "{indent}{label}{start}..{end} {text:?}"),
        NodeKind::Expression => writeln!(out, "{indent}{label}{start}..{end} expression"),
        NodeKind::OneOf(nodes) => {
            writeln!(out, "{indent}{label}{start}..{end} one of").expect("a string takes all");
            for node in nodes {
                dump(node, depth + 1, "? ", out);
            }
            Ok(())
        }
        NodeKind::Sequence(items) => {
            writeln!(out, "{indent}{label}{start}..{end} sequence").expect("a string takes all");
            for item in items {
                dump(item, depth + 1, "- ", out);
            }
            Ok(())
        }
        NodeKind::Mapping(entries) => {
            writeln!(out, "{indent}{label}{start}..{end} mapping").expect("a string takes all");
            for entry in entries {
                dump(&entry.key, depth + 1, "", out);
                dump(&entry.value, depth + 2, "= ", out);
            }
            Ok(())
        }
    }
    .expect("a string takes all");
}

fn tree(source: &Source, parsed: &Parsed) -> String {
    let mut out = String::new();
    for document in &parsed.documents {
        out.push_str("document\n");
        dump(document, 1, "", &mut out);
    }
    for problem in &parsed.problems {
        let place = source.position(problem.at.span.start);
        writeln!(out, "problem {}:{} {}", place.line, place.column, problem.message)
            .expect("a string takes all");
    }
    out
}

fn visit<'a>(node: &'a Node, is_key: bool, see: &mut dyn FnMut(&'a Node, bool)) {
    see(node, is_key);
    if let NodeKind::OneOf(nodes) = &node.kind {
        for node in nodes {
            visit(node, is_key, see);
        }
    }
    node.items().iter().for_each(|item| visit(item, false, see));
    for entry in node.entries() {
        visit(&entry.key, true, see);
        visit(&entry.value, false, see);
    }
}

/// Wraps the text of a span into the smallest document of its format with that text as its only value.
fn alone(format: &dyn Format, text: &str, is_key: bool) -> String {
    match (format.name(), is_key) {
        ("PHP", _) => format!("<?php return {text};"),
        ("TOML" | "INI and web servers", true) => format!("{text} = 1"),
        ("TOML" | "HCL" | "INI and web servers", false) => format!("x = {text}"),
        ("HCL", true) => format!("x = {{ {text} = 1 }}"),
        ("Chef and Puppet", true) => format!("{text} => 1"),
        ("Chef and Puppet", false) => format!("'x' => {text}"),
        ("dotenv", true) => format!("{text}=1"),
        ("dotenv", false) => format!("X={text}"),
        ("XML", true) => format!("<{text}>1</{text}>"),
        ("XML", false) => format!("<x>{text}</x>"),
        ("SQL", true) if text.eq_ignore_ascii_case("like") => {
            format!("DELETE FROM core_config_data WHERE path {text} ''")
        }
        ("SQL", true) if SQL_VERBS.contains(&text.to_ascii_lowercase().as_str()) => {
            format!("{text} core_config_data")
        }
        ("SQL", true) => format!("INSERT INTO core_config_data ({text}) VALUES (1);"),
        ("SQL", false) => format!("INSERT INTO core_config_data (value) VALUES ({text});"),
        ("shell", _) => format!(": {text}"),
        ("Makefile" | "justfile", _) => format!("x:\n\t: {text}"),
        ("Dockerfile", _) => format!("RUN : {text}"),
        ("Jenkinsfile", _) => format!("sh '''\n: {text}\n'''"),
        _ => text.into(),
    }
}

fn only_value(format: &dyn Format, text: &str, is_key: bool) -> Option<Node> {
    let parsed = format.parse(SourceId(0), &alone(format, text, is_key));
    let document = parsed.documents.into_iter().next()?;
    match (format.name(), is_key) {
        ("HCL", true) => Some(document.get("x")?.entries().first()?.key.clone()),
        ("TOML" | "dotenv" | "XML" | "INI and web servers" | "Chef and Puppet", true) => {
            Some(document.entries().first()?.key.clone())
        }
        ("TOML" | "dotenv" | "HCL" | "XML" | "INI and web servers" | "Chef and Puppet", false) => {
            Some(document.entries().first()?.value.clone())
        }
        ("SQL", _) => {
            let statement = document.items().first()?.entries().first()?.clone();
            let row = statement.value.items().first().and_then(|row| row.entries().first());
            match row {
                Some(entry) if is_key => Some(entry.key.clone()),
                Some(entry) => Some(entry.value.clone()),
                None => Some(statement.key),
            }
        }
        (name, _) if IN_SCRIPTS.contains(&name) => {
            // A recipe stands under the name of its target.
            let script = document.entries().first().map_or(&document, |entry| &entry.value);
            script.items().first()?.items().get(1).cloned()
        }
        _ => Some(document),
    }
}

const SQL_VERBS: [&str; 5] = ["insert", "replace", "update", "delete", "truncate"];

#[test]
fn trees_are_as_expected() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for path in cases() {
        let (_, source, parsed) = parse(&path);
        let actual = tree(&source, &parsed);
        let golden = PathBuf::from(format!("{}.tree", path.display()));
        if bless {
            fs::write(&golden, &actual).expect("the golden is writable");
        } else if fs::read_to_string(&golden).unwrap_or_default() != actual {
            wrong.push(format!("{}\n{actual}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "trees differ:\n{}", wrong.join("\n"));
}

#[test]
fn every_scalar_reads_again_to_its_value() {
    let mut seen = 0;
    for path in cases() {
        let (format, source, parsed) = parse(&path);
        for document in &parsed.documents {
            visit(document, false, &mut |node, is_key| {
                let Some(text) = node.as_str() else { return };
                let text = if is_key { text.trim_start_matches('@') } else { text };
                let written = source.slice(node.at.span);
                // A script's variable has its value only behind its assignment, and a mask hides what a script stands in.
                let is_script = IN_SCRIPTS.contains(&format.name());
                let is_masked = written.contains(['$', '\\', '(', ')', ';', '\n'])
                    || written.contains(" = ")
                    || written.contains(" := ");
                if is_script && is_masked {
                    return;
                }
                let is_written = written.contains(text) || text.contains('=') || is_mark(text);
                if IN_PROGRAMS.contains(&format.name()) && is_written {
                    seen += 1;
                    return;
                }
                if is_key && written.is_empty() {
                    // A name that the format knows and the file does not write: a column of a row without a list of columns.
                    return;
                }
                let again = only_value(format, written, is_key);
                let again = again.as_ref().and_then(Node::as_str);
                // A folded block at the end of a document without a final newline has one when it stands alone, and reverse.
                assert_eq!(
                    again.map(str::trim_end),
                    Some(text.trim_end()),
                    "{}: {written:?}",
                    path.display()
                );
                seen += 1;
            });
        }
    }
    assert!(seen > 0, "no scalar was read");
}

/// Whether a word is one of those that stand for branches, which a program writes otherwise.
fn is_mark(text: &str) -> bool {
    let marks = ["case", "esac", ")", ";;", "if", "then", "else", "fi", "[", "=", "]", "{", "}"];
    marks.contains(&text) || matches!(text, "export" | "function")
}

fn spans_hold(format: &dyn Format, text: &str) {
    let parsed = format.parse(SourceId(0), text);
    let inside = |span: Span| {
        assert!(
            text.get(span.range()).is_some(),
            "{}: {span:?} is no span of {text:?}",
            format.name()
        );
    };
    for document in &parsed.documents {
        visit(document, false, &mut |node, _| inside(node.at.span));
    }
    parsed.problems.iter().for_each(|problem| inside(problem.at.span));
}

proptest! {
    #![proptest_config(crate::tried(200))]

    #[test]
    fn arbitrary_bytes_neither_panic_nor_leave_the_source(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let source = Source::new("x".into(), bytes);
        for format in FORMATS {
            spans_hold(*format, source.text());
        }
    }

    #[test]
    fn arbitrary_syntax_neither_panics_nor_leaves_the_source(
        text in "([\\[\\]{}()'\"=:,;.#&*!|>?<$\\\\/ \t\r\n-]|a|b|é|<<: |- |=> |array\\(|return |\\{\\{|\\}\\}|<<<X|export |---\n|INSERT INTO core_config_data VALUES |UPDATE core_config_data SET value=|WHERE path|/\\*|-- ){0,60}",
        opened in proptest::bool::ANY,
    ) {
        for format in FORMATS {
            spans_hold(*format, &text);
            if opened {
                spans_hold(*format, &format!("<?php return [{text}"));
            }
        }
    }

    #[test]
    fn broken_fixtures_neither_panic_nor_leave_the_source(index in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let cases = cases();
        let path = index.get(&cases);
        let mut bytes = fs::read(path).expect("the fixture is readable");
        if !bytes.is_empty() {
            let at = cut.index(bytes.len());
            bytes[at] = byte;
            let source = Source::new("x".into(), bytes.clone());
            let format = format_of(path.to_str().expect("fixture paths are UTF-8")).expect("a format claims it");
            spans_hold(format, source.text());
            spans_hold(format, Source::new("x".into(), bytes[..at].to_vec()).text());
        }
    }
}

#[test]
fn assignments_over_odd_ends_of_lines_end() {
    for end in ["\\\r\r\n", "\\\n\n", "\\\r\r\r\n\r\n", "\\ \n", "\\"] {
        let text = format!("[Service]\nEnvironment=\"A=b\" {end} \"C=d\"\n");
        for format in FORMATS {
            format.parse(SourceId(0), &text);
        }
    }
}

#[test]
fn brackets_without_end_are_a_problem_not_an_overflow() {
    let depth = crate::size(20_000, 100_000);
    for format in FORMATS {
        for (open, close) in [
            ("[", "]"),
            ("{", "}"),
            ("[[", "]]"),
            ("{\"a\":", "}"),
            ("- ", ""),
            ("a = [", "]"),
            ("a = {\n", "}\n"),
            ("a {\n", "}\n"),
            ("a \"b\" ", ""),
            ("a = \"${", "}\""),
            ("<?php return [", "]"),
            ("<?php return array(", ")"),
        ] {
            let text = format!("{}{}", open.repeat(depth), close.repeat(depth));
            spans_hold(*format, &text);
            let head = if open.starts_with("<?php") {
                format!("<?php return {}", open.trim_start_matches("<?php return ").repeat(depth))
            } else {
                open.repeat(depth)
            };
            spans_hold(*format, &head);
        }
    }
}
