//! What mends a finding, as reports, editors and files take it: texts of ours in the place of spans.
//!
//! A new text holds nothing of the file but what is public: names of variables and of config paths, ids of data spaces. So every report may
//! show it, and what it replaces is told by its place alone.

use std::collections::BTreeMap;

use crate::rule::Diagnostic;
use crate::source::Location;

/// Whether a mend needs somebody who looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// It does what is meant, and nothing else.
    Safe,
    /// Something is left to do beside it, or somebody has to agree.
    Unsafe,
}

impl Safety {
    /// The word of output and command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A text in the place of a span; nothing is an empty text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replacement {
    /// What is replaced.
    pub at: Location,
    /// What stands there then.
    pub new: String,
}

/// What mends a finding, in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is done: an imperative sentence without a full stop.
    pub title: String,
    /// Whether it needs somebody who looks at it.
    pub safety: Safety,
    /// The replacements, in order and apart from each other; at least one.
    pub edits: Vec<Replacement>,
}

impl Fix {
    /// Where it begins to change something.
    #[must_use]
    pub fn start(&self) -> Option<Location> {
        self.edits.first().map(|edit| edit.at)
    }
}

/// What mends the findings of a run; each was tried before.
#[derive(Clone, Debug, Default)]
pub struct Fixes(BTreeMap<Known, Vec<Fix>>);

/// What a finding is known by within a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    rule: String,
    at: Location,
    message: String,
}

impl Fixes {
    /// No fixes.
    pub const NONE: &'static Self = &Self(BTreeMap::new());

    /// Adds what mends a finding.
    pub fn add(&mut self, found: &Diagnostic, fix: Fix) {
        self.0.entry(known(found)).or_default().push(fix);
    }

    /// What mends a finding, the safe ones first.
    #[must_use]
    pub fn of(&self, found: &Diagnostic) -> &[Fix] {
        self.0.get(&known(found)).map_or(&[], Vec::as_slice)
    }
}

fn known(found: &Diagnostic) -> Known {
    let finding = &found.finding;
    Known { rule: found.rule.clone(), at: finding.primary.at, message: finding.message.clone() }
}
