//! See `rules/placeholder-value.md`.

use std::collections::BTreeMap;

use super::wording::{list, quoted};
use crate::model::setting::{Setting, Value};
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// A text that waits to be replaced, in force in an instance.
pub struct PlaceholderValue;

impl Check for PlaceholderValue {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut places: BTreeMap<Location, (&Setting, Vec<String>)> = BTreeMap::new();
        for instance in &cx.now.instances {
            let in_force =
                instance.settings.values().map(|resolved| cx.now.setting(resolved.winner));
            for setting in in_force.filter(|setting| setting.value == Value::Placeholder) {
                places
                    .entry(setting.at)
                    .or_insert((setting, Vec::new()))
                    .1
                    .push(instance.name.clone());
            }
        }
        for (at, (setting, instances)) in places {
            let names = list(instances.iter().map(|name| quoted(name)));
            let message = format!("`{}` of {names} is a placeholder", setting.parameter.name());
            let help = format!(
                "put the real value of `{}` here, refer to a variable or a secret store, or leave the setting out: Magento uses the text as it stands, \
                 and Adobe's services refuse the instance",
                setting.parameter.path()
            );
            findings
                .push(Finding::new(at, message).label("never replaced").help(help).of(instances));
        }
    }
}
