//! The index, and the commit that it is compared with: that one from the listing of the index by what git says differs, which is next to
//! nothing, where listing a commit opens every folder of it.

#[cfg(all(test, unix))]
mod tests;

use std::collections::BTreeMap;

use crate::discover::File;
use crate::discover::file::bytes_of;
use crate::discover::git::calls::{is_ownership, records, waited};
use crate::discover::git::error::GitError;
use crate::discover::git::repository::Repository;
use crate::discover::git::revision::{Commit, Listing, unknown_format};

/// What one path is in a commit, where the index has something else: its mode and its blob; the mode is of nothing where it has none.
struct Former {
    mode: Vec<u8>,
    id: Vec<u8>,
    /// Whether the index has the path.
    is_kept: bool,
}

/// The mode of what is not there.
const NOTHING: &[u8] = b"000000";

impl Repository {
    /// The files of the index below the folder, and those of a commit, where there is one.
    ///
    /// # Errors
    /// Where git cannot list either, or `commit` fails.
    pub fn files_of_both(
        &self,
        commit: impl FnOnce() -> Result<Option<Commit>, GitError> + Send,
    ) -> Result<(Listing, Option<(Listing, Commit)>), GitError> {
        // Each waits for git.
        let (index, before) = rayon::join(
            || self.files_of_index(),
            || {
                let Some(commit) = commit()? else { return Ok(None) };
                Ok::<_, GitError>(Some((self.former(&commit)?, commit)))
            },
        );
        let (index, before) = (index?, before?);
        let before = before.map(|(former, commit)| {
            let listing = match former {
                // An index that the second git could not open is an empty one to it.
                Some(former) if is_of(&index, &former) => before_index(&index, &former)?,
                _ => self.files_of(&commit)?,
            };
            Ok::<_, GitError>((listing, commit))
        });
        Ok((index, before.transpose()?))
    }

    /// What a commit has that the index has not, by path; none where git tells no such difference: of an index with conflicts, or being too old.
    fn former(&self, commit: &Commit) -> Result<Option<BTreeMap<Vec<u8>, Former>>, GitError> {
        let arguments = [
            "diff-index",
            "--cached",
            "--raw",
            "-z",
            "--relative",
            "--no-renames",
            "--no-abbrev",
            "--ignore-submodules=none",
            "--ita-visible-in-index",
            // Whether there is a difference at all: an answer that was lost on its way is no "none".
            "--exit-code",
            commit.id.as_str(),
            "--",
        ];
        let output = waited(self.start_on_index(&arguments))?;
        match (output.status.code(), output.stdout.is_empty()) {
            (Some(0), true) => return Ok(Some(BTreeMap::new())),
            (Some(1), false) => {}
            (Some(0 | 1) | None, _) => {
                return Err(GitError::Failed("git was stopped before it answered".into()));
            }
            _ if is_ownership(&output) => return Err(GitError::Ownership),
            _ => return Ok(None),
        }
        differences(&output.stdout)
    }
}

/// Reads `:<mode> <mode> <name> <name> <state>` and the path of each difference; none of a conflict.
fn differences(listed: &[u8]) -> Result<Option<BTreeMap<Vec<u8>, Former>>, GitError> {
    let mut former = BTreeMap::new();
    let mut records = records(listed)?;
    while let Some(record) = records.next() {
        let fields: Vec<&[u8]> = record.split(|&byte| byte == b' ').collect();
        let [mode, now, id, _, state] = fields.as_slice() else { return Err(unknown_format()) };
        let mode = mode.strip_prefix(b":").ok_or_else(unknown_format)?;
        if state.starts_with(b"U") {
            return Ok(None);
        }
        let path = records.next().ok_or(GitError::Cut)?;
        let is_kept = *now != NOTHING;
        former.insert(path.to_vec(), Former { mode: mode.to_vec(), id: id.to_vec(), is_kept });
    }
    Ok(Some(former))
}

/// The listing of a commit, by those of the index and of what differs.
#[cfg(fuzzing)]
pub(super) fn before(index: &Listing, listed: &[u8]) -> Result<Option<Listing>, GitError> {
    let former = differences(listed)?.filter(|former| is_of(index, former));
    former.map(|former| before_index(index, &former)).transpose()
}

/// Whether a difference is one from this listing of the index: it has what the difference says that it has.
fn is_of(index: &Listing, former: &BTreeMap<Vec<u8>, Former>) -> bool {
    let lists = [&index.files, &index.submodules, &index.links];
    let listed = lists.into_iter().flatten().filter_map(|file| former.get(bytes_of(&file.path)));
    let (kept, gone): (Vec<&Former>, Vec<&Former>) = listed.partition(|former| former.is_kept);
    gone.is_empty() && kept.len() == former.values().filter(|former| former.is_kept).count()
}

/// The listing of the commit whose difference from the index is known.
fn before_index(index: &Listing, former: &BTreeMap<Vec<u8>, Former>) -> Result<Listing, GitError> {
    if former.is_empty() {
        return Ok(index.clone());
    }
    let is_same = |file: &&File| !former.contains_key(bytes_of(&file.path));
    let mut before = Listing {
        files: index.files.iter().filter(is_same).cloned().collect(),
        submodules: index.submodules.iter().filter(is_same).cloned().collect(),
        links: index.links.iter().filter(is_same).cloned().collect(),
    };
    for (path, Former { mode, id, .. }) in former.iter().filter(|(_, of)| of.mode != NOTHING) {
        before.add(mode, id, path)?;
    }
    for list in [&mut before.files, &mut before.submodules, &mut before.links] {
        list.sort_by(|one, other| bytes_of(&one.path).cmp(bytes_of(&other.path)));
    }
    Ok(before)
}
