//! Everything that is done to one file alone: read, sift, parse, recognise, on all cores.
//!
//! The result does not depend on the number of threads. A reader that panics loses its file, not the run: the file is reported.

mod item;
mod look;
pub mod recall;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::discover::File;
use crate::discover::git::ObjectId;
use crate::known::{Key, Known};
use crate::progress::Progress;
use crate::read::stamp::Stamp;
use crate::read::{Limits, read_kept, read_stamped};
use crate::recognise::Recognised;
use crate::source::{Location, Source, SourceId};
use crate::sources::{Entry, Sources, State, StateSet};
pub use item::Examinee;
pub(crate) use item::{Item, id_of, items};
use look::{Fate, Look, look};
use recall::{Kept, Recall, Remembered};

/// What the files of all states hold, each taken alone.
#[derive(Debug)]
pub struct Examined {
    /// The files; those in which something was found with their text.
    pub sources: Sources,
    /// What was found, in order of the files, and the states that have it.
    pub(crate) recognised: Vec<(StateSet, Arc<Recognised>)>,
    /// The contents of files with secrets or problems.
    contents: BTreeMap<SourceId, ObjectId>,
    /// How many files of the first state were read.
    pub files_read: usize,
    /// How many of them were parsed.
    pub files_parsed: usize,
    /// The files that Git LFS keeps elsewhere, earlier commits' aside.
    pub pointers: Vec<SourceId>,
    /// The files of the first state that are packed in a way in which nothing is seen.
    pub packed: Vec<SourceId>,
    /// Where files name the connector that are of no format that is read, and the states that have them.
    pub(crate) silent: Vec<(StateSet, Location)>,
    /// The configurations now and before.
    pub texts: [Option<SourceId>; 2],
}

impl Examined {
    /// The content of a file in the object store; none for files of the folder.
    #[must_use]
    pub fn content(&self, id: SourceId) -> Option<&ObjectId> {
        self.contents.get(&id)
    }

    /// The files of the state that is checked in which settings were found.
    #[must_use]
    pub fn with_settings(&self) -> BTreeSet<SourceId> {
        let found = self.recognised.iter().filter(|(states, _)| states.has(State(0)));
        found.flat_map(|(_, found)| &found.contributions).map(|found| found.source).collect()
    }

    /// What was found in the files of every state.
    pub fn all(&self) -> impl Iterator<Item = &Recognised> {
        self.recognised.iter().map(|(_, recognised)| &**recognised)
    }

    /// Where the files of one state name the connector and are of no format that is read.
    pub fn silent(&self, state: State) -> impl Iterator<Item = Location> + '_ {
        let of_state = self.silent.iter().filter(move |(states, _)| states.has(state));
        of_state.map(|(_, at)| *at)
    }

    /// What was found in the files of one state.
    #[must_use]
    pub fn of(&self, state: State) -> Vec<Recognised> {
        let found = self.recognised.iter().filter(|(states, _)| states.has(state));
        found.map(|(_, recognised)| Recognised::clone(recognised)).collect()
    }
}

/// What a run has besides the files.
#[derive(Debug)]
pub struct Means {
    /// The largest file that is parsed, in bytes.
    pub file_bytes: u64,
    /// What earlier runs know of contents, which are not read then.
    pub known: Option<Known>,
    /// What earlier runs of this process recall of files.
    pub recall: Recall,
    /// Where each file counts as it is done.
    pub progress: Progress,
}

impl Means {
    /// Nothing but how much of a file is read, in bytes.
    #[must_use]
    pub fn of(file_bytes: u64) -> Self {
        let (recall, progress) = (Recall::default(), Progress::default());
        Self { file_bytes, known: None, recall, progress }
    }
}

/// Reads every file of all states once and recognises what it holds. `texts`, the configurations now and before, are known already and only
/// shown: they come behind all others.
#[must_use]
pub fn examine(states: &[Examinee], texts: [Option<(Entry, Source)>; 2], means: Means) -> Examined {
    let Means { file_bytes, known, recall, progress } = means;
    let items = items(states);
    progress.expect(items.len());
    let root = states.first().map(|state| &*state.tree.root);
    let remembered = recall.open(root, file_bytes);
    let mut looks: Vec<Look> = Vec::new();
    looks.resize_with(items.len(), Look::default);
    let (recalled, left) = recalled(&remembered, &items, &mut looks);
    let (in_folder, kept): (Vec<_>, Vec<_>) =
        left.into_iter().partition(|(_, item)| !item.is_kept());
    let (keys, kept) = unknown(known.as_ref(), kept, &mut looks);
    (in_folder.len() + kept.len()..items.len()).for_each(|_| progress.advance());
    let found = read_all(&in_folder, &kept, Limits { file_bytes }, &progress);
    if let Some(known) = known {
        let is_new = |(index, look, _): &Found| {
            Some((*keys.get(index)?, look.fate.known().filter(|_| look.is_empty())?))
        };
        known.learn(found.iter().filter_map(is_new));
    }
    let mut stamps = BTreeMap::new();
    for (index, found, stamp) in found {
        stamps.extend(stamp.filter(|_| recall.is_kept()).map(|stamp| (index, stamp)));
        if let Some(look) = looks.get_mut(index) {
            *look = found;
        }
    }
    recall.close(remembered, |before| {
        let kept = |(index, (item, look)): (usize, (&Item<'_>, &Look))| {
            let known = recalled.binary_search(&index).ok().and_then(|_| before.get_mut(index));
            let stamp = || stamps.get(&index).copied();
            known.map_or_else(|| Kept::new(item.file, stamp(), look.clone()), Kept::take)
        };
        items.iter().zip(&looks).enumerate().map(kept).collect()
    });
    for (look, _) in looks.iter_mut().zip(&items).filter(|(_, item)| item.is_history) {
        *look = std::mem::take(look).secrets_alone();
    }
    let mut examined = summed_up(&items, looks, texts);
    let checkouts = states.iter().flat_map(|state| state.tree.aside.checkouts());
    examined.sources.split(checkouts.collect());
    examined
}

/// What a file gave, by its number, and by what it is known again.
type Found = (usize, Look, Option<Stamp>);

/// Reads the files of the folder and those that the repository keeps.
fn read_all(
    in_folder: &[(usize, &Item<'_>)],
    kept: &[(usize, &Item<'_>)],
    limits: Limits,
    progress: &Progress,
) -> Vec<Found> {
    let in_folder = in_folder.par_iter().map_init(Vec::new, |buffer, &(index, item)| {
        let (content, stamp) = read_stamped(&item.tree.root, item.file, &limits, buffer);
        let look = look(item.file, id_of(index), content);
        progress.advance();
        (index, look, stamp)
    });
    let kept = kept.par_chunks(chunk(kept.len()));
    in_folder.chain(kept.flat_map_iter(|chunk| look_at_kept(chunk, limits, progress))).collect()
}

/// Takes out the files of which it is known what was found in them: their numbers, and the others.
fn recalled<'a>(
    remembered: &Remembered,
    items: &'a [Item<'a>],
    looks: &mut [Look],
) -> (Vec<usize>, Vec<(usize, &'a Item<'a>)>) {
    if remembered.is_empty() {
        return (Vec::new(), items.iter().enumerate().collect());
    }
    let found: Vec<Option<Look>> =
        items.par_iter().enumerate().map(|(index, item)| remembered.look(index, item)).collect();
    let (mut numbers, mut left) = (Vec::new(), Vec::new());
    for (index, (found, look)) in found.into_iter().zip(looks).enumerate() {
        match (found, items.get(index)) {
            (Some(found), _) => {
                *look = found;
                numbers.push(index);
            }
            (None, item) => left.extend(item.map(|item| (index, item))),
        }
    }
    (numbers, left)
}

/// Takes out the files whose contents are known to hold nothing; the others' keys are told.
fn unknown<'a>(
    known: Option<&Known>,
    kept: Vec<(usize, &'a Item<'a>)>,
    looks: &mut [Look],
) -> (BTreeMap<usize, Key>, Vec<(usize, &'a Item<'a>)>) {
    let Some(known) = known else { return (BTreeMap::new(), kept) };
    let told: Vec<_> = kept
        .par_iter()
        .map(|(_, item)| {
            let key = known.key(item.file);
            (key, key.and_then(|key| Fate::of_known(known.fate(&key)?)))
        })
        .collect();
    let mut keys = BTreeMap::new();
    let mut left = Vec::new();
    for ((index, item), (key, fate)) in kept.into_iter().zip(told) {
        if let (Some(fate), Some(look)) = (fate, looks.get_mut(index)) {
            look.fate = fate;
        } else {
            keys.extend(key.map(|key| (index, key)));
            left.push((index, item));
        }
    }
    (keys, left)
}

/// How many files one `git cat-file` reads: one process for each thread, since starting one takes as long as reading many files.
fn chunk(files: usize) -> usize {
    files.div_ceil(rayon::current_num_threads()).max(64)
}

fn look_at_kept(items: &[(usize, &Item<'_>)], limits: Limits, progress: &Progress) -> Vec<Found> {
    let mut looks = Vec::with_capacity(items.len());
    let Some(repository) = items.iter().find_map(|(_, item)| item.repository()) else {
        return looks;
    };
    let files: Vec<&File> = items.iter().map(|(_, item)| item.file).collect();
    read_kept(repository, &files, &limits, &mut |at, content| {
        progress.advance();
        if let Some(&(index, item)) = items.get(at) {
            looks.push((index, look(item.file, id_of(index), content), None));
        }
    });
    looks
}

fn summed_up(
    items: &[Item<'_>],
    looks: Vec<Look>,
    texts: [Option<(Entry, Source)>; 2],
) -> Examined {
    let checked = || items.iter().zip(&looks).filter(|(item, _)| item.states.has(State(0)));
    let files_read = checked()
        .filter(|(_, look)| matches!(look.fate, Fate::Read | Fate::Packed | Fate::Parsed))
        .count();
    let files_parsed = checked().filter(|(_, look)| look.fate == Fate::Parsed).count();
    let packed = (0..).zip(items.iter().zip(&looks));
    let packed =
        packed.filter(|(_, (item, look))| look.fate == Fate::Packed && item.states.has(State(0)));
    let packed = packed.map(|(index, _)| id_of(index)).collect();
    let silent = items.iter().zip(&looks).filter(|(item, _)| !item.is_history);
    let silent = silent.filter_map(|(item, look)| Some((item.states, look.silent?))).collect();
    let is_pointer = |item: &Item<'_>, look: &Look| !item.is_history && look.fate == Fate::Pointer;
    let pointers = (0..).zip(items.iter().zip(&looks));
    let pointers = pointers.filter(|(_, (item, look))| is_pointer(item, look));
    let pointers = pointers.map(|(index, _)| id_of(index)).collect();
    let entry = |(item, look): (&Item<'_>, &Look)| Entry {
        // A file that the index lists and the folder has no more makes no instance an heir.
        path: if look.fate == Fate::Gone { String::new() } else { item.file.name.clone() },
        revision: item.revision.filter(|_| !item.states.has(State(0))).cloned(),
        states: item.states,
    };
    let mut entries: Vec<Entry> = items.iter().zip(&looks).map(entry).collect();
    let mut contents = BTreeMap::new();
    let mut loaded = BTreeMap::new();
    let mut recognised = Vec::new();
    for (index, (item, look)) in items.iter().zip(looks).enumerate() {
        let is_told_of =
            |found: &Recognised| !found.secrets.is_empty() || !found.problems.is_empty();
        let is_told_of = look.recognised.as_deref().is_some_and(is_told_of);
        if let Some(content) = item.file.blob.as_ref().filter(|_| is_told_of) {
            contents.insert(id_of(index), content.clone());
        }
        if let Some(source) = look.source {
            loaded.insert(id_of(index), source);
        }
        recognised.extend(look.recognised.map(|found| (item.states, found)));
    }
    let texts = texts.map(|text| {
        let (entry, source) = text?;
        let id = id_of(entries.len());
        loaded.insert(id, Arc::new(source));
        entries.push(entry);
        Some(id)
    });
    let sources = Sources::new(entries, loaded);
    Examined {
        sources,
        recognised,
        contents,
        files_read,
        files_parsed,
        pointers,
        packed,
        silent,
        texts,
    }
}
