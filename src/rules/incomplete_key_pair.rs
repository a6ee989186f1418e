//! See `rules/incomplete-key-pair.md`.

use super::places::in_force;
use super::wording::names;
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Value;
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// One half of a key pair without the other.
pub struct IncompleteKeyPair;

impl Check for IncompleteKeyPair {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let is_known =
            |instance: &&Instance| instance.opaque.is_empty() && uses_key_pairs(cx, instance);
        let instances: Vec<&Instance> = cx.now.instances.iter().filter(is_known).collect();
        for slot in Slot::ALL {
            let (public, private) = (Parameter::ApiKey(slot), Parameter::PrivateKey(slot));
            for (half, other) in [(public, private), (private, public)] {
                for (setting, mut users) in in_force(cx, &instances, half) {
                    users.retain(|user| !is_elsewhere(cx, user, other));
                    let is_half = setting.value.is_present() && setting.value != Value::Placeholder;
                    if is_half && !users.is_empty() {
                        findings.push(finding(cx, setting.at, (half, other), &users));
                    }
                }
            }
        }
    }
}

/// Whether the installation has the other half, or may have it, under any of its names.
fn is_elsewhere(cx: &Context<'_>, instance: &Instance, parameter: Parameter) -> bool {
    let mut names = cx.now.instances.iter().filter(|name| name.same_as == instance.same_as);
    names.any(|name| {
        let setting = cx.now.in_force(name, parameter);
        !name.opaque.is_empty() || setting.is_some_and(|setting| setting.value.is_present())
    })
}

/// With an IMS technical account, key pairs are not used.
fn uses_key_pairs(cx: &Context<'_>, instance: &Instance) -> bool {
    cx.now
        .literal(instance, Parameter::CredentialsType)
        .is_none_or(|text| text.trim() != "IMS_Tech_Acct")
}

fn finding(
    cx: &Context<'_>,
    at: Location,
    (half, other): (Parameter, Parameter),
    instances: &[&Instance],
) -> Finding {
    let (half_name, other_name, names) = (half.name(), other.name(), names(instances));
    let blank = instances
        .iter()
        .filter_map(|instance| cx.now.in_force(instance, other))
        .find(|setting| setting.value == Value::Blank);
    let what = if blank.is_some() { "blank" } else { "nowhere" };
    let message = format!("`{half_name}` of {names} is set, but its `{other_name}` is {what}");
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
