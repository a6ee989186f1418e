//! See `rules/incomplete-key-pair.md`.

use std::collections::BTreeMap;

use super::wording::{list, quoted};
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::{Setting, Value};
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// One half of a key pair without the other.
pub struct IncompleteKeyPair;

impl Check for IncompleteKeyPair {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for slot in Slot::ALL {
            let (public, private) = (Parameter::ApiKey(slot), Parameter::PrivateKey(slot));
            for (half, other) in [(public, private), (private, public)] {
                let mut places: BTreeMap<Location, Vec<&Instance>> = BTreeMap::new();
                let instances =
                    cx.now.instances.iter().filter(|instance| {
                        instance.opaque.is_empty() && uses_key_pairs(cx, instance)
                    });
                for instance in instances {
                    if let Some(setting) = present(cx, instance, half)
                        && setting.value != Value::Placeholder
                        && present(cx, instance, other).is_none()
                    {
                        places.entry(setting.at).or_default().push(instance);
                    }
                }
                findings.extend(
                    places
                        .into_iter()
                        .map(|(at, instances)| finding(cx, at, (half, other), &instances)),
                );
            }
        }
    }
}

fn present<'a>(cx: &Context<'a>, instance: &Instance, parameter: Parameter) -> Option<&'a Setting> {
    cx.now.in_force(instance, parameter).filter(|setting| setting.value.is_present())
}

/// With an IMS technical account, key pairs are not used.
fn uses_key_pairs(cx: &Context<'_>, instance: &Instance) -> bool {
    !cx.now
        .literal(instance, Parameter::CredentialsType)
        .is_some_and(|text| text.trim() == "IMS_Tech_Acct")
}

fn finding(
    cx: &Context<'_>,
    at: Location,
    (half, other): (Parameter, Parameter),
    instances: &[&Instance],
) -> Finding {
    let names = list(instances.iter().map(|instance| quoted(&instance.name)));
    let blank = instances
        .iter()
        .filter_map(|instance| cx.now.in_force(instance, other))
        .find(|setting| setting.value == Value::Blank);
    let message = match blank {
        Some(_) => {
            format!("`{}` of {names} is set, but its `{}` is blank", half.name(), other.name())
        }
        None => {
            format!("`{}` of {names} is set, but its `{}` is nowhere", half.name(), other.name())
        }
    };
    let help = format!(
        "set `{}` next to it, by reference to a secret store if it is private, or blank both: with half a pair Adobe's services refuse the instance",
        other.path()
    );
    let finding = Finding::new(at, message)
        .label("half a pair")
        .help(help)
        .of(instances.iter().map(|instance| instance.name.clone()));
    match blank {
        Some(blank) => finding.see(blank.at, "left blank"),
        None => finding,
    }
}
