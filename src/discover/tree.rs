//! The files of a tree, and what of it is left aside.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rayon::slice::ParallelSliceMut as _;

use super::file::{File, bytes_of};
use super::git::repository::Repository;

/// The files of a folder, one file, or the files of a state that the repository keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Where the blobs are of those files of a folder that git keeps and the folder lacks, or has in another form.
    pub store: Option<Repository>,
}

impl Tree {
    /// The tree of a folder with these files.
    pub(super) fn of(root: &Path, mut files: Vec<File>, notes: Vec<String>) -> Self {
        files.par_sort_by(|a, b| bytes_of(&a.path).cmp(bytes_of(&b.path)));
        files.dedup_by(|a, b| bytes_of(&a.path) == bytes_of(&b.path) && a.blob == b.blob);
        let name = root.file_name().map_or_else(|| "root".into(), OsStr::to_string_lossy);
        // So is a repository called that has no work tree.
        let name =
            name.strip_suffix(".git").filter(|name| !name.is_empty()).unwrap_or(&name).to_owned();
        Self {
            root: root.to_owned(),
            name,
            files,
            notes,
            aside: Aside::default(),
            repository: None,
            store: None,
        }
    }

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

/// What is left aside, by why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// Whether git lists the files, and leaves out what it ignores.
    pub is_by_git: bool,
    /// Links, which are not followed.
    pub links: Vec<String>,
    /// Those of a state that the repository keeps, with what they say.
    pub kept_links: Vec<File>,
    /// Folders called `.git` below the root.
    pub repositories: Vec<String>,
    /// Folders of submodules.
    pub submodules: Vec<String>,
    /// Why the folder does not hold all of the repository, a sentence each: submodules, nothing checked out.
    pub unwhole: Vec<String>,
}

impl Aside {
    /// The folders below the root that are checkouts of repositories of their own.
    pub fn checkouts(&self) -> impl Iterator<Item = String> {
        let folders = self.repositories.iter().map(|path| path.trim_end_matches('/'));
        folders.filter_map(|path| path.strip_suffix("/.git").map(str::to_owned))
    }
}
