//! What the runs of one process recall of the files of a tree, so that only what changed is read and parsed again.
//!
//! What was found is found again in the very same file: of this number and name, and with this content. Whether the content is the same, a blob's
//! name tells, or the text that was handed over; of a file on disk, that nothing the system knows of it has changed, where it was not just being
//! written. Nothing here leaves the process.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::item::Item;
use super::look::Look;
use crate::discover::git::ObjectId;
use crate::discover::{File, Given, Tree};
use crate::model::watched;
use crate::read::stamp::{Stamp, stamp};
use crate::source::Source;

/// What the runs of one process recall; by default nothing. A copy recalls the same.
#[derive(Clone, Default)]
pub struct Recall {
    memory: Option<Arc<Mutex<Memory>>>,
    is_still: bool,
}

impl fmt::Debug for Recall {
    /// Never prints what is recalled: texts can hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recall").field("is_still", &self.is_still).finish_non_exhaustive()
    }
}

impl Recall {
    /// For runs that follow each other: each recalls what the one before it found.
    #[must_use]
    pub fn new() -> Self {
        Self { memory: Some(Arc::default()), is_still: false }
    }

    /// For runs over the tree as it was read last, whatever has become of it: nothing on disk is asked, and what they find is not recalled.
    #[must_use]
    pub fn still(&self) -> Self {
        Self { is_still: true, ..self.clone() }
    }

    /// The files of a folder as they were listed last, where that is what counts. `excluded` are the patterns of what is left out.
    #[must_use]
    pub fn listing(&self, folder: &Path, excluded: &str) -> Option<Tree> {
        let memory = self.memory.as_ref().filter(|_| self.is_still)?;
        let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        let Listing { folder: listed, excluded: by, tree } = memory.listing.as_ref()?;
        (listed == folder && by == excluded).then(|| tree.clone())
    }

    /// Keeps the files of a folder as they were listed.
    pub fn list(&self, folder: &Path, excluded: &str, tree: &Tree) {
        self.with(|memory| {
            let (folder, excluded) = (folder.to_owned(), excluded.to_owned());
            memory.listing = Some(Listing { folder, excluded, tree: tree.clone() });
        });
    }

    /// What is known of the files of a tree, to be given back by [`Recall::close`].
    pub(super) fn open(&self, root: Option<&Path>, file_bytes: u64) -> Remembered {
        let grounds = Grounds {
            root: root.map(Path::to_owned),
            file_bytes,
            watched: watched::patterns().len(),
        };
        let mut files = Vec::new();
        if let Some(memory) = &self.memory {
            let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            if memory.grounds == grounds {
                files = std::mem::take(&mut memory.files);
            }
        }
        Remembered { grounds, files, is_still: self.is_still }
    }

    /// Keeps what was found in the files of a tree: by number, each with its mark where it can be known again.
    pub(super) fn close(
        &self,
        mut known: Remembered,
        found: impl FnOnce(&mut Vec<Kept>) -> Vec<Kept>,
    ) {
        if let Some(memory) = &self.memory {
            let files = if self.is_still { known.files } else { found(&mut known.files) };
            let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            (memory.grounds, memory.files) = (known.grounds, files);
        }
    }

    /// The whole text of a file of the run that is on, where one before it had it read.
    #[must_use]
    pub(crate) fn text(&self, index: usize, item: &Item<'_>) -> Option<Text> {
        let memory = self.memory.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = memory.files.get(index)?;
        kept.is_of(item.file, |_| true).then(|| kept.text.clone())?
    }

    /// Keeps the whole text of a file of the run that is on.
    pub(crate) fn keep(&self, index: usize, item: &Item<'_>, text: &Text) {
        self.with(|memory| {
            let kept = memory.files.get_mut(index);
            if let Some(kept) = kept.filter(|kept| kept.is_of(item.file, |_| true)) {
                kept.text = Some(text.clone());
            }
        });
    }

    /// Changes what is recalled, where that may change.
    fn with(&self, change: impl FnOnce(&mut Memory)) {
        if let Some(memory) = self.memory.as_ref().filter(|_| !self.is_still) {
            change(&mut memory.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Whether anything is kept for the runs that follow.
    pub(super) fn is_kept(&self) -> bool {
        self.memory.is_some() && !self.is_still
    }
}

/// What runs found.
#[derive(Default)]
struct Memory {
    grounds: Grounds,
    files: Vec<Kept>,
    listing: Option<Listing>,
}

/// What all of it depends on.
#[derive(Default, PartialEq, Eq)]
struct Grounds {
    root: Option<PathBuf>,
    file_bytes: u64,
    watched: usize,
}

/// The files of a folder.
struct Listing {
    folder: PathBuf,
    excluded: String,
    tree: Tree,
}

/// What is known of the files of a tree while they are looked at.
pub(super) struct Remembered {
    grounds: Grounds,
    files: Vec<Kept>,
    is_still: bool,
}

impl Remembered {
    /// Whether nothing is recalled.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What was found in a file, where it is still the same.
    pub fn look(&self, index: usize, item: &Item<'_>) -> Option<Look> {
        let kept = self.files.get(index)?;
        let is_as_before = |known: &Option<Stamp>| {
            self.is_still
                || known.is_some() && stamp(&item.tree.root.join(&item.file.path)) == *known
        };
        kept.is_of(item.file, is_as_before).then(|| kept.look.clone())
    }
}

/// What was found in a file.
#[derive(Default)]
pub(super) struct Kept {
    name: String,
    mark: Mark,
    look: Look,
    /// All of it, where a name led there.
    text: Option<Text>,
}

/// All of a file that a name leads to.
#[derive(Clone)]
pub(crate) struct Text {
    /// How long the file is.
    pub bytes: usize,
    pub source: Arc<Source>,
}

impl Text {
    pub fn of(item: &Item<'_>, bytes: Vec<u8>) -> Self {
        let source = |bytes| Arc::new(Source::new(item.file.name.clone(), bytes));
        Self { bytes: bytes.len(), source: source(bytes) }
    }
}

/// By what a content is known again.
enum Mark {
    /// What the system says of it; nothing where that is not enough.
    Disk(Option<Stamp>),
    Blob(ObjectId),
    Text(Given),
}

impl Default for Mark {
    fn default() -> Self {
        Self::Disk(None)
    }
}

impl Kept {
    /// The same, out of a place where nothing is left.
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    pub fn new(file: &File, stamp: Option<Stamp>, look: Look) -> Self {
        let mark = match (&file.text, &file.blob) {
            (Some(text), _) => Mark::Text(text.clone()),
            (None, Some(blob)) => Mark::Blob(blob.clone()),
            (None, None) => Mark::Disk(stamp),
        };
        Self { name: file.name.clone(), mark, look, text: None }
    }

    fn is_of(&self, file: &File, is_as_before: impl FnOnce(&Option<Stamp>) -> bool) -> bool {
        self.name == file.name
            && file.unreadable.is_none()
            && match (&self.mark, &file.text, &file.blob) {
                (Mark::Text(known), Some(text), _) => known == text,
                (Mark::Blob(known), None, Some(blob)) => known == blob,
                (Mark::Disk(known), None, None) => is_as_before(known),
                _ => false,
            }
    }
}
