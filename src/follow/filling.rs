//! Scripts that fill documents by `envsubst`, and the files of variables that they take in before: `. envs/$1.env`.
//!
//! Source: the GNU gettext manual, *Invoking the envsubst program*.

use globset::GlobMatcher;

use super::names::{Name, Space};
use super::running::runs_commands;
use super::seeker::is_rendered;
use super::sourced;
use crate::sources::Sources;
use crate::syntax::file_name;

/// The program.
pub const PROGRAM: &str = "envsubst";

/// The scripts of a tree that fill documents: what each says, and what it takes in.
#[derive(Default)]
pub struct Filling(Vec<(String, Vec<GlobMatcher>)>);

impl Filling {
    /// Finds those that take files in.
    #[must_use]
    pub fn of(sources: &Sources) -> Self {
        let scripts = sources.paths().filter(|(_, path)| runs_commands(path));
        let texts = scripts.filter_map(|(id, _)| sources.get(id));
        let filling = texts.filter(|source| source.text().contains(PROGRAM));
        let taking = filling.filter_map(|source| {
            let files = sourced::files(source.path(), source.text());
            (!files.is_empty()).then(|| (source.text().to_owned(), files))
        });
        Self(taking.collect())
    }

    /// The files that give a name in the document at `path`; none where no script that takes files in names it.
    #[must_use]
    pub fn files(&self, name: &Name, path: &str) -> Option<Vec<GlobMatcher>> {
        let is_filled = name.space == Space::Environment && is_rendered(path);
        let naming = self.0.iter().filter(|(text, _)| is_filled && text.contains(file_name(path)));
        let files: Vec<GlobMatcher> = naming.flat_map(|(_, files)| files.iter().cloned()).collect();
        (!files.is_empty()).then_some(files)
    }
}
