//! Which objects the workloads of a tree take their variables from.
//!
//! Source: the Kubernetes API reference, `EnvFromSource`: an object of the same namespace, by its name. The one that stands with a workload is
//! meant; else the only one that can be.

use std::collections::BTreeSet;

use super::identity::Claim;
use super::parts::Part;
use crate::recognise::{Holder, Object};

/// Whether no part of the tree can be the object that a workload names. `is_base`: overlays build on the workload, and give it theirs.
#[must_use]
pub fn is_hidden(parts: &[Part<'_>], workload: &Part<'_>, named: &Object, is_base: bool) -> bool {
    let can_be = |other: &Part<'_>| is_base || reaches(&other.claim, &workload.claim);
    !parts.iter().any(|other| makes(other, named) && can_be(other))
}

/// The workloads that take an object in although it does not stand with them, by the parts they are in.
#[must_use]
pub fn workloads<'p>(parts: &'p [Part<'p>], object: &Part<'_>) -> Vec<&'p Part<'p>> {
    if object.contribution.objects.is_empty() {
        return Vec::new();
    }
    let own = object.claim.identity();
    let takes = |workload: &&Part<'_>| {
        let mut named = named_by(workload).filter(|named| makes(object, named)).peekable();
        if named.peek().is_none() || !reaches(&object.claim, &workload.claim) {
            return false;
        }
        named.any(|named| {
            let can_be =
                |other: &&Part<'_>| makes(other, named) && reaches(&other.claim, &workload.claim);
            let stands_with =
                |other: &Part<'_>| other.claim.identity() == workload.claim.identity();
            let candidates: Vec<&Part<'_>> = parts.iter().filter(can_be).collect();
            if candidates.iter().any(|other| stands_with(other)) {
                return stands_with(object);
            }
            let files: BTreeSet<_> =
                candidates.iter().map(|other| other.contribution.source).collect();
            files.len() == 1
        })
    };
    let found: Vec<&Part<'_>> = parts.iter().filter(takes).collect();
    if found.iter().all(|workload| workload.claim.identity() == own) {
        return Vec::new();
    }
    found
}

fn named_by<'p>(workload: &'p Part<'_>) -> impl Iterator<Item = &'p Object> {
    workload.contribution.opaque.iter().filter_map(|opaque| match &opaque.holder {
        Holder::Object(named) => Some(named),
        _ => None,
    })
}

fn makes(part: &Part<'_>, named: &Object) -> bool {
    part.contribution.objects.iter().any(|object| {
        let namespaces = object.namespace.as_ref().zip(named.namespace.as_ref());
        (object.kind, &object.name) == (named.kind, &named.name)
            && namespaces.is_none_or(|(one, other)| one == other)
    })
}

/// Whether what one part says of its instance goes for another's too.
fn reaches(object: &Claim, workload: &Claim) -> bool {
    let (object, workload) = (object.identity(), workload.identity());
    object.names.is_subset(&workload.names)
        && (object.environment.is_none() || object.environment == workload.environment)
}
