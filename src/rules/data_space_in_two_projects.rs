//! See `rules/data-space-in-two-projects.md`.

use std::collections::BTreeMap;

use super::wording::{list, names, quoted};
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::setting::Setting;
use crate::model::uuid::fold_uuid;
use crate::rule::{Check, Context, Finding};

/// One data space under two projects.
pub struct DataSpaceInTwoProjects;

/// A data space and a project that are said to belong together, and in which instances.
struct Pair<'a> {
    space: &'a Setting,
    project: &'a Setting,
    users: Vec<&'a Instance>,
}

impl Check for DataSpaceInTwoProjects {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut spaces: BTreeMap<String, BTreeMap<String, Pair<'_>>> = BTreeMap::new();
        for instance in &cx.now.instances {
            for (space, project) in pairs(cx, instance) {
                let known = space.value.literal().and_then(fold_uuid).zip(project.value.literal());
                let Some((id, text)) = known else { continue };
                let projects = spaces.entry(id).or_default();
                let new = Pair { space, project, users: Vec::new() };
                let pair = projects.entry(text.trim().to_lowercase()).or_insert(new);
                if pair.users.last().is_none_or(|last| last.name != instance.name) {
                    pair.users.push(instance);
                }
            }
        }
        for (id, projects) in spaces.into_iter().filter(|(_, projects)| projects.len() > 1) {
            findings.extend(finding(&id, projects.into_values().collect()));
        }
    }
}

/// What is in force, and what one file says together although a higher layer overrides a part of it.
fn pairs<'a>(cx: &Context<'a>, instance: &'a Instance) -> Vec<(&'a Setting, &'a Setting)> {
    let all = |parameter: Parameter| {
        let found = instance.settings.get(&parameter).into_iter();
        found.flat_map(|found| std::iter::once(&found.winner).chain(&found.overridden))
    };
    let all = |parameter| all(parameter).map(|&id| cx.now.setting(id)).collect::<Vec<_>>();
    let (spaces, projects) = (all(Parameter::DataSpace), all(Parameter::Project));
    let mut pairs: Vec<_> =
        spaces.first().copied().zip(projects.first().copied()).into_iter().collect();
    let place = |setting: &Setting| (setting.at.source, setting.carrier);
    let by_place: BTreeMap<_, &Setting> =
        projects.iter().rev().map(|project| (place(project), *project)).collect();
    let together = |space: &&'a Setting| Some((*space, *by_place.get(&place(space))?));
    pairs.extend(spaces.iter().filter_map(together));
    pairs
}

fn finding(id: &str, mut pairs: Vec<Pair<'_>>) -> Option<Finding> {
    pairs.sort_by_key(|pair| (pair.users.len(), pair.space.at, pair.project.at));
    let first = pairs.first()?;
    let text = |pair: &Pair<'_>| quoted(pair.project.value.literal().unwrap_or_default().trim());
    let message = format!(
        "data space `{id}` is set under {} projects: {}",
        pairs.len(),
        list(pairs.iter().map(text))
    );
    let all = pairs.iter().flat_map(|pair| &pair.users).map(|user| user.name.clone());
    let finding = Finding::new(first.space.at, message)
        .label("belongs to one project")
        .help("look up in the Admin which project the data space belongs to and set that one: the services of an instance with another project do not find its data")
        .of(all.collect::<std::collections::BTreeSet<_>>());
    Some(pairs.iter().fold(finding, |finding, pair| {
        finding.see(pair.project.at, format!("project of {}", names(&pair.users)))
    }))
}
