//! What every target does with its bytes, and what must hold of the answer. Nothing here ends a run but an assertion.

mod archive;
mod folder;

use std::ffi::OsString;

use commerce_lint::cli::{self, color};
use commerce_lint::clock::Clock;
use commerce_lint::command::answer;
use commerce_lint::fuzzing;
use commerce_lint::publish::{Look, Pipeline};
use commerce_lint::recognise::{self, dialects, secret};
use commerce_lint::sift::sift;
use commerce_lint::source::{Location, Source, SourceId, Span};
use commerce_lint::syntax::{Format, MAX_DATA, MAX_DEPTH, Node, NodeKind, format_of};
use folder::Folder;

/// The most messages of an editor that are taken: each may check the folder.
const MOST_MESSAGES: usize = 24;

/// What is run on a tree, beside the check whose report is in JSON.
const OTHERS: &[&[&str]] = &[
    &["check", "--color", "always"],
    &["check", "--output-format", "line", "--no-config"],
    &["check", "--output-format", "sarif"],
    &["check", "--output-format", "html"],
    &["instances", "--explain"],
    &["instances", "--output-format", "json", "--explain"],
    &["instances", "--output-format", "mermaid"],
    &["facts", "--repo", "a"],
    &["init", "--print"],
    &["check", "--diff"],
    &["config"],
];

/// A file of a format, which a name chooses: every place is one of the text, and no limit is passed.
pub fn syntax(name: &str, bytes: &[u8]) {
    let format = format_of(name).expect("the name is one of a format");
    let source = Source::new(name.to_owned(), bytes.to_vec());
    parsed(format, source.text());
    for comment in format.comments(source.text(), "commerce-lint") {
        holds(source.text(), comment.at);
    }
}

fn parsed(format: &dyn Format, text: &str) -> commerce_lint::syntax::Parsed {
    let parsed = format.parse(SourceId(0), text);
    let mut count = 0;
    for document in &parsed.documents {
        walk(text, document, 0, &mut count);
    }
    assert!(count <= MAX_DATA, "{count} nodes");
    for problem in &parsed.problems {
        holds(text, problem.at.span);
    }
    parsed
}

fn walk(text: &str, node: &Node, depth: usize, count: &mut usize) {
    assert!(depth <= 2 * MAX_DEPTH, "too deep");
    *count += 1;
    holds(text, node.at.span);
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                walk(text, &entry.key, depth + 1, count);
                walk(text, &entry.value, depth + 1, count);
            }
        }
        NodeKind::Sequence(items) | NodeKind::OneOf(items) => {
            for item in items {
                walk(text, item, depth + 1, count);
            }
        }
        NodeKind::Null | NodeKind::Scalar(_) | NodeKind::Expression => {}
    }
}

fn holds(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} is no place of the text");
}

/// The path of a file on the first line and its text behind it: what is recognised stands in the text, and the sift let it pass.
pub fn recognise(bytes: &[u8]) {
    let (name, text) = halves(bytes, b"\n");
    let name = String::from_utf8_lossy(name).into_owned();
    let sifted = sift(&name, text);
    let source = Source::new(name.clone(), text.to_vec());
    let text = source.text();
    let stands = |at: Location| holds(text, at.span);
    for span in secret::masks(text) {
        holds(text, span);
    }
    let found = secret::find(text);
    assert!(found.is_empty() || sifted.secrets, "the sift drops a key");
    let Some(format) = dialects::format(&name, text).or_else(|| format_of(&name)) else { return };
    let parsed = parsed(format, text);
    let recognised = recognise::read(&source, SourceId(0), &parsed);
    for setting in recognised.contributions.iter().flat_map(|found| &found.settings) {
        stands(setting.at);
        stands(setting.key_at);
    }
    recognised.problems.iter().for_each(|problem| stands(problem.at));
}

/// An archive of a few files: the program answers, says the same again, and no reader of it fails.
pub fn tree(bytes: &[u8]) {
    let folder = Folder::of(&archive::files(bytes));
    let report = ["check", "--output-format", "json", "--threads"];
    let first = ran(&folder, &[&report[..], &["1"]].concat());
    // What is run beside it is chosen by the bytes, so that the same ones do the same.
    let sum =
        bytes.iter().fold(0, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    if sum.is_multiple_of(8) {
        let again = ran(&folder, &[&report[..], &["4"]].concat());
        assert!(first == again, "four threads say another thing than one");
    }
    ran(&folder, OTHERS[sum / 8 % OTHERS.len()]);
}

/// What the program prints, and its exit code.
fn ran(folder: &Folder, arguments: &[&str]) -> (u8, Vec<u8>) {
    let mut words: Vec<OsString> = vec!["commerce-lint".into()];
    words.extend(arguments.iter().map(Into::into));
    words.push(folder.path().into());
    let colors = color::Colors::default();
    let pipeline = Pipeline::default();
    let look = Look { colors, width: 100, most: None, day: None, pipeline, screen: None };
    let clock = Clock { seconds: 1_800_000_000, source_date_epoch: None };
    let (mut out, mut remarks) = (Vec::new(), Vec::new());
    let code = answer(cli::parse(&words, colors), look, &clock, &mut out, &mut remarks);
    out.extend(remarks);
    let is_sound =
        code <= 3 && !String::from_utf8_lossy(&out).contains("made a reader of this tool fail");
    assert!(is_sound, "exit code {code}: {}", String::from_utf8_lossy(&out));
    (code, out)
}

/// A configuration, and behind a line `-- before --` the one before it.
pub fn configuration(bytes: &[u8]) {
    let (now, before) = halves(bytes, b"-- before --\n");
    fuzzing::configurations(&String::from_utf8_lossy(now), &String::from_utf8_lossy(before));
}

/// A page of a rule.
pub fn page(bytes: &[u8]) {
    fuzzing::page(&String::from_utf8_lossy(bytes));
}

/// A baseline.
pub fn baseline(bytes: &[u8]) {
    fuzzing::baseline(&String::from_utf8_lossy(bytes));
}

/// What git prints and keeps.
pub fn git(bytes: &[u8]) {
    fuzzing::git(bytes);
}

/// Messages of an editor, each a line; `ROOT` in them is the address of the folder that is open. All that is said is JSON.
pub fn lsp(bytes: &[u8]) {
    fuzzing::frames(bytes);
    let folder = folder::of_editor();
    let address = format!("file://{}", folder.path().display());
    let text = String::from_utf8_lossy(bytes).replace("ROOT", &address);
    let messages: Vec<&[u8]> = text.lines().take(MOST_MESSAGES).map(str::as_bytes).collect();
    fuzzing::editor(folder.path(), &messages).expect("memory has room");
}

/// What stands before and behind a mark.
fn halves<'a>(bytes: &'a [u8], mark: &[u8]) -> (&'a [u8], &'a [u8]) {
    let at = bytes.windows(mark.len()).position(|part| part == mark);
    at.map_or((bytes, &[]), |at| (&bytes[..at], &bytes[at + mark.len()..]))
}
