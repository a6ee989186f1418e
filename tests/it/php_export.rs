//! What PHP's `var_export` and Magento's exporter write reads back to the array it was written from.

#[path = "../../src/syntax/effort.rs"]
mod effort;

use std::fmt::Write as _;

use commerce_lint::source::SourceId;
use commerce_lint::syntax::php::Php;
use commerce_lint::syntax::{Format, Node, NodeKind, Parsed};
use effort::Effort;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(Key, Value)>),
}

#[derive(Clone, Debug)]
enum Key {
    Int(i64),
    Text(String),
}

fn parse(text: &str) -> Parsed {
    Php.parse(SourceId(0), text)
}

/// A string as `var_export` writes it: only `\` and `'` are escaped, a NUL is concatenated.
fn exported_string(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'");
    format!("'{}'", escaped.replace('\0', "' . \"\\0\" . '"))
}

fn exported_scalar(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => "NULL".into(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Text(text) => exported_string(text),
        Value::List(_) | Value::Map(_) => return None,
    })
}

fn exported_key(key: &Key) -> String {
    match key {
        Key::Int(key) => key.to_string(),
        Key::Text(key) => exported_string(key),
    }
}

fn text_of(key: &Key) -> String {
    match key {
        Key::Int(key) => key.to_string(),
        Key::Text(key) => key.clone(),
    }
}

fn entries(value: &Value) -> Vec<(Key, &Value)> {
    match value {
        Value::List(items) => (0..).map(Key::Int).zip(items).collect(),
        Value::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), value)).collect(),
        _ => Vec::new(),
    }
}

/// `array (` on its own line, every key written.
fn var_export(value: &Value, depth: usize, out: &mut String) {
    if let Some(scalar) = exported_scalar(value) {
        out.push_str(&scalar);
        return;
    }
    let indent = "  ".repeat(depth);
    out.push_str("array (\n");
    for (key, value) in entries(value) {
        write!(out, "{indent}  {} => ", exported_key(&key)).expect("a string takes all");
        if exported_scalar(value).is_none() {
            write!(out, "\n{indent}  ").expect("a string takes all");
        }
        var_export(value, depth + 1, out);
        out.push_str(",\n");
    }
    write!(out, "{indent})").expect("a string takes all");
}

/// `[` and `]`, no key for a list, no comma behind the last entry.
fn short_export(value: &Value, depth: usize, out: &mut String) {
    if let Some(scalar) = exported_scalar(value) {
        out.push_str(&scalar);
        return;
    }
    let indent = "    ".repeat(depth);
    out.push('[');
    for (index, (key, item)) in entries(value).iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        write!(out, "{indent}    ").expect("a string takes all");
        if matches!(value, Value::Map(_)) {
            write!(out, "{} => ", exported_key(key)).expect("a string takes all");
        }
        short_export(item, depth + 1, out);
    }
    write!(out, "\n{indent}]").expect("a string takes all");
}

/// Whether `node` says what `value` is; with `keyed`, lists were written with their indexes.
fn same(node: &Node, value: &Value, keyed: bool) -> bool {
    match (&node.kind, value) {
        (NodeKind::Null, Value::Null) => true,
        (NodeKind::Scalar(text), _) => match value {
            Value::Text(expected) => text == expected,
            Value::Bool(expected) => text == if *expected { "1" } else { "" },
            // PHP makes text of 14 digits.
            Value::Float(expected) => text
                .parse::<f64>()
                .is_ok_and(|read| (read - expected).abs() <= expected.abs() * 1e-13),
            Value::Null | Value::List(_) | Value::Map(_) => false,
            scalar @ Value::Int(_) => exported_scalar(scalar).as_ref() == Some(text),
        },
        (NodeKind::Sequence(items), Value::List(values)) => {
            items.len() == values.len()
                && (!keyed || items.is_empty())
                && items.iter().zip(values).all(|(item, value)| same(item, value, keyed))
        }
        (NodeKind::Sequence(items), Value::Map(values)) => items.is_empty() && values.is_empty(),
        (NodeKind::Mapping(read), _) => {
            let expected = entries(value);
            // The last value of a key counts.
            let last =
                |key: &Key| expected.iter().rposition(|(other, _)| text_of(other) == text_of(key));
            let expected: Vec<_> = (0..)
                .zip(&expected)
                .filter(|(at, (key, _))| last(key) == Some(*at))
                .map(|(_, entry)| entry)
                .collect();
            read.len() == expected.len()
                && read.iter().zip(expected).all(|(entry, (key, value))| {
                    entry.key.as_str() == Some(&text_of(key)) && same(&entry.value, value, keyed)
                })
        }
        _ => false,
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z_/]{0,12}",
        "(['\"\\\\\n\r\0$\\{\\}#/*<>=?;,\\[\\]() ]|'a' => |'\n'b|<<<X\n|é|x){0,12}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-1e9..1e9_f64).prop_map(Value::Float),
        prop::num::f64::NORMAL.prop_map(Value::Float),
        text().prop_map(Value::Text),
        text().prop_map(Value::Text),
    ];
    let key = prop_oneof![any::<i64>().prop_map(Key::Int), text().prop_map(Key::Text)];
    scalar.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(Value::Map),
        ]
    })
}

fn reads_back(written: &str, value: &Value, keyed: bool) {
    let parsed = parse(&format!("<?php\nreturn {written};\n"));
    assert!(parsed.problems.is_empty(), "{:?} in\n{written}", parsed.problems);
    assert_eq!(parsed.documents.len(), 1, "{written}");
    assert!(parsed.documents.iter().all(|node| same(node, value, keyed)), "{written}");
}

proptest! {
    #![proptest_config(crate::tried(512))]

    #[test]
    fn exported_arrays_read_back(value in value()) {
        let mut written = String::new();
        var_export(&value, 0, &mut written);
        reads_back(&written, &value, true);
    }

    #[test]
    fn short_arrays_read_back(value in value()) {
        let mut written = String::new();
        short_export(&value, 0, &mut written);
        reads_back(&written, &value, false);
        reads_back(&written.replace('\n', "\r\n"), &crlf(&value), false);
    }
}

/// The value of a file after an editor changed its line ends, which are those of the strings as well.
fn crlf(value: &Value) -> Value {
    let change = |text: &str| text.replace('\n', "\r\n");
    match value {
        Value::Text(text) => Value::Text(change(text)),
        Value::List(items) => Value::List(items.iter().map(crlf).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(key, value)| match key {
                    Key::Text(key) => (Key::Text(change(key)), crlf(value)),
                    Key::Int(key) => (Key::Int(*key), crlf(value)),
                })
                .collect(),
        ),
        scalar => scalar.clone(),
    }
}

#[test]
fn items_without_a_key_get_the_index_php_gives_them() {
    let parsed =
        parse("<?php return ['a', 'k' => 'b', 7 => 'c', 'd', '9' => 'e', 'f', '08' => 'g', 'h'];");
    let document = parsed.documents.first().expect("one document");
    let keys: Vec<_> = document.entries().iter().map(|entry| entry.key.as_str()).collect();
    let expected = ["0", "k", "7", "8", "9", "10", "08", "11"].map(Some);
    assert_eq!(keys, expected);
    assert!(
        document.entries().iter().all(|entry| entry.key.at.span.end <= entry.value.at.span.start)
    );
}

#[test]
fn files_are_claimed_by_their_names() {
    let claimed = [
        "app/etc/env.php",
        "env.PHP",
        "app/etc/env.php.dist",
        "env.staging.php",
        "env.php.staging",
        "config.php.prod-eu",
        "a.php.sample",
        "env.php.staging.bak",
        "env.php.j2",
    ];
    let others =
        ["a.phtml", "php", ".php", "env.php/x", "env.php.json", "env.php.", "a.inc", "my.phpx"];
    assert!(claimed.iter().all(|path| Php.claims(path)), "{claimed:?}");
    assert!(!others.iter().any(|path| Php.claims(path)), "{others:?}");
}

#[test]
fn hostile_text_is_read_in_linear_time() {
    let many = 60_000;
    let hostile = [
        "'".repeat(many),
        "\"".repeat(many + 1),
        "\"{$".repeat(many),
        "'\n 'a".repeat(many / 4),
        "'\\'\n]".repeat(many / 4),
        "<<<X\n".repeat(many / 4),
        "/*\n".repeat(many),
        "<<<<<<< \n".repeat(many / 4),
        "[".repeat(many),
        "array(".repeat(many),
        "(".repeat(many),
        "-".repeat(many),
        "getenv(".repeat(many / 4),
        "f('a' => ".repeat(many / 4),
        "'a' => ".repeat(many / 4),
        "[1]+".repeat(many / 4),
        "array_merge([1],".repeat(many / 8),
        ",".repeat(many),
        ";".repeat(many),
        "]".repeat(many),
        "return [\n".repeat(many / 4),
        "return [1];\n".repeat(many / 4),
        "#[".repeat(many),
        "?>".repeat(many),
        "fn(".repeat(many),
        "'a'.".repeat(many),
        "['a' => 1,\n".repeat(many / 4),
        "...$a,".repeat(many / 4),
        format!("];{}return $a;", "$a['b']['c'] = 'd';\n".repeat(many / 8)),
        format!("];$a = [1];{}return $a;", "$a = array_merge($a, $a);\n".repeat(200)),
        format!("];$a = [1];{}return $a;", "$a['b'] = $a;\n".repeat(2000)),
        format!("];$a = [1];{}return $a;", "$a['b'] = [...$a];\n".repeat(2000)),
        format!("];$a = [1];{}return $a;", "$a = [$a, ...$a];\n".repeat(2000)),
        format!("];{}return $a;", "$a['x'] = [,,,,];\n return $a;".repeat(many / 8)),
        format!("];$a{} = 1;return $a;", "['b']".repeat(many / 8)),
        format!("];if ($x) {{{} return $a; }}", "$a = ['b' => 1]; $a = [1];".repeat(many / 8)),
        (0..many / 8).fold("];".to_owned(), |text, n| text + &format!("$a['{n}']['b'] = 1;"))
            + "return $a;",
    ];
    for text in hostile {
        let started = Effort::begin();
        let parsed = parse(&format!("<?php return [{text}"));
        assert!(parsed.problems.len() <= 101);
        drop(parsed);
        let shown: String = text.chars().take(40).collect();
        assert!(started.spent().as_secs() < 5, "{shown:?} took {:?}", started.spent());
    }
}
