//! Folders for temporary files: one of the target that runs, emptied before it is filled again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What an editor has open: two instances, of which one is declared.
const OPEN: &str = include_str!("open.txtar");

/// A folder that holds files.
pub struct Folder(PathBuf);

impl Folder {
    /// Holds these files and no others.
    pub fn of(files: &[(PathBuf, Vec<u8>)]) -> Self {
        let folder =
            Self(std::env::temp_dir().join(format!("commerce-lint-fuzz-{}", std::process::id())));
        let _ = fs::remove_dir_all(&folder.0);
        fs::create_dir_all(&folder.0).expect("there is room for temporary files");
        for (path, text) in files {
            let path = folder.0.join(path);
            // A file may be where another wants a folder.
            let _ = path.parent().map(fs::create_dir_all);
            let _ = fs::write(path, text);
        }
        folder
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// The folder that an editor has open, which no message changes.
pub fn of_editor() -> &'static Folder {
    static FOLDER: OnceLock<Folder> = OnceLock::new();
    FOLDER.get_or_init(|| Folder::of(&super::archive::files(OPEN.as_bytes())))
}
