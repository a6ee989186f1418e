//! From the front matter of a page to its assertions.

use regex::RegexBuilder;

use super::template::{GAPS, Template};
use super::{Asked, Assertion, Must, When};
use crate::model::instance::Kind;
use crate::model::pattern::PathPattern;
use crate::model::setting::{Carrier, Layer};
use crate::rules::page::reader::Reader;
use crate::suggest::nearest;
use crate::syntax::{Node, NodeKind};

/// The most assertions of a page, and the longest expression and list in one.
const MOST: usize = 32;
const LONGEST_EXPRESSION: usize = 512;
const MOST_VALUES: usize = 1_000;

/// The most memory that an expression takes; its time is linear in the text in any case.
const EXPRESSION_BYTES: usize = 1 << 18;

/// What an assertion can say.
pub const KEYS: [&str; 5] = ["help", "message", "must", "setting", "when"];

/// What its `when` can say.
pub const CONDITIONS: [&str; 5] = ["carrier", "instance", "kind", "layer", "settings"];

/// What must be, in a word; the first three take a value.
pub const PREDICATES: [&str; 8] =
    ["be", "be-one-of", "match", "be-set", "be-unset", "be-reference", "be-unique", "be-same"];

/// The assertions of a page: one, or a list of them.
pub fn assertions(reader: &mut Reader, node: &Node) -> Vec<Assertion> {
    let items = match &node.kind {
        NodeKind::Sequence(items) => items.iter().collect(),
        _ => vec![node],
    };
    if items.len() > MOST {
        reader.error_at(node.at, format!("a page has {MOST} assertions at most"), "make it two");
    }
    items.into_iter().take(MOST).filter_map(|item| assertion(reader, item)).collect()
}

fn assertion(reader: &mut Reader, node: &Node) -> Option<Assertion> {
    let (mut asked, mut must) = (None, None);
    let (mut when, mut message, mut help) = (When::default(), None, None);
    for entry in node.entries() {
        let value = &entry.value;
        match entry.key.as_str().unwrap_or_default() {
            "setting" => asked = self::asked(reader, value),
            "must" => must = self::must(reader, value),
            "when" => when = self::when(reader, value),
            "message" => message = template(reader, "message", value),
            "help" => help = template(reader, "help", value),
            _ => reader.unknown_key(&entry.key, &KEYS),
        }
    }
    for (key, write) in [
        ("setting", "name a path: `setting: payment/payment_methods/method`"),
        ("must", "say what it must be: `must: be-set`, or `must: { be: sandbox }`"),
    ] {
        if node.get(key).is_none() {
            reader.error_at(node.at, format!("`{key}` is missing"), write);
        }
    }
    let (asked, must) = (asked?, must?);
    let is_of_instances = asked.iter().any(|one| !matches!(one, Asked::Settings(_)));
    if is_of_instances && !(matches!(must, Must::Be(_) | Must::Match(_)) && asked.len() == 1) {
        let help = "ask for `instance/name` or `instance/account` alone, and with `be`, `be-one-of` or `match`";
        reader.error_at(node.at, "what an instance is called is a text and nothing else", help);
    }
    Some(Assertion { asked, must, when, message, help })
}

fn asked(reader: &mut Reader, node: &Node) -> Option<Vec<Asked>> {
    let mut asked = Vec::new();
    for text in reader.texts("setting", node) {
        asked.push(match text.as_str() {
            "instance/name" => Asked::Name,
            "instance/account" => Asked::Account,
            path => Asked::Settings(self::path(reader, path, node)?),
        });
    }
    (!asked.is_empty()).then_some(asked)
}

fn path(reader: &mut Reader, text: &str, node: &Node) -> Option<PathPattern> {
    let path = PathPattern::parse(text);
    if path.is_none() {
        let help = "a path has two or three parts, as in `payment/*/active`, and one of them without `*` has four letters or more";
        reader.error_at(node.at, "no path of a setting", help);
    }
    path
}

fn must(reader: &mut Reader, node: &Node) -> Option<Must> {
    if let Some(word) = node.as_str() {
        return match word {
            "be-set" => Some(Must::BeSet),
            "be-unset" => Some(Must::BeUnset),
            "be-reference" => Some(Must::BeReference),
            "be-unique" => Some(Must::BeUnique),
            "be-same" => Some(Must::BeSame),
            _ => unknown_predicate(reader, word, node),
        };
    }
    let [entry] = node.entries() else {
        reader.error_at(node.at, "`must` says one thing", "make it two assertions");
        return None;
    };
    match entry.key.as_str().unwrap_or_default() {
        "be" => Some(Must::Be(vec![reader.text("be", &entry.value)?])),
        "be-one-of" => {
            let items = entry.value.items();
            let these: Vec<String> =
                items.iter().filter_map(Node::as_str).map(str::to_owned).collect();
            if these.is_empty() || these.len() < items.len() {
                let help = "write a list of texts: `be-one-of: ['a', 'b']`";
                reader.error_at(entry.value.at, "`be-one-of` is a list of texts", help);
            }
            if these.len() > MOST_VALUES {
                let most = format!("a list has {MOST_VALUES} values at most");
                reader.error_at(entry.value.at, most, "use `match`");
            }
            Some(Must::Be(these))
        }
        "match" => expression(reader, &entry.value),
        word => unknown_predicate(reader, word, &entry.key),
    }
}

fn unknown_predicate(reader: &mut Reader, word: &str, node: &Node) -> Option<Must> {
    let help = match nearest(word, PREDICATES) {
        Some(near @ ("be" | "match")) if near == word => {
            format!("give it a value: `must: {{ {near}: … }}`")
        }
        Some("be-one-of") => "give it a list: `must: { be-one-of: [a, b] }`".to_owned(),
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known: `{}`", PREDICATES.join("`, `")),
    };
    reader.error_at(node.at, "nothing that a setting can be", help);
    None
}

fn expression(reader: &mut Reader, node: &Node) -> Option<Must> {
    let text = reader.text("match", node)?;
    if text.len() > LONGEST_EXPRESSION {
        let most = format!("an expression has {LONGEST_EXPRESSION} bytes at most");
        reader.error_at(node.at, most, "make it two assertions");
        return None;
    }
    let built = RegexBuilder::new(&text).size_limit(EXPRESSION_BYTES).nest_limit(32).build();
    match built {
        Ok(regex) => Some(Must::Match(Box::new(regex))),
        Err(regex::Error::CompiledTooBig(_)) => {
            let help = "repeat less: a number in braces multiplies what it stands behind";
            reader.error_at(node.at, "the expression is too large", help);
            None
        }
        Err(_) => {
            let help = "write it in single quotes, in the syntax of Rust's `regex`: there is no looking ahead or behind";
            reader.error_at(node.at, "no regular expression", help);
            None
        }
    }
}

fn template(reader: &mut Reader, key: &str, node: &Node) -> Option<Template> {
    let text = reader.text(key, node)?;
    let template = Template::parse(&text).ok();
    if template.is_none() {
        let help = format!("write {{{}}}", GAPS.join("}, {"));
        reader.error_at(node.at, format!("`{key}` has a gap that nothing fills"), help);
    }
    template
}

fn when(reader: &mut Reader, node: &Node) -> When {
    let mut when = When::default();
    for entry in node.entries() {
        let value = &entry.value;
        match entry.key.as_str().unwrap_or_default() {
            "kind" => when.kinds = words(reader, "kind", value, &KINDS, Kind::word),
            "instance" => when.instances = reader.texts("instance", value),
            "carrier" => {
                when.carriers = words(reader, "carrier", value, &Carrier::ALL, Carrier::word);
            }
            "layer" => when.layers = words(reader, "layer", value, &Layer::ALL, Layer::word),
            "settings" => {
                for other in value.entries() {
                    let text = other.key.as_str().unwrap_or_default();
                    let known = path(reader, text, &other.key).zip(must(reader, &other.value));
                    when.settings.extend(known);
                }
            }
            _ => reader.unknown_key(&entry.key, &CONDITIONS),
        }
    }
    when
}

const KINDS: [Kind; 3] = [Kind::Production, Kind::NonProduction, Kind::Unknown];

fn words<T: Copy>(
    reader: &mut Reader,
    key: &str,
    node: &Node,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Vec<T> {
    let mut found = Vec::new();
    for text in reader.texts(key, node) {
        if let Some(one) = all.iter().find(|one| word(**one) == text) {
            found.push(*one);
            continue;
        }
        let known: Vec<&str> = all.iter().map(|one| word(*one)).collect();
        let help = nearest(&text, known.iter().copied()).map_or_else(
            || format!("known: `{}`", known.join("`, `")),
            |near| format!("did you mean `{near}`?"),
        );
        reader.error_at(node.at, format!("no such {key}"), help);
    }
    found
}
