//! A file that was found, before anybody opens it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::git::id::ObjectId;

/// A file that was found, or a folder that could not be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path from the root.
    pub path: PathBuf,
    /// The path for rules and people: with `/`, U+FFFD for what is not Unicode; not escaped.
    pub name: String,
    /// Why a folder cannot be entered, as a clause; nothing for files.
    pub unreadable: Option<String>,
    /// The blob that holds it; none for a file that is read from the folder.
    pub blob: Option<ObjectId>,
    /// The text that counts in the place of what is on disk.
    pub text: Option<Given>,
    /// Whether it was there when it was listed: if it is gone when it is read, nobody knows what it said.
    pub was_there: bool,
}

impl File {
    pub(super) fn new(path: PathBuf) -> Self {
        let name = name_of(&path);
        Self { path, name, unreadable: None, blob: None, text: None, was_there: false }
    }

    pub(super) fn unreadable(path: PathBuf, reason: String) -> Self {
        Self { unreadable: Some(reason), ..Self::new(path) }
    }
}

/// A text that stands in the place of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Given(pub(super) Arc<[u8]>);

impl Given {
    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Given {
    /// Never prints the text: it can hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given").field("bytes", &self.0.len()).finish_non_exhaustive()
    }
}

pub(super) fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

pub(super) fn name_of(path: &Path) -> String {
    let name = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        name.into_owned()
    } else {
        name.replace(std::path::MAIN_SEPARATOR, "/")
    }
}
