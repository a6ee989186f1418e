//! The parts of files that go to one instance each, with what follows from their places.

use std::collections::{BTreeMap, BTreeSet};

use super::conventions::Base;
use super::identity::Claim;
use super::piece::Piece;
use super::tasks;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::{Carrier, Scope, Setting, SettingId, Value};
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

impl Part<'_> {
    /// Whether it is what an inventory says of an environment.
    pub fn is_of_inventory(&self) -> bool {
        self.contribution.said.as_ref().is_some_and(|said| said.how == Said::GROUP)
    }

    /// Whether it is what a command sets for one environment of a project of Adobe Commerce Cloud: nobody else's.
    pub fn is_of_environment(&self) -> bool {
        let said = self.contribution.said.as_ref();
        self.claim.environment.is_some() && said.is_some_and(|said| said.how == Said::CLOUD)
    }

    /// Whether it is a release that only takes files in: it stands beside the others, not above them.
    pub fn is_release(&self) -> bool {
        self.settings.is_empty()
            && !self.contribution.includes.is_empty()
            && self.contribution.said.as_ref().is_some_and(|said| said.how == Said::NAMESPACE)
    }
}

/// Puts settings of one file together again where the keys above them tell no instances apart, as most do.
pub fn without_idle_keys(mut pieces: Vec<Piece>, sources: &Sources) -> Vec<Piece> {
    settle_targets(&mut pieces);
    let is_keyed =
        |piece: &Piece| piece.contribution.said.as_ref().is_some_and(|said| said.how == Said::KEYS);
    // Under `sandbox` and `production` can stand the key pairs of these names.
    let names_slots = |piece: &&Piece| {
        let environment = piece.claim.environment.as_ref().filter(|_| piece.claim.is_part);
        let is_of_slot = |setting: &Setting| match setting.parameter {
            Parameter::ApiKey(slot) | Parameter::PrivateKey(slot) => slot == Slot::Sandbox,
            _ => false,
        };
        environment.is_some_and(|said| said.name == Slot::Sandbox.word())
            && !piece.contribution.settings.is_empty()
            && piece.contribution.settings.iter().all(is_of_slot)
    };
    let slots: BTreeSet<SourceId> =
        pieces.iter().filter(names_slots).map(|piece| piece.contribution.source).collect();
    let telling: BTreeSet<SourceId> = pieces
        .iter()
        .filter(|piece| piece.claim.is_part)
        .map(|piece| piece.contribution.source)
        .collect();
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut rest = Rest::default();
    for mut piece in pieces {
        let source = piece.contribution.source;
        let is_of_other_job = piece.claim.is_of_job
            && telling.contains(&source)
            && !piece.contribution.settings.is_empty();
        let names_slot = slots.contains(&source);
        if !piece.claim.is_part && !is_of_other_job || names_slot {
            let keys = piece.contribution.said.clone().filter(|_| is_keyed(&piece));
            if let Some(said) = &keys {
                piece.contribution.said = None;
                piece.claim.forget_keys();
                if names_slot {
                    piece.claim = Claim::read(sources.path(source), None, false);
                }
                let _ = said;
            }
            let is_rest = piece.contribution.said.is_none() && !piece.contribution.is_object;
            let same = rest.at.and_then(|index| kept.get_mut(index)).filter(|_| is_rest);
            let same = same.filter(|same| same.contribution.source == source);
            let keys = keys.map_or_else(Vec::new, |said| said.names);
            if let Some(same) = same {
                let is_on_host = piece.contribution.is_on_host;
                let is_together = same.contribution.settings.is_empty()
                    || same.contribution.is_on_host == is_on_host;
                if is_together && rest.takes(&piece.contribution, &keys) {
                    same.contribution.is_on_host = is_on_host;
                    same.contribution.settings.append(&mut piece.contribution.settings);
                    same.contribution.commands.append(&mut piece.contribution.commands);
                    continue;
                }
            } else if is_rest {
                rest = Rest { at: Some(kept.len()), ..Rest::default() };
                rest.takes(&piece.contribution, &keys);
            }
        }
        kept.push(piece);
    }
    kept
}

/// What the settings of one file give whose keys tell no instances apart.
#[derive(Default)]
struct Rest {
    /// The piece that they are put into.
    at: Option<usize>,
    /// The values given, each with the keys above it.
    given: BTreeMap<(Parameter, Scope, Carrier), (Fingerprint, Vec<String>)>,
}

impl Rest {
    /// Whether more settings can stand with those that are there: two values of one setting have no order, unless one's keys contain the
    /// other's.
    fn takes(&mut self, more: &Contribution, keys: &[String]) -> bool {
        let target =
            |setting: &Setting| (setting.parameter, setting.scope.clone(), setting.carrier);
        let is_other = |setting: &Setting| {
            let known = self.given.get(&target(setting)).zip(setting.fingerprint());
            known.is_some_and(|((known, above), own)| {
                // Of two sections with the same keys, neither contains the other.
                let is_within = above.starts_with(keys) || keys.starts_with(above);
                *known != own && (above == keys || !is_within)
            })
        };
        if more.settings.iter().any(is_other) {
            return false;
        }
        for setting in &more.settings {
            if let Some(value) = setting.fingerprint() {
                self.given.insert(target(setting), (value, keys.to_vec()));
            }
        }
        true
    }
}

/// What stands before the names of what runs beside others in one script.
const ARMS: [&str; 3] = [Said::CASE, Said::OTHERWISE, Said::FUNCTION];

/// Makes values unknown that differ between targets of one makefile, or stages of one Jenkinsfile, that say no instance: not all of them run.
fn settle_targets(pieces: &mut [Piece]) {
    let mut values: BTreeMap<_, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, piece) in pieces.iter().enumerate() {
        let found = &piece.contribution;
        let first = found.said.as_ref().and_then(|said| said.names.first());
        let mut names = found.said.iter().flat_map(|said| &said.names);
        let is_arm = names.any(|name| ARMS.contains(&name.as_str()));
        let is_named = is_arm || first.is_some_and(|how| how == Said::TARGET || how == Said::STAGE);
        for (index, setting) in
            found.settings.iter().enumerate().filter(|_| is_named && !piece.claim.is_part)
        {
            let layer = setting.carrier.layer();
            let target = (found.source, setting.parameter, setting.scope.clone(), layer);
            values.entry(target).or_default().push((at, index));
        }
    }
    for places in values.into_values() {
        let value = |&(at, index): &(usize, usize)| {
            Some(&pieces.get(at)?.contribution.settings.get(index)?.value)
        };
        let first = places.first().and_then(value);
        let is_one_script =
            places.iter().all(|place| places.first().is_some_and(|one| one.0 == place.0));
        if is_one_script || places.iter().all(|place| value(place) == first) {
            continue;
        }
        for (at, index) in places {
            let found = pieces.get_mut(at).map(|piece| &mut piece.contribution);
            let setting = found.and_then(|found| found.settings.get_mut(index));
            if let Some(setting) = setting {
                setting.value = Value::Unknown;
            }
        }
    }
}

pub fn parts<'a>(
    sources: &'a Sources,
    pieces: &'a [Piece],
    settings: &mut Vec<Setting>,
) -> Vec<Part<'a>> {
    let mut claims: Vec<Claim> = pieces.iter().map(|piece| piece.claim.clone()).collect();
    tasks::settle_names(&mut claims, pieces);
    let parts = pieces.iter().zip(claims).map(|(piece, claim)| {
        let contribution = &piece.contribution;
        let first = u32::try_from(settings.len()).unwrap_or(u32::MAX);
        settings.extend(contribution.settings.iter().cloned());
        let ids = (first..).map(SettingId).take(contribution.settings.len()).collect();
        let path = sources.path(contribution.source);
        // What keys tell apart is not inherited as a whole.
        let is_base = piece.is_base && !claim.is_part && !contribution.is_on_host;
        let base = Base::of(path).or_else(|| Base::of_cloud(path)).filter(|_| is_base);
        Part { contribution, path, settings: ids, claim, base }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::super::apart;
    use super::super::belongings::Spaces;
    use super::*;
    use crate::recognise;
    use crate::source::Source;
    use crate::sources::Entry;
    use crate::syntax::format_of;

    #[test]
    fn values_of_targets_that_are_tasks_of_one_instance_are_not_known() {
        let id = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11";
        let set = "bin/magento config:set services_connector/services_id/environment_id";
        let values = |one: &str, two: &str, other: &str| {
            let text = format!("{one}:\n\t{set} {id}\n{two}:\n\t{set} {other}\n");
            let source = Source::new("Makefile".into(), text.into_bytes());
            let parsed =
                format_of("Makefile").expect("it is a format").parse(SourceId(0), source.text());
            let found = recognise::read(&source, SourceId(0), &parsed).contributions;
            let entry = Entry { path: "Makefile".into(), ..Entry::default() };
            let sources = Sources::new(vec![entry], BTreeMap::from([(SourceId(0), source.into())]));
            let of = |found| Piece::of(found, &sources, &Spaces::default());
            let mut pieces: Vec<Piece> = found.into_iter().map(of).collect();
            apart::tell_apart(&mut pieces, BTreeSet::new(), &sources);
            let kept = without_idle_keys(pieces, &sources).into_iter();
            let settings = kept.flat_map(|piece| piece.contribution.settings);
            settings.filter(|setting| setting.value.literal().is_some()).count()
        };
        let other = id.replace('0', "1");
        assert_eq!(values("deploy", "config", &other), 0);
        assert_eq!(values("deploy", "config", id), 2);
        assert_eq!(values("one", "two", &other), 2);
        assert_eq!(values("prod", "staging", &other), 2);
    }
}
