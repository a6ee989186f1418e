//! See `rules/competing-key-pairs.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::api_keys;
use super::key_pairs::value_of;
use super::places::in_force;
use super::wording::names;
use crate::model::instance::{Evidence, Instance};
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Setting;
use crate::rule::{Check, Context, Finding};

/// Two values in force for one key of an account, or in two layers of one instance.
pub struct CompetingKeyPairs;

impl Check for CompetingKeyPairs {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut accounts: BTreeMap<&str, Vec<&Instance>> = BTreeMap::new();
        for instance in &cx.now.instances {
            accounts.entry(&instance.account.value).or_default().push(instance);
        }
        let keys = Slot::ALL
            .into_iter()
            .flat_map(|slot| [Parameter::ApiKey(slot), Parameter::PrivateKey(slot)]);
        for key in keys {
            for instances in accounts.values() {
                findings.extend(across_instances(cx, key, instances));
                findings.extend(instances.iter().filter_map(|of| across_layers(cx, key, of)));
            }
        }
    }
}

fn across_instances(cx: &Context<'_>, key: Parameter, instances: &[&Instance]) -> Option<Finding> {
    let in_force = in_force(cx, instances, key).into_iter();
    let mut places: Vec<(String, &Setting, Vec<&Instance>)> = in_force
        .filter_map(|(setting, users)| Some((value_of(key, &setting.value)?, setting, users)))
        .collect();
    api_keys::leave_out_cut(&mut places, |(value, ..)| value);
    let values: BTreeSet<&String> = places.iter().map(|(value, ..)| value).collect();
    let ((value, first, users), others) = places.split_first().filter(|_| values.len() > 1)?;
    let account = &instances.first()?.account;
    let owner = match account.evidence {
        Evidence::Declared => format!("in account `{}`", account.value),
        Evidence::Project => format!("in project `{}`", account.value),
        _ => format!("among {}", names(places.iter().flat_map(|(.., users)| users))),
    };
    let message = format!("`{}` has {} different values {owner}", key.name(), values.len());
    let help = "keep the one that your Adobe account shows and put it everywhere: one key pair per slot is active, and Adobe's services \
                refuse an instance that sends another; or declare two accounts with `account` in commerce-lint.toml";
    let finding = Finding::new(first.at, message)
        .label(format!("in force in {}", names(users)))
        .help(help)
        .of(instances.iter().map(|instance| instance.name.clone()));
    Some(others.iter().fold(finding, |finding, (other, setting, users)| {
        let same = if other == value { "the same in" } else { "another in" };
        finding.see(setting.at, format!("{same} {}", names(users)))
    }))
}

fn across_layers(cx: &Context<'_>, key: Parameter, instance: &Instance) -> Option<Finding> {
    let resolved = instance.settings.get(&key)?;
    let winner = cx.now.setting(resolved.winner);
    let value = value_of(key, &winner.value)?;
    let mut losers: Vec<&Setting> =
        resolved.overridden.iter().map(|&id| cx.now.setting(id)).collect();
    losers.retain(|loser| {
        loser.carrier.layer() != winner.carrier.layer()
            && value_of(key, &loser.value).is_some_and(|other| other != value)
    });
    let (name, layers) = (key.name(), losers.first().map(|_| losers.len() + 1)?);
    let message =
        format!("`{name}` of `{}` is set to different values in {layers} layers", instance.name);
    let finding = Finding::new(winner.at, message)
        .label("this one wins")
        .help("remove the value that loses, so that nobody rotates the wrong one")
        .of([instance.name.clone()]);
    Some(losers.into_iter().fold(finding, |finding, loser| finding.see(loser.at, "overridden")))
}
