//! Who deploys a part: the objects that deploy its folder or name its file.

use std::collections::BTreeMap;

use super::conventions::{Convention, parent};
use super::draft::Draft;
use super::group::Key;
use super::layers::Closeness;
use super::parts::Part;

impl Draft<'_> {
    /// The instances that objects deploy with this part, and how close it is to them: files of values that they name, a chart's templates,
    /// manifests in a folder that several deploy or that says no environment itself.
    pub(super) fn deployers(&self, part: &Part<'_>) -> Option<BTreeMap<Key, Closeness>> {
        if self.lists.deploying.is_empty() {
            return None;
        }
        if part.contribution.deployment.is_some() {
            return self.deployers_of_release(part);
        }
        let place = |(deployer, place): &(&Part<'_>, usize)| {
            (self.key_of(deployer.path, &deployer.claim), Closeness::Listed(*place))
        };
        if let Some(named) = self.lists.deploying.get(part.path) {
            return Some(named.iter().map(place).collect());
        }
        if part.claim.environment.is_some() {
            return self.with_others(part);
        }
        let is_overlay = self.overlays.names(part.path);
        let deploying = self.lists.deploying.get(parent(part.path)).map_or(&[][..], Vec::as_slice);
        let is_free = !is_overlay || deploying.len() > 1;
        let folders = std::iter::successors(Some(parent(part.path)), |folder| {
            (!folder.is_empty()).then(|| parent(folder))
        });
        let is_values =
            part.base.as_ref().is_some_and(|base| base.convention == Convention::HelmValues);
        let found = folders
            .filter(|_| is_free && !is_values)
            .find_map(|folder| self.lists.deploying.get(folder))?;
        Some(found.iter().map(place).collect())
    }

    /// What deploys production's folder to staging lets staging have it as well, before what stands in a folder of its own.
    fn with_others(&self, part: &Part<'_>) -> Option<BTreeMap<Key, Closeness>> {
        let environment = part.claim.environment.as_ref()?;
        let is_other = |(deployer, _): &&(&Part<'_>, usize)| {
            let said = deployer.claim.environment.as_ref();
            said.is_some_and(|said| said.name != environment.name)
        };
        let deploying = self.lists.deploying.get(parent(part.path))?;
        let place = |(deployer, _): &(&Part<'_>, usize)| {
            (self.key_of(deployer.path, &deployer.claim), Closeness::Deployed)
        };
        let mut others: BTreeMap<Key, Closeness> =
            deploying.iter().filter(is_other).map(place).collect();
        if others.is_empty() {
            return None;
        }
        others.insert(self.own_key(part).0, Closeness::Own);
        Some(others)
    }

    /// The instances of a release that several environments deploy by its folder, where it is the only one there: several are several shops.
    fn deployers_of_release(&self, part: &Part<'_>) -> Option<BTreeMap<Key, Closeness>> {
        let folder = parent(part.path);
        let is_only = self.lists.releases.get(folder).is_none_or(|count| *count < 2);
        let is_set = !part.settings.is_empty();
        if !is_only || !is_set {
            return None;
        }
        if part.claim.environment.is_some() {
            return self.with_others(part);
        }
        let deploying = self.lists.deploying.get(folder)?;
        let said = deploying.iter().filter(|(deployer, _)| deployer.claim.environment.is_some());
        let keys: BTreeMap<Key, Closeness> = said
            .map(|(deployer, place)| {
                (self.key_of(deployer.path, &deployer.claim), Closeness::Listed(*place))
            })
            .collect();
        (keys.len() > 1).then_some(keys)
    }
}
