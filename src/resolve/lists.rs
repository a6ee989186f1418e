//! The parts by what others ask them for.

use std::collections::{BTreeMap, BTreeSet};

use super::conventions::{Convention, parent};
use super::heirs::Telling;
use super::identity::Identity;
use super::parts::Part;
use crate::model::setting::Setting;
use crate::model::way::Ways;
use crate::recognise::{Include, Said, kustomize};
use crate::source::{Location, SourceId};
use crate::syntax::file_name;

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
    /// The bases that do.
    pub base_fillers: BTreeMap<Location, Vec<&'a Part<'a>>>,
    /// The compose files over which another one is put wherever they are read.
    pub overriding: BTreeSet<String>,
    /// Where those stand that compose files give all of their overlays.
    pub composed: BTreeMap<SourceId, Vec<usize>>,
    /// Those that keys tell apart, by their files.
    pub keyed: BTreeMap<SourceId, Vec<&'a Part<'a>>>,
    /// The files that speak for each instance.
    pub speaking: BTreeMap<Identity, BTreeSet<SourceId>>,
    /// Those that commands set for environments of Adobe Commerce Cloud.
    pub of_cloud: Vec<&'a Part<'a>>,
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
        let mut base_fillers: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut overriding = BTreeSet::new();
        let mut composed: BTreeMap<SourceId, Vec<usize>> = BTreeMap::new();
        let has_more = |part: &&Part<'_>| {
            part.base.is_none() && (part.claim.environment.is_some() || part.claim.names.len() > 1)
        };
        let of_several: BTreeSet<&String> =
            parts.iter().filter(has_more).flat_map(|part| &part.claim.names).collect();
        for (at, part) in parts.iter().enumerate() {
            if part.base.as_ref().is_some_and(|base| base.convention == Convention::Compose) {
                composed.entry(part.contribution.source).or_default().push(at);
            }
            overriding.extend(overridden(part.path));
            let files = part.contribution.includes.iter().enumerate();
            let is_other = |include: &Include| include.path != part.path;
            let files = files.filter(|(_, include)| is_other(include));
            for (order, include) in files.filter(|_| !part.contribution.is_object) {
                let takers = taking.entry(include.path.as_str()).or_default();
                takers.push((part, order, include.is_firm));
            }
            // A base of an environment's folder is the environment's, that of one that nothing else tells more of is its own.
            let names = &part.claim.names;
            let is_alone = !names.is_empty() && !names.iter().any(|name| of_several.contains(name));
            let is_ones = part.base.is_none() || part.claim.environment.is_some() || is_alone;
            let of = if is_ones { &mut fillers } else { &mut base_fillers };
            let given = part.settings.iter().filter_map(|id| settings.get(id.0 as usize));
            let given = given.filter(|_| !ways.is_empty());
            for way in given.filter_map(|setting| ways.get(&setting.at)).flatten() {
                of.entry(way.at).or_default().push(part);
            }
            let others = part.contribution.includes.iter().filter(|include| is_other(include));
            let paths: BTreeSet<&str> = others.map(|include| &*include.path).collect();
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
        let mut speaking: BTreeMap<Identity, BTreeSet<SourceId>> = BTreeMap::new();
        for part in parts.iter().filter(|part| part.claim.environment.is_some()) {
            let files = speaking.entry(part.claim.identity()).or_default();
            files.insert(part.contribution.source);
        }
        let telling = Telling::of(parts);
        let is_of_cloud = |part: &&Part<'_>| {
            let said = part.contribution.said.as_ref();
            said.is_some_and(|said| said.how == Said::CLOUD) && part.claim.environment.is_some()
        };
        let of_cloud = parts.iter().filter(is_of_cloud).collect();
        Self {
            telling,
            including,
            whole,
            deploying,
            releases,
            taking,
            fillers,
            base_fillers,
            overriding,
            composed,
            keyed,
            speaking,
            of_cloud,
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
