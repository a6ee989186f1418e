//! Data spaces that stand in where nothing sets one: `${DATA_SPACE:-…}`.

use std::collections::{BTreeMap, BTreeSet};

use super::wording::{names, quoted};
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::setting::Setting;
use crate::model::uuid::fold_uuid;
use crate::rule::{Context, Finding};
use crate::source::Location;

/// What is wrong with the defaults that several instances fall back to.
pub fn findings(cx: &Context<'_>) -> Vec<Finding> {
    users(cx).into_iter().filter_map(|(id, users)| finding(&id, &users)).collect()
}

/// The instances that end up with each data space where nothing sets another: each with the place of the default.
fn users<'a>(cx: &Context<'a>) -> BTreeMap<String, Vec<(&'a Instance, Location)>> {
    let mut users: BTreeMap<String, Vec<(&Instance, Location)>> = BTreeMap::new();
    for instance in &cx.now.instances {
        let space = cx.now.in_force(instance, Parameter::DataSpace).and_then(Setting::default);
        if let Some((id, at)) = space.and_then(|(text, at)| Some((fold_uuid(text)?, at))) {
            users.entry(id).or_default().push((instance, at));
        }
    }
    users
}

fn finding(id: &str, users: &[(&Instance, Location)]) -> Option<Finding> {
    let installations: BTreeSet<&str> =
        users.iter().map(|(instance, _)| instance.same_as.as_str()).collect();
    if installations.len() < 2 {
        return None;
    }
    let all: Vec<&Instance> = users.iter().map(|(instance, _)| *instance).collect();
    let message = format!(
        "data space {} stands in wherever nothing sets another: for {}",
        quoted(id),
        names(&all)
    );
    let places: BTreeSet<Location> = users.iter().map(|(_, at)| *at).collect();
    let (first, others) = (places.first()?, places.iter().skip(1));
    let finding = Finding::new(*first, message)
        .label("the default of all")
        .help("take the default out, so that an instance whose own is not set fails instead of mixing its data with another's")
        .of(all.iter().map(|instance| instance.name.clone()));
    Some(others.fold(finding, |finding, at| finding.see(*at, "the same default")))
}
