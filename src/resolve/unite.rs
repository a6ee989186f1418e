//! Instances that turn out to be one: they differ by words alone that tell nothing apart anywhere in the tree.
//!
//! `platform/app/etc/env.prod.php` and `k8s/prod/configmap.yaml` are one instance where nothing is opposed to `platform`, and where no
//! setting would have two values.

use std::collections::{BTreeMap, BTreeSet};

use super::given::is_of_one;
use super::identity::Identity;
use super::piece::Piece;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;

/// Takes the words that never vary from instances that others of the tree have without them.
pub fn unite(pieces: &mut [Piece], varying: &BTreeSet<String>) {
    let mut groups: BTreeMap<Identity, Vec<usize>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        groups.entry(piece.claim.identity()).or_default().push(index);
    }
    let reduced = |identity: &Identity| Identity {
        names: identity.names.iter().filter(|name| varying.contains(*name)).cloned().collect(),
        environment: identity.environment.clone(),
    };
    let mut alike: BTreeMap<Identity, Vec<Identity>> = BTreeMap::new();
    for identity in groups.keys() {
        alike.entry(reduced(identity)).or_default().push(identity.clone());
    }
    for mut identities in alike.into_values().filter(|identities| identities.len() > 1) {
        identities.sort_by_key(|identity| identity.names.len());
        let Some((fewest, others)) = identities.split_first() else { continue };
        let mut known = values(pieces, groups.get(fewest));
        for other in others {
            let own = values(pieces, groups.get(other));
            let is_one = other.names.is_superset(&fewest.names)
                && own.iter().all(|(key, value)| known.get(key).is_none_or(|known| known == value));
            if !is_one {
                continue;
            }
            known.extend(own);
            for part in groups.get(other).into_iter().flatten() {
                if let Some(piece) = pieces.get_mut(*part) {
                    piece.claim.names.retain(|name| fewest.names.contains(name));
                }
            }
        }
    }
}

/// The values that parts give; of one with several, the fingerprint of none.
pub(super) fn values(
    pieces: &[Piece],
    parts: Option<&Vec<usize>>,
) -> BTreeMap<Parameter, BTreeSet<Fingerprint>> {
    let mut values: BTreeMap<Parameter, BTreeSet<Fingerprint>> = BTreeMap::new();
    let settings = parts.into_iter().flatten().filter_map(|part| pieces.get(*part));
    let settings = settings.flat_map(|piece| &piece.contribution.settings);
    for setting in settings.filter(|setting| is_of_one(setting)) {
        values.entry(setting.parameter).or_default().extend(setting.fingerprint());
    }
    values.retain(|_, known| !known.is_empty());
    values
}
