//! See `rules/mismatched-key-pair.md`.

use std::collections::BTreeMap;

use super::places::known;
use super::wording::{names, quoted};
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Setting;
use crate::rule::{Check, Context, Finding};

/// One half of a pair with two others.
pub struct MismatchedKeyPair;

/// The halves that a half stands with, by what tells them apart, each with its places and instances.
type Partners<'a> = BTreeMap<String, (&'a Setting, Vec<&'a Instance>)>;

impl Check for MismatchedKeyPair {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut api: BTreeMap<String, Partners<'_>> = BTreeMap::new();
        let mut private: BTreeMap<String, Partners<'_>> = BTreeMap::new();
        for instance in &cx.now.instances {
            for slot in Slot::ALL {
                let key = |parameter| {
                    let setting = cx.now.in_force(instance, parameter)?;
                    Some((known(&setting.value)?.to_lowercase(), setting))
                };
                let both = key(Parameter::ApiKey(slot)).zip(key(Parameter::PrivateKey(slot)));
                let Some(((public, public_at), (secret, secret_at))) = both else { continue };
                let users = api.entry(public.clone()).or_default().entry(secret.clone());
                users.or_insert((secret_at, Vec::new())).1.push(instance);
                let users = private.entry(secret).or_default().entry(public);
                users.or_insert((public_at, Vec::new())).1.push(instance);
            }
        }
        for (all, what) in
            [(api, "one api key stands with"), (private, "one private key stands with")]
        {
            findings.extend(
                all.into_values()
                    .filter(|others| others.len() > 1)
                    .filter_map(|others| finding(others, what)),
            );
        }
    }
}

fn finding(others: Partners<'_>, what: &str) -> Option<Finding> {
    let mut others: Vec<_> = others.into_values().collect();
    others.sort_by_key(|(setting, users)| (users.len(), setting.at));
    let (first, users) = others.first()?;
    let kind = if first.parameter.is_secret() { "private keys" } else { "api keys" };
    let message = format!("{what} {} {kind}, here that of {}", others.len(), names(users));
    let all = others.iter().flat_map(|(_, users)| users).map(|user| user.name.clone());
    let finding = Finding::new(first.at, message)
        .label("of another pair")
        .help("take both halves from one pair of your Adobe account: with the halves of two, Adobe's services refuse the instance")
        .of(all.collect::<std::collections::BTreeSet<_>>());
    Some(others.iter().skip(1).fold(finding, |finding, (setting, users)| {
        finding.see(
            setting.at,
            format!(
                "that of {}",
                users.first().map_or_else(String::new, |user| quoted(&user.name))
            ),
        )
    }))
}
