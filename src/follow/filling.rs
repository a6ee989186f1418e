//! Scripts that fill documents by `envsubst`, and the files of variables that they take in before: `. envs/$1.env`.
//!
//! Source: the GNU gettext manual, *Invoking the envsubst program*.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobMatcher;

use super::names::{Name, Space};
use super::running::runs_commands;
use super::seeker::is_rendered;
use super::sourced;
use crate::sources::Sources;
use crate::syntax::file_name;

/// The program.
pub const PROGRAM: &str = "envsubst";

/// What scripts that fill documents take in, by the names of the files that they spell.
#[derive(Default)]
pub struct Filling(BTreeMap<String, Vec<GlobMatcher>>);

impl Filling {
    /// Finds those that take files in.
    #[must_use]
    pub fn of(sources: &Sources) -> Self {
        let scripts = sources.paths().filter(|(_, path)| runs_commands(path));
        let texts = scripts.filter_map(|(id, _)| sources.get(id));
        let filling = texts.filter(|source| source.text().contains(PROGRAM));
        let mut taken: BTreeMap<String, Vec<GlobMatcher>> = BTreeMap::new();
        for source in filling {
            let files = sourced::files(source.path(), source.text());
            let is_of_path = |letter: char| letter.is_alphanumeric() || "-_./".contains(letter);
            let words = source.text().split(|letter| !is_of_path(letter)).map(file_name);
            let names: BTreeSet<&str> = words.filter(|name| name.contains('.')).collect();
            for name in names.into_iter().filter(|_| !files.is_empty()) {
                taken.entry(name.to_owned()).or_default().extend(files.iter().cloned());
            }
        }
        Self(taken)
    }

    /// The files that give a name in the document at `path`; none where no script that takes files in names it.
    #[must_use]
    pub fn files(&self, name: &Name, path: &str) -> Option<Vec<GlobMatcher>> {
        let is_filled = name.space == Space::Environment && is_rendered(path);
        self.0.get(file_name(path)).filter(|_| is_filled).cloned()
    }
}
