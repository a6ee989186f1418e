//! The parts of files that go to one instance each, with what follows from their places.

use std::collections::{BTreeMap, BTreeSet};

use super::conventions::Base;
use super::identity::{Claim, settle_said_names};
use super::tasks;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::{Setting, SettingId, Value};
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

/// The parts by what others ask them for, so that many parts of one file do not ask each other.
pub struct Lists<'a> {
    /// One part for each instance that a file says.
    pub telling: Vec<&'a Part<'a>>,
    /// The parts that take files in.
    pub including: Vec<&'a Part<'a>>,
    /// The parts that keys tell apart, by their files.
    pub keyed: BTreeMap<SourceId, Vec<&'a Part<'a>>>,
}

impl<'a> Lists<'a> {
    /// Sorts the parts of a tree.
    pub fn of(parts: &'a [Part<'a>]) -> Self {
        let mut seen = BTreeSet::new();
        let tells = |part: &&Part<'_>| {
            seen.insert((part.contribution.source, part.base.is_some(), part.claim.identity()))
        };
        let mut keyed: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for part in parts.iter().filter(|part| part.claim.is_part) {
            keyed.entry(part.contribution.source).or_default().push(part);
        }
        let includes = |part: &&Part<'_>| !part.contribution.includes.is_empty();
        Self {
            telling: parts.iter().filter(tells).collect(),
            including: parts.iter().filter(includes).collect(),
            keyed,
        }
    }
}

/// Puts settings of one file together again where the keys above them tell no instances apart, as most do.
pub fn without_idle_keys(
    mut contributions: Vec<Contribution>,
    sources: &Sources,
) -> Vec<Contribution> {
    let says = |found: &Contribution| {
        let said = found.said.as_ref().filter(|said| said.how == Said::KEYS);
        said.map(|said| Claim::read(sources.path(found.source), Some(said), false))
    };
    settle_targets(&mut contributions, &|found| says(found).is_none_or(|claim| !claim.is_part));
    // Under `sandbox` and `production` can stand the key pairs of these names.
    let names_slots = |found: &&Contribution| {
        let environment =
            says(found).filter(|claim| claim.is_part).and_then(|claim| claim.environment);
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
    let tells_some = |found: &&Contribution| says(found).is_some_and(|claim| claim.is_part);
    let telling: BTreeSet<SourceId> =
        contributions.iter().filter(tells_some).map(|found| found.source).collect();
    let mut kept: Vec<Contribution> = Vec::new();
    let mut rest: Option<usize> = None;
    for mut contribution in contributions {
        let claim = says(&contribution);
        let tells = claim.as_ref().is_some_and(|claim| claim.is_part);
        let is_of_other_job = claim.as_ref().is_some_and(|claim| claim.is_of_job)
            && telling.contains(&contribution.source)
            && !contribution.settings.is_empty();
        if !tells && !is_of_other_job || slots.contains(&contribution.source) {
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

/// Makes values unknown that differ between targets of one makefile, or stages of one Jenkinsfile, that say no instance: not all of them run.
fn settle_targets(contributions: &mut [Contribution], is_idle: &dyn Fn(&Contribution) -> bool) {
    let mut values: BTreeMap<_, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, found) in contributions.iter().enumerate() {
        let first = found.said.as_ref().and_then(|said| said.names.first());
        let is_arm = found.said.iter().flat_map(|said| &said.names).any(|name| name == Said::CASE);
        let is_named = is_arm || first.is_some_and(|how| how == Said::TARGET || how == Said::STAGE);
        for (index, setting) in
            found.settings.iter().enumerate().filter(|_| is_named && is_idle(found))
        {
            let layer = setting.carrier.layer();
            let target = (found.source, setting.parameter, setting.scope.clone(), layer);
            values.entry(target).or_default().push((at, index));
        }
    }
    for places in values.into_values() {
        let value = |&(at, index): &(usize, usize)| {
            Some(&contributions.get(at)?.settings.get(index)?.value)
        };
        let first = places.first().and_then(value);
        let is_one_script =
            places.iter().all(|place| places.first().is_some_and(|one| one.0 == place.0));
        if is_one_script || places.iter().all(|place| value(place) == first) {
            continue;
        }
        for (at, index) in places {
            let setting = contributions.get_mut(at).and_then(|found| found.settings.get_mut(index));
            if let Some(setting) = setting {
                setting.value = Value::Unknown;
            }
        }
    }
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
    tasks::settle_names(&mut claims, contributions);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognise;
    use crate::source::Source;
    use crate::sources::Entry;
    use crate::syntax::format_of;

    #[test]
    fn values_of_targets_that_say_no_instance_are_not_known() {
        let id = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11";
        let set = "bin/magento config:set services_connector/services_id/environment_id";
        let values = |one: &str, two: &str, other: &str| {
            let text = format!("{one}:\n\t{set} {id}\n{two}:\n\t{set} {other}\n");
            let source = Source::new("Makefile".into(), text.into_bytes());
            let parsed =
                format_of("Makefile").expect("it is a format").parse(SourceId(0), source.text());
            let found = recognise::settings(&source, SourceId(0), &parsed).contributions;
            let entry = Entry { path: "Makefile".into(), ..Entry::default() };
            let sources = Sources::new(vec![entry], BTreeMap::from([(SourceId(0), source)]));
            let kept = without_idle_keys(found, &sources).into_iter();
            let settings = kept.flat_map(|found| found.settings);
            settings.filter(|setting| setting.value.literal().is_some()).count()
        };
        let other = id.replace('0', "1");
        assert_eq!(values("one", "two", &other), 0);
        assert_eq!(values("one", "two", id), 2);
        assert_eq!(values("prod", "staging", &other), 2);
    }
}
