//! The files of a folder, whatever git thinks of it.

use std::path::Path;

use walkdir::WalkDir;

use super::{File, name_of};
use crate::read::{is_gone, reason};

/// Lists every file below `start`, a path from `root`; `.git` folders are left out and links are not followed.
pub(super) fn files(root: &Path, start: &Path, excluded: &dyn Fn(&str) -> bool) -> Vec<File> {
    let from_root = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_owned();
    let walk = WalkDir::new(root.join(start)).into_iter().filter_entry(|entry| {
        // Most entries are files: their names are made once, below.
        let is_open = |name: &str| name != ".git" && !excluded(&name_of(&from_root(entry.path())));
        entry.depth() == 0
            || !entry.file_type().is_dir()
            || is_open(&entry.file_name().to_string_lossy())
    });
    let found = walk.filter_map(|entry| match entry {
        Ok(entry) if !entry.file_type().is_file() => None,
        Ok(entry) => Some(File::new(from_root(entry.path()))).filter(|file| !excluded(&file.name)),
        Err(error) if error.io_error().is_some_and(is_gone) => None,
        Err(error) => {
            let reason = error.io_error().map_or_else(|| error.to_string(), reason);
            let path = error.path().map(from_root).unwrap_or_default();
            Some(File::unreadable(path, format!("cannot be entered: {reason}")))
        }
    });
    found.collect()
}
