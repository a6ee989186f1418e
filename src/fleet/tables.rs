//! A folder of facts: a folder a table, a file a snapshot in it, and beside them the statements that engines of SQL begin with.

use std::io;
use std::path::Path;

use crate::facts::Kind;
use crate::facts::schema::Engine;
use crate::mask::outlet::Page;
use crate::write::{self, Growing};

/// The questions that a fleet is asked, by the names of their files.
pub const QUESTIONS: [(&str, &str); 6] = [
    ("changed-production.sql", include_str!("../../fleet/changed-production.sql")),
    ("competing-key-pairs.sql", include_str!("../../fleet/competing-key-pairs.sql")),
    ("not-read-whole.sql", include_str!("../../fleet/not-read-whole.sql")),
    (
        "one-key-in-many-repositories.sql",
        include_str!("../../fleet/one-key-in-many-repositories.sql"),
    ),
    ("rules-by-team.sql", include_str!("../../fleet/rules-by-team.sql")),
    ("shared-data-spaces.sql", include_str!("../../fleet/shared-data-spaces.sql")),
];

/// The tables of one snapshot while they are written.
pub struct Tables(Vec<Growing>);

impl Tables {
    /// Begins the tables, each with a file that may stay empty, so that every engine finds one.
    pub fn begin(folder: &Path, snapshot: &str) -> io::Result<Self> {
        let file = |kind: Kind| folder.join(kind.word()).join(format!("{snapshot}.ndjson"));
        let files: io::Result<Vec<Growing>> =
            Kind::ALL.into_iter().map(|kind| Growing::begin(&file(kind))).collect();
        let tables = Self(files?);
        let engines = Engine::ALL.map(|engine| (engine.file(), engine.tables()));
        let engines = engines.iter().map(|(name, text)| (*name, text.as_str()));
        for (name, text) in engines.chain(QUESTIONS) {
            write::replace(&folder.join(name), &Page::of(text.as_bytes()))?;
        }
        Ok(tables)
    }

    /// Adds the lines of a repository.
    pub fn add(&mut self, pages: &[Page]) -> io::Result<()> {
        self.0.iter_mut().zip(pages).try_for_each(|(file, page)| file.add(page))
    }

    /// Puts the files where they are to be, and tells their size together.
    pub fn finish(self) -> io::Result<u64> {
        self.0.into_iter().map(Growing::finish).sum()
    }
}
