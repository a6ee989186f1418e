//! Instances that turn out to be one once their files are known: one has words more that nothing in the tree opposes.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::group::{Group, Key};
use super::identity::Identity;
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Setting};

impl Draft<'_> {
    /// Merges an instance into another of the same environment whose words are fewer, where nothing in the tree opposes the words that
    /// they differ by: `platform/app/etc/env.prod.php` and `k8s/prod/configmap.yaml` are one instance if `platform` is the only name.
    pub fn fold_unopposed_words(&mut self, settings: &[Setting]) {
        let read =
            |key: &Key| if let Key::Read(identity) = key { Some(identity.clone()) } else { None };
        let identities: Vec<Identity> = self.groups.keys().filter_map(read).collect();
        let all_names: BTreeSet<&String> =
            identities.iter().flat_map(|identity| &identity.names).collect();
        if all_names.is_empty() {
            return;
        }
        let with_all = identities.iter().filter(|more| more.names.len() == all_names.len());
        let with_all: BTreeMap<_, &Identity> =
            with_all.map(|more| (&more.environment, more)).collect();
        for few in identities.iter().filter(|few| few.environment.is_some()) {
            let with_more = with_all.get(&few.environment);
            for &more in with_more.into_iter().filter(|more| more.names.len() > few.names.len()) {
                let keys = (Key::Read(few.clone()), Key::Read(more.clone()));
                let (Some(one), Some(two)) = (self.groups.get(&keys.0), self.groups.get(&keys.1))
                else {
                    continue;
                };
                if !one.can_be_one_with(two, settings) {
                    continue;
                }
                let Some(mut folded) = self.groups.remove(&keys.1) else { continue };
                let group = self.groups.entry(keys.0).or_default();
                group.claims.append(&mut folded.claims);
                group.feeds.append(&mut folded.feeds);
                group.reaching.append(&mut folded.reaching);
                group.own.append(&mut folded.own);
                group.opaque.append(&mut folded.opaque);
            }
        }
    }
}

impl Group {
    /// Whether two groups can be one installation: no carrier delivers to both, and their data spaces do not differ.
    fn can_be_one_with(&self, other: &Self, settings: &[Setting]) -> bool {
        let of = |group: &Self| -> Vec<Setting> {
            group
                .reaching
                .iter()
                .filter_map(|(id, _)| settings.get(id.0 as usize).cloned())
                .collect()
        };
        let (mine, theirs) = (of(self), of(other));
        let carriers = |settings: &[Setting]| {
            settings.iter().map(|setting| setting.carrier).collect::<BTreeSet<Carrier>>()
        };
        let spaces = |settings: &[Setting]| -> BTreeSet<String> {
            let spaces =
                settings.iter().filter(|setting| setting.parameter == Parameter::DataSpace);
            spaces
                .filter_map(|setting| setting.value.literal().map(str::to_ascii_lowercase))
                .collect()
        };
        let (my_spaces, their_spaces) = (spaces(&mine), spaces(&theirs));
        carriers(&mine).is_disjoint(&carriers(&theirs))
            && (my_spaces.is_empty() || their_spaces.is_empty() || my_spaces == their_spaces)
    }
}
