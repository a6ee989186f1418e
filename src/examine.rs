//! Everything that is done to one file alone: read, sift, parse, recognise, on all cores.
//!
//! The result does not depend on the number of threads. A reader that panics loses its file, not the run: the file is reported.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::discover::{File, Tree};
use crate::read::{Content, Limits, read};
use crate::recognise::secret::places;
use crate::recognise::{self, Recognised};
use crate::sift::{Sifted, sift};
use crate::source::{Location, Source, SourceId};
use crate::sources::{Entry, Sources};
use crate::syntax::{Problem, format_of};

/// What the files of a tree hold, each taken alone.
#[derive(Debug)]
pub struct Examined {
    /// The files; those in which something was found with their text.
    pub sources: Sources,
    /// What was found, in order of the files.
    pub recognised: Vec<Recognised>,
    /// How many files were read.
    pub files_read: usize,
    /// How many of them were parsed.
    pub files_parsed: usize,
}

/// Reads every file of a tree and recognises what it holds.
#[must_use]
pub fn examine(tree: &Tree, file_bytes: u64) -> Examined {
    let limits = Limits { file_bytes };
    let looks: Vec<Look> = tree
        .files
        .par_iter()
        .enumerate()
        .map_init(Vec::new, |buffer, (index, file)| {
            let id = SourceId(u32::try_from(index).unwrap_or(u32::MAX));
            look(file, id, read(&tree.root, file, &limits, buffer))
        })
        .collect();
    let files_read = looks.iter().filter(|look| look.is_read).count();
    let files_parsed = looks.iter().filter(|look| look.is_parsed).count();
    // A file that the index lists and the folder has no more makes no instance an heir.
    let path =
        |(file, look): (&File, &Look)| if look.is_gone { String::new() } else { file.name.clone() };
    let entries =
        tree.files.iter().zip(&looks).map(|found| Entry { path: path(found), ..Entry::default() });
    let entries = entries.collect();
    let mut loaded = BTreeMap::new();
    let mut recognised = Vec::new();
    for (index, look) in (0..).zip(looks) {
        if let Some(source) = look.source {
            loaded.insert(SourceId(index), source);
        }
        recognised.extend(look.recognised);
    }
    Examined { sources: Sources::new(entries, loaded), recognised, files_read, files_parsed }
}

/// What one file gave.
#[derive(Default)]
struct Look {
    is_gone: bool,
    is_read: bool,
    is_parsed: bool,
    source: Option<Source>,
    recognised: Option<Recognised>,
}

fn look(file: &File, id: SourceId, content: Content) -> Look {
    match content {
        Content::Skipped => Look { is_gone: true, ..Look::default() },
        Content::Clean => Look { is_read: true, ..Look::default() },
        Content::Unread { reason } => {
            Look { recognised: Some(unread(id, reason)), ..Look::default() }
        }
        Content::Text { bytes, sifted } => {
            guard(id, || look_at_text(file, id, Source::new(file.name.clone(), bytes), sifted))
        }
        Content::Parts { parts } => guard(id, || {
            let source = Source::of_parts(file.name.clone(), parts);
            let sifted = sift(&file.name, source.text().as_bytes());
            look_at_text(file, id, source, sifted)
        }),
        Content::Unpacked { bytes } => guard(id, || look_at_unpacked(file, id, bytes)),
    }
}

fn guard(id: SourceId, look: impl FnOnce() -> Look) -> Look {
    catch_unwind(AssertUnwindSafe(look)).unwrap_or_else(|_| {
        let reason = "made a reader of this tool fail; please report it".to_owned();
        Look { is_read: true, recognised: Some(unread(id, reason)), ..Look::default() }
    })
}

/// The text is not kept: no line of it is a line of the file.
fn look_at_unpacked(file: &File, id: SourceId, bytes: Vec<u8>) -> Look {
    let source = Source::new(file.name.clone(), bytes);
    let secrets = places::in_packed_text(&source, id);
    let recognised = Recognised { secrets, ..Recognised::default() };
    let is_empty = recognised == Recognised::default();
    Look { is_read: true, recognised: (!is_empty).then_some(recognised), ..Look::default() }
}

fn look_at_text(file: &File, id: SourceId, source: Source, sifted: Sifted) -> Look {
    let format = format_of(&file.name).filter(|_| sifted.settings || sifted.perhaps);
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
    let is_empty = recognised == Recognised::default();
    Look {
        is_gone: false,
        is_read: true,
        is_parsed: format.is_some(),
        source: (!is_empty).then_some(source),
        recognised: (!is_empty).then_some(recognised),
    }
}

fn unread(id: SourceId, reason: String) -> Recognised {
    let problem = Problem { at: Location::new(id, 0, 0), message: reason };
    Recognised { problems: vec![problem], ..Recognised::default() }
}
