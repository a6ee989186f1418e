//! Mends what can be mended without a doubt: a value without what stands around it, an option that a command lacks, a waiver that accepts nothing.
//!
//! A mend is tried before it counts: the tree is read once more with the new text in the place of the file. The finding must be gone, none
//! may be new, and every setting but the one that is mended must be what it was. What does not pass that is left as it is.

mod candidates;
mod difference;

use std::collections::{BTreeMap, BTreeSet};

use crate::Outcome;
use crate::discover::folder_of;
use crate::discover::given::Texts;
use crate::error::Error;
use crate::model::setting::{Setting, Value};
use crate::report::count as counted;
use crate::source::Location;
use crate::states::Request;
use crate::{fault, run, write};
use candidates::candidates;
pub use candidates::{Candidate, candidate};

/// How many mends one run tries.
const MOST: usize = 500;

/// A file that changes: its path, its text as it is, and as it is then.
type Change = (String, [String; 2]);

/// What was mended, or would be.
#[derive(Debug, Default)]
pub struct Mended {
    /// The changes, as lines that go and lines that come.
    pub difference: String,
    /// What a person should know; untrusted text.
    pub notes: Vec<String>,
}

/// Mends a tree: in its files, or only to show what would change. A file is replaced whole or not at all, and not where it has changed since
/// it was read.
///
/// # Errors
/// Where the tree cannot be checked.
pub fn tree(request: &Request, is_written: bool) -> Result<Mended, Error> {
    let folder = folder_of(&request.path)?;
    let first = run(request)?;
    let (files, count, last) = mend(request, &first);
    let last = last.as_ref().unwrap_or(&first);
    let mut mended = Mended::default();
    let mut left = 0;
    for (path, [before, after]) in &files {
        if !is_written {
            mended.difference.push_str(&difference::of(path, &first, last));
        } else if let Err(why) = write::exchange(&folder.join(path), before, after) {
            left += 1;
            mended.notes.push(format!("`{path}` is left as it is: {}", fault::reason(&why)));
        }
    }
    if is_written {
        let (files, findings) = (counted(files.len() - left, "file"), counted(count, "finding"));
        mended.notes.push(format!("changed {files} to mend {findings}"));
    }
    Ok(mended)
}

/// Mends a tree in memory: the changes, how many findings are gone, and the tree as it is then.
fn mend(request: &Request, first: &Outcome) -> (Vec<Change>, usize, Option<Outcome>) {
    let mut last: Option<Outcome> = None;
    let mut files: BTreeMap<String, [String; 2]> = BTreeMap::new();
    let mut texts = request.texts.clone();
    let mut refused: BTreeSet<[String; 3]> = BTreeSet::new();
    let mut count = 0;
    for _ in 0..MOST {
        let now = last.as_ref().unwrap_or(first);
        let next = candidates(now).find(|candidate| !refused.contains(&candidate.key));
        let Some(candidate) = next else { break };
        if let Some((outcome, with)) = tried(request, &texts, now, &candidate) {
            let Candidate { path, before, after, .. } = candidate;
            files.entry(path).or_insert([before, String::new()])[1] = after;
            (last, texts) = (Some(outcome), with);
            count += 1;
        } else {
            refused.insert(candidate.key);
        }
    }
    (files.into_iter().collect(), count, last)
}

/// The tree with one thing mended, where that is sound.
fn tried(
    request: &Request,
    texts: &Texts,
    now: &Outcome,
    candidate: &Candidate,
) -> Option<(Outcome, Texts)> {
    let mut texts = texts.clone();
    texts.put(&candidate.path, candidate.after.as_bytes());
    // A text of ours that makes the tree unreadable is no mistake of the tree's.
    let outcome = run(&Request { texts: texts.clone(), ..request.clone() }).ok()?;
    is_sound(now, &outcome, candidate).then_some((outcome, texts))
}

/// Whether one thing can be mended, in a tree as it is.
#[must_use]
pub fn can_be(request: &Request, now: &Outcome, candidate: &Candidate) -> bool {
    tried(request, &request.texts, now, candidate).is_some()
}

/// Whether a mend takes its finding away and changes nothing else.
fn is_sound(before: &Outcome, after: &Outcome, candidate: &Candidate) -> bool {
    let told = |outcome: &Outcome| {
        let mut told: BTreeMap<[String; 3], usize> = BTreeMap::new();
        for found in &outcome.diagnostics {
            *told.entry(candidates::key(outcome, found)).or_default() += 1;
        }
        told
    };
    let (was, is) = (told(before), told(after));
    let is_gone = is.get(&candidate.key) < was.get(&candidate.key);
    let is_none_new = is.iter().all(|(key, count)| was.get(key).is_some_and(|was| count <= was));
    is_gone
        && is_none_new
        && after.summary.complete >= before.summary.complete
        && before.inventory.problems.len() >= after.inventory.problems.len()
        && settings_stand(before, after, candidate.at)
}

/// Whether every setting is what it was, but for the value that stood at a place.
fn settings_stand(before: &Outcome, after: &Outcome, at: Location) -> bool {
    let (was, is) = (&before.inventory.settings, &after.inventory.settings);
    let path = |outcome: &Outcome, setting: &Setting| {
        let source = setting.at.source;
        (outcome.sources.path(source).to_owned(), outcome.sources.revision(source).is_some())
    };
    let same = |(was, is): (&Setting, &Setting)| {
        let is_mended = was.at == at && matches!(was.value, Value::Literal(_));
        (was.parameter, &was.scope, was.carrier) == (is.parameter, &is.scope, is.carrier)
            && (is_mended || was.value == is.value)
            && path(before, was) == path(after, is)
    };
    was.len() == is.len()
        && was.iter().zip(is).all(same)
        && before.inventory.secrets.len() == after.inventory.secrets.len()
        && before.inventory.instances.len() == after.inventory.instances.len()
}
