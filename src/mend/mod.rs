//! Mends what can be mended: without a doubt, or so that somebody only has to look at it.
//!
//! What could mend a finding is read off its place, tried on the tree, and left out where it does anything else: that is `trial`'s.

mod candidates;
mod change;
mod comments;
mod difference;
mod keys;
mod names;
mod order;
mod scopes;
mod spaces;
mod trial;
mod values;
mod waivers;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::Outcome;
use crate::discover::folder_of;
use crate::error::Error;
use crate::fix::{Fixes, Safety};
use crate::report::count as counted;
use crate::rule::Diagnostic;
use crate::source::Span;
use crate::states::{Compare, History, Recall, Request};
use crate::{fault, run, write};
pub use candidates::{Candidate, candidates};
use difference::Side;
pub use names::Names;
use trial::Trial;

/// How often one run resolves a tree to mend it.
const MOST: usize = 500;

/// How often it does to tell what would mend it, of each kind: at most, at least, and up to how many files that is at most.
const MOST_TOLD: (usize, usize, usize) = (24, 3, 2_000);

/// A file that changes: its text as it is, as it is then, and what of that is ours.
#[derive(Debug)]
struct Changed {
    before: String,
    after: String,
    ours: Vec<Span>,
}

/// A tree that is mended in memory.
struct Tree {
    request: Request,
    files: BTreeMap<String, Changed>,
    /// How many findings are gone.
    count: usize,
    left: usize,
}

/// Mends a tree in its files, and tells what a person should know; untrusted text. A file is replaced whole or not at all, and not where it has changed since it was read.
///
/// # Errors
/// Where the tree cannot be checked.
pub fn tree(request: &Request, safety: Safety) -> Result<Vec<String>, Error> {
    let folder = folder_of(&request.path)?;
    let request = &Request { recall: Recall::new(), ..request.clone() };
    let first = run(request)?;
    let mut tree = Tree::new(request);
    let last = tree.mend(&first, Safety::Safe);
    let safe = tree.count;
    if safety == Safety::Unsafe {
        tree.mend(last.as_ref().unwrap_or(&first), Safety::Unsafe);
    }
    let mut notes = Vec::new();
    let mut left = 0;
    for (path, Changed { before, after, .. }) in &tree.files {
        if let Err(why) = write::exchange(&folder.join(path), before, after) {
            left += 1;
            notes.push(format!("`{path}` is left as it is: {}", fault::reason(&why)));
        }
    }
    let (files, findings) =
        (counted(tree.files.len() - left, "file"), counted(tree.count, "finding"));
    notes.push(format!("changed {files} to mend {findings}"));
    if tree.count > safe {
        notes.push(
            "look at what is changed: what a key or a data space was replaced by has to be there when it is deployed, and a key that was committed has to be made anew".to_owned(),
        );
    }
    Ok(notes)
}

/// What would change in a tree, in one way or the other.
///
/// # Errors
/// Where the tree cannot be checked.
pub fn difference(request: &Request) -> Result<String, Error> {
    let request = &Request { recall: Recall::new(), ..request.clone() };
    let first = run(request)?;
    let mut told = String::new();
    let mut tree = Tree::new(request);
    let last = tree.mend(&first, Safety::Safe);
    let then = last.as_ref().unwrap_or(&first);
    told.push_str(&tree.told(&first, then));
    tree.files.clear();
    if let Some(last) = tree.mend(then, Safety::Unsafe) {
        told.push_str("# with --fix=unsafe\n");
        told.push_str(&tree.told(then, &last));
    }
    Ok(told)
}

impl Tree {
    fn new(request: &Request) -> Self {
        Self { request: request.clone(), files: BTreeMap::new(), count: 0, left: MOST }
    }

    /// Mends what can be mended in one way, until nothing is left that can; the tree as it is then, where something is mended.
    fn mend(&mut self, first: &Outcome, safety: Safety) -> Option<Outcome> {
        let mut last: Option<Outcome> = None;
        let mut refused: BTreeSet<candidates::Key> = BTreeSet::new();
        loop {
            let now = last.as_ref().unwrap_or(first);
            let mut found = candidates::of_all(now, safety);
            found.retain(|candidate| !refused.contains(&candidate.key));
            let group = trial::apart(&mut found);
            let mut trial = Trial::new(&self.request, now, self.left);
            let keys: Vec<_> = group.iter().map(|candidate| candidate.key.clone()).collect();
            self.left = trial.settle(group);
            let Trial { sound, outcome, .. } = trial;
            let is_sound = |key: &candidates::Key| sound.iter().any(|of| of.key == *key);
            refused.extend(keys.iter().filter(|key| !is_sound(key)).cloned());
            if keys.is_empty() || self.left == 0 && sound.is_empty() {
                return last;
            }
            self.take(now, &sound);
            last = outcome.or(last);
        }
    }

    /// Takes changes over into the texts of the tree.
    fn take(&mut self, now: &Outcome, changes: &[Candidate]) {
        self.count += changes.len();
        if let Some(texts) = trial::texts(&self.request, now, changes) {
            self.request.texts = texts;
        }
        for (path, edits) in trial::by_file(changes) {
            let source = edits.first().and_then(|(at, _)| now.sources.readable(at.source));
            let Some(source) = source else { continue };
            let edits: Vec<_> = edits.into_iter().map(|(at, new)| (at.span, new)).collect();
            let file = self.files.entry(path.to_owned()).or_insert_with(|| Changed {
                before: source.text().to_owned(),
                after: String::new(),
                ours: Vec::new(),
            });
            let moved = |span: &Span| {
                let shift = edits.iter().filter(|(of, _)| of.end <= span.start);
                let (gone, come) = shift.fold((0, 0), |(gone, come), (of, new)| {
                    (gone + of.range().len(), come + new.len())
                });
                Span::new(span.range().start + come - gone, span.range().end + come - gone)
            };
            let kept = |span: &&Span| !edits.iter().any(|(of, _)| of.overlaps(**span));
            let mut ours: Vec<Span> = file.ours.iter().filter(kept).map(moved).collect();
            let (after, places) = trial::changed(source.text(), edits);
            ours.extend(places);
            (file.after, file.ours) = (after, ours);
        }
    }

    /// What is changed, as lines.
    fn told(&self, before: &Outcome, after: &Outcome) -> String {
        let told = self.files.iter().map(|(path, file)| {
            let was = Side { text: &file.before, outcome: before, ours: &[] };
            let is = Side { text: &file.after, outcome: after, ours: &file.ours };
            difference::of(path, was, is)
        });
        told.collect()
    }
}

/// Whether one thing can be mended, in a tree as it is.
#[must_use]
pub fn can_be(request: &Request, now: &Outcome, candidate: &Candidate) -> bool {
    trial::tried(request, now, std::slice::from_ref(candidate)).is_some()
}

/// What would mend the findings of a folder, for reports: each alone, and tried. Of another state than a folder nothing is told, since nobody could
/// change it.
#[must_use]
pub fn proposed(request: &Request, now: &Outcome) -> Fixes {
    let mut fixes = Fixes::default();
    let is_folder = matches!(request.compare, Compare::Nothing | Compare::Base(_));
    if !is_folder || request.history != History::Nothing {
        return fixes;
    }
    let mut all = candidates::of_all(now, Safety::Safe);
    let is_safe: BTreeSet<_> = all.iter().map(|candidate| candidate.key.clone()).collect();
    let not_safe = candidates::of_all(now, Safety::Unsafe);
    let (twice, once): (Vec<_>, Vec<_>) =
        not_safe.into_iter().partition(|candidate| is_safe.contains(&candidate.key));
    all.extend(once);
    // Mostly all is sound, and tried at once.
    let group = trial::apart(&mut all);
    let is_sound = !group.is_empty() && trial::tried(request, now, &group).is_some();
    let (sound, mut left) =
        if is_sound { (group, all) } else { (Vec::new(), [group, all].concat()) };
    left.extend(twice);
    for candidate in sound {
        add(&mut fixes, now, candidate);
    }
    let (safe, not_safe): (Vec<_>, Vec<_>) =
        left.into_iter().partition(|candidate| candidate.fix.safety == Safety::Safe);
    for mut found in [safe, not_safe] {
        let mut left = most_told(now.summary.files_read);
        while !found.is_empty() && left > 0 {
            let mut trial = Trial::new(request, now, left);
            left = trial.settle(trial::apart(&mut found));
            for candidate in trial.sound {
                add(&mut fixes, now, candidate);
            }
        }
    }
    fixes
}

/// How often a tree of so many files is resolved to tell what would mend it, of each kind: less often where that takes longer.
fn most_told(files: usize) -> usize {
    (MOST_TOLD.0 * MOST_TOLD.2 / files.max(MOST_TOLD.2)).max(MOST_TOLD.1)
}

/// Adds what mends a finding.
fn add(fixes: &mut Fixes, now: &Outcome, candidate: Candidate) {
    let is_it = |found: &&Diagnostic| {
        found.finding.primary.at == candidate.at && candidates::key(now, found) == candidate.key
    };
    if let Some(mended) = now.diagnostics.iter().find(is_it) {
        fixes.add(mended, candidate.fix);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_mends_are_tried_where_that_takes_longer() {
        let tried = [100, 2_000, 4_000, 20_000, 100_000].map(most_told);
        assert_eq!(tried, [24, 24, 12, 3, 3]);
    }
}
