//! See `rules/incomplete-key-pair.md`.

use std::collections::BTreeSet;

use super::key_pairs::{Half, elsewhere, is_half, shown, uses_key_pairs};
use super::otherwise::is_given_otherwise;
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
        let (shown, elsewhere) = (shown(cx), elsewhere(cx));
        for slot in Slot::ALL {
            let (public, private) = (Parameter::ApiKey(slot), Parameter::PrivateKey(slot));
            for (half, other) in [(public, private), (private, public)] {
                for (setting, mut users) in in_force(cx, &instances, half) {
                    users.retain(|user| {
                        let is_elsewhere = elsewhere.contains(&(&*user.same_as, other));
                        !is_elsewhere && belongs_here(cx, user, other, &shown)
                    });
                    if is_half(half, &setting.value) && !users.is_empty() {
                        findings.push(finding(cx, setting.at, (half, other), &users));
                    }
                }
            }
        }
    }
}

/// Whether the tree itself shows that the missing half belongs there: it is blank, the other slot is whole, or a sibling brings it.
fn belongs_here(
    cx: &Context<'_>,
    instance: &Instance,
    missing: Parameter,
    shown: &BTreeSet<Half<'_>>,
) -> bool {
    let has = |half| cx.now.in_force(instance, half).is_some_and(|set| set.value.is_present());
    let is_whole = |slot| has(Parameter::ApiKey(slot)) && has(Parameter::PrivateKey(slot));
    let is_shown = shown.contains(&(&*instance.account.value, missing));
    let is_wanted = is_shown || Slot::ALL.into_iter().any(is_whole);
    let is_blank = cx.now.in_force(instance, missing).is_some();
    is_blank || is_wanted && !is_given_otherwise(cx, instance, missing)
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
        "set `{}` next to it, by reference to a secret store if it is private: with half a pair Adobe's services refuse the instance",
        other.path()
    );
    let finding = Finding::new(at, message)
        .label("half a pair")
        .help(help)
        .of(instances.iter().map(|instance| instance.name.clone()));
    blank.into_iter().fold(finding, |finding, blank| finding.see(blank.at, "left blank"))
}
