//! See `rules/keys-without-project.md`.

use std::collections::BTreeMap;

use super::key_pairs::uses_key_pairs;
use super::otherwise::is_given_otherwise;
use super::places::with_other_names;
use super::wording::quoted;
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Setting;
use crate::rule::{Check, Context, Finding};

const IDENTIFIERS: [Parameter; 2] = [Parameter::DataSpace, Parameter::Project];

/// A whole key pair, and nothing that says where to go with it.
pub struct KeysWithoutProject;

impl Check for KeysWithoutProject {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        // Who brings keys and data space together, by the way in which the keys come.
        let mut models: BTreeMap<_, &Instance> = BTreeMap::new();
        for instance in &cx.now.instances {
            if let (Some(pair), true) = (pair(cx, instance), is_connected(cx, instance)) {
                models.entry((instance.account.value.clone(), pair.carrier)).or_insert(instance);
            }
        }
        let twofold = with_other_names(cx);
        for instance in cx.now.instances.iter().filter(|instance| instance.opaque.is_empty()) {
            let is_free = !is_connected(cx, instance) && uses_key_pairs(cx, instance);
            let pair = pair(cx, instance);
            let Some(pair) = pair.filter(|_| is_free && !twofold.contains(&*instance.same_as))
            else {
                continue;
            };
            let model = models.get(&(instance.account.value.clone(), pair.carrier));
            findings.extend(model.and_then(|model| finding(cx, instance, pair, model)));
        }
    }
}

fn finding(
    cx: &Context<'_>,
    instance: &Instance,
    pair: &Setting,
    model: &Instance,
) -> Option<Finding> {
    let (name, other) = (quoted(&instance.name), quoted(&model.name));
    let message = format!("{name} has keys, but neither a project nor a data space");
    let [space, project] = IDENTIFIERS.map(Parameter::path);
    let help = format!(
        "set `{project}` and `{space}` for {name} as for {other}, or take the keys out: without them no service knows whose data to use"
    );
    let mut beside = IDENTIFIERS.iter().filter_map(|&parameter| cx.now.in_force(model, parameter));
    let finding = Finding::new(pair.at, message).label("a whole pair").help(help);
    Some(finding.of([instance.name.clone()]).see(beside.next()?.at, format!("set for {other}")))
}

/// The api key of a pair of which both halves are there.
fn pair<'a>(cx: &Context<'a>, instance: &Instance) -> Option<&'a Setting> {
    let is_there = |parameter| {
        cx.now.in_force(instance, parameter).filter(|setting| setting.value.is_present())
    };
    Slot::ALL.into_iter().find_map(|slot| {
        is_there(Parameter::PrivateKey(slot))?;
        is_there(Parameter::ApiKey(slot))
    })
}

/// Whether something says the project or the data space, or may; a blank says that none is meant.
fn is_connected(cx: &Context<'_>, instance: &Instance) -> bool {
    IDENTIFIERS.iter().any(|&parameter| {
        let is_set = cx.now.in_force(instance, parameter).is_some();
        is_set || is_given_otherwise(cx, instance, parameter)
    })
}
