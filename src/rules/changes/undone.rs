//! Whether what is told of a change is as an earlier state had it: whoever has that state alone sees no change.

use std::collections::BTreeSet;

use super::folded;
use super::pairs::{IDENTIFIERS, Pair, is_production, pairs};
use crate::model::instance::{Instance, Resolved};
use crate::model::inventory::Inventory;
use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting, Value};
use crate::rule::{Context, Finding};

/// What is set: a parameter at a scope.
type Place<'a> = (Parameter, &'a Scope);

/// Whether each instance that a finding names is for what the finding shows as it was in an earlier state: the same values, in force in the
/// same instance, and production there where it was production before the change. `earlier` is what is checked and that state, with the
/// instances that are declared now.
#[must_use]
pub fn is_undone(cx: &Context<'_>, finding: &Finding, earlier: &Context<'_>) -> bool {
    let (Some(before), Some(former)) = (cx.before, earlier.before) else { return false };
    let settings = cx.now.settings.iter().chain(&before.settings);
    let shown: BTreeSet<Place<'_>> = settings
        .filter(|setting| finding.shows(setting.at))
        .map(|setting| (setting.parameter, &setting.scope))
        .collect();
    let (pairs, former_pairs) = (pairs(cx), pairs(earlier));
    let is_as_before = |name: &String| {
        let of_name = |pair: &&Pair<'_>| {
            pair.before.name == *name || pair.now.is_some_and(|now| now.name == *name)
        };
        let Some(pair) = pairs.iter().find(of_name) else { return false };
        let Some(now) = pair.now else { return is_as_if_never(pair.before, before, earlier) };
        let is_it = |other: &&Pair<'_>| other.now.is_some_and(|of| of.name == now.name);
        let Some(other) = former_pairs.iter().find(is_it) else { return false };
        if shown.is_empty() {
            return other.before.kind.value == now.kind.value;
        }
        let is_known = earlier.now.problems.is_empty()
            && former.problems.is_empty()
            && other.before.opaque.is_empty();
        let is_same = |place: &Place<'_>| {
            let values = in_force(cx.now, now, *place);
            values.is_some_and(|values| {
                (is_known || !values.is_empty())
                    && in_force(former, other.before, *place) == Some(values)
            })
        };
        is_production(pair.before) <= is_production(other.before) && shown.iter().all(is_same)
    };
    !finding.instances.is_empty() && finding.instances.iter().all(is_as_before)
}

/// Whether an instance that is gone was not there earlier either, under any name.
fn is_as_if_never(gone: &Instance, before: &Inventory, earlier: &Context<'_>) -> bool {
    let Some(former) = earlier.before else { return false };
    let own = IDENTIFIERS.iter().filter_map(|&parameter| before.in_force(gone, parameter));
    let own: Vec<&Setting> = own.collect();
    let is_own = |setting: &Setting| {
        own.iter().any(|own| own.parameter == setting.parameter && folded(own) == folded(setting))
    };
    former.named(&gone.name).is_none()
        && !own.is_empty()
        && former.problems.is_empty()
        && earlier.now.problems.is_empty()
        && !former.settings.iter().any(is_own)
}

/// What is in force at a place, with what nothing orders beside it: nothing where nothing is set; none where that is not known.
fn in_force(
    inventory: &Inventory,
    instance: &Instance,
    (parameter, scope): Place<'_>,
) -> Option<BTreeSet<String>> {
    let resolved = match scope {
        Scope::Default => instance.settings.get(&parameter),
        scope => instance.scoped.get(&(parameter, scope.clone())),
    };
    let all = |of: &Resolved| std::iter::once(of.winner).chain(of.rivals.clone());
    let all = resolved.into_iter().flat_map(all);
    all.map(|id| said(inventory.setting(id))).collect()
}

/// What a setting says, in letters; none where that is not known.
fn said(setting: &Setting) -> Option<String> {
    match setting.value {
        // No value of a person's has these.
        Value::Blank => Some("\0blank".into()),
        Value::Placeholder => Some("\0placeholder".into()),
        Value::Masked => Some("\0masked".into()),
        _ => folded(setting),
    }
}
