//! Which instance of the state before is which one now.

use std::collections::{BTreeMap, BTreeSet};

use super::folding::folded;
use crate::model::instance::{Instance, Kind};
use crate::model::inventory::Inventory;
use crate::model::parameter::Parameter;
use crate::rule::Context;
use crate::source::SourceId;

/// What makes Adobe's services find an instance's data.
pub const IDENTIFIERS: [Parameter; 2] = [Parameter::DataSpace, Parameter::Project];

/// An instance of the state before, and what it is now.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// What it was.
    pub before: &'a Instance,
    /// What it is; none where nothing is set for it any more.
    pub now: Option<&'a Instance>,
    /// A file that it alone had and that is still there, whatever it holds.
    pub file: Option<SourceId>,
}

/// Every instance of the state before; one that has its name no longer is known by its files, or else by what is set for it, by being the only
/// production, or by what its files have become.
#[must_use]
pub fn pairs<'a>(cx: &Context<'a>) -> Vec<Pair<'a>> {
    let Some(before) = cx.before else { return Vec::new() };
    let (owners_before, owners_now) = (owners(before), owners(cx.now));
    let known = Candidates::of(cx.now);
    let old: BTreeSet<&str> = before.instances.iter().map(|was| was.name.as_str()).collect();
    let is_new = |now: &&Instance| !old.contains(now.name.as_str());
    // Those that no earlier one is yet.
    let mut free: BTreeSet<&str> =
        cx.now.instances.iter().filter(is_new).map(|now| now.name.as_str()).collect();
    let mut pairs = Vec::new();
    for was in &before.instances {
        // A file with parts for several instances says nothing of one of them.
        let files: Vec<SourceId> = own_files(was)
            .filter(|file| owners_before.get(file) == Some(&1))
            .filter_map(|file| before.remains.get(&file).copied())
            .filter(|file| owners_now.get(file).is_none_or(|&count| count == 1))
            .collect();
        let is_free = |now: &&Instance| free.contains(now.name.as_str());
        let now = known.by_name.get(was.name.as_str()).copied().or_else(|| {
            let fed = known.fed_by(&files);
            fed.iter().copied().find(is_free).or_else(|| fed.first().copied())
        });
        if let Some(now) = now {
            free.remove(now.name.as_str());
        }
        pairs.push(Pair { before: was, now, file: files.first().copied() });
    }
    // Of several for which the same is set, production stays production, whichever is looked at first.
    let is_alike: [fn(&Instance, &Instance) -> bool; 4] = [
        |was, now| was.kind.value == now.kind.value && was.account.value == now.account.value,
        |was, now| was.kind.value == now.kind.value,
        |_, now| is_production(now),
        |_, _| true,
    ];
    for is_meant in is_alike {
        for pair in pairs.iter_mut().filter(|pair| pair.now.is_none()) {
            let alike = known.with_data(&data(before, pair.before));
            let mut alike = alike.filter(|now| is_meant(pair.before, now));
            pair.now = alike.find(|now| free.remove(now.name.as_str()));
        }
    }
    // What was the only production is the only one there is now, whatever it is called and whatever else changed.
    if let (Some(was), Some(now)) = (only_production(before), only_production(cx.now))
        && let Some(pair) = pairs.iter_mut().find(|pair| pair.before.name == was.name)
        && pair.now.is_none()
        && free.contains(now.name.as_str())
    {
        free.remove(now.name.as_str());
        pair.now = Some(now);
    }
    // What takes the place of production is production, unless it is certainly none.
    for pair in pairs.iter_mut().filter(|pair| pair.now.is_none() && pair.file.is_none()) {
        let files: Vec<SourceId> =
            own_files(pair.before).filter_map(|file| before.moved.get(&file).copied()).collect();
        let may_be =
            |now: &&Instance| !is_production(pair.before) || now.kind.value != Kind::NonProduction;
        let fed = known.fed_by(&files).into_iter().filter(may_be);
        pair.now = fed.into_iter().find(|now| free.remove(now.name.as_str()));
    }
    pairs
}

/// The production of an inventory that has one alone.
fn only_production(inventory: &Inventory) -> Option<&Instance> {
    let mut all = inventory.instances.iter().filter(|instance| is_production(instance));
    all.next().filter(|_| all.next().is_none())
}

/// The instances now, by what an earlier one is known by; each list in the inventory's order.
struct Candidates<'a> {
    all: &'a [Instance],
    by_name: BTreeMap<&'a str, &'a Instance>,
    by_file: BTreeMap<SourceId, Vec<usize>>,
    by_data: BTreeMap<BTreeMap<Parameter, String>, Vec<&'a Instance>>,
}

impl<'a> Candidates<'a> {
    fn of(now: &'a Inventory) -> Self {
        let mut known = Self {
            all: &now.instances,
            by_name: BTreeMap::new(),
            by_file: BTreeMap::new(),
            by_data: BTreeMap::new(),
        };
        for (index, instance) in now.instances.iter().enumerate() {
            known.by_name.entry(&instance.name).or_insert(instance);
            for file in own_files(instance) {
                known.by_file.entry(file).or_default().push(index);
            }
            known.by_data.entry(data(now, instance)).or_default().push(instance);
        }
        known
    }

    fn fed_by(&self, files: &[SourceId]) -> Vec<&'a Instance> {
        let mut fed: Vec<usize> =
            files.iter().filter_map(|file| self.by_file.get(file)).flatten().copied().collect();
        fed.sort_unstable();
        fed.into_iter().filter_map(|index| self.all.get(index)).collect()
    }

    /// Those for which the same is known, and more than what any two have in common.
    fn with_data(
        &self,
        data: &BTreeMap<Parameter, String>,
    ) -> impl Iterator<Item = &'a Instance> + use<'_, 'a> {
        let is_telling = IDENTIFIERS.iter().any(|parameter| data.contains_key(parameter));
        self.by_data.get(data).filter(|_| is_telling).into_iter().flatten().copied()
    }
}

/// The instances that were production, whatever they are now, but for those that are gone.
#[must_use]
pub fn production<'a>(cx: &Context<'a>) -> Vec<Pair<'a>> {
    let mut pairs = pairs(cx);
    pairs.retain(|pair| is_production(pair.before) && (pair.now.is_some() || pair.file.is_some()));
    pairs
}

/// Whether an instance is taken for production.
#[must_use]
pub fn is_production(instance: &Instance) -> bool {
    instance.kind.value == Kind::Production
}

/// The files of an instance that no other inherits.
pub fn own_files(instance: &Instance) -> impl Iterator<Item = SourceId> {
    instance.feeds.iter().filter(|feed| !feed.inherited).map(|feed| feed.source)
}

/// How many instances have a file as their own.
fn owners(inventory: &Inventory) -> BTreeMap<SourceId, usize> {
    let mut owners = BTreeMap::new();
    for file in inventory.instances.iter().flat_map(own_files) {
        *owners.entry(file).or_default() += 1;
    }
    owners
}

/// What is known to be in force in an instance.
fn data(inventory: &Inventory, instance: &Instance) -> BTreeMap<Parameter, String> {
    let winners = instance.settings.values().map(|resolved| inventory.setting(resolved.winner));
    winners.filter_map(|setting| Some((setting.parameter, folded(setting)?))).collect()
}
