//! Which of two carriers of one layer has a say over the other: nothing orders the variables of two systems.
//!
//! Source: the Kubernetes API reference, `EnvFromSource`: a container's `env` overrides its own `envFrom`, and nobody else's; Compose's
//! documentation, *Environment variables precedence*: a service's `environment` overrides the `env_file` it names and the `.env` beside it; Adobe's
//! guide, *Variable levels*: a variable of an environment overrides the application's.

use std::collections::BTreeMap;

use super::conventions::{beneath, parent};
use super::parts::Part;
use super::references::{is_one, named_by};
use crate::model::setting::{Carrier, SettingId};
use crate::recognise::Object;

/// The name of an object, and its namespace where that is said.
type Named<'p> = (&'p str, Option<&'p str>);

/// The parts of a tree by their settings, and who takes in which objects.
pub struct Order<'p> {
    parts: &'p [Part<'p>],
    /// The first setting of each part that has some, with its place.
    starts: Vec<(SettingId, usize)>,
    /// The workloads that name an object, by its name and its namespace.
    takers: BTreeMap<Named<'p>, Vec<(usize, &'p Object)>>,
}

impl<'p> Order<'p> {
    /// Finds where each part begins and what workloads name.
    #[must_use]
    pub fn of(parts: &'p [Part<'p>]) -> Self {
        let first = |(at, part): (usize, &Part<'_>)| Some((*part.settings.first()?, at));
        let starts = parts.iter().enumerate().filter_map(first).collect();
        let mut takers: BTreeMap<Named<'_>, Vec<(usize, &Object)>> = BTreeMap::new();
        for (at, part) in parts.iter().enumerate() {
            for named in named_by(part) {
                takers.entry(name(named)).or_default().push((at, named));
            }
        }
        Self { parts, starts, takers }
    }

    /// The part that a setting is of: within it, the last word wins.
    #[must_use]
    pub fn part_of(&self, id: SettingId) -> usize {
        self.starts.partition_point(|(start, _)| *start <= id)
    }

    /// Whether a setting of a higher carrier overrides another of its layer.
    #[must_use]
    pub fn overrides(&self, higher: (Carrier, SettingId), lower: (Carrier, SettingId)) -> bool {
        let (Some(high), Some(low)) = (self.part(higher.1), self.part(lower.1)) else {
            return true;
        };
        match (lower.0, higher.0) {
            (Carrier::ConfigMap, Carrier::Environment) => {
                let mut takers = self.takers(low).peekable();
                takers.peek().is_none() && stand_together(high, low)
                    || takers.any(|taker| std::ptr::eq(taker, high))
            }
            (Carrier::Dotenv, Carrier::ConfigMap | Carrier::Environment) => {
                let mut taken = high.contribution.includes.iter();
                taken.any(|include| include.path == low.path) || stand_together(high, low)
            }
            _ => true,
        }
    }

    fn part(&self, id: SettingId) -> Option<&'p Part<'p>> {
        let (_, at) = self.starts.get(self.part_of(id).checked_sub(1)?)?;
        self.parts.get(*at)
    }

    /// The workloads of the tree that take a part's objects in.
    fn takers(&self, made: &'p Part<'p>) -> impl Iterator<Item = &'p Part<'p>> {
        let objects = made.contribution.objects.iter();
        let naming = objects.flat_map(move |object| {
            let (name, space) = name(object);
            // Where one of them says no namespace, it can be any.
            let spaces = if space.is_some() { vec![None, space] } else { Vec::new() };
            let known = spaces.into_iter().filter_map(move |of| self.takers.get(&(name, of)));
            let all = self.takers.range((name, None)..).take_while(move |((of, _), _)| *of == name);
            let all = all.map(|(_, takers)| takers).filter(move |_| space.is_none());
            known.chain(all).flatten().filter(move |(_, named)| is_one(object, named))
        });
        naming.filter_map(|(at, _)| self.parts.get(*at))
    }
}

fn name(object: &Object) -> Named<'_> {
    (&object.name, object.namespace.as_deref())
}

/// Whether two files stand in one folder, or one in a folder above the other's.
fn stand_together(one: &Part<'_>, other: &Part<'_>) -> bool {
    let (one, other) = (parent(one.path), parent(other.path));
    beneath(one, other).is_some() || beneath(other, one).is_some() || one == other
}
