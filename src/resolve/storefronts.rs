//! Which instance a storefront belongs to, by the words of its path alone.

use std::collections::BTreeMap;

use super::group::Key;
use super::identity::{Claim, Identity};
use crate::declared::Known;
use crate::model::instance::Instance;
use crate::model::storefront::PublicCopy;
use crate::sources::Sources;

/// Names the instance of each copy: the one that declares the file, or the only one of its environment whose words its path has.
pub(super) fn assign(
    copies: &mut [PublicCopy],
    keys: &[Key],
    instances: &[Instance],
    sources: &Sources,
    declared: &Known<'_>,
) {
    // The instances by their environments, in each by one of their names, and those without any.
    let mut known: BTreeMap<(&str, Option<&String>), Vec<usize>> = BTreeMap::new();
    let mut told = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        match key {
            Key::Declared(_) => told.push(index),
            Key::Read(Identity { names, environment: Some(environment) }) => {
                known.entry((environment, names.iter().next())).or_default().push(index);
            }
            Key::Read(_) => {}
        }
    }
    for copy in copies {
        let path = sources.path(copy.at.source);
        let claim = Claim::read(path, None, true).identity();
        let declaring = declared.of(path);
        let is_its = |key: &Key| match key {
            Key::Declared(name) => declaring.contains(name),
            Key::Read(identity) => {
                claim.environment.is_some()
                    && identity.environment == claim.environment
                    && identity.names.is_subset(&claim.names)
            }
        };
        let environment = claim.environment.as_deref().unwrap_or_default();
        let names = claim.names.iter().map(Some).chain([None]);
        let read = names.filter_map(|name| known.get(&(environment, name))).flatten();
        let mut its = told.iter().chain(read).filter(|index| keys.get(**index).is_some_and(is_its));
        if let (Some(only), None) = (its.next(), its.next()) {
            copy.instance = instances.get(*only).map(|instance| instance.name.clone());
        }
    }
}
