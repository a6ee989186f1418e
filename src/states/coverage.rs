//! Which files of the states count.

use crate::declared::globs::Globs;

/// The files that count: those of the folder without what both configurations exclude, or one file.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// The file that was asked for, by its path from the root.
    pub file: Option<String>,
    /// What the configuration excludes.
    pub excluded: Globs,
    /// What the configuration before excluded, where there was one: what only the change leaves out is read all the same.
    pub excluded_before: Option<Globs>,
    /// Folders that are repositories of their own, and looked at apart from this tree.
    pub apart: Vec<String>,
}

impl Coverage {
    /// Whether a file, or a folder with all that is in it, does not count.
    #[must_use]
    pub fn leaves_out(&self, name: &str) -> bool {
        let is_excluded = || {
            self.excluded.matches(name)
                && self.excluded_before.as_ref().is_none_or(|before| before.matches(name))
        };
        let is_apart = || self.apart.iter().any(|folder| folder == name);
        self.file.as_ref().map_or_else(|| is_apart() || is_excluded(), |file| file != name)
    }

    /// Whether every file counts: then none needs to be asked for.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        // What only one of both configurations excludes counts.
        self.file.is_none()
            && self.apart.is_empty()
            && (self.excluded.is_empty()
                || self.excluded_before.as_ref().is_some_and(Globs::is_empty))
    }

    /// Whether a file counts, all of its folders considered.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        let mut folders = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        let is_in_folders = self.file.is_some() || !folders.any(|folder| self.leaves_out(folder));
        is_in_folders && !self.leaves_out(path)
    }
}
