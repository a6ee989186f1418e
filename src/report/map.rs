//! What the pictures show: instances, the data spaces they end up with and their key pairs, in the same order on every run.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::facts::{self, Held};
use super::{columns, disclosure};
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::parameter::{Parameter, Slot};

/// Instances, data spaces and key pairs.
#[derive(Debug)]
pub struct Map<'a> {
    /// Every instance once: those of a data space stand together, those of shared ones first, those without a known one last.
    pub instances: Vec<Node<'a>>,
    /// The data spaces, in the order of their instances.
    pub spaces: Vec<Space>,
    /// The key pairs of which a fingerprint is known, in the order of their first instances.
    pub pairs: Vec<Pair>,
}

/// An instance.
#[derive(Debug)]
pub struct Node<'a> {
    /// It.
    pub instance: &'a Instance,
    /// What is said where no data space is known; empty where one is.
    pub unknown: String,
    /// What stands for its keys where none is known: `reference`, `encrypted`; empty where one is known or nothing is set.
    pub keys: &'static str,
}

/// A data space.
#[derive(Debug)]
pub struct Space {
    /// Its id.
    pub id: String,
    /// The types that its instances give it, printable.
    pub types: String,
    /// Its instances, by index in [`Map::instances`]; none where it is only read.
    pub users: Vec<usize>,
    /// Whether they are several installations.
    pub is_shared: bool,
    /// The instances that read it beside their own, which is no sharing: for recommendations, or by a module for search.
    pub readers: Vec<usize>,
}

/// A key pair of a slot, as far as it is known.
#[derive(Debug)]
pub struct Pair {
    /// The slot.
    pub slot: Slot,
    /// The fingerprint of the api key, or why there is none.
    pub api_key: String,
    /// The same of the private key.
    pub private_key: String,
    /// Its instances, by index in [`Map::instances`].
    pub users: Vec<usize>,
    /// How many they are in the whole map.
    pub total: usize,
}

impl<'a> Map<'a> {
    /// Reads the map off an inventory.
    #[must_use]
    pub fn new(inventory: &'a Inventory) -> Self {
        let mut spaces: Vec<(String, Vec<&Instance>, bool)> = facts::by_data_space(inventory)
            .into_iter()
            .map(|(id, users)| {
                let installations: BTreeSet<&str> =
                    users.iter().map(|user| user.same_as.as_str()).collect();
                (id, users, installations.len() > 1)
            })
            .collect();
        spaces.sort_by_key(|(id, users, is_shared)| {
            (Reverse(*is_shared), users.first().map(|user| user.name.clone()), id.clone())
        });
        let mut map = Self { instances: Vec::new(), spaces: Vec::new(), pairs: Vec::new() };
        for (id, users, is_shared) in spaces {
            let types: BTreeSet<String> = users
                .iter()
                .filter_map(|user| facts::literal(inventory, user, Parameter::DataSpaceType))
                .map(|word| columns::shown(&word))
                .collect();
            let types = types.into_iter().collect::<Vec<_>>().join(", ");
            let first = map.instances.len();
            let nodes = users.into_iter();
            map.instances.extend(nodes.map(|instance| Node::new(inventory, instance)));
            let users = (first..map.instances.len()).collect();
            map.spaces.push(Space { id, types, users, is_shared, readers: Vec::new() });
        }
        for instance in &inventory.instances {
            if inventory.data_space(instance).is_none() {
                let unknown = unknown(inventory, instance);
                map.instances.push(Node { unknown, ..Node::new(inventory, instance) });
            }
        }
        map.read(inventory);
        map.pairs = pairs(inventory, &map.instances);
        map
    }

    /// Finds who reads which data space beside its own.
    fn read(&mut self, inventory: &Inventory) {
        for (reader, node) in self.instances.iter().enumerate() {
            for id in facts::read_only(inventory, node.instance) {
                let known = self.spaces.iter_mut().find(|space| space.id == id);
                match known {
                    Some(space) if space.users.contains(&reader) => {}
                    Some(space) => space.readers.push(reader),
                    None => self.spaces.push(Space {
                        id,
                        types: String::new(),
                        users: Vec::new(),
                        is_shared: false,
                        readers: vec![reader],
                    }),
                }
            }
        }
    }

    /// How many data spaces are shared.
    #[must_use]
    pub fn shared(&self) -> usize {
        self.spaces.iter().filter(|space| space.is_shared).count()
    }
}

impl<'a> Node<'a> {
    fn new(inventory: &Inventory, instance: &'a Instance) -> Self {
        let keys = Slot::ALL.map(|slot| facts::keys(inventory, instance, slot));
        let held: Vec<Held> = keys.into_iter().flatten().flatten().collect();
        let is_known = held.iter().any(|held| held.fingerprint.is_some());
        let keys = held.first().filter(|_| !is_known).map_or("", |held| held.state);
        Self { instance, unknown: String::new(), keys }
    }
}

/// What a picture says of a shared data space, beside its colour.
#[must_use]
pub fn shared_by(users: usize) -> String {
    format!("shared by {users} instances")
}

fn unknown(inventory: &Inventory, instance: &Instance) -> String {
    match inventory.in_force(instance, Parameter::DataSpace) {
        None if instance.opaque.is_empty() => "no data space in this tree".to_owned(),
        None => "data space kept elsewhere".to_owned(),
        Some(setting) => match setting.value.literal() {
            Some(text) => {
                let text = disclosure::literal(Parameter::DataSpace, text);
                format!("no data space id: {}", columns::shown(&text))
            }
            None => format!("data space: {}", facts::state(&setting.value)),
        },
    }
}

fn pairs(inventory: &Inventory, nodes: &[Node<'_>]) -> Vec<Pair> {
    let mut users: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, node) in nodes.iter().enumerate() {
        for slot in Slot::ALL {
            let keys = facts::keys(inventory, node.instance, slot);
            if keys.iter().flatten().any(|held| held.fingerprint.is_some()) {
                users.entry((slot, keys.map(facts::word))).or_default().push(index);
            }
        }
    }
    let pairs = users.into_iter();
    let mut pairs: Vec<Pair> = pairs
        .map(|((slot, [api_key, private_key]), users)| {
            let total = users.len();
            Pair { slot, api_key, private_key, users, total }
        })
        .collect();
    // Stable: pairs of one instance stay in the order of slots.
    pairs.sort_by_key(|pair| pair.users.first().copied());
    pairs
}
