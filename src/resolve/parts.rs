//! The parts of files that go to one instance each, with what follows from their places.

use std::collections::BTreeSet;

use super::conventions::Base;
use super::identity::{Claim, settle_said_names};
use crate::model::inventory::SettingId;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Setting;
use crate::recognise::{Contribution, Said};
use crate::source::SourceId;
use crate::sources::Sources;

/// A contribution with what follows from its place.
pub struct Part<'a> {
    pub contribution: &'a Contribution,
    pub path: &'a str,
    pub settings: Vec<SettingId>,
    pub claim: Claim,
    pub base: Option<Base<'a>>,
}

/// Puts settings of one file together again where the keys above them tell no instances apart, as most do.
pub fn without_idle_keys(contributions: Vec<Contribution>) -> Vec<Contribution> {
    let says = |found: &Contribution| {
        let said = found.said.as_ref().filter(|said| said.how == Said::KEYS);
        said.map(|said| Claim::read("", Some(said), false))
    };
    // Under `sandbox` and `production` can stand the key pairs of these names.
    let names_slots = |found: &&Contribution| {
        let environment = says(found).and_then(|claim| claim.environment);
        let is_of_slot = |setting: &Setting| match setting.parameter {
            Parameter::ApiKey(slot) | Parameter::PrivateKey(slot) => slot == Slot::Sandbox,
            _ => false,
        };
        environment.is_some_and(|said| said.name == Slot::Sandbox.word())
            && !found.settings.is_empty()
            && found.settings.iter().all(is_of_slot)
    };
    let slots: BTreeSet<SourceId> =
        contributions.iter().filter(names_slots).map(|found| found.source).collect();
    let mut kept: Vec<Contribution> = Vec::new();
    let mut rest: Option<usize> = None;
    for mut contribution in contributions {
        let claim = says(&contribution);
        let tells = claim.as_ref().is_some_and(|claim| claim.is_part);
        if !tells || slots.contains(&contribution.source) {
            if claim.is_some() {
                contribution.said = None;
            }
            let is_rest = contribution.said.is_none() && !contribution.is_object;
            let same = rest.and_then(|index| kept.get_mut(index)).filter(|_| is_rest);
            if let Some(same) = same.filter(|same| same.source == contribution.source) {
                same.settings.append(&mut contribution.settings);
                same.commands.append(&mut contribution.commands);
                continue;
            }
            if is_rest {
                rest = Some(kept.len());
            }
        }
        kept.push(contribution);
    }
    kept
}

pub fn parts<'a>(
    sources: &'a Sources,
    contributions: &'a [Contribution],
    settings: &mut Vec<Setting>,
) -> Vec<Part<'a>> {
    let mut claims: Vec<Claim> = contributions
        .iter()
        .map(|part| Claim::read(sources.path(part.source), part.said.as_ref(), part.is_object))
        .collect();
    settle_said_names(&mut claims);
    let parts = contributions.iter().zip(claims).map(|(contribution, claim)| {
        let first = u32::try_from(settings.len()).unwrap_or(u32::MAX);
        settings.extend(contribution.settings.iter().cloned());
        let ids = (first..).map(SettingId).take(contribution.settings.len()).collect();
        let path = sources.path(contribution.source);
        // What keys tell apart is not inherited as a whole.
        let base = if claim.is_part { None } else { Base::of(path) };
        Part { contribution, path, settings: ids, claim, base }
    });
    parts.collect()
}
