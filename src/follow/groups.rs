//! An inventory of Ansible's as it is written: its groups, their hosts, and where the variables of both stand.
//!
//! Source: the Ansible documentation, *How to build your inventory*. Whether a file is one, its text says: its path only, whether it may be.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::resolve::conventions::extension;
use crate::resolve::words::Words;
use crate::source::{Location, SourceId};
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, NodeKind, file_name};

/// How deep groups may stand in groups.
pub const MAX_DEPTH: usize = 16;

/// How many hosts a range is spelt out for.
const MAX_HOSTS: usize = 10_000;

/// The group that every host is in.
pub const ALL: &str = "all";

/// What sets the rank of a group among those that stand as deep.
const PRIORITY: &str = "ansible_group_priority";

/// The folders of what is no inventory.
const OF_CODE: [&str; 9] = [
    "group_vars",
    "host_vars",
    "roles",
    "tasks",
    "handlers",
    "templates",
    "files",
    "defaults",
    "vars",
];

/// Whether a file may be an inventory, by its path: one has the ending of its format, or none.
#[must_use]
pub fn may_be_inventory(path: &str) -> bool {
    let name = file_name(path);
    let stem = name.split('.').next().unwrap_or_default();
    let is_format = matches!(extension(name), "ini" | "yaml" | "inventory") || !name.contains('.');
    (is_format || matches!(stem, "hosts" | "inventory"))
        && !path.split('/').rev().skip(1).any(|part| OF_CODE.contains(&part))
}

/// Whose a variable is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A group's.
    Group(String),
    /// That of each of these hosts.
    Hosts(Vec<String>),
}

/// Which groups and hosts are in which groups, and where their variables stand.
#[derive(Debug, Default)]
pub struct Groups {
    /// The hosts of each group, those of its children aside.
    pub hosts: BTreeMap<String, BTreeSet<String>>,
    /// The groups in each group.
    pub children: BTreeMap<String, BTreeSet<String>>,
    /// The groups that each group is in.
    pub parents: BTreeMap<String, BTreeSet<String>>,
    /// The groups of each host, those above them aside.
    pub of_host: BTreeMap<String, BTreeSet<String>>,
    /// Where variables stand, by where each begins: where it ends, and whose it is.
    owners: BTreeMap<usize, (usize, Vec<Owner>)>,
    priorities: BTreeMap<String, i64>,
}

impl Groups {
    /// Reads an inventory; none where the text is no such.
    #[must_use]
    pub fn read(path: &str, text: &str) -> Option<Self> {
        let mut groups = Self::default();
        if extension(path) == "yaml" || text.trim_start().starts_with("---") {
            let documents = Yaml.parse(SourceId(0), text).documents;
            let inventories = documents.iter().filter(|document| is_of_groups(document));
            let mut ways = Vec::new();
            for group in inventories.flat_map(Node::entries) {
                let name = group.key.as_str().unwrap_or_default();
                groups.nested(name, &group.value, &mut vec![name.to_owned()], &mut ways);
            }
        } else if is_of_sections(text) {
            groups.listed(text);
        }
        for (group, children) in &groups.children {
            for child in children {
                groups.parents.entry(child.clone()).or_default().insert(group.clone());
            }
        }
        for (group, hosts) in &groups.hosts {
            for host in hosts {
                groups.of_host.entry(host.clone()).or_default().insert(group.clone());
            }
        }
        let is_empty = groups.hosts.values().all(BTreeSet::is_empty)
            && groups.children.is_empty()
            && groups.owners.is_empty();
        (!is_empty).then_some(groups)
    }

    /// Whether a group is made of environments: `[nonprod:children]` with staging and uat.
    #[must_use]
    pub fn holds_environments(&self, group: &str) -> bool {
        let children = self.children.get(group).into_iter().flatten();
        children.filter(|child| Words::of_path(child).environment.is_some()).count() > 1
    }

    /// The names of all groups.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        let childless = self.hosts.keys().filter(|group| !self.children.contains_key(*group));
        self.children.keys().chain(childless)
    }

    /// Whose what stands at a place is; none where that is nobody's.
    #[must_use]
    pub fn owners_at(&self, at: Location) -> &[Owner] {
        let start = at.span.range().start;
        let before = self.owners.range(..=start).next_back();
        before.filter(|(_, (end, _))| start < *end).map_or(&[], |(_, (_, owners))| owners)
    }

    /// Where groups stand in the order in which their variables are taken: the last one wins.
    ///
    /// Source: the Ansible documentation, *How variables are merged*: parents first, then by priority, then by name.
    #[must_use]
    pub fn ranks(&self) -> BTreeMap<String, (usize, i64, String)> {
        let mut depths: BTreeMap<&str, usize> = BTreeMap::from([(ALL, 0)]);
        depths.extend(self.names().filter(|name| *name != ALL).map(|name| (name.as_str(), 1)));
        for _ in 0..MAX_DEPTH {
            let mut is_settled = true;
            for (group, children) in &self.children {
                let below = depths.get(group.as_str()).map_or(1, |depth| depth + 1);
                for child in children.iter().filter(|child| *child != ALL) {
                    let depth = depths.entry(child).or_default();
                    is_settled &= *depth >= below;
                    *depth = below.max(*depth);
                }
            }
            if is_settled {
                break;
            }
        }
        let rank = |(name, depth): (&str, usize)| {
            let priority = self.priorities.get(name).copied().unwrap_or(1);
            (name.to_owned(), (depth, priority, name.to_owned()))
        };
        depths.into_iter().map(rank).collect()
    }

    fn own(&mut self, at: Range<usize>, owner: Owner) {
        let (end, owners) = self.owners.entry(at.start).or_default();
        *end = at.end.max(*end);
        owners.push(owner);
    }

    fn listed(&mut self, text: &str) {
        let mut section = "ungrouped".to_owned();
        let mut next = 0;
        for whole in text.split_inclusive('\n') {
            let at = next..next + whole.len();
            next = at.end;
            let line = whole.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
                name.trim().clone_into(&mut section);
                let group = name.split(':').next().unwrap_or_default();
                self.hosts.entry(group.to_owned()).or_default();
                continue;
            }
            let word = line.split_whitespace().next().unwrap_or_default();
            match section.split_once(':') {
                Some((group, "children")) => {
                    self.children.entry(group.to_owned()).or_default().insert(word.to_owned());
                }
                Some((group, _)) => {
                    if let Some((PRIORITY, value)) =
                        line.split_once('=').map(|(name, value)| (name.trim(), value.trim()))
                    {
                        let priority = value.trim_matches(['"', '\'']).parse().unwrap_or(1);
                        self.priorities.insert(group.to_owned(), priority);
                    }
                    let group = group.to_owned();
                    self.own(at, Owner::Group(group));
                }
                None => {
                    let hosts = spelt_out(word);
                    self.hosts.entry(section.clone()).or_default().extend(hosts.iter().cloned());
                    self.own(at, Owner::Hosts(hosts));
                }
            }
        }
    }

    /// Reads a group and those in it; keeps the ways of keys to what holds variables.
    fn nested(
        &mut self,
        name: &str,
        group: &Node,
        trail: &mut Vec<String>,
        ways: &mut Vec<Vec<String>>,
    ) {
        self.hosts.entry(name.to_owned()).or_default();
        let way = |trail: &[String], more: &[&str]| {
            trail.iter().cloned().chain(more.iter().map(|key| (*key).to_owned())).collect()
        };
        if let Some(given) = group.get("vars") {
            ways.push(way(trail, &["vars"]));
            for at in leaves(given) {
                self.own(at, Owner::Group(name.to_owned()));
            }
            let priority = given.get(PRIORITY).and_then(Node::as_str);
            let priority = priority.and_then(|written| written.parse().ok());
            self.priorities.extend(priority.map(|priority| (name.to_owned(), priority)));
        }
        for host in group.get("hosts").into_iter().flat_map(Node::entries) {
            let Some(key) = host.key.as_str() else { continue };
            let hosts = spelt_out(key);
            let own = self.hosts.entry(name.to_owned()).or_default();
            own.extend(hosts.iter().cloned());
            if host.value.entries().is_empty() {
                continue;
            }
            ways.push(way(trail, &["hosts", key]));
            for at in leaves(&host.value) {
                self.own(at, Owner::Hosts(hosts.clone()));
            }
        }
        for child in group.get("children").into_iter().flat_map(Node::entries) {
            let Some(key) = child.key.as_str() else { continue };
            self.children.entry(name.to_owned()).or_default().insert(key.to_owned());
            if trail.len() < 2 * MAX_DEPTH {
                trail.extend(["children".to_owned(), key.to_owned()]);
                self.nested(key, &child.value, trail, ways);
                trail.truncate(trail.len() - 2);
            }
        }
    }
}

/// The ways of keys to what holds variables of groups and hosts in a document; none where it is no inventory.
#[must_use]
pub fn ways_of(document: &Node) -> Vec<Vec<String>> {
    let mut ways = Vec::new();
    let groups = document.entries().iter().filter(|_| is_of_groups(document));
    for group in groups {
        let name = group.key.as_str().unwrap_or_default();
        Groups::default().nested(name, &group.value, &mut vec![name.to_owned()], &mut ways);
    }
    ways
}

/// Whether a document is groups and nothing else: `web: {hosts: …, vars: …, children: …}`.
fn is_of_groups(document: &Node) -> bool {
    const KEYS: [&str; 3] = ["hosts", "vars", "children"];
    let is_known = |key: &Node| key.as_str().is_some_and(|key| KEYS.contains(&key));
    let is_group = |group: &Node| match &group.kind {
        NodeKind::Null => true,
        NodeKind::Mapping(entries) => entries.iter().all(|entry| is_known(&entry.key)),
        _ => false,
    };
    let entries = document.entries();
    let has_members = |group: &Node| group.get("hosts").or(group.get("children")).is_some();
    let is_all = |key: &Node| key.as_str() == Some(ALL);
    entries.iter().all(|entry| is_group(&entry.value))
        && entries.iter().any(|entry| has_members(&entry.value) || is_all(&entry.key))
}

/// Whether a text is lists of hosts in sections: no line of such a section gives a name a value, as those of other files do.
fn is_of_sections(text: &str) -> bool {
    let says = |line: &&str| !line.is_empty() && !line.starts_with(['#', ';']);
    let mut is_of_hosts = true;
    let mut has_sections = false;
    for line in text.lines().map(str::trim).filter(says) {
        if let Some((name, behind)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let is_of_name = |c: char| c.is_alphanumeric() || "_-.:".contains(c);
            let is_header = !name.is_empty() && name.chars().all(is_of_name);
            if !is_header || !(behind.is_empty() || behind.trim_start().starts_with(['#', ';'])) {
                return false;
            }
            has_sections = true;
            is_of_hosts = !name.contains(':');
            continue;
        }
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        let is_pair = first.contains('=') || words.next().is_some_and(|word| word.starts_with('='));
        if is_of_hosts && is_pair {
            return false;
        }
    }
    has_sections
}

/// The places of the keys and values beneath a node.
fn leaves(node: &Node) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.kind {
            NodeKind::Mapping(entries) => {
                found.extend(entries.iter().map(|entry| entry.key.at.span.range()));
                open.extend(entries.iter().map(|entry| &entry.value));
            }
            NodeKind::Sequence(items) => open.extend(items),
            _ => found.push(node.at.span.range()),
        }
    }
    found
}

/// The hosts of a pattern with ranges, `web[01:20:2]`, `db-[a:c].example.com`, each without its port.
///
/// Source: the Ansible documentation, *Adding ranges of hosts*.
fn spelt_out(pattern: &str) -> Vec<String> {
    let port = |(_, port): &(&str, &str)| {
        !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    };
    let named = pattern.rsplit_once(':').filter(port).map_or(pattern, |(host, _)| host);
    let mut found = vec![String::new()];
    let mut rest = named;
    while let Some((before, behind)) = rest.split_once('[') {
        let Some((range, behind)) = behind.split_once(']') else { break };
        let Some(texts) = texts_of(range) else { return vec![named.to_owned()] };
        if found.len().saturating_mul(texts.len()) > MAX_HOSTS {
            return vec![named.to_owned()];
        }
        let with = |start: &String| {
            let texts = texts.iter().map(|text| format!("{start}{before}{text}"));
            texts.collect::<Vec<_>>()
        };
        found = found.iter().flat_map(with).collect();
        rest = behind;
    }
    found.iter().map(|start| format!("{start}{rest}")).collect()
}

/// What a range stands for: numbers with their leading zeros, letters; from its beginning to its end, both in it.
fn texts_of(range: &str) -> Option<Vec<String>> {
    let mut parts = range.split(':');
    let (from, to) = (parts.next()?, parts.next()?);
    let step: usize = parts.next().map_or(Some(1), |step| step.parse().ok())?;
    if step == 0 || parts.next().is_some() {
        return None;
    }
    let letter = |text: &str| {
        let mut letters = text.chars();
        letters.next().filter(|one| one.is_ascii_alphabetic() && letters.next().is_none())
    };
    if let Some((from, to)) = letter(from).zip(letter(to)) {
        return Some((from..=to).step_by(step).map(String::from).collect());
    }
    let from_number: usize = if from.is_empty() { 0 } else { from.parse().ok()? };
    let to: usize = to.parse().ok()?;
    let width = if from.starts_with('0') { from.len() } else { 0 };
    let numbers = (from_number..=to).step_by(step).take(MAX_HOSTS + 1);
    Some(numbers.map(|number| format!("{number:0width$}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inventories_are_read_in_both_forms() {
        let list = "[production]\nweb1 a=b\n# x\n[staging]\nweb2\n[shop:children]\nproduction\nstaging\n[shop:vars]\nx=1\n";
        let tree = "all:\n  children:\n    shop:\n      vars: {x: 1}\n      children:\n        production: {hosts: {web1: {a: b}}}\n        staging: {hosts: {web2: }}\n";
        for (path, text) in [("hosts", list), ("hosts.yml", tree)] {
            let groups = Groups::read(path, text).expect("it is an inventory");
            assert!(groups.hosts["production"].contains("web1"), "{path}");
            assert!(groups.parents["staging"].contains("shop"), "{path}");
            assert!(groups.of_host["web2"].contains("staging"), "{path}");
            let owners = |word: &str| {
                let at = text.find(word).expect("it stands there");
                groups.owners_at(Location::new(SourceId(0), at, at + 1)).to_vec()
            };
            let letter = if path == "hosts" { "x=1" } else { "x: 1" };
            assert_eq!(owners(letter), [Owner::Group("shop".to_owned())], "{path}");
            let letter = if path == "hosts" { "a=b" } else { "a: b" };
            assert_eq!(owners(letter), [Owner::Hosts(vec!["web1".to_owned()])], "{path}");
        }
    }

    #[test]
    fn what_holds_no_groups_is_no_inventory() {
        for (path, text) in [
            ("values.yaml", "all:\n  space: x\n"),
            ("site.yml", "- hosts: all\n"),
            ("compose.yaml", "services:\n  web: {image: shop}\n"),
            ("LICENSE", "Copyright [yyyy] [name]\n"),
            ("Makefile", "all:\n\techo [x]\n"),
            ("php.ini", "[PHP]\nmemory_limit = 2G\n"),
        ] {
            assert!(Groups::read(path, text).is_none(), "{path}");
        }
    }

    #[test]
    fn an_inventory_may_stand_anywhere_but_among_variables_and_code() {
        for path in ["hosts", "inventories/production/hosts", "inv/prod.yml", "hosts.production"] {
            assert!(may_be_inventory(path), "{path}");
        }
        for path in
            ["inventories/production/group_vars/all.yml", "etc/hosts/x.conf", "src/inventory/x.php"]
        {
            assert!(!may_be_inventory(path), "{path}");
        }
    }

    #[test]
    fn ranges_are_spelt_out() {
        for (pattern, hosts) in [
            ("web[1:3]", &["web1", "web2", "web3"][..]),
            (
                "web[01:05:2].example.com",
                &["web01.example.com", "web03.example.com", "web05.example.com"],
            ),
            ("db-[a:c]", &["db-a", "db-b", "db-c"]),
            ("r[1:2]-[a:b]", &["r1-a", "r1-b", "r2-a", "r2-b"]),
            ("web1:2222", &["web1"]),
            ("web[x:3]", &["web[x:3]"]),
            ("web1", &["web1"]),
        ] {
            assert_eq!(spelt_out(pattern), hosts, "{pattern}");
        }
    }

    #[test]
    fn deeper_groups_come_later_and_then_those_of_a_higher_priority() {
        let text = "[a]\nh\n[b]\nh\n[c]\nh\n[p:children]\nc\n[a:vars]\nansible_group_priority=9\n";
        let groups = Groups::read("hosts", text).expect("it is an inventory");
        let ranks = groups.ranks();
        let mut order: Vec<&String> = ranks.keys().collect();
        order.sort_by_key(|name| ranks.get(*name));
        assert_eq!(order, ["all", "b", "p", "a", "c"]);
    }
}
