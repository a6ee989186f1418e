//! Finds out which files a tree has, without opening any of them.
//!
//! In a git work tree these are the files of the index, whatever `.gitignore` says about them, and the untracked files that are not ignored;
//! elsewhere all files. No link is followed, not even on the way to a file. What cannot be listed is named, never left out in silence.

pub(crate) mod aside;
pub(crate) mod checkouts;
mod file;
mod folder;
mod folders;
pub(crate) mod git;
pub mod given;
mod tree;

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::fault::reason;
use file::name_of;
pub use file::{File, Given};
use git::{Commit, GitError, Repository};
pub use tree::{Aside, Tree};

/// A PATH that is no tree.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// Nothing there, or no way to it.
    #[error("cannot read `{path}`: {reason}")]
    Unreachable {
        /// As the user gave it.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// A device, a FIFO or a socket.
    #[error("`{path}` is neither a folder nor a file")]
    Neither {
        /// As the user gave it.
        path: String,
    },
}

/// Lists the files of a commit, below the folder that the repository was found from.
///
/// # Errors
/// Where git does not list all of them.
pub fn kept(repository: &Repository, commit: &Commit) -> Result<Tree, GitError> {
    Ok(tree_of(repository, repository.files_of(commit)?))
}

/// Lists the files of the index below the folder that the repository was found from, and of the commit that it is compared with, if any.
///
/// # Errors
/// Where git does not list all of them, or `commit` fails.
pub fn staged(
    repository: &Repository,
    commit: impl FnOnce() -> Result<Option<Commit>, GitError> + Send,
) -> Result<(Tree, Option<(Tree, Commit)>), GitError> {
    let (index, before) = repository.files_of_both(commit)?;
    let before = before.map(|(listing, commit)| (tree_of(repository, listing), commit));
    Ok((tree_of(repository, index), before))
}

/// A state of the repository without any file.
#[must_use]
pub fn nothing(repository: &Repository) -> Tree {
    tree_of(repository, git::Listing::default())
}

fn tree_of(repository: &Repository, listing: git::Listing) -> Tree {
    let note = |of: &File| format!("the submodule `{}` is not read", of.name);
    let notes = listing.submodules.iter().map(note).collect();
    let tree = Tree::of(repository.folder(), listing.files, notes);
    let links = listing.links.iter().map(|link| link.name.clone()).collect();
    let aside = Aside { links, kept_links: listing.links, ..Aside::default() };
    Tree { aside, repository: Some(repository.clone()), ..tree }
}

/// The folder that `path` is, or the one that holds the file: absolute and free of links.
///
/// # Errors
/// Where there is nothing.
pub fn folder_of(path: &Path) -> Result<PathBuf, DiscoverError> {
    let found = fs::canonicalize(path).map_err(|error| DiscoverError::Unreachable {
        path: path.display().to_string(),
        reason: reason(&error),
    })?;
    Ok(if found.is_dir() { found } else { found.parent().unwrap_or(&found).to_owned() })
}

/// The name of the file that `path` is, in its folder; none where it is a folder.
///
/// # Errors
/// Where there is nothing.
pub fn file_of(path: &Path) -> Result<Option<String>, DiscoverError> {
    let found = fs::canonicalize(path).map_err(|error| DiscoverError::Unreachable {
        path: path.display().to_string(),
        reason: reason(&error),
    })?;
    let name = found.file_name().filter(|_| found.is_file());
    Ok(name.map(|name| name_of(Path::new(name))))
}

/// How the folder of `path` is called from the root of the git work tree that it lies in, with `/` at its end: empty for the root, and
/// where there is no work tree.
#[must_use]
pub fn below_work_tree(path: &Path) -> String {
    let Ok(folder) = folder_of(path) else { return String::new() };
    let is_root = |folder: &&Path| fs::symlink_metadata(folder.join(".git")).is_ok();
    let below = folder.ancestors().find(is_root).and_then(|root| folder.strip_prefix(root).ok());
    match below.map(name_of) {
        Some(name) if !name.is_empty() => name + "/",
        _ => String::new(),
    }
}

/// The nearest file of one of these names above the folder of `path` and within its work tree, and its folder, both as the way up to them.
#[must_use]
pub fn above(path: &Path, names: &[&str]) -> Option<(String, String)> {
    let steps = below_work_tree(path).matches('/').count();
    let folder = folder_of(path).ok()?;
    (1..=steps).zip(folder.ancestors().skip(1)).find_map(|(count, folder)| {
        let name = names.iter().find(|name| folder.join(name).is_file())?;
        let up = vec![".."; count].join("/");
        Some((format!("{up}/{name}"), up))
    })
}

/// Whether a file lies in the folder of `path`, whatever links lead to it.
#[must_use]
pub fn lies_within(path: &Path, file: &Path) -> bool {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder_of(folder.unwrap_or(Path::new(".")));
    folder.is_ok_and(|folder| folder_of(path).is_ok_and(|root| folder.starts_with(root)))
}

/// Whether what a path leads to, whatever links are on the way, lies in the folder `root` or is it; so does what is not there.
#[must_use]
pub fn reaches_within(root: &Path, path: &Path) -> bool {
    match (fs::canonicalize(root), fs::canonicalize(path)) {
        (Ok(root), Ok(path)) => path.starts_with(root),
        _ => spelt_within(root, path).is_some(),
    }
}

/// The path of a file from the folder `root`, as both are spelt: whatever is a link on the way.
#[must_use]
pub fn spelt_within(root: &Path, file: &Path) -> Option<PathBuf> {
    let (root, file) = (std::path::absolute(root).ok()?, std::path::absolute(file).ok()?);
    let name = file.strip_prefix(root).ok()?;
    name.components().all(|part| matches!(part, Component::Normal(_))).then(|| name.to_owned())
}

/// How the folder of `path` is called from where the program was started, with `/` at its end: as the user wrote it, without `./`.
#[must_use]
pub fn as_given(path: &Path) -> String {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let is_step = |part: &Component<'_>| !matches!(part, Component::CurDir);
    let name = name_of(&folder.components().filter(is_step).collect::<PathBuf>());
    if name.is_empty() || name.ends_with('/') { name } else { name + "/" }
}

/// Lists the files of the folder or the one file `root`.
///
/// `excluded` is asked for names of files and of folders; an excluded folder takes everything in it along.
pub fn discover(
    root: &Path,
    excluded: &(dyn Fn(&str) -> bool + Sync),
) -> Result<Tree, DiscoverError> {
    let given = || root.display().to_string();
    let unreachable = |error: &std::io::Error| DiscoverError::Unreachable {
        path: given(),
        reason: reason(error),
    };
    let path = fs::canonicalize(root).map_err(|error| unreachable(&error))?;
    let metadata = fs::metadata(&path).map_err(|error| unreachable(&error))?;
    if metadata.is_file() {
        let file = path.file_name().map(|name| File::new(name.into()));
        let folder = path.parent().unwrap_or(&path);
        return Ok(Tree::of(folder, file.into_iter().collect(), Vec::new()));
    }
    if !metadata.is_dir() {
        return Err(DiscoverError::Neither { path: given() });
    }
    fs::read_dir(&path).map_err(|error| unreachable(&error))?;
    let mut notes = Vec::new();
    let mut aside = Aside::default();
    let files = match git::work_tree::files(&path, excluded, &mut notes, &mut aside) {
        Ok(files) => files,
        Err(why) => {
            if !matches!(why, GitError::NoRepository { .. }) {
                let note = format!("{why}, so every file of the folder is read, ignored ones too");
                // The folder is checked as it is; which commit it is of, and what of it is the repository's, nobody knows.
                aside.unwhole.push(note.clone());
                notes.push(note);
            }
            let mut files = folder::files(&path, Path::new(""), excluded, &mut aside);
            if matches!(why, GitError::Cut | GitError::Silent(_)) {
                // What it would have said of them nobody knows.
                files.push(File::unreadable(".git".into(), format!("was not heard: {why}")));
            }
            files
        }
    };
    aside.links.sort_unstable();
    aside.repositories.sort_unstable();
    let is_kept = files.iter().any(|file| file.blob.is_some());
    let store = Repository::of(&path).ok().filter(|_| is_kept);
    Ok(Tree { aside, store, ..Tree::of(&path, files, notes) })
}
