//! See `rules/same-key-in-both-slots.md`.

use std::collections::BTreeMap;

use super::places::known;
use super::wording::names;
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Setting;
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// One key for sandbox and production.
pub struct SameKeyInBothSlots;

impl Check for SameKeyInBothSlots {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut places: BTreeMap<(Location, Location), (&Setting, Vec<&Instance>)> =
            BTreeMap::new();
        for instance in &cx.now.instances {
            // The private key says more: where it is the same, so is the pair.
            for half in [Parameter::PrivateKey, Parameter::ApiKey] {
                let [production, sandbox] =
                    Slot::ALL.map(|slot| cx.now.in_force(instance, half(slot)));
                let Some((production, sandbox)) = production.zip(sandbox) else { continue };
                let same =
                    |setting: &Setting| known(&setting.value).map(|text| text.to_lowercase());
                if same(production).is_some() && same(production) == same(sandbox) {
                    let place = (sandbox.at, production.at);
                    places.entry(place).or_insert((sandbox, Vec::new())).1.push(instance);
                    break;
                }
            }
        }
        for ((at, other), (setting, users)) in places {
            let what = if setting.parameter.is_secret() { "private key" } else { "api key" };
            let has = if users.len() == 1 { "has" } else { "have" };
            let message = format!("{} {has} one {what} for sandbox and production", names(&users));
            let finding = Finding::new(at, message)
                .label("the same in both")
                .see(other, "the other slot")
                .help("put each pair of your Adobe account into its own slot: one of the two is in the wrong place, and with it the instance reaches the wrong services or none")
                .of(users.iter().map(|user| user.name.clone()));
            findings.push(finding);
        }
    }
}
