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
    // Production is never moved, and what may be production is not where another is certainly none.
    let is = |kind: Kind| users.iter().copied().filter(move |user| user.kind.value == kind);
    let production: Vec<&Instance> = is(Kind::Production).collect();
    let kept = production.first().copied();
    let kept = kept.or_else(|| is(Kind::Unknown).next()).or(users.first().copied())?;
    let mut movable: Vec<&Instance> = users
        .iter()
        .copied()
        .filter(|user| user.same_as != kept.same_as && user.kind.value != Kind::Production)
        .collect();
    if movable.iter().any(|user| user.kind.value == Kind::NonProduction) {
        movable.retain(|user| user.kind.value == Kind::NonProduction);
    }
    let declare = "if these are one installation, declare it with `same-as` in commerce-lint.toml";
    if movable.is_empty() {
        let none = if production.len() == 2 { "neither" } else { "none of them" };
        return Some(format!(
            "{} are production, and {none} is safe to move: find out whose data it is, and ask Adobe's support to part them; {harm}; \
             {declare}, and what is a copy or a test with `kind = \"non-production\"`",
            names(&production)
        ));
    }
    let (what, whose) = if movable.len() > 1 {
        ("a data space of its own for each of", "the id of each")
    } else {
        ("a data space for", "its id")
    };
    Some(format!(
        "create {what} {} in the Admin (Stores > Configuration > Services > Commerce Services Connector) and set {whose} at `{}`: {harm}; \
         {declare}",
        names(&movable),
        Parameter::DataSpace.path(),
    ))
}
