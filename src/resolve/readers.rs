//! Values behind names belong to those who read them: a name that stands for a setting is nobody else's setting.
//!
//! `prod_id` and `stage_id` stand together where everybody inherits them, and each environment reads its own. A value that is found by a name
//! reaches the instances that the reading place reaches, and no others.

use std::collections::{BTreeMap, BTreeSet};

use super::group::{Group, Key};
use super::layers::Closeness;
use crate::model::instance::Feed;
use crate::model::setting::{Setting, SettingId};
use crate::model::way::{Way, Ways};
use crate::source::{Location, SourceId};

/// Why a file reaches an instance that reads a name which it gives.
const READ: &str = "it gives what a name stands for that the instance reads";

/// Takes values behind names from the instances that do not read them, and gives them to those that do where nobody else has them.
///
/// Returns what some instance does not have though it inherits the file.
pub fn settle(
    groups: &mut BTreeMap<Key, Group>,
    settings: &[Setting],
    (ways, inventories): (&Ways, &BTreeSet<SourceId>),
) -> BTreeSet<SettingId> {
    let mut taken = BTreeSet::new();
    if ways.is_empty() {
        return taken;
    }
    let readers = Readers::of(groups, settings, ways);
    let mut reached: BTreeSet<SettingId> = BTreeSet::new();
    for (key, group) in groups.iter_mut() {
        group.reaching.retain(|(id, _)| {
            let stays = readers.of_value(*id).is_none_or(|at| readers.is_read(at, key, 0));
            let _ = if stays { reached.insert(*id) } else { taken.insert(*id) };
            stays
        });
    }
    for Given { id, source, key, closeness } in readers.left(&reached, inventories) {
        let Some(group) = groups.get_mut(&key) else { continue };
        let feed = Feed { source, inherited: true, why: READ.to_owned() };
        group.feeds.entry(source).or_insert(feed);
        group.reaching.push((id, closeness));
    }
    taken
}

/// How often a name may stand for a name.
const MAX_STEPS: usize = 8;

/// A value for an instance that reads it.
struct Given {
    id: SettingId,
    source: SourceId,
    key: Key,
    closeness: Closeness,
}

/// Who reads which names where.
struct Readers<'w> {
    settings: &'w [Setting],
    ways: &'w Ways,
    /// How close the reading places are to the instances that they reach.
    places: BTreeMap<Location, BTreeMap<Key, Closeness>>,
}

impl<'w> Readers<'w> {
    fn of(groups: &BTreeMap<Key, Group>, settings: &'w [Setting], ways: &'w Ways) -> Self {
        let read: BTreeSet<Location> = ways.values().flatten().map(|way| way.at).collect();
        let mut places: BTreeMap<Location, BTreeMap<Key, Closeness>> = BTreeMap::new();
        for (key, group) in groups {
            for &(id, closeness) in &group.reaching {
                let at = settings.get(id.0 as usize).map(|setting| setting.at);
                if let Some(at) = at.filter(|at| read.contains(at)) {
                    places.entry(at).or_default().insert(key.clone(), closeness);
                }
            }
        }
        Self { settings, ways, places }
    }

    /// Where a value stands that is found by a name; none where it is no such value, or is the setting by its own name as well.
    fn of_value(&self, id: SettingId) -> Option<Location> {
        let setting = self.settings.get(id.0 as usize)?;
        let path = setting.parameter.path().replace('/', "__");
        let is_own = |way: &Way| {
            let name = way.name.get(way.name.len().saturating_sub(path.len())..);
            name.is_some_and(|name| name.eq_ignore_ascii_case(&path))
        };
        let is_found = self.ways.get(&setting.at)?.iter().any(|way| !is_own(way));
        is_found.then_some(setting.at)
    }

    /// The places that read a value themselves, and not by a name between.
    fn nearest(&self, value: Location) -> Vec<Location> {
        let mut nearest: Vec<Location> = Vec::new();
        let mut beyond: BTreeSet<Location> = BTreeSet::new();
        for way in self.ways.get(&value).into_iter().flatten() {
            if !beyond.contains(&way.at) {
                nearest.push(way.at);
                beyond.extend(self.ways.get(&way.at).into_iter().flatten().map(|way| way.at));
            }
        }
        nearest
    }

    /// Whether an instance reads the value at a place. What only a nameless file reads is run for whoever gives the value.
    fn is_read(&self, value: Location, key: &Key, step: usize) -> bool {
        step < MAX_STEPS
            && self.nearest(value).into_iter().any(|place| {
                let known = self.places.get(&place);
                let is_nobodys = known.is_none_or(|known| known.keys().all(is_nameless));
                let is_there = is_nobodys || known.is_some_and(|known| known.contains_key(key));
                let is_value = self.ways.contains_key(&place);
                is_there && (!is_value || self.is_read(place, key, step + 1))
            })
    }

    /// The values that nobody has who reads them, for those who do; none where files compete. What `inventories` leave to hosts is these hosts'.
    fn left(&self, reached: &BTreeSet<SettingId>, inventories: &BTreeSet<SourceId>) -> Vec<Given> {
        let mut left: BTreeMap<Location, Vec<(SettingId, SourceId)>> = BTreeMap::new();
        let mut served: BTreeSet<Location> = BTreeSet::new();
        for (id, setting) in (0..).map(SettingId).zip(self.settings) {
            if !self.ways.contains_key(&setting.at) {
                continue;
            }
            let nearest = self.nearest(setting.at);
            if reached.contains(&id) {
                served.extend(nearest);
                continue;
            }
            for place in nearest.into_iter().filter(|_| !inventories.contains(&setting.at.source)) {
                left.entry(place).or_default().push((id, setting.at.source));
            }
        }
        let mut given = Vec::new();
        for (place, values) in left.into_iter().filter(|(place, _)| !served.contains(place)) {
            let files: BTreeSet<SourceId> = values.iter().map(|(_, source)| *source).collect();
            let known = self.places.get(&place).filter(|_| files.len() == 1);
            for (key, closeness) in known.into_iter().flatten() {
                let is_value = self.ways.contains_key(&place);
                if !is_value || self.is_read(place, key, 0) {
                    let one = |&(id, source): &(SettingId, SourceId)| {
                        let (key, closeness) = (key.clone(), *closeness);
                        Given { id, source, key, closeness }
                    };
                    given.extend(values.iter().map(one));
                }
            }
        }
        given
    }
}

/// Whether nothing says which instance it is.
fn is_nameless(key: &Key) -> bool {
    matches!(key, Key::Read(identity) if identity.names.is_empty() && identity.environment.is_none())
}
