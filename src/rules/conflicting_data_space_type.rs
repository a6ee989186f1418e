//! See `rules/conflicting-data-space-type.md`.

use std::collections::BTreeMap;

use super::data_spaces::is_left_behind;
use super::wording::{names, quoted};
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::Parameter;
use crate::model::setting::Setting;
use crate::rule::{Check, Context, Finding};

/// One data space with two types, or one project with two for production.
pub struct ConflictingDataSpaceType;

struct Typed<'a> {
    space: &'a Setting,
    of_type: &'a Setting,
    users: Vec<&'a Instance>,
}

impl Check for ConflictingDataSpaceType {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut spaces: BTreeMap<String, BTreeMap<String, Typed<'_>>> = BTreeMap::new();
        let mut projects: BTreeMap<String, BTreeMap<String, Typed<'_>>> = BTreeMap::new();
        for instance in &cx.now.instances {
            let in_force = |parameter| cx.now.in_force(instance, parameter);
            let both = in_force(Parameter::DataSpace).zip(in_force(Parameter::DataSpaceType));
            let both = both.filter(|(space, of_type)| !is_left_behind(instance, of_type, space));
            let (Some(id), Some((space, of_type))) = (cx.now.data_space(instance), both) else {
                continue;
            };
            let Some(word) = of_type.value.literal().map(|text| text.trim().to_lowercase()) else {
                continue;
            };
            let new = || Typed { space, of_type, users: Vec::new() };
            let project = cx.now.literal(instance, Parameter::Project);
            if let Some(project) = project
                .filter(|_| word == "production" && instance.kind.value != Kind::NonProduction)
            {
                let of_project = projects.entry(project.trim().to_lowercase()).or_default();
                of_project.entry(id.clone()).or_insert_with(new).users.push(instance);
            }
            spaces.entry(id).or_default().entry(word).or_insert_with(new).users.push(instance);
        }
        for (id, types) in spaces.into_iter().filter(|(_, types)| types.len() > 1) {
            let message = format!("data space {} is set with {} types", quoted(&id), types.len());
            let help = "a data space has the type that it was made with: look it up in the Admin and set the same everywhere";
            findings.extend(finding(types.into_values().collect(), message, help, |typed| {
                typed.of_type
            }));
        }
        for (project, spaces) in projects.into_iter().filter(|(_, spaces)| spaces.len() > 1) {
            let message = format!(
                "project {} has {} data spaces of type Production",
                quoted(&project),
                spaces.len()
            );
            let help = "a project has one data space for production unless Adobe's support made more: make sure that the type is right here, or accept this with a waiver";
            findings.extend(finding(spaces.into_values().collect(), message, help, |typed| {
                typed.space
            }));
        }
    }
}

fn finding<'a>(
    mut all: Vec<Typed<'a>>,
    message: String,
    help: &str,
    place: fn(&Typed<'a>) -> &'a Setting,
) -> Option<Finding> {
    all.sort_by_key(|typed| (typed.users.len(), typed.space.at));
    let first = all.first()?;
    let users = all.iter().flat_map(|typed| typed.users.iter().map(|user| user.name.clone()));
    let label = format!("of {}", names(&first.users));
    let finding = Finding::new(first.space.at, message).label(label).help(help).of(users);
    let others = all.iter().map(|typed| (place(typed).at, format!("of {}", names(&typed.users))));
    let others = others.filter(|(at, _)| *at != first.space.at);
    Some(others.fold(finding, |finding, (at, words)| finding.see(at, words)))
}
