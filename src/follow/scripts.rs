//! Scripts as they are run: by pipelines and other scripts, with what these hand them and with the files that they take in.
//!
//! `./deploy.sh production "$ID"`, `SPACE=… ./deploy.sh`, `. "conf/$1.sh"`. What is set then is the caller's: whose it is, the place of the
//! call says. A script whose values its callers give sets nothing by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aho_corasick::AhoCorasick;

use super::running::runs_commands;
use super::seeker::is_assignments;
use super::sourced;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::Setting;
use crate::model::way::{Way, Ways};
use crate::recognise::handed::Handed;
use crate::recognise::{self, Contribution, Recognised, dialects};
use crate::resolve::conventions::extension;
use crate::source::{Location, Source, SourceId};
use crate::sources::Sources;
use crate::syntax::shell::Shell;
use crate::syntax::shell::Variables;
use crate::syntax::shell::files::Files;
use crate::syntax::{Format as _, file_name};

/// Words that take a file in: of shells, and of make.
const TAKING: [&str; 5] = ["source ", ". ", "include ", "-include ", "sinclude "];

/// A setting that is known, and where it is set and given.
type Set = (Parameter, Location, Location, Option<Fingerprint>);

/// Whether a file is a script or holds variables that scripts take in, by its name.
#[must_use]
pub fn can_be_run(path: &str) -> bool {
    let name = file_name(path);
    Shell::Script.claims(path)
        || Shell::Make.claims(path)
        || is_assignments(name)
        || matches!(extension(name), "env" | "conf" | "cfg" | "inc" | "vars" | "rc")
}

/// The files that a file's scripts may take in, as globs: `source "conf/$1.sh"` is any of `conf/`.
#[must_use]
pub fn taken(source: &Source) -> Vec<String> {
    let (path, text) = (source.path(), source.text());
    if !runs_commands(path) && !Shell::Script.claims(path) && !text.starts_with("#!") {
        return Vec::new();
    }
    let words = text.lines().flat_map(|line| {
        let line = line.trim_start_matches(['-', ' ', '\t', '"', '\'', '>', '|']);
        let commands = line.split([';', '&', '|']).map(str::trim_start);
        commands.filter_map(|command| TAKING.iter().find_map(|word| command.strip_prefix(word)))
    });
    // The names of make's variables stand in parentheses.
    let braced = |written: &str| written.replace("$(", "${").replace(')', "}");
    let is_makefile = Shell::Make.claims(path);
    let any = |written: &str| {
        if is_makefile { sourced::any(path, &braced(written)) } else { sourced::any(path, written) }
    };
    words.take(MOST_TAKEN).filter_map(any).collect()
}

/// How many files one file's scripts take in.
const MOST_TAKEN: usize = 32;

/// Reads what runs other scripts with these, and adds the ways to what is given in other files.
pub fn apply(sources: &Sources, recognised: &mut Vec<Recognised>, ways: &mut Ways) {
    let callers = callers(sources, recognised);
    if callers.is_empty() {
        return;
    }
    let handed = Handed::with_files(files(sources, &callers));
    let places = recognised.iter().enumerate();
    let places: BTreeMap<SourceId, usize> =
        places.filter_map(|(at, found)| Some((found.source()?, at))).collect();
    let literal = recognised.iter().flat_map(|found| sets(&found.contributions));
    let literal: BTreeSet<Location> = literal.map(|(_, key_at, ..)| key_at).collect();
    let beside = beside_open(recognised);
    let (mut given, mut lent) = (BTreeSet::new(), BTreeSet::new());
    let mut read_with: BTreeSet<SourceId> = BTreeSet::new();
    for (id, source) in callers {
        let Some(mut read) = read((id, source), &handed) else { continue };
        for part in &mut read.contributions {
            // What stands in another script is that script's, unless only the caller knows it, or it stands beside what only the caller knows.
            let is_told = |setting: &Setting| {
                let is_known = setting.fingerprint().is_some();
                setting.key_at.source != id && is_known && !literal.contains(&setting.key_at)
            };
            let told = part.settings.iter().filter(|setting| is_told(setting));
            let told: BTreeSet<Location> = told.map(|setting| setting.key_at).collect();
            let is_beside = |at: Location| {
                beside.get(&at).is_some_and(|open| open.iter().any(|open| told.contains(open)))
            };
            part.settings.retain(|setting| {
                let key_at = setting.key_at;
                let is_lent = key_at.source != id && is_beside(key_at);
                lent.extend(is_lent.then_some(key_at));
                key_at.source == id || told.contains(&key_at) || is_lent
            });
            part.commands.retain(|command| command.at.source == id);
            part.opaque.retain(|opaque| opaque.at.source == id);
        }
        let at = places.get(&id).copied();
        let before = at.and_then(|at| recognised.get(at)).map(|found| sets(&found.contributions));
        let (before, behind) = (before.unwrap_or_default(), sets(&read.contributions));
        if !behind.is_superset(&before) || behind.len() == before.len() {
            continue;
        }
        for setting in read.contributions.iter().flat_map(|part| &part.settings) {
            given.extend(Some(setting.key_at).filter(|key_at| key_at.source != id));
            lead(sources, setting, id, ways);
        }
        read_with.insert(id);
        let Recognised { contributions, .. } = read;
        match at.and_then(|at| recognised.get_mut(at)) {
            Some(known) => known.contributions = contributions,
            None => recognised.push(Recognised { contributions, ..Recognised::default() }),
        }
    }
    // With all that is open in it, a part is its callers'.
    let is_theirs = |at: &Location| {
        let open = beside.get(at).filter(|_| lent.contains(at));
        open.is_some_and(|open| open.is_subset(&given))
    };
    let is_given =
        |setting: &Setting| given.contains(&setting.key_at) && setting.fingerprint().is_none();
    for part in recognised.iter_mut().flat_map(|found| &mut found.contributions) {
        let (own, is_caller) = (part.source, read_with.contains(&part.source));
        part.settings.retain(|setting| {
            let key_at = setting.key_at;
            if key_at.source == own {
                !is_given(setting) && !is_theirs(&key_at)
            } else {
                !is_caller || !beside.contains_key(&key_at) || is_theirs(&key_at)
            }
        });
    }
}

/// What is known in parts that leave more open, with the places of what they leave open.
fn beside_open(recognised: &[Recognised]) -> BTreeMap<Location, BTreeSet<Location>> {
    let mut beside: BTreeMap<Location, BTreeSet<Location>> = BTreeMap::new();
    for part in recognised.iter().flat_map(|found| &found.contributions) {
        let open = part.settings.iter().filter(|setting| setting.has_reference());
        let open: BTreeSet<Location> = open.map(|setting| setting.key_at).collect();
        let known = part.settings.iter().filter(|setting| setting.fingerprint().is_some());
        for setting in known.filter(|_| !open.is_empty()) {
            beside.entry(setting.key_at).or_default().extend(&open);
        }
    }
    beside
}

/// Adds the way to a value that stands in another file than the one that sets it, or is handed to another script.
fn lead(sources: &Sources, setting: &Setting, caller: SourceId, ways: &mut Ways) {
    let key_at = setting.key_at;
    if setting.at.source == key_at.source && key_at.source == caller || setting.at == key_at {
        return;
    }
    let Some(way) = sources.get(key_at.source).and_then(|source| variable(source, key_at)) else {
        return;
    };
    let known: &mut Vec<Way> = ways.entry(setting.at).or_default();
    if !known.contains(&way) {
        known.push(way);
    }
}

/// The variable that stands behind the key of a setting: `config:set PATH "$SPACE"`.
fn variable(source: &Source, key_at: Location) -> Option<Way> {
    let end = key_at.span.range().end;
    let line = source.text().get(end..)?.lines().next()?;
    let start = line.find('$')?;
    let hole = line.get(start..)?;
    let name = hole.trim_start_matches(['$', '{']);
    let is_end = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
    let name =
        name.get(..name.find(is_end).unwrap_or(name.len())).filter(|name| !name.is_empty())?;
    let close = hole.strip_prefix("${").and_then(|inner| inner.find('}')).map(|at| at + 3);
    let length = close.unwrap_or(1 + name.len());
    let at = Location::new(key_at.source, end + start, end + start + length);
    let is_argument = name.bytes().all(|byte| byte.is_ascii_digit());
    let name = if is_argument { format!("${name}") } else { name.to_owned() };
    Some(Way { at, name, behind: 0 })
}

/// The files that run a script whose values they may give, or take files in for values of their own.
fn callers<'s>(sources: &'s Sources, recognised: &[Recognised]) -> Vec<(SourceId, &'s Source)> {
    let mut called: BTreeSet<&str> = BTreeSet::new();
    let mut open: BTreeSet<SourceId> = BTreeSet::new();
    for part in recognised.iter().flat_map(|found| &found.contributions) {
        let Some(source) = sources.get(part.source) else { continue };
        let is_open = part.settings.iter().any(Setting::has_reference) || !part.opaque.is_empty();
        if is_open && (runs_commands(source.path()) || is_script(source)) {
            open.insert(part.source);
            called.insert(file_name(sources.path(part.source)));
            called.extend(Shell::Make.claims(source.path()).then_some("make "));
            called.extend(Shell::Make.claims(source.path()).then_some("MAKE) "));
        }
    }
    let Some(names) = AhoCorasick::new(&called).ok().filter(|_| !open.is_empty()) else {
        return Vec::new();
    };
    let runs = |(id, source): &(SourceId, &Source)| {
        let text = source.text();
        let is_other =
            |found: aho_corasick::Match| text.get(found.range()) != Some(file_name(source.path()));
        let takes = open.contains(id) && TAKING.iter().any(|word| text.contains(word));
        (runs_commands(source.path()) || is_script(source))
            && (takes || names.find_iter(text).any(is_other))
    };
    let files = sources.paths().filter_map(|(id, _)| Some((id, sources.get(id)?)));
    files.filter(runs).collect()
}

/// The files that scripts run and take in, and those who do.
fn files(sources: &Sources, callers: &[(SourceId, &Source)]) -> Files {
    let callers: BTreeSet<SourceId> = callers.iter().map(|(id, _)| *id).collect();
    let mut files = Files::default();
    for (id, path) in sources.paths() {
        if let Some(source) = sources.shared(id)
            && (callers.contains(&id) || can_be_run(path) || is_script(source))
        {
            files.add(id, Arc::clone(source));
        }
    }
    files
}

fn is_script(source: &Source) -> bool {
    let format = dialects::format(source.path(), source.text());
    format.is_some_and(|format| format.is(&Shell::Script))
}

/// A file, read with the scripts that it runs.
fn read((id, source): (SourceId, &Source), handed: &Handed) -> Option<Recognised> {
    let format = dialects::format(source.path(), source.text())?;
    let given = Variables::default().with_files(handed.files.as_ref());
    let shell = Shell::ALL.into_iter().find(|shell| format.is(shell));
    let parsed = match shell {
        Some(shell) => shell.parse_with(id, source.text(), &given),
        None => format.parse(id, source.text()),
    };
    Some(recognise::read_with(source, id, &parsed, handed))
}

/// What is known of what parts set.
fn sets(parts: &[Contribution]) -> BTreeSet<Set> {
    let settings = parts.iter().flat_map(|part| &part.settings);
    let known = settings.filter(|setting| setting.fingerprint().is_some());
    known.map(|one| (one.parameter, one.key_at, one.at, one.fingerprint())).collect()
}
