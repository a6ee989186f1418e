//! What is read of a text is what the readers of others give for it, or it is told or unknown: never another literal.
//!
//! `fixtures/readers/` holds drawn texts, each with what others gave, one or several that differ; `.ci/readers` draws new ones, which
//! `READERS_DRAWN=DIR` names.

use std::fs;
use std::path::{Path, PathBuf};

use commerce_lint::source::SourceId;
use commerce_lint::syntax::{Entry, Node, NodeKind, Parsed, format_of};
use serde_json::Value;

/// Whether what was read is what somebody gives.
fn admits(node: &Node, given: &[&Value]) -> bool {
    match &node.kind {
        NodeKind::Expression => true,
        NodeKind::OneOf(several) => several.iter().any(|one| admits(one, given)),
        NodeKind::Null => given.iter().any(|value| value.is_null() || value.as_str() == Some("")),
        NodeKind::Scalar(text) => given.iter().any(|value| value.as_str() == Some(text)),
        NodeKind::Sequence(items) => given.iter().any(|value| {
            let Some(values) = value.as_array() else { return false };
            values.len() == items.len()
                && items.iter().zip(values).all(|(item, value)| admits(item, &[value]))
        }),
        NodeKind::Mapping(entries) => {
            let given: Vec<&serde_json::Map<String, Value>> =
                given.iter().filter_map(|value| value.as_object()).collect();
            let is_known = |entry: &Entry| {
                // What cannot be known of a name may be any.
                let Some(name) = entry.key.as_str() else { return true };
                let values: Vec<&Value> = given.iter().filter_map(|one| one.get(name)).collect();
                let last = entries.iter().rfind(|other| other.key.as_str() == Some(name));
                last.is_some_and(|last| admits(&last.value, &values))
            };
            let is_there = |name: &String| {
                entries.iter().any(|entry| entry.key.as_str().is_none_or(|key| key == name))
            };
            let mut sure = given.first().into_iter().flat_map(|one| one.keys());
            let sure =
                sure.all(|name| !given.iter().all(|one| one.contains_key(name)) || is_there(name));
            !given.is_empty() && sure && entries.iter().all(is_known)
        }
    }
}

/// Whether the words of the command `f` are those that bash gave it, as far as they are known.
fn admits_words(parsed: &Parsed, given: &Value) -> bool {
    let words = given.as_array().expect("a list");
    let commands = parsed.documents.iter().flat_map(Node::items);
    let mut found =
        commands.filter(|command| command.items().first().and_then(Node::as_str) == Some("f"));
    found.next_back().is_some_and(|command| {
        // A word that is not known may be none, or several.
        let known = command.items().iter().take_while(|word| word.as_str().is_some()).count();
        let is_whole = known == command.items().len();
        (!is_whole || known == words.len())
            && command
                .items()
                .iter()
                .take(known)
                .zip(words)
                .all(|(word, given)| word.as_str() == given.as_str())
    })
}

fn is_known(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Expression | NodeKind::OneOf(_) => false,
        NodeKind::Null | NodeKind::Scalar(_) => true,
        NodeKind::Sequence(items) => items.iter().all(is_known),
        NodeKind::Mapping(entries) => entries.iter().all(|entry| is_known(&entry.value)),
    }
}

fn shown(node: &Node) -> String {
    let all = |nodes: &[Node]| nodes.iter().map(shown).collect::<Vec<_>>().join(", ");
    match &node.kind {
        NodeKind::Expression => "?".to_owned(),
        NodeKind::Null => "null".to_owned(),
        NodeKind::Scalar(text) => format!("{text:?}"),
        NodeKind::OneOf(several) => format!("({})", all(several)),
        NodeKind::Sequence(items) => format!("[{}]", all(items)),
        NodeKind::Mapping(entries) => {
            let pair = |entry: &Entry| format!("{}: {}", shown(&entry.key), shown(&entry.value));
            format!("{{{}}}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The texts of a table that are read as something else, and how many of how many are known whole.
fn judge(table: &Path) -> (Vec<String>, usize, usize) {
    let text = fs::read_to_string(table).expect("the table is readable");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("it is JSON");
    let (mut wrong, mut known) = (Vec::new(), 0);
    for case in &cases {
        let name = case["name"].as_str().expect("a name");
        let text = case["text"].as_str().expect("a text");
        let given: Vec<&Value> = case["given"].as_array().expect("a list").iter().collect();
        let parsed = format_of(name).expect("a format").parse(SourceId(0), text);
        if !parsed.problems.is_empty() {
            continue;
        }
        let is_right = match parsed.documents.as_slice() {
            _ if name == "a.sh" => admits_words(&parsed, given[0]),
            [] => given.iter().any(|value| value.is_null() || *value == &serde_json::json!({})),
            [document] => admits(document, &given),
            _ => true,
        };
        if !is_right {
            let read: Vec<String> = parsed.documents.iter().map(shown).collect();
            let given: Vec<String> = given.iter().map(ToString::to_string).collect();
            wrong.push(format!(
                "{text}\n  others: {}\n  read:   {}",
                given.join(" | "),
                read.join(" ")
            ));
        }
        known += usize::from(parsed.documents.iter().all(is_known));
    }
    (wrong, known, cases.len())
}

#[test]
fn what_is_read_is_what_others_read() {
    let drawn = std::env::var_os("READERS_DRAWN").map(PathBuf::from);
    let folder =
        drawn.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/readers"));
    let tables = fs::read_dir(folder).expect("the tables are there");
    let mut tables: Vec<PathBuf> = tables.map(|table| table.expect("an entry").path()).collect();
    tables.sort();
    assert!(!tables.is_empty());
    let mut told = Vec::new();
    for table in tables {
        let (wrong, known, all) = judge(&table);
        let name = table.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !wrong.is_empty() {
            let shown: Vec<String> = wrong.iter().take(12).cloned().collect();
            told.push(format!(
                "{name}: {} of {all} are wrong:\n{}",
                wrong.len(),
                shown.join("\n\n")
            ));
        }
        // A reader that knows nothing is never wrong either.
        if known * 3 < all {
            told.push(format!("{name}: {known} of {all} are known"));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}
