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

/// What one variable may hold.
#[derive(Debug, Default)]
struct Held {
    /// What it holds where no branch behind says otherwise.
    default: Option<Node>,
    choices: Vec<Choice>,
}

/// What variables may hold.
#[derive(Debug, Default)]
pub struct Chosen {
    held: BTreeMap<String, Held>,
    /// The items of arrays by the places of their values.
    items: BTreeMap<Location, (String, usize)>,
    /// What variables were given last that only running would tell whole.
    computed: BTreeMap<String, Computed>,
}

/// What a variable was given that only running would tell whole.
#[derive(Clone, Debug)]
enum Computed {
    /// A text with a hole: `"${ENVIRONMENT^^}_DATA_SPACE"`, `"${IDS[$1]}"`.
    Text(String),
    /// What a variable holds that is named by such a text: `declare -n id="${1}_id"`, `eval "id=\$ID_$1"`.
    Named(String),
}

/// How often a variable may stand for another.
const MOST_STEPS: usize = 4;

/// How many letters a name must have besides its hole, to be that of one thing: `_ID` is the end of many.
const LEAST_LETTERS: usize = 4;

impl Chosen {
    /// Notes what a command assigns, in the branches around it.
    pub fn note(
        &mut self,
        words: &[Node],
        source: &Source,
        branches: &Branches,
        outer: Option<&Said>,
    ) {
        if matches!(words.first().and_then(Node::as_str), Some("read" | "unset" | "mapfile")) {
            for name in words.iter().filter_map(Node::as_str) {
                self.held.remove(name);
            }
        }
        self.note_computed(words, source);
        for word in words {
            let Some(Assigned { name, key, value }) = assigned(word, source) else { continue };
            let mut said = branches.said(outer);
            let is_unsaid = key.is_none() && said.iter().all(|one| one.as_ref() == outer);
            if is_unsaid {
                // Nobody knows which of its values it has behind a branch that says nothing.
                let default = value.filter(|_| branches.depth() == 0);
                self.held.insert(name, Held { default, choices: Vec::new() });
                continue;
            }
            for (one, key) in said.iter_mut().zip(key.iter().cycle()) {
                let about = one.get_or_insert(Said { how: Said::KEYS, names: Vec::new() });
                about.names.extend([Said::CASE.to_owned(), key.to_ascii_lowercase()]);
            }
            let held = self.held.entry(name.clone()).or_default();
            if let Some(value) = value.filter(|_| held.choices.len() < MOST_VALUES) {
                if key.is_some() {
                    self.items.insert(value.at, (name, held.choices.len()));
                }
                held.choices.push(Choice { said, value, key });
            }
        }
    }

    /// The item of an array whose value stands at a place.
    #[must_use]
    pub fn item_at(&self, at: Location) -> Option<&Choice> {
        let (_, (name, index)) = self.items.range(..=at).next_back()?;
        let item = self.held.get(name)?.choices.get(*index)?;
        let of = item.value.at;
        (of.source == at.source && at.span.end <= of.span.end).then_some(item)
    }

    /// Notes what a command gives variables that only running would tell whole.
    fn note_computed(&mut self, words: &[Node], source: &Source) {
        let first = words.first().and_then(Node::as_str);
        let is_declaring = matches!(first, Some("declare" | "local" | "typeset"));
        let is_reference = is_declaring && words.iter().any(|word| word.as_str() == Some("-n"));
        for word in words {
            let written = unquoted(source.slice(word.at.span));
            let known = word.as_str().filter(|text| is_reference && text.contains('='));
            let Some((name, text)) = known.unwrap_or(written).split_once('=') else { continue };
            let text = unquoted(text);
            let evaluated = text.strip_prefix("$(eval ").and_then(|rest| {
                let rest = rest.strip_suffix(')')?.trim().trim_matches(['"', '\'']);
                rest.strip_prefix("echo ").map(str::trim)
            });
            // What `eval` runs is read as a command of its own, too.
            let is_evaluated = first == Some("eval") || text.starts_with("\\$");
            let evaluated = evaluated.or(Some(text).filter(|_| is_evaluated));
            let named = evaluated.and_then(|text| {
                let name = text.trim_matches('"').trim_start_matches('\\').strip_prefix('$')?;
                Some(name.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(name))
            });
            let computed = match named {
                Some(named) => Some(Computed::Named(named.to_owned())),
                None if is_reference => Some(Computed::Named(text.to_owned())),
                None => text.contains('$').then(|| Computed::Text(text.to_owned())),
            };
            match computed {
                Some(computed) => self.computed.insert(name.to_owned(), computed),
                None => self.computed.remove(name),
            };
        }
    }

    /// The variables whose names a text with one hole may be, each for what fills it; of a text without, the one that it names.
    fn named(&self, pattern: &str) -> Vec<Choice> {
        let known = |name: &str| self.held.get(name)?.default.clone();
        let Some((before, hole)) = pattern.split_once('$') else {
            let value = known(pattern);
            return value
                .map(|value| Choice { said: vec![None], value, key: None })
                .into_iter()
                .collect();
        };
        let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let behind = match hole.strip_prefix('{') {
            Some(inner) => inner.split_once('}').map_or("", |(_, behind)| behind),
            None => hole.trim_start_matches(is_of_name),
        };
        let letters = before.chars().chain(behind.chars()).filter(|letter| *letter != '_');
        if !behind.chars().all(is_of_name) || letters.count() < LEAST_LETTERS {
            return Vec::new();
        }
        let choices = self.held.keys().filter_map(|name| {
            let word = name.strip_prefix(before)?.strip_suffix(behind)?;
            let value = known(name).filter(|_| !word.is_empty())?;
            let names = vec![Said::CASE.to_owned(), word.to_ascii_lowercase()];
            let said = Said { how: Said::KEYS, names };
            Some(Choice { said: vec![Some(said)], value, key: None })
        });
        choices.take(MOST_VALUES).collect()
    }

    /// What a text stands for that is one variable, or an array's item: `"$ID"`, `${ID:?say it}`, `"${IDS[$1]}"`, `${!NAME}`.
    #[must_use]
    pub fn of(&self, written: &str) -> Vec<Choice> {
        let mut written = written;
        for _ in 0..MOST_STEPS {
            let bare = written.trim_matches(['"', '\'']).trim_start_matches('$');
            let name = bare.trim_start_matches('{').trim_end_matches('}');
            let (name, is_indirect) = name.strip_prefix('!').map_or((name, false), |it| (it, true));
            match self.computed.get(name) {
                Some(Computed::Text(text)) if is_indirect => return self.named(text),
                Some(Computed::Named(pattern)) if !is_indirect => return self.named(pattern),
                Some(Computed::Text(text)) if text.starts_with("${") => written = text,
                _ => break,
            }
        }
        self.held_by(written)
    }

    fn held_by(&self, written: &str) -> Vec<Choice> {
        let written = written.trim_matches(['"', '\'']);
        let Some(name) = written.strip_prefix('$') else { return Vec::new() };
        let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
        let (name, key) = match name.split_once('[') {
            Some((name, rest)) => (name, rest.split(']').next().map(unquoted)),
            None => (name.split([':', '-', '?']).next().unwrap_or_default(), None),
        };
        let Some(held) = self.held.get(name) else { return Vec::new() };
        let is_meant = |choice: &&Choice| match (key, &choice.key) {
            (Some(key), Some(own)) => key.starts_with('$') || key == own,
            (None, None) => true,
            _ => false,
        };
        let meant: Vec<Choice> = held.choices.iter().filter(is_meant).cloned().collect();
        let default = held.default.as_ref().filter(|_| key.is_none());
        let default = default.and_then(|value| otherwise(meant.as_slice(), value));
        meant.into_iter().chain(default).collect()
    }
}

/// What a variable holds but for the branches that give it another value: for everything but their word, where they have one.
fn otherwise(branches: &[Choice], value: &Node) -> Option<Choice> {
    let mut said = branches.first()?.said.first().cloned().flatten();
    let names = said.as_mut().map(|said| &mut said.names)?;
    let is_one = matches!(branches, [Choice { said, .. }] if said.len() == 1);
    match names.as_mut_slice() {
        [.., how, _] if is_one && how == Said::CASE => Said::OTHERWISE.clone_into(how),
        _ => names.truncate(names.len().saturating_sub(2)),
    }
    let said = said.filter(|said| !said.names.is_empty());
    Some(Choice { said: vec![said], value: value.clone(), key: None })
}

/// What a word assigns.
struct Assigned {
    name: String,
    /// The key in an array.
    key: Option<String>,
    /// The value; none where it is not plain.
    value: Option<Node>,
}

/// `ID=value`, `IDS[key]=value`, `[key]=value` within an array.
fn assigned(word: &Node, source: &Source) -> Option<Assigned> {
    let written = source.slice(word.at.span);
    let (left, right) = written.split_once('=')?;
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    let (name, key) = match left.split_once('[') {
        None => (left.trim_end_matches('+').to_owned(), None),
        Some((name, key)) => {
            let key = unquoted(key.strip_suffix(']')?).to_owned();
            let name = if name.is_empty() { array(source, word.at)? } else { name.to_owned() };
            (name, Some(key))
        }
    };
    let text = unquoted(right);
    let is_plain = word.as_str().is_some()
        && !left.ends_with('+')
        && !text.is_empty()
        && !text.contains(['$', '`', '"', '\'', ' ']);
    let quote = usize::from(text.len() < right.len());
    let start = word.at.span.start as usize + left.len() + 1 + quote;
    let at = Location::new(word.at.source, start, start + text.len());
    let value = is_plain.then(|| Node::new(at, NodeKind::Scalar(text.to_owned())));
    is_name(&name).then_some(Assigned { name, key, value })
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
