//! A name that stands for a setting, written as the setting: so that whatever reads settings reads it, wherever it stands.
//!
//! Nothing moves: key and value keep the places that they have in the file.

use std::collections::BTreeMap;

use crate::recognise::handed::Tool;
use crate::source::{Location, Span};
use crate::syntax::{Entry, Node, NodeKind};

/// Keys that hold a name, and keys that hold its value beside it.
const PAIR: [(&str, &str); 4] = [
    ("name", "value"),
    ("key", "value"),
    ("variable", "value"),
    ("ParameterKey", "ParameterValue"),
];

/// Stands for any key of a map whose keys are whose its values are.
pub const ANY: &str = "*";

/// What is looked for in a document: each with the numbers of those that look for it.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Whole ways of keys from the root.
    pub ways: BTreeMap<Vec<String>, Vec<usize>>,
    /// Such ways on which a key says whose the value is: what is found stays there.
    pub kept: BTreeMap<Vec<String>, Vec<usize>>,
    /// The same, with [`ANY`] for any key.
    pub wild: BTreeMap<Vec<String>, Vec<usize>>,
    /// Keys of one mapping, by where it stands: what is found stays there.
    pub placed: BTreeMap<(Span, String), Vec<usize>>,
    /// Names of variables, wherever they are set.
    pub variables: BTreeMap<String, Vec<usize>>,
    /// Names that commands hand to a tool.
    pub handed: BTreeMap<(Tool, String), Vec<usize>>,
}

impl Wanted {
    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let kept = self.kept.is_empty() && self.wild.is_empty() && self.placed.is_empty();
        kept && self.ways.is_empty() && self.variables.is_empty() && self.handed.is_empty()
    }

    /// Looks for a way of keys; a module's name and the keys of a map say whose the value is.
    pub fn want(&mut self, way: Vec<String>, number: usize) {
        let is_wild = way.iter().any(|key| key == ANY);
        let is_called = way.first().is_some_and(|key| key == "module");
        let to = match (is_wild, is_called) {
            (true, _) => &mut self.wild,
            (false, true) => &mut self.kept,
            (false, false) => &mut self.ways,
        };
        push(to, way, number);
    }

    /// Looks for a way of keys of which one says whose the value is.
    pub fn want_kept(&mut self, way: Vec<String>, number: usize) {
        push(&mut self.kept, way, number);
    }

    /// Looks for a way of keys in one mapping alone; [`ANY`] stands for each item of a list, too.
    pub fn want_in(&mut self, mapping: &Node, way: &[String], number: usize) {
        let Some((key, above)) = way.split_last() else { return };
        let mut holders = vec![mapping];
        for key in above {
            let beneath = holders.into_iter().flat_map(|node| {
                let named = node
                    .entries()
                    .iter()
                    .filter(|entry| key == ANY || entry.key.as_str() == Some(key.as_str()));
                let items = node.items().iter().filter(|_| key == ANY);
                named.map(|entry| &entry.value).chain(items)
            });
            holders = beneath.collect();
        }
        for holder in holders {
            push(&mut self.placed, (holder.at.span, key.clone()), number);
        }
    }

    /// Looks for what a tool is handed for a name.
    pub fn want_handed(&mut self, tool: Tool, name: String, number: usize) {
        push(&mut self.handed, (tool, name), number);
    }

    /// Looks for a variable.
    pub fn want_variable(&mut self, name: String, number: usize) {
        push(&mut self.variables, name, number);
    }
}

fn push<K: Ord>(to: &mut BTreeMap<K, Vec<usize>>, key: K, number: usize) {
    let numbers = to.entry(key).or_default();
    if !numbers.contains(&number) {
        numbers.push(number);
    }
}

/// What was found.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// Who looks for it.
    pub number: usize,
    /// Where the key stands.
    pub key: Location,
}

/// A name that stands where a wanted way goes on: `current = local.all[terraform.workspace]`, of which `space` is wanted.
#[derive(Clone, Debug)]
pub struct Detour {
    /// Who looks for it.
    pub number: usize,
    /// Where the other name stands.
    pub at: Location,
    /// The keys that are wanted beneath it.
    pub rest: Vec<String>,
}

/// Renames what is wanted to what `setting` says for its number. What stands under keys of its own is set at the root, unless `stays`. `scope`:
/// where who looks for a variable stands, if only what is set around it counts; the closest wins.
pub fn rename(
    document: &mut Node,
    wanted: &Wanted,
    (stays, scope): (bool, &dyn Fn(usize) -> Option<Span>),
    setting: &dyn Fn(usize) -> String,
) -> (Vec<Hit>, Vec<Detour>) {
    let mut renaming = Renaming {
        wanted,
        stays,
        scope,
        setting,
        trail: Vec::new(),
        around: Vec::new(),
        closest: BTreeMap::new(),
        hits: Vec::new(),
        detours: Vec::new(),
        roots: Vec::new(),
    };
    renaming.survey(document);
    renaming.visit(document);
    let Renaming { hits, detours, roots, .. } = renaming;
    if let NodeKind::Mapping(entries) = &mut document.kind {
        entries.extend(roots);
    }
    (hits, detours)
}

struct Renaming<'a> {
    wanted: &'a Wanted,
    stays: bool,
    scope: &'a dyn Fn(usize) -> Option<Span>,
    setting: &'a dyn Fn(usize) -> String,
    trail: Vec<String>,
    /// The mappings around, outermost first.
    around: Vec<Span>,
    /// For each who looks for a variable of its scope, the mapping closest to it that has one.
    closest: BTreeMap<usize, Span>,
    hits: Vec<Hit>,
    detours: Vec<Detour>,
    /// What is set at the root.
    roots: Vec<Entry>,
}

impl Renaming<'_> {
    /// Finds the closest variables of those who look for one around them; no deeper than documents nest.
    fn survey(&mut self, node: &Node) {
        for item in node.items() {
            self.survey(item);
        }
        self.around.push(node.at.span);
        for entry in node.entries() {
            let numbers = entry.key.as_str().and_then(|key| self.wanted.variables.get(key));
            let holder = self.around.iter().rev().nth(1).copied();
            for &number in numbers.into_iter().flatten() {
                let Some((holder, at)) = holder.zip((self.scope)(number)) else { continue };
                let closer = |known: &Span| holder.within(*known);
                if at.within(holder) && self.closest.get(&number).is_none_or(closer) {
                    self.closest.insert(number, holder);
                }
            }
            self.survey(&entry.value);
        }
        self.around.pop();
    }

    /// Whether a variable that is set in a mapping is that of who looks for it.
    fn reaches(&self, number: usize) -> bool {
        let holder = self.around.iter().rev().nth(1);
        (self.scope)(number).is_none() || self.closest.get(&number) == holder
    }

    /// Visits a node; no deeper than documents nest.
    fn visit(&mut self, node: &mut Node) {
        match &mut node.kind {
            NodeKind::Mapping(entries) => {
                self.pair(entries);
                self.around.push(node.at.span);
                let mut more = Vec::new();
                for entry in entries.iter_mut() {
                    self.entry(entry, &mut more);
                }
                entries.extend(more);
                self.around.pop();
            }
            NodeKind::Sequence(items) => {
                for item in items {
                    self.assignment(item);
                    self.visit(item);
                }
            }
            _ => {}
        }
    }

    fn entry(&mut self, entry: &mut Entry, more: &mut Vec<Entry>) {
        let Some(key) = entry.key.as_str().map(str::to_owned) else { return };
        self.trail.push(key.clone());
        let is_described = entry.value.get("value").is_some_and(is_leaf)
            && self.wanted.variables.contains_key(&key);
        if is_leaf(&entry.value) || is_described {
            if entry.value.kind == NodeKind::Expression {
                self.detour(entry.value.at);
            }
            if self.keep(entry) {
                self.trail.pop();
                return;
            }
            let way = self.wanted.ways.get(&self.trail);
            let is_deep = way.is_some() && self.trail.len() > 1 && !self.stays;
            let reaches = |number: &usize| self.reaches(*number);
            let variables = || {
                let of_key = self.wanted.variables.get(&key)?;
                Some(of_key.iter().copied().filter(reaches).collect::<Vec<_>>())
            };
            let numbers = way.cloned().or_else(variables).unwrap_or_default();
            for (index, number) in numbers.into_iter().enumerate() {
                let name = (self.setting)(number);
                self.hits.push(Hit { number, key: entry.key.at });
                let renamed = Node::new(entry.key.at, NodeKind::Scalar(name));
                if is_deep {
                    self.roots.push(Entry { key: renamed, value: entry.value.clone() });
                } else if index == 0 {
                    entry.key = renamed;
                } else {
                    more.push(Entry { key: renamed, value: entry.value.clone() });
                }
            }
        } else {
            self.visit(&mut entry.value);
        }
        self.trail.pop();
    }

    /// Keeps that wanted ways go on behind a name that stands here.
    fn detour(&mut self, at: Location) {
        let is_above = |way: &[String]| {
            let mut keys = way.iter().zip(&self.trail);
            way.len() > self.trail.len() && keys.all(|(way, key)| way == ANY || way == key)
        };
        let within = |(way, _): &(&Vec<String>, &Vec<usize>)| way.starts_with(&self.trail);
        let ways = self.wanted.ways.range(self.trail.clone()..).take_while(within);
        let kept = self.wanted.kept.range(self.trail.clone()..).take_while(within);
        let beneath = ways.chain(kept).chain(&self.wanted.wild);
        for (way, numbers) in beneath.filter(|(way, _)| is_above(way)) {
            let rest = way.get(self.trail.len()..).unwrap_or_default();
            // Who wants the value itself goes on from there.
            let own =
                self.wanted.ways.get(&self.trail).filter(|_| rest.iter().all(|key| key == ANY));
            let is_new = |number: &&usize| own.is_none_or(|own| !own.contains(number));
            let detour = |number: &usize| Detour { number: *number, at, rest: rest.to_vec() };
            self.detours.extend(numbers.iter().filter(is_new).map(detour));
        }
    }

    /// Renames a key where it stands, or puts what stands under a key of a map under the setting's name there.
    fn keep(&mut self, entry: &mut Entry) -> bool {
        let is_one = |way: &[String]| {
            let mut keys = way.iter().zip(&self.trail);
            way.len() == self.trail.len() && keys.all(|(way, key)| way == ANY || way == key)
        };
        let exact = self.wanted.kept.get_key_value(&self.trail);
        let wild = || self.wanted.wild.iter().find(|(way, _)| is_one(way));
        let any = [ANY.to_owned()];
        let placed = |key: &str| self.wanted.placed.get(&(*self.around.last()?, key.to_owned()));
        let placed = || {
            let own = self.trail.last().and_then(|key| placed(key)).map(|own| (&[][..], own));
            own.or_else(|| placed(ANY).map(|numbers| (&any[..], numbers)))
        };
        let found = exact.or_else(wild).map(|(way, numbers)| (way.as_slice(), numbers));
        let found = found.or_else(placed);
        let Some((way, numbers)) = found else { return false };
        let key_at = entry.key.at;
        let named = |number: &usize| {
            let key = Node::new(key_at, NodeKind::Scalar((self.setting)(*number)));
            Entry { key, value: entry.value.clone() }
        };
        let renamed: Vec<Entry> = numbers.iter().map(named).collect();
        self.hits.extend(numbers.iter().map(|number| Hit { number: *number, key: key_at }));
        match (way.last().is_some_and(|key| key == ANY), renamed.as_slice()) {
            (false, [only]) => *entry = only.clone(),
            _ => entry.value = Node::new(entry.value.at, NodeKind::Mapping(renamed)),
        }
        true
    }

    /// `{name: X, value: …}`.
    fn pair(&mut self, entries: &mut [Entry]) {
        let at = |key: &str| entries.iter().position(|entry| entry.key.as_str() == Some(key));
        let pair = PAIR
            .iter()
            .find_map(|(name, value)| at(value).and_then(|value| Some((at(name)?, value))));
        let Some((at_name, at_value)) = pair else { return };
        let Some(entry) = entries.get_mut(at_name) else { return };
        let numbers = entry.value.as_str().and_then(|name| self.wanted.variables.get(name));
        let Some(name) = numbers.and_then(|numbers| self.named(numbers, entry.value.at)) else {
            return;
        };
        entry.value.kind = NodeKind::Scalar(name);
        // Whatever a tool calls the pair, it is read as a name and its value.
        for (at, key) in [(at_name, PAIR[0].0), (at_value, PAIR[0].1)] {
            if let Some(entry) = entries.get_mut(at) {
                entry.key.kind = NodeKind::Scalar(key.to_owned());
            }
        }
    }

    /// `X=value` in a list.
    fn assignment(&mut self, item: &mut Node) {
        let Some((name, value)) = item.as_str().and_then(|text| text.split_once('=')) else {
            return;
        };
        let numbers = self.wanted.variables.get(name.trim());
        let Some(name) = numbers.and_then(|numbers| self.named(numbers, item.at)) else { return };
        item.kind = NodeKind::Scalar(format!("{name}={value}"));
    }

    /// The first setting that one name stands for, found for all who look for that setting.
    fn named(&mut self, numbers: &[usize], key: Location) -> Option<String> {
        let name = (self.setting)(*numbers.first()?);
        let same = numbers.iter().filter(|number| (self.setting)(**number) == name);
        self.hits.extend(same.map(|&number| Hit { number, key }));
        Some(name)
    }
}

fn is_leaf(node: &Node) -> bool {
    !matches!(node.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_) | NodeKind::Null)
}
