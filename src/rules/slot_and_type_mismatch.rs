//! See `rules/slot-and-type-mismatch.md`.

use super::wording::quoted;
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Value;
use crate::rule::{Check, Context, Finding};

/// The keys of one slot with the data space of the other's type.
pub struct SlotAndTypeMismatch;

impl Check for SlotAndTypeMismatch {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        findings.extend(cx.now.instances.iter().filter_map(|instance| finding(cx, instance)));
    }
}

fn finding(cx: &Context<'_>, instance: &Instance) -> Option<Finding> {
    let of_type = cx.now.in_force(instance, Parameter::DataSpaceType)?;
    let right = match of_type.value.literal()?.trim().to_lowercase().as_str() {
        "production" => Slot::Production,
        "testing" => Slot::Sandbox,
        _ => return None,
    };
    let switch = cx.now.in_force(instance, Parameter::ActiveSlot);
    let (slot, at) = if let Some(switch) = switch {
        let text = switch.value.literal()?.trim().to_lowercase();
        (Slot::ALL.into_iter().find(|slot| slot.word() == text)?, switch.at)
    } else {
        // Without a word of it, the production slot is used: certain where no other has keys.
        let key = |slot| {
            let setting = cx.now.in_force(instance, Parameter::ApiKey(slot));
            setting.filter(|setting| setting.value != Value::Blank)
        };
        let key = key(Slot::Production).filter(|_| key(Slot::Sandbox).is_none())?;
        (Slot::Production, key.at)
    };
    if slot == right {
        return None;
    }
    let written = of_type.value.literal()?.trim();
    let message = format!(
        "{} uses the keys of the {} slot with a data space of type {written}",
        quoted(&instance.name),
        slot.word()
    );
    let help = format!(
        "set `{}` to `{}`: production data spaces go with production keys, testing ones with sandbox keys",
        Parameter::ActiveSlot.path(),
        right.word()
    );
    Some(
        Finding::new(at, message)
            .label("the slot in use")
            .see(of_type.at, "the data space's type")
            .help(help)
            .of([instance.name.clone()]),
    )
}
