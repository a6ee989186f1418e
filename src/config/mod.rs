//! `commerce-lint.toml`: what a tree says about itself.
//!
//! Pure: the text comes from outside. Every mistake is reported with its place, not just the first one, and nothing unknown is passed over.

pub(crate) mod baseline;
pub(crate) mod layers;
mod level;
pub(crate) mod preset;
mod reader;
pub mod schema;
pub(crate) mod waiver;
pub(crate) mod weakening;

use std::collections::{BTreeMap, BTreeSet};

use crate::declared::Declarations;
use crate::declared::captures::Captured;
use crate::declared::globs::{Globs, Owned};
use crate::source::Span;
pub use level::Level;
use preset::Preset;
use waiver::{PolicyTable, Waiver};

/// The names of the configuration file, of which the root of a tree may have one.
pub const FILE_NAMES: [&str; 2] = ["commerce-lint.toml", ".commerce-lint.toml"];

/// What a configuration file says, or the defaults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// `[instances.<name>]`, `[[instances-from]]` and `[not-instances]`.
    pub declared: Declarations,
    /// Their patterns, each with its place.
    pub patterns: Vec<Placed>,
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
    /// The files of these places, by the same keys: 0 and what is not here is the tree's own, the others are those that it extends.
    pub files: BTreeMap<String, usize>,
    /// The levels that a preset gives, by [`Config::rule_key`].
    pub by_preset: BTreeMap<String, Preset>,
    /// The rules whose levels whoever runs the tool chose, by id.
    pub chosen: BTreeSet<String>,
    /// Whether warnings fail a run as errors do.
    pub fails_on_warnings: bool,
    /// `[[waivers]]`, in order of the file.
    pub waivers: Vec<Waiver>,
    /// `[policy]`.
    pub policy: PolicyTable,
}

/// A pattern of declared files.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// As it is written.
    pub pattern: String,
    /// What it matches.
    pub files: Files,
    /// Where it stands.
    pub at: Span,
}

/// What a pattern of declared files matches.
#[derive(Clone, Debug, PartialEq)]
pub enum Files {
    /// The paths of a pattern.
    Of(Globs),
    /// The paths that have names in them.
    Naming(Captured),
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
    /// The patterns of declared files that match none of these paths.
    pub fn unmatched<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Vec<&Placed> {
        let all = |of: &Placed| match &of.files {
            Files::Of(globs) => Some(globs.clone()),
            Files::Naming(_) => None,
        };
        let globs: Vec<Option<Globs>> = self.patterns.iter().map(all).collect();
        let names: Vec<String> = (0..self.patterns.len()).map(|at| at.to_string()).collect();
        let set = names.iter().zip(&globs);
        let set = Owned::of(set.filter_map(|(name, globs)| Some((name.as_str(), globs.as_ref()?))));
        let mut left: BTreeSet<usize> = (0..self.patterns.len()).collect();
        for path in paths {
            if left.is_empty() {
                break;
            }
            for matched in set.of_path(path) {
                left.remove(&matched.parse().unwrap_or(usize::MAX));
            }
            left.retain(|&at| match self.patterns.get(at).map(|of| &of.files) {
                Some(Files::Naming(captured)) => !captured.matches(path),
                _ => true,
            });
        }
        left.into_iter().filter_map(|at| self.patterns.get(at)).collect()
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

    /// The key of a pattern of files that make no instance in [`Config::places`].
    #[must_use]
    pub fn denied_key(pattern: &str) -> String {
        format!("not-instances.{pattern}")
    }

    /// The key of an instance's `same-as` in [`Config::places`].
    #[must_use]
    pub fn same_as_key(name: &str) -> String {
        format!("same-as.{name}")
    }

    /// The key of an instance's `branch` in [`Config::places`].
    #[must_use]
    pub fn branch_key(name: &str) -> String {
        format!("branch.{name}")
    }

    /// The key of a lock in [`Config::places`]; `key` is what it locks.
    #[must_use]
    pub fn lock_key(key: &str) -> String {
        format!("policy.locked.{key}")
    }

    /// The key of the preset in [`Config::places`].
    pub const PRESET_KEY: &str = "policy.preset";

    /// The key of the baseline's file in [`Config::places`].
    pub const BASELINE_KEY: &str = "policy.baseline";

    /// The key of the largest file that is read in [`Config::places`].
    pub const LIMIT_KEY: &str = "limits.file-bytes";

    /// The key of the days that waivers may last in [`Config::places`].
    pub const WAIVER_DAYS_KEY: &str = "policy.max-waiver-days";
}

#[cfg(test)]
mod tests;
