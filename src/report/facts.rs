//! What an instance ends up with, as the instance listings and the JSON report show it.

use std::collections::BTreeMap;

use super::disclosure;
use crate::model::fingerprint::{Fingerprint, salted};
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::parameter::{Parameter, Slot};
use crate::model::public;
use crate::model::setting::{Setting, Value};
use crate::model::uuid::fold_uuid;

/// What stands at a parameter that can hold a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// `plaintext`, or why the key is not known.
    pub state: &'static str,
    /// The name of a key in plaintext.
    pub fingerprint: Option<Fingerprint>,
}

/// The api key and the private key in force in a slot; none where nothing sets them.
#[must_use]
pub fn keys(inventory: &Inventory, instance: &Instance, slot: Slot) -> [Option<Held>; 2] {
    [Parameter::ApiKey(slot), Parameter::PrivateKey(slot)]
        .map(|parameter| Some(held(&inventory.in_force(instance, parameter)?.value)))
}

fn held(value: &Value) -> Held {
    let fingerprint = match value {
        // Another text may be a password, whose name could be guessed.
        Value::Literal(text) if public::is_api_key(text.trim()) => {
            Some(Fingerprint::of("api key", text.as_bytes()))
        }
        Value::Secret(fingerprint, _) => Some(*fingerprint).filter(|name| !name.is_guessable()),
        _ => None,
    };
    Held { state: state(value), fingerprint }
}

/// What stands at a setting that can hold a key: the name of a key in plaintext, or a word for why there is none.
#[must_use]
pub fn named(value: &Value) -> String {
    word(Some(held(value)))
}

/// A word for what stands at a setting.
#[must_use]
pub fn state(value: &Value) -> &'static str {
    match value {
        Value::Literal(_) | Value::Secret(..) | Value::Public(_) => "plaintext",
        Value::Blank => "blank",
        Value::Reference => "reference",
        Value::Ciphertext { .. } => "encrypted",
        Value::Placeholder => "placeholder",
        Value::Masked => "masked",
        Value::Unknown => "unknown",
        Value::OneOf(_) => "one of several",
    }
}

/// The text in force for a parameter, where it is a literal that has the look of what belongs there; what could be a key in it is hidden.
#[must_use]
pub fn literal(inventory: &Inventory, instance: &Instance, parameter: Parameter) -> Option<String> {
    let text = inventory.literal(instance, parameter)?;
    public::shown(parameter, text.trim()).ok().map(|_| disclosure::literal(parameter, text))
}

/// The data spaces that an instance reads beside its own: for product recommendations, where that is not turned off, and by a
/// module for search.
#[must_use]
pub fn read_only(inventory: &Inventory, instance: &Instance) -> Vec<String> {
    let switch = inventory.in_force(instance, Parameter::AlternateDataSpaceEnabled);
    let is_on = switch.is_some_and(|switch| match &switch.value {
        Value::Literal(text) => !["0", "false"].contains(&text.trim()),
        value => *value != Value::Blank,
    });
    let alternate = is_on.then_some(Parameter::AlternateDataSpace);
    let mut read: Vec<String> = alternate
        .into_iter()
        .chain([Parameter::ReadOnlyDataSpace])
        .filter_map(|parameter| fold_uuid(inventory.literal(instance, parameter)?))
        .collect();
    read.sort();
    read.dedup();
    read
}

/// The instances of each data space.
#[must_use]
pub fn by_data_space(inventory: &Inventory) -> BTreeMap<String, Vec<&Instance>> {
    let mut spaces: BTreeMap<_, Vec<&Instance>> = BTreeMap::new();
    for instance in &inventory.instances {
        if let Some(space) = inventory.data_space(instance) {
            spaces.entry(space).or_default().push(instance);
        }
    }
    spaces
}

/// All that an instance ends up with, a text for each setting, with a name of its value where it has one.
pub fn ends_up_with(
    inventory: &Inventory,
    instance: &Instance,
    name: impl Fn(&Setting) -> Option<String>,
) -> Vec<String> {
    let all = instance.settings.values().chain(instance.scoped.values());
    let settings = all.map(|resolved| inventory.setting(resolved.winner));
    let told = settings.map(|setting| {
        let (path, state) = (setting.parameter.path(), state(&setting.value));
        format!("{path} {:?} {state} {}", setting.scope, name(setting).unwrap_or_default())
    });
    told.collect()
}

/// A name for all that an instance ends up with, but for what could be guessed.
#[must_use]
pub fn digest(inventory: &Inventory, instance: &Instance) -> String {
    let name = |setting: &Setting| Some(disclosure::of_setting(setting)?.to_string());
    let parts = ends_up_with(inventory, instance, name);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    salted("commerce-lint instance v1", &parts)
}

/// A fingerprint, or a word for why there is none.
#[must_use]
pub fn word(held: Option<Held>) -> String {
    match held {
        Some(Held { fingerprint: Some(name), .. }) => name.to_string(),
        Some(Held { state, .. }) => state.to_owned(),
        None => "not set".to_owned(),
    }
}
