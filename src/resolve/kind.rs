//! What an instance is for and who owns its key pairs, each with where that was read from. A guess is called a guess.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::Claim;
use super::words::Words;
use crate::declared::Declared;
use crate::model::instance::{Evidence, Instance, Kind, Read};
use crate::model::parameter::Parameter;
use crate::model::setting::Setting;

/// Reads the kind: declared, else the environment's word, else a data space of type Production.
///
/// `name` is the instance's, which whoever declares it gives it.
#[must_use]
pub fn kind(
    claims: &[Claim],
    declared: Option<&Declared>,
    data_space_type: Option<&str>,
    name: &str,
) -> Read<Kind> {
    if let Some(kind) = declared.and_then(|declared| declared.kind) {
        return Read {
            value: kind,
            evidence: Evidence::Declared,
            said_by: "the configuration".into(),
        };
    }
    let of =
        |is_production: bool| if is_production { Kind::Production } else { Kind::NonProduction };
    let mut words = Words::default();
    words.read(name);
    // Whoever declares an instance names it.
    if let Some(environment) = words.environment.as_ref().filter(|_| declared.is_some()) {
        let said_by = format!("`{}` in the name of the instance", environment.written);
        let value = of(environment.is_production());
        return Read { value, evidence: Evidence::Declared, said_by };
    }
    let said = claims
        .iter()
        .filter_map(|claim| Some((claim.environment.as_ref()?, claim.evidence?, &claim.said_by)));
    if let Some((environment, evidence, said_by)) = said.min_by_key(|(_, evidence, _)| *evidence) {
        return Read { value: of(environment.is_production()), evidence, said_by: said_by.clone() };
    }
    if data_space_type.is_some_and(|text| text.trim().eq_ignore_ascii_case("production")) {
        let said_by = "its data space is of type Production".into();
        return Read { value: Kind::Production, evidence: Evidence::DataSpaceType, said_by };
    }
    Read { value: Kind::Unknown, evidence: Evidence::Nothing, said_by: String::new() }
}

/// Reads the account: declared, else the project, else the identity without its environment, which may be empty.
#[must_use]
pub fn account(
    claims: &[Claim],
    declared: Option<&Declared>,
    project: Option<&str>,
) -> Read<String> {
    if let Some(account) = declared.and_then(|declared| declared.account.clone()) {
        return Read {
            value: account,
            evidence: Evidence::Declared,
            said_by: "the configuration".into(),
        };
    }
    if let Some(project) = project {
        return Read {
            value: project.trim().to_owned(),
            evidence: Evidence::Project,
            said_by: "its project".into(),
        };
    }
    let names = claims.first().map_or_else(String::new, |claim| claim.names.join("-"));
    let (value, said_by) = match names {
        none if none.is_empty() => (none, "no project is known, and nothing names a brand"),
        name => (name, "its name without the environment"),
    };
    Read { value, evidence: Evidence::Path, said_by: said_by.into() }
}

/// The words of an instance's name without the environment, in an order that all files agree on; empty where it has no more.
#[must_use]
pub fn family(claims: &[Claim]) -> String {
    let mut names: Vec<&str> = claims
        .first()
        .map_or_else(Vec::new, |claim| claim.names.iter().map(String::as_str).collect());
    names.sort_unstable();
    names.join("-")
}

/// Whether all that says an environment of an instance begins a longer name with a common word: `local-hero`, `test-kitchen`.
#[must_use]
pub fn may_be_name(claims: &[Claim]) -> bool {
    let mut said = claims.iter().filter_map(|claim| claim.environment.as_ref()).peekable();
    said.peek().is_some() && said.all(|environment| environment.begins.is_some())
}

/// Does not know what instances are for whose environment may be a part of their name, where their data space is of type Production and
/// nothing else is called like the rest of the name: `local-hero` beside no `hero`.
pub fn settle_names(
    instances: &mut [Instance],
    families: &[String],
    named: &[bool],
    settings: &[Setting],
) {
    let mut members: BTreeMap<&String, usize> = BTreeMap::new();
    for family in families {
        *members.entry(family).or_default() += 1;
    }
    let all = instances.iter_mut().zip(families).zip(named);
    for ((instance, family), _) in all.filter(|(_, may_be_name)| **may_be_name) {
        let in_force = instance.settings.get(&Parameter::DataSpaceType).map(|found| found.winner);
        let literal = in_force.and_then(|id| settings.get(id.0 as usize)?.value.literal());
        let is_production =
            literal.is_some_and(|text| text.trim().eq_ignore_ascii_case("production"));
        let is_alone = members.get(family) == Some(&1);
        if is_production && is_alone && instance.kind.evidence != Evidence::Declared {
            let said_by =
                "its name may be a shop's, and its data space is of type Production".into();
            instance.kind = Read { value: Kind::Unknown, evidence: Evidence::Nothing, said_by };
        }
    }
}

/// Takes the one instance of a family for production of which nothing says what it is for, where others of the family are none: people name
/// what is not the shop. Each instance stands beside its family.
pub fn settle_by_elimination(instances: &mut [Instance], families: &[String]) {
    let mut kinds: BTreeMap<&String, Vec<(usize, Kind)>> = BTreeMap::new();
    for (at, (instance, family)) in instances.iter().zip(families).enumerate() {
        kinds.entry(family).or_default().push((at, instance.kind.value));
    }
    for members in kinds.into_values() {
        let is_known = members.iter().any(|(_, kind)| *kind == Kind::Production);
        let has_other = members.iter().any(|(_, kind)| *kind == Kind::NonProduction);
        let mut open = members.iter().filter(|(_, kind)| *kind == Kind::Unknown);
        let (Some((at, _)), None, false, true) = (open.next(), open.next(), is_known, has_other)
        else {
            continue;
        };
        if let Some(instance) = instances.get_mut(*at) {
            let said_by =
                "nothing else here is production, and what it stands beside is none".into();
            let evidence = Evidence::Elimination;
            instance.kind = Read { value: Kind::Production, evidence, said_by };
        }
    }
}

/// Gives instances of which nothing says the project that of their family, where all that say one say the same: a project is often chosen in
/// the Admin of one environment, and one shop has one account. An account has one name, as the first of its family writes it. Each instance
/// stands beside its family.
pub fn settle_accounts(instances: &mut [Instance], families: &[String]) {
    let mut written: BTreeMap<&String, String> = BTreeMap::new();
    let mut projects: BTreeMap<&String, BTreeSet<String>> = BTreeMap::new();
    for (instance, family) in instances.iter().zip(families) {
        let account = &instance.account;
        if account.evidence == Evidence::Project {
            projects.entry(family).or_default().insert(account.value.clone());
        } else if account.evidence == Evidence::Path {
            written.entry(family).or_insert_with(|| account.value.clone());
        }
    }
    for (instance, family) in instances.iter_mut().zip(families) {
        if let Some(name) =
            written.get(family).filter(|_| instance.account.evidence == Evidence::Path)
        {
            instance.account.value.clone_from(name);
        }
        let says_none = instance.account.evidence == Evidence::Path
            && instance.opaque.is_empty()
            && !instance.settings.contains_key(&Parameter::Project);
        let known = projects.get(family).filter(|known| says_none && known.len() == 1);
        if let Some(only) = known.and_then(|known| known.first()) {
            instance.account.value.clone_from(only);
            instance.account.said_by = "the only project of the instances named like it".into();
        }
    }
}
