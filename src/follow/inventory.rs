//! What the instances of Ansible's inventories take in: for each environment that one knows, the variables of its hosts in the order of Ansible's.
//!
//! Source: the Ansible documentation, *Understanding variable precedence*: what the inventory says of groups, `group_vars/all`, `group_vars` beside the
//! inventory and then beside the plays, what the inventory says of hosts, `host_vars` of both; parents before children. Where two groups beside each
//! other give hosts of their own one setting they may be two shops, and nothing is said.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::{ALL, Groups, MAX_DEPTH, Owner, may_be_inventory};
use super::plays;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting, Value};
use crate::model::way::Ways;
use crate::recognise::{Contribution, Include, Recognised, Said};
use crate::resolve::conventions::{extension, parent};
use crate::resolve::words::Words;
use crate::source::{Location, SourceId};
use crate::sources::Sources;

/// The folder of variables of groups.
const GROUP_VARS: &str = "group_vars";

/// The folder of variables of hosts.
const HOST_VARS: &str = "host_vars";

/// Whether a file gives variables of groups or hosts, by its path.
#[must_use]
pub fn is_of_variables(path: &str) -> bool {
    path.split('/').rev().skip(1).any(|part| part == GROUP_VARS || part == HOST_VARS)
}

/// Whether a part is what an inventory says of an environment.
#[must_use]
pub fn is_taker(part: &Contribution) -> bool {
    part.said.as_ref().is_some_and(|said| said.how == Said::GROUP)
}

/// What gives variables to groups and hosts, by the folder that holds it.
type Givers<'r> = BTreeMap<(String, &'static str, String), Vec<&'r Contribution>>;

/// A setting of an inventory's own: where its name stands, and what it sets.
type Known = (Location, Parameter, Scope);

/// What tells a setting of an inventory's own from others.
#[must_use]
pub fn known(setting: &Setting) -> Known {
    (setting.key_at, setting.parameter, setting.scope.clone())
}

/// What inventories make of a tree.
#[derive(Debug, Default)]
pub struct Taken {
    /// An instance for each environment that they know, with what it takes in, and with what they say of it themselves.
    pub parts: Vec<Contribution>,
    /// What they say themselves and is theirs no longer.
    pub moved: BTreeSet<Known>,
}

/// The parts that inventories make; what they say themselves is theirs until names are `led` to values.
#[must_use]
pub fn taken(sources: &Sources, recognised: &[Recognised], led: Option<&Ways>) -> Taken {
    let mut givers = Givers::new();
    let mut own: BTreeMap<SourceId, Vec<&Setting>> = BTreeMap::new();
    let is_last = led.is_some();
    let of_all_plays = plays::for_all(sources);
    let ways = led.into_iter().flat_map(Ways::values).flatten();
    let led: BTreeSet<Location> = ways.map(|way| way.at).collect();
    for found in recognised.iter().flat_map(|found| &found.contributions) {
        let path = sources.path(found.source);
        if let Some(root) = root_of_plays(sources, found, &led) {
            givers.entry((root.to_owned(), PLAYS, String::new())).or_default().push(found);
        }
        if found.settings.is_empty() {
            continue;
        }
        if let Some(root) = of_all_plays.get(path) {
            givers.entry((root.clone(), PLAYS, String::new())).or_default().push(found);
        }
        if let Some((root, kind, name)) = given(path) {
            givers.entry((root.to_owned(), kind, name.to_owned())).or_default().push(found);
        } else if is_last && may_be_inventory(path) {
            own.entry(found.source).or_default().extend(&found.settings);
        }
    }
    let mut found: Vec<Inventory<'_>> = Vec::new();
    let files = sources.paths().filter(|(id, path)| {
        may_be_inventory(path) && (!givers.is_empty() || own.contains_key(id))
    });
    for (id, path) in files {
        let Some(source) = sources.get(id) else { continue };
        let Some(groups) = Groups::read(path, source.text()) else { continue };
        let own = own.get(&id).map_or(&[][..], Vec::as_slice);
        found.push(Inventory { sources, id, path, groups, own, givers: &givers });
    }
    let mut beside: BTreeMap<&str, usize> = BTreeMap::new();
    for inventory in &found {
        *beside.entry(parent(inventory.path)).or_default() += 1;
    }
    let mut taken = Taken::default();
    for inventory in &found {
        let is_only = beside.get(parent(inventory.path)) == Some(&1);
        inventory.take(is_only, &mut taken);
    }
    taken
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
    for kind in [GROUP_VARS, HOST_VARS] {
        let around = format!("{kind}/");
        let at = path
            .find(&around)
            .filter(|at| *at == 0 || path.get(..*at).is_some_and(|root| root.ends_with('/')));
        let Some(at) = at else { continue };
        let name = path.get(at + around.len()..)?.split('/').next()?;
        let name = [".yml", ".yaml", ".json"]
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .unwrap_or(name);
        return Some((path.get(..at)?.trim_end_matches('/'), kind, name));
    }
    None
}

/// An inventory, with what else gives its hosts variables.
struct Inventory<'r> {
    sources: &'r Sources,
    id: SourceId,
    path: &'r str,
    groups: Groups,
    /// What it sets itself.
    own: &'r [&'r Setting],
    givers: &'r Givers<'r>,
}

/// What gives some hosts of an environment variables.
struct Giver<'r> {
    /// Which of the environment's hosts it gives them to.
    hosts: BTreeSet<&'r str>,
    is_host: bool,
    settings: Vec<&'r Setting>,
    /// The files; none where the inventory gives them itself.
    paths: BTreeSet<&'r str>,
}

/// Those that stand as close to the hosts as each other, in their order.
struct Level<'r> {
    givers: Vec<Giver<'r>>,
    is_own: bool,
}

impl<'r> Inventory<'r> {
    /// The folders in which variables stand: beside the inventory, and beside the plays around it.
    fn roots(&self) -> Vec<&'r str> {
        let folder = parent(self.path);
        let is_root = |at: &&str| self.givers.keys().any(|(root, ..)| root == at);
        let outer = std::iter::successors(Some(folder), |at| (!at.is_empty()).then(|| parent(at)));
        let around = outer.skip(1).find(is_root);
        std::iter::once(folder).chain(around).collect()
    }

    /// The environments that it knows, each by what is said of it, with its groups.
    fn targets(&self) -> BTreeMap<Vec<String>, BTreeSet<String>> {
        if Words::of_path(self.path).environment.is_some() {
            return BTreeMap::from([(Vec::new(), self.groups.names().cloned().collect())]);
        }
        let mut targets: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
        for group in self.groups.names().filter(|group| !self.groups.holds_environments(group)) {
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
        let known: BTreeSet<&str> =
            targets.values().flatten().flat_map(|group| self.hosts(group)).collect();
        // A group with hosts of its own that it sets something for is one more, whatever it is called: `kiwi` beside `live`.
        let is_apart = |group: &&String| {
            let hosts = self.hosts(group);
            Words::of_path(group).environment.is_none()
                && !hosts.is_empty()
                && hosts.is_disjoint(&known)
                && self.sets(group)
        };
        let others = self.groups.names().filter(|_| !targets.is_empty()).filter(is_apart);
        let others: Vec<String> = others.cloned().collect();
        targets
            .extend(others.into_iter().map(|group| (vec![group.clone()], BTreeSet::from([group]))));
        targets
    }

    /// The hosts of a group and of those beneath it.
    fn hosts(&self, group: &str) -> BTreeSet<&str> {
        let within = reached(&BTreeSet::from([group.to_owned()]), &self.groups.children);
        let hosts = within.iter().filter_map(|group| self.groups.hosts.get(group)).flatten();
        hosts.map(String::as_str).collect()
    }

    /// Whether variables of a group's own are ours.
    fn sets(&self, group: &str) -> bool {
        let is_its = |owner: &Owner| matches!(owner, Owner::Group(own) if own == group);
        let of_files =
            |root: &str| self.givers.contains_key(&(root.to_owned(), GROUP_VARS, group.to_owned()));
        let mut own = self.own.iter().flat_map(|one| self.groups.owners_at(one.key_at));
        own.any(is_its) || self.roots().into_iter().any(of_files)
    }

    /// Whether a play is for hosts of some groups: one for `hosts: kiwi` gives those of `live` nothing, but where they are the same.
    fn is_for(&self, play: &Contribution, own: &BTreeSet<String>) -> bool {
        let said = play.said.as_ref().map_or(&[][..], |said| &said.names);
        let known = self.groups.names().filter(|group| said.contains(group));
        let mut groups = known.map(|group| self.hosts(group)).filter(|hosts| !hosts.is_empty());
        let hosts: BTreeSet<&str> = own.iter().flat_map(|group| self.hosts(group)).collect();
        let Some(first) = groups.next() else { return true };
        std::iter::once(first).chain(groups).any(|group| !group.is_disjoint(&hosts))
    }

    /// Adds its parts; where it is the only one of its folder, its own name says nothing beside its groups'.
    fn take(&self, is_only: bool, taken: &mut Taken) {
        let roots = self.roots();
        for (said, own) in self.targets() {
            let levels = self.levels(&own, &roots);
            let mut includes: Vec<Include> = Vec::new();
            let mut given: BTreeMap<(Parameter, Scope), Option<&Setting>> = BTreeMap::new();
            for (at, level) in levels.iter().enumerate() {
                let behind = levels.get(at + 1..).unwrap_or_default();
                if !level.agrees() {
                    let own = level.givers.iter().filter(|_| level.is_own);
                    let own = own.flat_map(|giver| giver.overridden(behind.iter()));
                    taken.moved.extend(own.map(known));
                    continue;
                }
                let apart = || behind.iter().filter(|level| !level.agrees());
                for giver in &level.givers {
                    if giver.overridden(apart()).count() == giver.settings.len() {
                        let own = giver.settings.iter().filter(|_| level.is_own);
                        taken.moved.extend(own.map(|setting| known(setting)));
                        continue;
                    }
                    for &setting in &giver.settings {
                        let place = (setting.parameter, setting.scope.clone());
                        given.insert(place, level.is_own.then_some(setting));
                        taken.moved.extend(level.is_own.then(|| known(setting)));
                    }
                    includes.extend(giver.paths.iter().map(|path| self.include(path)));
                }
            }
            let settings: Vec<Setting> = given.into_values().flatten().cloned().collect();
            if !settings.is_empty() {
                // Its own place in the list: what others say of the same is behind it no more.
                includes.push(self.include(self.path));
            }
            for &root in &roots {
                let plays = self.givers.get(&(root.to_owned(), PLAYS, String::new()));
                let plays = plays.into_iter().flatten().filter(|part| self.is_for(part, &own));
                let paths: BTreeSet<&str> = plays.map(|part| self.of(part)).collect();
                includes.extend(paths.into_iter().map(|path| self.include(path)));
            }
            if !includes.is_empty() {
                // One word, as the group is called: of `price_tag_prod` no part says it alone.
                let name = (!said.is_empty()).then(|| said.join("_"));
                let is_unnamed = is_only && name.is_some();
                let said = Some(Said { how: Said::GROUP, names: name.into_iter().collect() });
                let empty = Contribution::of(self.id);
                taken.parts.push(Contribution { said, is_unnamed, settings, includes, ..empty });
            }
        }
    }

    /// What gives variables to the hosts of some groups: what comes later wins.
    fn levels(&self, own: &BTreeSet<String>, roots: &[&'r str]) -> Vec<Level<'_>> {
        let groups = &self.groups;
        let below = reached(own, &groups.children);
        let hosts: BTreeSet<&str> = below
            .iter()
            .filter_map(|group| groups.hosts.get(group))
            .flatten()
            .map(String::as_str)
            .collect();
        let of_hosts = hosts.iter().filter_map(|host| groups.of_host.get(*host)).flatten();
        let starts: BTreeSet<String> = own.iter().chain(of_hosts).cloned().collect();
        let mut above = reached(&starts, &groups.parents);
        above.insert(ALL.to_owned());
        let ranks = groups.ranks();
        let mut ordered: Vec<(&(usize, i64, String), &String)> =
            above.iter().filter_map(|group| Some((ranks.get(group)?, group))).collect();
        ordered.sort_unstable();
        let members = |group: &str| -> BTreeSet<&str> {
            let within = reached(&BTreeSet::from([group.to_owned()]), &groups.children);
            let within = within.iter().filter_map(|group| groups.hosts.get(group)).flatten();
            let within: BTreeSet<&str> = within.map(String::as_str).collect();
            hosts.iter().copied().filter(|host| group == ALL || within.contains(host)).collect()
        };
        let own_of = |is_its: &dyn Fn(&Owner) -> bool| -> Vec<&'r Setting> {
            let own = self.own.iter().copied();
            own.filter(|setting| groups.owners_at(setting.key_at).iter().any(is_its)).collect()
        };
        let mut levels: Vec<Level<'_>> = Vec::new();
        let mut add = |depth: Option<usize>, kind: &'static str, root: Option<&str>| {
            let names: Vec<&str> = match depth {
                Some(depth) => ordered
                    .iter()
                    .filter(|(rank, _)| rank.0 == depth)
                    .map(|(_, group)| group.as_str())
                    .collect(),
                None => hosts.iter().copied().collect(),
            };
            let giver = |name: &str| {
                let of_files = root.map(|root| {
                    let key = (root.to_owned(), kind, name.to_owned());
                    let parts = self.givers.get(&key).map_or(&[][..], Vec::as_slice);
                    let paths = parts.iter().map(|part| self.of(part)).collect();
                    (parts.iter().flat_map(|part| &part.settings).collect(), paths)
                });
                let (settings, paths) = of_files.unwrap_or_else(|| {
                    let is_its = |owner: &Owner| match owner {
                        Owner::Group(group) => depth.is_some() && group == name,
                        Owner::Hosts(hosts) => {
                            depth.is_none() && hosts.iter().any(|host| host == name)
                        }
                    };
                    (own_of(&is_its), BTreeSet::new())
                });
                let hosts = depth.map_or_else(
                    || hosts.get(name).copied().into_iter().collect(),
                    |_| members(name),
                );
                let is_empty = settings.is_empty();
                let is_host = depth.is_none();
                (!is_empty).then_some(Giver { hosts, is_host, settings, paths })
            };
            let givers: Vec<Giver<'_>> = names.into_iter().filter_map(giver).collect();
            if !givers.is_empty() {
                levels.push(Level { givers, is_own: root.is_none() });
            }
        };
        let deepest = ordered.last().map_or(0, |(rank, _)| rank.0);
        for depth in 0..=deepest {
            add(Some(depth), GROUP_VARS, None);
        }
        for root in roots {
            add(Some(0), GROUP_VARS, Some(root));
        }
        for root in roots {
            for depth in 1..=deepest {
                add(Some(depth), GROUP_VARS, Some(root));
            }
        }
        add(None, HOST_VARS, None);
        for root in roots {
            add(None, HOST_VARS, Some(root));
        }
        levels
    }

    fn include(&self, path: &str) -> Include {
        // A group of environments is theirs, though its name may be an environment's; a host is its group's.
        let is_firm = given(path).is_some_and(|(_, kind, name)| {
            kind == HOST_VARS || self.groups.holds_environments(name)
        });
        Include { path: path.to_owned(), at: Location::new(self.id, 0, 0), is_firm }
    }

    fn of(&self, part: &Contribution) -> &'r str {
        self.sources.path(part.source)
    }
}

impl Giver<'_> {
    /// What it gives to hosts that all have another value from others: it is in force nowhere.
    fn overridden<'l>(
        &self,
        levels: impl Iterator<Item = &'l Level<'l>> + Clone,
    ) -> impl Iterator<Item = &Setting> {
        self.settings.iter().copied().filter(move |setting| {
            let is_same =
                |one: &&&Setting| one.parameter == setting.parameter && one.scope == setting.scope;
            let others = levels.clone().flat_map(|level| &level.givers);
            let others = others.filter(|other| other.settings.iter().any(|one| is_same(&one)));
            let hosts: BTreeSet<&str> = others.flat_map(|other| &other.hosts).copied().collect();
            hosts.is_superset(&self.hosts)
        })
    }
}

impl Level<'_> {
    /// Whether what several give can be one instance's: groups of which one has the other's hosts are in order, and hosts give one value.
    fn agrees(&self) -> bool {
        let mut given: BTreeMap<Parameter, (Option<Fingerprint>, &Giver<'_>)> = BTreeMap::new();
        for giver in &self.givers {
            let settings = giver.settings.iter();
            let own: BTreeMap<Parameter, Option<Fingerprint>> =
                settings.map(|setting| (setting.parameter, setting.fingerprint())).collect();
            for (parameter, value) in own {
                let is_one = match given.get(&parameter) {
                    None => true,
                    Some((known, _)) if giver.is_host => value.is_some() && *known == value,
                    Some((_, other)) => {
                        giver.hosts.is_subset(&other.hosts) || other.hosts.is_subset(&giver.hosts)
                    }
                };
                if !is_one {
                    return false;
                }
                given.insert(parameter, (value, giver));
            }
        }
        true
    }
}

/// The groups that are reached from some by steps, and these.
fn reached(
    from: &BTreeSet<String>,
    steps: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<String> {
    let mut found = from.clone();
    let mut open: Vec<String> = from.iter().cloned().collect();
    for _ in 0..MAX_DEPTH {
        let next = open.iter().filter_map(|group| steps.get(group)).flatten();
        open = next.filter(|group| !found.contains(*group)).cloned().collect();
        found.extend(open.iter().cloned());
    }
    found
}
