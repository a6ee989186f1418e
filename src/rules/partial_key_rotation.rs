//! See `rules/partial-key-rotation.md`.

use std::collections::BTreeMap;

use super::changes::pairs::pairs;
use super::changes::told::{grouped, instances, see_once};
use super::changes::{Change, change, folded};
use super::wording::names;
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Setting;
use crate::rule::{Check, Context, Finding};

/// A key changes in some instances of an account, and the others keep the old one.
pub struct PartialKeyRotation;

impl Check for PartialKeyRotation {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let pairs = pairs(cx);
        // The account as it was: a project that changes as well makes no other account of an instance.
        let accounts: BTreeMap<&str, &str> = pairs
            .iter()
            .filter_map(|pair| Some((pair.now?.name.as_str(), pair.before.account.value.as_str())))
            .collect();
        let account = |of: &Instance| {
            accounts.get(of.name.as_str()).copied().unwrap_or(&of.account.value).to_owned()
        };
        for slot in Slot::ALL {
            for key in [Parameter::ApiKey(slot), Parameter::PrivateKey(slot)] {
                let mut rotated: BTreeMap<&str, Vec<Change<'_>>> = BTreeMap::new();
                let changes = pairs.iter().filter_map(|&pair| change(cx, pair, key));
                for change in changes.filter(Change::is_to_another) {
                    rotated.entry(&change.pair.before.account.value).or_default().push(change);
                }
                for (owner, changes) in rotated {
                    let of_account =
                        cx.now.instances.iter().filter(|instance| account(instance) == owner);
                    let of_account: Vec<&Instance> = of_account.collect();
                    let facts = grouped(changes);
                    findings.extend(facts.iter().filter_map(|fact| partial(cx, fact, &of_account)));
                }
            }
        }
    }
}

/// The instances whose key is still the one that changed elsewhere.
fn partial(cx: &Context<'_>, changes: &[Change<'_>], account: &[&Instance]) -> Option<Finding> {
    let first = changes.first()?;
    let (key, old) = (first.before.parameter, folded(first.before)?);
    let kept: Vec<(&Instance, &Setting)> = account
        .iter()
        .filter_map(|&instance| Some((instance, cx.now.in_force(instance, key)?)))
        .filter(|(_, setting)| folded(setting).as_ref() == Some(&old))
        .collect();
    let &(_, place) = kept.first()?;
    let (rotated, behind) = (instances(changes), kept.iter().map(|(instance, _)| *instance));
    let behind: Vec<&Instance> = behind.collect();
    let message =
        format!("`{}` changed in {}, but not in {}", key.name(), names(&rotated), names(&behind));
    let help = "put the new key here as well: once the old pair is gone, Adobe's services refuse the instances that still send it";
    let all = rotated.iter().chain(&behind).map(|instance| instance.name.clone());
    let finding = Finding::new(place.at, message).label("still the old key").help(help).of(all);
    let finding = kept
        .iter()
        .fold(finding, |finding, (_, kept)| see_once(finding, kept.at, "still the old key"));
    Some(changes.iter().fold(finding, |finding, change| {
        let finding = see_once(finding, change.at, "the new key");
        see_once(finding, change.before.at, "before")
    }))
}
