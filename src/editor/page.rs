//! What can be typed in the front matter of a rule's page, and what stands there means: the schema of pages says both.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cursor::{Cursor, What};
use super::front;
use super::words::{Known, PROPERTY, Word, instances};
use crate::model::parameter::Parameter;
use crate::rules::packs;

/// What a page asserts of instances themselves.
const OF_INSTANCES: [(&str, &str); 2] = [
    ("instance/account", "who owns the instance's key pairs"),
    ("instance/name", "the instance's name"),
];

/// Whether a file is a page of a rule: it has the name of one, and lies in a pack or says what a page alone says.
pub fn is_page(name: &str, text: &str, packs: &[String]) -> bool {
    let Some((start, end)) = front::bounds(text).filter(|_| packs::id(name).is_some()) else {
        return false;
    };
    let is_in = |pack: &String| {
        let pack = pack.trim().trim_end_matches('/');
        name.strip_prefix(pack).is_some_and(|rest| rest.starts_with('/'))
    };
    let says = |line: &str| line.starts_with("severity:") || line.starts_with("assert:");
    packs.iter().any(is_in) || text.get(start..end).unwrap_or_default().lines().any(says)
}

/// The words for a place of a page.
pub fn words(known: &Known<'_>, schema: &Value, text: &str, here: &Cursor) -> Vec<Word> {
    let table: Vec<&str> = here.table.iter().map(String::as_str).collect();
    match &here.what {
        What::Key => {
            let ways = ways(schema, &table);
            let set = keys_beside(text, here);
            let keys = ways.iter().flat_map(|way| keys(schema, way));
            let keys = keys.chain(settings_asked(&table));
            let keys = keys.filter(|word| !set.contains(&word.text));
            // The item of a list below its key begins as a key does.
            keys.chain(values(known, &ways, table.last().copied())).collect()
        }
        What::Value { key, .. } => {
            let path: Vec<&str> =
                table.iter().copied().chain(key.iter().map(String::as_str)).collect();
            values(known, &ways(schema, &path), path.last().copied())
        }
        What::Header { .. } | What::Comment => Vec::new(),
    }
}

/// What a key of a page means.
pub fn told(schema: &Value, here: &Cursor, word: &str) -> Option<String> {
    let table = here.table.iter().map(String::as_str);
    let path: Vec<&str> = table.chain([word]).collect();
    let says = match here.what {
        What::Key => says(ways(schema, &path).first()?),
        _ => return None,
    };
    (!says.is_empty()).then(|| format!("`{}`: {says}", path.join(".")))
}

/// What the schema says of a path of keys, in each of the ways that it may be written; of a list, what it says of its items, too.
fn ways<'s>(schema: &'s Value, path: &[&str]) -> Vec<&'s Value> {
    let mut found = expanded(schema, schema);
    for key in path {
        let next = found.iter().filter_map(|way| {
            let named = way.get("properties").and_then(|properties| properties.get(key));
            named.or_else(|| way.get("additionalProperties").filter(|of| of.is_object()))
        });
        found = next.flat_map(|next| expanded(schema, next)).collect();
    }
    found
}

/// A node and all that it stands for: what it refers to, its ways, its items. The schema is ours, and nowhere within itself.
fn expanded<'s>(schema: &'s Value, node: &'s Value) -> Vec<&'s Value> {
    let mut found = Vec::new();
    let mut left = vec![node];
    while let Some(node) = left.pop() {
        found.push(node);
        let name = node.get("$ref").and_then(Value::as_str);
        left.extend(name.and_then(|name| schema.pointer(name.trim_start_matches('#'))));
        left.extend(node.get("anyOf").and_then(Value::as_array).into_iter().flatten());
        left.extend(node.get("items"));
    }
    found
}

fn says(node: &Value) -> String {
    node.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The keys of a mapping.
fn keys(schema: &Value, way: &Value) -> Vec<Word> {
    let named = way.get("properties").and_then(Value::as_object);
    let word = |(name, of): (&String, &Value)| {
        let own = says(of);
        let of_way = || expanded(schema, of).into_iter().map(says).find(|says| !says.is_empty());
        let says = if own.is_empty() { of_way().unwrap_or_default() } else { own };
        Word { text: name.clone(), kind: PROPERTY, says, is_text: false, tail: ": " }
    };
    named.into_iter().flatten().map(word).collect()
}

/// Where other settings are asked for, their paths.
fn settings_asked(table: &[&str]) -> Vec<Word> {
    if table != ["assert", "when", "settings"] {
        return Vec::new();
    }
    let key = |word: Word| Word { kind: PROPERTY, tail: ": ", ..word };
    paths().map(key).collect()
}

/// The paths of the settings that are known.
fn paths() -> impl Iterator<Item = Word> {
    Parameter::all().map(|(path, parameter)| {
        let says = if parameter.is_secret() { "a secret: never shown or compared" } else { "" };
        Word { is_text: false, ..Word::of_text(path, says) }
    })
}

/// The values of a key: those of a fixed set, and those that the tree and the tool know.
fn values(known: &Known<'_>, ways: &[&Value], key: Option<&str>) -> Vec<Word> {
    let sets = ways.iter().filter_map(|way| way.get("enum")?.as_array());
    let fixed: BTreeSet<&str> = sets.flatten().filter_map(Value::as_str).collect();
    let plain = |text: &str, says: &str| Word { is_text: false, ..Word::of_text(text, says) };
    let fixed = fixed.into_iter().map(|text| plain(text, ""));
    let is_known = !ways.is_empty();
    let more: Vec<Word> = match key.filter(|_| is_known) {
        Some("setting") => {
            let of_instances = OF_INSTANCES.map(|(text, says)| plain(text, says));
            paths().chain(of_instances).collect()
        }
        Some("yields-to") => {
            known.rules.iter().map(|rule| plain(&rule.id, &rule.summary)).collect()
        }
        Some("instance") => {
            let is_plain = |name: &str| {
                name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
            };
            let word = |(name, says): (String, String)| Word {
                is_text: !is_plain(&name),
                ..Word::of_text(&name, &says)
            };
            instances(known).map(word).collect()
        }
        _ => Vec::new(),
    };
    fixed.chain(more).collect()
}

/// The keys that the mapping has already, but for the one that is typed.
fn keys_beside(text: &str, here: &Cursor) -> BTreeSet<String> {
    let Some((start, end)) = front::bounds(text) else { return BTreeSet::new() };
    let mut keys = BTreeSet::new();
    let mut at = start;
    for line in text.get(start..end).unwrap_or_default().split_inclusive('\n') {
        let is_here = (at..at + line.len()).contains(&here.start);
        let found = line.split_once(':').filter(|_| !is_here).and_then(|(key, _)| {
            let key = key.trim_start_matches([' ', '-']);
            let offset = at + line.find(key)?;
            front::at(text, offset)
                .filter(|there| there.table == here.table && there.what == What::Key)?;
            Some(key.trim().to_owned())
        });
        // Another assertion of a list has keys of its own.
        if line.trim_start().starts_with("- ") && at <= here.start && here.table.len() == 1 {
            keys.clear();
        } else if line.trim_start().starts_with("- ") && at > here.start {
            break;
        }
        keys.extend(found);
        at += line.len();
    }
    keys
}
