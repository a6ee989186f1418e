//! Diagnostics, the inventory and sources → bytes: one file per output format.
//!
//! A reporter knows no rule and no check, writes into what it is given, and prints nothing of a secret: see `mask`. Untrusted text
//! passes through `printable`.

mod closing;
pub mod columns;
mod cut;
mod diagnostic_view;
pub(crate) mod disclosure;
pub mod dot;
pub(crate) mod excerpt;
pub(crate) mod explanation;
pub(crate) mod facts;
pub(crate) mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod gitlab_secrets;
pub mod html;
pub(crate) mod inert;
pub mod instance_json;
mod instance_lines;
mod instance_reasons;
pub mod instances;
pub mod json;
pub mod json_rules;
pub mod junit;
pub mod line;
pub(crate) mod listing;
pub(crate) mod map;
pub mod markdown;
pub mod mermaid;
pub(crate) mod onward;
pub(crate) mod paint;
pub mod pretty;
pub(crate) mod printable;
pub(crate) mod prose;
pub mod rdjson;
pub mod sarif;
pub(crate) mod statistics;
pub(crate) mod wrapping;

use std::io;

use crate::fix::Fixes;
use crate::mask::snippet::Masks;
use crate::model::inventory::Inventory;
use crate::policy::Policy;
use crate::rule::{Accepted, Diagnostic, Rule};
use crate::source::Location;
use crate::sources::Sources;

/// One run, as reporters see it.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// What was found, in the order to be shown.
    pub diagnostics: &'a [Diagnostic],
    /// What was found beyond as many as the reader wants to see.
    pub beyond: &'a [Diagnostic],
    /// What stood before the change and is not shown.
    pub held_back: &'a [Diagnostic],
    /// What stood before the change and is found no more.
    pub gone: &'a [Diagnostic],
    /// What was found and somebody accepted.
    pub accepted: &'a [Accepted],
    /// The rules that ran, by id.
    pub rules: &'a [Rule],
    /// What was read.
    pub inventory: &'a Inventory,
    /// The files.
    pub sources: &'a Sources,
    /// What the configuration decides.
    pub policy: &'a Policy,
    /// What would mend what was found, where it was asked for.
    pub fixes: &'a Fixes,
    /// What a person should know about how the files were found; untrusted text.
    pub notes: &'a [String],
    /// The figures.
    pub summary: Summary,
}

/// The figures of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many files were read.
    pub files_read: usize,
    /// How many of them could matter and were parsed.
    pub files_parsed: usize,
    /// How many diagnostics are errors.
    pub errors: usize,
    /// How many diagnostics are warnings.
    pub warnings: usize,
    /// How many contents of files in earlier commits were searched for private keys, if any were asked for.
    pub searched: Option<usize>,
    /// Whether everything that carries settings was read whole.
    pub complete: bool,
    /// Whether what was not could not be read before the change either, and is the same.
    pub is_as_before: bool,
}

/// An output format.
pub trait Reporter {
    /// Writes a run; fails only where `out` does.
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()>;
}

impl<'a> Report<'a> {
    /// The changes that somebody announced: accepted, and never silent.
    pub fn intended(&self) -> impl Iterator<Item = &'a Accepted> + use<'a> {
        self.accepted.iter().filter(|accepted| accepted.is_intended)
    }

    /// What of the files is hidden in this run: all but what its findings point at, and what is public.
    #[must_use]
    pub fn masks(&self) -> Masks {
        let accepted = self.accepted.iter().map(|accepted| &accepted.diagnostic);
        let found = self.diagnostics.iter().chain(accepted).map(|found| &found.finding);
        let labels = found.flat_map(|found| std::iter::once(&found.primary).chain(&found.related));
        Masks::new(self.inventory, labels.map(|label| label.at))
    }
}

/// What people are told of a change that somebody announced.
fn announced(accepted: &Accepted) -> String {
    let Accepted { diagnostic, reason, .. } = accepted;
    let (message, reason) = (printable::text(&diagnostic.finding.message), printable::text(reason));
    format!("{message}, as intended: {reason} [{}]", printable::text(&diagnostic.rule))
}

/// What a label adds in a compressed file, no line of which can be shown.
fn unpacked_line(sources: &Sources, at: Location) -> String {
    let line = sources.unpacked_line(at);
    line.map_or_else(String::new, |line| format!(" (line {line} once unpacked)"))
}

pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
