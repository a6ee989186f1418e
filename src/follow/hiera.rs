//! Hiera's hierarchies: what a level without a hole gives, the files of the levels above it inherit.
//!
//! Source: the Puppet documentation, *Configuring Hiera*: the first level that gives a key wins. A file that gives nothing itself is looked up all the
//! same.

use std::collections::BTreeSet;

use globset::GlobMatcher;

use super::globs::matcher;
use crate::recognise::{Contribution, Include, Recognised};
use crate::resolve::conventions::parent;
use crate::resolve::words::Words;
use crate::source::{Location, SourceId};
use crate::sources::Sources;
use crate::syntax::beside;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, file_name};

/// Whether a file is a hierarchy, by its name.
#[must_use]
pub fn is_hierarchy(path: &str) -> bool {
    file_name(path) == "hiera.yaml"
}

/// Lets the files of an environment take in the levels below that are the same for all.
pub fn take_in(sources: &Sources, recognised: &mut Vec<Recognised>) {
    let giving = recognised.iter().flat_map(|found| &found.contributions);
    let giving = giving.filter(|part| !part.settings.is_empty());
    let giving: BTreeSet<&str> = giving.map(|part| sources.path(part.source)).collect();
    let mut parts: Vec<Contribution> = Vec::new();
    for (id, path) in sources.paths().filter(|(_, path)| is_hierarchy(path)) {
        let Some(source) = sources.get(id) else { continue };
        for document in &Yaml.parse(id, source.text()).documents {
            let levels = levels(path, document);
            for (at, level) in levels.iter().enumerate() {
                let Level::Varying(glob) = level else { continue };
                let below = levels.get(at + 1..).unwrap_or_default().iter().rev();
                let below = below.filter_map(|level| match level {
                    Level::Fixed(file) if giving.contains(file.as_str()) => Some(file.clone()),
                    _ => None,
                });
                let at = Location::new(id, 0, 0);
                let includes: Vec<Include> =
                    below.map(|path| Include { path, at, is_firm: false }).collect();
                if !includes.is_empty() {
                    parts.extend(files_of(sources, glob).map(|id| Contribution {
                        includes: includes.clone(),
                        ..Contribution::of(id)
                    }));
                }
            }
        }
    }
    let new = parts.into_iter();
    recognised
        .extend(new.map(|part| Recognised { contributions: vec![part], ..Recognised::default() }));
}

/// The files of a level that say an environment.
fn files_of(sources: &Sources, glob: &GlobMatcher) -> impl Iterator<Item = SourceId> {
    let is_its = |path: &str| glob.is_match(path) && Words::of_path(path).environment.is_some();
    sources.paths().filter(move |(_, path)| is_its(path)).map(|(id, _)| id)
}

/// A level of a hierarchy.
enum Level {
    /// A file that is the same for all.
    Fixed(String),
    /// Files of which each is some hosts'.
    Varying(GlobMatcher),
}

/// The levels of a hierarchy, the first one the closest.
fn levels(path: &str, document: &Node) -> Vec<Level> {
    // The third version has symbols for keys.
    let get =
        |node: &Node, key: &str| node.get(key).or_else(|| node.get(&format!(":{key}"))).cloned();
    let text = |node: &Node, key: &str| get(node, key)?.as_str().map(str::to_owned);
    let of_backend = get(document, "yaml").and_then(|backend| text(&backend, "datadir"));
    let defaults = get(document, "defaults").and_then(|defaults| text(&defaults, "datadir"));
    let folder = of_backend.or(defaults).unwrap_or_else(|| "data".to_owned());
    let mut found = Vec::new();
    let hierarchy = get(document, "hierarchy");
    for level in hierarchy.as_ref().map(Node::items).unwrap_or_default() {
        let folder = text(level, "datadir").unwrap_or_else(|| folder.clone());
        if let Some(name) = level.as_str() {
            found.extend(level_of(path, &folder, &format!("{name}.yaml")));
            continue;
        }
        let one = ["path", "glob"].iter().filter_map(|key| level.get(key));
        let many = ["paths", "globs"].iter().filter_map(|key| level.get(key));
        let names = one.chain(many.flat_map(Node::items)).filter_map(Node::as_str);
        found.extend(names.filter_map(|name| level_of(path, &folder, name)));
    }
    found
}

/// The level of a path beneath the folder of data.
fn level_of(path: &str, folder: &str, name: &str) -> Option<Level> {
    // An installed hierarchy names a folder of the machine: its end is the folder's name here.
    let folder = folder
        .rsplit_once("%{")
        .map_or(folder, |(_, behind)| behind.split_once('}').map_or("", |(_, behind)| behind));
    let folder = folder.trim_matches('/');
    let whole = beside(path, &format!("{folder}/{name}"))?;
    if !whole.contains(['%', '*']) {
        return Some(Level::Fixed(whole));
    }
    let mut glob = String::new();
    let mut rest = whole.as_str();
    while let Some((before, behind)) = rest.split_once("%{") {
        glob.push_str(before);
        glob.push('*');
        rest = behind.split_once('}')?.1;
    }
    glob.push_str(rest);
    // A hole alone is any file beside the others.
    let is_told = !parent(&glob).is_empty() || glob.trim_start_matches('*') != ".yaml";
    matcher(&glob).filter(|_| is_told).map(Level::Varying)
}
