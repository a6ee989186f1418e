//! Maps of a Jenkinsfile, of which its scripts take the value of one key: `def spaces = [production: '…', staging: '…']`, `${spaces[params.ENV]}`.
//!
//! Source: the Groovy documentation, *Maps*. A script that takes such a value is one for each key. A map that is assigned twice is none.

use std::collections::BTreeMap;
use std::ops::Range;

use super::mask::Mask;
use super::pieces::Piece;
use super::stages::string;
use super::word::name_length;

/// How many keys of one map are told apart, and how many holes of one script.
const MAX_KEYS: usize = 64;
const MAX_HOLES: usize = 32;

/// How far a map goes at most.
const MAX_BYTES: usize = 16 << 10;

/// What a key of a map holds.
#[derive(Clone, Debug)]
enum Value {
    Text(Range<usize>),
    /// Another map, by its keys.
    Map(Vec<Text>),
}

/// Where a key stands, and its text.
type Text = (Range<usize>, Range<usize>);

/// A key and what it holds.
type Entry = (Range<usize>, Value);

/// The maps of a file by their names, and names for one value of such a map.
#[derive(Debug, Default)]
pub struct Maps {
    maps: BTreeMap<String, Option<Vec<Entry>>>,
    /// Each with the map and what is taken of each value.
    taken: BTreeMap<String, Option<(String, String)>>,
}

/// A hole that takes a value of a map.
struct Hole {
    /// Where it stands, `${` and `}` with it.
    at: Range<usize>,
    /// The name in it.
    name: Range<usize>,
    map: String,
    /// The key, where it is written.
    key: Option<String>,
    /// What is taken of the value, where that is a map.
    field: String,
}

impl Maps {
    /// The maps of a file.
    pub fn of(text: &str) -> Self {
        let mut found = Self::default();
        for (at, _) in text.match_indices('=') {
            let before = text.get(..at).unwrap_or_default().trim_end_matches([' ', '\t']);
            let start = before
                .rfind(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .map_or(0, |end| end + 1);
            let name = before.get(start..).unwrap_or_default();
            let behind = text.get(at + 1..).unwrap_or_default();
            let value = behind.trim_start_matches([' ', '\t', '\n', '\r']);
            if name.is_empty() || behind.starts_with(['=', '~']) {
                continue;
            }
            let from = text.len() - value.len();
            if value.starts_with('[') {
                let map = map(text, from).map(|(map, _)| map);
                let known = found.maps.contains_key(name);
                found.maps.insert(name.to_owned(), map.filter(|_| !known));
            } else {
                // Another value of a map's name is none of its values.
                if let Some(map) = found.maps.get_mut(name) {
                    *map = None;
                }
                let line =
                    value.lines().next().unwrap_or_default().trim_end_matches([';', ' ', '\r']);
                let taken = taken(line).map(|(map, _, field)| (map.to_owned(), field.to_owned()));
                let known = found.taken.contains_key(name);
                found.taken.insert(name.to_owned(), taken.filter(|_| !known));
            }
        }
        found
    }

    /// Whether a text within quotes is one hole that takes a value of a map.
    pub fn holds(&self, text: &str) -> bool {
        let inner = text.strip_prefix("${").and_then(|inner| inner.strip_suffix('}'));
        inner.is_some_and(|inner| self.hole(inner).is_some())
    }

    /// The map that code in a hole takes a value of, the key where it is written, and what is taken of the value.
    fn hole<'t>(&self, code: &'t str) -> Option<(String, Option<&'t str>, String)> {
        if let Some((map, key, field)) = taken(code.trim()) {
            self.maps.get(map)?.as_ref()?;
            return Some((map.to_owned(), key, field.to_owned()));
        }
        let (name, own) = code.trim().split_once('.').unwrap_or((code.trim(), ""));
        let (map, field) = self.taken.get(name)?.as_ref()?;
        self.maps.get(map)?.as_ref()?;
        let field = if own.is_empty() { field.as_str() } else { own };
        Some((map.clone(), None, field.to_owned()))
    }

    /// A script as one for each key of the maps that it takes values of.
    pub fn spread(&self, text: &str, piece: Piece, mask: &mut Mask<'_>) -> Vec<Piece> {
        let holes = self.holes(text, &piece.range);
        let Some(first) = holes.first() else { return vec![piece] };
        for hole in &holes {
            // The name alone is left: `${spaces}`.
            mask.cut(hole.at.start + 2..hole.name.start);
            mask.cut(hole.name.end..hole.at.end);
            mask.put(hole.name.end, b'}');
            // Groovy fills it in before a shell sees the quotes.
            let byte = |at: usize| text.as_bytes().get(at);
            let before = hole.at.start.saturating_sub(1);
            if byte(before) == Some(&b'\'') && byte(hole.at.end) == Some(&b'\'') {
                mask.put(before, b'"');
                mask.put(hole.at.end, b'"');
            }
        }
        let value = |hole: &Hole, key: &str| {
            let map = self.maps.get(&hole.map)?.as_ref()?;
            let key = hole.key.as_deref().unwrap_or(key);
            let (_, value) = map.iter().find(|(at, _)| text.get(at.clone()) == Some(key))?;
            match value {
                Value::Text(at) if hole.field.is_empty() => Some(at.clone()),
                Value::Map(entries) => {
                    let mut entries = entries.iter();
                    let is_it =
                        |at: &Range<usize>| text.get(at.clone()) == Some(hole.field.as_str());
                    entries.find(|(at, _)| is_it(at)).map(|(_, value)| value.clone())
                }
                Value::Text(_) => None,
            }
        };
        let own = |key: &str| {
            let given = holes.iter().filter_map(|hole| {
                let name = text.get(hole.name.clone())?.to_owned();
                Some((name, value(hole, key)?))
            });
            given.collect::<Vec<_>>()
        };
        let open = holes.iter().find(|hole| hole.key.is_none()).unwrap_or(first);
        let keys = self.maps.get(&open.map).and_then(Option::as_ref).filter(|_| open.key.is_none());
        let Some(keys) = keys else { return vec![Piece { own: own(""), ..piece }] };
        let piece = |(at, _): &Entry| {
            let mut names = piece.names.clone();
            names.push(at.clone());
            Piece {
                range: piece.range.clone(),
                names,
                own: own(text.get(at.clone()).unwrap_or_default()),
                is_expanded: piece.is_expanded,
            }
        };
        keys.iter().map(piece).collect()
    }

    fn holes(&self, text: &str, script: &Range<usize>) -> Vec<Hole> {
        let mut found: Vec<Hole> = Vec::new();
        let written = text.get(script.clone()).unwrap_or_default();
        let mut names: BTreeMap<&str, (String, Option<String>, String)> = BTreeMap::new();
        for (at, _) in written.match_indices("${") {
            let rest = written.get(at + 2..).unwrap_or_default();
            let Some(length) = rest.lines().next().and_then(|line| line.find('}')) else {
                continue;
            };
            let code = rest.get(..length).unwrap_or_default();
            let Some((map, key, field)) = self.hole(code) else { continue };
            let lead = code.len() - code.trim_start().len();
            let start = script.start + at + 2 + lead;
            let name = start..start + name_length(code.trim_start());
            let meant = (map.clone(), key.map(str::to_owned), field.clone());
            let written = text.get(name.clone()).unwrap_or_default();
            // One name stands for one value in one script.
            let is_same = names.insert(written, meant.clone()).is_none_or(|known| known == meant);
            if !is_same || found.len() >= MAX_HOLES {
                return Vec::new();
            }
            let at = script.start + at..script.start + at + 2 + length + 1;
            found.push(Hole { at, name, map, key: key.map(str::to_owned), field });
        }
        found
    }
}

/// `spaces[params.ENV]`, `spaces.get(env)`, `spaces['production'].id`: the map, the key where it is written, and what is taken of the value.
fn taken(code: &str) -> Option<(&str, Option<&str>, &str)> {
    let map = code.get(..name_length(code)).filter(|map| !map.is_empty())?;
    let behind = code.get(map.len()..)?;
    let (open, close) = if behind.starts_with('[') { ("[", ']') } else { (".get(", ')') };
    let inner = behind.strip_prefix(open)?;
    let end = inner.find(close)?;
    let key = inner.get(..end)?.trim();
    let field = inner
        .get(end + 1..)?
        .strip_prefix('.')
        .or(inner.get(end + 1..).filter(|rest| rest.is_empty()))?;
    let is_field = name_length(field) == field.len();
    let quoted = ['\'', '"'].iter().find_map(|&quote| key.strip_prefix(quote)?.strip_suffix(quote));
    let is_variable = |key: &str| {
        let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "_.".contains(letter);
        key.starts_with(|first: char| first.is_ascii_alphabetic()) && key.chars().all(is_of_name)
    };
    (is_field && (quoted.is_some() || is_variable(key))).then_some((map, quoted, field))
}

/// The entries of a map whose bracket opens at a place, and where it ends.
fn map(text: &str, open: usize) -> Option<(Vec<Entry>, usize)> {
    let limit = open + MAX_BYTES;
    let mut entries = Vec::new();
    let mut at = open + 1;
    loop {
        at = gap(text, at);
        if text.get(at..)?.starts_with(']') {
            return (!entries.is_empty()).then_some((entries, at + 1));
        }
        let key = key(text, at)?;
        at = gap(text, key.end + usize::from(key.start > at));
        at = gap(text, text.get(at..)?.strip_prefix(':').map(|_| at + 1)?);
        let value = if text.get(at..)?.starts_with('[')
            && !entries.iter().any(|(_, one)| matches!(one, Value::Text(_)))
        {
            let (inner, end) = texts(text, at)?;
            at = end;
            Value::Map(inner)
        } else {
            let (inner, end) = literal(text, at)?;
            at = end;
            Value::Text(inner)
        };
        entries.push((key, value));
        at = gap(text, at);
        if text.get(at..)?.starts_with(',') {
            at += 1;
        }
        if at > limit || entries.len() > MAX_KEYS {
            return None;
        }
    }
}

/// The entries of a map of texts; those of other values are passed over.
fn texts(text: &str, open: usize) -> Option<(Vec<Text>, usize)> {
    let mut entries = Vec::new();
    let mut at = open + 1;
    for _ in 0..MAX_KEYS {
        at = gap(text, at);
        if text.get(at..)?.starts_with(']') {
            return Some((entries, at + 1));
        }
        let key = key(text, at)?;
        at = gap(text, key.end + usize::from(key.start > at));
        at = gap(text, text.get(at..)?.strip_prefix(':').map(|_| at + 1)?);
        if let Some((inner, end)) = literal(text, at) {
            at = end;
            entries.push((key, inner));
        } else {
            at += text.get(at..)?.find([',', ']', '\n'])?;
        }
        at = gap(text, at);
        if text.get(at..)?.starts_with(',') {
            at += 1;
        }
    }
    None
}

fn key(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    if rest.starts_with(['\'', '"']) {
        return string(text, at).map(|(inner, _)| inner);
    }
    let length = name_length(rest);
    (length > 0).then_some(at..at + length)
}

/// A text that is as it is written.
fn literal(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let (inner, end) = text.get(at..)?.starts_with(['\'', '"']).then(|| string(text, at))??;
    let behind = text.get(end..)?.trim_start();
    let is_whole = behind.starts_with([',', ']', '/']);
    (is_whole && !text.get(inner.clone())?.contains(['$', '\\'])).then_some((inner, end))
}

/// Where blanks and remarks end.
fn gap(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let remark = rest.starts_with("//").then(|| rest.find('\n').unwrap_or(rest.len()));
        if blank == 0 && remark.is_none() {
            return at;
        }
        at += blank.max(remark.unwrap_or(0));
    }
}
