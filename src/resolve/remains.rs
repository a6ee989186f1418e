//! What becomes of the files of an earlier state in the one that is checked: they stand there, or they are what other files were.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::inventory::Inventory;
use crate::source::SourceId;
use crate::sources::{Sources, State};

/// How many files are compared with how many at most.
const MOST: usize = 64;

/// What is left of the files that matter in the state that is checked.
pub(super) fn remains(sources: &Sources, inventory: &Inventory) -> BTreeMap<SourceId, SourceId> {
    let feeds = inventory.instances.iter().flat_map(|instance| &instance.feeds);
    let troubled = inventory.problems.iter().map(|problem| problem.at.source);
    let files: BTreeSet<SourceId> = feeds.map(|feed| feed.source).chain(troubled).collect();
    let is_earlier = |file: &SourceId| sources.revision(*file).is_some();
    let (earlier, kept): (Vec<_>, Vec<_>) = files.into_iter().partition(is_earlier);
    let mut remains: BTreeMap<_, _> = kept.into_iter().map(|file| (file, file)).collect();
    if !earlier.is_empty() {
        let checked = sources.of(State(0));
        let checked: BTreeMap<&str, SourceId> =
            checked.paths().map(|(id, path)| (path, id)).collect();
        let left = |file: SourceId| Some((file, *checked.get(sources.path(file))?));
        remains.extend(earlier.into_iter().filter_map(left));
    }
    remains
}

/// Of the files that feed an instance and stand at no path of the state that is checked any more: the new file there that has most of its
/// lines; else, of one alone that went and one alone that came under the same name in another folder, that one, where it sets the same.
pub(super) fn moved(sources: &Sources, inventory: &Inventory) -> BTreeMap<SourceId, SourceId> {
    let feeds = inventory.instances.iter().flat_map(|instance| &instance.feeds);
    let gone = feeds
        .map(|feed| feed.source)
        .filter(|file| sources.revision(*file).is_some() && !inventory.remains.contains_key(file));
    let gone: BTreeSet<SourceId> = gone.collect();
    if gone.is_empty() || gone.len() > MOST {
        return BTreeMap::new();
    }
    let known: BTreeSet<&str> = sources.paths().map(|(_, path)| path).collect();
    let checked = sources.of(State(0));
    let is_new =
        |(id, path): &(SourceId, &str)| !known.contains(path) && sources.get(*id).is_some();
    let new: Vec<SourceId> = checked.paths().filter(is_new).map(|(id, _)| id).collect();
    if new.len() > MOST {
        return BTreeMap::new();
    }
    let mut alike: Vec<(usize, SourceId, SourceId)> = Vec::new();
    for &was in &gone {
        let lines = lines(sources, was);
        for &is in &new {
            let others = self::lines(sources, is);
            let common = common(&lines, &others);
            if common * 2 >= lines.len().max(others.len()) && common > 0 {
                alike.push((common, was, is));
            }
        }
    }
    alike.sort_by(|one, other| other.0.cmp(&one.0).then(one.cmp(other)));
    let (mut moved, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for (_, was, is) in alike {
        if !moved.contains_key(&was) && taken.insert(is) {
            moved.insert(was, is);
        }
    }
    for &was in gone.iter().filter(|was| !moved.contains_key(was)).collect::<Vec<_>>() {
        let name = name(sources, was);
        let is_called_so = |file: &&SourceId| self::name(sources, **file) == name;
        let is_only = gone.iter().filter(is_called_so).count() == 1;
        let mut named = new.iter().filter(is_called_so);
        if let (true, Some(&is), None) = (is_only, named.next(), named.next())
            && !taken.contains(&is)
            && heads(sources, was) == heads(sources, is)
        {
            moved.insert(was, is);
        }
    }
    moved
}

/// The name of a file in its folder.
fn name(sources: &Sources, file: SourceId) -> &str {
    let path = sources.path(file);
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The lines that say something, sorted.
fn lines(sources: &Sources, file: SourceId) -> Vec<&str> {
    let text = sources.get(file).map_or("", |source| source.text());
    let mut lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    lines
}

/// What the lines of a file set, without what to.
fn heads(sources: &Sources, file: SourceId) -> Vec<&str> {
    let head = |line: &'_ str| line.find(['=', ':']).unwrap_or(line.len());
    lines(sources, file).into_iter().filter_map(|line| line.get(..head(line))).collect()
}

/// How many lines two sorted lists have in common.
fn common(one: &[&str], other: &[&str]) -> usize {
    let (mut at, mut count) = (0, 0);
    for line in one {
        at += other.get(at..).unwrap_or_default().partition_point(|next| next < line);
        if other.get(at) == Some(line) {
            (at, count) = (at + 1, count + 1);
        }
    }
    count
}
