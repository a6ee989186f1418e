//! The files of a folder, whatever git thinks of it.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::file::{File, name_of};
use super::tree::Aside;
use crate::fault::reason;

/// What stands in a folder.
enum Found {
    File(File),
    Folder(PathBuf),
    Link(PathBuf),
    Repository(PathBuf),
}

/// Lists every file below `start`, a path from `root`; `.git` folders and links are not followed but named.
///
/// All folders of one depth are entered at the same time, on all cores: one thread alone would take as long as reading all the files.
pub(super) fn files(
    root: &Path,
    start: &Path,
    excluded: &(dyn Fn(&str) -> bool + Sync),
    aside: &mut Aside,
) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![start.to_owned()];
    while !folders.is_empty() {
        let found: Vec<Found> =
            folders.par_iter().flat_map_iter(|folder| enter(root, folder, excluded)).collect();
        folders.clear();
        for found in found {
            match found {
                Found::File(file) => files.push(file),
                Found::Folder(folder) => folders.push(folder),
                Found::Link(link) => aside.links.push(name_of(&link)),
                Found::Repository(path) => aside.repositories.push(name_of(&path)),
            }
        }
    }
    files
}

fn enter(root: &Path, folder: &Path, excluded: &(dyn Fn(&str) -> bool + Sync)) -> Vec<Found> {
    let closed = |error: &io::Error| {
        let reason = format!("cannot be entered: {}", reason(error));
        Found::File(File::unreadable(folder.to_owned(), reason))
    };
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) => return vec![closed(&error)],
    };
    let found = entries.filter_map(|entry| match entry.and_then(|entry| look(folder, &entry)) {
        Ok(Some(Found::File(file))) if excluded(&file.name) => None,
        Ok(Some(Found::Folder(path))) if excluded(&name_of(&path)) => None,
        Ok(found) => found,
        Err(error) => Some(closed(&error)),
    });
    let found: Vec<Found> = found.collect();
    // What is listed of a folder that was taken away meanwhile is nothing, and no error.
    if !found.is_empty() {
        return found;
    }
    fs::symlink_metadata(root.join(folder)).err().map_or(found, |error| vec![closed(&error)])
}

/// What an entry is, devices left out.
fn look(folder: &Path, entry: &DirEntry) -> io::Result<Option<Found>> {
    let kind = entry.file_type()?;
    let name = entry.file_name();
    // In a work tree beside others, and in a submodule, it is a file that says where the repository is.
    let is_repository = name == ".git" && (kind.is_dir() || kind.is_file());
    Ok(if is_repository {
        (folder != Path::new("")).then(|| Found::Repository(folder.join(name)))
    } else if kind.is_file() {
        Some(Found::File(File { was_there: true, ..File::new(folder.join(name)) }))
    } else if kind.is_dir() {
        Some(Found::Folder(folder.join(name)))
    } else if kind.is_symlink() {
        Some(Found::Link(folder.join(name)))
    } else {
        None
    })
}
