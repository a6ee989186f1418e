//! References that the tree itself resolves: a name that stands for a setting is read as that setting in the files that give it a value.
//!
//! `{{ .Values.saas.space }}` in a template makes `saas.space` of a file of values that very setting, for the instance of that file. A name can
//! stand for a name, a few times. No code is run; what nothing gives stays a reference. Each value stands where it is written, with the way
//! that leads to it.

mod alongside;
mod arms;
mod assigned;
mod azure;
mod bound;
mod calls;
mod chef;
mod conditions;
mod decoded;
mod fallback;
mod filling;
mod generated;
mod globs;
mod groups;
mod hiera;
mod inventory;
pub(crate) mod leads;
mod maps;
mod meant;
pub(crate) mod names;
mod patches;
mod pipelines;
mod plays;
mod provided;
mod queries;
pub(crate) mod reach;
mod rename;
mod replacements;
mod required;
mod roles;
mod roots;
mod rounds;
mod running;
mod scripts;
mod seeker;
pub(crate) mod sought;
mod sourced;
mod spelt;
mod templates;
mod terragrunt;
mod want;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Secret, Setting};
use crate::model::way::{Way, Ways};
use crate::recognise::handed::{Handed, Tool};
use crate::recognise::secret::places;
use crate::recognise::{self, Contribution, Recognised, dialects, gitops};
use crate::source::{Location, Source, SourceId};
use crate::sources::Sources;
use crate::syntax::{Node, NodeKind, Parsed};
use leads::Leads;
use rename::{Detour, Hit, rename};
use required::Required;
use sought::{Alias, Sought};

/// How often a name may stand for a name.
const MAX_STEPS: usize = 4;

/// Reads the names that stand for settings; returns what is found then, and the ways to it.
#[must_use]
pub fn follow(sources: &Sources, mut recognised: Vec<Recognised>) -> (Vec<Recognised>, Ways) {
    let Some(joined) = pipelines::join(sources, &mut recognised) else {
        return follow_in(sources, recognised);
    };
    let (mut recognised, mut ways) = follow_in(&joined.sources, recognised);
    joined.part(&mut recognised, &mut ways);
    recognised.sort_by_key(Recognised::source);
    (recognised, ways)
}

fn follow_in(sources: &Sources, mut recognised: Vec<Recognised>) -> (Vec<Recognised>, Ways) {
    let leads = Leads::of(sources, recognised.iter());
    let paths: Vec<(SourceId, &str)> = sources.paths().collect();
    let leading: Vec<_> = paths.par_iter().filter(|(_, path)| leads.may_lead(path)).collect();
    for &(id, path) in leading {
        let source = sources.get(id).filter(|source| leads.is_new(id, path, source.text()));
        let format = source.and_then(|source| dialects::format(path, source.text()));
        if let Some((source, format)) = source.zip(format) {
            let read = recognise::read(source, id, &format.parse(id, source.text()));
            let takes = |found: &Contribution| !found.includes.is_empty();
            let contributions: Vec<Contribution> =
                read.contributions.into_iter().filter(takes).collect();
            recognised.push(Recognised { contributions, ..Recognised::default() });
        }
    }
    let Required { parsed: mut whole, mut ways } = required::apply(sources, &mut recognised);
    scripts::apply(sources, &mut recognised, &mut ways);
    take_in_inventories(sources, &mut recognised, None);
    arms::spread(sources, &mut recognised);
    azure::spread(sources, &mut recognised);
    calls::spread(sources, &mut recognised);
    recognised.sort_by_key(Recognised::source);
    patches::apply(sources, &mut recognised);
    replacements::apply(sources, &mut recognised);
    generated::apply(sources, &mut recognised);
    sourced::take_in(sources, &mut recognised);
    plays::take_in(sources, &mut recognised);
    hiera::take_in(sources, &mut recognised);
    chef::settle(sources, &mut recognised);
    let mut sought = Sought::of(sources, recognised.iter());
    if sought.is_empty() {
        take_in_inventories(sources, &mut recognised, Some(&ways));
        arms::settle(&mut recognised);
        alongside::name(sources, &mut recognised);
        return (recognised, ways);
    }
    let mut files: Vec<File<'_>> = paths
        .par_iter()
        .filter(|(_, path)| sought.may_give(path))
        .filter_map(|&(id, path)| Some(File { id, path, source: sources.get(id)?, parsed: None }))
        .collect();
    for file in &mut files {
        file.parsed = whole.remove(&file.id);
    }
    let mut found: BTreeMap<SourceId, Recognised> = BTreeMap::new();
    for _ in 0..MAX_STEPS {
        let known = sought.aliases.len();
        let spelt = sought.reach.spelt();
        let read: Vec<(SourceId, Given)> = files
            .par_iter_mut()
            .filter(|file| spelt.may_stand_in(file.source.text()))
            .filter_map(|file| Some((file.id, file.read(&sought)?)))
            .collect();
        for (id, Given { read, led, detours }) in read {
            for detour in detours {
                sought.take_detour(sources, &detour);
            }
            let Some(read) = read else { continue };
            for (at, more) in led {
                let led: &mut Vec<Way> = ways.entry(at).or_default();
                let new: Vec<Way> = more.into_iter().filter(|way| !led.contains(way)).collect();
                led.extend(new);
            }
            found.insert(id, read);
        }
        for part in found.values().flat_map(|found| &found.contributions) {
            let files = sought::files(part);
            for setting in &part.settings {
                if let Some(above) = ways.get(&setting.at) {
                    sought.add(sources, setting, (above, &files));
                }
            }
        }
        if sought.aliases.len() == known {
            break;
        }
    }
    put(found, &mut recognised);
    assigned::settle(sources, &mut recognised);
    take_in_inventories(sources, &mut recognised, Some(&ways));
    azure::spread(sources, &mut recognised);
    arms::spread(sources, &mut recognised);
    arms::settle(&mut recognised);
    alongside::name(sources, &mut recognised);
    fallback::put_in_order(sources, &mut recognised, &ways);
    fallback::apply(sources, &mut recognised, &ways);
    recognised.sort_by_key(Recognised::source);
    (recognised, ways)
}

/// Puts what was found behind names in the place of what was known of its files.
fn put(found: BTreeMap<SourceId, Recognised>, recognised: &mut Vec<Recognised>) {
    let mut index: BTreeMap<SourceId, usize> = BTreeMap::new();
    for (at, recognised) in recognised.iter().enumerate() {
        index.extend(recognised.source().map(|id| (id, at)));
    }
    for (id, read) in found {
        let Some(known) = index.get(&id).and_then(|at| recognised.get_mut(*at)) else {
            recognised.push(read);
            continue;
        };
        known.contributions = read.contributions;
        // What was found in the text, a setting that holds it does not tell again.
        let secrets = &mut known.secrets;
        secrets.sort_by_key(|secret| secret.at);
        let is_known = |secret: &Secret| {
            let before = secrets.partition_point(|one| one.at.span.end <= secret.at.span.start);
            secrets.get(before).is_some_and(|one| one.at.span.overlaps(secret.at.span))
        };
        let new: Vec<Secret> =
            read.secrets.into_iter().filter(|secret| !is_known(secret)).collect();
        secrets.extend(new);
        secrets.sort_by_key(|secret| secret.at);
        secrets.dedup_by_key(|secret| secret.at);
    }
}

/// Lets inventories take in what is known by now to give variables; once all names are led to values, shares out what they say themselves.
fn take_in_inventories(sources: &Sources, recognised: &mut Vec<Recognised>, led: Option<&Ways>) {
    for known in recognised.iter_mut() {
        known.contributions.retain(|part| !inventory::is_taker(part));
    }
    let inventory::Taken { parts, moved } = inventory::taken(sources, recognised, led);
    let is_moved = |setting: &mut Setting| moved.contains(&inventory::known(setting));
    for known in recognised.iter_mut().filter(|_| !moved.is_empty()) {
        known.contributions.retain_mut(|part| {
            let said = part.said.clone();
            part.settings.extract_if(.., is_moved).count() == 0
                || *part != Contribution { said, ..Contribution::of(part.source) }
        });
    }
    let mut of_source: BTreeMap<SourceId, Vec<Contribution>> = BTreeMap::new();
    for part in parts {
        of_source.entry(part.source).or_default().push(part);
    }
    for known in recognised.iter_mut() {
        let own = known.source().and_then(|id| of_source.remove(&id));
        known.contributions.extend(own.into_iter().flatten());
    }
    let new = of_source.into_values();
    recognised
        .extend(new.map(|parts| Recognised { contributions: parts, ..Recognised::default() }));
}

/// Places of values, each with the ways that lead to it.
type Led = Vec<(Location, Vec<Way>)>;

/// What a file gives where names stand for settings.
struct Given {
    /// The file, read so; none where it gives no such name.
    read: Option<Recognised>,
    /// Each value with the ways that lead to it.
    led: Led,
    /// Names behind which those that are looked for go on.
    detours: Vec<Detour>,
}

/// A file that may give names.
struct File<'s> {
    id: SourceId,
    path: &'s str,
    source: &'s Source,
    parsed: Option<Parsed>,
}

impl File<'_> {
    /// What it gives where names stand for settings, each value with the ways that lead to it; none where it gives no such name.
    fn read(&mut self, sought: &Sought) -> Option<Given> {
        let text = self.source.text();
        if self.parsed.is_none() {
            let format = dialects::format(self.path, text)?;
            self.parsed = Some(format.parse(self.id, text));
        }
        let mut parsed = self.parsed.clone()?;
        let setting = |number: usize| {
            let alias = sought.aliases.get(number);
            alias.map_or_else(String::new, |alias| variable(alias.parameter, &alias.scope))
        };
        // A variable of a workflow is that of what stands beneath, and of nothing beside it.
        // Through an alias a step stands in several jobs.
        let is_workflow = self.path.contains(".github/workflows/")
            && !text.contains(": *")
            && !text.contains("- *");
        let scope = |number: usize| {
            let way = sought.aliases.get(number).and_then(|alias| alias.ways.first());
            way.filter(|way| is_workflow && way.at.source == self.id).map(|way| way.at.span)
        };
        let mut hits: Vec<Hit> = Vec::new();
        let mut detours: Vec<Detour> = Vec::new();
        let mut handed: BTreeMap<(Tool, String), Vec<usize>> = BTreeMap::new();
        for document in &mut parsed.documents {
            let wanted = sought.reach.wanted(self.source, document);
            if wanted.is_empty() {
                continue;
            }
            handed.extend(wanted.handed.clone());
            gitops::unfold(self.source, document);
            let stays = document.get("jobs").is_some()
                || document.get("data").is_some()
                || document.get("stringData").is_some();
            let (found, more) = rename(document, &wanted, (stays, &scope), &setting);
            detours.extend(more);
            if document.get("apiVersion").is_some() && document.get("kind").is_some() {
                sink(document, &found);
            }
            hits.extend(found);
        }
        if hits.is_empty() && handed.is_empty() {
            let is_led = !detours.is_empty();
            return is_led.then_some(Given { read: None, led: Led::new(), detours });
        }
        let mut names = Handed::default();
        for ((tool, name), numbers) in &handed {
            for alias in numbers.iter().filter_map(|number| sought.aliases.get(*number)) {
                names.add(*tool, name, (alias.parameter, alias.scope.clone()));
            }
        }
        let mut read = recognise::read_with(self.source, self.id, &parsed, &names);
        let settings = read.contributions.iter().flat_map(|found| &found.settings);
        let renamed: BTreeSet<Location> = hits.iter().map(|hit| hit.key).collect();
        let is_handed = |at: Location| !handed.is_empty() && !renamed.contains(&at);
        for setting in settings.filter(|setting| is_handed(setting.key_at)) {
            let key = setting.key_at;
            let written = self.source.slice(key.span);
            let its = handed.iter().filter(|((_, name), _)| name == written);
            hits.extend(its.flat_map(|(_, numbers)| numbers).map(|&number| Hit { number, key }));
        }
        if hits.is_empty() {
            let is_led = !detours.is_empty();
            return is_led.then_some(Given { read: None, led: Led::new(), detours });
        }
        let led = settle(&mut read, &hits, sought);
        let bare = places::at_settings(self.source, &read.contributions, &read.secrets);
        read.secrets.extend(bare);
        Some(Given { read: Some(read), led, detours })
    }
}

/// Of an object, no setting stands at the root: what was put there goes beneath.
fn sink(document: &mut Node, found: &[Hit]) {
    let NodeKind::Mapping(entries) = &mut document.kind else { return };
    let is_new = |at: Location| found.iter().any(|hit| hit.key == at);
    let moved: Vec<_> = entries.extract_if(.., |entry| is_new(entry.key.at)).collect();
    let under = entries.iter_mut().rev().find(|entry| entry.key.as_str() == Some("spec"));
    if let Some(NodeKind::Mapping(under)) = under.map(|entry| &mut entry.value.kind) {
        under.extend(moved);
    }
}

/// Gives what was read by a name the carrier and the scope of the setting that it stands for.
fn settle(read: &mut Recognised, hits: &[Hit], sought: &Sought) -> Led {
    let mut of_key: BTreeMap<Location, Vec<&Alias>> = BTreeMap::new();
    for hit in hits {
        of_key.entry(hit.key).or_default().extend(sought.aliases.get(hit.number));
    }
    let mut led = Vec::new();
    let settings = read.contributions.iter_mut().flat_map(|found| &mut found.settings);
    for setting in settings {
        let known = of_key.get(&setting.key_at).or_else(|| of_key.get(&setting.at));
        let known = known.into_iter().flatten();
        let mut its = known.filter(|alias| alias.parameter == setting.parameter).peekable();
        let Some(first) = its.peek() else { continue };
        (setting.scope, setting.carrier) = (first.scope.clone(), first.carrier);
        let mut ways = Vec::new();
        for alias in its {
            setting.carrier = setting.carrier.max(alias.carrier);
            ways.extend(alias.ways.iter().cloned());
        }
        led.push((setting.at, ways));
    }
    led
}

/// The variable that sets a parameter.
fn variable(parameter: Parameter, scope: &Scope) -> String {
    let path = parameter.path().to_ascii_uppercase().replace('/', "__");
    match scope {
        Scope::Default => format!("CONFIG__DEFAULT__{path}"),
        Scope::Website(code) => format!("CONFIG__WEBSITES__{code}__{path}"),
        Scope::Store(code) => format!("CONFIG__STORES__{code}__{path}"),
    }
}
