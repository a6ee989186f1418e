//! Names that tell nothing, salted: of findings, values and installations.
//!
//! The salt keeps names of two trees apart and makes no table of them worth while; who has a value can confirm it, as in the tree beside it.

use std::collections::BTreeMap;

use crate::model::fingerprint::{Fingerprint, salted};
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;

/// How many digits a short name has.
const SHORT: usize = 16;

/// Gives names under one salt.
pub struct Tokens<'a> {
    salt: &'a str,
    inventory: &'a Inventory,
    instances: BTreeMap<&'a str, &'a Instance>,
}

impl<'a> Tokens<'a> {
    pub fn new(salt: &'a str, inventory: &'a Inventory) -> Self {
        let instances = inventory.instances.iter().map(|of| (of.name.as_str(), of)).collect();
        Self { salt, inventory, instances }
    }

    /// A name of 32 digits.
    pub fn whole(&self, parts: &[&str]) -> String {
        salted(self.salt, parts)
    }

    /// A name of half as many.
    pub fn short(&self, parts: &[&str]) -> String {
        let mut name = self.whole(parts);
        name.truncate(SHORT);
        name
    }

    /// An installation, by its name and by what it ends up with.
    pub fn instance(&self, name: &str) -> String {
        let data: Vec<String> = self.instances.get(name).map_or_else(Vec::new, |instance| {
            let winners = instance.settings.values().map(|of| self.inventory.setting(of.winner));
            let known = winners.filter_map(|setting| {
                let value: Fingerprint = setting.fingerprint()?;
                Some(format!("{}={value}", setting.parameter.path()))
            });
            known.collect()
        });
        let mut parts = vec!["data"];
        parts.extend(data.iter().map(String::as_str));
        format!("{}:{}", self.short(&["name", name]), self.short(&parts))
    }
}
