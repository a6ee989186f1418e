//! Settings → [`Inventory`]: which instance a file feeds, and which value wins.
//!
//! In order: declared, said by the document, read off the path; then base files are handed down, Magento's precedence decides, and kind
//! and account are read. A pure function: the same files give the same inventory.

mod actions;
pub(crate) mod address;
mod ansible;
mod apart;
mod arms;
mod belongings;
mod clash;
pub(crate) mod conventions;
pub(crate) mod databases;
mod deeds;
mod deployers;
mod draft;
mod family;
mod fold;
mod given;
mod group;
mod heirs;
pub(crate) mod identity;
pub(crate) mod kind;
pub(crate) mod layers;
mod lists;
mod machines;
pub(crate) mod names;
pub(crate) mod operations;
mod order;
mod overlays;
mod owners;
mod parts;
mod piece;
mod readers;
mod reasons;
mod references;
mod remains;
mod said;
pub(crate) mod samples;

mod silent;
mod standby;
mod standing;
mod storefronts;
mod surroundings;
mod switches;
mod takers;
mod task_words;
mod tasks;
mod topics;
mod unite;
mod universes;
mod unsaid;
pub(crate) mod verdicts;
mod vocabulary;
pub(crate) mod words;
mod workloads;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::declared::{Declarations, Known};
use crate::model::instance::{Evidence, Instance};
use crate::model::inventory::{Inventory, SharedLayer};
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Secret, SecretKind, Setting, SettingId};
use crate::model::variable;
use crate::model::way::Ways;
use crate::recognise::{Contribution, Recognised, Said};
use crate::source::{Source, SourceId};
use crate::sources::Sources;
use crate::syntax::file_name;
use belongings::Spaces;
use conventions::Base;
use draft::Draft;
use group::{Group, Key, Shared};
use heirs::Candidates;
use identity::{Identity, display_name, named};
use lists::Lists;
use order::Order;
use overlays::Overlays;
use parts::{Part, parts, without_idle_keys};
use piece::Piece;
use reasons::{Reasons, left_out};
use references::References;
use said::settle_said_names;
use switches::Switches;

/// Why samples belong to no instance.
const SAMPLE: &str = "its path says that it is a sample or a test, which deploys nothing";

/// Why what a command names by a variable belongs to no instance.
const COMPUTED: &str = "only running the script would tell which environment it names";

/// Why files that are denied belong to no instance.
const DENIED: &str = "`[not-instances]` of the configuration names its file";

/// Works out the instances of a tree: of each repository in it by itself.
#[must_use]
pub fn resolve(
    sources: &Sources,
    (recognised, ways): (Vec<Recognised>, Ways),
    declared: &Declarations,
) -> Inventory {
    let declared = &declared.over(sources.paths());
    let mut inventory = universes::resolve(sources, (recognised, ways), declared, of_one);
    settle_other_names(&mut inventory.instances);
    sort_by_name(&mut inventory);
    inventory.verdicts = verdicts::verdicts(sources, &inventory);
    inventory.remains = remains::remains(sources, &inventory);
    inventory.moved = remains::moved(sources, &inventory);
    inventory
}

/// Works out the instances of one repository.
fn of_one(
    sources: &Sources,
    (recognised, ways): (Vec<Recognised>, Ways),
    declared: &Known<'_>,
) -> Inventory {
    let is_idle = |path: &str| is_idle(declared, path);
    let mut inventory = Inventory { ways, ..Inventory::default() };
    let Taken { contributions, copies, idle } =
        take_in(recognised, sources, declared, &mut inventory);
    let spaces = Spaces::of(contributions.iter().map(|found| found.source), sources);
    let mut pieces: Vec<Piece> =
        contributions.into_par_iter().map(|found| Piece::of(found, sources, &spaces)).collect();
    let computed = nobodys(&mut pieces);
    inventory.opaque.extend(computed.iter().map(|setting| setting.at));
    inventory.unattributed.extend(left_out(&computed, COMPUTED));
    let said = settle_said_names(&mut pieces);
    let split = apart::tell_apart(&mut pieces, said, sources);
    let mut pieces = without_idle_keys(pieces, sources);
    inventory.unattributed.extend(databases::leave_out_unnamed(&mut pieces, sources, declared));
    let contributions = || pieces.iter().map(|piece| &piece.contribution);
    inventory.commands.extend(contributions().flat_map(|found| found.commands.iter().cloned()));
    let parts = parts(sources, &pieces, &mut inventory.settings);
    inventory.settings.extend(copies);
    let of_any = of_any(&computed, sources, &mut inventory.settings);
    let overlays = Overlays::of(contributions(), sources);
    let references = References::of(&parts, &idle, sources);
    let lists = Lists::of(&parts, &inventory.settings, &inventory.ways);
    // A branch has what its tree leaves unsaid.
    let is_branch = |name: &&String| {
        declared.get(name).is_some_and(|of| of.branch.is_some() && of.files.is_empty())
    };
    let rest: Vec<&String> = declared.names().filter(is_branch).collect();
    let mut groups = Draft {
        sources,
        candidates: candidates(sources, &parts, &is_idle),
        paths: OnceCell::new(),
        declared,
        named: declared
            .names()
            .filter_map(|name| Some((named(name)?, name.clone())))
            .chain(rest.iter().map(|&name| (Identity::default(), name.clone())))
            .collect(),
        rest,
        parts: &parts,
        overlays: &overlays,
        references: &references,
        lists: &lists,
        split: &split,
        taken: BTreeMap::new(),
        groups: BTreeMap::new(),
    };
    let order = Order::of(&parts);
    let inherited = groups.own_files();
    groups.fold_unopposed_words(&inventory.settings);
    let shared = groups.hand_down(&inherited);
    groups.add_keyrings();
    groups.settle_inventories(&inventory.settings);
    let mut groups = groups.into_groups();
    let mut reasons = Reasons::of((&parts, &pieces), &split, declared);
    let mut keys: Vec<Key> = Vec::new();
    let mut families: Vec<String> = Vec::new();
    let mut named: Vec<bool> = Vec::new();
    let inventories = parts.iter().filter(|part| part.is_of_inventory());
    let inventories: BTreeSet<SourceId> =
        inventories.map(|part| part.contribution.source).collect();
    let ways = (&inventory.ways, &inventories);
    let read_by_others = readers::settle(&mut groups, &inventory.settings, ways);
    let mut switches = Switches::new(sources);
    switches.switched.extend(read_by_others);
    inventory.instances.reserve_exact(groups.len());
    for (key, mut group) in groups {
        switches.settle(&mut group, &inventory.settings);
        if !group.has_settings(&inventory.settings) {
            inventory.opaque.extend(group.opaque);
            continue;
        }
        group.add_places(&inventory.settings);
        families.push(kind::family(&group.claims));
        named.push(kind::may_be_name(&group.claims));
        let attributions = reasons.attributions(&key, &group);
        let settings = (&*inventory.settings, &order, &inventory.ways);
        let instance = instance(&key, group, settings, declared);
        inventory.instances.push(Instance { attributions, ..instance });
        keys.push(key);
    }
    inventory.unattributed.extend(reasons.unattributed());
    inventory.unattributed.sort();
    kind::settle_accounts(&mut inventory.instances, &families);
    kind::settle_names(&mut inventory.instances, &families, &named, &inventory.settings);
    kind::settle_by_elimination(&mut inventory.instances, &families);
    make_names_unique(&mut inventory.instances);
    let Inventory { instances, storefronts, .. } = &mut inventory;
    storefronts::assign(storefronts, &keys, instances, sources, declared);
    let is_cloud = sources.paths().any(|(_, path)| file_name(path) == ".magento.app.yaml");
    inventory.shared_layers = shared_layers(&parts, &shared, &keys, &switches.switched, is_cloud);
    inventory.shared_layers.extend(of_any);
    inventory
}

/// What the files of a tree give.
#[derive(Default)]
struct Taken {
    /// What goes to instances.
    contributions: Vec<Contribution>,
    /// What is in force nowhere and opens ciphertext all the same.
    copies: Vec<Setting>,
    /// The objects that hold no setting.
    idle: Vec<Contribution>,
}

/// Whether a file makes no instance. Whoever declares a sample names it: `**` means what deploys.
fn is_idle(declared: &Known<'_>, path: &str) -> bool {
    let is_meant = || declared.patterns(path).into_iter().any(samples::is_sample);
    declared.denies(path) || samples::is_sample(path) && !is_meant()
}

/// Sorts what was recognised: what goes to instances, and what stands in an inventory for itself.
fn take_in(
    recognised: Vec<Recognised>,
    sources: &Sources,
    declared: &Known<'_>,
    inventory: &mut Inventory,
) -> Taken {
    let mut taken = Taken::default();
    for mut file in recognised {
        taken
            .copies
            .extend(file.contributions.iter_mut().flat_map(|part| part.take_loose(sources)));
        // A dummy in a test or a sample is no key for being in the place of one.
        let is_dummy = |secret: &Secret| {
            secret.kind == SecretKind::Text && samples::is_sample(sources.path(secret.at.source))
        };
        inventory.secrets.extend(file.secrets.into_iter().filter(|secret| !is_dummy(secret)));
        inventory.edits.extend(databases::judged(file.edits, sources));
        let is_sample = |source: SourceId| {
            let path = sources.path(source);
            let text = || sources.get(source).map_or("", Source::text);
            is_idle(declared, path)
                && (declared.denies(path) || !samples::is_deployed_template(path, text()))
        };
        let shown = file.storefronts.into_iter().filter(|copy| !is_sample(copy.at.source));
        inventory.storefronts.extend(shown);
        inventory
            .problems
            .extend(file.problems.into_iter().filter(|problem| !is_sample(problem.at.source)));
        // What a document says beats its path: a folder `backup` can hold what is deployed.
        let is_kept = |found: &Contribution| {
            samples::is_copy(sources.path(found.source))
                && found.said.as_ref().is_some_and(Said::says_environment)
        };
        let (samples, deployed): (Vec<_>, Vec<_>) = file
            .contributions
            .into_iter()
            .partition(|found| is_sample(found.source) && !is_kept(found));
        for sample in &samples {
            let is_denied = declared.denies(sources.path(sample.source));
            let because = if is_denied { DENIED } else { SAMPLE };
            inventory.unattributed.extend(left_out(&sample.settings, because));
        }
        let settings = samples.into_iter().flat_map(|sample| sample.settings);
        for secret in settings {
            let hidden = secret.possible().filter(|(value, _)| value.is_hidden());
            let before = inventory.hidden.len();
            inventory.hidden.extend(hidden.map(|(_, at)| at));
            if inventory.hidden.len() == before {
                continue;
            }
            // The key in a copy that deploys nothing opens ciphertext all the same.
            taken.copies.extend((secret.parameter == Parameter::CryptKey).then_some(secret));
        }
        taken.contributions.extend(deployed.into_iter().filter(|part| !part.is_empty()));
        taken.idle.extend(file.idle.into_iter().filter(|found| !is_sample(found.source)));
    }
    taken
}

/// Takes out what only running a script would attribute.
fn nobodys(pieces: &mut Vec<Piece>) -> Vec<Setting> {
    let taken = pieces.extract_if(.., |piece| piece.is_nobodys());
    taken.flat_map(|piece| piece.contribution.settings).collect()
}

/// What files set for whichever environment they are run for: a layer for each.
fn of_any(
    computed: &[Setting],
    sources: &Sources,
    settings: &mut Vec<Setting>,
) -> Vec<SharedLayer> {
    let mut layers: BTreeMap<SourceId, SharedLayer> = BTreeMap::new();
    for setting in computed.iter().filter(|setting| setting.value.literal().is_some()) {
        let source = setting.key_at.source;
        let layer = layers.entry(source).or_insert_with(|| SharedLayer {
            source,
            why: format!(
                "`{}` sets it for whichever environment it is run for",
                sources.path(source)
            ),
            settings: Vec::new(),
            heirs: Vec::new(),
            is_open: true,
        });
        let next = u32::try_from(settings.len()).unwrap_or(u32::MAX);
        layer.settings.push(SettingId(next));
        settings.push(setting.clone());
    }
    layers.into_values().collect()
}

fn instance(
    key: &Key,
    group: Group,
    (settings, order, ways): (&[Setting], &Order<'_>, &Ways),
    declared_names: &Known<'_>,
) -> Instance {
    let (resolved, scoped) = layers::resolve(settings, order, &group.reaching, ways);
    let (name, declared) = match key {
        Key::Declared(name) => (name.clone(), declared_names.get(name)),
        Key::Read(identity) => {
            let names = group.claims.first().map_or_else(Vec::new, |claim| {
                let mut names = claim.names.clone();
                names.retain(|name| identity.names.contains(name));
                names.extend(
                    identity.names.iter().filter(|name| !claim.names.contains(name)).cloned(),
                );
                names
            });
            let first = group.claims.first().and_then(|claim| claim.environment.as_ref());
            let begins = first.and_then(|environment| environment.begins.as_deref());
            (display_name(&names, identity.environment.as_deref(), begins), None)
        }
    };
    let literal = |parameter: Parameter| {
        let winner = resolved.get(&parameter)?.winner;
        settings.get(winner.0 as usize)?.value.literal()
    };
    Instance {
        kind: kind::kind(&group.claims, declared, literal(Parameter::DataSpaceType), &name),
        account: kind::account(&group.claims, declared, literal(Parameter::Project)),
        same_as: declared.map_or_else(|| name.clone(), |_| installation(declared_names, &name)),
        name,
        feeds: group.feeds.into_values().collect(),
        attributions: Vec::new(),
        settings: resolved,
        scoped,
        opaque: group.opaque,
    }
}

/// The instance that a name is another name of, over all names between; the configuration has no circles of them.
fn installation(declared: &Known<'_>, name: &str) -> String {
    let of = |name: &String| declared.get(name)?.same_as.clone();
    std::iter::successors(Some(name.to_owned()), of).last().unwrap_or_default()
}

/// The files that could inherit something by their names alone: most files of a tree could not.
fn candidates<'a>(
    sources: &'a Sources,
    parts: &[Part<'_>],
    is_idle: &dyn Fn(&str) -> bool,
) -> Candidates<'a> {
    if parts.iter().all(|part| part.base.is_none()) {
        return Candidates::default();
    }
    let can_inherit = |path: &str| conventions::is_configuration(path) && !is_idle(path);
    Candidates::new(sources.paths().filter(|(_, path)| can_inherit(path)))
}

/// One layer per file: several objects of one file are inherited together. What some heir switches off is not shared by all.
fn shared_layers(
    parts: &[Part<'_>],
    shared: &[Shared],
    keys: &[Key],
    switched: &BTreeSet<SettingId>,
    is_cloud: bool,
) -> Vec<SharedLayer> {
    let places: BTreeMap<&Key, usize> = keys.iter().zip(0..).collect();
    let mut layers: BTreeMap<SourceId, SharedLayer> = BTreeMap::new();
    for Shared { part, heirs, why } in shared {
        let Some(part) = parts.get(*part) else { continue };
        let source = part.contribution.source;
        let why = why.clone();
        let layer = layers.entry(source).or_insert(SharedLayer {
            source,
            why,
            settings: Vec::new(),
            heirs: Vec::new(),
            is_open: is_cloud && part.base.as_ref().is_some_and(Base::is_always),
        });
        layer.settings.extend(part.settings.iter().filter(|id| !switched.contains(id)));
        layer.heirs.extend(heirs.iter().filter_map(|key| places.get(key)));
    }
    layers.into_values().collect()
}

/// Two identities can have one name, such as the words `a`, `b` and the word `a-b`.
fn make_names_unique(instances: &mut [Instance]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for instance in instances {
        let count = seen.entry(instance.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            let name = format!("{} ({count})", instance.name);
            if instance.same_as == instance.name {
                instance.same_as.clone_from(&name);
            }
            instance.name = name;
        }
    }
}

/// What is said of an installation under one name goes for its other names, where these say nothing themselves.
fn settle_other_names(instances: &mut [Instance]) {
    let read = |instance: &Instance| {
        (instance.name.clone(), (instance.kind.clone(), instance.account.clone()))
    };
    let known: BTreeMap<String, _> = instances.iter().map(read).collect();
    for instance in instances {
        let Some((kind, account)) = known.get(&instance.same_as) else { continue };
        if instance.kind.evidence != Evidence::Declared {
            instance.kind.clone_from(kind);
        }
        if instance.account.evidence != Evidence::Declared {
            instance.account.clone_from(account);
        }
    }
}

impl Said {
    /// Whether a namespace, a label or a destination says an environment.
    fn says_environment(&self) -> bool {
        self.how != Self::KEYS && self.names.iter().any(|name| words::says_certainly(name))
    }
}

impl Contribution {
    /// Takes out what is in force nowhere for being there: secrets of other tools, and encryption keys that are kept for an `env.php`.
    fn take_loose(&mut self, sources: &Sources) -> Vec<Setting> {
        let name = |setting: &Setting| {
            sources
                .get(setting.key_at.source)
                .map_or("", |source| source.slice(setting.key_at.span))
        };
        let is_loose = |setting: &mut Setting| match setting.parameter {
            Parameter::Credential(_) => true,
            Parameter::CryptKey => {
                let is_of_magento = setting.carrier == Carrier::EnvPhp
                    || name(setting).contains(variable::CRYPT_KEY);
                !is_of_magento
            }
            _ => false,
        };
        self.settings.extract_if(.., is_loose).collect()
    }
}

fn sort_by_name(inventory: &mut Inventory) {
    let mut order: Vec<(usize, &Instance)> = inventory.instances.iter().enumerate().collect();
    order.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
    let places: BTreeMap<usize, usize> = order.iter().map(|(old, _)| *old).zip(0..).collect();
    let place = |old: &usize| places.get(old).copied();
    for layer in &mut inventory.shared_layers {
        layer.heirs = layer.heirs.iter().filter_map(place).collect();
        layer.heirs.sort_unstable();
        layer.heirs.dedup();
    }
    inventory.instances.sort_by(|a, b| a.name.cmp(&b.name));
}
