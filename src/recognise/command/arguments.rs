//! The arguments of a command: its options with their values, and the words that are none.

use std::collections::BTreeMap;

use crate::model::command::{CommandOption, Verb};
use crate::model::setting::{Carrier, Scope};
use crate::source::{Location, Source};
use crate::syntax::{Node, NodeKind};

/// Options that take the next word, with their short names; of all verbs but `magento-cloud`'s.
const CONSOLE: &[(&str, &str)] =
    &[("scope", ""), ("scope-code", ""), ("scope-id", ""), ("root-dir", ""), ("input-format", "")];

/// The flags of `config:set` that have short names.
const FLAGS: &[(&str, &str)] = &[("lock-env", "e"), ("lock-config", "c"), ("lock", "l")];

/// Options of `magento-cloud` that take the next word.
const CLOUD: &[(&str, &str)] = &[
    ("name", ""),
    ("value", ""),
    ("level", "l"),
    ("environment", "e"),
    ("project", "p"),
    ("prefix", ""),
    ("json", ""),
    ("sensitive", ""),
    ("inheritable", ""),
    ("enabled", ""),
    ("visible-build", ""),
    ("visible-runtime", ""),
    ("app-scope", ""),
    ("identity-file", "i"),
];

/// Options of `saas:resync` that take the next word.
const RESYNC: &[(&str, &str)] = &[("feed", ""), ("by-ids", ""), ("id-type", "")];

/// The words behind a verb.
#[derive(Debug, Default)]
pub struct Arguments<'a> {
    /// The options, in order.
    pub options: Vec<CommandOption>,
    /// The words that options take as their values.
    pub words: BTreeMap<String, Node>,
    /// The other words.
    pub positional: Vec<&'a Node>,
}

/// What options say of a scope.
#[derive(Debug)]
pub enum GivenScope {
    /// Nothing.
    Nothing,
    /// One that only running the script would tell.
    Some,
    /// This one.
    This(Scope),
}

impl Arguments<'_> {
    /// An option by its long name, the last one where it stands twice.
    pub fn option(&self, name: &str) -> Option<&CommandOption> {
        self.options.iter().rev().find(|option| option.name == name)
    }

    /// Whether a word that is not the command's value may be an option and is known only when the script runs.
    pub fn is_computed(&self, verb: Verb) -> bool {
        let has_value = matches!(verb, Verb::Set | Verb::Store | Verb::UpdateVariable);
        let values = usize::from(has_value);
        let options = self.positional.len().saturating_sub(values);
        self.positional.iter().take(options).any(|word| word.as_str().is_none())
    }

    /// The scope that the options give.
    pub fn scope(&self) -> GivenScope {
        let Some(scope) = self.option("scope") else { return GivenScope::Nothing };
        let code = self.option("scope-code").or_else(|| self.option("scope-id"));
        let code = code.and_then(|code| code.value.clone()).unwrap_or_default();
        match scope.value.as_deref() {
            Some("default") => GivenScope::This(Scope::Default),
            Some("website" | "websites") => GivenScope::This(Scope::Website(code)),
            Some("store" | "stores") => GivenScope::This(Scope::Store(code)),
            _ => GivenScope::Some,
        }
    }
}

/// Sorts the words behind a verb.
pub fn arguments<'w>(verb: Verb, words: &'w [Node], source: &Source) -> Arguments<'w> {
    let (valued, flags) = match verb {
        Verb::CreateVariable | Verb::UpdateVariable => (CLOUD, &[][..]),
        Verb::Resync => (RESYNC, &[][..]),
        _ => (CONSOLE, FLAGS),
    };
    let mut found = Arguments::default();
    let mut words = words.iter().peekable();
    let mut is_over = false;
    while let Some(word) = words.next() {
        let text = word.as_str().unwrap_or_default();
        if let Some((name, value)) = computed(word, source).filter(|_| !is_over) {
            found.words.insert(name.clone(), value);
            found.options.push(CommandOption { name, value: None, at: word.at });
            continue;
        }
        if text == "--" && !is_over {
            is_over = true;
            continue;
        }
        // A key's armour starts with dashes and is no option.
        if is_over || !text.starts_with('-') || text.len() < 2 || text.starts_with("-----") {
            found.positional.push(word);
            continue;
        }
        let (name, given) = named(text, valued, flags);
        let takes = given.is_none() && valued.iter().any(|(long, _)| *long == name);
        let value_word = words.next_if(|next| takes && is_value(&name, next));
        if let Some(value) = value_word {
            found.words.insert(name.clone(), value.clone());
        } else if let Some(given) = &given {
            found.words.insert(name.clone(), end_of(word, given));
        }
        let value = given.or_else(|| value_word?.as_str().map(str::to_owned));
        found.options.push(CommandOption { name, value, at: word.at });
    }
    found
}

/// The long option that a word is whose value only a run tells, `--value="$SECRET"`, with that value.
fn computed(word: &Node, source: &Source) -> Option<(String, Node)> {
    let written = source.slice(word.at.span);
    let name = written.trim_start_matches(['"', '\'']).strip_prefix("--")?;
    let (name, _) = name.split_once('=').filter(|_| word.as_str().is_none())?;
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let (start, end) = (word.at.span.start as usize, word.at.span.end as usize);
    let at = Location::new(word.at.source, start + written.find('=')? + 1, end);
    let value = Node::new(at, NodeKind::Expression);
    (!name.is_empty() && name.chars().all(is_name)).then(|| (name.to_owned(), value))
}

/// The end of a word as a word of its own.
fn end_of(word: &Node, text: &str) -> Node {
    let (start, end) = (word.at.span.start as usize, word.at.span.end as usize);
    let is_plain = word.as_str().is_some_and(|whole| whole.len() == end - start);
    let start = if is_plain { end - text.len() } else { start };
    Node::new(Location::new(word.at.source, start, end), NodeKind::Scalar(text.to_owned()))
}

/// The long name of an option, and the value that stands in the same word.
fn named(text: &str, valued: &[(&str, &str)], flags: &[(&str, &str)]) -> (String, Option<String>) {
    let name = text.trim_start_matches('-');
    if text.starts_with("--") {
        let (name, value) = name.split_once('=').map_or((name, None), |(n, v)| (n, Some(v)));
        return (name.to_owned(), value.map(str::to_owned));
    }
    let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
    let long = |options: &[(&str, &str)]| {
        let found = options.iter().find(|(_, short)| *short == first);
        found.map(|(long, _)| (*long).to_owned())
    };
    if let Some(long) = long(valued) {
        let rest = rest.strip_prefix('=').unwrap_or(rest);
        return (long, (!rest.is_empty()).then(|| rest.to_owned()));
    }
    (long(flags).unwrap_or_else(|| name.to_owned()), None)
}

/// Whether the word behind an option is its value: `--sensitive` and its like may stand without one.
fn is_value(name: &str, word: &Node) -> bool {
    let text = word.as_str().unwrap_or_default();
    let is_switch = matches!(name, "sensitive" | "inheritable" | "enabled" | "json")
        || name.starts_with("visible-");
    if is_switch {
        return ["true", "false", "1", "0", "yes", "no"].contains(&text) || word.as_str().is_none();
    }
    !text.starts_with("--") || text.starts_with("-----")
}

/// The layer that a command writes to.
#[must_use]
pub fn carrier_of(name: &str, arguments: &Arguments<'_>) -> Carrier {
    let has = |option: &str| arguments.option(option).is_some();
    match name {
        "config:sensitive:set" | "config:env:set" | "config:env:delete" => Carrier::LockEnv,
        "variable:create" | "variable:update" | "variable:set" | "vset" => Carrier::CloudVariable,
        "config:set" if has("lock-env") || has("lock") => Carrier::LockEnv,
        "config:set" if has("lock-config") => Carrier::LockConfig,
        _ => Carrier::ConfigSet,
    }
}
