//! What can be typed at a place of the configuration or of a rule's page, and what stands there means: the schemas of both say it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::cursor::{self, Cursor, What};
use super::words::{self, Known, PROPERTY, TABLE, VALUE, Wanted, Word, instances};
use super::{answers, front, page, places};
use crate::report::printable;
use crate::rule::{NEVER_WAIVED, Rule, Severity};
use crate::rules::page::SCHEMA;
use crate::source::{Source, Span};

/// How many words are offered at once.
const MOST: usize = 400;

/// What a remark begins with that accepts a finding.
const ALLOW: &str = "commerce-lint: allow ";

/// What the text is in which somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The configuration.
    Configuration,
    /// A page of a rule.
    Page,
    /// Any other file of the tree.
    Other,
}

/// The words for a place of a text.
pub fn offered(
    known: &Known<'_>,
    source: &Source,
    point: &Value,
    document: Document,
) -> Option<Value> {
    let offset = places::offset(source, point)?;
    let in_page = || front::at(source.text(), offset as usize);
    let (start, quote, words) = if document == Document::Configuration {
        let here = cursor::at(source.text(), offset as usize);
        (here.start, here.quote, words(known, source.text(), offset as usize, &here))
    } else if let Some(here) = in_page().filter(|_| document == Document::Page) {
        let schema = serde_json::from_str(SCHEMA).ok()?;
        (here.start, here.quote, page::words(known, &schema, source.text(), &here))
    } else {
        let line = source.slice(source.line_span(source.line_of(offset)));
        let before = offset - source.line_span(source.line_of(offset)).start;
        let typed = line.get(..before as usize)?.rsplit_once(ALLOW)?.1;
        let is_word =
            typed.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-/".contains(&byte));
        (offset as usize - typed.len(), None, is_word.then(|| allowed(known))?)
    };
    let (from, to) = (u32::try_from(start).ok()?, offset);
    let range =
        json!({ "start": places::position(source, from), "end": places::position(source, to) });
    let item = |word: Word| {
        let text = match quote {
            None if word.is_text => format!("\"{}\"", word.text),
            _ => word.text.clone(),
        };
        let text = format!("{text}{}", if quote.is_none() { word.tail } else { "" });
        json!({
            "label": printable::text(&word.text),
            "kind": word.kind,
            "documentation": printable::text(&word.says),
            "filterText": word.text,
            "textEdit": { "range": range, "newText": text },
        })
    };
    let words = words.into_iter().take(MOST).map(item);
    Some(json!({ "isIncomplete": false, "items": words.collect::<Vec<_>>() }))
}

/// What stands at a place, in words.
pub fn told(known: &Known<'_>, source: &Source, offset: u32, document: Document) -> Option<String> {
    // What an instance is, the tree says.
    let is_config = document == Document::Configuration;
    let named = known.outcome.filter(|_| is_config);
    let named = named.and_then(|outcome| answers::of_named(outcome, source, offset));
    if named.is_some() {
        return named;
    }
    let text = source.text();
    let is_of_word = |letter: char| letter.is_alphanumeric() || "-_/".contains(letter);
    let (before, behind) = (text.get(..offset as usize)?, text.get(offset as usize..)?);
    let start = before.len()
        - before
            .chars()
            .rev()
            .take_while(|letter| is_of_word(*letter))
            .map(char::len_utf8)
            .sum::<usize>();
    let end =
        behind.find(|letter| !is_of_word(letter)).map_or(text.len(), |end| before.len() + end);
    let word = source.slice(Span::new(start, end));
    let here = if is_config { cursor::at(text, start) } else { front::at(text, start)? };
    if word.is_empty() || here.what == What::Comment {
        return None;
    }
    if !is_config {
        return page::told(&serde_json::from_str(SCHEMA).ok()?, &here, word);
    }
    let of_rule = || {
        let rule = known.rules.iter().find(|rule| rule.id == word)?;
        let own = rule.severity.map_or("off", Severity::word);
        Some(format!("`{word}` ({own}): {}", rule.summary))
    };
    let path = match &here.what {
        What::Key => here.table.iter().map(String::as_str).chain([word]).collect::<Vec<_>>(),
        What::Header { before, .. } => before.iter().map(String::as_str).chain([word]).collect(),
        What::Value { .. } | What::Comment => return of_rule(),
    };
    let says = |node: &Value| node.get("description").and_then(Value::as_str).map(str::to_owned);
    of_rule().or_else(|| {
        let says = says(node(known.schema, path.iter().copied())?)?;
        Some(format!("`{}`: {says}", printable::text(&path.join("."))))
    })
}

/// The words for a place of the configuration.
fn words(known: &Known<'_>, text: &str, offset: usize, here: &Cursor) -> Vec<Word> {
    let table = || here.table.iter().map(String::as_str);
    match &here.what {
        What::Comment => Vec::new(),
        What::Key => {
            let set = keys_of(text, here);
            let found = node(known.schema, table()).map(properties).unwrap_or_default();
            found.into_iter().filter(|word| !set.contains(&word.text)).collect()
        }
        What::Header { is_list, before } => headers(known, *is_list, before),
        What::Value { key, is_item } => {
            let path = table().chain(key.iter().map(String::as_str));
            let mut found = node(known.schema, path);
            if *is_item {
                found = found.and_then(|list| list.get("items"));
            }
            let key = key.last().map_or("", String::as_str);
            let mut words = found.map(values).unwrap_or_default();
            let begun = text.get(here.start..offset).unwrap_or_default();
            words.extend(of_tree(known, here, key, begun));
            words
        }
    }
}

/// What the schema says of a path of keys; of a list, what it says of its items.
fn node<'s, 'k>(schema: &'s Value, path: impl Iterator<Item = &'k str>) -> Option<&'s Value> {
    let mut found = schema;
    for key in path {
        let within = if found.get("properties").is_some() || found.get("items").is_none() {
            found
        } else {
            found.get("items")?
        };
        let named = within.get("properties").and_then(|properties| properties.get(key));
        found = named.or_else(|| within.get("additionalProperties").filter(|of| of.is_object()))?;
    }
    Some(found)
}

fn says(node: &Value) -> String {
    node.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The keys of a table.
fn properties(node: &Value) -> Vec<Word> {
    let is_table = |node: &Value| node.get("type").and_then(Value::as_str) == Some("object");
    let within = node.get("items").filter(|_| node.get("properties").is_none()).unwrap_or(node);
    let named = within.get("properties").and_then(Value::as_object);
    let word = |(name, of): (&String, &Value)| {
        let is_tables = of.get("items").is_some_and(is_table);
        (!is_table(of) && !is_tables).then(|| Word {
            text: name.clone(),
            kind: PROPERTY,
            says: says(of),
            is_text: false,
            tail: " = ",
        })
    };
    named.into_iter().flatten().filter_map(word).collect()
}

/// The keys that a table has already, but for the one that is typed.
fn keys_of(text: &str, here: &Cursor) -> BTreeSet<String> {
    let is_header = |line: &str| line.trim_start().starts_with('[');
    let from = text.get(..here.start).unwrap_or_default();
    let from = from.rfind("\n[").map_or(0, |header| header + 1);
    let mut at = from;
    let mut keys = BTreeSet::new();
    for (index, line) in text.get(from..).unwrap_or_default().split_inclusive('\n').enumerate() {
        if index > 0 && is_header(line) {
            break;
        }
        let is_here = (at..at + line.len()).contains(&here.start);
        if let Some((key, _)) = line.split_once('=').filter(|_| !is_here) {
            keys.insert(key.trim().trim_matches(['"', '\'']).to_owned());
        }
        at += line.len();
    }
    keys
}

/// The tables of the configuration; behind `instances.`, the instances of the tree.
fn headers(known: &Known<'_>, is_list: bool, before: &[String]) -> Vec<Word> {
    let table =
        |text: String, says: String| Word { text, kind: TABLE, says, is_text: false, tail: "" };
    match before {
        [] => {
            let named = known.schema.get("properties").and_then(Value::as_object);
            let is_it = |of: &Value| {
                if is_list {
                    of.get("items").is_some_and(|items| items.get("properties").is_some())
                } else {
                    of.get("type").and_then(Value::as_str) == Some("object")
                }
            };
            let named = named.into_iter().flatten().filter(|(_, of)| is_it(of));
            named.map(|(name, of)| table(name.clone(), says(of))).collect()
        }
        [first] if first == "instances" && !is_list => {
            let is_bare = |name: &str| {
                name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            };
            let name = |(name, says): (String, String)| Word {
                is_text: !is_bare(&name),
                ..table(name, says)
            };
            instances(known).map(name).collect()
        }
        _ => Vec::new(),
    }
}

/// The values of a fixed set.
fn values(node: &Value) -> Vec<Word> {
    let ways = node.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let sets = std::iter::once(node).chain(ways).filter_map(|way| Some((way, way.get("enum")?)));
    let mut words = Vec::new();
    for (way, set) in sets {
        let remarks = way.pointer("/x-taplo/docs/enumValues").and_then(Value::as_array);
        for (index, value) in set.as_array().into_iter().flatten().enumerate() {
            let remark = remarks.and_then(|remarks| remarks.get(index)?.as_str());
            words
                .extend(value.as_str().map(|text| Word::of_text(text, remark.unwrap_or_default())));
        }
    }
    if words.is_empty() {
        let default = node.get("default").and_then(Value::as_str);
        words.extend(default.map(|text| Word::of_text(text, "what holds without it")));
    }
    words
}

/// The values that the tree and the day give.
fn of_tree(known: &Known<'_>, here: &Cursor, key: &str, begun: &str) -> Vec<Word> {
    let table = here.table.first().map_or("", String::as_str);
    match (table, key) {
        ("waivers", "instances") | ("intended", "instance") | ("instances", "same-as") => {
            instances(known).map(|(name, says)| Word::of_text(&name, &says)).collect()
        }
        ("instances", "account") => {
            let all = known.outcome.into_iter().flat_map(|of| &of.inventory.instances);
            let accounts: BTreeSet<&str> = all.map(|of| of.account.value.as_str()).collect();
            let said = accounts.into_iter().filter(|name| !name.is_empty());
            said.map(|name| Word::of_text(name, "")).collect()
        }
        ("waivers", "path") | ("instances", "files" | "inherits") | ("not-instances", "files") => {
            let feeds = known.outcome.into_iter().flat_map(|outcome| {
                let feeds = outcome.inventory.instances.iter().flat_map(|of| &of.feeds);
                feeds.map(|feed| outcome.sources.path(feed.source))
            });
            let paths: BTreeSet<&str> = feeds.collect();
            paths.into_iter().map(|path| Word::of_text(path, "a file of an instance")).collect()
        }
        ("", "exclude") => words::paths(known, begun, Wanted::Anything),
        ("rules", "packs") => words::paths(known, begun, Wanted::PackFolders),
        ("policy", "extends") => words::paths(known, begun, Wanted::Policies),
        ("waivers" | "intended", "expires") => {
            let says = "thirty days from now".to_owned();
            vec![Word {
                text: known.until.to_string(),
                kind: VALUE,
                says,
                is_text: false,
                tail: "",
            }]
        }
        _ => Vec::new(),
    }
}

/// The rules that a comment can allow.
fn allowed(known: &Known<'_>) -> Vec<Word> {
    let can = |rule: &&Rule| {
        rule.severity == Some(Severity::Warning) && !NEVER_WAIVED.contains(&rule.id.as_str())
    };
    let rules = known.rules.iter().filter(can);
    let word = |rule: &Rule| Word::of_text(&rule.id, &rule.summary);
    rules.map(|rule| Word { tail: " -- ", is_text: false, ..word(rule) }).collect()
}
