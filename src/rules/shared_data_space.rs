//! See `rules/shared-data-space.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::keys::former_data_spaces;
use super::parting::help;
use super::wording::names;
use crate::model::instance::{Instance, Kind};
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// Two instances end up with one data space.
pub struct SharedDataSpace;

impl Check for SharedDataSpace {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let former = former_data_spaces(cx);
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
                findings.extend(finding(cx, &id, &users, &former));
            }
        }
    }
}

fn finding(
    cx: &Context<'_>,
    id: &str,
    users: &[&Instance],
    former: &BTreeMap<&str, String>,
) -> Option<Finding> {
    let mut places: BTreeMap<Location, Vec<&Instance>> = BTreeMap::new();
    for instance in users {
        let (_, setting) = cx.now.data_spaces(instance).find(|(own, _)| own == id)?;
        places.entry(setting.at).or_default().push(instance);
    }
    let mut places: Vec<(Location, Vec<&Instance>)> = places.into_iter().collect();
    let came = |user: &&Instance| former.contains_key(user.name.as_str());
    // The place to mend comes first: who has come leaves, and else production keeps its data space.
    places.sort_by_key(|(at, users)| {
        let is_production = users.iter().any(|user| user.kind.value == Kind::Production);
        (!users.iter().any(came), is_production, *at)
    });
    let inherits = |user: &Instance, at: Location| {
        user.feeds.iter().any(|feed| feed.source == at.source && feed.inherited)
    };
    let words = |at: Location, users: &[&Instance]| match users {
        [user] if !inherits(user, at) => format!("used by `{}`", user.name),
        users => format!("inherited by {}", names(users)),
    };
    let (&(at, ref first), others) = places.split_first()?;
    let advice = help(users, former)?;
    let message =
        format!("data space `{id}` is shared by {} instances: {}", users.len(), names(users));
    let finding = Finding::new(at, message)
        .label(words(at, first))
        .help(advice)
        .of(users.iter().map(|user| user.name.clone()));
    Some(others.iter().fold(finding, |finding, (at, users)| finding.see(*at, words(*at, users))))
}
