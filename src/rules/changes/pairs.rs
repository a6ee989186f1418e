//! Which instance of the state before is which one now.

use std::collections::BTreeMap;

use super::keys::IDENTIFIERS;
use super::{Pair, folded};
use crate::model::instance::{Instance, Kind};
use crate::model::inventory::Inventory;
use crate::model::parameter::Parameter;
use crate::rule::Context;
use crate::source::SourceId;

/// Every instance of the state before; one that has its name no longer is known by its files, or else by what is set for it.
#[must_use]
pub fn pairs<'a>(cx: &Context<'a>) -> Vec<Pair<'a>> {
    let Some(before) = cx.before else { return Vec::new() };
    let (owners_before, owners_now) = (owners(before), owners(cx.now));
    let is_new = |now: &&Instance| before.instances.iter().all(|was| was.name != now.name);
    let mut free: Vec<&Instance> = cx.now.instances.iter().filter(is_new).collect();
    let mut pairs = Vec::new();
    for was in &before.instances {
        let named = cx.now.instances.iter().find(|now| now.name == was.name);
        // A file with parts for several instances says nothing of one of them.
        let files: Vec<SourceId> = own_files(was)
            .filter(|file| owners_before.get(file) == Some(&1))
            .filter_map(|file| before.remains.get(&file).copied())
            .filter(|file| owners_now.get(file).is_none_or(|&count| count == 1))
            .collect();
        let is_fed = |now: &&Instance| own_files(now).any(|file| files.contains(&file));
        let has_its_data = |now: &&Instance| is_one(&data(before, was), &data(cx.now, now));
        let now = named
            .or_else(|| free.iter().copied().find(is_fed))
            .or_else(|| cx.now.instances.iter().find(is_fed))
            .or_else(|| free.iter().copied().filter(|now| is_production(now)).find(has_its_data))
            .or_else(|| free.iter().copied().find(has_its_data));
        free.retain(|free| now.is_none_or(|now| now.name != free.name));
        pairs.push(Pair { before: was, now, file: files.first().copied() });
    }
    pairs
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

/// Whether what is known of two instances makes them one: the same, and more than what any two have in common.
fn is_one(before: &BTreeMap<Parameter, String>, now: &BTreeMap<Parameter, String>) -> bool {
    before == now && IDENTIFIERS.iter().any(|parameter| before.contains_key(parameter))
}
