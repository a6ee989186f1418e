//! Instances by the place that gives them a setting.

use std::collections::{BTreeMap, BTreeSet};

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
        Value::Secret(fingerprint, _) => Some(fingerprint.compared()),
        _ => None,
    }
}

/// Whether a switch is certainly on.
#[must_use]
pub fn is_on(setting: Option<&Setting>) -> bool {
    let text = setting.and_then(|setting| setting.value.literal()).unwrap_or_default();
    ["1", "true", "yes", "on"].iter().any(|on| text.trim().eq_ignore_ascii_case(on))
}

/// The installations that have an instance under another name, too.
#[must_use]
pub fn with_other_names<'a>(cx: &Context<'a>) -> BTreeSet<&'a str> {
    let is_other = |instance: &&Instance| instance.same_as != instance.name;
    cx.now.instances.iter().filter(is_other).map(|instance| instance.same_as.as_str()).collect()
}
