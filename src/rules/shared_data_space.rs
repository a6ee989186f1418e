//! See `rules/shared-data-space.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::keys::former_data_spaces;
use super::parting::help;
use super::users::{is_inherited, users_of_each};
use super::wording::names;
use crate::model::instance::{Instance, Kind};
use crate::model::inventory::Space;
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// Two instances end up with one data space.
pub struct SharedDataSpace;

impl Check for SharedDataSpace {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let former = former_data_spaces(cx);
        for (id, users) in users_of_each(cx) {
            let installations: BTreeSet<&String> =
                users.iter().map(|(instance, _)| &instance.same_as).collect();
            if installations.len() > 1 {
                findings.extend(finding(&id, &users, &former));
            }
        }
    }
}

fn finding(
    id: &str,
    owned: &[(&Instance, Space)],
    former: &BTreeMap<&str, String>,
) -> Option<Finding> {
    let mut places: BTreeMap<Location, Vec<&Instance>> = BTreeMap::new();
    for (instance, space) in owned {
        places.entry(space.at).or_default().push(instance);
    }
    let users: Vec<&Instance> = owned.iter().map(|(instance, _)| *instance).collect();
    let decided: BTreeSet<Location> =
        owned.iter().filter(|(_, space)| !space.is_certain).map(|(_, space)| space.at).collect();
    let mut places: Vec<(Location, Vec<&Instance>)> = places.into_iter().collect();
    let came = |user: &&Instance| former.contains_key(user.name.as_str());
    // The place to mend comes first: who has come leaves, and else production keeps its data space.
    places.sort_by_key(|(at, users)| {
        let is_production = users.iter().any(|user| user.kind.value == Kind::Production);
        (!users.iter().any(came), is_production, *at)
    });
    let words = |at: Location, users: &[&Instance]| match users {
        [user] if decided.contains(&at) => format!("`{}` on some path of its code", user.name),
        [user] if !is_inherited(user, at) => format!("used by `{}`", user.name),
        users => format!("inherited by {}", names(users)),
    };
    let (&(at, ref first), others) = places.split_first()?;
    let advice = help(&users, former)?;
    let message =
        format!("data space `{id}` is shared by {} instances: {}", users.len(), names(&users));
    let finding = Finding::new(at, message)
        .label(words(at, first))
        .help(advice)
        .of(users.iter().map(|user| user.name.clone()));
    Some(others.iter().fold(finding, |finding, (at, users)| finding.see(*at, words(*at, users))))
}
