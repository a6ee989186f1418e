//! What is known of a PHP file is what PHP gives: never a wrong literal.
//!
//! `fixtures/php/constructs.txt` holds constructs, `constructs.json` what PHP gave for each of them in several environments, as `.ci/php`
//! records and checks it. With `PHP_DRAWN=FILE`, the drawn files in `FILE.txt` and `FILE.json` are read as well. Where `[known]` stands
//! behind a name, all must be known.

use std::path::Path;

use commerce_lint::source::SourceId;
use commerce_lint::syntax::php::Php;
use commerce_lint::syntax::{Entry, Format, Node, NodeKind};
use serde_json::Value;

/// How many leaves of a result are known, of how many.
#[derive(Default)]
struct Known {
    leaves: usize,
    known: usize,
}

/// The constructs of a table with what PHP gave for them; none where a run ended with an error.
fn cases(table: &Path) -> Vec<(String, String, Vec<Value>)> {
    let read = |ending| std::fs::read_to_string(table.with_extension(ending)).expect("it is there");
    let results: Value = serde_json::from_str(&read("json")).expect("PHP wrote it");
    let text = format!("\n{}", read("txt"));
    let cases = text.split("\n## ").filter(|case| !case.is_empty());
    let case = |case: &str| {
        let (name, code) = case.split_once('\n').expect("code stands below its name");
        let results = results[name].as_array().expect("every construct was run");
        let values = results.iter().filter_map(|result| result.get("value")).cloned().collect();
        (name.to_owned(), format!("<?php\n{code}"), values)
    };
    cases.map(case).collect()
}

/// Whether what was read admits what PHP gave; nothing where PHP has no such key.
fn admits(node: &Node, value: Option<&Value>) -> bool {
    match &node.kind {
        NodeKind::Expression => true,
        NodeKind::OneOf(several) => several.iter().any(|one| admits(one, value)),
        NodeKind::Null => value == Some(&Value::Null),
        NodeKind::Scalar(text) => value.and_then(Value::as_str) == Some(text),
        NodeKind::Sequence(items) => {
            let Some(given) = value.and_then(Value::as_object) else { return false };
            given.len() == items.len()
                && (0..).zip(items).all(|(at, item): (usize, _)| {
                    given.get(&format!("k{at}")).is_some_and(|value| admits(item, Some(value)))
                })
        }
        NodeKind::Mapping(entries) => {
            // Of what may be something else altogether, nothing is certain but that.
            let is_open = entries.iter().any(|entry| entry.key.kind == NodeKind::Expression);
            let Some(given) = value.and_then(Value::as_object) else {
                return is_open && entries.iter().all(|entry| admits(&entry.value, None));
            };
            let key = |name: &str| format!("k{name}");
            let listed = |name: &String| {
                entries.iter().any(|entry| entry.key.as_str().map(key).as_ref() == Some(name))
            };
            let named = entries.iter().filter_map(|entry| Some((entry.key.as_str()?, entry)));
            (is_open || given.keys().all(listed))
                && named
                    .into_iter()
                    .all(|(name, entry)| admits(&entry.value, given.get(&key(name))))
        }
    }
}

/// What was read, in short.
fn shown(node: &Node) -> String {
    let all = |nodes: &[Node]| nodes.iter().map(shown).collect::<Vec<_>>().join(", ");
    match &node.kind {
        NodeKind::Expression => "?".to_owned(),
        NodeKind::Null => "null".to_owned(),
        NodeKind::Scalar(text) => format!("{text:?}"),
        NodeKind::OneOf(several) => format!("({})", all(several).replace(", ", " | ")),
        NodeKind::Sequence(items) => format!("[{}]", all(items)),
        NodeKind::Mapping(entries) => {
            let pair = |entry: &Entry| format!("{}: {}", shown(&entry.key), shown(&entry.value));
            format!("{{{}}}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Counts what is known of a result.
fn count(node: Option<&Node>, value: &Value, known: &mut Known) {
    if let Value::Object(entries) = value {
        for (key, value) in entries {
            let item = node.and_then(|node| {
                let key = key.strip_prefix('k')?;
                node.get(key).or_else(|| node.items().get(key.parse::<usize>().ok()?))
            });
            count(item, value, known);
        }
        return;
    }
    known.leaves += 1;
    let is_known = node.is_some_and(|node| match &node.kind {
        NodeKind::OneOf(several) => several.iter().all(|one| one.kind != NodeKind::Expression),
        kind => *kind != NodeKind::Expression,
    });
    known.known += usize::from(is_known);
}

/// Reads all constructs of a table; says which are read wrongly, and how much is known.
fn judge(table: &Path) -> (Vec<String>, Known) {
    let (mut wrong, mut all) = (Vec::new(), Known::default());
    for (name, code, values) in cases(table) {
        let parsed = Php.parse(SourceId(0), &code);
        let returned = parsed.documents.first();
        let mut known = Known::default();
        for value in &values {
            if !returned.is_none_or(|node| admits(node, Some(value))) {
                let read = returned.map_or_else(String::new, shown);
                wrong.push(format!("{name}: PHP gives {value}\n{code}\n{read}"));
                break;
            }
            count(returned, value, &mut known);
        }
        if name.ends_with("[known]") && known.known < known.leaves {
            let read = returned.map_or_else(String::new, shown);
            wrong.push(format!("{name}: not all is known\n{code}\n{read}"));
        }
        all.leaves += known.leaves;
        all.known += known.known;
    }
    (wrong, all)
}

#[test]
fn what_is_known_is_what_php_gives() {
    let (wrong, known) = judge(Path::new("fixtures/php/constructs.txt"));
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n\n"));
    // A reader that knows nothing is never wrong either.
    assert!(known.known * 2 >= known.leaves, "{} of {} are known", known.known, known.leaves);
}

#[test]
fn what_is_known_of_drawn_files_is_what_php_gives() {
    let drawn = std::env::var("PHP_DRAWN").unwrap_or_else(|_| "fixtures/php/drawn".to_owned());
    let (wrong, known) = judge(Path::new(&drawn));
    let shown: Vec<String> = wrong.iter().take(20).cloned().collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), shown.join("\n\n"));
    assert!(known.known * 10 >= known.leaves * 3, "{} of {} are known", known.known, known.leaves);
}
