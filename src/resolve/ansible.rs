//! What Ansible's inventories say of the order of variables: those of a host win over its group's, and a group's over its parents'.
//!
//! Source: the Ansible documentation, *Variable precedence*.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::identity::Identity;
use super::layers::Closeness;
use super::piece::Piece;
use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting, SettingId};
use crate::recognise::Said;
use crate::source::SourceId;
use crate::sources::Sources;

/// The pieces that an inventory takes in for an environment that they say themselves, each with a number of it: their order is the inventory's.
pub(super) fn listed(pieces: &[Piece], sources: &Sources) -> BTreeMap<usize, usize> {
    let is_taker = |piece: &&Piece| {
        piece.contribution.said.as_ref().is_some_and(|said| said.how == Said::GROUP)
    };
    let mut lists: BTreeMap<(&str, Identity), usize> = BTreeMap::new();
    for (number, taker) in pieces.iter().filter(is_taker).enumerate() {
        for include in &taker.contribution.includes {
            lists.entry((&include.path, taker.claim.identity())).or_insert(number);
        }
    }
    let number = |piece: &Piece| {
        let path = sources.path(piece.contribution.source);
        lists.get(&(path, piece.claim.identity())).copied()
    };
    let says = |piece: &Piece| piece.claim.identity() != Identity::default();
    let all = pieces.iter().enumerate().filter(|(_, piece)| !lists.is_empty() && says(piece));
    all.filter_map(|(index, piece)| Some((index, number(piece)?))).collect()
}

/// What stands at one scope.
type Place = (Parameter, Scope);

impl Draft<'_> {
    /// Lets what an inventory takes in last be an instance's own, and what it takes in before that be inherited, whatever their names say.
    pub(super) fn settle_inventories(&mut self, settings: &[Setting]) {
        for part in self.parts.iter().filter(|part| part.is_of_inventory()) {
            let key = self.key_of(part.path, &part.claim);
            let Some(group) = self.groups.get_mut(&key) else { continue };
            let listed = part.contribution.includes.iter().enumerate();
            let order: BTreeMap<&str, usize> =
                listed.map(|(at, include)| (include.path.as_str(), at)).collect();
            let setting = |id: SettingId| settings.get(id.0 as usize);
            // In a file of which a part is the instance's own, other parts are another's.
            let own = group.reaching.iter().filter(|(_, close)| *close == Closeness::Own);
            let of_own: BTreeSet<SourceId> =
                own.filter_map(|(id, _)| Some(setting(*id)?.at.source)).collect();
            let place = |id: SettingId, closeness: Closeness| -> Option<(Place, usize)> {
                let setting = setting(id)?;
                let at = order.get(self.sources.path(setting.at.source))?;
                let is_others = closeness != Closeness::Own && of_own.contains(&setting.at.source);
                (!is_others).then(|| ((setting.parameter, setting.scope.clone()), *at))
            };
            // The last place of each that is given in the list, and whether a file of the instance gives it.
            let mut given: BTreeMap<Place, (usize, bool)> = BTreeMap::new();
            for (id, closeness) in &group.reaching {
                if let Some((of, at)) = place(*id, *closeness) {
                    let (last, is_own) = given.entry(of).or_default();
                    *last = at.max(*last);
                    *is_own |= *closeness == Closeness::Own;
                }
            }
            for (id, closeness) in &mut group.reaching {
                let Some((of, at)) = place(*id, *closeness) else { continue };
                if let Some((last, true)) = given.get(&of) {
                    *closeness = if at == *last { Closeness::Own } else { Closeness::Listed(at) };
                }
            }
        }
    }
}
