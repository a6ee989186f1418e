//! Who ends up with a data space, or may.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::instance::Instance;
use crate::model::inventory::Space;
use crate::rule::Context;
use crate::source::Location;

/// The instances that end up with each data space, or may: where code decides, that counts beside those that certainly have it.
#[must_use]
pub fn users_of_each<'a>(cx: &Context<'a>) -> BTreeMap<String, Vec<(&'a Instance, Space)>> {
    let mut users: BTreeMap<String, Vec<(&Instance, Space)>> = BTreeMap::new();
    for instance in &cx.now.instances {
        let all: Vec<Space> = cx.now.data_spaces(instance).collect();
        let own: BTreeSet<&str> = all.iter().map(|space| space.id.as_str()).collect();
        for id in own {
            let mut known = all.iter().filter(|space| space.id == id);
            let certain = known.clone().find(|space| space.is_certain);
            // What code in a file that others read as well decides, it decides for each of them.
            let decided = known.find(|space| !is_inherited(instance, space.at));
            let space = certain.or(decided).cloned();
            users.entry(id.to_owned()).or_default().extend(space.map(|of| (instance, of)));
        }
    }
    // Copies of the code that decides may decide differently.
    for users in users.values_mut() {
        if users.iter().all(|(_, space)| !space.is_certain) {
            users.clear();
        }
    }
    users
}

/// Whether an instance has a place from a file that it inherits.
#[must_use]
pub fn is_inherited(instance: &Instance, at: Location) -> bool {
    instance.feeds.iter().any(|feed| feed.source == at.source && feed.inherited)
}
