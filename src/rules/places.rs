//! Instances by the place that gives them a setting.

use std::collections::BTreeMap;

use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, Value};
use crate::rule::Context;
use crate::source::Location;

/// The settings in force for a parameter, each with the instances that it is in force in, in order of the instances.
#[must_use]
pub fn in_force<'a>(
    cx: &Context<'a>,
    instances: &[&'a Instance],
    parameter: Parameter,
) -> Vec<(&'a Setting, Vec<&'a Instance>)> {
    let mut places: Vec<(&Setting, Vec<&Instance>)> = Vec::new();
    let mut known: BTreeMap<Location, usize> = BTreeMap::new();
    for &instance in instances {
        let Some(setting) = cx.now.in_force(instance, parameter) else { continue };
        let index = *known.entry(setting.at).or_insert(places.len());
        match places.get_mut(index) {
            Some((_, users)) => users.push(instance),
            None => places.push((setting, vec![instance])),
        }
    }
    places
}

/// What tells two known values apart; none for what is not known.
#[must_use]
pub fn known(value: &Value) -> Option<String> {
    match value {
        Value::Literal(text) => Some(text.trim().to_owned()),
        Value::Secret(fingerprint) => Some(fingerprint.to_string()),
        _ => None,
    }
}
