//! What earlier runs know of the contents that git keeps: in which of them nothing was found, so that they need not be read again.
//!
//! Kept in `.git/commerce-lint/`, of which anything may be deleted at any time. An entry is a hash over the content's name, the file's name, the
//! limit, the settings that rules ask for and this version of the tool: it tells nothing of what a file holds, and it holds for no other decision than the one that was made. What
//! does not sum up, or is of another form, is as if it was not there.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::discover::File;
use crate::discover::git::Repository;
use crate::mask::outlet::Page;
use crate::model::watched;
use crate::{read, write};

/// What the file starts with: its form.
const FORM: &[u8; 16] = b"commerce-lint 1\n";

/// How long a sum over all entries is, in bytes.
const SUM: usize = 32;

/// How much of a hash tells contents apart, in bytes.
const KEY: usize = 16;

/// How many contents are known at most: the file has 17 bytes for each.
const MOST: usize = 1 << 20;

/// A content under the name of a file.
pub type Key = [u8; KEY];

/// A content and what is known of it.
type Entry = [u8; KEY + 1];

/// What is known.
#[derive(Debug)]
pub struct Known {
    path: PathBuf,
    /// What every entry depends on.
    grounds: Vec<u8>,
    /// Sorted.
    entries: Vec<Entry>,
}

impl Known {
    /// What is known of a repository's contents; none where nothing can be kept for it: in a linked work tree.
    #[must_use]
    pub fn of(repository: &Repository, file_bytes: u64) -> Option<Self> {
        let path = repository.own_folder()?.join("commerce-lint").join("clean");
        let longest = FORM.len() + SUM + MOST * (KEY + 1);
        let entries = read::kept_aside(&path, longest as u64).ok().and_then(|bytes| parse(&bytes));
        let watched = watched::patterns();
        let grounds = format!("{} {file_bytes} {watched:?}\0", env!("CARGO_PKG_VERSION"));
        let grounds = grounds.into_bytes();
        Some(Self { path, grounds, entries: entries.unwrap_or_default() })
    }

    /// The key of a file's content; none where git keeps none, and for a message, which is no file.
    #[must_use]
    pub fn key(&self, file: &File) -> Option<Key> {
        let blob = file.blob.as_ref().filter(|_| !file.name.is_empty())?;
        let hash = Sha256::new()
            .chain_update(&self.grounds)
            .chain_update(blob.as_str())
            .chain_update([0])
            .chain_update(&file.name)
            .finalize();
        hash.first_chunk().copied()
    }

    /// What an earlier run said of a content.
    #[must_use]
    pub fn fate(&self, key: &Key) -> Option<u8> {
        let at = self.entries.binary_search_by(|entry| entry[..KEY].cmp(key)).ok()?;
        self.entries.get(at).map(|entry| entry[KEY])
    }

    /// Keeps what this run found out, if it is anything new. What cannot be kept is found out again.
    pub fn learn(mut self, news: impl IntoIterator<Item = (Key, u8)>) {
        let entry = |(key, fate): (Key, u8)| {
            let mut entry = [fate; KEY + 1];
            entry[..KEY].copy_from_slice(&key);
            entry
        };
        let mut news: Vec<Entry> = news.into_iter().map(entry).collect();
        if news.is_empty() {
            return;
        }
        // What is newest is asked for next; there is no telling how old the others are.
        if self.entries.len() + news.len() > MOST {
            self.entries.clear();
        }
        news.truncate(MOST);
        self.entries.append(&mut news);
        self.entries.par_sort_unstable();
        self.entries.dedup_by(|one, other| one[..KEY] == other[..KEY]);
        let body = self.entries.concat();
        let bytes = [&FORM[..], &Sha256::digest(&body), &body].concat();
        let _ = store(&self.path, &bytes);
    }
}

/// Puts the file into a folder of its own. No link is followed to either.
fn store(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write::folder_beside(path)?;
    write::supersede(path, &Page::of_hashes(bytes))
}

/// The entries of a file; none where it is none of ours, or not whole.
fn parse(bytes: &[u8]) -> Option<Vec<Entry>> {
    let (sum, body) = bytes.strip_prefix(FORM)?.split_at_checked(SUM)?;
    let (entries, rest) = body.as_chunks();
    let is_whole = rest.is_empty() && Sha256::digest(body).as_slice() == sum;
    (is_whole && entries.is_sorted()).then(|| entries.to_vec())
}
