//! Which objects the workloads of a tree take their variables from.
//!
//! Source: the Kubernetes API reference, `EnvFromSource`: an object of the same namespace, by its name. The one that stands with a workload is
//! meant; else the only one that can be.

use std::collections::BTreeMap;

use super::identity::{Claim, Identity};
use super::parts::Part;
use crate::recognise::{Contribution, Holder, Object};
use crate::source::SourceId;
use crate::sources::Sources;

/// The kind and the name of an object.
type Name<'p> = (&'static str, &'p str);

/// A workload, by its place among the parts, and what it names.
type Taker<'p> = (usize, &'p Part<'p>, &'p Object);

/// Which objects the parts of a tree make, and which workloads take them in; found once, since every object asks.
#[derive(Default)]
pub struct References<'p> {
    /// The parts that make an object.
    makers: BTreeMap<Name<'p>, Vec<&'p Part<'p>>>,
    /// The same, by what they say of their instance.
    of_identity: BTreeMap<(Name<'p>, Identity), Vec<&'p Part<'p>>>,
    /// The workloads that take in what stands with them.
    beside: BTreeMap<(Name<'p>, Identity), Vec<Taker<'p>>>,
    /// The workloads that take in the only object that can be meant, by its file.
    alone: BTreeMap<(Name<'p>, SourceId), Vec<Taker<'p>>>,
    /// The objects that hold no setting, with what is said of their instance.
    idle: BTreeMap<Name<'p>, Vec<(&'p Object, Claim)>>,
}

impl<'p> References<'p> {
    /// Finds who makes and who takes what; `idle` are the objects without settings.
    #[must_use]
    pub fn of(parts: &'p [Part<'p>], idle: &'p [Contribution], sources: &Sources) -> Self {
        let mut references = Self::default();
        for part in idle {
            let claim = Claim::read(sources.path(part.source), part.said.as_ref(), true);
            for object in &part.objects {
                let known = references.idle.entry(name_of(object)).or_default();
                known.push((object, claim.clone()));
            }
        }
        for part in parts {
            for object in &part.contribution.objects {
                let name = name_of(object);
                references.makers.entry(name).or_default().push(part);
                let key = (name, part.claim.identity());
                references.of_identity.entry(key).or_default().push(part);
            }
        }
        for (index, workload) in parts.iter().enumerate() {
            for named in named_by(workload) {
                references.take((index, workload, named));
            }
        }
        references
    }

    fn take(&mut self, taker: Taker<'p>) {
        let (_, workload, named) = taker;
        let name = name_of(named);
        let own = (name, workload.claim.identity());
        if self.stands_with(&own, named) {
            self.beside.entry(own).or_default().push(taker);
            return;
        }
        let mut files: Vec<SourceId> = Vec::new();
        for other in self.makers.get(&name).into_iter().flatten() {
            let source = other.contribution.source;
            if !files.contains(&source)
                && makes(other, named)
                && reaches(&other.claim, &workload.claim)
            {
                files.push(source);
            }
            if files.len() > 1 {
                return;
            }
        }
        if let [only] = files.as_slice() {
            self.alone.entry((name, *only)).or_default().push(taker);
        }
    }

    /// Whether an object that is named so stands with what says so of its instance.
    fn stands_with(&self, own: &(Name<'p>, Identity), named: &Object) -> bool {
        self.of_identity.get(own).into_iter().flatten().any(|other| makes(other, named))
    }

    /// Whether no part of the tree can be the object that a workload names. `is_base`: overlays build on the workload, and give it theirs.
    #[must_use]
    pub fn is_hidden(&self, workload: &Part<'_>, named: &'p Object, is_base: bool) -> bool {
        let name = name_of(named);
        if self.stands_with(&(name, workload.claim.identity()), named) {
            return false;
        }
        let reaches = |claim: &Claim| is_base || reaches(claim, &workload.claim);
        let mut makers = self.makers.get(&name).into_iter().flatten();
        let mut idle = self.idle.get(&name).into_iter().flatten();
        !makers.any(|other| makes(other, named) && reaches(&other.claim))
            && !idle.any(|(other, claim)| is_one(other, named) && reaches(claim))
    }

    /// The workloads that take an object in although it does not stand with them, by the parts they are in.
    #[must_use]
    pub fn workloads(&self, object: &Part<'p>) -> Vec<&'p Part<'p>> {
        let own = object.claim.identity();
        let mut found: BTreeMap<usize, &'p Part<'p>> = BTreeMap::new();
        for made in &object.contribution.objects {
            let name = name_of(made);
            let beside = self.beside.get(&(name, own.clone()));
            let alone = self.alone.get(&(name, object.contribution.source));
            for (index, workload, named) in beside.into_iter().chain(alone).flatten() {
                if makes(object, named) && reaches(&object.claim, &workload.claim) {
                    found.insert(*index, workload);
                }
            }
        }
        if found.values().all(|workload| workload.claim.identity() == own) {
            return Vec::new();
        }
        found.into_values().collect()
    }
}

fn name_of(object: &Object) -> Name<'_> {
    (object.kind, &object.name)
}

/// The objects that a workload takes its variables from.
pub fn named_by<'p>(workload: &'p Part<'_>) -> impl Iterator<Item = &'p Object> {
    workload.contribution.opaque.iter().filter_map(|opaque| match &opaque.holder {
        Holder::Object(named) => Some(named),
        _ => None,
    })
}

fn makes(part: &Part<'_>, named: &Object) -> bool {
    part.contribution.objects.iter().any(|object| is_one(object, named))
}

/// Whether an object can be the one that is named.
pub fn is_one(object: &Object, named: &Object) -> bool {
    let namespaces = object.namespace.as_ref().zip(named.namespace.as_ref());
    (object.kind, &object.name) == (named.kind, &named.name)
        && namespaces.is_none_or(|(one, other)| one == other)
}

/// Whether what one part says of its instance goes for another's too.
fn reaches(object: &Claim, workload: &Claim) -> bool {
    let (object, workload) = (object.identity(), workload.identity());
    object.names.is_subset(&workload.names)
        && (object.environment.is_none() || object.environment == workload.environment)
}
