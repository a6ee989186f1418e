//! See `rules/empty-active-slot.md`.

use super::key_pairs::uses_key_pairs;
use super::places::with_other_names;
use super::wording::quoted;
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::{Setting, Value};
use crate::rule::{Check, Context, Finding};

/// Keys in the slot that is not used, and none in the one that is.
pub struct EmptyActiveSlot;

impl Check for EmptyActiveSlot {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let instances = cx.now.instances.iter();
        // An installation may keep its keys under another of its names.
        let twofold = with_other_names(cx);
        let is_known = |of: &&Instance| {
            of.opaque.is_empty() && uses_key_pairs(cx, of) && !twofold.contains(&*of.same_as)
        };
        findings.extend(instances.filter(is_known).filter_map(|instance| finding(cx, instance)));
    }
}

fn finding(cx: &Context<'_>, instance: &Instance) -> Option<Finding> {
    let switch = cx.now.in_force(instance, Parameter::ActiveSlot)?;
    let active = slot(switch)?;
    let other = if active == Slot::Production { Slot::Sandbox } else { Slot::Production };
    if !keys(cx, instance, active).is_empty() {
        return None;
    }
    let idle = keys(cx, instance, other);
    let first = idle.first()?;
    let (name, word) = (quoted(&instance.name), active.word());
    let message = format!(
        "{name} uses the {word} slot, which has no keys, and has keys for {} alone",
        other.word()
    );
    let help = format!(
        "set the {word} keys of your Adobe account, or `{}` to `{}`: without keys in the slot that it uses, Adobe's services refuse the instance",
        switch.parameter.path(),
        other.word()
    );
    let finding = Finding::new(switch.at, message)
        .label("the slot in use")
        .help(help)
        .of([instance.name.clone()]);
    Some(finding.see(first.at, "keys of the other"))
}

/// The slot that a setting selects.
fn slot(switch: &Setting) -> Option<Slot> {
    let text = switch.value.literal()?.trim().to_lowercase();
    Slot::ALL.into_iter().find(|slot| slot.word() == text)
}

fn keys<'a>(cx: &Context<'a>, instance: &Instance, slot: Slot) -> Vec<&'a Setting> {
    let keys = [Parameter::ApiKey(slot), Parameter::PrivateKey(slot)].into_iter();
    let keys = keys.filter_map(|parameter| cx.now.in_force(instance, parameter));
    keys.filter(|setting| setting.value != Value::Blank).collect()
}
