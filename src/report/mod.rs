//! Diagnostics, the inventory and sources → bytes: one file per output format.
//!
//! A reporter knows no rule and no check, writes into what it is given, and prints nothing of a secret: see [`mask`]. Untrusted text
//! passes through [`printable`].

mod cut;
mod diagnostic_view;
pub mod dot;
pub mod excerpt;
pub mod explanation;
pub mod facts;
pub mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod gitlab_secrets;
pub mod html;
pub mod inert;
pub mod instance_json;
mod instance_lines;
mod instance_reasons;
pub mod instances;
pub mod json;
pub mod junit;
pub mod line;
pub mod listing;
pub mod map;
pub mod markdown;
pub mod mask;
pub mod mermaid;
pub mod paint;
pub mod pretty;
pub mod printable;
pub mod prose;
pub mod rdjson;
pub mod sarif;
pub mod wrapping;

use std::collections::BTreeSet;
use std::io;

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
}

/// An output format.
pub trait Reporter {
    /// Writes a run; fails only where `out` does.
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()>;
}

impl Report<'_> {
    /// The last line for people: `4 files read, 2 instances, 1 error, 0 warnings`. A tree in which nothing was recognised is told apart
    /// from a clean one, and so is a run that is incomplete; what somebody accepts is counted.
    #[must_use]
    pub fn closing(&self) -> String {
        let Summary { files_read, errors, warnings, .. } = self.summary;
        let history = self.summary.searched.map_or_else(String::new, |searched| {
            format!(", {} of the history searched", count(searched, "file"))
        });
        let files = format!("{} read{history}", count(files_read, "file"));
        let instances = count(self.inventory.instances.len(), "instance");
        let closing = match (self.diagnostics, self.inventory.instances.as_slice()) {
            ([], []) if !history.is_empty() => {
                format!("no private keys found, and no settings to check ({files})")
            }
            ([], []) if self.accepted.is_empty() => {
                format!("no settings found, so nothing was checked ({files})")
            }
            ([], _) => format!("no findings in {instances} ({files})"),
            _ => {
                let (errors, warnings) = (count(errors, "error"), count(warnings, "warning"));
                format!("{files}, {instances}, {errors}, {warnings}")
            }
        };
        let accepted = match self.accepted.len() {
            0 => String::new(),
            some => format!(", {some} accepted"),
        };
        closing + &accepted + &self.incompleteness()
    }

    /// What a closing line adds where not everything was read.
    fn incompleteness(&self) -> String {
        let problems = self.inventory.problems.iter();
        let broken: BTreeSet<_> = problems.map(|problem| problem.at.source).collect();
        match (self.summary.complete, broken.len()) {
            (true, _) => String::new(),
            (false, 0) => "; incomplete: not everything could be read".to_owned(),
            (false, some) => {
                format!("; incomplete: {} could not be read whole", count(some, "file"))
            }
        }
    }
}

/// What a label adds in a compressed file, no line of which can be shown.
fn unpacked_line(sources: &Sources, at: Location) -> String {
    let line = sources.unpacked_line(at);
    line.map_or_else(String::new, |line| format!(" (line {line} once unpacked)"))
}

pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
