//! `commerce-lint.toml`: what a tree says about itself.
//!
//! Pure: the text comes from outside. Every mistake is reported with its place, not just the first one, and nothing unknown is passed over.

pub mod baseline;
pub mod globs;
mod reader;
pub mod schema;
pub mod waiver;
pub mod weakening;

use std::collections::BTreeMap;

use crate::model::instance::Kind;
use crate::rule::Severity;
use crate::source::Span;
use globs::Globs;
use waiver::{Policy, Waiver};

/// The names of the configuration file, of which the root of a tree may have one.
pub const FILE_NAMES: [&str; 2] = ["commerce-lint.toml", ".commerce-lint.toml"];

/// What a configuration file says, or the defaults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// `[instances.<name>]`, by name.
    pub instances: BTreeMap<String, Declared>,
    /// `[rules]`: the level of each rule that has one, by id.
    pub levels: BTreeMap<String, Level>,
    /// `[rules] packs`: the folders of rules that a team wrote, beside the configuration.
    pub packs: Vec<String>,
    /// `exclude`: the files that are not read.
    pub exclude: Globs,
    /// `[limits]`.
    pub limits: Limits,
    /// Where a level, an excluded pattern or another name is set, by [`Config::rule_key`] and its like.
    pub places: BTreeMap<String, Span>,
    /// `[[waivers]]`, in order of the file.
    pub waivers: Vec<Waiver>,
    /// `[policy]`.
    pub policy: Policy,
}

/// A declared instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declared {
    /// Its files; empty only where it is another name of an instance, or has all files of a branch.
    pub files: Globs,
    /// What it is for, if that is said.
    pub kind: Option<Kind>,
    /// Who owns its key pairs, if that is said.
    pub account: Option<String>,
    /// The branch whose files it has, where the branches of the repository are the environments.
    pub branch: Option<String>,
    /// The declared instance that this one is another name of.
    pub same_as: Option<String>,
}

impl Declared {
    /// The same instance where its branch is the tree: all files, unless some are named.
    #[must_use]
    pub fn of_branch(&self) -> Self {
        let everything = || Globs::parse(&["**"]).unwrap_or_default();
        let files = if self.files.is_empty() { everything() } else { self.files.clone() };
        Self { files, ..self.clone() }
    }
}

/// What becomes of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Its findings are warnings.
    Warning,
    /// Its findings are errors.
    Error,
}

impl Level {
    /// All levels.
    pub const ALL: [Self; 3] = [Self::Off, Self::Warning, Self::Error];

    /// The word of the configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity of the findings; none where the rule does not run.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }

    /// The level of findings of this severity; off for none.
    #[must_use]
    pub fn of(severity: Option<Severity>) -> Self {
        match severity {
            None => Self::Off,
            Some(Severity::Warning) => Self::Warning,
            Some(Severity::Error) => Self::Error,
        }
    }
}

/// What is too much to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `file-bytes`: the bytes of the largest file that is read, below 4 GiB.
    pub file_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 64 << 20 }
    }
}

/// One mistake in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Where it stands in the text.
    pub span: Span,
    /// What is wrong: a lower-case clause.
    pub message: String,
    /// What to write instead; may be empty.
    pub help: String,
}

impl Config {
    /// Reads a configuration file's text. `known_rules` are the ids that `[rules]` may name.
    ///
    /// # Errors
    /// Every mistake, in order of places.
    pub fn parse(text: &str, known_rules: &[&str]) -> Result<Self, Vec<ConfigError>> {
        reader::read(text, known_rules)
    }

    /// The folders of packs that a configuration names, whatever else stands in it: which rules there are depends on them.
    #[must_use]
    pub fn packs(text: &str) -> Vec<String> {
        reader::packs(text)
    }

    /// The key of a rule's level in [`Config::places`].
    #[must_use]
    pub fn rule_key(id: &str) -> String {
        format!("rules.{id}")
    }

    /// The key of an excluded pattern in [`Config::places`].
    #[must_use]
    pub fn exclude_key(pattern: &str) -> String {
        format!("exclude.{pattern}")
    }

    /// The key of an instance's `same-as` in [`Config::places`].
    #[must_use]
    pub fn same_as_key(name: &str) -> String {
        format!("same-as.{name}")
    }

    /// The key of the largest file that is read in [`Config::places`].
    pub const LIMIT_KEY: &str = "limits.file-bytes";

    /// The key of the days that waivers may last in [`Config::places`].
    pub const WAIVER_DAYS_KEY: &str = "policy.max-waiver-days";
}

#[cfg(test)]
mod tests;
