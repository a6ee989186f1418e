//! Values behind names belong to those who read them: a name that stands for a setting is nobody else's setting.
//!
//! `prod_id` and `stage_id` stand together where everybody inherits them, and each environment reads its own. A value that is found by a name
//! reaches the instances that the reading place reaches, and no others.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Group, Key};
use super::layers::Closeness;
use crate::model::instance::Feed;
use crate::model::setting::{Setting, SettingId};
use crate::model::way::Ways;
use crate::source::{Location, SourceId};

/// Why a file reaches an instance that reads a name which it gives.
const READ: &str = "it gives what a name stands for that the instance reads";

/// Takes values behind names from the instances that do not read them, and gives them to those that do where nobody else has them.
///
/// Returns what some instance does not have though it inherits the file.
pub fn settle(
    groups: &mut BTreeMap<Key, Group>,
    settings: &[Setting],
    ways: &Ways,
) -> BTreeSet<SettingId> {
    let readers = readers(settings, ways);
    let mut taken = BTreeSet::new();
    if readers.is_empty() {
        return taken;
    }
    let read: BTreeSet<Location> = readers.values().flatten().copied().collect();
    let mut reached: BTreeSet<SettingId> = BTreeSet::new();
    let mut places: BTreeMap<Location, BTreeMap<Key, Closeness>> = BTreeMap::new();
    for (key, group) in groups.iter_mut() {
        let mut own: BTreeSet<Location> = BTreeSet::new();
        for &(id, closeness) in &group.reaching {
            let Some(setting) = settings.get(id.0 as usize) else { continue };
            if read.contains(&setting.at) && !readers.contains_key(&id) {
                own.insert(setting.at);
                places.entry(setting.at).or_default().insert(key.clone(), closeness);
            }
        }
        group.reaching.retain(|(id, _)| {
            let is_read = |places: &Vec<Location>| places.iter().any(|place| own.contains(place));
            let stays = readers.get(id).is_none_or(is_read);
            let _ = if stays { reached.insert(*id) } else { taken.insert(*id) };
            stays
        });
    }
    for (place, of_place) in given(&readers, &reached, settings) {
        for (key, closeness) in places.get(&place).into_iter().flatten() {
            let Some(group) = groups.get_mut(key) else { continue };
            for (id, source) in &of_place {
                let feed = Feed { source: *source, inherited: true, why: READ.to_owned() };
                group.feeds.entry(*source).or_insert(feed);
                group.reaching.push((*id, *closeness));
            }
        }
    }
    taken
}

/// Where the values behind names are read in the end, by the values.
fn readers(settings: &[Setting], ways: &Ways) -> BTreeMap<SettingId, Vec<Location>> {
    if ways.is_empty() {
        return BTreeMap::new();
    }
    let ids = (0..).map(SettingId).zip(settings);
    let found = ids.filter_map(|(id, setting)| {
        let places = ways.get(&setting.at)?.iter().map(|way| way.at);
        // A name that stands for a name is read where that one is.
        let last: Vec<Location> = places.filter(|place| !ways.contains_key(place)).collect();
        (!last.is_empty()).then_some((id, last))
    });
    found.collect()
}

/// The values that reach no instance of their own, by the places that read them; none where files compete.
fn given(
    readers: &BTreeMap<SettingId, Vec<Location>>,
    reached: &BTreeSet<SettingId>,
    settings: &[Setting],
) -> BTreeMap<Location, Vec<(SettingId, SourceId)>> {
    let mut given: BTreeMap<Location, Vec<(SettingId, SourceId)>> = BTreeMap::new();
    let served: BTreeSet<Location> = readers
        .iter()
        .filter(|(id, _)| reached.contains(id))
        .flat_map(|(_, at)| at)
        .copied()
        .collect();
    for (id, places) in readers.iter().filter(|(id, _)| !reached.contains(id)) {
        let Some(setting) = settings.get(id.0 as usize) else { continue };
        for place in places.iter().filter(|place| !served.contains(place)) {
            given.entry(*place).or_default().push((*id, setting.at.source));
        }
    }
    given.retain(|_, values| {
        let files: BTreeSet<SourceId> = values.iter().map(|(_, source)| *source).collect();
        files.len() == 1
    });
    given
}
