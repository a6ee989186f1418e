//! Config paths and `CONFIG__…` names in any document.
//!
//! Nested keys, flat `a/b/c` keys, both with Magento's scope blocks before or behind them; names as keys, as `name`/`value` pairs, as
//! `K=V` strings. One reader serves every format, because it sees only [`Node`]s.

mod guard;
mod packed;
mod scope;
mod slip;
mod trail;
mod within;

use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Scope, Setting, Value};
use crate::model::uuid::is_uuid;
use crate::source::{Location, Source, Span};
use crate::syntax::{Entry, Node, NodeKind, Problem, file_name};

pub use guard::guard;
use scope::pair_scope;
pub use trail::{
    Named, condition, given_names, label_of, labels, place, says_environment, variable,
};

use crate::recognise::value::{Dress, classify};
use crate::recognise::{Opaque, objects};

/// The keys with which a workload names the objects it takes all variables from.
const REFERENCES: [(&str, &str); 2] = [("configMapRef", "ConfigMap"), ("secretRef", "Secret")];

/// The variable in which Cloud hands a project's variables on.
pub const CLOUD_VARIABLES: &str = "MAGENTO_CLOUD_VARIABLES";

/// Keys that hold a name in a `name`/`value` pair.
const NAME_KEYS: &[&str] = &["name", "key", "path", "variable", "secretkey", "option_name"];

/// The key that holds a name where `path` is that of a file: Ansible's `ini_file`.
const OPTION: &[&str] = &["option"];

/// Keys that hold a value in a `name`/`value` pair.
const VALUE_KEYS: &[&str] = &["value", "default", "default_value"];

/// Whether a file is Magento's `env.php` of some environment, by name alone.
#[must_use]
pub fn is_env_php(path: &str) -> bool {
    let name = file_name(path);
    name.starts_with("env") && format!("{name}.").contains(".php.")
}

/// Reads the settings of a document, or of a part of it.
pub struct Reader<'a> {
    source: &'a Source,
    /// How config paths are delivered.
    carrier: Carrier,
    /// How `CONFIG__…` names are delivered.
    pub(super) variables: Carrier,
    /// How the values are dressed.
    pub dress: Dress,
    /// What was found, in order.
    pub settings: Vec<Setting>,
    /// Where more settings come from.
    pub opaque: Vec<Opaque>,
    /// What could not be read in the files within the document.
    pub problems: Vec<Problem>,
    /// For each setting, the keys above it that are not part of its path, and what else stands there for a name.
    pub contexts: Vec<Vec<String>>,
    trail: Vec<String>,
    /// The closest key above, as it is written.
    key: String,
    /// The condition of Azure's in front of what is read.
    condition: Option<(&'static str, String)>,
    /// How many texts the source stands within.
    depth: usize,
    /// The names that the mappings around say for themselves, each with how many keys stood above it.
    labels: Vec<(usize, String)>,
}

impl<'a> Reader<'a> {
    /// A reader for a source's nodes.
    #[must_use]
    pub fn new(source: &'a Source, carrier: Carrier, variables: Carrier) -> Self {
        Self {
            source,
            carrier,
            variables,
            dress: Dress::Plain,
            settings: Vec::new(),
            opaque: Vec::new(),
            contexts: Vec::new(),
            problems: Vec::new(),
            trail: Vec::new(),
            key: String::new(),
            condition: None,
            depth: 0,
            labels: Vec::new(),
        }
    }

    /// Reads a node and everything beneath it.
    pub fn read(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Mapping(entries) => {
                if !self.read_pair(node) && !self.read_file(node) {
                    let before = self.labels.len();
                    let depth = self.trail.len();
                    self.labels.extend(labels(node).map(|label| (depth, trail::label_of(label))));
                    // A run of Woodpecker's is told by what stands beside its values.
                    let is_run = self.key == "include" && self.trail == ["matrix", "include"];
                    if is_run || self.key == "parameters" && self.trail.len() > 1 {
                        let given = trail::given_names(node);
                        self.labels.extend(given.map(|name| (depth, name.to_ascii_lowercase())));
                    }
                    if let Some((how, word)) = guard(node)
                        && !trail::says_environment(self.labels.iter().map(|(_, label)| label))
                    {
                        self.labels.extend([how, word].map(|label| (depth, label.to_owned())));
                    }
                    for entry in entries {
                        self.read_entry(entry);
                    }
                    self.labels.truncate(before);
                }
            }
            NodeKind::Sequence(items) => {
                for item in items {
                    if !self.read_assignment(item) {
                        self.read(item);
                    }
                }
            }
            NodeKind::Scalar(text) => self.read_text(node, text),
            NodeKind::Expression => self.read_filled(node),
            NodeKind::Null | NodeKind::OneOf(_) => {}
        }
    }

    /// Reads a key and everything beneath it.
    pub fn read_entry(&mut self, entry: &Entry) {
        let Some(key) = entry.key.as_str() else {
            return self.read(&entry.value);
        };
        // The way to a value of a chart ends in the name, too: `env.CONFIG__…`.
        let last = key.rsplit_once(".CONFIG__").map(|(way, _)| key.get(way.len() + 1..));
        if let Some((parameter, scope)) = variable(last.flatten().unwrap_or(key)) {
            let value = inner_value(&entry.value);
            let context = self.context(self.trail.len());
            if is_by_name(parameter, value) {
                // One for each key: `{production: …, staging: …}`.
                for one in value.entries() {
                    let name = one.key.as_str().unwrap_or_default().to_ascii_lowercase();
                    let context = context.iter().cloned().chain([name]).collect();
                    let variables = self.variables;
                    self.add(
                        parameter,
                        scope.clone(),
                        context,
                        variables,
                        &one.value,
                        entry.key.at,
                    );
                }
                return;
            }
            return self.add(parameter, scope, context, self.variables, value, entry.key.at);
        }
        if key.eq_ignore_ascii_case("environment") && self.read_environment(&entry.value) {
            return;
        }
        if key == CLOUD_VARIABLES {
            self.read_packed(&entry.value);
            return;
        }
        let kind = REFERENCES.iter().find_map(|(name, kind)| (*name == key).then_some(*kind));
        let holder = kind.and_then(|kind| objects::named(self.source, kind, &entry.value));
        self.opaque.extend(holder.map(|holder| Opaque { at: entry.key.at, holder }));
        let depth = self.trail.len();
        let around = std::mem::replace(&mut self.key, key.to_owned());
        let is_leaf = !matches!(entry.value.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_));
        let word = if is_leaf { str::to_ascii_lowercase } else { trail::words_of };
        match trail::condition(key, self.condition.as_ref()) {
            Some((how, word)) => {
                self.trail.extend([how.to_owned(), word.clone()]);
                // What stands behind several is for none of them.
                self.condition = Some((how, word)).filter(|_| !key.contains("elseif"));
            }
            None => self.trail.extend(key.split('/').filter(|part| !part.is_empty()).map(word)),
        }
        let leaf = if is_leaf { Some(&entry.value) } else { described_value(&entry.value) };
        match leaf.and_then(|value| Some((value, self.place()?))) {
            Some((value, Named { parameter, scope, above })) => {
                let context = self.context(above);
                self.add(parameter, scope, context, self.carrier, value, entry.key.at);
            }
            None => self.read(&entry.value),
        }
        self.key = around;
        self.trail.truncate(depth);
    }

    /// What the trail of keys down to here names.
    fn place(&self) -> Option<Named> {
        // A file within a text has the keys of the text above its own.
        let is_crypt_key = self.carrier == Carrier::EnvPhp
            && is_env_php(self.source.path())
            && (self.depth > 0 || self.trail.len() == 2)
            && self.trail.ends_with(&["crypt".to_owned(), "key".to_owned()]);
        if is_crypt_key || self.is_kept_crypt_key() {
            Some(Named { parameter: Parameter::CryptKey, scope: Scope::Default, above: 0 })
        } else {
            place(&self.trail)
        }
    }

    /// Whether the trail is that of an encryption key that is kept for an `env.php`: it opens ciphertext, and is in force nowhere for that.
    fn is_kept_crypt_key(&self) -> bool {
        self.carrier == Carrier::Document
            && matches!(self.trail.as_slice(), [.., crypt, key] if crypt == "crypt" && key == "key")
    }

    /// Reads `{name: CONFIG__…, value: …}` and `{path: a/b/c, value: …, scope: …}`; says whether the mapping is one.
    fn read_pair(&mut self, node: &Node) -> bool {
        let named = |keys| node.entries().iter().find(|entry| is_one_of(&entry.key, keys));
        let is_setting =
            |entry: &&Entry| entry.value.as_str().map(of_pool).and_then(variable).is_some();
        let option = named(OPTION).filter(is_setting);
        let is_module = option.is_some() && !self.trail.is_empty();
        let Some(name) = option.or_else(|| named(NAME_KEYS)) else { return false };
        // What is put into the folders of a name does not hide the name: `/shop/${var.env}/CONFIG__…`.
        let written = self.source.slice(name.value.at.span).trim_matches(['"', '\'']);
        let is_whole = matches!(name.value.kind, NodeKind::Expression) && written.contains('/');
        let Some(text) = name.value.as_str().or_else(|| is_whole.then_some(written)) else {
            return false;
        };
        if text == CLOUD_VARIABLES {
            let value = node.entries().iter().find(|entry| is_one_of(&entry.key, VALUE_KEYS));
            if let Some(entry) = value {
                self.read_packed(&entry.value);
            }
            return true;
        }
        // The path of a JSON patch ends in the name, and so does a value's: `/data/CONFIG__…`, `env.CONFIG__…`.
        let last = text.rsplit(['/', '.']).next().unwrap_or(text);
        let last = of_pool(last);
        let found = if let Some((parameter, scope)) = variable(last) {
            Some((parameter, scope, self.variables, text.matches('/').count()))
        } else if text.contains('/') {
            let parts: Vec<String> = text.split('/').map(str::to_ascii_lowercase).collect();
            place(&parts).map(|named| {
                let scope = pair_scope(node).unwrap_or(named.scope);
                (named.parameter, scope, self.carrier, named.above)
            })
        } else {
            None
        };
        let Some((parameter, scope, carrier, above)) = found else { return false };
        let key_at = name.value.at;
        // What a module is called says nothing of whom it writes for.
        let mut context = self.context(self.trail.len() - usize::from(is_module));
        // A store of parameters has folders: `/shop/prod/CONFIG__…`.
        let is_known = |part: &&str| !part.is_empty() && !part.contains(['$', '{', '}']);
        let folders = text.split('/').take(above).filter(is_known);
        context.extend(folders.map(str::to_ascii_lowercase));
        let value = node.entries().iter().find(|entry| is_one_of(&entry.key, VALUE_KEYS));
        if let Some(value) = value {
            self.add(parameter, scope, context, carrier, &value.value, key_at);
        } else {
            // `valueFrom`, `secretKeyRef`, `remoteRef`, or nothing: the value is kept elsewhere.
            let is_removed = node.get("op").and_then(Node::as_str) == Some("remove");
            let value = if is_removed { Value::Blank } else { Value::Reference };
            // A key of an object that the tree may show.
            let from = node.get("valueFrom");
            let from =
                from.and_then(|from| from.get("configMapKeyRef").or(from.get("secretKeyRef")));
            let at = from.filter(|_| value == Value::Reference).map_or(key_at, |from| from.at);
            self.contexts.push(context);
            self.settings.push(Setting { parameter, scope, carrier, value, at, key_at });
        }
        true
    }

    /// The keys above a setting whose path starts below `above` of them, with the names among them.
    fn context(&self, above: usize) -> Vec<String> {
        let keys = self.trail.get(..above).unwrap_or_default();
        let mut context: Vec<String> = Vec::new();
        for (depth, key) in keys.iter().enumerate() {
            let labels = self.labels.iter().filter(|(at, _)| *at == depth);
            context.extend(labels.map(|(_, label)| label.clone()));
            context.push(key.clone());
        }
        let labels = self.labels.iter().filter(|(at, _)| *at == keys.len());
        context.extend(labels.map(|(_, label)| label.clone()));
        context
    }

    /// Reads `CONFIG__…=value`, as a command too, and a bare `CONFIG__…` in a list.
    fn read_assignment(&mut self, item: &Node) -> bool {
        let Some(text) = item.as_str() else { return false };
        let command = text.strip_prefix("export ");
        let text = command.unwrap_or(text);
        let (name, value) =
            text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let value = if command.is_some() { value.map(first_word) } else { value };
        if let Some(value) = value.filter(|_| name.trim() == CLOUD_VARIABLES) {
            let (_, at) = self.split_places(item, name, value);
            self.read_packed(&Node::new(at, NodeKind::Scalar(value.to_owned())));
            return true;
        }
        let Some((parameter, scope)) = variable(name.trim()) else { return false };
        let context = self.context(self.trail.len());
        let Some(value) = value else {
            self.contexts.push(context);
            let setting = Setting {
                parameter,
                scope,
                carrier: self.variables,
                value: Value::Reference,
                at: item.at,
                key_at: item.at,
            };
            self.settings.push(setting);
            return true;
        };
        let (key_at, value_at) = self.split_places(item, name, value);
        let node = Node::new(value_at, NodeKind::Scalar(value.to_owned()));
        self.add(parameter, scope, context, self.variables, &node, key_at);
        true
    }

    /// The places of both halves of a `K=V` scalar; twice the whole scalar where escapes hide them.
    fn split_places(&self, item: &Node, name: &str, value: &str) -> (Location, Location) {
        let written = self.source.slice(item.at.span);
        let Some(equals) = written.find('=') else { return (item.at, item.at) };
        let start = item.at.span.start as usize;
        let lead = written.len() - written.trim_start_matches(['"', '\'']).len();
        let rest = written.get(equals + 1..).unwrap_or_default();
        let quotes = rest.len() - rest.trim_start_matches(['"', '\'']).len();
        let at = |from: usize, to: usize| Location {
            source: item.at.source,
            span: Span::new(start + from, start + to),
        };
        let key = written.get(lead..equals).unwrap_or_default();
        let key_start = equals - key.rsplit(' ').next().map_or(0, str::len);
        if written.get(key_start..equals) != Some(name) {
            return (item.at, item.at);
        }
        for skipped in [0, quotes.min(1)] {
            if rest.get(skipped..).is_some_and(|rest| rest.starts_with(value)) {
                let value_start = equals + 1 + skipped;
                return (at(key_start, equals), at(value_start, value_start + value.len()));
            }
        }
        (item.at, item.at)
    }

    fn add(
        &mut self,
        parameter: Parameter,
        scope: Scope,
        context: Vec<String>,
        carrier: Carrier,
        value: &Node,
        key_at: Location,
    ) {
        // What a store holds has a name here, not a value.
        let is_name = |text: &str| {
            text.starts_with(|first: char| first.is_ascii_uppercase())
                && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        };
        // Of secrets, those that are as names of variables are written.
        let is_stored = context.last().is_some_and(|key| {
            STORES.contains(&key.as_str())
                || key == "secrets" && value.as_str().is_some_and(is_name)
        });
        let dress = if is_stored { Dress::Elsewhere } else { self.dress };
        self.contexts.push(context);
        let classified = classify(parameter, value, self.source, dress);
        // A name without a value still has a place a person can be led to: its key.
        let at = if value.at.span.start == value.at.span.end { key_at } else { value.at };
        self.settings.push(Setting { parameter, scope, carrier, value: classified, at, key_at });
    }
}

/// Keys above variables whose values are names in a store.
///
/// Source: the AWS documentation, *Build specification reference for `CodeBuild`*, `env`.
const STORES: [&str; 2] = ["parameter-store", "secrets-manager"];

/// The first word of a command's text, without its quotes.
fn first_word(text: &str) -> &str {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            text.get(1..).and_then(|rest| rest.split(quote).next()).unwrap_or_default()
        }
        _ => text.split([' ', '\t', '\n', ';', '&', '|']).next().unwrap_or_default(),
    }
}

/// Whether a key, or an attribute of XML, is one of these words.
/// The variable that an option of a pool of PHP's sets, `env[NAME]`; any other name as it is.
fn of_pool(option: &str) -> &str {
    option.strip_prefix("env[").and_then(|name| name.strip_suffix(']')).unwrap_or(option)
}

fn is_one_of(key: &Node, words: &[&str]) -> bool {
    let key = key.as_str().map(|key| key.strip_prefix('@').unwrap_or(key));
    key.is_some_and(|key| words.iter().any(|word| key.eq_ignore_ascii_case(word)))
}

/// Whether a mapping has an id for each of several names: a tool takes the one that it is run for.
fn is_by_name(parameter: Parameter, node: &Node) -> bool {
    let is_id = |entry: &Entry| entry.value.as_str().is_some_and(is_uuid);
    !parameter.is_secret() && node.entries().len() > 1 && node.entries().iter().all(is_id)
}

/// The value of a variable that is described by a mapping: `{value: …}`, `{default: …}`; the node itself otherwise.
fn inner_value(node: &Node) -> &Node {
    let default = || node.entries().iter().find(|entry| is_one_of(&entry.key, &["default"]));
    described_value(node).or_else(|| default().map(|entry| &entry.value)).unwrap_or(node)
}

fn described_value(node: &Node) -> Option<&Node> {
    let value = node.entries().iter().find(|entry| is_one_of(&entry.key, &["value", "#text"]))?;
    (!matches!(value.value.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_)))
        .then_some(&value.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exported_value_is_a_word_of_the_shell() {
        for (text, word) in
            [("\"$KEY\" && x", "$KEY"), ("'a b'", "a b"), ("a; b", "a"), ("$(x)", "$(x)"), ("", "")]
        {
            assert_eq!(first_word(text), word, "{text}");
        }
    }
}
