//! Which instance a storefront belongs to, by the words of its path alone.

use super::draft::Key;
use super::identity::Claim;
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
    for copy in copies {
        let path = sources.path(copy.at.source);
        let claim = Claim::read(path, None, true).identity();
        let is_its = |key: &Key| match key {
            Key::Declared(name) => declared.of(path).contains(name),
            Key::Read(identity) => {
                claim.environment.is_some()
                    && identity.environment == claim.environment
                    && identity.names.is_subset(&claim.names)
            }
        };
        let mut its = keys.iter().zip(instances).filter(|(key, _)| is_its(key));
        if let (Some((_, instance)), None) = (its.next(), its.next()) {
            copy.instance = Some(instance.name.clone());
        }
    }
}
