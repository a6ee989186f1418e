//! The files of a folder, whatever git thinks of it.

use std::path::Path;

use rayon::prelude::*;
use walkdir::WalkDir;

use super::{File, name_of};
use crate::read::{is_gone, reason};

/// Lists every file below `start`, a path from `root`; `.git` folders are left out and links are not followed.
pub(super) fn files(
    root: &Path,
    start: &Path,
    excluded: &(dyn Fn(&str) -> bool + Sync),
) -> Vec<File> {
    let from_root = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_owned();
    let walk = WalkDir::new(root.join(start)).into_iter().filter_entry(|entry| {
        // Most entries are files: their names are made once, below.
        let is_open = |name: &str| name != ".git" && !excluded(&name_of(&from_root(entry.path())));
        entry.depth() == 0
            || !entry.file_type().is_dir()
            || is_open(&entry.file_name().to_string_lossy())
    });
    let found: Vec<_> = walk
        .filter_map(|entry| match entry {
            Ok(entry) => entry.file_type().is_file().then(|| Ok(entry.into_path())),
            Err(error) if error.io_error().is_some_and(is_gone) => None,
            Err(error) => Some(Err(error)),
        })
        .collect();
    // Walking is one thread's work: what can be done afterwards is done on all cores.
    let files = found.into_par_iter().filter_map(|found| match found {
        Ok(path) => Some(File::new(from_root(&path))).filter(|file| !excluded(&file.name)),
        Err(error) => {
            let reason = error.io_error().map_or_else(|| error.to_string(), reason);
            let path = error.path().map(from_root).unwrap_or_default();
            Some(File::unreadable(path, format!("cannot be entered: {reason}")))
        }
    });
    files.collect()
}
