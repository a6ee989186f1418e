//! What Ansible's inventories say of the order of variables: those of a host win over its group's, and a group's over its parents'.
//!
//! Source: the Ansible documentation, *Variable precedence*.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::layers::Closeness;
use super::takers::is_of_inventory;
use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting, SettingId};
use crate::source::SourceId;

/// What stands at one scope, and its place among what an inventory takes in.
type Highest = BTreeMap<(Parameter, Scope), usize>;

impl Draft<'_> {
    /// Lets what an inventory takes in last be an instance's own, and what it takes in before that be inherited, whatever their names say.
    pub(super) fn settle_inventories(&mut self, settings: &[Setting]) {
        for part in self.parts.iter().filter(|part| is_of_inventory(part)) {
            let key = self.key_of(part.path, &part.claim);
            let Some(group) = self.groups.get_mut(&key) else { continue };
            let listed = part.contribution.includes.iter().enumerate();
            let order: BTreeMap<&str, usize> =
                listed.map(|(at, include)| (include.path.as_str(), at)).collect();
            let place = |id: SettingId| {
                let setting = settings.get(id.0 as usize)?;
                let at = order.get(self.sources.path(setting.at.source))?;
                Some(((setting.parameter, setting.scope.clone()), *at))
            };
            // In a file of which a part is the instance's own, other parts are another's.
            let source = |id: SettingId| settings.get(id.0 as usize).map(|one| one.at.source);
            let own = group.reaching.iter().filter(|(_, close)| *close == Closeness::Own);
            let of_own: BTreeSet<SourceId> = own.filter_map(|(id, _)| source(*id)).collect();
            let is_others = |id: SettingId, closeness: Closeness| {
                closeness != Closeness::Own && source(id).is_some_and(|one| of_own.contains(&one))
            };
            let mut highest = Highest::new();
            let mut owned: BTreeMap<(Parameter, Scope), bool> = BTreeMap::new();
            for (id, closeness) in &group.reaching {
                let known = place(*id).filter(|_| !is_others(*id, *closeness));
                if let Some((of, at)) = known {
                    let last = highest.entry(of.clone()).or_default();
                    *last = at.max(*last);
                    *owned.entry(of).or_default() |= *closeness == Closeness::Own;
                }
            }
            for (id, closeness) in &mut group.reaching {
                let known = place(*id).filter(|(of, _)| owned.get(of) == Some(&true));
                let known = known.filter(|_| !is_others(*id, *closeness));
                if let Some((of, at)) = known {
                    let is_last = highest.get(&of) == Some(&at);
                    *closeness = if is_last { Closeness::Own } else { Closeness::Listed(at) };
                }
            }
        }
    }
}
