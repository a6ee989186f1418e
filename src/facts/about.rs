//! A run, under what it is told, and where its facts go.

use std::io;

use serde::Serialize;

use super::key::Key;
use super::table::Kind;
use crate::Outcome;
use crate::mask;
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::setting::Setting;
use crate::report::facts::ends_up_with;
use crate::report::{disclosure, printable};
use crate::source::Location;

/// What a run is known by.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The moment that the facts are of, equal for all that are to be put together.
    pub snapshot: String,
    /// What the repository is called.
    pub repo: String,
    /// Whose it is; may be empty.
    pub team: String,
    /// When it was read, as RFC 3339 has it.
    pub read_at: String,
    /// The commit that is checked out, if there is one.
    pub commit: Option<String>,
    /// The branch that it is on, if it is on one.
    pub branch: Option<String>,
}

impl About {
    /// The team that a repository's name says: what stands before its last part.
    #[must_use]
    pub fn team_of(repo: &str) -> String {
        repo.rsplit_once('/').map_or_else(String::new, |(team, _)| team.to_owned())
    }
}

/// Where the lines go.
pub trait Lines {
    /// Takes a line, with its end.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn take(&mut self, kind: Kind, line: &str) -> io::Result<()>;
}

/// Writes one fact.
pub(super) fn put(lines: &mut dyn Lines, kind: Kind, row: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string(row)?;
    lines.take(kind, &(printable::json(&text).into_owned() + "\n"))
}

/// A text that others wrote.
pub(super) fn harmless(text: &str) -> String {
    mask::text(text)
}

/// A run, and under what it is told.
pub(super) struct Facts<'a> {
    pub(super) outcome: &'a Outcome,
    pub(super) about: &'a About,
    pub(super) key: &'a Key,
}

impl Facts<'_> {
    pub(super) fn inventory(&self) -> &Inventory {
        &self.outcome.inventory
    }

    pub(super) fn place(&self, at: Location) -> (String, u64) {
        let sources = &self.outcome.sources;
        let line = sources.unpacked_line(at).unwrap_or_else(|| sources.positions(at).0.line);
        (harmless(&sources.shown(at.source)), line as u64)
    }
}

/// The digest of what an instance ends up with: another one where anything is delivered that was not, or another value.
pub(super) fn digest(inventory: &Inventory, instance: &Instance, key: &Key) -> Option<String> {
    let name = |setting: &Setting| disclosure::of_setting(setting).and_then(|of| key.name(&of));
    let parts = ends_up_with(inventory, instance, name);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    key.digest(&parts)
}
