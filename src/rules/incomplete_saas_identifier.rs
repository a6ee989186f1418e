//! See `rules/incomplete-saas-identifier.md`.

use std::collections::BTreeMap;

use super::otherwise::is_given_otherwise;
use super::places::with_other_names;
use super::wording::quoted;
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Setting, Value};
use crate::rule::{Check, Context, Finding};

/// A data space without its project, or a project without a data space.
pub struct IncompleteSaasIdentifier;

const HALVES: [(Parameter, Parameter); 2] =
    [(Parameter::DataSpace, Parameter::Project), (Parameter::Project, Parameter::DataSpace)];

impl Check for IncompleteSaasIdentifier {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        // Who brings both, by the way in which each half comes.
        let mut whole: BTreeMap<(Parameter, Carrier), &Instance> = BTreeMap::new();
        for instance in &cx.now.instances {
            let [space, project] = HALVES.map(|(half, _)| own(cx, instance, half));
            for setting in
                space.zip(project).into_iter().flat_map(|(space, project)| [space, project])
            {
                whole.entry((setting.parameter, setting.carrier)).or_insert(instance);
            }
        }
        let twofold = with_other_names(cx);
        for instance in cx.now.instances.iter().filter(|instance| instance.opaque.is_empty()) {
            for (half, other) in HALVES {
                let Some(setting) = own(cx, instance, half) else { continue };
                let in_force = cx.now.in_force(instance, other);
                let blank = in_force.filter(|found| found.value == Value::Blank);
                // A blank data space takes an instance out of all data: good where meant.
                let is_cut = blank.is_some() && other == Parameter::Project;
                // A copy of a database brings the project along.
                let is_known =
                    twofold.contains(&*instance.same_as) || cx.now.moves_a_copy(setting.at.source);
                let is_missing =
                    in_force.is_none() && !is_known && !is_given_otherwise(cx, instance, other);
                // Nothing says that what is not in this tree is nowhere, but for the instances beside it.
                let model = whole.get(&(half, setting.carrier));
                let finding = match (model, blank.filter(|_| is_cut)) {
                    (_, Some(blank)) => {
                        finding(setting, instance, other, "blank").see(blank.at, "left blank")
                    }
                    (Some(model), None) if is_missing => {
                        let beside = own(cx, model, other).map_or(setting.at, |setting| setting.at);
                        finding(setting, instance, other, "nowhere")
                            .see(beside, format!("set for {}", quoted(&model.name)))
                    }
                    _ => continue,
                };
                findings.push(finding);
            }
        }
    }
}

/// What an instance's own files set, and no base beneath it.
fn own<'a>(cx: &Context<'a>, instance: &Instance, parameter: Parameter) -> Option<&'a Setting> {
    let setting = cx.now.in_force(instance, parameter)?;
    let is_own =
        instance.feeds.iter().any(|feed| feed.source == setting.at.source && !feed.inherited);
    let is_value = setting.value.literal().is_some() || setting.has_reference();
    (is_own && is_value).then_some(setting)
}

fn finding(setting: &Setting, instance: &Instance, other: Parameter, what: &str) -> Finding {
    let (half, name) = (setting.parameter.name(), quoted(&instance.name));
    let message = format!("`{half}` of {name} is set, but its `{}` is {what}", other.name());
    let help = format!(
        "set `{}` beside it: a data space is found by both, and with one alone the instance is not connected",
        other.path()
    );
    Finding::new(setting.at, message).label("one of two").help(help).of([instance.name.clone()])
}
