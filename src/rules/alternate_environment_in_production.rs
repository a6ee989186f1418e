//! See `rules/alternate-environment-in-production.md`.

use super::places::is_on;
use super::wording::quoted;
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::Parameter;
use crate::model::setting::Value;
use crate::model::uuid::fold_uuid;
use crate::rule::{Check, Context, Finding};

/// Recommendations from another data space, where that cannot be meant.
pub struct AlternateEnvironmentInProduction;

impl Check for AlternateEnvironmentInProduction {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        findings.extend(cx.now.instances.iter().filter_map(|instance| finding(cx, instance)));
    }
}

fn finding(cx: &Context<'_>, instance: &Instance) -> Option<Finding> {
    let switch = cx.now.in_force(instance, Parameter::AlternateDataSpaceEnabled);
    let alternate = cx.now.in_force(instance, Parameter::AlternateDataSpace);
    let id = alternate.and_then(|setting| fold_uuid(setting.value.literal()?));
    let name = quoted(&instance.name);
    let is_blank = alternate.is_none_or(|setting| setting.value == Value::Blank);
    let switch = switch.filter(|_| is_on(switch))?;
    let (at, message, help) = if id.is_some() && id == cx.now.data_space(instance) {
        let message = format!("the alternate data space of {name} is its own");
        let help = "name the data space that recommendations are to be read from, or turn the alternate one off: as it is, it changes nothing";
        (alternate?.at, message, help)
    } else if instance.kind.value == Kind::Production && (!is_blank || alternate.is_none()) {
        let message = format!(
            "{name} is a production instance and reads recommendations from another data space"
        );
        let help = "turn the alternate data space off in production: it is for test instances without visitors, and here customers are shown what others bought elsewhere";
        (switch.at, message, help)
    } else if is_blank && instance.opaque.is_empty() && alternate.is_some() {
        let message = format!("the alternate data space of {name} is turned on and blank");
        let help = "name the data space that recommendations are to be read from, or turn the alternate one off";
        (switch.at, message, help)
    } else {
        return None;
    };
    let finding =
        Finding::new(at, message).label("turned on").help(help).of([instance.name.clone()]);
    let beside = alternate.filter(|setting| setting.at != at);
    Some(match beside {
        Some(setting) => finding.see(setting.at, "the alternate data space"),
        None if at == switch.at => finding,
        None => finding.label("the same as its own"),
    })
}
