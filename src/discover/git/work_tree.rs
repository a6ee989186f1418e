//! The files of a git work tree, as `git ls-files` lists them: those of the index that are there, and untracked ones that are not ignored.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::calls::{finish, records};
use super::error::GitError;
use super::id::ObjectId;
use super::patience;
use super::repository::{Repository, path_of};
use crate::discover::aside;
use crate::discover::file::{File, name_of};
use crate::discover::folder;
use crate::discover::folders::Folders;
use crate::discover::tree::Aside;

/// What the listing is for, in the words of an error.
const WHAT: &str = "list the repository's files";

/// Lists the files below `root` that are in the index or untracked and not ignored.
pub fn files(
    root: &Path,
    excluded: &(dyn Fn(&str) -> bool + Sync),
    notes: &mut Vec<String>,
    aside: &mut Aside,
) -> Result<Vec<File>, GitError> {
    let mut seen = Vec::new();
    let repository = Repository::of_work_tree(root)?;
    let top = repository.top.as_path();
    // Both run at the same time: the second one takes a while to walk the work tree.
    let index = repository.start(&["ls-files", "-z", "-s", "-t"]);
    let mut untracked = repository.start(&["ls-files", "-z", "--others", "--exclude-standard"]);
    let index = match finish(index, WHAT) {
        Ok(index) => index,
        Err(why) => {
            untracked.iter_mut().for_each(patience::end);
            return Err(why);
        }
    };

    let mut folders = Folders::new(root, excluded);
    let mut files = Vec::new();
    let (mut kept, mut absent) = (Vec::new(), Vec::new());
    if top == root && records(&index.stdout)?.count() < repository.count_of_index() {
        return Err(GitError::Cut);
    }
    for record in records(&index.stdout)? {
        let Some(Indexed { is_skipped, mode, id, path }) = parse_entry(record) else {
            return Err(GitError::Failed("git listed its index in an unknown format".into()));
        };
        let file = File::new(path);
        if !folders.hold(&file.path) || excluded(&file.name) {
            continue;
        }
        // The index says link or submodule, but what is read is what is there.
        let found = if mode.starts_with(b"100") && !is_skipped {
            None
        } else {
            fs::symlink_metadata(root.join(&file.path)).ok()
        };
        if is_skipped && found.is_none() {
            if mode.starts_with(b"100") {
                absent.push(file.name.clone());
                kept.push(id);
                files.push(File { blob: id.and_then(ObjectId::parse), ..file });
            }
            continue;
        }
        if found.as_ref().is_some_and(fs::Metadata::is_symlink) {
            aside.links.push(file.name.clone());
        }
        if mode == b"160000" && found.as_ref().is_some_and(fs::Metadata::is_dir) {
            aside.unwhole.push(format!("the submodule `{}` is not read", file.name));
            aside.submodules.push(file.name.clone());
        }
        if mode.starts_with(b"100") || found.is_some_and(|found| found.is_file()) {
            kept.push(id.filter(|_| mode.starts_with(b"100")));
            files.push(file);
        }
    }
    let encrypted = match repository.encrypted(&files, &kept) {
        Ok(places) => take_kept(&mut files, &kept, &places),
        Err(why) => {
            untracked.iter_mut().for_each(patience::end);
            return Err(why);
        }
    };
    let untracked = finish(untracked, WHAT)?;
    for record in records(&untracked.stdout)? {
        let nested = record.strip_suffix(b"/");
        let file = File::new(path_of(nested.unwrap_or(record)));
        if !folders.hold(&file.path) || excluded(&file.name) {
            continue;
        }
        if nested.is_some() {
            files.extend(folder::files(root, &file.path, excluded, aside));
            continue;
        }
        match fs::symlink_metadata(root.join(&file.path)) {
            Ok(found) if found.is_symlink() => aside.links.push(file.name),
            Ok(found) if !found.is_file() => {}
            found => files.push(File { was_there: found.is_ok(), ..file }),
        }
    }
    let prefix = root.strip_prefix(top).unwrap_or(Path::new(""));
    for line in String::from_utf8_lossy(&untracked.stderr).lines() {
        match parse_warning(line, prefix) {
            Some(closed) if excluded(&closed.name) || !folders.hold(&closed.path) => {}
            Some(closed) => files.push(closed),
            None => seen.push(format!("git says: {line}")),
        }
    }
    if files.is_empty() && top != root {
        return Err(GitError::Failed(
            "git lists no file below the folder, which may be ignored as a whole".into(),
        ));
    }
    if files.is_empty() {
        aside.unwhole.push(
            "git lists no file in the folder: it is empty, or every file in it is ignored".into(),
        );
    }
    seen.extend(told(&absent, &encrypted));
    seen.extend(aside.unwhole.iter().cloned());
    notes.append(&mut seen);
    aside.is_by_git = true;
    Ok(files)
}

/// What is said of files that are read as the index has them.
fn told(absent: &[String], encrypted: &[String]) -> impl Iterator<Item = String> {
    let absent = aside::note(
        absent,
        "is left out of the folder by git (sparse checkout) and read as git's index has it",
        "are left out of the folder by git (sparse checkout) and read as git's index has them",
    );
    let encrypted = aside::note(
        encrypted,
        "is kept by git encrypted and read as its index has it",
        "are kept by git encrypted and read as its index has them",
    );
    absent.into_iter().chain(encrypted)
}

/// Lets what git keeps of these files count, where it keeps any of them, and tells their names.
fn take_kept(files: &mut [File], kept: &[Option<&[u8]>], places: &[usize]) -> Vec<String> {
    let mut names = Vec::new();
    for &place in places {
        let blob = kept.get(place).copied().flatten().and_then(ObjectId::parse);
        if let (Some(file), Some(blob)) = (files.get_mut(place), blob)
            && file.blob.is_none()
        {
            file.blob = Some(blob);
            names.push(file.name.clone());
        }
    }
    names
}

impl Repository {
    /// How many entries the index says that it has; fewer than it has where another file holds the rest. Source: git's gitformat-index(5), the header.
    pub(super) fn count_of_index(&self) -> usize {
        let mut header = [0; 12];
        let index = self.own_folder().and_then(|own| fs::File::open(own.join("index")).ok());
        let read = index.and_then(|mut index| index.read_exact(&mut header).ok());
        read.map_or(0, |()| count(header))
    }

    /// What of the folder git ignores: files, and folders with `/` at the end.
    ///
    /// # Errors
    /// Where git does not list it.
    pub fn ignored(&self) -> Result<Vec<String>, GitError> {
        let listing =
            ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"];
        let listed = finish(self.start(&listing), WHAT)?;
        Ok(records(&listed.stdout)?.map(|record| name_of(&path_of(record))).collect())
    }
}

/// The count of entries that the header of an index tells.
pub(super) fn count(header: [u8; 12]) -> usize {
    match header {
        [b'D', b'I', b'R', b'C', _, _, _, _, count @ ..] => {
            usize::try_from(u32::from_be_bytes(count)).unwrap_or_default()
        }
        _ => 0,
    }
}

/// An entry of the index.
pub(super) struct Indexed<'a> {
    /// Whether a sparse checkout leaves it out of the folder.
    is_skipped: bool,
    mode: &'a [u8],
    /// The blob that it has; none in a conflict, where it has several.
    id: Option<&'a [u8]>,
    path: PathBuf,
}

/// Takes `H 100644 <object id> <stage>\t<path>` apart.
pub(super) fn parse_entry(record: &[u8]) -> Option<Indexed<'_>> {
    let tab = memchr::memchr(b'\t', record)?;
    let (entry, path) = record.split_at_checked(tab)?;
    let mut fields = entry.split(|&byte| byte == b' ');
    let (tag, mode, id) = (fields.next()?, fields.next()?, fields.next()?);
    let is_skipped = tag.eq_ignore_ascii_case(b"s");
    let id = Some(id).filter(|_| fields.next() == Some(b"0"));
    Some(Indexed { is_skipped, mode, id, path: path_of(path.get(1..)?) })
}

/// Takes the folder out of ``warning: could not open directory 'a/b/': Permission denied``, which git names from the top of its work tree.
pub(super) fn parse_warning(line: &str, prefix: &Path) -> Option<File> {
    let (path, reason) =
        line.strip_prefix("warning: could not open directory '")?.rsplit_once("': ")?;
    let path = Path::new(path).strip_prefix(prefix).ok()?;
    let name = name_of(path);
    let path = PathBuf::from(name.trim_end_matches('/'));
    Some(File::unreadable(path, format!("cannot be entered: {}", reason.to_lowercase())))
}
