//! Writes reports to files; the only module that changes the file system.
//!
//! A report appears whole or not at all: it is written beside its place and then moved there.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::mask::outlet::Page;

/// Puts a page into a file, which is replaced if it is there. A link stays, and so does a device: what they lead to is written.
///
/// # Errors
/// Where the file cannot be written; what was there is then as before.
pub fn replace(path: &Path, page: &Page) -> io::Result<()> {
    let path = match fs::metadata(path) {
        Ok(found) if found.is_file() => fs::canonicalize(path)?,
        Ok(_) => return File::options().write(true).open(path)?.write_all(page.bytes()),
        Err(_) => path.to_owned(),
    };
    let (beside, mut file) = sibling(&path)?;
    let done = file.write_all(page.bytes()).and_then(|()| fs::rename(&beside, &path));
    if done.is_err() {
        // What cannot be moved may not be removable either: the first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    done
}

/// Writes a new file. What is there already, be it a link, stays as it is, and that is an error of kind `AlreadyExists`.
///
/// # Errors
/// Where the file cannot be written; then it is not there.
pub fn create(path: &Path, page: &Page) -> io::Result<()> {
    let done = File::options().write(true).create_new(true).open(path)?.write_all(page.bytes());
    if done.is_err() {
        let _ = fs::remove_file(path);
    }
    done
}

/// Puts a file in the place of another, which may be a link: that is replaced, not followed.
///
/// # Errors
/// Where the file cannot be written; what was there is then as before.
pub fn supersede(path: &Path, page: &Page) -> io::Result<()> {
    let (beside, mut file) = sibling(path)?;
    let done = file.write_all(page.bytes()).and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// Puts a changed text in the place of a file that is still as it was; who may read and run it stays. A link is not followed.
///
/// # Errors
/// Where it has changed, is no file, or cannot be written; what was there is then as before.
pub fn exchange(path: &Path, before: &str, after: &str) -> io::Result<()> {
    let found = fs::symlink_metadata(path)?;
    if !found.is_file() || fs::read(path)? != before.as_bytes() {
        return Err(io::Error::other("it has changed since it was read"));
    }
    let (beside, mut file) = sibling(path)?;
    let done = file.write_all(after.as_bytes());
    let done = done.and_then(|()| fs::set_permissions(&beside, found.permissions()));
    let done = done.and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// Makes the folder of a file that is none of a report's places, if it is not there.
///
/// # Errors
/// Where it cannot be made, or is a link.
pub fn folder_beside(path: &Path) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(io::ErrorKind::NotADirectory.into()),
        Err(_) => fs::create_dir(folder),
    }
}

/// Makes the folders above a file.
///
/// # Errors
/// Where one of them cannot be made.
pub fn folders_above(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Writes a file, with the folders above it.
///
/// # Errors
/// Where one of them cannot be made.
pub fn with_folders(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

/// A folder of our own that is gone with its owner.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes a folder under a name that nobody has taken.
    ///
    /// # Errors
    /// Where none can be made.
    pub fn new() -> io::Result<Self> {
        let mut last = io::Error::other("every name is taken");
        for number in 0..10_000 {
            let path = std::env::temp_dir().join(format!("commerce-lint-trial-{number}"));
            // Inside stands what is tried, below a folder whose name says nothing.
            match fs::create_dir(&path) {
                Ok(()) => {
                    fs::create_dir(path.join("shop"))?;
                    return Ok(Self(path));
                }
                Err(why) => last = why,
            }
        }
        Err(last)
    }

    /// The folder that is tried.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.0.join("shop")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file that grows page by page, and is there once it is whole.
#[derive(Debug)]
pub struct Growing {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    bytes: u64,
    is_done: bool,
}

impl Growing {
    /// Begins a file, in a folder that is made where it is missing.
    ///
    /// # Errors
    /// Where it cannot be written, or is there already: then of kind `AlreadyExists`.
    pub fn begin(path: &Path) -> io::Result<Self> {
        folders_above(path)?;
        if is_taken(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let (beside, file) = sibling(path)?;
        Ok(Self { path: path.to_owned(), beside, file, bytes: 0, is_done: false })
    }

    /// Adds a page.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn add(&mut self, page: &Page) -> io::Result<()> {
        self.bytes += page.bytes().len() as u64;
        self.file.write_all(page.bytes())
    }

    /// Puts the file where it is to be, and tells its size.
    ///
    /// # Errors
    /// Where it cannot be put there.
    pub fn finish(mut self) -> io::Result<u64> {
        fs::rename(&self.beside, &self.path)?;
        self.is_done = true;
        Ok(self.bytes)
    }
}

impl Drop for Growing {
    /// What is not whole does not stay.
    fn drop(&mut self) {
        if !self.is_done {
            let _ = fs::remove_file(&self.beside);
        }
    }
}

/// Whether there is something at this path, a link to nothing included.
#[must_use]
pub fn is_taken(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Adds a page to the end of a file.
///
/// # Errors
/// Where the file cannot be written.
pub fn append(path: &Path, page: &Page) -> io::Result<()> {
    File::options().append(true).create(true).open(path)?.write_all(page.bytes())
}

/// A new file in the folder of another.
fn sibling(path: &Path) -> io::Result<(PathBuf, File)> {
    const MOST: usize = 100;
    let mut number = 0;
    loop {
        let beside = path.with_file_name(format!(".commerce-lint-{number}.tmp"));
        match File::options().write(true).create_new(true).open(&beside) {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < MOST => {
                number += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        fs::write(folder.path().join(".commerce-lint-0.tmp"), "of somebody else").unwrap();
        for text in ["one", "another"] {
            replace(&path, &Page::of(text.as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(names(folder.path()), [".commerce-lint-0.tmp", "report"]);
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        assert!(replace(&folder.path().join("no/such/folder"), &Page::of(b"x")).is_err());
        assert!(replace(folder.path(), &Page::of(b"x")).is_err());
        assert_eq!(names(folder.path()), [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_stay_what_they_are() {
        use std::os::unix::fs::FileTypeExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink("target", &link).unwrap();
        replace(&link, &Page::of(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        replace(Path::new("/dev/null"), &Page::of(b"x")).unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    #[test]
    fn what_is_created_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("configuration");
        assert!(!is_taken(&path));
        create(&path, &Page::of(b"one")).unwrap();
        assert!(is_taken(&path));
        assert_eq!(
            create(&path, &Page::of(b"two")).unwrap_err().kind(),
            io::ErrorKind::AlreadyExists
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    }

    #[test]
    fn what_is_appended_comes_after_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary");
        append(&path, &Page::of(b"one\n")).unwrap();
        append(&path, &Page::of(b"two\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
    }
}
