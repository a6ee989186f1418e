//! How installations that share a data space come apart again.

use std::collections::BTreeMap;

use super::wording::{list, names, quoted};
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::Parameter;

/// What parts those that share one: who came to it leaves it again, and else all but production move. `former` are the data spaces
/// that instances had before the change.
#[must_use]
pub fn help(users: &[&Instance], former: &BTreeMap<&str, String>) -> Option<String> {
    let harm = "until then they write into each other's catalog, which Adobe's support alone can part again";
    let came = |user: &&Instance| former.contains_key(user.name.as_str());
    let (newcomers, others): (Vec<&Instance>, Vec<&Instance>) =
        users.iter().partition(|user| came(user));
    if !newcomers.is_empty() && !others.is_empty() {
        let before = newcomers.iter().filter_map(|user| former.get(user.name.as_str()));
        let (back, others) = (list(before.map(|id| quoted(id))), names(&others));
        let what = names(&newcomers);
        return Some(format!(
            "put the data space of {what} back, {back}: {others} had this one before; {harm}"
        ));
    }
    let production = users.iter().find(|user| user.kind.value == Kind::Production);
    let kept = production.or(users.first())?;
    let movable: Vec<&Instance> =
        users.iter().copied().filter(|user| user.same_as != kept.same_as).collect();
    Some(format!(
        "create a data space for {} in the Admin (Stores > Configuration > Services > Commerce Services Connector) and set its id at `{}`: {harm}; \
         if these are one installation, declare it with `same-as` in commerce-lint.toml",
        names(&movable),
        Parameter::DataSpace.path(),
    ))
}
