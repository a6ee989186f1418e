//! Data spaces and their types.

use std::collections::{BTreeMap, BTreeSet};

use super::users::is_inherited;
use crate::model::instance::{Evidence, Instance, Kind};
use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, Value};
use crate::rule::Context;
use crate::source::Location;

/// A data space of a type.
pub struct Typed<'a> {
    /// Where the data space is named, since it is what is to be changed; where nothing here names it, its type.
    pub at: Location,
    /// What says its type.
    pub of_type: &'a Setting,
    /// Who uses it.
    pub users: Vec<&'a Instance>,
}

/// The data spaces of a type among the instances of a kind.
#[must_use]
pub fn typed<'a>(cx: &Context<'a>, kind: Kind, wanted: &str) -> Vec<Typed<'a>> {
    let mut places: BTreeMap<Location, Typed<'_>> = BTreeMap::new();
    // A kind that was read off the type itself cannot contradict it, and a type says more than what is left when others are known.
    let is_of_kind = |instance: &&Instance| {
        let is_weak =
            matches!(instance.kind.evidence, Evidence::DataSpaceType | Evidence::Elimination);
        instance.kind.value == kind && !is_weak
    };
    for instance in cx.now.instances.iter().filter(is_of_kind) {
        let Some(of_type) = cx.now.in_force(instance, Parameter::DataSpaceType) else { continue };
        let text = of_type.value.literal().unwrap_or_default();
        let space = cx.now.in_force(instance, Parameter::DataSpace);
        // Without a data space its type means nothing, and one beneath says nothing of the instance's own.
        let is_other = space.is_some_and(|space| {
            space.value == Value::Blank || is_left_behind(instance, of_type, space)
        });
        if text.trim().eq_ignore_ascii_case(wanted) && !is_other {
            let at = space.map_or(of_type.at, |space| space.at);
            let found = places.entry(at).or_insert(Typed { at, of_type, users: Vec::new() });
            found.users.push(instance);
        }
    }
    places.into_values().collect()
}

/// Whether what goes along with a value is inherited, and the value is not: it is another's.
#[must_use]
pub fn is_left_behind(instance: &Instance, companion: &Setting, value: &Setting) -> bool {
    is_inherited(instance, companion.at) && !is_inherited(instance, value.at)
}

/// The data spaces that several installations have: `shared-data-space` says so.
#[must_use]
pub fn of_several(cx: &Context<'_>) -> BTreeSet<String> {
    let mut users: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for user in &cx.now.instances {
        if let Some(space) = cx.now.data_space(user) {
            users.entry(space).or_default().insert(&user.same_as);
        }
    }
    users.into_iter().filter(|(_, users)| users.len() > 1).map(|(space, _)| space).collect()
}

/// Where a data space goes that all branches inherit from one checkout.
#[must_use]
pub fn of_an_environment() -> String {
    let variable = Parameter::DataSpace.path().to_uppercase().replace('/', "__");
    format!(
        "take it out and set it as a variable of the one environment that it belongs to, which no other inherits \
         (`env:CONFIG__DEFAULT__{variable}`); `branch = \"…\"` under `[instances.<name>]` in commerce-lint.toml says which environment is \
         which branch"
    )
}
