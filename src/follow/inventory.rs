//! Ansible's inventories: which hosts are in which groups, and so which variables the instance of an environment takes in.
//!
//! Source: the Ansible documentation, *How to build your inventory* and *Variable precedence*: parents before children, groups before hosts. Where
//! two groups beside each other give one setting they may be two shops, and nothing is said.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, Value};
use crate::model::way::Ways;
use crate::recognise::{Contribution, Include, Recognised, Said};
use crate::resolve::conventions::{extension, parent};
use crate::resolve::words::Words;
use crate::source::{Location, SourceId};
use crate::sources::Sources;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, file_name};

/// How deep groups may stand in groups.
const MAX_DEPTH: usize = 16;

/// Whether a file gives variables of groups or hosts, by its path.
#[must_use]
pub fn is_of_variables(path: &str) -> bool {
    path.split('/').rev().skip(1).any(|part| part == "group_vars" || part == "host_vars")
}

/// Whether a file is an inventory, by its path.
#[must_use]
pub fn is_inventory(path: &str) -> bool {
    let name = file_name(path);
    let stem = name.split('.').next().unwrap_or_default();
    let is_named =
        matches!(stem, "hosts" | "inventory") || matches!(extension(name), "ini" | "inventory");
    let stands_among =
        path.split('/').rev().skip(1).any(|part| matches!(part, "inventories" | "inventory"));
    let is_format = matches!(extension(name), "ini" | "yaml" | "inventory") || !name.contains('.');
    is_format && (is_named || stands_among) && !is_of_variables(path)
}

/// Which groups and hosts are in which groups.
#[derive(Debug, Default)]
struct Groups {
    hosts: BTreeMap<String, BTreeSet<String>>,
    children: BTreeMap<String, BTreeSet<String>>,
    parents: BTreeMap<String, BTreeSet<String>>,
    of_host: BTreeMap<String, BTreeSet<String>>,
}

impl Groups {
    fn read(path: &str, text: &str) -> Self {
        let mut groups = Self::default();
        if extension(path) == "yaml" {
            for document in &Yaml.parse(SourceId(0), text).documents {
                for group in document.entries() {
                    groups.nested(group.key.as_str().unwrap_or_default(), &group.value, 0);
                }
            }
        } else {
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
        groups
    }

    /// Whether a group is made of environments: `[nonprod:children]` with staging and uat.
    fn holds_environments(&self, group: &str) -> bool {
        let children = self.children.get(group).into_iter().flatten();
        children.filter(|child| Words::of_path(child).environment.is_some()).count() > 1
    }

    fn listed(&mut self, text: &str) {
        let mut section = String::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
                name.clone_into(&mut section);
                let group = name.split(':').next().unwrap_or_default();
                self.hosts.entry(group.to_owned()).or_default();
                continue;
            }
            let word = line.split_whitespace().next().unwrap_or_default().to_owned();
            match section.split_once(':') {
                Some((group, "children")) => {
                    self.children.entry(group.to_owned()).or_default().insert(word);
                }
                Some(_) => {}
                None => {
                    self.hosts.entry(section.clone()).or_default().insert(word);
                }
            }
        }
    }

    fn nested(&mut self, name: &str, group: &Node, depth: usize) {
        let hosts = self.hosts.entry(name.to_owned()).or_default();
        let named = group.get("hosts").into_iter().flat_map(Node::entries);
        hosts.extend(named.filter_map(|host| host.key.as_str().map(str::to_owned)));
        for child in group.get("children").into_iter().flat_map(Node::entries) {
            let Some(key) = child.key.as_str() else { continue };
            self.children.entry(name.to_owned()).or_default().insert(key.to_owned());
            if depth < MAX_DEPTH {
                self.nested(key, &child.value, depth + 1);
            }
        }
    }
}

/// Whether a part is what an inventory says of an environment.
#[must_use]
pub fn is_taker(part: &Contribution) -> bool {
    let said = part.said.as_ref();
    part.settings.is_empty()
        && !part.includes.is_empty()
        && said.is_some_and(|said| said.how == Said::GROUP)
}

/// The groups that are reached from some by steps, with how many steps; none twice.
fn reached(
    from: &BTreeSet<String>,
    steps: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeMap<String, usize> {
    let mut found: BTreeMap<String, usize> = from.iter().map(|group| (group.clone(), 0)).collect();
    let mut open: Vec<String> = from.iter().cloned().collect();
    for depth in 1..=MAX_DEPTH {
        let next = open.iter().filter_map(|group| steps.get(group)).flatten();
        open = next.filter(|group| !found.contains_key(*group)).cloned().collect();
        found.extend(open.iter().map(|group| (group.clone(), depth)));
    }
    found
}

/// What gives variables to groups and hosts, by the folder that holds it.
type Givers<'r> = BTreeMap<(String, &'static str, String), Vec<&'r Contribution>>;

/// The parts that inventories make: an instance for each environment that they know, with what it takes in.
#[must_use]
pub fn takers(sources: &Sources, recognised: &[Recognised], ways: &Ways) -> Vec<Contribution> {
    let mut givers = Givers::new();
    let led: BTreeSet<Location> = ways.values().flatten().map(|way| way.at).collect();
    for found in recognised.iter().flat_map(|found| &found.contributions) {
        let path = sources.path(found.source);
        if let Some(root) = root_of_plays(sources, found, &led) {
            givers.entry((root.to_owned(), PLAYS, String::new())).or_default().push(found);
        }
        let Some((root, kind, name)) = given(path).filter(|_| !found.settings.is_empty()) else {
            continue;
        };
        givers.entry((root.to_owned(), kind, name.to_owned())).or_default().push(found);
    }
    if givers.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (id, path) in sources.paths().filter(|(_, path)| is_inventory(path)) {
        let Some(source) = sources.get(id) else { continue };
        let groups = Groups::read(path, source.text());
        found.extend(parts(sources, id, path, &groups, &givers));
    }
    found
}

/// Stands among the givers for plays and roles, which give every host the same.
const PLAYS: &str = "plays";

/// The folder of the plays and roles of which a part is one that sets something, for no environment of its own: itself, or by one of the names
/// that are `led` to values.
#[must_use]
pub fn root_of_plays<'s>(
    sources: &'s Sources,
    part: &Contribution,
    led: &BTreeSet<Location>,
) -> Option<&'s str> {
    let path = sources.path(part.source);
    let is_set = |setting: &Setting| match setting.value {
        Value::Literal(_) | Value::Secret(..) => true,
        Value::Reference => {
            let written = sources.get(part.source).map(|source| source.slice(setting.at.span));
            led.contains(&setting.at) || written.is_some_and(|written| written.contains("default("))
        }
        _ => false,
    };
    let names = part.said.as_ref().map_or(&[][..], |said| &said.names);
    let says_one = |name: &String| Words::of_path(name).environment.is_some();
    if !part.settings.iter().any(is_set) || names.iter().any(says_one) {
        return None;
    }
    let whole = format!("/{path}");
    if let Some(at) = whole.find("/roles/") {
        let is_of_tasks = ["/tasks/", "/templates/", "/files/", "/handlers/", "/vars/"]
            .iter()
            .any(|folder| whole.contains(folder));
        return path.get(..at).filter(|_| is_of_tasks);
    }
    let is_play = extension(path) == "yaml"
        && Words::of_path(path).environment.is_none()
        && sources.get(part.source).is_some_and(|source| is_play(source.text()));
    let folder = parent(path);
    is_play
        .then(|| folder.strip_suffix("playbooks").map_or(folder, |root| root.trim_end_matches('/')))
}

/// Whether a text is a list of plays.
fn is_play(text: &str) -> bool {
    let says =
        |line: &&str| !line.is_empty() && !line.starts_with(['#', '-']) || line.starts_with("- ");
    // Of most files the first line tells: a play is an item of a list.
    text.lines().find(says).is_some_and(|line| line.starts_with("- "))
        && text.lines().any(|line| line.starts_with("- hosts:") || line.starts_with("  hosts:"))
}

/// The folder around `group_vars` or `host_vars`, which of both it is, and whose variables stand there.
fn given(path: &str) -> Option<(&str, &'static str, &str)> {
    for kind in ["group_vars", "host_vars"] {
        let around = format!("{kind}/");
        let at = path
            .find(&around)
            .filter(|at| *at == 0 || path.get(..*at).is_some_and(|root| root.ends_with('/')));
        let Some(at) = at else { continue };
        let name = path.get(at + around.len()..)?.split('/').next()?;
        let name = name.strip_suffix(".yml").or(name.strip_suffix(".yaml")).unwrap_or(name);
        return Some((path.get(..at)?.trim_end_matches('/'), kind, name));
    }
    None
}

fn parts(
    sources: &Sources,
    id: SourceId,
    path: &str,
    groups: &Groups,
    givers: &Givers<'_>,
) -> Vec<Contribution> {
    let folder = parent(path);
    let around = folder.split("/inventor").next().unwrap_or_default();
    let around = if folder.starts_with("inventor") { "" } else { around };
    let roots: BTreeSet<&str> = [folder, around].into_iter().collect();
    let at = Location::new(id, 0, 0);
    let mut targets: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    if Words::of_path(path).environment.is_some() {
        targets.insert(
            Vec::new(),
            groups.hosts.keys().chain(groups.children.keys()).cloned().collect(),
        );
    } else {
        for group in groups.hosts.keys().chain(groups.children.keys()) {
            if groups.holds_environments(group) {
                continue;
            }
            let words = Words::of_path(group);
            if let Some(environment) = &words.environment {
                // Of `price_tag_prod`, whose name is more than its words tell, the environment is known.
                let is_told = |word: &str| {
                    word == environment.written || words.telling().iter().any(|name| name == word)
                };
                let is_whole = group.to_ascii_lowercase().split(['_', '-']).all(is_told);
                let names = if is_whole { words.telling() } else { &[] };
                let names = names.iter().chain([&environment.written]).cloned();
                targets.entry(names.collect()).or_default().insert(group.clone());
            }
        }
    }
    let mut found = Vec::new();
    for (said, own) in targets {
        let below = reached(&own, &groups.children);
        let hosts: BTreeSet<String> =
            below.keys().filter_map(|group| groups.hosts.get(group)).flatten().cloned().collect();
        let of_hosts: BTreeSet<String> =
            hosts.iter().filter_map(|host| groups.of_host.get(host)).flatten().cloned().collect();
        let starts: BTreeSet<String> = own.iter().chain(&of_hosts).cloned().collect();
        let mut levels: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for (group, steps) in reached(&starts, &groups.parents) {
            levels.entry(MAX_DEPTH - steps.min(MAX_DEPTH)).or_default().insert(group);
        }
        let mut includes: Vec<Include> = Vec::new();
        let mut take = |kind: &'static str, names: &BTreeSet<String>, is_one: bool| {
            for root in &roots {
                let key = |name: &String| ((*root).to_owned(), kind, name.clone());
                let known: Vec<&Vec<&Contribution>> =
                    names.iter().filter_map(|name| givers.get(&key(name))).collect();
                if !agree(&known, is_one) {
                    continue;
                }
                let paths: BTreeSet<&str> =
                    known.iter().copied().flatten().map(|part| sources.path(part.source)).collect();
                includes.extend(paths.into_iter().map(|path| Include {
                    path: path.to_owned(),
                    at,
                    // A group of environments is theirs, though its name may be an environment's.
                    is_firm:
                        given(path).is_some_and(|(_, _, name)| groups.holds_environments(name)),
                }));
            }
        };
        for names in levels.values() {
            take("group_vars", names, false);
        }
        take("host_vars", &hosts, true);
        for root in &roots {
            let plays = givers.get(&((*root).to_owned(), PLAYS, String::new()));
            let paths: BTreeSet<&str> =
                plays.into_iter().flatten().map(|part| sources.path(part.source)).collect();
            let include = |path: &str| Include { path: path.to_owned(), at, is_firm: false };
            includes.extend(paths.into_iter().map(include));
        }
        if !includes.is_empty() {
            // One word, as the group is called: of `price_tag_prod` no part says it alone.
            let name = (!said.is_empty()).then(|| said.join("_"));
            let said = Said { how: Said::GROUP, names: name.into_iter().collect() };
            found.push(Contribution { said: Some(said), includes, ..Contribution::of(id) });
        }
    }
    found
}

/// Whether what several give can be one instance's: no two groups give one setting, and hosts give it one value.
fn agree(givers: &[&Vec<&Contribution>], is_one: bool) -> bool {
    let mut given: BTreeMap<Parameter, Option<Fingerprint>> = BTreeMap::new();
    for parts in givers {
        let settings = parts.iter().flat_map(|part| &part.settings);
        let own: BTreeMap<Parameter, Option<Fingerprint>> =
            settings.map(|setting| (setting.parameter, setting.fingerprint())).collect();
        for (parameter, value) in own {
            match given.get(&parameter) {
                Some(known) if !is_one || value.is_none() || *known != value => return false,
                _ => {
                    given.insert(parameter, value);
                }
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inventories_are_read_in_both_forms() {
        let list = "[production]\nweb1 a=b\n# x\n[staging]\nweb2\n[shop:children]\nproduction\nstaging\n[shop:vars]\nx=1\n";
        let tree = "all:\n  children:\n    shop:\n      children:\n        production: {hosts: {web1: }}\n        staging: {hosts: {web2: }}\n";
        for (path, text) in [("hosts", list), ("hosts.yml", tree)] {
            let groups = Groups::read(path, text);
            assert!(groups.hosts["production"].contains("web1"), "{path}");
            assert!(groups.parents["staging"].contains("shop"), "{path}");
            assert!(groups.of_host["web2"].contains("staging"), "{path}");
        }
    }

    #[test]
    fn an_inventory_is_known_by_its_place() {
        for path in
            ["hosts", "inventories/production/hosts", "inventory/prod.yml", "ansible/hosts.ini"]
        {
            assert!(is_inventory(path), "{path}");
        }
        for path in
            ["inventories/production/group_vars/all.yml", "etc/hosts.conf", "src/inventory.php"]
        {
            assert!(!is_inventory(path), "{path}");
        }
    }
}
