//! Variables to which the branches of a script give values of their own, and arrays by key, which one command behind them uses.
//!
//! `case "$1" in production) ID=a ;; staging) ID=b ;; esac` and `declare -A IDS=([production]=a [staging]=b)` say whose each value is: a
//! command that sets `"$ID"` or `"${IDS[$1]}"` sets each of them for its own.

use std::collections::BTreeMap;

use super::branches::Branches;
use crate::recognise::Said;
use crate::source::{Location, Source};
use crate::syntax::{Node, NodeKind};

/// How many values of one variable are told apart.
const MOST_VALUES: usize = 64;

/// How far before its items the name of an array is looked for, in bytes.
const MOST_BEFORE: usize = 16 << 10;

/// A value that a variable has in some branches.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What the branches say, one statement for each word.
    pub said: Vec<Option<Said>>,
    /// The value, where it stands.
    pub value: Node,
    /// The key in an array.
    key: Option<String>,
}

/// What variables may hold.
#[derive(Debug, Default)]
pub struct Chosen(BTreeMap<String, Vec<Choice>>);

impl Chosen {
    /// Notes what a command assigns, in the branches around it.
    pub fn note(
        &mut self,
        words: &[Node],
        source: &Source,
        branches: &Branches,
        outer: Option<&Said>,
    ) {
        for word in words {
            let Some(assigned) = assigned(word, source) else { continue };
            let mut said = branches.said(outer);
            match &assigned.key {
                None if said.iter().all(|one| one.as_ref() == outer) => {
                    // What every branch assigns is known, or nobody knows which does.
                    self.0.remove(&assigned.name);
                    continue;
                }
                None => {}
                Some(key) => {
                    for one in &mut said {
                        let about = one.get_or_insert(Said { how: Said::KEYS, names: Vec::new() });
                        about.names.extend([Said::CASE.to_owned(), key.to_ascii_lowercase()]);
                    }
                }
            }
            let known = self.0.entry(assigned.name).or_default();
            if known.len() < MOST_VALUES {
                known.push(Choice { said, value: assigned.value, key: assigned.key });
            }
        }
    }

    /// What a text stands for that is one variable, or an array's item: `"$ID"`, `${ID:?say it}`, `"${IDS[$1]}"`.
    #[must_use]
    pub fn of(&self, written: &str) -> Vec<Choice> {
        let written = written.trim_matches(['"', '\'']);
        let Some(name) = written.strip_prefix('$') else { return Vec::new() };
        let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
        let (name, key) = match name.split_once('[') {
            Some((name, rest)) => (name, rest.split(']').next().map(unquoted)),
            None => (name.split([':', '-', '?']).next().unwrap_or_default(), None),
        };
        let choices = self.0.get(name).into_iter().flatten();
        let is_meant = |choice: &&Choice| match (key, &choice.key) {
            (Some(key), Some(own)) => key.starts_with('$') || key == own,
            (None, None) => true,
            _ => false,
        };
        choices.filter(is_meant).cloned().collect()
    }
}

/// What a word assigns.
struct Assigned {
    name: String,
    key: Option<String>,
    value: Node,
}

/// `ID=value`, `IDS[key]=value`, `[key]=value` within an array.
fn assigned(word: &Node, source: &Source) -> Option<Assigned> {
    word.as_str()?;
    let written = source.slice(word.at.span);
    let (left, right) = written.split_once('=')?;
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    let (name, key) = match left.split_once('[') {
        None => (left.to_owned(), None),
        Some((name, key)) => {
            let key = unquoted(key.strip_suffix(']')?).to_owned();
            let name = if name.is_empty() { array(source, word.at)? } else { name.to_owned() };
            (name, Some(key))
        }
    };
    let text = unquoted(right);
    let is_plain = !text.is_empty() && !text.contains(['$', '`', '"', '\'', ' ']);
    if !is_name(&name) || !is_plain {
        return None;
    }
    let start =
        word.at.span.start as usize + left.len() + 1 + usize::from(text.len() < right.len());
    let at = Location::new(word.at.source, start, start + text.len());
    let value = Node::new(at, NodeKind::Scalar(text.to_owned()));
    Some(Assigned { name, key, value })
}

/// The name of the array in whose parentheses something stands.
fn array(source: &Source, at: Location) -> Option<String> {
    let before = source.text().get(..at.span.start as usize)?;
    let mut from = before.len().saturating_sub(MOST_BEFORE);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let before = before.get(from..)?;
    let before = before.get(..before.rfind("=(")?)?;
    let name = before.rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    name.map(str::to_owned).next()
}

fn unquoted(text: &str) -> &str {
    let inner = ['"', '\''].iter().find_map(|&quote| text.strip_prefix(quote)?.strip_suffix(quote));
    inner.unwrap_or(text)
}
