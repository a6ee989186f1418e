//! See `rules/competing-key-pairs.md`.

use std::collections::BTreeMap;

use super::wording::{list, quoted};
use crate::model::instance::{Evidence, Instance};
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::{Setting, Value};
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
            for (account, instances) in &accounts {
                findings.extend(across_instances(cx, key, account, instances));
                instances
                    .iter()
                    .for_each(|instance| findings.extend(across_layers(cx, key, instance)));
            }
        }
    }
}

/// What tells two known values apart; none for what is not known.
fn known(value: &Value) -> Option<String> {
    match value {
        Value::Literal(text) => Some(text.trim().to_owned()),
        Value::Secret(fingerprint) => Some(fingerprint.to_string()),
        _ => None,
    }
}

fn across_instances(
    cx: &Context<'_>,
    key: Parameter,
    account: &str,
    instances: &[&Instance],
) -> Option<Finding> {
    let mut places: Vec<(String, &Setting, Vec<String>)> = Vec::new();
    for instance in instances {
        let Some(setting) = cx.now.in_force(instance, key) else { continue };
        let Some(value) = known(&setting.value) else { continue };
        match places.iter_mut().find(|(_, other, _)| other.at == setting.at) {
            Some((_, _, users)) => users.push(quoted(&instance.name)),
            None => places.push((value, setting, vec![quoted(&instance.name)])),
        }
    }
    let mut values: Vec<&String> = places.iter().map(|(value, ..)| value).collect();
    values.sort_unstable();
    values.dedup();
    let ((_, first, first_users), others) =
        (values.len() > 1).then(|| places.split_first()).flatten()?;
    let owner = match instances.first().map(|instance| instance.account.evidence) {
        Some(Evidence::Declared) => format!("in account `{account}`"),
        Some(Evidence::Project) => format!("in project `{account}`"),
        _ => format!("among {}", list(places.iter().flat_map(|(.., users)| users.clone()))),
    };
    let message = format!("`{}` has {} different values {owner}", key.name(), values.len());
    let help = "one key pair per slot can be active: keep the one that your Adobe account shows and put it everywhere, or declare two \
                accounts with `account` in commerce-lint.toml";
    let names = instances.iter().map(|instance| instance.name.clone());
    let finding = Finding::new(first.at, message)
        .label(format!("in force in {}", list(first_users.clone())))
        .help(help)
        .of(names);
    Some(others.iter().fold(finding, |finding, (value, setting, users)| {
        let same =
            if Some(value) == known(&first.value).as_ref() { "the same in" } else { "another in" };
        finding.see(setting.at, format!("{same} {}", list(users.clone())))
    }))
}

fn across_layers(cx: &Context<'_>, key: Parameter, instance: &Instance) -> Option<Finding> {
    let resolved = instance.settings.get(&key)?;
    let winner = cx.now.setting(resolved.winner);
    let value = known(&winner.value)?;
    let losers = resolved.overridden.iter().map(|&id| cx.now.setting(id)).filter(|loser| {
        loser.carrier.layer() != winner.carrier.layer()
            && known(&loser.value).is_some_and(|other| other != value)
    });
    let losers: Vec<&Setting> = losers.collect();
    losers.first()?;
    let message = format!(
        "`{}` of `{}` is set to different values in {} layers",
        key.name(),
        instance.name,
        losers.len() + 1
    );
    let finding = Finding::new(winner.at, message)
        .label("this one wins")
        .help("remove the value that loses, so that nobody rotates the wrong one")
        .of([instance.name.clone()]);
    Some(losers.into_iter().fold(finding, |finding, loser| finding.see(loser.at, "overridden")))
}
