//! Everything that is done to one file alone: read, sift, parse, recognise, on all cores.
//!
//! The result does not depend on the number of threads. A reader that panics loses its file, not the run: the file is reported.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;

use crate::discover::git::ObjectId;
use crate::discover::{File, Tree};
use crate::known::{Key, Known};
use crate::progress::Progress;
use crate::read::gzip::unpacked_name;
use crate::read::{Content, Limits, read, read_kept};
use crate::recognise::dialects;
use crate::recognise::secret::{is_public_der, places};
use crate::recognise::{self, Recognised};
use crate::sift::{Sifted, sift};
use crate::source::{Location, Part, Source, SourceId};
use crate::sources::{Entry, Sources, State, StateSet};
use crate::syntax::php::Php;
use crate::syntax::sql::Sql;
use crate::syntax::{Format as _, Problem, format_of};

/// What the files of all states hold, each taken alone.
#[derive(Debug)]
pub struct Examined {
    /// The files; those in which something was found with their text.
    pub sources: Sources,
    /// What was found, in order of the files, and the states that have it.
    pub(crate) recognised: Vec<(StateSet, Recognised)>,
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
        self.recognised.iter().map(|(_, recognised)| recognised)
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
        found.map(|(_, recognised)| recognised.clone()).collect()
    }
}

/// A state to examine.
#[derive(Debug)]
pub struct Examinee {
    /// Its files.
    pub tree: Tree,
    /// The revision that they come from, as `git show` takes it; none for what is checked.
    pub revision: Option<Arc<str>>,
    /// Whether it is the history, of which only secrets count.
    pub is_history: bool,
}

/// Reads every file of all states once and recognises what it holds. `texts`, the configurations now
/// and before, are known already and only shown: they come behind all others. What is `known` of contents is not read. Each file counts as it is
/// done.
#[must_use]
pub fn examine(
    states: &[Examinee],
    texts: [Option<(Entry, Source)>; 2],
    file_bytes: u64,
    known: Option<Known>,
    progress: &Progress,
) -> Examined {
    let limits = Limits { file_bytes };
    let items = items(states);
    progress.expect(items.len());
    let (in_folder, kept): (Vec<_>, Vec<_>) =
        items.iter().enumerate().partition(|(_, item)| item.tree.repository.is_none());
    let mut looks = Vec::new();
    looks.resize_with(items.len(), Look::default);
    let (keys, kept) = unknown(known.as_ref(), kept, &mut looks);
    (in_folder.len() + kept.len()..items.len()).for_each(|_| progress.advance());
    let found: Vec<(usize, Look)> = in_folder
        .par_iter()
        .map_init(Vec::new, |buffer, &(index, item)| {
            let content = read(&item.tree.root, item.file, &limits, buffer);
            let look = look(item.file, id_of(index), content);
            progress.advance();
            (index, look)
        })
        .chain(
            kept.par_chunks(chunk(kept.len()))
                .flat_map_iter(|chunk| look_at_kept(chunk, limits, progress)),
        )
        .collect();
    if let Some(known) = known {
        let is_new = |(index, look): &(usize, Look)| {
            Some((*keys.get(index)?, look.fate.known().filter(|_| look.is_empty())?))
        };
        known.learn(found.iter().filter_map(is_new));
    }
    for (index, found) in found {
        if let (Some(look), Some(item)) = (looks.get_mut(index), items.get(index)) {
            *look = if item.is_history { found.secrets_alone() } else { found };
        }
    }
    let mut examined = summed_up(&items, looks, texts);
    let checkouts = states.iter().flat_map(|state| state.tree.aside.checkouts());
    examined.sources.split(checkouts.collect());
    examined
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

/// A file to look at.
pub(crate) struct Item<'a> {
    pub file: &'a File,
    pub tree: &'a Tree,
    revision: Option<&'a Arc<str>>,
    states: StateSet,
    pub is_history: bool,
}

/// The files of all states in order of their paths, then of the states; what two states have unchanged is one.
pub(crate) fn items(states: &[Examinee]) -> Vec<Item<'_>> {
    let mut items: Vec<Item<'_>> = Vec::new();
    for (number, Examinee { tree, revision, is_history }) in (0..).zip(states) {
        let states = StateSet::default().with(State(number));
        let revision = revision.as_ref();
        let is_history = *is_history;
        items.extend(tree.files.iter().map(|file| Item {
            file,
            tree,
            revision,
            states,
            is_history,
        }));
    }
    if states.len() < 2 {
        return items;
    }
    // Contents of one path stand side by side, however many the history has. Each state is in this order already, so that they are merged.
    items.sort_by(|one, other| order(one.file).cmp(&order(other.file)));
    let mut merged: Vec<Item<'_>> = Vec::with_capacity(items.len());
    for item in items {
        let is_same = |other: &&mut Item<'_>| {
            item.file.blob.is_some()
                && (&other.file.path, &other.file.blob) == (&item.file.path, &item.file.blob)
        };
        match merged.last_mut().filter(is_same) {
            Some(other) => {
                other.states = other.states.and(item.states);
                other.is_history &= item.is_history;
            }
            None => merged.push(item),
        }
    }
    merged
}

fn order(file: &File) -> impl Ord {
    (file.path.as_os_str(), &file.blob)
}

pub(crate) fn id_of(index: usize) -> SourceId {
    SourceId(u32::try_from(index).unwrap_or(u32::MAX))
}

/// How many files one `git cat-file` reads: one process for each thread, since starting one takes as long as reading many files.
fn chunk(files: usize) -> usize {
    files.div_ceil(rayon::current_num_threads()).max(64)
}

fn look_at_kept(
    items: &[(usize, &Item<'_>)],
    limits: Limits,
    progress: &Progress,
) -> Vec<(usize, Look)> {
    let mut looks = Vec::with_capacity(items.len());
    let Some(repository) = items.iter().find_map(|(_, item)| item.tree.repository.as_ref()) else {
        return looks;
    };
    let files: Vec<&File> = items.iter().map(|(_, item)| item.file).collect();
    read_kept(repository, &files, &limits, &mut |at, content| {
        progress.advance();
        if let Some(&(index, item)) = items.get(at) {
            looks.push((index, look(item.file, id_of(index), content)));
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
        let is_told_of = look.recognised.as_ref().is_some_and(is_told_of);
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
        loaded.insert(id, source);
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

/// What one file gave.
#[derive(Default)]
struct Look {
    fate: Fate,
    source: Option<Source>,
    recognised: Option<Recognised>,
    /// Where it names the connector, if no reader of it gives a setting.
    silent: Option<Location>,
}

impl Look {
    /// Whether nothing was found.
    fn is_empty(&self) -> bool {
        self.source.is_none() && self.recognised.is_none()
    }

    /// What counts of a file that earlier commits held: its secrets, and whether it could be read at all.
    fn secrets_alone(self) -> Self {
        let found = self.recognised.map(|found| Recognised {
            secrets: found.secrets,
            problems: found.problems.into_iter().filter(Problem::is_of_whole_file).collect(),
            ..Recognised::default()
        });
        let recognised = found.filter(|found| *found != Recognised::default());
        Self { source: self.source.filter(|_| recognised.is_some()), recognised, ..self }
    }
}

/// How far a file was read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Fate {
    #[default]
    Unread,
    Gone,
    Pointer,
    Packed,
    Read,
    Parsed,
}

impl Fate {
    /// The fates of contents that need not be read again.
    const KNOWN: [(u8, Self); 3] = [(b'r', Self::Read), (b'p', Self::Packed), (b'P', Self::Parsed)];

    fn of_known(code: u8) -> Option<Self> {
        Self::KNOWN.into_iter().find(|(known, _)| *known == code).map(|(_, fate)| fate)
    }

    fn known(self) -> Option<u8> {
        Self::KNOWN.into_iter().find(|(_, fate)| *fate == self).map(|(code, _)| code)
    }
}

fn look(file: &File, id: SourceId, content: Content) -> Look {
    match content {
        Content::Skipped => Look { fate: Fate::Gone, ..Look::default() },
        Content::Pointer => Look { fate: Fate::Pointer, ..Look::default() },
        Content::Packed => Look { fate: Fate::Packed, ..Look::default() },
        Content::Store { bytes } => guard(id, || look_at_store(file, id, bytes)),
        Content::Clean => Look { fate: Fate::Read, ..Look::default() },
        Content::Unread { reason } => {
            Look { recognised: Some(unread(id, reason)), ..Look::default() }
        }
        Content::Text { bytes, sifted } => {
            guard(id, || look_at_text(id, Source::new(file.name.clone(), bytes), sifted))
        }
        Content::Parts { parts } => guard(id, || {
            let source = Source::of_parts(file.name.clone(), parts);
            let sifted = sift(&file.name, source.text().as_bytes());
            look_at_text(id, source, sifted)
        }),
        Content::Unpacked { parts, is_broken } => {
            guard(id, || look_at_unpacked(file, id, parts, is_broken))
        }
    }
}

fn guard(id: SourceId, look: impl FnOnce() -> Look) -> Look {
    catch_unwind(AssertUnwindSafe(look)).unwrap_or_else(|_| {
        let reason = "made a reader of this tool fail; please report it".to_owned();
        Look { fate: Fate::Read, recognised: Some(unread(id, reason)), ..Look::default() }
    })
}

/// A key in bytes has no lines that anybody could be shown; what is neither that nor public is closed.
fn look_at_store(file: &File, id: SourceId, bytes: Vec<u8>) -> Look {
    if let Some(secret) = places::in_bytes(&bytes, id) {
        let source = Source::unpacked(file.name.clone(), Vec::new());
        let recognised = Recognised { secrets: vec![secret], ..Recognised::default() };
        return Look {
            fate: Fate::Read,
            source: Some(source),
            recognised: Some(recognised),
            ..Look::default()
        };
    }
    let sifted = sift(&file.name, &bytes);
    let is_open = is_public_der(&bytes);
    let look = look_at_text(id, Source::new(file.name.clone(), bytes), sifted);
    let fate = if is_open || look.recognised.is_some() { look.fate } else { Fate::Packed };
    Look { fate, ..look }
}

/// Only of a dump more is read than its private keys.
fn look_at_unpacked(file: &File, id: SourceId, parts: Vec<Part>, is_broken: bool) -> Look {
    let name = unpacked_name(&file.name);
    let source = Source::unpacked(name.to_owned(), parts);
    let sifted = sift(name, source.text().as_bytes());
    let sifted = if Sql.claims(name) {
        sifted
    } else {
        Sifted { secrets: sifted.secrets, ..Sifted::default() }
    };
    let mut look = look_at_text(id, source, sifted);
    let secrets = look.recognised.iter_mut().flat_map(|found| &mut found.secrets);
    for secret in secrets {
        places::pack(secret);
        if !Sql.claims(name) {
            // What is in an archive has lines that nobody sees.
            secret.at = Location::new(id, 0, 0);
        }
    }
    if is_broken && sifted.settings {
        let message = "the compression breaks off or is not sound".to_owned();
        let problem = Problem { at: Location::new(id, 0, 0), message };
        look.recognised.get_or_insert_default().problems.push(problem);
    }
    look
}

fn look_at_text(id: SourceId, source: Source, sifted: Sifted) -> Look {
    let path = source.path();
    let format =
        if sifted.settings { dialects::format(path, source.text()) } else { format_of(path) };
    let format = format.filter(|_| sifted.settings || sifted.perhaps);
    let is_code = format.is_some_and(|format| format.is(&Php));
    // Of a file that no reader knows, a task of Deployer's among them, what it names may be set.
    let is_unknown = format.is_none() || is_code && source.text().contains("namespace Deployer");
    let may_be_silent = sifted.settings && is_unknown && !dialects::is_prose(path);
    let named = may_be_silent.then(|| dialects::names_connector(source.text())).flatten();
    let mut recognised = format.map_or_else(Recognised::default, |format| {
        recognise::settings(&source, id, &format.parse(id, source.text()))
    });
    let has_settings = recognised.contributions.iter().any(|found| !found.is_keyring());
    if !sifted.settings && !has_settings {
        // A file that may hold anything, and in which nothing was found, hides no setting that we know of where it is broken.
        recognised.problems.clear();
    }
    if sifted.secrets {
        recognised.secrets = places::in_text(&source, id);
    }
    let bare = places::at_settings(&source, &recognised.contributions, &recognised.secrets);
    recognised.secrets.extend(bare);
    recognised.secrets.sort_by_key(|secret| secret.at);
    for found in &mut recognised.contributions {
        found.settings.shrink_to_fit();
    }
    // Most files give one, and a list that grew holds room for four.
    recognised.contributions.shrink_to_fit();
    let is_empty = recognised == Recognised::default();
    let gives = |found: &recognise::Contribution| {
        !found.settings.is_empty() || !found.opaque.is_empty() || !found.includes.is_empty()
    };
    let is_silent = !recognised.contributions.iter().any(gives)
        && recognised.edits.is_empty()
        && recognised.storefronts.is_empty();
    let idle = std::mem::take(&mut recognised.idle);
    // The names of objects are known without the text.
    let silent = named.filter(|_| is_silent).map(|span| Location { source: id, span });
    let is_kept = recognised != Recognised::default() || sifted.remarks || silent.is_some();
    recognised.idle = idle;
    Look {
        fate: if format.is_some() { Fate::Parsed } else { Fate::Read },
        source: is_kept.then_some(source),
        recognised: (!is_empty).then_some(recognised),
        silent,
    }
}

fn unread(id: SourceId, reason: String) -> Recognised {
    let problem = Problem { at: Location::new(id, 0, 0), message: reason };
    Recognised { problems: vec![problem], ..Recognised::default() }
}
