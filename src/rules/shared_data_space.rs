//! See `rules/shared-data-space.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::wording::{list, quoted};
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::Parameter;
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// Two instances end up with one data space.
pub struct SharedDataSpace;

impl Check for SharedDataSpace {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut users: BTreeMap<String, Vec<&Instance>> = BTreeMap::new();
        for instance in &cx.now.instances {
            let own: BTreeSet<String> = cx.now.data_spaces(instance).map(|(id, _)| id).collect();
            for id in own {
                users.entry(id).or_default().push(instance);
            }
        }
        for (id, users) in users {
            let installations: BTreeSet<&String> =
                users.iter().map(|instance| &instance.same_as).collect();
            if installations.len() > 1 {
                findings.extend(finding(cx, &id, &users));
            }
        }
    }
}

fn finding(cx: &Context<'_>, id: &str, users: &[&Instance]) -> Option<Finding> {
    let mut places: BTreeMap<Location, Vec<&Instance>> = BTreeMap::new();
    for instance in users {
        let (_, setting) = cx.now.data_spaces(instance).find(|(own, _)| own == id)?;
        places.entry(setting.at).or_default().push(instance);
    }
    let mut places: Vec<(Location, Vec<&Instance>)> = places.into_iter().collect();
    // The place to mend comes first: production keeps its data space.
    places.sort_by_key(|(at, users)| {
        (users.iter().any(|user| user.kind.value == Kind::Production), *at)
    });
    let names = |users: &[&Instance]| list(users.iter().map(|user| quoted(&user.name)));
    let inherits = |user: &Instance, at: Location| {
        user.feeds.iter().any(|feed| feed.source == at.source && feed.inherited)
    };
    let words = |at: Location, users: &[&Instance]| match users {
        [user] if !inherits(user, at) => format!("used by `{}`", user.name),
        users => format!("inherited by {}", names(users)),
    };
    let (&(at, ref first), others) = places.split_first()?;
    let production = users.iter().find(|user| user.kind.value == Kind::Production);
    let kept = production.or(users.first())?;
    let movable: Vec<&Instance> =
        users.iter().copied().filter(|user| user.same_as != kept.same_as).collect();
    let help = format!(
        "create a data space for {} in the Admin (Stores > Configuration > Services > Commerce Services Connector) and set its id at `{}`: until then they \
         write into each other's catalog, which Adobe's support alone can part again; if these are one installation, declare it with `same-as` in commerce-lint.toml",
        names(&movable),
        Parameter::DataSpace.path(),
    );
    let message =
        format!("data space `{id}` is shared by {} instances: {}", users.len(), names(users));
    let finding = Finding::new(at, message)
        .label(words(at, first))
        .help(help)
        .of(users.iter().map(|user| user.name.clone()));
    Some(others.iter().fold(finding, |finding, (at, users)| finding.see(*at, words(*at, users))))
}
