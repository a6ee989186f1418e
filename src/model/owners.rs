//! Whose the identifiers are that storefronts show.

use std::collections::BTreeMap;

use super::instance::Instance;
use super::inventory::Inventory;
use super::parameter::{Parameter, Slot};
use super::setting::Value;
use super::storefront::{Shown, optimizer};
use crate::source::Location;

/// An instance with the place of what it has.
pub type Owner<'i> = (&'i Instance, Location);

/// What storefronts can show, with the instances that have it, each with its first place there.
#[must_use]
pub fn owners(inventory: &Inventory) -> BTreeMap<Shown, Vec<Owner<'_>>> {
    let mut owners: BTreeMap<Shown, Vec<Owner<'_>>> = BTreeMap::new();
    for instance in &inventory.instances {
        for shown in [Shown::DataSpace, Shown::ApiKey, Shown::Tenant] {
            let own = identifiers(inventory, instance, &shown(String::new()));
            for (id, at) in own.unwrap_or_default() {
                let known = owners.entry(shown(id)).or_default();
                if known.last().is_none_or(|(last, _)| last.name != instance.name) {
                    known.push((instance, at));
                }
            }
        }
    }
    owners
}

/// The identifiers of an instance of the same kind as a copy, with their places; none where one of them is not known.
#[must_use]
pub fn identifiers(
    inventory: &Inventory,
    instance: &Instance,
    shown: &Shown,
) -> Option<Vec<(String, Location)>> {
    let parameters = match shown {
        Shown::DataSpace(_) => vec![Parameter::DataSpace],
        Shown::ApiKey(_) => Slot::ALL.map(Parameter::ApiKey).to_vec(),
        Shown::Tenant(_) => vec![Parameter::ExporterTenant, Parameter::ExporterUrl],
    };
    let settings = parameters.iter().filter_map(|&name| inventory.in_force(instance, name));
    let known = settings.filter(|setting| setting.value != Value::Blank).map(|setting| {
        let text = setting.value.literal()?.trim();
        let folded = || text.to_ascii_lowercase().trim_matches(['{', '}']).to_owned();
        let id = match setting.parameter {
            Parameter::ExporterTenant => text.to_owned(),
            Parameter::ExporterUrl => optimizer(text)?.tenant.to_owned(),
            _ => folded(),
        };
        Some((id, setting.at))
    });
    known.collect()
}
