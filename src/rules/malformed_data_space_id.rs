//! See `rules/malformed-data-space-id.md`.

use std::collections::BTreeMap;

use crate::model::parameter::Parameter;
use crate::model::public::shape;
use crate::model::setting::Value;
use crate::model::uuid::{fold_uuid, is_uuid};
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// A data space id that is not a UUID.
pub struct MalformedDataSpaceId;

impl Check for MalformedDataSpaceId {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut places: BTreeMap<Location, (&Value, Vec<String>)> = BTreeMap::new();
        for instance in &cx.now.instances {
            for parameter in [Parameter::DataSpace, Parameter::AlternateDataSpace] {
                if let Some(setting) = cx.now.in_force(instance, parameter) {
                    places
                        .entry(setting.at)
                        .or_insert((&setting.value, Vec::new()))
                        .1
                        .push(instance.name.clone());
                }
            }
        }
        for (at, (value, instances)) in places {
            if let Some(message) = fault(value) {
                let help = if matches!(value, Value::Secret(..)) {
                    "deal with the leaked key first, as `plaintext-private-key` says; then put the data space id here"
                } else {
                    "copy the data space id from the Admin (Stores > Configuration > Services > Commerce Services Connector): \
                     8-4-4-4-12 hexadecimal digits; without it the instance is cut off from Adobe's services"
                };
                findings
                    .push(Finding::new(at, message).label("not a UUID").help(help).of(instances));
            }
        }
    }
}

fn fault(value: &Value) -> Option<String> {
    match value {
        // Blanks around it are another rule's matter.
        Value::Literal(text) if is_uuid(text.trim()) => None,
        Value::Literal(text) if fold_uuid(text).is_some() => {
            Some("data space id is a UUID in braces: Magento sends them along".into())
        }
        Value::Literal(text) => {
            Some(format!("data space id is {}, not a UUID", shape(text.trim())))
        }
        Value::Secret(..) => Some("data space id is a private key, not a UUID".into()),
        Value::Ciphertext { .. } => {
            Some("data space id is ciphertext: Magento decrypts keys, but not this".into())
        }
        Value::Blank
        | Value::Reference
        | Value::Placeholder
        | Value::Masked
        | Value::Public(_)
        | Value::Unknown
        | Value::OneOf(_) => None,
    }
}
