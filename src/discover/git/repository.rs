//! A repository, found from a folder, and the program that reads it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::GitError;
use crate::discover::file::name_of;

/// A repository, seen from a folder of its work tree, or one without a work tree, seen from its own folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    pub(super) program: PathBuf,
    /// Where git is started: paths are relative to it.
    pub(super) folder: PathBuf,
    /// The root of the work tree, or the folder of a repository that has none.
    pub(super) top: PathBuf,
    /// Whether it has none.
    pub(super) is_bare: bool,
}

impl Repository {
    /// Finds the repository of a folder, absolute and free of links.
    ///
    /// # Errors
    /// Where the folder is neither in a work tree nor a repository itself, or no git is installed.
    pub fn of(folder: &Path) -> Result<Self, GitError> {
        let bare = Some(folder).filter(|folder| is_bare(folder));
        let Some(top) = root_of(folder).or(bare) else {
            return Err(GitError::NoRepository { path: folder.display().to_string() });
        };
        let program = program(top).ok_or(GitError::NoProgram)?;
        let is_bare = root_of(folder).is_none();
        Ok(Self { program, folder: folder.into(), top: top.into(), is_bare })
    }

    /// The repository of a work tree.
    ///
    /// # Errors
    /// Where the folder is in none, or no git is installed.
    pub(in crate::discover) fn of_work_tree(folder: &Path) -> Result<Self, GitError> {
        let no_tree = || GitError::NoRepository { path: folder.display().to_string() };
        Self::of(folder).and_then(|found| if found.is_bare { Err(no_tree()) } else { Ok(found) })
    }

    /// What a path from the root of the work tree is from the folder; none where it lies elsewhere.
    #[must_use]
    pub fn within_folder<'a>(&self, path: &'a str) -> Option<&'a str> {
        let folder = name_of(self.folder.strip_prefix(&self.top).ok()?);
        match folder.as_str() {
            "" => Some(path),
            folder => path.strip_prefix(folder)?.strip_prefix('/'),
        }
    }

    /// The repository's own folder; none where it is elsewhere, as in a linked work tree.
    #[must_use]
    pub fn own_folder(&self) -> Option<PathBuf> {
        let own = self.top.join(".git");
        fs::symlink_metadata(&own).is_ok_and(|found| found.is_dir()).then_some(own)
    }

    /// Whether it has no work tree.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.is_bare
    }

    /// The folder that paths are relative to.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The root of the work tree that a folder is in.
pub(super) fn root_of(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| fs::symlink_metadata(folder.join(".git")).is_ok())
}

/// Whether a folder is a repository without a work tree, by what each has.
pub(in crate::discover) fn is_bare(folder: &Path) -> bool {
    let is = |name: &str, is: fn(&fs::Metadata) -> bool| {
        fs::symlink_metadata(folder.join(name)).is_ok_and(|found| is(&found))
    };
    is("HEAD", fs::Metadata::is_file)
        && is("objects", fs::Metadata::is_dir)
        && is("refs", fs::Metadata::is_dir)
}

/// The first `git` in the folders of `PATH` that is not part of the repository; relative folders do not count.
fn program(top: &Path) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let candidates = env::split_paths(&folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(PROGRAM));
    candidates.filter(|candidate| is_program(candidate)).find(|candidate| {
        !candidate.starts_with(top)
            && fs::canonicalize(candidate).is_ok_and(|real| !real.starts_with(top))
    })
}

const PROGRAM: &str = if cfg!(windows) { "git.exe" } else { "git" };

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file())
}

#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}
