//! See `rules/masked-value.md`.

use std::collections::BTreeMap;

use super::wording::names;
use crate::model::instance::Instance;
use crate::model::setting::{Setting, Value};
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// What a form shows in the place of a value, saved as the value.
pub struct MaskedValue;

impl Check for MaskedValue {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut places: BTreeMap<Location, (&Setting, Vec<&Instance>)> = BTreeMap::new();
        for instance in &cx.now.instances {
            let settings = instance.settings.values().map(|found| cx.now.setting(found.winner));
            for setting in settings.filter(|setting| setting.value == Value::Masked) {
                places.entry(setting.at).or_insert((setting, Vec::new())).1.push(instance);
            }
        }
        for (at, (setting, users)) in places {
            let (name, of) = (setting.parameter.name(), names(&users));
            let message = format!("`{name}` of {of} is the stars that stand for it on a screen");
            let help = format!(
                "put the value itself in the place of the stars, or leave `{}` out: Magento takes them for the value, and Adobe's services refuse the instance",
                setting.parameter.path()
            );
            findings.push(
                Finding::new(at, message)
                    .label("copied from a screen")
                    .help(help)
                    .of(users.iter().map(|user| user.name.clone())),
            );
        }
    }
}
