//! JSON, JSON with comments, JSON5 and JSON Lines → [`Node`], on jsonc-parser.
//!
//! The library reads what is whole; what it refuses is read again by the tolerant scanner, which says why and keeps the settings on both
//! sides of the break. Both work on a copy whose template holes are masked at the same length.

mod template;
mod token;
mod tolerant;

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Range;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::comments::{self, Comment, Lexis};
use super::{
    Entry, Format, MAX_DATA, MAX_DEPTH, Node, NodeKind, Parsed, file_name, stem_of_sample,
};
use crate::source::{Location, SourceId};
use template::Masked;

/// JSON and its lenient relatives.
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "JSON"
    }

    fn claims(&self, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        let name = file_name(stem_of_sample(&path));
        [".json", ".jsonc", ".json5", ".code-workspace"].iter().any(|suffix| name.ends_with(suffix))
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::scan(Lexis::JSON, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let masked = Masked::new(text);
        match whole(id, &masked) {
            Some(documents) => Parsed { documents, problems: Vec::new() },
            None => tolerant::parse(id, &masked),
        }
    }
}

/// The document of a text without any fault; `None` where the tolerant scanner has to look.
fn whole(id: SourceId, masked: &Masked<'_>) -> Option<Vec<Node>> {
    // Values and keys are separated by commas and colons: fewer of these than nodes allowed, and no tree can be too large.
    if memchr::memchr2_iter(b',', b':', masked.text.as_bytes()).count() >= MAX_DATA / 2 {
        return None;
    }
    let options = ParseOptions { allow_missing_commas: false, ..ParseOptions::default() };
    let parsed = parse_to_ast(&masked.text, &CollectOptions::default(), &options).ok()?;
    let Some(value) = parsed.value else { return Some(Vec::new()) };
    Some(vec![Tree { id, masked }.node(value, 1)?])
}

struct Tree<'a> {
    id: SourceId,
    masked: &'a Masked<'a>,
}

impl Tree<'_> {
    /// Converts a value; `None` where it nests too deep or a string runs over the end of its line, which the library lets pass.
    fn node(&self, value: Value<'_>, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match value {
            Value::StringLit(string) => self.scalar(string.range, string.value.into_owned())?,
            Value::NumberLit(number) => self.scalar(number.range, number.value.to_owned())?,
            Value::BooleanLit(boolean) => self.scalar(boolean.range, boolean.value.to_string())?,
            Value::NullKeyword(null) => Node::new(self.at(null.range), NodeKind::Null),
            Value::Array(array) => {
                let items = array.elements.into_iter().map(|item| self.node(item, depth + 1));
                Node::new(self.at(array.range), NodeKind::Sequence(items.collect::<Option<_>>()?))
            }
            Value::Object(object) => {
                let entries = object.properties.into_iter().map(|property| {
                    let key = match property.name {
                        ObjectPropName::String(name) => {
                            self.scalar(name.range, name.value.into_owned())?
                        }
                        ObjectPropName::Word(name) => {
                            self.scalar(name.range, name.value.to_owned())?
                        }
                    };
                    Some(Entry { key, value: self.node(property.value, depth + 1)? })
                });
                Node::new(self.at(object.range), NodeKind::Mapping(entries.collect::<Option<_>>()?))
            }
        })
    }

    fn scalar(&self, range: Range, text: String) -> Option<Node> {
        let written = self.masked.text.get(range.start..range.end)?;
        if memchr::memchr(b'\n', written.as_bytes()).is_some() {
            return None;
        }
        let is_hole = self.masked.meets(range.start..range.end);
        let kind = if is_hole { NodeKind::Expression } else { NodeKind::Scalar(text) };
        Some(Node::new(self.at(range), kind))
    }

    fn at(&self, range: Range) -> Location {
        Location::new(self.id, range.start, range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: SourceId = SourceId(0);

    #[test]
    fn names_are_claimed_by_their_ending() {
        for path in
            "a/config.JSON x.json.dist x.json.erb x.jsonc x.json5 my.code-workspace".split(' ')
        {
            assert!(Json.claims(path), "{path}");
        }
        for path in "a.json/x json x.tfstate x.jsonl.gz composer.lock".split(' ') {
            assert!(!Json.claims(path), "{path}");
        }
    }

    #[test]
    fn the_tolerant_scanner_reads_whole_texts_as_the_library_does() {
        for text in [
            r#" {"a": [1, -2.5e3, true, null, "x\u00fc\n"], "b": {"c": {}}, "a": [[]]} "#,
            "// c\n{a: 'x', /* y */ 'b': +.5, \"c\": 0x1F, \"d\": [NaN, -Infinity,],}",
            "\"alone\"",
            "{\"n\": {{ x }}, \"s\": \"a {{ y }}\", {{ key }}: 1}",
            "\u{a0}[1,\u{2003}2]",
        ] {
            let masked = Masked::new(text);
            let documents = whole(ID, &masked).expect("the library reads it");
            let tolerant = tolerant::parse(ID, &masked);
            assert_eq!(tolerant, Parsed { documents, problems: Vec::new() }, "{text}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_one_problem_and_the_rest_is_read() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let parsed = Json.parse(ID, &format!("{{\"a\": {deep}, \"b\": 1}}"));
        assert_eq!(parsed.problems.len(), 1);
        assert_eq!(parsed.documents.first().and_then(|root| root.get("b")?.as_str()), Some("1"));
    }

    #[test]
    fn nodes_and_problems_are_bounded() {
        let parsed = Json.parse(ID, &format!("[{}", "1,".repeat(MAX_DATA + 10)));
        assert!(parsed.documents.iter().all(|root| root.items().len() <= MAX_DATA));
        assert_eq!(parsed.problems.len(), 1);
        assert_eq!(Json.parse(ID, &format!("[{}", "{\"a\" 1}, ".repeat(1_000))).problems.len(), 32);
    }

    #[test]
    fn the_stack_of_a_worker_is_enough() {
        let read = || {
            for text in
                ["[".repeat(100_000), "{\"a\":".repeat(100_000), "[".repeat(511) + &"]".repeat(511)]
            {
                Json.parse(ID, &text);
            }
        };
        let thread = std::thread::Builder::new()
            .stack_size(1536 << 10)
            .spawn(read)
            .expect("a thread starts");
        thread.join().expect("no overflow");
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let started = crate::syntax::effort::Effort::begin();
        for unit in [
            "\"\n",
            "'\n\"\n",
            "\"\\\"\n",
            "/*",
            "/*\n",
            "{{",
            "{{\n",
            "${",
            "\"{{",
            "\"{{ \" ",
            "a ",
            "a:",
            ",",
            ":",
            "[]",
            "]",
            "#\n",
            "<<<<<<<\n",
            "\"a\" ",
            "\\",
            "{%",
        ] {
            let text = unit.repeat(30_000);
            for head in ["", "{", "[", "\"", "{{"] {
                Json.parse(ID, &format!("{head}{text}"));
            }
        }
        assert!(started.spent().as_secs() < 60, "reading took {:?}", started.spent());
    }
}
