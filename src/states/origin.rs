//! Where a tree comes from, as git says.

use std::path::Path;

use super::snapshot::folder;
use crate::discover;
use crate::discover::git::{Commit, Repository};

/// What git says of a folder: the repository, the commit and the branch that are checked out; nothing where it is in none.
#[must_use]
pub fn origin(path: &Path) -> Vec<(&'static str, String)> {
    let Some(repository) = folder(path).ok().and_then(|folder| Repository::of(&folder).ok()) else {
        return Vec::new();
    };
    let below = discover::below_work_tree(path);
    let root = repository.folder().ancestors().nth(below.matches('/').count());
    let name = root.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let commit = repository.head().ok().flatten().map(|commit| commit.id.as_str().to_owned());
    let branch = repository.head_branch().ok().flatten();
    let all = [("repository", name), ("commit", commit), ("branch", branch)];
    all.into_iter().filter_map(|(what, name)| Some((what, format!("`{}`", name?)))).collect()
}

/// The commit that is checked out where a tree lies, and the branch that it is on.
#[must_use]
pub fn head(path: &Path) -> (Option<Commit>, Option<String>) {
    let Some(repository) = folder(path).ok().and_then(|folder| Repository::of(&folder).ok()) else {
        return (None, None);
    };
    let (commit, branch) = repository.tip().unzip();
    (commit, branch.flatten())
}

/// Whether a folder is a repository without a work tree.
#[must_use]
pub fn has_no_work_tree(path: &Path) -> bool {
    folder(path).ok().and_then(|folder| Repository::of(&folder).ok()).is_some_and(|of| of.is_bare())
}
