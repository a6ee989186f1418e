//! Who takes a part in: services, workloads, and the instances whose files give what names in it stand for.

use std::collections::{BTreeMap, BTreeSet};

use super::conventions::{Base, Convention};
use super::draft::Draft;
use super::group::Key;
use super::identity::{Claim, Identity};
use super::layers::Closeness;
use super::parts::Part;
use crate::recognise::{Holder, Said};
use crate::source::{Location, SourceId};

/// Whether a part takes in, behind a place of its list, what is its own instance's.
fn takes_own(taker: &Part<'_>, order: usize) -> bool {
    let own = taker.claim.identity().environment;
    let behind = taker.contribution.includes.iter().skip(order + 1);
    behind.map(|include| Claim::read(&include.path, None, false)).any(|claim| {
        let environment = claim.identity().environment;
        environment.is_some() && environment == own
    })
}

impl<'d> Draft<'d> {
    /// The instances that take a file in where they name it, each with how close it is to them: services by `env_file`, releases by their values.
    /// What names an environment itself is taken in by others where they name it firmly, and then it is what runs.
    pub(super) fn takers(&self, part: &Part<'_>) -> BTreeMap<Key, Closeness> {
        let own = part.claim.identity();
        let said = part.claim.environment.as_ref();
        let takers = self.lists.taking.get(part.path).into_iter().flatten();
        // What a file of an inventory's variables says of another by its keys is that one's: `spaces: {graz: …}`.
        let is_keyed = part.claim.is_part && !own.names.is_empty();
        let is_anothers = |other: &Part<'_>| {
            is_keyed
                && other.is_of_inventory()
                && !own.names.is_subset(&other.claim.identity().names)
        };
        let takers = takers.filter(|(other, ..)| !is_anothers(other));
        let takers = takers.filter(|(other, _, is_firm)| {
            let is_named =
                other.claim.names.len() > Claim::read(other.path, None, false).names.len();
            let is_told = other.claim.environment.is_some() && (said.is_none() || *is_firm);
            other.claim.identity() != own && (is_named || is_told)
        });
        let mut found = BTreeMap::new();
        for (other, order, _) in takers {
            let is_others = own.environment.is_some()
                && other.claim.identity().environment != own.environment
                && !other.is_of_inventory()
                && !takes_own(other, *order);
            let closeness = if is_others { Closeness::Deployed } else { Closeness::Listed(*order) };
            let last = found.entry(self.key_of(other.path, &other.claim)).or_insert(closeness);
            *last = closeness.max(*last);
        }
        found
    }

    /// The instances whose files are put over the compose files that take a part in: they have all of its services.
    pub(super) fn overlays_of_takers(&mut self, part: &Part<'_>) -> BTreeSet<Key> {
        let takers = self.lists.taking.get(part.path).into_iter().flatten();
        let bases: BTreeSet<SourceId> = takers
            .filter(|(taker, ..)| taker.claim.environment.is_none() && taker.path != part.path)
            .map(|(taker, ..)| taker.contribution.source)
            .collect();
        let of_bases = bases.iter().filter_map(|source| self.lists.composed.get(source));
        // Those of one file have the same ones.
        let first: Vec<usize> = of_bases.filter_map(|parts| parts.first().copied()).collect();
        let is_base = part.base.as_ref().is_some_and(|base| base.convention == Convention::Compose);
        let first = first.into_iter().filter(|_| !is_base);
        let heirs: BTreeSet<Key> =
            first.filter_map(|index| self.heirs_by_name(index)).flatten().collect();
        // Beside a single overlay, the base is what is run.
        if heirs.len() > 1 { heirs } else { BTreeSet::new() }
    }

    /// The environments that have what is set for all of their project: those for which commands set more; none where no command does.
    pub(super) fn environments_of_project(&self, part: &Part<'_>) -> Option<BTreeSet<Key>> {
        let said = part.contribution.said.as_ref().filter(|said| said.how == Said::PROJECT)?;
        let is_its = |other: &&&Part<'_>| {
            let project = other.contribution.said.as_ref().and_then(|said| said.names.get(1));
            project.is_none() || said.names.first().is_none_or(|own| Some(own) == project)
        };
        let environments = self.lists.of_cloud.iter().filter(is_its);
        let keys: BTreeSet<Key> =
            environments.map(|other| self.key_of(other.path, &other.claim)).collect();
        (!keys.is_empty()).then_some(keys)
    }

    /// The instances of the workloads that take an object in from where it stands.
    pub(super) fn workloads_that_name(&self, part: &Part<'_>) -> BTreeSet<Key> {
        let workloads = self.references.workloads(part);
        let key = |workload: &Part<'_>| {
            let declared = self.declared_for(workload.path).into_iter().next();
            declared.unwrap_or_else(|| self.own_key(workload).0)
        };
        workloads.into_iter().map(key).collect()
    }

    /// The instances whose files give what names stand for in a part that says none itself.
    pub(super) fn fillers(&self, part: &Part<'_>) -> BTreeSet<Key> {
        if part.claim.environment.is_some() {
            return BTreeSet::new();
        }
        let settings = part.contribution.settings.iter();
        let fillers = settings.filter_map(|setting| self.lists.fillers.get(&setting.at)).flatten();
        let own = part.claim.identity();
        let is_named = own != Identity::default();
        if is_named && fillers.clone().any(|filler| filler.claim.identity() == own) {
            // It is called for that instance alone.
            return BTreeSet::new();
        }
        let others = fillers.filter(|filler| filler.claim.identity() != own);
        let keys = |filler: &Part<'_>| -> Vec<Key> {
            // A file that instances take in is theirs, whatever it is called.
            let takers = self.takers(filler);
            if !takers.is_empty() {
                return takers.into_keys().collect();
            }
            let declared = self.declared_for(filler.path).into_iter().next();
            vec![declared.unwrap_or_else(|| self.own_key(filler).0)]
        };
        let mut filling: BTreeSet<Key> = others.flat_map(|filler| keys(filler)).collect();
        if !filling.is_empty() {
            // Who takes in a base that gives it, too, and sets nothing else.
            let settings = part.contribution.settings.iter();
            let bases = settings.filter_map(|setting| self.lists.base_fillers.get(&setting.at));
            filling.extend(bases.flatten().flat_map(|base| self.takers(base).into_keys()));
        }
        filling
    }

    /// Whether a service takes in this file and no other: it is no base for the files beside it.
    pub(super) fn is_read_alone(&self, part: &Part<'_>) -> bool {
        let reads_alone = |other: &Part<'_>| {
            matches!(other.contribution.includes.as_slice(), [only] if only.path == part.path)
                && other.contribution.opaque.len() == 1
                && other.claim.identity() == part.claim.identity()
        };
        let mut including = self.lists.including.get(part.path).into_iter().flatten();
        part.base.as_ref().is_some_and(|base| base.convention == Convention::Dotenv)
            && including.any(|other| reads_alone(other))
    }

    /// Lets an environment keep a part of its own that others take in as well: an overlay of staging on top of production's, a command that
    /// gives staging production's file of values before its own.
    pub(super) fn keep_own(&mut self, index: usize) {
        let Some(part) = self.parts.get(index) else { return };
        let is_built_on = self.overlays.names(part.path)
            && self.overlays.heirs(part.path).next().is_some()
            && self.overlays.overlay_of(part.path).is_some();
        // What an inventory says of groups of groups lends nothing.
        let takers = self.lists.taking.get(part.path).into_iter().flatten();
        let is_of_groups = takers.clone().next().is_some()
            && takers.clone().all(|(taker, _, is_firm)| *is_firm && taker.is_of_inventory());
        let is_lent = part.claim.environment.is_some()
            && part.base.is_none()
            && !is_of_groups
            && self.is_taken(index)
            && self.runner(part).is_none();
        if is_built_on || is_lent {
            let (key, why) = self.own_key(part);
            self.add_own(key, index, &why);
        }
    }

    /// The instances that run a file which says none itself, or is called by another word for the one that does.
    pub(super) fn runners(&self, part: &Part<'_>) -> BTreeSet<Key> {
        if part.claim.environment.is_none() {
            return self.takers(part).into_keys().collect();
        }
        let runner = self.runner(part);
        runner.map(|runner| self.key_of(runner.path, &runner.claim)).into_iter().collect()
    }

    /// Where a part takes settings from that the tree does not show.
    pub(super) fn opaque(&self, part: &Part<'_>) -> Vec<Location> {
        let is_hidden = |holder: &Holder| match holder {
            Holder::Object(named) => {
                self.references.is_hidden(part, named, self.overlays.names(part.path))
            }
            Holder::File(path) => !self.paths().contains(path.as_str()),
            Holder::Outside => true,
        };
        part.contribution
            .opaque
            .iter()
            .filter(|opaque| is_hidden(&opaque.holder))
            .map(|opaque| opaque.at)
            .collect()
    }

    fn paths(&self) -> &BTreeSet<&'d str> {
        self.paths.get_or_init(|| self.sources.paths().map(|(_, path)| path).collect())
    }

    /// The instances whose releases render a chart's templates, whatever their files of values are called.
    pub(super) fn releases_of(&self, base: &Base<'_>) -> BTreeSet<Key> {
        let values = base.values_of_chart();
        let takers = values.and_then(|values| self.lists.taking.get(values.as_str()));
        let takers = takers.into_iter().flatten();
        let named = takers.filter(|(taker, ..)| taker.claim.identity() != Identity::default());
        named.map(|(taker, ..)| self.key_of(taker.path, &taker.claim)).collect()
    }

    /// The one environment that runs a file which is called by another word for it: nothing else of the tree speaks for either word, and both
    /// are production, or none is. A job `staging` runs a release with `values-uat.yaml`.
    pub(super) fn runner(&self, part: &Part<'_>) -> Option<&Part<'_>> {
        let is_production =
            |part: &Part<'_>| Some(part.claim.environment.as_ref()?.is_production());
        let own = part.claim.identity();
        let mut takers = self.lists.taking.get(part.path).into_iter().flatten();
        let (first, ..) = takers.next()?;
        let its = first.claim.identity();
        let speaks_alone = |identity: &Identity, source: SourceId| {
            let files = self.lists.speaking.get(identity);
            files.is_some_and(|files| files.iter().all(|file| *file == source))
        };
        let is_its = is_production(first).is_some()
            && is_production(first) == is_production(part)
            && own.environment != its.environment
            && own.names.is_subset(&its.names)
            && takers.all(|(taker, ..)| taker.claim.identity() == its)
            && speaks_alone(&own, part.contribution.source)
            && speaks_alone(&its, first.contribution.source);
        is_its.then_some(*first)
    }

    /// Whether some instance takes a part in where it names it.
    pub(super) fn is_taken(&self, index: usize) -> bool {
        let first = (index, Key::Declared(String::new()));
        self.taken.range(first..).next().is_some_and(|((part, _), _)| *part == index)
    }
}
