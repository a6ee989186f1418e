//! The files of variables that plays of Ansible's name: `vars_files`.
//!
//! Source: the Ansible documentation, *Playbook Keywords*, `vars_files`: read for the hosts of the play, over all that inventories give these; of a
//! list within the list, the first file that there is.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobMatcher;

use super::globs::matcher;
use super::groups::ALL;
use crate::recognise::{Contribution, Include, Recognised, Said};
use crate::resolve::conventions::{extension, parent};
use crate::source::{Source, SourceId};
use crate::sources::Sources;
use crate::syntax::beside;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node};

/// What names the files.
const FILES: &str = "vars_files";

/// What stands in a play for the hosts that it is for.
const HOSTS: &str = "hosts";

/// A play that names files: the hosts that it is for, and for each of its entries the paths of which the first one is read.
struct Play {
    hosts: String,
    entries: Vec<Vec<(String, Include)>>,
}

/// The files that plays of this text name, whatever stands for a part of their names.
#[must_use]
pub fn files(source: &Source) -> Vec<GlobMatcher> {
    let plays = plays(SourceId(0), source);
    let named = plays.iter().flat_map(|play| &play.entries).flatten();
    named.filter_map(|(written, include)| matcher(&glob(written, &include.path)?)).collect()
}

/// Lets the hosts of plays take in the files that these name.
pub fn take_in(sources: &Sources, recognised: &mut Vec<Recognised>) {
    let paths: BTreeSet<&str> = sources.paths().map(|(_, path)| path).collect();
    for (id, _) in sources.paths().filter(|(_, path)| extension(path) == "yaml") {
        let Some(source) = sources.get(id) else { continue };
        for play in plays(id, source).iter().filter(|play| play.hosts != ALL) {
            let includes: Vec<Include> = play.found(&paths).cloned().collect();
            if !includes.is_empty() {
                let said = Some(Said { how: Said::KEYS, names: vec![play.hosts.clone()] });
                let part = Contribution { said, includes, ..Contribution::of(id) };
                let contributions = vec![part];
                recognised.push(Recognised { contributions, ..Recognised::default() });
            }
        }
    }
}

/// The files that plays for all hosts name, each with the folder of the play.
#[must_use]
pub fn for_all(sources: &Sources) -> BTreeMap<String, String> {
    let paths: BTreeSet<&str> = sources.paths().map(|(_, path)| path).collect();
    let mut found = BTreeMap::new();
    for (id, path) in sources.paths().filter(|(_, path)| extension(path) == "yaml") {
        let Some(source) = sources.get(id) else { continue };
        for play in plays(id, source).iter().filter(|play| play.hosts == ALL) {
            let files = play.found(&paths).map(|include| include.path.clone());
            found.extend(files.map(|file| (file, parent(path).to_owned())));
        }
    }
    found
}

impl Play {
    /// The files that are read: of each entry the first one that there is.
    fn found<'p>(&'p self, paths: &'p BTreeSet<&str>) -> impl Iterator<Item = &'p Include> {
        let is_there = |(_, include): &&(String, Include)| paths.contains(include.path.as_str());
        let entries = self.entries.iter();
        entries.filter_map(move |entry| Some(&entry.iter().find(is_there)?.1))
    }
}

/// The plays of a file that name files.
fn plays(id: SourceId, source: &Source) -> Vec<Play> {
    if !source.text().contains(FILES) || !source.text().contains(HOSTS) {
        return Vec::new();
    }
    let documents = Yaml.parse(id, source.text()).documents;
    let plays = documents.iter().flat_map(Node::items);
    let entry = |node: &Node| {
        let one = |node: &Node| {
            let written = node.as_str()?.to_owned();
            let path = beside(source.path(), &written)?;
            Some((written, Include { path, at: node.at, is_firm: true }))
        };
        match node.items() {
            [] => one(node).into_iter().collect(),
            several => several.iter().filter_map(one).collect(),
        }
    };
    let play = |node: &Node| {
        let hosts = node.get(HOSTS)?;
        let hosts = hosts.as_str().or_else(|| hosts.items().first()?.as_str())?.to_owned();
        let files = node.get(FILES)?;
        let entries = match files.as_str() {
            Some(_) => vec![entry(files)],
            None => files.items().iter().map(entry).collect(),
        };
        Some(Play { hosts, entries })
    };
    plays.filter_map(play).collect()
}

/// A path with a hole for each name in it, as a glob; none where it is nothing but a hole.
fn glob(written: &str, path: &str) -> Option<String> {
    let mut found = String::new();
    let mut rest = path;
    while let Some((before, behind)) = rest.split_once("{{") {
        found.push_str(&globset::escape(before));
        found.push('*');
        rest = behind.split_once("}}")?.1;
    }
    found.push_str(&globset::escape(rest));
    (!written.starts_with("{{")).then_some(found)
}
