//! One repository, one universe: in a folder of checkouts the names of one say nothing of another.
//!
//! What is named alike in two of them is told apart by the folder of its checkout.

use std::collections::{BTreeMap, BTreeSet};

use crate::declared::Known;
use crate::model::instance::Evidence;
use crate::model::inventory::Inventory;
use crate::model::way::Ways;
use crate::recognise::Recognised;
use crate::source::SourceId;
use crate::sources::Sources;

/// What was recognised, and the ways to it.
type Found = (Vec<Recognised>, Ways);

/// Works out the instances of every repository of a tree; `of_one` does so for one.
pub fn resolve(
    sources: &Sources,
    (recognised, ways): Found,
    declared: &Known<'_>,
    of_one: impl Fn(&Sources, Found, &Known<'_>) -> Inventory,
) -> Inventory {
    let checkouts = sources.checkouts();
    if checkouts.folders().next().is_none() {
        return of_one(sources, (recognised, ways), declared);
    }
    let folder_of = |id: SourceId| checkouts.folder_of(sources.path(id));
    let mut of_folder: BTreeMap<&str, Found> = BTreeMap::new();
    for found in recognised {
        let folder = found.source().map_or("", folder_of);
        of_folder.entry(folder).or_default().0.push(found);
    }
    for (at, led) in ways {
        of_folder.entry(folder_of(at.source)).or_default().1.insert(at, led);
    }
    let found = of_folder
        .into_iter()
        .map(|(folder, found)| (folder, of_one(&sources.within(folder), found, declared)));
    let mut found: Vec<(&str, Inventory)> = found.collect();
    let is_declared = |name: &str| declared.get(name).is_some();
    tell_apart(&mut found, is_declared);
    let mut whole = Inventory::default();
    for (_, inventory) in found {
        whole.join(inventory, is_declared);
    }
    whole
}

/// Gives instances that are named alike in two repositories the folders of these.
fn tell_apart(found: &mut [(&str, Inventory)], is_declared: impl Fn(&str) -> bool) {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for instance in found.iter().flat_map(|(_, inventory)| &inventory.instances) {
        *names.entry(&instance.name).or_default() += 1;
    }
    let several = names.into_iter().filter(|(name, count)| *count > 1 && !is_declared(name));
    let several: BTreeSet<String> = several.map(|(name, _)| name.to_owned()).collect();
    for (folder, inventory) in found {
        let within = |name: &str| format!("{folder}/{name}");
        for instance in inventory.instances.iter_mut().filter(|_| !folder.is_empty()) {
            if several.contains(&instance.name) {
                if instance.same_as == instance.name {
                    instance.same_as = within(&instance.same_as);
                }
                instance.name = within(&instance.name);
            }
            // Accounts that only their names tell are as many as there are repositories.
            let account = &mut instance.account;
            if account.evidence == Evidence::Path && account.value.is_empty() {
                (account.value, account.said_by) =
                    ((*folder).to_owned(), "its repository".to_owned());
            } else if account.evidence == Evidence::Path {
                account.value = within(&account.value);
            }
        }
    }
}
