//! What changes in the key pair that an instance uses, and in what names its data.

use std::collections::BTreeMap;

use super::pairs::{IDENTIFIERS, pairs};
use super::{Change, Pair, change, folded};
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Setting;
use crate::rule::Context;

/// The slot whose keys an instance uses; none where that is not known or it uses no key pairs.
#[must_use]
pub fn active_slot(inventory: &Inventory, instance: &Instance) -> Option<Slot> {
    let credentials = inventory.in_force(instance, Parameter::CredentialsType).map(folded);
    if credentials.is_some_and(|kind| kind.is_none_or(|kind| kind == "ims_tech_acct")) {
        return None;
    }
    match inventory.in_force(instance, Parameter::ActiveSlot).map(folded) {
        None => Some(Slot::Production),
        Some(word) => Slot::ALL.into_iter().find(|slot| word.as_deref() == Some(slot.word())),
    }
}

/// What changed in the key pair that an instance used.
#[must_use]
pub fn key_changes<'a>(cx: &Context<'a>, pair: Pair<'a>) -> Vec<Change<'a>> {
    let Some(slot) = cx.before.and_then(|before| active_slot(before, pair.before)) else {
        return Vec::new();
    };
    let keys = [Parameter::ApiKey(slot), Parameter::PrivateKey(slot)];
    keys.into_iter().filter_map(|key| change(cx, pair, key)).collect()
}

/// What changed in the data space and project of an instance.
#[must_use]
pub fn identifier_changes<'a>(cx: &Context<'a>, pair: Pair<'a>) -> Vec<Change<'a>> {
    IDENTIFIERS.into_iter().filter_map(|parameter| change(cx, pair, parameter)).collect()
}

/// The data spaces that instances had before they took others, by the names that they have now.
#[must_use]
pub fn former_data_spaces<'a>(cx: &Context<'a>) -> BTreeMap<&'a str, String> {
    let changes = pairs(cx).into_iter().filter_map(|pair| change(cx, pair, Parameter::DataSpace));
    let taken = changes.filter(Change::is_to_another);
    taken.filter_map(|of| Some((of.pair.now?.name.as_str(), folded(of.before)?))).collect()
}

/// Those that shared a data space with an instance before the change, other than itself under another name.
#[must_use]
pub fn sharers<'a>(cx: &Context<'a>, change: &Change<'a>) -> Vec<&'a Instance> {
    let Some((before, id)) = cx.before.zip(folded(change.before)) else { return Vec::new() };
    let shares = |other: &&Instance| {
        let space = before.in_force(other, Parameter::DataSpace);
        other.same_as != change.pair.before.same_as && space.and_then(folded).as_ref() == Some(&id)
    };
    before.instances.iter().filter(shares).collect()
}

/// Those with which an instance shared a data space that it has no longer.
#[must_use]
pub fn ended_sharing<'a>(cx: &Context<'a>, pair: Pair<'a>) -> Vec<&'a Instance> {
    change(cx, pair, Parameter::DataSpace).map_or_else(Vec::new, |change| sharers(cx, &change))
}

/// Whether another key pair came together with another data space or project, or with none. Keys that are only gone are not generated anew.
#[must_use]
pub fn is_together(cx: &Context<'_>, pair: Pair<'_>) -> bool {
    key_changes(cx, pair).iter().any(Change::is_to_another)
        && !identifier_changes(cx, pair).is_empty()
}

/// The half of a slot's key pair that changed, and the other one that did not; none where both or neither did.
#[must_use]
pub fn half_change<'a>(
    cx: &Context<'a>,
    pair: Pair<'a>,
    slot: Slot,
) -> Option<(Change<'a>, &'a Setting)> {
    let (public, private) = (Parameter::ApiKey(slot), Parameter::PrivateKey(slot));
    [(public, private), (private, public)].into_iter().find_map(|(half, other)| {
        let change = change(cx, pair, half).filter(Change::is_to_another)?;
        let was = cx.before?.in_force(pair.before, other)?;
        let now = cx.now.in_force(pair.now?, other)?;
        (folded(was)? == folded(now)?).then_some((change, now))
    })
}
