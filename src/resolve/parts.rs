//! The parts of files that go to one instance each, with what follows from their places.

use std::collections::{BTreeMap, BTreeSet};

use super::apart::Piece;
use super::conventions::{Base, parent};
use super::heirs::Telling;
use super::identity::Claim;
use super::tasks;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::{Carrier, Scope, Setting, SettingId, Value};
use crate::model::way::Ways;
use crate::recognise::{Contribution, Said, kustomize};
use crate::source::{Location, SourceId};
use crate::sources::Sources;
use crate::syntax::file_name;

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
    /// Those that say an instance.
    pub telling: Telling<'a>,
    /// Those that take files in, by the paths of these.
    pub including: BTreeMap<&'a str, Vec<&'a Part<'a>>>,
    /// The part that each file is, where no keys tell parts of it apart.
    pub whole: BTreeMap<SourceId, &'a Part<'a>>,
    /// Those that deploy a file or a folder of the tree, each with the file's place in its list.
    pub deploying: BTreeMap<&'a str, Vec<(&'a Part<'a>, usize)>>,
    /// How many releases with values of ours stand in each folder.
    pub releases: BTreeMap<&'a str, usize>,
    /// Those that take a file in, by its path, each with its place among what they take, and whether they do whatever its path says.
    pub taking: BTreeMap<&'a str, Vec<(&'a Part<'a>, usize, bool)>>,
    /// Those that give what names stand for, by the places of the names.
    pub fillers: BTreeMap<Location, Vec<&'a Part<'a>>>,
    /// The compose files over which another one is put wherever they are read.
    pub overriding: BTreeSet<String>,
    /// Those that keys tell apart, by their files.
    pub keyed: BTreeMap<SourceId, Vec<&'a Part<'a>>>,
    /// The first one of each kustomization, by its folder.
    pub kustomizations: BTreeMap<&'a str, &'a Part<'a>>,
}

impl<'a> Lists<'a> {
    /// Sorts the parts of a tree.
    pub fn of(parts: &'a [Part<'a>], settings: &[Setting], ways: &Ways) -> Self {
        let mut including: BTreeMap<&str, Vec<&Part<'_>>> = BTreeMap::new();
        let mut keyed: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut kustomizations = BTreeMap::new();
        let mut deploying: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        let mut taking: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut releases: BTreeMap<&str, usize> = BTreeMap::new();
        let mut fillers: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut overriding = BTreeSet::new();
        for part in parts {
            overriding.extend(overridden(part.path));
            let files = part.contribution.includes.iter().enumerate();
            for (order, include) in files.filter(|_| !part.contribution.is_object) {
                let takers = taking.entry(include.path.as_str()).or_default();
                takers.push((part, order, include.is_firm));
            }
            // A base of an environment's folder is the environment's.
            let is_ones = part.base.is_none() || part.claim.environment.is_some();
            let given = part.settings.iter().filter_map(|id| settings.get(id.0 as usize));
            let given = given.filter(|_| is_ones && !ways.is_empty());
            for way in given.filter_map(|setting| ways.get(&setting.at)).flatten() {
                fillers.entry(way.at).or_default().push(part);
            }
            let paths: BTreeSet<&str> =
                part.contribution.includes.iter().map(|include| &*include.path).collect();
            for path in paths {
                including.entry(path).or_default().push(part);
            }
            if part.claim.is_part {
                keyed.entry(part.contribution.source).or_default().push(part);
            }
            if kustomize::claims(part.path) {
                kustomizations.entry(parent(part.path)).or_insert(part);
            }
            let Some(deployment) = &part.contribution.deployment else { continue };
            if !part.settings.is_empty() {
                *releases.entry(parent(part.path)).or_default() += 1;
            }
            let listed = deployment.values.iter().enumerate();
            let listed = listed.map(|(at, file)| (file.as_str(), at + 1));
            let folder = deployment.folder.as_deref().map(|folder| (folder, 0));
            for (path, at) in listed.chain(folder) {
                deploying.entry(path).or_default().push((part, at));
            }
        }
        let mut whole: BTreeMap<_, &Part<'_>> = BTreeMap::new();
        for part in parts.iter().filter(|part| !keyed.contains_key(&part.contribution.source)) {
            whole.entry(part.contribution.source).or_insert(part);
        }
        let telling = Telling::of(parts);
        Self {
            telling,
            including,
            whole,
            deploying,
            releases,
            taking,
            fillers,
            overriding,
            keyed,
            kustomizations,
        }
    }
}

/// The compose files that `compose.override.yaml` is put over.
fn overridden(path: &str) -> Vec<String> {
    let name = file_name(path);
    let (Some(at), folder) = (name.find(".override."), parent(path)) else { return Vec::new() };
    let (stem, slash) =
        (name.get(..at).unwrap_or_default(), if folder.is_empty() { "" } else { "/" });
    let ends = if name.contains("compose") { &[".yml", ".yaml"][..] } else { &[] };
    ends.iter().map(|end| format!("{folder}{slash}{stem}{end}")).collect()
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
    let mut kept: Vec<Piece> = Vec::new();
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
                if rest.takes(&piece.contribution, &keys) {
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
                *known != own && !above.starts_with(keys) && !keys.starts_with(above)
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

/// Makes values unknown that differ between targets of one makefile, or stages of one Jenkinsfile, that say no instance: not all of them run.
fn settle_targets(pieces: &mut [Piece]) {
    let mut values: BTreeMap<_, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, piece) in pieces.iter().enumerate() {
        let found = &piece.contribution;
        let first = found.said.as_ref().and_then(|said| said.names.first());
        let is_arm = found
            .said
            .iter()
            .flat_map(|said| &said.names)
            .any(|name| [Said::CASE, Said::PLACE].contains(&name.as_str()));
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
        let base = if claim.is_part { None } else { Base::of(path) };
        Part { contribution, path, settings: ids, claim, base }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::super::apart;
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
            let found = recognise::settings(&source, SourceId(0), &parsed).contributions;
            let entry = Entry { path: "Makefile".into(), ..Entry::default() };
            let sources = Sources::new(vec![entry], BTreeMap::from([(SourceId(0), source)]));
            let mut pieces: Vec<Piece> =
                found.into_iter().map(|found| Piece::of(found, &sources)).collect();
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
