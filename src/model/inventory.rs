//! Every instance, setting, secret and problem of one state of a tree.

use std::collections::BTreeMap;

use super::attribution::Unattributed;
use super::buried::Buried;
use super::ciphertext::Verdict;
use super::command::Command;
use super::edit::Edit;
use super::fingerprint::Fingerprint;
use super::instance::{Instance, Kind};
use super::lookups::Lookups;
use super::parameter::Parameter;
use super::setting::{Secret, Setting, SettingId, Value};
use super::storefront::PublicCopy;
use super::uuid::fold_uuid;
use super::way::Ways;
use crate::source::{Location, SourceId};
use crate::syntax::Problem;

/// A file that every instance of the repository, or of a part of it, inherits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedLayer {
    /// The file.
    pub source: SourceId,
    /// What makes it shared: a clause such as "`app/etc/config.php` is read by every instance".
    pub why: String,
    /// Its settings.
    pub settings: Vec<SettingId>,
    /// The known instances that inherit it, by index in [`Inventory::instances`].
    pub heirs: Vec<usize>,
    /// Whether others inherit it for certain that the tree does not show: the branches of a Cloud project.
    pub is_open: bool,
}

/// A data space that an instance may end up with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// The data space, folded.
    pub id: String,
    /// Where it stands.
    pub at: Location,
    /// Whether no code decides between it and others.
    pub is_certain: bool,
}

/// Every instance, setting, secret and problem of one state of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The instances, by name.
    pub instances: Vec<Instance>,
    /// Every setting of every instance, in order of places; then encryption keys in copies that deploy nothing.
    pub settings: Vec<Setting>,
    /// Settings of no instance, and why, in order of places.
    pub unattributed: Vec<Unattributed>,
    /// How values reach the settings that they are given to, where names stand between.
    pub ways: Ways,
    /// The layers that instances share.
    pub shared_layers: Vec<SharedLayer>,
    /// What the tree's encryption keys say of its ciphertext.
    pub verdicts: Vec<Verdict>,
    /// Secrets of files that deploy nothing, and of the state before: no instance has them, and no output may show them.
    pub hidden: Vec<Location>,
    /// The commands that concern settings, in order of files and scripts.
    pub commands: Vec<Command>,
    /// Private key material, in order of places.
    pub secrets: Vec<Secret>,
    /// What storefronts show, in order of places.
    pub storefronts: Vec<PublicCopy>,
    /// What scripts do to the rows of databases, in order of places.
    pub edits: Vec<Edit>,
    /// Private keys that only earlier commits hold.
    pub buried: Vec<Buried>,
    /// What could not be read: a tree with a problem is never clean.
    pub problems: Vec<Problem>,
    /// Where files name settings of the connector that nothing reads: each file once.
    pub unread_carriers: Vec<Location>,
    /// Where files of no instance say that settings come from what this tree does not show.
    pub opaque: Vec<Location>,
    /// Of the files that feed an instance or have a problem: the file that stands at their path in the state that is checked, changed or
    /// not. A file that is gone there is not listed.
    pub remains: BTreeMap<SourceId, SourceId>,
    /// Of the files that feed an instance and are gone in the state that is checked: the file there that each seems to have become.
    pub moved: BTreeMap<SourceId, SourceId>,
    /// Tables of all this; they are made when a check first asks, and what changes the instances or settings makes them anew.
    pub lookups: Lookups,
}

impl Inventory {
    /// The instances that read a file, by index.
    pub(super) fn reading(&self, source: SourceId) -> &[usize] {
        self.lookups.reading(&self.instances, source)
    }

    /// The settings of a parameter that stand in a file.
    #[must_use]
    pub fn standing(&self, source: SourceId, parameter: Parameter) -> &[SettingId] {
        self.lookups.standing(&self.settings, (source, parameter))
    }

    /// The place of the instance with a name.
    pub(super) fn index_of(&self, name: &str) -> Option<usize> {
        self.lookups.index_of(&self.instances, name)
    }

    /// The problems of files of which nothing could be read.
    pub fn unread(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.is_of_whole_file())
    }

    /// Takes the instance of this name out; its settings stay known.
    pub fn forget_instance(&mut self, name: &str) {
        let Some(gone) = self.instances.iter().position(|instance| instance.name == name) else {
            return;
        };
        self.instances.remove(gone);
        self.lookups = Lookups::default();
        for layer in &mut self.shared_layers {
            layer.heirs.retain(|heir| *heir != gone);
            for heir in &mut layer.heirs {
                *heir -= usize::from(*heir > gone);
            }
        }
    }

    /// Adds the inventory of another state. Two instances of one name are one: what is known here goes first.
    pub fn absorb(&mut self, other: Self) {
        let mut other = self.moved(other);
        for instance in std::mem::take(&mut other.instances) {
            match self.instances.iter_mut().find(|known| known.name == instance.name) {
                Some(known) => known.complete(instance),
                None => self.instances.push(instance),
            }
        }
        // Nothing inherits from a layer of another state: each branch has all of its files.
        self.settings.extend(other.settings);
        self.ways.extend(other.ways);
        self.verdicts.extend(other.verdicts);
        // A file that both states have unchanged is one file.
        add(&mut self.hidden, other.hidden, |place| *place);
        add(&mut self.commands, other.commands, |command| command.at);
        add(&mut self.secrets, other.secrets, |secret| secret.at);
        add(&mut self.storefronts, other.storefronts, |copy| copy.at);
        add(&mut self.edits, other.edits, |edit| edit.at);
        add(&mut self.problems, other.problems, |problem| problem.at);
        add(&mut self.unread_carriers, other.unread_carriers, |place| *place);
        add(&mut self.unattributed, other.unattributed, |one| one.at);
    }

    /// Adds the inventory of another repository of the same tree. Instances of one name are one only where the configuration declares it.
    pub fn join(&mut self, other: Self, is_declared: impl Fn(&str) -> bool) {
        let other = self.moved(other);
        let mut places = Vec::new();
        for instance in other.instances {
            let is_known = |known: &Instance| known.name == instance.name;
            let known = Some(&instance.name).filter(|name| is_declared(name));
            let known = known.and_then(|_| self.instances.iter().position(is_known));
            places.push(known.unwrap_or(self.instances.len()));
            match known.and_then(|at| self.instances.get_mut(at)) {
                Some(known) => known.complete(instance),
                None => self.instances.push(instance),
            }
        }
        let place = |heir: usize| places.get(heir).copied().unwrap_or(heir);
        self.shared_layers.extend(other.shared_layers.into_iter().map(|layer| SharedLayer {
            heirs: layer.heirs.into_iter().map(place).collect(),
            ..layer
        }));
        self.settings.extend(other.settings);
        self.ways.extend(other.ways);
        self.verdicts.extend(other.verdicts);
        self.hidden.extend(other.hidden);
        self.commands.extend(other.commands);
        self.secrets.extend(other.secrets);
        self.storefronts.extend(other.storefronts);
        self.edits.extend(other.edits);
        self.problems.extend(other.problems);
        self.unread_carriers.extend(other.unread_carriers);
        self.unattributed.extend(other.unattributed);
        self.opaque.extend(other.opaque);
    }

    /// Another inventory with the ids that its settings have behind those of this one.
    fn moved(&mut self, mut other: Self) -> Self {
        self.lookups = Lookups::default();
        let before = u32::try_from(self.settings.len()).unwrap_or(u32::MAX);
        let shift = |id: &mut SettingId| id.0 = id.0.saturating_add(before);
        for instance in &mut other.instances {
            let scoped = instance.scoped.values_mut();
            for resolved in instance.settings.values_mut().chain(scoped) {
                shift(&mut resolved.winner);
                resolved.overridden.iter_mut().chain(&mut resolved.rivals).for_each(shift);
            }
        }
        for verdict in &mut other.verdicts {
            shift(&mut verdict.ciphertext);
            shift(&mut verdict.key);
        }
        other.shared_layers.iter_mut().flat_map(|layer| &mut layer.settings).for_each(shift);
        other
    }

    /// A setting by its id.
    ///
    /// # Panics
    /// Where the id is of another inventory.
    #[must_use]
    pub fn setting(&self, id: SettingId) -> &Setting {
        self.settings.get(id.0 as usize).expect("a setting id is of the inventory that gave it")
    }

    /// The setting in force for a parameter of an instance, if there is one.
    #[must_use]
    pub fn in_force(&self, instance: &Instance, parameter: Parameter) -> Option<&Setting> {
        instance.settings.get(&parameter).map(|resolved| self.setting(resolved.winner))
    }

    /// The text in force for a parameter, where it is a literal.
    #[must_use]
    pub fn literal(&self, instance: &Instance, parameter: Parameter) -> Option<&str> {
        self.in_force(instance, parameter)?.value.literal()
    }

    /// The data space an instance ends up with, folded so that two spellings of one id are equal; none where it is not a UUID.
    #[must_use]
    pub fn data_space(&self, instance: &Instance) -> Option<String> {
        fold_uuid(self.literal(instance, Parameter::DataSpace)?)
    }

    /// Every data space that an instance may end up with: more than one where the tree contradicts itself, and where code decides among
    /// values that are all known.
    pub fn data_spaces<'i>(&'i self, instance: &'i Instance) -> impl Iterator<Item = Space> + 'i {
        let given = instance.settings.get(&Parameter::DataSpace).into_iter();
        let all = given.flat_map(|found| std::iter::once(&found.winner).chain(&found.rivals));
        let settings = all.map(|id| self.setting(*id));
        let known = settings.filter(|found| found.possible().all(|(value, _)| value.is_known()));
        known.flat_map(|setting| {
            let is_certain = !matches!(setting.value, Value::OneOf(_));
            setting.possible().filter_map(move |(value, at)| {
                Some(Space { id: fold_uuid(value.literal()?)?, at, is_certain })
            })
        })
    }

    /// Whether a file gives the copy of a database another address.
    #[must_use]
    pub fn moves_a_copy(&self, source: SourceId) -> bool {
        self.edits.iter().any(|edit| edit.at.source == source && edit.moves_the_shop())
    }

    /// Whether some instance reads a file, and none that is not production.
    #[must_use]
    pub fn is_read_by_production_alone(&self, source: SourceId) -> bool {
        let mut readers = self.readers_of(source).peekable();
        readers.peek().is_some() && readers.all(|instance| instance.kind.value == Kind::Production)
    }

    /// The names of the instances that read a place's file.
    #[must_use]
    pub fn readers(&self, at: Location) -> Vec<String> {
        self.readers_of(at.source).map(|instance| instance.name.clone()).collect()
    }

    /// The instances that read a file.
    pub fn readers_of(&self, source: SourceId) -> impl Iterator<Item = &Instance> {
        self.reading(source).iter().filter_map(|index| self.instances.get(*index))
    }

    /// The instance with a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Instance> {
        self.instances.get(self.index_of(name)?)
    }

    /// The names of the values that stand at each place: equal for one data space in two spellings, and for one key in two dresses; none
    /// for what can be guessed.
    #[must_use]
    pub fn fingerprints(&self) -> BTreeMap<Location, Fingerprint> {
        let given = self.commands.iter().flat_map(|command| &command.settings);
        let settings = self.settings.iter().chain(given);
        let of_setting = |setting: &Setting| Some((setting.at, setting.fingerprint()?));
        let buried = self.buried.iter().map(|buried| &buried.secret);
        let secrets = self.secrets.iter().chain(buried);
        let secrets = secrets.map(|secret| (secret.at, secret.fingerprint));
        let all = settings.filter_map(of_setting).chain(secrets);
        all.filter(|(_, name)| !name.is_guessable()).collect()
    }

    /// Whether a place holds a secret's text, as a value or as a key.
    pub fn secret_places(&self) -> impl Iterator<Item = Location> + '_ {
        let given = self.commands.iter().flat_map(|command| &command.settings);
        let hides = |setting: &Setting, value: &Value| {
            let is_mark = matches!(value, Value::Placeholder | Value::Masked);
            value.is_hidden() || setting.parameter.is_secret() && is_mark
        };
        let values = self.settings.iter().chain(given).flat_map(move |setting| {
            let candidates = setting.possible();
            candidates.filter(move |(value, _)| hides(setting, value)).map(|(_, at)| at)
        });
        let places = values.chain(self.hidden.iter().copied());
        let buried = self.buried.iter().map(|buried| buried.secret.at);
        places.chain(self.secrets.iter().map(|secret| secret.at)).chain(buried)
    }
}

/// Adds what does not stand at its place yet.
fn add<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>, place: impl Fn(&T) -> Location) {
    let mut places: BTreeMap<Location, Vec<&T>> = BTreeMap::new();
    for one in &*known {
        places.entry(place(one)).or_default().push(one);
    }
    let is_new = |one: &T| !places.get(&place(one)).is_some_and(|known| known.contains(&one));
    let new: Vec<T> = more.into_iter().filter(is_new).collect();
    known.extend(new);
}
