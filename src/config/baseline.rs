//! `commerce-lint.baseline.toml`: the findings that stood when somebody began, under names that tell nothing.

use crate::source::Span;

/// The name of the baseline beside the configuration.
pub const FILE_NAME: &str = "commerce-lint.baseline.toml";

/// The version of the file; it grows when fingerprints are made in another way.
pub const VERSION: u32 = 2;

/// The findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// What the fingerprints are salted with, as it is written.
    pub salt: String,
    /// The findings, in the order of the file.
    pub accepted: Vec<Known>,
}

/// One finding that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The rule's id.
    pub rule: String,
    /// The file.
    pub path: String,
    /// The finding's name: 32 hexadecimal digits.
    pub fingerprint: String,
    /// The names of its values, where it has several.
    pub values: Vec<String>,
    /// The installations that it concerns: each by the names of its name and of its data, 16 digits each with a colon between them.
    pub instances: Vec<String>,
    /// Where the name stands.
    pub at: Span,
}

impl Known {
    /// Whether it accepts what another entry does, and perhaps more.
    #[must_use]
    pub fn is_as_wide(&self, other: &Self) -> bool {
        let are_all = |all: &[String], some: &[String]| some.iter().all(|one| all.contains(one));
        let is_same = self.fingerprint == other.fingerprint
            || !other.values.is_empty() && are_all(&self.values, &other.values);
        self.rule == other.rule
            && is_same
            && other.instances.len() <= self.instances.len()
            && are_all(&self.instances, &other.instances)
    }
}

/// A baseline and where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineFile {
    /// What it says.
    pub baseline: Baseline,
    /// Its path from the tree, or as it was given where it lies elsewhere; not escaped.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Baseline {
    /// Whether it knows just this.
    #[must_use]
    pub fn has(&self, entry: &Known) -> bool {
        self.accepted.iter().any(|known| known.is_as_wide(entry))
    }

    /// What of it was not there before, as a clause with the place of the first such entry.
    #[must_use]
    pub fn grown(&self, before: Option<&Self>) -> Option<(String, Span)> {
        let known = |entry: &&Known| before.is_some_and(|before| before.has(entry));
        let mut new = self.accepted.iter().filter(|entry| !known(entry));
        let first = new.next()?.at;
        let clause = match new.count() {
            0 => "this change adds a finding to the baseline".to_owned(),
            more => format!("this change adds {} findings to the baseline", more + 1),
        };
        Some((clause, first))
    }

    /// Whether a text was written as a baseline, be it of another version or broken by a merge: it is empty, or names a version and a salt.
    #[must_use]
    pub fn is_meant_by(text: &str) -> bool {
        let has = |key: &str| {
            let is_key = |line: &str| {
                let value = line.trim_start().strip_prefix(key).map(str::trim_start);
                value.is_some_and(|value| value.starts_with('='))
            };
            text.lines().any(is_key)
        };
        text.trim().is_empty() || has("version") && has("salt")
    }
}
