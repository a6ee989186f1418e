//! Finds out which files a tree has, without opening any of them.
//!
//! In a git work tree these are the files of the index, whatever `.gitignore` says about them, and the untracked files that are not ignored;
//! elsewhere all files. No link is followed, not even on the way to a file. What cannot be listed is named, never left out in silence.

pub mod aside;
pub mod checkouts;
mod folder;
pub mod git;
pub mod given;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};

use rayon::slice::ParallelSliceMut as _;

use crate::fault::reason;
use aside::Aside;
use git::{Commit, GitError, ObjectId, Repository};
use given::Given;

/// The files of a folder, one file, or the files of a state that the repository keeps.
#[derive(Debug, PartialEq, Eq)]
pub struct Tree {
    /// The folder, absolute and free of links.
    pub root: PathBuf,
    /// The folder's own name, which names the instance of a tree without words.
    pub name: String,
    /// Every file, sorted by the bytes of its path. Some may turn out to be gone or no files when they are read.
    pub files: Vec<File>,
    /// What the reader of the results should know about how the files were found; holds untrusted names, not escaped.
    pub notes: Vec<String>,
    /// What is left aside.
    pub aside: Aside,
    /// Where the files' blobs are; none where the files are in the folder.
    pub repository: Option<Repository>,
}

/// A file that was found, or a folder that could not be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path from the root.
    pub path: PathBuf,
    /// The path for rules and people: with `/`, U+FFFD for what is not Unicode; not escaped.
    pub name: String,
    /// Why a folder cannot be entered, as a clause; nothing for files.
    pub unreadable: Option<String>,
    /// The blob that holds it; none for a file of the folder.
    pub blob: Option<ObjectId>,
    /// The text that counts in the place of what is on disk.
    pub text: Option<Given>,
    /// Whether it was there when it was listed: if it is gone when it is read, nobody knows what it said.
    pub was_there: bool,
}

impl File {
    fn new(path: PathBuf) -> Self {
        let name = name_of(&path);
        Self { path, name, unreadable: None, blob: None, text: None, was_there: false }
    }

    fn unreadable(path: PathBuf, reason: String) -> Self {
        Self { unreadable: Some(reason), ..Self::new(path) }
    }
}

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

/// A state of the tree that the repository keeps.
#[derive(Clone, Copy, Debug)]
pub enum Kept<'a> {
    /// What the next commit takes.
    Index,
    /// A commit.
    Commit(&'a Commit),
}

/// Lists the files of a state that the repository keeps, below the folder that it was found from.
///
/// # Errors
/// Where git does not list all of them.
pub fn kept(repository: &Repository, state: Kept<'_>) -> Result<Tree, GitError> {
    let listing = match state {
        Kept::Index => repository.files_of_index()?,
        Kept::Commit(commit) => repository.files_of(commit)?,
    };
    let note = |name: &String| format!("the submodule `{name}` is not read");
    let notes = listing.submodules.iter().map(note).collect();
    let tree = tree(repository.folder(), listing.files, notes);
    let links = listing.links.iter().map(|link| link.name.clone()).collect();
    let aside = Aside { links, kept_links: listing.links, ..Aside::default() };
    Ok(Tree { aside, repository: Some(repository.clone()), ..tree })
}

impl Tree {
    /// The tree without what is excluded, by name or by a folder's name.
    #[must_use]
    pub fn without(mut self, excluded: &(dyn Fn(&str) -> bool + Sync)) -> Self {
        // Files of one folder stand side by side, so that it is asked for once.
        let mut last = (String::new(), false);
        self.files.retain(|file| {
            let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder);
            if last.0 != folder {
                let is_out = folders_to(folder).any(excluded);
                last = (folder.to_owned(), is_out);
            }
            !last.1 && !excluded(&file.name)
        });
        self
    }
}

/// A folder and those that it stands in, but for the root.
fn folders_to(folder: &str) -> impl Iterator<Item = &str> {
    let above = folder.match_indices('/').filter_map(|(end, _)| folder.get(..end));
    above.chain((!folder.is_empty()).then_some(folder))
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
        return Ok(tree(folder, file.into_iter().collect(), Vec::new()));
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
                notes.push(format!("{why}, so every file of the folder is read, ignored ones too"));
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
    Ok(Tree { aside, ..tree(&path, files, notes) })
}

fn tree(root: &Path, mut files: Vec<File>, notes: Vec<String>) -> Tree {
    files.par_sort_by(|a, b| bytes_of(&a.path).cmp(bytes_of(&b.path)));
    files.dedup_by(|a, b| a.path == b.path && a.blob == b.blob);
    let name = root.file_name().map_or_else(|| "root".into(), OsStr::to_string_lossy);
    // So is a repository called that has no work tree.
    let name =
        name.strip_suffix(".git").filter(|name| !name.is_empty()).unwrap_or(&name).to_owned();
    Tree { root: root.to_owned(), name, files, notes, aside: Aside::default(), repository: None }
}

fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

fn name_of(path: &Path) -> String {
    let name = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        name.into_owned()
    } else {
        name.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// Which folders are part of the tree: neither links nor excluded, nor in one that is. Asks once for each folder.
struct Folders<'a> {
    root: &'a Path,
    excluded: &'a (dyn Fn(&str) -> bool + Sync),
    /// By path; as bytes, which compare faster than paths.
    known: BTreeMap<OsString, bool>,
}

impl<'a> Folders<'a> {
    fn new(root: &'a Path, excluded: &'a (dyn Fn(&str) -> bool + Sync)) -> Self {
        Self { root, excluded, known: BTreeMap::new() }
    }

    /// Whether a file of this path, taken from elsewhere than the file system, lies in the tree.
    fn hold(&mut self, path: &Path) -> bool {
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return false;
        }
        let Some(parent) = path.parent() else { return false };
        if let Some(&known) = self.known.get(parent.as_os_str()) {
            return known;
        }
        let mut ancestors: Vec<&Path> =
            parent.ancestors().filter(|part| !part.as_os_str().is_empty()).collect();
        ancestors.reverse();
        let mut within = true;
        for folder in ancestors {
            within = within
                && *self.known.entry(folder.into()).or_insert_with(|| {
                    // Only a folder that is there can be a link; one that is gone takes its files along when they are read.
                    !(self.excluded)(&name_of(folder))
                        && fs::symlink_metadata(self.root.join(folder))
                            .map_or(true, |found| !found.is_symlink())
                });
        }
        self.known.insert(parent.into(), within);
        within
    }
}
