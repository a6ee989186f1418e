//! PHP files as they run: together with the files that they take in, `require __DIR__ . '/ids.php'`.
//!
//! What is known of a file that is taken in is known where it is used, with its place in that file and the way to it. Such a file gives
//! nothing by itself then, unless it stands alone as well.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::setting::{Setting, Value};
use crate::model::way::{Way, Ways};
use crate::recognise::document::is_env_php;
use crate::recognise::secret::places;
use crate::recognise::{self, Contribution, Recognised};
use crate::resolve::samples::is_sample;
use crate::resolve::words::Words;
use crate::source::{Source, SourceId};
use crate::sources::Sources;
use crate::syntax::php::{Php, parse_whole, taken_in};
use crate::syntax::{Format as _, Parsed, file_name};

/// Whether Magento reads a file itself, by its name.
#[must_use]
pub fn is_read(path: &str) -> bool {
    is_env_php(file_name(path)) || file_name(path) == "config.php"
}

/// The files that a source takes in, by their paths.
#[must_use]
pub fn named(source: &Source) -> BTreeSet<String> {
    if takes_in(source) { taken_in(source.path(), source.text()) } else { BTreeSet::new() }
}

fn takes_in(source: &Source) -> bool {
    let spells = |word| source.text().contains(word);
    Php.claims(source.path()) && ["require", "include", "json_decode"].into_iter().any(spells)
}

/// What each file holds that takes others in, and the ways to the values of these.
#[derive(Default)]
pub struct Required {
    /// The files, read so.
    pub parsed: BTreeMap<SourceId, Parsed>,
    /// The ways.
    pub ways: Ways,
}

/// Reads each file anew that takes others in.
pub fn apply(sources: &Sources, recognised: &mut Vec<Recognised>) -> Required {
    let mut required = Required::default();
    let takers: Vec<(SourceId, &Source)> = sources
        .paths()
        .filter_map(|(id, _)| Some((id, sources.get(id)?)))
        .filter(|(_, source)| takes_in(source))
        .collect();
    if takers.is_empty() {
        return required;
    }
    let by_path: BTreeMap<&str, SourceId> = sources.paths().map(|(id, path)| (path, id)).collect();
    let find = |path: &str| {
        let id = *by_path.get(path)?;
        Some((id, sources.get(id)?.text()))
    };
    let mut taken: BTreeSet<SourceId> = BTreeSet::new();
    let mut read: BTreeMap<SourceId, Vec<Contribution>> = BTreeMap::new();
    for (id, source) in takers {
        let Some(whole) = parse_whole((id, source.path(), source.text()), &find) else { continue };
        for (value, at) in whole.names {
            let way = Way { at, name: source.slice(at.span).to_owned(), behind: 0 };
            let known: &mut Vec<Way> = required.ways.entry(value).or_default();
            if !known.contains(&way) {
                known.push(way);
            }
        }
        taken.extend(whole.taken);
        read.insert(id, recognise::read(source, id, &whole.parsed).contributions);
        required.parsed.insert(id, whole.parsed);
    }
    let own = |id: SourceId| recognised.iter().find(|found| found.source() == Some(id));
    let kept: BTreeSet<SourceId> = taken
        .iter()
        .copied()
        .filter(|id| own(*id).is_some_and(|found| stands_alone(sources, found, &read)))
        .collect();
    for part in read.values_mut().flatten() {
        part.settings.retain(|setting| !is_choice_of(setting, &kept));
    }
    let used: Vec<&Setting> = read.values().flatten().flat_map(|part| &part.settings).collect();
    let secrets = secrets(sources, recognised, &used);
    for found in recognised.iter_mut() {
        let Some(id) = found.source() else { continue };
        if let Some(contributions) = read.remove(&id) {
            found.contributions = contributions;
        }
        if taken.contains(&id) && !kept.contains(&id) {
            found.contributions.retain(|part| part.settings.is_empty());
        }
    }
    let new = read.into_values().filter(|parts| !parts.is_empty());
    let new = new.map(|contributions| Recognised { contributions, ..Recognised::default() });
    recognised.extend(new);
    recognised.extend(secrets);
    required
}

/// Whether a file that others take in gives by itself what it holds: Magento reads it, its path says whose it is, or nobody has all of it for
/// certain: what only one of several arms takes in, or a test.
fn stands_alone(
    sources: &Sources,
    found: &Recognised,
    read: &BTreeMap<SourceId, Vec<Contribution>>,
) -> bool {
    let Some(path) = found.source().map(|id| sources.path(id)) else { return false };
    if is_read(path) || Words::of_path(path).environment.is_some() {
        return true;
    }
    let takers = read.iter().filter(|(id, _)| !is_sample(sources.path(**id)));
    let given: Vec<&Setting> =
        takers.flat_map(|(_, parts)| parts).flat_map(|part| &part.settings).collect();
    let own = found.contributions.iter().flat_map(|part| &part.settings);
    // What every file that takes it in overrides is in force nowhere.
    let is_given = |own: &Setting| {
        let same = |given: &&&Setting| given.parameter == own.parameter && given.scope == own.scope;
        let mut same = given.iter().filter(same).peekable();
        same.peek().is_some() && same.all(|given| given.value.is_known())
    };
    !own.into_iter().all(is_given)
}

/// Whether all that a setting may be stands in files that give it themselves.
fn is_choice_of(setting: &Setting, kept: &BTreeSet<SourceId>) -> bool {
    let mut written = setting.possible().filter(|(value, _)| value.is_known()).peekable();
    matches!(setting.value, Value::OneOf(_))
        && written.peek().is_some()
        && written.all(|(_, at)| kept.contains(&at.source))
}

/// The private keys that only the settings of other files tell from other text.
fn secrets(sources: &Sources, recognised: &[Recognised], used: &[&Setting]) -> Option<Recognised> {
    let mut by_file: BTreeMap<SourceId, Vec<Setting>> = BTreeMap::new();
    for setting in used {
        by_file.entry(setting.at.source).or_default().push((*setting).clone());
    }
    let known = |id: SourceId| {
        let secrets = recognised.iter().flat_map(|found| &found.secrets);
        secrets.filter(|secret| secret.at.source == id).cloned().collect::<Vec<_>>()
    };
    let found = by_file.into_iter().flat_map(|(id, settings)| {
        let part = Contribution { settings, ..Contribution::of(id) };
        let source = sources.get(id);
        source.map_or_else(Vec::new, |source| places::at_settings(source, &[part], &known(id)))
    });
    let secrets: Vec<_> = found.collect();
    (!secrets.is_empty()).then(|| Recognised { secrets, ..Recognised::default() })
}
