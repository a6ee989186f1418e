//! Which files make which instance: own files, files that are inherited, and instances that turn out to be one.
//!
//! Each part of a file is either its instance's own or handed down to heirs, never both.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::clash::Split;
use super::conventions::{Base, Convention};
use super::group::{Group, Key, Shared, is_only};
use super::heirs::Candidates;
use super::identity::{Claim, Identity};
use super::layers::Closeness;
use super::lists::Lists;
use super::overlays::Overlays;
use super::parts::Part;
use super::references::References;
use super::standing::{Closest, Standing};
use crate::declared::Known;
use crate::model::instance::Feed;
use crate::recognise::Said;
use crate::source::SourceId;
use crate::sources::Sources;

/// Why a declared instance has a file, and why it inherits one.
const DECLARED: &str = "declared in the configuration";
const DECLARED_BASE: &str = "`inherits` of the configuration names it";

/// All instances in the making, and what they are made from.
pub struct Draft<'a> {
    pub sources: &'a Sources,
    pub candidates: Candidates<'a>,
    /// The paths of all files.
    pub paths: OnceCell<BTreeSet<&'a str>>,
    pub declared: &'a Known<'a>,
    /// The branches that are instances and have what the tree leaves unsaid: several where they are one commit.
    pub rest: Vec<&'a String>,
    /// The declared instances whose names are made of words as paths have them: files with the same words are theirs, too.
    pub named: BTreeMap<Identity, String>,
    pub parts: &'a [Part<'a>],
    pub overlays: &'a Overlays,
    pub references: &'a References<'a>,
    pub lists: &'a Lists<'a>,
    pub split: &'a Split,
    /// In which place instances take parts in.
    pub taken: BTreeMap<(usize, Key), Closeness>,
    pub groups: BTreeMap<Key, Group>,
}

/// A part that instances inherit, and the groups known to.
pub struct Inherited {
    pub part: usize,
    pub heirs: BTreeSet<Key>,
    /// Where what deploys the heirs names the part, how close that makes it to each: no other inherits it.
    pub places: BTreeMap<Key, Closeness>,
}

/// A file whose instance inherits, with what it says of that, and why.
struct Heir<'h> {
    path: &'h str,
    source: SourceId,
    claim: Claim,
    why: String,
}

impl<'a> Draft<'a> {
    /// The groups, without what they were found by.
    pub fn into_groups(self) -> BTreeMap<Key, Group> {
        self.groups
    }

    /// Gives every part that is not inherited to its instance; returns those that are, with the heirs known by name.
    pub fn own_files(&mut self) -> Vec<Inherited> {
        let mut inherited = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            if part.contribution.is_keyring() {
                continue;
            }
            let declared = self.declared_for(part.path);
            // What commands do to instances that they name makes none.
            let is_nameless = part.claim.identity() == Identity::default();
            if part.contribution.has_commands_alone() && is_nameless && declared.is_empty() {
                continue;
            }
            let heirs = self.declared_heirs(part.path);
            if !declared.is_empty() {
                for key in heirs.into_iter().filter(|key| !declared.contains(key)) {
                    self.inherit(&key, index, DECLARED_BASE, None);
                }
                for key in declared {
                    self.add_own(key, index, DECLARED);
                }
            } else if !heirs.is_empty() {
                inherited.push(Inherited { part: index, heirs, places: BTreeMap::new() });
            } else if part.claim.is_of_job && !part.claim.is_part {
                // What a job beside those of the instances sets reaches none of them for certain.
                for key in self.parts_within(part) {
                    let places = part.contribution.settings.iter().map(|setting| setting.at);
                    self.groups.entry(key).or_default().opaque.extend(places);
                }
            } else if let Some(places) = self.deployers(part) {
                let heirs = places.keys().cloned().collect();
                inherited.push(Inherited { part: index, heirs, places });
            } else if !self.rest.is_empty() && part.claim.environment.is_none() {
                let why = "the branch has what its tree leaves unsaid".to_owned();
                for branch in self.rest.clone() {
                    self.add_own(Key::Declared(branch.clone()), index, &why);
                }
            } else if let Some(heirs) = self.heirs_by_name(index) {
                self.keep_own(index);
                inherited.push(Inherited { part: index, heirs, places: BTreeMap::new() });
            } else {
                let (key, why) = self.own_key(part);
                self.add_own(key, index, &why);
            }
        }
        inherited
    }

    /// Hands files with nothing but `crypt/key` to the instances that other files make; alone they make none.
    pub fn add_keyrings(&mut self) {
        for part in self.parts.iter().filter(|part| part.contribution.is_keyring()) {
            let mut keys = self.declared_for(part.path);
            if keys.is_empty() {
                keys.push(self.own_key(part).0);
            }
            for key in keys {
                let Some(group) = self.groups.get_mut(&key) else { continue };
                let source = part.contribution.source;
                let why = "it holds the encryption key".to_owned();
                group.feeds.entry(source).or_insert(Feed { source, inherited: false, why });
                group.reaching.extend(part.settings.iter().map(|&id| (id, Closeness::Own)));
            }
        }
    }

    pub(super) fn declared_for(&self, path: &str) -> Vec<Key> {
        self.declared.of(path).into_iter().map(Key::Declared).collect()
    }

    /// The instances that are declared to inherit a file.
    fn declared_heirs(&mut self, path: &str) -> BTreeSet<Key> {
        let heirs = self.declared.heirs(path).map(|(name, (source, own))| {
            let key = Key::Declared(name.clone());
            let group = self.groups.entry(key.clone()).or_default();
            let feed = Feed { source: *source, inherited: false, why: DECLARED.to_owned() };
            group.feeds.entry(*source).or_insert(feed);
            group.claims.push(Claim::read(own, None, true));
            key
        });
        heirs.collect()
    }

    /// The instance of a file, by the configuration or by its own words.
    pub(super) fn key_of(&self, path: &str, claim: &Claim) -> Key {
        self.declared_for(path).into_iter().next().unwrap_or_else(|| self.key(claim.identity()))
    }

    pub(super) fn own_key(&self, part: &Part<'_>) -> (Key, String) {
        if let Some(overlay) = self.overlays.overlay_of(part.path)
            && (part.contribution.is_object || self.overlays.names_file(part.path))
        {
            return (
                self.key(self.overlay_claim(overlay).identity()),
                format!("`{overlay}` is an overlay"),
            );
        }
        let identity = part.claim.identity();
        let words: Vec<&str> = part
            .claim
            .names
            .iter()
            .map(String::as_str)
            .chain(identity.environment.as_deref())
            .collect();
        let why = if words.is_empty() {
            "no word of its path tells instances apart".to_owned()
        } else {
            let whose =
                if part.claim.is_part { "the words of its path and keys" } else { "its words" };
            format!("{whose}: {}", words.join(", "))
        };
        (self.key(identity), why)
    }

    /// What files with these words feed.
    fn key(&self, identity: Identity) -> Key {
        let is_rest = identity.environment.is_none();
        let rest = self.rest.first().copied().filter(|_| is_rest);
        match self.named.get(&identity).or(rest) {
            Some(name) => Key::Declared(name.clone()),
            None => Key::Read(identity),
        }
    }

    fn overlay_claim(&self, overlay: &str) -> Claim {
        let kustomization = self.lists.kustomizations.get(overlay);
        kustomization.map_or_else(|| Claim::read(overlay, None, false), |part| part.claim.clone())
    }

    /// The instances that inherit a part, by the names of their files; none where it is not inherited.
    pub(super) fn heirs_by_name(&mut self, index: usize) -> Option<BTreeSet<Key>> {
        let parts = self.parts;
        let part = parts.get(index)?;
        let mut heirs = BTreeSet::new();
        let is_object = part.contribution.is_object || self.overlays.names_file(part.path);
        if is_object && self.overlays.names(part.path) {
            let leaves: Vec<String> = self.overlays.heirs(part.path).map(str::to_owned).collect();
            for leaf in leaves {
                let claim = self.overlay_claim(&leaf);
                let deploying = self.lists.deploying.get(leaf.as_str());
                if let Some(several) = deploying.filter(|_| claim.environment.is_none()) {
                    let key = |of: &(&Part<'_>, usize)| self.key_of(of.0.path, &of.0.claim);
                    heirs.extend(several.iter().map(key));
                    continue;
                }
                let key = self.key_of(&format!("{leaf}/kustomization.yaml"), &claim);
                self.groups.entry(key.clone()).or_default().claims.push(claim);
                heirs.insert(key);
            }
            return (!heirs.is_empty()).then_some(heirs);
        }
        if let Some(environments) = self.environments_of_project(part) {
            return Some(environments);
        }
        let taken = self.takers(part);
        let is_base_of_others =
            part.base.as_ref().is_some_and(|base| base.convention != Convention::Dotenv);
        let takers: BTreeSet<Key> = taken.keys().cloned().collect();
        self.taken.extend(taken.into_iter().map(|(key, order)| ((index, key), order)));
        if is_base_of_others {
            heirs.extend(takers.iter().cloned());
        }
        let takers = if is_base_of_others { BTreeSet::new() } else { takers };
        let composed = self.overlays_of_takers(part);
        let takers = if composed.is_empty() { takers } else { &takers | &composed };
        for named_by in [takers, self.workloads_that_name(part), self.parts_within(part)] {
            if !named_by.is_empty() {
                // Whoever gives what a name in it stands for has it as well: no value vanishes. An inventory knows who its hosts are.
                let takers = self.lists.taking.get(part.path).into_iter().flatten();
                let is_listed = takers.into_iter().any(|(taker, ..)| taker.is_of_inventory());
                let filling = if is_listed { BTreeSet::new() } else { self.fillers(part) };
                return Some(&named_by | &filling);
            }
        }
        // What stands with words that turned out to be several instances is theirs together.
        if let Some(instances) =
            self.split.get(&part.claim.identity()).filter(|_| part.base.is_none())
        {
            return Some(instances.iter().map(|identity| self.key(identity.clone())).collect());
        }
        let filled = self.fillers(part);
        if part.base.is_none() && !filled.is_empty() {
            return Some(filled);
        }
        heirs.extend(filled);
        let base = part.base.as_ref()?;
        if self.is_read_alone(part) {
            return None;
        }
        heirs.extend(self.releases_of(base));
        let mut found: Vec<Heir<'_>> = Vec::new();
        for heir in self.candidates.heirs(base, &part.claim.names) {
            if let Some(within) = self.lists.keyed.get(&heir.source) {
                // The parts of the file are the instances, not the file.
                heirs.extend(within.iter().map(|part| self.key_of(part.path, &part.claim)));
                continue;
            }
            // What the tree tells of a file goes first.
            let told = self.lists.whole.get(&heir.source);
            let runners = told.map_or_else(BTreeSet::new, |told| self.runners(told));
            if !runners.is_empty() {
                heirs.extend(runners);
                continue;
            }
            let mut claim = told.map_or_else(|| heir.claim().clone(), |told| told.claim.clone());
            if base.convention == Convention::Compose && told.is_none() {
                // `docker-compose.prod.yml` has the services of `docker-compose.yml`.
                claim.names.clone_from(&part.claim.names);
            } else if !part.claim.names.iter().all(|name| claim.names.contains(name)) {
                continue;
            }
            let why = format!("stands where files inherit `{}`", part.path);
            found.push(Heir { path: heir.path, source: heir.source, claim, why });
        }
        for (heir, claim) in self.candidates.silent(base, self.sources) {
            let has_names = part.claim.names.iter().all(|name| claim.names.contains(name));
            if has_names && claim.identity() != part.claim.identity() {
                let why = format!("shows an installation of its own beside `{}`", part.path);
                found.push(Heir { path: heir.path, source: heir.source, claim, why });
            }
        }
        heirs.extend(found.into_iter().map(|heir| self.let_inherit(heir)));
        if self.lists.overriding.contains(base.path()) {
            heirs.insert(self.key(part.claim.identity()));
        }
        let is_always = base.is_always() || part.claim.base == Some(true);
        let is_fed = || self.lists.telling.is_fed(base, &part.claim.identity());
        (is_always || !heirs.is_empty() || is_fed()).then_some(heirs)
    }

    /// Lets the instance of a file inherit, though the file may set nothing.
    fn let_inherit(&mut self, heir: Heir<'_>) -> Key {
        let Heir { path, source, claim, why } = heir;
        let key = self.key_of(path, &claim);
        let group = self.groups.entry(key.clone()).or_default();
        group.feeds.entry(source).or_insert(Feed { source, inherited: false, why });
        group.claims.push(claim);
        key
    }

    /// The instances of the other parts of the same file whose keys tell them apart: what stands above them all is theirs.
    fn parts_within(&self, part: &Part<'_>) -> BTreeSet<Key> {
        let is_beside = part.contribution.is_on_host
            || part.is_of_inventory()
            || part.is_of_environment()
            || part.is_release();
        if part.claim.is_part || is_beside {
            return BTreeSet::new();
        }
        let within = self.lists.keyed.get(&part.contribution.source).into_iter().flatten();
        within.map(|other| self.key_of(other.path, &other.claim)).collect()
    }

    pub(super) fn add_own(&mut self, key: Key, index: usize, why: &str) {
        let Some(part) = self.parts.get(index) else { return };
        let opaque = self.opaque(part);
        let group = self.groups.entry(key).or_default();
        let source = part.contribution.source;
        group.feeds.insert(source, Feed { source, inherited: false, why: why.to_owned() });
        // Most have one file: what grows by itself would hold room for four.
        if group.claims.is_empty() {
            group.claims.reserve_exact(1);
            group.reaching.reserve_exact(part.settings.len());
        }
        group.claims.push(part.claim.clone());
        group.reaching.extend(part.settings.iter().map(|&id| (id, Closeness::Own)));
        group.own.push(index);
        group.opaque.extend(opaque);
    }

    /// Hands every inherited part to its heirs, or makes an instance of it where there are none. Returns who inherits which part.
    pub fn hand_down(&mut self, inherited: &[Inherited]) -> Vec<Shared> {
        let parts = self.parts;
        let bases = inherited.iter().filter_map(|inherited| {
            let part = parts.get(inherited.part)?;
            Some((part.base.as_ref()?, part.claim.names.as_slice()))
        });
        let closest = Closest::of(bases);
        let mut standing = None;
        let mut shared = Vec::new();
        for Inherited { part: index, heirs, places } in inherited {
            let Some(part) = self.parts.get(*index) else { continue };
            let mut heirs: BTreeSet<Key> =
                heirs.iter().filter(|key| self.groups.contains_key(key)).cloned().collect();
            if let Some(base) = &part.base
                && places.is_empty()
                && !self.overlays.names(part.path)
            {
                let standing =
                    standing.get_or_insert_with(|| Standing::of(&self.groups, self.sources));
                heirs.extend(self.fed_by(part, base, standing, &closest));
            }
            if heirs.is_empty() {
                let key = self.key(part.claim.identity());
                let why = match part.claim.environment {
                    Some(_) => self.own_key(part).1,
                    None => "no instance is known that inherits it".to_owned(),
                };
                self.add_own(key.clone(), *index, &why);
                heirs.insert(key);
            } else {
                let why = if places.is_empty() {
                    self.why_inherited(part)
                } else {
                    "what deploys the instance names it".to_owned()
                };
                for key in &heirs {
                    self.inherit(key, *index, &why, places.get(key).copied());
                }
            }
            if let Some(standing) = &mut standing {
                for (key, group) in heirs.iter().filter_map(|key| self.groups.get_key_value(key)) {
                    standing.add(key, group, self.sources);
                }
            }
            // Above the keys of one instance alone, nothing waits to be inherited by another.
            let is_of_one = heirs.len() < 2 && !self.parts_within(part).is_empty();
            let is_taken_once = !part.contribution.objects.is_empty() && heirs.len() < 2;
            let is_compose = |base: &Base<'_>| base.convention == Convention::Compose;
            let is_overridden = part.base.as_ref().is_some_and(is_compose)
                && is_only(&heirs, &self.key(part.claim.identity()));
            let is_taken_once = is_taken_once || heirs.len() < 2 && self.is_taken(*index);
            let is_named_once = !places.is_empty() && heirs.len() < 2;
            // In the folder of one shop, `common.env` is that shop's.
            let own = part.claim.identity();
            let is_shops = |base: &Base<'_>| !own.names.is_empty() && !base.is_always();
            let is_called =
                part.base.as_ref().is_some_and(is_shops) && is_only(&heirs, &self.key(own.clone()));
            let is_own = is_of_one
                || is_named_once
                || is_overridden
                || is_called
                || part.base.is_none() && is_taken_once;
            if part.claim.environment.is_none() && !is_own {
                shared.push(Shared { part: *index, heirs, why: self.why_inherited(part) });
            }
        }
        shared
    }

    /// Hands a part down to an heir; `listed` where that names it in a list of its own.
    fn inherit(&mut self, key: &Key, index: usize, why: &str, listed: Option<Closeness>) {
        let Some(part) = self.parts.get(index) else { return };
        let opaque = self.opaque(part);
        let order = self.taken.get(&(index, key.clone())).copied();
        // What an overlay generates of another environment's file is what it runs with.
        let is_generated = self.overlays.names_file(part.path) && !part.contribution.is_object;
        let environment = part.claim.identity().environment.filter(|_| is_generated);
        let is_others = environment.is_some()
            && matches!(key, Key::Read(heir) if heir.environment.is_some() && heir.environment != environment);
        let group = self.groups.entry(key.clone()).or_default();
        let source = part.contribution.source;
        let feed = Feed { source, inherited: true, why: why.to_owned() };
        group.feeds.entry(source).or_insert(feed);
        let closeness = listed
            .or(order)
            .or(is_others.then_some(Closeness::Deployed))
            .unwrap_or_else(|| Closeness::Inherited(part.claim.depth()));
        group.reaching.extend(part.settings.iter().map(|&id| (id, closeness)));
        group.opaque.extend(&opaque);
    }

    /// Why instances inherit a part: a clause.
    fn why_inherited(&self, part: &Part<'_>) -> String {
        if self.declared.heirs(part.path).next().is_some() {
            return DECLARED_BASE.to_owned();
        }
        let is_of_project =
            part.contribution.said.as_ref().is_some_and(|said| said.how == Said::PROJECT);
        match &part.base {
            Some(base) => base.why(),
            None if is_of_project => "all environments of the Cloud project have it".to_owned(),
            None if self.overlays.names(part.path) => "overlays name it".to_owned(),
            None if part.contribution.objects.is_empty()
                && (!self.takers(part).is_empty() || self.lists.taking.contains_key(part.path)) =>
            {
                "instances take it in by its name".to_owned()
            }
            None if !part.contribution.objects.is_empty() => {
                "workloads take it in by its name".to_owned()
            }
            None if !self.fillers(part).is_empty() => {
                "files of each instance give what names in it stand for".to_owned()
            }
            None if self.parts_within(part).len() < 2 => {
                "it stands above the keys of the instance".to_owned()
            }
            None => "it stands above the keys of several instances".to_owned(),
        }
    }

    /// The instances with files that inherit a base where they stand, or with words that contain the base's.
    fn fed_by(
        &self,
        part: &Part<'_>,
        base: &Base<'a>,
        standing: &mut Standing<'a>,
        closest: &Closest<'_>,
    ) -> Vec<Key> {
        let identity = part.claim.identity();
        let is_repository = base.convention == Convention::Repository;
        let contains = |key: &Key, group: &Group| match key {
            Key::Read(own) => own.names.is_superset(&identity.names),
            Key::Declared(_) => {
                group.claims.iter().any(|claim| claim.identity().names.is_superset(&identity.names))
            }
        };
        // Of two `config.php`, an instance runs the one that shares more of its words.
        let is_closest = |group: &Group| {
            let names: BTreeSet<&String> =
                group.claims.iter().flat_map(|claim| &claim.names).collect();
            !closest.has_closer(base, &names, part.claim.names.len())
        };
        let stands_there =
            |group: &Group| group.feeds.keys().any(|&source| base.feeds(self.sources.path(source)));
        let near = if is_repository || !identity.names.is_empty() {
            standing.named(&identity.names)
        } else {
            standing.beneath(base)
        };
        let near = near.iter().filter_map(|key| self.groups.get_key_value(&**key));
        let fed = near.filter(|(key, group)| {
            contains(key, group)
                && if is_repository { is_closest(group) } else { stands_there(group) }
        });
        fed.map(|(key, _)| key.clone()).collect()
    }
}
