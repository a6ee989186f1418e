//! The checkouts in a folder: each folder with a `.git` in it, and none within another.

use std::fs;
use std::path::{Path, PathBuf};

use super::file::name_of;
use super::git::repository::is_bare;
use crate::fault::reason;

/// How deep checkouts may lie.
const DEEPEST: usize = 16;

/// A checkout, or a folder that should hold one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The name of its folder from where the search began.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// Why it is none that can be read: a clause.
    pub flaw: Option<String>,
}

/// Lists the checkouts in a folder by name; beside them each outermost folder in which there is none, and what cannot be entered. `aside` is not
/// looked into. A folder that is a checkout itself is the only one.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn checkouts(root: &Path, aside: &Path) -> std::io::Result<Vec<Found>> {
    let root = fs::canonicalize(root)?;
    let aside = fs::canonicalize(aside).ok();
    let mut found = Vec::new();
    if is_checkout(&root) || is_bare(&root) {
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned());
        found.push(of(&name.unwrap_or_else(|| "root".into()), &root));
        return Ok(found);
    }
    if search(&root, &root, aside.as_deref(), 0, &mut found)? == Holds::Nothing {
        let within = entries(&root)?.into_iter().filter(|path| Some(path) != aside.as_ref());
        found.extend(within.map(|path| none(&root, &path)));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// What a folder has in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// A checkout, or what may be one.
    Some,
    /// None.
    Nothing,
}

/// Looks for checkouts in a folder, which is none. Where it has one, each folder in it without any is told.
fn search(
    root: &Path,
    folder: &Path,
    aside: Option<&Path>,
    depth: usize,
    found: &mut Vec<Found>,
) -> std::io::Result<Holds> {
    let mut empty = Vec::new();
    let before = found.len();
    for path in entries(folder)? {
        if Some(path.as_path()) == aside {
            continue;
        }
        let flawed = |flaw: String| Found { flaw: Some(flaw), ..of(&called(root, &path), &path) };
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
            found.push(flawed("is a link and not followed".into()));
        } else if is_checkout(&path) || is_bare(&path) {
            found.push(of(&called(root, &path), &path));
        } else if depth == DEEPEST {
            found.push(flawed("lies too deep".into()));
        } else {
            match search(root, &path, aside, depth + 1, found) {
                Ok(Holds::Some) => {}
                Ok(Holds::Nothing) => empty.push(path),
                Err(why) => {
                    found.push(flawed(format!("cannot be entered: {}", reason(&why))));
                }
            }
        }
    }
    if found.len() == before {
        return Ok(Holds::Nothing);
    }
    found.extend(empty.iter().map(|path| none(root, path)));
    Ok(Holds::Some)
}

/// A folder in which there is no checkout: one that could not be made, maybe.
fn none(root: &Path, path: &Path) -> Found {
    Found { flaw: Some("holds no repository".into()), ..of(&called(root, path), path) }
}

/// The folders in a folder, and the links to folders.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if fs::metadata(&path).is_ok_and(|found| found.is_dir()) {
            paths.push(path);
        }
    }
    Ok(paths)
}

fn is_checkout(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(".git")).is_ok()
}

fn of(name: &str, path: &Path) -> Found {
    Found { name: name.to_owned(), path: path.to_owned(), flaw: None }
}

fn called(root: &Path, path: &Path) -> String {
    let name = name_of(path.strip_prefix(root).unwrap_or(path));
    name.strip_suffix(".git").filter(|_| is_bare(path)).map_or(name.clone(), str::to_owned)
}
