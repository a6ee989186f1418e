//! Which value wins: Magento's precedence, and base files below an instance's own.
//!
//! Source: the deployment guide, *Configuration precedence*. The merge replaces recursively, so a blank value in a higher layer wins.

use std::collections::{BTreeMap, BTreeSet};

use super::order::Order;
use crate::model::in_force::InForce;
use crate::model::instance::Resolved;
use crate::model::parameter::Parameter;
use crate::model::setting::SettingId;
use crate::model::setting::{Carrier, Scope, Setting};
use crate::model::way::Ways;
use crate::source::Location;

/// How close a file is to an instance: an own file overrides what it inherits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// Inherited; the number of words it shares with the instance.
    Inherited(usize),
    /// Named by what deploys the instance or takes it in; its place in that list.
    Listed(usize),
    /// The instance's own.
    Own,
    /// Deployed to the instance though it is another environment's: what stands in the instance's own folder is not what runs.
    Deployed,
}

/// What is in force at default scope, and what at others.
type Scopes = (InForce<Parameter>, InForce<(Parameter, Scope)>);

/// Resolves the settings that reach one instance, each with the closeness of its file.
///
/// Within a part of a file, the last word wins; between parts of one closeness there is no order but that of their carriers. The connector's paths are read at default scope only; values at other scopes are dead.
#[must_use]
pub fn resolve(
    settings: &[Setting],
    order: &Order<'_>,
    reaching: &[(SettingId, Closeness)],
    ways: &Ways,
) -> Scopes {
    let ranked = reaching.iter().filter_map(|&(id, closeness)| {
        let setting = settings.get(id.0 as usize)?;
        Some(((setting.parameter, &setting.scope), (setting.carrier, closeness, id)))
    });
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_unstable();
    ranked.dedup();
    let (mut resolved, mut scoped) = (Vec::new(), Vec::new());
    for of_place in ranked.chunk_by(|one, other| one.0 == other.0) {
        let Some(&((parameter, scope), _)) = of_place.first() else { continue };
        let mut candidates: Vec<_> = of_place.iter().map(|(_, candidate)| *candidate).collect();
        leave_out_names(&mut candidates, settings, ways);
        let Some(highest) = candidates.pop() else { continue };
        let last = last_of_script(settings, &candidates, highest);
        let (carrier, closeness, winner) = last
            .and_then(|at| candidates.get_mut(at))
            .map_or(highest, |last| std::mem::replace(last, highest));
        let is_equal = |(other, close, id): &&(Carrier, Closeness, SettingId)| {
            let is_of_layer = || {
                other.layer() == carrier.layer()
                    && !order.overrides((carrier, winner), (*other, *id))
            };
            *close == closeness && (*other == carrier || is_of_layer())
        };
        let equals = candidates.iter().filter(is_equal);
        let rivals = rivals(settings, order, winner, equals.map(|(_, _, id)| *id));
        let overridden = candidates.iter().rev().map(|(_, _, id)| *id).collect();
        let in_force = Resolved { winner, rivals, overridden };
        if *scope == Scope::Default {
            resolved.push((parameter, in_force));
        } else {
            scoped.push(((parameter, scope.clone()), in_force));
        }
    }
    (resolved.into_iter().collect(), scoped.into_iter().collect())
}

/// Where among others the last command of the highest one's script stands, where that writes to the same layer behind it: whatever they
/// are, commands run one after the other.
fn last_of_script(
    settings: &[Setting],
    others: &[(Carrier, Closeness, SettingId)],
    (carrier, closeness, highest): (Carrier, Closeness, SettingId),
) -> Option<usize> {
    let place = |id: SettingId| settings.get(id.0 as usize).map(|setting| setting.key_at);
    let at = place(highest).filter(|_| carrier.is_of_commands())?;
    let behind = others.iter().enumerate().filter_map(|(index, (other, close, id))| {
        let place = place(*id)
            .filter(|place| place.source == at.source && place.span.start > at.span.start)?;
        let is_next =
            other.is_of_commands() && other.layer() == carrier.layer() && *close == closeness;
        is_next.then_some((place.span.start, index))
    });
    behind.max().map(|(_, index)| index)
}

/// Takes out names for which there is a value: it stands in their place.
fn leave_out_names<T>(
    candidates: &mut Vec<(T, Closeness, SettingId)>,
    settings: &[Setting],
    ways: &Ways,
) {
    let at = |id: SettingId| settings.get(id.0 as usize).map(|setting| setting.at);
    let led = candidates.iter().filter_map(|(.., id)| ways.get(&at(*id)?)).flatten();
    let names: BTreeSet<Location> = led.map(|way| way.at).collect();
    if !names.is_empty() {
        candidates.retain(|(.., id)| at(*id).is_none_or(|at| !names.contains(&at)));
    }
}

/// The last words of other parts, of equal right, that give another value than the winner.
fn rivals(
    settings: &[Setting],
    order: &Order<'_>,
    winner: SettingId,
    equals: impl Iterator<Item = SettingId>,
) -> Vec<SettingId> {
    let part_of = |id: SettingId| order.part_of(id);
    let value_of = |id: SettingId| settings.get(id.0 as usize)?.fingerprint();
    let Some(value) = value_of(winner) else { return Vec::new() };
    let mut last: BTreeMap<usize, SettingId> = equals.map(|id| (part_of(id), id)).collect();
    last.remove(&part_of(winner));
    let is_rival = |id: &SettingId| value_of(*id).is_some_and(|own| own != value);
    last.into_values().filter(is_rival).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::setting::Value;
    use crate::source::SourceId;

    fn winner(candidates: &[(Carrier, Closeness)]) -> u32 {
        let at = Location::new(SourceId(0), 0, 0);
        let setting = |&(carrier, _): &(Carrier, Closeness)| Setting {
            parameter: Parameter::Project,
            scope: Scope::Default,
            carrier,
            value: Value::Blank,
            at,
            key_at: at,
        };
        let settings: Vec<Setting> = candidates.iter().map(setting).collect();
        let reaching: Vec<_> =
            (0..).map(SettingId).zip(candidates.iter().map(|candidate| candidate.1)).collect();
        let (settings, _) = resolve(&settings, &Order::of(&[]), &reaching, &Ways::new());
        settings.get(&Parameter::Project).expect("it is in force").winner.0
    }

    #[test]
    fn a_higher_layer_wins_even_when_inherited_and_blank() {
        assert_eq!(
            winner(&[
                (Carrier::Environment, Closeness::Inherited(0)),
                (Carrier::EnvPhp, Closeness::Own)
            ]),
            0
        );
        assert_eq!(
            winner(&[
                (Carrier::EnvPhp, Closeness::Own),
                (Carrier::ConfigPhp, Closeness::Own),
                (Carrier::Document, Closeness::Own)
            ]),
            0
        );
    }

    #[test]
    fn within_a_layer_the_closest_file_wins_and_then_the_last_word() {
        assert_eq!(
            winner(&[
                (Carrier::EnvPhp, Closeness::Own),
                (Carrier::EnvPhp, Closeness::Inherited(3))
            ]),
            0
        );
        assert_eq!(
            winner(&[
                (Carrier::EnvPhp, Closeness::Inherited(1)),
                (Carrier::EnvPhp, Closeness::Inherited(0))
            ]),
            0
        );
        assert_eq!(
            winner(&[(Carrier::EnvPhp, Closeness::Own), (Carrier::EnvPhp, Closeness::Own)]),
            1
        );
    }
}
