//! What tells one known value from another.

use std::collections::BTreeSet;

use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, Value};
use crate::model::uuid::fold_uuid;
use crate::rules::places::known;

/// What tells one known value of a parameter from another; none for what is not known.
#[must_use]
pub fn folded(setting: &Setting) -> Option<String> {
    folded_value(setting.parameter, &setting.value)
}

fn folded_value(parameter: Parameter, value: &Value) -> Option<String> {
    let text = known(value)?;
    Some(match parameter {
        Parameter::DataSpace | Parameter::Project => fold_uuid(&text).unwrap_or(text),
        Parameter::PrivateKey(_) => text,
        _ => text.to_ascii_lowercase(),
    })
}

/// The values that a setting can have, where all of them are known.
pub fn possible(setting: &Setting) -> Option<BTreeSet<String>> {
    let of = |value: &Value| folded_value(setting.parameter, value);
    match &setting.value {
        Value::OneOf(candidates) => candidates.iter().map(|one| of(&one.value)).collect(),
        value => Some(BTreeSet::from([of(value)?])),
    }
}
